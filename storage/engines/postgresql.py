"""PostgreSQL: a server that several nodes share. Who writes in a scope holds its row's lock until the commit."""

import logging
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from storage.engines.engines import Meaning

LOCK_PATIENCE = "10s"
IDLE_PATIENCE = "10s"
MIGRATION_PATIENCE = "60s"
_NO_PATIENCE = "1ms"
_MIGRATION_LOCK = 7_202_817_283
"""Any number that nobody else in the same database takes for an advisory lock."""
REACH = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
    "application_name": "drafting-room",
}
"""A server that went silent is given up within half a minute; by default it would be waited for very long."""
_RACED = frozenset({"40001", "40P01", "55P03", "23505"})
"""Could not serialise, deadlock, lock not available; and a key that another node was first to insert."""
_FULL = "53100"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Postgresql:
    """A database on a server. Its clock and its collations are not relied on: times are given, text is compared in
    the collation of its columns.
    """

    url: str

    def writer(self) -> Engine:
        """Give an engine that waits for the disk at each commit, and for nobody else's lock without end.

        A node that stops in the middle of a transaction loses it, and its locks with it.
        """
        engine = self._engine("READ COMMITTED")

        @event.listens_for(engine, "connect")
        def _connected(connection: Any, _record: object) -> None:
            connection.execute(
                f"SET lock_timeout = '{LOCK_PATIENCE}'; SET idle_in_transaction_session_timeout = '{IDLE_PATIENCE}'"
            )
            # Off, it would acknowledge what is not on disk; the other settings wait for this disk at least.
            connection.execute(
                "SELECT set_config('synchronous_commit', 'on', false)"
                " WHERE current_setting('synchronous_commit') = 'off'"
            )
            (fsync,) = connection.execute("SHOW fsync").fetchone()
            connection.commit()
            if fsync == "off":
                _log.warning("PostgreSQL runs with fsync off: what it acknowledges may be lost when the power goes")

        return engine

    def reader(self) -> Engine:
        """Give an engine of repeatable, read-only transactions."""
        engine = self._engine("REPEATABLE READ")

        @event.listens_for(engine, "connect")
        def _connected(connection: Any, _record: object) -> None:
            connection.read_only = True

        return engine

    def migrator(self) -> Engine:
        """Give an engine whose transactions begin with a lock that they all take."""
        engine = self._engine("READ COMMITTED", poolclass=NullPool)

        @event.listens_for(engine, "begin")
        def _begun(connection: Connection) -> None:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{MIGRATION_PATIENCE}'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")

        return engine

    def hurry(self, connection: Connection) -> None:
        """Wait for no lock any more: two nodes that each wait while they hold a lock may wait for each other."""
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_NO_PATIENCE}'")

    def size(self, connection: Connection) -> int:
        """Ask the server."""
        return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())

    def over(self, connection: Connection) -> bool:
        """Tell whether the connection is gone: a statement that fails ends its savepoint only."""
        return connection.invalidated or connection.closed

    def forget(self, writers: Engine) -> None:
        """Free what was deleted for other rows. What its pages and its write-ahead log still hold is overwritten in
        time; the server does not let us hurry that.
        """
        with writers.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")

    def meaning(self, failure: DBAPIError) -> Meaning:
        """Read the server's five-character state; there is none when the server cannot be reached."""
        state = getattr(failure.orig, "sqlstate", None)
        if state == _FULL:
            return Meaning.FULL
        if failure.connection_invalidated or (state is None and type(failure.orig).__name__ == "OperationalError"):
            return Meaning.LOST
        return Meaning.RACED if state in _RACED else Meaning.OTHER

    def _engine(self, isolation: str, **said: Any) -> Engine:
        return create_engine(
            self.url,
            hide_parameters=True,
            isolation_level=isolation,
            connect_args=REACH,
            pool_pre_ping=True,  # a server that was restarted is noticed before it is relied on
            **said,
        )
