"""What a reader asks of a busy round: the snapshot, the compilation, a page of events, as time per call.

The round has 400 sections, 1,000 amendments and 2,000 comments of 60 delegations; the reader is the secretary, who
sees all of it. Ours is the query's function in a read transaction, and for the snapshot also with its JSON, as the
answer is sent. The peer is the bare read: one ``sqlite3`` connection on the same file that selects the same rows
of the same tables and fetches them.
"""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from bench.result import Peer, Result, against, sqlite_version, versions
from bench.stage import Stage, Table, staged
from drafting.queries.amendments import amendments_for, decisions_for
from drafting.queries.compilation import compilation
from drafting.queries.discussion import comments_for
from drafting.queries.documents import events_after, snapshot
from drafting.queries.people import Reader
from storage.database import ReadTransaction

_TEXT = (
    "SELECT * FROM manifestline JOIN sectionversion ON sectionversion.id = section_version WHERE version = :version",
    "SELECT * FROM version WHERE document = :document",
    "SELECT * FROM round WHERE document = :document",
)
_AMENDMENTS = (
    "SELECT * FROM amendment WHERE document = :document",
    "SELECT * FROM revision WHERE amendment IN (SELECT id FROM amendment WHERE document = :document)",
)
_COMMENTS = ("SELECT * FROM comment WHERE document = :document",)
_EVENTS = ("SELECT * FROM event WHERE scope = :document ORDER BY place LIMIT 500",)


@dataclass(frozen=True, slots=True)
class Size:
    """The round, and repeats."""

    sections: int = 400
    amendments: int = 1000
    comments: int = 2000
    repeats: int = 7


FULL = Size()
QUICK = Size(sections=100, amendments=100, comments=200, repeats=3)

Query = Callable[[ReadTransaction, Reader], object]


def run(size: Size) -> Iterator[Result]:
    """Measure all cases."""
    with tempfile.TemporaryDirectory() as folder, staged(Path(folder)) as stage:
        table = stage.table(size.sections, size.amendments, size.comments)
        who = stage.reader(table, stage.secretary)
        file = make_url(stage.house.database.url).database or ""
        peer = Peer(
            "bare sqlite3 read of the same rows", versions("sqlalchemy", "sqlmodel", "pydantic") | sqlite_version()
        )
        for case, query, statements in _cases(stage, table):
            pairs = []
            with closing(sqlite3.connect(file)) as bare:
                for _ in range(size.repeats):
                    theirs = _milliseconds(lambda: _rows(bare, statements, table))  # noqa: B023 - called at once
                    pairs.append((_milliseconds(lambda: _asked(stage, who, query)), theirs))  # noqa: B023 - as above
            yield against(
                "reading", f"{case}, {size.amendments} amendments, {size.comments} comments", "ms", pairs, peer
            )


def _cases(stage: Stage, table: Table) -> list[tuple[str, Query, tuple[str, ...]]]:
    cursors = stage.house.cursors
    return [
        ("snapshot", lambda tx, who: snapshot(tx, who, cursors), _TEXT + _AMENDMENTS + _COMMENTS),
        (
            "snapshot with its JSON",
            lambda tx, who: snapshot(tx, who, cursors).model_dump_json(),
            _TEXT + _AMENDMENTS + _COMMENTS,
        ),
        ("amendments", lambda tx, who: amendments_for(tx, who, decisions_for(tx, who)), _AMENDMENTS),
        ("comments", comments_for, _COMMENTS),
        ("compilation", lambda tx, who: compilation(tx, who, None), _TEXT + _AMENDMENTS),
        ("500 events", lambda tx, _: events_after(tx, table.document, 0), _EVENTS),
    ]


def _asked(stage: Stage, who: Reader, query: Query) -> object:
    return stage.house.database.read(lambda tx: query(tx, who))


def _rows(bare: sqlite3.Connection, statements: tuple[str, ...], table: Table) -> int:
    about = {"document": table.document, "version": table.version}
    return sum(len(bare.execute(statement, about).fetchall()) for statement in statements)


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)
