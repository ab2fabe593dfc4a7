"""The difference of two texts, word by word, as a person would mark it."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from drafting.domain.alignment import Chooser, Hunk, align, offsets, settle
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
    accident between two large edits are not kept, nor is a lone space between two edits; an insertion or deletion
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
    hunks = settle(align(before, after), before, after, choose)
    if absorb:
        hunks = _absorbed(hunks, before, after)
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
    words = [token for token in kept[:_MOST_TOKENS] if not token.isspace()]
    if len(kept) > _MOST_TOKENS or not all(map(_is_weak, words)):
        return False
    # Two deletions, or two insertions, read well with anything between them.
    both_ways = (left.a < left.b or right.a < right.b) and (left.c < left.d or right.c < right.d)
    return both_ways and min(_size(left, old, new), _size(right, old, new)) >= 2 * len(words)


_MOST_TOKENS: Final = 7
"""The longest stretch that can be shared by accident: three words and the spaces around them."""


def _is_weak(word: str) -> bool:
    return word.casefold() in _WEAK or not any(map(str.isalnum, word))


def _size(hunk: Hunk, old: Sequence[str], new: Sequence[str]) -> int:
    """Count the words of the longer side of a hunk."""
    return max(
        sum(not token.isspace() for token in old[hunk.a : hunk.b]),
        sum(not token.isspace() for token in new[hunk.c : hunk.d]),
    )
