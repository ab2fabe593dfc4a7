"""Two rewordings of one text brought together, or shown to clash."""

from dataclasses import dataclass
from typing import NamedTuple

from drafting.domain.changes import Changes, Stretch, rewritten, stretches
from drafting.domain.diff import leftmost, rightmost


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


def merge(base: str, current: str, proposed: str) -> Merged | Clash:
    """Give both rewordings of ``base`` at once, or where they clash.

    They clash where changes overlap without being equal, and where an insertion stands at the edge of what the other
    side changed: then nobody knows where it belongs. Swapping the sides swaps the answer and changes nothing else.
    """
    # Where words repeat, an edit may stand in several places: two sides clash only if they do wherever edits stand.
    early = _combined(base, leftmost(base, current), leftmost(base, proposed))
    if isinstance(early, Merged):
        return early
    late = _combined(base, rightmost(base, current), rightmost(base, proposed))
    return late if isinstance(late, Merged) else early


def _combined(base: str, current: Changes, proposed: Changes) -> Merged | Clash:
    parts = stretches(base, (*current, *proposed), touching=False)
    clashing = [part for part in parts if len(part.changes) > 1]
    if not clashing:
        return Merged(rewritten(base, [part.changes[0] for part in parts], 0, len(base)))
    return Clash(tuple(_passage(base, part, current, proposed) for part in clashing))


def _passage(base: str, part: Stretch, current: Changes, proposed: Changes) -> ClashingPassage:
    start, end = part.start, part.end
    return ClashingPassage(start, end, rewritten(base, current, start, end), rewritten(base, proposed, start, end))
