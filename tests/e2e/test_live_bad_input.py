"""Whatever comes through the live socket: the room and the rest of the service answer on, and memory stays bounded."""

import asyncio
import contextlib
import itertools
import json
import random
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from drafting_client import mint
from tests.e2e.hands import Hands, Stage, hands, staged
from tests.e2e.server import served

FRAMES, A_LINE = 10_000, 100
HUGE = 50_000_000
SILENT = 200
PEOPLE = ("sec", "chair", "notes", "arv", "bor", "cal", "observer")
UNREAD = 10
LEAST = 40
"""How many times at least the health is asked and something is typed."""
PATIENCE_MS = 200
TIMES_SLOWER = 3
HONEST = bytes.fromhex("00021b010182d0acf30e00c481bcc1960b0781bcc1960b0804616c6c2000")
"""An update as a client sends one: it puts "all " among words that this draft has not."""
MOST_GROWTH = 150_000_000


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    limits = {"DRAFTING_MOST_LIVE_LINES": "100"}
    with served(tmp_path_factory.mktemp("bad") / "home", limits) as server:
        yield staged(server)


def memory(pid: int) -> int:
    """Give how many bytes of memory a process has."""
    told = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in told.splitlines() if line.startswith("VmRSS")) * 1024


def slowest(took: list[float]) -> float:
    """Give what 99 of 100 were quicker than, in milliseconds."""
    return sorted(took)[int(len(took) * 0.99)]


class Storm:
    """Everything bad at once, against a draft that others work in."""

    def __init__(self, room: Stage) -> None:
        self.room = room
        self.honest = HONEST
        self.chance = random.Random(5)  # noqa: S311 - what is broken how, no secret
        self.people = itertools.cycle(PEOPLE)
        self.refused: list[tuple[int, str]] = []

    @contextlib.asynccontextmanager
    async def line(self, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.room.bearer(next(self.people))}"}
        address = f"{self.room.live}/{self.room.draft}"
        async with connect(address, additional_headers=headers, compression=None, **more) as line:
            yield line

    def broken(self) -> bytes:
        """Give a message that is none: an honest one broken off or changed somewhere, or chance."""
        kind = self.chance.randrange(3)
        if kind == 0:
            return self.honest[: self.chance.randrange(len(self.honest))]
        if kind == 1:
            spoiled = bytearray(self.honest)
            spoiled[self.chance.randrange(3)] ^= 1 << self.chance.randrange(8)
            return bytes(spoiled) + b"\xff"
        return b"\x00\x02" + self.chance.randbytes(self.chance.randrange(40))

    async def malformed(self) -> None:
        """Send broken frames, many at a time, though the line is closed after the first."""
        for _ in range(FRAMES // A_LINE):
            async with self.line() as line:
                with contextlib.suppress(ConnectionClosed):
                    for _ in range(A_LINE):
                        await line.send(self.broken())
                await self.hear_out(line)

    async def huge(self) -> None:
        async with self.line() as line:
            with contextlib.suppress(ConnectionClosed):
                await line.send(b"\x00\x02" + bytes(HUGE))
            await self.hear_out(line)

    async def hear_out(self, line: ClientConnection) -> None:
        """Listen to the end: how the line was closed, and what was said why."""
        said = ""
        with contextlib.suppress(ConnectionClosed):
            async for message in line:
                if isinstance(message, bytes) and message[:2] == b"\x02\x00":
                    said = json.loads(message[message.index(b"{") :])["code"]
        self.refused.append((line.close_code or 0, said))

    async def unread(self, until: asyncio.Event) -> None:
        """Ask for everything again and again, and read nothing."""
        async with self.line(max_queue=1, ping_interval=None) as line:
            with contextlib.suppress(ConnectionClosed, TimeoutError):
                while not until.is_set():
                    async with asyncio.timeout(0.5):
                        await line.send(b"\x00\x00\x01\x00")
                    await asyncio.sleep(0.02)
            line.transport.abort()

    async def silent(self, until: asyncio.Event) -> None:
        """Half of them connect and say nothing, half do not even ask to."""
        async with contextlib.AsyncExitStack() as stack:
            for _ in range(SILENT // 2):
                await stack.enter_async_context(self.line(ping_interval=None))
                raw = socket.create_connection(("127.0.0.1", self.room.server.port))
                stack.callback(raw.close)
            await until.wait()


class Worker:
    """Somebody who works through the storm: types, and asks for the service's health. All times are taken over there,
    in milliseconds.
    """

    def __init__(self, room: Stage, stock: Hands) -> None:
        self.room = room
        self.hand = room.sit(stock(mint()), "chair")
        self.reader = room.sit(stock(mint()), "arv")

    def work(self, over: threading.Event) -> tuple[float, float]:
        """Work until it is over, and a while; gives how slow the health and the typing were at worst."""
        health: list[float] = []
        typing: list[float] = []
        while not over.is_set() or len(typing) < LEAST:
            said = {"section": self.room.sections[2], "text": f"<{mint()}>"}
            typing.append(self.hand.do("shows", to=self.reader.name, **said))
            health.append(self.hand.do("asks", url=f"{self.room.server.address}/healthz"))
            self.hand.do("delete", section=self.room.sections[2], length=len(said["text"]))
            time.sleep(0.02)
        return slowest(health), slowest(typing)


async def stormed(worker: Worker, storm: Storm) -> tuple[float, float]:
    """Let everything loose, and end when the broken frames are sent."""
    until, over = asyncio.Event(), threading.Event()
    async with asyncio.TaskGroup() as tasks:
        working = tasks.create_task(asyncio.to_thread(worker.work, over))
        tasks.create_task(storm.silent(until))
        for _ in range(UNREAD):
            tasks.create_task(storm.unread(until))
        await asyncio.sleep(1)
        await storm.huge()
        await storm.malformed()
        until.set()
        over.set()
    return working.result()


def test_in_a_storm_of_bad_input_typing_and_health_stay_quick_and_memory_small(stage: Stage) -> None:
    room = stage.anew()
    with hands() as stock:
        worker, over = Worker(room, stock), threading.Event()
        over.set()
        quiet = worker.work(over)
        storm, before = Storm(room), memory(room.server.pid)
        stormy = asyncio.run(stormed(worker, storm))
        assert memory(room.server.pid) - before < MOST_GROWTH
        assert storm.refused[0] == (4403, "too_large")
        assert len(storm.refused) == 1 + FRAMES // A_LINE
        assert set(storm.refused[1:]) == {(4403, "malformed")}
        # A machine that is slow in quiet (others test on it too) may be as much slower in a storm.
        for took, usual in zip(stormy, quiet, strict=True):
            assert took < max(PATIENCE_MS, TIMES_SLOWER * usual), (stormy, quiet)
        worker.hand.do("wait", hash=room.sit(stock(mint()), "bor").state())
    assert "Traceback" not in room.server.log.read_text()
