"""Commands: what a participant may ask of the room, in the imperative. One model a command; there is no general update.

Each names its scope (a process or a document) and the capacity it is given in: a chair's act is never her state's.
"""

from datetime import datetime
from typing import Annotated, Literal, get_args

from pydantic import AwareDatetime, Field, StringConstraints, TypeAdapter

from drafting.protocol.base import Wire
from drafting.protocol.edits import Edit
from drafting.protocol.words import (
    AmendmentId,
    Capacity,
    Code,
    CommandId,
    CommentAudience,
    CommentId,
    DecisionId,
    DocumentId,
    Handle,
    Language,
    Outcome,
    ProcessId,
    RoundId,
    SectionId,
    SectionKind,
    SubmissionMode,
    VersionId,
)

# What no XML file can hold is refused here, as it is in texts; names and labels stand on one line besides.
_ON_ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f\ufffe\uffff]*$"
_WRITTEN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]*$"

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=_ON_ONE_LINE)]
Note = Annotated[str, Field(max_length=10_000, pattern=_WRITTEN)]


class DelegationName(Wire):
    """A delegation's name in one language, from the secretariat's table."""

    short: Name
    formal: Name


class DraftedSection(Wire):
    """A section of a text that is being taken in: as the importer understood it, or as someone corrected it."""

    kind: SectionKind
    level: int = Field(ge=0, le=9)
    label: Annotated[str, Field(max_length=80, pattern=_ON_ONE_LINE)] = ""
    text: str


class QuoteTarget(Wire):
    """A quoted range in the manner of a W3C Web Annotation: the words, and where they stood.

    ``start`` and ``end`` count code points in the section's text of the round's base version.
    """

    quote: Annotated[str, Field(min_length=1, max_length=5_000)]
    start: int = Field(ge=0)
    end: int = Field(ge=1)


class _ByParticipant(Wire):
    capacity: Capacity


class _OnProcess(_ByParticipant):
    process: ProcessId


class _OnDocument(_ByParticipant):
    document: DocumentId


# -- the house ----------------------------------------------------------------------------------------------------


class CreateProcess(_ByParticipant):
    """Found a forum. ``secretary`` names the participant who will hold its first capacity."""

    kind: Literal["create_process"] = "create_process"
    name: Name
    secretary: Handle


class AdmitDelegation(_OnProcess):
    """Enter a delegation in the secretariat's table: its code, its names and its place in the protocol order."""

    kind: Literal["admit_delegation"] = "admit_delegation"
    code: Code
    names: dict[Language, DelegationName] = Field(min_length=1, max_length=20)
    order: int = Field(ge=0, le=10_000)


class AccreditParticipant(_OnProcess):
    """Let a person act in the process, in the capacities named (``head:ARV``, ``secretary``)."""

    kind: Literal["accredit_participant"] = "accredit_participant"
    handle: Handle
    name: Name
    capacities: list[Capacity] = Field(min_length=1, max_length=20)


# -- the text -----------------------------------------------------------------------------------------------------


class ImportDocument(_OnProcess):
    """Take a text in as a new document; it becomes the first version, the basis of negotiation."""

    kind: Literal["import_document"] = "import_document"
    title: Name
    symbol: Annotated[str, Field(max_length=80, pattern=r"^[^{}\s\x00-\x1f\x7f-\x9f]+( [^{}\s\x00-\x1f\x7f-\x9f]+)*$")]
    """The symbol without its revision: ``BP/CfA``; Rev.1 prints ``BP/CfA/Rev.1``."""
    language: Language = "en"
    version_name: Name = "Zero draft"
    sections: list[DraftedSection] = Field(min_length=1, max_length=20_000)


class OpenRound(_OnDocument):
    """Open the negotiation of a version."""

    kind: Literal["open_round"] = "open_round"
    base: VersionId
    name: Name
    deadline: AwareDatetime
    mode: SubmissionMode = SubmissionMode.FLOOR


class CloseRound(_OnDocument):
    """Close the round: from here on nothing is tabled or revised, and the desk decides; one may still withdraw."""

    kind: Literal["close_round"] = "close_round"
    round: RoundId


class CirculateAmendments(_OnDocument):
    """Release the held amendments of a round to everyone, all at once."""

    kind: Literal["circulate_amendments"] = "circulate_amendments"
    round: RoundId


class AdmitAmendment(_OnDocument):
    """Make an amendment active that came in past the deadline."""

    kind: Literal["admit_amendment"] = "admit_amendment"
    amendment: AmendmentId


# -- the delegations ----------------------------------------------------------------------------------------------


class TableAmendment(_OnDocument):
    """Table a numbered proposal on the round's base version."""

    kind: Literal["table_amendment"] = "table_amendment"
    round: RoundId
    base: VersionId
    edits: list[Edit] = Field(min_length=1, max_length=200)
    rationale: Note = ""
    placement_note: Note = ""


class ReviseAmendment(_OnDocument):
    """Put a new revision in the place of ``revision``, the last one the sender has seen; all are kept."""

    kind: Literal["revise_amendment"] = "revise_amendment"
    amendment: AmendmentId
    revision: int = Field(ge=1)
    edits: list[Edit] = Field(min_length=1, max_length=200)
    rationale: Note = ""
    placement_note: Note = ""


class WithdrawAmendment(_OnDocument):
    """Withdraw: recorded, never undone; the number is not used again."""

    kind: Literal["withdraw_amendment"] = "withdraw_amendment"
    amendment: AmendmentId
    reason: Note = ""


class PostComment(_OnDocument):
    """Say something on a section, on quoted words of it, or on an amendment; or reply to what was said."""

    kind: Literal["post_comment"] = "post_comment"
    section: SectionId | None = None
    target: QuoteTarget | None = None
    amendment: AmendmentId | None = None
    reply_to: CommentId | None = None
    audience: CommentAudience = CommentAudience.ALL
    body: str


# -- the desk -----------------------------------------------------------------------------------------------------


class DecideSection(_OnDocument):
    """Decide on one section: what becomes of these amendments there, and how it reads from now on.

    ``against`` is the digest of the section as the desk saw it; if somebody decided in between, the command is
    refused as stale and says how it stands. ``text`` goes with a redraft only.
    """

    kind: Literal["decide_section"] = "decide_section"
    round: RoundId
    section: SectionId
    amendments: list[AmendmentId] = Field(max_length=400)
    outcome: Outcome
    text: str | None = None
    reason: Note = ""
    against: Annotated[str, Field(min_length=16, max_length=64)]


class UndoDecision(_OnDocument):
    """Take a decision back, until the version is issued; only the last one on its section can go."""

    kind: Literal["undo_decision"] = "undo_decision"
    decision: DecisionId


class IssueVersion(_OnDocument):
    """Issue the consolidated text as the next version; every amendment of the round is accounted for in it."""

    kind: Literal["issue_version"] = "issue_version"
    round: RoundId
    name: Annotated[
        str, Field(max_length=80, pattern=r"^[^{}/\\\s\x00-\x1f\x7f-\x9f]+( [^{}/\\\s\x00-\x1f\x7f-\x9f]+)*$")
    ]
    renumber: bool = False


Command = Annotated[
    CreateProcess
    | AdmitDelegation
    | AccreditParticipant
    | ImportDocument
    | OpenRound
    | CloseRound
    | CirculateAmendments
    | AdmitAmendment
    | TableAmendment
    | ReviseAmendment
    | WithdrawAmendment
    | PostComment
    | DecideSection
    | UndoDecision
    | IssueVersion,
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
