"""Who holds what in a compilation: by delegation, and how proposals stand to one another."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from typing import NamedTuple

from drafting.domain.brackets import whole_stretches
from drafting.domain.changes import Change, Changes, rewritten, stretches
from drafting.domain.compilation import CompiledSection, Passage, Proposal, Wording, changes_of
from drafting.domain.diff import changes
from drafting.protocol.edits import Term


class Relation(StrEnum):
    """How the proposals on a passage or a section stand to one another."""

    SOLE = "sole"
    """One amendment alone."""
    AGREEING = "agreeing"
    """Several, all of which say the same."""
    COMPETING = "competing"
    """At least two cannot both be taken."""
    OWN_ALTERNATIVES = "own_alternatives"
    """At least two cannot both be taken, and one delegation holds all of them: it has to choose."""
    INDEPENDENT = "independent"
    """Several, of different parts: all can be taken."""


class Hold(NamedTuple):
    """A delegation's hold on a wording; ``alternative`` is 0, or says which of its own alternatives this is, from 1
    for the second.
    """

    delegation: str
    alternative: int


class Held(NamedTuple):
    """A wording with the delegations that hold it, in the order of their codes, and their amendments.

    An amendment that changes only a part of the stretch is composed with its delegation's others.
    """

    text: str
    holds: tuple[Hold, ...]
    amendments: tuple[str, ...]


class Composed(NamedTuple):
    """A whole section as a delegation would have it, and the amendments that it is composed of."""

    hold: Hold
    text: str
    amendments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldStretch:
    """A part of a section's base text, ``[start:end]`` in code points, with whole brackets, as each delegation would
    have it. An empty text of a wording: they would delete the stretch.
    """

    start: int
    end: int
    base: str
    wordings: tuple[Held, ...]


class Throughout(NamedTuple):
    """A term that an amendment would have said otherwise throughout the text."""

    amendment: str
    old: str
    new: str


def passage_relation(passage: Passage, proposals: Sequence[Proposal]) -> Relation:
    """Say how the wordings of a passage stand to one another.

    Wordings that can be composed into one (the passage is larger than what each of them changes) are independent.
    """
    return _relation(passage.base, passage.wordings, _delegations(proposals))


def section_relation(section: CompiledSection, proposals: Sequence[Proposal]) -> Relation | None:
    """Say how all that is proposed on a section stands to one another; None when nothing is.

    Deleting competes with every wording, a whole alternative with every other; two places to move to compete, moving
    and rewording do not.
    """
    delegations = _delegations(proposals)
    changed = changes_of(section)
    wordings = [holder for w in section.alternatives for holder in w.holders] + list(changed)
    movers = {moved.amendment for moved in section.moved_by}
    added = (section.added_by,) if section.added_by else ()
    everyone = dict.fromkeys((*added, *wordings, *section.deleted_by, *movers))
    if not everyone:
        return None
    if len(everyone) == 1:
        return Relation.SOLE
    whole = [Wording("", section.deleted_by)] if section.deleted_by else []
    whole += section.alternatives
    whole += [Wording("", tuple(changed))] if changed and whole else []
    places = {moved.after for moved in section.moved_by}
    found = [_relation(p.base, p.wordings, delegations) for p in section.passages]
    if len(whole) > 1:
        found.append(_clash(whole, delegations))
    if len(places) > 1:
        found.append(_clash([Wording("", (m.amendment,)) for m in section.moved_by], delegations))
    for relation in (Relation.COMPETING, Relation.OWN_ALTERNATIVES):
        if relation in found:
            return relation
    one_stand = len(section.passages) + len(whole) + len(places) == 1
    return Relation.AGREEING if one_stand and Relation.INDEPENDENT not in found else Relation.INDEPENDENT


def held(section: CompiledSection, proposals: Sequence[Proposal]) -> tuple[HeldStretch, ...]:
    """Read the passages of a section by delegation: what each would have, its own amendments composed.

    A delegation's amendments that clash stand as its alternatives, each with all those that clash with none. Stretches
    are widened until their brackets are whole, and so may hold several passages.
    """
    changed = changes_of(section)
    starts = {amendment: [change.start for change in some] for amendment, some in changed.items()}
    delegations = _delegations(proposals)
    base = section.line.text
    found = []
    for start, end in whole_stretches(base, tuple(dict.fromkeys(changed.values()))):
        here = {a: _within(some, bisect_left(starts[a], start), end) for a, some in changed.items()}
        own: dict[str, dict[str, Changes]] = {}
        for amendment, some in here.items():
            for delegation in delegations[amendment] if some else ():
                own.setdefault(delegation, {})[amendment] = _minimal(base, some)
        found.append(HeldStretch(start, end, base[start:end], _grouped(_stands(base, (start, end), own))))
    return tuple(found)


def _within(changes: Changes, first: int, end: int) -> Changes:
    """Give the changes from the ``first`` on that end by ``end``; they stand in the order of their places."""
    return tuple(takewhile(lambda change: change.end <= end, map(changes.__getitem__, range(first, len(changes)))))


def whole_held(section: CompiledSection, proposals: Sequence[Proposal]) -> tuple[Held, ...]:
    """Read the whole alternatives of a section by delegation; a delegation's second one is its alternative 1."""
    delegations = _delegations(proposals)
    seen: dict[str, int] = {}
    found: list[_Stand] = []
    for wording in section.alternatives:
        for holder in wording.holders:
            found += ((d, seen.get(d, 0), wording.text, (holder,)) for d in delegations[holder])
        for delegation in {d for holder in wording.holders for d in delegations[holder]}:
            seen[delegation] = seen.get(delegation, 0) + 1
    return _grouped(found)


