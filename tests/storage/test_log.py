from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from storage import log
from storage.bus import MemoryBus
from storage.database import Database
from storage.log import Finding, NewEvent
from tests.casting import tamper

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
STREAMS = ("all", "delegation:ARV", "all", "secretariat", "all", "delegation:ARV")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, MemoryBus())
    database.write(lambda tx: (log.found(tx.session, "do_1", "document"), log.found(tx.session, "do_2", "document")))
    yield database
    database.close()


def event(stream: str, n: int) -> NewEvent:
    said = {"kind": "comment_posted", "body": f"مرحبا {n}", "z": 1, "a": [None, True]}
    return NewEvent(stream, "comment_posted", "arv", "head:ARV", f"C{n}", "0" * 64, AT + timedelta(seconds=n), said)


def append(database: Database, stream: str, n: int, scope: str = "do_1") -> log.Appended:
    return database.write(lambda tx: tx.append(scope, event(stream, n))).result()


@pytest.fixture
def filled(database: Database) -> Database:
    """A log of six events in three streams, and a neighbour with one."""
    for n, stream in enumerate(STREAMS):
        append(database, stream, n)
    append(database, "all", 9, "do_2")
    return database


def findings(database: Database, scope: str = "do_1") -> list[Finding]:
    return database.read(lambda tx: list(log.findings(tx.session, scope)))


def test_events_stand_at_their_streams_next_number_and_at_one_hidden_place(filled: Database) -> None:
    rows = filled.read(lambda tx: log.after(tx.session, "do_1", 0))
    assert [(row.stream, row.seq, row.place) for row in rows] == [
        ("all", 1, 1),
        ("delegation:ARV", 1, 2),
        ("all", 2, 3),
        ("secretariat", 1, 4),
        ("all", 3, 5),
        ("delegation:ARV", 2, 6),
    ]
    assert filled.read(lambda tx: [row.place for row in log.after(tx.session, "do_1", 4)]) == [5, 6]
    assert filled.read(lambda tx: [row.place for row in log.after(tx.session, "do_1", 1, most=2)]) == [2, 3]
    assert filled.read(lambda tx: log.last_place(tx.session, "do_1", ["all", "secretariat"])) == 5
    assert filled.read(lambda tx: log.last_place(tx.session, "do_1", [])) == 0
    assert filled.read(lambda tx: log.last_place(tx.session, "do_1")) == 6


def test_a_log_that_nobody_touched_verifies(filled: Database) -> None:
    assert findings(filled) == []
    assert findings(filled, "do_2") == []


def test_the_hash_covers_the_previous_hash_and_the_payloads_digest(filled: Database) -> None:
    first, third = filled.read(lambda tx: [row for row in log.after(tx.session, "do_1", 0) if row.stream == "all"][:2])
    assert first.previous == ""
    assert third.previous == first.hash
    assert first.payload == '{"a":[null,true],"body":"مرحبا 0","kind":"comment_posted","z":1}'
    # sha256 of exactly those bytes, by sha256sum
    assert first.digest == "6abe8ad6990c6be5e8bf7273c1cf81cc0c47a10c769dbbf44b99368d5063166b"


def test_two_hundred_concurrent_writes_from_sixteen_threads_leave_no_gap(database: Database) -> None:
    def one(n: int) -> log.Appended:
        return append(database, STREAMS[n % len(STREAMS)], n)

    with ThreadPoolExecutor(16) as threads:
        appended = list(threads.map(one, range(200)))
    assert sorted(where.place for where in appended) == list(range(1, 201))
    for stream in set(STREAMS):
        numbers = sorted(where.seq for where in appended if where.stream == stream)
        assert numbers == list(range(1, len(numbers) + 1))
    assert findings(database) == []


ALTERED = {
    "scope": "do_3",
    "stream": "chair",
    "seq": 77,
    "place": 99,
    "kind": "comment_deleted",
    "participant": "bor",
    "capacity": "head:BOR",
    "command": "C8",
    "receipt": "1" * 64,
    "at": AT + timedelta(seconds=2, microseconds=1),
    "payload": '{"a":[null,true],"body":"other","kind":"comment_posted","z":1}',
    "digest": "0" * 64,
    "previous": "0" * 64,
    "hash": "0" * 64,
}


def test_every_column_of_an_event_is_altered_below() -> None:
    assert ALTERED.keys() == set(log.EVENTS.c.keys())


