"""What is measured of one server of live drafts, each case in a process of its own that is the clients.

The server's cost is read from ``/proc`` for its process and those that it started: CPU time in ticks of 10 ms, resident
memory, bytes handed to the disk.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from bench.live_hands import Hand, Run, hands, letters, runs, strokes
from bench.live_load import Crowd, Door, Played, farewell, joined, now
from bench.live_tally import Tally
from bench.live_words import framed, heard
from bench.processes import cpu_seconds, memory

_CALM_SECONDS = 0.5
_PATIENCE = 6.0
_IDLE_SECONDS = 0.02
_IDLE_LOOK = 0.4
_IDLE_PATIENCE = 60.0
_LOOK_SECONDS = 0.05
_WINDOW = 1000
_AT_ONCE = 1e6
_EMPTY = 100
_SECTIONS = 10
_LITTLE_ROOM = 4096
_PIECE_SECONDS = 2.0
_QUIET_SECONDS = 1.0
_STEP = 1.5
_AS_GOOD_AS = 0.97


@dataclass(frozen=True, slots=True)
class Typed:
    """One piece of typing. Times in ms; ``cpu``: the server's µs a delivery; ``busy``: the clients' share of a core."""

    p50: float
    p95: float
    p99: float
    deliveries: int
    lost: int
    doubled: int
    frames: int
    closed: int
    cpu: float
    rate: float
    """Updates a second that were really sent."""
    busy: float
    ack: tuple[float, float] | None
    """p50 and p95 until the writer is told that its keystroke is durable, where a server tells."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A draft that came to the first client: after how many seconds, in how many bytes, with how many letters."""

    seconds: float
    size: int
    letters: int


@dataclass(frozen=True, slots=True)
class Typing:
    """So many clients, of whom the first so many type, together so many updates a second, for so long."""

    clients: int
    writers: int
    rate: float
    seconds: float
    letters: int = 1


@dataclass(frozen=True, slots=True)
class Place:
    """A server where it can be measured: where a draft of it is, its process, and the first text of an empty draft."""

    door: Door
    pid: int
    text: bytes


def typing(place: Place, what: Typing) -> Typed:
    """Let clients join, type and listen; everybody leaves in the end."""
    with gathered(place, what.clients) as scene:
        return scene.play(what)


def ramp(place: Place, what: Typing, bound: float, finer: int) -> tuple[Typed | None, list[tuple[float, float]]]:
    """Let them type half as fast again each time while p95 stays within the bound (ms) and nothing is lost.

    Then look so many times halfway between what held and what did not. Gives the fastest that held, and
    (updates/s, p95) of all that was tried.
    """
    held: Typed | None = None
    tried: list[tuple[float, float]] = []
    low, high, rate = 0.0, 0.0, what.rate
    with gathered(place, what.clients) as scene:
        while not high or finer > 0:
            typed = scene.play(replace(what, rate=rate))
            calm(place.pid, scene.crowd.calm)
            tried.append((round(typed.rate), round(typed.p95, 1)))
            if typed.closed:
                break
            if _holds(typed, rate, bound):
                held, low = typed, rate
            else:
                high = rate
            finer -= bool(high)
            rate = (low + high) / 2 if high else rate * _STEP
    return held, tried


def _holds(typed: Typed, rate: float, bound: float) -> bool:
    return not typed.lost and typed.p95 <= bound and typed.rate >= _AS_GOOD_AS * rate


def idle(place: Place, many: int) -> float:
    """Give the kB of the server's memory that a client takes who only is there."""
    with gathered(place, 1):
        calm(place.pid)
        before = weight(place.pid)
        with gathered(place, many) as scene:
            calm(place.pid, scene.crowd.calm)
            return 1000 * (weight(place.pid) - before) / many


def stalled(place: Place, what: Typing, many: int) -> tuple[float, int]:
    """Let so many who never read be there while others type.

    Gives the MB that the server grew by, looked at every two seconds, and how many receipts of the others are missing.
    """
    with gathered(place, what.clients) as scene, ExitStack() as stack:
        for _ in range(many):
            stack.enter_context(joined(place.door, _LITTLE_ROOM)[0])
        calm(place.pid, scene.crowd.calm)
        before, most, lost = weight(place.pid), 0.0, 0
        for _ in range(round(what.seconds / _PIECE_SECONDS)):
            lost += scene.play(replace(what, seconds=_PIECE_SECONDS)).lost
            most = max(most, weight(place.pid) - before)
        return most, lost


def fill(place: Place, updates: int, writers: int) -> float:
    """Type so many updates as fast as one reader has them; gives the seconds until all that is on disk.

    That is: until the server has nothing to do any more. Nobody leaves before: one of them would not store the rest.
    """
    with gathered(place, writers + 1) as scene:
        start = now()
        scene.pour(updates, writers)
        calm(place.pid, scene.crowd.calm)
        took = now() - start
    calm(place.pid)
    return took


