"""A working draft carried over to a new version: what to type into it, and what its owner should look at."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, NamedTuple

from drafting.domain.carried import CarriedEdit, Fate, Remark
from drafting.domain.drafted import Draft, Drafted, DraftedLine
from drafting.domain.merging import Pieces
from drafting.domain.pairing import longest_increasing
from drafting.domain.ranks import between
from drafting.domain.rebase import carry
from drafting.domain.text import Line, Manifest
from drafting.protocol.edits import Add, Delete, Edit, Move, Replace
from drafting.protocol.words import CarriedOutcome, DraftedChange, SectionKind

_GRAVEST_FIRST: Final = (Fate.CONFLICT, Fate.ORPHANED, Fate.EDITED, Fate.EXACT, Fate.DONE)


_TAKEN: Final = {DraftedChange.NONE: None, DraftedChange.ADDED: CarriedOutcome.ADDED}


class SetText(NamedTuple):
    """The section is to read ``text``."""

    section: str
    text: str


class SetOutline(NamedTuple):
    """What is not ``None`` is to be so of the section."""

    section: str
    kind: SectionKind | None = None
    level: int | None = None
    rank: str | None = None
    removed: bool | None = None


DraftChange = SetText | SetOutline | DraftedLine
"""What is to be typed into a draft; a whole line is a new section."""


@dataclass(frozen=True, slots=True)
class CarriedSection:
    """One section of a draft, carried over. Texts are empty where there is none.

    ``old`` and ``new``: as the two versions have it. ``drafted``: as the draft had it; ``text``: as it has it now.
    ``passages``: of words that both changed, the text in pieces, as in CarriedText.
    """

    section: str
    outcome: CarriedOutcome
    old: str
    new: str
    drafted: str
    text: str
    passages: Pieces = ()
    remark: Remark | None = None


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """A draft, carried over. ``report`` leaves out sections that neither the draft nor the new version changed."""

    changes: tuple[DraftChange, ...]
    report: tuple[CarriedSection, ...]


def carry_over(old: Manifest, draft: Draft, new: Manifest) -> CarriedOver:
    """Say what makes of a draft of ``old`` one of ``new`` that proposes the same.

    Nothing that was written in the draft is lost: it stands in it still, or in ``new``. A draft without changes comes
    to read as ``new``; one that was carried over already is not changed again.
    """
    if old == new:
        return CarriedOver((), ())
    return _Passage(old, draft, new).carried()


class _Passage:
    """A draft on its way from one version to another."""

    def __init__(self, old: Manifest, draft: Draft, new: Manifest) -> None:
        self._draft, self._new = draft, new
        self._was = {line.section: line for line in old}
        self._is = {line.section: line for line in new}
        self._drafted = {line.section: line for line in draft}
        self._ours = Drafted(old, draft)
        self._theirs = Drafted(old, [_as_drafted(line) for line in new])
        carried = carry(old, new, [edit for edit in self._ours.edits() if not isinstance(edit, Move)])
        self._parts: dict[str, list[CarriedEdit]] = {}
        for part in carried.parts:
            self._parts.setdefault(_section(part.edit), []).append(part)
        self._undecided = self._to_be_decided()
        self._reads = self._texts(carried.edits)
        self._order = self._arranged()

    def carried(self) -> CarriedOver:
        """Give the answer."""
        sections = dict.fromkeys((*self._order, *self._drafted, *self._was))
        report = (self._reported(section) for section in sections)
        return CarriedOver(tuple(self._changes()), tuple(one for one in report if one is not None))

    def _to_be_decided(self) -> AbstractSet[str]:
        """List the sections on whose text a person has to decide: the draft's own stands."""
        found = {
            section
            for section, parts in self._parts.items()
            if any(part.fate in {Fate.CONFLICT, Fate.ORPHANED} for part in parts)
        }
        while more := {
            section
            for section, parts in self._parts.items()
            # What would go with its words to a section whose text is to be decided on stays where it was written.
            if section not in found and any(_section(part.now) in found for part in parts if part.now is not None)
        }:
            found |= more
        return found

    def _texts(self, edits: Sequence[Edit]) -> Mapping[str, str]:
        """Say what the draft is to read, by section."""
        reads = {line.section: line.text for line in self._new if not line.deleted}
        for edit in edits:
            if isinstance(edit, Replace | Add):
                reads[_section(edit)] = edit.text
            else:
                reads.pop(_section(edit), None)
        for section in self._undecided:
            reads.pop(section, None)
            if not self._drafted[section].gone:
                reads[section] = self._drafted[section].text
        return reads

    def _arranged(self) -> Sequence[str]:
        """Give the order in which the draft is to stand: its own, but for what the new version has put elsewhere."""
        put = {
            section
            for section, change in self._theirs.changes.items()
            if change is DraftedChange.ADDED or section in self._theirs.moved or section not in self._drafted
        }
        order = [line.section for line in self._draft if line.section not in put]
        staying = frozenset(order) - {line.section for line in self._new if line.deleted}
        place = 0
        for line in self._new:
            if line.section in put:
                order.insert(place, line.section)
                place += 1
            elif line.section in staying:
                place = order.index(line.section) + 1
        return order

    def _changes(self) -> Iterator[DraftChange]:
        # What is removed from the draft stays where it is there: nobody reads it.
        standing = [one for one in self._order if one in self._reads or one not in self._drafted]
        ranks = ranked(standing, {line.section: line.rank for line in self._draft})
        for section in self._order:
            drafted, now = self._drafted.get(section), self._is.get(section)
            if drafted is None and now is not None:
                text = self._reads.get(section, "")
                yield DraftedLine(section, now.kind, now.level, ranks[section], text, section not in self._reads)
            elif drafted is not None and section in self._reads:
                kind, level = self._shape(drafted)
                text, rank = self._reads[section], ranks.get(section, drafted.rank)
                yield from _amended(drafted, DraftedLine(section, kind, level, rank, text))
            elif drafted is not None and not drafted.gone:
                yield SetOutline(section, removed=True)

    def _shape(self, drafted: DraftedLine) -> tuple[SectionKind, int]:
        """Give kind and level: the draft's where it has changed them, else those of the new version."""
        was, now = self._was.get(drafted.section), self._is.get(drafted.section)
        if now is None:
            return drafted.kind, drafted.level
        return (
            drafted.kind if was is not None and drafted.kind is not was.kind else now.kind,
            drafted.level if was is not None and drafted.level != was.level else now.level,
        )

    def _reported(self, section: str) -> CarriedSection | None:
        parts = sorted(self._parts.get(section, ()), key=lambda part: _GRAVEST_FIRST.index(part.fate))
        outcome = self._outcome(section, parts[0].fate if parts else None)
        if outcome is None:
            return None
        remark = parts[0].remark if parts else None
        if outcome is CarriedOutcome.CONFLICT and self._both_moved(section):
            remark = remark or Remark.MOVED_ELSEWHERE
        was, now, drafted = self._was.get(section), self._is.get(section), self._drafted.get(section)
        return CarriedSection(
            section,
            outcome,
            was.text if was else "",
            now.text if now else "",
            drafted.text if drafted and not drafted.gone else "",
            self._reads.get(section, ""),
            parts[0].pieces if parts else (),
            None if remark is Remark.REANCHORED else remark,
        )

    def _outcome(self, section: str, gravest: Fate | None) -> CarriedOutcome | None:
        """Say what became of a section; ``gravest`` is the fate of what the draft proposes of its text, if anything."""
        theirs = self._theirs.changes.get(section, DraftedChange.NONE)
        if gravest is Fate.ORPHANED:
            return CarriedOutcome.ORPHAN
        if section in self._undecided or self._both_moved(section):
            return CarriedOutcome.CONFLICT
        if gravest is None and (section not in self._ours.moved or theirs is DraftedChange.REMOVED):
            return _TAKEN.get(theirs, CarriedOutcome.TAKEN)
        # Where both moved it and neither reworded it, they moved it to one place.
        if gravest is Fate.DONE or (gravest is None and theirs is DraftedChange.MOVED):
            return CarriedOutcome.DONE
        return CarriedOutcome.KEPT if theirs in _TAKEN else CarriedOutcome.MERGED

    def _both_moved(self, section: str) -> bool:
        """Say whether both moved it, not to one place."""
        if section not in self._ours.moved or section not in self._theirs.moved:
            return False
        common = self._drafted.keys() & self._reads.keys()
        here = [line.section for line in self._draft if line.section in common and not line.gone]
        there = [one for one in self._order if one in set(here)]
        before, after = ((["", *order])[order.index(section)] if section in order else "" for order in (here, there))
        return before != after


