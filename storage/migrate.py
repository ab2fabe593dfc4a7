"""Bring a database to the newest tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import make_url


def migrate(url: str) -> None:
    """Create or upgrade the tables at the SQLAlchemy URL; does nothing when they are the newest.

    A new SQLite file can be read by its owner only, wherever it lies.
    """
    file = make_url(url).database
    if file and not Path(file).exists():
        Path(file).touch(mode=0o600)
    command.upgrade(_config(url), "head")


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config
