"""The log: what a log belongs to, its streams, events and receipts."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import Count, Words
from storage.tables import fields


class Scope(SQLModel, table=True):
    """What a log belongs to: the house, a process or a document. Its row is what a command locks.

    ``last_place`` is the hidden number, across all its streams, of its last event.
    """

    id: str = Field(primary_key=True)
    kind: str
    last_place: int = Field(default=0, sa_type=Count)


class Stream(SQLModel, table=True):
    """One audience's log within a scope: how many events it has, and the hash of the last."""

    scope: str = Field(primary_key=True, foreign_key="scope.id")
    name: str = Field(primary_key=True)
    seq: int = Field(default=0, sa_type=Count)
    head: str = ""


class Event(SQLModel, table=True):
    """What happened. ``hash`` covers every other column, the payload through ``digest``; so a payload can be purged
    (it is then null) and the chain still verifies. ``receipt`` is the digest of what its command was answered.
    """

    __table_args__ = (UniqueConstraint("scope", "place"),)

    scope: str = Field(primary_key=True, foreign_key="scope.id")
    stream: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=Count)
    place: int = Field(sa_type=Count)
    kind: str
    participant: str
    capacity: str
    command: str
    receipt: str
    at: datetime = fields.time()
    payload: str | None = Field(default=None, sa_type=Words)
    digest: str
    previous: str
    hash: str


class Receipt(SQLModel, table=True):
    """The answer that a command got, for its resends: all but its cursor, which is made anew from ``scope`` and
    ``place``. ``digest`` is of the command's body.
    """

    participant: str = Field(primary_key=True)
    command: str = Field(primary_key=True)
    digest: str
    scope: str
    place: int = Field(sa_type=Count)
    answer: dict[str, Any] = fields.json()
