r"""Light emphasis, ``*recalling*`` and ``**decides**``: which characters are marks, and how the others are printed.

The delimiter rules are CommonMark's for ``*`` (flanking, the rule of three); an underscore is a blank to fill in and
stays. A mark without its partner is printed as it stands, and ``\*`` prints an asterisk.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, groupby, islice, repeat
from operator import itemgetter
from typing import NamedTuple

from drafting.domain.diff import diff
from drafting.domain.text import Op, Spans

PLAIN = 0
ITALIC = 1
BOLD = 2


class Piece(NamedTuple):
    """A run of printed characters: what became of it, how it looks now, and how it looked in the old wording."""

    op: Op
    text: str
    look: int = PLAIN
    look_before: int = PLAIN


@dataclass(slots=True)
class _Delimiters:
    """A run of asterisks not yet used up: they stand at ``start`` to ``start + left``."""

    start: int
    left: int
    length: int
    opens: bool
    closes: bool

    def matches(self, closer: "_Delimiters") -> bool:
        if not self.opens:
            return False
        of_both_kinds = self.closes or closer.opens
        return not of_both_kinds or (self.length + closer.length) % 3 != 0 or self.length % 3 == closer.length % 3 == 0


def _delimiters(text: str, escapes: set[int]) -> Iterator[_Delimiters]:
    at = 0
    while (at := text.find("*", at)) >= 0:
        if at - 1 in escapes:
            at += 1
            continue
        end = at
        while end < len(text) and text[end] == "*":
            end += 1
        before, after = text[at - 1] if at else " ", text[end] if end < len(text) else " "
        left_flanking = not after.isspace() and (not _punctuation(after) or before.isspace() or _punctuation(before))
        right_flanking = not before.isspace() and (not _punctuation(before) or after.isspace() or _punctuation(after))
        yield _Delimiters(at, end - at, end - at, left_flanking, right_flanking)
        at = end


def _punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _pairs(runs: list[_Delimiters]) -> Iterator[tuple[int, int, int]]:
    """Find the opening and closing mark of every emphasis, as offsets, with its strength (1 italic, 2 bold)."""
    open_runs: list[_Delimiters] = []
    # Below this start no opener matches a closer of this sort: it keeps hostile texts from costing a square.
    exhausted: dict[tuple[bool, int], int] = {}
    for closer in runs:
        sort = (closer.opens, closer.length % 3)
        while closer.closes and closer.left:
            floor = bisect_left(open_runs, exhausted.get(sort, 0), key=lambda run: run.start)
            found = next((at for at in range(len(open_runs) - 1, floor - 1, -1) if open_runs[at].matches(closer)), None)
            if found is None:
                exhausted[sort] = closer.start
                break
            opener = open_runs[found]
            del open_runs[found + 1 :]
            strength = 2 if min(opener.left, closer.left) >= 2 else 1  # noqa: PLR2004 - two asterisks are bold
            opener.left -= strength
            yield opener.start + opener.left, closer.start, strength
            closer.start += strength
            closer.left -= strength
            if not opener.left:
                open_runs.pop()
        if closer.left and closer.opens:
            open_runs.append(closer)


def printed(text: str) -> Iterator[tuple[str, int]]:
    """Give the printed runs of one text, each with its look; marks are left out."""
    if "*" in text:
        for look, run in groupby(_between_marks(text), key=itemgetter(1)):
            yield "".join(words for words, _ in run), look
    elif text:
        yield text, PLAIN


def _between_marks(text: str) -> Iterator[tuple[str, int]]:
    """Give what stands between any two marks, with its look."""
    escapes = {at for at in range(len(text) - 1) if text.startswith("\\*", at)} if "\\" in text else set()
    # A mark: where it stands, how long it is, and what it opens (above 0) or closes (below).
    marks = [(at, 1, 0) for at in escapes]
    for opening, closing, strength in _pairs(list(_delimiters(text, escapes))):
        marks += (opening, strength, strength), (closing, strength, -strength)
    depth = {ITALIC: 0, BOLD: 0}
    at = 0
    for start, length, turn in sorted(marks):
        if start > at:
            yield text[at:start], _look(depth)
        if turn:
            depth[abs(turn)] += 1 if turn > 0 else -1
        at = start + length
    if at < len(text):
        yield text[at:], _look(depth)


def _look(depth: dict[int, int]) -> int:
    return (ITALIC if depth[ITALIC] else PLAIN) | (BOLD if depth[BOLD] else PLAIN)


def printed_change(old: str, new: str, spans: Spans) -> Iterator[Piece]:
    """Give the printed runs of a change from ``old`` to ``new``, whose difference is ``spans``.

    Each wording is read for emphasis on its own, so an edit may fall inside an emphasis or across its border. Where
    there is emphasis, the difference is taken of what is printed: a mark that comes or goes makes no word look new,
    and a kept word whose look differs stays kept and knows both looks.
    """
    if "*" not in old and "*" not in new:
        yield from (Piece(span.op, span.text) for span in spans)
    elif old == new:
        yield from (Piece(Op.KEEP, text, look, look) for text, look in printed(new))
    else:
        yield from _printed_difference(list(printed(old)), list(printed(new)))


def _printed_difference(old: list[tuple[str, int]], new: list[tuple[str, int]]) -> Iterator[Piece]:
    before, after = _look_by_character(old), _look_by_character(new)
    for op, text in diff("".join(words for words, _ in old), "".join(words for words, _ in new)):
        was = list(islice(before, 0 if op is Op.INSERT else len(text)))
        now = list(islice(after, 0 if op is Op.DELETE else len(text)))
        at = 0
        for (look, look_before), run in groupby(zip(now or was, was or now, strict=True)):
            length = sum(1 for _ in run)
            yield Piece(op, text[at : at + length], look, look_before)
            at += length


def _look_by_character(runs: list[tuple[str, int]]) -> Iterator[int]:
    return chain.from_iterable(repeat(look, len(words)) for words, look in runs)
