"""What a working draft proposes: its text held against its base, section by section, and the edits it amounts to."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import NamedTuple

from drafting.domain.arranging import arrange
from drafting.domain.edits import unknown_section
from drafting.domain.pairing import longest_increasing
from drafting.domain.text import Manifest
from drafting.protocol.edits import Add, Delete, Edit, Move, Replace
from drafting.protocol.words import DraftedChange, SectionKind


class DraftedLine(NamedTuple):
    """One section as it stands in a working draft; ``text`` is as a section's text is kept.

    A section without a text is one whose deletion is offered, as a ``removed`` one is.
    """

    section: str
    kind: SectionKind
    level: int
    rank: str
    text: str
    removed: bool = False

    @property
    def gone(self) -> bool:
        """Whether the draft has nothing to read here."""
        return self.removed or not self.text


Draft = Sequence[DraftedLine]
"""A whole working draft in reading order, removed sections included."""


class Drafted:
    """A draft, held against the base that it was made from.

    Kind and level of a section of the base are the base's: no amendment says otherwise.
    """

    def __init__(self, base: Manifest, draft: Draft) -> None:
        self._was = {line.section: line for line in base}
        self._is = {line.section: line for line in draft}
        self._order = tuple(line.section for line in draft if not line.gone)
        places = {line.section: place for place, line in enumerate(base)}
        both = [section for section in self._order if section in self._was]
        kept = longest_increasing([places[section] for section in both])
        self._fixed = frozenset(both[place] for place in kept)
        self.moved: frozenset[str] = frozenset(both) - self._fixed

    @cached_property
    def changes(self) -> Mapping[str, DraftedChange]:
        """Say of every section what became of it: those of the draft in its order, then what only the base has."""
        return {section: self._change(section) for section in dict.fromkeys((*self._is, *self._was))}

    def _change(self, section: str) -> DraftedChange:
        was, now = self._was.get(section), self._is.get(section)
        here, there = was is not None and not was.deleted, now is not None and not now.gone
        if here and there and was and now:
            if was.text != now.text:
                return DraftedChange.EDITED
            return DraftedChange.MOVED if section in self.moved else DraftedChange.NONE
        if here == there:
            return DraftedChange.NONE
        return DraftedChange.ADDED if there else DraftedChange.REMOVED

    def edits(self, sections: Collection[str] | None = None) -> tuple[Edit, ...]:
        """Give the edits that the draft amounts to, of all sections or of those named, in reading order.

        All of them make of the base the draft's text in the draft's order. Those of some sections change these and no
        others, but that what is below a moved section goes with it as in the draft; each stands behind the nearest
        earlier section that is there without the rest. Raises Refusal: UNKNOWN_SECTION.
        """
        chosen = self.changes.keys() if sections is None else frozenset(sections)
        for section in chosen:
            if section not in self.changes:
                raise unknown_section(section)
        order, coming = self._goal(chosen)
        levels = {section: self._level(section) for section in (*self._was, *order)}
        put = arrange(tuple(self._was), [one for one in order if not self._falls(one, chosen)], levels, coming)
        return tuple(edit for section in order for edit in self._edits_of(section, put, reworded=section in chosen))

    def _edits_of(self, section: str, put: Mapping[str, str | None], *, reworded: bool) -> Iterator[Edit]:
        now = self._is.get(section)
        if section not in self._was and now is not None:
            yield Add(after=put[section], section=section, section_kind=now.kind, level=now.level, text=now.text)
            return
        if section in put:
            yield Move(section=section, after=put[section])
        change = self.changes[section] if reworded else DraftedChange.NONE
        if change is DraftedChange.REMOVED:
            yield Delete(section=section)
        elif change in {DraftedChange.EDITED, DraftedChange.ADDED} and now is not None:
            yield Replace(section=section, text=now.text)

    def _falls(self, section: str, chosen: AbstractSet[str]) -> bool:
        """Say whether nothing will read here, so that it does not matter where the section stands."""
        return self._is_gone(section) and (section in chosen or self._was[section].deleted)

    def _goal(self, chosen: AbstractSet[str]) -> tuple[list[str], AbstractSet[str]]:
        """Give the order in which the text is to stand if only the chosen sections change, and what changes place."""
        going = self._going(chosen)
        new = chosen - self._was.keys()
        coming = {section for section in self._order if section in going or section in new}
        order = [section for section in self._was if section not in going]
        anchor: str | None = None
        for section in self._order:
            if section in coming:
                order.insert(self._behind(anchor, section, order, coming), section)
            if section in coming or section in self._fixed:
                anchor = section
        previous, deleted = "", going - coming
        for section in self._was:
            if section in deleted:  # it stays behind what it stood behind
                order.insert(order.index(previous) + 1, section)
            previous = section if section in going else previous
        return order, going | coming

    def _going(self, chosen: AbstractSet[str]) -> frozenset[str]:
        """List what leaves its place: what is chosen and has moved, and what goes with it."""
        going: set[str] = set()
        above: list[str] = []
        followers = {section: self._below(section) for section in chosen if section in self.moved}
        if not followers:
            return frozenset()
        for section, line in self._was.items():
            while above and self._was[above[-1]].level >= line.level:
                above.pop()
            goes_along = any(section in followers.get(one, ()) for one in above)
            if section in followers or goes_along or (self._is_gone(section) and above and above[-1] in going):
                going.add(section)
            above.append(section)
        return frozenset(going)

    def _below(self, section: str) -> frozenset[str]:
        """List the moved sections below one in the draft."""
        start = self._order.index(section) + 1
        end = start
        while end < len(self._order) and self._level(self._order[end]) > self._level(section):
            end += 1
        return frozenset(self._order[start:end]) & self.moved

    def _behind(self, anchor: str | None, section: str, order: Sequence[str], coming: Collection[str]) -> int:
        """Give the place behind an anchor and what is below it, of which the draft does not say where it stands."""
        place = 0 if anchor is None else order.index(anchor) + 1
        while (
            place < len(order)
            and order[place] not in self._fixed
            and order[place] not in coming
            and self._level(order[place]) > self._level(section)
        ):
            place += 1
        return place

    def _is_gone(self, section: str) -> bool:
        return section not in self._is or self._is[section].gone

    def _level(self, section: str) -> int:
        return (self._was.get(section) or self._is[section]).level
