"""What a delegation, or a closed group, writes before it is tabled."""

from typing import Literal

from drafting.protocol.commands.amendments import NewProposal, NewRevision
from drafting.protocol.commands.base import OnDocument
from drafting.protocol.words import AmendmentId, Code


class DraftAmendment(NewProposal):
    """Write a proposal that stays internal to the delegation until it is cleared.

    With ``group`` it is the closed group's, and stays there until the group's facilitator reports back.
    """

    kind: Literal["draft_amendment"] = "draft_amendment"
    group: Code | None = None


class ReviseDraft(NewRevision):
    """Put a new revision of an internal proposal in the place of ``revision``, on the text that is negotiated now."""

    kind: Literal["revise_draft"] = "revise_draft"


class DiscardDraft(OnDocument):
    """Give an internal proposal up. It is kept, for its own side, until it is purged."""

    kind: Literal["discard_draft"] = "discard_draft"
    amendment: AmendmentId


class ClearAmendment(OnDocument):
    """Table an internal proposal of the delegation as it stands: from now on it has a number."""

    kind: Literal["clear_amendment"] = "clear_amendment"
    amendment: AmendmentId


class PurgeDrafts(OnDocument):
    """Erase whatever the delegation has drafted and never tabled, its working draft with all that was typed into it,
    and its comments for its own side, for good.
    """

    kind: Literal["purge_drafts"] = "purge_drafts"
