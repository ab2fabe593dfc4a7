"""Commands per second and their latency, as a share of the bare engine's commit rate on the same disk.

Ours: 1 and 16 threads, each calling ``Executor.execute(...).result()`` on a real SQLite file, for ``table_amendment``
and ``post_comment`` in a round of 400 sections with 0 and with 1,000 amendments before the first measured command
(the measured ones come on top). The peer: one ``sqlite3`` connection on the same disk (WAL, ``synchronous=FULL``,
``BEGIN IMMEDIATE``) that inserts as many rows of the same number of bytes and updates two small rows, as the command
does: each in a commit of its own against 1 writer, 16 in a commit against 16 writers. Both take turns, in repeats.
Latency is from the call to the receipt; the bare engine's is that of its commit.
"""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import text

from bench.result import Peer, Result, against, percentile, sqlite_version, versions
from bench.stage import Stage, Table, comment, staged
from drafting.protocol.commands import Command, Envelope
from drafting.queries.people import Person

WRITERS = (1, 16)
_WRITTEN = ("event", "receipt", "amendment", "revision", "comment")
"""The tables that the two commands insert into."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: commands in a repeat, shared among the writers; repeats; the round they come into."""

    commands: int = 160
    repeats: int = 5
    sections: int = 400
    existing: tuple[int, ...] = (0, 1000)


FULL = Size()
QUICK = Size(commands=32, repeats=3, existing=(0, 100))


class Timing(NamedTuple):
    """One repeat: how many a second, and how long each took, in seconds."""

    rate: float
    latencies: list[float]


def run(size: Size) -> Iterator[Result]:
    """Measure all cases."""
    with tempfile.TemporaryDirectory() as folder, staged(Path(folder) / "home") as stage:
        makers: dict[str, Callable[[Table, int], Command]] = {
            "table_amendment": stage.amendment,
            "post_comment": comment,
        }
        for existing in size.existing:
            for kind, make in makers.items():
                for writers in WRITERS:
                    table = stage.table(size.sections, existing)
                    case = f"{kind}, {existing} amendments before, {writers} writer{'s' * (writers > 1)}"
                    ours = _Ours(stage, partial(_next, stage, table, make, count(existing)))
                    with closing(_Bare(Path(folder) / "bare.sqlite3", ours.row_bytes())) as bare:
                        pairs = [
                            (bare.time(size.commands, writers), ours.time(size.commands // writers, writers))
                            for _ in range(size.repeats)
                        ]
                    yield from _results(case, pairs, writers)


def _next(
    stage: Stage, table: Table, make: Callable[[Table, int], Command], turns: Iterator[int]
) -> tuple[Person, Envelope]:
    number = next(turns)
    return stage.head(number), stage.envelope(make(table, number))


class _Ours:
    """The executor. ``give`` makes the next command and says whose it is."""

    def __init__(self, stage: Stage, give: Callable[[], tuple[Person, Envelope]]) -> None:
        self._stage = stage
        self._give = give

    def time(self, commands: int, writers: int) -> Timing:
        """Let each writer give so many commands, one after the other."""
        # Commands are made beforehand: parsing is the client's and the socket's work, not the engine's.
        given = [[self._give() for _ in range(commands)] for _ in range(writers)]
        with ThreadPoolExecutor(writers) as threads:
            start = time.perf_counter()
            latencies = [took for some in threads.map(self._write, given) for took in some]
            return Timing(commands * writers / (time.perf_counter() - start), latencies)

    def _write(self, given: list[tuple[Person, Envelope]]) -> list[float]:
        latencies = []
        for person, envelope in given:
            start = time.perf_counter()
            self._stage.house.executor.execute(person, envelope).result()
            latencies.append(time.perf_counter() - start)
        return latencies

    def row_bytes(self) -> list[int]:
        """Give the bytes of each row that one command inserts."""
        before = self._rows()
        self._stage.house.executor.execute(*self._give()).result()
        after = self._rows()
        return [size for name in _WRITTEN for size in after[name][len(before[name]) :]]

    def _rows(self) -> dict[str, list[int]]:
        with self._stage.house.database.reading() as tx:
            rows = {name: tx.session.execute(text(f"SELECT * FROM {name} ORDER BY rowid")) for name in _WRITTEN}  # noqa: S608 - our own names
            return {
                name: [sum(len(str(value).encode()) for value in row if value is not None) for row in found]
                for name, found in rows.items()
            }


class _Bare:
    """The bare engine, writing rows of these sizes."""

    def __init__(self, file: Path, row_bytes: list[int]) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        for number in range(len(row_bytes)):
            self._connection.execute(f"DROP TABLE IF EXISTS written{number}")
            self._connection.execute(f"CREATE TABLE written{number} (id TEXT PRIMARY KEY, body TEXT)")
        for name in ("scope", "stream"):
            self._connection.execute(f"DROP TABLE IF EXISTS {name}")
            self._connection.execute(f"CREATE TABLE {name} (id INTEGER PRIMARY KEY, last INTEGER, head TEXT)")
            self._connection.execute(f"INSERT INTO {name} VALUES (1, 0, '')")  # noqa: S608 - our own names
        self._key_bytes = 26
        self._bodies = ["x" * max(0, size - self._key_bytes) for size in row_bytes]
        self._turns = count()

    def time(self, commands: int, in_one_commit: int) -> Timing:
        """Write the rows of so many commands."""
        latencies = []
        start = time.perf_counter()
        for _ in range(commands // in_one_commit):
            begun = time.perf_counter()
            self._connection.execute("BEGIN IMMEDIATE")
            for _ in range(in_one_commit):
                self._write(next(self._turns))
            self._connection.execute("COMMIT")
            latencies.append(time.perf_counter() - begun)
        return Timing(commands / (time.perf_counter() - start), latencies)

    def _write(self, turn: int) -> None:
        for number, body in enumerate(self._bodies):
            self._connection.execute(
                f"INSERT INTO written{number} VALUES (?, ?)",  # noqa: S608 - our own names
                (f"{turn:0{self._key_bytes}d}", body),
            )
        self._connection.execute("UPDATE stream SET last = ?, head = ? WHERE id = 1", (turn, "h" * 64))
        self._connection.execute("UPDATE scope SET last = ? WHERE id = 1", (turn,))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _results(case: str, pairs: list[tuple[Timing, Timing]], writers: int) -> Iterator[Result]:
    name = f"bare sqlite3, WAL, synchronous=FULL, {writers} command{'s' * (writers > 1)} a commit, same rows and bytes"
    peer = Peer(name, versions("sqlalchemy", "sqlmodel") | sqlite_version())
    yield against("commands", case, "commands/s", ((ours.rate, bare.rate) for bare, ours in pairs), peer)
    for share, called in ((0.5, "p50"), (0.99, "p99")):
        took = [(1000 * percentile(o.latencies, share), 1000 * percentile(b.latencies, share)) for b, o in pairs]
        yield against("commands", f"{case}, {called}", "ms", took, peer)
