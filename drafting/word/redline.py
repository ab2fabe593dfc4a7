"""Two versions as one Word file with native tracked changes: accept all is the new text, reject all the old."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import count, groupby
from operator import itemgetter
from typing import NamedTuple

from drafting.domain.labels import printed_number
from drafting.domain.text import Line, Manifest, Op, SectionChange
from drafting.word.clean import printed_runs
from drafting.word.emphasis import PLAIN, Piece, printed_change
from drafting.word.layout import DELETED, depths, paragraph
from drafting.word.markup import Pen, run, timestamp
from drafting.word.masthead import Masthead
from drafting.word.package import package

RENUMBERING = "Secretariat (renumbering)"
"""In whose name a label changes that no delegation asked to change."""


COMPARISON = "Comparison"
"""In whose name a change stands of which nobody knows whose it is."""


class Signed(NamedTuple):
    """In whose name a change stands, and since when (aware)."""

    author: str
    at: datetime


class _Place(NamedTuple):
    """Where a section stands in the redline: what became of its mark, and which pieces stand there, in which tag."""

    mark: str
    tags: Mapping[Op, str]

    @property
    def moves(self) -> bool:
        """Whether this is one of the two places of a move."""
        return self.mark in ("moveFrom", "moveTo")


_IN_PLACE = {Op.KEEP: "", Op.DELETE: "del", Op.INSERT: "ins"}
_KEPT = _Place("", _IN_PLACE)
_ADDED = _Place("ins", _IN_PLACE)
_REMOVED = _Place("del", _IN_PLACE)
# A moved and edited section: its deleted words are deleted where it stood, its new words inserted where it stands now,
# and what moves is the same in both places. So any reader can accept or reject each part by itself.
_MOVED_FROM = _Place("moveFrom", {Op.KEEP: "moveFrom", Op.DELETE: "del"})
_MOVED_TO = _Place("moveTo", {Op.KEEP: "moveTo", Op.INSERT: "ins"})


def redline(
    old: Manifest,
    changes: Sequence[SectionChange],
    masthead: Masthead,
    signed_of: Callable[[SectionChange], Signed],
    renumbering: str = RENUMBERING,
) -> bytes:
    """Write a ``.docx`` that prints what became of ``old``, every change in its author's name and with its date.

    ``changes`` is what ``compare(old, new)`` gives: every section of both versions once, those of the new version in
    its order. ``signed_of`` is asked only about sections that changed. A label that changes on a section that stays
    is a change of its own, in the name of ``renumbering`` and with the masthead's date; a kept word that is emphasised
    otherwise stays kept, and its look is what changes. The same arguments always give the same bytes.
    """
    new = [change.new for change in changes if change.new]
    ids = count(1)
    pen_of = cache(lambda signed: Pen(ids, signed.author, timestamp(signed.at)))
    renumbered = Signed(renumbering, masthead.date)
    writer = _Writer(pen_of, renumbered, masthead.rtl, depths(old), depths(new))
    moves: dict[str, str] = {}
    body: list[str] = []
    for change, place in _places(old, changes):
        name = moves.setdefault(change.section, f"move{len(moves) + 1}") if place.moves else ""
        changed = place.mark or change.edited or change.added or change.removed
        body.append(writer.section(change, place, signed_of(change) if changed else renumbered, name))
    return package("".join(body), masthead)


def _places(old: Manifest, changes: Sequence[SectionChange]) -> Iterator[tuple[SectionChange, _Place]]:
    """Both reading orders in one: what has left stands right behind the section that it followed in the old text."""
    by_section = {change.section: change for change in changes}
    waiting = deque(by_section[line.section] for line in old)

    def leaving() -> Iterator[tuple[SectionChange, _Place]]:
        while waiting and (waiting[0].new is None or waiting[0].moved):
            change = waiting.popleft()
            yield change, _REMOVED if change.new is None else _MOVED_FROM

    yield from leaving()
    for change in changes:
        if change.new is None:
            continue
        if change.old is None:
            yield change, _ADDED
        elif change.moved:
            yield change, _MOVED_TO
        elif waiting and waiting.popleft() is change:
            yield change, _KEPT
            yield from leaving()
        else:
            raise ValueError(f"Section {change.section} stands elsewhere, but is not marked as moved.")


@dataclass(frozen=True, slots=True)
class _Writer:
    pen_of: Callable[[Signed], Pen]
    renumbered: Signed
    rtl: bool
    old_depths: Mapping[str, int]
    new_depths: Mapping[str, int]

    def section(self, change: SectionChange, place: _Place, signed: Signed, move: str) -> str:
        """One section at one of its places, as a paragraph; a move stands in a range of that name."""
        line, depth = self._line(change, place)
        if place is _KEPT and change.old == change.new:
            return paragraph(line, depth, printed_runs(line, rtl=self.rtl), rtl=self.rtl)
        pen = self.pen_of(signed)
        start, end = pen.around_move(place.mark, move) if move else ("", "")
        mark = pen.on_mark(place.mark) if place.mark else ""
        content = self._label(change, place, pen) + self._content(change, place, pen)
        return paragraph(line, depth, start + content, rtl=self.rtl, mark=mark) + end

    def _line(self, change: SectionChange, place: _Place) -> tuple[Line, int]:
        if change.new and place is not _MOVED_FROM:
            return change.new, self.new_depths[change.section]
        if change.old:
            return change.old, self.old_depths[change.section]
        raise ValueError(f"Section {change.section} is in neither version.")

    def _label(self, change: SectionChange, place: _Place, pen: Pen) -> str:
        new = _number(change.new)
        old = new if _numbered_alike(change) else _number(change.old)
        if old == new:
            if place is _KEPT:
                return run(new, PLAIN, rtl=self.rtl) if new else ""
            return self._runs([Piece(Op.KEEP, new)], place, pen)
        whose = pen if change.old is None or change.new is None else self.pen_of(self.renumbered)
        if old and new:
            changed = [Piece(Op.DELETE, old[:-1]), Piece(Op.INSERT, new[:-1])]
            return self._runs(changed, place, whose) + self._runs([Piece(Op.KEEP, "\t")], place, pen)
        return self._runs([Piece(Op.DELETE, old), Piece(Op.INSERT, new)], place, whose)

    def _content(self, change: SectionChange, place: _Place, pen: Pen) -> str:
        if place.moves or not _is_plain(change):
            return self._runs(_pieces(change), place, pen)
        # Most sections: each span is a run of its own, since no two neighbours share an op.
        written: list[str] = []
        for op, text in change.spans:
            tag = place.tags[op]
            words = run(text, PLAIN, rtl=self.rtl, deleted=tag == "del")
            written.append(pen.around(tag, words) if tag else words)
        return "".join(written)

    def _runs(self, pieces: Sequence[Piece], place: _Place, pen: Pen) -> str:
        standing = [piece for piece in pieces if piece.text and piece.op in place.tags]
        return "".join(
            [
                self._tagged(place.tags[op], list(run_of_op), place, pen)
                for op, run_of_op in groupby(standing, key=itemgetter(0))
            ]
        )

    def _tagged(self, tag: str, pieces: list[Piece], place: _Place, pen: Pen) -> str:
        runs = "".join([self._run(piece, tag, place, pen) for piece in pieces])
        return pen.around(tag, runs) if tag else runs

    def _run(self, piece: Piece, tag: str, place: _Place, pen: Pen) -> str:
        look = piece.look_before if place is _MOVED_FROM else piece.look
        restyled = not tag and piece.look != piece.look_before
        look_change = pen.look_change(piece.look_before, rtl=self.rtl) if restyled else ""
        return run(piece.text, look, rtl=self.rtl, deleted=tag == "del", look_change=look_change)


def _number(line: Line | None) -> str:
    """Give the label as it is printed with the tab behind it; nothing if there is none."""
    return printed_number(line) + "\t" if line and line.label else ""


def _numbered_alike(change: SectionChange) -> bool:
    """Whether the label must print the same in both versions; where it is not sure, both are printed."""
    old, new = change.old, change.new
    return old is not None and new is not None and (old.label, old.kind) == (new.label, new.kind)


def _is_plain(change: SectionChange) -> bool:
    """Whether the section prints what its texts say: no emphasis, and no "[deleted]"."""
    return not any(line and (line.deleted or "*" in line.text) for line in (change.old, change.new))


def _pieces(change: SectionChange) -> list[Piece]:
    """Give the printed text of a section as pieces; a section deleted in both versions keeps its "[deleted]"."""
    old, new = (line if line and not line.deleted else None for line in (change.old, change.new))
    was_deleted, is_deleted = (bool(line and line.deleted) for line in (change.old, change.new))
    if was_deleted and is_deleted:
        return [Piece(Op.KEEP, DELETED)]
    pieces = list(printed_change(old.text if old else "", new.text if new else "", change.spans))
    if was_deleted:
        pieces.insert(0, Piece(Op.DELETE, DELETED))
    if is_deleted:
        pieces.append(Piece(Op.INSERT, DELETED))
    return pieces
