import asyncio
import json
import os
import random
import socket as sockets
import subprocess
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from drafting.http import socket as door
from drafting.live import feed
from tests.http.hosting import PEOPLE, Room, hosted
from tests.live.readers import cursor_of, reader, said

DRAFTING = Path(sys.executable).with_name("drafting")


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