def reset(base: Manifest, draft: Draft, section: str) -> tuple[DraftChange, ...]:
    """Say what makes a section of a draft read and stand as in its base; one that the base does not have, or has
    deleted, is removed. Nothing, where that is so already.
    """
    was = next((line for line in base if line.section == section), None)
    now = next((line for line in draft if line.section == section), None)
    if was is None or was.deleted:
        return (SetOutline(section, removed=True),) if now is not None and not now.removed else ()
    restored = DraftedLine(section, was.kind, was.level, now.rank if now else "", was.text)
    others = [line for line in draft if line is not now]
    ranks: Mapping[str, str] = {}
    if now is None or now.gone or section in Drafted(base, draft).moved:
        moved = Drafted(base, others).moved
        order = [line.section for line in others if not line.gone]
        before = [line.section for line in base[: base.index(was)]]
        place = max((order.index(one) + 1 for one in before if one in order and one not in moved), default=0)
        order.insert(place, section)
        ranks = ranked(order, {line.section: line.rank for line in draft})
    if now is None:
        return (restored._replace(rank=ranks[section]),)
    aside = (SetOutline(one, rank=rank) for one, rank in ranks.items() if one != section)
    return (*_amended(now, restored._replace(rank=ranks.get(section, now.rank))), *aside)


