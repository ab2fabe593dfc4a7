"""The life of each bracket through the versions of a text: opened, reworded, lifted, when and by whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import NamedTuple

from drafting.domain.bracket_tree import Pair, Place, pairs
from drafting.domain.diff import diff
from drafting.domain.text import Manifest, Op


@dataclass(frozen=True, slots=True)
class Issued:
    """A version of a text. ``who`` says, by section, who brought about what changed there; others brought nothing."""

    name: str
    text: Manifest
    who: Mapping[str, tuple[str, ...]]


class Step(NamedTuple):
    """A version in which something became of a bracket, and who brought that about."""

    version: str
    who: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BracketLife:
    """One bracket through the versions.

    ``pair`` is where it stands in the last version that has it, and ``text`` its words there (the first 500 code
    points; of one that runs over several sections, a line for each). ``kept``: lifted, and its words stayed; None while
    it stands.
    """

    pair: Pair
    text: str
    opened: Step
    reworded: tuple[Step, ...] = ()
    lifted: Step | None = None
    kept: bool | None = None

    def age(self, versions: Sequence[Issued]) -> int:
        """Count the versions that have it."""
        names = [version.name for version in versions]
        end = len(names) if self.lifted is None else names.index(self.lifted.version)
        return end - names.index(self.opened.version)


class _Words(NamedTuple):
    """The words of a bracket: as shown, and what tells whether they are the same."""

    shown: str
    identity: tuple[int, int]
    known_again: bool


def history(versions: Sequence[Issued]) -> tuple[BracketLife, ...]:
    """Follow every bracket through the versions, in the order in which they were opened.

    A bracket is the same in the next version where its opening mark, or failing that its closing one, was kept with
    the same words; failing that, where exactly its words (three at least) stand in a bracket elsewhere: it has moved;
    failing that, where one of its marks was kept: it was reworded. Names of versions are unique.
    """
    lives: list[BracketLife] = []
    standing: dict[Pair, int] = {}
    before: dict[Pair, _Words] = {}
    previous: Manifest = ()
    for version in versions:
        numbers = {line.section: number for number, line in enumerate(version.text)}
        after = {pair: _words(version.text, numbers, pair) for pair in pairs(version.text)}
        kept = _kept(previous, version.text, before)
        same = _matched(kept, before, after)
        for pair, number in standing.items():
            now = same.get(pair)
            if now is None:
                lives[number] = _lifted(lives[number], version, kept)
            else:
                reworded = before[pair].identity != after[now].identity
                lives[number] = _gone_on(lives[number], version, now, after[now].shown, reworded=reworded)
        standing = {same[pair]: number for pair, number in standing.items() if pair in same}
        for pair, words in after.items():
            if pair not in standing:
                standing[pair] = len(lives)
                lives.append(BracketLife(pair, words.shown, Step(version.name, _who(version, pair))))
        before, previous = after, version.text
    return tuple(lives)


def _lifted(life: BracketLife, version: Issued, kept: Mapping[str, "_Kept"]) -> BracketLife:
    return replace(life, lifted=Step(version.name, _who(version, life.pair)), kept=_stays(life.pair, kept))


def _stays(pair: Pair, kept: Mapping[str, "_Kept"]) -> bool:
    """Say whether most of what a bracket held is still there; of one over several sections its beginning counts."""
    opened, closed = pair
    if opened is None or closed is None:
        return True
    here = kept.get(opened.section)
    if here is None:
        return False
    end = closed.position if closed.section == opened.section else len(here.letters) - 1
    still, all_ = here.stay[end] - here.stay[opened.position], here.letters[end] - here.letters[opened.position]
    return all_ > 0 and 2 * still > all_


def _gone_on(life: BracketLife, version: Issued, now: Pair, text: str, *, reworded: bool) -> BracketLife:
    step = Step(version.name, _who(version, now))
    return replace(life, pair=now, text=text, reworded=(*life.reworded, step) if reworded else life.reworded)


def _who(version: Issued, pair: Pair) -> tuple[str, ...]:
    sections = dict.fromkeys(place.section for place in pair if place)
    return tuple(dict.fromkeys(who for section in sections for who in version.who.get(section, ())))


def _words(text: Manifest, numbers: Mapping[str, int], pair: Pair) -> _Words:
    words = _held(text, numbers, pair)
    # Not the words themselves: 4,000 nested brackets hold 4,000 times much the same.
    return _Words(words[:_SHOWN], (len(words), hash(words)), words[:_SHOWN].count(" ") + 1 >= _FEWEST)


_SHOWN = 500
"""Code points of a bracket's words that are kept to be shown."""
_FEWEST = 3
"""Words that a bracket must have to be known again in another place."""


