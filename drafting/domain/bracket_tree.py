"""Brackets as a tree, over one text or a whole one: found, lifted, resolved. The literal text is the truth."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import regex

from drafting.domain.brackets import BracketFault
from drafting.domain.text import Manifest

_NO_TEXT = frozenset({"no text", "pas de texte", "sin texto", "нет текста", "без текста", "بدون نص", "لا نص"})
# "Alt 2:" or "Option 1." at the head of an alternative names it, and is no part of its words.
_ALTERNATIVE = r"(?:alt|alternative|option|variante|opción|вариант|البديل|بديل)\b\.?"
_NAMED = regex.compile(
    rf"{_ALTERNATIVE}(?:\s*\p{{N}}+\b\s*[:.)–—-]?|\s*(?:\p{{L}}\b)?\s*[:–—-])\s*",  # noqa: RUF001 - dashes are meant
    regex.IGNORECASE,
)
_BETWEEN = regex.compile(r"[\s/]*(?:\b(?:or|ou|o|или|أو)\b)?[\s/]*", regex.IGNORECASE)
_WORD = regex.compile(r"[\p{L}\p{M}'\u2019-]+")
_AND_OR = frozenset({"and", "et", "y", "и", "و"})


@dataclass(frozen=True, slots=True)
class Bracket:
    """``text[start:end]`` in code points, both marks included. ``depth`` counts from 1 for the outermost.

    A mark without a partner has a ``fault``; it encloses nothing, and is one code point long.
    """

    start: int
    end: int
    depth: int
    # Left out of comparisons, which would walk down a tree of any depth: the text and the place say it all.
    children: tuple["Bracket", ...] = field(default=(), compare=False, repr=False)
    fault: BracketFault | None = None


class Place(NamedTuple):
    """A code point of a section's text."""

    section: str
    position: int


class Pair(NamedTuple):
    """A bracket of a whole text; the marks may stand in different sections. One of them may be missing."""

    opened: Place | None
    closed: Place | None


class Choice(NamedTuple):
    """A stretch ``[start:end]`` of a text, in code points, that stands for one of several ``options``.

    An empty option says that no text is to stand there.
    """

    start: int
    end: int
    options: tuple[str, ...]


def tree(text: str) -> tuple[Bracket, ...]:
    """Give the outermost brackets of a text, in order, each with those inside it.

    A closing mark closes the nearest open one. However deep the nesting, nothing here recurs.
    """
    partners = _partners(text)
    found: list[Bracket] = []
    above: list[tuple[int, list[Bracket]]] = []
    here = found
    for position in (at for at, character in enumerate(text) if character in "[]"):
        partner = partners.get(position)
        if partner is None:
            fault = BracketFault.UNCLOSED if text[position] == "[" else BracketFault.UNOPENED
            here.append(Bracket(position, position + 1, len(above) + 1, fault=fault))
        elif partner > position:
            above.append((position, here))
            here = []
        else:
            start, outer = above.pop()
            outer.append(Bracket(start, position + 1, len(above) + 1, tuple(here)))
            here = outer
    return tuple(found)


def walk(brackets: Iterable[Bracket]) -> Iterator[Bracket]:
    """Give the brackets with all that stand inside them, in reading order."""
    waiting = [iter(brackets)]
    while waiting:
        bracket = next(waiting[-1], None)
        if bracket is None:
            waiting.pop()
        else:
            yield bracket
            waiting.append(iter(bracket.children))


def _partners(text: str) -> dict[int, int]:
    found: dict[int, int] = {}
    opened: list[int] = []
    for position, character in enumerate(text):
        if character == "[":
            opened.append(position)
        elif character == "]" and opened:
            start = opened.pop()
            found[start], found[position] = position, start
    return found


def pairs(text: Manifest) -> tuple[Pair, ...]:
    """Give all brackets of a whole text in the order of their first mark; one may open in a section and close later."""
    found: list[tuple[int, Pair]] = []
    opened: list[tuple[int, Place]] = []
    marks = 0
    for line in text:
        for position, character in enumerate(line.text):
            if character not in "[]":
                continue
            marks += 1
            if character == "[":
                opened.append((marks, Place(line.section, position)))
            else:
                first, start = opened.pop() if opened else (marks, None)
                found.append((first, Pair(start, Place(line.section, position))))
    found += ((first, Pair(place, None)) for first, place in opened)
    return tuple(pair for _, pair in sorted(found, key=lambda numbered: numbered[0]))


def across(text: Manifest) -> tuple[Pair, ...]:
    """Give the brackets that open in one section and close in a later one."""
    return tuple(p for p in pairs(text) if p.opened and p.closed and p.opened.section != p.closed.section)


def counts(text: Manifest) -> dict[str, int]:
    """Count, for each section, the brackets that open in it and are closed, there or later."""
    found = dict.fromkeys((line.section for line in text), 0)
    for pair in pairs(text):
        if pair.opened and pair.closed:
            found[pair.opened.section] += 1
    return found


def not_agreed(text: Manifest) -> frozenset[str]:
    """Name the sections with a bracket in them, or that stand inside one which opens before and closes after them."""
    numbers = {line.section: number for number, line in enumerate(text)}
    found: set[str] = set()
    for pair in pairs(text):
        ends = [numbers[place.section] for place in pair if place]
        found.update(line.section for line in text[ends[0] : ends[-1] + 1])
    return frozenset(found)


