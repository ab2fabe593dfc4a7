"""How Alembic reaches the database: the URL given, the tables of ``storage.tables``.

All of it is one transaction that begins with a lock: of two programs that start at once, the second waits and finds
the tables there; and one that is killed half-way leaves nothing behind.
"""

from alembic import context
from sqlmodel import SQLModel

import storage.tables  # noqa: F401 - fills the metadata
from storage.engines import engines_of

engine = engines_of(context.config.get_main_option("sqlalchemy.url") or "").migrator()
with engine.begin() as begun:
    # SQLite cannot alter a column: Alembic copies the table instead.
    context.configure(connection=begun, target_metadata=SQLModel.metadata, render_as_batch=True, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
