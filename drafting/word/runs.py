"""The runs of a paragraph in document order: what each prints, how it looks, under which tracked changes it stands."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from lxml import etree

from drafting.domain.plaintext import folded
from drafting.word.lists import Styles, W, child_value, is_on

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
GONE = frozenset({f"{W}del", f"{W}moveFrom"})
COME = frozenset({f"{W}ins", f"{W}moveTo"})
PICTURES = frozenset({f"{W}drawing", f"{W}pict", f"{W}object", f"{MC}AlternateContent"})
_NO_WORDS = frozenset({f"{W}pPr", f"{W}rt"})  # w:rt is the gloss above a ruby text
_MARKERS = ("commentRange", "moveFromRange", "moveToRange")
SIGNS = frozenset({f"{W}{name}{end}" for name in _MARKERS for end in ("Start", "End")} | {f"{W}commentReference"})
_PRINTED = {f"{W}tab": " ", f"{W}br": " ", f"{W}cr": " ", f"{W}ptab": " ", f"{W}noBreakHyphen": "\u2011"}
_NOTES = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
_FETCHES = re.compile(r"\s*(?:DDE|DDEAUTO|LINK|IMPORT|DATABASE|INCLUDE(?:TEXT|PICTURE)?)\b", re.IGNORECASE)
_PRIVATE_USE = range(0xE000, 0xF900)


class Change(NamedTuple):
    """A tracked change as a file has it. ``number`` counts the changes of the file from 0; ``kind`` is the name of its
    element (``ins``, ``del``, ``moveFrom``, ``moveTo``, ``rPrChange`` …); ``author`` and ``date`` are what it says.
    """

    number: int
    kind: str
    author: str
    date: str


class Restyled(NamedTuple):
    """A tracked change of looks, and how the words looked before it."""

    change: Change
    bold: bool
    italic: bool


class Piece(NamedTuple):
    """Characters that a run prints. ``brought`` and ``taken`` are the changes that put them there and take them away,
    the innermost last.
    """

    text: str
    bold: bool
    italic: bool
    brought: tuple[Change, ...] = ()
    taken: tuple[Change, ...] = ()
    restyled: Restyled | None = None


class Sign(NamedTuple):
    """A mark between the pieces of a paragraph: the name of its element, its id and name, and before which piece."""

    kind: str
    id: str
    name: str
    at: int


class NoteSign(NamedTuple):
    """A reference to a note: ``footnotes`` or ``endnotes``, its id, and the changes that it stands under."""

    kind: str
    id: str
    brought: tuple[Change, ...] = ()
    taken: tuple[Change, ...] = ()


@dataclass(slots=True)
class Inside:
    """What the runs of a paragraph hold."""

    pieces: list[Piece] = field(default_factory=list)
    notes: list[NoteSign] = field(default_factory=list)
    asides: list[tuple[str, str]] = field(default_factory=list)  # (note, text)
    signs: list[Sign] = field(default_factory=list)


class Ledger:
    """The tracked changes of a file, numbered in the order in which they are found."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self._of: dict[etree._Element, Change] = {}

    def enter(self, element: etree._Element) -> Change:
        """Give a change its number; asked again about the same element, the same."""
        if element not in self._of:
            author, date = (element.get(f"{W}{name}", "") for name in ("author", "date"))
            change = Change(len(self.changes), etree.QName(element).localname, folded(author), date)
            self.changes.append(change)
            self._of[element] = change
        return self._of[element]


