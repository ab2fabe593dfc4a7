"""Whole wordings side by side: OP1 and OP1 alt."""

import pytest

from drafting.protocol.commands import DecideSection
from drafting.protocol.problems import Refusal
from drafting.queries.deciding import preview
from tests.casting import Cast, add, delete, replace
from tests.core.test_desk import BASE, NEW, order, reads, standing, state

OTHER = "Every State protects whoever crosses it, whatever the measure."


def test_a_wording_stands_beside_the_paragraph_both_in_brackets(room: Cast) -> None:
    one = room.sections[5]
    first, twin = (room.table(who, replace(one, OTHER)) for who in ("arv", "bor"))
    third = room.table("cal", replace(one, "[No State acts alone.]"))
    decision = room.decide(one, [first, twin, third], "alternative")
    after = order(room).index(one)
    shown = [shown.section for shown in room.desk().sections[after : after + 4]]
    assert [(section.label, section.text) for section in shown] == [
        ("OP1", f"[{BASE}]"),
        ("OP1 alt", f"[{OTHER}]"),
        ("OP1 alt 2", "[No State acts alone.]"),
        ("OP2", "States shall report every year on the measures taken."),
    ]
    assert {state(room, amendment) for amendment in (first, twin, third)} == {"alternative"}
    room.do("sec", "undo_decision", decision=decision)
    assert order(room) == room.sections
    room.decide(one, [first, twin, third], "alternative")
    room.close()
    room.issue()
    sections = {section.label: section for section in room.snapshot("bor").sections}
    assert sections["OP1 alt"].text == f"[{OTHER}]"
    assert sections["OP1 alt"].id not in room.sections
    assert room.verify().findings == []


def test_the_brackets_that_stand_are_not_doubled(room: Cast) -> None:
    one = room.sections[5]
    room.decide(one, [], "redraft", text=f"[{BASE}]")
    room.decide(one, [room.table("arv", replace(one, OTHER))], "alternative")
    assert reads(room, one) == f"[{BASE}]"
    room.decide(one, [], "redraft", text="[This] or [that].")
    room.decide(one, [room.table("bor", replace(one, "Neither."))], "alternative")
    assert reads(room, one) == "[[This] or [that].]"


def test_only_another_wording_can_be_an_alternative(room: Cast) -> None:
    one = room.sections[5]
    deletion, addition = room.table("arv", delete(one)), room.table("bor", add(one, "New.", NEW))
    assert room.code("sec", "decide_section", **room.decision(one, [deletion], "alternative")) == "malformed"
    assert room.code("sec", "decide_section", **room.decision(NEW, [addition], "alternative")) == "malformed"
    assert standing(room, one).waiting == [deletion]


def test_a_delegation_proposes_an_alternative_to_a_paragraph(room: Cast) -> None:
    one = room.sections[5]
    proposed = {**add(one, OTHER, NEW), "alternative_to": one}
    amendment = room.table("arv", proposed)
    assert standing(room, NEW).section.label == "OP1 alt"
    room.decide(NEW, [amendment], "bracket")
    room.close()
    room.issue()
    assert [(s.label, s.text) for s in room.snapshot("cal").sections if s.id == NEW] == [("OP1 alt", f"[{OTHER}]")]


def test_an_alternative_to_what_is_not_there_is_refused(room: Cast) -> None:
    said = {"round": room.round, "base": room.version, "edits": [{**add(None, OTHER), "alternative_to": NEW}]}
    assert room.code("arv", "table_amendment", **said) == "unknown_section"


def test_the_same_paragraph_from_two_delegations_is_added_once_and_both_are_incorporated(room: Cast) -> None:
    one, other = room.sections[6], "se_" + "5" * 26
    first, second = room.table("arv", add(one, "A new one.", NEW)), room.table("bor", add(one, "A new one.", other))
    elsewhere = room.table("cal", add(room.sections[9], "A new one.", "se_" + "6" * 26))
    assert standing(room, NEW).proposals[0].twins == [second]
    assert standing(room, other).proposals[0].twins == [first]
    room.decide(NEW, [first], "incorporate")
    room.decide(other, [second], "incorporate")
    room.decide("se_" + "6" * 26, [elsewhere], "incorporate")
    assert [shown.section.text for shown in room.desk().sections].count("A new one.") == 2
    assert {state(room, amendment) for amendment in (first, second, elsewhere)} == {"incorporated"}


def test_the_desk_says_who_asks_exactly_the_same(room: Cast) -> None:
    one = room.sections[5]
    first, second, third = (
        room.table(who, replace(one, BASE.replace("appropriate", words)))
        for who, words in (("arv", "all"), ("bor", "all"), ("cal", "some"))
    )
    assert {shown.amendment: shown.twins for shown in standing(room, one).proposals} == {
        first: [second],
        second: [first],
        third: [],
    }


def test_a_preview_shows_what_a_decision_would_amount_to_and_takes_none(room: Cast) -> None:
    one = room.sections[5]
    amendment = room.table("arv", replace(one, OTHER))
    said = room.envelope("notes", "decide_section", **room.decision(one, [amendment], "alternative")).command
    assert isinstance(said, DecideSection)
    who = room.reader("notes")
    shown = room.house.database.read(lambda tx: preview(tx, who, said, 20_000))
    assert [(section.label, section.text) for section in shown.sections] == [
        ("OP1", f"[{BASE}]"),
        ("OP1 alt", f"[{OTHER}]"),
    ]
    assert shown.outcome == "alternative"
    assert room.snapshot("sec").decisions == []
    with pytest.raises(Refusal, match="for those at the desk"):
        room.house.database.read(lambda tx: preview(tx, room.reader("arv"), said, 20_000))
    for capacity, code in (("secretary", "capacity_not_held"), ("head:ARV", "not_permitted")):
        other = said.model_copy(update={"capacity": capacity})
        with pytest.raises(Refusal) as refusal:
            room.house.database.read(lambda tx, other=other: preview(tx, who, other, 20_000))
        assert refusal.value.code == code
