"""A clean Word file prints the text as issued, in every language, and says what it is."""
# ruff: noqa: RUF001 - texts are Russian, Arabic and mathematical on purpose

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import docx
import pytest
from lxml import etree

from drafting.domain.text import Line
from drafting.protocol.words import SectionKind
from drafting.word.clean import Shown, clean
from drafting.word.importing import read_draft
from drafting.word.lint import lint

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Readers
    from drafting.word.masthead import Masthead

    Errors = Callable[[bytes], list[str]]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

TEXT = (
    Line("se_t", SectionKind.TITLE, 0, "", "Draft Call for Action"),
    Line("se_c", SectionKind.CHAPEAU, 0, "", "*We, the Ministers,* meeting in Budapest,"),
    Line("se_p", SectionKind.PREAMBULAR, 0, "PP1", "*Recalling* the [Budapest [Process]] & <its> “aims”,"),
    Line("se_h", SectionKind.HEADING, 0, "I.", "Commitments"),
    Line("se_o", SectionKind.OPERATIVE, 1, "OP12bis", "**Decides** to meet;"),
    Line("se_a", SectionKind.SUBPARAGRAPH, 2, "(a)", "once a year:"),
    Line("se_i", SectionKind.SUBPARAGRAPH, 3, "(i)", "в Будапеште;"),
    Line("se_d", SectionKind.OPERATIVE, 1, "OP13", "", deleted=True),
    Line("se_n", SectionKind.FOOTNOTE, 1, "1", "Without prejudice."),
    Line("se_x", SectionKind.ANNEX, 0, "Annex I", "List"),
    Line("se_r", SectionKind.ARTICLE, 1, "Article 1", "Terms"),
    Line("se_s", SectionKind.SIGNATURE, 0, "", "For the Government of Arvania"),
)

ARABIC = (
    Line("se_t", SectionKind.TITLE, 0, "", "نداء العمل"),
    Line("se_p", SectionKind.PREAMBULAR, 0, "1", "*إِذْ تُشِيرُ* إلى العملية [بودابست] رقم 12،"),
)


def test_every_section_prints_label_tab_and_text_and_a_deleted_one_says_so(word: Readers, masthead: Masthead) -> None:
    assert word.texts(clean(TEXT, masthead)) == [
        "Draft Call for Action",
        "We, the Ministers, meeting in Budapest,",
        "PP1\tRecalling the [Budapest [Process]] & <its> “aims”,",
        "I.\tCommitments",
        "OP12bis\tDecides to meet;",
        "(a)\tonce a year:",
        "(i)\tв Будапеште;",
        "OP13\t[deleted]",
        "1\tWithout prejudice.",
        "Annex I\tList",
        "Article 1\tTerms",
        "For the Government of Arvania",
    ]


def test_a_clean_file_is_valid_in_every_language(masthead: Masthead, sdk_errors: Errors) -> None:
    for text, language in ((TEXT, "en"), (TEXT, "ru"), (ARABIC, "ar"), ((), "fr")):
        file = clean(text, replace(masthead, language=language, original_language=language))
        assert sdk_errors(file) == []
        assert lint(file) == ()


def test_kinds_are_real_styles_and_headings_are_words_own(masthead: Masthead) -> None:
    paragraphs = docx.Document(io.BytesIO(clean(TEXT, masthead))).paragraphs
    styles = {paragraph.text.split("\t")[-1]: paragraph.style.name for paragraph in paragraphs}
    assert styles["Draft Call for Action"] == "Title"
    assert styles["Commitments"] == "Heading 1"
    assert styles["List"] == "Heading 1"
    assert styles["Terms"] == "Heading 2"
    assert styles["once a year:"] == "Subparagraph"
    assert styles["For the Government of Arvania"] == "Signature"


def test_labels_hang_and_deeper_sections_stand_further_in(word: Readers, masthead: Masthead) -> None:
    indents = {}
    for paragraph in word.part(clean(TEXT, masthead)).iter(f"{W}p"):
        label = "".join(paragraph.itertext()).split(" ")[0]
        indent = paragraph.find(f"{W}pPr/{W}ind")
        if indent is not None:
            indents[label] = (int(indent.get(f"{W}left")), int(indent.get(f"{W}hanging")))
    assert indents["PP1Recalling"] == (1134, 1134)
    assert indents["OP12bisDecides"] == (1134, 1134), "a heading's text starts at the margin again"
    assert indents["(a)once"] == (1984, 850)
    assert indents["(i)в"] == (2834, 850)


def test_emphasis_prints_as_italic_and_bold_runs_and_its_marks_are_gone(word: Readers, masthead: Masthead) -> None:
    paragraphs = word.read(clean(TEXT, masthead))
    assert paragraphs[2].runs[:2] == [("PP1\t", ""), ("Recalling", "i")]
    assert paragraphs[4].runs == [("OP12bis\t", ""), ("Decides", "b"), (" to meet;", "")]


