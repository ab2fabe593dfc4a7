"""What delegations would change in a section, as it is tracked: stretches of the printed text, each with its holders.

Emphasis is printed, not marked: where there is any, each wording is read for itself, and what differs is what prints.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import NamedTuple

from drafting.domain.attribution import composed
from drafting.domain.compilation import CompiledSection, Passage, Proposal, passages
from drafting.word.emphasis import PLAIN, printed
from drafting.word.layout import DELETED

Delegations = tuple[str, ...]
"""Each once, in the order of their proposals; in the first one's name the change stands in the file."""


class Printed(NamedTuple):
    """A text as it prints: its characters, and how each of them looks; no looks if all are plain."""

    text: str
    looks: tuple[int, ...] = ()

    def look(self, at: int) -> int:
        """How the character at ``at`` looks."""
        return self.looks[at] if self.looks else PLAIN

    def runs(self, start: int = 0, end: int | None = None) -> Iterable[tuple[str, int]]:
        """Cut ``[start:end]`` where the look changes."""
        end = len(self.text) if end is None else end
        at = start
        for stop in range(start + 1, end + 1):
            if stop == end or self.look(stop) != self.look(at):
                yield self.text[at:stop], self.look(at)
                at = stop


class Inserted(NamedTuple):
    """A wording of a stretch, and who would have it."""

    words: Printed
    by: Delegations


@dataclass(frozen=True, slots=True)
class Stretch:
    """``[start:end]`` of the printed text, which all of ``deleted_by`` would have gone, and what is to stand there."""

    start: int
    end: int
    deleted_by: Delegations
    inserted: tuple[Inserted, ...]


class Restyled(NamedTuple):
    """A kept character that ``by`` would have look otherwise; where several would, the first."""

    look: int
    by: str


@dataclass(frozen=True, slots=True)
class TrackedText:
    """A section's text as it prints in the base, with the stretches that somebody would change, apart and in order."""

    base: Printed
    stretches: tuple[Stretch, ...] = ()
    restyled: Mapping[int, Restyled] | None = None


def as_printed(text: str) -> Printed:
    """Print a text."""
    if "*" not in text:
        return Printed(text)
    runs = tuple(printed(text))
    looks = tuple(chain.from_iterable(repeat(look, len(words)) for words, look in runs))
    return Printed("".join(words for words, _ in runs), looks if any(looks) else ())


def place_in_print(text: str, place: tuple[int, int]) -> tuple[int, int]:
    """Say where code points of a text stand when it is printed, without its marks of emphasis."""
    if "*" not in text:
        return place
    shown, at = as_printed(text).text, 0
    places = [0]
    for character in text:
        at += at < len(shown) and shown[at] == character
        places.append(at)
    start, end = (places[min(point, len(text))] for point in place)
    return start, end


def tracked(section: CompiledSection, proposals: Sequence[Proposal]) -> TrackedText:
    """Work out what is tracked in a section: each delegation's own amendments composed, minimal but for what clashes.

    A delegation whose own amendments clash has several wordings of one stretch.
    """
    if section.line.deleted:
        return _brought_back(section, proposals)
    base = as_printed(section.line.text)
    if not section.passages:
        return TrackedText(base)
    # A holder is a delegation, or one of its alternatives.
    read = [(one.hold, as_printed(one.text)) for one in composed(section, proposals)]
    texts = {str(number): words.text for number, (_, words) in enumerate(read)}
    found = passages(base.text, texts)
    return TrackedText(base, _stretches(found, read), _restyled(base, found, read))


def _brought_back(section: CompiledSection, proposals: Sequence[Proposal]) -> TrackedText:
    words: dict[str, list[str]] = {}
    for one in composed(section, proposals):
        words.setdefault(one.text, []).append(one.hold.delegation)
    inserted = tuple(Inserted(as_printed(text), _once(by)) for text, by in words.items())
    everyone = _once(chain.from_iterable(one.by for one in inserted))
    return TrackedText(Printed(DELETED), (Stretch(0, len(DELETED), everyone, inserted),) if inserted else ())


_Read = Sequence[tuple[tuple[str, int], Printed]]


def _stretches(found: Iterable[Passage], read: _Read) -> tuple[Stretch, ...]:
    stretches = []
    ahead = [0] * len(read)  # how much further on each holder's text is than the base's
    for passage in found:
        inserted = []
        holders: list[int] = []
        for wording in passage.wordings:
            its = [int(holder) for holder in wording.holders]
            first = its[0]
            start = passage.start + ahead[first]
            looks = read[first][1].looks[start : start + len(wording.text)]
            if wording.text:
                words = Printed(wording.text, looks if any(looks) else ())
                inserted.append(Inserted(words, _once(read[number][0][0] for number in its)))
            holders += its
            for number in its:
                ahead[number] += len(wording.text) - len(passage.base)
        everyone = _once(read[number][0][0] for number in sorted(holders)) if passage.base else ()
        stretches.append(Stretch(passage.start, passage.end, everyone, tuple(inserted)))
    return tuple(stretches)


def _restyled(base: Printed, found: Iterable[Passage], read: _Read) -> Mapping[int, Restyled] | None:
    if not base.looks and not any(words.looks for _, words in read):
        return None
    restyled: dict[int, Restyled] = {}
    passed = tuple(found)
    for number, (hold, words) in enumerate(read):
        for at, there in _kept(base, passed, str(number)):
            if words.look(there) != base.look(at):
                restyled.setdefault(at, Restyled(words.look(there), hold[0]))
    return restyled or None


def _kept(base: Printed, found: Iterable[Passage], holder: str) -> Iterable[tuple[int, int]]:
    """Pair each character of the base that a holder keeps with its place in the holder's text."""
    at = there = 0
    for passage in found:
        wording = next((one.text for one in passage.wordings if holder in one.holders), None)
        if wording is None:
            continue
        yield from ((at + step, there + step) for step in range(passage.start - at))
        there += passage.start - at + len(wording)
        at = passage.end
    yield from ((at + step, there + step) for step in range(len(base.text) - at))


def _once(delegations: Iterable[str]) -> Delegations:
    return tuple(dict.fromkeys(delegations))
