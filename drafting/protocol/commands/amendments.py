"""The delegations' proposals: tabling, revising, withdrawing; and who holds them."""

from typing import Literal

from pydantic import Field

from drafting.protocol.commands.base import Note, OnDocument
from drafting.protocol.edits import ProposedEdit
from drafting.protocol.words import AmendmentId, RoundId, VersionId


class Proposal(OnDocument):
    """What every proposal says: what is to be done to the text, why, and where it belongs if that is open."""

    edits: list[ProposedEdit] = Field(min_length=1, max_length=200)
    rationale: Note = ""
    placement_note: Note = ""


class NewProposal(Proposal):
    """One that is made for a round, on the version that the round negotiates."""

    round: RoundId
    base: VersionId


class NewRevision(Proposal):
    """One in the place of ``revision``, the last one that the sender has seen; all are kept."""

    amendment: AmendmentId
    revision: int = Field(ge=1)


class TableAmendment(NewProposal):
    """Table a numbered proposal on the round's base version.

    ``supersedes``: the delegation's own ones, not decided on yet, in whose place it stands.
    """

    kind: Literal["table_amendment"] = "table_amendment"
    supersedes: list[AmendmentId] = Field(default=[], max_length=100)


class ReviseAmendment(NewRevision):
    """Put a new revision in the place of ``revision``, the last one the sender has seen; all are kept.

    Who holds it stays as it is. Past the deadline the amendment is late from then on, until it is admitted. It confirms
    what was entered on the delegation's behalf.
    """

    kind: Literal["revise_amendment"] = "revise_amendment"


class WithdrawAmendment(OnDocument):
    """Withdraw: recorded, never undone; the number is not used again. What others hold too is left, not withdrawn."""

    kind: Literal["withdraw_amendment"] = "withdraw_amendment"
    amendment: AmendmentId
    reason: Note = ""


class SponsorAmendment(OnDocument):
    """Join those who hold a circulated amendment. Nobody is joined to one by others."""

    kind: Literal["sponsor_amendment"] = "sponsor_amendment"
    amendment: AmendmentId


class LeaveAmendment(OnDocument):
    """Hold an amendment no longer; the others maintain it, and the next of them revises it from then on.

    The last one cannot leave: it withdraws.
    """

    kind: Literal["leave_amendment"] = "leave_amendment"
    amendment: AmendmentId
