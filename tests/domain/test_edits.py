import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.edits import apply, check, primitive, touched
from drafting.domain.text import Line, Manifest
from drafting.protocol.edits import Add, Delete, Edit, Merge, Move, Replace, Split, Term
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.words import SectionKind
from tests.domain.strategies import edit_lists, manifests, section

OPERATIVE, SUB = SectionKind.OPERATIVE, SectionKind.SUBPARAGRAPH
# OP1, OP2 with (a) and (b), OP3
BASE: Manifest = (
    Line(section(1), OPERATIVE, 0, "OP1", "One."),
    Line(section(2), OPERATIVE, 0, "OP2", "Two:"),
    Line(section(3), SUB, 1, "(a)", "first;"),
    Line(section(4), SUB, 1, "(b)", "second."),
    Line(section(5), OPERATIVE, 0, "OP3", "Three."),
)


def numbers(text: Manifest) -> list[int]:
    return [int(line.section[3:]) for line in text]


def add(number: int, after: int | None, level: int = 0) -> Add:
    anchor = None if after is None else section(after)
    return Add(
        after=anchor, section=section(number), section_kind=(OPERATIVE, SUB, SUB)[level], level=level, text="New."
    )


def test_a_replacement_changes_the_words_and_nothing_else() -> None:
    after = apply(BASE, [Replace(section=section(1), text="Uno.")])
    assert after[0] == Line(section(1), OPERATIVE, 0, "OP1", "Uno.")
    assert after[1:] == BASE[1:]


def test_a_deleted_paragraph_keeps_its_label_and_its_subparagraphs() -> None:
    after = apply(BASE, [Delete(section=section(2))])
    assert after[1] == Line(section(2), OPERATIVE, 0, "OP2", "", deleted=True)
    assert after[2:] == BASE[2:]


def test_a_replacement_brings_a_deleted_paragraph_back() -> None:
    deleted = apply(BASE, [Delete(section=section(2))])
    assert apply(deleted, [Replace(section=section(2), text="Two:")]) == BASE


def test_a_new_paragraph_stands_after_the_subparagraphs_of_the_one_it_follows_and_has_no_label() -> None:
    after = apply(BASE, [add(9, 2)])
    assert numbers(after) == [1, 2, 3, 4, 9, 5]
    assert after[4] == Line(section(9), OPERATIVE, 0, "", "New.")


def test_a_new_subparagraph_stands_right_under_its_paragraph() -> None:
    assert numbers(apply(BASE, [add(9, 2, level=1)])) == [1, 2, 9, 3, 4, 5]


def test_what_is_added_after_nothing_stands_at_the_very_start() -> None:
    assert numbers(apply(BASE, [add(8, None), add(9, None)])) == [8, 9, 1, 2, 3, 4, 5]


def test_several_additions_after_one_paragraph_stand_in_the_order_given() -> None:
    assert numbers(apply(BASE, [add(7, 2), add(8, 2), add(9, 2)])) == [1, 2, 3, 4, 7, 8, 9, 5]
    assert numbers(apply(BASE, [add(7, 1), add(8, 1, level=1), add(9, 1, level=1)])) == [1, 7, 8, 9, 2, 3, 4, 5]
    assert numbers(apply(BASE, [add(7, 1), add(8, 7), add(9, 1)])) == [1, 7, 8, 9, 2, 3, 4, 5]
    assert numbers(apply(BASE, [add(7, 1), add(8, 1), add(9, 7)])) == [1, 7, 9, 8, 2, 3, 4, 5]


def test_a_moved_paragraph_takes_its_subparagraphs_along() -> None:
    assert numbers(apply(BASE, [Move(section=section(2), after=section(5))])) == [1, 5, 2, 3, 4]
    assert numbers(apply(BASE, [Move(section=section(2), after=None)])) == [2, 3, 4, 1, 5]
    assert numbers(apply(BASE, [Move(section=section(5), after=section(2))])) == [1, 2, 3, 4, 5]
    assert numbers(apply(BASE, [Move(section=section(3), after=section(1))])) == [1, 3, 2, 4, 5]


