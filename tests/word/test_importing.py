"""A draft that somebody sends becomes sections, and its sender is told what was left out."""

import io
from datetime import UTC, datetime
from time import perf_counter

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.text import Line
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.word.clean import clean
from drafting.word.guard import OLE_MAGIC
from drafting.word.importing import Remark, read_draft
from drafting.word.masthead import Masthead

MARKDOWN = """# Call for Action

*Recalling* the first call,

1. Decides [to act] [:

(a) now;

2. Invites others.
"""

OURS = """# Call for Action

We, the Ministers, meeting in Budapest,

*Recalling* the first call,

*Noting* its results [and costs],

## Goals

1. *Decide* to act:

   (a) now;

   (b) together, by means of:

      (i) funds;

      (ii) people;

2. *Invite* others.
"""
MASTHEAD = Masthead(
    title="Call for Action",
    symbol="BP/CfA/Rev.1",
    version_name="Rev.1",
    distribution="General",
    date=datetime(2026, 3, 2, 9, tzinfo=UTC),
    original_language="en",
    language="en",
    document_id="do_1",
    version_id="ve_1",
    version_hash="ab",
    log_head="cd",
)


def word_file() -> bytes:
    document = docx.Document()
    document.add_heading("Call for Action", 0)
    document.add_paragraph().add_run("Recalling the first call,")
    document.add_paragraph("Decides:", style="List Number")
    document.add_paragraph("(a) now;")
    table = document.add_table(1, 1)
    table.cell(0, 0).text = "A cell."
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def refused(name: str, content: bytes, most_bytes: int = 1_000_000) -> ProblemCode:
    with pytest.raises(Refusal) as refusal:
        read_draft(name, content, most_bytes=most_bytes)
    assert refusal.value.detail
    return refusal.value.code


def test_a_markdown_draft_becomes_sections_and_unbalanced_brackets_stay() -> None:
    draft = read_draft("call.md", MARKDOWN.encode())
    assert draft.title == "Call for Action"
    assert draft.language == "en"
    assert [(line.kind.value, line.label, line.text, line.place) for line in draft.lines] == [
        ("title", "", "Call for Action", "line 1"),
        ("preambular", "PP1", "*Recalling* the first call,", "line 3"),
        ("operative", "OP1", "Decides [to act] [:", "line 5"),
        ("subparagraph", "OP1(a)", "now;", "line 7"),
        ("operative", "OP2", "Invites others.", "line 9"),
    ]
    assert draft.remarks == (Remark("line 1", "The title was guessed: “Call for Action”."),)


def test_a_word_draft_becomes_sections_whatever_its_name() -> None:
    for name in ("call.docx", "call.txt", "call"):
        draft = read_draft(name, word_file())
        assert [(line.kind.value, line.level, line.label, line.text) for line in draft.lines] == [
            ("title", 0, "", "Call for Action"),
            ("preambular", 1, "PP1", "Recalling the first call,"),
            ("operative", 1, "OP1", "Decides:"),
            ("subparagraph", 2, "OP1(a)", "now;"),
            ("chapeau", 1, "", "A cell."),
        ]
        assert draft.remarks == (Remark("paragraph 4", "A table was read cell by cell, row by row."),)


def test_markdown_is_known_by_its_headings_even_in_a_txt_file() -> None:
    assert read_draft("call.txt", MARKDOWN.encode()).title == "Call for Action"


def test_line_ends_and_byte_order_marks_make_no_difference() -> None:
    plain = read_draft("call.md", MARKDOWN.encode())
    assert read_draft("call.md", b"\xef\xbb\xbf" + MARKDOWN.replace("\n", "\r\n").encode()) == plain


def test_a_draft_without_a_title_is_called_by_its_file_name() -> None:
    draft = read_draft("C:\\drafts\\Zero draft.txt", b"We agree to act together.\n")
    assert draft.title == "Zero draft"
    assert draft.remarks == (Remark("", "No title was found in the file; it is called “Zero draft”."),)


