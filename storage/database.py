"""The database: one writer, many readers, and the bell that is rung after a commit.

Database work is synchronous, in plain functions on worker threads. A write is a function of a ``WriteTransaction``;
it runs on the one writer thread, which commits what is waiting together (one fsync for many commands), each in a
savepoint of its own: a write that fails takes back its own part only.

Several nodes may write in one PostgreSQL database, each with its own writer. A transaction that holds locks waits for
no other: the write that would have to wait begins the next transaction, and waits there, holding nothing.
"""

import logging
import queue
import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from storage import log, updates
from storage.bus import Bus, Ring
from storage.engines import Engines, Meaning, engines_of

T = TypeVar("T")

MOST_IN_ONE_COMMIT = 200

_log = logging.getLogger(__name__)


class DiskFull(Exception):  # noqa: N818 - named for what it is
    """There is no room left; nothing was written."""


class ConnectionLostError(ConnectionError):
    """The database cannot be reached, or went away. What was being committed may have been, or not: ask again."""


@contextmanager
def told(engines: Engines) -> Iterator[None]:
    """Raise what is to be told apart, a full disk and a lost database, under its own name."""
    try:
        yield
    except DBAPIError as failure:
        if (named := _named(engines, failure)) is failure:
            raise
        raise named from failure


def _named(engines: Engines, failure: BaseException) -> BaseException:
    # A full disk may come wrapped: SQLite has rolled back by itself, and then the savepoint cannot be, which fails too.
    meant = [engines.meaning(one) for one in _led_to(failure) if isinstance(one, DBAPIError)]
    named: BaseException
    match next((meaning for meaning in meant if meaning is not Meaning.OTHER), Meaning.OTHER):
        case Meaning.FULL:
            named = DiskFull("the disk is full; nothing was written")
        case Meaning.LOST:
            named = ConnectionLostError("the database cannot be reached; ask again to learn what became of a write")
        case _:
            return failure
    named.__cause__ = failure
    return named


def _led_to(failure: BaseException | None) -> Iterator[BaseException]:
    """Give the failure and, one after the other, those that led to it."""
    while failure is not None:
        yield failure
        failure = failure.__cause__ or failure.__context__


class ReadTransaction:
    """A consistent view of the database that cannot write."""

    def __init__(self, session: Session) -> None:
        self.session = session


