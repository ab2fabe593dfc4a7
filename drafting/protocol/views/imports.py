"""Views of marked-up files that came in: how each change was understood, and what became of it."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from drafting.protocol.base import Wire
from drafting.protocol.edits import Edit


class Claim(StrEnum):
    """Whose a name in a file is, as far as the secretariat's table tells: a name is a claim, and proves nothing."""

    OWN = "own"
    """It names the delegation for which the file came in, or somebody of it."""
    OTHER = "other"
    """It names another delegation."""
    UNKNOWN = "unknown"
    UNNAMED = "unnamed"
    """The file does not say, or says what a program says by itself ("Author")."""


class ItemState(StrEnum):
    """What becomes of an item of a file."""

    READY = "ready"
    """It can be taken."""
    DOUBTFUL = "doubtful"
    """It can be taken, if somebody names it: its place was guessed, or nobody tracked it."""
    NOT_CHOSEN = "not_chosen"
    """It is of an author who was not chosen."""
    STANDING = "standing"
    """It stands already: the same was proposed, or said, before."""
    REFUSED = "refused"
    TAKEN = "taken"


class ImportAuthorView(Wire):
    """A name in a file, with how many tracked changes and comments bear it. ``delegation``: the one that the name is,
    by the table; ``bound``: the one for which what is chosen of it is taken.
    """

    name: str
    initials: str
    changes: int
    comments: int
    claim: Claim
    delegation: str | None
    bound: str | None
    chosen: bool


class ImportQuoteView(Wire):
    """The words of a section's text that a comment is on, in code points."""

    quote: str
    start: int
    end: int


class ImportedAmendmentView(Wire):
    """What an author of a file proposes. ``sections`` are those it touches, with their ``labels``; ``number`` is what a
    new paragraph is numbered in the file. ``changes``: how many tracked changes say so (0: none was tracked).
    ``sure`` (0-1): that these are the sections. ``standing``: what says the same already; ``made``: what came of it.
    """

    kind: Literal["amendment"] = "amendment"
    id: str
    author: str | None
    delegation: str | None
    sections: list[str]
    labels: list[str]
    edits: list[Edit]
    number: str
    changes: int
    sure: float
    state: ItemState
    standing: str | None = None
    made: str | None = None
    code: str | None = None
    detail: str | None = None


class ImportedCommentView(Wire):
    """A comment of a file on a section, on quoted words of it, or on an ``amendment`` (an item that adds what it is on,
    or one that stands); ``reply_to`` is the item, or the comment in the room, that it replies to. ``resolved``: its
    thread was done.
    """

    kind: Literal["comment"] = "comment"
    id: str
    author: str
    delegation: str | None
    section: str | None
    label: str
    target: ImportQuoteView | None
    amendment: str | None
    reply_to: str | None
    body: str
    resolved: bool
    state: ItemState
    standing: str | None = None
    made: str | None = None
    code: str | None = None
    detail: str | None = None


ImportItemView = Annotated[ImportedAmendmentView | ImportedCommentView, Field(discriminator="kind")]


class ImportReviewView(Wire):
    """Something that a person has to look at: in which file and where in it, whose, the words, and why nothing came of
    it by itself. ``changes``: how many tracked changes it is.
    """

    file: str
    place: str
    author: str
    text: str
    why: str
    changes: int


class ImportAccountView(Wire):
    """What the tracked changes of a file came to; they add up to ``changes``.

    ``proposed``: an amendment says so. ``printed``: we printed them, and what they say stands. ``looks``: they touch no
    word. ``numbers``: printed numbers alone. ``nothing``: the words stay as they were. ``review``: somebody looks.
    """

    changes: int
    proposed: int
    printed: int
    looks: int
    numbers: int
    nothing: int
    review: int


class ImportedFileView(Wire):
    """A file, understood; or why it was refused (``code`` and ``detail``): then it left nothing behind.

    ``version``: the text whose sections its paragraphs are; ``declared``: the file says so itself. ``sure`` (0-1): that
    it is a copy of it. ``untracked``: no word is tracked, and words differ: somebody accepted all.
    ``comments_printed``: how many of its comments we printed ourselves.
    """

    file: str
    digest: str
    version: str | None = None
    declared: bool = False
    sure: float = 0.0
    untracked: bool = False
    authors: list[ImportAuthorView] = Field(default_factory=list)
    items: list[ImportItemView] = Field(default_factory=list)
    review: list[ImportReviewView] = Field(default_factory=list)
    account: ImportAccountView | None = None
    comments_printed: int = 0
    remarks: list[str] = Field(default_factory=list)
    code: str | None = None
    detail: str | None = None


class ImportBatchView(Wire):
    """What became of a batch of files; ``taken``: it was carried out, and not only rehearsed. ``review`` is all that is
    to be looked at, of all files.
    """

    taken: bool
    files: list[ImportedFileView]
    review: list[ImportReviewView]
