"""What is made of a working draft: amendments of what it says, and the draft itself on a newer text."""

from typing import Annotated, Literal

from pydantic import Field

from drafting.protocol.commands.base import Note, OnDocument
from drafting.protocol.words import AmendmentId, Code, DraftId, RoundId, SectionId, VersionId


class TableFromDraft(OnDocument):
    """Table what the working draft says of some of its sections: an amendment of each, or one of them all
    (``together``). The draft stays as it is.

    A closed group's is tabled as its members' who sponsor it; a delegation names no sponsors.
    """

    kind: Literal["table_from_draft"] = "table_from_draft"
    draft: DraftId
    round: RoundId
    sections: Annotated[list[SectionId], Field(min_length=1, max_length=100)]
    together: bool = False
    rationale: Note = ""
    placement_note: Note = ""
    sponsors: list[Code] = Field(default=[], max_length=300)


class ReviseFromDraft(OnDocument):
    """Put what the working draft says now, of the sections that the amendment was tabled from, in the place of
    ``revision``, the last one that the sender has seen. What the amendment says of other sections stays.
    """

    kind: Literal["revise_from_draft"] = "revise_from_draft"
    draft: DraftId
    amendment: AmendmentId
    revision: int = Field(ge=1)
    rationale: Note = ""
    placement_note: Note = ""


class CarryOverDraft(OnDocument):
    """Carry the working draft over to a newer version (``null``: the basis), keeping all that it proposes."""

    kind: Literal["carry_over_draft"] = "carry_over_draft"
    draft: DraftId
    version: VersionId | None = None


class ResetSection(OnDocument):
    """Let a section of the working draft read and stand again as in its base; what only the draft has is removed."""

    kind: Literal["reset_section"] = "reset_section"
    draft: DraftId
    section: SectionId
