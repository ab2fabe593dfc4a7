"""What happens to internal proposals, before those who read them and, in the end, before more."""

from typing import Literal

from drafting.protocol.base import Wire
from drafting.protocol.views import AmendmentView
from drafting.protocol.words import AmendmentId, CommentId, DraftId, PositionId


class AmendmentDrafted(Wire):
    """Somebody wrote a proposal for the own side."""

    kind: Literal["amendment_drafted"] = "amendment_drafted"
    amendment: AmendmentView


class DraftRevised(Wire):
    """An internal proposal was changed; ``amendment`` is how it stands now."""

    kind: Literal["draft_revised"] = "draft_revised"
    amendment: AmendmentView


class DraftDiscarded(Wire):
    """An internal proposal was given up."""

    kind: Literal["draft_discarded"] = "draft_discarded"
    amendment: AmendmentId


class AmendmentCleared(Wire):
    """A delegation tabled what was internal. It comes whole, since most readers see it for the first time; it stands
    after all others, for those too who have seen it before.
    """

    kind: Literal["amendment_cleared"] = "amendment_cleared"
    amendment: AmendmentView


class DraftsPurged(Wire):
    """A delegation erased these, and whatever the log said of them: they are gone."""

    kind: Literal["drafts_purged"] = "drafts_purged"
    amendments: list[AmendmentId]
    comments: list[CommentId]
    positions: list[PositionId]
    working_drafts: list[DraftId]
