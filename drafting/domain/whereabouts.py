"""Where the words of an old text stand in a new one, if that is another section: merged, split off, retyped, moved."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from typing import Final, NamedTuple

from drafting.domain.changes import Change, rewritten
from drafting.domain.compare import compare
from drafting.domain.merging import ClashingPassage, Pieces, combine, joined, read
from drafting.domain.moves import new_text, old_text
from drafting.domain.sides import early
from drafting.domain.text import Line, Manifest, MovedText, Op, SectionChange
from drafting.domain.tokens import tokens_of

_FEW: Final = 4
"""Fewer words than these in a row are not followed to another section."""
_ISLAND: Final = 24
"""So many characters between two changes may be there by accident."""


class Span(NamedTuple):
    """A part of a text, in code points."""

    start: int
    end: int


class Whereabouts:
    """The ways that words took from one base to the next. Looked for when first asked, and once."""

    def __init__(self, old: Manifest, new: Manifest) -> None:
        was, now = ({line.section: line for line in text} for text in (old, new))
        # Words come and go only where a text changed; a comparison of the rest finds nothing and takes longest.
        self._old = tuple(line for line in old if _text(now, line.section) != line.text)
        self._new = tuple(line for line in new if _text(was, line.section) != line.text)
        self._was = {line.section: line for line in self._old}
        self._texts = {line.section: line.text for line in new}

    def departed(self, section: str) -> tuple[MovedText, ...]:
        """List the passages of the old section that stand in another one now, in its order."""
        old = self._was.get(section)
        if old is None or not self._may_have_lost(old):
            return ()
        return tuple(map(self._whole, self._changes[section].departures))

    def _whole(self, passage: MovedText) -> MovedText:
        """Give a passage with what stands at its ends in both places: words that were redrafted on their way."""
        was, now = self._changes[passage.origin], self._changes[passage.section]
        origin = Span(passage.origin_start, passage.origin_end)
        place = Span(passage.start, passage.end)
        others = [Span(one.origin_start, one.origin_end) for one in was.departures]
        came = [Span(one.start, one.end) for one in now.arrivals]
        old = _room(was, Op.DELETE, origin, others), old_text(was)
        new = _room(now, Op.INSERT, place, came), new_text(now)
        if all(text[room.start : span.start].strip() for (room, text), span in ((old, origin), (new, place))):
            origin, place = (
                Span(room.end - len(text[room.start : room.end].lstrip()), span.end)
                for (room, text), span in ((old, origin), (new, place))
            )
        if all(text[span.end : room.end].strip() for (room, text), span in ((old, origin), (new, place))):
            origin, place = (
                Span(span.start, room.start + len(text[room.start : room.end].rstrip()))
                for (room, text), span in ((old, origin), (new, place))
            )
        return passage._replace(origin_start=origin.start, origin_end=origin.end, start=place.start, end=place.end)

    def heir(self, section: str) -> str | None:
        """Give the section that stands for one that is gone: the one it became, went into, or whose end it became."""
        change = self._changes.get(section)
        if change is None or not change.removed:
            return None
        return change.destination or change.merged_into or next(reversed(change.split_into), None)

    def offshoots(self, section: str) -> tuple[str, ...]:
        """List the new sections that were split off one that stayed."""
        change = self._changes.get(section) if self.departed(section) else None
        return () if change is None or change.removed else change.split_into

    @cached_property
    def _changes(self) -> Mapping[str, SectionChange]:
        return {change.section: change for change in compare(self._old, self._new)}

    def _may_have_lost(self, line: Line) -> bool:
        """Say whether some words in a row that the section lost came in elsewhere: to ask costs little."""
        gone = {words for lost, _ in _runs(line.text, self._texts.get(line.section, "")) for words in _rows(lost)}
        return any(self._came.get(words, frozenset()) - {line.section} for words in gone)

    @cached_property
    def _came(self) -> Mapping[tuple[str, ...], frozenset[str]]:
        """List, by words in a row, the sections in which they came in."""
        found: dict[tuple[str, ...], frozenset[str]] = defaultdict(frozenset)
        for line in self._new:
            for _, came in _runs(_text(self._was, line.section), line.text):
                for words in _rows(came):
                    found[words] |= {line.section}
        return found


def _runs(was: str, now: str) -> Iterator[tuple[str, str]]:
    """Give what was lost and what came in, stretch by stretch, with the few words that were kept in between."""
    changes = early(was, now)
    first = 0
    for number, change in enumerate(changes, 1):
        if number == len(changes) or changes[number].start - change.end > _ISLAND:
            start = changes[first].start
            yield was[start : change.end], rewritten(was, changes[first:number], start, change.end)
            first = number


def _rows(text: str) -> Iterator[tuple[str, ...]]:
    tokens = tokens_of(text.casefold()) if text.count(" ") >= _FEW - 1 else []
    words = [token for token in tokens if token.isalnum() or any(map(str.isalnum, token))]
    return zip(*(words[at:] for at in range(_FEW)), strict=False)


def _room(change: SectionChange, op: Op, span: Span, others: Sequence[Span]) -> Span:
    """Find how far a passage could reach: to the ends of what was struck (or came in) there, and to its neighbours.

    What stands between two passages can only be the first one's.
    """
    at = start = end = 0
    for one in change.spans:
        if one.op is op and at <= span.start < at + len(one.text):
            start, end = at, at + len(one.text)
        at += len(one.text) * (one.op in {op, Op.KEEP})
    if any(start < other.end <= span.start for other in others):
        start = span.start
    return Span(start, min([end, *(other.start for other in others if other.start >= span.end)]))


class Landing(NamedTuple):
    """What a rewording asks of another section, to which its words have gone.

    ``text``: how that one is to read, and its reading now if that is so already; ``None`` where the two clash,
    with the ``pieces`` to choose from, in which places are those of the old section.
    """

    section: str
    text: str | None
    pieces: Pieces = ()


def landings(
    line: Line, proposed: str, passages: Sequence[MovedText], lines: Mapping[str, Line]
) -> tuple[str, Sequence[Landing]]:
    """Part a rewording of an old section: what it asks of the words that stayed, and of ``passages`` that went.

    ``lines`` is the new text. The first answer is a wording of the old section that leaves alone what went. A change
    that is partly of words that went, and one that strikes all of a passage that went, clash.
    """
    stayed: list[Change] = []
    went: dict[MovedText, list[Change]] = defaultdict(list)
    for change in early(line.text, proposed) if passages else ():
        home = max(passages, key=lambda passage: _shared(passage, change))
        if _inside(home, change) or _shared(home, change) > 0:
            went[home].append(change)
        else:
            stayed.append(change)
    if not went:
        return proposed, ()
    found = sorted(went.items(), key=lambda one: (one[0].section, one[0].start))
    by_section = groupby(found, key=lambda one: one[0].section)
    return (
        rewritten(line.text, stayed, 0, len(line.text)),
        [_landing(line.text, lines[section], [*parts]) for section, parts in by_section],
    )


def _landing(was: str, line: Line, parts: Sequence[tuple[MovedText, Sequence[Change]]]) -> Landing:
    section, text = line.section, line.text
    pieces: list[str | ClashingPassage] = []
    at = 0
    for passage, changes in parts:
        pieces.append(text[at : passage.start])
        pieces += _carried(was, text[passage.start : passage.end], passage, changes)
        at = passage.end
    pieces.append(text[at:])
    whole = joined(pieces)
    if all(isinstance(piece, str) for piece in whole):
        return Landing(section, "".join(map(str, whole)))
    return Landing(section, None, whole)


def _carried(was: str, now: str, passage: MovedText, changes: Sequence[Change]) -> Iterator[str | ClashingPassage]:
    """Give the passage in its new place with the changes made, or the two wordings of it."""
    start, end = passage.origin_start, passage.origin_end
    # A change that reaches out of the passage is shown with all that it is of.
    first, last = min(start, changes[0].start), max(end, changes[-1].end)
    proposed = rewritten(was, changes, first, last)
    pieces = combine(was[start:end], now, proposed) if (first, last) == (start, end) else ()
    # Nobody proposed that the passage have no text, where it is struck, or each side struck what the other left.
    if not read(pieces).strip():
        yield ClashingPassage(first, last, now, proposed)
        return
    for piece in pieces:
        if isinstance(piece, str):
            yield piece
        else:
            yield piece._replace(start=piece.start + start, end=piece.end + start)


def _inside(passage: MovedText, change: Change) -> bool:
    return passage.origin_start <= change.start and change.end <= passage.origin_end


def _shared(passage: MovedText, change: Change) -> int:
    """Count the characters of a change that are the passage's; below 0 those that lie between the two."""
    return min(passage.origin_end, change.end) - max(passage.origin_start, change.start)


def _text(lines: Mapping[str, Line], section: str) -> str:
    return lines[section].text if section in lines else ""