class Runs:
    """Reads runs. Without a ``ledger``, as if every change were accepted; with one, all there is, in order."""

    def __init__(self, styles: Styles, ledger: Ledger | None = None) -> None:
        self._styles = styles
        self._ledger = ledger
        self._fields: list[bool] = []  # open fields, and whether each is still in its instruction
        self._brought: tuple[Change, ...] = ()
        self._taken: tuple[Change, ...] = ()

    def read(self, parent: etree._Element, inside: Inside, style: str | None) -> None:
        """Read what a paragraph, or a part of one, holds. ``style`` is the paragraph's."""
        for element in parent:
            if element.tag == f"{W}r":
                self._run(element, inside, style)
            elif element.tag == _MATH_TEXT:
                self._print(inside, element.text or "", bold=False, italic=False)
            elif element.tag in PICTURES:
                inside.asides.append(picture(element))
            elif element.tag in SIGNS:
                self._sign(element, inside)
            elif element.tag in GONE or element.tag in COME:
                self._changed(element, inside, style)
            elif element.tag not in _NO_WORDS:
                self._note_fetching(element.get(f"{W}instr"), inside)
                self.read(element, inside, style)

    def under(self, brought: Iterable[Change], taken: Iterable[Change]) -> None:
        """Say under which changes the next paragraph stands as a whole: those of its table row."""
        self._brought, self._taken = tuple(brought), tuple(taken)

    def end_paragraph(self) -> None:
        """Leave the paragraph: an instruction left open ends with it."""
        self._fields = [False for _ in self._fields]

    def _changed(self, element: etree._Element, inside: Inside, style: str | None) -> None:
        gone = element.tag in GONE
        if self._ledger is None:
            if not gone:
                self.read(element, inside, style)
            return
        around = self._brought, self._taken
        change = self._ledger.enter(element)
        if gone:
            self._taken = (*self._taken, change)
        else:
            self._brought = (*self._brought, change)
        self.read(element, inside, style)
        self._brought, self._taken = around

    def _print(self, inside: Inside, text: str, *, bold: bool, italic: bool, restyled: Restyled | None = None) -> None:
        inside.pieces.append(Piece(text, bold, italic, self._brought, self._taken, restyled))

    def _sign(self, element: etree._Element, inside: Inside) -> None:
        id_, name = (element.get(f"{W}{attribute}", "") for attribute in ("id", "name"))
        inside.signs.append(Sign(etree.QName(element).localname, id_, name, len(inside.pieces)))

    def _run(self, run: etree._Element, inside: Inside, style: str | None) -> None:
        hidden = is_on(child_value(run, "rPr/vanish"))
        bold, italic = (self._look(run, style, switch) for switch in ("b", "i"))
        restyled = self._restyled(run, style)
        for element in run:
            self._note_fetching(element.text if element.tag == f"{W}instrText" else None, inside)
            if element.tag == f"{W}fldChar":
                self._field(element.get(f"{W}fldCharType", ""))
                continue
            if any(self._fields):
                continue
            text = self._printed(element, inside, style)
            if text and hidden:
                inside.asides.append(("Hidden text was left out", text))
            elif text:
                self._print(inside, text, bold=bold, italic=italic, restyled=restyled)

    def _printed(self, element: etree._Element, inside: Inside, style: str | None) -> str:
        """Give what one child of a run prints; notes, pictures and ruby bases go to ``inside``."""
        if element.tag == f"{W}t" or (element.tag == f"{W}delText" and self._ledger is not None):
            return element.text or ""
        if element.tag == f"{W}sym":
            return _symbol(element, inside)
        if element.tag in _NOTES:
            sign = NoteSign(_NOTES[element.tag], element.get(f"{W}id", ""), self._brought, self._taken)
            inside.notes.append(sign)
        elif element.tag in PICTURES:
            inside.asides.append(picture(element))
        elif element.tag in SIGNS:
            self._sign(element, inside)
        elif element.tag == f"{W}ruby":
            self.read(element, inside, style)
        return _PRINTED.get(str(element.tag), "")

    def _look(self, run: etree._Element, style: str | None, switch: str, path: str = "rPr") -> bool:
        """Whether a run is bold or italic, by itself, by its character style, or by its paragraph's."""
        own = is_on(child_value(run, f"{path}/{switch}"))
        if own is None and (character := child_value(run, f"{path}/rStyle")):
            own = is_on(self._styles.value(character, f"rPr/{switch}"))
        return own if own is not None else is_on(self._styles.value(style, f"rPr/{switch}")) or False

    @staticmethod
    def _note_fetching(instruction: str | None, inside: Inside) -> None:
        """Say so where a field would fetch something from outside the file; what it printed last is read as it is."""
        if instruction and _FETCHES.match(instruction):
            inside.asides.append(("A field would fetch something from outside; it was not followed", instruction))

    def _restyled(self, run: etree._Element, style: str | None) -> Restyled | None:
        if self._ledger is None or (element := run.find(f"{W}rPr/{W}rPrChange")) is None:
            return None
        bold, italic = (self._look(run, style, switch, "rPr/rPrChange/rPr") for switch in ("b", "i"))
        return Restyled(self._ledger.enter(element), bold, italic)

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(True)
        elif kind == "separate" and self._fields:
            self._fields[-1] = False
        elif kind == "end" and self._fields:
            self._fields.pop()


