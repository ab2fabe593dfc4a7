"""A Word document is read as its reader sees it with every change accepted; its numbers are worked out."""

import io
import zipfile

import docx
import pytest
from docx.enum.text import WD_BREAK

from drafting.domain.plaintext import Block, Shape
from drafting.word.guard import open_package
from drafting.word.reading import blocks

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def word(body: str, **related: str) -> bytes:
    """A document by hand: its body, and the parts that it relates to (``styles=...``)."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Override PartName="/word/document.xml" ContentType="{MAIN}"/></Types>',
        )
        rels = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
        link = '<Relationship Id="{0}" Type="' + OFFICE + '/{0}" Target="{1}"/>'
        archive.writestr("_rels/.rels", rels.format(link.format("officeDocument", "word/document.xml")))
        inner = "".join(link.format(kind, f"{kind}.xml") for kind in related)
        archive.writestr("word/_rels/document.xml.rels", rels.format(inner))
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for kind, content in related.items():
            archive.writestr(f"word/{kind}.xml", f"<w:{kind} {W}>{content}</w:{kind}>")
    return held.getvalue()


def read(body: str, **related: str) -> list[Block]:
    return list(blocks(open_package(word(body, **related))))


def p(inner: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def item(level: int, num: int = 1) -> str:
    return p(r("x"), f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>')


def level(index: int, kind: str, text: str, more: str = "", start: int = 1) -> str:
    head = f'<w:start w:val="{start}"/><w:numFmt w:val="{kind}"/>{more}'
    return f'<w:lvl w:ilvl="{index}">{head}<w:lvlText w:val="{text}"/></w:lvl>'


def num(number: int, abstract: int, overrides: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{abstract}"/>{overrides}</w:num>'


def markers(body: str, numbering: str, styles: str = "") -> list[str]:
    return [block.marker for block in read(body, numbering=numbering, styles=styles) if block.shape is not Shape.ASIDE]


OUTLINE = (
    '<w:abstractNum w:abstractNumId="0">'
    + level(0, "decimal", "%1.")
    + level(1, "lowerLetter", "(%2)")
    + level(2, "lowerRoman", "(%3)")
    + level(3, "upperLetter", "%4)")
    + level(4, "upperRoman", "%5.")
    + "</w:abstractNum>"
)


def test_a_nested_list_counts_and_begins_again_below_each_item() -> None:
    body = "".join(item(depth) for depth in (0, 1, 2, 2, 1, 3, 4, 4, 0, 1, 2))
    assert markers(body, OUTLINE + num(1, 0)) == [
        *("1.", "(a)", "(i)", "(ii)", "(b)", "A)", "I.", "II.", "2.", "(a)", "(i)"),
    ]


def test_two_lists_of_one_kind_count_on_unless_one_starts_anew() -> None:
    numbering = (
        OUTLINE
        + num(1, 0)
        + num(2, 0)
        + num(3, 0, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride>')
    )
    assert markers(item(0, 1) + item(0, 2) + item(0, 3) + item(0, 3), numbering) == ["1.", "2.", "7.", "8."]


def test_a_level_replaced_in_a_list_counts_in_its_own_way() -> None:
    override = f'<w:lvlOverride w:ilvl="0">{level(0, "upperRoman", "Article %1", start=4)}</w:lvlOverride>'
    assert markers(item(0, 2) + item(0, 2), OUTLINE + num(2, 0, override)) == ["Article IV", "Article V"]


def test_legal_numbering_is_decimal_throughout_and_shows_the_levels_above() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="0">'
        + level(0, "upperRoman", "%1")
        + level(1, "decimal", "%1.%2", "<w:isLgl/>")
        + level(2, "decimalZero", "%2-%3")
        + "</w:abstractNum>"
        + num(1, 0)
    )
    assert markers("".join(item(depth) for depth in (0, 1, 1, 2, 0, 1)), numbering) == [
        "I",
        "1.1",
        "1.2",
        "2-01",
        "II",
        "2.1",
    ]


def test_a_level_may_go_on_where_others_begin_again() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="0">'
        + level(0, "decimal", "%1.")
        + level(1, "decimal", "OP%2", '<w:lvlRestart w:val="0"/>')
        + "</w:abstractNum>"
        + num(1, 0)
    )
    assert markers("".join(item(depth) for depth in (0, 1, 1, 0, 1)), numbering) == ["1.", "OP1", "OP2", "2.", "OP3"]


def test_numbers_come_by_style_and_are_taken_away_by_zero() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Base"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Absatz"><w:basedOn w:val="Base"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Unter"><w:basedOn w:val="Base"/></w:style>'
    )
    numbering = (
        '<w:abstractNum w:abstractNumId="0">'
        + level(0, "decimal", "%1")
        + level(1, "lowerLetter", "%2)", '<w:pStyle w:val="Unter"/>')
        + "</w:abstractNum>"
        + num(1, 0)
    )
    body = (
        p(r("x"), '<w:pStyle w:val="Absatz"/>')
        + p(r("x"), '<w:pStyle w:val="Unter"/>')
        + p(r("x"), '<w:pStyle w:val="Absatz"/><w:numPr><w:numId w:val="0"/></w:numPr>')
        + p(r("x"), '<w:pStyle w:val="Absatz"/>')
    )
    assert markers(body, numbering, styles) == ["1.", "a)", "", "2."]


def test_bullets_are_dashes() -> None:
    numbering = f'<w:abstractNum w:abstractNumId="0">{level(0, "bullet", "&#xF0B7;")}</w:abstractNum>' + num(1, 0)
    assert markers(item(0), numbering) == ["-"]


def test_headings_are_known_by_their_outline_level_in_every_language() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/>'
        '<w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Mein"><w:basedOn w:val="berschrift2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    )
    found = read(
        p(r("Call"), '<w:pStyle w:val="Titel"/>')
        + p(r("Goals"), '<w:pStyle w:val="Mein"/>')
        + p(r("Direct"), '<w:outlineLvl w:val="0"/>')
        + p(r("Body"), '<w:outlineLvl w:val="9"/>')
        + p(r("All bold", "<w:b/>")),
        styles=styles,
    )
    assert [(block.shape, block.level, block.text) for block in found] == [
        (Shape.TITLE, 0, "Call"),
        (Shape.HEADING, 2, "Goals"),
        (Shape.HEADING, 1, "Direct"),
        (Shape.PARAGRAPH, 0, "Body"),
        (Shape.HEADING, 0, "All bold"),
    ]


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        (r("Recalling", "<w:i/>") + r(" the call"), "*Recalling* the call"),
        (r("Decides ", "<w:b/>") + r("to act"), "**Decides** to act"),
        (r("Very", "<w:b/><w:i/>") + r(" much"), "***Very*** much"),
        (r("All of it is bold.", "<w:b/>"), "All of it is bold."),
        (r("not", '<w:b w:val="0"/>') + r(" bold"), "not bold"),
        (r("De", "<w:b/>") + r("cides", "<w:b/>") + r(" now"), "**Decides** now"),
        (r("one", "<w:i/>") + r(" ") + r("two", "<w:i/>") + r(" three"), "*one two* three"),
        (r("governing body* and instrument*"), r"governing body\* and instrument\*"),
        (r("instrument*"), "instrument*"),
        (r("Strong", '<w:rStyle w:val="Strong"/>') + r(" weak"), "**Strong** weak"),
    ],
)
def test_emphasis_is_kept_where_only_a_part_is_emphasised(runs: str, text: str) -> None:
    strong = '<w:style w:type="character" w:styleId="Strong"><w:rPr><w:b/></w:rPr></w:style>'
    assert [block.text for block in read(p(runs), styles=strong)] == [text]


def test_tabs_breaks_and_hyphens_are_read() -> None:
    body = p("<w:r><w:t>one</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>non</w:t><w:noBreakHyphen/><w:t>stop</w:t></w:r>")
    assert [block.text for block in read(body)] == ["one two non\u2011stop"]


def test_tracked_changes_are_read_as_accepted_and_remarked_on() -> None:
    body = p(
        r("States ")
        + f'<w:del w:id="1" w:author="A">{r("may").replace("w:t", "w:delText")}</w:del>'
        + f'<w:ins w:id="2" w:author="A">{r("shall")}</w:ins>'
        + f'<w:moveFrom w:id="3">{r(" never")}</w:moveFrom>{r(" act")}<w:moveTo w:id="4">{r(" now")}</w:moveTo>'
    )
    found = read(body)
    assert [block.text for block in found if block.shape is Shape.PARAGRAPH] == ["States shall act now"]
    assert [block.note for block in found if block.shape is Shape.ASIDE] == [
        "The file held tracked changes; it was read as if all were accepted"
    ]


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    gone = '<w:rPr><w:del w:id="1"/></w:rPr>'
    body = p(r("States "), gone) + p(r("act."), "") + p(r("The end"), gone)
    assert [block.text for block in read(body) if block.text] == ["States act.", "The end"]


def test_a_deleted_paragraph_takes_no_number() -> None:
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    gone = p(
        f'<w:del w:id="1">{r("x").replace("w:t", "w:delText")}</w:del>', numbered + '<w:rPr><w:del w:id="2"/></w:rPr>'
    )
    assert markers(item(0) + gone + item(0), OUTLINE + num(1, 0)) == ["1.", "2."]


def test_a_field_gives_its_result_and_not_its_instruction() -> None:
    def char(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    nested = char("begin") + r("hidden") + char("separate") + r("inner") + char("end")
    body = (
        p(
            r("See ")
            + char("begin")
            + "<w:r><w:instrText>INCLUDETEXT x</w:instrText></w:r>"
            + nested
            + char("separate")
            + r("page 4")
            + char("end")
            + r(", ")
            + f'<w:fldSimple w:instr="REF x">{r("Annex")}</w:fldSimple>'
        )
        + p(char("begin") + r("lost"))
        + p(r("Next."))
    )
    found = read(body)
    assert [block.text for block in found if block.shape is not Shape.ASIDE] == ["See page 4, Annex", "Next."]
    assert [(block.note, block.text) for block in found if block.shape is Shape.ASIDE] == [
        ("A field would fetch something from outside; it was not followed", "INCLUDETEXT x"),
    ]


def test_tables_are_read_cell_by_cell_without_deleted_rows() -> None:
    def row(first: str, second: str, more: str = "") -> str:
        return f"<w:tr><w:trPr>{more}</w:trPr><w:tc>{p(r(first))}</w:tc><w:tc>{p(r(second))}</w:tc></w:tr>"

    inner = f"<w:tbl>{row('e', 'f')}</w:tbl>"
    body = f"<w:tbl>{row('a', 'b')}{row('c', 'd', '<w:del/>')}<w:tr><w:tc>{inner}{p('')}</w:tc></w:tr></w:tbl>"
    assert [block.text for block in read(body) if block.shape is Shape.PARAGRAPH] == ["a", "b", "e", "f"]


def test_footnotes_follow_their_paragraph() -> None:
    notes = (
        f'<w:footnote w:id="0" w:type="separator">{p(r("-"))}</w:footnote>'
        f'<w:footnote w:id="5">{p("<w:r><w:footnoteRef/></w:r>" + r(" First "))}{p(r("note."))}</w:footnote>'
    )
    body = p(r("Text.") + '<w:r><w:footnoteReference w:id="5"/></w:r>') + p(r("More."))
    found = [block for block in read(body, footnotes=notes) if block.shape is not Shape.ASIDE]
    assert [(block.shape, block.marker, block.text) for block in found] == [
        (Shape.PARAGRAPH, "", "Text."),
        (Shape.FOOTNOTE, "1", "First note."),
        (Shape.PARAGRAPH, "", "More."),
    ]


def test_a_footnote_that_is_referred_to_twice_is_read_once() -> None:
    notes = f'<w:footnote w:id="5">{p(r("A note."))}</w:footnote>'
    sign = '<w:r><w:footnoteReference w:id="5"/></w:r>'
    found = read(p(r("Text.") + sign) + p(r("More.") + sign * 3), footnotes=notes)
    assert [block.text for block in found if block.shape is not Shape.ASIDE] == ["Text.", "A note.", "More."]


def test_what_is_left_out_is_told_with_its_words() -> None:
    box = f"<w:drawing><w:txbxContent>{p(r('boxed'))}</w:txbxContent></w:drawing>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    styles = '<w:style w:type="paragraph" w:styleId="Verz1"><w:name w:val="toc 1"/></w:style>'
    body = (
        p(f"<w:r>{both}</w:r><w:r><w:pict/></w:r>" + r("seen") + r("unseen", "<w:vanish/>"))
        + p('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:font="Arial" w:char="00A7"/></w:r>')
        + p(r("Goals 3"), '<w:pStyle w:val="Verz1"/>')
    )
    found = read(body, styles=styles, header=p(r("BP/1")), comments=p(r("Why?")))
    assert [block.text for block in found if block.shape is Shape.PARAGRAPH] == ["seen", "§"]
    assert [(block.note, block.text) for block in found if block.shape is Shape.ASIDE] == [
        ("Page headers and footers were left out", "BP/1"),
        ("Comments were left out", "Why?"),
        ("A text box was left out", "boxed"),
        ("A picture was left out", ""),
        ("Hidden text was left out", "unseen"),
        ("A sign of a symbol font was left out", "Wingdings F0FC"),
        ("The table of contents was left out", "Goals 3"),
    ]


def test_links_smart_tags_content_controls_ruby_and_formulas_are_read() -> None:
    body = p(
        f"<w:hyperlink>{r('a')}</w:hyperlink><w:smartTag>{r('b')}</w:smartTag>"
        f"<w:sdt><w:sdtContent>{r('c')}</w:sdtContent></w:sdt><m:oMath><m:r><m:t>d</m:t></m:r></m:oMath>"
        f"<w:r><w:ruby><w:rt>{r('gloss')}</w:rt><w:rubyBase>{r('e')}</w:rubyBase></w:ruby></w:r>"
    )
    inside = f"<w:sdt><w:sdtContent>{p(r('block'))}</w:sdtContent></w:sdt>"
    assert [block.text for block in read(body + inside)] == ["abcde", "block"]


def test_a_file_made_by_another_program_is_read() -> None:
    document = docx.Document()
    document.add_heading("Call for Action", 0)
    document.add_heading("Goals", 2)
    paragraph = document.add_paragraph()
    paragraph.add_run("Recalling").italic = True
    paragraph.add_run(" the call,").add_break(WD_BREAK.LINE)
    document.add_paragraph("Decides.", style="List Number")
    document.add_paragraph("Invites.", style="List Number")
    held = io.BytesIO()
    document.save(held)
    found = blocks(open_package(held.getvalue()))
    assert [(block.shape, block.level, block.marker, block.text) for block in found] == [
        (Shape.TITLE, 0, "", "Call for Action"),
        (Shape.HEADING, 2, "", "Goals"),
        (Shape.PARAGRAPH, 0, "", "*Recalling* the call,"),
        (Shape.PARAGRAPH, 0, "1.", "Decides."),
        (Shape.PARAGRAPH, 0, "2.", "Invites."),
    ]
