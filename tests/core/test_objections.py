"""Consensus: what a delegation cannot accept, or reserves on, comes in brackets unless the chair decides otherwise."""

import pytest

from drafting.protocol.commands import DecideSection
from drafting.queries.deciding import preview
from tests.casting import Cast, move, replace
from tests.core.test_desk import BASE, order, reads, standing, state

BETTER = BASE.replace("appropriate", "all necessary")
IN_BRACKETS = "States shall take [appropriate] [all necessary] measures to protect migrants in transit."


def against(room: Cast, handle: str, amendment: str, stand: str = "cannot_accept", audience: str = "all") -> str:
    said = {"reservation": "general"} if stand == "reserve" else {}
    about = {"amendment": amendment, "stand": stand, "audience": audience, **said}
    return room.do(handle, "take_position", **about).made["position"]


@pytest.mark.parametrize("stand", ["cannot_accept", "reserve"])
def test_what_somebody_objects_to_is_incorporated_in_brackets(room: Cast, stand: str) -> None:
    one = room.sections[5]
    amendment = room.table("arv", replace(one, BETTER))
    against(room, "bor", amendment, stand)
    room.decide(one, [amendment], "incorporate")
    (decision,) = room.snapshot("sec").decisions
    assert (decision.outcome, decision.objections) == ("bracket", ["BOR"])
    assert (reads(room, one), state(room, amendment)) == (IN_BRACKETS, "bracketed")


@pytest.mark.parametrize("stand", ["support", "flexible", "retain"])
def test_other_stands_bring_no_brackets(room: Cast, stand: str) -> None:
    one = room.sections[5]
    amendment = room.table("arv", replace(one, BETTER))
    against(room, "bor", amendment, stand)
    room.decide(one, [amendment], "incorporate")
    assert reads(room, one) == BETTER


def test_an_objection_that_was_withdrawn_or_changed_counts_no_more(room: Cast) -> None:
    one = room.sections[5]
    amendment = room.table("arv", replace(one, BETTER))
    room.do("bor", "withdraw_position", position=against(room, "bor", amendment))
    against(room, "cal", amendment)
    against(room, "cal", amendment, "flexible")
    room.decide(one, [amendment], "incorporate")
    assert reads(room, one) == BETTER


def test_only_the_chair_decides_over_objections_and_says_why(room: Cast) -> None:
    one = room.sections[5]
    amendment = room.table("arv", replace(one, BETTER))
    said = room.decision(one, [amendment], "incorporate", over_objections=True, reason="Consensus minus one.")
    assert room.code("chair", "decide_section", **said) == "malformed", "nobody objects"
    against(room, "bor", amendment)
    assert room.code("sec", "decide_section", **said) == "not_permitted"
    assert room.code("chair", "decide_section", **{**said, "reason": " "}) == "malformed"
    room.do("chair", "decide_section", **said)
    (decision,) = room.snapshot("sec").decisions
    assert (decision.outcome, decision.objections, decision.by) == ("incorporate", ["BOR"], "chair")
    assert reads(room, one) == BETTER
    assert room.verify().findings == []


def test_changes_taken_in_part_come_in_brackets_too_and_the_rest_waits(room: Cast) -> None:
    one = room.sections[5]
    amendment = room.table("arv", replace(one, BETTER.replace("transit", "need")))
    against(room, "bor", amendment)
    room.decide(one, [amendment], "in_part", hunks=[1])
    assert reads(room, one) == IN_BRACKETS
    assert standing(room, one).waiting == [amendment]


def test_a_place_that_somebody_objects_to_is_for_the_chair(room: Cast) -> None:
    one, after = room.sections[5], room.sections[10]
    amendment = room.table("arv", move(one, after))
    against(room, "bor", amendment)
    said = room.decision(one, [amendment], "incorporate")
    assert room.code("sec", "decide_section", **said) == "conflict"
    room.do("chair", "decide_section", **{**said, "over_objections": True, "reason": "The logic of the text."})
    assert order(room).index(one) == order(room).index(after) + 1


def test_an_objection_for_the_chair_alone_is_the_chairs_to_know(room: Cast) -> None:
    one = room.sections[5]
    first, second = (room.table("arv", replace(section, BETTER)) for section in (one, room.sections[9]))
    for amendment in (first, second):
        against(room, "bor", amendment, audience="chair")
    room.decide(one, [first], "incorporate")
    assert reads(room, one) == BETTER, "the secretary does not know of it"
    room.decide(room.sections[9], [second], "incorporate", "chair")
    decisions = room.snapshot("sec").decisions
    assert [decision.outcome for decision in decisions] == ["incorporate", "bracket"]
    assert all(decision.objections == [] for decision in decisions), "no record names it"


def test_a_chair_who_decides_as_secretary_does_not_use_what_only_the_chair_knows(room: Cast) -> None:
    room.do("sec", "accredit_participant", handle="chair", name="Chair", capacities=["secretary"])
    one = room.sections[5]
    amendment = room.table("arv", replace(one, BETTER))
    against(room, "bor", amendment, audience="chair")
    who, said = room.reader("chair"), room.decision(one, [amendment], "incorporate")
    for capacity, outcome in (("secretary", "incorporate"), ("chair", "bracket")):
        command = room.envelope("chair", "decide_section", capacity=capacity, **said).command
        assert isinstance(command, DecideSection)
        shown = room.house.database.read(lambda tx, command=command: preview(tx, who, command, 20_000))
        assert shown.outcome == outcome
    room.decide(one, [amendment], "incorporate", "chair", capacity="secretary")
    assert reads(room, one) == BETTER
    assert room.verify().findings == []


def test_a_stand_on_the_section_counts_as_one_on_what_would_change_it(room: Cast) -> None:
    one = room.sections[5]
    room.do("cal", "take_position", section=one, stand="reserve", reservation="scrutiny", audience="all")
    room.decide(one, [room.table("arv", replace(one, BETTER))], "incorporate")
    assert reads(room, one) == IN_BRACKETS
