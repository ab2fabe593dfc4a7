"""What became of sections whose words did not stay where they were: retyped, merged, split, under another heading."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from drafting.domain.moves import moved_text, new_text, old_text, passages
from drafting.domain.pairing import pair
from drafting.domain.text import Line, Manifest, MovedText, SectionChange
from drafting.domain.tokens import words_of
from drafting.protocol.words import SectionKind

_MOST: Final = 0.5
"""Which part of a section's words makes it that section."""
_SOME: Final = 0.25
"""Which part of the other one's words this must be as well, for the two to be one section."""
_SURE: Final = 0.6
"""How sure one must be that an added section is a removed one, where they share no passage."""
_HEADINGS: Final = frozenset({SectionKind.HEADING, SectionKind.ARTICLE, SectionKind.ANNEX, SectionKind.TITLE})


@dataclass(frozen=True, slots=True)
class Regrouping:
    """Neighbours in the new text that stood under another heading; ``None`` is the head of the text, no heading."""

    sections: tuple[str, ...]
    old_parent: str | None
    new_parent: str | None


def traced(old: Manifest, new: Manifest, changes: Sequence[SectionChange]) -> tuple[SectionChange, ...]:
    """Give the changes between two versions with what is known of where words and sections came from and went.

    An added section that says what one removed section said has it as its origin; the difference between
    the two is its one arrival. A removed section that is mostly in one that stayed, or that is one of several in an
    added one, was merged; an added section that is mostly from one that stayed, or one of several from a removed
    one, was split off.
    """
    if not any(change.added or change.removed or change.edited for change in changes):
        return _regrouped(old, new, changes)
    by_section = {change.section: change for change in changes}
    found = [*passages(changes)]
    found += _retyped(changes, found)
    fates = _Fates(by_section, found)
    return _regrouped(old, new, [fates.told(change) for change in changes])


def regroupings(old: Manifest, new: Manifest, changes: Sequence[SectionChange]) -> tuple[Regrouping, ...]:
    """List the runs of regrouped sections, by the headings under which they stood and stand, in the new order."""
    was_under, is_under = _parents(old), _parents(new)
    runs: list[Regrouping] = []
    for change in changes:
        if change.new is None:
            continue
        parents = (was_under.get(change.section), is_under[change.section])
        if not change.regrouped:
            # What stands under a section of the run goes with it, and does not end the run.
            if not runs or is_under[change.section] not in runs[-1].sections:
                runs.append(Regrouping((), None, None))
        elif runs and runs[-1].sections and (runs[-1].old_parent, runs[-1].new_parent) == parents:
            runs[-1] = replace(runs[-1], sections=(*runs[-1].sections, change.section))
        else:
            runs.append(Regrouping((change.section,), *parents))
    return tuple(run for run in runs if run.sections)


class _Fates:
    """Who became what, by the passages that went from one to the other."""

    def __init__(self, by_section: Mapping[str, SectionChange], found: Sequence[MovedText]) -> None:
        self.by_section = by_section
        self.went, self.came = _shares(by_section, found)
        self.homes: dict[str, list[str]] = defaultdict(
            list
        )  # by removed section, or by one that stayed: what it became
        self.sources: dict[str, list[str]] = defaultdict(list)
        self.merged_into: dict[str, str] = {}
        self.merged_from: dict[str, list[str]] = defaultdict(list)
        self.split_from: dict[str, str] = {}
        self.split_into: dict[str, list[str]] = defaultdict(list)
        self.origin: dict[str, str] = {}
        self.destination: dict[str, str] = {}
        for (was, now), share in self.went.items():
            if share >= _MOST and by_section[was].removed:
                self.sources[now].append(was)
        for (was, now), share in self.came.items():
            if share >= _MOST and by_section[now].added:
                self.homes[was].append(now)
        self._merge()
        self._split()
        self._identify()
        self.passages = [*self._wholes(), *(p for p in found if self.origin.get(p.section) != p.origin)]
        self.arrivals = _grouped(self.passages, "section")
        self.departures = _grouped(self.passages, "origin")

    def _merge(self) -> None:
        for now, gone in self.sources.items():
            if now not in gone and len(gone) >= (2 if self.by_section[now].added else 1):
                self.merged_from[now] = gone
                self.merged_into |= dict.fromkeys(gone, now)

    def _split(self) -> None:
        for was, grown in self.homes.items():
            others = [now for now in grown if self.merged_into.get(was) != now]
            if len(others) >= (2 if self.by_section[was].removed else 1):
                self.split_into[was] = others
                self.split_from |= dict.fromkeys(others, was)

    def _identify(self) -> None:
        apart = {*self.merged_into, *self.merged_from, *self.split_from, *self.split_into}
        for was, now in self.went:
            shares = (self.went[was, now], self.came[was, now])
            one = max(shares) >= _MOST and min(shares) >= _SOME
            free = was not in apart and now not in apart
            replaced = self.by_section[was].removed and self.by_section[now].added
            if one and free and replaced and was not in self.destination and now not in self.origin:
                self.origin[now], self.destination[was] = was, now

    def _wholes(self) -> Iterator[MovedText]:
        for now, was in self.origin.items():
            ends = (len(old_text(self.by_section[was])), len(new_text(self.by_section[now])))
            yield moved_text(self.by_section, (was, 0, ends[0]), (now, 0, ends[1]))

    def told(self, change: SectionChange) -> SectionChange:
        """Give the change with what became of its section."""
        section = change.section
        if section not in self.arrivals and section not in self.departures:
            return change
        return replace(
            change,
            origin=self.origin.get(section),
            destination=self.destination.get(section),
            merged_from=tuple(self.merged_from.get(section, ())),
            merged_into=self.merged_into.get(section),
            split_from=self.split_from.get(section),
            split_into=tuple(self.split_into.get(section, ())),
            arrivals=tuple(sorted(self.arrivals.get(section, ()), key=lambda one: one.start)),
            departures=tuple(sorted(self.departures.get(section, ()), key=lambda one: one.origin_start)),
        )


