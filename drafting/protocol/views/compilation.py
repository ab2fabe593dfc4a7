"""Views of a compilation: a text with every amendment laid over it."""

from drafting.protocol.base import Wire
from drafting.protocol.views.carried import CarriedAmendmentView
from drafting.protocol.views.texts import SectionView, VersionView


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
    """The base with every amendment that the reader may see, attributed.

    ``carried``: of these, the ones that were made on an older text and wait still; what of them is in conflict, or has
    lost its object, is not laid over this text and stands there alone.
    """

    document: str
    version: VersionView
    sections: list[CompiledSectionView]
    amendments: list[str]
    carried: list[CarriedAmendmentView]
