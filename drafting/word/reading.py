"""A Word document as blocks: what a reader would see with every tracked change accepted."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import NamedTuple

from lxml import etree

from drafting.domain.plaintext import Block, Shape, folded, looks_like_heading
from drafting.word.guard import Package
from drafting.word.lists import Numbers, Styles, W, child_value, is_on

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_GONE = frozenset({f"{W}del", f"{W}moveFrom"})
_NO_WORDS = _GONE | {f"{W}pPr", f"{W}rt"}  # w:rt is the gloss above a ruby text
_TRACKED = frozenset({f"{W}{tag}" for tag in ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange")})
_PICTURES = frozenset({f"{W}drawing", f"{W}pict", f"{W}object", f"{_MC}AlternateContent"})
_SIGNS = {f"{W}tab": " ", f"{W}br": " ", f"{W}cr": " ", f"{W}ptab": " ", f"{W}noBreakHyphen": "\u2011"}
_NOTES = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
_NO_MATTER = frozenset({"separator", "continuationSeparator", "continuationNotice"})
_PRIVATE_USE = range(0xE000, 0xF900)
_OURS = frozenset({"masthead", "masthead line", "end matter"})
"""The styles, by name, of what ``drafting.word.masthead`` writes."""
_MOST_HEADING_LEVELS = 9


def blocks(package: Package) -> tuple[Block, ...]:
    """Read the paragraphs of a document in order, tables cell by cell, with computed numbers and light emphasis.

    Footnotes follow their paragraph. What is left out (hidden text, pictures, text boxes, contents, headers, comments)
    and what is worth a remark (tracked changes, tables) are asides.
    """
    return tuple(_Reader(package).blocks())


class _Piece(NamedTuple):
    text: str
    bold: bool
    italic: bool


@dataclass(slots=True)
class _Inside:
    """What the runs of a paragraph hold."""

    pieces: list[_Piece] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)  # (footnotes or endnotes, id)
    asides: list[tuple[str, str]] = field(default_factory=list)  # (note, text)


class _Reader:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._root = package.xml(package.main)
        self._styles = Styles(package.related("styles"))
        self._numbers = Numbers(package.related("numbering"), self._styles)
        self._notes = {kind: _notes(package.related(kind)) for kind in ("footnotes", "endnotes")}
        self._fields: list[bool] = []  # open fields, and whether each is still in its instruction
        self._count = 0
        self._note_count = 0
        self._carried = _Inside()  # what a paragraph whose mark was deleted hands to the next one

    def blocks(self) -> Iterator[Block]:
        yield from self._remarks()
        body = self._root.find(f"{W}body")
        if body is not None:
            yield from self._story(body)
        if rest := folded("".join(piece.text for piece in self._carried.pieces)):
            yield Block(rest, place=f"paragraph {self._count}")

    def _story(self, parent: etree._Element) -> Iterator[Block]:
        for element in parent:
            if element.tag == f"{W}p":
                yield from self._paragraph(element)
            elif element.tag == f"{W}tbl":
                yield self._aside("A table was read cell by cell, row by row", "")
                yield from self._table(element)
            elif element.tag == f"{W}altChunk":
                yield self._aside("A foreign document inside this one was left out", "")
            elif element.tag in _PICTURES:
                yield self._aside(*_picture(element))
            elif element.tag not in _GONE:
                yield from self._story(element)

    def _table(self, table: etree._Element) -> Iterator[Block]:
        for row in table.iterfind(f".//{W}tr"):
            if next(row.iterancestors(f"{W}tbl")) is table and child_value(row, "trPr/del") is None:
                yield from self._story(row)

    def _aside(self, note: str, text: str) -> Block:
        return Block(folded(text), Shape.ASIDE, place=f"paragraph {self._count}", note=note)

    def _paragraph(self, paragraph: etree._Element) -> Iterator[Block]:
        self._count += 1
        style = child_value(paragraph, "pPr/pStyle")
        inside = self._carried
        self._inline(paragraph, inside, style)
        self._fields = [False for _ in self._fields]  # an instruction left open ends with its paragraph
        if any(child_value(paragraph, f"pPr/rPr/{gone}") is not None for gone in ("del", "moveFrom")):
            self._carried = inside
            return
        self._carried = _Inside()
        place = f"paragraph {self._count}"
        plain = folded("".join(piece.text for piece in inside.pieces))
        aside = self._furniture(paragraph, style)
        if plain:
            yield self._aside(aside, plain) if aside else self._block(paragraph, style, inside.pieces, place)
        for kind, note in inside.notes:
            yield from self._note(kind, note, place)
        for remark, text in inside.asides:
            yield self._aside(remark, text)

    def _block(self, paragraph: etree._Element, style: str | None, pieces: list[_Piece], place: str) -> Block:
        marker, level = self._numbers.number(paragraph, style)
        marker = f"{marker}." if marker.isdecimal() else marker
        text, emphasised = _emphasised(pieces)
        block = Block(text, level=level, marker=marker, place=place)
        if self._styles.name(style) == "title":
            return replace(block, shape=Shape.TITLE, marker="")
        outline = child_value(paragraph, "pPr/outlineLvl") or self._styles.value(style, "pPr/outlineLvl") or ""
        if outline.isdecimal() and int(outline) < _MOST_HEADING_LEVELS:
            return replace(block, shape=Shape.HEADING, level=int(outline) + 1)
        if emphasised and not marker and looks_like_heading(text):
            return replace(block, shape=Shape.HEADING, level=0)
        return block

    def _furniture(self, paragraph: etree._Element, style: str | None) -> str:
        """Say why a paragraph is no part of the text, if it is not."""
        name = self._styles.name(style)
        if name in _OURS:
            return "What our own files print around the text was left out"
        if name.startswith("toc ") or self._in_contents(paragraph):
            return "The table of contents was left out"
        return ""

    @staticmethod
    def _in_contents(paragraph: etree._Element) -> bool:
        return any(
            child_value(content, "sdtPr/docPartObj/docPartGallery") == "Table of Contents"
            for content in paragraph.iterancestors(f"{W}sdt")
        )

    def _inline(self, parent: etree._Element, inside: _Inside, style: str | None) -> None:
        for element in parent:
            if element.tag == f"{W}r":
                self._run(element, inside, style)
            elif element.tag == _MATH_TEXT:
                inside.pieces.append(_Piece(element.text or "", bold=False, italic=False))
            elif element.tag in _PICTURES:
                inside.asides.append(_picture(element))
            elif element.tag not in _NO_WORDS:
                self._inline(element, inside, style)

    def _run(self, run: etree._Element, inside: _Inside, style: str | None) -> None:
        hidden = is_on(child_value(run, "rPr/vanish"))
        bold, italic = (self._look(run, style, switch) for switch in ("b", "i"))
        for element in run:
            if element.tag == f"{W}fldChar":
                self._field(element.get(f"{W}fldCharType", ""))
                continue
            if any(self._fields):
                continue
            text = self._printed(element, inside, style)
            if text and hidden:
                inside.asides.append(("Hidden text was left out", text))
            elif text:
                inside.pieces.append(_Piece(text, bold=bold, italic=italic))

    def _printed(self, element: etree._Element, inside: _Inside, style: str | None) -> str:
        """Give what one child of a run prints; notes, pictures and ruby bases go to ``inside``."""
        if element.tag == f"{W}t":
            return element.text or ""
        if element.tag == f"{W}sym":
            return _symbol(element, inside)
        if element.tag in _NOTES:
            inside.notes.append((_NOTES[element.tag], element.get(f"{W}id", "")))
        elif element.tag in _PICTURES:
            inside.asides.append(_picture(element))
        elif element.tag == f"{W}ruby":
            self._inline(element, inside, style)
        return _SIGNS.get(str(element.tag), "")

    def _look(self, run: etree._Element, style: str | None, switch: str) -> bool:
        """Whether a run is bold or italic, by itself, by its character style, or by its paragraph's."""
        own = is_on(child_value(run, f"rPr/{switch}"))
        if own is None and (character := child_value(run, "rPr/rStyle")):
            own = is_on(self._styles.value(character, f"rPr/{switch}"))
        return own if own is not None else is_on(self._styles.value(style, f"rPr/{switch}")) or False

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(True)
        elif kind == "separate" and self._fields:
            self._fields[-1] = False
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _note(self, kind: str, identity: str, place: str) -> Iterator[Block]:
        note = self._notes[kind].pop(identity, None)  # once: a thousand references to one note make no thousand notes
        if note is None:
            return
        self._note_count += 1
        marker = str(self._note_count)
        inside = _Inside()
        for paragraph in note.iter(f"{W}p"):
            self._inline(paragraph, inside, child_value(paragraph, "pPr/pStyle"))
            inside.pieces.append(_Piece(" ", bold=False, italic=False))
        if folded("".join(piece.text for piece in inside.pieces)):
            yield Block(_emphasised(inside.pieces)[0], Shape.FOOTNOTE, marker=marker, place=place)

    def _remarks(self) -> Iterator[Block]:
        if next(self._root.iter(*_TRACKED), None) is not None:
            yield self._aside("The file held tracked changes; it was read as if all were accepted", "")
        if self._package.links_outside():
            yield self._aside("The file refers to something outside itself, which was not fetched", "")
        for relation in dict.fromkeys(self._package.relations(self._package.main)):
            if relation.kind in _LEFT_OUT:
                text = folded(" ".join(found.text or "" for found in self._package.xml(relation.part).iter(f"{W}t")))
                if text:
                    yield self._aside(_LEFT_OUT[relation.kind], text)
        if any(self._notes.values()):
            yield self._aside("Footnotes were put behind their paragraphs; the places of their signs were not kept", "")


