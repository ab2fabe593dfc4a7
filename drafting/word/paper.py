"""A paper for the meeting: a list in columns, as a Word file in our template. ``xlsx`` writes it as a workbook."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from drafting.word.emphasis import BOLD, PLAIN
from drafting.word.markup import run
from drafting.word.masthead import Masthead
from drafting.word.package import package

FORM = "paper"
"""What the Word file declares itself to be; it is not read when it comes back."""


class Column(NamedTuple):
    """What stands over a column, and how wide that is, in characters."""

    heading: str
    width: int


@dataclass(frozen=True, slots=True)
class Paper:
    """A list: each row has a text for every column. A line break in a text begins a paragraph."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("Each row of a paper has a text for every column.")


def paper_file(paper: Paper, masthead: Masthead) -> bytes:
    """Write a ``.docx`` with the paper as a table, its headings on every page, from right to left where that is read
    so; the same arguments always give the same bytes.
    """
    return package(_title(paper, masthead) + _table(paper, masthead), masthead, form=FORM)


def _title(paper: Paper, masthead: Masthead) -> str:
    return _paragraph("Title", paper.title, PLAIN, rtl=masthead.rtl)


def _table(paper: Paper, masthead: Masthead) -> str:
    widths = _shared([column.width for column in paper.columns], masthead.width)
    direction = "<w:bidiVisual/>" if masthead.rtl else ""
    layout = f'<w:tblW w:w="{masthead.width}" w:type="dxa"/>{_LINES}<w:tblLayout w:type="fixed"/>'
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    head = _row([column.heading for column in paper.columns], widths, heading=True, rtl=masthead.rtl)
    rows = "".join(_row(row, widths, heading=False, rtl=masthead.rtl) for row in paper.rows)
    return f"<w:tbl><w:tblPr>{direction}{layout}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{rows}</w:tbl>"


_LINES = (
    "<w:tblBorders>"
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + "</w:tblBorders>"
)
_HEADING = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
_SHADED = '<w:shd w:val="clear" w:color="auto" w:fill="E7E6E6"/>'


def _shared(parts: Sequence[int], whole: int) -> list[int]:
    """Share the page's width out among the columns, to the last twentieth of a point."""
    ends = [sum(parts[: at + 1]) * whole // sum(parts) for at in range(len(parts))]
    return [end - start for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def _row(texts: Iterable[str], widths: Sequence[int], *, heading: bool, rtl: bool) -> str:
    cells = "".join(_cell(text, width, heading=heading, rtl=rtl) for text, width in zip(texts, widths, strict=True))
    return f"<w:tr>{_HEADING if heading else ''}{cells}</w:tr>"


def _cell(text: str, width: int, *, heading: bool, rtl: bool) -> str:
    look = BOLD if heading else PLAIN
    paragraphs = "".join(_paragraph("TableText", line, look, rtl=rtl) for line in text.split("\n"))
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{_SHADED if heading else ""}</w:tcPr>{paragraphs}</w:tc>'


def _paragraph(style: str, text: str, look: int, *, rtl: bool) -> str:
    direction = "<w:bidi/>" if rtl else ""
    written = run(text, look, rtl=rtl) if text else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{direction}</w:pPr>{written}</w:p>'
