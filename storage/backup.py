"""Copies of a whole database: taken while others write in it, and put back where there is none.

A SQLite file is copied by SQLite itself, without what was deleted and still lies in unused pages; a PostgreSQL database
by its own programs ``pg_dump`` and ``pg_restore``, which must be on the PATH.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from errno import ENOENT
from pathlib import Path

from sqlalchemy import URL, NullPool, create_engine, make_url, text

from storage.engines.postgresql import REACH

_MAGIC = {"sqlite": b"SQLite format 3\x00", "postgresql": b"PGDMP"}
_ANYTHING = ("scope", "participant")
"""Tables of which one has a row as soon as the database is used."""


class NotEmptyError(Exception):
    """The database to restore has something in it."""


class InUseError(Exception):
    """Somebody has the database open that is to be restored."""


class NoBackupError(Exception):
    """The file is no backup for a database of this kind."""


def back_up(url: str, file: Path) -> None:
    """Write the database at the SQLAlchemy URL, as it stands now, to the file; it is there whole or not at all.

    All that was committed before this was called is in it. Raises ``FileNotFoundError`` where there is no database, or
    no program to copy it with; ``OSError`` with what such a program said.
    """
    made = make_url(url)
    with _written(file) as part:
        if made.get_backend_name() == "sqlite":
            _copy_sqlite(Path(made.database or ""), part)
        else:
            _run("pg_dump", made, "--format=custom", f"--file={part}")


def restore(url: str, file: Path, *, force: bool) -> None:
    """Put the backup in the place of the database at the SQLAlchemy URL.

    Raises ``NotEmptyError`` where that has something in it, unless forced to; ``InUseError`` while somebody has it
    open, forced or not; ``NoBackupError`` if the file is none.
    """
    made = make_url(url)
    backend = made.get_backend_name()
    with file.open("rb") as opened:
        if not opened.read(16).startswith(_MAGIC[backend]):
            raise NoBackupError
    if not force and _used(made):
        raise NotEmptyError
    if backend == "sqlite":
        _replace_sqlite(Path(made.database or ""), file)
    else:
        _close_to_others(made)
        said = ("--clean", "--if-exists", "--single-transaction", "--exit-on-error", str(file))
        _run("pg_restore", made, *said)


@contextmanager
def _written(file: Path) -> Iterator[Path]:
    """Give a file, readable by its owner only, to write; it takes the other's place when all of it is on disk."""
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    try:
        yield part
        _sync(part)
        part.replace(file)
        _sync(file.parent)
    finally:
        part.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _used(made: URL) -> bool:
    """Tell whether there is a database, and something in it."""
    if made.get_backend_name() == "sqlite" and not Path(made.database or "").exists():
        return False
    engine = create_engine(made, poolclass=NullPool)
    with engine.connect() as connection:
        there = set(engine.dialect.get_table_names(connection))
        asked = (f"SELECT 1 FROM {table} LIMIT 1" for table in _ANYTHING if table in there)  # noqa: S608 - our own names
        return any(connection.execute(text(one)).first() for one in asked)


# -- SQLite -------------------------------------------------------------------------------------------------------


def _copy_sqlite(source: Path, target: Path) -> None:
    if not source.exists():
        raise FileNotFoundError(ENOENT, "there is no database", str(source))
    with closing(sqlite3.connect(source, isolation_level=None)) as live:
        live.execute("VACUUM INTO ?", (str(target),))


def _replace_sqlite(target: Path, file: Path) -> None:
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?immutable=1", uri=True)) as copy:
        try:
            sound = copy.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
            names = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        except sqlite3.DatabaseError:
            raise NoBackupError from None
    if not sound or not set(_ANYTHING) <= names:
        raise NoBackupError
    if target.exists():
        with closing(sqlite3.connect(target, timeout=0, isolation_level=None)) as live:
            try:
                # It leaves the WAL mode only when nobody else has it open; and then no log of the old one is left over.
                live.execute("PRAGMA journal_mode=DELETE")
            except sqlite3.OperationalError:
                raise InUseError from None
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _written(target) as part:
        shutil.copyfile(file, part)


# -- PostgreSQL ---------------------------------------------------------------------------------------------------


def _close_to_others(made: URL) -> None:
    """Refuse where a node of the service, or its command line, is connected."""
    with create_engine(made, poolclass=NullPool).connect() as connection:
        others = text("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = :name")
        if connection.execute(others, {"name": REACH["application_name"]}).first():
            raise InUseError


def _run(program: str, made: URL, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs; the password is not among its arguments, which everybody may read."""
    found = shutil.which(program)
    if found is None:
        raise FileNotFoundError(ENOENT, "not found; install PostgreSQL's client programs", program)
    bare = URL.create("postgresql", made.username, None, made.host, made.port, made.database, made.query)
    password = {"PGPASSWORD": str(made.password)} if made.password else {}
    done = subprocess.run(  # noqa: S603 - a program of the operator's own, and no shell
        [found, "--no-owner", "--no-privileges", f"--dbname={bare.render_as_string()}", *arguments],
        env={**os.environ, **password},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it failed"]
        raise OSError(done.returncode, said[0], program)
