"""The difference of two texts, word by word, as a person would mark it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from drafting.domain.alignment import Chooser, Hunk, align, heaviest, offsets, settle
from drafting.domain.changes import Change, Changes
from drafting.domain.text import Op, Span, Spans
from drafting.domain.tokens import tokenize

_CACHED_LENGTH: Final = 20_000
"""Pairs of texts longer than this together are compared each time, so that the cache is bounded in memory."""

# English, French, Spanish, Russian, Arabic: words so common that two texts share them by accident.
_WEAK_WORDS: Final = """
a an and as at be been by for from in into is it its of on or that the their this to was were which with
au aux ce ces dans de des du en et il la le les ne ou par pas pour que qui se sur un une
al con del el las los para por su una y
а в во для и из или к как на не о об от по с со у что
أو إلى التي الذي أن على عن في لا ما من و
"""  # noqa: RUF001 - Russian is meant
_WEAK: Final = frozenset(_WEAK_WORDS.split())
_STOPS: Final = frozenset(".;:?!\u061b\u061f\u06d4\u2026")
_COMMAS: Final = frozenset(",\u060c\u3001")


def diff(old: str, new: str, *, exact: bool = False) -> Spans:
    """Say what became of ``old``: lossless, in whole words, readable.

    Kept and deleted spans joined are ``old``, kept and inserted ones ``new``. A few words that both share by
    accident between two large edits are not kept, nor is a lone space between two edits; where either of two words
    could be kept, the one that says more is; an insertion or deletion
    that could stand in several places stands at the boundary of a sentence, a bracket, a clause or a word, in this
    order of preference. An ``exact`` difference keeps every word that both share, also those shared by accident.
    """
    spans: list[Span] = []
    at = 0
    for start, end, text in _bounded(_exact, old, new) if exact else changes(old, new):
        spans += (
            Span(Op.KEEP, old[at:start]),
            Span(Op.DELETE, old[start:end]),
            Span(Op.INSERT, text),
        )
        at = end
    spans.append(Span(Op.KEEP, old[at:]))
    return tuple(span for span in spans if span.text)


def accept(spans: Spans) -> str:
    """Read the new text out of a difference."""
    return "".join(span.text for span in spans if span.op is not Op.DELETE)


def reject(spans: Spans) -> str:
    """Read the old text out of a difference."""
    return "".join(span.text for span in spans if span.op is not Op.INSERT)


def changes(old: str, new: str) -> Changes:
    """Give the changes of ``diff(old, new)``, by their places in ``old``."""
    return _bounded(_readable, old, new)


def leftmost(old: str, new: str) -> Changes:
    """Give the exact changes: every word kept that can be. An edit that may slide stands as early as it can."""
    return _bounded(_early, old, new)


def rightmost(old: str, new: str) -> Changes:
    """Give the exact changes, as ``leftmost``, but each standing as late as it can."""
    return _bounded(_late, old, new)


def _bounded(compare: Callable[[str, str], Changes], old: str, new: str) -> Changes:
    if old == new:
        return ()
    if len(old) + len(new) > _CACHED_LENGTH:
        return compare.__wrapped__(old, new)  # type: ignore[attr-defined, no-any-return]
    return compare(old, new)


@lru_cache(maxsize=4096)
def _readable(old: str, new: str) -> Changes:
    return _changes(old, new, _best, absorb=True)


@lru_cache(maxsize=1024)
def _exact(old: str, new: str) -> Changes:
    return _changes(old, new, _best)


@lru_cache(maxsize=1024)
def _early(old: str, new: str) -> Changes:
    return _changes(old, new, lambda _tokens, _start, _end, by: by[0])


@lru_cache(maxsize=1024)
def _late(old: str, new: str) -> Changes:
    return _changes(old, new, lambda _tokens, _start, _end, by: by[-1])


def _changes(old: str, new: str, choose: Chooser, *, absorb: bool = False) -> Changes:
    before, after = tokenize(old), tokenize(new)
    hunks = align(before, after)
    if absorb:
        hunks = _telling(hunks, before, after)
    hunks = settle(hunks, before, after, choose)
    if absorb:
        hunks = _absorbed(_whole(hunks, before, after), before, after)
    places, new_places = offsets(before), offsets(after)
    return tuple(Change(places[a], places[b], new[new_places[c] : new_places[d]]) for a, b, c, d in hunks)


def _best(tokens: Sequence[str], start: int, end: int, by: range) -> int:
    """Find the offset at which an edit begins and ends most naturally; of equal ones the last."""
    return max(by, key=lambda k: (_cut(tokens, start + k) + _cut(tokens, end + k), k))


def _cut(tokens: Sequence[str], at: int) -> int:
    """Judge how natural it is to cut before ``tokens[at]``: 0 (no) to 6 (the text's own edge)."""
    if at in {0, len(tokens)}:
        return 6
    left, right = tokens[at - 1], tokens[at]
    if left.isspace():
        before = tokens[at - 2] if at > 1 else left
        return 5 if before in _STOPS else 4 if right == "[" or before == "]" else 3 if before in _COMMAS else 2
    if left == "]" or right == "[":
        return 4
    if left == "[" or right == "]":
        return 0
    return 1 if right.isspace() or right in _COMMAS or right in _STOPS else 0


def _telling(hunks: Sequence[Hunk], old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """Give the hunks, those near each other drawn anew where other words could be kept that say more.

    The longest common text counts every word alike: it keeps "and" where it could keep "girls".
    """
    telling: list[Hunk] = []
    for near in _clusters(hunks, lambda left, right: right.a - left.b <= _MOST_TOKENS):
        telling += _drawn_anew(near, old, new) or near
    return telling


def _drawn_anew(near: Sequence[Hunk], old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """Give hunks that keep words which say more between the same ends; none if there are no such."""
    a, b, c, d = near[0].a, near[-1].b, near[0].c, near[-1].d
    struck = {word for hunk in near for word in old[hunk.a : hunk.b]}
    could_keep = any(word in struck and not _is_weak(word) for hunk in near for word in new[hunk.c : hunk.d])
    if len(near) == 1 or not could_keep or max(b - a, d - c) > _CLUSTER:
        return []
    weight, drawn = heaviest(old[a:b], new[c:d], _weight)
    if weight <= sum(map(_weight, _kept(near, old))):
        return []
    return [Hunk(hunk.a + a, hunk.b + a, hunk.c + c, hunk.d + c) for hunk in drawn]


def _whole(hunks: Sequence[Hunk], old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """Give the hunks, three or more in a row joined that are parted by nothing but a few words shared by accident.

    Single words replaced one by one stay apart, and so does what has more words kept in it than changed.
    """
    whole: list[Hunk] = []

    def parted_by_accident(left: Hunk, right: Hunk) -> bool:
        return right.a - left.b <= _MOST_TOKENS and all(map(_is_weak, filter(_is_word, old[left.b : right.a])))

    for row in _clusters(hunks, parted_by_accident):
        first, last = row[0], row[-1]
        replaces = all(hunk.a < hunk.b and hunk.c < hunk.d for hunk in row)
        changed, kept = sum(_size(hunk, old, new) for hunk in row), sum(map(_is_word, _kept(row, old)))
        if len(row) > 2 and replaces and changed > kept and 2 * changed >= 3 * len(row):  # noqa: PLR2004 - no row
            whole.append(Hunk(first.a, last.b, first.c, last.d))
        else:
            whole += row
    return whole


def _clusters(hunks: Iterable[Hunk], together: Callable[[Hunk, Hunk], bool]) -> Iterator[list[Hunk]]:
    cluster: list[Hunk] = []
    for hunk in hunks:
        if cluster and not together(cluster[-1], hunk):
            yield cluster
            cluster = []
        cluster.append(hunk)
    if cluster:
        yield cluster


def _kept(hunks: Sequence[Hunk], old: Sequence[str]) -> Iterator[str]:
    """Give the tokens between hunks."""
    for left, right in pairwise(hunks):
        yield from old[left.b : right.a]


def _weight(word: str) -> int:
    """Judge how much a kept word tells a reader: marks little, small words a little more."""
    if not _is_word(word):
        return 0
    return 1 if not any(map(str.isalnum, word)) else 2 if _is_weak(word) else 4


def _absorbed(hunks: Sequence[Hunk], old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """Give the hunks, those joined that are parted only by words which both texts share by accident."""
    absorbed: list[Hunk] = []
    for hunk in hunks:
        joined = hunk
        while absorbed and _accidental(old[absorbed[-1].b : joined.a], absorbed[-1], joined, old, new):
            last = absorbed.pop()
            joined = Hunk(last.a, joined.b, last.c, joined.d)
        absorbed.append(joined)
    return absorbed


def _accidental(kept: Sequence[str], left: Hunk, right: Hunk, old: Sequence[str], new: Sequence[str]) -> bool:
    words = [*filter(_is_word, kept[:_MOST_TOKENS])]
    if len(kept) > _MOST_TOKENS or not all(map(_is_weak, words)):
        return False
    # Two deletions, or two insertions, read well with anything between them.
    both_ways = (left.a < left.b or right.a < right.b) and (left.c < left.d or right.c < right.d)
    return both_ways and min(_size(left, old, new), _size(right, old, new)) >= 2 * len(words)


_MOST_TOKENS: Final = 7
"""The longest stretch that can be shared by accident: three words and the spaces around them."""


_CLUSTER: Final = 120
"""How many tokens may be drawn anew together."""


def _is_word(token: str) -> bool:
    return not token.isspace()


def _is_weak(word: str) -> bool:
    return word.casefold() in _WEAK or not any(map(str.isalnum, word))


def _size(hunk: Hunk, old: Sequence[str], new: Sequence[str]) -> int:
    """Count the words of the longer side of a hunk."""
    return max(
        sum(map(_is_word, old[hunk.a : hunk.b])),
        sum(map(_is_word, new[hunk.c : hunk.d])),
    )
