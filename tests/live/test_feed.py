import asyncio
import json
import os
import random
import socket as sockets
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect

from drafting.http import socket as door
from drafting.live import feed
from tests.http.hosting import PEOPLE, Room, hosted

DRAFTING = Path(sys.executable).with_name("drafting")


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with hosted(tmp_path_factory.mktemp("fresh")) as room:
        yield room


@pytest.fixture
def unpolled(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """A room whose feed has nothing but the bell."""
    monkeypatch.setattr(feed, "POLL_SECONDS", 300.0)
    with hosted(tmp_path_factory.mktemp("unpolled")) as room:
        yield room


class Reader:
    """Somebody at a socket who follows the room's document."""

    def __init__(self, line: ClientConnection) -> None:
        self.line = line
        self.cursor = ""

    async def follow(self, room: Room, after: str | None = None) -> None:
        await self.line.send(json.dumps({"type": "subscribe", "document": room.document, "after": after}))
        self.cursor = (await self.hear("subscribed"))["cursor"]

    async def hear(self, *types: str, within: float = 15) -> dict[str, Any]:
        async with asyncio.timeout(within):
            while True:
                frame: dict[str, Any] = json.loads(await self.line.recv())
                if frame["type"] in types:
                    return frame

    async def body(self, within: float = 15) -> str:
        frame = await self.hear("event", "reset", within=within)
        if frame["type"] == "reset":
            return "reset"
        self.cursor = frame["cursor"]
        body: str = frame["event"]["payload"]["comment"]["body"]
        return body

    async def silent(self, seconds: float) -> bool:
        """Tell whether no event comes for so long."""
        try:
            await self.hear("event", "reset", within=seconds)
        except TimeoutError:
            return True
        return False


@asynccontextmanager
async def reader(room: Room, handle: str, after: str | None = None) -> AsyncIterator[Reader]:
    address = await asyncio.to_thread(room.socket_address, handle)
    async with connect(address, max_size=None, open_timeout=30, compression=None) as line:
        one = Reader(line)
        await one.follow(room, after)
        yield one


async def said(room: Room, by: str, body: str, audience: str = "all") -> None:
    await asyncio.to_thread(room.comment, by, body, audience)


def cursor_of(room: Room, handle: str) -> str:
    with room.client(handle) as client:
        cursor: str = client.get(f"/api/v1/documents/{room.document}/snapshot").json()["cursor"]
    return cursor


def test_three_hundred_subscribers_each_get_each_event_once(fresh: Room) -> None:
    handles = [handle for handle in PEOPLE for _ in range(50)]

    async def all_of_it() -> float:
        async with AsyncExitStack() as stack:
            readers = []
            for some in (handles[n : n + 50] for n in range(0, len(handles), 50)):
                opened = (stack.enter_async_context(reader(fresh, handle)) for handle in some)
                readers += await asyncio.gather(*opened)
            assert len(readers) == 300
            begun = time.monotonic()
            await said(fresh, "arv", "For everyone")
            assert set(await asyncio.gather(*(one.body() for one in readers))) == {"For everyone"}
            took = time.monotonic() - begun
            await said(fresh, "arv", "And again")
            assert set(await asyncio.gather(*(one.body() for one in readers))) == {"And again"}
        return took

    assert asyncio.run(all_of_it()) < 5


def test_from_any_cursor_on_everything_comes_in_order_and_nothing_twice(fresh: Room) -> None:
    chance = random.Random(2)  # noqa: S311 - which places are tried, no secret
    written: list[str] = []
    begin = cursor_of(fresh, "bor")

    async def all_of_it() -> None:
        async with reader(fresh, "bor", begin) as whole:
            cursors = [begin]
            for number in range(40):
                by, audience = chance.choice([("arv", "all"), ("arv", "own"), ("bor", "own"), ("cal", "secretariat")])
                await said(fresh, by, str(number), audience)
                if audience == "all" or by == "bor":
                    written.append(str(number))
            for body in written:
                assert await whole.body() == body
                cursors.append(whole.cursor)
            assert await whole.silent(0.2)
        for place in chance.sample(range(len(cursors)), 10):
            async with reader(fresh, "bor", cursors[place]) as later:
                assert [await later.body() for _ in written[place:]] == written[place:]
                assert later.cursor == cursors[-1]
                await later.line.send('{"type":"ping"}')
                await later.hear("heartbeat")

    asyncio.run(all_of_it())


def test_a_reader_who_was_cut_off_while_others_write_misses_nothing(unpolled: Room) -> None:
    begin = cursor_of(unpolled, "bor")

    async def all_of_it() -> list[str]:
        async def write() -> None:
            for number in range(120):
                await said(unpolled, "arv", str(number))

        writing, seen, cursor = asyncio.create_task(write()), list[str](), begin
        while len(seen) < 120:
            async with reader(unpolled, "bor", cursor) as one:
                for _ in range(min(17, 120 - len(seen))):
                    seen.append(await one.body())
                cursor = one.cursor
                one.line.transport.abort()
        await writing
        return seen

    assert asyncio.run(all_of_it()) == [str(number) for number in range(120)]


def test_a_reader_far_behind_is_served_from_the_log(fresh: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "RECENT", 5)
    monkeypatch.setattr(feed, "MOST_AT_ONCE", 7)
    begin = cursor_of(fresh, "bor")

    async def all_of_it() -> None:
        async with reader(fresh, "arv") as early:
            for number in range(40):
                await said(fresh, "arv", str(number))
            async with reader(fresh, "bor", begin) as late:
                for number in range(40):
                    assert await late.body() == str(number)
                    assert await early.body() == str(number)

    asyncio.run(all_of_it())


def test_one_ring_is_enough_for_more_events_than_are_read_at_once(
    unpolled: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "MOST_AT_ONCE", 7)

    async def all_of_it() -> None:
        async with reader(unpolled, "bor") as bor:
            with monkeypatch.context() as lost:
                lost.setattr(unpolled.house.bus, "ring", lambda _: None)
                for number in range(29):
                    await said(unpolled, "arv", str(number))
                assert await bor.silent(0.2)
            await said(unpolled, "arv", "29")
            assert [await bor.body(within=3) for _ in range(30)] == [str(number) for number in range(30)]

    asyncio.run(all_of_it())


def test_each_audience_hears_its_own_over_the_socket(room: Room) -> None:
    heard = {
        "arv": ["own ARV", "sec+ARV", "all"],
        "bor": ["all"],
        "observer": ["all"],
        "sec": ["sec+ARV", "secretariat", "desk", "all"],
        "notes": ["sec+ARV", "secretariat", "desk", "all"],
        "chair": ["desk", "all"],
    }

    async def all_of_it() -> None:
        async with AsyncExitStack() as stack:
            readers = {handle: await stack.enter_async_context(reader(room, handle)) for handle in heard}
            for by, body, audience in (
                ("arv", "own ARV", "own"),
                ("arv", "sec+ARV", "secretariat"),
                ("sec", "secretariat", "own"),
                ("chair", "desk", "own"),
                ("arv", "all", "all"),
            ):
                await said(room, by, body, audience)
            for handle, bodies in heard.items():
                assert [await readers[handle].body() for _ in bodies] == bodies, handle

    asyncio.run(all_of_it())


def test_what_another_process_commits_reaches_subscribers_within_two_seconds(fresh: Room) -> None:
    command = {
        "kind": "post_comment",
        "capacity": "head:ARV",
        "document": fresh.document,
        "section": fresh.sections[2],
        "body": "From the command line",
    }
    environment = {**os.environ, "DRAFTING_HOME": str(fresh.house.settings.home)}

    def act(handle: str, /, **what: Any) -> None:
        arguments = [str(DRAFTING), "do", json.dumps(what), "--as", handle]
        done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    async def all_of_it() -> None:
        async with reader(fresh, "bor") as bor:
            await asyncio.to_thread(act, "arv", **command)
            begun = time.monotonic()
            assert await bor.body() == "From the command line"
            assert time.monotonic() - begun < 2
            rights = {"kind": "accredit_participant", "capacity": "secretary", "process": fresh.process}
            await asyncio.to_thread(act, "sec", **rights, handle="bor", name="Bor", capacities=["note_taker"])
            begun = time.monotonic()
            assert await bor.body() == "reset"
            assert time.monotonic() - begun < 2

    asyncio.run(all_of_it())


def test_a_busy_document_keeps_nobody_from_hearing_of_a_quiet_one(fresh: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rings for one document come faster than the poll, and the ring of the other one is lost."""
    quiet = fresh.document

    async def all_of_it() -> None:
        async with reader(fresh, "bor") as bor:
            stop = asyncio.Event()

            async def ring() -> None:
                from storage.bus import Ring  # noqa: PLC0415 - for this test alone

                while not stop.is_set():
                    fresh.house.bus.ring(Ring("do_BUSY", "all", 1))
                    await asyncio.sleep(0.02)

            ringing = asyncio.create_task(ring())
            with monkeypatch.context() as lost:
                bus_ring = fresh.house.bus.ring
                lost.setattr(fresh.house.database.bus, "ring", lambda r: None if r.scope == quiet else bus_ring(r))
                await said(fresh, "arv", "Quietly")
                begun = time.monotonic()
                assert await bor.body() == "Quietly"
                assert time.monotonic() - begun < 2
            stop.set()
            await ringing

    asyncio.run(all_of_it())


def test_whose_rights_change_is_reset_and_the_others_are_not(unpolled: Room) -> None:
    async def all_of_it() -> None:
        async with reader(unpolled, "bor") as bor, reader(unpolled, "arv") as arv:
            await asyncio.to_thread(unpolled.accredit, "bor", "note_taker")
            assert await bor.body(within=2) == "reset"
            await said(unpolled, "arv", "After the reset")
            assert await arv.body() == "After the reset"
            assert await bor.silent(0.3)
            await bor.follow(unpolled)
            await said(unpolled, "sec", "For the secretariat", "own")
            assert await bor.body() == "For the secretariat"
            assert await arv.silent(0.3)

    asyncio.run(all_of_it())


def test_a_change_in_a_closed_group_resets_those_who_come_and_go_and_nobody_else(unpolled: Room) -> None:
    about = {"section": unpolled.sections[2], "audience": "group", "group": "CG1"}

    async def do(handle: str, kind: str, capacity: str, **fields: Any) -> None:
        await asyncio.to_thread(unpolled.do, handle, kind, capacity, **fields)

    def known(handle: str) -> set[str]:
        with unpolled.client(handle) as client:
            comments = client.get(f"/api/v1/documents/{unpolled.document}/snapshot").json()["comments"]
        return {comment["body"] for comment in comments}

    async def all_of_it() -> None:
        await do("chair", "found_group", "chair", code="CG1", name="Friends", members=["ARV", "BOR"])
        async with reader(unpolled, "arv") as arv, reader(unpolled, "bor") as bor, reader(unpolled, "cal") as cal:
            await do("arv", "post_comment", "head:ARV", body="Before", **about)
            assert [await arv.body(), await bor.body()] == ["Before", "Before"]
            await do("chair", "change_group", "chair", code="CG1", members=["ARV", "CAL"])
            # Of the same moment: what the group says once BOR is out must not slip through before the reset.
            await do("arv", "post_comment", "head:ARV", body="After", **about)
            assert (await arv.hear("event", "reset"))["event"]["kind"] == "group_changed"
            assert await arv.body() == "After"
            assert [await bor.body(within=2), await cal.body(within=2)] == ["reset", "reset"]
            assert await bor.silent(0.3)
            assert await asyncio.to_thread(known, "cal") == {"Before", "After"}
            assert await asyncio.to_thread(known, "bor") == set()
            await bor.follow(unpolled)
            await cal.follow(unpolled)
            await do("arv", "post_comment", "head:ARV", body="Later", **about)
            assert await cal.body() == "Later"
            assert await bor.silent(0.3)

    asyncio.run(all_of_it())


def test_a_poll_that_waits_ends_as_a_lost_cursor_when_rights_change(fresh: Room) -> None:
    cursor = cursor_of(fresh, "bor")

    def poll() -> tuple[int, str]:
        with fresh.client("bor") as client:
            path = f"/api/v1/documents/{fresh.document}/events"
            answer = client.get(path, params={"after": cursor, "wait": 10})
        return answer.status_code, answer.json().get("code")

    async def all_of_it() -> None:
        polling = asyncio.create_task(asyncio.to_thread(poll))
        await asyncio.sleep(0.5)
        await asyncio.to_thread(fresh.accredit, "bor", "note_taker")
        assert await asyncio.wait_for(polling, 3) == (410, "cursor_invalid")

    asyncio.run(all_of_it())


def test_one_bad_moment_of_the_disk_does_not_end_the_feed(fresh: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    async def all_of_it() -> None:
        async with reader(fresh, "bor") as bor:
            with monkeypatch.context() as bad:
                bad.setattr(feed, "events_after", _broken)
                await said(fresh, "arv", "In a bad moment")
                await asyncio.sleep(0.3)
            assert await bor.body() == "In a bad moment"

    asyncio.run(all_of_it())


def _broken(*_: object) -> None:
    raise OSError("disk I/O error")


def test_a_client_that_never_reads_holds_up_nobody_and_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "SEND_SECONDS", 1.0)

    async def all_of_it(room: Room) -> None:
        stalled = _stalled(room)
        try:
            async with reader(room, "bor") as bor:
                assert _sockets() == 2
                # More than the kernel takes for somebody who does not read.
                for number in range(12):
                    await said(room, "arv", f"{number} " + "x" * 900_000)
                    assert (await bor.body(within=2)).startswith(f"{number} ")
                await asyncio.to_thread(_wait_for_sockets, 1)
                await said(room, "arv", "Still here")
                assert await bor.body() == "Still here"
        finally:
            stalled.close()

    with hosted(tmp_path, comment_text=1_000_000) as room:
        asyncio.run(all_of_it(room))


def _sockets() -> float:
    count: float = door.SOCKETS._value.get()  # noqa: SLF001 - the gauge has no other reader
    return count


def _wait_for_sockets(count: int) -> None:
    until = time.monotonic() + 10
    while _sockets() != count:
        assert time.monotonic() < until
        time.sleep(0.05)


def _stalled(room: Room) -> sockets.socket:
    """Open a socket by hand, subscribe, and never read again: the kernel's buffer is kept small."""
    raw = sockets.socket()
    raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4_096)
    host, _, port = room.address.removeprefix("http://").partition(":")
    raw.connect((host, int(port)))
    path = room.socket_address("cal").split(port, 1)[1]
    raw.sendall(
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    assert b" 101 " in raw.recv(1_024)
    frame = json.dumps({"type": "subscribe", "document": room.document}).encode()
    raw.sendall(bytes([0x81, 0x80 | len(frame)]) + bytes(4) + frame)
    return raw