def composed(section: CompiledSection, proposals: Sequence[Proposal]) -> tuple[Composed, ...]:
    """Read the whole section as each delegation that rewords it would have it, its own amendments composed.

    Delegations stand in the order of the proposals. Amendments of one that clash are its alternatives, each with all
    those that clash with none.
    """
    base, changed, delegations = section.line.text, changes_of(section), _delegations(proposals)
    own: dict[str, dict[str, Changes]] = {}
    for proposal in proposals:
        if some := changed.get(proposal.amendment):
            for delegation in delegations[proposal.amendment]:
                own.setdefault(delegation, {})[proposal.amendment] = _minimal(base, some)
    return tuple(
        Composed(Hold(delegation, number), rewritten(base, some, 0, len(base)), amendments)
        for delegation, its in own.items()
        for number, (amendments, some) in enumerate(_composed(base, its))
    )


def terms(proposals: Sequence[Proposal]) -> tuple[Throughout, ...]:
    """List the terms that amendments would have said otherwise throughout, in the order of the proposals."""
    return tuple(
        Throughout(proposal.amendment, edit.old, edit.new)
        for proposal in proposals
        for edit in proposal.edits
        if isinstance(edit, Term)
    )


_Stand = tuple[str, int, str, tuple[str, ...]]
"""Delegation, which of its alternatives, text, amendments."""


def _stands(base: str, place: tuple[int, int], own: Mapping[str, Mapping[str, Changes]]) -> Iterable[_Stand]:
    start, end = place
    for delegation in sorted(own):
        for number, (amendments, some) in enumerate(_composed(base, own[delegation])):
            yield delegation, number, rewritten(base, some, start, end), amendments


def _composed(base: str, own: Mapping[str, Changes]) -> list[tuple[tuple[str, ...], Changes]]:
    """Compose changes that have nothing to do with each other; those that clash stand as alternatives."""
    clashing = _clashing(base, own.values())
    rivals = {amendment for amendment, some in own.items() if clashing.intersection(some)}
    free = {amendment: some for amendment, some in own.items() if amendment not in rivals}
    alternatives: dict[Changes, tuple[str, ...]] = {}
    for amendment in (a for a in own if a in rivals):
        alternatives[own[amendment]] = (*alternatives.get(own[amendment], ()), amendment)
    if not alternatives:
        return [(tuple(free), _joined(free.values()))]
    return [
        (tuple(a for a in own if a in free or a in holders), _joined([*free.values(), some]))
        for some, holders in alternatives.items()
    ]


def _clashing(base: str, several: Iterable[Changes]) -> set[Change]:
    every = {change for some in several for change in some}
    return {c for part in stretches(base, every, touching=False) if len(part.changes) > 1 for c in part.changes}


def _joined(several: Iterable[Changes]) -> Changes:
    """Join changes that do not clash; two that touch become one."""
    found: list[Change] = []
    for change in sorted({change for some in several for change in some}):
        if found and found[-1].end == change.start:
            found[-1] = Change(found[-1].start, change.end, found[-1].text + change.text)
        else:
            found.append(change)
    return tuple(found)


def _minimal(base: str, some: Changes) -> Changes:
    """Give what the changes truly change: a passage is as wide as the widest of its wordings."""
    return tuple(
        Change(change.start + start, change.start + end, text)
        for change in some
        for start, end, text in changes(base[change.start : change.end], change.text)
    )


def _grouped(stands: Iterable[_Stand]) -> tuple[Held, ...]:
    holds: dict[str, dict[Hold, None]] = {}
    amendments: dict[str, dict[str, None]] = {}
    for delegation, number, text, own in stands:
        holds.setdefault(text, {})[Hold(delegation, number)] = None
        amendments.setdefault(text, {}).update(dict.fromkeys(own))
    return tuple(Held(text, tuple(sorted(holds[text])), tuple(amendments[text])) for text in holds)


def _delegations(proposals: Sequence[Proposal]) -> dict[str, tuple[str, ...]]:
    return {proposal.amendment: proposal.delegations for proposal in proposals}


def _relation(base: str, wordings: Sequence[Wording], delegations: Mapping[str, tuple[str, ...]]) -> Relation:
    if len(wordings) == 1:
        return Relation.SOLE if len(wordings[0].holders) == 1 else Relation.AGREEING
    if not _clashing(base, [changes(base, wording.text) for wording in wordings]):
        return Relation.INDEPENDENT
    return _clash(wordings, delegations)


def _clash(wordings: Sequence[Wording], delegations: Mapping[str, tuple[str, ...]]) -> Relation:
    """Say whether one delegation holds all the wordings that cannot stand together."""
    holding = [{d for holder in wording.holders for d in delegations[holder]} for wording in wordings]
    return Relation.OWN_ALTERNATIVES if set.intersection(*holding) and _alone(holding) else Relation.COMPETING


def _alone(holding: Sequence[set[str]]) -> bool:
    return len(set.union(*holding)) == 1
