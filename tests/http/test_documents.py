import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from drafting.protocol.views import Snapshot
from tests.http.hosting import Room, hosted


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with hosted(tmp_path_factory.mktemp("fresh")) as room:
        yield room


def got(room: Room, handle: str, path: str = "", **query: Any) -> Any:
    with room.client(handle) as client:
        return client.get(f"/api/v1/documents/{room.document}{path}", params=query).raise_for_status().json()


def code(room: Room, handle: str, path: str, **query: Any) -> tuple[int, str]:
    with room.client(handle) as client:
        answer = client.get(path.format(d=room.document), params=query)
    return answer.status_code, answer.json()["code"]


def bodies(feed: dict[str, Any]) -> list[str]:
    return [item["event"]["payload"]["comment"]["body"] for item in feed["items"]]


def test_a_document_is_found_in_the_list_and_by_its_id(room: Room) -> None:
    expected = {
        "id": room.document,
        "process": room.process,
        "title": "Call for Action",
        "symbol": "T/1",
        "language": "en",
        "unnamed": False,
    }
    assert got(room, "arv") == expected
    with room.client("arv") as client:
        assert client.get("/api/v1/documents").json() == {"items": [expected], "next": None}


def test_somebody_of_no_process_finds_nothing_and_is_not_told_that_it_exists(room: Room) -> None:
    room.house.database.write(lambda tx: _newcomer(tx, room)).result()
    with room.client("stranger") as client:
        assert client.get("/api/v1/documents").json()["items"] == []
    paths = ["", "/snapshot", "/events", "/versions", "/amendments", "/comments", "/compilation"]
    paths += [f"/versions/{room.base}", f"/versions/{room.base}/lint"]
    for path in paths:
        assert code(room, "stranger", f"/api/v1/documents/{{d}}{path}") == (404, "unknown"), path
    for path, query in {
        "compare": {"from": room.base, "to": room.base},
        "desk": {"round": room.round},
        "export": {"form": "clean"},
    }.items():
        assert code(room, "stranger", f"/api/v1/documents/{{d}}/{path}", **query) == (404, "unknown"), path


def _newcomer(tx: Any, room: Room) -> None:
    from storage.tables import Participant  # noqa: PLC0415 - only this test makes one by hand

    tx.session.add(Participant(id=room.house.mint("pa", room.house.now()), handle="stranger", name="Stranger"))


def test_the_snapshot_is_the_text_and_everything_about_it(room: Room) -> None:
    snapshot = Snapshot.model_validate(got(room, "bor", "/snapshot"))
    assert [section.label for section in snapshot.sections] == ["", "PP1", "OP1", "OP2"]
    assert [version.name for version in snapshot.versions] == ["Zero draft"]
    assert [opened.id for opened in snapshot.rounds] == [room.round]


def test_lists_are_paged_and_the_pages_meet_without_a_gap(fresh: Room) -> None:
    for number in range(5):
        fresh.comment("arv", f"Remark {number}")
    seen, after, sizes = [], None, []
    while True:
        query = {"limit": 2} | ({"after": after} if after else {})
        page = got(fresh, "bor", "/comments", **query)
        seen += [comment["body"] for comment in page["items"]]
        sizes.append(len(page["items"]))
        if (after := page["next"]) is None:
            break
    assert seen == [f"Remark {number}" for number in range(5)]
    assert sizes == [2, 2, 1]


def test_the_desk_is_for_those_at_the_desk(room: Room) -> None:
    path = "/api/v1/documents/{d}/desk"
    assert code(room, "arv", path, round=room.round)[0] == 403
    for handle in ("sec", "chair", "notes"):
        assert got(room, handle, "/desk", round=room.round)["round"] == room.round
    assert code(room, "sec", path, round="ro_00000000000000000000000000") == (404, "unknown")


def test_versions_and_what_the_importer_remarked_are_given(room: Room) -> None:
    (version,) = got(room, "arv", "/versions")["items"]
    assert (version["id"], version["parent"], version["ordinal"]) == (room.base, None, 1)
    issued = got(room, "arv", f"/versions/{room.base}")
    assert [section["text"] for section in issued["sections"]][2] == "States shall take appropriate measures."
    assert got(room, "arv", f"/versions/{room.base}/lint")["items"] == []
    nothing = "/api/v1/documents/{d}/versions/ve_00000000000000000000000000"
    assert code(room, "arv", nothing) == (404, "unknown")
    assert code(room, "arv", f"{nothing}/lint") == (404, "unknown")


def test_the_compilation_attributes_each_wording(fresh: Room) -> None:
    fresh.table("arv", "States shall take all necessary measures.")
    fresh.table("bor", "States may take appropriate measures.")
    compiled = got(fresh, "cal", "/compilation")
    assert compiled["amendments"] == ["ARV-1", "BOR-1"]
    passages = [piece for piece in compiled["sections"][2]["pieces"] if isinstance(piece, dict)]
    held = {wording["text"]: wording["delegations"] for passage in passages for wording in passage["wordings"]}
    assert held == {"may": ["BOR"], "all necessary": ["ARV"]}


def test_a_comparison_of_a_version_with_itself_changes_nothing(room: Room) -> None:
    compared = got(room, "arv", "/compare", **{"from": room.base, "to": room.base})
    assert (compared["words_added"], compared["words_deleted"]) == (0, 0)
    assert all(change["kinds"] == [] for change in compared["changes"])
    assert code(room, "arv", "/api/v1/documents/{d}/compare", **{"from": room.base}) == (422, "malformed")


