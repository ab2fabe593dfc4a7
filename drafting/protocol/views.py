"""Views: what a reader is shown. Snapshot first; the others are its parts, or answers to single questions."""

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AwareDatetime, Field

from drafting.protocol.base import Wire
from drafting.protocol.edits import Edit, PrimitiveEdit
from drafting.protocol.words import AmendmentState, Outcome, RoundState, SectionKind, Standing, SubmissionMode

T = TypeVar("T")


class DelegationView(Wire):
    """A state or organisation, as the secretariat's table has it. ``names`` is short and formal name by language."""

    code: str
    names: dict[str, dict[str, str]]
    order: int


class DocumentView(Wire):
    """One negotiated text."""

    id: str
    process: str
    title: str
    symbol: str
    language: str


class SectionView(Wire):
    """A section as it stands in a version, or at the desk. A ``deleted`` one has no text; its label still prints."""

    id: str
    kind: SectionKind
    level: int
    label: str
    text: str
    deleted: bool = False


class AccountLine(Wire):
    """What a version says has become of one circulated amendment; late ones that nobody admitted say so."""

    amendment: str
    label: str
    outcome: AmendmentState | Literal["not_admitted"]
    decisions: list[str]


class VersionView(Wire):
    """An issued text, without its sections.

    ``hash`` covers the sections, the account, the parent's hash and ``log_head``, which in turn covers the heads of
    all streams of the document's log at the moment of issue; both are printed in the Word file.
    """

    id: str
    document: str
    name: str
    symbol: str
    ordinal: int
    parent: str | None
    round: str | None
    standing: Standing
    hash: str
    log_head: str
    issued_at: AwareDatetime
    issued_by: str


class IssuedView(Wire):
    """An issued text whole: sections, what became of every amendment of its round, and the renumbering table
    (section id, old label, new label).
    """

    version: VersionView
    sections: list[SectionView]
    account: list[AccountLine]
    renumbering: list[tuple[str, str, str]]


class RoundView(Wire):
    """A document under negotiation on a base version."""

    id: str
    number: int
    name: str
    base: str
    state: RoundState
    mode: SubmissionMode
    deadline: AwareDatetime
    opened_at: AwareDatetime


class RevisionView(Wire):
    """What an amendment proposed at one time."""

    number: int
    edits: list[Edit]
    rationale: str
    placement_note: str
    at: AwareDatetime
    by: str


class AmendmentView(Wire):
    """A delegation's proposal as it stands, its last revision last.

    ``late``: past the deadline and not admitted, so inactive. ``circulated``: everyone may see it.
    ``touches``: the sections a consolidation must decide on; ``decided`` those it has decided on.
    """

    id: str
    label: str
    delegation: str
    round: str
    base: str
    state: AmendmentState
    late: bool
    circulated: bool
    touches: list[str]
    decided: list[str]
    revisions: list[RevisionView]

    @property
    def revision(self) -> RevisionView:
        """The one that counts."""
        return self.revisions[-1]

    @property
    def active(self) -> bool:
        """Whether the desk has it to decide on, or has decided."""
        return self.circulated and not self.late and self.state is not AmendmentState.WITHDRAWN


class QuoteView(Wire):
    """The quoted words of a comment and where they stood, in code points of ``version``'s text."""

    quote: str
    start: int
    end: int
    version: str


class CommentView(Wire):
    """Something that was said."""

    id: str
    section: str | None
    target: QuoteView | None
    amendment: str | None
    reply_to: str | None
    audience: str
    delegation: str | None
    by: str
    capacity: str
    body: str
    at: AwareDatetime


class DecisionView(Wire):
    """What the desk decided on a section: the edits it amounts to, for whom and why."""

    id: str
    round: str
    section: str
    outcome: Outcome
    amendments: list[str]
    edits: list[PrimitiveEdit]
    reason: str
    by: str
    capacity: str
    at: AwareDatetime
    undone: bool = False


class Snapshot(Wire):
    """A document as one reader may see it, and the cursor from which the feed goes on.

    ``sections`` is the current basis of negotiation: the newest version's text. Decisions that are not yet issued
    are there for the desk alone, and amendments stand for everyone else as if they had not been taken.
    """

    cursor: str
    document: DocumentView
    versions: list[VersionView]
    sections: list[SectionView]
    rounds: list[RoundView]
    amendments: list[AmendmentView]
    comments: list[CommentView]
    decisions: list[DecisionView]


