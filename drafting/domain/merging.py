"""Two rewordings of one text brought together, or shown to clash."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

from drafting.domain.changes import Change, Changes, Stretch, rewritten, stretches
from drafting.domain.sides import early, late
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


_TWO: Final = 2
_STOPS: Final = frozenset(".;:?!\u061b\u061f\u06d4")
_COMMAS: Final = frozenset(",\u060c\u3001")

Pieces = tuple[str | ClashingPassage, ...]
"""A text on which both sides agree, but for its passages. No string is empty, no two strings stand side by side."""


def merge(base: str, current: str, proposed: str) -> Merged | Clash:
    """Give both rewordings of ``base`` at once, or where they clash.

    They clash where changes overlap without being equal, and where an insertion stands at the edge of what the other
    side changed: then nobody knows where it belongs, unless it is a whole clause or sentence behind another, or one
    of the two is but brackets. Swapping the sides swaps the answer and changes nothing else.
    """
    pieces = combine(base, current, proposed)
    passages = clashes(pieces)
    return Clash(passages) if passages else Merged(read(pieces))


def combine(base: str, current: str, proposed: str) -> Pieces:
    """Give both rewordings of ``base`` at once, and between what is settled the passages where they clash."""
    # Where words repeat, an edit may stand in several places: two sides clash only if they do wherever edits stand.
    first = _combined(base, early(base, current), early(base, proposed))
    if clashes(first):
        second = _combined(base, late(base, current), late(base, proposed))
        first = min(first, second, key=lambda pieces: len(clashes(pieces)))
    if not clashes(first) and _unpaired(base) == _unpaired(current) == _unpaired(proposed) != _unpaired(read(first)):
        # A bracket mark that both set, or both lifted, has its partner in two places.
        return (ClashingPassage(0, len(base), current, proposed),)
    return first


def clashes(pieces: Pieces) -> tuple[ClashingPassage, ...]:
    """List the passages, in order."""
    return tuple(piece for piece in pieces if isinstance(piece, ClashingPassage))


def read(pieces: Iterable[str | ClashingPassage], *, proposed: bool = False) -> str:
    """Read the text with one side's wording of every passage: the current one, or the proposed."""
    return "".join(
        piece if isinstance(piece, str) else piece.proposed if proposed else piece.current for piece in pieces
    )


def joined(found: Iterable[str | ClashingPassage]) -> Pieces:
    """Join what is read in a row into whole pieces."""
    pieces: list[str | ClashingPassage] = []
    for kind, group in groupby(found, key=type):
        if kind is not str:
            pieces += group
        elif text := read(group):
            pieces.append(text)
    return tuple(pieces)


def _combined(base: str, current: Changes, proposed: Changes) -> Pieces:
    if not current or not proposed:
        text = rewritten(base, current or proposed, 0, len(base))
        return (text,) if text else ()
    found: list[str | ClashingPassage] = []
    at = 0
    for part in stretches(base, (*current, *proposed), touching=False):
        found.append(base[at : part.start])
        found.append(part.changes[0].text if len(part.changes) == 1 else _both(base, part, current, proposed))
        at = part.end
    found.append(base[at:])
    return joined(found)


def _unpaired(text: str) -> int:
    return text.count("[") - text.count("]")


def _both(base: str, part: Stretch, current: Changes, proposed: Changes) -> str | ClashingPassage:
    if len(part.changes) == _TWO and (text := _side_by_side(base, *part.changes)) is not None:
        return text
    start, end = part.start, part.end
    here, there = (rewritten(base, changes, start, end) for changes in (current, proposed))
    both = _reconciled(*map(tokenize, (base[start:end], here, there)))
    return ClashingPassage(start, end, here, there) if both is None else both


def _side_by_side(base: str, first: Change, second: Change) -> str | None:
    """Read an insertion beside another change, if it is clear that the two have nothing to do with each other."""
    if first.start == first.end == second.start == second.end:
        first, second = sorted((first, second), key=lambda change: _order(base, change))
    elif second.start == second.end < first.end:
        return None
    between = base[first.end : second.start]
    if _mark(base, first) or _mark(base, second):
        apart = first.start == first.end and second.start == second.end
    else:
        apart = not between and (_whole(base, first, second) or _whole(base, second, first))
    return f"{first.text}{between}{second.text}" if apart else None


def _order(base: str, change: Change) -> tuple[int, Change]:
    """At one place a closing bracket stays with the word before, an opening one with the word behind."""
    return ("]", "", "[").index(_mark(base, change)), change


def _mark(base: str, change: Change) -> str:
    """Say which bracket an insertion is, set at a word: ``[`` or ``]``; nothing if it is something else."""
    at = change.start
    if set(change.text) == {"]"} and base[at - 1 : at].strip():
        return "]"
    return "[" if set(change.text) == {"["} and base[at : at + 1].strip() else ""


def _whole(base: str, insertion: Change, other: Change) -> bool:
    """Say whether an insertion is a clause or sentence by itself, at an end of another that the other side changed."""
    if insertion.start < insertion.end or other.start == other.end:
        return False
    ends = _STOPS if insertion.text.rstrip()[-1:] in _STOPS else _COMMAS
    before = base[: insertion.start].rstrip()[-1:]
    behind = base[: other.start].rstrip()[-1:] if other.end == insertion.start else before
    return insertion.text.rstrip()[-1:] in ends and all(mark in ends for mark in (before, behind) if mark)


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
        and not _restores(base, other[head : len(other) - tail], side[head : len(side) - tail])
    ]
    return includes[0] if len(includes) == 1 else None


def _restores(base: Sequence[str], left: Sequence[str], own: Sequence[str]) -> bool:
    """Say whether one side's ``own`` words hold a word of the base that the other side struck, by what it ``left``."""
    struck = Counter(base) - Counter(left)
    return any(struck[token] for token in own if not token.isspace())


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
