import pytest

from drafting.protocol.views import DeskSectionView
from tests.casting import Cast, add, delete, move, replace

BASE = "States shall take appropriate measures to protect migrants in transit."
NEW = "se_" + "4" * 26


def standing(cast: Cast, section: str) -> DeskSectionView:
    return next(shown for shown in cast.desk().sections if shown.section.id == section)


def reads(cast: Cast, section: str) -> str:
    return standing(cast, section).section.text


def order(cast: Cast) -> list[str]:
    return [shown.section.id for shown in cast.desk().sections]


def state(cast: Cast, amendment: str, handle: str = "sec") -> str:
    return next(a.state for a in cast.snapshot(handle).amendments if a.id == amendment)


OUTCOMES = [
    ("incorporate", None, "States shall take all necessary measures to protect migrants in transit.", "incorporated"),
    (
        "bracket",
        None,
        "States shall take [appropriate] [all necessary] measures to protect migrants in transit.",
        "bracketed",
    ),
    ("not_retained", None, BASE, "not_retained"),
    ("redraft", "States take measures.", "States take measures.", "in_part"),
]


@pytest.mark.parametrize(("outcome", "text", "expected", "becomes"), OUTCOMES)
def test_every_outcome_on_a_rewording(room: Cast, outcome: str, text: str | None, expected: str, becomes: str) -> None:
    one = room.sections[5]
    amendment = room.table("arv", replace(one, BASE.replace("appropriate", "all necessary")))
    decision = room.decide(one, [amendment], outcome, text=text)
    assert reads(room, one) == expected
    assert state(room, amendment) == becomes
    assert standing(room, one).decisions == [decision]
    assert standing(room, one).waiting == []


@pytest.mark.parametrize(
    ("outcome", "text", "expected"),
    [
        ("incorporate", None, "A new one."),
        ("bracket", None, "[A new one.]"),
        ("redraft", "Another new one.", "Another new one."),
    ],
)
def test_every_outcome_on_an_addition(room: Cast, outcome: str, text: str | None, expected: str) -> None:
    amendment = room.table("arv", add(room.sections[6], "A new one.", NEW))
    room.decide(NEW, [amendment], outcome, text=text)
    assert reads(room, NEW) == expected
    # OP2 has two subparagraphs, after which a new operative paragraph stands.
    assert order(room).index(NEW) == order(room).index(room.sections[8]) + 1


def test_an_addition_that_is_not_retained_is_not_in_the_version(room: Cast) -> None:
    amendment = room.table("arv", add(room.sections[6], "A new one.", NEW))
    room.close()
    room.decide(NEW, [amendment], "not_retained")
    room.issue()
    assert NEW not in [section.id for section in room.snapshot("arv").sections]
    assert state(room, amendment, "arv") == "not_retained"


@pytest.mark.parametrize(
    ("outcome", "text", "expected", "deleted"),
    [
        ("incorporate", None, "", True),
        ("bracket", None, f"[{BASE}]", False),
        ("not_retained", None, BASE, False),
        ("redraft", "Shorter.", "Shorter.", False),
    ],
)
def test_every_outcome_on_a_deletion(
    room: Cast, outcome: str, text: str | None, expected: str, *, deleted: bool
) -> None:
    one = room.sections[5]
    room.decide(one, [room.table("arv", delete(one))], outcome, text=text)
    section = standing(room, one).section
    assert (section.text, section.deleted, section.label) == (expected, deleted, "OP1")


def test_every_outcome_on_a_move(room: Cast) -> None:
    one, after = room.sections[5], room.sections[10]
    amendment = room.table("arv", move(one, after))
    refusal = room.refused("sec", "decide_section", **room.decision(one, [amendment], "bracket"))
    assert refusal.code == "conflict"
    decision = room.decide(one, [amendment], "not_retained")
    assert order(room) == room.sections
    room.do("sec", "undo_decision", decision=decision)
    room.decide(one, [amendment], "incorporate")
    assert order(room).index(one) == order(room).index(after) + 1
    assert reads(room, one) == BASE