_LEFT_OUT = {
    "header": "Page headers and footers were left out",
    "footer": "Page headers and footers were left out",
    "comments": "Comments were left out",
}


def _notes(root: etree._Element | None) -> dict[str, etree._Element]:
    return {
        element.get(f"{W}id", ""): element
        for element in (root if root is not None else ())
        if element.get(f"{W}type") not in _NO_MATTER
    }


def _picture(element: etree._Element) -> tuple[str, str]:
    """Tell a picture from a text box (its words once, though a file may hold them for old and for new programs)."""
    choice = element.find(f"{_MC}Choice")
    text = " ".join(found.text or "" for found in (element if choice is None else choice).iter(f"{W}t"))
    return ("A text box was left out" if text.strip() else "A picture was left out"), text


def _symbol(element: etree._Element, inside: _Inside) -> str:
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


def _emphasised(pieces: list[_Piece]) -> tuple[str, bool]:
    """Put CommonMark emphasis where a part of the text is emphasised, and tell whether all of it is bold.

    Literal asterisks are escaped where they could be taken for emphasis.
    """
    worded = [piece for piece in pieces if piece.text.strip()]
    plain = "".join(piece.text for piece in pieces)
    looks = {(piece.bold, piece.italic) for piece in worded}
    if len(looks) <= 1:
        return folded(plain.replace("*", r"\*") if plain.count("*") > 1 else plain), (True, False) in looks
    parts: list[str] = []
    for (bold, italic), group in groupby(_spaces_joined(pieces), key=lambda piece: (piece.bold, piece.italic)):
        text = "".join(piece.text for piece in group).replace("*", r"\*")
        core = text.strip()
        mark = "*" * (2 * bold + italic) if core else ""
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        parts.append(f"{before}{mark}{core}{mark}{after}" if core else text)
    return folded("".join(parts)), False


def _spaces_joined(pieces: list[_Piece]) -> Iterator[_Piece]:
    """Spaces take the look of what stands before them, so that they end no emphasis."""
    look = (False, False)
    for piece in pieces:
        look = (piece.bold, piece.italic) if piece.text.strip() else look
        yield _Piece(piece.text, *look)