def ranked(order: Sequence[str], ranks: Mapping[str, str]) -> Mapping[str, str]:
    """Give new ranks to as few sections as can be, so that by rank and then by id all stand in ``order``."""
    keys = sorted((ranks[section], section) for section in order if section in ranks)
    places = {section: place for place, (_, section) in enumerate(keys)}
    known = [section for section in order if section in ranks]
    kept = [known[at] for at in longest_increasing([places[section] for section in known])]
    kept_ranks = [ranks[section] for section in kept]
    staying = frozenset(kept)
    found: dict[str, str] = {}
    last: tuple[str, str] | None = None
    for section in order:
        if section in staying and (last is None or last < (ranks[section], section)):
            last = ranks[section], section
            continue
        place = bisect_right(kept_ranks, last[0]) if last else 0
        found[section] = between(last[0] if last else None, kept_ranks[place] if place < len(kept_ranks) else None)
        last = found[section], section
    return found


def _amended(drafted: DraftedLine, line: DraftedLine) -> Iterator[DraftChange]:
    if line.text != drafted.text:
        yield SetText(line.section, line.text)
    outline = SetOutline(
        line.section,
        None if line.kind is drafted.kind else line.kind,
        None if line.level == drafted.level else line.level,
        None if line.rank == drafted.rank else line.rank,
        False if drafted.removed else None,
    )
    if outline != SetOutline(line.section):
        yield outline


def _as_drafted(line: Line) -> DraftedLine:
    return DraftedLine(line.section, line.kind, line.level, "", line.text, line.deleted)


def _section(edit: Edit) -> str:
    """Give the section of an edit of a draft, which has an id there and is one of four kinds."""
    match edit:
        case Add(section=str(section)) | Replace(section=section) | Delete(section=section) | Move(section=section):
            return section
        case _:
            message = "no edit of a draft"
            raise ValueError(message)
