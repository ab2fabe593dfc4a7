"""What the load of :mod:`bench.live` puts on the wire and reads from it: WebSocket frames, Yjs updates, two dialects.

Nothing here reads or writes a socket. It is written apart from the service's own codecs, so that what measures shares
no mistake with what is measured. Updates are Yjs' format 1; of its contents only text is read: nothing else is typed.
"""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

TEXT_ITEM = 4
_GC, _DELETED, _SKIP = 0, 1, 10
_HAS_ORIGIN, _HAS_RIGHT, _KIND = 0x80, 0x40, 0x1F
_BINARY, _CLOSE, _PING, _PONG = 0x2, 0x8, 0x9, 0xA
_SHORT, _MEDIUM = 126, 127
_SYNC, _AUTH, _ACK = 0, 2, 100
_STEP_1, _STEP_2, _UPDATE = 0, 1, 2

Id = tuple[int, int]
"""A client's number and its clock."""


class Struct(NamedTuple):
    """So many clocks of a client from this one on, and between which ids the first of them was put."""

    client: int
    clock: int
    length: int
    origin: Id | None
    right: Id | None


class Said(NamedTuple):
    """What a message of a server says: ``synced`` (with all it had), ``update``, ``ack`` (clocks by client), ``""``."""

    kind: str
    content: bytes = b""


class Reader:
    """Reads a message from its beginning on. Reading past its end is an ``IndexError``."""

    __slots__ = ("at", "message")

    def __init__(self, message: bytes) -> None:
        self.message = message
        self.at = 0

    def number(self) -> int:
        """Read a number of any length, seven bits to a byte."""
        value = shift = 0
        while True:
            byte = self.message[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:  # noqa: PLR2004 (the eighth bit says that more follows)
                return value
            shift += 7

    def bytes(self) -> bytes:
        """Read bytes that are preceded by their number."""
        length = self.number()
        start, self.at = self.at, self.at + length
        if self.at > len(self.message):
            raise IndexError(self.at)
        return self.message[start : self.at]

    def id(self) -> Id:
        """Read a client and a clock."""
        return self.number(), self.number()


def number(value: int) -> bytes:
    """Write a number as :meth:`Reader.number` reads it."""
    written = bytearray()
    while value > 0x7F:  # noqa: PLR2004 (seven bits)
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)


def counted(content: bytes) -> bytes:
    """Write bytes after their number."""
    return number(len(content)) + content


def insertion(client: int, clock: int, origin: Id, right: Id, text: str) -> bytes:
    """Give the update that puts this ASCII text between two characters."""
    between = b"".join(map(number, (*origin, *right)))
    head = b"\x01\x01" + number(client) + number(clock)
    return head + bytes([_HAS_ORIGIN | _HAS_RIGHT | TEXT_ITEM]) + between + counted(text.encode("ascii")) + b"\x00"


def structs(update: bytes) -> Iterator[Struct]:
    """Read what an update brings, but for what it deletes. What is no text is a ``ValueError``; gaps are left out."""
    reader = Reader(update)
    for _ in range(reader.number()):
        many, client, clock = reader.number(), reader.number(), reader.number()
        for _ in range(many):
            struct, gap = _struct(reader, client, clock)
            clock += struct.length
            if not gap:
                yield struct


def _struct(reader: Reader, client: int, clock: int) -> tuple[Struct, bool]:
    info = reader.message[reader.at]
    reader.at += 1
    kind = info & _KIND
    if kind in {_GC, _SKIP}:
        return Struct(client, clock, reader.number(), None, None), kind == _SKIP
    if kind not in {TEXT_ITEM, _DELETED}:
        raise ValueError(f"content of kind {kind}")
    origin = reader.id() if info & _HAS_ORIGIN else None
    right = reader.id() if info & _HAS_RIGHT else None
    if origin is None and right is None:
        _skip_parent(reader)
    length = reader.number() if kind == _DELETED else len(reader.bytes().decode("utf-8").encode("utf-16-le")) // 2
    return Struct(client, clock, length, origin, right), False


def _skip_parent(reader: Reader) -> None:
    if reader.number():
        reader.bytes()
    else:
        reader.id()


def clocks(vector: bytes) -> dict[int, int]:
    """Read a state vector: the next clock of each client."""
    reader = Reader(vector)
    return dict(reader.id() for _ in range(reader.number()))


class Dialect(Protocol):
    """How a server wants to be spoken to about one draft."""

    def greeting(self) -> list[bytes]:
        """Give the messages by which a client that has nothing asks for everything."""

    def update(self, content: bytes) -> bytes:
        """Give the message that brings an update."""

    def read(self, message: bytes) -> Said:
        """Read a message of the server."""


