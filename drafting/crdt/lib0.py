"""The encoding under Yjs (lib0): numbers, strings, byte strings and JSON-like values, read with bounds."""

from struct import Struct
from typing import Final

MOST: Final = 2**53 - 1
"""The largest number that JavaScript counts exactly; nothing larger is read or written."""

MOST_DEEP: Final = 20
"""How deep lists and objects may lie within each other."""

_SHORT: Final = "the bytes end too early"
_MORE: Final = 0x80
"""The bit that says that another byte of the number follows."""
_SHIFTS: Final = range(7, 56, 7)
_FLOAT, _DOUBLE, _LONG = Struct(">f"), Struct(">d"), Struct(">q")
_INT31: Final = 2**31 - 1


class Malformed(ValueError):  # noqa: N818 - it says of bytes what they are, as Refusal does of a request
    """Bytes that are not what they should be: cut short, promising more than they hold, too large or too deep."""


class Undefined:
    """JavaScript's ``undefined``, which is not ``null``."""

    def __repr__(self) -> str:
        return "UNDEFINED"


UNDEFINED: Final = Undefined()


class Reader:
    """Reads one value after the other from bytes. Every method raises ``Malformed`` rather than read past the end."""

    __slots__ = ("_at", "_data", "_end")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._end = len(data)

    @property
    def left(self) -> int:
        """How many bytes are still to be read."""
        return self._end - self._at

    def byte(self) -> int:
        """Read one byte."""
        at = self._at
        if at >= self._end:
            raise Malformed(_SHORT)
        self._at = at + 1
        return self._data[at]

    def raw(self, length: int) -> bytes:
        """Read so many bytes as they are."""
        start = self._at
        if length > self._end - start:
            raise Malformed(_SHORT)
        self._at = start + length
        return self._data[start : start + length]

    def uint(self) -> int:
        """Read a number from 0 to ``MOST``."""
        # Most of an update is such numbers, most of them one byte, and ids of clients five: no call is made for a byte.
        data, at = self._data, self._at
        try:
            byte = data[at]
            if byte < _MORE:
                self._at = at + 1
                return byte
            number = byte & 0x7F
            for shift in _SHIFTS:
                at += 1
                byte = data[at]
                if byte < _MORE:
                    break
                number |= (byte & 0x7F) << shift
        except IndexError:
            raise Malformed(_SHORT) from None
        number |= byte << shift
        if number > MOST:
            raise Malformed("a number is too large")
        self._at = at + 1
        return number

    def signed(self) -> int:
        """Read a number from ``-MOST`` to ``MOST``."""
        byte = self.byte()
        size = byte & 0x3F
        if byte & _MORE:
            size |= self.uint() << 6
            if size > MOST:
                raise Malformed("a number is too large")
        return -size if byte & 0x40 else size

    def count(self, least: int = 1) -> int:
        """Read how many things follow, each of which takes at least so many bytes."""
        count = self.uint()
        if count * least > self._end - self._at:
            raise Malformed("more is promised than the bytes hold")
        return count

    def blob(self) -> bytes:
        """Read a byte string."""
        return self.raw(self.uint())

    def text(self) -> str:
        """Read a string."""
        try:
            return self.raw(self.uint()).decode()
        except UnicodeDecodeError as error:
            raise Malformed("a string is not UTF-8") from error

    def any(self) -> object:
        """Read a JSON-like value: None, ``UNDEFINED``, a bool, number, string, byte string, list or dict."""
        return self._any(0)

    def _any(self, deep: int) -> object:
        kind = self.byte()
        simple = _SIMPLE.get(kind)
        if simple is not None:
            return simple(self)
        if deep >= MOST_DEEP:
            raise Malformed("a value is too deep")
        if kind == _OBJECT:
            return {self.text(): self._any(deep + 1) for _ in range(self.count(2))}
        if kind == _LIST:
            return [self._any(deep + 1) for _ in range(self.count())]
        raise Malformed("a value is of no known kind")


_LIST: Final = 117
_OBJECT: Final = 118
_SIMPLE: Final = {
    127: lambda _: UNDEFINED,
    126: lambda _: None,
    125: Reader.signed,
    124: lambda reader: _FLOAT.unpack(reader.raw(4))[0],
    123: lambda reader: _DOUBLE.unpack(reader.raw(8))[0],
    122: lambda reader: _LONG.unpack(reader.raw(8))[0],
    121: lambda _: False,
    120: lambda _: True,
    119: Reader.text,
    116: Reader.blob,
}


_CONSTANTS: Final[dict[object, int]] = {UNDEFINED: 127, None: 126, False: 121, True: 120}


class Writer:
    """Writes one value after the other; ``done`` gives the bytes."""

    __slots__ = ("_data",)

    def __init__(self) -> None:
        self._data = bytearray()

    def done(self) -> bytes:
        """Give all that was written."""
        return bytes(self._data)

    def byte(self, byte: int) -> "Writer":
        """Write one byte."""
        self._data.append(byte)
        return self

    def raw(self, data: bytes) -> "Writer":
        """Write bytes as they are."""
        self._data += data
        return self

    def uint(self, number: int) -> "Writer":
        """Write a number from 0 to ``MOST``."""
        if not 0 <= number <= MOST:
            raise ValueError(number)
        data = self._data
        while number >= _MORE:
            data.append(number & 0x7F | _MORE)
            number >>= 7
        data.append(number)
        return self

    def signed(self, number: int) -> "Writer":
        """Write a number from ``-MOST`` to ``MOST``."""
        size = abs(number)
        first = size & 0x3F | (0x40 if number < 0 else 0)
        return self.byte(first | _MORE).uint(size >> 6) if size >> 6 else self.byte(first)

    def blob(self, data: bytes) -> "Writer":
        """Write a byte string."""
        return self.uint(len(data)).raw(data)

    def text(self, text: str) -> "Writer":
        """Write a string."""
        return self.blob(text.encode())

    def any(self, value: object) -> "Writer":
        """Write a JSON-like value, as ``Reader.any`` reads it."""
        if isinstance(value, list | dict):
            return self._many(value)
        if isinstance(value, str):
            return self.byte(119).text(value)
        if isinstance(value, bytes):
            return self.byte(116).blob(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._number(value)
        return self.byte(_CONSTANTS[value])

    def _number(self, value: float) -> "Writer":
        if isinstance(value, float):
            return self.byte(123).raw(_DOUBLE.pack(value))
        return self.byte(125).signed(value) if abs(value) <= _INT31 else self.byte(122).raw(_LONG.pack(value))

    def _many(self, value: "list[object] | dict[str, object]") -> "Writer":
        self.byte(_LIST if isinstance(value, list) else _OBJECT).uint(len(value))
        if isinstance(value, list):
            for part in value:
                self.any(part)
            return self
        for key, part in value.items():
            self.text(key).any(part)
        return self
