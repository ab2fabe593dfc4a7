"""The house: what a running service, a command line and a demonstration all stand on, put together once."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from datetime import UTC, datetime
from multiprocessing import get_context, parent_process
from typing import ParamSpec, TypeVar

from drafting.config import Settings
from drafting.executor import Executor
from drafting.protocol.commands import Command, Envelope, Receipt
from drafting.queries.cursors import Cursors
from drafting.queries.people import Person
from storage.bus import Bus, MemoryBus
from storage.bus.postgresql import PostgresqlBus
from storage.database import Database
from storage.ids import Mint
from storage.migrate import migrate

WORKERS = 2
P = ParamSpec("P")
T = TypeVar("T")


class House:
    """Opens the database (migrated first) and holds what works on it. ``now`` and ``mint`` may be set for a demo."""

    def __init__(
        self,
        settings: Settings,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        mint: Mint | None = None,
    ) -> None:
        migrate(settings.database_url)
        self.settings = settings
        self.now = now
        self.mint = mint or Mint()
        self.bus: Bus = PostgresqlBus(settings.database_url) if settings.bus == "postgresql" else MemoryBus()
        self.database = Database(settings.database_url, self.bus)
        self.cursors = Cursors(settings.key())
        self.executor = Executor(self.database, self.cursors, settings.limits, now, self.mint)
        self._pool: ProcessPoolExecutor | None = None
        self._pool_lock = threading.Lock()

    def take(self, person: Person, command: Command) -> Receipt:
        """Carry a command out under a new id and wait for its receipt."""
        envelope = Envelope(id=self.mint.command(self.now()), command=command)
        return self.executor.execute(person, envelope).result()

    def apart(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> Future[T]:
        """Do slow, pure work in another process: one busy thread would slow every socket down.

        Raises what the work raises; and ``BrokenProcessPool`` if its process died, after which the next one is new.
        """
        with self._pool_lock:
            for _ in range(2):
                self._pool = self._pool or ProcessPoolExecutor(
                    WORKERS, mp_context=get_context("spawn"), initializer=_end_with_parent
                )
                with suppress(BrokenProcessPool):
                    return self._pool.submit(work, *arguments, **named)
                self._pool = None
            raise BrokenProcessPool("no process could be started")

    def close(self) -> None:
        """Finish what is waiting and close."""
        self.database.close()
        self.bus.close()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    """Watch the process that this one works for: it may be killed, and then nobody else would end this one."""

    def watch() -> None:
        if (parent := parent_process()) is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
