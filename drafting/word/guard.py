"""The door for foreign Word files: a package is opened only when reading it can do no harm.

Nothing outside the file is ever fetched, no entity is ever expanded, and no part is unpacked beyond its limit.
"""

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

from lxml import etree

from drafting.protocol.problems import ProblemCode, Refusal

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGIC = b"PK\x03\x04"
_WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_STRICT = "http://purl.oclc.org/ooxml/"
_CONTENT_TYPES = "[Content_Types].xml"
_XML_NAMES = (".xml", ".rels", ".vml")
_END_RECORD = b"PK\x05\x06"
_END_RECORD_BYTES = 22
_LONGEST_COMMENT = 65_535
_MOST_DIRECTORY_BYTES_PER_MEMBER = 400
_MOST_TAGS = 800_000  # a treaty of 300 pages has some 200,000, in the noisiest of files; more cost some 120 bytes each
_ENCRYPTED = 0x1
_STEP_BYTES = 1 << 16
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_READABLE_ENCODINGS = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii", b"utf-16"})


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a package may hold: members, and bytes once unpacked."""

    most_members: int = 2_000
    most_part_bytes: int = 40_000_000
    most_bytes: int = 100_000_000


class Relation(NamedTuple):
    """A relationship inside the package: the last word of its type (``footnotes``), and the part it leads to."""

    kind: str
    part: str


class Package:
    """An opened Word file. ``main`` is the name of its document part; parts are read on demand."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.names = frozenset(info.filename for info in archive.infolist())
        self.main = ""

    def read(self, name: str) -> bytes:
        """Unpack a part, never beyond the size that it declared and that was checked; refuses a damaged one."""
        try:
            with self._archive.open(name) as member:
                # By small steps: a single read would unpack as much as was asked for, however little was declared.
                content = b"".join(iter(lambda: member.read(_STEP_BYTES), b""))
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as problem:
            raise Refusal(
                ProblemCode.FILE_HOSTILE, "The file is damaged or not what it says: a part cannot be unpacked."
            ) from problem
        return content

    def xml(self, name: str) -> etree._Element:
        """Parse a part, without entities, network, documents of great depth, or too many elements."""
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        content = self.read(name)
        if content.count(b"<") > _MOST_TAGS:
            _hostile("A part of the file has too many elements.")
        try:
            root = etree.fromstring(content, parser)
        except etree.XMLSyntaxError as problem:
            raise Refusal(
                ProblemCode.FILE_HOSTILE, "The file holds XML that is malformed or nested too deep."
            ) from problem
        if root.getroottree().docinfo.doctype:
            _hostile("The file holds a document type declaration, which Word never writes.")
        return root

    def relations(self, part: str) -> Iterator[Relation]:
        """Yield the relationships of a part (of the package: ``""``) that stay inside the file."""
        for element in self._relationship_elements(part):
            target = element.get("Target", "")
            if element.get("TargetMode") != "External" and target:
                folder = posixpath.dirname(part)
                path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                if path in self.names:
                    yield Relation(element.get("Type", "").rpartition("/")[2], path)

    def related(self, kind: str) -> etree._Element | None:
        """Parse the part that the document relates to as ``kind`` (``styles``), or None where there is none."""
        name = next((relation.part for relation in self.relations(self.main) if relation.kind == kind), None)
        return self.xml(name) if name is not None else None

    def links_outside(self) -> bool:
        """Whether any part leans on something outside the file (a template, a picture), other than by a hyperlink."""
        return any(
            element.get("TargetMode") == "External" and not element.get("Type", "").endswith("/hyperlink")
            for name in sorted(self.names)
            if name.casefold().endswith(".rels")
            for element in self.xml(name).iter(_RELATIONSHIPS)
        )

    def _relationship_elements(self, part: str) -> Iterator[etree._Element]:
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels in self.names:
            yield from self.xml(rels).iter(_RELATIONSHIPS)


def open_package(content: bytes, *, limits: Limits | None = None) -> Package:
    """Open a ``.docx``, or refuse it before it costs memory.

    Refuses with ``not_word`` (no zip, truncated, no Word document inside), ``file_unsupported`` (macros, templates,
    the old binary format, strict OOXML) or ``file_hostile`` (encrypted, too many or too large members, names twice
    or outside, lying sizes, document type declarations, XML too deep).
    """
    limits = limits or Limits()
    if content.startswith(OLE_MAGIC):
        _refuse_ole(content)
    _check_directory(content, limits)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, struct.error, NotImplementedError) as problem:
        raise Refusal(ProblemCode.NOT_WORD, "This is not a Word file, or it is cut short.") from problem
    _check_members(archive.infolist(), limits)
    package = Package(archive)
    _check_declarations(package)
    package.main = _main_part(package)
    return package


