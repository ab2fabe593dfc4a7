"""What happens to working drafts, before those who may read them. What is typed into them goes to no log."""

from typing import Literal

from drafting.protocol.base import Wire
from drafting.protocol.views import WorkingDraftView
from drafting.protocol.words import DraftId, SectionId


class WorkingDraftOpened(Wire):
    """There is a new working draft."""

    kind: Literal["working_draft_opened"] = "working_draft_opened"
    draft: WorkingDraftView


class SectionLocked(Wire):
    """Nobody edits this section of the draft until it is unlocked."""

    kind: Literal["section_locked"] = "section_locked"
    draft: DraftId
    section: SectionId


class SectionUnlocked(Wire):
    """This section of the draft can be edited again."""

    kind: Literal["section_unlocked"] = "section_unlocked"
    draft: DraftId
    section: SectionId
