"""What a server still holds in memory is no way around a purge."""

from collections.abc import Iterator
from typing import Any

import pytest
from websockets.sync.client import connect

from tests.http.hosting import Room, hosted

WORDS = "Quinquireme of Nineveh"


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with hosted(tmp_path_factory.mktemp("fresh")) as room:
        yield room


def polled(room: Room, cursor: str) -> list[dict[str, Any]]:
    with room.client("arv") as client:
        path = f"/api/v1/documents/{room.document}/events"
        items = client.get(path, params={"after": cursor, "wait": 5}).raise_for_status().json()["items"]
    return [item["event"] for item in items]


def test_an_event_that_a_follower_has_heard_comes_purged_to_who_asks_again(fresh: Room) -> None:
    with fresh.client("arv") as client:
        start = client.get(f"/api/v1/documents/{fresh.document}/snapshot").json()["cursor"]
    with connect(fresh.socket_address("arv"), open_timeout=30) as line:
        line.send(f'{{"type":"subscribe","document":"{fresh.document}"}}')
        while '"subscribed"' not in str(line.recv(timeout=15)):
            pass  # what happens before that is not told
        fresh.do("arv", "draft_amendment", "head:ARV", **fresh.proposal(f"{WORDS}."))
        while WORDS not in str(line.recv(timeout=15)):
            pass
        assert [WORDS in str(event["payload"]) for event in polled(fresh, start)] == [True]
        fresh.do("arv", "purge_drafts", "head:ARV")
        while "drafts_purged" not in str(line.recv(timeout=15)):
            pass
        drafted, purged = polled(fresh, start)
    assert (drafted["kind"], drafted["payload"], purged["kind"]) == ("amendment_drafted", {}, "drafts_purged")
