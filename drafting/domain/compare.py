"""Two versions of a text, section by section."""

from drafting.domain.diff import diff
from drafting.domain.fates import traced
from drafting.domain.pairing import longest_increasing
from drafting.domain.text import Line, Manifest, SectionChange


def compare(old: Manifest, new: Manifest, *, exact: bool = False) -> tuple[SectionChange, ...]:
    """Give every section of either version, matched by id, unchanged ones included.

    They stand in the reading order of ``new``; one that is only in ``old`` stands after the section that it stood
    after. ``moved`` are as few sections as can be: those that stand outside the longest common order.
    ``exact`` differences mark no word that both texts share, as tracked changes must not. The others also say
    where words came from or went, if that is another section: merged, split, retyped, moved, regrouped; tracked changes
    have no use for that, and looking for it takes longer than all the rest.
    """
    before = {line.section: line for line in old}
    after = {line.section: line for line in new}
    moved = _moved(before, after)
    changes = [
        _change(section, before.get(section), after.get(section), moved=section in moved, exact=exact)
        for section in _order(old, new, moved)
    ]
    return tuple(changes) if exact else traced(old, new, changes)


def _change(section: str, old: Line | None, new: Line | None, *, moved: bool, exact: bool) -> SectionChange:
    spans = diff(old.text if old else "", new.text if new else "", exact=exact)
    return SectionChange(section, old, new, spans, moved)


def _moved(before: dict[str, Line], after: dict[str, Line]) -> frozenset[str]:
    places = {section: place for place, section in enumerate(before)}
    common = [section for section in after if section in places]
    in_order = longest_increasing([places[section] for section in common])
    return frozenset(common) - {common[number] for number in in_order}


def _order(old: Manifest, new: Manifest, moved: frozenset[str]) -> list[str]:
    """Give the new order, with what is gone standing after the nearest earlier section that kept its place."""
    still = {line.section for line in new}
    gone_after: dict[str | None, list[str]] = {}
    anchor: str | None = None
    for line in old:
        if line.section not in still:
            gone_after.setdefault(anchor, []).append(line.section)
        elif line.section not in moved:
            anchor = line.section
    order = gone_after.get(None, [])[:]
    for line in new:
        order += line.section, *gone_after.get(line.section, ())
    return order
