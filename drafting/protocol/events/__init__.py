"""Events: what has happened, in the past tense. One principal kind a command; consequences are listed with it.

Payloads hold whole views where that lets a client fold them without asking again.
"""

from typing import Annotated, Any, get_args

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from drafting.protocol.base import Wire
from drafting.protocol.events.amendments import (
    AmendmentLeft,
    AmendmentRevised,
    AmendmentSponsored,
    AmendmentTabled,
    AmendmentWithdrawn,
)
from drafting.protocol.events.desk import DecisionUndone, SectionDecided
from drafting.protocol.events.discussion import (
    CommentPosted,
    CommentReopened,
    CommentResolved,
    PositionCleared,
    PositionTaken,
    PositionWithdrawn,
)
from drafting.protocol.events.drafts import (
    AmendmentCleared,
    AmendmentDrafted,
    DraftDiscarded,
    DraftRevised,
    DraftsPurged,
)
from drafting.protocol.events.entries import AmendmentEntered, EntryConfirmed, EntryCorrected
from drafting.protocol.events.groups import GroupChanged, GroupDissolved, GroupFounded, TextReportedBack
from drafting.protocol.events.house import (
    AccreditationWithdrawn,
    DelegationAdmitted,
    DelegationCorrected,
    ParticipantAccredited,
    ProcessCreated,
)
from drafting.protocol.events.redrafting import AmendmentRedrafted, DraftCarriedOver, DraftTabled, SectionReset
from drafting.protocol.events.rounds import AmendmentAdmitted, AmendmentsCirculated, RoundClosed, RoundOpened
from drafting.protocol.events.status import StatusSet
from drafting.protocol.events.texts import (
    CorrigendumIssued,
    DocumentImported,
    InSessionIssued,
    TextProposed,
    TextRenumbered,
    TextTakenUp,
    VersionIssued,
    VersionRecalled,
)
from drafting.protocol.events.working import SectionLocked, SectionUnlocked, WorkingDraftOpened

Payload = Annotated[
    ProcessCreated
    | DelegationAdmitted
    | DelegationCorrected
    | ParticipantAccredited
    | AccreditationWithdrawn
    | DocumentImported
    | RoundOpened
    | RoundClosed
    | AmendmentsCirculated
    | AmendmentAdmitted
    | AmendmentTabled
    | AmendmentRevised
    | AmendmentWithdrawn
    | AmendmentSponsored
    | AmendmentLeft
    | AmendmentDrafted
    | DraftRevised
    | DraftDiscarded
    | AmendmentCleared
    | DraftsPurged
    | AmendmentEntered
    | EntryConfirmed
    | EntryCorrected
    | CommentPosted
    | CommentResolved
    | CommentReopened
    | PositionTaken
    | PositionCleared
    | PositionWithdrawn
    | GroupFounded
    | GroupChanged
    | GroupDissolved
    | TextReportedBack
    | SectionDecided
    | DecisionUndone
    | VersionIssued
    | InSessionIssued
    | TextProposed
    | TextTakenUp
    | TextRenumbered
    | VersionRecalled
    | CorrigendumIssued
    | StatusSet
    | WorkingDraftOpened
    | SectionLocked
    | SectionUnlocked
    | DraftTabled
    | AmendmentRedrafted
    | DraftCarriedOver
    | SectionReset,
    Field(discriminator="kind"),
]
PAYLOAD: TypeAdapter[Payload] = TypeAdapter(Payload)
PAYLOADS: tuple[type[Wire], ...] = get_args(get_args(Payload)[0])
KINDS = frozenset(model.model_fields["kind"].default for model in PAYLOADS)


class EventView(BaseModel):
    """An event as a reader gets it. Clients ignore fields and kinds they do not know.

    ``stream`` is the audience that sees it, ``seq`` its number there (from 1, no gaps).
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    stream: str
    seq: int
    kind: str
    by: str
    capacity: str
    at: AwareDatetime
    payload: dict[str, Any]


__all__ = [
    "KINDS",
    "PAYLOAD",
    "PAYLOADS",
    "AccreditationWithdrawn",
    "AmendmentAdmitted",
    "AmendmentCleared",
    "AmendmentDrafted",
    "AmendmentEntered",
    "AmendmentLeft",
    "AmendmentRedrafted",
    "AmendmentRevised",
    "AmendmentSponsored",
    "AmendmentTabled",
    "AmendmentWithdrawn",
    "AmendmentsCirculated",
    "CommentPosted",
    "CommentReopened",
    "CommentResolved",
    "CorrigendumIssued",
    "DecisionUndone",
    "DelegationAdmitted",
    "DelegationCorrected",
    "DocumentImported",
    "DraftCarriedOver",
    "DraftDiscarded",
    "DraftRevised",
    "DraftTabled",
    "DraftsPurged",
    "EntryConfirmed",
    "EntryCorrected",
    "EventView",
    "GroupChanged",
    "GroupDissolved",
    "GroupFounded",
    "InSessionIssued",
    "ParticipantAccredited",
    "Payload",
    "PositionCleared",
    "PositionTaken",
    "PositionWithdrawn",
    "ProcessCreated",
    "RoundClosed",
    "RoundOpened",
    "SectionDecided",
    "SectionLocked",
    "SectionReset",
    "SectionUnlocked",
    "StatusSet",
    "TextProposed",
    "TextRenumbered",
    "TextReportedBack",
    "TextTakenUp",
    "VersionIssued",
    "VersionRecalled",
    "WorkingDraftOpened",
]
