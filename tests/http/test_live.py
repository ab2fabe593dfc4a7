"""The live socket of a real server: who is let in, how it is closed, and what it bears."""

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import httpx
import pytest
from pycrdt import Doc, Map, create_update_message, handle_sync_message
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from drafting import main
from drafting.commands.credentials import grant
from drafting.live import lines
from tests.http.hosting import Room, hosted

ASK = bytes((0, 0, 1, 0))
SYNCED = bytes((0, 1))


@pytest.fixture(scope="module")
def drafted(room: Room) -> tuple[Room, str]:
    room.accredit("notes", "note_taker")
    return room, room.do("chair", "open_working_draft", "chair").made["draft"]


@asynccontextmanager
async def at(room: Room, draft: str, handle: str, query: str = "", **said: Any) -> AsyncIterator[ClientConnection]:
    """Come by a bearer token."""
    headers = await asyncio.to_thread(room.headers, handle)
    address = f"{room.address.replace('http', 'ws')}/live/{draft}{query}"
    async with connect(address, additional_headers=headers, max_size=None, compression=None, **said) as line:
        yield line


async def synced(line: ClientConnection) -> Doc:
    doc = Doc()
    doc.get("sections", type=Map)
    await line.send(ASK)
    while True:
        message = await asyncio.wait_for(line.recv(), 10)
        if message[:2] == SYNCED:
            handle_sync_message(message[1:], doc)
            return doc


async def typed(line: ClientConnection, doc: Doc, section: str, words: str) -> None:
    before = doc.get_state()
    doc["sections"][section].insert(0, words)
    await line.send(create_update_message(doc.get_update(before)))


async def acknowledged(line: ClientConnection, doc: Doc) -> None:
    """Wait until everything in the document is on disk."""
    while (message := await asyncio.wait_for(line.recv(), 10))[0] != 100 or message[2:] != doc.get_state():
        pass


async def ended(line: ClientConnection) -> tuple[int, str]:
    """Wait until the line is closed; give the code and the reason."""
    with contextlib.suppress(ConnectionClosed):
        async with asyncio.timeout(15):
            while True:
                await line.recv()
    assert line.protocol.close_rcvd is not None
    return line.protocol.close_rcvd.code, line.protocol.close_rcvd.reason


async def text_of(room: Room, draft: str, section: str) -> str:
    async with at(room, draft, "notes") as line:
        return str((await synced(line))["sections"][section])


def test_a_word_reaches_the_others_and_is_acknowledged(drafted: tuple[Room, str]) -> None:
    room, draft = drafted

    async def all_of_it() -> None:
        async with at(room, draft, "notes", "?acks=1") as notes, at(room, draft, "observer") as observer:
            doc, seen = await synced(notes), await synced(observer)
            await typed(notes, doc, room.sections[2], "All ")
            await acknowledged(notes, doc)
            message = b""
            while message[:2] != bytes((0, 2)):
                message = await asyncio.wait_for(observer.recv(), 10)
            handle_sync_message(message[1:], seen)
            assert seen.get_update() == doc.get_update()

    asyncio.run(all_of_it())


def test_who_comes_by_ticket_token_cookie_or_draft_token_is_let_in(drafted: tuple[Room, str]) -> None:
    room, draft = drafted
    notes = room.person("notes")

    def granted(kind: str, label: str = "") -> str:
        now = room.house.now()
        lasting = timedelta(hours=1)
        return room.house.database.write(lambda tx: grant(tx, kind, notes, now, label=label, lasting=lasting)).result()[
            0
        ]

    live = f"{room.address.replace('http', 'ws')}/live/"

    async def all_of_it() -> None:
        own, others = granted("draft", draft), granted("draft", "dr_01ARZ3NDEKTSV4RRFFQ69G5FAV")
        cookie = {"Cookie": f"drafting_session={granted('session')}"}
        for query, headers in ((f"?ticket={granted('ticket')}", {}), (f"?token={own}", {}), ("", cookie)):
            async with connect(live + draft + query, additional_headers=headers) as line:
                await synced(line)
        ticket = granted("ticket")
        for query in ("", "?ticket=", "?ticket=guessed", "?token=guessed", f"?token={others}", f"?token={ticket}"):
            async with connect(live + draft + query) as line:
                assert (await ended(line))[0] == 4401
        async with connect(f"{live}{draft}?ticket={ticket}") as line:
            await synced(line)
        async with connect(f"{live}{draft}?ticket={ticket}") as line:
            assert (await ended(line))[0] == 4401

    asyncio.run(all_of_it())


