"""A paper for the meeting as a workbook (``.xlsx``) of one sheet, in which nothing is computed.

The parts are strings, as those of a Word file are, and each text stands in its own cell.
"""

import re
from collections.abc import Iterable
from string import Template

from drafting.word.markup import escape, timestamp
from drafting.word.masthead import Masthead
from drafting.word.package import zipped
from drafting.word.paper import Paper

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SCHEMAS = "http://schemas.openxmlformats.org"
_MAIN = f"{_SCHEMAS}/spreadsheetml/2006/main"
_LINKS = f"{_SCHEMAS}/officeDocument/2006/relationships"
_PACKAGE = f"{_SCHEMAS}/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_COMPUTED = ("=", "+", "-", "@", "\t", "\r")
"""With which a text would begin that a spreadsheet could take for a formula, here or where it is pasted."""
_MOST = 32_767
"""How many UTF-16 units fit in a cell; with more, a spreadsheet calls the file damaged."""
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31

_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/docProps/core.xml"'
    ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>",
    "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>$title</dc:title><dc:subject>$symbol</dc:subject>'
    "<dc:language>$language</dc:language><cp:version>$version_name</cp:version>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">$created</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">$created</dcterms:modified></cp:coreProperties>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}">'
    '<sheets><sheet name="$sheet" sheetId="1" r:id="rId1"/></sheets>'
    '<definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0">'
    "'$sheet'!$$1:$$1</definedName></definedNames></workbook>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_LINKS}/styles" Target="styles.xml"/></Relationships>',
    # Style 1 is a heading's, 2 a text's; a spreadsheet wants two fills before the first of ours.
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="10"/><name val="Calibri"/></font>'
    '<font><b/><sz val="10"/><name val="Calibri"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE7E6E6"/></patternFill></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"'
    ' applyAlignment="1"><alignment vertical="top" wrapText="1"$reading/></xf>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"$reading/></xf></cellXfs></styleSheet>',
    "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
    '<sheetViews><sheetView workbookViewId="0"$direction>'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    "<cols>$columns</cols><sheetData>$rows</sheetData>"
    '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
    "<headerFooter><oddHeader>$header</oddHeader>"
    "<oddFooter>&amp;C&amp;P / &amp;N</oddFooter></headerFooter></worksheet>",
}
"""Every part of a workbook, in the order of the zip, to be filled in."""


def workbook(paper: Paper, masthead: Masthead) -> bytes:
    """Write a ``.xlsx`` of the paper: headings bold and frozen, texts as texts, whatever they begin with; the same
    arguments always give the same bytes.
    """
    values = _values(paper, masthead)
    return zipped((name, _HEAD + Template(source).substitute(values)) for name, source in _PARTS.items())


def _values(paper: Paper, masthead: Masthead) -> dict[str, str]:
    columns = (
        f'<col min="{number}" max="{number}" width="{column.width}" customWidth="1"/>'
        for number, column in enumerate(paper.columns, start=1)
    )
    rows = [_row(1, [column.heading for column in paper.columns], style=1)]
    rows += (_row(number, row, style=2) for number, row in enumerate(paper.rows, start=2))
    return {
        "title": escape(f"{masthead.title}: {paper.title}"),
        "symbol": escape(masthead.symbol),
        "version_name": escape(masthead.version_name),
        "language": escape(masthead.language),
        "created": timestamp(masthead.date),
        "sheet": escape(_NOT_IN_A_NAME.sub(" ", paper.title)[:_LONGEST_NAME].strip()),
        "reading": ' readingOrder="2"' if masthead.rtl else "",
        "direction": ' rightToLeft="1"' if masthead.rtl else "",
        "columns": "".join(columns),
        "rows": "".join(rows),
        "header": _header(masthead),
    }


def _header(masthead: Masthead) -> str:
    # A text's own ampersand would be an instruction; so would digits right behind one, which are a font's size.
    left, right = (text.replace("&", "&&") for text in (masthead.title, f"{masthead.symbol} {masthead.version_name}"))
    return escape(f"&L {left[:100]}&R {right[:100]}")


def _row(number: int, texts: Iterable[str], *, style: int) -> str:
    cells = (
        f'<c r="{_letters(column)}{number}" s="{style}" t="inlineStr">'
        f'<is><t xml:space="preserve">{_text(text)}</t></is></c>'
        for column, text in enumerate(texts, start=1)
    )
    return f'<row r="{number}">{"".join(cells)}</row>'


def _letters(column: int) -> str:
    """Name a column: A to Z, AA and on."""
    before, last = divmod(column - 1, 26)
    return (_letters(before) if before else "") + chr(ord("A") + last)


def _text(text: str) -> str:
    if text.startswith(_COMPUTED):
        text = f"'{text}"
    units = text.encode("utf-16-le", "ignore")
    if len(units) > 2 * _MOST:
        text = units[: 2 * (_MOST - 1)].decode("utf-16-le", "ignore") + "…"
    # What looks like an escape of the format's own would be read as the letter that it stands for.
    return "\n".join(escape(_ESCAPE.sub("_x005F_", line)) for line in text.split("\n"))
