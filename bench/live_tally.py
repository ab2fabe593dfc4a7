"""Who had which keystroke when: receipts turned into times, by client and clock, so that merged updates count for all.

Nothing here reads or writes a socket.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bench.live_words import Dialect, clocks, heard, structs
from bench.result import percentile


class Chunk(NamedTuple):
    """Bytes that arrived at a client, and when (seconds)."""

    reader: int
    at: float
    content: bytes


class Sent(NamedTuple):
    """A stroke: which writer's, its first clock, and when it was sent (seconds)."""

    writer: int
    clock: int
    at: float


@dataclass(frozen=True, slots=True)
class _Read:
    """What bytes say: runs of (Yjs client, clock, length), what is durable, pings to answer, whether it is the end."""

    runs: tuple[tuple[int, int, int], ...]
    durable: tuple[dict[int, int], ...]
    pings: tuple[bytes, ...]
    closes: bool
    rest: bytes
    frames: int


@dataclass(slots=True)
class _Hand:
    """A writer: the first clock that counts, when each stroke from there on was sent, how many are acknowledged."""

    writer: int
    first: int
    sent: list[float] = field(default_factory=list)
    durable: int = 0


@dataclass(slots=True)
class Tally:
    """Counts one piece of typing. ``hands`` are the Yjs clients, by the number of the client who types as them.

    Every stroke is of so many ``letters``, each a clock; somebody has it who has its last.
    """

    dialect: Dialect
    readers: int
    hands: Sequence[int]
    letters: int = 1
    rests: dict[int, bytes] = field(default_factory=dict)
    """The beginning of a frame of which the end has not come yet, by reader; it may be another tally's."""
    times: list[float] = field(default_factory=list)
    """Seconds from sending until a reader other than the writer had it, one for each stroke."""
    ack_times: list[float] = field(default_factory=list)
    """Seconds from sending until the writer was told that it is durable, one for each stroke."""
    doubled: int = 0
    """Strokes that a reader was given again."""
    frames: int = 0
    closed: set[int] = field(default_factory=set)
    pings: list[tuple[int, bytes]] = field(default_factory=list)
    """What still has to be answered, and by whom."""
    _writers: dict[int, _Hand] = field(default_factory=dict)
    _had: dict[tuple[int, int], bytearray] = field(default_factory=dict)
    _known: dict[bytes, _Read] = field(default_factory=dict)

    @property
    def strokes(self) -> int:
        """Give how many strokes were sent."""
        return sum(len(hand.sent) for hand in self._writers.values())

    @property
    def lost(self) -> int:
        """Give how many receipts are missing: everybody but its writer is to have each stroke."""
        return self.strokes * (self.readers - 1) - len(self.times)

    def send(self, typed: Iterable[Sent]) -> None:
        """Note what was sent, each writer's in order."""
        for writer, clock, at in typed:
            self._writers.setdefault(self.hands[writer], _Hand(writer, clock)).sent.append(at)

    def take(self, chunks: Iterable[Chunk]) -> None:
        """Note what arrived, each reader's in order; what was sent has been noted before."""
        for reader, at, content in chunks:
            read = self._read(self.rests.pop(reader, b"") + content)
            self.frames += read.frames
            self.pings.extend((reader, ping) for ping in read.pings)
            if read.closes:
                self.closed.add(reader)
            if read.rest:
                self.rests[reader] = read.rest
            for client, clock, length in read.runs:
                self._give(reader, at, client, clock, length)
            for vector in read.durable:
                self._acknowledge(reader, at, vector)

    def milliseconds(self, share: float) -> float:
        """Give a percentile of the times until receipt; with nothing received, infinity."""
        return 1000 * percentile(self.times, share) if self.times else float("inf")

    def acknowledged(self) -> tuple[float, float] | None:
        """Give p50 and p95 of the milliseconds until the writer knew it durable, if this was told."""
        times = self.ack_times
        return (1000 * percentile(times, 0.5), 1000 * percentile(times, 0.95)) if times else None

    def _read(self, stream: bytes) -> _Read:
        """Read bytes once: most clients are sent the same ones."""
        known = self._known.get(stream)
        if known is None:
            known = self._known[stream] = _read(self.dialect, stream, counting=bool(self.hands))
        return known

    def _give(self, reader: int, at: float, client: int, clock: int, length: int) -> None:
        hand = self._writers.get(client)
        if hand is None or hand.writer == reader:
            return
        had = self._had.setdefault((reader, client), bytearray())
        start, end = self._whole(hand, clock), self._whole(hand, clock + length)
        had.extend(bytes(max(0, end - len(had))))
        for number in range(start, end):
            if had[number]:
                self.doubled += 1
            else:
                had[number] = 1
                self.times.append(at - hand.sent[number])

    def _acknowledge(self, reader: int, at: float, vector: dict[int, int]) -> None:
        client = self.hands[reader] if reader < len(self.hands) else -1
        hand = self._writers.get(client)
        if hand is None:
            return
        durable = self._whole(hand, vector.get(client, 0))
        for number in range(hand.durable, durable):
            self.ack_times.append(at - hand.sent[number])
        hand.durable = max(hand.durable, durable)

    def _whole(self, hand: _Hand, clock: int) -> int:
        """Give how many strokes of a writer are over before this clock."""
        return min(max(0, clock - hand.first) // self.letters, len(hand.sent))


def _read(dialect: Dialect, stream: bytes, *, counting: bool) -> _Read:
    """Read bytes; updates only where something is counted, since a draft's first text is more than letters."""
    now = heard(stream)
    said = [dialect.read(message) for message in now.messages]
    runs = [
        (struct.client, struct.clock, struct.length)
        for what in said
        if counting and what.kind in {"update", "synced"}
        for struct in structs(what.content)
    ]
    durable = tuple(clocks(what.content) for what in said if what.kind == "ack")
    return _Read(tuple(runs), durable, tuple(now.pings), now.closes, now.rest, len(now.messages))
