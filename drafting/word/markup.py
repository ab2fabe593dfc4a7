"""The smallest pieces of WordprocessingML: escaped text, runs, and the marks of a tracked change.

Strings, not element trees: a text of 300 pages is some 10,000 runs, and joining strings is the fastest serializer there
is. All text that people wrote passes ``escape``.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

from drafting.word.emphasis import BOLD, ITALIC

SHADED = 4
"""A look that is not in the text: what the reader is to see at once."""

RTL_LANGUAGES = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})
_ILLEGAL = re.compile("[^\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TEXT = '<w:t xml:space="preserve">', "</w:t>"
_DELETED_TEXT = '<w:delText xml:space="preserve">', "</w:delText>"


def escape(text: str) -> str:
    """Text as XML content or attribute: illegal characters gone, a line break turned into a space."""
    if not text.isprintable():  # what is printable is legal
        text = _ILLEGAL.sub("", text.replace("\r\n", " ").replace("\n", " ").replace("\r", " "))
    if "&" in text or "<" in text or ">" in text or '"' in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return text


def timestamp(moment: datetime) -> str:
    """Write an aware time as Word does: UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def run(text: str, look: int, *, rtl: bool, deleted: bool = False, look_change: str = "") -> str:
    """One ``w:r``; a tab in the text becomes a real tab. ``look_change`` is a ready ``w:rPrChange``."""
    start, end = _DELETED_TEXT if deleted else _TEXT
    text = escape(text)
    if "\t" in text:
        content = "<w:tab/>".join(f"{start}{part}{end}" if part else "" for part in text.split("\t"))
    else:
        content = f"{start}{text}{end}"
    if not look and not rtl and not look_change:
        return f"<w:r>{content}</w:r>"
    return f"<w:r>{run_properties(look, rtl=rtl, look_change=look_change)}{content}</w:r>"


def run_properties(look: int, *, rtl: bool, look_change: str = "") -> str:
    """``w:rPr`` with its children in the schema's order, or nothing when there are none."""
    inner = _look(look, rtl=rtl) + look_change
    return f"<w:rPr>{inner}</w:rPr>" if inner else ""


@cache
def _look(look: int, *, rtl: bool) -> str:
    bold = "<w:b/><w:bCs/>" if look & BOLD else ""
    italic = "<w:i/><w:iCs/>" if look & ITALIC else ""
    shading = '<w:shd w:val="clear" w:color="auto" w:fill="D9D9D9"/>' if look & SHADED else ""
    return bold + italic + shading + ("<w:rtl/>" if rtl else "")


class Pen:
    """Marks changes in one author's name. All pens of a file share ``ids``, for no two marks may have the same."""

    def __init__(self, ids: Iterator[int], author: str, when: str) -> None:
        self._ids = ids
        self._name_and_date = f'w:author="{escape(author)}" w:date="{when}"'

    def attributes(self) -> str:
        """Id, author and date, with an id of its own each time."""
        return f'w:id="{next(self._ids)}" {self._name_and_date}'

    def around(self, tag: str, runs: str) -> str:
        """Put runs inside a change: ``ins``, ``del``, ``moveFrom`` or ``moveTo``."""
        return f"<w:{tag} {self.attributes()}>{runs}</w:{tag}>"

    def on_mark(self, tag: str) -> str:
        """Do the same for a paragraph's mark; it goes first among the mark's run properties."""
        return f"<w:{tag} {self.attributes()}/>"

    def look_change(self, before: int, *, rtl: bool) -> str:
        """Say that a kept word looked otherwise ``before``."""
        return f"<w:rPrChange {self.attributes()}><w:rPr>{_look(before, rtl=rtl)}</w:rPr></w:rPrChange>"

    def around_move(self, tag: str, name: str) -> tuple[str, str]:
        """Give start and end of a move's range, of one id; the two places of a move share ``name``."""
        number = next(self._ids)
        start = f'<w:{tag}RangeStart w:id="{number}" {self._name_and_date} w:name="{name}"/>'
        return start, f'<w:{tag}RangeEnd w:id="{number}"/>'
