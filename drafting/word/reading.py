"""A Word document as blocks: what a reader would see with every tracked change accepted."""

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from drafting.domain.plaintext import Block, Shape, folded, looks_like_heading
from drafting.word.guard import Package
from drafting.word.lists import Numbers, Styles, W, child_value
from drafting.word.runs import GONE, PICTURES, Inside, Piece, Runs, emphasised, in_contents, picture, plain, story

_TRACKED = frozenset({f"{W}{tag}" for tag in ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange")})
_NO_MATTER = frozenset({"separator", "continuationSeparator", "continuationNotice"})
_OURS = frozenset({"masthead", "masthead line", "end matter", "status line"})
"""The styles, by name, of what our own files print around the text."""
_MOST_HEADING_LEVELS = 9


def blocks(package: Package) -> tuple[Block, ...]:
    """Read the paragraphs of a document in order, tables cell by cell, with computed numbers and light emphasis.

    Footnotes follow their paragraph. What is left out (hidden text, pictures, text boxes, contents, headers, comments)
    and what is worth a remark (tracked changes, tables) are asides.
    """
    return tuple(_Reader(package).blocks())


class _Reader:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._root = package.xml(package.main)
        self._styles = Styles(package.related("styles"))
        self._numbers = Numbers(package.related("numbering"), self._styles)
        self._notes = {kind: notes_of(package.related(kind)) for kind in ("footnotes", "endnotes")}
        self._runs = Runs(self._styles)
        self._count = 0
        self._note_count = 0
        self._carried = Inside()  # what a paragraph whose mark was deleted hands to the next one

    def blocks(self) -> Iterator[Block]:
        yield from self._remarks()
        body = self._root.find(f"{W}body")
        if body is not None:
            yield from self._story(body)
        if rest := plain(self._carried.pieces):
            yield Block(rest, place=f"paragraph {self._count}")

    def _story(self, parent: etree._Element) -> Iterator[Block]:
        for element in story(parent, skip=GONE):
            if element.tag == f"{W}p":
                yield from self._paragraph(element)
            elif element.tag == f"{W}tbl":
                yield self._aside("A table was read cell by cell, row by row", "")
            elif element.tag == f"{W}altChunk":
                yield self._aside("A foreign document inside this one was left out", "")
            elif element.tag in PICTURES:
                yield self._aside(*picture(element))

    def _aside(self, note: str, text: str) -> Block:
        return Block(folded(text), Shape.ASIDE, place=f"paragraph {self._count}", note=note)

    def _paragraph(self, paragraph: etree._Element) -> Iterator[Block]:
        self._count += 1
        style = child_value(paragraph, "pPr/pStyle")
        inside = self._carried
        self._runs.read(paragraph, inside, style)
        self._runs.end_paragraph()
        if any(child_value(paragraph, f"pPr/rPr/{gone}") is not None for gone in ("del", "moveFrom")):
            self._carried = inside
            return
        self._carried = Inside()
        place = f"paragraph {self._count}"
        words = plain(inside.pieces)
        aside = furniture(paragraph, self._styles.name(style))
        if words:
            yield self._aside(aside, words) if aside else self._block(paragraph, style, inside.pieces, place)
        for sign in inside.notes:
            yield from self._note(sign.kind, sign.id, place)
        for remark, text in inside.asides:
            yield self._aside(remark, text)

    def _block(self, paragraph: etree._Element, style: str | None, pieces: list[Piece], place: str) -> Block:
        marker, level = self._numbers.number(paragraph, style)
        marker = f"{marker}." if marker.isdecimal() else marker
        text, all_bold = emphasised(pieces)
        block = Block(text, level=level, marker=marker, place=place)
        if self._styles.name(style) == "title":
            return replace(block, shape=Shape.TITLE, marker="")
        outline = child_value(paragraph, "pPr/outlineLvl") or self._styles.value(style, "pPr/outlineLvl") or ""
        if outline.isdecimal() and int(outline) < _MOST_HEADING_LEVELS:
            return replace(block, shape=Shape.HEADING, level=int(outline) + 1)
        if all_bold and not marker and looks_like_heading(text):
            return replace(block, shape=Shape.HEADING, level=0)
        return block

    def _note(self, kind: str, identity: str, place: str) -> Iterator[Block]:
        note = self._notes[kind].pop(identity, None)  # once: a thousand references to one note make no thousand notes
        if note is None:
            return
        self._note_count += 1
        marker = str(self._note_count)
        inside = Inside()
        for paragraph in note.iter(f"{W}p"):
            self._runs.read(paragraph, inside, child_value(paragraph, "pPr/pStyle"))
            inside.pieces.append(Piece(" ", bold=False, italic=False))
        if plain(inside.pieces):
            yield Block(emphasised(inside.pieces)[0], Shape.FOOTNOTE, marker=marker, place=place)

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


def notes_of(root: etree._Element | None) -> dict[str, etree._Element]:
    """Give the notes of a part by id, without the lines between them and the text."""
    return {
        element.get(f"{W}id", ""): element
        for element in (root if root is not None else ())
        if element.get(f"{W}type") not in _NO_MATTER
    }


def furniture(paragraph: etree._Element, style_name: str) -> str:
    """Say why a paragraph is no part of the text, if it is not."""
    if style_name in _OURS:
        return "What our own files print around the text was left out"
    if style_name.startswith("toc ") or in_contents(paragraph):
        return "The table of contents was left out"
    return ""
