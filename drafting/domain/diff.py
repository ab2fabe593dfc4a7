"""The difference of two texts, word by word, as a person would mark it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from rapidfuzz.distance import Postfix, Prefix

from drafting.domain.alignment import Chooser, Hunk, align, heaviest, settle
from drafting.domain.changes import Change, Changes
from drafting.domain.remembered import LONG, MEMORY
from drafting.domain.text import Op, Span, Spans
from drafting.domain.tokens import is_seam, tokens_of

_KEEP, _DELETE, _INSERT = Op

# English, French, Spanish, Russian, Arabic: words so common that two texts share them by accident.
_WEAK_WORDS: Final = """
a an and as at be been by for from in into is it its of on or that the their this to was were which with
au aux ce ces dans de des du en et il la le les ne ou par pas pour que qui se sur un une
al con del el las los para por su una y
а в во для и из или к как на не о об от по с со у что
أو إلى التي الذي أن على عن في لا ما من و
"""  # noqa: RUF001 - Russian is meant
_WEAK: Final = frozenset(_WEAK_WORDS.split())
# Not Spanish "y" and "o": as letters of a list they carry on nothing.
_CONJUNCTIONS: Final = frozenset("and or nor et ou ni и или أو و".split())  # noqa: SIM905 - read as a line
_STOPS: Final = frozenset(".;:?!\u061b\u061f\u06d4\u2026")
_COMMAS: Final = frozenset(",\u060c\u3001")
_STANDING: Final = _STOPS | {"[", "]"}
"""Signs that hold the changes on their two sides apart, as long as they stand."""


def diff(old: str, new: str, *, exact: bool = False) -> Spans:
    """Say what became of ``old``: lossless, in whole words, readable.

    Kept and deleted spans joined are ``old``, kept and inserted ones ``new``. A few words that both share by
    accident between two large edits are not kept, nor is a lone space between two edits; where either of two words
    could be kept, the one that says more is; an insertion or deletion
    that could stand in several places stands at the boundary of a sentence, a bracket, a clause or a word, in this
    order of preference. An ``exact`` difference keeps every word that both share, also those shared by accident.
    """
    if old == new:
        return (Span(_KEEP, old),) if old else ()
    if len(old) + len(new) > LONG:
        return _spans.__wrapped__(old, new, exact)
    return _spans(old, new, exact)


@lru_cache(maxsize=4096)
def _spans(old: str, new: str, exact: bool) -> Spans:
    spans: list[Span] = []
    at = 0
    for start, end, text in _bounded(_exact, old, new) if exact else changes(old, new):
        if at < start:
            spans.append(Span(_KEEP, old[at:start]))
        if start < end:
            spans.append(Span(_DELETE, old[start:end]))
        if text:
            spans.append(Span(_INSERT, text))
        at = end
    if at < len(old):
        spans.append(Span(_KEEP, old[at:]))
    return tuple(spans)


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


def aligned(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """Give the hunks of ``align``, each insertion and deletion where it stands most naturally, as in ``diff``."""
    return settle(align(old, new), old, new, _best)


def _bounded(compare: Callable[[str, str], Changes], old: str, new: str) -> Changes:
    if old == new:
        return ()
    if len(old) + len(new) > LONG:
        work: Callable[[str, str], Changes] = compare.__wrapped__  # type: ignore[attr-defined]
        return MEMORY.answer(work, old, new)
    return compare(old, new)


@lru_cache(maxsize=4096)
def _readable(old: str, new: str) -> Changes:
    return _changes(old, new, _best, readable=True)


@lru_cache(maxsize=4096)
def _exact(old: str, new: str) -> Changes:
    return _changes(old, new, _best)


@lru_cache(maxsize=1024)
def _early(old: str, new: str) -> Changes:
    return _changes(old, new, lambda _tokens, _start, _end, by: by[0])


@lru_cache(maxsize=1024)
def _late(old: str, new: str) -> Changes:
    return _changes(old, new, lambda _tokens, _start, _end, by: by[-1])


class _Part(NamedTuple):
    """Where two texts differ: in ``old[start:end]`` and ``new[start:new_end]``, and some words around."""

    start: int
    end: int
    new_end: int


def _changes(old: str, new: str, choose: Chooser, *, readable: bool = False) -> Changes:
    whole = _Part(0, len(old), len(new))
    part = _differing(old, new)
    found = None if part == whole else _found(old, new, part, choose, readable=readable)
    return _found(old, new, whole, choose, readable=readable) or () if found is None else found


def _differing(old: str, new: str) -> _Part:
    """Find the part of two texts worth cutting into tokens: most changes are short, most of a text stays."""
    head = Prefix.similarity(old, new)
    tail = Postfix.similarity(old[head:], new[head:])
    start = old.rfind(" ", 0, max(0, head - _AROUND)) + 1
    end = old.find(" ", len(old) - tail + _AROUND) + 1
    if not is_seam(old, start):
        start = 0
    if not is_seam(old, end):
        end = len(old)
    return _Part(start, end, end + len(new) - len(old))


def _found(old: str, new: str, part: _Part, choose: Chooser, *, readable: bool) -> Changes | None:
    """Give the changes in a part of two texts; none if one could slide out of it."""
    start, end, new_end = part
    before, after = tokens_of(old[start:end]), tokens_of(new[start:new_end])
    hunks = align(before, after)
    # Only changes that are near each other can be drawn or joined otherwise.
    absorb = readable and len(hunks) > 1 and any(right.a - left.b <= _MOST_TOKENS for left, right in pairwise(hunks))
    if absorb:
        hunks = _telling(hunks, before, after)
    if (start and _slides_to(hunks[0], before, after, first=True)) or (
        end < len(old) and _slides_to(hunks[-1], before, after, first=False)
    ):
        return None
    hunks = settle(hunks, before, after, choose)
    if absorb:
        hunks = _as_marked(hunks, before, after)
    if readable:
        hunks = _with_years(hunks, before, after)
    return _placed(hunks, before, after, start)


def _placed(hunks: Sequence[Hunk], old: Sequence[str], new: Sequence[str], start: int) -> Changes:
    """Give the hunks as changes of a text in which the first token stands at ``start``."""
    placed: list[Change] = []
    at, position = 0, start
    for a, b, c, d in hunks:
        position += sum(map(len, old[at:a]))
        end = position + sum(map(len, old[a:b]))
        placed.append(Change(position, end, "".join(new[c:d])))
        at, position = b, end
    return tuple(placed)


def _slides_to(hunk: Hunk, old: Sequence[str], new: Sequence[str], *, first: bool) -> bool:
    """Whether an insertion or deletion can slide to the two tokens at one end, so that what stands beyond matters."""
    if hunk.a < hunk.b and hunk.c < hunk.d:
        return False
    tokens, start, end = (old, hunk.a, hunk.b) if hunk.a < hunk.b else (new, hunk.c, hunk.d)
    if first:
        return start <= _EDGE or tokens[_EDGE:start] == tokens[_EDGE + end - start : end]
    by = len(tokens) - _EDGE - end
    return by <= 0 or tokens[end : end + by] == tokens[start : start + by]


def _best(tokens: Sequence[str], start: int, end: int, by: range) -> int:
    """Find the offset at which an edit begins and ends most naturally; of equal ones the last."""
    return max(by, key=lambda k: (_cut(tokens, start + k) + _cut(tokens, end + k) + _carries_on(tokens, start + k), k))


def _carries_on(tokens: Sequence[str], at: int) -> int:
    """Judge how natural it is that an edit begins with the space before "and": it carries on what stands there."""
    is_space = at + 1 < len(tokens) and tokens[at].isspace()
    return 3 if is_space and tokens[at + 1].casefold() in _CONJUNCTIONS else 0


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


def _as_marked(hunks: list[Hunk], old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """Give the hunks, those joined that a person would mark as one."""

    def by_small_words(left: Hunk, right: Hunk) -> bool:
        kept = old[left.b : right.a]
        return len(kept) <= _MOST_TOKENS and all(map(_is_weak, filter(_is_word, kept)))

    def by_few_words(left: Hunk, right: Hunk) -> bool:
        kept = old[left.b : right.a]
        return len(kept) <= _MOST_TOKENS and _STANDING.isdisjoint(kept)

    for parted in (by_small_words, by_few_words):
        if len(hunks) >= _ROW:
            hunks = [*_whole(_clusters(hunks, parted), old, new)]
    return _absorbed(hunks, old, new)


def _whole(rows: Iterable[Sequence[Hunk]], old: Sequence[str], new: Sequence[str]) -> Iterator[Hunk]:
    """Give the hunks of rows, those of a rewritten row as one.

    Single words replaced one by one stay apart, and so does what has more words kept in it than changed.
    """
    for row in rows:
        if len(row) >= _ROW and _is_rewritten(row, old, new):
            yield Hunk(row[0].a, row[-1].b, row[0].c, row[-1].d)
        else:
            yield from row


def _is_rewritten(row: Sequence[Hunk], old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether what was struck, and what was brought in, each says more than what is kept in between."""
    kept = [*filter(_is_word, _kept(row, old))]
    struck = sum(_weight(word) for hunk in row for word in old[hunk.a : hunk.b])
    brought_in = sum(_weight(word) for hunk in row for word in new[hunk.c : hunk.d])
    changed = sum(_size(hunk, old, new) for hunk in row)
    return min(struck, brought_in) > sum(map(_weight, kept)) and changed > len(kept) and 2 * changed >= 3 * len(row)