class WordingView(Wire):
    """One wording of a passage, and the amendments (by label) and delegations that hold it."""

    text: str
    amendments: list[str]
    delegations: list[str]


class PassageView(Wire):
    """A stretch of base text where wordings differ; code points of the base text."""

    start: int
    end: int
    base: str
    wordings: list[WordingView]


class AlternativeView(WordingView):
    """A wording of the whole section that shares too little with the base to be read as changes of it: OP12 alt."""

    label: str


class HoldingView(Wire):
    """Who proposes something on a whole section; for a move, ``after`` says where to."""

    amendment: str
    delegation: str
    after: str | None = None


class CompiledSectionView(Wire):
    """A base section with every amendment overlaid; or a proposed new one (``added_by`` not empty).

    ``pieces`` are the base text in order, plain strings where nobody differs.
    """

    section: SectionView
    pieces: list[str | PassageView]
    alternatives: list[AlternativeView]
    added_by: list[HoldingView]
    deleted_by: list[HoldingView]
    moved_by: list[HoldingView]


class CompilationView(Wire):
    """The base with every amendment that the reader may see, attributed."""

    document: str
    version: VersionView
    sections: list[CompiledSectionView]
    amendments: list[str]


class DeskSectionView(Wire):
    """A section as it stands at the desk, ``digest`` to decide against, and the amendments still waiting on it."""

    section: SectionView
    digest: str
    waiting: list[str]
    decisions: list[str]


class DeskView(Wire):
    """The round's consolidated text so far."""

    round: str
    sections: list[DeskSectionView]
    waiting: int


class CauseView(Wire):
    """Why a section changed: the decision, and the amendments with their delegations."""

    decision: str
    outcome: Outcome
    amendments: list[str]
    delegations: list[str]
    reason: str
    version: str


class ArrivalView(Wire):
    """A passage ``[start:end]`` of the new text that stood in the section ``origin`` before; maybe redrafted."""

    origin: str
    start: int
    end: int
    redrafted: bool


class ChangeView(Wire):
    """One section in a comparison. ``spans`` are (keep | delete | insert, text); empty kinds mean unchanged.

    ``nature`` says what the changes of words are: substance, editorial, brackets. ``invisible``: the texts differ and
    look the same. ``regrouped``: it stands under another heading. ``origin``: a new section that says what that
    removed one said. ``arrivals``: passages that stood elsewhere.
    """

    section: str
    nature: list[str]
    invisible: bool
    regrouped: bool
    origin: str | None
    merged_from: list[str]
    split_from: str | None
    arrivals: list[ArrivalView]
    kinds: list[Literal["added", "removed", "moved", "edited"]]
    renumbered: bool
    old: SectionView | None
    new: SectionView | None
    spans: list[tuple[Literal["keep", "delete", "insert"], str]]
    causes: list[CauseView]


class ComparisonView(Wire):
    """Two versions of one document, section by section, in the new one's order."""

    document: str
    old: VersionView
    new: VersionView
    changes: list[ChangeView]
    words_added: int
    words_deleted: int


class LintView(Wire):
    """A remark on a text that was taken in: what looks wrong, and where; nothing was changed."""

    section: str
    position: int
    what: str


class Page(Wire, Generic[T]):
    """One page of a list; ``next`` is what to ask for to go on, absent at the end."""

    items: list[T]
    next: str | None = None


class ProcessView(Wire):
    """A forum and what the reader is in it."""

    id: str
    name: str
    capacities: list[str]
    delegations: list[DelegationView]


class PersonView(Wire):
    """Who is signed in, and what they may act as, by process."""

    handle: str
    name: str
    capacities: dict[str, list[str]]


class FindingView(Wire):
    """Something that ``verify`` found: where, and what is wrong with it."""

    scope: str
    place: str
    what: str


class VerifyView(Wire):
    """The state of the log's chain and of what is derived from it."""

    events: int
    streams: int
    versions: int
    findings: Annotated[list[FindingView], Field(description="empty when all is well")]
