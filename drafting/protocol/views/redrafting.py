"""Views of what a working draft says: section by section against its base, and carried over to another version."""

from drafting.protocol.base import Wire
from drafting.protocol.views.carried import ClashView
from drafting.protocol.words import AmendmentState, CarriedOutcome


class TieView(Wire):
    """The amendment that was tabled from a section of a working draft: how it stands, and its newest revision.

    ``same``: that makes of the section what the draft does.
    """

    amendment: str
    label: str
    state: AmendmentState
    revision: int
    same: bool


class PlacedQuoteView(Wire):
    """Where the quoted words of a comment stand in a working draft now (code points); an orphan stands nowhere.

    ``was``: the words when they were quoted. ``quote``: what stands there now. ``anchor`` is the comment's.
    """

    comment: str
    section: str
    was: str
    orphaned: bool
    start: int | None
    end: int | None
    quote: str | None
    anchor: tuple[str, str]


class CarriedSectionView(Wire):
    """What became of a section that the working draft or the newer version had changed, once the draft is carried over.

    ``old`` and ``new``: as the two versions have it; ``drafted``: as the draft had it; ``text``: as the draft has it
    then. Of words that both changed, both wordings are in ``pieces``, as in a carried amendment's part.
    """

    section: str
    label: str
    outcome: CarriedOutcome
    remark: str | None
    old: str
    new: str
    drafted: str
    text: str
    pieces: list[str | ClashView]


class CarriedDraftView(Wire):
    """How a working draft would be carried over to a version: every section that it or the version has changed."""

    draft: str
    base: str
    version: str
    sections: list[CarriedSectionView]
