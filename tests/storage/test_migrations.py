import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel

import storage.tables  # noqa: F401 - fills the metadata
from storage.columns import AwareTime, stamp
from storage.migrate import migrate

TIMES = st.datetimes(timezones=st.timezones()).filter(lambda at: 2 < at.year < 9999)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'a room, 100% new.sqlite3'}"


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


def test_programs_that_start_at_once_migrate_once(url: str) -> None:
    program = f"from storage.migrate import migrate; migrate({url!r})"
    started = [subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [(one.communicate()[1], one.returncode) for one in started] == [("", 0)] * 3


def test_a_migration_that_fails_half_way_leaves_nothing_behind(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE revision (occupied INTEGER)"))
    with pytest.raises(OperationalError, match="revision already exists"):
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
