"""A backup is taken while others write, and put back elsewhere: all that was acknowledged before it began is in it."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Self

import pytest
from sqlalchemy import NullPool, create_engine, text

from drafting.house import House
from storage.backup import InUseError, NoBackupError, NotEmptyError, back_up, restore
from tests.casting import Cast, Clock, opened
from tests.conftest import FreshDatabase
from tests.postgres import binaries


@pytest.fixture(autouse=True)
def _programs(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if kind == "postgresql":
        monkeypatch.setenv("PATH", f"{binaries()}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def elsewhere(kind: str, fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[str]:
    """The address of another database, with nothing in it."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'elsewhere' / 'room.sqlite3'}"
    else:
        with fresh_database() as url:
            yield url


@contextmanager
def reopened(url: str, tmp_path: Path) -> Iterator[House]:
    house = opened(tmp_path / "other-home", Clock(), url)
    yield house
    house.close()


def commands(url: str) -> set[str]:
    """The commands of all events in a database."""
    with create_engine(url, poolclass=NullPool).connect() as connection:
        return set(connection.execute(text("SELECT command FROM event")).scalars())


class Writer:
    """Gives one command after the other, from two threads, until told to stop."""

    def __init__(self, room: Cast) -> None:
        self.room = room
        self.receipts: list[str] = []
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self.write, args=(handle,)) for handle in ("arv", "bor")]

    def write(self, handle: str) -> None:
        while not self.stopping.is_set():
            said = {"section": self.room.sections[5], "body": f"{handle} number {len(self.receipts)} " * 20}
            self.receipts.append(self.room.do(handle, "post_comment", **said).id)

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join(20)

    def wait_for(self, number: int) -> None:
        while len(self.receipts) < number:
            assert all(thread.is_alive() for thread in self.threads)


def test_a_backup_taken_while_others_write_holds_all_that_was_acknowledged_before(
    room: Cast, elsewhere: str, tmp_path: Path
) -> None:
    with Writer(room) as writer:
        writer.wait_for(20)
        before = set(writer.receipts)
        back_up(room.house.database.url, tmp_path / "backup")
        writer.wait_for(len(writer.receipts) + 20)  # and it held nobody up for good
    restore(elsewhere, tmp_path / "backup", force=False)
    with reopened(elsewhere, tmp_path) as house:
        other = Cast(house, Clock(), process=room.process, document=room.document)
        assert other.verify().findings == []
        assert before <= commands(elsewhere)
        assert len(commands(elsewhere)) < len(commands(room.house.database.url))
        assert {comment.by for comment in other.snapshot("sec").comments} == {"arv", "bor"}


def test_a_backup_is_for_its_owner_alone_and_replaces_the_last_one_whole(room: Cast, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    file.write_bytes(b"the last one")
    back_up(room.house.database.url, file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.stat().st_size > 10_000
    assert sorted(path.name for path in tmp_path.iterdir() if "backup" in path.name) == ["backup"]


def test_a_backup_that_fails_leaves_the_last_one_as_it_was(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    file.write_bytes(b"the last one")
    nowhere = {"sqlite": f"sqlite:///{tmp_path}/nowhere", "postgresql": f"postgresql+psycopg://x@/x?host={tmp_path}"}
    with pytest.raises(OSError, match=r"no database|failed"):
        back_up(nowhere[kind], file)
    assert file.read_bytes() == b"the last one"
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == ["backup"]


def test_a_database_with_something_in_it_is_replaced_by_force_alone(room: Cast, elsewhere: str, tmp_path: Path) -> None:
    back_up(room.house.database.url, tmp_path / "first")
    said = {"section": room.sections[5], "body": "After the first backup."}
    later = room.do("arv", "post_comment", **said).id
    back_up(room.house.database.url, tmp_path / "second")
    restore(elsewhere, tmp_path / "second", force=False)
    with pytest.raises(NotEmptyError):
        restore(elsewhere, tmp_path / "first", force=False)
    assert later in commands(elsewhere)
    restore(elsewhere, tmp_path / "first", force=True)
    assert later not in commands(elsewhere)


def test_a_database_that_is_open_is_not_replaced_even_by_force(room: Cast, elsewhere: str, tmp_path: Path) -> None:
    back_up(room.house.database.url, tmp_path / "backup")
    restore(elsewhere, tmp_path / "backup", force=False)
    with reopened(elsewhere, tmp_path) as house:
        assert Cast(house, Clock()).verify().findings == []
        with pytest.raises(InUseError):
            restore(elsewhere, tmp_path / "backup", force=True)
        assert Cast(house, Clock()).verify().findings == []
    restore(elsewhere, tmp_path / "backup", force=True)


@pytest.mark.parametrize(
    "content", [b"", b"SQLite format 3\x00", b"SQLite format 3\x00" + b"\xff" * 8_000, b"PGDMP", b"a diary"]
)
def test_a_file_that_is_no_backup_replaces_nothing(room: Cast, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    room.house.close()
    before = commands(room.house.database.url)
    with pytest.raises((NoBackupError, OSError)):
        restore(room.house.database.url, tmp_path / "file", force=True)
    assert commands(room.house.database.url) == before


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_what_was_purged_is_in_no_backup_even_in_unused_parts(room: Cast, kind: str, tmp_path: Path) -> None:
    assert kind == "sqlite"
    path = room.house.database.url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as live:
        live.execute("PRAGMA secure_delete=OFF")
        live.execute("CREATE TABLE scratch (said TEXT)")
        live.executemany("INSERT INTO scratch VALUES (?)", [(f"canary {n}" * 200,) for n in range(50)])
        live.commit()
        live.execute("DROP TABLE scratch")
        live.commit()
        live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"canary" in Path(path).read_bytes()
    back_up(room.house.database.url, tmp_path / "backup")
    assert b"canary" not in (tmp_path / "backup").read_bytes()


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_another_sort_of_sqlite_file_is_no_backup(kind: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other")) as other:
        other.execute(f"CREATE TABLE {kind} (a)")
    with pytest.raises(NoBackupError):
        restore(f"sqlite:///{tmp_path / 'room.sqlite3'}", tmp_path / "other", force=True)
    assert not (tmp_path / "room.sqlite3").exists()


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_without_the_servers_own_programs_it_says_which_is_missing(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FileNotFoundError) as missing:
        back_up(database_url, tmp_path / "backup")
    assert (missing.value.filename, missing.value.strerror) == (
        "pg_dump",
        "not found; install PostgreSQL's client programs",
    )


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_the_password_of_the_server_is_not_among_the_arguments(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told: list[Any] = []

    def noting(arguments: list[str], env: dict[str, str], **_: object) -> Any:
        told.append((arguments, env["PGPASSWORD"]))
        raise OSError("noted")

    monkeypatch.setattr("storage.backup.subprocess.run", noting)
    with pytest.raises(OSError, match="noted"):
        back_up(database_url.replace("drafting@", "drafting:s3cret@"), tmp_path / "backup")
    ((arguments, password),) = told
    assert password == "s3cret"  # noqa: S105 - the test's own
    assert "s3cret" not in " ".join(arguments)
    assert "***" not in " ".join(arguments)
