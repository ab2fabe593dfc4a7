import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.bus import MemoryBus, Ring
from storage.database import Database, DiskFull, ReadTransaction, WriteTransaction


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, MemoryBus())
    yield database
    database.close()


def found(name: str) -> Callable[[WriteTransaction], str]:
    def work(tx: WriteTransaction) -> str:
        tx.session.execute(text("INSERT INTO process VALUES (:id, 'x')"), {"id": name})
        return name

    return work


def processes(tx: ReadTransaction) -> list[str]:
    return list(tx.session.execute(text("SELECT id FROM process ORDER BY id")).scalars())


def batch(database: Database, *jobs: Callable[[WriteTransaction], Any]) -> list[Future[Any]]:
    """Hand in jobs so that they share one commit: the writer is kept busy meanwhile."""
    begun, gate = threading.Event(), threading.Event()

    def busy(_tx: WriteTransaction) -> None:
        begun.set()
        gate.wait(10)

    first = database.write(busy)
    begun.wait(10)
    futures = [database.write(job) for job in jobs]
    gate.set()
    first.exception()
    return futures


def test_what_was_acknowledged_is_there_when_the_file_is_opened_again(database_url: str, database: Database) -> None:
    assert database.write(found("pr_1")).result() == "pr_1"
    database.close()
    again = Database(database_url, MemoryBus())
    assert again.read(processes) == ["pr_1"]
    again.close()


def test_a_failing_write_takes_back_its_own_part_and_the_others_commit(database: Database) -> None:
    def broken(tx: WriteTransaction) -> None:
        found("pr_broken")(tx)
        raise LookupError("no")

    first, second, third = batch(database, found("pr_1"), broken, found("pr_3"))
    assert (first.result(), third.result()) == ("pr_1", "pr_3")
    assert isinstance(second.exception(), LookupError)
    assert database.read(processes) == ["pr_1", "pr_3"]


def test_a_write_that_breaks_a_rule_of_the_tables_takes_back_its_own_part(database: Database) -> None:
    first, second, third = batch(database, found("pr_1"), found("pr_1"), found("pr_3"))
    assert (first.exception(), third.exception()) == (None, None)
    assert isinstance(second.exception(), IntegrityError)
    assert database.read(processes) == ["pr_1", "pr_3"]


def test_even_a_job_that_would_end_the_thread_ends_only_itself(database: Database) -> None:
    def leaving(_tx: WriteTransaction) -> None:
        raise SystemExit(3)

    assert isinstance(database.write(leaving).exception(), SystemExit)
    assert database.write(found("pr_1")).result() == "pr_1"


def test_nobody_is_answered_and_no_bell_rings_before_the_commit(database_url: str, database: Database) -> None:
    seen: list[tuple[str, list[str]]] = []
    other = Database(database_url, MemoryBus())  # sees only what is committed
    database.bus.listen(lambda _ring: seen.append(("ring", other.read(processes))))

    def ringing(tx: WriteTransaction) -> None:
        found("pr_1")(tx)
        seen.append(("inside", other.read(processes)))
        tx.rings.append(Ring("do_1", "all", 1))

    future = database.write(ringing)
    future.add_done_callback(lambda _done: seen.append(("answered", other.read(processes))))
    future.result()
    database.close()
    other.close()
    assert ("inside", []) in seen
    assert ("answered", ["pr_1"]) in seen
    assert seen[-1] == ("ring", ["pr_1"])


def test_when_the_commit_fails_all_who_wait_for_it_are_told(database: Database) -> None:
    engine = database._writers  # noqa: SLF001 - there is no other way to make a commit fail
    commit = engine.dialect.do_commit

    def failing(_connection: object) -> None:
        raise OSError("the disk is gone")

    engine.dialect.do_commit = failing  # type: ignore[method-assign]
    answers = batch(database, found("pr_1"), found("pr_2"))
    outcomes = [type(answer.exception()) for answer in answers]
    engine.dialect.do_commit = commit  # type: ignore[method-assign]
    assert outcomes == [OSError, OSError]
    assert database.write(found("pr_3")).result() == "pr_3"
    assert database.read(processes) == ["pr_3"]


def test_a_failed_write_rings_no_bell(database: Database) -> None:
    rung: list[Ring] = []
    database.bus.listen(rung.append)

    def broken(tx: WriteTransaction) -> None:
        tx.rings.append(Ring("do_1", "all", 1))
        raise LookupError("no")

    assert database.write(broken).exception()
    database.write(found("pr_1")).result()
    assert rung == []