def test_what_was_added_after_a_paragraph_is_no_anchor_once_that_paragraph_has_moved() -> None:
    edits: list[Edit] = [add(8, 1), Move(section=section(1), after=section(5)), add(9, 5)]
    assert numbers(apply(BASE, edits)) == [8, 2, 3, 4, 5, 1, 9]


def test_a_merge_rewords_the_first_and_deletes_the_others() -> None:
    merge = Merge(sections=[section(1), section(5), section(4)], text="One and three.")
    assert primitive(BASE, [merge]) == (
        Replace(section=section(1), text="One and three."),
        Delete(section=section(5)),
        Delete(section=section(4)),
    )


def test_a_split_keeps_the_first_text_and_adds_the_others_after_it_of_the_same_kind_and_level() -> None:
    split = Split(section=section(3), texts=["first;", "and;", "third;"], sections=[section(8), section(9)])
    parts = primitive(BASE, [split])
    assert parts == (
        Replace(section=section(3), text="first;"),
        Add(after=section(3), section=section(8), section_kind=SUB, level=1, text="and;"),
        Add(after=section(3), section=section(9), section_kind=SUB, level=1, text="third;"),
    )
    assert numbers(apply(BASE, [split])) == [1, 2, 3, 8, 9, 4, 5]


def test_ids_of_new_sections_must_be_minted_first() -> None:
    with pytest.raises(ValueError, match="needs its id"):
        apply(BASE, [Add(after=None, section_kind=OPERATIVE, level=0, text="New.")])
    with pytest.raises(ValueError, match="an id for each"):
        primitive(BASE, [Split(section=section(1), texts=["One", "Two"])])


def test_the_touched_sections_are_named_in_order_each_once() -> None:
    edits: list[Edit] = [
        Move(section=section(5), after=None),
        Split(section=section(3), texts=["x", "y"], sections=[section(9)]),
        Merge(sections=[section(1), section(4)], text="x"),
        Replace(section=section(5), text="x"),
        add(8, 1),
    ]
    assert touched(BASE, edits) == tuple(map(section, (5, 3, 9, 1, 4, 8)))


@pytest.mark.parametrize(
    ("edits", "code"),
    [
        ([Replace(section=section(7), text="x")], ProblemCode.UNKNOWN_SECTION),
        ([Delete(section=section(7))], ProblemCode.UNKNOWN_SECTION),
        ([Move(section=section(7), after=None)], ProblemCode.UNKNOWN_SECTION),
        ([Move(section=section(1), after=section(7))], ProblemCode.UNKNOWN_SECTION),
        ([add(9, 7)], ProblemCode.UNKNOWN_SECTION),
        ([Merge(sections=[section(1), section(7)], text="x")], ProblemCode.UNKNOWN_SECTION),
        ([Split(section=section(7), texts=["x", "y"], sections=[section(9)])], ProblemCode.UNKNOWN_SECTION),
        ([Replace(section=section(1), text="x"), Replace(section=section(1), text="y")], ProblemCode.EDITS_CONFLICT),
        ([Delete(section=section(1)), Replace(section=section(1), text="y")], ProblemCode.EDITS_CONFLICT),
        ([Delete(section=section(1)), Move(section=section(1), after=None)], ProblemCode.EDITS_CONFLICT),
        ([Delete(section=section(1)), Merge(sections=[section(1), section(5)], text="x")], ProblemCode.EDITS_CONFLICT),
        ([Merge(sections=[section(1), section(1)], text="x")], ProblemCode.EDITS_CONFLICT),
        ([Move(section=section(1), after=section(1))], ProblemCode.EDITS_CONFLICT),
        ([Move(section=section(2), after=section(3))], ProblemCode.EDITS_CONFLICT),
        (
            [Move(section=section(1), after=None), Move(section=section(1), after=section(5))],
            ProblemCode.EDITS_CONFLICT,
        ),
        ([add(5, 1)], ProblemCode.EDITS_CONFLICT),
        ([add(9, 1), add(9, 2)], ProblemCode.EDITS_CONFLICT),
        ([add(9, 1), Delete(section=section(9))], ProblemCode.EDITS_CONFLICT),
        ([], ProblemCode.NO_CHANGE),
        ([Replace(section=section(1), text="One.")], ProblemCode.NO_CHANGE),
        ([Move(section=section(2), after=section(1))], ProblemCode.NO_CHANGE),
    ],
)
def test_edits_that_cannot_be_meant_are_refused(edits: list[Edit], code: ProblemCode) -> None:
    with pytest.raises(Refusal) as refusal:
        check(BASE, edits)
    assert refusal.value.code is code


