"""Markdown and the text of a PDF become paragraphs again, and every word is somewhere."""

import unicodedata
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.plaintext import Block, Shape, blocks
from tests.domain.strategies import paragraphs, vocabularies


def words(text: str, *, markdown: bool = False) -> list[str]:
    return [block.text for block in blocks(text, markdown=markdown) if block.shape is not Shape.ASIDE]


def shapes(found: tuple[Block, ...]) -> list[tuple[Shape, str]]:
    return [(block.shape, block.text) for block in found]


def test_the_title_of_the_front_matter_is_the_title_and_the_rest_is_set_aside() -> None:
    found = blocks('---\ndate: 2026-03-01\ntitle: "The \\"Call\\" for\\_Action"\n---\nWe agree.\n', markdown=True)
    assert shapes(found) == [
        (Shape.TITLE, 'The "Call" for Action'),
        (Shape.ASIDE, "date: 2026-03-01"),
        (Shape.PARAGRAPH, "We agree."),
    ]
    assert found[2].place == "line 5"


def test_hard_wrapped_markdown_paragraphs_are_joined() -> None:
    assert words("*Recalling* the\nprocess and its well-\nknown results,\n\nDecides.", markdown=True) == [
        "*Recalling* the process and its well-known results,",
        "Decides.",
    ]


def test_headings_have_their_level_and_a_bold_line_is_one_without() -> None:
    found = blocks("# Call\n\n## Goals ##\n\n**Safe\nreturns**\n\n**We decide.**\n\nAnnexes\n---\n", markdown=True)
    assert [(block.shape, block.level, block.text) for block in found] == [
        (Shape.HEADING, 1, "Call"),
        (Shape.HEADING, 2, "Goals"),
        (Shape.HEADING, 0, "Safe returns"),
        (Shape.PARAGRAPH, 0, "**We decide.**"),
        (Shape.HEADING, 2, "Annexes"),
    ]


def test_items_are_blocks_and_know_how_deep_they_are() -> None:
    found = blocks("1. Decides to:\n   - share\n     data;\n   - train;\n       - here;\n2. Invites.", markdown=True)
    assert [(block.text, block.level) for block in found] == [
        ("1. Decides to:", 0),
        ("- share data;", 1),
        ("- train;", 1),
        ("- here;", 2),
        ("2. Invites.", 0),
    ]


def test_a_year_that_begins_a_wrapped_line_begins_no_item() -> None:
    assert words("as adopted in\n2018. The rest", markdown=True) == ["as adopted in 2018. The rest"]
    assert words("under paragraph\n4. above it", markdown=True) == ["under paragraph 4. above it"]


def test_brackets_are_no_links_and_escapes_are_undone() -> None:
    assert words("[States](and others) \\[shall\\] [may][should]", markdown=True) == [
        "[States](and others) [shall] [may][should]"
    ]


def test_comments_and_marks_without_words_are_set_aside() -> None:
    found = blocks("One.\n\n<!-- who wrote\nthis -->\n\nTwo.\n\n\\###\n\n]\n", markdown=True)
    assert shapes(found) == [
        (Shape.ASIDE, "who wrote this"),
        (Shape.PARAGRAPH, "One."),
        (Shape.PARAGRAPH, "Two."),
        (Shape.ASIDE, "###"),
        (Shape.PARAGRAPH, "]"),
    ]
    assert [block.place for block in found] == ["line 3", "line 1", "line 6", "line 8", "line 10"]


def test_a_markdown_footnote_keeps_its_number() -> None:
    (note,) = blocks("[^3]: As amended\nlater.", markdown=True)
    assert (note.shape, note.marker, note.text) == (Shape.FOOTNOTE, "3", "As amended later.")


def test_line_ends_of_every_kind_and_a_byte_order_mark_make_no_difference() -> None:
    expected = ["Recalling the process,", "Decides."]
    for end in ("\n", "\r\n", "\r"):
        assert words(f"\ufeffRecalling the{end}process,{end}{end}Decides.", markdown=True) == expected


def test_text_is_composed_and_its_spaces_folded() -> None:
    assert words("re\u0301gion\u00a0 and  e\u0301tat", markdown=True) == ["r\u00e9gion and \u00e9tat"]


WRAPPED = """\
The Parties to this Convention,
Noting with concern that rising numbers of such journeys are a
serious problem for the region and its folk,
[Recalling also the declaration that was adopted by the ministers in
Praha, and its socio-
economic part,]
Have agreed as follows:
1. Each Party shall take the measures that are appropriate to reduce
the risks on the routes, including:
(a) safe reception;
(b) [information] [and counselling]
2. The Parties meet every year.
"""


def test_paragraphs_without_blank_lines_are_told_apart() -> None:
    assert words(WRAPPED) == [
        "The Parties to this Convention,",
        "Noting with concern that rising numbers of such journeys are a serious problem for the region and its folk,",
        "[Recalling also the declaration that was adopted by the ministers in Praha, and its socio-economic part,]",
        "Have agreed as follows:",
        "1. Each Party shall take the measures that are appropriate to reduce the risks on the routes, including:",
        "(a) safe reception;",
        "(b) [information] [and counselling]",
        "2. The Parties meet every year.",
    ]


