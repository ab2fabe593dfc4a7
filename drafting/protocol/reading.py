"""Views of a text that is read closely: whose words these are, the printed compilation, brackets, cross-references."""

from enum import StrEnum

from drafting.protocol.base import Wire
from drafting.protocol.views import ComparisonView, VersionView


class Nature(StrEnum):
    """What a change of words is: of substance, such as an editor makes, or of brackets (opened, lifted, reworded)."""

    SUBSTANCE = "substance"
    EDITORIAL = "editorial"
    BRACKETS = "brackets"


class ChangeKind(StrEnum):
    """What became of a section between two versions."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    EDITED = "edited"


class PatchedComparisonView(ComparisonView):
    """Two versions of one document, section by section, in the new one's order.

    ``changes`` holds the sections that were asked for, and the words are counted in these. ``patches``, if asked for:
    the change of words as diff-match-patch's patch text, by section.
    """

    patches: dict[str, str]


class OriginView(Wire):
    """Where words come from: the version (id and name) they first stand in, and whose they are.

    No amendment: they are the first text's, or the desk's own (a redraft, a bracket), or an amendment's that the reader
    may not see.
    """

    version: str
    name: str
    amendments: list[str]
    delegations: list[str]


class RunView(Wire):
    """Words in a row that have one origin."""

    text: str
    origin: OriginView


class TracedSectionView(Wire):
    """A section's text cut by origin: the runs joined are the text."""

    section: str
    label: str
    runs: list[RunView]


class ProvenanceView(Wire):
    """For every word of a version, who brought it in and when."""

    document: str
    version: VersionView
    sections: list[TracedSectionView]


class LiteralParagraphView(Wire):
    """A paragraph as printed. ``section``: the one it shows, is added as, or is an alternative to; ``null`` for a
    notice that concerns the whole text. ``label`` is empty where there is none, or where it stands in the bracket.
    """

    section: str | None
    label: str
    text: str


class LiteralView(Wire):
    """The compilation as literal text: ``[appropriate] [ARV, DUM: all necessary] [BOR: delete]``."""

    document: str
    version: VersionView
    named: bool
    paragraphs: list[LiteralParagraphView]


class MarkView(Wire):
    """A bracket's mark: ``position`` in code points of the section's text; its label as last printed."""

    section: str
    label: str
    position: int


class BracketStepView(Wire):
    """A version (id and name) in which something became of a bracket, and the delegations that brought that about;
    none: the secretariat or the chair.
    """

    version: str
    name: str
    delegations: list[str]


class BracketView(Wire):
    """A bracket: where it stands and what became of it.

    ``text`` is what stands in it (the first 500 code points; a line for each section). ``depth`` counts from 1 for the
    outermost, through the whole text. ``age`` is in versions. A mark without a partner has a ``fault``, and no text. A
    lifted one has no depth; its marks are where it stood last, and ``kept`` says whether its words stayed.
    """

    opened_at: MarkView | None
    closed_at: MarkView | None
    depth: int | None
    text: str
    opened: BracketStepView
    reworded: list[BracketStepView]
    lifted: BracketStepView | None
    kept: bool | None
    age: int
    fault: str | None


class ChoiceView(Wire):
    """A stretch ``[start:end]`` of a section, in code points, that stands for one of ``options``; an empty one says
    that no text is to stand there.
    """

    section: str
    start: int
    end: int
    options: list[str]


class BracketsView(Wire):
    """What is not agreed in a version.

    ``brackets`` in reading order, lifted ones (if asked for) after them, in the order of opening. ``counts``: whole
    brackets by the section that they open in, where there are any. ``not_agreed``: the sections with a bracket in them
    or around them. ``alternatives``: sections labelled as alternatives (OP1 alt), by the one that they stand for.
    """

    document: str
    version: VersionView
    brackets: list[BracketView]
    choices: list[ChoiceView]
    counts: dict[str, int]
    not_agreed: list[str]
    alternatives: dict[str, list[str]]


class ReferenceView(Wire):
    """A place that names a section: ``said`` is the number at ``[start:end]`` (code points) of a section's text.

    ``printed``: the label of the section that says so; ``label``: what it names; ``target``: the section of that label.
    ``fault``: why it leads nowhere (unknown, deleted). ``elsewhere``: the text goes on to name another instrument.
    ``dead``: it leads nowhere, and means this text.
    """

    section: str
    printed: str
    start: int
    end: int
    said: str
    label: str
    target: str | None
    fault: str | None
    elsewhere: bool
    dead: bool


class OutdatedView(Wire):
    """A reference that was right in the older version and still says the same, while its section has another number.

    Its place is that in the older version. ``suggested`` is what to say instead; ``null``: the section is gone.
    """

    reference: ReferenceView
    suggested: str | None


class ReferencesView(Wire):
    """Where a version speaks of its own sections; ``outdated`` as compared with the version ``against``."""

    document: str
    version: VersionView
    against: VersionView | None
    references: list[ReferenceView]
    outdated: list[OutdatedView]
