"""Bring a database to the newest tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, make_url
from sqlmodel import SQLModel

import storage.tables  # noqa: F401 - fills the metadata
from storage.database import told
from storage.engines import Engines, engines_of


class OtherTablesError(Exception):
    """The database says that its tables are the newest, and they are others: an unreleased version made them."""


def migrate(url: str) -> None:
    """Create or upgrade the tables at the SQLAlchemy URL; does nothing when they are the newest.

    A new SQLite file can be read by its owner only, wherever it lies. Raises ``ConnectionLostError`` where there is no
    database, and ``OtherTablesError`` where its tables are none of a released version.
    """
    made = make_url(url)
    file = made.database if made.get_backend_name() == "sqlite" else None
    if file and not Path(file).exists():
        Path(file).touch(mode=0o600)
    engines = engines_of(url)
    with told(engines):
        command.upgrade(_config(url), "head")
        _compare(engines)


def _compare(engines: Engines) -> None:
    # The migrator's waits for others that migrate; a reader's would set the journal's mode, which waits for nobody.
    engine = engines.migrator()
    try:
        found = inspect(engine).get_multi_columns()
    finally:
        engine.dispose()
    there = {table: {column["name"] for column in columns} for (_, table), columns in found.items()}
    for name, table in SQLModel.metadata.tables.items():
        if other := there.get(name, set()) ^ set(table.columns.keys()):
            raise OtherTablesError(
                f"The table {name} of this database is one of an unreleased version (see {', '.join(sorted(other))}), "
                "which cannot be upgraded. Start anew: name another database, or move this one away."
            )


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config