def test_the_masthead_says_title_symbol_version_distribution_date_and_original_language(
    word: Readers, masthead: Masthead
) -> None:
    first_page = word.pandoc(clean(TEXT, masthead)).split("\n\n")[:4]
    assert first_page == [
        "Call for Action BP/CfA/Rev.2",
        "Rev.2 Distr.: Limited",
        "28 November 2026",
        "Original: English",
    ]


def test_the_masthead_speaks_the_files_language(word: Readers, masthead: Masthead) -> None:
    russian = word.pandoc(clean((), replace(masthead, language="ru")))
    assert "28 ноября 2026 года" in russian
    assert "Язык оригинала: английский" in russian
    arabic = word.pandoc(clean((), replace(masthead, language="ar-EG", original_language="ar")))
    assert "28 تشرين الثاني/نوفمبر 2026" in arabic
    assert "الأصل: بالعربية" in arabic


def test_what_is_not_known_prints_nothing(word: Readers, masthead: Masthead) -> None:
    bare = replace(
        masthead, **dict.fromkeys(["distribution", "original_language", "version_name", "log_head", "version_hash"], "")
    )
    assert word.pandoc(clean((), bare)) == (
        "Call for Action BP/CfA/Rev.2\n\n28 November 2026\n\nDocument do_01\n\nVersion ve_02\n"
    )


def test_a_masthead_without_a_time_zone_is_a_mistake(masthead: Masthead) -> None:
    with pytest.raises(ValueError, match="time zone"):
        replace(masthead, date=datetime(2026, 11, 28))  # noqa: DTZ001 - the mistake itself


def test_pages_have_running_header_page_numbers_and_line_numbers(word: Readers, masthead: Masthead) -> None:
    file = clean(TEXT, masthead)
    section = word.part(file).find(f"{W}body/{W}sectPr")
    assert section.find(f"{W}lnNumType").get(f"{W}countBy") == "5"
    assert "".join(word.part(file, "word/header.xml").itertext()).strip() == "Call for ActionBP/CfA/Rev.2"
    for footer in ("word/footer.xml", "word/footer_first.xml"):
        fields = [field.get(f"{W}instr").strip() for field in word.part(file, footer).iter(f"{W}fldSimple")]
        assert fields == ["PAGE", "NUMPAGES"]
        assert "".join(word.part(file, footer).itertext()).strip() == "Page 1 of 1"


def test_line_numbers_are_left_out_on_demand(word: Readers, masthead: Masthead, sdk_errors: Errors) -> None:
    file = clean(TEXT, replace(masthead, line_numbers=False))
    assert word.part(file).find(f".//{W}lnNumType") is None
    assert sdk_errors(file) == []


def test_a_status_stands_under_its_section_and_is_no_part_of_the_text(masthead: Masthead, sdk_errors: Errors) -> None:
    for text, language in ((TEXT, "en"), (ARABIC, "ar")):
        spoken = replace(masthead, language=language)
        file = clean(text, spoken, Shown({text[1].section: "Agreed ad referendum; awaiting: Arvania"}))
        paragraphs = [paragraph.text for paragraph in docx.Document(io.BytesIO(file)).paragraphs]
        plain = [paragraph.text for paragraph in docx.Document(io.BytesIO(clean(text, spoken))).paragraphs]
        at = paragraphs.index("Agreed ad referendum; awaiting: Arvania")
        assert [*paragraphs[:at], *paragraphs[at + 1 :]] == plain
        assert sdk_errors(file) == []
        assert lint(file) == ()
    said, unsaid = (
        read_draft("clean.docx", clean(TEXT, masthead, shown))
        for shown in (Shown({TEXT[1].section: "Agreed"}), Shown())
    )
    assert [(line.label, line.text) for line in said.lines] == [(line.label, line.text) for line in unsaid.lines]


@pytest.mark.parametrize(
    ("text", "shaded"),
    [
        ("one [two [three]] four", ["[two [three]]"]),
        ("[one] two [three] [four", ["[one]", "[three]", "["]),
        ("one] [*two* three]", ["]", "[", "two", " three]"]),
        ("none", []),
    ],
)
def test_what_stands_in_brackets_is_shaded_on_demand(
    word: Readers, masthead: Masthead, text: str, shaded: list[str]
) -> None:
    line = Line("se_1", SectionKind.OPERATIVE, 0, "OP1", text)
    file = clean((line,), masthead, Shown(brackets=True))
    runs = (run for run in word.part(file).iter(f"{W}r") if run.find(f"{W}rPr/{W}shd") is not None)
    assert ["".join(run.itertext()) for run in runs] == shaded
    assert word.looks(file) == word.looks(clean((line,), masthead))


