"""A marked-up file that could do harm is refused with a code and a sentence, before it costs memory."""

import io
import tracemalloc
import zipfile

import pytest

from drafting.domain.text import Line
from drafting.protocol.problems import Refusal
from drafting.protocol.words import SectionKind
from drafting.word.guard import OLE_MAGIC
from drafting.word.understanding import Stamps, Understood, understand
from tests.word.marking import comment, file, ins, p, r

MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
TEXT = (Line("se_" + "0" * 26, SectionKind.OPERATIVE, 0, "", "States shall act."),)
LINK = (
    '<Relationship Id="{0}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{0}" '
    'Target="http://example.org/{0}" TargetMode="External"/>'
)


STRICT = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" '
    'Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="word/document.xml"/>'
    "</Relationships>"
)


def changed(name: str, content: str | bytes) -> bytes:
    """A good file with one part otherwise."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(file(p("States shall act.")))) as was,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as now,
    ):
        for known in was.namelist():
            if known != name:
                now.writestr(known, was.read(known))
        now.writestr(name, content)
    return held.getvalue()


def read(content: bytes) -> Understood:
    return understand(content, TEXT, Stamps())


BAD = {
    "no zip": (b"Dear all,", "not_word"),
    "cut short": (file(p("x"))[:-40], "not_word"),
    "encrypted": (OLE_MAGIC + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "file_hostile"),
    "macros": (file(p("x"), main=MACROS), "file_unsupported"),
    "macros, renamed": (changed("word/vbaProject.bin", b"x"), "file_unsupported"),
    "strict": (changed("_rels/.rels", STRICT), "file_unsupported"),
    "a bomb": (changed("word/media/a.bin", bytes(45_000_000)), "file_hostile"),
    "too many elements": (file("<w:p/>" * 1_000_000), "file_hostile"),
    "too many paragraphs": (file("<w:p/>" * 30_000), "too_large"),
    "too deep": (file("<w:sdt>" * 100_000 + "</w:sdt>" * 100_000), "file_hostile"),
    "laughter": (changed("word/comments.xml", '<!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'), "file_hostile"),
    "a way out": (changed("../../etc/passwd", b"x"), "file_hostile"),
    "a comment too deep": (file(p("x"), comments="<w:sdt>" * 500 + "</w:sdt>" * 500), "file_hostile"),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_could_do_harm_is_refused_in_little_memory(kind: str) -> None:
    content, code = BAD[kind]
    tracemalloc.start()
    with pytest.raises(Refusal) as refusal:
        read(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refusal.value.code == code
    assert refusal.value.detail.endswith(".")
    assert peak < 100_000_000


def test_a_hundred_thousand_members_are_refused_unlisted() -> None:
    held = io.BytesIO(file(p("x")))
    with zipfile.ZipFile(held, "a") as archive:
        for number in range(2_500):
            archive.writestr(f"{number}", "")
    with pytest.raises(Refusal) as refusal:
        read(held.getvalue())
    assert refusal.value.code == "file_hostile"


def test_what_is_outside_the_file_is_not_fetched_and_said_so() -> None:
    links = LINK.format("attachedTemplate") + LINK.format("oleObject")
    fields = "".join(
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{field} "http://example.org/x"</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r(shown)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        for field, shown in (("INCLUDETEXT", "States "), ("DDEAUTO", "shall "))
    )
    objects = "<w:r><w:object/></w:r><w:r><w:pict/></w:r>"
    found = read(file(p(fields + r("act.") + objects) + '<w:altChunk w:id="x"/>', links=links))
    assert (found.parts, found.sure) == ((), 1.0)
    assert set(found.remarks) == {
        "The file refers to something outside itself, which was not fetched",
        "A field would fetch something from outside; it was not followed",
        "An embedded object was left out",
        "A picture was left out",
        "A foreign document inside this one was left out",
    }


def test_a_template_that_the_settings_attach_is_seen() -> None:
    rels = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{LINK.format("attachedTemplate")}</Relationships>'
    found = read(changed("word/_rels/settings.xml.rels", rels))
    assert found.remarks == ("The file refers to something outside itself, which was not fetched",)


def test_hostile_numbers_and_names_do_no_harm() -> None:
    odd = '<w:commentRangeStart w:id="-1"/><w:commentRangeEnd/><w:moveFromRangeEnd w:id="x"/><w:moveToRangeStart/>'
    content = file(
        p(odd + r("States shall act.") + ins("\u202e" + "x" * 50_000, by="a" * 5_000)), comments=comment(0, "")
    )
    found = read(content)
    assert (len(found.parts), found.sure) == (1, 1.0)