def _held(text: Manifest, numbers: Mapping[str, int], pair: Pair) -> str:
    if pair.opened is None or pair.closed is None:
        return ""
    first, last = numbers[pair.opened.section], numbers[pair.closed.section]
    if first == last:
        return text[first].text[pair.opened.position + 1 : pair.closed.position]
    inner = (line.text for line in text[first + 1 : last])
    return "\n".join([text[first].text[pair.opened.position + 1 :], *inner, text[last].text[: pair.closed.position]])


@dataclass(frozen=True, slots=True)
class _Kept:
    """What became of a section's text: where its kept marks stand now, and how many letters stay before each place."""

    marks: Mapping[int, int]
    letters: Sequence[int]
    stay: Sequence[int]


def _kept(old: Manifest, new: Manifest, before: Mapping[Pair, _Words]) -> dict[str, _Kept]:
    texts = {line.section: line.text for line in new}
    wanted = {place.section for pair in before for place in pair if place}
    return {
        line.section: _compared(line.text, texts[line.section])
        for line in old
        if line.section in wanted and line.section in texts
    }


def _compared(old: str, new: str) -> _Kept:
    marks: dict[int, int] = {}
    stay = [0] * len(old)
    at = to = 0
    for op, text in diff(old, new, exact=True):
        if op is Op.KEEP:
            for offset, character in enumerate(text):
                stay[at + offset] = character.isalnum()
                if character in "[]":
                    marks[at + offset] = to + offset
        at += len(text) if op is not Op.INSERT else 0
        to += len(text) if op is not Op.DELETE else 0
    letters = accumulate((character.isalnum() for character in old), initial=0)
    return _Kept(marks, tuple(letters), tuple(accumulate(stay, initial=0)))


def _matched(
    kept: Mapping[str, _Kept], before: Mapping[Pair, _Words], after: Mapping[Pair, _Words]
) -> dict[Pair, Pair]:
    opening = {pair.opened: pair for pair in after if pair.opened}
    closing = {pair.closed: pair for pair in after if pair.closed}
    same: dict[Pair, Pair] = {}
    taken: set[Pair] = set()

    def claim(pair: Pair, candidate: Pair | None) -> None:
        if pair not in same and candidate is not None and candidate not in taken:
            same[pair] = candidate
            taken.add(candidate)

    ends = {pair: (_now(pair.opened, kept, opening), _now(pair.closed, kept, closing)) for pair in before}
    for pair, found in ends.items():
        for candidate in found:
            if candidate is not None and after[candidate].identity == before[pair].identity:
                claim(pair, candidate)
    elsewhere = {words.identity: pair for pair, words in after.items() if pair not in taken and words.known_again}
    for pair, words in before.items():
        claim(pair, elsewhere.get(words.identity))
    for pair, found in ends.items():
        for candidate in found:
            claim(pair, candidate)
    return same


def _now(place: Place | None, kept: Mapping[str, _Kept], by_mark: Mapping[Place, Pair]) -> Pair | None:
    """Give the new bracket that a mark, if it was kept, belongs to."""
    if place is None or place.section not in kept:
        return None
    position = kept[place.section].marks.get(place.position)
    return None if position is None else by_mark.get(Place(place.section, position))
