"""Marked-up Word files by hand, as strings: what Word, and old Words, write."""

import io
import zipfile
from itertools import count

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"'
)
THEN = "2026-03-03T10:00:00Z"
_IDS = count(1)


def _said(author: str, date: str = THEN) -> str:
    return f'w:id="{next(_IDS)}" w:author="{author}" w:date="{date}"'


def r(text: str, looks: str = "", *, tag: str = "t", was: str | None = None, by: str = "Jane") -> str:
    """A run; ``looks``: ``b`` and ``i``. ``was``: how it looked before ``by`` changed that."""
    change = "" if was is None else f"<w:rPrChange {_said(by)}><w:rPr>{_looks(was)}</w:rPr></w:rPrChange>"
    parts = [f'<w:{tag} xml:space="preserve">{part}</w:{tag}>' if part else "" for part in text.split("\t")]
    return f"<w:r><w:rPr>{_looks(looks)}{change}</w:rPr>{'<w:tab/>'.join(parts)}</w:r>"


def _looks(looks: str) -> str:
    return "".join(f"<w:{look}/>" for look in looks)


def ins(text: str, by: str = "Jane", looks: str = "", date: str = THEN) -> str:
    return f"<w:ins {_said(by, date)}>{text if text.startswith('<') else r(text, looks)}</w:ins>"


def dele(text: str, by: str = "Jane", looks: str = "", date: str = THEN) -> str:
    inner = text if text.startswith("<") else r(text, looks, tag="delText")
    return f"<w:del {_said(by, date)}>{inner}</w:del>"


def moved(kind: str, text: str, name: str, by: str = "Jane") -> str:
    """A whole paragraph that moves (``From`` or ``To``): its range, its words and its mark."""
    number = next(_IDS)
    start = f'<w:move{kind}RangeStart w:id="{number}" w:author="{by}" w:date="{THEN}" w:name="{name}"/>'
    words = f"<w:move{kind} {_said(by)}>{r(text)}</w:move{kind}>"
    return p(start + words, mark=f"move{kind}", by=by) + f'<w:move{kind}RangeEnd w:id="{number}"/>'


def p(content: str = "", style: str = "", mark: str = "", by: str = "Jane", more: str = "") -> str:
    """A paragraph; ``mark``: what became of its mark (``ins``, ``del``, ``moveFrom``, ``moveTo``)."""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    marked = f"<w:rPr><w:{mark} {_said(by)}/></w:rPr>" if mark else ""
    content = content if not content or content.startswith("<") else r(content)
    return f"<w:p><w:pPr>{styled}{marked}{more}</w:pPr>{content}</w:p>"


def on(number: int, content: str) -> str:
    """Words that comment ``number`` is on."""
    reference = f'<w:r><w:commentReference w:id="{number}"/></w:r>'
    start, end = (f'<w:commentRange{end} w:id="{number}"/>' for end in ("Start", "End"))
    return f"{start}{content if content.startswith('<') else r(content)}{end}{reference}"


def comment(number: int, text: str, by: str = "Jane", initials: str = "J", date: str = THEN) -> str:
    said = f'w:id="{number}" w:author="{by}" w:initials="{initials}" w:date="{date}"'
    return f'<w:comment {said}><w:p w14:paraId="{number + 1:08X}">{r(text)}</w:p></w:comment>'


def thread(number: int, replies_to: int | None = None, *, done: bool = False) -> str:
    parent = "" if replies_to is None else f' w15:paraIdParent="{replies_to + 1:08X}"'
    return f'<w15:commentEx w15:paraId="{number + 1:08X}"{parent} w15:done="{int(done)}"/>'


def declared(document: str, version: str, digest: str, form: str = "") -> str:
    named = {"Document": document, "Version": version, "Version hash": digest} | ({"Form": form} if form else {})
    space = 'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"'
    inner = "".join(
        f'<property name="Drafting Room: {name}"><lpwstr>{value}</lpwstr></property>' for name, value in named.items()
    )
    return f"<Properties {space}>{inner}</Properties>"


def file(body: str, custom: str = "", main: str = MAIN, links: str = "", **parts: str) -> bytes:
    """A document: its body, and the parts that it relates to by their kind (``comments=...``)."""
    held = io.BytesIO()
    rels = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    link = '<Relationship Id="{0}" Type="' + OFFICE + '/{0}" Target="{1}"/>'
    roots = {"commentsExtended": "w15:commentsEx", "header": "w:hdr"}
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        )
        top = link.format("officeDocument", "word/document.xml")
        if custom:
            top += link.format("custom-properties", "docProps/custom.xml")
            archive.writestr("docProps/custom.xml", custom)
        archive.writestr("_rels/.rels", rels.format(top))
        inner = "".join(link.format(kind, f"{kind}.xml") for kind in parts)
        archive.writestr("word/_rels/document.xml.rels", rels.format(inner + links))
        archive.writestr("word/document.xml", f"<w:document {SPACES}><w:body>{body}</w:body></w:document>")
        for kind, content in parts.items():
            root = roots.get(kind, f"w:{kind}")
            archive.writestr(f"word/{kind}.xml", f"<{root} {SPACES}>{content}</{root}>")
    return held.getvalue()
