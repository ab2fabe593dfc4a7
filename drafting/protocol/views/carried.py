"""Views of what was said on an older text, carried to a newer one."""

from typing import Literal

from drafting.protocol.base import Wire
from drafting.protocol.edits import Edit
from drafting.protocol.views.discussion import QuoteView
from drafting.protocol.words import AmendmentState

Fate = Literal["exact", "edited", "done", "conflict", "orphaned"]


class PlaceView(Wire):
    """Where something stood in the older text: its section as it printed there, and its neighbours' labels."""

    section: str
    label: str
    text: str
    before: str
    after: str


class ClashView(Wire):
    """A stretch of the older text (``base``) that the newer one and the amendment have each worded anew."""

    base: str
    current: str
    proposed: str


class CarriedPartView(Wire):
    """What becomes of one of an amendment's edits. ``edit``: as it was made; ``now``: as it reads on the newer text.

    ``fate``: exact (nothing it touches has changed), edited (what is around it has), done (the text reads so already),
    conflict (the text has changed the same words: both wordings are in ``pieces``, and a person decides), orphaned
    (what it was about is gone; ``place`` says where that was). ``remark`` says what else a person should know.
    """

    edit: Edit
    fate: Fate
    now: Edit | None
    remark: str | None
    pieces: list[str | ClashView]
    place: PlaceView | None


class CarriedAmendmentView(Wire):
    """An amendment that waits still and was made on an older text than the one it is shown on."""

    amendment: str
    label: str
    delegation: str
    state: AmendmentState
    base: str
    fate: Fate
    parts: list[CarriedPartView]


class CarriedCommentView(Wire):
    """Quoted words of a comment on the newer text; an orphan has no ``now``, and ``place`` says where they stood.

    ``hold``: exact (the same words, wherever they stand now), edited (changed since), orphaned (gone).
    """

    comment: str
    hold: Literal["exact", "edited", "orphaned"]
    was: QuoteView
    section: str | None
    now: QuoteView | None
    place: PlaceView | None


class CarriedView(Wire):
    """Everything that was said on older texts and is not settled, carried to ``version``."""

    document: str
    version: str
    amendments: list[CarriedAmendmentView]
    comments: list[CarriedCommentView]
