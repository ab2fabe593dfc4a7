"""A compilation with tracked changes: who would have what, in whose name, and what stands in the margin."""
# ruff: noqa: RUF001 - dashes on purpose

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from drafting.domain.compilation import Proposal
from drafting.word.lint import lint
from tests.word.authors import W, comments, document, lines, of_author, part
from tests.word.compiling import (
    OTHER,
    SHARED,
    THREE,
    adds,
    changed,
    deletes,
    margin,
    marks,
    moves,
    nested,
    proposed,
    rewords,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Readers
    from drafting.protocol.edits import Edit, Move
    from drafting.word.masthead import Masthead

    Errors = Callable[[bytes], list[str]]


def test_alternatives_of_a_passage_stand_in_a_row_behind_what_all_of_them_would_have_gone(
    word: Readers, masthead: Masthead
) -> None:
    asked = proposed(
        ("BOR", rewords("one", "States shall take all necessary measures.")),
        ("ARV", rewords("one", "States shall take legal measures.")),
    )
    file = written(masthead, asked)
    assert changed(word, file) == [
        ("del", "Borduria", "appropriate"),
        ("ins", "Arvania", "legal"),
        ("ins", "Borduria", "all necessary"),
    ]
    assert nested(file, "appropriate") == [("del", "Arvania"), ("del", "Borduria")]
    assert margin(file) == [(SHARED, ["Deleted by: Arvania, Borduria"], "appropriatelegalall necessary")]
    assert lines(of_author(file, "Arvania"))[2] == "OP1\tStates shall take legal measures."
    assert lines(of_author(file, "Borduria"))[2] == "OP1\tStates shall take all necessary measures."
    assert lines(of_author(file, "Calgaria"))[2] == "OP1\tStates shall take appropriate measures."


def test_a_wording_that_several_hold_stands_once_and_a_comment_names_them(word: Readers, masthead: Masthead) -> None:
    text = "States shall take all appropriate measures."
    asked = proposed(("BOR", rewords("one", text)), ("CAL", rewords("one", text)), ("ARV", rewords("one", text)))
    file = written(masthead, asked)
    assert changed(word, file) == [("ins", "Arvania", "all ")]
    assert margin(file) == [(SHARED, ["Proposed by: Arvania, Borduria, Calgaria – “all ”"], "all ")]


def test_changes_that_have_nothing_to_do_with_each_other_are_marked_apart_and_minimal(
    word: Readers, masthead: Masthead
) -> None:
    asked = proposed(
        ("ARV", rewords("one", "Parties shall take appropriate measures.")),
        ("BOR", rewords("one", "States shall take appropriate and legal measures.")),
    )
    file = written(masthead, asked)
    assert changed(word, file) == [
        ("del", "Arvania", "States"),
        ("ins", "Arvania", "Parties"),
        ("ins", "Borduria", " and legal"),
    ]
    assert comments(file) == {}
    assert part(file, "word/comments.xml") is None


def test_an_added_section_is_an_inserted_paragraph_with_its_mark_and_the_label_it_would_get(
    word: Readers, masthead: Masthead
) -> None:
    asked = proposed(("ARV", adds("one", "x", "New.")), ("BOR", adds("one", "y", "Other.")))
    file = written(masthead, asked)
    assert changed(word, file) == [
        ("ins", "Arvania", "OP1bis\t"),
        ("ins", "Arvania", "New."),
        ("ins", "Borduria", "OP1ter\t"),
        ("ins", "Borduria", "Other."),
    ]
    assert marks(file) == [("ins", "Arvania", "OP1bis\tNew."), ("ins", "Borduria", "OP1ter\tOther.")]


def test_equal_added_sections_stand_once(masthead: Masthead) -> None:
    asked = proposed(
        ("ARV", adds("one", "x", "New.")), ("BOR", adds("one", "y", "New.")), ("BOR", adds("one", "z", "More."))
    )
    file = written(masthead, asked)
    assert marks(file) == [("ins", "Arvania", "OP1bis\tNew."), ("ins", "Borduria", "OP1quater\tMore.")]
    assert margin(file) == [(SHARED, ["Proposed by: Arvania, Borduria"], "OP1bis\tNew.")]
    assert [line for line in lines(of_author(file, "Borduria")) if "bis" in line] == ["OP1bis\tNew."]


def test_equal_sections_added_in_several_places_stand_once_in_each(masthead: Masthead) -> None:
    asked = proposed(
        ("ARV", adds("one", "a", "First.")),
        ("ARV", adds("three", "b", "Second.")),
        ("BOR", adds("one", "c", "First.")),
        ("BOR", adds("three", "d", "Second.")),
    )
    assert [by for _, by, _ in marks(written(masthead, asked))] == ["Arvania", "Arvania"]


def test_equal_additions_in_another_order_stay_apart(masthead: Masthead) -> None:
    asked = proposed(
        ("ARV", adds("one", "a", "First.")),
        ("ARV", adds("one", "b", "Second.")),
        ("BOR", adds("one", "c", "Second.")),
        ("BOR", adds("one", "d", "First.")),
    )
    file = written(masthead, asked)
    assert [line.partition("\t")[2] for line in lines(of_author(file, "Arvania"))[3:5]] == ["First.", "Second."]
    assert [line.partition("\t")[2] for line in lines(of_author(file, "Borduria"))[3:5]] == ["Second.", "First."]


def test_a_section_to_be_deleted_goes_with_its_label_and_its_mark(word: Readers, masthead: Masthead) -> None:
    file = written(masthead, proposed(("ARV", deletes("three")), ("BOR", deletes("three"))))
    assert marks(file) == [("del", "Arvania", f"OP3\t{THREE}")]
    assert nested(file, "OP3\t") == nested(file, THREE)
    assert nested(file, "OP3\t") == [("del", "Arvania"), ("del", "Borduria")]
    assert margin(file) == [(SHARED, ["Deleted by: Arvania, Borduria"], f"OP3\t{THREE}")]
    assert all("OP3" not in line for line in lines(of_author(file, "Borduria")))
    assert word.pandoc(file) == word.pandoc(written(masthead, proposed(("ARV", deletes("three")))))


def test_the_mark_of_a_deleted_section_stays_where_others_insert_something(masthead: Masthead) -> None:
    asked = proposed(("ARV", deletes("three")), ("BOR", rewords("three", THREE.replace("training", "more training"))))
    file = written(masthead, asked)
    assert marks(file) == []
    assert nested(file, "more ") == [("ins", "Borduria")]
    assert lines(of_author(file, "Borduria"))[5] == f"OP3\t{THREE}".replace("training", "more training")
    assert all("OP3" not in line for line in lines(of_author(file, "Arvania")))


def test_another_text_stands_beside_the_paragraph_that_it_would_replace(masthead: Masthead) -> None:
    file = written(masthead, proposed(("ARV", rewords("three", OTHER)), ("BOR", rewords("three", OTHER))))
    assert marks(file) == [
        ("del", "Arvania", f"OP3\t{THREE}"),
        ("ins", "Arvania", f"OP3 alt\t{OTHER}"),
    ]
    assert [said for by, said, _ in margin(file)] == [
        ["Deleted by: Arvania, Borduria"],
        ["Proposed by: Arvania, Borduria"],
    ]
    for author in ("Arvania", "Borduria"):
        assert lines(of_author(file, author))[4:] == ["(a)\tto the public.", f"OP3 alt\t{OTHER}", "OP4\t[deleted]"]


def test_a_section_that_one_alone_moves_is_a_native_move_with_all_that_is_under_it(masthead: Masthead) -> None:
    file = written(masthead, proposed(("ARV", moves("two", "three"))))
    assert marks(file) == [
        ("moveFrom", "Arvania", "OP2\tStates shall report every year."),
        ("moveFrom", "Arvania", "(a)\tto the public."),
        ("moveTo", "Arvania", "OP2\tStates shall report every year."),
        ("moveTo", "Arvania", "(a)\tto the public."),
    ]
    assert [line.partition("\t")[0] for line in lines(of_author(file, "Arvania"))[2:]] == [
        "OP1",
        "OP3",
        "OP2",
        "(a)",
        "OP4",
    ]
    assert [line.partition("\t")[0] for line in lines(of_author(file, None))[2:]] == ["OP1", "OP2", "(a)", "OP3", "OP4"]
    assert lint(file) == ()


@pytest.mark.parametrize(
    "edits", [(moves("one", "three"), moves("two", "one")), (moves("two", "three"), moves("one", "two"))]
)
def test_of_what_one_moves_to_the_same_place_the_first_is_tracked(masthead: Masthead, edits: tuple[Move, ...]) -> None:
    file = written(masthead, (Proposal("am1", "ARV-1", ("ARV",), edits),))
    assert [(kind, text.partition("\t")[0]) for kind, _, text in marks(file)] == [
        ("moveFrom", "OP1"),
        ("moveTo", "OP1"),
    ]
    assert [line.partition("\t")[0] for line in lines(of_author(file, "Arvania"))[2:]] == [
        *("OP2", "(a)", "OP3", "OP1", "OP4")
    ]


@pytest.mark.parametrize(
    "other",
    [
        ("BOR", moves("two", "pp")),
        ("BOR", rewords("sub", "to all the public.")),
        ("BOR", deletes("two")),
        ("ARV", adds("three", "x", "New.")),
    ],
)
def test_a_section_that_others_too_would_change_is_not_tracked_as_moved(
    masthead: Masthead, other: tuple[str, Edit]
) -> None:
    file = written(masthead, proposed(("ARV", moves("two", "three")), other))
    assert not any(mark.startswith("move") for mark, _, _ in marks(file))


def test_a_section_that_is_moved_behind_an_added_one_is_not_tracked_as_moved(masthead: Masthead) -> None:
    edits = (adds("three", "x", "New."), moves("two", "x"))
    file = written(masthead, (Proposal("am1", "ARV-1", ("ARV",), edits),))
    assert marks(file) == [("ins", "Arvania", "OP3bis\tNew.")]


def test_changes_are_dated_when_they_were_tabled_and_numbered_once(masthead: Masthead) -> None:
    asked = proposed(("ARV", rewords("one", "Parties shall take measures.")), ("BOR", deletes("three")))
    found = [one for one in document(written(masthead, asked)).iter() if one.get(f"{W}author")]
    dates = {(one.get(f"{W}author"), one.get(f"{W}date")) for one in found}
    assert dates == {("Arvania", "2026-11-20T10:00:00Z"), ("Borduria", "2026-11-20T11:00:00Z")}
    assert len({one.get(f"{W}id") for one in found}) == len(found)


def test_a_delegations_own_amendments_are_read_together(masthead: Masthead) -> None:
    asked = proposed(
        ("ARV", rewords("one", "Parties shall take appropriate measures.")),
        ("ARV", rewords("one", "States shall take appropriate steps.")),
        ("BOR", rewords("one", "Governments take wise measures.")),
    )
    file = written(masthead, asked)
    assert lines(of_author(file, "Arvania"))[2] == "OP1\tParties shall take appropriate steps."
    assert lines(of_author(file, "Borduria"))[2] == "OP1\tGovernments take wise measures."


def test_what_is_composed_of_several_amendments_has_the_date_of_the_last(masthead: Masthead) -> None:
    asked = proposed(
        ("ARV", rewords("one", "Parties shall take appropriate measures.")),
        ("ARV", rewords("one", "States shall take appropriate steps.")),
    )
    dates = {one.get(f"{W}date") for one in document(written(masthead, asked)).iter() if one.get(f"{W}author")}
    assert dates == {"2026-11-20T11:00:00Z"}


def test_who_would_have_the_same_gone_is_named_in_the_order_of_the_proposals(masthead: Masthead) -> None:
    same = "States shall take all measures."
    asked = proposed(
        ("ARV", rewords("one", same)),
        ("BOR", rewords("one", "States take legal measures.")),
        ("CAL", rewords("one", same)),
    )
    file = written(masthead, asked)
    assert ["Deleted by: Arvania, Borduria, Calgaria", "Proposed by: Arvania, Calgaria – “all”"] in [
        said for _, said, _ in margin(file)
    ]
