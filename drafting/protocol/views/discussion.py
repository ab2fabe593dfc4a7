"""Views of what is said about a text."""

from pydantic import AwareDatetime

from drafting.protocol.base import Wire
from drafting.protocol.words import PositionAudience, Reservation, Stand


class QuoteView(Wire):
    """The quoted words of a comment and where they stood, in code points of ``version``'s text."""

    quote: str
    start: int
    end: int
    version: str


class DraftQuoteView(Wire):
    """The quoted words of a comment on a working draft, and where they stood in its section when they were quoted, in
    code points. ``anchor`` moves with them: two relative positions of Yjs, encoded, in base64.
    """

    draft: str
    quote: str
    start: int
    end: int
    anchor: tuple[str, str]


class CommentView(Wire):
    """Something that was said; ``group``: to which closed group alone, if to one. ``resolved``: the thread that it
    begins needs no more attention. It quotes words of a version (``target``), of a working draft (``drafted``) or none.
    """

    id: str
    section: str | None
    target: QuoteView | None
    amendment: str | None
    reply_to: str | None
    audience: str
    group: str | None
    delegation: str | None
    by: str
    capacity: str
    body: str
    resolved: bool
    at: AwareDatetime
    drafted: DraftQuoteView | None = None


class PositionView(Wire):
    """Where a delegation stands on an amendment or on a section.

    ``by`` and ``capacity`` are who gave it to its audience; a note-taker does so on the delegation's behalf.
    ``replaced_by``: the later position, on the same and to the same audience, that counts in its place.
    """

    id: str
    amendment: str | None
    section: str | None
    delegation: str
    stand: Stand
    reservation: Reservation | None
    audience: PositionAudience
    note: str
    by: str
    capacity: str
    at: AwareDatetime
    withdrawn: bool
    replaced_by: str | None

    @property
    def stands(self) -> bool:
        """Whether it was neither withdrawn nor replaced."""
        return not self.withdrawn and self.replaced_by is None


class StandView(Wire):
    """How many delegations stand so, and which, in protocol order."""

    stand: Stand
    count: int
    delegations: list[str]


class TallyView(Wire):
    """How the delegations stand on an amendment, or on a section."""

    amendment: str | None
    section: str | None
    stands: list[StandView]


class TalliesView(Wire):
    """A round's tallies, as far as this reader knows the positions: of the amendments before its desk, and of the
    sections of the text that it negotiates. What nobody has taken a position on is not there.
    """

    round: str
    amendments: list[TallyView]
    sections: list[TallyView]
