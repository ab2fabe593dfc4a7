"""How far the room has agreed: a status for the exact wording of a section."""

from typing import Literal

from pydantic import Field

from drafting.protocol.commands.base import Note, OnDocument
from drafting.protocol.words import Code, SectionId, SectionStatus, VersionId


class SetStatus(OnDocument):
    """Say how far the room has agreed on a section as it reads in a version.

    ``awaiting``: agreed ad referendum, the delegations whose capital has still to confirm. ``placement_pending``: the
    words are agreed, their place is not. ``note``: what it waits for, as the other parts of a package.
    """

    kind: Literal["set_status"] = "set_status"
    section: SectionId
    version: VersionId
    status: SectionStatus
    awaiting: list[Code] = Field(default=[], max_length=200)
    placement_pending: bool = False
    note: Note = ""
