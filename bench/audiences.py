"""An event of each audience to 300 sockets with mixed rights: who has it, after how long, and what that costs.

As in ``fanout``: one real ``drafting serve``, clients in this process, rounds in blocks, and in turn with a bare
``websockets`` server that sends the same bytes to as many clients as may have the event. Of ten clients seven are
delegations' (60 in turn), two observers', and one sits at the desk or facilitates a closed group of five delegations.
All follow one document. The time is until the last of those who may have the event has it; the server's CPU time
includes taking the command, and asking for each of the 300 whether the event is for them.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.fanout import Audience, Block, block, clients, frame, subscribed, token
from bench.processes import DRAFTING, free_port, running, settings, wait_ready
from bench.result import Peer, Result, against, versions
from bench.stage import DELEGATIONS, Stage, Table, comment, staged
from drafting.protocol.commands import COMMAND

_MEMBERS = ["D00", "D01", "D02", "D03", "D04"]
_GROUP = "CG1"
_OF_THE_HOUSE = ("secretary", "note_taker", "chair", f"facilitator:{_GROUP}")
_OBSERVERS = 10
_LATE_SECONDS = 0.2
"""How long is waited for an event to come where it must not."""


@dataclass(frozen=True, slots=True)
class Size:
    """Subscribers; blocks that take turns; rounds in a block."""

    subscribers: int = 300
    blocks: int = 5
    rounds: int = 20


FULL = Size()
QUICK = Size(subscribers=100, blocks=2, rounds=10)


@dataclass(frozen=True, slots=True)
class Said:
    """A comment for one audience: who says it, and the capacities of those who may have it (``None``: everyone)."""

    audience: str
    speaker: str
    readers: frozenset[str] | None
    says: dict[str, str]


_DESK = frozenset({"secretary", "note_taker", "chair"})
_SAID = (
    Said("all", "head:D00", None, {"audience": "all"}),
    Said("its own delegation", "head:D00", frozenset({"head:D00"}), {"audience": "own"}),
    Said(
        "the secretariat",
        "head:D00",
        frozenset({"head:D00", "secretary", "note_taker"}),
        {"audience": "secretariat"},
    ),
    Said("the desk", "chair", _DESK, {"audience": "own"}),
    Said(
        "a closed group",
        "head:D00",
        frozenset({f"facilitator:{_GROUP}", *(f"head:{code}" for code in _MEMBERS)}),
        {"audience": "group", "group": _GROUP},
    ),
)


@dataclass(frozen=True, slots=True)
class _Told:
    """What was measured of one audience: how many may have the event, how many others had it, (ours, bare) by block."""

    readers: int
    others: int
    blocks: list[tuple[Block, Block]]


def capacity(number: int) -> str:
    """Give the capacity that a client acts in, by its number."""
    tens, last = divmod(number, 10)
    match last:
        case 7 | 8:
            return "observer"
        case 9:
            return _OF_THE_HOUSE[tens % len(_OF_THE_HOUSE)]
        case _:
            return f"head:D{(tens * 7 + last) % DELEGATIONS:02d}"


def run(size: Size) -> Iterator[Result]:
    """Measure all audiences; the results are given at the end."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with staged(home) as stage:
            table = stage.table(10)
            stage.do("found_group", document=table.document, code=_GROUP, name="A closed group", members=_MEMBERS)
            held = [capacity(number) for number in range(size.subscribers)]
            tokens = _tokens(stage, held)
            frames = [_frames(stage, table, said, size.blocks * size.rounds + 1) for said in _SAID]
        port, bare_port = free_port(), free_port()
        bare = [sys.executable, "-m", "bench.broadcaster", str(bare_port)]
        with running([str(DRAFTING), "serve"], settings(home, port)) as server, running(bare) as bare_server:
            wait_ready(server, port, "/readyz")
            wait_ready(bare_server, bare_port, "/healthz")
            measured = _Measured(table.document, held, tokens, (port, server.pid), (bare_port, bare_server.pid))
            told = asyncio.run(measured.all(size, frames))
    for said, one in zip(_SAID, told, strict=True):
        yield from _results(size, said.audience, one)


