"""Bring a database to the newest tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import make_url

from storage.database import told
from storage.engines import engines_of


def migrate(url: str) -> None:
    """Create or upgrade the tables at the SQLAlchemy URL; does nothing when they are the newest.

    A new SQLite file can be read by its owner only, wherever it lies. Raises ``ConnectionLostError`` where there is no
    database.
    """
    made = make_url(url)
    file = made.database if made.get_backend_name() == "sqlite" else None
    if file and not Path(file).exists():
        Path(file).touch(mode=0o600)
    with told(engines_of(url)):
        command.upgrade(_config(url), "head")


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config
