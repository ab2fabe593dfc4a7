"""Where the threads of a compilation stand: which paragraph of the file, and which part of it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from drafting.domain.compilation import CompiledSection
from drafting.word.arrangement import Added, Item, Standing
from drafting.word.comments import Thread
from drafting.word.tracked import place_in_print

Range = tuple[int, int] | None
"""A part of a paragraph's printed text; None: the whole paragraph, label and all."""
Threads = dict[Range, list[Thread]]
"""What stands on one paragraph."""


class Place(NamedTuple):
    """A paragraph of the file, by its key (``alternative_key`` or the section's id), and a part of it."""

    paragraph: str
    range: Range = None


def alternative_key(section: str, number: int) -> str:
    """Give the key of the paragraph that stands beside a section as its alternative, counted from 0."""
    return f"{section} alternative {number}"


def threads_by_place(threads: Sequence[Thread], items: Sequence[Item]) -> dict[str, Threads]:
    """Give the threads by the paragraph that they stand on; what stands on nothing stands on the first one."""
    amendments = _amendment_places(items)
    lines = {item.section.line.section: item.section.line for item in items if isinstance(item, Standing)}
    added = {one: item.line.section for item in items if isinstance(item, Added) for one in item.sections}
    found: dict[str, Threads] = {}
    for thread in threads:
        place = amendments.get(thread.amendment or "")
        if place is None and thread.section in lines:
            text = lines[thread.section].text
            place = Place(thread.section, thread.place and place_in_print(text, thread.place))
        if place is None:
            place = Place(added.get(thread.section or "", _first(items)))
        found.setdefault(place.paragraph, {}).setdefault(place.range, []).append(thread)
    return found


def _first(items: Sequence[Item]) -> str:
    if not items:
        return ""
    first = items[0]
    return first.section.line.section if isinstance(first, Standing) else first.line.section


def _amendment_places(items: Sequence[Item]) -> dict[str, Place]:
    """Find where each amendment first changes something."""
    found: dict[str, Place] = {}
    for item in items:
        if isinstance(item, Standing):
            for amendment, place in _changes(item.section):
                found.setdefault(amendment, place)
        elif isinstance(item, Added):
            for amendment in item.amendments:
                found.setdefault(amendment, Place(item.line.section))
    return found


def _changes(section: CompiledSection) -> Iterator[tuple[str, Place]]:
    key = section.line.section
    for passage in section.passages:
        # Where marks of emphasis come or go, or all of the text comes back, the paragraph as a whole is what changes.
        whole = section.line.deleted or any("*" in text for text in (passage.base, *(w.text for w in passage.wordings)))
        place = Place(key, None if whole else place_in_print(section.line.text, (passage.start, passage.end)))
        yield from ((holder, place) for wording in passage.wordings for holder in wording.holders)
    for number, wording in enumerate(section.alternatives):
        yield from ((holder, Place(alternative_key(key, number))) for holder in wording.holders)
    yield from ((amendment, Place(key)) for amendment in section.deleted_by)
    yield from ((moved.amendment, Place(key)) for moved in section.moved_by)
