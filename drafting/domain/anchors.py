"""Comments on quoted words, carried to a new text: where the words are now, or where they were."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from typing import Final, NamedTuple

from drafting.domain.alignment import Hunk, align, offsets
from drafting.domain.carried import Place, place_of
from drafting.domain.text import Line, Manifest, MovedText
from drafting.domain.tokens import tokenize
from drafting.domain.whereabouts import Whereabouts


class Anchor(NamedTuple):
    """Quoted words: ``text[start:end]`` (code points) of a section, which is ``quote``."""

    section: str
    start: int
    end: int
    quote: str


class Hold(StrEnum):
    """How well a comment still stands on the words it was about."""

    EXACT = "exact"
    """The same words, wherever they stand now."""
    EDITED = "edited"
    """Words were changed, brought in or struck among them; the old quote says what they were."""
    ORPHANED = "orphaned"
    """The words are gone."""


@dataclass(frozen=True, slots=True)
class CarriedAnchor:
    """``was``: the anchor on the old text, quote and all. ``now``: on the new text; ``None`` for an orphan.

    ``place``: of an orphan, the section it was in and its neighbours.
    """

    was: Anchor
    hold: Hold
    now: Anchor | None = None
    place: Place | None = None


class _Span(NamedTuple):
    start: int
    end: int


_TELLING: Final = 3
"""So many words in a row are known again wherever they stand; fewer are not looked for elsewhere."""
_NEAR: Final = 6
"""So many words on either side tell places with the same words apart."""
_MOST: Final = 0.5
"""The part of a replaced passage's words that a quote must hold to stand on what replaced them."""


def carry_anchors(old: Manifest, new: Manifest, anchors: Sequence[Anchor]) -> tuple[CarriedAnchor, ...]:
    """Carry anchors on ``old`` to ``new``, each in its section, or to where its words have moved.

    Words that were struck here and brought in elsewhere, three in a row or more, are the same words moved; so is all
    that is quoted of a passage that was merged into another section, split off or moved, redrafted or not. An anchor
    that begins or ends inside a word stays at the same place in it.
    """
    crossing = _Crossing(old, new, Whereabouts(old, new))
    return tuple(crossing.carry(anchor) for anchor in anchors)


class _Crossing:
    def __init__(self, old: Manifest, new: Manifest, where: Whereabouts | None) -> None:
        self._old, self._new, self._where = old, new, where
        self._was = {line.section: line for line in old}
        self._is = {line.section: line for line in new}
        self._position = {line.section: position for position, line in enumerate(old)}
        self._hunks: dict[str, list[Hunk]] = {}

    def carry(self, anchor: Anchor) -> CarriedAnchor:
        line, now = self._was[anchor.section], self._is.get(anchor.section)
        if now is not None and now.text == line.text:
            return CarriedAnchor(anchor, Hold.EXACT, anchor)
        tokens = tokenize(line.text)
        span = _covering(offsets(tokens), anchor)
        followed = self._followed(anchor, span) or self._moved(anchor, tokens, span)
        followed = followed or self._in_passage(anchor) or self._edited(anchor, span)
        if followed is None:
            place = place_of(self._old, self._position[anchor.section])
            return CarriedAnchor(anchor, Hold.ORPHANED, place=place)
        return followed

    def _followed(self, anchor: Anchor, span: _Span) -> CarriedAnchor | None:
        """Find the words kept in their section, all of them in a row."""
        if anchor.section not in self._is:
            return None
        by = 0
        for hunk in self._changes(anchor.section):
            if hunk.a >= span.end:
                break
            if hunk.b > span.start:
                return None
            by = hunk.d - hunk.b
        return self._exact(anchor, span, anchor.section, span.start + by)

    def _moved(self, anchor: Anchor, tokens: Sequence[str], span: _Span) -> CarriedAnchor | None:
        """Find the same words brought in: in their section first, else in another."""
        quoted = tokens[span.start : span.end]
        if sum(_is_word(token) for token in quoted) < _TELLING:
            return None
        lines = sorted(self._new, key=lambda line: line.section != anchor.section)
        places = [(line, at) for line in lines for at in self._brought(line, quoted)]
        if not places:
            return None
        said = {line.section: tokenize(line.text) for line, _ in places}
        line, at = max(places, key=lambda place: _likeness(tokens, span, said[place[0].section], place[1]))
        return self._exact(anchor, span, line.section, at)

    def _brought(self, line: Line, quoted: Sequence[str]) -> Iterator[int]:
        """Give the places in the new text of ``line`` where the quoted words stand and were not all there before."""
        old = self._was.get(line.section)
        if (old is not None and old.text == line.text) or "".join(quoted) not in line.text:
            return
        tokens = tokenize(line.text)
        brought = {at for hunk in self._changes(line.section) for at in range(hunk.c, hunk.d)}
        for at in range(len(tokens) - len(quoted) + 1):
            if tokens[at : at + len(quoted)] == quoted and not brought.isdisjoint(range(at, at + len(quoted))):
                yield at

    def _in_passage(self, anchor: Anchor) -> CarriedAnchor | None:
        """Find the words in the passage that went to another section and has the most of them, if it has most."""
        passages = self._where.departed(anchor.section) if self._where else ()
        passage = max(passages, key=lambda one: _covered(one, anchor), default=None)
        if passage is None or _covered(passage, anchor) < _MOST * (anchor.end - anchor.start):
            return None
        origin, place = (
            replace(lines[section], text=lines[section].text[start:end], deleted=False)
            for lines, section, start, end in (
                (self._was, anchor.section, passage.origin_start, passage.origin_end),
                (self._is, passage.section, passage.start, passage.end),
            )
        )
        start = max(0, anchor.start - passage.origin_start)
        end = min(len(origin.text), anchor.end - passage.origin_start)
        inside = Anchor(anchor.section, start, end, origin.text[start:end])
        found = _Crossing((origin,), (replace(place, section=origin.section),), None).carry(inside)
        if found.now is None:
            return None
        hold = found.hold if inside.quote == anchor.quote else Hold.EDITED
        span = _Span(found.now.start + passage.start, found.now.end + passage.start)
        return self._now(anchor, hold, passage.section, span)

    def _edited(self, anchor: Anchor, span: _Span) -> CarriedAnchor | None:
        """Find what stands now where the words stood, if some of them are kept or were replaced by others."""
        now = self._is.get(anchor.section)
        if now is None or now.deleted:
            return None
        old, new = tokenize(self._was[anchor.section].text), tokenize(now.text)
        hunks = self._changes(anchor.section)
        start, end = _start(hunks, span), _end(hunks, span)
        lost = {at for hunk in hunks for at in range(hunk.a, hunk.b)}
        kept = any(_is_word(old[at]) for at in range(*span) if at not in lost)
        if not kept and not any(map(_is_word, new[start:end])):
            return None
        while start < end and new[start].isspace():
            start += 1
        while start < end and new[end - 1].isspace():
            end -= 1
        places = offsets(new)
        return self._now(anchor, Hold.EDITED, anchor.section, _Span(places[start], places[end]))

    def _exact(self, anchor: Anchor, span: _Span, section: str, at: int) -> CarriedAnchor:
        was = offsets(tokenize(self._was[anchor.section].text))
        by = offsets(tokenize(self._is[section].text))[at] - was[span.start]
        return self._now(anchor, Hold.EXACT, section, _Span(anchor.start + by, anchor.end + by))

    def _now(self, anchor: Anchor, hold: Hold, section: str, span: _Span) -> CarriedAnchor:
        quote = self._is[section].text[span.start : span.end]
        return CarriedAnchor(anchor, hold, Anchor(section, span.start, span.end, quote))

    def _changes(self, section: str) -> list[Hunk]:
        if section not in self._hunks:
            old, new = (_text(lines, section) for lines in (self._was, self._is))
            self._hunks[section] = align(tokenize(old), tokenize(new))
        return self._hunks[section]


