"""Which section of one text is which of another, where neither has ids: two files that somebody sent."""

from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz, process

from drafting.domain.alignment import Hunk, align

ALIKE = 55.0
"""How alike (0-100) two paragraphs must be to count as one that was redrafted."""
_REACH = 60
"""How many unpaired paragraphs are looked at on either side, so that a rewritten text costs bounded time."""


def pair(old: Sequence[str], new: Sequence[str]) -> list[int | None]:
    """Give for each new text the place of the old one that it is, or ``None`` for a new one.

    Equal texts in a common order come first; between them, the most alike ones in order. No old one is given twice.
    """
    found: list[int | None] = [None] * len(new)
    old_at = new_at = 0
    for a, b, c, d in [*align(old, new), Hunk(len(old), len(old), len(new), len(new))]:
        for step in range(a - old_at):
            found[new_at + step] = old_at + step
        for was, now in _alike(old[a:b], new[c:d]):
            found[c + now] = a + was
        old_at, new_at = b, d
    return found


def _alike(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pair what stands between two equal stretches, in order, each with the first that is alike enough."""
    at = 0
    for place, text in enumerate(new):
        near = old[at : at + _REACH]
        best = process.extractOne(text, near, scorer=fuzz.ratio, score_cutoff=ALIKE)
        if best is not None:
            at += best[2] + 1
            yield at - 1, place