class WriteTransaction(ReadTransaction):
    """The one that writes. Rings are kept until it is committed."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.rings: list[Ring] = []
        self.purged = False

    def append(self, scope: str, new: log.NewEvent) -> log.Appended:
        """Write an event and remember to ring for it."""
        appended = log.append(self.session, scope, new)
        self.rings.append(Ring(scope, appended.stream, appended.seq))
        return appended

    def type_in(self, draft: str, content: bytes) -> int:
        """Write an update of a working draft, remember to ring for it, and give its number."""
        number = updates.append(self.session, draft, content)
        self.rings.append(Ring(draft, "", number))
        return number

    def purge(self, scope: str, stream: str, seqs: Collection[int]) -> None:
        """Erase the payloads of events. What this transaction has deleted is no longer on disk when it is answered,
        as far as the database lets us.
        """
        log.purge(self.session, scope, stream, seqs)
        self.purged = True


@dataclass(slots=True)
class _Job:
    work: Callable[[WriteTransaction], Any]
    future: Future[Any] = field(default_factory=Future)
    rings: list[Ring] = field(default_factory=list)
    purged: bool = False
    result: Any = None
    failure: BaseException | None = None
    again: bool = False


class Database:
    """A SQLite file, or a PostgreSQL database. ``close`` ends the writer after what is waiting is committed."""

    def __init__(self, url: str, bus: Bus) -> None:
        self.bus = bus
        self.url = url
        self._engines = engines_of(url)
        self._writers = self._engines.writer()
        self._readers = self._engines.reader()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._door = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._write_forever, name="database-writer", daemon=True)
        self._thread.start()

    def write(self, work: Callable[[WriteTransaction], T]) -> Future[T]:
        """Run the work on the writer thread; the future is done once it is committed, or says why it is not.

        It can be cancelled until the work begins; after that it is carried out, whether somebody waits or not. Work
        that another node was in the way of is done a second time, from its beginning: only what it wrote is undone.
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
        with (
            told(self._engines),
            self._readers.connect() as connection,
            Session(connection) as session,
        ):
            yield ReadTransaction(session)

    def read(self, work: Callable[[ReadTransaction], T]) -> T:
        """Run the work in a read transaction on this thread."""
        with self.reading() as transaction:
            return work(transaction)

    @property
    def waiting(self) -> int:
        """How much work waits for the writer."""
        return self._jobs.qsize()

    def size(self) -> int:
        """Tell how many bytes the database takes."""
        with told(self._engines), self._readers.connect() as connection:
            return self._engines.size(connection)

    def close(self) -> None:
        """Commit what is waiting, end the writer, close all connections. A second call does nothing."""
        with self._door:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)  # nothing is put after it
        self._thread.join()
        # Whose connection to a SQLite file is the last one tidies up, for which a reader has no right.
        self._readers.dispose()
        self._writers.dispose()

    def _write_forever(self) -> None:
        open_for_more = True
        while open_for_more:
            batch, open_for_more = self._gather()
            while batch:
                batch = self._commit(batch)

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

    def _commit(self, batch: list[_Job]) -> list[_Job]:
        """Run the jobs in one transaction, up to one that has to wait; give those that are left for the next.

        Nobody is answered before it is on disk; only then the bells ring.
        """
        done: list[_Job] = []
        try:
            with self._writers.begin() as connection:
                for job in batch:
                    _run(connection, job)
                    if job.failure is not None and self._engines.over(connection):
                        # Some failures (SQLite's full disk, a lost connection) end the whole transaction.
                        raise job.failure  # noqa: TRY301 - it aborts the whole batch, below
                    if self._raced(job):
                        break
                    done.append(job)
                    if len(done) == 1:
                        self._engines.hurry(connection)
        except Exception as failure:  # noqa: BLE001 - whatever it is, it is handed to those who wait
            for job in batch:
                job.future.set_exception(_named(self._engines, job.failure or failure))
            return []
        if any(job.purged for job in done):
            self._forget()
        self._answer(done)
        return batch[len(done) :]

    def _raced(self, job: _Job) -> bool:
        """Tell whether another node was in the job's way; if so it is made ready to run once more."""
        failure = job.failure
        if job.again or not isinstance(failure, DBAPIError) or self._engines.meaning(failure) is not Meaning.RACED:
            return False
        job.again, job.failure = True, None
        return True

    def _forget(self) -> None:
        try:
            self._engines.forget(self._writers)
        except Exception:  # noqa: BLE001 - whatever it is, those who wait are answered
            # It is committed all the same; what is left in unused parts of the file goes with the next purge.
            _log.exception("What was purged may still be found in unused parts of the database's files")

    def _answer(self, done: list[_Job]) -> None:
        for job in done:
            if job.failure is not None:
                job.future.set_exception(_named(self._engines, job.failure))
            else:
                job.future.set_result(job.result)
        for ring in {ring: None for job in done for ring in job.rings}:
            self.bus.ring(ring)


def _run(connection: Connection, job: _Job) -> None:
    try:
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            try:
                transaction = WriteTransaction(session)
                job.result = job.work(transaction)
                session.commit()
                job.rings, job.purged = transaction.rings, transaction.purged
            except BaseException as failure:  # noqa: BLE001 - its savepoint is rolled back; the others go on
                job.failure = failure
    except Exception as failure:  # noqa: BLE001 - as above
        # Where SQLite rolled the whole transaction back the savepoint is gone too; the first failure says why.
        job.failure = job.failure or failure
