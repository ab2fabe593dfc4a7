"""Paragraphs of a file are found in a text by what they say; their printed numbers are no part of that."""

import pytest

from drafting.domain.placing import confidence, number_length, placed
from drafting.domain.text import Line
from drafting.protocol.words import SectionKind

OPERATIVE = SectionKind.OPERATIVE


def line(section: str, label: str, text: str, kind: SectionKind = OPERATIVE, *, deleted: bool = False) -> Line:
    return Line(section, kind, 1, label, text, deleted)


TEXT = (
    line("heading", "", "Commitments", SectionKind.HEADING),
    line("first", "OP1", "States shall take measures to protect *migrants*."),
    line("gone", "OP2", "", deleted=True),
    line("item", "4(a)", "to the Secretariat;", SectionKind.SUBPARAGRAPH),
    line("third", "OP3", "States may ask for assistance."),
)


@pytest.mark.parametrize(
    ("paragraph", "section", "length"),
    [
        ("OP1 States shall act.", line("s", "OP1", "States shall act."), 4),
        ("(a) to the public;", line("s", "4(a)", "to the public;"), 4),
        ("4. States shall act.", line("s", "4", "States shall act."), 3),
        ("OP7 States shall act.", line("s", "OP1", "States shall act."), 4),
        ("OP1", line("s", "OP1", "States shall act."), 3),
        ("OP12 States shall act.", line("s", "OP1", "States shall act."), 5),
        ("States shall act.", line("s", "OP1", "States shall act."), 0),
        # What the text itself begins with is no number of it.
        ("(a) is as it is.", line("s", "", "(a) is as it is."), 0),
        ("1. January is a day.", line("s", "OP1", "1. January is a day."), 0),
    ],
)
def test_a_number_ends_where_the_text_begins(paragraph: str, section: Line, length: int) -> None:
    assert number_length(paragraph, section) == length


def test_paragraphs_are_found_under_other_numbers_and_deleted_ones_by_what_they_print() -> None:
    said = [
        "Our embassy's cover note, which is no part of it",
        "Commitments",
        "OP2 States shall take measures to protect migrants.",
        "OP3 [deleted]",
        "(a) to the Secretariat;",
        "OP4 States may ask for help or assistance.",
    ]
    found = placed(TEXT, said)
    assert [place and (place.line.section, place.number) for place in found] == [
        None,
        ("heading", 0),
        ("first", 4),
        ("gone", 4),
        ("item", 4),
        ("third", 4),
    ]
    assert [place.sure == 1 for place in found if place] == [True, True, True, True, False]


def test_a_paragraph_that_stands_elsewhere_is_moved() -> None:
    said = ["Commitments", "States may ask for assistance.", "States shall take measures to protect migrants."]
    assert [place.moved for place in placed(TEXT, said) if place] in ([False, True, False], [False, False, True])


def test_confidence_is_the_part_of_the_words_that_were_found() -> None:
    text = (line("a", "", "one two three"), line("b", "", "four"))
    assert confidence(text, placed(text, ["one two three", "four"])) == 1.0
    assert confidence(text, placed(text, ["one two three"])) == 0.75
    assert confidence(text, placed(text, ["Something else altogether"])) == 0.0
