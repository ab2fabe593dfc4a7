"""Settings, from ``DRAFTING_*`` environment variables."""

import secrets
from contextlib import suppress
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_SECRET_BYTES = 64
_DATABASES = ("sqlite:///", "postgresql+psycopg://")


class Limits(BaseSettings):
    """How much is too much. Sizes are code points for text, bytes for files and frames."""

    model_config = SettingsConfigDict(env_prefix="DRAFTING_MOST_", frozen=True)

    section_text: int = 100_000
    comment_text: int = 20_000
    upload_bytes: int = 50_000_000
    frame_bytes: int = 2_000_000
    draft_bytes: int = 20_000_000
    """Of a working draft with all that was ever typed into it; it is measured whenever its log is put together."""
    live_frames: int = 200
    """Each second, from one connection to a working draft; more wait."""
    live_bytes: int = 500_000
    """Each second, from and for one connection to a working draft; more wait."""
    live_lines: int = 20
    """Of one person, to one working draft."""


class Settings(BaseSettings):
    """What an operator decides. ``database`` is a SQLAlchemy URL; empty: a SQLite file in ``home``."""

    model_config = SettingsConfigDict(env_prefix="DRAFTING_", frozen=True)

    home: Path = Path("~/.drafting-room")
    database: str = ""
    bus: Literal["", "memory", "postgresql"] = Field(default="", validate_default=True)
    """What rings when something has happened; empty: what suits the database."""
    host: str = "127.0.0.1"
    port: int = 8000
    public_address: str = ""
    """Where browsers reach the service, when not at host and port; checked against Origin."""
    secret: str = ""
    log: Literal["warnings", "text", "json"] = "warnings"
    """What is logged, and how: warnings alone, or every request too, for people or as JSON."""
    proxies: str = "127.0.0.1"
    """The addresses, with commas, of proxies that are believed when they say whom they forward."""
    limits: Limits = Field(default_factory=Limits)

    @field_validator("database")
    @classmethod
    def _known(cls, url: str) -> str:
        if url and not url.startswith(_DATABASES):
            raise ValueError("a database is sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME")
        return url

    @field_validator("bus")
    @classmethod
    def _suited(cls, bus: str, told: ValidationInfo) -> str:
        shared = told.data.get("database", "").startswith("postgresql")
        if bus == "postgresql" and not shared:
            raise ValueError("the bus postgresql needs a database on PostgreSQL")
        return bus or ("postgresql" if shared else "memory")

    @property
    def folder(self) -> Path:
        """The home, made when it is not there, readable by its owner only."""
        folder = self.home.expanduser()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    @property
    def database_url(self) -> str:
        """The database to open."""
        return self.database or f"sqlite:///{self.folder / 'drafting.sqlite3'}"

    @property
    def address(self) -> str:
        """The address to tell people, without a slash at its end."""
        return self.public_address.rstrip("/") or f"http://{self.host}:{self.port}"

    def key(self) -> bytes:
        """Give the 64 bytes that cursors are encrypted with: from ``secret``, or kept in a file of the home."""
        if self.secret:
            return self.secret.encode()
        file = self.folder / "secret"
        if not file.exists():
            # Whole or not at all, and the first of two programs wins: an empty key would be everybody's.
            fresh = self.folder / f"secret.{secrets.token_hex(8)}"
            fresh.touch(mode=0o600)
            fresh.write_bytes(secrets.token_bytes(_SECRET_BYTES))
            with suppress(FileExistsError):
                file.hardlink_to(fresh)
            fresh.unlink()
        return file.read_bytes()
