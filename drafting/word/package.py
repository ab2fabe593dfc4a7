"""The Word file around a text: our template's parts, filled in and zipped to the same bytes every time."""

import io
import zipfile
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from string import Template

from drafting.word.markup import escape
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

_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_CUSTOM_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"


def timestamp(moment: datetime) -> str:
    """Write an aware time as Word does: UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def package(body: str, masthead: Masthead) -> bytes:
    """Zip a ``.docx`` whose text is ``body`` (block-level WordprocessingML)."""
    values = _values(body, masthead)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, source in _PARTS.items():
            member = zipfile.ZipInfo(name, _ZIP_EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 0  # else the bytes tell on which system they were written
            archive.writestr(member, _template(source).substitute(values))
    return stream.getvalue()


def _values(body: str, masthead: Masthead) -> dict[str, str]:
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
        "properties": _declared(masthead),
    }


def _declared(masthead: Masthead) -> str:
    """Which text this is, as properties that anyone can see in Word and remove."""
    declared = {
        "Document": masthead.document_id,
        "Version": masthead.version_id,
        "Version hash": masthead.version_hash,
        "Log head": masthead.log_head,
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
