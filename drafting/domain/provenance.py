"""Who brought which word into the text: for every word of a version its version, amendments and delegations."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain, groupby, islice
from typing import Final, NamedTuple

from drafting.domain.alignment import Hunk
from drafting.domain.diff import aligned
from drafting.domain.edits import primitive
from drafting.domain.text import Manifest
from drafting.domain.tokens import tokenize
from drafting.protocol.edits import Add, Delete, Edit, PrimitiveEdit, Replace


class Wording(NamedTuple):
    """How an amendment would have a section read; no text if it would have it go."""

    amendment: str
    delegation: str
    text: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a word comes from: the version it first stands in, and who proposed it.

    No amendment: it is the first text's, or the desk's own (a redraft, a bracket, a text taken up).
    """

    version: str
    amendments: tuple[str, ...] = ()
    delegations: tuple[str, ...] = ()


class Run(NamedTuple):
    """Words in a row that have one origin; runs joined are the section's text, and no two neighbours share theirs."""

    text: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as it was carried out, in the desk's order: its edits, and the wordings that it was about."""

    edits: tuple[PrimitiveEdit, ...]
    wordings: tuple[Wording, ...] = ()


@dataclass(frozen=True, slots=True)
class Issued:
    """A version: its name or id, its text, and what was decided since the version before (none: a text taken up)."""

    version: str
    text: Manifest
    decisions: tuple[Decided, ...] = ()


Provenance = Mapping[str, tuple[Run, ...]]
"""The runs of every section, by section id; a section without text has none."""

_RETURNS: Final = 3
"""So many words in a row make deleted text known again; fewer are found anywhere."""
_CANDIDATES: Final = 64
"""Places looked at for deleted text that returns, so that endless repeats cost bounded time."""
_ACCIDENTAL: Final = 2
"""So many words between two that went, or came, may have stayed by accident, since they are common."""
_GAP: Final = -1
_BRACKETS: Final = frozenset("[]")


def wordings_on(base: Manifest, section: str, amendment: str, delegation: str, edits: Sequence[Edit]) -> Wording:
    """Give what an amendment on ``base`` would have a section read."""
    texts = [e.text for e in primitive(base, edits) if isinstance(e, Add | Replace) and e.section == section]
    return Wording(amendment, delegation, texts[-1] if texts else "")


def trace(history: Sequence[Issued]) -> Provenance:
    """Give the origin of every word of the last version. ``history``: the first version, and each one after it.

    A word keeps its origin while it stands. Text that goes from one place to another, in one section or between two,
    keeps it, within a version whatever the order of the decisions; so does deleted text that returns: three words in
    a row or more, a section brought back to a former text, and a word of the base that one decision struck and
    another restored. Of brought-in words, those that a wording decided on proposes are that amendment's (of all, if
    several do); others, and the brackets around alternatives, are the desk's.
    """
    words = _Words()
    for issued in history:
        words.issue(issued)
    return {line.section: words.runs(line.section) for line in history[-1].text} if history else {}


def origin_at(runs: Iterable[Run], position: int) -> Origin | None:
    """Give the origin of the word at a place of the section's text, in code points; None past its end."""
    end = 0
    for run in runs:
        end += len(run.text)
        if position < end:
            return run.origin
    return None


@dataclass(frozen=True, slots=True)
class _Brought:
    """A section as a step left it, ``ids``; those from ``first`` on were brought in. ``base``: as the version began."""

    ids: list[int]
    first: int
    before: list[int]
    base: list[int]
    wordings: tuple[Wording, ...]


