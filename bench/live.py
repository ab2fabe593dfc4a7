"""Live drafts: many clients on one text, ours beside Hocuspocus, y-websocket's server and pycrdt-websocket.

All servers run at once, each from an empty folder, and take turns in every case; those that wait do nothing. The server
runs on one core and its clients, which are the same for all, on another: plain sockets that speak the y-websocket
protocol (Hocuspocus's own variant of it there). What is typed are real Yjs updates, one letter each, in ten sections of
one text of 40. A delivery is one update at one client other than its writer; it is known by Yjs client and clock, so
that merged updates count for each letter in them. What each server has stored when it shows an update stands with its
name: only ours has it on disk. A bare broadcast, which knows and stores nothing, shows what the wire alone takes.

Ours runs with its limits for each person and connection lifted, since all clients are one person's here.
"""

import multiprocessing
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from bench.live_cases import Place, Typed, Typing, fill, idle, loading, ramp, stalled, typing, written
from bench.live_hands import draft
from bench.live_servers import (
    BARE,
    EAGER_HOCUSPOCUS,
    EVERYBODY,
    OURS,
    PYCRDT,
    Running,
    Server,
    on_core,
    started,
    stored,
)
from bench.result import Result
from bench.stage import Stage, staged
from bench.texts import text
from drafting.commands.credentials import grant

_SECTIONS = 40
_A_SECOND = 8
_FILLERS = 10
_PYCRDT_MOST = 10_000
"""It stores a few hundred updates a second."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Size:
    """Clients of a case and seconds of it; the ramp's clients, seconds of a step, first rate, p95 that still holds (ms)
    and closer looks; clients that only are there; readers that never read; updates of a draft that is loaded.
    """

    clients: Sequence[int] = (25, 100, 200)
    writers: int = 10
    seconds: float = 3.0
    ramp_clients: int = 100
    ramp_seconds: float = 1.5
    ramp_from: float = 1000.0
    bound: float = 250.0
    finer: int = 2
    idle: int = 100
    stalled: int = 10
    stalled_seconds: float = 6.0
    loads: Sequence[int] = (10_000, 100_000)


FULL = Size()
QUICK = Size(clients=(25,), seconds=2.0, ramp_clients=25, finer=0, idle=25, stalled_seconds=4.0, loads=(2000,))


Start = Callable[[], AbstractContextManager[Running]]


def run(size: Size, servers: Sequence[Server] = EVERYBODY) -> Iterator[Result]:
    """Measure; each case's results are given when all servers have done it."""
    with tempfile.TemporaryDirectory() as folder:
        rooms = ["idle", "ramp", "calm", "stalled", *map(_typing, size.clients)]
        starts = _starts(Path(folder) / "typed", servers, rooms)
        yield from _weighed(size, {one: start for one, start in starts.items() if one not in {BARE, EAGER_HOCUSPOCUS}})
        with ExitStack() as together:
            here = [together.enter_context(start()) for start in starts.values()]
            yield from _typed(size, here)
            yield from _ramped(size, here)
        for updates in size.loads:
            home = Path(folder) / _load(updates)
            loading_it = [server for server in servers if _loads(server, updates)]
            yield from _loaded(updates, home, _starts(home, loading_it, [_load(updates)]))


def _starts(home: Path, servers: Sequence[Server], rooms: Sequence[str]) -> dict[Server, Start]:
    """Prepare a folder for each, and give what starts it there."""
    paths = opened(home / OURS.name, rooms) if OURS in servers else {}
    return {one: partial(started, one, home / one.name, paths if one is OURS else {}) for one in servers}


def opened(home: Path, rooms: Sequence[str]) -> dict[str, str]:
    """Prepare a home of ours: one document with an open chair's draft for each room; gives their paths, with tokens."""
    home.mkdir(parents=True)
    with staged(home) as stage:
        return {room: _opened(stage) for room in rooms}


def _opened(stage: Stage) -> str:
    made = stage.do("open_working_draft", document=stage.table(_SECTIONS).document)["draft"]
    at = stage.house.now()
    secret, _ = stage.house.database.write(lambda tx: grant(tx, "draft", stage.secretary, at, label=made)).result()
    return f"/live/{made}?token={secret}&acks=1"


def _typing(clients: int) -> str:
    return f"typing-{clients}"


def _load(updates: int) -> str:
    return f"load-{updates}"


def _place(server: Running, room: str) -> Place:
    return Place(server.door(room), server.pid, b"" if server.server is BARE else draft(_SECTIONS))


def _apart(work: Callable[..., T], *said: Any) -> T:
    """Do a case in a process of its own, on the second core."""
    spawned = multiprocessing.get_context("spawn")
    with on_core(1), ProcessPoolExecutor(1, mp_context=spawned) as clients:
        return clients.submit(work, *said).result()


