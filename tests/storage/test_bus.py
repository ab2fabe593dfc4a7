import logging
import queue
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from storage.bus import Bus, MemoryBus, Ring
from storage.bus import postgresql as wire
from storage.bus.postgresql import PostgresqlBus

RING = Ring("do_1", "all", 4)
on_postgresql = pytest.mark.parametrize("kind", ["postgresql"], indirect=True)


@pytest.fixture
def bus(kind: str, database_url: str) -> Iterator[Bus]:
    with closing(MemoryBus() if kind == "sqlite" else PostgresqlBus(database_url)) as bus:
        yield bus


def heard_by(bus: Bus) -> "queue.SimpleQueue[Ring]":
    heard: queue.SimpleQueue[Ring] = queue.SimpleQueue()
    bus.listen(heard.put)
    return heard


def server_of(url: str) -> "psycopg.Connection[tuple[object, ...]]":
    said = make_url(url)
    return psycopg.connect(host=str(said.query["host"]), user=said.username, dbname=said.database, autocommit=True)


def test_every_listener_hears_until_it_stops(bus: Bus) -> None:
    first: list[Ring] = []
    second: list[Ring] = []
    stop = bus.listen(first.append)
    bus.listen(second.append)
    bus.ring(RING)
    stop()
    bus.ring(Ring("do_1", "all", 5))
    bus.close()
    assert first == [RING]
    assert second == [RING, Ring("do_1", "all", 5)]


def test_one_listener_that_fails_is_logged_and_the_others_hear_all_the_same(
    bus: Bus, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[Ring] = []

    def deaf(_ring: Ring) -> None:
        raise OSError("deaf")

    bus.listen(deaf)
    bus.listen(heard.append)
    with caplog.at_level(logging.ERROR):
        bus.ring(RING)
    assert heard == [RING]
    assert "a listener failed" in caplog.text


@on_postgresql
def test_what_rings_at_one_node_rings_once_at_each(bus: Bus, database_url: str) -> None:
    with closing(PostgresqlBus(database_url)) as other, closing(PostgresqlBus(database_url)) as third:
        heard = [heard_by(one) for one in (bus, other, third)]
        rings = [Ring("do_1", "delegation:ARV", n) for n in range(300)]
        for ring in rings:
            bus.ring(ring)
        assert [heard[0].get(timeout=0) for _ in rings] == rings, "here it rings at once"
        for far in heard[1:]:
            assert {far.get(timeout=5) for _ in rings} == set(rings)
        other.ring(RING)
        assert [one.get(timeout=5) for one in heard] == [RING] * 3
    time.sleep(0.1)
    assert [one.empty() for one in heard] == [True] * 3


@on_postgresql
def test_closing_sends_what_waits(bus: Bus, database_url: str) -> None:
    heard = heard_by(bus)
    with closing(PostgresqlBus(database_url)) as leaving:
        leaving.ring(RING)
    assert heard.get(timeout=5) == RING
    leaving.ring(RING)  # harms nobody


@on_postgresql
def test_what_is_no_ring_is_left_aside(bus: Bus, database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    heard = heard_by(bus)
    with server_of(database_url) as server:
        for said in ("", "{", "7", '["do_1"]', '["do_1","all",1,2]'):
            server.execute("SELECT pg_notify(%s, %s)", (wire.CHANNEL, said))
        server.execute("SELECT pg_notify(%s, %s)", (wire.CHANNEL, '["do_1","all",4]'))
    assert heard.get(timeout=5) == RING
    assert caplog.text.count("no ring") == 5


@on_postgresql
def test_a_bus_that_was_cut_off_takes_another_connection_and_rings_on(
    bus: Bus, database_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(wire, "PAUSE_SECONDS", 0.05)
    here = heard_by(bus)
    with closing(PostgresqlBus(database_url)) as other:
        far = heard_by(other)
        with server_of(database_url) as server:
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        until = time.monotonic() + 10
        while far.empty():
            assert time.monotonic() < until
            bus.ring(RING)
            assert here.get(timeout=0) == RING, "nobody here is kept waiting"
            time.sleep(0.05)
        assert far.get() == RING
    assert "lost its connection" in caplog.text


def test_a_bus_whose_database_is_not_there_rings_here_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(PostgresqlBus(f"postgresql+psycopg://nobody:secret@/room?host={tmp_path}")) as bus:
        heard = heard_by(bus)
        bus.ring(RING)
        assert heard.get(timeout=0) == RING
    assert "cannot reach the database" in caplog.text
    assert "secret" not in caplog.text
