"""The tables. They never cross the wire: ``drafting.queries`` turns them into views."""

from sqlalchemy import String
from sqlmodel import AutoString, SQLModel

from storage.columns import Words
from storage.tables.drafts import DraftHand, DraftLock, DraftState, DraftTie, DraftUpdate, WorkingDraft
from storage.tables.log import Event, Receipt, Scope, Stream
from storage.tables.negotiation import Agreement, Amendment, Comment, Decision, Group, Position, Revision, Round
from storage.tables.people import Credential, Delegation, HeldCapacity, Participant, Process
from storage.tables.text import Document, ManifestLine, Section, SectionVersion, Version

__all__ = [
    "Agreement",
    "Amendment",
    "Comment",
    "Credential",
    "Decision",
    "Delegation",
    "Document",
    "DraftHand",
    "DraftLock",
    "DraftState",
    "DraftTie",
    "DraftUpdate",
    "Event",
    "Group",
    "HeldCapacity",
    "ManifestLine",
    "Participant",
    "Position",
    "Process",
    "Receipt",
    "Revision",
    "Round",
    "Scope",
    "Section",
    "SectionVersion",
    "Stream",
    "Version",
    "WorkingDraft",
]

for _table in SQLModel.metadata.tables.values():
    for _column in _table.columns:
        if isinstance(_column.type, AutoString | String):
            _column.type = Words()
