"""Two rewordings of one text brought together, or shown to clash."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from drafting.domain.changes import Changes, Stretch, rewritten, stretches
from drafting.domain.diff import leftmost, rightmost
from drafting.domain.tokens import tokenize


@dataclass(frozen=True, slots=True)
class Merged:
    """The text with the changes of both sides; what both changed alike is there once."""

    text: str


class ClashingPassage(NamedTuple):
    """``base[start:end]`` (code points) reads differently on the two sides."""

    start: int
    end: int
    current: str
    proposed: str


@dataclass(frozen=True, slots=True)
class Clash:
    """The sides changed the same words, or inserted different ones at the same place. A person must decide."""

    passages: tuple[ClashingPassage, ...]


Pieces = tuple[str | ClashingPassage, ...]
"""A text on which both sides agree, but for its passages. No string is empty, no two strings stand side by side."""


def merge(base: str, current: str, proposed: str) -> Merged | Clash:
    """Give both rewordings of ``base`` at once, or where they clash.

    They clash where changes overlap without being equal, and where an insertion stands at the edge of what the other
    side changed: then nobody knows where it belongs. Swapping the sides swaps the answer and changes nothing else.
    """
    pieces = combine(base, current, proposed)
    passages = clashes(pieces)
    return Clash(passages) if passages else Merged(read(pieces))


def combine(base: str, current: str, proposed: str) -> Pieces:
    """Give both rewordings of ``base`` at once, and between what is settled the passages where they clash."""
    # Where words repeat, an edit may stand in several places: two sides clash only if they do wherever edits stand.
    early = _combined(base, leftmost(base, current), leftmost(base, proposed))
    if not clashes(early):
        return early
    late = _combined(base, rightmost(base, current), rightmost(base, proposed))
    return min(early, late, key=lambda pieces: len(clashes(pieces)))


def clashes(pieces: Pieces) -> tuple[ClashingPassage, ...]:
    """List the passages, in order."""
    return tuple(piece for piece in pieces if isinstance(piece, ClashingPassage))


def read(pieces: Iterable[str | ClashingPassage], *, proposed: bool = False) -> str:
    """Read the text with one side's wording of every passage: the current one, or the proposed."""
    return "".join(
        piece if isinstance(piece, str) else piece.proposed if proposed else piece.current for piece in pieces
    )


def _combined(base: str, current: Changes, proposed: Changes) -> Pieces:
    found: list[str | ClashingPassage] = []
    at = 0
    for part in stretches(base, (*current, *proposed), touching=False):
        found.append(base[at : part.start])
        found.append(part.changes[0].text if len(part.changes) == 1 else _both(base, part, current, proposed))
        at = part.end
    found.append(base[at:])
    return tuple(_joined(found))


def _both(base: str, part: Stretch, current: Changes, proposed: Changes) -> str | ClashingPassage:
    start, end = part.start, part.end
    here, there = (rewritten(base, changes, start, end) for changes in (current, proposed))
    both = _reconciled(*map(tokenize, (base[start:end], here, there)))
    return ClashingPassage(start, end, here, there) if both is None else both


def _reconciled(base: Sequence[str], current: Sequence[str], proposed: Sequence[str]) -> str | None:
    """Read neighbouring words changed by one side, some of them alike by the other; None if they do clash.

    One side's ``all necessary steps`` for ``appropriate measures`` has in it the other's ``all necessary measures``.
    """
    if current == proposed:
        return "".join(current)
    if len(base) == len(current) == len(proposed):
        return _word_by_word(base, current, proposed)
    head = _shared(current, proposed)
    tail = _shared(current[head:][::-1], proposed[head:][::-1])
    includes = [
        "".join(side)
        for side, other in ((current, proposed), (proposed, current))
        if _leaves(base, other[head : len(other) - tail], head, tail)
    ]
    return includes[0] if len(includes) == 1 else None


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the tokens that two sequences share at their start."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _word_by_word(base: Sequence[str], current: Sequence[str], proposed: Sequence[str]) -> str | None:
    words: list[str] = []
    for was, here, there in zip(base, current, proposed, strict=True):
        changed = {here, there} - {was}
        # A word that comes from elsewhere in the base shows that the words do not answer to each other one by one.
        if len(changed) > 1 or not changed.isdisjoint(base):
            return None
        words.append(changed.pop() if changed else was)
    return "".join(words)


def _leaves(base: Sequence[str], rest: Sequence[str], head: int, tail: int) -> bool:
    """Say whether a side that reads ``rest`` where the two no longer agree has left there words of the base."""
    if all(map(str.isspace, rest)):
        return False
    if head and tail:
        return any(base[at : at + len(rest)] == rest for at in range(len(base) - len(rest) + 1))
    return bool(head and base[-len(rest) :] == rest) or bool(tail and base[: len(rest)] == rest)


def _joined(found: Iterable[str | ClashingPassage]) -> Iterable[str | ClashingPassage]:
    for kind, group in groupby(found, key=type):
        if kind is not str:
            yield from group
        elif text := read(group):
            yield text