def lift(text: str, bracket: Bracket, *, keep: bool) -> str:
    """Take a bracket away: its marks only (``keep``), or with all that stands in it. A mark without a partner goes.

    No space is doubled, nor left before a comma or at an edge, by what goes; nothing else changes. ValueError when the
    text has no such bracket.
    """
    _expect(text, bracket)
    if bracket.fault is not None:
        return _closed_up(text, bracket.start, bracket.end, "")
    inner = text[bracket.start + 1 : bracket.end - 1].strip() if keep else ""
    return _closed_up(text, bracket.start, bracket.end, inner)


def resolve(text: str, choice: Choice, chosen: int) -> str:
    """Put the chosen option (counted from 0) in the place of the choice; an empty one leaves no gap.

    ValueError when there is no such option, or the text has no such choice.
    """
    if choice not in choices(text) or not 0 <= chosen < len(choice.options):
        raise ValueError("the text has no such alternative")
    return _closed_up(text, choice.start, choice.end, choice.options[chosen])


def choices(text: str) -> tuple[Choice, ...]:
    """Find the alternatives of a text, outermost first: ``[a] [b]``, ``[a] or [b]``, ``[a / b]``, ``[shall/should]``.

    A name at the head of an option (``Alt 2:``, ``Option 1.``) is left out of it; ``no text`` is an empty option. A
    slash without spaces parts single words only: ``[States shall/should act]`` does not say what belongs to which.
    """
    found: list[Choice] = []
    waiting: list[Sequence[Bracket]] = [tree(text)]
    while waiting:
        siblings = waiting.pop()
        for run in _runs(text, [bracket for bracket in siblings if bracket.fault is None]):
            if len(run) > 1:
                options = tuple(_option(text[one.start + 1 : one.end - 1]) for one in run)
                found.append(Choice(run[0].start, run[-1].end, options))
            slashed = ((one, _slashed(text, one)) for one in run)
            found += (Choice(one.start, one.end, tuple(options)) for one, options in slashed if options)
        waiting += (bracket.children for bracket in siblings if bracket.children)
    return tuple(sorted(found, key=lambda choice: (choice.start, -choice.end)))


def alternative_sections(text: Manifest) -> Mapping[str, tuple[str, ...]]:
    """Give the sections whose labels name them as alternatives (``OP1 alt``), by the section they stand for."""
    by_label = {line.label: line.section for line in text if line.label}
    found: dict[str, tuple[str, ...]] = {}
    for line in text:
        plain, alt, _ = line.label.partition(" alt")
        if alt and plain in by_label:
            found[by_label[plain]] = (*found.get(by_label[plain], ()), line.section)
    return found


def _runs(text: str, siblings: Sequence[Bracket]) -> Iterable[list[Bracket]]:
    run: list[Bracket] = []
    for bracket in siblings:
        if run and not _BETWEEN.fullmatch(text, run[-1].end, bracket.start):
            yield run
            run = []
        run.append(bracket)
    if run:
        yield run


def _slashed(text: str, bracket: Bracket) -> list[str]:
    """Part the words of a bracket at its own slashes, not those of brackets inside it."""
    slashes = list(_own_slashes(text, bracket))
    edges = [bracket.start, *slashes, bracket.end - 1]
    parts = [text[left + 1 : right] for left, right in pairwise(edges)]
    if not slashes or parts[0].strip().casefold() in _AND_OR:
        return []
    spaced = all(text[at - 1].isspace() and text[at + 1].isspace() for at in slashes)
    return [_option(part) for part in parts] if spaced or all(_WORD.fullmatch(part.strip()) for part in parts) else []


def _own_slashes(text: str, bracket: Bracket) -> Iterator[int]:
    at = bracket.start
    for start, end in (*((child.start, child.end) for child in bracket.children), (bracket.end, bracket.end)):
        while (at := text.find("/", at, start)) >= 0:
            yield at
            at += 1
        at = end


def _option(text: str) -> str:
    stripped = text.strip()
    name = _NAMED.match(stripped)
    words = stripped[name.end() :] if name else stripped
    return "" if words.strip(" .").casefold() in _NO_TEXT else words


def _closed_up(text: str, start: int, end: int, instead: str) -> str:
    """Put ``instead`` in the place of ``text[start:end]``, and where that is nothing, close the gap it leaves."""
    before, after = text[:start], text[end:]
    if not instead and (not before or before.endswith((" ", "[", "("))):
        after = after.removeprefix(" ")
    if not instead and before.endswith(" ") and (not after or after[0] in ",.;:)]،؛؟"):
        before = before[:-1]
    return before + instead + after


def _expect(text: str, bracket: Bracket) -> None:
    marks = {None: "[]", BracketFault.UNCLOSED: "[", BracketFault.UNOPENED: "]"}[bracket.fault]
    stands = text[bracket.start : bracket.start + 1] + (text[bracket.end - 1 : bracket.end] if len(marks) > 1 else "")
    if stands != marks:
        raise ValueError("the text has no such bracket")