@dataclass(frozen=True, slots=True)
class _Measured:
    """What is needed to measure: a document, what the clients hold, and port and process id of both servers."""

    document: str
    held: Sequence[str]
    tokens: Sequence[str]
    ours: tuple[int, int]
    bare: tuple[int, int]

    async def all(self, size: Size, frames: Sequence[Sequence[str]]) -> list[_Told]:
        """Let each audience have its events, one after the other."""
        headers = [{"Authorization": f"Bearer {token}"} for token in self.tokens]
        async with subscribed(f"ws://127.0.0.1:{self.ours[0]}/ws", headers, self.document) as ours:
            return [await self._one(size, ours, said, iter(some)) for said, some in zip(_SAID, frames, strict=True)]

    async def _one(self, size: Size, ours: Audience, said: Said, frames: Iterator[str]) -> _Told:
        may = {n for n, held in enumerate(self.held) if said.readers is None or held in said.readers}
        speaker = ours.sockets[self.held.index(said.speaker)]
        ours.had.clear()

        async def command() -> None:
            await speaker.send(next(frames))

        async with self._bare(len(may)) as bare:

            async def same_bytes() -> None:
                await bare.sockets[0].send(ours.event)

            await ours.hear(command, len(may))
            await bare.hear(same_bytes)
            blocks = [
                (
                    await block(ours, command, self.ours[1], size.rounds, len(may)),
                    await block(bare, same_bytes, self.bare[1], size.rounds),
                )
                for _ in range(size.blocks)
            ]
        await asyncio.sleep(_LATE_SECONDS)
        return _Told(len(may), len(ours.had - may), blocks)

    @asynccontextmanager
    async def _bare(self, many: int) -> AsyncIterator[Audience]:
        async with clients(f"ws://127.0.0.1:{self.bare[0]}", [{}] * many) as audience:
            yield audience


def _tokens(stage: Stage, held: Sequence[str]) -> list[str]:
    """Let everybody in: the heads of delegations are there, and the others come in as many as there are roles."""
    by_capacity = {f"head:D{number:02d}": [head] for number, head in enumerate(stage.heads)}
    by_capacity["observer"] = [stage.accredit(f"observer{number}", "observer") for number in range(_OBSERVERS)]
    by_capacity |= {role: [stage.accredit(role.partition(":")[0], role)] for role in _OF_THE_HOUSE}
    tokens = {role: [token(stage, person) for person in people] for role, people in by_capacity.items()}
    return [tokens[role][number % len(tokens[role])] for number, role in enumerate(held)]


def _frames(stage: Stage, table: Table, said: Said, many: int) -> list[str]:
    commands = (comment(table, number).model_dump() | {"capacity": said.speaker} | said.says for number in range(many))
    return [frame(stage, COMMAND.validate_python(command)) for command in commands]


def _results(size: Size, audience: str, told: _Told) -> Iterator[Result]:
    peer = Peer("bare websockets server, broadcast of the same bytes to as many", versions("websockets", "uvicorn"))
    case = f"one event for {audience}: {told.readers} of {size.subscribers} sockets"
    yield Result("audiences", f"{case}, others who had it", told.others, "sockets", versions=peer.versions)
    for share in (0.5, 0.95, 0.99):
        took = [(ours.last(share), bare.last(share)) for ours, bare in told.blocks]
        yield against("audiences", f"{case}, last receipt, p{share * 100:.0f} of a block", "ms", took, peer)
    deliveries = told.readers * size.rounds * size.blocks
    # All blocks together: one of the peer's is hardly a tick.
    cpu = [1e6 * sum(pair[which].cpu for pair in told.blocks) / deliveries for which in (0, 1)]
    yield against("audiences", f"{case}, server CPU a delivery", "µs", [(cpu[0], cpu[1])], peer)