def _covered(passage: MovedText, anchor: Anchor) -> int:
    """Count the characters of an anchor that are a passage's."""
    return min(passage.origin_end, anchor.end) - max(passage.origin_start, anchor.start)


def _text(lines: Mapping[str, Line], section: str) -> str:
    return lines[section].text if section in lines else ""


def _covering(places: Sequence[int], anchor: Anchor) -> _Span:
    """Give the tokens that the anchor covers, also those it covers in part."""
    start = max(at for at, place in enumerate(places) if place <= anchor.start)
    end = min(at for at, place in enumerate(places) if place >= anchor.end)
    return _Span(min(start, end), end)


def _start(hunks: Sequence[Hunk], span: _Span) -> int:
    """Give the place in the new tokens at which the span starts; what was brought in before it stays out."""
    by = 0
    for hunk in hunks:
        if hunk.b > span.start:
            if hunk.a <= span.start:
                return hunk.c if _holds(span, hunk) else hunk.d
            break
        by = hunk.d - hunk.b
    return span.start + by


def _end(hunks: Sequence[Hunk], span: _Span) -> int:
    """Give the place in the new tokens at which the span ends; what was brought in behind it stays out."""
    by = 0
    for hunk in hunks:
        if hunk.b >= span.end:
            if hunk.a < span.end:
                return hunk.d if _holds(span, hunk) else hunk.c
            break
        by = hunk.d - hunk.b
    return span.end + by


def _holds(span: _Span, hunk: Hunk) -> bool:
    """Say whether most of a replaced passage is the span's, so that what replaced it is too."""
    return min(hunk.b, span.end) - max(hunk.a, span.start) >= _MOST * (hunk.b - hunk.a)


def _likeness(old: Sequence[str], span: _Span, new: Sequence[str], at: int) -> tuple[int, int]:
    """Say how alike two places are: by the words around them, then by how far into their texts they are."""
    behind = at + span.end - span.start
    sides = (
        (_words(old, range(span.start - 1, -1, -1)), _words(new, range(at - 1, -1, -1))),
        (_words(old, range(span.end, len(old))), _words(new, range(behind, len(new)))),
    )
    alike = sum(one == other for side in sides for one, other in zip(*side, strict=False))
    return alike, -abs(at - span.start)


def _words(tokens: Sequence[str], places: Iterable[int]) -> list[str]:
    return [*islice((tokens[at] for at in places if not tokens[at].isspace()), _NEAR)]


def _is_word(token: str) -> bool:
    return any(map(str.isalnum, token))
