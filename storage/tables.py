"""The tables. They never cross the wire: ``drafting.queries`` turns them into views."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import AwareTime, Json


def _time(*, nullable: bool = False) -> Any:
    return Field(default=None, sa_column=Column(AwareTime, nullable=nullable))


def _json() -> Any:
    return Field(sa_column=Column(Json, nullable=False))


def _text() -> Any:
    return Field(sa_column=Column(Text, nullable=False))


# -- the log ------------------------------------------------------------------------------------------------------


class Scope(SQLModel, table=True):
    """What a log belongs to: the house, a process or a document. Its row is what a command locks.

    ``last_place`` is the hidden number, across all its streams, of its last event.
    """

    id: str = Field(primary_key=True)
    kind: str
    last_place: int = 0


class Stream(SQLModel, table=True):
    """One audience's log within a scope: how many events it has, and the hash of the last."""

    scope: str = Field(primary_key=True, foreign_key="scope.id")
    name: str = Field(primary_key=True)
    seq: int = 0
    head: str = ""


class Event(SQLModel, table=True):
    """What happened. ``hash`` covers every other column, the payload through ``digest``; so a payload can be purged
    (it is then null) and the chain still verifies. ``receipt`` is the digest of what its command was answered.
    """

    __table_args__ = (UniqueConstraint("scope", "place"),)

    scope: str = Field(primary_key=True, foreign_key="scope.id")
    stream: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    place: int
    kind: str
    participant: str
    capacity: str
    command: str
    receipt: str
    at: datetime = _time()
    payload: str | None = Field(sa_column=Column(Text, nullable=True))
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
    place: int
    answer: dict[str, Any] = _json()


# -- people -------------------------------------------------------------------------------------------------------


class Participant(SQLModel, table=True):
    """A person."""

    id: str = Field(primary_key=True)
    handle: str = Field(unique=True)
    name: str
    administrator: bool = False


class Credential(SQLModel, table=True):
    """Something a person shows to be let in; only its digest is kept.

    ``kind``: token (bearer), session (cookie), ticket (one socket), sign_in (one link). One-time kinds are deleted
    when they are used.
    """

    digest: str = Field(primary_key=True)
    kind: str
    participant: str = Field(foreign_key="participant.id", index=True)
    created_at: datetime = _time()
    expires_at: datetime | None = _time(nullable=True)


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
    """A row of the secretariat's table; ``names`` by language."""

    process: str = Field(primary_key=True, foreign_key="process.id")
    code: str = Field(primary_key=True)
    names: dict[str, Any] = _json()
    order: int = Field(sa_column_kwargs={"name": "protocol_order"})


# -- the text -----------------------------------------------------------------------------------------------------


class Document(SQLModel, table=True):
    """One negotiated text."""

    id: str = Field(primary_key=True)
    process: str = Field(foreign_key="process.id", index=True)
    title: str = _text()
    symbol: str
    language: str
    created_at: datetime = _time()


class Section(SQLModel, table=True):
    """A section's id, which it keeps for life."""

    id: str = Field(primary_key=True)
    document: str = Field(foreign_key="document.id", index=True)


class SectionVersion(SQLModel, table=True):
    """An immutable text of a section. ``cause`` is the decision or the import that brought it."""

    id: str = Field(primary_key=True)
    section: str = Field(foreign_key="section.id", index=True)
    language: str
    text: str = _text()
    hash: str
    parent: str | None = Field(default=None, foreign_key="sectionversion.id")
    cause: str


class Version(SQLModel, table=True):
    """An issued text. ``heads`` is stream -> (seq, hash) at the moment of issue; ``log_head`` their digest."""

    __table_args__ = (UniqueConstraint("document", "ordinal"), UniqueConstraint("document", "name"))

    id: str = Field(primary_key=True)
    document: str = Field(foreign_key="document.id")
    name: str
    symbol: str
    ordinal: int
    parent: str | None = Field(default=None, foreign_key="version.id")
    round: str | None = None
    """The round that it closes; no foreign key, since rounds point to their base version."""
    standing: str
    hash: str
    heads: dict[str, Any] = _json()
    log_head: str
    issued_at: datetime = _time()
    issued_by: str
    account: list[dict[str, Any]] = _json()
    renumbering: list[list[str]] = _json()


class ManifestLine(SQLModel, table=True):
    """One line of a version's manifest: which text of which section stands at ``position``, and how it prints."""

    version: str = Field(primary_key=True, foreign_key="version.id")
    position: int = Field(primary_key=True)
    section: str = Field(foreign_key="section.id")
    section_version: str = Field(foreign_key="sectionversion.id")
    kind: str
    level: int
    label: str
    deleted: bool = False


# -- the negotiation ----------------------------------------------------------------------------------------------


class Round(SQLModel, table=True):
    """A document under negotiation on a base version."""

    __table_args__ = (UniqueConstraint("document", "number"),)

    id: str = Field(primary_key=True)
    document: str = Field(foreign_key="document.id")
    number: int
    name: str
    base: str = Field(foreign_key="version.id")
    state: str
    mode: str
    deadline: datetime = _time()
    opened_at: datetime = _time()


class Amendment(SQLModel, table=True):
    """A delegation's numbered proposal; what it says is in its revisions."""

    __table_args__ = (UniqueConstraint("document", "delegation", "number"), Index("ix_amendment_round", "round"))

    id: str = Field(primary_key=True)
    document: str = Field(foreign_key="document.id")
    round: str = Field(foreign_key="round.id")
    delegation: str
    number: int
    base: str = Field(foreign_key="version.id")
    late: bool
    circulated: bool
    withdrawn: bool = False
    place: int
    """The hidden number of the event that tabled it, or that released it when it was held."""


class Revision(SQLModel, table=True):
    """What an amendment proposed at one time."""

    amendment: str = Field(primary_key=True, foreign_key="amendment.id")
    number: int = Field(primary_key=True)
    edits: list[dict[str, Any]] = _json()
    touches: list[str] = _json()
    rationale: str = _text()
    placement_note: str = _text()
    at: datetime = _time()
    by: str


class Comment(SQLModel, table=True):
    """Something that was said. ``stream`` is the audience that sees it."""

    id: str = Field(primary_key=True)
    document: str = Field(foreign_key="document.id", index=True)
    section: str | None = None
    target: dict[str, Any] | None = Field(default=None, sa_column=Column(Json, nullable=True))
    amendment: str | None = Field(default=None, foreign_key="amendment.id")
    reply_to: str | None = Field(default=None, foreign_key="comment.id")
    audience: str
    stream: str
    delegation: str | None = None
    by: str
    capacity: str
    body: str = _text()
    at: datetime = _time()
    place: int


class Decision(SQLModel, table=True):
    """What the desk decided on a section; ``edits`` is what it amounts to, ``place`` the order of deciding."""

    id: str = Field(primary_key=True)
    document: str = Field(foreign_key="document.id")
    round: str = Field(foreign_key="round.id", index=True)
    section: str
    outcome: str
    amendments: list[str] = _json()
    edits: list[dict[str, Any]] = _json()
    reason: str = _text()
    by: str
    capacity: str
    at: datetime = _time()
    place: int
    undone: bool = False
