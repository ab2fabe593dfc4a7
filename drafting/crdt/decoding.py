"""Updates of Yjs (format v1) taken apart, without applying anything.

An update is, per client, a run of structs from some clock on, and a set of deletions. A client's clock counts what it
has ever written: of a string, each UTF-16 unit. What an item hangs on is its origin (the unit it was written after)
and its right origin (the one it was written before); only an item with neither says its parent.
"""

from typing import Final, NamedTuple

from drafting.crdt.lib0 import Malformed, Reader

GC: Final = 0
DELETED: Final = 1
JSON: Final = 2
BINARY: Final = 3
STRING: Final = 4
EMBED: Final = 5
FORMAT: Final = 6
TYPE: Final = 7
ANY: Final = 8
DOC: Final = 9
SKIP: Final = 10
"""What a struct is: gone with its parent, gone itself, one of seven contents, or (the last) a gap in what is known."""

MAP_TYPE: Final = 1
TEXT_TYPE: Final = 2
"""The shared types a draft is made of, as content of a ``TYPE``."""

_ORIGIN, _RIGHT_ORIGIN, _KEY = 0x80, 0x40, 0x20
_NAMED_TYPES: Final = (3, 5)
_TYPES: Final = range(7)
MOST_CLOCK: Final = 2**31 - 1
"""The highest clock that every implementation counts alike."""

Id = tuple[int, int]
"""A unit of what was written: its client and its clock."""

Content = str | list[object] | int | None


class Struct(NamedTuple):
    """What one client wrote from ``clock`` on, ``length`` units of it; ``ref`` says what it is.

    ``parent`` is a root's name or the unit that holds the parent, ``key`` its place in a map; both are given only
    where neither origin is. ``content`` is the string of a ``STRING``, the values of an ``ANY`` or a ``JSON`` (texts),
    the shared type of a ``TYPE``; of the others nothing is kept.
    """

    client: int
    clock: int
    length: int
    ref: int
    origin: Id | None = None
    right_origin: Id | None = None
    parent: str | Id | None = None
    key: str | None = None
    content: Content = None


Ranges = list[tuple[int, int]]
"""Clocks and lengths."""


class Update(NamedTuple):
    """The structs, those of a client one after the other and together, and what is deleted: client -> ranges."""

    structs: list[Struct]
    deleted: dict[int, Ranges]


def decode(update: bytes) -> Update:
    """Take an update apart. ``Malformed`` where the bytes are none, or hold what Yjs never writes."""
    reader = Reader(update)
    structs: list[Struct] = []
    clients: set[int] = set()
    for _ in range(reader.count(3)):
        count = reader.count(2)
        client = reader.uint()
        clock = reader.uint()
        if client in clients:
            raise Malformed("a client is named twice")
        clients.add(client)
        for _ in range(count):
            struct = _struct(reader, client, clock)
            structs.append(struct)
            clock += struct.length
    deleted = _deleted(reader)
    if reader.left:
        raise Malformed("something follows the update")
    return Update(structs, deleted)


def _struct(reader: Reader, client: int, clock: int) -> Struct:
    info = reader.byte()
    ref = info & 0x1F
    origin = right_origin = parent = key = None
    if ref in {GC, SKIP}:
        if info != ref:
            raise Malformed("a gap hangs on something")
    else:
        uint = reader.uint
        if info & _ORIGIN:
            origin = (uint(), uint())
        if info & _RIGHT_ORIGIN:
            right_origin = (uint(), uint())
        if origin is None and right_origin is None:
            parent = _parent(reader)
            if info & _KEY:
                key = reader.text()
    length, content = _content(reader, ref)
    if not 0 < length <= MOST_CLOCK - clock:
        raise Malformed("a length is out of bounds")
    return Struct(client, clock, length, ref, origin, right_origin, parent, key, content)


def _parent(reader: Reader) -> str | Id:
    is_root = reader.uint()
    if is_root > 1:
        raise Malformed("a parent is neither a root nor an item")
    return reader.text() if is_root else (reader.uint(), reader.uint())


def _content(reader: Reader, ref: int) -> tuple[int, Content]:
    """Read what an item is: its length and its content."""
    if ref == STRING:
        text = reader.text()
        return units(text), text
    if ref in {GC, DELETED, SKIP}:
        return reader.uint(), None
    if ref in {JSON, ANY}:
        values = [reader.any() if ref == ANY else reader.text() for _ in range(reader.count())]
        return len(values), values
    if ref == TYPE:
        return 1, _type(reader)
    _read_over(reader, ref)
    return 1, None


def _type(reader: Reader) -> int:
    shared = reader.uint()
    if shared not in _TYPES:
        raise Malformed("a shared type is of no known kind")
    if shared in _NAMED_TYPES:
        reader.text()
    return shared


def _read_over(reader: Reader, ref: int) -> None:
    if ref == BINARY:
        reader.blob()
    elif ref == EMBED:
        reader.text()
    elif ref == FORMAT:
        reader.text()
        reader.text()
    elif ref == DOC:
        reader.text()
        reader.any()
    else:
        raise Malformed("a struct is of no known kind")


def _deleted(reader: Reader) -> dict[int, Ranges]:
    deleted: dict[int, Ranges] = {}
    for _ in range(reader.count(2)):
        ranges = deleted.setdefault(reader.uint(), [])
        for _ in range(reader.count(2)):
            clock, length = reader.uint(), reader.uint()
            if length > MOST_CLOCK - clock:
                raise Malformed("a length is out of bounds")
            ranges.append((clock, length))
    return deleted


def units(text: str) -> int:
    """Count the UTF-16 units of a text, in which Yjs measures."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
