"""How sections come to stand in another order: by additions and moves, each behind what stands before it then."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet


def arrange(
    text: Sequence[str], order: Sequence[str], levels: Mapping[str, int], loose: AbstractSet[str]
) -> Mapping[str, str | None]:
    """Say behind what each section is to be put (``None``: at the very start), in the order in which to do it.

    Done one after the other, as ``edits.apply`` adds and moves, this brings the sections of ``order``, some of which
    may be new, into that order exactly; where others of ``text`` stand then is no matter. ``levels`` has them all.
    What is not ``loose`` stays where it is if it can: the loose ones before it give way. It still has to be put behind
    a new one of a higher level, or out of one that moves: it would be taken for a part of that.
    """
    wanted = frozenset(order)

    def gives_way(one: str, section: str) -> bool:
        # What the section would be a part of cannot be moved past it.
        return one not in wanted or (one in loose and levels[one] >= levels[section])

    now, at = list(text), 0
    put: dict[str, str | None] = {}
    after: str | None = None
    for section in order:
        place = at
        while place < len(now) and now[place] != section and gives_way(now[place], section):
            place += 1
        if now[place : place + 1] != [section]:
            put[section] = after
            place = _put(now, at, section, levels)
        at, after = place + 1, section
    return put


def _put(now: list[str], at: int, section: str, levels: Mapping[str, int]) -> int:
    """Put a section, with what is below it, behind what stands before ``at``; gives its place."""
    block = [section]
    if section in now:
        start = now.index(section)
        end = _end_of_deeper(now, start + 1, levels[section], levels)
        block = now[start:end]
        del now[start:end]
        at -= len(block) if start < at else 0
    place = _end_of_deeper(now, at, levels[section], levels) if at else 0
    now[place:place] = block
    return place


def _end_of_deeper(now: Sequence[str], place: int, level: int, levels: Mapping[str, int]) -> int:
    while place < len(now) and levels[now[place]] > level:
        place += 1
    return place
