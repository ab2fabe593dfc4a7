"""One event to 300 subscribers of one real server process, and what a delivery costs the server.

``drafting serve`` runs in a process of its own; the subscribers are ``websockets`` clients in this process, five to
a delegation. A round: one of them sends ``post_comment`` over its socket; measured is the time until the last
subscriber has the event, and of that the part since the first one has it. The peer is a bare ``websockets`` server in
a process of its own that sends the same bytes to as many clients of the same kind (``broadcast``). No compression on
either side. Both take turns, in blocks. The clients' own work is in both times. Server CPU is user and kernel time
from ``/proc/PID/stat``, in ticks of 10 ms; ours includes taking and storing the command.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from websockets.asyncio.client import ClientConnection, connect

from bench.processes import DRAFTING, cpu_seconds, free_port, running, settings, wait_ready
from bench.result import Peer, Result, against, percentile, versions
from bench.stage import Stage, Table, comment, staged
from drafting.commands.credentials import grant
from drafting.protocol.commands import Command
from drafting.queries.people import Person

_EVENT = '{"type":"event"'
_SETTLED_SECONDS = 1.0
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Size:
    """Subscribers; blocks that take turns; rounds in a block."""

    subscribers: int = 300
    blocks: int = 5
    rounds: int = 20


FULL = Size()
QUICK = Size(subscribers=100, blocks=2, rounds=10)


class Heard(NamedTuple):
    """Seconds until the last client had an event, since it was sent and since the first client had it."""

    last: float
    spread: float


@dataclass(slots=True)
class Audience:
    """The clients of one server, and when each event arrived at the last of them."""

    sockets: list[ClientConnection]
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: int = 0
    first: float = 0.0
    event: str = ""
    had: set[int] = field(default_factory=set)
    """The clients that had any event since this was last emptied."""

    async def listen(self, number: int) -> None:
        """Count what arrives at one client."""
        async for message in self.sockets[number]:
            if isinstance(message, str) and message.startswith(_EVENT):
                self.event = message
                self.had.add(number)
                self.first = self.first or time.perf_counter()
                self.waiting -= 1
                if not self.waiting:
                    self.arrived.set()

    async def hear(self, send: Callable[[], Awaitable[None]], many: int | None = None) -> Heard:
        """Give how long it took from sending until so many clients (all of them) had the event."""
        self.waiting, self.first = len(self.sockets) if many is None else many, 0.0
        self.arrived.clear()
        start = time.perf_counter()
        await send()
        async with asyncio.timeout(_PATIENCE):
            await self.arrived.wait()
        now = time.perf_counter()
        return Heard(now - start, now - self.first)


@dataclass(frozen=True, slots=True)
class Block:
    """Some rounds with one server, and the server's CPU seconds for all of them."""

    heard: list[Heard]
    cpu: float

    def last(self, share: float) -> float:
        """Give a percentile of the milliseconds until the last receipt."""
        return 1000 * percentile([heard.last for heard in self.heard], share)

    @property
    def spread(self) -> float:
        """Give the median of the milliseconds from the first receipt to the last."""
        return 1000 * percentile([heard.spread for heard in self.heard], 0.5)


