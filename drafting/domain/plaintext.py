"""A text file as blocks: Markdown, and plain text as it comes out of a PDF of a negotiated text.

Every word of the source stands in exactly one block; what is no part of the draft (page furniture, contents, a
masthead) is a block of shape ``ASIDE`` whose note says so.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from drafting.domain.labels import read_marker
from drafting.domain.openings import adopts, begins_upper, ends_sentence, heads_part, opens_recital
from drafting.domain.pages import Role, Row, rows, starts_footnote


class Shape(StrEnum):
    """What a block is, as far as its form tells."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    FOOTNOTE = "footnote"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of a source, on one line, NFC, spaces folded.

    ``level``: a heading's from 1 (0: it only looks like one); how deep a list item is indented, from 0. ``marker``:
    the number that the source computes and does not have in its text. ``place``: where to find it, for people.
    ``note``: why an aside is no part of the draft; an aside without text only remarks on the source.
    """

    text: str
    shape: Shape = Shape.PARAGRAPH
    level: int = 0
    marker: str = ""
    place: str = ""
    note: str = ""


_ASIDES = {
    Role.FURNITURE: "Page headers and page numbers were left out",
    Role.CONTENTS: "The table of contents was left out",
    Role.MASTHEAD: "The masthead of the document was left out",
}
_MOST_HEADING_WORDS = 25
_LINE_OF_A_PARAGRAPH = 170  # characters; a file whose lines are longer has one paragraph a line
_LETTER_HYPHEN = re.compile(r"[^\W\d_]-$|/$")
_JOINED_AFTER_HYPHEN = re.compile(r"(?!(?:and|or|to)\b)[^\W_]")
_WHOLLY_EMPHASISED = re.compile(r"(\*{1,3}|_{2})(?=\S)((?:(?!\1).)+)(?<=\S)\1")


def blocks(text: str, *, markdown: bool) -> tuple[Block, ...]:
    """Cut a text into blocks in reading order; every word of it is in one of them."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return tuple(_markdown(lines) if markdown else _Typescript(rows(lines)).blocks())


