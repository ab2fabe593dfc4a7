"""The longest common text of two token sequences, counted in words; what lies between is changed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, chain
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

_LONGEST = 40_000
"""Words of a text up to which it is compared; the table of two such texts takes a bit per pair, 200 MB."""


class Hunk(NamedTuple):
    """Tokens ``old[a:b]`` became ``new[c:d]``; one of the two may be empty."""

    a: int
    b: int
    c: int
    d: int


Chooser = Callable[[Sequence[str], int, int, range], int]
"""Where an edit ``tokens[start:end]`` is to stand, among the offsets by which it may slide."""


def align(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """Give the hunks between ``old`` and ``new`` in order, with a token kept between any two.

    The kept tokens hold as many words (tokens other than space) as any common subsequence can. Texts past the
    stated size (40,000 words each) are one hunk, less what they share at either end.
    """
    least = min(len(old), len(new))
    head = 0
    while head < least and old[head] == new[head]:
        head += 1
    b, d = len(old), len(new)
    while b > head and d > head and old[b - 1] == new[d - 1]:
        b, d = b - 1, d - 1
    if b == d == head:
        return []
    if head in {b, d}:
        return [Hunk(head, b, head, d)]
    middle_old, middle_new = old[head:b], new[head:d]
    return list(_between(middle_old, middle_new, _common(middle_old, middle_new), head))


def heaviest(old: Sequence[str], new: Sequence[str], weight: Callable[[str], int]) -> tuple[int, list[Hunk]]:
    """Give the hunks between two short sequences that keep the most weight of words, and that weight.

    Takes time in proportion to the product of their lengths.
    """
    old_words = [number for number, token in enumerate(old) if not token.isspace()]
    new_words = [number for number, token in enumerate(new) if not token.isspace()]
    best = [[0] * (len(new_words) + 1) for _ in range(len(old_words) + 1)]
    for i in range(len(old_words) - 1, -1, -1):
        word, below, row = old[old_words[i]], best[i + 1], best[i]
        gain = weight(word)
        for j in range(len(new_words) - 1, -1, -1):
            row[j] = gain + below[j + 1] if word == new[new_words[j]] else max(below[j], row[j + 1])
    kept_words: list[tuple[int, int, int]] = []
    i = j = 0
    while i < len(old_words) and j < len(new_words):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            kept_words.append((old_words[i], new_words[j], 1))
            i, j = i + 1, j + 1
    return best[0][0], list(_between(old, new, kept_words))


def settle(hunks: Sequence[Hunk], old: Sequence[str], new: Sequence[str], choose: Chooser) -> list[Hunk]:
    """Give the same difference, each pure insertion and deletion slid to where ``choose`` wants it.

    Hunks that come to touch, or with nothing but space between them, are joined.
    """
    settled: list[Hunk] = []
    end = 0
    for number, found in enumerate(hunks, 1):
        hunk = found
        if hunk.a == hunk.b or hunk.c == hunk.d:
            after = hunks[number].a if number < len(hunks) else len(old)
            hunk = _slid(hunk, old, new, (end, after), choose)
        if settled and all(map(str.isspace, old[end : hunk.a])):
            before = settled.pop()
            hunk = Hunk(before.a, hunk.b, before.c, hunk.d)
        settled.append(hunk)
        end = hunk.b
    return settled


def _slid(hunk: Hunk, old: Sequence[str], new: Sequence[str], limits: tuple[int, int], choose: Chooser) -> Hunk:
    a, b, c, d = hunk
    tokens, start, end = (old, a, b) if a < b else (new, c, d)
    left, most_left = 0, a - limits[0]
    while left < most_left and tokens[start - 1 - left] == tokens[end - 1 - left]:
        left += 1
    right, most_right = 0, limits[1] - b
    while right < most_right and tokens[start + right] == tokens[end + right]:
        right += 1
    if not left and not right:
        return hunk
    by = choose(tokens, start, end, range(-left, right + 1))
    return Hunk(a + by, b + by, c + by, d + by) if by else hunk


def _common(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Find runs of equal tokens (start in old, start in new, length) that hold the longest common sequence of words.

    Space is left out of the search, so that no word is ever given up for the spaces around it.
    """
    old_words = [number for number, token in enumerate(old) if not token.isspace()]
    new_words = [number for number, token in enumerate(new) if not token.isspace()]
    if not old_words or not new_words or max(len(old_words), len(new_words)) > _LONGEST:
        return
    # By the hashes of the words, 64 bits that nobody can foresee: two words do not share one.
    same = LCSseq.opcodes([old[number] for number in old_words], [new[number] for number in new_words])
    for i, j, size in same.as_matching_blocks()[:-1]:
        a, b = old_words[i], old_words[i + size - 1] + 1
        c, d = new_words[j], new_words[j + size - 1] + 1
        if old[a:b] == new[c:d]:
            yield a, c, b - a
        else:  # the spaces between them differ
            yield from ((old_words[i + k], new_words[j + k], 1) for k in range(size))


def _between(
    old: Sequence[str], new: Sequence[str], kept: Iterable[tuple[int, int, int]], first: int = 0
) -> Iterator[Hunk]:
    """Give what lies between kept runs, numbered from ``first``."""
    a = c = 0
    for start, new_start, size in chain(kept, [(len(old), len(new), 0)]):
        b, d = start, new_start
        while a < b and c < d and old[a] == new[c]:
            a, c = a + 1, c + 1
        while a < b and c < d and old[b - 1] == new[d - 1]:
            b, d = b - 1, d - 1
        if a < b or c < d:
            yield Hunk(first + a, first + b, first + c, first + d)
        a, c = start + size, new_start + size


def offsets(tokens: Sequence[str]) -> list[int]:
    """Where each token starts, in code points, and where the last ends."""
    return list(accumulate(map(len, tokens), initial=0))