def loading(door: Door) -> Loaded:
    """Be the first to come, and see how long it takes until everything is there."""
    start = now()
    client, told = joined(door)
    parts, took = [told], now() - start
    stream, speech = b"", door.speech()
    # One server says at first that it has nothing, and sends what it has when it has read it.
    client.settimeout(_QUIET_SECONDS if len(told) > _EMPTY else _IDLE_PATIENCE)
    with client, suppress(TimeoutError):
        while more := client.recv(1 << 20):
            came = heard(stream + more)
            stream = came.rest
            if new := [one.content for one in map(speech.read, came.messages) if one.kind in {"synced", "update"}]:
                parts, took = parts + new, now() - start
                client.settimeout(_QUIET_SECONDS if sum(map(len, parts)) > _EMPTY else _IDLE_PATIENCE)
        farewell(client)
    return Loaded(took, sum(map(len, parts)), letters(parts))


@dataclass(slots=True)
class Scene:
    """Clients that are there, and where they may type. Each piece of typing is by Yjs clients of its own."""

    crowd: Crowd
    pid: int
    places: Sequence[Run]
    _number: Iterator[int] = field(default_factory=lambda: count(time.time_ns()))

    def play(self, what: Typing) -> Typed:
        """Let them type, until everybody has everything or it is clear that they will not."""
        typists = hands(self.places, what.writers, next(self._number))
        frames = strokes(typists, self.crowd.door.speech(), what.rate, what.seconds, what.letters)
        before = used(self.pid)
        played = self.crowd.play(frames, self._tally(typists, what.letters), _PATIENCE)
        return _typed(played, used(self.pid) - before)

    def pour(self, updates: int, writers: int) -> None:
        """Type so many updates, no more than a window of them ahead of who is the last to have them."""
        typists = hands(self.places, writers, next(self._number))
        for done in range(0, updates, _WINDOW):
            many = min(_WINDOW, updates - done)
            frames = strokes(typists, self.crowd.door.speech(), _AT_ONCE, many / _AT_ONCE)
            played = self.crowd.play(frames, self._tally(typists), _PATIENCE, 0.0)
            if played.tally.lost:
                raise RuntimeError(f"{played.tally.lost} receipts of {updates} updates are missing")

    def _tally(self, typists: Sequence[Hand], letters: int = 1) -> Tally:
        return self.crowd.tally([hand.client for hand in typists], letters)


@contextmanager
def gathered(place: Place, many: int) -> Iterator[Scene]:
    """Let so many clients join; they leave in the end. The first gives an empty draft its text."""
    crowd = Crowd(place.door)
    try:
        told = crowd.join(1)
        if place.text and len(told) < _EMPTY:
            crowd.say(0, framed(place.door.speech().update(place.text)))
            told = place.text
            _wait_taken(place)
        crowd.join(many - 1)
        crowd.calm(_CALM_SECONDS)
        yield Scene(crowd, place.pid, runs(told, _SECTIONS) if told else [Run(1, 0, 200)])
    finally:
        crowd.leave()


def _wait_taken(place: Place) -> None:
    until = now() + _PATIENCE
    while now() < until:
        client, told = joined(place.door)
        farewell(client)
        client.close()
        if len(told) >= len(place.text) // 2:
            return
        time.sleep(_LOOK_SECONDS)
    raise RuntimeError("the draft does not take its first text")


def _typed(played: Played, cpu: float) -> Typed:
    tally = played.tally
    deliveries = len(tally.times)
    return Typed(
        tally.milliseconds(0.5),
        tally.milliseconds(0.95),
        tally.milliseconds(0.99),
        deliveries,
        tally.lost,
        tally.doubled,
        tally.frames,
        len(tally.closed),
        1e6 * cpu / max(1, deliveries),
        tally.strokes / max(played.took, 1e-9),
        played.busy,
        tally.acknowledged(),
    )


def family(pid: int) -> list[int]:
    """Give a process and all that it started and that still run."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *(one for child in children for one in family(int(child)))]


def used(pid: int) -> float:
    """Give the CPU seconds that a server has used."""
    return sum(map(cpu_seconds, family(pid)))


def weight(pid: int) -> float:
    """Give a server's resident memory in MB."""
    return sum(map(memory, family(pid)))


def written(pid: int) -> int:
    """Give the bytes that a server has handed to the disk so far."""
    lines = Path(f"/proc/{pid}/io").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("write_bytes")).split()[1])


def calm(pid: int, wait: Callable[[float], None] = time.sleep) -> None:
    """Wait until a server has nothing to do any more: it neither works nor writes."""
    until = now() + _IDLE_PATIENCE
    while now() < until:
        before, stored = used(pid), written(pid)
        wait(_IDLE_LOOK)
        if used(pid) - before <= _IDLE_SECONDS and written(pid) == stored:
            return
