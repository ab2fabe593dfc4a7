"""How a marked-up file is understood: who proposes what on which section, what they say in the margin, and what a
person has to look at. Every tracked change is accounted for.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from drafting.domain.placing import confidence
from drafting.domain.text import Manifest
from drafting.word.guard import open_package
from drafting.word.marked import LOOKS, Declared, MarkedFile, declared, read_marked, touching
from drafting.word.marked_edits import Base, Idle, Part, base_of, proposed
from drafting.word.marked_margin import MarginNote, margin
from drafting.word.marked_text import inside_others
from drafting.word.marked_untracked import same_words, untracked
from drafting.word.runs import Change

_LONGEST_QUOTE = 400


class Outcome(StrEnum):
    """What a tracked change came to."""

    PROPOSED = "proposed"
    """It is part of what its author proposes."""
    PRINTED = "printed"
    """We printed it ourselves: a proposal that stands, or what a redline shows of its version."""
    LOOKS = "looks"
    """It says how something looks, and touches no word."""
    NUMBERS = "numbers"
    """It touches printed numbers alone, which are given when a version is issued."""
    NOTHING = "nothing"
    """It leaves the words as they were."""
    REVIEW = "review"
    """It is on the review list."""


class Review(NamedTuple):
    """Something that a person has to look at: where it is in the file, whose, the words, and why nothing came of it."""

    place: str
    author: str
    text: str
    why: str
    changes: frozenset[int] = frozenset()


class MarkedAuthor(NamedTuple):
    """Somebody in whose name a file has tracked changes or comments: how many, and the initials, if it says them."""

    name: str
    initials: str
    changes: int
    comments: int


class Stamps(NamedTuple):
    """What we print in a file, by which it is known again: the names of authors (without case), and the dates, to the
    second, of what stands already. A name that lists several is known if each of them is.
    """

    names: frozenset[str] = frozenset()
    dates: frozenset[str] = frozenset()

    def known(self, author: str, date: str) -> bool:
        """Whether we have printed what bears this name and date."""
        name = author.casefold()
        return date in self.dates and (name in self.names or self.names.issuperset(name.split(", ")))


@dataclass(frozen=True, slots=True)
class Understood:
    """A marked-up file, understood. ``sure`` (0-1): that it is a copy of the text. ``parts`` are what is proposed, in
    the order of the file, and ``notes`` the comments; ``printed`` are those of the comments that we printed ourselves.
    ``outcomes`` has one entry for every tracked change. ``untracked``: the words differ, and no word was tracked.
    """

    sure: float
    authors: tuple[MarkedAuthor, ...]
    parts: tuple[Part, ...]
    notes: tuple[MarginNote, ...]
    printed: tuple[MarginNote, ...]
    review: tuple[Review, ...]
    outcomes: Mapping[int, Outcome]
    untracked: bool
    remarks: tuple[str, ...]

    @property
    def account(self) -> Mapping[Outcome, int]:
        """Count the tracked changes by what they came to."""
        counted = Counter(self.outcomes.values())
        return {outcome: counted[outcome] for outcome in Outcome}


def declaration(content: bytes) -> Declared:
    """Give what a file says of the text that it was exported from. Refuses as ``open_package``."""
    return declared(open_package(content))


def understand(content: bytes, text: Manifest, stamps: Stamps) -> Understood:
    """Read a marked-up file against ``text``. Refuses as ``open_package`` and ``read_marked``."""
    return understood(read_marked(open_package(content)), text, stamps)


def understood(file: MarkedFile, text: Manifest, stamps: Stamps) -> Understood:
    """Understand a file that was read already, against ``text``."""
    base, outcomes = _base(file, text, stamps)
    parts: list[Part] = []
    review: list[Review] = []
    left = [change for change in file.changes if change.number not in outcomes]
    inside: frozenset[int] = frozenset()
    for author in dict.fromkeys(change.author for change in left):
        own = {change.number for change in left if change.author == author}
        inside |= inside_others(file, own, base.accepts)
        found, idle = proposed(replace(base, printed=base.printed | inside), author)
        parts += found
        outcomes |= _came_to(idle, found)
        unplaced = (one._replace(changes=_reviewed_of(one, outcomes)) for one in idle if one.why == "unplaced")
        review += (_unplaced(file, author, one) for one in unplaced if one.changes)
    review += _leftover(replace(base, printed=inside), [one for one in left if one.number not in outcomes], outcomes)
    quiet = not any(outcome is Outcome.PROPOSED for outcome in outcomes.values())
    silent = untracked(base)
    everything = sorted((*parts, *silent), key=lambda part: part.covers or (len(file.paragraphs),))
    notes: list[MarginNote] = []
    printed: list[MarginNote] = []
    for note in margin(base, everything):
        (printed if stamps.known(note.comment.author, note.comment.date) else notes).append(note)
    review += (
        Review("", note.comment.author, note.comment.body, "The comment stands on no section of the text.")
        for note in notes
        if note.section is None and note.part is None and note.comment.reply_to is None
    )
    return Understood(
        sure=confidence(text, base.places),
        authors=tuple(_authors(file, left, notes)),
        parts=tuple(everything),
        notes=tuple(notes),
        printed=tuple(printed),
        review=tuple(review),
        outcomes=outcomes,
        untracked=quiet and bool(silent),
        remarks=file.remarks,
    )


def _base(file: MarkedFile, text: Manifest, stamps: Stamps) -> tuple[Base, dict[int, Outcome]]:
    """Give the file without what is to be judged. What a redline shows of its own version is in the text already."""
    outcomes = {change.number: Outcome.LOOKS for change in file.changes if change.kind in LOOKS}
    base = base_of(file, text, lambda _: False)
    printed = frozenset(change.number for change in file.changes if stamps.known(change.author, change.date))
    if printed:
        redlined = base_of(file, text, lambda change: change.number in printed)
        if _exact(redlined) > _exact(base):
            base = redlined
        outcomes |= dict.fromkeys(printed, Outcome.PRINTED)
    return replace(base, printed=printed), outcomes


def _exact(base: Base) -> int:
    """Count the sections that a file has word for word, less the paragraphs that are none."""
    return sum(
        -1 if place is None else same_words(paragraph.said(place.number), place.line.text)
        for paragraph, place in zip(base.paragraphs, base.places, strict=True)
    )


_CAME_TO = {"number": Outcome.NUMBERS, "nothing": Outcome.NOTHING, "unplaced": Outcome.REVIEW}


def _came_to(idle: Iterable[Idle], parts: Iterable[Part]) -> dict[int, Outcome]:
    """Say what changes came to; the gravest of all that one of them is part of."""
    found: dict[int, Outcome] = {}
    for one in sorted(idle, key=lambda one: ("nothing", "number", "unplaced").index(one.why)):
        found |= dict.fromkeys(one.changes, _CAME_TO[one.why])
    for part in parts:
        found |= dict.fromkeys(part.changes, Outcome.PROPOSED)
    return found


def _reviewed_of(idle: Idle, outcomes: Mapping[int, Outcome]) -> frozenset[int]:
    return frozenset(number for number in idle.changes if outcomes[number] is Outcome.REVIEW)


def _unplaced(file: MarkedFile, author: str, idle: Idle) -> Review:
    place = file.paragraphs[idle.covers[0]].place if idle.covers else ""
    why = "The paragraph is no section of the text that could be found."
    return Review(place, author, idle.text[:_LONGEST_QUOTE], why, idle.changes)


def _leftover(base: Base, changes: list[Change], outcomes: dict[int, Outcome]) -> Iterator[Review]:
    """Say of each change that no paragraph has accounted for where it stands, and of the empty ones that they say
    nothing. ``base.printed`` are here those that stand inside the words of others.
    """
    file = base.file
    unread = {one.change.number: one for one in file.unread}
    where = {
        change.number: number for number, paragraph in enumerate(file.paragraphs) for change in touching(paragraph)
    }
    for change in changes:
        if change.number in unread:
            one = unread[change.number]
            said = f"It stands in {one.where}, which is no part of the text."
            yield _reviewed(change, "", one.text, said, outcomes)
            continue
        if change.number not in where:
            outcomes[change.number] = Outcome.NOTHING
            continue
        paragraph = file.paragraphs[where[change.number]]
        pieces = [piece for piece in paragraph.pieces if change in piece.brought or change in piece.taken]
        words = "".join(piece.text for piece in pieces).strip()
        within = {other.author for piece in pieces for other in piece.brought if not base.accepts(other)}
        others = ", ".join(sorted(within - {change.author})) or "others"
        if paragraph.aside:
            yield _reviewed(change, paragraph.place, words, f"{paragraph.aside}.", outcomes)
        elif words and (within - {change.author} or change.number in base.printed):
            yield _reviewed(change, paragraph.place, words, f"It stands in words that {others} would insert.", outcomes)
        else:
            outcomes[change.number] = Outcome.NOTHING


def _reviewed(change: Change, place: str, text: str, why: str, outcomes: dict[int, Outcome]) -> Review:
    outcomes[change.number] = Outcome.REVIEW
    return Review(place, change.author, text[:_LONGEST_QUOTE], why, frozenset({change.number}))


def _authors(file: MarkedFile, changes: Iterable[Change], notes: Iterable[MarginNote]) -> Iterator[MarkedAuthor]:
    tracked = Counter(change.author for change in changes)
    said = Counter(note.comment.author for note in notes)
    initials = {comment.author: comment.initials for comment in file.comments if comment.initials}
    for name in dict.fromkeys((*tracked, *said)):
        yield MarkedAuthor(name, initials.get(name, ""), tracked[name], said[name])
