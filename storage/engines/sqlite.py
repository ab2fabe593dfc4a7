"""SQLite: one file, one writer at a time, and no lock on rows."""

from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError

from storage.engines.engines import Meaning

BUSY_MILLISECONDS = 30_000
FORGET_MILLISECONDS = 1_000
_WAL = "PRAGMA journal_mode=WAL"
_SHRED = "PRAGMA secure_delete=ON"


@dataclass(frozen=True, slots=True)
class Sqlite:
    """A file, in WAL mode. Its write transactions begin IMMEDIATE: who is let in is alone until the commit."""

    url: str

    def writer(self) -> Engine:
        """Give an engine that syncs fully at each commit."""
        # NORMAL may lose acknowledged work when the power goes.
        return self._engine("IMMEDIATE", _WAL, _SHRED, "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON")

    def reader(self) -> Engine:
        """Give an engine that only queries."""
        return self._engine("DEFERRED", _WAL, "PRAGMA query_only=ON")

    def migrator(self) -> Engine:
        """Give an engine whose transactions begin with the write lock, and hold what it creates as well."""
        return self._engine("IMMEDIATE")

    def hurry(self, connection: Connection) -> None:
        """Do nothing: there is no other transaction to wait for."""

    def size(self, connection: Connection) -> int:
        """Count the pages of the file, those of its log that are not in it yet too."""
        pages, bytes_ = (
            connection.exec_driver_sql(f"PRAGMA {said}").scalar_one() for said in ("page_count", "page_size")
        )
        return int(pages * bytes_)

    def over(self, connection: Connection) -> bool:
        """Tell whether SQLite rolled everything back by itself, as it does when the disk is full."""
        return not getattr(connection.connection.dbapi_connection, "in_transaction", False)

    def forget(self, writers: Engine) -> None:
        """Write the file anew and empty the write-ahead log.

        That what is deleted is overwritten by zeros is not enough: copies were found in pages whose rows had moved.
        Raises ``TimeoutError`` where a reader holds an older state for longer than a moment.
        """
        raw = writers.raw_connection()
        try:
            with closing(raw.cursor()) as cursor:
                cursor.execute("VACUUM")
                cursor.execute(f"PRAGMA busy_timeout={FORGET_MILLISECONDS}")
                (busy, *_) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        finally:
            raw.close()
        if busy:
            raise TimeoutError("a reader holds the write-ahead log")

    def meaning(self, failure: DBAPIError) -> Meaning:
        """Tell a full disk from other failures."""
        return Meaning.FULL if "full" in str(failure.orig) else Meaning.OTHER

    def _engine(self, mode: str, *pragmas: str) -> Engine:
        engine = create_engine(self.url, hide_parameters=True, poolclass=QueuePool)

        @event.listens_for(engine, "connect")
        def _connected(connection: Any, _record: object) -> None:
            connection.isolation_level = None  # transactions are begun by us, below
            for pragma in (f"PRAGMA busy_timeout={BUSY_MILLISECONDS}", *pragmas):
                connection.execute(pragma)

        @event.listens_for(engine, "begin")
        def _begun(connection: Connection) -> None:
            connection.exec_driver_sql(f"BEGIN {mode}")

        return engine
