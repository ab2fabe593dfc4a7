"""The working drafts: live texts, the log of what was typed into them, and whose hands typed it."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import Count
from storage.tables import fields


class WorkingDraft(SQLModel, table=True):
    """A live text under editing. There is one of each side: ``side`` is a delegation's or a closed group's code, and
    empty for the chair's. ``last_update`` is the number of the last update in its log; its row is what a write locks.
    """

    __table_args__ = (UniqueConstraint("document", "kind", "side"),)

    id: str = Field(primary_key=True)
    document: str = Field(foreign_key="document.id")
    kind: str
    side: str
    base: str = Field(foreign_key="version.id")
    last_update: int = Field(default=0, sa_type=Count)
    opened_at: datetime = fields.time()


class DraftUpdate(SQLModel, table=True):
    """Bytes that were typed into a draft, by one hand or several within a moment; who and when is not kept."""

    draft: str = Field(primary_key=True, foreign_key="workingdraft.id")
    number: int = Field(primary_key=True, sa_type=Count)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class DraftState(SQLModel, table=True):
    """What a draft's updates up to ``number`` amount to; those are then gone."""

    draft: str = Field(primary_key=True, foreign_key="workingdraft.id")
    number: int = Field(sa_type=Count)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class DraftHand(SQLModel, table=True):
    """Whose a client id is, for good: nobody else types under it. ``participant`` is empty for the service's own."""

    draft: str = Field(primary_key=True, foreign_key="workingdraft.id")
    client: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    participant: str
    side: str


class DraftLock(SQLModel, table=True):
    """A section of a draft that nobody edits until it is unlocked."""

    draft: str = Field(primary_key=True, foreign_key="workingdraft.id")
    section: str = Field(primary_key=True)


class DraftTie(SQLModel, table=True):
    """The amendment that was tabled from a section of a draft."""

    draft: str = Field(primary_key=True, foreign_key="workingdraft.id")
    section: str = Field(primary_key=True)
    amendment: str = Field(foreign_key="amendment.id")