def pragma(name: str) -> Callable[[ReadTransaction], Any]:
    return lambda tx: tx.session.execute(text(f"PRAGMA {name}")).scalar()


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_the_writer_syncs_fully_keeps_foreign_keys_and_a_write_ahead_log_on_every_new_connection(
    database: Database,
) -> None:
    for _ in range(2):
        # 2 is FULL.
        asked = {name: database.write(pragma(name)).result() for name in ("synchronous", "foreign_keys", "query_only")}
        assert asked == {"synchronous": 2, "foreign_keys": 1, "query_only": 0}
        assert database.write(pragma("journal_mode")).result() == "wal"
        database._writers.dispose()  # noqa: SLF001 - the next write opens a new connection


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_the_writer_waits_for_the_disk_even_where_the_server_would_not(database_url: str, database: Database) -> None:
    def shown(name: str) -> Callable[[ReadTransaction], Any]:
        return lambda tx: tx.session.execute(text(f"SHOW {name}")).scalar()

    engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as server:
        server.execute(text(f"ALTER DATABASE {make_url(database_url).database} SET synchronous_commit = off"))
    engine.dispose()
    assert database.read(shown("synchronous_commit")) == "off"
    for _ in range(2):
        assert database.write(shown("synchronous_commit")).result() == "on"
        assert database.write(shown("lock_timeout")).result() == "10s"
        assert database.write(shown("transaction_isolation")).result() == "read committed"
        database._writers.dispose()  # noqa: SLF001 - the next write opens a new connection


def test_readers_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"):
        database.read(lambda tx: tx.session.execute(text("INSERT INTO process VALUES ('pr_1', 'x')")))


def test_a_reader_sees_one_state_from_its_first_look_to_its_last(database: Database) -> None:
    with database.reading() as tx:
        assert processes(tx) == []
        database.write(found("pr_1")).result()
        assert processes(tx) == []
    assert database.read(processes) == ["pr_1"]


def test_closing_commits_what_waits_and_a_later_write_is_refused(database_url: str, database: Database) -> None:
    gate = threading.Event()
    database.write(lambda _tx: gate.wait(10))
    futures = [database.write(found(f"pr_{n:03}")) for n in range(300)]
    closing = threading.Thread(target=database.close)
    closing.start()
    gate.set()
    closing.join()
    assert [future.result(timeout=0) for future in futures] == [f"pr_{n:03}" for n in range(300)]
    with pytest.raises(RuntimeError, match="closed"):
        database.write(found("pr_late"))
    database.close()  # does nothing
    again = Database(database_url, MemoryBus())
    assert len(again.read(processes)) == 300
    again.close()


def test_a_write_that_nobody_waits_for_any_more_harms_nobody_else(database: Database) -> None:
    gate = threading.Event()
    busy = database.write(lambda _tx: gate.wait(10))
    while not busy.running():
        pass
    gone, stays = database.write(found("pr_gone")), database.write(found("pr_stays"))
    assert gone.cancel()
    assert not busy.cancel(), "what has begun is carried out"
    gate.set()
    assert (busy.result(), stays.result()) == (True, "pr_stays")
    assert database.read(processes) == ["pr_stays"]


FULL = """
CREATE OR REPLACE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT sum(length(id)) FROM process) > {size} THEN
        RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS full_disk ON process;
CREATE TRIGGER full_disk AFTER INSERT ON process EXECUTE FUNCTION full_disk()
"""


def cap(pages: int) -> Callable[[WriteTransaction], None]:
    """Let the database grow by so many pages and no further, as a disk that is nearly full would.

    PostgreSQL cannot be held to a size: there it says so itself, in the words and by the code of a full disk.
    """

    def work(tx: WriteTransaction) -> None:
        if tx.session.connection().dialect.name == "sqlite":
            now = tx.session.execute(text("PRAGMA page_count")).scalar_one()
            tx.session.execute(text(f"PRAGMA max_page_count={now + pages}"))
        else:
            now = sum(map(len, processes(tx)))
            tx.session.connection().exec_driver_sql(FULL.format(size=now + pages * 4096))

    return work


def test_a_full_disk_is_refused_loses_nothing_acknowledged_and_works_again_after(database: Database) -> None:
    def heavy(name: str) -> Callable[[WriteTransaction], str]:
        return lambda tx: found(f"{name}{'x' * 3000}")(tx)[:4]

    database.write(cap(12)).result()
    acknowledged, refused = [], []
    for n in range(100, 150):
        future = database.write(heavy(str(n)))
        (refused if future.exception() else acknowledged).append(str(n))
        assert future.exception() is None or isinstance(future.exception(), DiskFull)
    assert acknowledged
    assert refused
    assert [name[:3] for name in database.read(processes)] == acknowledged
    assert all(isinstance(f.exception(), DiskFull) for f in batch(database, heavy("200"), heavy("201")))
    database.write(cap(1000)).result()
    database.write(heavy("999")).result()
    assert [name[:3] for name in database.read(processes)] == [*acknowledged, "999"]


def test_what_the_full_disk_swept_away_with_another_write_is_not_acknowledged(database: Database) -> None:
    def heavy(tx: WriteTransaction) -> None:
        found("x" * 30_000)(tx)

    database.write(cap(0)).result()
    light = [found(f"pr_{n}") for n in range(3)]
    answers = batch(database, light[0], light[1], heavy, light[2])
    acknowledged = [answer.result() for answer in answers if answer.exception() is None]
    assert isinstance(answers[2].exception(), DiskFull)
    assert database.read(processes) == acknowledged
    database.write(cap(1000)).result()
    assert database.read(processes) == acknowledged


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://host/room"])
def test_a_database_of_no_known_kind_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="sqlite:///FILE"):
        Database(url, MemoryBus())
