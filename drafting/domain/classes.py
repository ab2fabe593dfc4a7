"""What sort of change it is: of substance, of brackets, or such as an editor makes."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum
from itertools import groupby
from typing import Final, NamedTuple

from drafting.domain.brackets import BracketFault, lint
from drafting.domain.diff import accept, reject
from drafting.domain.text import Line, MovedText, Op, SectionChange
from drafting.domain.tokens import tokenize
from drafting.domain.visible import looks_same


class HunkKind(StrEnum):
    """What a hunk does. One may do several things: lift a bracket and reword what stands outside of it."""

    SUBSTANCE = "substance"
    BRACKET_OPENED = "bracket_opened"
    BRACKET_LIFTED = "bracket_lifted"
    REWORDED_IN_BRACKETS = "reworded_in_brackets"
    EDITORIAL = "editorial"


class Hunk(NamedTuple):
    """``old`` (``[start:end]`` of the old text) became ``new`` (``[new_start:new_end]`` of the new), in code points.

    One of the two may be empty. ``invisible``: both look the same to a reader. ``moved``: what was deleted stands
    elsewhere in the new version, and what was inserted stood elsewhere in the old one.
    """

    kinds: frozenset[HunkKind]
    old: str
    new: str
    start: int
    end: int
    new_start: int
    new_end: int
    invisible: bool
    moved: bool


# An editor may set, change or drop these; any other sign (%, /, \u00a7, +) says something, as a word does.
_MARKS: Final = frozenset(
    ".,;:!?()\"'`\u00b4*_-\u00ab\u00bb\u00b7\u0640\u060c\u061b\u061f\u06d4\u2010\u2011\u2012\u2013\u2014\u2015"
    "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2026\u2032\u2033\u2039\u203a"
)
_ALIKE: Final = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2018": "'", "\u2019": "'", "\u02bc": "'"})
_NUMBER_SIGNS: Final = frozenset("-\u2212\u2013")


class _Word(NamedTuple):
    """A word, or a sign that says something; ``bracketed``: it stands between brackets."""

    start: int
    text: str
    bracketed: bool


def hunks(change: SectionChange) -> tuple[Hunk, ...]:
    """Give the changes of a section one by one, in order, each with its kinds (one at least).

    Words outside of brackets that change are substance, always. What changes nothing but space, punctuation, case or
    the style of quotes and dashes is editorial. A bracket that comes or goes together with the words in it is opened
    or lifted, and no more. Swapped versions swap opened and lifted, and change nothing else.
    """
    if all(span.op is Op.KEEP for span in change.spans):
        return ()
    before, after = _read(change.old), _read(change.new)
    found: list[Hunk] = []
    start = new_start = 0
    for kept, group in groupby(change.spans, key=lambda span: span.op is Op.KEEP):
        spans = tuple(group)
        old, new = reject(spans), accept(spans)
        end, new_end = start + len(old), new_start + len(new)
        if not kept:
            gone, come = _within(before, start, end), _within(after, new_start, new_end)
            moved = _stand_in(gone, change.departures, old=True) and _stand_in(come, change.arrivals, old=False)
            what = _kinds((old, new), gone, come)
            found.append(
                Hunk(what, old, new, start, end, new_start, new_end, looks_same(old, new), moved and bool(gone or come))
            )
        start, new_start = end, new_end
    return tuple(found)


def kinds(change: SectionChange) -> frozenset[HunkKind]:
    """Give the kinds of all hunks of a section."""
    return frozenset(kind for hunk in hunks(change) for kind in hunk.kinds)


def invisible(change: SectionChange) -> bool:
    """Say whether the section changed, but looks the same to a reader."""
    found = hunks(change)
    return bool(found) and all(hunk.invisible for hunk in found)


def of_kinds(changes: Iterable[SectionChange], wanted: Collection[HunkKind]) -> tuple[SectionChange, ...]:
    """Give the changes that have a hunk of one of the kinds."""
    return tuple(change for change in changes if not kinds(change).isdisjoint(wanted))


def in_section(changes: Iterable[SectionChange], section: str) -> tuple[SectionChange, ...]:
    """Give the change of a section and of those under it, in the order given: the following ones of a deeper level.

    A removed section stands under it if it stood under it. Nothing if no change is about the section.
    """
    found: list[SectionChange] = []
    for change in changes:
        if not found and change.section != section:
            continue
        if found and _level(change) <= _level(found[0]):
            break
        found.append(change)
    return tuple(found)


def _level(change: SectionChange) -> int:
    line = change.new or change.old
    return line.level if line else 0


def _read(line: Line | None) -> list[_Word]:
    """List the words of a text that say something, in order."""
    text = line.text if line else ""
    # A bracket that closes here and opened in an earlier section holds all that stands before it.
    depth = sum(fault.what is BracketFault.UNOPENED for fault in lint(text))
    words: list[_Word] = []
    at = 0
    tokens = tokenize(text)
    for number, word in enumerate(tokens):
        depth += (word == "[") - (word == "]")
        if _says(tokens, number):
            words.append(_Word(at, word.casefold().translate(_ALIKE), depth > 0))
        at += len(word)
    return words


def _says(tokens: Sequence[str], number: int) -> bool:
    word = tokens[number]
    if word in _NUMBER_SIGNS:  # minus five, but not pages 5-7, nor a dash
        counts = number + 1 < len(tokens) and tokens[number + 1][0].isnumeric()
        return counts and (number == 0 or not tokens[number - 1][-1].isalnum())
    return not (word.isspace() or word in "[]" or word[0] in _MARKS)


def _within(words: Sequence[_Word], start: int, end: int) -> list[_Word]:
    first = bisect_left(words, start, key=lambda word: word.start)
    return list(words[first : bisect_left(words, end, key=lambda word: word.start)])


def _kinds(texts: tuple[str, str], before: Sequence[_Word], after: Sequence[_Word]) -> frozenset[HunkKind]:
    brackets = ["".join(one for one in text if one in "[]") for text in texts]
    found: set[HunkKind] = set()
    if len(brackets[0]) != len(brackets[1]):
        found.add(HunkKind.BRACKET_LIFTED if len(brackets[0]) > len(brackets[1]) else HunkKind.BRACKET_OPENED)
    if [word.text for word in before] != [word.text for word in after]:
        if not all(word.bracketed for word in (*before, *after)):
            found.add(HunkKind.SUBSTANCE)
        elif not found or (before and after):
            found.add(HunkKind.REWORDED_IN_BRACKETS)
    elif not found and brackets[0] != brackets[1]:
        found.add(HunkKind.REWORDED_IN_BRACKETS)
    return frozenset(found or {HunkKind.EDITORIAL})


def _stand_in(words: Iterable[_Word], passages: Sequence[MovedText], *, old: bool) -> bool:
    reaches = [(one.origin_start, one.origin_end) if old else (one.start, one.end) for one in passages]
    return all(any(start <= word.start < end for start, end in reaches) for word in words)