@pytest.mark.parametrize("column", sorted(ALTERED.keys() - {"payload", "hash"}))
def test_the_hash_covers_every_column_so_that_no_event_can_be_rewritten_under_those_after_it(
    filled: Database, column: str
) -> None:
    row = dict(filled.read(lambda tx: log.after(tx.session, "do_1", 2))[0]._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    assert log.chain(row) == row["hash"]
    assert log.chain({**row, column: ALTERED[column]}) != row["hash"]


@pytest.mark.parametrize("place", [1, 3, 6])
@pytest.mark.parametrize("column", ALTERED)
def test_an_altered_column_of_an_event_is_found_and_named(filled: Database, column: str, place: int) -> None:
    value = ALTERED[column]
    event = log.EVENTS
    tamper(filled, update(event).where(event.c.scope == "do_1", event.c.place == place).values({column: value}))
    found = findings(filled)
    stream, seq = {1: ("all", 1), 3: ("all", 2), 6: ("delegation:ARV", 2)}[place]
    moved = {"stream": (value, seq), "seq": (stream, value)}.get(column, (stream, seq))
    names = {f"{stream} {seq}", f"{moved[0]} {moved[1]}", stream, f"{stream} {seq + 1}", "scope"}
    assert {finding.place for finding in found} & names


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE stream SET name = 'chair' WHERE name = 'secretariat'", "chair"),
        ("UPDATE stream SET scope = 'do_3' WHERE name = 'secretariat'", "secretariat"),
        ("UPDATE stream SET seq = 2 WHERE name = 'secretariat'", "secretariat"),
        ("UPDATE stream SET head = 'x' WHERE name = 'secretariat'", "secretariat"),
        ("DELETE FROM stream WHERE name = 'secretariat'", "secretariat"),
        ("UPDATE scope SET last_place = 7 WHERE id = 'do_1'", "scope"),
        ("UPDATE scope SET last_place = 5 WHERE id = 'do_1'", "scope"),
        ("UPDATE scope SET id = 'do_3' WHERE id = 'do_1'", "scope"),
        ("DELETE FROM scope WHERE id = 'do_1'", "scope"),
    ],
)
def test_an_altered_or_deleted_row_of_a_stream_or_scope_is_found_and_named(
    filled: Database, change: str, named: str
) -> None:
    tamper(filled, change)
    assert named in {finding.place for finding in findings(filled)}


@pytest.mark.parametrize("place", range(1, 7))
def test_any_deleted_event_is_found_the_last_one_too(filled: Database, place: int) -> None:
    tamper(filled, "DELETE FROM event WHERE scope = 'do_1' AND place = :place", place=place)
    assert findings(filled)


def test_a_gap_is_named_where_it_is(filled: Database) -> None:
    tamper(filled, "DELETE FROM event WHERE scope = 'do_1' AND place = 3")
    assert [(finding.scope, finding.place, finding.what) for finding in findings(filled)] == [
        ("do_1", "secretariat 1", "events are missing before it: place 2 is followed by 4"),
        ("do_1", "all 3", "follows number 1 of its stream: events were deleted or renumbered"),
    ]


def test_an_event_that_changes_places_with_its_neighbour_is_found(filled: Database) -> None:
    for old, new in ((3, 99), (5, 3), (99, 5)):
        tamper(filled, "UPDATE event SET place = :new WHERE scope = 'do_1' AND place = :old", old=old, new=new)
    assert findings(filled)


def test_a_purged_payload_leaves_the_chain_whole_and_reads_as_empty(filled: Database) -> None:
    tamper(filled, "UPDATE event SET payload = NULL WHERE scope = 'do_1' AND place = 2")
    assert findings(filled) == []
    append(filled, "delegation:ARV", 7)
    assert findings(filled) == []
    assert log.parsed(None) == {}


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_what_was_purged_is_in_no_byte_of_the_file_when_it_is_answered(database: Database, tmp_path: Path) -> None:
    for n in range(40):
        append(database, "delegation:ARV", n)

    def on_disk() -> bytes:
        return b"".join(file.read_bytes() for file in sorted(tmp_path.glob("room.sqlite3*")))

    assert "مرحبا 7".encode() in on_disk()
    database.write(lambda tx: tx.purge("do_1", "delegation:ARV", range(1, 41))).result()
    assert "مرحبا".encode() not in on_disk()
    assert findings(database) == []


def test_a_purge_is_answered_and_noticed_by_nobody_else(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    append(database, "all", 1)
    append(database, "delegation:ARV", 2)
    database.write(lambda tx: tx.purge("do_1", "delegation:ARV", [1])).result()
    payloads = database.read(lambda tx: [row.payload for row in log.after(tx.session, "do_1", 0)])
    assert [payload is None for payload in payloads] == [False, True]
    append(database, "delegation:ARV", 3)
    assert findings(database) == []
    assert "may still be found" not in caplog.text


def test_the_heads_are_number_and_hash_of_each_streams_last_event(filled: Database) -> None:
    heads = filled.read(lambda tx: log.heads(tx.session, "do_1"))
    last = {row.stream: [row.seq, row.hash] for row in filled.read(lambda tx: log.after(tx.session, "do_1", 0))}
    assert heads == last
    assert {name: seq for name, (seq, _) in heads.items()} == {"all": 3, "delegation:ARV": 2, "secretariat": 1}


def test_a_scope_that_was_never_founded_has_no_place_and_takes_no_event(database: Database) -> None:
    assert database.write(lambda tx: log.lock(tx.session, "do_9")).result() is None
    failure = database.write(lambda tx: tx.append("do_9", event("all", 1))).exception()
    assert "foreign key" in str(failure).lower()
