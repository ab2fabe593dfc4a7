import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel, col, select

import storage.tables  # noqa: F401 - fills the metadata
from storage.bus import MemoryBus
from storage.columns import AwareTime, stamp
from storage.database import ConnectionLostError, Database
from storage.migrate import OtherTablesError, migrate
from storage.tables import Participant, Receipt

if TYPE_CHECKING:
    from tests.postgres import Postgres

TIMES = st.datetimes(timezones=st.timezones()).filter(lambda at: 2 < at.year < 9999)


@pytest.fixture
def url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database that has no tables yet."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'a room, 100% new.sqlite3'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.empty() as address:
        yield address


def test_the_migrations_bring_exactly_the_tables_of_the_metadata(url: str) -> None:
    migrate(url)
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    engine.dispose()


def test_migrating_again_changes_nothing_and_keeps_every_row(url: str) -> None:
    migrate(url)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO process VALUES ('pr_1', 'Budapest')"))
    tables = inspect(engine).get_table_names()
    migrate(url)
    assert inspect(engine).get_table_names() == tables
    with engine.connect() as connection:
        assert connection.execute(text("SELECT * FROM process")).all() == [("pr_1", "Budapest")]
    engine.dispose()


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_all_text_is_sorted_by_code_point_whatever_the_servers_locale(url: str) -> None:
    migrate(url)
    engine = create_engine(url)
    asked = text(
        "SELECT table_name, column_name, collation_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type IN ('text', 'character varying')"
    )
    with engine.connect() as connection:
        columns = [row for row in connection.execute(asked) if row.table_name != "alembic_version"]
    engine.dispose()
    assert len(columns) > 60
    assert [row for row in columns if row.collation_name != "C"] == []


def test_handles_sort_as_python_sorts_them(database_url: str) -> None:
    handles = ["-x", "B", "Z", "_", "a", "a-b", "ab", "z", "é", "я", "\U0001f30d"]
    assert handles == sorted(handles)
    database = Database(database_url, MemoryBus())
    people = [Participant(id=f"pa_{n}", handle=handle, name="x") for n, handle in enumerate(reversed(handles))]
    database.write(lambda tx: tx.session.add_all(people)).result()
    asked = select(Participant.handle).order_by(col(Participant.handle))
    assert database.read(lambda tx: list(tx.session.exec(asked))) == handles
    database.close()


def test_json_comes_back_with_its_keys_and_numbers_as_they_were_written(database_url: str) -> None:
    answer = {"made": {"zebra": 1, "a": 2.0, "bb": 1e300}, "é": ["\u2028", None, True], "": 12345678901234567890}
    database = Database(database_url, MemoryBus())
    receipt = {"participant": "pa_1", "command": "C1", "digest": "", "scope": "do_1", "place": 2**40, "answer": answer}
    database.write(lambda tx: tx.session.add(Receipt(**receipt))).result()
    kept = database.read(lambda tx: tx.session.get_one(Receipt, ("pa_1", "C1")))
    assert json.dumps(kept.answer) == json.dumps(answer)
    assert kept.place == 2**40
    database.close()


def test_tables_that_an_unreleased_version_made_are_refused_in_a_sentence(url: str) -> None:
    migrate(url)
    engine = create_engine(url)
    for change in ("ALTER TABLE document DROP COLUMN regroupings", "ALTER TABLE document ADD COLUMN mood VARCHAR"):
        with engine.begin() as connection:
            connection.execute(text(change))
        with pytest.raises(OtherTablesError, match=r"The table document .*regroupings.* Start anew"):
            migrate(url)
    engine.dispose()


def test_a_database_that_is_not_there_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConnectionLostError, match="cannot be reached"):
        migrate(f"postgresql+psycopg://nobody@/room?host={tmp_path}")


def test_programs_that_start_at_once_migrate_once(url: str) -> None:
    program = f"from storage.migrate import migrate; migrate({url!r})"
    started = [subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [(one.communicate()[1], one.returncode) for one in started] == [("", 0)] * 3


def test_a_migration_that_fails_half_way_leaves_nothing_behind(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE revision (occupied INTEGER)"))
    with pytest.raises(DBAPIError, match=r'revision"? already exists'):
        migrate(url)
    assert inspect(engine).get_table_names() == ["revision"]
    engine.dispose()


@given(TIMES)
def test_a_time_comes_back_as_the_same_moment_in_utc(at: datetime) -> None:
    kept = AwareTime()
    dialect = sqlite.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy does not type it
    stored = kept.process_bind_param(at, dialect)
    back = kept.process_result_value(stored, dialect)
    assert back is not None
    assert back == at.astimezone(UTC)
    assert back.utcoffset() == timedelta(0)


@given(TIMES, TIMES)
def test_stored_times_sort_as_the_moments_do(a: datetime, b: datetime) -> None:
    assert (stamp(a) < stamp(b)) == (a.astimezone(UTC) < b.astimezone(UTC))


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        AwareTime().process_bind_param(datetime(2026, 3, 2, 9), sqlite.dialect())  # type: ignore[no-untyped-call] # noqa: DTZ001 - that is the test


def test_a_database_with_times_of_its_own_gets_them_in_utc() -> None:
    kept, dialect = AwareTime(), postgresql.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy does not type it
    noon = datetime(2026, 3, 2, 12, tzinfo=timezone(timedelta(hours=2)))
    assert kept.process_bind_param(noon, dialect) == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert kept.process_result_value(noon, dialect).isoformat() == "2026-03-02T10:00:00+00:00"  # type: ignore[union-attr]
    assert kept.process_bind_param(None, dialect) is None


def test_a_new_file_can_be_read_by_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "new.sqlite3"
    migrate(f"sqlite:///{file}")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
