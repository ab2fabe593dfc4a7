"""Several nodes write in one database at the same time: none fails, none overtakes, no number is left out."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from storage import log
from storage.bus import MemoryBus
from storage.database import ConnectionLostError, Database, ReadTransaction, WriteTransaction
from storage.engines import postgresql
from storage.log import NewEvent
from storage.tables import Participant

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
STREAMS = ("all", "delegation:ARV", "all", "secretariat")
on_postgresql = pytest.mark.parametrize("kind", ["postgresql"], indirect=True)


def event(n: int) -> NewEvent:
    said = {"kind": "comment_posted", "n": n}
    return NewEvent(STREAMS[n % 4], "comment_posted", "arv", "head:ARV", f"C{n}", "0" * 64, AT, said)


@pytest.fixture
def nodes(database_url: str) -> Iterator[list[Database]]:
    """Four nodes with their writers, as two processes with two each would have; two documents."""
    with ExitStack() as stack:
        nodes = [stack.enter_context(closing(Database(database_url, MemoryBus()))) for _ in range(4)]
        for scope in ("do_1", "do_2"):
            nodes[0].write(lambda tx, s=scope: log.found(tx.session, s, "document")).result()
        yield nodes


def raw(node: Database) -> "psycopg.Connection[tuple[object, ...]]":
    said = make_url(node.url)
    return psycopg.connect(host=str(said.query["host"]), user=said.username, dbname=said.database, autocommit=True)


def test_two_hundred_concurrent_writes_of_four_nodes_all_succeed_and_leave_no_gap(nodes: list[Database]) -> None:
    def one(n: int) -> log.Appended:
        return nodes[n % 4].write(lambda tx: tx.append("do_1", event(n))).result()

    with ThreadPoolExecutor(32) as threads:
        appended = list(threads.map(one, range(200)))
    assert sorted(where.place for where in appended) == list(range(1, 201))
    for stream, count in {"all": 100, "delegation:ARV": 50, "secretariat": 50}.items():
        assert sorted(where.seq for where in appended if where.stream == stream) == list(range(1, count + 1))
    assert nodes[0].read(lambda tx: list(log.findings(tx.session, "do_1"))) == []


def test_nodes_that_write_in_two_documents_crosswise_all_succeed(nodes: list[Database]) -> None:
    def one(n: int) -> log.Appended:
        scope = "do_1" if (n // 4 + n % 4) % 2 else "do_2"
        return nodes[n % 4].write(lambda tx: tx.append(scope, event(n))).result()

    with ThreadPoolExecutor(32) as threads:
        appended = list(threads.map(one, range(200)))
    for scope in ("do_1", "do_2"):
        assert sorted(where.place for where in appended if where.scope == scope) == list(range(1, 101))


def in_one_transaction(node: Database, *jobs: Callable[[WriteTransaction], log.Appended]) -> list[Future[log.Appended]]:
    """Hand in jobs while the node's writer is busy: what can share a transaction will."""
    begun, gate = threading.Event(), threading.Event()
    node.write(lambda _tx: (begun.set(), gate.wait(10)))
    begun.wait(10)
    futures = [node.write(job) for job in jobs]
    gate.set()
    return futures


@on_postgresql
def test_two_nodes_that_each_want_what_the_other_holds_do_not_wait_for_each_other(nodes: list[Database]) -> None:
    both_hold = threading.Barrier(2, timeout=10)
    runs: list[str] = []

    def hold(scope: str) -> Callable[[WriteTransaction], log.Appended]:
        def work(tx: WriteTransaction) -> log.Appended:
            appended = tx.append(scope, event(1))
            both_hold.wait()
            return appended

        return work

    def want(scope: str) -> Callable[[WriteTransaction], log.Appended]:
        def work(tx: WriteTransaction) -> log.Appended:
            runs.append(scope)
            return tx.append(scope, event(2))

        return work

    begun = time.monotonic()
    one = in_one_transaction(nodes[0], hold("do_1"), want("do_2"), want("do_1"))
    other = in_one_transaction(nodes[1], hold("do_2"), want("do_1"), want("do_2"))
    places = [[future.result(10).place for future in futures] for futures in (one, other)]
    assert time.monotonic() - begun < 1, "PostgreSQL itself looks for a deadlock only after a second"
    assert len(runs) > 4, "at least one had to begin again"
    assert [first for first, *_ in places] == [1, 1]
    assert sorted(place for futures in places for place in futures) == [1, 1, 2, 2, 3, 3]


