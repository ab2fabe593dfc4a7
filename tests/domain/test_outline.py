"""Blocks become sections as a secretary would read them."""

import unicodedata
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.numbering import number
from drafting.domain.outline import outline
from drafting.domain.plaintext import Block, Shape, blocks
from drafting.domain.text import Line
from drafting.protocol.words import SectionKind
from tests.domain.strategies import paragraphs, vocabularies

# ruff: noqa: RUF001 - Cyrillic letters are meant


def read(text: str, *, markdown: bool = True) -> list[tuple[str, int, str, str]]:
    return [(line.kind.value, line.level, line.label, line.text) for line in outline(blocks(text, markdown=markdown))]


def test_a_declaration_without_numbers_is_counted() -> None:
    source = """# Call for Action

We, the ministers of the process,

*Recalling* the first call,

**Deeply concerned** about the risks,

## Goals

We commit to act together:

- share data;
- train staff.

Recognizing the need, we will meet again.
"""
    assert read(source) == [
        ("title", 0, "", "Call for Action"),
        ("chapeau", 1, "", "We, the ministers of the process,"),
        ("preambular", 1, "PP1", "*Recalling* the first call,"),
        ("preambular", 1, "PP2", "**Deeply concerned** about the risks,"),
        ("heading", 1, "", "Goals"),
        ("operative", 2, "OP1", "We commit to act together:"),
        ("subparagraph", 3, "OP1(a)", "share data;"),
        ("subparagraph", 3, "OP1(b)", "train staff."),
        ("operative", 2, "OP2", "Recognizing the need, we will meet again."),
    ]


def test_literal_numbers_become_labels_and_leave_the_text() -> None:
    source = """Recalling the call,

4. Decides:

(a) to act:

(i) now;

(ii) together;

(b) to report.

5. Invites [all] [States].

5 bis. Thanks.

[OP6 bis Welcomes.]
"""
    assert read(source) == [
        ("preambular", 1, "PP1", "Recalling the call,"),
        ("operative", 1, "OP4", "Decides:"),
        ("subparagraph", 2, "OP4(a)", "to act:"),
        ("subparagraph", 3, "OP4(a)(i)", "now;"),
        ("subparagraph", 3, "OP4(a)(ii)", "together;"),
        ("subparagraph", 2, "OP4(b)", "to report."),
        ("operative", 1, "OP5", "Invites [all] [States]."),
        ("operative", 1, "OP5bis", "Thanks."),
        ("operative", 1, "OP6bis", "[Welcomes.]"),
    ]


def test_letter_i_goes_on_after_h_and_begins_a_roman_list_after_a() -> None:
    source = "1. Act:\n\n" + "\n\n".join(f"({letter}) step;" for letter in "abcdefghij") + "\n\n(i) deeper;"
    labels = [label for _, _, label, _ in read(source)]
    assert labels[-4:] == ["1(h)", "1(i)", "1(j)", "1(j)(i)"]


def test_articles_number_their_paragraphs() -> None:
    source = """ARTICLE 7
SCOPE

1. This applies.

2. It includes:

(a) land.

ARTICLE 7bis
DEFINITIONS

For the purposes of this text:

(a) one means one.

Статья 8

Конец.
"""
    assert read(source, markdown=False) == [
        ("article", 1, "Article 7", "SCOPE"),
        ("operative", 2, "7(1)", "This applies."),
        ("operative", 2, "7(2)", "It includes:"),
        ("subparagraph", 3, "7(2)(a)", "land."),
        ("article", 1, "Article 7bis", "DEFINITIONS"),
        ("chapeau", 2, "", "For the purposes of this text:"),
        ("subparagraph", 3, "7bis(a)", "one means one."),
        ("article", 1, "Статья 8", "Статья 8"),
        ("chapeau", 2, "", "Конец."),
    ]


def test_a_treaty_has_parts_options_an_annex_and_signatures() -> None:
    source = """Part II

3. Definitions

Option 1

1. Each Party acts.

[3][2]. Each Party may act.

Annex A
Forms

1. A form.

In witness whereof the undersigned have signed.

Done at Praha.
"""
    assert read(source, markdown=False) == [
        ("heading", 1, "", "Part II"),
        ("heading", 2, "3", "Definitions"),
        ("heading", 3, "", "Option 1"),
        ("operative", 4, "1", "Each Party acts."),
        ("chapeau", 4, "", "[3][2]. Each Party may act."),
        ("annex", 1, "Annex A", "Forms"),
        ("operative", 2, "Annex A(1)", "A form."),
        ("signature", 2, "", "In witness whereof the undersigned have signed."),
        ("signature", 2, "", "Done at Praha."),
    ]


def test_a_heading_beside_an_article_ends_what_the_article_numbers() -> None:
    source = "## Article 7\n\n1. This applies.\n\n### Detail\n\n2. It applies.\n\n## Final part\n\n1. This ends."
    assert [(kind, label) for kind, _, label, _ in read(source)] == [
        ("article", "Article 7"),
        ("operative", "7(1)"),
        ("heading", ""),
        ("operative", "7(2)"),
        ("heading", ""),
        ("operative", "1"),
    ]


