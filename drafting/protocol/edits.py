"""The parts of an amendment: what a delegation proposes, as edits of sections."""

from typing import Annotated, Literal

from pydantic import Field

from drafting.protocol.base import Wire
from drafting.protocol.words import SectionId, SectionKind


class Replace(Wire):
    """The section is to read ``text``."""

    op: Literal["replace"] = "replace"
    section: SectionId
    text: str


class Add(Wire):
    """A new section after ``after`` (``null``: at the very start). ``section`` is its id for life; the server mints
    one where the sender did not. Several additions after one section stand in the order of their amendments.

    ``alternative_to``: it is another wording of that whole paragraph, for the room to choose, and prints as OP12 alt.
    """

    op: Literal["add"] = "add"
    after: SectionId | None
    section: SectionId | None = None
    section_kind: SectionKind
    level: int = Field(ge=0, le=9)
    text: str
    alternative_to: SectionId | None = None


class Delete(Wire):
    """The section is to go ("no text"); its label stays and prints "[deleted]"."""

    op: Literal["delete"] = "delete"
    section: SectionId


class Move(Wire):
    """The section is to stand after ``after`` (``null``: at the very start), its text unchanged."""

    op: Literal["move"] = "move"
    section: SectionId
    after: SectionId | None


class Merge(Wire):
    """The sections become one: the first is to read ``text``, the others go."""

    op: Literal["merge"] = "merge"
    sections: list[SectionId] = Field(min_length=2, max_length=20)
    text: str


class Split(Wire):
    """The section becomes several: it keeps the first text, the others follow it as new sections ``sections``
    (one id fewer than texts; minted by the server where left out), of the same kind and level.
    """

    op: Literal["split"] = "split"
    section: SectionId
    texts: list[str] = Field(min_length=2, max_length=20)
    sections: list[SectionId] | None = None


class Term(Wire):
    """A term throughout the text: wherever it says ``old``, in whole words, it is to say ``new``.

    Capitals count. But an ``old`` that begins small is also found where it has a capital first letter or stands all in
    capitals, as at the head of a sentence or in a heading, and ``new`` then takes the same. A hyphen makes another
    word. What the amendment's other edits make of the text is searched too; deleted sections are not.
    """

    op: Literal["term"] = "term"
    old: str = Field(min_length=1, max_length=200)
    new: str = Field(min_length=1, max_length=200)


class LiftBracket(Wire):
    """The bracket whose opening mark stands at ``start`` (code points of the section's text) is to go: its marks only,
    or with all that stands in it. A mark without a partner goes alone.
    """

    op: Literal["lift"] = "lift"
    section: SectionId
    start: int = Field(ge=0)
    keep: bool = True


class ChooseAlternative(Wire):
    """Of the alternatives that begin at ``start`` (``[shall] [should]``, ``[shall/should]``) the ``option``-th, counted
    from 0, is to stand.
    """

    op: Literal["choose"] = "choose"
    section: SectionId
    start: int = Field(ge=0)
    option: int = Field(ge=0)


class Patch(Wire):
    """The section is to read as diff-match-patch's ``patch`` text makes it, each hunk where it says, word for word."""

    op: Literal["patch"] = "patch"
    section: SectionId
    patch: str = Field(min_length=1, max_length=400_000)


Edit = Annotated[Replace | Add | Delete | Move | Merge | Split | Term, Field(discriminator="op")]
PrimitiveEdit = Annotated[Replace | Add | Delete | Move, Field(discriminator="op")]
"""What merge, split and a term throughout come down to; what decisions are recorded in."""
Shorthand = Annotated[LiftBracket | ChooseAlternative | Patch, Field(discriminator="op")]
"""How a section is to read, said by what is to be done to its text; kept as the wording that it amounts to."""
ProposedEdit = Annotated[
    Replace | Add | Delete | Move | Merge | Split | Term | LiftBracket | ChooseAlternative | Patch,
    Field(discriminator="op"),
]
