"""Who holds what, by delegation; competing, agreeing and independent proposals are told apart."""

import pytest

from drafting.domain.attribution import (
    Held,
    HeldStretch,
    Hold,
    Relation,
    Throughout,
    held,
    passage_relation,
    section_relation,
    terms,
    whole_held,
)
from drafting.domain.compilation import CompiledSection, Proposal, compile  # noqa: A004 - the design's own word
from drafting.domain.text import Line, Manifest
from drafting.protocol.edits import Add, Delete, Edit, Move, Replace, Term
from drafting.protocol.words import SectionKind
from tests.domain.strategies import section

TEXT = "States shall take appropriate measures on a regular basis."
ANOTHER = "Each participating government will, within two years, adopt a national strategy for labour mobility."
BASE: Manifest = (
    Line(section(1), SectionKind.OPERATIVE, 0, "OP1", TEXT),
    Line(section(2), SectionKind.OPERATIVE, 0, "OP2", "Two."),
)


def proposal(label: str, *edits: Edit | str, with_: tuple[str, ...] = ()) -> Proposal:
    """An edit given as a text is the new wording of OP1."""
    parts = tuple(Replace(section=section(1), text=edit) if isinstance(edit, str) else edit for edit in edits)
    return Proposal(label, label, (label.partition("-")[0], *with_), parts)


def said(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new)


def first(*proposals: Proposal) -> tuple[CompiledSection, tuple[Proposal, ...]]:
    compiled = compile(BASE, proposals)
    return compiled.sections[0], compiled.proposals


def holds(*names: str) -> tuple[Hold, ...]:
    return tuple(Hold(name.rstrip("123"), int(name[3:] or 0)) for name in names)


def test_equal_wordings_have_all_their_delegations_in_the_order_of_codes() -> None:
    compiled = first(
        proposal("BOR-1", said("appropriate", "all necessary")),
        proposal("ARV-1", said("appropriate", "all necessary"), with_=("CAL",)),
        proposal("DUM-1", said("appropriate ", "")),
    )
    assert held(*compiled) == (
        HeldStretch(
            18,
            30,
            "appropriate ",
            (
                Held("all necessary ", holds("ARV", "BOR", "CAL"), ("ARV-1", "BOR-1")),
                Held("", holds("DUM"), ("DUM-1",)),
            ),
        ),
    )


def test_a_delegations_own_amendments_on_one_passage_are_composed_where_they_do_not_clash() -> None:
    compiled = first(
        proposal("ARV-1", said("appropriate", "necessary")),
        proposal("ARV-2", said("regular", "yearly")),
        proposal("BOR-1", said("appropriate measures on a regular", "some steps on no particular")),
    )
    (stretch,) = held(*compiled)
    assert stretch.wordings[0] == Held("necessary measures on a yearly", holds("ARV"), ("ARV-1", "ARV-2"))


def test_a_delegations_amendments_that_only_touch_are_composed() -> None:
    compiled = first(
        proposal("ARV-1", said("appropriate ", "")),
        proposal("ARV-2", said("measures", "steps")),
    )
    (stretch,) = held(*compiled)
    assert (stretch.base, stretch.wordings) == (
        "appropriate measures",
        (Held("steps", holds("ARV"), ("ARV-1", "ARV-2")),),
    )


def test_a_delegations_clashing_amendments_stand_as_its_alternatives_each_with_the_rest() -> None:
    compiled = first(
        proposal("ARV-1", said("appropriate", "necessary")),
        proposal("ARV-2", said("appropriate", "proportionate")),
        proposal("ARV-3", said("regular", "yearly")),
        proposal("BOR-1", said("appropriate measures on a regular", "some steps on no particular")),
    )
    (stretch,) = held(*compiled)
    assert stretch.wordings[:2] == (
        Held("necessary measures on a yearly", holds("ARV"), ("ARV-1", "ARV-3")),
        Held("proportionate measures on a yearly", holds("ARV1"), ("ARV-2", "ARV-3")),
    )


def test_a_blocs_wording_and_a_members_own_are_alternatives_of_the_member() -> None:
    compiled = first(
        proposal("EU-1", said("appropriate", "necessary"), with_=("ELD",)),
        proposal("ELD-1", said("appropriate", "robust")),
        proposal("KEL-1", said("appropriate", "robust")),
    )
    (stretch,) = held(*compiled)
    assert [(w.text, w.holds) for w in stretch.wordings] == [
        ("robust", (Hold("ELD", 0), Hold("KEL", 0))),
        ("necessary", (Hold("ELD", 1), Hold("EU", 0))),
    ]