class _Words:
    """Every word that ever stood in the text, by a number that counts up: its token and its origin."""

    def __init__(self) -> None:
        self._tokens: list[str] = []
        self._origins: list[Origin] = []
        self._standing: dict[str, list[int]] = {}  # the lists are shared, and never changed
        self._former: dict[tuple[str, str], list[int]] = {}
        self._gone = _Gone(self._tokens)

    def issue(self, issued: Issued) -> None:
        """Go through a version: first what goes and comes, then whose it is, since text may come before it goes."""
        bases = dict(self._standing)
        unresolved = Origin(issued.version)
        brought = []
        for section, text, wordings in chain(_decided(issued), self._unaccounted(issued)):
            first = len(self._tokens)
            before = self._standing.get(section, [])
            ids = self._reword(section, text, unresolved)
            if len(self._tokens) > first:
                brought.append(_Brought(ids, first, before, bases.get(section, []), wordings))
        standing = set(chain.from_iterable(self._standing.values())) if brought else set()
        for step in brought:
            self._attribute(step, issued.version, standing)

    def runs(self, section: str) -> tuple[Run, ...]:
        """Give the section's words as they stand, in runs."""
        by_origin = groupby(self._standing.get(section, ()), key=self._origins.__getitem__)
        return tuple(Run("".join([self._tokens[i] for i in ids]), origin) for origin, ids in by_origin)

    def _unaccounted(self, issued: Issued) -> Iterator[tuple[str, str, tuple[Wording, ...]]]:
        """Give what no decision accounts for; to be asked for when the decisions are carried out."""
        texts = {line.section: line.text for line in issued.text}
        for section in [section for section in self._standing if section not in texts]:
            yield section, "", ()
        for section, text in texts.items():
            if "".join([self._tokens[i] for i in self._standing.get(section, ())]) != text:
                yield section, text, ()

    def _reword(self, section: str, text: str, origin: Origin) -> list[int]:
        before = self._standing.get(section, [])
        after = self._former.get((section, text))
        if after is None:
            after = self._woven(before, tokenize(text), origin)
            self._former[section, text] = after
        still = set(after)
        self._gone.add(before, {i for i in before if i not in still})
        self._standing[section] = after
        return after

    def _woven(self, before: Sequence[int], tokens: Sequence[str], origin: Origin) -> list[int]:
        """Give ``tokens`` their numbers: those of ``before`` that are kept, and new ones."""
        kept = {j: before[i] for i, j in _kept(self._read(before), tokens)}
        woven = []
        for j, token in enumerate(tokens):
            number = kept.get(j)
            if number is None:
                number = len(self._tokens)
                self._tokens.append(token)
                self._origins.append(origin)
            woven.append(number)
        return woven

    def _attribute(self, step: _Brought, version: str, standing: AbstractSet[int]) -> None:
        """Give the words that were brought in their origin."""
        was = self._gone.find(step.ids, step.first, standing)
        was = self._within(step) | was
        authors = self._authors(step)
        origins = self._origins
        for j, number in enumerate(step.ids):
            if number >= step.first:
                named = authors.get(j, ())
                new = Origin(version, tuple(w.amendment for w in named), _delegations(named))
                origins[number] = origins[was[number]] if number in was else new
        self._share_spaces(step)

    def _authors(self, step: _Brought) -> Mapping[int, Sequence[Wording]]:
        after = self._read(step.ids)
        if step.base is step.before and [wording.text for wording in step.wordings] == ["".join(after)]:
            return dict.fromkeys(range(len(after)), step.wordings)  # one amendment, word for word: the usual case
        kept = {j for j, number in enumerate(step.ids) if number < step.first}
        return _authors(_Step(self._read(step.base), after, kept), step.wordings)

    def _within(self, step: _Brought) -> dict[int, int]:
        """Pair words brought in with equal ones that the same section has lost since the version began."""
        still = set(step.ids)
        lost: dict[str, deque[int]] = {}
        for i in dict.fromkeys((*step.before, *step.base)):
            if i not in still and not _is_between(self._tokens[i]):
                lost.setdefault(self._tokens[i], deque()).append(i)
        found = {}
        for i in step.ids:
            if i >= step.first and lost.get(self._tokens[i]):
                found[i] = lost[self._tokens[i]].popleft()
        return found

    def _share_spaces(self, step: _Brought) -> None:
        """Let spaces that were brought in belong to the word before them, or else to the one after."""
        for j, number in enumerate(step.ids):
            if number >= step.first and self._tokens[number].isspace():
                near = [i for i in (*step.ids[max(0, j - 1) : j], *step.ids[j + 1 : j + 2]) if i >= step.first]
                self._origins[number] = self._origins[(near or [number])[0]]

    def _read(self, ids: Iterable[int]) -> list[str]:
        return [self._tokens[i] for i in ids]


