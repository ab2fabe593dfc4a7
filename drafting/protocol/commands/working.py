"""Working drafts: opening one, and locking its sections."""

from typing import Literal

from drafting.protocol.commands.base import OnDocument
from drafting.protocol.words import Code, DraftId, SectionId


class OpenWorkingDraft(OnDocument):
    """Open the live text of the own side, which reads at first as the basis does. There is one of each side.

    It is the chair's for who acts for the house, and the delegation's own for who acts for one. With ``group`` it is
    the closed group's; a facilitator opens that of theirs.
    """

    kind: Literal["open_working_draft"] = "open_working_draft"
    group: Code | None = None


class LockSection(OnDocument):
    """Let nobody edit a section of a working draft until it is unlocked."""

    kind: Literal["lock_section"] = "lock_section"
    draft: DraftId
    section: SectionId


class UnlockSection(OnDocument):
    """Let a section of a working draft be edited again."""

    kind: Literal["unlock_section"] = "unlock_section"
    draft: DraftId
    section: SectionId
