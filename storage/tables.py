"""The tables. They never cross the wire: ``drafting.queries`` turns them into views."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, String, UniqueConstraint
from sqlmodel import AutoString, Field, SQLModel

from storage.columns import AwareTime, Count, Json, Words


def _time(*, nullable: bool = False) -> Any:
    return Field(default=None, sa_column=Column(AwareTime, nullable=nullable))


def _json() -> Any:
    return Field(sa_column=Column(Json, nullable=False))


def _text() -> Any:
    return Field(sa_column=Column(Words, nullable=False))


# -- the log ------------------------------------------------------------------------------------------------------


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
    at: datetime = _time()
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
    answer: dict[str, Any] = _json()


# -- people -------------------------------------------------------------------------------------------------------


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
    """A row of the secretariat's table; ``names`` and footnoted ``designations`` by language.

    ``members``: of a bloc, the codes of the delegations that it speaks for.
    """

    process: str = Field(primary_key=True, foreign_key="process.id")
    code: str = Field(primary_key=True)
    kind: str
    names: dict[str, Any] = _json()
    designations: dict[str, Any] = _json()
    members: list[str] = _json()
    order: int = Field(sa_column_kwargs={"name": "protocol_order"})


# -- the text -----------------------------------------------------------------------------------------------------


class Document(SQLModel, table=True):
    """One negotiated text."""

    id: str = Field(primary_key=True)
    process: str = Field(foreign_key="process.id", index=True)
    title: str = _text()
    symbol: str
    language: str
    regroupings: int = 0
    """How often its closed groups, and with them who may read what, have changed."""
    unnamed: bool = False
    """Whether proposals circulate without the names of those who make them."""
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

    __table_args__ = (UniqueConstraint("document", "name"),)

    id: str = Field(primary_key=True)
    document: str = Field(foreign_key="document.id")
    name: str
    symbol: str
    ordinal: int
    """Its number among the texts that are for everyone; one for a chosen audience bears that of the last of these."""
    place: int = Field(sa_type=Count)
    """The hidden number of the event that issued it: the order of issue."""
    parent: str | None = Field(default=None, foreign_key="version.id")
    round: str | None = None
    """The round that it closes; no foreign key, since rounds point to their base version."""
    standing: str
    hash: str
    heads: dict[str, Any] = _json()
    log_head: str
    issued_at: datetime = _time()
    issued_by: str
    audience: str = "all"
    """The stream whose readers may read it."""
    recalled: str | None = None
    """Why it was recalled, if it was."""
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
    procedure: str
    deadline: datetime = _time()
    opened_at: datetime = _time()


class Amendment(SQLModel, table=True):
    """A delegation's numbered proposal; what it says is in its revisions.

    ``round`` and ``base`` are those that its last revision was made for.
    """

    __table_args__ = (
        UniqueConstraint("document", "delegation", "number"),
        UniqueConstraint("document", "neutral"),
        Index("ix_amendment_round", "round"),
    )

    id: str = Field(primary_key=True)
    document: str = Field(foreign_key="document.id")
    round: str = Field(foreign_key="round.id")
    delegation: str
    """Whose number it has: of who tabled it, or of the closed group. Who holds it now are the sponsors."""
    number: int | None = None
    """The number it was tabled under; none while it is internal."""
    draft: int | None = None
    """The number of an internal draft among its delegation's, or its group's."""
    neutral: int | None = None
    """The number under which it circulates without names: in the order in which that was first done."""
    group: str | None = Field(default=None, sa_column_kwargs={"name": "group_code"})
    sponsors: list[str] = _json()
    entry: dict[str, Any] | None = Field(default=None, sa_column=Column(Json, nullable=True))
    """Who entered it on behalf of the delegation, from where, and whether the delegation confirmed it."""
    base: str = Field(foreign_key="version.id")
    late: bool
    circulated: bool
    withdrawn: bool = False
    superseded_by: str | None = Field(default=None, foreign_key="amendment.id")
    place: int = Field(sa_type=Count)
    """The hidden number of the event that tabled it, or that released it when it was held."""


class Revision(SQLModel, table=True):
    """What an amendment proposed at one time, as edits of ``base``."""

    amendment: str = Field(primary_key=True, foreign_key="amendment.id")
    number: int = Field(primary_key=True)
    base: str = Field(foreign_key="version.id")
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
    resolved: bool = False
    at: datetime = _time()
    place: int = Field(sa_type=Count)


class Position(SQLModel, table=True):
    """Where a delegation stands on an amendment or a section. ``by``, ``capacity``, ``at`` and ``place`` are those of
    the event that gave it to its audience.
    """

    id: str = Field(primary_key=True)
    document: str = Field(foreign_key="document.id", index=True)
    amendment: str | None = Field(default=None, foreign_key="amendment.id")
    section: str | None = Field(default=None, foreign_key="section.id")
    delegation: str
    stand: str
    reservation: str | None = None
    audience: str
    note: str = _text()
    by: str
    capacity: str
    at: datetime = _time()
    place: int = Field(sa_type=Count)
    withdrawn: bool = False
    replaced_by: str | None = Field(default=None, foreign_key="position.id")


class Group(SQLModel, table=True):
    """A closed group of delegations that drafts apart. Its facilitators hold the capacity ``facilitator:CODE``."""

    __tablename__ = "closedgroup"

    document: str = Field(primary_key=True, foreign_key="document.id")
    code: str = Field(primary_key=True)
    name: str
    members: list[str] = _json()
    dissolved: bool = False


class Agreement(SQLModel, table=True):
    """The status given to the exact wording that a section had in a version; the newest one of a section counts."""

    id: str = Field(primary_key=True)
    document: str = Field(foreign_key="document.id", index=True)
    section: str
    version: str = Field(foreign_key="version.id")
    text: str = _text()
    status: str
    awaiting: list[str] = _json()
    placement_pending: bool = False
    note: str = _text()
    by: str
    capacity: str
    at: datetime = _time()
    place: int = Field(sa_type=Count)


class Decision(SQLModel, table=True):
    """What the desk decided on a section; ``edits`` is what it amounts to, ``place`` the order of deciding."""

    id: str = Field(primary_key=True)
    document: str = Field(foreign_key="document.id")
    round: str = Field(foreign_key="round.id", index=True)
    section: str
    outcome: str
    amendments: list[str] = _json()
    hunks: list[int] = _json()
    objections: list[str] = _json()
    edits: list[dict[str, Any]] = _json()
    reason: str = _text()
    by: str
    capacity: str
    at: datetime = _time()
    place: int = Field(sa_type=Count)
    undone: bool = False


for _table in SQLModel.metadata.tables.values():
    for _column in _table.columns:
        if isinstance(_column.type, AutoString | String):
            _column.type = Words()