def test_an_unknown_draft_and_a_foreign_page_are_told_so_for_good(drafted: tuple[Room, str]) -> None:
    room, draft = drafted

    async def all_of_it() -> None:
        for name in ("dr_01ARZ3NDEKTSV4RRFFQ69G5FAV", "none"):
            async with at(room, name, "notes") as line:
                assert await ended(line) == (4404, "unknown")
        live = f"{room.address.replace('http', 'ws')}/live/{draft}"
        async with connect(live, origin="https://elsewhere.example") as line:  # type: ignore[arg-type] # a plain string
            assert await ended(line) == (4403, "not_permitted")

    asyncio.run(all_of_it())


def test_what_is_revoked_closes_its_line(drafted: tuple[Room, str]) -> None:
    room, draft = drafted

    async def all_of_it() -> None:
        async with at(room, draft, "notes") as line:
            await synced(line)
            with room.client("notes") as client:
                mine = (await asyncio.to_thread(client.get, "/api/v1/me/credentials")).json()["items"]
                for one in mine:
                    if not one["current"]:
                        await asyncio.to_thread(client.delete, f"/api/v1/me/credentials/{one['id']}")
            begun = time.monotonic()
            assert await ended(line) == (4401, "not_signed_in")
            assert time.monotonic() - begun < 2

    asyncio.run(all_of_it())


@pytest.mark.parametrize("sent", ["text", bytes((0, 2)), bytes((0, 2, 3, 255, 255, 255)), bytes((0, 0, 2, 1, 9))])
def test_what_cannot_be_read_is_refused_by_name(drafted: tuple[Room, str], sent: str | bytes) -> None:
    room, draft = drafted

    async def all_of_it() -> None:
        before = await text_of(room, draft, room.sections[2])
        async with at(room, draft, "notes") as line:
            await line.send(sent)
            assert await ended(line) == (4403, "malformed")
        assert await text_of(room, draft, room.sections[2]) == before

    asyncio.run(all_of_it())


