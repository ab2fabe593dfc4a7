"""What differs between the databases: how they are opened, how a transaction begins, and what their failures mean."""

from sqlalchemy import make_url

from storage.engines.engines import Engines, Meaning
from storage.engines.postgresql import Postgresql
from storage.engines.sqlite import Sqlite

__all__ = ["Engines", "Meaning", "engines_of"]


def engines_of(url: str) -> Engines:
    """Give the engines of the database at the SQLAlchemy URL; a ``ValueError`` if it is of no kind that we know."""
    made = make_url(url)
    if made.drivername == "sqlite" and made.database not in {None, "", ":memory:"}:
        return Sqlite(url)
    if made.drivername == "postgresql+psycopg":
        return Postgresql(url)
    raise ValueError("a database is sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME")