def test_an_unknown_section_is_named() -> None:
    with pytest.raises(Refusal, match=section(7)):
        check(BASE, [Delete(section=section(7))])


def test_one_section_may_be_both_reworded_and_moved() -> None:
    check(BASE, [Replace(section=section(1), text="x"), Move(section=section(1), after=section(5))])


TERMS: Manifest = (
    Line(section(1), SectionKind.HEADING, 0, "", "MIGRANT WORKERS"),
    Line(section(2), OPERATIVE, 0, "OP1", "Migrant workers and their families; undocumented migrant  workers."),
    Line(section(3), OPERATIVE, 0, "OP2", "", deleted=True),
    Line(section(4), OPERATIVE, 0, "OP3", "Immigrant workers, non-migrant workers and migrant worker's kin."),
)
TERM = Term(old="migrant workers", new="people on the move")


def test_a_term_throughout_is_a_replacement_of_each_section_that_says_it() -> None:
    assert primitive(TERMS, [TERM]) == (
        Replace(section=section(1), text="PEOPLE ON THE MOVE"),
        Replace(section=section(2), text="People on the move and their families; undocumented people on the move."),
    )
    assert touched(TERMS, [TERM]) == (section(1), section(2))


def test_a_term_is_not_found_where_the_text_ends_in_the_middle_of_it() -> None:
    base = (Line(section(1), OPERATIVE, 0, "OP1", "workers or a migrant"),)
    assert apply(base, [Term(old="migrant workers", new="x")]) == base


def test_a_term_with_a_capital_is_found_with_that_capital_only() -> None:
    base = (Line(section(1), OPERATIVE, 0, "OP1", "The Parties and other parties, PARTIES."),)
    assert apply(base, [Term(old="Parties", new="States")])[0].text == "The States and other parties, PARTIES."


def test_a_term_rewords_what_the_other_edits_of_its_amendment_write() -> None:
    edits: list[Edit] = [TERM, Replace(section=section(4), text="Help migrant workers."), Delete(section=section(2))]
    after = apply(TERMS, edits)
    assert [line.text for line in after] == ["PEOPLE ON THE MOVE", "", "", "Help people on the move."]
    check(TERMS, edits)


def test_a_term_that_nothing_says_is_no_change() -> None:
    for term in (Term(old="refugees", new="x"), Term(old="migrant workers", new="migrant workers")):
        with pytest.raises(Refusal, match=term.old) as refusal:
            check(TERMS, [Delete(section=section(4)), term])
        assert refusal.value.code is ProblemCode.NO_CHANGE


@given(st.data())
@settings(max_examples=200)
def test_edits_change_what_they_touch_and_nothing_else(data: st.DataObject) -> None:
    base = data.draw(manifests())
    edits = data.draw(edit_lists(base))
    after = apply(base, edits)
    known = {line.section: line for line in base}
    touched_sections = set(touched(base, edits))
    assert len({line.section for line in after}) == len(after)
    assert {line.section for line in after} == known.keys() | touched_sections
    assert [line for line in after if line.section not in touched_sections] == [
        line for line in base if line.section not in touched_sections
    ]
    assert apply(base, primitive(base, edits)) == after
