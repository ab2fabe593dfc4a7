"""Commands: what a participant may ask of the room, in the imperative. One model a command; there is no general update.

Each names its scope (a process or a document) and the capacity it is given in: a chair's act is never her state's.
"""

from datetime import datetime
from typing import Annotated, get_args

from pydantic import Field, TypeAdapter

from drafting.protocol.base import Wire
from drafting.protocol.commands.amendments import (
    LeaveAmendment,
    NewProposal,
    NewRevision,
    Proposal,
    ReviseAmendment,
    SponsorAmendment,
    TableAmendment,
    WithdrawAmendment,
)
from drafting.protocol.commands.desk import DecideSection, UndoDecision
from drafting.protocol.commands.discussion import (
    ClearPosition,
    PostComment,
    QuoteTarget,
    ReopenComment,
    ResolveComment,
    TakePosition,
    WithdrawPosition,
)
from drafting.protocol.commands.drafts import (
    ClearAmendment,
    DiscardDraft,
    DraftAmendment,
    PurgeDrafts,
    ReviseDraft,
)
from drafting.protocol.commands.entries import ConfirmEntry, CorrectEntry, EnterAmendment
from drafting.protocol.commands.groups import ChangeGroup, DissolveGroup, FoundGroup, ReportBack
from drafting.protocol.commands.house import (
    AccreditParticipant,
    AdmitDelegation,
    CorrectDelegation,
    CreateProcess,
    DelegationName,
    WithdrawAccreditation,
)
from drafting.protocol.commands.redrafting import CarryOverDraft, ResetSection, ReviseFromDraft, TableFromDraft
from drafting.protocol.commands.rounds import AdmitAmendment, CirculateAmendments, CloseRound, OpenRound
from drafting.protocol.commands.status import SetStatus
from drafting.protocol.commands.texts import (
    DraftedSection,
    ImportDocument,
    IssueCorrigendum,
    IssueInSession,
    IssueVersion,
    ProposeText,
    RecallVersion,
    RenumberText,
    TakeUpText,
)
from drafting.protocol.commands.working import LockSection, OpenWorkingDraft, UnlockSection
from drafting.protocol.words import CommandId

Command = Annotated[
    CreateProcess
    | AdmitDelegation
    | CorrectDelegation
    | AccreditParticipant
    | WithdrawAccreditation
    | ImportDocument
    | OpenRound
    | CloseRound
    | CirculateAmendments
    | AdmitAmendment
    | TableAmendment
    | ReviseAmendment
    | WithdrawAmendment
    | SponsorAmendment
    | LeaveAmendment
    | DraftAmendment
    | ReviseDraft
    | DiscardDraft
    | ClearAmendment
    | PurgeDrafts
    | EnterAmendment
    | ConfirmEntry
    | CorrectEntry
    | PostComment
    | ResolveComment
    | ReopenComment
    | TakePosition
    | ClearPosition
    | WithdrawPosition
    | FoundGroup
    | ChangeGroup
    | DissolveGroup
    | ReportBack
    | DecideSection
    | UndoDecision
    | IssueVersion
    | IssueInSession
    | ProposeText
    | TakeUpText
    | RenumberText
    | RecallVersion
    | IssueCorrigendum
    | SetStatus
    | OpenWorkingDraft
    | LockSection
    | UnlockSection
    | TableFromDraft
    | ReviseFromDraft
    | CarryOverDraft
    | ResetSection,
    Field(discriminator="kind"),
]
COMMAND: TypeAdapter[Command] = TypeAdapter(Command)
COMMANDS: tuple[type[Wire], ...] = get_args(get_args(Command)[0])
HOUSE = "house"
"""The scope of commands that belong to no process yet."""


def scope_of(command: Command) -> str:
    """Whose log the command goes to: its document's, its process's, or the house's."""
    return getattr(command, "document", None) or getattr(command, "process", None) or HOUSE


class Envelope(Wire):
    """A command as it is sent: with an id that the sender mints and sends again when no answer came."""

    id: CommandId
    command: Command


class Receipt(Wire):
    """The answer to a command that was taken: the same for every resend.

    ``cursor`` is where the sender's feed stands with it; ``made`` names what it brought into being (``amendment``,
    ``label``, ``version`` …).
    """

    id: CommandId
    kind: str
    event: str
    at: datetime
    cursor: str
    made: dict[str, str]


__all__ = [
    "COMMAND",
    "COMMANDS",
    "HOUSE",
    "AccreditParticipant",
    "AdmitAmendment",
    "AdmitDelegation",
    "CarryOverDraft",
    "ChangeGroup",
    "CirculateAmendments",
    "ClearAmendment",
    "ClearPosition",
    "CloseRound",
    "Command",
    "ConfirmEntry",
    "CorrectDelegation",
    "CorrectEntry",
    "CreateProcess",
    "DecideSection",
    "DelegationName",
    "DiscardDraft",
    "DissolveGroup",
    "DraftAmendment",
    "DraftedSection",
    "EnterAmendment",
    "Envelope",
    "FoundGroup",
    "ImportDocument",
    "IssueCorrigendum",
    "IssueInSession",
    "IssueVersion",
    "LeaveAmendment",
    "LockSection",
    "NewProposal",
    "NewRevision",
    "OpenRound",
    "OpenWorkingDraft",
    "PostComment",
    "Proposal",
    "ProposeText",
    "PurgeDrafts",
    "QuoteTarget",
    "RecallVersion",
    "Receipt",
    "RenumberText",
    "ReopenComment",
    "ReportBack",
    "ResetSection",
    "ResolveComment",
    "ReviseAmendment",
    "ReviseDraft",
    "ReviseFromDraft",
    "SetStatus",
    "SponsorAmendment",
    "TableAmendment",
    "TableFromDraft",
    "TakePosition",
    "TakeUpText",
    "UndoDecision",
    "UnlockSection",
    "WithdrawAccreditation",
    "WithdrawAmendment",
    "WithdrawPosition",
    "scope_of",
]
