"""A full disk, and a clock that jumps: nothing is lost, nobody is told what is not so, and it goes on afterwards."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import select
from websockets.sync.client import connect

from drafting.queries.verify import verify
from storage.database import WriteTransaction
from storage.tables import Event
from tests.http.hosting import Room, hosted


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with hosted(tmp_path_factory.mktemp("own")) as room:
        yield room


def envelope(room: Room, body: str) -> dict[str, Any]:
    comment = {"kind": "post_comment", "capacity": "head:ARV", "document": room.document, "section": room.sections[2]}
    return {"id": room.house.mint.command(room.house.now()), "command": {**comment, "body": body}}


def bodies(room: Room) -> list[str]:
    with room.client("arv") as client:
        comments = client.get(f"/api/v1/documents/{room.document}/comments", params={"limit": 500}).json()["items"]
    return [comment["body"] for comment in comments]


def limited(room: Room, more: int) -> None:
    """Let the database grow by so many pages and no further, as a full disk would."""

    def limit(tx: WriteTransaction) -> None:
        connection = tx.session.connection()
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count={pages + more}"))

    room.house.database.write(limit).result()


def test_a_full_disk_refuses_with_a_code_and_loses_nothing(own: Room) -> None:
    limited(own, 20)
    taken, refused = [], []
    with own.client("arv") as client, connect(own.socket_address("bor")) as bor:
        bor.send(f'{{"type":"subscribe","document":"{own.document}"}}')
        for number in range(200):
            said = envelope(own, f"Comment {number}. " + "word " * 600)
            answer = client.post("/api/v1/commands", json=said)
            (taken if answer.status_code == 200 else refused).append((said, answer))
            if len(refused) == 10:
                break
        assert len(taken) > 5
        assert {(answer.status_code, answer.json()["code"]) for _, answer in refused} == {(507, "storage_full")}
        # Reading goes on, and so does what follows; who is let in needs no room.
        assert bodies(own)[0].startswith("Comment 0.")
        assert client.get("/healthz").status_code == 200
        held = {said["command"]["body"].strip() for said, _ in taken}
        assert {body.strip() for body in bodies(own)} == held
        limited(own, 10_000)
        for said, _ in refused:
            assert client.post("/api/v1/commands", json=said).status_code == 200
        for said, first in taken:
            assert client.post("/api/v1/commands", json=said).json() == first.json()
        heard = 0
        while heard < len(taken) + len(refused):
            heard += '"event"' in str(bor.recv(10))[:20]
    assert len(bodies(own)) == len(taken) + len(refused)
    assert own.house.database.read(lambda tx: verify(tx, own.house.cursors)).findings == []


def test_a_table_taken_on_a_full_disk_says_which_lines_were_taken(own: Room) -> None:
    limited(own, 3)
    lines = [f"p{number},{'Name ' * 39},observer" for number in range(200)]
    content = "\n".join(["handle,name,capacities", *lines, ""])
    path = f"/api/v1/processes/{own.process}/people"
    with own.client("sec") as client:
        said = client.post(path, content=content).json()["lines"]
        outcomes = [line["outcome"] for line in said]
        assert {"taken", "refused"} == set(outcomes)
        assert {line["code"] for line in said if line["outcome"] == "refused"} == {"storage_full"}
        limited(own, 10_000)
        again = [line["outcome"] for line in client.post(path, content=content).json()["lines"]]
    assert again == ["unchanged" if outcome == "taken" else "taken" for outcome in outcomes]


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=-400), timedelta(hours=1)])
def test_a_clock_that_jumps_breaks_no_session_and_no_order(
    own: Room, monkeypatch: pytest.MonkeyPatch, jump: timedelta
) -> None:
    session = {"drafting_session": own.granted("session", "arv")}
    browser = httpx.Client(base_url=own.address, cookies=session)
    with browser, connect(own.socket_address("bor")) as bor:
        bor.send(f'{{"type":"subscribe","document":"{own.document}"}}')
        receipts = [browser.post("/api/v1/commands", json=envelope(own, f"Before {n}")).json() for n in range(5)]
        monkeypatch.setattr(own.house, "now", lambda: datetime.now(UTC) + jump)
        monkeypatch.setattr(own.house.executor, "_now", own.house.now)
        receipts += [browser.post("/api/v1/commands", json=envelope(own, f"After {n}")).json() for n in range(5)]
        time.sleep(1.2)  # the door was looked at
        assert browser.get("/api/v1/me").status_code == 200
        ticket = browser.post("/api/v1/tickets").json()["ticket"]
        with connect(f"{own.address.replace('http', 'ws')}/ws?ticket={ticket}") as fresh:
            fresh.send('{"type":"ping"}')
            assert "heartbeat" in str(fresh.recv(10))
        heard = [frame for frame in (str(bor.recv(10)) for _ in range(12)) if frame.startswith('{"type":"event"')]
    said = [*(f"Before {n}" for n in range(5)), *(f"After {n}" for n in range(5))]
    assert bodies(own) == said
    assert [next(body for body in said if f'"{body}"' in frame) for frame in heard] == said[: len(heard)]
    assert len({receipt["made"]["comment"] for receipt in receipts}) == 10
    places = own.house.database.read(
        lambda tx: list(tx.session.exec(select(Event.place).where(Event.scope == own.document).order_by(Event.seq)))  # type: ignore[arg-type] # a column
    )
    assert places == sorted(set(places))
    assert own.house.database.read(lambda tx: verify(tx, own.house.cursors)).findings == []