def folded(text: str) -> str:
    """NFC, and every run of white space one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def looks_like_heading(text: str) -> bool:
    """Whether a paragraph is short, begins with a capital and does not end as a sentence does."""
    return begins_upper(text) and not ends_sentence(text) and len(text.split()) <= _MOST_HEADING_WORDS


def without_emphasis(text: str) -> str:
    """Take off emphasis that covers the whole of a text."""
    whole = _WHOLLY_EMPHASISED.fullmatch(text)
    return whole[2] if whole else text


@dataclass(slots=True)
class _Growing:
    """A block whose lines are still coming."""

    block: Block
    lines: list[str]

    def done(self) -> Block:
        """Put the lines together; a word cut at its own hyphen gets no space."""
        text = [self.lines[0]]
        for line, more in pairwise(self.lines):
            tight = _LETTER_HYPHEN.search(line[-2:]) and _JOINED_AFTER_HYPHEN.match(more)
            text.append(more if tight else f" {more}")
        return replace(self.block, text="".join(text))


class _Typescript:
    """Paragraphs put together again from the rows of a plain text file."""

    def __init__(self, found: list[Row]) -> None:
        self._rows = found
        lengths = sorted(len(row.text) for row in found if row.role is Role.TEXT) or [0]
        self._width = lengths[len(lengths) * 9 // 10]
        self._done: list[Block] = []
        self._waiting: list[_Growing] = []  # footnotes and asides, which stand after the paragraph they interrupt
        self._open: _Growing | None = None
        self._note_reached = 0
        self._aside_page = 0

    def blocks(self) -> list[Block]:
        previous: Row | None = None
        blank = False
        for row in self._rows:
            if row.role is Role.TEXT:
                if self._open is None or previous is None or self._breaks(previous, row, blank=blank):
                    self._close()
                    self._open = _Growing(Block("", place=f"line {row.number}"), [])
                self._open.lines.append(folded(row.text))
                previous, blank = row, False
            elif row.role is Role.BLANK:
                blank = True
            else:
                self._set_aside(row)
        self._close()
        return self._done

    def _close(self) -> None:
        if self._open is not None:
            self._done.append(self._open.done())
        self._done.extend(waiting.done() for waiting in self._waiting)
        self._open, self._waiting = None, []

    def _set_aside(self, row: Row) -> None:
        if not row.text:
            return
        note = starts_footnote(row.text, self._note_reached) if row.role is Role.FOOTNOTE else ""
        if note.isdecimal():
            self._note_reached = int(note)
        shape = Shape.FOOTNOTE if row.role is Role.FOOTNOTE else Shape.ASIDE
        reason = _ASIDES.get(row.role, "")
        last = self._waiting[-1] if self._waiting else None
        same_page, self._aside_page = self._aside_page == row.page, row.page
        if last is None or note or not same_page or (last.block.shape, last.block.note) != (shape, reason):
            last = _Growing(Block("", shape, marker=note, place=f"line {row.number}", note=reason), [])
            self._waiting.append(last)
        last.lines.append(folded(row.text.removeprefix(note)))

    def _breaks(self, previous: Row, row: Row, *, blank: bool) -> bool:
        """Whether ``row`` begins a paragraph."""
        if self._width > _LINE_OF_A_PARAGRAPH or (blank and previous.page == row.page):
            return True
        ended = ends_sentence(previous.text) or previous.text.endswith("]")
        had_room = len(previous.text) + 1 + len(row.text.split(maxsplit=1)[0]) < self._width * 0.8
        if read_marker(row.text) is not None:
            return ended or had_room
        if adopts(row.text) or (heads_part(row.text) and len(row.text) < self._width * 0.7):
            return True
        return begins_upper(row.text) and (
            (ended and (had_room or opens_recital(row.text)))
            or len(previous.text) < self._width * 0.6
            or (had_room and len(row.text) < self._width * 0.6)
        )


_FRONT_MATTER = re.compile(r"\s*---\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_FRONT_TITLE = re.compile(r"^title:[ \t]*(.+?)[ \t]*$", re.MULTILINE)
_HEADING = re.compile(r"(#{1,6})[ \t]+(.*)")
_UNDERLINE = re.compile(r"=+|-+")
_RULE = re.compile(r"(?:[-*_][ \t]*){3,}")
_NOTE = re.compile(r"\[\^([^\]\s]{1,40})\]:[ \t]*(.*)")
_ESCAPED = re.compile(r"\\([#\-+.!()\[\]{}_`>|~\\])")


def _markdown(text: str) -> list[Block]:
    done: list[Block] = []
    start = 0
    if front := _FRONT_MATTER.match(text):
        done.extend(_front_matter(front[1]))
        start = front.end()
    first_line = text.count("\n", 0, start) + 1
    body = _without_comments(text[start:], first_line, done)
    reader = _MarkdownLines(done)
    for number, line in enumerate(body.split("\n"), first_line):
        reader.take(line, number)
    reader.close()
    return done


def _front_matter(front: str) -> list[Block]:
    title = _FRONT_TITLE.search(front)
    if title is None:
        return [Block(folded(front), Shape.ASIDE, place="line 1", note="The front matter was left out")]
    value = title[1]
    if value[0] == value[-1] == '"' and len(value) > 1:
        value = re.sub(r"\\(.)", lambda escape: {"_": "\u00a0"}.get(escape[1], escape[1]), value[1:-1])
    elif value[0] == value[-1] == "'" and len(value) > 1:
        value = value[1:-1].replace("''", "'")
    rest = folded(front[: title.start()] + front[title.end() :])
    aside = Block(rest, Shape.ASIDE, place="line 1", note="The front matter was left out, but for the title")
    return [Block(folded(value), Shape.TITLE, place="line 1"), *([aside] if rest else [])]


def _without_comments(text: str, first_line: int, done: list[Block]) -> str:
    """Set the words of comments aside, and keep their line breaks, so that line numbers stay true."""
    kept: list[str] = []
    at, line = 0, first_line
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        line += text.count("\n", at, start)
        if words := folded(text[start + 4 : end]):
            done.append(Block(words, Shape.ASIDE, place=f"line {line}", note="A comment was left out"))
        breaks = text.count("\n", start, end)
        kept += [text[at:start], "\n" * breaks]
        at, line = end + 3, line + breaks
    return "".join([*kept, text[at:]])


class _MarkdownLines:
    """Lines of Markdown put together to blocks, one at a time."""

    def __init__(self, done: list[Block]) -> None:
        self._done = done
        self._open: _Growing | None = None
        self._blank = True
        self._indents: list[int] = []

    def take(self, line: str, number: int) -> None:
        expanded = line.expandtabs(4).rstrip()
        text = expanded.strip()
        if not text:
            self._blank = True
        elif heading := _HEADING.fullmatch(text):
            words = _ending_hashes_off(heading[2])
            self._begin(Block("", Shape.HEADING, len(heading[1]), place=f"line {number}"), words)
            self.close()
        elif self._open is not None and not self._blank and _UNDERLINE.fullmatch(text) and len(text) > 1:
            level = 1 if text[0] == "=" else 2
            self._open.block = replace(self._open.block, shape=Shape.HEADING, level=level)
            self.close()
        elif _RULE.fullmatch(text):
            self.close()
        elif note := _NOTE.fullmatch(text):
            self._begin(Block("", Shape.FOOTNOTE, marker=note[1], place=f"line {number}"), note[2])
        else:
            self._words(text, len(expanded) - len(text), number)

    def _words(self, text: str, indent: int, number: int) -> None:
        text = text.removeprefix("> ")
        opened = self._open
        item = read_marker(text) is not None and (
            opened is None or self._blank or ends_sentence(opened.lines[-1]) or read_marker(opened.lines[0]) is not None
        )
        if opened is not None and not self._blank and not item:
            opened.lines.append(_clean(text))
        else:
            self._begin(Block("", level=self._depth(indent, item=item), place=f"line {number}"), text)

    def _depth(self, indent: int, *, item: bool) -> int:
        while self._indents and indent < self._indents[-1]:
            self._indents.pop()
        if not item:
            return 0
        if not self._indents or indent > self._indents[-1]:
            self._indents.append(indent)
        return len(self._indents) - 1

    def _begin(self, block: Block, text: str) -> None:
        self.close()
        self._open, self._blank = _Growing(block, [_clean(text)]), False

    def close(self) -> None:
        if self._open is not None:
            self._done.append(_judged(self._open.done()))
        self._open, self._blank = None, True


def _judged(block: Block) -> Block:
    """Take a paragraph wholly in bold that is no sentence for a heading."""
    inner = without_emphasis(block.text)
    if not any(sign.isalnum() or sign in "[]" for sign in block.text):
        return replace(block, shape=Shape.ASIDE, note="Marks without words were left out")
    if block.shape is Shape.HEADING or (
        block.shape is Shape.PARAGRAPH and inner != block.text and looks_like_heading(inner)
    ):
        return replace(block, shape=Shape.HEADING, text=inner)
    return block


def _ending_hashes_off(text: str) -> str:
    """Take off the hashes that may close a heading."""
    bare = text.rstrip().rstrip("#")
    return bare if not bare or bare[-1].isspace() else text


def _clean(text: str) -> str:
    return _ESCAPED.sub(r"\1", folded(text))