# -- the long poll --------------------------------------------------------------------------------------------------


def test_what_happened_after_the_cursor_comes_at_once_even_without_waiting(fresh: Room) -> None:
    cursor = got(fresh, "arv", "/snapshot")["cursor"]
    fresh.comment("bor", "One")
    fresh.comment("bor", "Two")
    feed = got(fresh, "arv", "/events", after=cursor)
    assert bodies(feed) == ["One", "Two"]
    assert feed["cursor"] == feed["items"][-1]["cursor"]
    again = got(fresh, "arv", "/events", after=feed["items"][0]["cursor"])
    assert bodies(again) == ["Two"]


def test_a_poll_that_waits_ends_with_the_event_that_it_waited_for(fresh: Room) -> None:
    cursor = got(fresh, "arv", "/snapshot")["cursor"]
    timer = threading.Timer(0.3, fresh.comment, ("bor", "At last"))
    timer.start()
    begun = time.monotonic()
    feed = got(fresh, "arv", "/events", after=cursor, wait=15)
    took = time.monotonic() - begun
    timer.join()
    assert bodies(feed) == ["At last"]
    assert 0.2 < took < 2


def test_a_poll_that_waits_in_vain_gives_the_same_cursor(fresh: Room) -> None:
    cursor = got(fresh, "arv", "/snapshot")["cursor"]
    begun = time.monotonic()
    feed = got(fresh, "arv", "/events", after=cursor, wait=0.4)
    assert feed == {"items": [], "cursor": cursor}
    assert 0.35 < time.monotonic() - begun < 2


def test_what_others_do_in_private_shows_in_nobody_elses_poll(fresh: Room) -> None:
    cursor = got(fresh, "arv", "/snapshot")["cursor"]
    fresh.comment("bor", "Among ourselves", "own")
    fresh.comment("bor", "For the secretariat", "secretariat")
    fresh.comment("chair", "For the desk", "own")
    assert got(fresh, "arv", "/events", after=cursor, wait=0.3) == {"items": [], "cursor": cursor}
    # Somebody who starts "from now" is not told by a changed cursor, either.
    assert got(fresh, "arv", "/events")["cursor"] == cursor
    fresh.comment("bor", "For all")
    assert bodies(got(fresh, "arv", "/events", after=cursor)) == ["For all"]


@pytest.mark.parametrize(
    ("handle", "read"),
    [
        ("arv", ["own ARV", "sec+ARV", "all"]),
        ("bor", ["all"]),
        ("observer", ["all"]),
        ("sec", ["sec+ARV", "secretariat", "desk", "all"]),
        ("notes", ["sec+ARV", "secretariat", "desk", "all"]),
        ("chair", ["desk", "all"]),
    ],
)
def test_each_audience_reads_its_own(room: Room, handle: str, read: list[str]) -> None:
    cursor = got(room, handle, "/snapshot")["cursor"]
    for by, body, audience in (
        ("arv", "own ARV", "own"),
        ("arv", "sec+ARV", "secretariat"),
        ("sec", "secretariat", "own"),
        ("chair", "desk", "own"),
        ("arv", "all", "all"),
    ):
        room.comment(by, body, audience)
    assert bodies(got(room, handle, "/events", after=cursor)) == read


def test_a_cursor_of_somebody_else_or_made_up_leads_nowhere(room: Room) -> None:
    path = "/api/v1/documents/{d}/events"
    cursor = got(room, "bor", "/snapshot")["cursor"]
    ahead = room.house.cursors.seal(room.person("arv").id, room.document, 1_000_000, ["head:ARV"])
    for after in (cursor, "made-up", "", "é", ahead):
        assert code(room, "arv", path, after=after) == (410, "cursor_invalid"), after
    assert code(room, "arv", path, after="a" * 201) == (422, "malformed")
    assert code(room, "arv", path, wait="nan") == (422, "malformed")
    assert code(room, "arv", path, wait=61) == (422, "malformed")


def test_a_poll_of_more_than_one_read_goes_on_without_gap_or_double(fresh: Room) -> None:
    cursor = got(fresh, "arv", "/snapshot")["cursor"]
    _many(fresh, 620)
    seen: list[str] = []
    while True:
        feed = got(fresh, "arv", "/events", after=cursor)
        if not feed["items"]:
            break
        seen += bodies(feed)
        cursor = feed["cursor"]
    assert seen == [str(number) for number in range(620)]


def _many(room: Room, count: int) -> None:
    """Write that many comments in few commits."""
    from drafting.protocol.commands import Envelope, PostComment  # noqa: PLC0415 - for this helper alone

    who, at = room.person("bor"), datetime.now(UTC)
    commands = [
        PostComment(capacity="head:BOR", document=room.document, section=room.sections[2], body=str(number))
        for number in range(count)
    ]
    envelopes = [Envelope(id=room.house.mint.command(at), command=command) for command in commands]
    for future in [room.house.executor.execute(who, envelope) for envelope in envelopes]:
        future.result()


def test_a_server_that_stops_lets_those_who_wait_go(tmp_path: Path) -> None:
    answers: list[dict[str, Any]] = []
    with hosted(tmp_path) as room:
        cursor = got(room, "arv", "/snapshot")["cursor"]
        waiting = threading.Thread(target=lambda: answers.append(got(room, "arv", "/events", after=cursor, wait=15)))
        waiting.start()
        time.sleep(0.5)
        begun = time.monotonic()
    waiting.join()
    assert answers == [{"items": [], "cursor": cursor}]
    assert time.monotonic() - begun < 5
