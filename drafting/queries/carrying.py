"""What was said on an older text and waits still: where it stands on a newer one."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from drafting.domain.carried import Carried, CarriedEdit, Fate
from drafting.domain.edits import primitive, touched
from drafting.domain.lifecycle import Outcomes, pends
from drafting.domain.merging import read
from drafting.domain.rebase import Crossing
from drafting.domain.text import Manifest
from drafting.protocol.edits import Add, Edit, Replace
from drafting.queries.versions import manifest
from storage.database import ReadTransaction

ByRound = Mapping[str, Mapping[str, Outcomes]]
"""What was decided on an amendment: by round, by section."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What an amendment asks of a text: ``edits`` of it, and the sections to decide on.

    ``carried`` tells how it came there, if it was made on another text. What is in conflict there stands among the
    edits in the amendment's own words, and its sections are in ``clashing``.
    """

    edits: tuple[Edit, ...]
    touches: tuple[str, ...]
    clashing: frozenset[str] = frozenset()
    carried: Carried | None = None


@dataclass(frozen=True, slots=True)
class Leg:
    """A round that an amendment came through: its id and the version that it negotiated."""

    round: str
    base: str


def standing(tx: ReadTransaction, edits: Sequence[Edit], base: str, version: str) -> Standing:
    """Carry edits of the version ``base`` to another."""
    text = manifest(tx, version)
    if base == version:
        return Standing(tuple(edits), touched(text, edits))
    carried = _crossing(tx, base, version).carry(edits)
    reads = {line.section: line.text for line in text}
    conflicts = [(part, _lies_in(part, reads)) for part in carried.parts if part.fate is Fate.CONFLICT]
    clashing = {section: part for part, section in conflicts if section is not None}
    asked = (*carried.edits, *(_as_proposed(section, part) for section, part in clashing.items() if part.pieces))
    named = tuple(dict.fromkeys((*touched(text, carried.edits), *clashing)))
    return Standing(asked, named, frozenset(clashing), carried)


def journey(
    tx: ReadTransaction, edits: Sequence[Edit], legs: Sequence[Leg], decided: ByRound
) -> Iterator[tuple[Leg, Standing]]:
    """Follow an amendment through the rounds, beginning with the one it was made in.

    What a round settled goes no further; what it parked, or did not speak of, comes to the next one's text.
    """
    left, base = tuple(edits), legs[0].base
    for leg in legs:
        here = standing(tx, left, base, leg.base)
        yield leg, here
        outcomes = decided.get(leg.round, {})
        waiting = [section for section in here.touches if pends(outcomes.get(section, ()))]
        left, base = _only(manifest(tx, leg.base), here, waiting), leg.base


def _only(text: Manifest, here: Standing, sections: Collection[str]) -> tuple[Edit, ...]:
    if len(sections) == len(here.touches):
        return here.edits
    return tuple(part for part in primitive(text, here.edits) if part.section in sections)


def _lies_in(part: CarriedEdit, reads: Mapping[str, str]) -> str | None:
    """Name the section of the new text that a conflict lies in, by what it says there now.

    One that lies in several, as of a merge, is in none: it is for its sponsors to look at.
    """
    own = part.place.line.section if part.place else _added(part.edit)
    current = read(part.pieces)
    if own is not None and own in reads and (not part.pieces or reads[own] == current):
        return own
    return next((section for section, text in reads.items() if text == current), None)


def _added(edit: Edit) -> str | None:
    return edit.section if isinstance(edit, Add) else None


def _as_proposed(section: str, part: CarriedEdit) -> Edit:
    """Give a conflict in the amendment's own words."""
    return Replace(section=section, text=read(part.pieces, proposed=True))


def _crossing(tx: ReadTransaction, base: str, version: str) -> Crossing:
    """Give the way between two versions; within a transaction it is looked up once, and prepared once for several."""
    known: dict[tuple[str, str], Crossing] = tx.session.info.setdefault("crossings", {})
    if (base, version) not in known:
        known[base, version] = _prepared(manifest(tx, base), manifest(tx, version))
    return known[base, version]


@lru_cache(maxsize=4)
def _prepared(old: Manifest, new: Manifest) -> Crossing:
    return Crossing(old, new)