@on_postgresql
def test_what_another_node_was_first_to_insert_is_found_at_the_second_try(nodes: list[Database]) -> None:
    both_looked = threading.Barrier(2, timeout=10)

    def accredit(name: str) -> Callable[[WriteTransaction], str]:
        tries: list[int] = []

        def work(tx: WriteTransaction) -> str:
            row = tx.session.exec(select(Participant).where(Participant.handle == "eve")).first()
            tries.append(1)
            if len(tries) == 1:
                both_looked.wait()
            if row is None:
                row = Participant(id=f"pa_{name}", handle="eve", name=name)
                tx.session.add(row)
                tx.session.flush()
            return row.id

        return work

    futures = [node.write(accredit(name)) for node, name in zip(nodes, ("one", "two"), strict=False)]
    first, second = (future.result(10) for future in futures)
    assert first == second


@on_postgresql
def test_a_lock_that_is_never_given_back_is_waited_for_a_while_and_no_longer(
    nodes: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "LOCK_PATIENCE", "200ms")
    with closing(Database(nodes[0].url, MemoryBus())) as node, raw(node) as holder:
        with holder.transaction():
            holder.execute("SELECT * FROM scope WHERE id = 'do_1' FOR UPDATE")
            begun = time.monotonic()
            refused, other = (node.write(lambda tx, s=s: tx.append(s, event(1))) for s in ("do_1", "do_2"))
            assert isinstance(refused.exception(10), DBAPIError)
            assert "lock timeout" in str(refused.exception())
            assert other.result(10).place == 1
            assert 0.2 <= time.monotonic() - begun < 3
        assert node.write(lambda tx: tx.append("do_1", event(1))).result(10).place == 1


@on_postgresql
def test_a_node_that_stops_in_the_middle_loses_its_locks_and_says_so(
    nodes: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "IDLE_PATIENCE", "200ms")
    asleep, awake = threading.Event(), threading.Event()

    def stop(tx: WriteTransaction) -> log.Appended:
        tx.append("do_1", event(1))
        asleep.set()
        awake.wait(10)
        return tx.append("do_1", event(2))

    with closing(Database(nodes[0].url, MemoryBus())) as node:
        stopped = node.write(stop)
        asleep.wait(10)
        assert nodes[0].write(lambda tx: tx.append("do_1", event(3))).result(10).place == 1
        awake.set()
        assert isinstance(stopped.exception(10), ConnectionLostError)
        assert node.write(lambda tx: tx.append("do_1", event(4))).result(10).place == 2


@on_postgresql
def test_a_connection_that_breaks_while_nothing_happens_is_replaced_unnoticed(nodes: list[Database]) -> None:
    node = nodes[0]
    assert node.read(lambda tx: log.last_place(tx.session, "do_1")) == 0
    with raw(node) as server:
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    assert node.write(lambda tx: tx.append("do_1", event(1))).result(10).place == 1
    assert node.read(lambda tx: log.last_place(tx.session, "do_1")) == 1


def end_of_line(tx: ReadTransaction) -> None:
    tx.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


@on_postgresql
def test_a_connection_that_breaks_in_the_middle_is_told_to_all_whom_it_concerns_and_the_next_use_works(
    nodes: list[Database],
) -> None:
    node, rung = nodes[0], []
    node.bus.listen(rung.append)
    first, broken, third = in_one_transaction(
        node,
        lambda tx: tx.append("do_1", event(1)),
        end_of_line,  # type: ignore[arg-type] # it gives nothing, and never will
        lambda tx: tx.append("do_1", event(3)),
    )
    for future in (first, broken, third):
        assert isinstance(future.exception(10), ConnectionLostError)
    with pytest.raises(ConnectionLostError, match="ask again"):
        node.read(end_of_line)
    assert rung == []
    assert node.write(lambda tx: tx.append("do_1", event(4))).result(10).place == 1
    assert node.read(lambda tx: log.last_place(tx.session, "do_1")) == 1