def _typed(size: Size, here: Sequence[Running]) -> Iterator[Result]:
    for clients in size.clients:
        what = Typing(clients, size.writers, size.writers * _A_SECOND, size.seconds)
        # Those that show a limit rather than compete are measured once.
        taking_part = [
            one for one in here if clients == max(size.clients) or one.server not in {BARE, EAGER_HOCUSPOCUS}
        ]
        typed = {one.server: _apart(typing, _place(one, _typing(clients)), what) for one in taking_part}
        notes = {server: _notes(one) for server, one in typed.items()}
        case = f"{clients} clients, {size.writers} writers at {_A_SECOND} updates/s"
        for share in ("p50", "p95", "p99"):
            times = {server: getattr(one, share) for server, one in typed.items()}
            yield from compared(f"{case}, from sending to receipt, {share}", "ms", times, notes)
        yield from compared(
            f"{case}, server CPU a delivery", "µs", {server: one.cpu for server, one in typed.items()}, notes
        )


def _ramped(size: Size, here: Sequence[Running]) -> Iterator[Result]:
    what = Typing(size.ramp_clients, size.writers, size.ramp_from, size.ramp_seconds)
    # With a whole state queued at every update it would be at it for a minute.
    taking_part = [one for one in here if one.server is not EAGER_HOCUSPOCUS]
    held = {one.server: _apart(ramp, _place(one, "ramp"), what, size.bound, size.finer) for one in taking_part}
    case = f"{size.ramp_clients} clients, updates/s held with p95 within {size.bound:.0f} ms and nothing lost"
    rates = {server: typed.rate if typed else 0.0 for server, (typed, _) in held.items()}
    notes = {server: _notes(typed) | {"tried": tried} for server, (typed, tried) in held.items()}
    yield from compared(case, "updates/s", rates, notes)


def _notes(typed: Typed | None) -> dict[str, Any]:
    """Give what is worth telling beside one number: what was delivered, and whether the clients kept up."""
    if typed is None:
        return {}
    told: dict[str, Any] = {
        "deliveries": typed.deliveries,
        "lost": typed.lost,
        "doubled": typed.doubled,
        "frames": typed.frames,
        "closed": typed.closed,
        "p95 ms": round(typed.p95, 2),
        "CPU µs a delivery": round(typed.cpu, 1),
        "clients' share of their core": round(typed.busy, 2),
    }
    if typed.ack:
        told["durable ack, p50 and p95 ms"] = [round(part, 2) for part in typed.ack]
    return told


def _weighed(size: Size, starts: Mapping[Server, Start]) -> Iterator[Result]:
    """Weigh each as it was just started, before it has memory to spare."""
    light: dict[Server, float] = {}
    heavy: dict[Server, float] = {}
    notes: dict[Server, dict[str, Any]] = {}
    # A kilobyte a hundred times a second, each writer.
    what = Typing(size.writers * 2, size.writers, 100.0 * size.writers, size.stalled_seconds, 1000)
    for server, start in starts.items():
        with start() as one:
            light[server] = _apart(idle, _place(one, "idle"), size.idle)
            without, _ = _apart(stalled, _place(one, "calm"), what, 0)
            heavy[server], lost = _apart(stalled, _place(one, "stalled"), what, size.stalled)
            notes[server] = {"grew without them by MB": round(without, 1), "lost by others": lost}
    yield from compared(f"server memory for a client, {size.idle} that only are there", "kB", light)
    case = f"server memory with {size.stalled} readers that never read, {size.writers} writers at 100 kB/s each"
    yield from compared(f"{case}, {size.stalled_seconds:.0f} s", "MB", heavy, notes)


def _loads(server: Server, updates: int) -> bool:
    return server not in {BARE, EAGER_HOCUSPOCUS} and (server is not PYCRDT or updates <= _PYCRDT_MOST)


def _loaded(updates: int, folder: Path, starts: Mapping[Server, Start]) -> Iterator[Result]:
    """Type a draft, end the server, look at its folder, start it again and load the draft."""
    first = sum(len(line.text) for line in text(_SECTIONS))
    times: dict[Server, float] = {}
    kept: dict[Server, float] = {}
    notes: dict[Server, dict[str, Any]] = {}
    for server, start in starts.items():
        before = stored(folder / server.name)
        with start() as one:
            disk = written(one.pid)
            storing = _apart(fill, _place(one, _load(updates)), updates, _FILLERS)
            disk = written(one.pid) - disk
        kept[server] = (stored(folder / server.name) - before) / updates
        with start() as one:
            loaded = _apart(loading, one.door(_load(updates)))
        times[server] = loaded.seconds
        notes[server] = {
            "sent MB": round(loaded.size / 1e6, 3),
            "letters missing": first + updates - loaded.letters,
            "typed and stored in s": round(storing, 1),
            "bytes handed to the disk for each": round(disk / updates),
        }
    case = f"a draft of {updates:,} updates"
    yield from compared(f"{case}: from connecting, after a restart, until all is there", "s", times, notes)
    yield from compared(f"{case}: bytes kept on disk for each", "bytes", kept)


def compared(
    case: str, unit: str, values: Mapping[Server, float], notes: Mapping[Server, Mapping[str, Any]] | None = None
) -> Iterator[Result]:
    """Give ours against each of the others in the same case, with what is to be noted of both."""
    notes = notes or {}
    ours = values.get(OURS)
    for server, value in values.items():
        if server is OURS:
            continue
        about = {"ours": dict(notes.get(OURS, {})), "the peer's": dict(notes.get(server, {}))}
        ratio = ours / value if ours is not None and value else None
        shown = value if ours is None else ours
        yield Result(
            "live", case, shown, unit, server.peer.name, value, ratio, {**OURS.packages, **server.packages}, about
        )