def test_what_was_left_out_is_said_once_for_each_kind() -> None:
    rows = [f"Rule {page} of the process says so.\nBP/CfA/1\n{page}" for page in range(1, 4)]
    draft = read_draft("x.txt", "\n".join(rows).encode())
    said = "Page headers and page numbers were left out (3 times): BP/CfA/1 1; BP/CfA/1 2; BP/CfA/1 3."
    assert Remark("line 2", said) in draft.remarks


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ссылаясь на ОБСЕ and the EU,", "ru"),
        ("إِذْ تُشِيرُ إلى القرار EU،", "ar"),
        ("Rappelant l'état,", "en"),
        ("12", "en"),
    ],
)
def test_the_language_is_guessed_by_the_script(text: str, language: str) -> None:
    assert read_draft("x.txt", text.encode()).language == language


def test_files_that_cannot_be_read_are_refused_with_a_code() -> None:
    assert refused("x.docx", b"") is ProblemCode.FILE_EMPTY
    assert refused("x.md", b" \r\n\t") is ProblemCode.FILE_EMPTY
    assert refused("x.md", b"\xef\xbb\xbf\n") is ProblemCode.FILE_EMPTY
    assert refused("x.md", b"---\nlang: en\n---\n") is ProblemCode.FILE_EMPTY
    assert refused("x.md", b"word " * 10, most_bytes=49) is ProblemCode.TOO_LARGE
    assert refused("x.docx", b"Dear all") is ProblemCode.NOT_WORD
    assert refused("x.txt", b"\x00\x01\x02\x03") is ProblemCode.NOT_WORD
    assert refused("x.pdf", b"%PDF-1.7\nwords") is ProblemCode.NOT_WORD
    assert refused("x.txt", "Décide".encode("latin-1")) is ProblemCode.TEXT_ILLEGAL
    assert refused("x.txt", OLE_MAGIC + b"\0" * 100) is ProblemCode.FILE_UNSUPPORTED
    assert refused("x.docx", word_file()[:-40]) is ProblemCode.NOT_WORD


def test_control_characters_are_left_out_and_said_so() -> None:
    draft = read_draft("x.txt", b"We \x07agree\x1b to act.\x0cTogether.")
    assert [line.text for line in draft.lines] == ["We agree to act. Together."]
    assert draft.remarks[0] == Remark("", "Control characters, which no file may hold, were left out (2).")


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)),
    st.sampled_from(["x.md", "x.txt", "x.docx"]),
)
def test_any_bytes_are_read_or_refused(content: bytes, name: str) -> None:
    try:
        draft = read_draft(name, content)
    except Refusal:
        return
    assert draft.lines
    assert all(line.text and "\n" not in line.text for line in draft.lines)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_word_file_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(WORD_FILE)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_draft("x.docx", bytes(content))
    except Refusal as refusal:
        assert refusal.detail  # noqa: PT017 - both outcomes are right


@pytest.mark.parametrize("name", ["x.md", "x.txt"])
@pytest.mark.parametrize(
    "hostile",
    [
        "." * 300_000,
        "[" * 300_000,
        "*a" * 150_000,
        "# a" + " #" * 150_000 + "x",
        "# a" + "#" * 300_000 + "x",
        "<!-- " * 60_000,
        "Contents\n1\n" * 20_000,
        "BP\n1\nBP\n2\n" * 20_000,
        "words that go on\n" * 20_000,
        "(a) item;\n\n" * 20_000,
        "bis " * 60_000 + "1 " + "bis " * 60_000,
        "1 " * 100_000,
        "- x\n" * 20_000,
    ],
)
def test_text_made_to_exhaust_the_reader_is_read_in_moments(name: str, hostile: str) -> None:
    begun = perf_counter()
    read_draft(name, f"Title\n\n{hostile}\n".encode())
    assert perf_counter() - begun < 10


WORD_FILE = word_file()


def test_our_own_clean_file_comes_back_as_the_sections_that_it_printed() -> None:
    drafted = read_draft("call.md", OURS.encode()).lines
    manifest = tuple(Line(f"se_{n}", line.kind, line.level, line.label, line.text) for n, line in enumerate(drafted))
    file = clean(manifest, MASTHEAD)
    again = read_draft("call.docx", file)
    assert [(x.kind, x.level, x.label, x.text) for x in again.lines] == [
        (x.kind, x.level, x.label, x.text) for x in drafted
    ]
    assert any("our own files" in remark.sentence for remark in again.remarks)
