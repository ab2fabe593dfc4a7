"""A text as it is kept and as it is read. Readers count code points, Yjs UTF-16 units, pycrdt bytes of UTF-8."""

import re
import unicodedata
from bisect import bisect_left
from typing import Final

_BREAKS: Final = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def read(raw: str) -> str:
    """Give a text as it is read: NFC, each line break one space."""
    return unicodedata.normalize("NFC", _BREAKS.sub(" ", raw))


def as_read(raw: str, offset: int) -> int:
    """Give the offset in ``read(raw)`` of an offset in ``raw``; inside what NFC makes one character, its end."""
    return offset if read(raw) == raw else len(read(raw[:offset]))


def as_kept(raw: str, offset: int) -> int:
    """Give the offset in ``raw`` of an offset in ``read(raw)``."""
    if read(raw) == raw:
        return offset
    # The end of a character, with all its marks: the last place at which so much has been read.
    return bisect_left(range(len(raw)), offset + 1, key=lambda at: len(read(raw[: at + 1])))


def bytes_before(raw: str, offset: int) -> int:
    """Count the bytes of UTF-8 before an offset."""
    return len(raw[:offset].encode())