def test_a_stretch_has_its_brackets_whole() -> None:
    base = (Line(section(1), SectionKind.OPERATIVE, 0, "OP1", "take [all due] measures now"),)
    compiled = compile(
        base, [proposal("ARV-1", "take [all] due measures now"), proposal("BOR-1", "take all due care now")]
    )
    for stretch in held(compiled.sections[0], compiled.proposals):
        for words in (stretch.base, *(wording.text for wording in stretch.wordings)):
            assert words.count("[") == words.count("]")


def test_whole_alternatives_are_told_by_delegation() -> None:
    compiled = first(proposal("ARV-1", ANOTHER), proposal("BOR-1", ANOTHER), proposal("ARV-2", ANOTHER[::-1]))
    assert whole_held(*compiled) == (
        Held(ANOTHER, holds("ARV", "BOR"), ("ARV-1", "BOR-1")),
        Held(ANOTHER[::-1], holds("ARV1"), ("ARV-2",)),
    )


@pytest.mark.parametrize(
    ("proposals", "expected"),
    [
        ([("ARV-1", "necessary")], Relation.SOLE),
        ([("ARV-1", "necessary"), ("BOR-1", "necessary")], Relation.AGREEING),
        ([("ARV-1", "necessary"), ("BOR-1", "robust")], Relation.COMPETING),
        ([("ARV-1", "necessary"), ("ARV-2", "robust")], Relation.OWN_ALTERNATIVES),
        ([("ARV-1", "necessary"), ("ARV-2", "robust"), ("BOR-1", "robust")], Relation.COMPETING),
    ],
)
def test_the_wordings_of_a_passage_agree_or_compete(proposals: list[tuple[str, str]], expected: Relation) -> None:
    compiled, given = first(*(proposal(label, said("appropriate", word)) for label, word in proposals))
    assert passage_relation(compiled.passages[0], given) is expected
    assert section_relation(compiled, given) is expected


def test_touching_words_that_can_both_be_taken_are_independent() -> None:
    compiled, given = first(
        proposal("ARV-1", said("take appropriate", "adopt appropriate")),
        proposal("BOR-1", said("appropriate", "necessary")),
    )
    assert section_relation(compiled, given) is Relation.INDEPENDENT


MOVE, DELETE = Move(section=section(1), after=section(2)), Delete(section=section(1))


@pytest.mark.parametrize(
    ("proposals", "expected"),
    [
        ([], None),
        ([proposal("ARV-1", DELETE)], Relation.SOLE),
        ([proposal("ARV-1", MOVE, said("appropriate", "robust"))], Relation.SOLE),
        ([proposal("ARV-1", DELETE), proposal("BOR-1", DELETE)], Relation.AGREEING),
        ([proposal("ARV-1", MOVE), proposal("BOR-1", MOVE)], Relation.AGREEING),
        ([proposal("ARV-1", ANOTHER), proposal("BOR-1", ANOTHER)], Relation.AGREEING),
        ([proposal("ARV-1", ANOTHER), proposal("BOR-1", ANOTHER[::-1])], Relation.COMPETING),
        ([proposal("ARV-1", ANOTHER), proposal("BOR-1", said("appropriate", "robust"))], Relation.COMPETING),
        ([proposal("ARV-1", DELETE), proposal("BOR-1", said("appropriate", "robust"))], Relation.COMPETING),
        ([proposal("ARV-1", DELETE), proposal("ARV-2", said("appropriate", "robust"))], Relation.OWN_ALTERNATIVES),
        ([proposal("ARV-1", MOVE), proposal("BOR-1", said("appropriate", "robust"))], Relation.INDEPENDENT),
        ([proposal("ARV-1", MOVE), proposal("BOR-1", Move(section=section(1), after=None))], Relation.COMPETING),
        (
            [proposal("ARV-1", said("regular", "yearly")), proposal("BOR-1", said("appropriate", "robust"))],
            Relation.INDEPENDENT,
        ),
    ],
)
def test_all_that_is_proposed_on_a_section_is_weighed(proposals: list[Proposal], expected: Relation | None) -> None:
    moved_first = Line(section(9), SectionKind.TITLE, 0, "", "Title")
    compiled = compile((moved_first, *BASE), proposals)
    assert section_relation(compiled.sections[1], compiled.proposals) is expected


def test_an_added_section_is_its_amendments_alone() -> None:
    new = Add(after=section(1), section=section(5), section_kind=SectionKind.OPERATIVE, level=0, text="New.")
    compiled = compile(BASE, [proposal("ARV-1", new)])
    assert section_relation(compiled.sections[1], compiled.proposals) is Relation.SOLE


def test_terms_throughout_are_listed() -> None:
    given = [proposal("ARV-1", "x", Term(old="States", new="Parties")), proposal("BOR-1", "y")]
    assert terms(given) == (Throughout("ARV-1", "States", "Parties"),)
