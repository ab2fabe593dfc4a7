"""Places in a text that move with it: Yjs' relative positions, written and found again.

pycrdt counts its own in bytes where Yjs counts UTF-16 units, so that they go astray after the first accent. Here the
CRDT itself is asked, in a copy: what an insertion hangs on tells which unit stands somewhere; where a mark that is
inserted behind a unit comes to stand tells where that unit is.
"""

from base64 import b64decode, b64encode
from typing import Any, Final, NamedTuple

from pycrdt import Doc, Text

from drafting.crdt.decoding import STRING, TYPE, Id, Struct, decode
from drafting.crdt.judging import judge
from drafting.crdt.known import TEXT, WORDS, Known
from drafting.crdt.lib0 import Malformed, Reader, Writer
from drafting.crdt.shape import SECTIONS
from drafting.crdt.texts import as_kept, as_read, bytes_before, read
from drafting.crdt.writing import draft, text_of

AFTER: Final = 0
BEFORE: Final = -1
"""What a position sticks to: the unit behind it, or the one in front of it."""


class Position(NamedTuple):
    """A relative position: it sticks to a unit, or (``unit`` is then the text's own) to an end of a text."""

    unit: Id
    at_edge: bool
    sticks: int


def read_position(data: bytes) -> Position:
    """Read an encoded relative position. ``Malformed`` where it is none, or one of a text at the root."""
    reader = Reader(data)
    kind = reader.uint()
    if kind not in {_ITEM, _TYPE}:
        raise Malformed("a position belongs to no section")
    unit = (reader.uint(), reader.uint())
    sticks = reader.signed() if reader.left else AFTER
    if reader.left:
        raise Malformed("something follows a position")
    return Position(unit, kind == _TYPE, BEFORE if sticks < 0 else AFTER)


def write_position(position: Position) -> bytes:
    """Write a relative position as Yjs does."""
    client, clock = position.unit
    writer = Writer().uint(_TYPE if position.at_edge else _ITEM).uint(client).uint(clock)
    return writer.signed(position.sticks).done()


class Anchors:
    """Finds places in one state of a draft, in a copy of its own."""

    __slots__ = ("_doc", "_known", "_marks", "_state", "_texts")

    def __init__(self, state: bytes) -> None:
        update = decode(state)
        self._known = judge(Known(), update).new
        self._texts = {struct.key: (struct.client, struct.clock) for struct in update.structs if _is_text(struct)}
        self._doc = draft()
        self._doc.apply_update(state)
        self._state = state
        self._marks = self._known.end(_MARKER)

    def anchor(self, section: str, start: int, end: int) -> tuple[str, str]:
        """Pin a range: see ``Replica.anchor``."""
        copy = draft()
        copy.apply_update(self._state)
        text = text_of(copy, section)
        raw = str(text)
        if not 0 <= start <= end <= len(read(raw)):
            raise ValueError((start, end))
        first, last = as_kept(raw, start), as_kept(raw, end)
        if first == len(raw):
            edge = Position(self._texts[section], at_edge=True, sticks=AFTER)
            return _encoded(edge), _encoded(edge)
        # The later one first, so that the offset of the other stays.
        closing = _struck(copy, text, raw, max(first, last - 1))
        opening = _struck(copy, text, raw, first) if first < last - 1 else closing
        client, clock, _ = opening
        beginning = _encoded(Position((client, clock), at_edge=False, sticks=AFTER))
        if first == last:
            return beginning, beginning
        client, clock, length = closing
        return beginning, _encoded(Position((client, clock + length - 1), at_edge=False, sticks=BEFORE))

    def place(self, anchor: tuple[str, str]) -> tuple[str, int, int] | None:
        """Find a pinned range: see ``Replica.place``."""
        places: list[tuple[str, int]] = []
        for encoded in anchor:
            try:
                position = read_position(b64decode(encoded, validate=True))
            except ValueError:
                return None
            place = self._at_edge(position) if position.at_edge else self._at_unit(position)
            if place is None:
                return None
            places.append(place)
        (section, start), (other, end) = places
        return (section, min(start, end), max(start, end)) if section == other else None

    def _at_edge(self, position: Position) -> tuple[str, int] | None:
        place = self._known.at(position.unit)
        if place is None or place.part != TEXT:
            return None
        return place.section, 0 if position.sticks == BEFORE else len(read(str(text_of(self._doc, place.section))))

    def _at_unit(self, position: Position) -> tuple[str, int] | None:
        client, clock = position.unit
        place = self._known.at(position.unit)
        if place is None or place.part != WORDS:
            return None
        if clock + 1 in self._known.halves.get(client, ()):
            clock += 1
        text = text_of(self._doc, place.section)
        raw = str(text)
        mark = next(mark for mark in map(chr, _MARKS) if mark not in raw)
        self._doc.apply_update(_marking(self._marks, (client, clock), mark))
        at = str(text).index(mark)
        self._doc.apply_update(_unmarking(self._marks))
        self._marks += 1
        gone = self._known.gone.get(client)
        if position.sticks == AFTER and not (gone and clock in gone):
            at -= 1
        return place.section, as_read(raw, at)


def _is_text(struct: Struct) -> bool:
    return struct.ref == TYPE and struct.parent == SECTIONS


def _struck(doc: "Doc[Any]", text: Text, raw: str, offset: int) -> tuple[int, int, int]:
    """Delete a character, which tells its units: client, clock, length."""
    said: list[bytes] = []
    watch = doc.observe(lambda event: said.append(event.update))
    start = bytes_before(raw, offset)
    del text[start : start + len(raw[offset].encode())]
    doc.unobserve(watch)
    ((client, ((clock, length),)),) = decode(said[0]).deleted.items()
    return client, clock, length


def _encoded(position: Position) -> str:
    return b64encode(write_position(position)).decode()


def _marking(clock: int, origin: Id, mark: str) -> bytes:
    """Write the update that puts a mark right behind a unit: of all that hangs there, the lowest client comes first."""
    start = Writer().uint(1).uint(1).uint(_MARKER).uint(clock)
    return start.byte(STRING | 0x80).uint(origin[0]).uint(origin[1]).text(mark).uint(0).done()


def _unmarking(clock: int) -> bytes:
    return Writer().uint(0).uint(1).uint(_MARKER).uint(1).uint(clock).uint(1).done()


_ITEM, _TYPE = 0, 2
_MARKER: Final = 0
"""The client under which marks are set: the lowest there can be."""
_MARKS: Final = range(0xE000, 0xF900)
"""Characters of nobody's writing; a text has at most a few of them."""
