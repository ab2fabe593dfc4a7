"""What PostgreSQL acknowledged is kept, whatever becomes of its server, and of the machine."""

import itertools
import re
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.bus import MemoryBus
from storage.database import ConnectionLostError, Database, ReadTransaction, WriteTransaction
from tests.postgres import Postgres


def found(tx: WriteTransaction, name: str) -> str:
    tx.session.execute(text("INSERT INTO process VALUES (:id, 'x')"), {"id": name})
    return name


def processes(tx: ReadTransaction) -> list[str]:
    return list(tx.session.execute(text("SELECT id FROM process ORDER BY id")).scalars())


def test_what_was_acknowledged_is_there_after_the_server_was_killed_and_the_next_use_works() -> None:
    with closing(Postgres()) as server, server.fresh() as url, closing(Database(url, MemoryBus())) as database:
        acknowledged = [database.write(lambda tx, n=n: found(tx, f"pr_{n}")).result() for n in range(5)]
        server.kill()
        # The part of the server that we speak with outlives the rest by a moment.
        names = (f"pr_late_{n:06}" for n in itertools.count())
        for name in names:
            if failure := database.write(lambda tx, name=name: found(tx, name)).exception():
                break
            acknowledged.append(name)
        assert isinstance(failure, ConnectionLostError)
        with pytest.raises(ConnectionLostError, match="cannot be reached"):
            database.read(processes)
        server.start()
        kept = database.read(processes)
        assert kept[: len(acknowledged)] == acknowledged
        assert len(kept) <= len(acknowledged) + 1, "of the last one nobody could know"
        assert database.write(lambda tx: found(tx, "pr_new")).result() == "pr_new"


def test_every_acknowledgement_waited_for_the_disk() -> None:
    with closing(Postgres(quick=False)) as server:
        server.stop()
        trace = server.folder / "trace"
        server.start("strace", "-f", "-qq", "-y", "-e", "trace=fdatasync,fsync", "-o", str(trace))
        with server.fresh() as url, closing(Database(url, MemoryBus())) as database:
            database.write(lambda tx: found(tx, "pr_first")).result()
            for n in range(5):
                before = synced(trace)
                database.write(lambda tx, n=n: found(tx, f"pr_{n}")).result()
                assert synced(trace) > before


def synced(trace: Path) -> int:
    """Count how often the write-ahead log was brought to the disk."""
    return len(re.findall(r"(?:fdatasync|fsync)\(\d+<[^>]*pg_wal/[^>]*>\)", trace.read_text()))