def _hostile(sentence: str) -> NoReturn:
    raise Refusal(ProblemCode.FILE_HOSTILE, sentence)


def _refuse_ole(content: bytes) -> NoReturn:
    if "EncryptedPackage".encode("utf-16-le") in content:
        _hostile("The file is encrypted. Take off its password and send it again.")
    raise Refusal(ProblemCode.FILE_UNSUPPORTED, "This is an old Word format. Save the file as .docx and send it again.")


def _check_directory(content: bytes, limits: Limits) -> None:
    """Look at the zip's own table of contents before anything reads it into memory."""
    at = content.rfind(_END_RECORD, max(len(content) - _END_RECORD_BYTES - _LONGEST_COMMENT, 0))
    if not content.startswith(ZIP_MAGIC) or at < 0 or len(content) < at + _END_RECORD_BYTES:
        raise Refusal(ProblemCode.NOT_WORD, "This is not a Word file, or it is cut short.")
    members, size = struct.unpack_from("<HI", content, at + 10)
    if members > limits.most_members or size > limits.most_members * _MOST_DIRECTORY_BYTES_PER_MEMBER:
        _hostile(f"The file has more than {limits.most_members} members.")


def _check_members(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(members) > limits.most_members:
        _hostile(f"The file has more than {limits.most_members} members.")
    if len({member.filename.casefold() for member in members}) < len(members):
        _hostile("The file has two members of one name.")
    for member in members:
        parts = member.orig_filename.replace("\\", "/").split("/")
        if ".." in parts or not parts[0] or ":" in member.orig_filename or "\0" in member.orig_filename:
            _hostile("The file has a member whose name leads outside it.")
        if member.flag_bits & _ENCRYPTED:
            _hostile("The file is encrypted. Take off its password and send it again.")
        if member.file_size > limits.most_part_bytes:
            _hostile("A part of the file is too large.")
        if member.filename.casefold().endswith("vbaproject.bin"):
            raise Refusal(ProblemCode.FILE_UNSUPPORTED, "The file holds macros. Save it as .docx and send it again.")
    if sum(member.file_size for member in members) > limits.most_bytes:
        _hostile("The file is too large once unpacked.")


def _check_declarations(package: Package) -> None:
    """Refuse a document type declaration in any XML part, read or not, and encodings that could hide one."""
    for name in package.names:
        if not name.casefold().endswith(_XML_NAMES):
            continue
        content = package.read(name)
        plain = (
            content.replace(b"\0", b"") if content[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in content else content
        )
        declared = _ENCODING.match(plain.lstrip(b"\xef\xbb\xbf\xff\xfe"))
        if declared and declared[1].lower() not in _READABLE_ENCODINGS:
            _hostile("The file holds XML in an encoding that Word never writes.")
        if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
            _hostile("The file holds a document type declaration, which Word never writes.")


def _main_part(package: Package) -> str:
    if _CONTENT_TYPES not in package.names:
        raise Refusal(ProblemCode.NOT_WORD, "This zip file is not a Word file.")
    if "_rels/.rels" in package.names:
        kinds = [element.get("Type", "") for element in package.xml("_rels/.rels").iter(_RELATIONSHIPS)]
        if any(kind.startswith(_STRICT) for kind in kinds):
            raise Refusal(
                ProblemCode.FILE_UNSUPPORTED,
                "The file is in the strict variant of OOXML. Save it as an ordinary .docx and send it again.",
            )
    main = next((found.part for found in package.relations("") if found.kind == "officeDocument"), None)
    if main is None:
        raise Refusal(ProblemCode.NOT_WORD, "This zip file is not a Word file.")
    found = _content_type(package.xml(_CONTENT_TYPES), main)
    if found != _WORD_MAIN:
        macros = "macroenabled" in found.casefold()
        raise Refusal(
            ProblemCode.FILE_UNSUPPORTED,
            "The file is made for macros. Save it as .docx and send it again."
            if macros
            else "The file is an Office file, but no Word document.",
        )
    return main


def _content_type(types: etree._Element, part: str) -> str:
    extension = part.rpartition(".")[2].casefold()
    default = ""
    for element in types:
        tag = etree.QName(element).localname
        if tag == "Override" and element.get("PartName", "").casefold() == f"/{part}".casefold():
            return element.get("ContentType", "")
        if tag == "Default" and element.get("Extension", "").casefold() == extension:
            default = element.get("ContentType", "")
    return default
