"""Views of working drafts: live texts under editing."""

from pydantic import AwareDatetime

from drafting.protocol.base import Wire
from drafting.protocol.views.redrafting import CarriedSectionView, PlacedQuoteView, TieView
from drafting.protocol.words import DraftedChange, DraftKind, SectionKind, SectionStatus


class WorkingDraftView(Wire):
    """A working draft, without its words: those are live, and come from its own address.

    ``side`` is the delegation or closed group whose it is, empty for the chair's. ``audience`` is the stream of those
    who may read and watch it. ``base`` is the version that it was seeded from, or carried over to. ``locked`` names the
    sections that nobody edits until they are unlocked.
    """

    id: str
    kind: DraftKind
    side: str
    audience: str
    base: str
    locked: list[str]
    opened_at: AwareDatetime


class DraftLineView(Wire):
    """A section as it stands in a working draft, and what that makes of its base.

    ``text`` is the draft's; ``base_text`` the base's, ``None`` where the base does not have the section. ``label`` is
    the base's; a new section has the one that it would get. ``removed``: the draft has nothing to read here. ``moved``:
    it stands elsewhere than in the base, whatever else became of it. ``status`` is that of the base's wording. ``tie``:
    the amendment that was tabled from it.
    """

    section: str
    label: str
    kind: SectionKind
    level: int
    text: str
    base_text: str | None
    change: DraftedChange
    removed: bool
    locked: bool
    status: SectionStatus
    moved: bool
    tie: TieView | None


class WorkingTextView(Wire):
    """A working draft as it reads now, in its own order, sections that it removes included.

    ``writes``: whether the reader may type into it now; if not, ``why_not`` says why. ``newest``: the basis, to which
    it can be carried over where that is not its base. ``open``: what the last carrying over left in conflict or without
    a place, as long as it reads as it was left. ``comments``: on words of the draft, where those stand now.
    """

    draft: WorkingDraftView
    writes: bool
    why_not: str | None
    lines: list[DraftLineView]
    newest: str
    open: list[CarriedSectionView]
    comments: list[PlacedQuoteView]