def _with_years(hunks: list[Hunk], old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """Give the hunks, one that replaces day and month with the year behind it: a date is read as a whole."""
    for number, (a, b, c, d) in enumerate(hunks):
        if b - a == d - c == _DAY_AND_MONTH and _is_day(old[a:b]) and _is_day(new[c:d]):
            year = _year(old, b)
            if b + year <= (hunks[number + 1].a if number + 1 < len(hunks) else len(old)):
                hunks[number] = Hunk(a, b + year, c, d + year)
    return hunks


def _is_day(tokens: Sequence[str]) -> bool:
    """Whether these are a day and a month, in either order."""
    day, month = sorted((tokens[0], tokens[2]), key=lambda word: word[0].isalpha())
    return day[0].isdecimal() and len(day) <= _DAY and tokens[1].isspace() and month[0].isalpha()


def _year(tokens: Sequence[str], at: int) -> int:
    """Count the tokens of the year that stands at ``tokens[at]``, behind a space or a comma and a space."""
    year = 3 if tokens[at : at + 1] == [","] else 2
    found = tokens[at : at + year]
    return year if len(found) == year and found[-2] == " " and found[-1].isdecimal() and len(found[-1]) == _YEAR else 0


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
        while absorbed and _accidental(absorbed[-1], joined, old, new):
            last = absorbed.pop()
            joined = Hunk(last.a, joined.b, last.c, joined.d)
        absorbed.append(joined)
    return absorbed


def _accidental(left: Hunk, right: Hunk, old: Sequence[str], new: Sequence[str]) -> bool:
    if right.a - left.b > _MOST_TOKENS:
        return False
    # Two deletions, or two insertions, read well with anything between them.
    if not ((left.a < left.b or right.a < right.b) and (left.c < left.d or right.c < right.d)):
        return False
    words = [*filter(_is_word, old[left.b : right.a])]
    if not all(map(_is_weak, words)):
        return False
    return min(_size(left, old, new), _size(right, old, new)) >= 2 * len(words)


_ROW: Final = 3
"""How many small changes in a row may be a phrase rewritten."""


_DAY, _YEAR, _DAY_AND_MONTH = 4, 4, 3
"""The longest day ("31st") and the length of a year, in characters; two words and a space, in tokens."""


_MOST_TOKENS: Final = 7
"""The longest stretch that can be shared by accident: three words and the spaces around them."""


_AROUND: Final = 20
"""How many characters beyond the first and the last difference are read at least."""


_EDGE: Final = 2
"""How many tokens on either side say how natural a cut is."""


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
