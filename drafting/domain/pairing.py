"""Which paragraph of one text is which of another, where neither has ids: two files that somebody sent."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import log
from typing import Final, NamedTuple

from rapidfuzz.distance import LCSseq, MatchingBlock

from drafting.domain.tokens import tokenize

_RARE: Final = 12
"""In how many paragraphs a word or a pair of words may stand on either side and still tell where one came from."""
_CANDIDATES: Final = 4
"""How many old paragraphs are read closely for each new one."""
_ALIKE: Final = 0.5
"""How alike (0-1) two paragraphs must be to count as one, wherever they stand."""
_ALIKE_IN_PLACE: Final = 0.3
"""How alike they must be if they stand in the same gap between paragraphs that are paired."""
_GAP: Final = 50
"""How many paragraphs of a gap are held against each other at most."""
_LONGEST: Final = 4000
"""Words of a paragraph that are compared; what follows is taken to be as alike as what stands before."""
_PART: Final = 0.8
"""How far one paragraph that is wholly in a longer one counts as being it."""
_A_PART: Final = 8
"""How many words a paragraph needs to be known as part of another."""
_SPREAD: Final = 2.5
"""Over how many times its length a paragraph may be spread in the one that it is part of."""
_NEAR: Final = 0.12
"""How much more a candidate counts that stands where its neighbours lead one to look."""
_TWIN: Final = 0.5
"""How sure one can be of one of several equal paragraphs if nothing beside it is paired."""


class Pair(NamedTuple):
    """``old`` and ``new`` are places of one paragraph in the two texts.

    ``sure`` (above 0, up to 1): 1 is the same words, beyond doubt. ``moved``: it stands outside the longest order that
    both texts share.
    """

    old: int
    new: int
    sure: float
    moved: bool


class _Text(NamedTuple):
    """A paragraph by its words, without case, space and marks."""

    words: tuple[str, ...]
    features: frozenset[str]


def pair(old: Sequence[str], new: Sequence[str], *, in_gaps: bool = True) -> tuple[Pair, ...]:
    """Match the paragraphs of two texts, in the order of ``new``; none is matched twice.

    Equal paragraphs come first, those that stand once in each text before those that repeat; then such as share rare
    words, the most alike first, of equals the one that stands where its neighbours do; then, in the gaps between what
    is matched, what is alike enough in order (not without ``in_gaps``: for texts that are no whole, where neighbours
    mean nothing). Empty paragraphs match nothing.
    """
    before, after = [_read(text) for text in old], [_read(text) for text in new]
    matching = _Matching(before, after)
    matching.match_equal()
    matching.match_alike()
    if in_gaps:
        matching.fill_gaps()
    places = sorted((now, was) for was, now in matching.new_of.items())
    in_order = {places[number] for number in longest_increasing([was for _, was in places])}
    return tuple(Pair(was, now, matching.sure[was], (now, was) not in in_order) for now, was in places)


def longest_increasing(numbers: Sequence[int]) -> list[int]:
    """Find the places of a longest increasing subsequence of ``numbers``, which are distinct."""
    tails: list[int] = []  # the smallest number that ends an increasing run of each length
    tail_places: list[int] = []
    previous: list[int] = []
    for place, number in enumerate(numbers):
        length = bisect_left(tails, number)
        tails[length : length + 1] = [number]
        tail_places[length : length + 1] = [place]
        previous.append(tail_places[length - 1] if length else -1)
    chosen: list[int] = []
    place = tail_places[-1] if tail_places else -1
    while place >= 0:
        chosen.append(place)
        place = previous[place]
    return chosen[::-1]


def _read(text: str) -> _Text:
    tokens = [token.casefold() for token in tokenize(text)]
    words = tuple(token for token in tokens if any(map(str.isalnum, token))) or tuple(
        token for token in tokens if not token.isspace()
    )
    return _Text(words[:_LONGEST], frozenset((*words, *map(" ".join, pairwise(words)))))


class _Matching:
    """Two texts while their paragraphs are being matched."""

    def __init__(self, old: Sequence[_Text], new: Sequence[_Text]) -> None:
        self.old, self.new = old, new
        self.new_of: dict[int, int] = {}
        self.old_of: dict[int, int] = {}
        self.sure: dict[int, float] = {}
        spread = Counter(feature for text in (*old, *new) for feature in text.features)
        most = len(old) + len(new)
        self.weight = {feature: log(1 + most / times) for feature, times in spread.items()}
        self.old_weights, self.new_weights = ([self._weight(text.words) for text in side] for side in (old, new))

    def match(self, was: int, now: int, sure: float) -> None:
        self.new_of[was], self.old_of[now], self.sure[was] = now, was, min(1.0, round(sure, 3))

    def match_equal(self) -> None:
        """Match equal paragraphs: the unique ones, then beside those the repeated ones, then these in order."""
        places_old, places_new = _places(self.old), _places(self.new)
        for words, here in places_new.items():
            if len(here) == 1 and len(places_old.get(words, ())) == 1:
                self.match(places_old[words][0], here[0], 1.0)
        for step, numbers in ((1, range(len(self.new))), (-1, range(len(self.new) - 1, -1, -1))):
            for now in numbers:
                was = self.old_of.get(now - step, -2 * step) + step
                if now not in self.old_of and self._free(was) and self.new[now].words == self.old[was].words != ():
                    self.match(was, now, 1.0)
        for words, here in places_new.items():
            there = [was for was in places_old.get(words, ()) if was not in self.new_of]
            here_left = [now for now in here if now not in self.old_of]
            same = len(there) == len(here_left)
            for was, now in zip(there, here_left, strict=False):
                self.match(was, now, 1.0 if same and len(here) == 1 else _TWIN + 0.3 * same)

    def match_alike(self) -> None:
        """Match what shares rare words, the most alike first."""
        where, rare = self._where(), self._rare_places()
        found: list[tuple[float, float, int, int]] = []
        for now in range(len(self.new)):
            if now not in self.old_of:
                likely = ((self.likeness(was, now), was) for was in self._candidates(now, rare))
                near = where(now)
                found += (
                    (alike + _NEAR / (1 + abs(was - near) / 8), alike, was, now)
                    for alike, was in likely
                    if alike >= _ALIKE
                )
        best: dict[int, list[float]] = defaultdict(list)
        for rank, _, was, now in found:
            best[now].append(rank)
            best[~was].append(rank)
        for rank, alike, was, now in sorted(found, key=lambda one: (-one[0], one[3], one[2])):
            if self._free(was) and now not in self.old_of:
                rivals = [other for other in (*best[now], *best[~was]) if other < rank]
                self.match(was, now, _certainty(rank, alike, max(rivals, default=0.0)))

    def fill_gaps(self) -> None:
        """Match in order what is alike enough and stands between the same neighbours."""
        for old_gap, new_gap in self._gaps():
            for was, now, alike in self._in_order(old_gap, new_gap):
                self.match(was, now, alike * (1 if alike >= _ALIKE else 0.8))

    def likeness(self, was: int, now: int) -> float:
        """Judge how alike two paragraphs are, 0-1, by the weight of the words that they share in one order."""
        before, after = self.old[was].words, self.new[now].words
        weights = self.old_weights[was], self.new_weights[now]
        if not all(weights):
            return 0.0
        blocks = LCSseq.opcodes(before, after).as_matching_blocks()
        shared = sum(self._weight(before[a : a + size]) for a, _, size in blocks)
        is_part = min(len(before), len(after)) >= _A_PART and _compact(blocks, before, after)
        return max(2 * shared / sum(weights), _PART * is_part * shared / min(weights))

    def _weight(self, words: Sequence[str]) -> float:
        return sum(map(self.weight.__getitem__, words))

    def _free(self, was: int) -> bool:
        return 0 <= was < len(self.old) and was not in self.new_of

    def _where(self) -> "_Expected":
        anchors = sorted((now, was) for was, now in self.new_of.items() if self.sure[was] == 1)
        kept = [anchors[number] for number in longest_increasing([was for _, was in anchors])]
        return _Expected([now for now, _ in kept], [was for _, was in kept])

    def _candidates(self, now: int, rare: Mapping[str, list[int]]) -> list[int]:
        votes: Counter[int] = Counter()
        for feature in self.new[now].features:
            places = rare.get(feature)
            if places:
                weight = round(1000 * self.weight[feature])
                for was in places:
                    votes[was] += weight
        return [was for was, _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))[:_CANDIDATES]]

    def _rare_places(self) -> Mapping[str, list[int]]:
        """Say where in the old text the rare words and pairs of words are that are not matched yet."""
        places: dict[str, list[int]] = defaultdict(list)
        for was, text in enumerate(self.old):
            if was not in self.new_of:
                for feature in text.features:
                    places[feature].append(was)
        return {feature: found for feature, found in places.items() if len(found) <= _RARE}

    def _gaps(self) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
        """Give what is unmatched between two neighbours of the longest common order, on both sides."""
        places = sorted((now, was) for was, now in self.new_of.items())
        kept = [places[number] for number in longest_increasing([was for _, was in places])]
        for (now, was), (next_now, next_was) in pairwise([(-1, -1), *kept, (len(self.new), len(self.old))]):
            old_gap = [place for place in range(was + 1, next_was) if place not in self.new_of]
            new_gap = [place for place in range(now + 1, next_now) if place not in self.old_of]
            if old_gap and new_gap:
                yield from _slices(old_gap, new_gap)

    def _in_order(self, old_gap: Sequence[int], new_gap: Sequence[int]) -> Iterator[tuple[int, int, float]]:
        """Find the matches in order whose likeness is the most in all."""
        alike = [[self.likeness(was, now) for now in new_gap] for was in old_gap]
        best = [[0.0] * (len(new_gap) + 1) for _ in range(len(old_gap) + 1)]
        for i in range(len(old_gap) - 1, -1, -1):
            for j in range(len(new_gap) - 1, -1, -1):
                taken = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= _ALIKE_IN_PLACE else 0.0
                best[i][j] = max(best[i + 1][j], best[i][j + 1], taken)
        i = j = 0
        while i < len(old_gap) and j < len(new_gap):
            if best[i][j] == best[i + 1][j]:
                i += 1
            elif best[i][j] == best[i][j + 1]:
                j += 1
            else:
                yield old_gap[i], new_gap[j], alike[i][j]
                i, j = i + 1, j + 1


class _Expected:
    """Where in the old text a new paragraph should stand, by the matched ones around it."""

    def __init__(self, new: Sequence[int], old: Sequence[int]) -> None:
        self._new, self._old = new, old

    def __call__(self, now: int) -> float:
        if not self._new:
            return now
        at = bisect_right(self._new, now) - 1
        near = max(at, 0)
        return self._old[near] + (now - self._new[near])


def _compact(blocks: Sequence[MatchingBlock], before: Sequence[str], after: Sequence[str]) -> bool:
    """Say whether the shared words stand close enough in both to be a passage, and not words met here and there."""
    held = [block for block in blocks if block.size]
    if not held:
        return False
    first, last = held[0], held[-1]
    reach = max(last.a + last.size - first.a, last.b + last.size - first.b)
    return reach <= _SPREAD * min(len(before), len(after))


def _certainty(rank: float, alike: float, rival: float) -> float:
    """Doubt a match by how near the next best came."""
    return alike * (1 - 0.5 * max(0.0, rival / rank) ** 6)


def _places(texts: Iterable[_Text]) -> dict[tuple[str, ...], list[int]]:
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        if text.words:
            places[text.words].append(place)
    return places


def _slices(old_gap: Sequence[int], new_gap: Sequence[int]) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
    """Cut a long gap into parts of a bounded size, in proportion, so that it costs bounded time."""
    parts = -(-max(len(old_gap), len(new_gap)) // _GAP)
    for part in range(parts):
        cuts = [[len(gap) * number // parts for number in (part, part + 1)] for gap in (old_gap, new_gap)]
        yield old_gap[slice(*cuts[0])], new_gap[slice(*cuts[1])]
