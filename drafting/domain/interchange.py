"""diff-match-patch interchange: its difference tuples and its patch text, out and in.

A difference is a list of ``(0 | -1 | 1, text)``. Patch text is its unified form: a head ``@@ -start,length
+start,length @@`` and lines that begin with a space, ``-`` or ``+``, percent-encoded as in a URI. Offsets and lengths
count code points, as in that library's Python form; its JavaScript form counts UTF-16 units, so that offsets of patches
from there are a little off where a text has astral characters: such a hunk is found by its context, and said to be.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, unquote

import regex

from drafting.domain.text import Op, Span, Spans
from drafting.protocol.problems import ProblemCode, Refusal

_NUMBERS = {Op.DELETE: -1, Op.KEEP: 0, Op.INSERT: 1}
_OPS = {number: op for op, number in _NUMBERS.items()}
_SIGNS = {Op.DELETE: "-", Op.KEEP: " ", Op.INSERT: "+"}
_SIGNED = {sign: op for op, sign in _SIGNS.items()}
_AS_THEY_ARE = "!~*'();/?:@&=+$,# "
_HEAD = regex.compile(r"@@ -([0-9]{1,9}),?([0-9]{0,9}) \+([0-9]{1,9}),?([0-9]{0,9}) @@")
_CONTEXT, _LONGEST_CONTEXT = 8, 64
"""Code points of kept text on either side of a hunk: at least, and at most where less would stand in several places."""


class Hunk(NamedTuple):
    """One hunk of a patch: where it begins, in code points of the text that the hunks before it have made, and what it
    does there. Its kept text is the context without which it cannot be applied.
    """

    start: int
    spans: Spans

    @property
    def expected(self) -> str:
        """The text that must stand there."""
        return "".join(span.text for span in self.spans if span.op is not Op.INSERT)

    @property
    def wanted(self) -> str:
        """The text that is to stand there."""
        return "".join(span.text for span in self.spans if span.op is not Op.DELETE)


class Shift(NamedTuple):
    """Hunk ``number`` (from 0) was applied at ``found``, where alone its context stands, and not where it said."""

    number: int
    said: int
    found: int


class PatchConflict(NamedTuple):
    """Hunk ``number`` (from 0) was not applied: what it expects stands nowhere, or in several other places."""

    number: int
    expected: str
    wanted: str


@dataclass(frozen=True, slots=True)
class Patched:
    """A text with those hunks of a patch that could be applied exactly, and an account of all the others."""

    text: str
    applied: int
    shifted: tuple[Shift, ...]
    conflicts: tuple[PatchConflict, ...]


def to_tuples(spans: Spans) -> list[tuple[int, str]]:
    """Give a difference as diff-match-patch writes it."""
    return [(_NUMBERS[span.op], span.text) for span in spans]


def from_tuples(tuples: Iterable[Sequence[object]]) -> Spans:
    """Read a difference as diff-match-patch writes it (tuples, or lists as in JSON). Raises Refusal: MALFORMED."""
    found: list[tuple[Op, str]] = []
    for one in tuples:
        match list(one):
            case [int(number), str(text)] if number in _OPS and not isinstance(number, bool):
                found.append((_OPS[number], text))
            case _:
                raise Refusal(ProblemCode.MALFORMED, "A difference is a list of pairs of -1, 0 or 1 and a text.")
    return tuple(_settled(found))


def _settled(parts: Iterable[tuple[Op, str]]) -> Iterator[Span]:
    """Join neighbours, and put a deletion before the insertion that replaces it."""
    waiting: dict[Op, list[str]] = {Op.KEEP: [], Op.DELETE: [], Op.INSERT: []}

    def given(*ops: Op) -> Iterator[Span]:
        for op in ops:
            if text := "".join(waiting[op]):
                yield Span(op, text)
            waiting[op].clear()

    for op, text in parts:
        if text:
            yield from given(*((Op.DELETE, Op.INSERT) if op is Op.KEEP else (Op.KEEP,)))
            waiting[op].append(text)
    yield from given(Op.KEEP, Op.DELETE, Op.INSERT)


def to_patch(spans: Spans) -> str:
    """Give a difference as patch text; the same text twice gives none.

    Each hunk has as much context, up to 64 code points on either side, as it needs to stand in one place only.
    """
    return "".join(map(_printed, hunks(spans)))


def hunks(spans: Spans) -> tuple[Hunk, ...]:
    """Cut a difference into hunks, one for each change, with the context that the hunks before it have left."""
    text = "".join(span.text for span in spans if span.op is not Op.INSERT)
    found: list[Hunk] = []
    at = 0
    number = 0
    while number < len(spans):
        if spans[number].op is Op.KEEP:
            at += len(spans[number].text)
            number += 1
            continue
        change = [span for span in spans[number : number + 2] if span.op is not Op.KEEP]
        old, new = ("".join(s.text for s in change if s.op is op) for op in (Op.DELETE, Op.INSERT))
        reach = _needed(text, at, at + len(old))
        left, right = text[max(0, at - reach) : at], text[at + len(old) : at + len(old) + reach]
        around = ((Op.KEEP, left), *((s.op, s.text) for s in change), (Op.KEEP, right))
        found.append(Hunk(at - len(left), tuple(_settled(around))))
        text = text[:at] + new + text[at + len(old) :]
        at += len(new)
        number += len(change)
    return tuple(found)


def _needed(text: str, start: int, end: int) -> int:
    reach = _CONTEXT
    while reach < _LONGEST_CONTEXT and not _alone(text, text[max(0, start - reach) : end + reach]):
        reach *= 2
    return reach


def _alone(text: str, part: str) -> bool:
    return text.find(part, text.find(part) + 1) < 0


def _printed(hunk: Hunk) -> str:
    before, after = len(hunk.expected), len(hunk.wanted)
    lines = "".join(f"{_SIGNS[op]}{quote(text, safe=_AS_THEY_ARE)}\n" for op, text in hunk.spans)
    return f"@@ -{_range(hunk.start, before)} +{_range(hunk.start, after)} @@\n{lines}"


def _range(start: int, length: int) -> str:
    """Count from 1, save where there is nothing; leave out a length of 1."""
    if length == 0:
        return f"{start},0"
    return f"{start + 1}" if length == 1 else f"{start + 1},{length}"


def from_patch(patch: str) -> tuple[Hunk, ...]:
    """Read patch text. Raises Refusal: MALFORMED, with the line (from 1) that cannot be read."""
    found: list[tuple[int, list[tuple[Op, str]]]] = []
    for number, line in enumerate(patch.split("\n"), start=1):
        if head := _HEAD.fullmatch(line):
            found.append((int(head[3]) - (head[4] != "0"), []))
        elif line and found and line[0] in _SIGNED:
            found[-1][1].append((_SIGNED[line[0]], _decoded(line[1:], number)))
        elif line:
            raise _malformed(number)
    return tuple(Hunk(max(0, start), tuple(_settled(parts))) for start, parts in found)


def _decoded(text: str, line: int) -> str:
    try:
        decoded = unquote(text, errors="strict")
        decoded.encode()
    except UnicodeError:
        raise _malformed(line) from None
    return decoded


def _malformed(line: int) -> Refusal:
    return Refusal(ProblemCode.MALFORMED, f"Line {line} of the patch cannot be read.", line=line)


def patched(text: str, patch: Sequence[Hunk]) -> Patched:
    """Apply the hunks in their order, each only where its whole context stands letter by letter.

    A hunk applies where it says; failing that in the one place where its context stands, which is reported; failing
    that not at all, which is reported too. Nothing is ever matched by likeness.
    """
    shifts: list[Shift] = []
    conflicts: list[PatchConflict] = []
    drift = 0  # by how much what was not applied, or found elsewhere, displaces what follows
    for number, hunk in enumerate(patch):
        expected, wanted = hunk.expected, hunk.wanted
        said = hunk.start + drift
        at = said if text.startswith(expected, max(0, said)) and said >= 0 else _only_place(text, expected)
        if at is None:
            conflicts.append(PatchConflict(number, expected, wanted))
            drift -= len(wanted) - len(expected)
            continue
        if at != said:
            shifts.append(Shift(number, said, at))
            drift += at - said
        text = text[:at] + wanted + text[at + len(expected) :]
    return Patched(text, len(patch) - len(conflicts), tuple(shifts), tuple(conflicts))


def _only_place(text: str, part: str) -> int | None:
    if not part or (at := text.find(part)) < 0:
        return None
    return at if text.find(part, at + 1) < 0 else None
