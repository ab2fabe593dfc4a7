"""From blocks to sections: which paragraph is a recital, an operative paragraph, an article, and under what label."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from drafting.domain.labels import (
    ANNEX_WORDS,
    ARTICLE_WORDS,
    Label,
    Style,
    parse,
    read_marker,
    style_of,
    value,
    written,
)
from drafting.domain.numbering import prefix_of
from drafting.domain.openings import adopts, agrees, heads_part, opens_recital, signs
from drafting.domain.plaintext import Block, Shape, looks_like_heading, without_emphasis
from drafting.protocol.words import SectionKind

Kind = SectionKind


class Why(StrEnum):
    """By what a paragraph was taken for what it is: its style, its outline level, its number, its words, or else where
    it stands.
    """

    STYLE = "style"
    OUTLINE = "outline"
    NUMBER = "number"
    WORDS = "words"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Drafted:
    """A section as a draft has it, before it gets an id. ``text`` is one line, NFC; ``place`` says where it was."""

    kind: SectionKind
    level: int
    label: str
    text: str
    place: str = ""
    why: Why = Why.PLACE


_RANK_PART, _RANK_ARTICLE, _RANK_NUMBERED, _RANK_LETTERED, _RANK_OPTION, _RANK_OTHER = range(20, 80, 10)
_RANK_ANNEX = 10
_PREAMBLE = re.compile(r"^\W*(?:preamble|преамбула|الديباجة)", re.IGNORECASE)
_OPTION = re.compile(r"^\W*(?:Option|Provisions? common)", re.IGNORECASE)
_FIRST_BLOCKS = 3


def outline(blocks: Sequence[Block]) -> tuple[Drafted, ...]:
    """Read blocks as sections, in their order; asides are no sections, every other block's words are kept.

    Literal numbers become labels and leave the text: ``1.`` is ``1``, ``(a)`` under it ``1(a)``, ``2.`` under Article
    7 ``7(2)``. In a declaration whose numbers run through the whole text, ``12.`` is what the room calls it: ``OP12``.
    Where a text has none, labels are counted: ``PP1``, ``OP1``, ``(a)``. Headings, chapeaux, footnotes
    and signature blocks are unlabelled unless the source numbers them.
    """
    kept = [block for block in blocks if block.shape is not Shape.ASIDE and block.text]
    reader = _Reader(kept)
    return _spoken(_counted(reader.sections()))


@dataclass(slots=True)
class _List:
    """One open step of a nested list: how it counts, where it is, and the label and level of its latest item."""

    style: Style
    closed: bool
    reached: int
    label: str
    level: int
    bullet: bool = False
    upper: bool = False
    indent: int = 0


class _Reader:
    """Walks the blocks once and keeps what a reader would keep in mind: open headings, open lists, the preamble."""

    def __init__(self, blocks: list[Block]) -> None:
        self._blocks = blocks
        self._sections: list[Drafted] = []
        self._headings: list[int] = []  # ranks of the open headings, outermost first
        self._lists: list[_List] = []
        self._scope = ""  # the label of the open article or annex
        self._scope_depth = 0
        self._in_preamble = True
        self._declared = False  # somebody spoke ("The Parties to this Convention,"), so that recitals follow
        self._signing = False
        self.numbered = _is_numbered(blocks)

    def sections(self) -> list[Drafted]:
        index = 0
        title = _title_at(self._blocks)
        while index < len(self._blocks):
            following = self._blocks[index + 1] if index + 1 < len(self._blocks) else None
            if index == title:
                text = without_emphasis(self._blocks[index].text)
                self._add(Kind.TITLE, 0, "", text, self._blocks[index])
                index += 1
            else:
                index += self._take(self._blocks[index], following)
        return self._sections

    def _take(self, block: Block, following: Block | None) -> int:
        """Read one block (two, when a bare ``Article 7`` has its title below) and say how many were read."""
        if block.shape is Shape.FOOTNOTE:
            level = self._sections[-1].level + (self._sections[-1].kind is not Kind.FOOTNOTE) if self._sections else 1
            self._add(Kind.FOOTNOTE, level, block.marker, block.text, block)
            return 1
        label, text = _marked(block)
        if label.startswith((*ARTICLE_WORDS, *ANNEX_WORDS)):
            return self._named(block, label, text, following)
        if self._is_heading(block, label, text, following):
            self._heading(block, label, text)
        elif signs(text) or self._signing:
            self._signing = True
            self._add(Kind.SIGNATURE, self._base, "", _whole(block), block)
        elif label:
            self._item(block, label, text)
        else:
            self._paragraph(block, following)
        return 1

    @property
    def _base(self) -> int:
        """The level of a paragraph under the open headings."""
        return len(self._headings) + 1

    def _add(self, kind: SectionKind, level: int, label: str, text: str, block: Block) -> None:
        self._sections.append(Drafted(kind, level, label, text, block.place, _why(kind, label, text, block)))

    def _open_heading(self, rank: int) -> int:
        while self._headings and self._headings[-1] >= rank:
            self._headings.pop()
        self._headings.append(rank)
        self._lists, self._signing = [], False
        return len(self._headings)

    def _named(self, block: Block, label: str, text: str, following: Block | None) -> int:
        """Open an article or annex; its title may stand in the next block."""
        kind = Kind.ARTICLE if label.startswith(ARTICLE_WORDS) else Kind.ANNEX
        explicit = block.shape is Shape.HEADING and block.level
        rank = _RANK_ARTICLE if kind is Kind.ARTICLE else _RANK_ANNEX
        level = self._open_heading(_explicit_rank(block.level) if explicit and kind is Kind.ARTICLE else rank)
        self._scope_depth = level
        self._scope, self._in_preamble, self._declared = label, kind is Kind.ANNEX, False
        taken = 1
        if not any(sign.isalnum() for sign in text) and following is not None and _may_be_title(following):
            text, taken = f"{text}{without_emphasis(following.text)}", 2
        self._add(kind, level, label, without_emphasis(text) or label, block)
        return taken

    def _is_heading(self, block: Block, label: str, text: str, following: Block | None) -> bool:
        if block.shape is Shape.HEADING or (not label and heads_part(text)):
            return True
        bare = without_emphasis(text)
        if not looks_like_heading(bare):
            return False
        parts = parse(label)
        if parts is None:
            return not label and _PREAMBLE.match(bare) is not None
        if parts.suffix.startswith(" alt") or parts.stem in {"OP", "PP"}:
            return False
        begins_list = following is not None and _begins_list(following)
        if parts.close:
            return begins_list and parts.mark.isalpha() and not parts.suffix
        return begins_list or not bare.endswith("]") or following is None or not _marked(following)[0]

    def _heading(self, block: Block, label: str, text: str) -> None:
        level = self._open_heading(_rank(block, label, text))
        if level <= self._scope_depth:
            self._scope = ""
        if _PREAMBLE.match(text):
            self._in_preamble = True
        self._add(Kind.HEADING, level, "" if label == "-" else label, without_emphasis(text), block)

    def _item(self, block: Block, label: str, text: str) -> None:
        """Place a numbered paragraph in the open lists: one more of a list, or the first of a deeper one."""
        parts = parse(label)
        if label != "-" and parts is None:
            self._paragraph(block, None)
            return
        if parts is not None and parts.stem == "PP":
            self._add(Kind.PREAMBULAR, self._base, label, text, block)
            return
        step = self._bullet(block) if parts is None else self._step(parts)
        depth = self._lists.index(step)
        outer = self._lists[depth - 1].label if depth else prefix_of(self._scope)
        if parts is not None:
            step.label = _within(outer, parts)
        else:
            step.label = str(Label(f"{outer}(", written(step.reached, Style.LETTER), ")"))
        kind = Kind.SUBPARAGRAPH if depth or parts is None or parts.mark.isalpha() else Kind.OPERATIVE
        if opens_recital(text) and self._in_preamble and kind is Kind.OPERATIVE and text.rstrip(" ]").endswith(","):
            kind = Kind.PREAMBULAR
        elif kind is Kind.OPERATIVE:
            self._in_preamble = False
        self._add(kind, step.level, step.label, text, block)

    def _step(self, parts: Label) -> _List:
        """Find the list that a number continues, the innermost first; or open one under the innermost."""
        closed = bool(parts.close) or parts.mark.isalpha()
        if not closed and not (self._lists and not self._lists[0].closed):
            self._lists = []  # a bare number is never below a letter
        for step in reversed(self._lists):
            counted = value(parts.mark, step.style)
            if step.bullet or (step.closed, step.upper) != (closed, parts.mark.isupper()) or counted is None:
                continue
            if not closed or counted == step.reached + 1 or (counted == step.reached and parts.suffix):
                return self._reach(step, counted)
        style = style_of([parts.mark])
        counted = value(parts.mark, style) or 0
        upper = parts.mark.isupper()
        for step in reversed(self._lists):  # a number out of turn stays in the list of its kind: none is below itself
            if not step.bullet and (step.style, step.closed, step.upper) == (style, closed, upper):
                return self._reach(step, counted)
        return self._deeper(_List(style, closed, counted, "", 0, upper=upper))

    def _bullet(self, block: Block) -> _List:
        for step in reversed(self._lists):
            if step.bullet and step.indent <= block.level:
                return self._reach(step, step.reached + 1)
        return self._deeper(_List(Style.LETTER, True, 1, "", 0, bullet=True, indent=block.level))

    def _reach(self, step: _List, counted: int) -> _List:
        del self._lists[self._lists.index(step) + 1 :]
        step.reached = counted
        return step

    def _deeper(self, step: _List) -> _List:
        below_chapeau = bool(self._sections) and self._sections[-1].kind is Kind.CHAPEAU and not self._lists
        step.level = self._lists[-1].level + 1 if self._lists else self._base + below_chapeau
        self._lists.append(step)
        return step

    def _paragraph(self, block: Block, following: Block | None) -> None:
        text = _whole(block)
        if adopts(text) and (self._in_preamble or not self.numbered):
            self._declared = self._in_preamble = True
            kind = Kind.CHAPEAU
        elif agrees(text):
            self._in_preamble = False
            kind = Kind.CHAPEAU
        elif self._in_preamble and (opens_recital(text) or (self._declared and _ends_recital(text))):
            kind = Kind.PREAMBULAR
        elif self.numbered or not any(sign.isalnum() for sign in text):
            kind = Kind.CHAPEAU
        else:
            kind = Kind.OPERATIVE
            self._in_preamble = False
        level = self._base
        self._lists = self._lists[:1] if kind is Kind.CHAPEAU else []
        if kind is Kind.OPERATIVE and following is not None and _marked(following)[0]:
            # its items are labelled under its number once that is counted
            self._lists = [_List(Style.DECIMAL, False, 0, _UNCOUNTED, level)]
        self._add(kind, level, "", text, block)


_COUNTED_AS = {Kind.PREAMBULAR: "PP", Kind.OPERATIVE: "OP"}
_UNCOUNTED = "\0"  # stands for the label of an unnumbered operative paragraph until it is counted


def _within(outer: str, parts: Label) -> str:
    """Put the label of an item under the label of what holds it: ``4`` and ``(a)`` make ``4(a)``."""
    if not outer or (parts.stem and not parts.close):
        return str(parts)
    return str(Label(f"{outer}(", parts.mark, ")", parts.suffix))


def _whole(block: Block) -> str:
    """Put the number that the source computed before the text, for a paragraph that takes no label from it."""
    return f"{block.marker} {block.text}" if block.marker else block.text


def _marked(block: Block) -> tuple[str, str]:
    """Tell the number of a block and its text without it: computed by the source, or literal."""
    if block.marker and block.shape is not Shape.FOOTNOTE:
        found = read_marker(f"{block.marker} {block.text}")
        if found is not None:
            return found.label, found.rest
        return "", _whole(block)
    found = read_marker(block.text)
    alone = found is not None and not any(sign.isalnum() for sign in found.rest)
    if found is None or (alone and not found.label.startswith((*ARTICLE_WORDS, *ANNEX_WORDS))):
        return "", block.text
    return found.label, found.rest


def _why(kind: SectionKind, label: str, text: str, block: Block) -> Why:
    if block.shape in {Shape.TITLE, Shape.FOOTNOTE}:
        return Why.STYLE
    if block.shape is Shape.HEADING and block.level:
        return Why.OUTLINE
    if label:
        return Why.NUMBER
    says = kind in {Kind.HEADING, Kind.SIGNATURE, Kind.PREAMBULAR} or adopts(text) or agrees(text)
    return Why.WORDS if says else Why.PLACE


def _title_at(blocks: list[Block]) -> int | None:
    """Which block is the title: one that says so, or else a heading among the first."""
    said = next((index for index, block in enumerate(blocks) if block.shape is Shape.TITLE), None)
    if said is not None or not blocks:
        return said
    for index, block in enumerate(blocks[:_FIRST_BLOCKS]):
        heading = block.shape is Shape.HEADING and block.level <= 1
        plain = block.shape is Shape.PARAGRAPH and index == 0 and looks_like_heading(block.text)
        if (heading or plain) and not _marked(block)[0] and not heads_part(block.text):
            return index
    return None


def _is_numbered(blocks: list[Block]) -> bool:
    """Whether the source numbers its own paragraphs, so that unnumbered ones are no operative paragraphs."""
    labels = [_marked(block)[0] for block in blocks if block.shape is Shape.PARAGRAPH]
    return any(label.startswith(ARTICLE_WORDS) or (label[:1].isdecimal() or label[:2] == "OP") for label in labels)


def _begins_list(block: Block) -> bool:
    label, text = _marked(block)
    return label in {"1", "(1)"} or heads_part(text) or label.startswith(ARTICLE_WORDS)


def _may_be_title(block: Block) -> bool:
    return (
        block.shape in {Shape.PARAGRAPH, Shape.HEADING}
        and not _marked(block)[0]
        and not heads_part(block.text)
        and looks_like_heading(without_emphasis(block.text))
    )


def _rank(block: Block, label: str, text: str) -> int:
    if block.shape is Shape.HEADING and block.level:
        return _explicit_rank(block.level)
    if _OPTION.match(text):
        return _RANK_OPTION
    if heads_part(text):
        return _RANK_PART
    parts = parse(label)
    if parts is None:
        return _RANK_OTHER
    return _RANK_LETTERED if parts.close else _RANK_NUMBERED


def _explicit_rank(level: int) -> int:
    """Order a heading level among the ranks: the first above everything, the others below a ``Part``."""
    return _RANK_ANNEX if level == 1 else _RANK_PART + level


def _ends_recital(text: str) -> bool:
    return text.rstrip(" ])*_”").endswith((",", ";", "،", "؛"))


def _counted(sections: list[Drafted]) -> tuple[Drafted, ...]:
    """Count the labels that the source does not have: recitals as PP1, operative paragraphs as OP1."""
    reached: dict[SectionKind, int] = {}
    latest = ""
    counted: list[Drafted] = []
    for section in sections:
        label = section.label.replace(_UNCOUNTED, latest)
        if word := _COUNTED_AS.get(section.kind):
            parts = parse(label)
            if not label:
                reached[section.kind] = reached.get(section.kind, 0) + 1
                label = f"{word}{reached[section.kind]}"
            elif parts is not None and parts.stem == word:
                reached[section.kind] = int(parts.mark)
            latest = label
        counted.append(replace(section, label=label))
    return tuple(counted)


def _spoken(sections: tuple[Drafted, ...]) -> tuple[Drafted, ...]:
    """Call the numbered paragraphs of a declaration as negotiators do: ``OP12``, ``OP12(a)``.

    A treaty, and a text whose numbers begin again under each heading, keep their bare numbers.
    """
    kinds = {section.kind for section in sections}
    numbers = [section.label for section in sections if section.kind is Kind.OPERATIVE]
    declares = Kind.PREAMBULAR in kinds and Kind.ARTICLE not in kinds and len(set(numbers)) == len(numbers)
    if not declares or any(section.kind is Kind.CHAPEAU and agrees(section.text) for section in sections):
        return sections
    word = _COUNTED_AS[Kind.OPERATIVE]
    return tuple(
        replace(section, label=f"{word}{section.label}") if section.label[:1].isdecimal() else section
        for section in sections
    )