def run(size: Size) -> Iterator[Result]:
    """Measure; the results are given at the end."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with staged(home) as stage:
            table = stage.table(10)
            tokens = [token(stage, stage.head(number)) for number in range(min(size.subscribers, len(stage.heads)))]
            commands = [_frame(stage, table, number) for number in range(size.blocks * size.rounds + 1)]
        port, bare_port = free_port(), free_port()
        ours = [str(DRAFTING), "serve"]
        bare = [sys.executable, "-m", "bench.broadcaster", str(bare_port)]
        with running(ours, settings(home, port)) as server, running(bare) as bare_server:
            wait_ready(server, port, "/readyz")
            wait_ready(bare_server, bare_port, "/healthz")
            measured = _Measured(table.document, tokens, commands, (port, server.pid), (bare_port, bare_server.pid))
            pairs = asyncio.run(measured.blocks(size))
    yield from _results(size, pairs)


@dataclass(frozen=True, slots=True)
class _Measured:
    """What is needed to measure: a document, tokens and commands for ours; port and process id of both servers."""

    document: str
    tokens: Sequence[str]
    commands: Sequence[str]
    ours: tuple[int, int]
    bare: tuple[int, int]

    async def blocks(self, size: Size) -> list[tuple[Block, Block]]:
        """Let both servers take turns; gives (ours, the peer's) by block."""
        commands = iter(self.commands)
        async with self._audience(size.subscribers) as ours, self._bare_audience(size.subscribers) as bare:

            async def command() -> None:
                await ours.sockets[0].send(next(commands))

            async def same_bytes() -> None:
                await bare.sockets[0].send(ours.event)

            await ours.hear(command)
            await bare.hear(same_bytes)
            return [
                (
                    await block(ours, command, self.ours[1], size.rounds),
                    await block(bare, same_bytes, self.bare[1], size.rounds),
                )
                for _ in range(size.blocks)
            ]

    @asynccontextmanager
    async def _audience(self, many: int) -> AsyncIterator[Audience]:
        address = f"ws://127.0.0.1:{self.ours[0]}/ws"
        headers = [{"Authorization": f"Bearer {self.tokens[n % len(self.tokens)]}"} for n in range(many)]
        async with subscribed(address, headers, self.document) as audience:
            yield audience

    @asynccontextmanager
    async def _bare_audience(self, many: int) -> AsyncIterator[Audience]:
        async with clients(f"ws://127.0.0.1:{self.bare[0]}", [{}] * many) as audience:
            yield audience


@asynccontextmanager
async def subscribed(address: str, headers: Sequence[dict[str, str]], document: str) -> AsyncIterator[Audience]:
    """Give clients that follow a document of ours, each with its headers."""
    async with clients(address, headers) as audience:
        for socket in audience.sockets:
            await socket.send(json.dumps({"type": "subscribe", "document": document}))
        await asyncio.sleep(_SETTLED_SECONDS)  # presence is told to all once more after the last one came
        yield audience


@asynccontextmanager
async def clients(address: str, headers: Sequence[dict[str, str]]) -> AsyncIterator[Audience]:
    """Give clients that listen, each with its headers."""
    async with AsyncExitStack() as stack:
        sockets = [
            await stack.enter_async_context(connect(address, additional_headers=h, compression=None)) for h in headers
        ]
        audience = Audience(sockets)
        listening = [asyncio.create_task(audience.listen(number)) for number in range(len(sockets))]
        try:
            yield audience
        finally:
            for task in listening:
                task.cancel()
            await asyncio.gather(*listening, return_exceptions=True)


async def block(
    audience: Audience, send: Callable[[], Awaitable[None]], pid: int, rounds: int, many: int | None = None
) -> Block:
    """Do some rounds with the server that has this process id, each until so many clients had the event."""
    before = cpu_seconds(pid)
    heard = [await audience.hear(send, many) for _ in range(rounds)]
    return Block(heard, cpu_seconds(pid) - before)


def token(stage: Stage, person: Person) -> str:
    """Give a token that lets the person in."""
    at = stage.house.now()
    return stage.house.database.write(lambda tx: grant(tx, "token", person, at)).result()[0]


def _frame(stage: Stage, table: Table, number: int) -> str:
    return frame(stage, comment(table, number).model_copy(update={"capacity": "head:D00"}))


def frame(stage: Stage, command: Command) -> str:
    """Give the frame that sends a command under a new id."""
    return json.dumps({"type": "command", **stage.envelope(command).model_dump(mode="json")})


def _results(size: Size, pairs: list[tuple[Block, Block]]) -> Iterator[Result]:
    peer = Peer("bare websockets server, broadcast of the same bytes", versions("websockets", "uvicorn", "fastapi"))
    case = f"one event to {size.subscribers} subscribers"
    for share in (0.5, 0.95, 0.99):
        took = [(ours.last(share), bare.last(share)) for ours, bare in pairs]
        yield against("fanout", f"{case}, last receipt, p{share * 100:.0f} of a block", "ms", took, peer)
    spread = [(ours.spread, bare.spread) for ours, bare in pairs]
    yield against("fanout", f"{case}, from the first receipt to the last, p50 of a block", "ms", spread, peer)
    deliveries = size.subscribers * size.rounds * size.blocks
    # All blocks together: one of the peer's is hardly a tick.
    cpu = [1e6 * sum(pair[which].cpu for pair in pairs) / deliveries for which in (0, 1)]
    yield against("fanout", f"{case}, server CPU a delivery", "µs", [(cpu[0], cpu[1])], peer)
