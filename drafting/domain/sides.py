"""What one side made of a text: exactly, and fast enough for every pending wording on every new base.

The words are taken as they stand between spaces, which costs next to nothing; only the few that changed are looked
at more closely, so that ``measures,`` for ``measures`` is one comma.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Final

import regex
from rapidfuzz.distance import LCSseq, Postfix, Prefix

from drafting.domain.alignment import Hunk, align, offsets, settle
from drafting.domain.changes import Change, Changes
from drafting.domain.remembered import LONG, MEMORY
from drafting.domain.tokens import tokens_of

_LONGEST: Final = 20_000
"""Words of a text up to which it is compared so; two such texts take a bit per pair of words, 50 MB."""
_NEAR: Final = 3
"""So few words between two hunks may be there by accident: a clause put in may repeat the word that it follows."""
_SEAMS: Final = regex.compile(r"\p{GCB=Prepend}| [\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}\p{Zs}]")
"""Characters that make one grapheme, or one run, with the space beside them."""


def early(base: str, wording: str) -> Changes:
    """Give the changes that ``wording`` makes: the words between them are kept, and no word is split.

    An insertion or a deletion that may stand in several places stands as early as it can.
    """
    return _found(_early, base, wording)


def late(base: str, wording: str) -> Changes:
    """Give the changes that ``wording`` makes, as ``early``, but each standing as late as it can."""
    return _found(_late, base, wording)


def _found(changes: Callable[[str, str], Changes], base: str, wording: str) -> Changes:
    if base == wording:
        return ()
    if len(base) + len(wording) > LONG:
        work: Callable[[str, str], Changes] = changes.__wrapped__  # type: ignore[attr-defined]
        return MEMORY.answer(work, base, wording)
    return changes(base, wording)


@lru_cache(maxsize=1024)
def _early(base: str, wording: str) -> Changes:
    return _changes(base, wording, late=False)


@lru_cache(maxsize=1024)
def _late(base: str, wording: str) -> Changes:
    return _changes(base, wording, late=True)


def _changes(base: str, wording: str, *, late: bool) -> Changes:
    if not (_is_plain(base) and _is_plain(wording)):
        return tuple(_inside(base, wording, late=late))
    old, new = base.split(" "), wording.split(" ")
    if max(len(old), len(new)) > _LONGEST:
        return tuple(_inside(base, wording, late=late))
    places = [0, *accumulate(map(len, old))]
    found: list[Change] = []
    for hunk in _settled(old, new, late=late):
        a, b, c, d = hunk
        start, end = places[a] + a, places[b] + b - 1
        if a == b or c == d:
            found.append(_loose(start, end, new[c:d], leans_left=b == len(old) or (a > 0 and not late)))
            continue
        was, now = base[start:end], new[c] if d == c + 1 else " ".join(new[c:d])
        # The space beside the words is there for what may slide to it.
        if not late and a:
            start, was, now = start - 1, f" {was}", f" {now}"
        elif late and b < len(old):
            was, now = f"{was} ", f"{now} "
        found += [Change(start + at, start + to, text) for at, to, text in _inside(was, now, late=late)]
    return tuple(found)


def _inside(was: str, now: str, *, late: bool) -> Sequence[Change]:
    """Give the changes token by token."""
    old, new = tokens_of(was), tokens_of(now)
    head = Prefix.similarity(old, new)
    tail = Postfix.similarity(old[head:], new[head:])
    hunk = Hunk(head, len(old) - tail, head, len(new) - tail)
    if _is_loose(hunk):
        hunk = _slid(hunk, old, new, len(old) + 1 if late else -1, late=late)
    elif not set(old[head : hunk.b]).isdisjoint(token for token in new[head : hunk.d] if not token.isspace()):
        places, new_places = offsets(old), offsets(new)
        hunks = settle(align(old, new), old, new, _last if late else _first)
        return [Change(places[a], places[b], now[new_places[c] : new_places[d]]) for a, b, c, d in hunks]
    start = len("".join(old[: hunk.a]))
    return [Change(start, start + len("".join(old[hunk.a : hunk.b])), "".join(new[hunk.c : hunk.d]))]


def _first(_tokens: Sequence[str], _start: int, _end: int, by: range) -> int:
    return by[0]


def _last(_tokens: Sequence[str], _start: int, _end: int, by: range) -> int:
    return by[-1]


def _is_plain(text: str) -> bool:
    """Say whether single spaces part the words of a text, each of them a token of its own."""
    if not text or text[0] == " " or text[-1] == " " or "  " in text:
        return False
    return text.isascii() or not _SEAMS.search(text)


def _loose(start: int, end: int, words: Sequence[str], *, leans_left: bool) -> Change:
    """Give words that only came or only went, with the space before them or the one behind."""
    if leans_left:
        return Change(start - 1, end, "".join([f" {word}" for word in words]))
    return Change(start, end + 1, "".join([f"{word} " for word in words]))


def _settled(old: Sequence[str], new: Sequence[str], *, late: bool) -> Sequence[Hunk]:
    """Give the hunks between two lists of words, with a word kept between any two."""
    hunks: list[Hunk] = []
    for hunk in _between(old, new):
        last = hunks[-1] if hunks else None
        if last and hunk.a - last.b <= _NEAR and (_is_loose(last) or _is_loose(hunk)):
            hunks[-1] = Hunk(last.a, hunk.b, last.c, hunk.d)
        else:
            hunks.append(hunk)
    limits = [-1, *(hunk.b for hunk in hunks)], [*(hunk.a for hunk in hunks), len(old) + 1]
    for number, hunk in enumerate(hunks):
        if _is_loose(hunk):
            hunks[number] = _slid(hunk, old, new, limits[1][number + 1] if late else limits[0][number], late=late)
    return hunks


def _is_loose(hunk: Hunk) -> bool:
    return hunk.a == hunk.b or hunk.c == hunk.d


def _slid(hunk: Hunk, old: Sequence[str], new: Sequence[str], limit: int, *, late: bool) -> Hunk:
    """Move words that only came or went to one side, as far as the words they pass are the same and one stays."""
    words, start, end = (old, hunk.a, hunk.b) if hunk.c == hunk.d else (new, hunk.c, hunk.d)
    by = 0
    if late:
        while hunk.b + by + 1 < limit and words[start + by] == words[end + by]:
            by += 1
    else:
        while hunk.a + by - 1 > limit and words[start + by - 1] == words[end + by - 1]:
            by -= 1
    return Hunk(hunk.a + by, hunk.b + by, hunk.c + by, hunk.d + by)


def _between(old: Sequence[str], new: Sequence[str]) -> Iterator[Hunk]:
    """Give the hunks between the words of a longest common text."""
    a = c = 0
    for i, j, size in LCSseq.opcodes(old, new).as_matching_blocks():
        if a < i or c < j:
            yield Hunk(a, i, c, j)
        a, c = i + size, j + size