class Stock:
    """The y-websocket protocol, with the acknowledgement that ours adds to it."""

    def greeting(self) -> list[bytes]:
        """Ask with an empty state vector."""
        return [bytes([_SYNC, _STEP_1]) + counted(b"\x00")]

    def update(self, content: bytes) -> bytes:
        """Give the message that brings an update."""
        return bytes([_SYNC, _UPDATE]) + counted(content)

    def read(self, message: bytes) -> Said:
        """Read a message of the server."""
        return _read(Reader(message))


class Hocuspocus:
    """The same with the draft's name before every message, and a token that nobody looks at first of all."""

    def __init__(self, room: str) -> None:
        self._prefix = counted(room.encode("utf-8"))

    def greeting(self) -> list[bytes]:
        """Present a token, and ask with an empty state vector."""
        token = self._prefix + bytes([_AUTH, 0]) + counted(b"any") + counted(b"3.4.4")
        return [token, *(self._prefix + message for message in Stock().greeting())]

    def update(self, content: bytes) -> bytes:
        """Give the message that brings an update."""
        return self._prefix + Stock().update(content)

    def read(self, message: bytes) -> Said:
        """Read a message of the server."""
        reader = Reader(message)
        reader.bytes()
        return _read(reader)


class Bare:
    """Updates with nothing before or after them, for a server that knows nothing of them."""

    def greeting(self) -> list[bytes]:
        """Say nothing."""
        return []

    def update(self, content: bytes) -> bytes:
        """Give the update."""
        return content

    def read(self, message: bytes) -> Said:
        """Take everything for an update."""
        return Said("update", message)


def dialect(name: str, room: str) -> Dialect:
    """Give the dialect of this name: ``stock``, ``hocuspocus`` or ``bare``."""
    if name == "hocuspocus":
        return Hocuspocus(room)
    return Bare() if name == "bare" else Stock()


def _read(reader: Reader) -> Said:
    kind = reader.number()
    if kind == _ACK:
        return Said("ack", reader.bytes())
    if kind != _SYNC:
        return Said("")
    step = reader.number()
    return Said({_STEP_2: "synced", _UPDATE: "update"}.get(step, ""), reader.bytes())


def framed(message: bytes, opcode: int = _BINARY) -> bytes:
    """Give a client's frame. Its mask is zero: allowed, and nothing has to be worked out."""
    length = len(message)
    if length < _SHORT:
        head = bytes([0x80 | opcode, 0x80 | length])
    elif length < 1 << 16:
        head = bytes([0x80 | opcode, 0x80 | _SHORT]) + length.to_bytes(2)
    else:
        head = bytes([0x80 | opcode, 0x80 | _MEDIUM]) + length.to_bytes(8)
    return head + bytes(4) + message


class Heard(NamedTuple):
    """What whole frames of a server bring: messages, pings to answer, whether it closes; and the part of a frame."""

    messages: list[bytes]
    pings: list[bytes]
    closes: bool
    rest: bytes


def heard(stream: bytes) -> Heard:
    """Read the frames of a server. One that is continued in another is a ``ValueError``: no server here sends such."""
    messages: list[bytes] = []
    pings: list[bytes] = []
    closes, at = False, 0
    while (frame := _frame(stream, at)) is not None:
        opcode, content, at = frame
        if opcode == _PING:
            pings.append(content)
        elif opcode == _CLOSE:
            closes = True
        elif opcode != _PONG:
            messages.append(content)
    return Heard(messages, pings, closes, stream[at:])


def pong(content: bytes) -> bytes:
    """Answer a ping."""
    return framed(content, _PONG)


def leaving() -> bytes:
    """Say that one goes, as is normal."""
    return framed((1000).to_bytes(2), _CLOSE)


def _frame(stream: bytes, at: int) -> tuple[int, bytes, int] | None:
    """Give the opcode, content and end of the frame that begins here, if it is all there."""
    if len(stream) < at + 2:
        return None
    head, length = stream[at], stream[at + 1]
    start = at + 2 + {_SHORT: 2, _MEDIUM: 8}.get(length, 0)
    if len(stream) < start:
        return None
    if not head & 0x80 or not head & 0xF:
        raise ValueError("a message in several frames")
    if length >= _SHORT:
        length = int.from_bytes(stream[at + 2 : start])
    end = start + length
    return (head & 0xF, stream[start:end], end) if len(stream) >= end else None