def picture(element: etree._Element) -> tuple[str, str]:
    """Tell a picture from a text box (its words once, though a file may hold them for old and for new programs)."""
    if element.tag == f"{W}object":
        return "An embedded object was left out", ""
    choice = element.find(f"{MC}Choice")
    text = " ".join(found.text or "" for found in (element if choice is None else choice).iter(f"{W}t"))
    return ("A text box was left out" if text.strip() else "A picture was left out"), text


def _symbol(element: etree._Element, inside: Inside) -> str:
    code = element.get(f"{W}char", "")
    try:
        point = int(code, 16)
        sign = chr(point)
    except (ValueError, OverflowError):
        return ""
    if point in _PRIVATE_USE:
        inside.asides.append(("A sign of a symbol font was left out", f"{element.get(f'{W}font', '')} {code}"))
        return ""
    return sign


def plain(pieces: Iterable[Piece]) -> str:
    """Give the words of pieces, NFC, on one line."""
    return folded("".join(piece.text for piece in pieces))


def emphasised(pieces: list[Piece]) -> tuple[str, bool]:
    """Put CommonMark emphasis where a part of the text is emphasised, and tell whether all of it is bold.

    Literal asterisks are escaped where they could be taken for emphasis.
    """
    worded = [piece for piece in pieces if piece.text.strip()]
    text = "".join(piece.text for piece in pieces)
    looks = {(piece.bold, piece.italic) for piece in worded}
    if len(looks) <= 1:
        return folded(text.replace("*", r"\*") if text.count("*") > 1 else text), (True, False) in looks
    parts: list[str] = []
    for (bold, italic), group in groupby(_spaces_joined(pieces), key=lambda piece: (piece.bold, piece.italic)):
        text = "".join(piece.text for piece in group).replace("*", r"\*")
        core = text.strip()
        mark = "*" * (2 * bold + italic) if core else ""
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        parts.append(f"{before}{mark}{core}{mark}{after}" if core else text)
    return folded("".join(parts)), False


def _spaces_joined(pieces: list[Piece]) -> Iterator[Piece]:
    """Spaces take the look of what stands before them, so that they end no emphasis."""
    look = (False, False)
    for piece in pieces:
        look = (piece.bold, piece.italic) if piece.text.strip() else look
        yield Piece(piece.text, *look)


def story(parent: etree._Element, *, skip: frozenset[str] = frozenset()) -> Iterator[etree._Element]:
    """Yield the paragraphs of a text in reading order, and between them the tables (before their paragraphs), foreign
    documents, pictures and loose signs. What is in an element of ``skip`` is left out, as are then deleted table rows.
    """
    for element in parent:
        if element.tag == f"{W}tbl":
            yield element
            for row in element.iterfind(f".//{W}tr"):
                own = next(row.iterancestors(f"{W}tbl")) is element
                if own and not (skip and child_value(row, "trPr/del") is not None):
                    yield from story(row, skip=skip)
        elif element.tag in {f"{W}p", f"{W}altChunk"} or element.tag in PICTURES or element.tag in SIGNS:
            yield element
        elif element.tag not in skip:
            yield from story(element, skip=skip)


def in_contents(paragraph: etree._Element) -> bool:
    """Whether a paragraph is a line of the table of contents."""
    return any(
        child_value(content, "sdtPr/docPartObj/docPartGallery") == "Table of Contents"
        for content in paragraph.iterancestors(f"{W}sdt")
    )
