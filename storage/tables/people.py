"""People: who they are, what lets them in, what they act as, and the delegations."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from storage.tables import fields


class Participant(SQLModel, table=True):
    """A person."""

    id: str = Field(primary_key=True)
    handle: str = Field(unique=True)
    name: str
    administrator: bool = False
    password: str = ""
    """Its argon2 hash; empty for one who signs in by link alone."""


class Credential(SQLModel, table=True):
    """Something a person shows to be let in; only its digest is kept.

    ``kind``: token (bearer), session (cookie), ticket (one socket), sign_in (one link). One-time kinds are deleted
    when they are used.
    """

    digest: str = Field(primary_key=True)
    kind: str
    participant: str = Field(foreign_key="participant.id", index=True)
    label: str = ""
    """What it is called in its person's list of what lets them in."""
    created_at: datetime = fields.time()
    expires_at: datetime | None = fields.time(nullable=True)


class Process(SQLModel, table=True):
    """A forum."""

    id: str = Field(primary_key=True)
    name: str


class HeldCapacity(SQLModel, table=True):
    """A capacity that a person holds in a process: ``head:ARV``."""

    participant: str = Field(primary_key=True, foreign_key="participant.id")
    process: str = Field(primary_key=True, foreign_key="process.id")
    capacity: str = Field(primary_key=True)


class Delegation(SQLModel, table=True):
    """A row of the secretariat's table; ``names`` and footnoted ``designations`` by language.

    ``members``: of a bloc, the codes of the delegations that it speaks for.
    """

    process: str = Field(primary_key=True, foreign_key="process.id")
    code: str = Field(primary_key=True)
    kind: str
    names: dict[str, Any] = fields.json()
    designations: dict[str, Any] = fields.json()
    members: list[str] = fields.json()
    order: int = Field(sa_column_kwargs={"name": "protocol_order"})
