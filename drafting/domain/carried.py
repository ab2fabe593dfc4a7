"""What becomes of a proposal, a draft or a quotation when its base changes: the shapes of the answer."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from drafting.domain.merging import Pieces
from drafting.domain.text import Line, Manifest
from drafting.protocol.edits import Edit


class Fate(StrEnum):
    """What becomes of a proposal on a new base."""

    EXACT = "exact"
    """Nothing that it touches has changed."""
    EDITED = "edited"
    """The text around it, or the place it is anchored to, has changed; its own change is kept."""
    DONE = "done"
    """The new base reads so already."""
    CONFLICT = "conflict"
    """The new base changed the same words, or moved the same section: a person decides between the two."""
    ORPHANED = "orphaned"
    """What it was about is gone; its text is kept, with where it was."""


class Remark(StrEnum):
    """What a person should know of a carried proposal."""

    REANCHORED = "reanchored"
    """What it was to stand after is gone; it stands after the nearest earlier section that is still in its place."""
    TAKEN_IN_PART = "taken_in_part"
    """Some of its changes are in the new base already; the others stay."""
    FOLLOWED = "followed"
    """Its words stand in another section now, which is what is to be edited: the new base merged, split or moved."""
    TAKEN_ELSEWHERE = "taken_elsewhere"
    """The same text was added at the same place by somebody else."""
    SECTION_GONE = "section_gone"
    SECTION_DELETED = "section_deleted"
    MOVED_ELSEWHERE = "moved_elsewhere"
    """The new base moved the section to another place, or its new surroundings leave no place for the move."""


class Place(NamedTuple):
    """Where something stood: the section as it was, its position in reading order (from 0) and its neighbours."""

    line: Line
    position: int
    before: Line | None
    after: Line | None


@dataclass(frozen=True, slots=True)
class CarriedText:
    """A wording of one section, carried. ``text`` is its reading on the new base; of a conflict there is none yet.

    ``pieces`` are there for a conflict: read with either side's wordings they are the two texts to choose from. A
    passage's ``start`` and ``end`` are places in the old base's text.
    """

    fate: Fate
    text: str | None
    pieces: Pieces = ()


@dataclass(frozen=True, slots=True)
class CarriedEdit:
    """One edit, or a part of one that came apart, carried: of a merge or split, or of a rewording of words that did.

    ``number``: which of the given edits, from 0. ``edit``: as it was proposed. ``now``: as it reads on the new base;
    ``None`` if done, in conflict or orphaned. ``place``: where it was, for a conflict, for an orphan, and for what is
    followed to another section; ``None`` for a new section. ``pieces``: as in CarriedText; a paragraph break that a
    split proposes shows as a pilcrow.
    """

    number: int
    edit: Edit
    fate: Fate
    now: Edit | None = None
    remark: Remark | None = None
    pieces: Pieces = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """An amendment, carried: every edit is accounted for in ``parts``, in the order given."""

    parts: tuple[CarriedEdit, ...]

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Give what is still pending and clear: valid on the new base, unless there is none."""
        # Two parts whose words have come to one section share the edit of it.
        return tuple({id(part.now): part.now for part in self.parts if part.now is not None}.values())

    @property
    def open(self) -> tuple[CarriedEdit, ...]:
        """Give what a person must look at: conflicts and orphans."""
        return tuple(part for part in self.parts if part.fate in {Fate.CONFLICT, Fate.ORPHANED})

    @property
    def fate(self) -> Fate:
        """Say it in one word: the gravest fate of any part; done only if all of it is."""
        left = {part.fate for part in self.parts} - {Fate.DONE}
        return next((fate for fate in (Fate.ORPHANED, Fate.CONFLICT, Fate.EDITED) if fate in left), _mildest(left))


def _mildest(left: Collection[Fate]) -> Fate:
    return Fate.EXACT if left else Fate.DONE


def place_of(text: Manifest, position: int) -> Place:
    """Describe the place of ``text[position]``."""
    before = text[position - 1] if position else None
    after = text[position + 1] if position + 1 < len(text) else None
    return Place(text[position], position, before, after)
