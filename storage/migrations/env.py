"""How Alembic reaches the database: the URL given, the tables of ``storage.tables``.

All of it is one transaction that begins with the write lock: of two programs that start at once, the second waits and
finds the tables there; and one that is killed half-way leaves nothing behind.
"""

from typing import Any

from alembic import context
from sqlalchemy import Connection, create_engine, event
from sqlmodel import SQLModel

import storage.tables  # noqa: F401 - fills the metadata

engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "", connect_args={"timeout": 30})


@event.listens_for(engine, "connect")
def _connected(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # sqlite3 would commit before every CREATE


@event.listens_for(engine, "begin")
def _begun(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


with engine.begin() as begun:
    # SQLite cannot alter a column: Alembic copies the table instead.
    context.configure(connection=begun, target_metadata=SQLModel.metadata, render_as_batch=True, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
