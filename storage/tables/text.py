"""The text: documents, sections, versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import Count
from storage.tables import fields


class Document(SQLModel, table=True):
    """One negotiated text."""

    id: str = Field(primary_key=True)
    process: str = Field(foreign_key="process.id", index=True)
    title: str = fields.text()
    symbol: str
    language: str
    regroupings: int = 0
    """How often its closed groups, and with them who may read what, have changed."""
    unnamed: bool = False
    """Whether proposals circulate without the names of those who make them."""
    created_at: datetime = fields.time()


class Section(SQLModel, table=True):
    """A section's id, which it keeps for life."""

    id: str = Field(primary_key=True)
    document: str = Field(foreign_key="document.id", index=True)


class SectionVersion(SQLModel, table=True):
    """An immutable text of a section. ``cause`` is the decision or the import that brought it."""

    id: str = Field(primary_key=True)
    section: str = Field(foreign_key="section.id", index=True)
    language: str
    text: str = fields.text()
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
    heads: dict[str, Any] = fields.json()
    log_head: str
    issued_at: datetime = fields.time()
    issued_by: str
    audience: str = "all"
    """The stream whose readers may read it."""
    recalled: str | None = None
    """Why it was recalled, if it was."""
    account: list[dict[str, Any]] = fields.json()
    renumbering: list[list[str]] = fields.json()


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