def test_recitals_in_brackets_count_until_the_parties_agree() -> None:
    source = """The Parties to this Convention,

[Noting the risk,]

[[Acknowledging] [Noting with concern] the rest,]

A recital of an unusual kind,

Have agreed as follows:]

1. Noting the above, each Party acts.
"""
    assert [(kind, label) for kind, _, label, _ in read(source)] == [
        ("chapeau", ""),
        ("preambular", "PP1"),
        ("preambular", "PP2"),
        ("preambular", "PP3"),
        ("chapeau", ""),
        ("operative", "1"),
    ]


def test_the_numbers_of_a_declaration_are_called_as_the_room_calls_them() -> None:
    source = "*Recalling* the past,\n\n## Goals\n\n1. *Decide* to act:\n\n   (a) now;\n\n## Rest\n\n2. *Invite* all."
    assert [label for _, _, label, _ in read(source)] == ["PP1", "", "OP1", "OP1(a)", "", "OP2"]


def test_numbers_that_begin_again_under_each_heading_stay_bare() -> None:
    source = "*Recalling* the past,\n\n## Goals\n\n1. *Decide* to act.\n\n## Rest\n\n1. *Invite* all."
    assert [label for _, _, label, _ in read(source)] == ["PP1", "", "1", "", "1"]


def test_russian_and_arabic_recitals_are_known() -> None:
    assert [kind for kind, *_ in read("Ссылаясь на резолюцию,\n\nПостановляет действовать.")] == [
        "preambular",
        "operative",
    ]
    assert [kind for kind, *_ in read("إِذْ تُشِيرُ إلى القرار،\n\nتقرر العمل.")] == ["preambular", "operative"]


def test_a_footnote_does_not_cut_a_list_in_two() -> None:
    found = outline(
        [
            Block("1. Act:"),
            Block("(a) here;"),
            Block("A note.", Shape.FOOTNOTE, marker="3"),
            Block("(b) there."),
        ]
    )
    assert [(line.kind.value, line.level, line.label) for line in found] == [
        ("operative", 1, "1"),
        ("subparagraph", 2, "1(a)"),
        ("footnote", 3, "3"),
        ("subparagraph", 2, "1(b)"),
    ]


def test_numbers_that_word_computes_are_labels_too() -> None:
    found = outline(
        [Block("Decides:", marker="12."), Block("to act;", marker="(a)", level=1), Block("Text", marker="§ 4")]
    )
    assert [(line.label, line.text) for line in found] == [("12", "Decides:"), ("12(a)", "to act;"), ("", "§ 4 Text")]


def test_an_unnumbered_paragraph_in_a_numbered_list_is_a_chapeau_and_the_list_goes_on() -> None:
    source = "5. A proposal includes:\n\n(a) facts.\n\nThe Committee looks at it.\n\n(b) figures.\n\n6. It decides."
    assert [(kind, label) for kind, _, label, _ in read(source)] == [
        ("operative", "5"),
        ("subparagraph", "5(a)"),
        ("chapeau", ""),
        ("subparagraph", "5(b)"),
        ("operative", "6"),
    ]


def test_a_draft_as_read_needs_no_further_numbers() -> None:
    rows = [
        "# Call",
        "Recalling it,",
        "## Part I",
        "## 1. Goals",
        "One.",
        "1. Two.",
        "- three.",
        "## 2. Means",
        "Done at X.",
    ]
    source = "\n\n".join(rows)
    found = outline(blocks(source, markdown=True))
    manifest = tuple(Line(str(at), line.kind, line.level, line.label, line.text) for at, line in enumerate(found))
    assert number(manifest) == manifest


def test_asides_are_no_sections() -> None:
    assert outline([Block("BP/1", Shape.ASIDE, note="Left out"), Block("", Shape.PARAGRAPH)]) == ()


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_no_word_and_no_bracket_is_lost_and_levels_never_jump_below_one(data: st.DataObject) -> None:
    vocabulary = data.draw(vocabularies())
    heads = st.sampled_from(["", "[", "]", "*Recalling* ", "- ", "[[", "We, "])
    texts = [
        data.draw(heads) + data.draw(paragraphs(vocabulary, longest=12)) for _ in range(data.draw(st.integers(1, 8)))
    ]
    shapes = data.draw(
        st.lists(st.sampled_from([*[Shape.PARAGRAPH] * 4, Shape.HEADING, Shape.FOOTNOTE]), min_size=8, max_size=8)
    )
    source = [Block(unicodedata.normalize("NFC", text), shape) for text, shape in zip(texts, shapes, strict=False)]
    found = outline(source)
    kept = Counter(sign for line in found for sign in line.label + line.text if sign in "[]" or sign.isalpha())
    asked = Counter(sign for block in source for sign in block.text if sign in "[]" or sign.isalpha())
    assert not asked - kept
    assert all(line.level >= 1 or line.kind is SectionKind.TITLE for line in found)
    assert all(line.text for line in found)