def test_a_merge_and_a_split_are_decided_section_by_section(room: Cast) -> None:
    one, other, third = room.sections[5], room.sections[9], room.sections[10]
    merge = room.table("arv", {"op": "merge", "sections": [one, other], "text": "Both in one."})
    room.decide(one, [merge], "incorporate")
    assert state(room, merge) == "tabled", "half of it still waits"
    room.decide(other, [merge], "not_retained")
    assert state(room, merge) == "in_part"
    assert (reads(room, one), reads(room, other)) == ("Both in one.", "States may ask for assistance.")
    split = room.table("bor", {"op": "split", "section": third, "texts": ["One.", "Two."], "sections": [NEW]})
    room.decide(third, [split], "incorporate")
    room.decide(NEW, [split], "bracket")
    assert (reads(room, third), reads(room, NEW)) == ("One.", "[Two.]")
    assert order(room).index(NEW) == order(room).index(third) + 1


def test_several_amendments_in_one_decision(room: Cast) -> None:
    one = room.sections[5]
    first = room.table("arv", replace(one, BASE.replace("appropriate", "all")))
    second = room.table("bor", replace(one, BASE.replace("transit", "need")))
    room.decide(one, [second, first, second], "incorporate")
    assert reads(room, one) == "States shall take all measures to protect migrants in need."
    assert (state(room, first), state(room, second)) == ("incorporated", "incorporated")
    assert room.desk().waiting == 0


def test_brackets_hold_every_wording_side_by_side(room: Cast) -> None:
    one = room.sections[5]
    some = [
        room.table(who, replace(one, BASE.replace("appropriate", words)))
        for who, words in (("arv", "all"), ("bor", "feasible"), ("cal", "all"))
    ]
    room.decide(one, some, "bracket")
    assert (
        reads(room, one) == "States shall take [appropriate] [all] [feasible] measures to protect migrants in transit."
    )


def test_a_decision_on_what_stands_otherwise_by_now_is_stale_and_shows_it(room: Cast) -> None:
    one = room.sections[5]
    first = room.table("arv", replace(one, "Arvia's."))
    second = room.table("bor", replace(one, "Boria's."))
    late = room.decision(one, [second], "incorporate")
    room.decide(one, [first], "incorporate", "chair")
    refusal = room.refused("sec", "decide_section", **late)
    assert refusal.code == "stale"
    assert refusal.facts["digest"] == standing(room, one).digest
    assert refusal.facts["section"]["text"] == "Arvia's."
    decision = room.decide(room.sections[6], [], "redraft", text="Elsewhere.")
    assert standing(room, one).digest == refusal.facts["digest"], "what is decided elsewhere does not matter"
    room.do("sec", "undo_decision", decision=decision)


def test_words_that_an_earlier_decision_changed_are_a_conflict_that_names_the_passages(room: Cast) -> None:
    one = room.sections[5]
    first = room.table("arv", replace(one, BASE.replace("appropriate", "all")))
    second = room.table("bor", replace(one, BASE.replace("appropriate", "feasible")))
    room.decide(one, [first], "incorporate")
    said = room.decision(one, [second], "incorporate")
    refusal = room.refused("sec", "decide_section", **said)
    assert refusal.code == "conflict"
    assert refusal.facts["passages"] == [{"base": "appropriate", "current": "all", "proposed": "feasible"}]
    assert reads(room, one) == BASE.replace("appropriate", "all")
    room.decide(one, [second], "redraft", text="States shall take all feasible measures.")


