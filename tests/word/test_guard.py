"""A foreign file is opened only when it can do no harm, and refused with a code and a sentence."""

import io
import struct
import tracemalloc
import warnings
import zipfile

import pytest

from drafting.protocol.problems import ProblemCode, Refusal
from drafting.word.guard import OLE_MAGIC, Limits, open_package

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="{}"/></Types>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="{}/officeDocument" Target="word/document.xml"/></Relationships>'
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCUMENT = f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>Words</w:t></w:r></w:p></w:body></w:document>'


def parts(**changed: str | bytes) -> dict[str, str | bytes]:
    return {
        "[Content_Types].xml": TYPES.format(MAIN),
        "_rels/.rels": RELS.format(OFFICE),
        "word/document.xml": DOCUMENT,
    } | changed


def packed(members: dict[str, str | bytes], *, deflated: bool = True) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


def refused(content: bytes, **limits: int) -> ProblemCode:
    with pytest.raises(Refusal) as refusal:
        open_package(content, limits=Limits(**limits))
    assert refusal.value.detail.endswith(".")
    return refusal.value.code


def test_an_ordinary_document_is_opened() -> None:
    package = open_package(packed(parts()))
    assert package.main == "word/document.xml"
    assert package.xml(package.main).tag == f"{{{W}}}document"


@pytest.mark.parametrize("content", [b"", b"PK", b"Dear all", b"%PDF-1.7", b"PK\x03\x04" + b"\0" * 100])
def test_what_is_no_zip_is_no_word_file(content: bytes) -> None:
    assert refused(content) is ProblemCode.NOT_WORD


def test_a_file_cut_short_is_refused() -> None:
    content = packed(parts())
    for size in (len(content) // 2, len(content) - 1, len(content) - 30):
        assert refused(content[:size]) is ProblemCode.NOT_WORD


def test_a_zip_that_is_no_office_file_is_no_word_file() -> None:
    assert refused(packed({"a.txt": "Words"})) is ProblemCode.NOT_WORD
    assert refused(packed({"[Content_Types].xml": TYPES.format(MAIN)})) is ProblemCode.NOT_WORD


def test_an_encrypted_file_and_an_old_one_are_told_apart() -> None:
    assert refused(OLE_MAGIC + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")) is ProblemCode.FILE_HOSTILE
    assert refused(OLE_MAGIC + b"\0" * 600 + "WordDocument".encode("utf-16-le")) is ProblemCode.FILE_UNSUPPORTED


@pytest.mark.parametrize(
    "kind",
    [
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    ],
)
def test_macros_and_other_office_files_are_not_supported(kind: str) -> None:
    assert refused(packed(parts(**{"[Content_Types].xml": TYPES.format(kind)}))) is ProblemCode.FILE_UNSUPPORTED


def test_macros_in_a_file_that_hides_them_are_found() -> None:
    assert refused(packed(parts(**{"word/vbaProject.bin": b"x"}))) is ProblemCode.FILE_UNSUPPORTED


def test_the_strict_variant_is_refused_clearly() -> None:
    strict = RELS.format("http://purl.oclc.org/ooxml/officeDocument/relationships")
    assert refused(packed(parts(**{"_rels/.rels": strict}))) is ProblemCode.FILE_UNSUPPORTED


def test_too_many_members_are_refused_before_they_are_listed() -> None:
    many = packed({f"m{number}": b"" for number in range(3000)}, deflated=False)
    tracemalloc.start()
    assert refused(many) is ProblemCode.FILE_HOSTILE
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200_000


def test_a_directory_that_lies_about_its_count_is_refused() -> None:
    many = bytearray(packed({f"m{number}": b"" for number in range(3000)}, deflated=False))
    struct.pack_into("<HH", many, len(many) - 22 + 8, 3, 3)
    assert refused(bytes(many)) is ProblemCode.FILE_HOSTILE


@pytest.mark.parametrize("name", ["../x.xml", "/etc/x.xml", "word/../../x.xml", "C:x.xml", "word\\..\\x.xml"])
def test_names_that_lead_outside_are_refused(name: str) -> None:
    assert refused(packed(parts(**{name: "<x/>"}))) is ProblemCode.FILE_HOSTILE


def test_two_members_of_one_name_are_refused() -> None:
    held = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(held, "w") as archive:
        warnings.simplefilter("ignore")
        for name, content in [*parts().items(), ("word/document.xml", DOCUMENT)]:
            archive.writestr(name, content)
    assert refused(held.getvalue()) is ProblemCode.FILE_HOSTILE
    assert refused(packed(parts(**{"WORD/document.xml": DOCUMENT}))) is ProblemCode.FILE_HOSTILE


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    bomb = packed(parts(**{"word/media/big.xml": b" " * 3_000_000}))
    assert refused(bomb, most_part_bytes=1_000_000) is ProblemCode.FILE_HOSTILE
    assert refused(bomb, most_bytes=1_000_000) is ProblemCode.FILE_HOSTILE


def test_a_part_larger_than_it_says_is_refused_and_not_unpacked() -> None:
    content = bytearray(packed(parts(**{"word/styles.xml": b" " * 30_000_000})))
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(b"word/styles.xml"))
    struct.pack_into("<I", content, at + 24, 1000)
    tracemalloc.start()
    assert refused(bytes(content)) is ProblemCode.FILE_HOSTILE
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("part", ["word/document.xml", "customXml/item1.xml", "word/_rels/document.xml.rels"])
def test_a_document_type_declaration_is_refused_in_every_part(part: str, encoding: str) -> None:
    hostile = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>&e;</x>'
    assert refused(packed(parts(**{part: hostile.encode(encoding)}))) is ProblemCode.FILE_HOSTILE


def test_xml_in_an_encoding_that_hides_a_declaration_is_refused() -> None:
    hidden = '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4-<x/>'
    assert refused(packed(parts(**{"word/document.xml": hidden}))) is ProblemCode.FILE_HOSTILE


@pytest.mark.parametrize("xml", ["<a>" * 100_000 + "</a>" * 100_000, "<a><b></a>", "<a>&undefined;</a>"])
def test_xml_that_is_too_deep_or_broken_is_refused(xml: str) -> None:
    package = open_package(packed(parts(**{"word/document.xml": xml})))
    with pytest.raises(Refusal) as refusal:
        package.xml(package.main)
    assert refusal.value.code is ProblemCode.FILE_HOSTILE


def test_what_is_outside_the_file_is_never_related() -> None:
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/styles" Target="http://example.org/styles.xml" TargetMode="External"/>'
        f'<Relationship Id="r0" Type="{OFFICE}/styles" Target="footnotes.xml" TargetMode="External"/>'
        f'<Relationship Id="r2" Type="{OFFICE}/numbering" Target="../../../etc/passwd"/>'
        f'<Relationship Id="r3" Type="{OFFICE}/footnotes" Target="/word/footnotes.xml"/></Relationships>'
    )
    extra = {"word/_rels/document.xml.rels": rels, "word/footnotes.xml": "<f/>"}
    package = open_package(packed(parts(**extra)))
    assert [tuple(relation) for relation in package.relations(package.main)] == [("footnotes", "word/footnotes.xml")]
    assert package.links_outside()
    assert package.related("styles") is None