def _grouped(found: Sequence[MovedText], by: str) -> dict[str, list[MovedText]]:
    groups: dict[str, list[MovedText]] = defaultdict(list)
    for passage in found:
        groups[getattr(passage, by)].append(passage)
    return groups


_Shares = dict[tuple[str, str], float]


def _shares(by_section: Mapping[str, SectionChange], found: Sequence[MovedText]) -> tuple[_Shares, _Shares]:
    """Say, for a section and where its words went, which part of its old (and of the other's new) words went there."""
    went: Counter[tuple[str, str]] = Counter()
    came: Counter[tuple[str, str]] = Counter()
    for passage in found:
        ends = (passage.origin, passage.section)
        went[ends] += _words(old_text(by_section[passage.origin])[passage.origin_start : passage.origin_end])
        came[ends] += _words(new_text(by_section[passage.section])[passage.start : passage.end])
    return (
        {ends: words / _words(old_text(by_section[ends[0]])) for ends, words in went.items()},
        {ends: words / _words(new_text(by_section[ends[1]])) for ends, words in came.items()},
    )


def _words(text: str) -> int:
    return max(1, len(words_of(text)))


def _retyped(changes: Sequence[SectionChange], found: Sequence[MovedText]) -> Iterator[MovedText]:
    """Match removed and added sections that share no passage: short ones, and such as were reworded throughout."""
    by_section = {change.section: change for change in changes}
    known = {passage.origin for passage in found} | {passage.section for passage in found}
    removed = [change for change in changes if change.removed and change.section not in known]
    added = [change for change in changes if change.added and change.section not in known]
    texts = [old_text(change) for change in removed], [new_text(change) for change in added]
    for old, new, sure, _ in pair(*texts, in_gaps=False):
        if sure >= _SURE:
            was, now = removed[old], added[new]
            yield moved_text(by_section, (was.section, 0, len(old_text(was))), (now.section, 0, len(new_text(now))))


def _regrouped(old: Manifest, new: Manifest, changes: Sequence[SectionChange]) -> tuple[SectionChange, ...]:
    was_under, is_under = _parents(old), _parents(new)
    became = {change.section: change.destination or change.merged_into for change in changes}
    return tuple(
        replace(change, regrouped=True)
        if change.old
        and change.new
        and (was := was_under[change.section]) != (now := is_under[change.section])
        and (was is None or became.get(was) != now)
        else change
        for change in changes
    )


def _parents(text: Manifest) -> dict[str, str | None]:
    """Say under which section each one stands: the nearest earlier one of a lower level, or heading of its own."""
    parents: dict[str, str | None] = {}
    above: list[Line] = []
    for line in text:
        while above and above[-1].level >= line.level and not _heads_level(above[-1], line):
            above.pop()
        parents[line.section] = above[-1].section if above else None
        above.append(line)
    return parents


def _heads_level(upper: Line, line: Line) -> bool:
    """Whether a line stands under one of its own level, which is a heading."""
    return upper.level == line.level and upper.kind in _HEADINGS and line.kind not in _HEADINGS
