"""What several edits of one amendment ask of a section to which the words of another have gone, asked at once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from drafting.domain.carried import CarriedEdit, Fate, Remark
from drafting.domain.merging import ClashingPassage, Merged, merge
from drafting.domain.text import Line
from drafting.protocol.edits import Add, Delete, Edit, Merge, Move, Replace, Split


def together(parts: Sequence[CarriedEdit], lines: Mapping[str, Line]) -> Sequence[CarriedEdit]:
    """Give the parts of one amendment, no two of which edit one section of the new base (``lines``) by themselves.

    Rewordings that have come together share one edit. Where they clash, or where the section is to be deleted,
    merged or split, what came from another section is in conflict.
    """
    found = list(parts)
    for section, places in _shared(parts).items():
        # What was said of the section itself comes before what came to it.
        order = sorted(places, key=lambda place: found[place].remark is Remark.FOLLOWED)
        joined = [order[0]]
        for place in order[1:]:
            text = _both(lines[section].text, found[order[0]].now, found[place].now)
            if text is None:
                found[place] = _contradicted(found[place], found[order[0]].now, lines[section].text)
                continue
            joined.append(place)
            now = Replace(section=section, text=text)
            for one in joined:
                found[one] = replace(found[one], now=now)
    return found


def _shared(parts: Sequence[CarriedEdit]) -> Mapping[str, Sequence[int]]:
    """List by section the parts that edit it, where several do and one of them came from another section."""
    by_section: dict[str, list[int]] = defaultdict(list)
    for place, part in enumerate(parts):
        for section in _edited(part.now):
            by_section[section].append(place)
    return {
        section: places
        for section, places in by_section.items()
        if len(places) > 1 and any(parts[place].remark is Remark.FOLLOWED for place in places)
    }


def _edited(edit: Edit | None) -> Iterator[str]:
    match edit:
        case Replace() | Delete() | Split():
            yield edit.section
        case Merge():
            yield from edit.sections
        case Add() | Move() | _:
            return


def _both(text: str, one: Edit | None, other: Edit | None) -> str | None:
    if not isinstance(one, Replace) or not isinstance(other, Replace):
        return None
    merged = merge(text, one.text, other.text)
    return merged.text if isinstance(merged, Merged) else None


def _contradicted(part: CarriedEdit, standing: Edit | None, text: str) -> CarriedEdit:
    current = standing.text if isinstance(standing, Replace) else text
    proposed = part.now.text if isinstance(part.now, Replace) else ""
    end = len(part.place.line.text) if part.place else 0
    return replace(part, fate=Fate.CONFLICT, now=None, pieces=(ClashingPassage(0, end, current, proposed),))