def test_a_memorandum_is_signed_side_by_side(masthead: Masthead, sdk_errors: Errors) -> None:
    words = ["Done in three originals.", "For the Government of Arvania", "For Borduria", "For Calgaria"]
    text = tuple(Line(f"se_{at}", SectionKind.SIGNATURE, 0, "", said) for at, said in enumerate(words))
    for language in ("en", "ar"):
        file = clean(text, replace(masthead, language=language), Shown(side_by_side=True))
        read = docx.Document(io.BytesIO(file))
        assert words[0] in [paragraph.text for paragraph in read.paragraphs]
        cells = [[cell.text for cell in row.cells] for row in read.tables[0].rows]
        assert cells == [words[1:3], [words[3], ""]]
        assert sdk_errors(file) == []
        assert lint(file) == ()
    again = read_draft("a.docx", file)
    assert [(line.kind, line.text) for line in again.lines] == [(SectionKind.SIGNATURE, said) for said in words]
    alone = clean(text[:2], masthead, Shown(side_by_side=True))
    assert not docx.Document(io.BytesIO(alone)).tables


def test_shading_is_valid(masthead: Masthead, sdk_errors: Errors) -> None:
    for language in ("en", "ar"):
        assert sdk_errors(clean(TEXT, replace(masthead, language=language), Shown(brackets=True))) == []


def test_the_log_head_and_the_texts_hash_are_printed_and_declared(word: Readers, masthead: Masthead) -> None:
    file = clean(TEXT, masthead)
    assert word.pandoc(file).rstrip().endswith("Text sha256:5f\n\nLog sha256:9a")
    declared = {found.get("name"): found[0].text for found in word.part(file, "docProps/custom.xml")}
    assert declared == {
        "Drafting Room: Document": "do_01",
        "Drafting Room: Version": "ve_02",
        "Drafting Room: Version hash": "sha256:5f",
        "Drafting Room: Log head": "sha256:9a",
    }


def test_arabic_runs_from_right_to_left_everywhere(word: Readers, masthead: Masthead) -> None:
    file = clean(ARABIC, replace(masthead, language="ar"))
    body = word.part(file)[0]
    text = [paragraph for paragraph in body.iter(f"{W}p") if paragraph.find(f"{W}pPr/{W}ind") is not None]
    assert len(text) == 1
    properties = [etree.QName(child).localname for child in text[0].find(f"{W}pPr")]
    assert properties == ["pStyle", "bidi", "ind", "rPr"]
    assert all(run.find(f"{W}rPr/{W}rtl") is not None for run in text[0].iter(f"{W}r"))
    assert body.find(f"{W}sectPr/{W}bidi") is not None
    assert word.part(file, "word/footer.xml").find(f".//{W}bidi") is not None
    assert word.texts(file)[1] == "1.\tإِذْ تُشِيرُ إلى العملية [بودابست] رقم 12،"


def test_latin_text_has_no_trace_of_right_to_left(word: Readers, masthead: Masthead) -> None:
    assert not list(word.part(clean(TEXT, masthead)).iter(f"{W}bidi", f"{W}rtl"))


def test_characters_that_xml_forbids_are_left_out_and_markup_stays_text(
    word: Readers, masthead: Masthead, sdk_errors: Errors
) -> None:
    hostile = Line("se_1", SectionKind.OPERATIVE, 0, "1\x00<", "a\x0bb\ud800c\uffff]]>&amp;<w:p/>\r\n\"$body' 𝔘")
    file = clean((hostile,), replace(masthead, title="<&\x01$title", symbol='"$symbol', log_head="]]>"))
    assert word.texts(file) == ["1<\tabc]]>&amp;<w:p/> \"$body' 𝔘"]
    assert sdk_errors(file) == []


def test_a_tab_inside_a_text_stays_a_tab(word: Readers, masthead: Masthead) -> None:
    assert word.texts(clean((Line("se_1", SectionKind.OPERATIVE, 0, "1", "a\tb"),), masthead)) == ["1.\ta\tb"]


def test_the_same_text_gives_the_same_bytes_and_no_clock_is_read(masthead: Masthead) -> None:
    file = clean(TEXT, masthead)
    assert clean(TEXT, masthead) == file
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.create_system for info in archive.infolist()} == {0}
        assert archive.namelist()[0] == "[Content_Types].xml"
        core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[^<]*", core)) == {"2026-11-28T14:55:00Z"}


def test_the_date_is_printed_in_its_own_zone_and_stored_in_utc(word: Readers, masthead: Masthead) -> None:
    late = datetime(2026, 11, 28, 0, 30, tzinfo=timezone(timedelta(hours=3)))
    file = clean((), replace(masthead, date=late))
    assert "28 November 2026" in word.pandoc(file)
    created = word.part(file, "docProps/core.xml").findtext("{http://purl.org/dc/terms/}created")
    assert created == "2026-11-27T21:30:00Z"
    assert late.astimezone(UTC).day == 27
