"""The end of a memorandum: its signature blocks side by side, two in a row."""

from collections.abc import Sequence

from drafting.domain.text import Line
from drafting.protocol.words import SectionKind

_COLUMN = 4535
"""Twentieths of a point: half of the page between its margins."""
_EMPTY = '<w:p><w:pPr><w:pStyle w:val="Signature"/></w:pPr></w:p>'
_SENTENCE_ENDS = (".", ";", ":", "。")


def is_block(line: Line) -> bool:
    """Whether the section is where somebody signs, and not a sentence before it ("Done in two originals.")."""
    return line.kind is SectionKind.SIGNATURE and not line.text.rstrip().endswith(_SENTENCE_ENDS)


def side_by_side(paragraphs: Sequence[str], *, rtl: bool) -> str:
    """Put ready paragraphs into a table without lines, two in a row; one alone stands as it is."""
    if len(paragraphs) == 1:
        return paragraphs[0]
    filled = [*paragraphs, *[_EMPTY] * (len(paragraphs) % 2)]
    rows = "".join(
        f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{_cell(first)}{_cell(second)}</w:tr>"
        for first, second in zip(filled[::2], filled[1::2], strict=True)
    )
    direction = "<w:bidiVisual/>" if rtl else ""
    properties = f'{direction}<w:tblW w:w="{2 * _COLUMN}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
    grid = f'<w:gridCol w:w="{_COLUMN}"/>' * 2
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"


def _cell(paragraph: str) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{_COLUMN}" w:type="dxa"/></w:tcPr>{paragraph}</w:tc>'
