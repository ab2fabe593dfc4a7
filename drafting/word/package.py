"""The Word file around a text: our template's parts, filled in and zipped to the same bytes every time."""

import io
import zipfile
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from string import Template

from drafting.word.comments import Margin
from drafting.word.markup import escape, timestamp
from drafting.word.masthead import Masthead, end_matter, masthead_paragraphs

_PARTS = {
    "[Content_Types].xml": "content_types.xml",
    "_rels/.rels": "package_rels.xml",
    "docProps/app.xml": "app.xml",
    "docProps/core.xml": "core.xml",
    "docProps/custom.xml": "custom.xml",
    "word/document.xml": "document.xml",
    "word/_rels/document.xml.rels": "document_rels.xml",
    "word/styles.xml": "styles.xml",
    "word/settings.xml": "settings.xml",
    "word/fontTable.xml": "font_table.xml",
    "word/header.xml": "header.xml",
    # The first page has no running header, but every page is counted: one footer, twice.
    "word/footer.xml": "footer.xml",
    "word/footer_first.xml": "footer.xml",
}
"""Every part of a file, in the order of the zip, with the template file that it is filled from."""

_COMMENT_PARTS = {"word/comments.xml": "comments.xml", "word/commentsExtended.xml": "comments_extended.xml"}
_OF_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_COMMENT_TYPES = (
    f'<Override PartName="/word/comments.xml" ContentType="{_OF_WORD}.comments+xml"/>'
    f'<Override PartName="/word/commentsExtended.xml" ContentType="{_OF_WORD}.commentsExtended+xml"/>'
)
_COMMENT_RELATIONS = "".join(
    f'<Relationship Id="rId{number}" Type="http://schemas.{kind}" Target="{target}"/>'
    for number, kind, target in (
        (7, "openxmlformats.org/officeDocument/2006/relationships/comments", "comments.xml"),
        (8, "microsoft.com/office/2011/relationships/commentsExtended", "commentsExtended.xml"),
    )
)

_LINE_NUMBERS = '<w:lnNumType w:countBy="5" w:distance="284" w:restart="newPage"/>'
_UPRIGHT = '<w:pgSz w:w="11906" w:h="16838"/>'
_WIDE = '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_CUSTOM_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"


def package(body: str, masthead: Masthead, margin: Margin | None = None, form: str = "") -> bytes:
    """Zip a ``.docx`` whose text is ``body`` (block-level WordprocessingML), with the comments of ``margin``.

    ``form``: what the file declares itself to be, if it is only for reading and nobody's marks in it can be taken.
    """
    values = _values(body, masthead, form) | _commented(margin)
    parts = _PARTS | _COMMENT_PARTS if values["comments"] else _PARTS
    return zipped((name, _template(source).substitute(values)) for name, source in parts.items())


def zipped(parts: Iterable[tuple[str, str]]) -> bytes:
    """Zip parts, each a name and a content, in their order; the same parts always give the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in parts:
            member = zipfile.ZipInfo(name, _ZIP_EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 0  # else the bytes tell on which system they were written
            archive.writestr(member, content)
    return stream.getvalue()


def _values(body: str, masthead: Masthead, form: str) -> dict[str, str]:
    words, rtl = masthead.words, masthead.rtl
    return {
        "body": masthead_paragraphs(masthead) + body + end_matter(masthead),
        "title": escape(masthead.title),
        "symbol": escape(masthead.symbol),
        "version_name": escape(masthead.version_name),
        "language": escape(masthead.language),
        "created": timestamp(masthead.date),
        "page": escape(words.page),
        "of": escape(words.of),
        "bidi": "<w:bidi/>" if rtl else "",
        "rtl": "<w:rPr><w:rtl/></w:rPr>" if rtl else "",
        "line_numbers": _LINE_NUMBERS if masthead.line_numbers else "",
        "page_size": _WIDE if masthead.wide else _UPRIGHT,
        "width": str(masthead.width),
        "properties": _declared(masthead, form),
    }


def _commented(margin: Margin | None) -> dict[str, str]:
    comments = margin.comments if margin else ""
    return {
        "comments": comments,
        "threads": margin.extended if margin else "",
        "comment_types": _COMMENT_TYPES if comments else "",
        "comment_relations": _COMMENT_RELATIONS if comments else "",
    }


def _declared(masthead: Masthead, form: str) -> str:
    """Which text this is, as properties that anyone can see in Word and remove."""
    declared = {
        "Document": masthead.document_id,
        "Version": masthead.version_id,
        "Version hash": masthead.version_hash,
        "Log head": masthead.log_head,
        "Form": form,
    }
    # Word counts custom properties from 2.
    present = enumerate(((name, value) for name, value in declared.items() if value), start=2)
    return "".join(
        f'<property fmtid="{_CUSTOM_FORMAT}" pid="{number}" name="Drafting Room: {name}">'
        f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
        for number, (name, value) in present
    )


@cache
def _template(source: str) -> Template:
    return Template((files("drafting.word") / "template" / source).read_text("utf-8"))