def test_only_the_last_decision_on_a_section_is_taken_back(room: Cast) -> None:
    one = room.sections[5]
    first = room.table("arv", replace(one, BASE.replace("appropriate", "all")))
    second = room.table("bor", replace(one, BASE.replace("transit", "need")))
    earlier = room.decide(one, [first], "incorporate")
    digest = standing(room, one).digest
    later = room.decide(one, [second], "incorporate")
    refusal = room.refused("sec", "undo_decision", decision=earlier)
    assert (refusal.code, refusal.facts) == ("conflict", {"last": later})
    room.do("chair", "undo_decision", decision=later)
    assert reads(room, one) == BASE.replace("appropriate", "all")
    assert standing(room, one).digest == digest
    assert (state(room, first), state(room, second)) == ("incorporated", "tabled")
    assert room.code("chair", "undo_decision", decision=later) == "no_change"
    room.do("chair", "undo_decision", decision=earlier)
    assert reads(room, one) == BASE
    assert [d.undone for d in room.snapshot("sec").decisions] == [True, True]


def test_a_decision_that_others_build_on_is_not_taken_back_before_them(room: Cast) -> None:
    last = room.sections[10]
    amendment = room.table(
        "arv", add(room.sections[5], "New.", NEW), {**add(NEW, "Newer."), "section": "se_" + "3" * 26}
    )
    adding = room.decide(NEW, [amendment], "incorporate")
    building = room.decide("se_" + "3" * 26, [amendment], "incorporate")
    refusal = room.refused("sec", "undo_decision", decision=adding)
    assert refusal.code == "conflict"
    assert "another section" in refusal.detail
    room.do("sec", "undo_decision", decision=building)
    room.do("sec", "undo_decision", decision=adding)
    assert reads(room, last) == "The Secretariat keeps a register of good practice."


def test_a_decision_is_about_amendments_of_this_round_that_wait_on_this_section(room: Cast) -> None:
    one, other = room.sections[5], room.sections[6]
    amendment = room.table("arv", replace(one, "Arvia's."))
    assert room.code("sec", "decide_section", **room.decision(other, [amendment], "incorporate")) == "unknown_section"
    assert room.code("sec", "decide_section", **room.decision(one, ["am_" + "0" * 26], "incorporate")) == "unknown"
    assert room.code("sec", "decide_section", **room.decision(one, [], "incorporate")) == "malformed"
    assert room.code("sec", "decide_section", **room.decision(one, [amendment], "redraft")) == "malformed"
    said = room.decision(one, [amendment], "incorporate", text="With a text.")
    assert room.code("sec", "decide_section", **said) == "malformed"
    for text, code in ((" ", "text_empty"), ("\x07", "text_illegal"), ("x" * 100_001, "text_too_long")):
        said = room.decision(one, [amendment], "redraft", text=text)
        assert room.code("sec", "decide_section", **said) == code
    room.decide(one, [amendment], "incorporate")
    assert room.code("sec", "decide_section", **room.decision(one, [amendment], "incorporate")) == "amendment_closed"


def test_decisions_are_the_desks_until_the_version_is_issued(room: Cast) -> None:
    one = room.sections[5]
    amendment = room.table("arv", replace(one, "Arvia's."))
    undone = room.decide(one, [amendment], "not_retained")
    room.do("sec", "undo_decision", decision=undone)
    taken = room.decide(one, [amendment], "incorporate", reason="Nobody objected.")
    for handle in ("arv", "bor", "watch"):
        assert room.snapshot(handle).decisions == []
        assert state(room, amendment, handle) == "tabled"
        assert room.events(handle)[-1].kind == "amendment_tabled"
    for handle in ("sec", "chair", "notes"):
        assert [d.id for d in room.snapshot(handle).decisions] == [undone, taken]
    room.close()
    room.issue()
    for handle in ("arv", "watch"):
        assert [(d.id, d.reason) for d in room.snapshot(handle).decisions] == [(taken, "Nobody objected.")]
        assert state(room, amendment, handle) == "incorporated"
    assert [d.id for d in room.snapshot("notes").decisions] == [undone, taken]


def test_the_desk_is_for_those_who_sit_at_it(room: Cast) -> None:
    with pytest.raises(Exception, match="The desk is for") as refusal:
        room.desk("arv")
    assert refusal.value.code == "not_permitted"  # type: ignore[attr-defined] # a Refusal
