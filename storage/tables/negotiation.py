"""The negotiation: rounds, amendments, what is said of them, and what the desk decided."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import Count, Json
from storage.tables import fields


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
    deadline: datetime = fields.time()
    opened_at: datetime = fields.time()


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
    sponsors: list[str] = fields.json()
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
    edits: list[dict[str, Any]] = fields.json()
    touches: list[str] = fields.json()
    rationale: str = fields.text()
    placement_note: str = fields.text()
    at: datetime = fields.time()
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
    body: str = fields.text()
    resolved: bool = False
    at: datetime = fields.time()
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
    note: str = fields.text()
    by: str
    capacity: str
    at: datetime = fields.time()
    place: int = Field(sa_type=Count)
    withdrawn: bool = False
    replaced_by: str | None = Field(default=None, foreign_key="position.id")


class Group(SQLModel, table=True):
    """A closed group of delegations that drafts apart. Its facilitators hold the capacity ``facilitator:CODE``."""

    __tablename__ = "closedgroup"

    document: str = Field(primary_key=True, foreign_key="document.id")
    code: str = Field(primary_key=True)
    name: str
    members: list[str] = fields.json()
    dissolved: bool = False


class Agreement(SQLModel, table=True):
    """The status given to the exact wording that a section had in a version; the newest one of a section counts."""

    id: str = Field(primary_key=True)
    document: str = Field(foreign_key="document.id", index=True)
    section: str
    version: str = Field(foreign_key="version.id")
    text: str = fields.text()
    status: str
    awaiting: list[str] = fields.json()
    placement_pending: bool = False
    note: str = fields.text()
    by: str
    capacity: str
    at: datetime = fields.time()
    place: int = Field(sa_type=Count)


class Decision(SQLModel, table=True):
    """What the desk decided on a section; ``edits`` is what it amounts to, ``place`` the order of deciding."""

    id: str = Field(primary_key=True)
    document: str = Field(foreign_key="document.id")
    round: str = Field(foreign_key="round.id", index=True)
    section: str
    outcome: str
    amendments: list[str] = fields.json()
    hunks: list[int] = fields.json()
    objections: list[str] = fields.json()
    edits: list[dict[str, Any]] = fields.json()
    reason: str = fields.text()
    by: str
    capacity: str
    at: datetime = fields.time()
    place: int = Field(sa_type=Count)
    undone: bool = False