class Watch:
    """Asks again and again whether the server is well, and how fast it says so."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.seconds: list[float] = []

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        async with httpx.AsyncClient(base_url=self._room.address) as client:
            while True:
                begun = time.monotonic()
                (await client.get("/healthz")).raise_for_status()
                self.seconds.append(time.monotonic() - begun)
                await asyncio.sleep(0.01)

    @property
    def p99(self) -> float:
        return sorted(self.seconds)[len(self.seconds) * 99 // 100]


async def calmly(room: Room) -> Watch:
    """Watch while nothing else happens: client and server share this machine, with others."""
    async with Watch(room) as watch:
        await asyncio.sleep(0.5)
    return watch


def test_ten_thousand_malformed_frames_disturb_nobody(drafted: tuple[Room, str]) -> None:
    room, draft = drafted
    headers = room.headers("notes")
    address = f"{room.address.replace('http', 'ws')}/live/{draft}"

    async def flood(frames: int) -> None:
        async with connect(address, additional_headers=headers, compression=None) as line:
            with contextlib.suppress(ConnectionClosed):
                for _ in range(frames):
                    await line.send(bytes((0, 2, 200)) + os.urandom(10))
                    await asyncio.sleep(0)  # the one who watches is on this loop too
            assert (await ended(line))[0] == 4403

    async def all_of_it() -> None:
        calm = await calmly(room)
        async with at(room, draft, "notes", "?acks=1") as notes, Watch(room) as watch:
            doc = await synced(notes)
            for _ in range(10):
                await asyncio.gather(*(flood(100) for _ in range(10)))
            await typed(notes, doc, room.sections[2], "Still ")
            await acknowledged(notes, doc)
        assert watch.p99 < max(0.2, 4 * calm.p99)

    asyncio.run(all_of_it())


def test_an_update_of_fifty_megabytes_is_refused_by_name_and_read_by_nobody(drafted: tuple[Room, str]) -> None:
    room, draft = drafted

    async def all_of_it() -> None:
        calm = await calmly(room)
        async with at(room, draft, "notes") as line, Watch(room) as watch:
            await synced(line)
            line.transport.write(bytes((0x82, 0xFF)) + (50_000_000).to_bytes(8, "big") + bytes(4))
            for _ in range(500):
                line.transport.write(bytes(100_000))
                while line.transport.get_write_buffer_size() > 1_000_000:  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(0.001)
            assert await ended(line) == (4403, "too_large")
        assert watch.p99 < max(0.2, 4 * calm.p99)

    asyncio.run(all_of_it())


def test_two_hundred_who_never_speak_stay_and_cost_nobody_anything(tmp_path: Path) -> None:
    with hosted(tmp_path, live_lines=200) as room:
        draft = room.do("chair", "open_working_draft", "chair").made["draft"]
        headers = room.headers("observer")
        address = f"{room.address.replace('http', 'ws')}/live/{draft}"

        async def all_of_it() -> None:
            calm = await calmly(room)
            async with AsyncExitStack() as stack:
                silent = [
                    await stack.enter_async_context(connect(address, additional_headers=headers, compression=None))
                    for _ in range(200)
                ]
                async with at(room, draft, "notes", "?acks=1") as notes, Watch(room) as watch:
                    doc = await synced(notes)
                    for _ in range(20):
                        await typed(notes, doc, room.sections[2], "x")
                    await acknowledged(notes, doc)
                assert all(line.protocol.close_rcvd is None for line in silent)
                # Asked for, everything is there.
                seen = await synced(silent[7])
                assert str(seen["sections"][room.sections[2]]).startswith("x" * 20)
            assert watch.p99 < max(0.2, 4 * calm.p99)

        asyncio.run(all_of_it())


def test_who_never_reads_is_cut_and_the_others_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "SEND_SECONDS", 1.0)
    with hosted(tmp_path, live_bytes=10**9, live_frames=10**6) as room:
        draft = room.do("chair", "open_working_draft", "chair").made["draft"]

        async def all_of_it() -> None:
            narrow = socket.create_connection(("127.0.0.1", room.house.settings.port))
            narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
            narrow.setblocking(False)
            async with (
                at(room, draft, "notes", "?acks=1") as notes,
                at(room, draft, "observer", sock=narrow) as stalled,
            ):
                doc = await synced(notes)
                await typed(notes, doc, room.sections[2], "x" * 90_000)
                await acknowledged(notes, doc)
                for _ in range(150):  # asks for some 14 MB: more than the sockets hold
                    await stalled.send(ASK)
                stalled.transport.pause_reading()
                begun = time.monotonic()
                while "drafting_live_lines 2.0" in await asyncio.to_thread(metrics, room):
                    assert time.monotonic() - begun < 15
                    await asyncio.sleep(0.2)
                await typed(notes, doc, room.sections[2], "All ")
                await acknowledged(notes, doc)
                stalled.transport.abort()

        asyncio.run(all_of_it())


def metrics(room: Room) -> str:
    with room.client(None) as client:
        return client.get("/metrics").text


def test_a_server_without_pipes_of_its_own_serves_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "Tapped", WebSocketsSansIOProtocol)
    with hosted(tmp_path) as room:
        draft = room.do("chair", "open_working_draft", "chair").made["draft"]

        async def all_of_it() -> None:
            async with at(room, draft, "notes", "?acks=1") as notes, at(room, draft, "observer") as observer:
                doc, seen = await synced(notes), await synced(observer)
                await typed(notes, doc, room.sections[2], "All ")
                message = b""
                while message[:2] != bytes((0, 2)):
                    message = await asyncio.wait_for(observer.recv(), 10)
                handle_sync_message(message[1:], seen)
                assert seen.get_update() == doc.get_update()
                await notes.send(b"\xff")
                assert await ended(notes) == (4403, "malformed")

        asyncio.run(all_of_it())