def printed_pages() -> str:
    body = "that is long enough to fill the line of a page to its margin"
    return "\n".join(
        [
            f"Article 1 speaks of the matter {body}",
            "and goes on to the second page, where the second half of its",
            "",
            "BP/CfA/1",
            "1",
            "",
            "sentence stands.1",
            f"Article 2 speaks of another matter {body}",
            "and ends.2",
            "",
            "1 A first note, which is",
            "long.",
            "2 A second note.",
            "BP/CfA/1",
            "2",
            f"The last page speaks of the matter {body}",
            "and ends with 3",
            "BP/CfA/1",
            "3",
        ]
    )


def test_page_furniture_is_set_aside_and_the_paragraph_goes_on_over_it() -> None:
    found = blocks(printed_pages(), markdown=False)
    paragraphs_ = [block.text for block in found if block.shape is Shape.PARAGRAPH]
    assert paragraphs_[0].endswith("where the second half of its sentence stands.1")
    assert [block.text for block in found if block.shape is Shape.ASIDE] == ["BP/CfA/1 1", "BP/CfA/1 2", "BP/CfA/1 3"]
    assert paragraphs_[-1].endswith("and ends with 3")


def test_footnotes_at_the_foot_of_a_page_are_footnotes() -> None:
    notes = [block for block in blocks(printed_pages(), markdown=False) if block.shape is Shape.FOOTNOTE]
    assert [(note.marker, note.text) for note in notes] == [
        ("1", "A first note, which is long."),
        ("2", "A second note."),
    ]


def test_a_numbered_line_at_the_foot_that_nothing_refers_to_is_text() -> None:
    text = printed_pages().replace("and ends.2", "and ends.").replace("2 A second note.", "")
    assert sum(block.shape is Shape.FOOTNOTE for block in blocks(text, markdown=False)) == 1
    text = printed_pages().replace("stands.1", "stands.").replace("ends.2", "ends.").replace("1 A first", "5 A first")
    assert not any(block.shape is Shape.FOOTNOTE for block in blocks(text, markdown=False))


def test_contents_end_where_page_numbers_fall() -> None:
    found = blocks("Contents\nGoals 2\nAnnex 4\n\nWe met in room 3\n", markdown=False)
    assert shapes(found) == [(Shape.ASIDE, "Contents Goals 2 Annex 4"), (Shape.PARAGRAPH, "We met in room 3")]


def test_a_table_of_contents_is_set_aside() -> None:
    text = "Contents\n1. Goals ........ 2\n2. A heading that\nruns on 3\nAnnex 4\n\nGoals\n\nWe decide to meet.\n"
    found = blocks(text, markdown=False)
    assert shapes(found) == [
        (Shape.ASIDE, "Contents 1. Goals ........ 2 2. A heading that runs on 3 Annex 4"),
        (Shape.PARAGRAPH, "Goals"),
        (Shape.PARAGRAPH, "We decide to meet."),
    ]


def test_the_masthead_of_a_united_nations_document_is_set_aside() -> None:
    text = "UNITED NATIONS\nA/1\nDistr.: General\n4 May 2026\nOriginal: English\n\nItem 4 of it\nMigration\n\nDraft\n"
    assert shapes(blocks(text, markdown=False)) == [
        (Shape.ASIDE, "UNITED NATIONS A/1 Distr.: General 4 May 2026 Original: English Item 4 of it Migration"),
        (Shape.PARAGRAPH, "Draft"),
    ]


def test_a_line_that_repeats_all_over_the_text_is_no_furniture_even_at_the_top_of_a_page() -> None:
    filler = [f"Rule {letter} says that the matter is for the parties." for letter in "abcdefghijkl"]
    rows = []
    for page in range(1, 5):
        rows += ["Option 1", *filler, "Option 1", *filler, "HEAD", str(page)]
    found = blocks("\n".join(rows), markdown=False)
    assert [block.text for block in found if block.shape is Shape.ASIDE] == ["HEAD 1", "HEAD 2", "HEAD 3", "HEAD 4"]
    assert sum(block.text == "Option 1" for block in found) == 8


def test_a_file_with_one_paragraph_a_line_is_taken_line_by_line() -> None:
    lines = ["We decide " + "to act and " * 20 + "so on", "and we invite " + "others " * 30, "we thank " * 30]
    assert words("\n".join(lines)) == [" ".join(line.split()) for line in lines]


@settings(max_examples=120, deadline=None)
@given(st.data(), st.booleans())
def test_every_word_of_a_source_is_in_exactly_one_block(data: st.DataObject, markdown: bool) -> None:
    vocabulary = data.draw(vocabularies())
    lines = data.draw(
        st.lists(
            st.one_of(
                paragraphs(vocabulary, longest=12),
                st.sampled_from(
                    ["", "", "BP/1", "1", "2", "3", "Contents", "Goals .... 4", "(a) item;", "1. Act", "]", "["]
                ),
            ),
            max_size=25,
        )
    )
    source = "\n".join(lines)
    found = blocks(source, markdown=markdown)
    kept = "".join(block.marker + block.text for block in found)
    assert brackets_and_letters(kept) == brackets_and_letters(source)


def brackets_and_letters(text: str) -> Counter[str]:
    """Count the signs that carry meaning; asterisks around a whole line are none."""
    return Counter(sign for sign in unicodedata.normalize("NFC", text) if sign.isalnum() or sign in "[]")
