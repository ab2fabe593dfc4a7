"""A wording as the changes it makes to a base text, and what several wordings touch together."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Change(NamedTuple):
    """``base[start:end]`` (code points) is to read ``text``. An insertion has ``start == end``."""

    start: int
    end: int
    text: str


Changes = tuple[Change, ...]
"""In the order of the base; no two overlap or touch."""


class Stretch(NamedTuple):
    """A part of a base, in code points, with the changes that lie in it."""

    start: int
    end: int
    changes: Changes


def rewritten(base: str, changes: Sequence[Change], start: int, end: int) -> str:
    """Read ``base[start:end]`` under ``changes``, each of which lies wholly inside or wholly outside of it.

    An insertion at either edge counts as inside.
    """
    parts: list[str] = []
    at = start
    for number in range(bisect_left(changes, start, key=_start), len(changes)):
        change = changes[number]
        if change.start > end or change.end > end:
            break
        parts += base[at : change.start], change.text
        at = change.end
    parts.append(base[at:end])
    return "".join(parts)


def stretches(base: str, changes: Iterable[Change], *, touching: bool) -> tuple[Stretch, ...]:
    """Find the smallest parts of ``base`` such that changes in different parts have nothing to do with each other.

    Changes that overlap share a stretch; so do an insertion and a change at its place, and insertions with nothing
    but space between their places; with ``touching`` also two changes of which one ends where the other starts.
    Equal changes count once.
    """
    found: list[Stretch] = []
    for change in sorted(set(changes)):
        if found and _meet(base, found[-1], change, touching=touching):
            last = found[-1]
            found[-1] = Stretch(last.start, max(last.end, change.end), (*last.changes, change))
        else:
            found.append(Stretch(change.start, change.end, (change,)))
    return tuple(found)


def _meet(base: str, stretch: Stretch, change: Change, *, touching: bool) -> bool:
    if change.start < stretch.end:
        return True
    points = (stretch.start == stretch.end) + (change.start == change.end)
    if change.start == stretch.end:
        return touching or points > 0
    return points == 2 and base[stretch.end : change.start].isspace()  # noqa: PLR2004 - both are insertions


def _start(change: Change) -> int:
    return change.start
