"""Events: what has happened, in the past tense. One principal kind a command; consequences are listed with it.

Payloads hold whole views where that lets a client fold them without asking again.
"""

from typing import Annotated, Any, Literal, get_args

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from drafting.protocol.base import Wire
from drafting.protocol.views import (
    AccountLine,
    AmendmentView,
    CommentView,
    DecisionView,
    DelegationView,
    DocumentView,
    RoundView,
    SectionView,
    VersionView,
)
from drafting.protocol.words import AmendmentId, DecisionId, RoundId


class ProcessCreated(Wire):
    """A forum was founded."""

    kind: Literal["process_created"] = "process_created"
    process: str
    name: str
    secretary: str


class DelegationAdmitted(Wire):
    """A delegation was entered in the secretariat's table."""

    kind: Literal["delegation_admitted"] = "delegation_admitted"
    delegation: DelegationView


class ParticipantAccredited(Wire):
    """A person may act in the process."""

    kind: Literal["participant_accredited"] = "participant_accredited"
    participant: str
    handle: str
    name: str
    capacities: list[str]


class DocumentImported(Wire):
    """A text was taken in; it is the first version."""

    kind: Literal["document_imported"] = "document_imported"
    document: DocumentView
    version: VersionView
    sections: list[SectionView]


class RoundOpened(Wire):
    """The negotiation of a version began."""

    kind: Literal["round_opened"] = "round_opened"
    round: RoundView


class RoundClosed(Wire):
    """Nothing more is tabled in the round."""

    kind: Literal["round_closed"] = "round_closed"
    round: RoundId


class AmendmentsCirculated(Wire):
    """Held amendments were released; they come whole, since most readers see them for the first time.

    They stand after all others from now on, in this order: by delegation, so that it does not tell who was first.
    """

    kind: Literal["amendments_circulated"] = "amendments_circulated"
    round: RoundId
    amendments: list[AmendmentView]


class AmendmentAdmitted(Wire):
    """A late amendment is active from now on."""

    kind: Literal["amendment_admitted"] = "amendment_admitted"
    amendment: AmendmentId


class AmendmentTabled(Wire):
    """A delegation made a proposal."""

    kind: Literal["amendment_tabled"] = "amendment_tabled"
    amendment: AmendmentView


class AmendmentRevised(Wire):
    """A delegation changed its proposal; ``amendment`` is how it stands now."""

    kind: Literal["amendment_revised"] = "amendment_revised"
    amendment: AmendmentView


class AmendmentWithdrawn(Wire):
    """A delegation no longer proposes this."""

    kind: Literal["amendment_withdrawn"] = "amendment_withdrawn"
    amendment: AmendmentId
    reason: str


class CommentPosted(Wire):
    """Somebody said something."""

    kind: Literal["comment_posted"] = "comment_posted"
    comment: CommentView


class SectionDecided(Wire):
    """The desk decided on a section. ``amendments`` is how the amendments named stand now."""

    kind: Literal["section_decided"] = "section_decided"
    decision: DecisionView
    amendments: list[AmendmentView]


class DecisionUndone(Wire):
    """A decision was taken back."""

    kind: Literal["decision_undone"] = "decision_undone"
    decision: DecisionId
    amendments: list[AmendmentView]


class VersionIssued(Wire):
    """A version was issued and the round is consolidated; decisions and outcomes are now everyone's to see."""

    kind: Literal["version_issued"] = "version_issued"
    round: RoundId
    version: VersionView
    sections: list[SectionView]
    account: list[AccountLine]
    renumbering: list[tuple[str, str, str]]
    amendments: list[AmendmentView]
    decisions: list[DecisionView]


Payload = Annotated[
    ProcessCreated
    | DelegationAdmitted
    | ParticipantAccredited
    | DocumentImported
    | RoundOpened
    | RoundClosed
    | AmendmentsCirculated
    | AmendmentAdmitted
    | AmendmentTabled
    | AmendmentRevised
    | AmendmentWithdrawn
    | CommentPosted
    | SectionDecided
    | DecisionUndone
    | VersionIssued,
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