class _Gone:
    """Text that was struck, kept so that it is known when it returns or has only moved."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self._tokens = tokens
        self._words: list[int] = []  # what was struck, word after word, with a gap between stretches
        self._places: dict[tuple[str, ...], deque[int]] = {}
        self._used: set[int] = set()

    def add(self, ids: Sequence[int], struck: AbstractSet[int]) -> None:
        """Keep the words of ``ids`` that were struck, with a few that stayed between them."""
        for stretch in self._stretches(ids, struck):
            start = len(self._words)
            self._words += *stretch, _GAP
            for place in range(start, start + len(stretch) - _RETURNS + 1):
                self._places.setdefault(self._key(self._words[place : place + _RETURNS]), deque()).append(place)

    def find(self, ids: Sequence[int], first: int, standing: AbstractSet[int]) -> dict[int, int]:
        """Find which struck words those of ``ids`` from ``first`` on are: older ones, no longer standing, each once."""
        found: dict[int, int] = {}
        for stretch in self._stretches(ids, {i for i in ids if i >= first}) if self._places else ():
            at = 0
            while at <= len(stretch) - _RETURNS:
                place, length = self._longest(stretch, at, first)
                was = self._words[place : place + length]
                if sum(i not in standing and _is_word(self._tokens[i]) for i in was) >= _RETURNS:
                    found |= zip(stretch[at : at + length], was, strict=True)
                    self._used |= set(range(place, place + length))
                at += max(1, length)
        return {new: old for new, old in found.items() if new >= first}

    def _longest(self, stretch: Sequence[int], at: int, first: int) -> tuple[int, int]:
        places = self._places.get(self._key(stretch[at : at + _RETURNS]), deque())
        while places and places[0] in self._used:
            places.popleft()
        lengths = [(self._length(stretch, at, place, first), -place) for place in islice(places, _CANDIDATES)]
        length, place = max(lengths, default=(0, 0))
        return -place, length

    def _length(self, stretch: Sequence[int], at: int, place: int, first: int) -> int:
        """Count the words that are the same from here and from there on; a gap ends what was struck together."""
        for length in range(len(stretch) - at):
            new, old = stretch[at + length], self._words[place + length]
            free = _GAP < old < first and place + length not in self._used
            if not free or self._tokens[new] != self._tokens[old]:
                return length
        return len(stretch) - at

    def _stretches(self, ids: Sequence[int], chosen: AbstractSet[int]) -> Iterator[list[int]]:
        """Give the words around those chosen, in stretches that hold no more than a few others in a row."""
        words = [i for i in ids if not _is_between(self._tokens[i])]
        places = [place for place, i in enumerate(words) if i in chosen]
        start = 0
        for number, place in enumerate(places, 1):
            if number == len(places) or places[number] - place > _ACCIDENTAL + 1:
                yield words[places[start] : place + 1]
                start = number

    def _key(self, ids: Iterable[int]) -> tuple[str, ...]:
        return tuple(self._tokens[i] for i in ids)


def _decided(issued: Issued) -> Iterator[tuple[str, str, tuple[Wording, ...]]]:
    for decided in issued.decisions:
        for edit in decided.edits:
            if isinstance(edit, Add | Replace):
                yield edit.section or "", edit.text, decided.wordings
            elif isinstance(edit, Delete):
                yield edit.section, "", decided.wordings


def _kept(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pair the tokens that both have, by their places.

    A sentence that goes from among others that begin alike takes its own first words along.
    """
    a = c = 0
    for hunk in (*aligned(old, new), Hunk(len(old), len(old), len(new), len(new))):
        yield from zip(range(a, hunk.a), range(c, hunk.c), strict=True)
        a, c = hunk.b, hunk.d


class _Step(NamedTuple):
    """Tokens of a section: when the version began, and now; ``kept``: the places of those that were there before."""

    base: Sequence[str]
    after: Sequence[str]
    kept: AbstractSet[int]


def _authors(step: _Step, wordings: Sequence[Wording]) -> dict[int, list[Wording]]:
    """Say by its place in ``after`` whose wording a token is, should it have been brought in.

    Whole insertions of a wording go before single tokens, and what a wording itself brings in before what it keeps.
    """
    passing: dict[int, list[Wording]] = {}
    own: dict[int, list[Wording]] = {}
    whole: dict[int, list[Wording]] = {}
    runs = _insertions(step.after, step.kept)
    for wording in wordings:
        tokens = tokenize(wording.text)
        kept = {j for _, j in _kept(step.base, tokens)}
        for i, j in _kept(step.after, tokens):
            (passing if j in kept else own).setdefault(i, []).append(wording)
        insertions = {tuple(tokens[j] for j in run) for run in _insertions(tokens, kept)}
        for i in chain.from_iterable(run for run in runs if tuple(step.after[i] for i in run) in insertions):
            whole.setdefault(i, []).append(wording)
    return passing | own | whole


def _insertions(tokens: Sequence[str], kept: AbstractSet[int]) -> list[list[int]]:
    """Give the places of the words that are not kept, in rows that no kept word and no bracket interrupts."""
    rows: list[list[int]] = [[]]
    for place, token in enumerate(tokens):
        if token in _BRACKETS or (place in kept and not token.isspace()):
            rows.append([])
        elif not token.isspace():
            rows[-1].append(place)
    return [row for row in rows if row]


def _delegations(wordings: Iterable[Wording]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(wording.delegation for wording in wordings))


def _is_between(token: str) -> bool:
    return token.isspace() or token in _BRACKETS


def _is_word(token: str) -> bool:
    return any(map(str.isalnum, token))
