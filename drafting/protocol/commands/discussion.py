"""What is said about the text."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from drafting.protocol.base import Wire
from drafting.protocol.commands.base import Note, OnDocument
from drafting.protocol.words import (
    AmendmentId,
    Code,
    CommentAudience,
    CommentId,
    DraftId,
    PositionAudience,
    PositionId,
    Reservation,
    SectionId,
    Stand,
)


class QuoteTarget(Wire):
    """A quoted range in the manner of a W3C Web Annotation: the words, and where they stood.

    ``start`` and ``end`` count code points in the section's text of the round's base version, or of a working draft.
    """

    quote: Annotated[str, Field(min_length=1, max_length=5_000)]
    start: int = Field(ge=0)
    end: int = Field(ge=1)


class PostComment(OnDocument):
    """Say something on a section, on quoted words of it, or on an amendment; or reply to what was said.

    ``group`` names the closed group for the audience ``group``. A reply to what not everyone sees stays with those who
    see that, whatever it says; a reply to a resolved thread, for the same audience, reopens it.

    ``draft``: the quoted words stand in that working draft, and the comment moves with them; it is for nobody who may
    not read the draft.
    """

    kind: Literal["post_comment"] = "post_comment"
    section: SectionId | None = None
    target: QuoteTarget | None = None
    draft: DraftId | None = None
    amendment: AmendmentId | None = None
    reply_to: CommentId | None = None
    audience: CommentAudience = CommentAudience.ALL
    group: Code | None = None
    body: str

    @model_validator(mode="after")
    def _whole(self) -> Self:
        beside = self.amendment is not None or self.reply_to is not None
        if self.draft is not None and (self.section is None or self.target is None or beside):
            raise ValueError(
                "a comment on a working draft quotes words of one of its sections, and is about nothing else"
            )
        return self


class ResolveComment(OnDocument):
    """Say that a thread, named by the comment that begins it, needs no more attention."""

    kind: Literal["resolve_comment"] = "resolve_comment"
    comment: CommentId


class ReopenComment(OnDocument):
    """Take a resolved thread up again."""

    kind: Literal["reopen_comment"] = "reopen_comment"
    comment: CommentId


class TakePosition(OnDocument):
    """Say where a delegation stands on an amendment or on a section, in place of what it said to the same audience.

    A reservation says what it is for. A clerk's position is for the audience ``own``, until a head or delegate clears
    it; a note-taker records one that was heard, and names the ``delegation``.
    """

    kind: Literal["take_position"] = "take_position"
    amendment: AmendmentId | None = None
    section: SectionId | None = None
    stand: Stand
    reservation: Reservation | None = None
    audience: PositionAudience = PositionAudience.ALL
    note: Note = ""
    delegation: Code | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.amendment is None) == (self.section is None):
            raise ValueError("a position is on an amendment or on a section: name one of them")
        if (self.stand is Stand.RESERVE) != (self.reservation is not None):
            raise ValueError("who reserves says what the reservation is for, and nobody else does")
        return self


class ClearPosition(OnDocument):
    """Give a position that was internal to the audience that it is meant for."""

    kind: Literal["clear_position"] = "clear_position"
    position: PositionId
    audience: Literal[PositionAudience.ALL, PositionAudience.CHAIR, PositionAudience.SECRETARIAT]


class WithdrawPosition(OnDocument):
    """Take a position back; that it was taken is kept."""

    kind: Literal["withdraw_position"] = "withdraw_position"
    position: PositionId
