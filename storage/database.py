"""The database: one writer, many readers, and the bell that is rung after a commit.

Database work is synchronous, in plain functions on worker threads. A write is a function of a ``WriteTransaction``;
it runs on the one writer thread, which commits what is waiting together (one fsync for many commands), each in a
savepoint of its own: a write that fails takes back its own part only.
"""

import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from storage import log
from storage.bus import Bus, Ring

T = TypeVar("T")

MOST_IN_ONE_COMMIT = 200
BUSY_MILLISECONDS = 30_000


class DiskFull(Exception):  # noqa: N818 - named for what it is
    """There is no room left; nothing was written."""


class ReadTransaction:
    """A consistent view of the database that cannot write."""

    def __init__(self, session: Session) -> None:
        self.session = session


class WriteTransaction(ReadTransaction):
    """The one that writes. Rings are kept until it is committed."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.rings: list[Ring] = []

    def append(self, scope: str, new: log.NewEvent) -> log.Appended:
        """Write an event and remember to ring for it."""
        appended = log.append(self.session, scope, new)
        self.rings.append(Ring(scope, appended.stream, appended.seq))
        return appended


@dataclass(slots=True)
class _Job:
    work: Callable[[WriteTransaction], Any]
    future: Future[Any] = field(default_factory=Future)
    rings: list[Ring] = field(default_factory=list)
    result: Any = None
    failure: BaseException | None = None


class Database:
    """A SQLite file. ``close`` ends the writer after what is waiting is committed."""

    def __init__(self, url: str, bus: Bus) -> None:
        made = make_url(url)
        if made.get_backend_name() != "sqlite" or made.database in {None, "", ":memory:"}:
            raise ValueError("only a SQLite file is supported so far: sqlite:///FILE")
        self.bus = bus
        self.url = url
        self._writers = _engine(url, reading=False)
        self._readers = _engine(url, reading=True)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._door = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._write_forever, name="database-writer", daemon=True)
        self._thread.start()

    def write(self, work: Callable[[WriteTransaction], T]) -> Future[T]:
        """Run the work on the writer thread; the future is done once it is committed, or says why it is not.

        It can be cancelled until the work begins; after that it is carried out, whether somebody waits or not.
        """
        job = _Job(work)
        with self._door:
            if self._closed:
                raise RuntimeError("the database is closed")
            self._jobs.put(job)
        return job.future

    @contextmanager
    def reading(self) -> Iterator[ReadTransaction]:
        """Open a read transaction on this thread."""
        with self._readers.connect() as connection, Session(connection) as session:
            yield ReadTransaction(session)

    def read(self, work: Callable[[ReadTransaction], T]) -> T:
        """Run the work in a read transaction on this thread."""
        with self.reading() as transaction:
            return work(transaction)

    def close(self) -> None:
        """Commit what is waiting, end the writer, close all connections. A second call does nothing."""
        with self._door:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)  # nothing is put after it
        self._thread.join()
        self._writers.dispose()
        self._readers.dispose()

    def _write_forever(self) -> None:
        open_for_more = True
        while open_for_more:
            batch, open_for_more = self._gather()
            if batch:
                self._commit(batch)

    def _gather(self) -> tuple[list[_Job], bool]:
        """Wait for work; give what is waiting, one commit's worth at most, and whether more may come."""
        batch: list[_Job] = []
        while not batch or (len(batch) < MOST_IN_ONE_COMMIT and not self._jobs.empty()):
            job = self._jobs.get()
            if job is None:
                return batch, False
            # From here on nobody can cancel: the work is done, and its future tells how it went.
            if job.future.set_running_or_notify_cancel():
                batch.append(job)
        return batch, True

    def _commit(self, batch: list[_Job]) -> None:
        """Run all jobs in one transaction. Nobody is answered before it is on disk; only then the bells ring."""
        try:
            with self._writers.begin() as connection:
                for job in batch:
                    _run(connection, job)
                    if job.failure is not None and not _in_transaction(connection):
                        # Some failures (a full disk) make SQLite roll the whole transaction back by itself.
                        raise job.failure  # noqa: TRY301 - it aborts the whole batch, below
        except Exception as failure:  # noqa: BLE001 - whatever it is, it is handed to those who wait
            for job in batch:
                job.future.set_exception(_named(job.failure or failure))
            return
        for job in batch:
            if job.failure is not None:
                job.future.set_exception(_named(job.failure))
            else:
                job.future.set_result(job.result)
        for ring in {ring: None for job in batch for ring in job.rings}:
            self.bus.ring(ring)


def _named(failure: BaseException) -> BaseException:
    """Tell a full disk from other failures."""
    if isinstance(failure, OperationalError) and "full" in str(failure.orig):
        full = DiskFull("the disk is full; nothing was written")
        full.__cause__ = failure
        return full
    return failure


def _in_transaction(connection: Connection) -> bool:
    return bool(getattr(connection.connection.dbapi_connection, "in_transaction", True))


def _run(connection: Connection, job: _Job) -> None:
    try:
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            try:
                transaction = WriteTransaction(session)
                job.result = job.work(transaction)
                session.commit()
                job.rings = transaction.rings
            except BaseException as failure:  # noqa: BLE001 - its savepoint is rolled back; the others go on
                job.failure = failure
    except Exception as failure:  # noqa: BLE001 - as above
        # Where SQLite rolled the whole transaction back the savepoint is gone too; the first failure says why.
        job.failure = job.failure or failure


def _engine(url: str, *, reading: bool) -> Engine:
    # The writer keeps one connection, readers take from a pool.
    # An error that is logged must not print what people wrote.
    engine = create_engine(url, hide_parameters=True, poolclass=QueuePool)

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun by us, below
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # NORMAL may lose acknowledged work when the power goes
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine
