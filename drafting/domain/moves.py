"""Passages that went from one section to another, word for word or redrafted."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from unicodedata import category

from rapidfuzz.distance import LCSseq

from drafting.domain.diff import diff
from drafting.domain.text import MovedText, Op, SectionChange
from drafting.domain.tokens import says, tokenize, words_of

_SEED: Final = 4
"""How many words in a row must be the same for two passages to be held against each other."""
_COMMON: Final = 8
"""How often such words may stand among what was deleted and still tell where a passage came from."""
_GAP: Final = 12
"""How many other words may stand between two stretches of the same words, for them to be one passage."""
_PASSAGE: Final = 8
"""How many words a passage must share with its origin."""
_DENSE: Final = 0.5
"""Which part of a passage's words must be the same, in its old place and in its new one."""
_MOST: Final = 0.6
"""Which part of the words of a short section is enough, if it is of those of the other one too."""


_OPENING: Final = frozenset({"Ps", "Pi"})
_CLOSING: Final = frozenset({"Pe", "Pf", "Po"})


class _Run(NamedTuple):
    """Words ``old[a : a + size]`` are the words ``new[b : b + size]``."""

    a: int
    b: int
    size: int


_Chain = tuple[_Run, ...]
"""Runs that together are one passage, in the order of both texts."""


class _Stretch(NamedTuple):
    """Words that were deleted (or inserted) in one piece; ``first`` and ``end`` count all loose words of that side.

    The piece is ``text``, which starts at ``start`` in the section, in code points.
    """

    section: str
    first: int
    end: int
    start: int
    text: str
    words: tuple[str, ...]

    def reach(self, first: int, end: int) -> tuple[int, int]:
        """Say where in the section some of the words start and end."""
        tokens = tokenize(self.text)
        before, behind = _past(tokens, first - self.first), _past(reversed(tokens), self.end - end)
        return self.start + before, self.start + len(self.text) - behind


def _past(tokens: Iterable[str], words: int) -> int:
    """Count the characters of so many words and of what is no word up to the next one."""
    at, left = 0, words
    for token in tokens:
        if says(token):
            if not left:
                break
            left -= 1
        at += len(token)
    return at


@dataclass(slots=True)
class _Loose:
    """All words that were deleted from the old sections, or inserted in the new ones."""

    words: list[str] = field(default_factory=list)
    stretches: list[_Stretch] = field(default_factory=list)
    stretch_of: list[int] = field(default_factory=list)

    def take(self, section: str, start: int, text: str, least: int) -> int:
        """Add the words of a piece, if there are enough; say how many were added."""
        if len(text) < _shortest(least) or len(words := words_of(text)) < least:
            return 0
        first = len(self.words)
        self.words += words
        self.stretch_of += [len(self.stretches)] * len(words)
        self.stretches.append(_Stretch(section, first, len(self.words), start, text, words))
        return len(words)

    def stretch(self, word: int) -> _Stretch:
        return self.stretches[self.stretch_of[word]]


def passages(changes: Sequence[SectionChange]) -> Iterator[MovedText]:
    """Find the passages that were deleted in one place and inserted in another, the longest first.

    A passage shares eight words or more with its origin, in one order, and half of its words. Between a removed and
    an added section fewer are enough, if they are most of both. No word is of two passages, on either side. Case,
    space and marks do not count.
    """
    old, new, sizes = _loose(changes)
    if not old.words or not new.words:
        return
    chains = _chains(_runs(old, new), old, new)
    by_section = {change.section: change for change in changes} if chains else {}
    for chain in _chosen(chains, old, new, sizes):
        yield _moved_text(chain, old, new, by_section)


def _loose(changes: Iterable[SectionChange]) -> tuple[_Loose, _Loose, dict[str, int]]:
    """Gather what was deleted and what was inserted; and how many words the removed and the added sections have."""
    old, new, sizes = _Loose(), _Loose(), dict[str, int]()
    keep, delete, insert = Op
    shortest = _shortest(_PASSAGE)
    for change in changes:
        spans, section = change.spans, change.section
        if len(spans) == 1:
            op, text = spans[0]
            if op is not keep:
                sizes[section] = (old if op is delete else new).take(section, 0, text, _SEED)
            continue
        at = new_at = 0
        for op, text in spans:
            # Fewer words cannot be a passage, whatever they are held against.
            long = len(text) >= shortest
            if op is delete:
                if long:
                    old.take(section, at, text, _PASSAGE)
                at += len(text)
            elif op is insert:
                if long:
                    new.take(section, new_at, text, _PASSAGE)
                new_at += len(text)
            else:
                at, new_at = at + len(text), new_at + len(text)
    return old, new, sizes


def _shortest(words: int) -> int:
    """Say how many characters hold so many words at least: each but the last has a space or a sign behind it."""
    return 2 * words - 1


def _runs(old: _Loose, new: _Loose) -> Iterator[_Run]:
    """Find stretches of the same words, each as long as it can be, that hold a seed."""
    seeds = _seeds(old)
    done: dict[tuple[int, int], int] = {}  # up to where in the new words a diagonal of a stretch has been read
    for now in new.stretches:
        if seeds.keys().isdisjoint(_shingles(now)):
            continue
        for b, seed in enumerate(_shingles(now), now.first):
            for a in seeds.get(seed, ()):
                diagonal = (old.stretch_of[a], a - b)
                if done.get(diagonal, 0) <= b:
                    run = _run(old, new, a, b)
                    done[diagonal] = run.b + run.size
                    yield run


def _run(old: _Loose, new: _Loose, a: int, b: int) -> _Run:
    """Give the longest stretch of the same words around two equal ones."""
    was, now = old.stretch(a), new.stretch(b)
    before = after = 0
    while a - before > was.first and b - before > now.first and old.words[a - before - 1] == new.words[b - before - 1]:
        before += 1
    while a + after < was.end and b + after < now.end and old.words[a + after] == new.words[b + after]:
        after += 1
    return _Run(a - before, b - before, before + after)


_Seed = tuple[str, str, str, str]


def _seeds(old: _Loose) -> dict[_Seed, list[int]]:
    seeds: dict[_Seed, list[int]] = defaultdict(list)
    for was in old.stretches:
        for a, seed in enumerate(_shingles(was), was.first):
            seeds[seed].append(a)
    return {seed: places for seed, places in seeds.items() if len(places) <= _COMMON}


def _shingles(stretch: _Stretch) -> Iterator[_Seed]:
    """Give each word of a stretch with the three that follow it, ``_SEED`` in all."""
    words = stretch.words
    return zip(words, words[1:], words[2:], words[3:], strict=False)


def _chains(runs: Iterable[_Run], old: _Loose, new: _Loose) -> list[_Chain]:
    """Join runs of one deleted and one inserted stretch that follow each other closely on both sides."""
    chains: list[list[_Run]] = []
    last: dict[tuple[int, int], list[list[_Run]]] = defaultdict(list)
    for run in sorted(runs, key=lambda one: (one.b, one.a)):
        open_ones = last[old.stretch_of[run.a], new.stretch_of[run.b]]
        joined = next((chain for chain in reversed(open_ones[-_COMMON:]) if _follows(chain[-1], run)), None)
        if joined is None:
            chains.append([run])
            open_ones.append(chains[-1])
        else:
            joined.append(run)
    return [tuple(chain) for chain in chains]


def _follows(last: _Run, run: _Run) -> bool:
    return 0 <= run.a - last.a - last.size <= _GAP and 0 <= run.b - last.b - last.size <= _GAP


def _chosen(chains: Iterable[_Chain], old: _Loose, new: _Loose, sizes: Mapping[str, int]) -> Iterator[_Chain]:
    """Take the longest passages first, and of the others what is not taken yet."""
    used_old, used_new = bytearray(len(old.words)), bytearray(len(new.words))

    def free(run: _Run) -> bool:
        return not any(used_old[run.a : run.a + run.size]) and not any(used_new[run.b : run.b + run.size])

    for chain in sorted(chains, key=lambda one: (-_size(one), one[0].b, one[0].a)):
        left = tuple(filter(free, chain))
        passage = _dense(_grown(left, old, new, free)) if left else ()
        if not passage:
            continue
        a, b, end_a, end_b = _bounds(passage)
        ends = old.stretch(a).section, new.stretch(b).section
        most_of_both = max(_MOST * sizes[end] if end in sizes else _PASSAGE for end in ends)
        enough = _size(passage) >= min(_PASSAGE, most_of_both)
        if enough and not any(used_old[a:end_a]) and not any(used_new[b:end_b]):
            used_old[a:end_a] = b"\1" * (end_a - a)
            used_new[b:end_b] = b"\1" * (end_b - b)
            yield passage


def _grown(chain: _Chain, old: _Loose, new: _Loose, free: Callable[[_Run], bool]) -> _Chain:
    """Give all words that are the same in and around a passage, as far out as they follow each other closely."""
    a, b, end_a, end_b = _bounds(chain)
    was, now = old.stretch(a), new.stretch(b)
    a, b = max(was.first, a - _GAP), max(now.first, b - _GAP)
    end_a, end_b = min(was.end, end_a + _GAP), min(now.end, end_b + _GAP)
    blocks = LCSseq.opcodes(old.words[a:end_a], new.words[b:end_b]).as_matching_blocks()
    runs = [_Run(a + block.a, b + block.b, block.size) for block in blocks if block.size]
    grown = [run for run in runs if free(run)]
    while len(grown) > 1 and _far(grown[0], grown[0], grown[1]):
        grown.pop(0)
    while len(grown) > 1 and _far(grown[-1], grown[-2], grown[-1]):
        grown.pop()
    return tuple(grown)


def _far(outer: _Run, first: _Run, second: _Run) -> bool:
    """Whether a run at the edge of a passage has more other words between itself and the rest than words."""
    apart = max(second.a - first.a - first.size, second.b - first.b - first.size)
    return apart > (_GAP if outer.size >= _SEED else outer.size)


def _dense(chain: _Chain) -> _Chain:
    """Give the runs, less the shorter ones at either end, until the passage is mostly the same words."""
    while chain:
        a, b, end_a, end_b = _bounds(chain)
        if _size(chain) >= _DENSE * max(end_a - a, end_b - b):
            break
        chain = chain[1:] if chain[0].size <= chain[-1].size else chain[:-1]
    return chain


def _size(chain: _Chain) -> int:
    return sum(run.size for run in chain)


def _bounds(chain: _Chain) -> tuple[int, int, int, int]:
    return chain[0].a, chain[0].b, chain[-1].a + chain[-1].size, chain[-1].b + chain[-1].size


def _moved_text(chain: _Chain, old: _Loose, new: _Loose, by_section: Mapping[str, SectionChange]) -> MovedText:
    a, b, end_a, end_b = _bounds(chain)
    was, now = old.stretch(a), new.stretch(b)
    before, after = old_text(by_section[was.section]), new_text(by_section[now.section])
    (start, end), (new_start, new_end) = was.reach(a, end_a), now.reach(b, end_b)
    last_old, last_new = was.start + len(was.text), now.start + len(now.text)
    while (
        start > was.start and new_start > now.start and _alike_mark(before, start - 1, after, new_start - 1, _OPENING)
    ):
        start, new_start = start - 1, new_start - 1
    while end < last_old and new_end < last_new and _alike_mark(before, end, after, new_end, _CLOSING):
        end, new_end = end + 1, new_end + 1
    return moved_text(by_section, (was.section, start, end), (now.section, new_start, new_end))


def moved_text(
    by_section: Mapping[str, SectionChange], was: tuple[str, int, int], now: tuple[str, int, int]
) -> MovedText:
    """Give the passage between two places, each a section with a start and an end in its text."""
    before, after = old_text(by_section[was[0]]), new_text(by_section[now[0]])
    return MovedText(*was, *now, diff(before[was[1] : was[2]], after[now[1] : now[2]]))


def _alike_mark(before: str, was: int, after: str, now: int, kinds: frozenset[str]) -> bool:
    return before[was] == after[now] and before[was] not in "*_" and category(before[was]) in kinds


def old_text(change: SectionChange) -> str:
    """Read a section as it was; nothing if there was none."""
    return change.old.text if change.old else ""


def new_text(change: SectionChange) -> str:
    """Read a section as it is; nothing if there is none."""
    return change.new.text if change.new else ""
