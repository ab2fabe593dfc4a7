from typing import Any

import pytest

from drafting.protocol.views import AmendmentView
from tests.casting import Cast, add, delete, move, replace


def only(cast: Cast, handle: str) -> AmendmentView:
    (amendment,) = cast.snapshot(handle).amendments
    return amendment


def test_an_amendment_on_the_floor_is_seen_by_all_at_once(room: Cast) -> None:
    edits = [replace(room.sections[5], "States  shall\nact. "), add(room.sections[6], "A new one.")]
    receipt = room.do(
        "arv", "table_amendment", round=room.round, base=room.version, edits=edits, rationale="As agreed."
    )
    amendment = only(room, "watch")
    assert receipt.made == {"amendment": amendment.id, "label": "ARV-1"}
    assert (amendment.label, amendment.delegation, amendment.state) == ("ARV-1", "ARV", "tabled")
    assert (amendment.late, amendment.circulated, amendment.decided) == (False, True, [])
    first, second = amendment.revision.edits
    assert first.text == "States shall act."
    assert second.section.startswith("se_")
    assert amendment.touches == [room.sections[5], second.section]
    assert (amendment.revision.rationale, amendment.revision.by) == ("As agreed.", "arv")


def test_numbers_count_by_delegation_and_are_never_used_again(room: Cast) -> None:
    first = room.table("arv", delete(room.sections[5]))
    room.table("bor", delete(room.sections[5]))
    room.do("arv", "withdraw_amendment", amendment=first)
    room.table("arv2", delete(room.sections[6]))
    assert [a.label for a in room.snapshot("cal").amendments] == ["ARV-1", "BOR-1", "ARV-2"]
    room.close()
    for amendment in room.snapshot("sec").amendments[1:]:
        room.decide(amendment.touches[0], [amendment.id], "not_retained")
    room.issue()
    room.open()
    room.table("arv", delete(room.sections[5]))
    assert room.snapshot("cal").amendments[-1].label == "ARV-3", "in the next round too"


def test_past_the_deadline_an_amendment_is_late_and_inactive_until_it_is_admitted(room: Cast) -> None:
    room.clock.move(days=5)
    on_time = room.table("arv", delete(room.sections[5]))
    room.clock.move(seconds=1)
    late = room.table("bor", delete(room.sections[6]))
    marks = {a.id: (a.late, a.active) for a in room.snapshot("watch").amendments}
    assert marks == {on_time: (False, True), late: (True, False)}
    decision = room.decision(room.sections[6], [late], "incorporate")
    assert room.code("sec", "decide_section", **decision) == "amendment_closed"
    room.do("chair", "admit_amendment", amendment=late)
    assert room.snapshot("watch").amendments[-1].active
    assert room.code("chair", "admit_amendment", amendment=late) == "no_change"
    room.decide(room.sections[6], [late], "incorporate")


def test_an_amendment_on_another_base_than_the_rounds_is_stale(room: Cast) -> None:
    refusal = room.refused(
        "arv", "table_amendment", round=room.round, base="ve_" + "0" * 26, edits=[delete(room.sections[5])]
    )
    assert (refusal.code, refusal.facts) == ("stale", {"base": room.version})


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (replace("se_" + "0" * 26, "Nowhere."), "unknown_section"),
        (add("se_" + "0" * 26, "Nowhere."), "unknown_section"),
        (delete("se_" + "0" * 26), "unknown_section"),
        ({"op": "split", "section": "se_" + "0" * 26, "texts": ["a", "b"]}, "unknown_section"),
        ({"op": "merge", "sections": ["se_" + "0" * 26, "se_" + "1" * 26], "text": "a"}, "unknown_section"),
    ],
)
def test_an_edit_of_a_section_that_is_not_there_is_refused(room: Cast, edit: dict[str, Any], code: str) -> None:
    assert room.code("arv", "table_amendment", round=room.round, base=room.version, edits=[edit]) == code
    assert room.snapshot("sec").amendments == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "text_empty"),
        (" \n\t\u2028 ", "text_empty"),
        ("x" * 100_001, "text_too_long"),
        ("bell \x07", "text_illegal"),
        ("null \x00", "text_illegal"),
        ("never \ufffe", "text_illegal"),
        ("never \U0001ffff", "text_illegal"),
    ],
)
def test_a_text_that_cannot_be_kept_is_refused_in_every_edit_that_has_one(room: Cast, text: str, code: str) -> None:
    one, other = room.sections[5], room.sections[6]
    for edit in (
        replace(one, text),
        add(one, text),
        {"op": "merge", "sections": [one, other], "text": text},
        {"op": "split", "section": one, "texts": ["States.", text]},
    ):
        assert room.code("arv", "table_amendment", round=room.round, base=room.version, edits=[edit]) == code


def test_a_text_of_exactly_the_longest_length_is_taken_and_kept_composed(room: Cast) -> None:
    room.table("arv", replace(room.sections[5], "e\u0301" * 100_000))
    (edit,) = only(room, "bor").revision.edits
    assert edit.text == "é" * 100_000


def test_edits_that_contradict_each_other_or_change_nothing_are_refused(room: Cast) -> None:
    one = room.sections[5]
    said = {"round": room.round, "base": room.version}
    twice = [replace(one, "This."), delete(one)]
    assert room.code("arv", "table_amendment", **said, edits=twice) == "edits_conflict"
    same = [replace(one, "States shall take appropriate measures to protect migrants in transit.")]
    assert room.code("arv", "table_amendment", **said, edits=same) == "no_change"
    room.table("arv", replace(one, "This."), move(one, room.sections[10]))


def test_a_new_section_has_an_id_for_life_that_nobody_else_can_take(room: Cast) -> None:
    mine = "se_" + "7" * 26
    first = room.table("arv", add(room.sections[5], "Mine.", mine))
    said = {"round": room.round, "base": room.version}
    for edit in (
        add(room.sections[6], "Hijacked.", mine),
        {"op": "split", "section": room.sections[5], "texts": ["a", "b"], "sections": [mine]},
    ):
        assert room.code("bor", "table_amendment", **said, edits=[edit]) == "edits_conflict"
    again = {"amendment": first, "revision": 1, "edits": [add(room.sections[6], "Mine, elsewhere.", mine)]}
    assert room.do("arv", "revise_amendment", **again).made["revision"] == "2"
    old = room.sections[5]
    room.take_in()
    room.open()
    for taken in (mine, old):
        edit = add(room.sections[5], "In another document.", taken)
        refusal = room.refused("arv", "table_amendment", round=room.round, base=room.version, edits=[edit])
        assert (refusal.code, refusal.facts) == ("edits_conflict", {"section": taken})


def test_a_split_names_one_section_fewer_than_it_has_texts(room: Cast) -> None:
    split = {"op": "split", "section": room.sections[5], "texts": ["a", "b"], "sections": ["se_" + "1" * 26] * 2}
    assert room.code("arv", "table_amendment", round=room.round, base=room.version, edits=[split]) == "malformed"
    room.table("arv", {"op": "split", "section": room.sections[5], "texts": ["a", "b", "c"]})
    (edit,) = only(room, "bor").revision.edits
    assert len(set(edit.sections)) == 2


def test_a_revision_replaces_what_counts_and_all_are_kept(room: Cast) -> None:
    amendment = room.table("arv", replace(room.sections[5], "First."))
    room.clock.move(hours=1)
    receipt = room.do(
        "arv2", "revise_amendment", amendment=amendment, revision=1, edits=[delete(room.sections[6])], rationale="Why."
    )
    assert receipt.made == {"amendment": amendment, "revision": "2"}
    now = only(room, "bor")
    assert (now.label, now.touches) == ("ARV-1", [room.sections[6]])
    assert [(r.number, r.by, r.rationale) for r in now.revisions] == [(1, "arv", ""), (2, "arv2", "Why.")]
    assert now.revisions[1].at == room.clock.at


def test_a_revision_of_what_is_not_the_last_one_is_stale(room: Cast) -> None:
    amendment = room.table("arv", replace(room.sections[5], "First."))
    said = {"amendment": amendment, "edits": [replace(room.sections[5], "Second.")]}
    room.do("arv", "revise_amendment", revision=1, **said)
    refusal = room.refused("arv", "revise_amendment", revision=1, **said)
    assert (refusal.code, refusal.facts) == ("stale", {"revision": 2})
    assert "ARV-1" in refusal.detail
    assert room.code("arv", "revise_amendment", revision=3, **said) == "stale"
    assert len(only(room, "bor").revisions) == 2


def test_only_its_own_delegation_changes_an_amendment(room: Cast) -> None:
    amendment = room.table("arv", replace(room.sections[5], "First."))
    said = {"amendment": amendment, "revision": 1, "edits": [delete(room.sections[5])]}
    assert room.code("bor", "revise_amendment", **said) == "not_permitted"
    assert room.code("bor", "withdraw_amendment", amendment=amendment) == "not_permitted"
    assert room.code("clerk", "withdraw_amendment", amendment=amendment) == "not_permitted"


def test_withdrawing_is_final_and_possible_when_the_round_is_closed(room: Cast) -> None:
    amendment = room.table("arv", replace(room.sections[5], "First."))
    room.close()
    room.do("arv", "withdraw_amendment", amendment=amendment, reason="Overtaken.")
    assert only(room, "bor").state == "withdrawn"
    assert room.events("bor")[-1].payload["reason"] == "Overtaken."
    assert room.code("arv", "withdraw_amendment", amendment=amendment) == "amendment_closed"
    decision = room.decision(room.sections[5], [amendment], "incorporate")
    assert room.code("sec", "decide_section", **decision) == "amendment_closed"


def test_what_the_desk_has_decided_on_is_not_changed_under_its_hands(room: Cast) -> None:
    amendment = room.table("arv", replace(room.sections[5], "First."), delete(room.sections[6]))
    decision = room.decide(room.sections[5], [amendment], "incorporate")
    said = {"amendment": amendment, "revision": 1, "edits": [delete(room.sections[5])]}
    assert room.code("arv", "revise_amendment", **said) == "amendment_closed"
    assert room.code("arv", "withdraw_amendment", amendment=amendment) == "amendment_closed"
    room.do("sec", "undo_decision", decision=decision)
    room.do("arv", "revise_amendment", **said)


def test_a_revision_past_the_deadline_makes_an_amendment_late_until_it_is_admitted(room: Cast) -> None:
    amendment = room.table("arv", replace(room.sections[5], "First."))
    room.clock.move(days=5)
    said = {"amendment": amendment, "edits": [replace(room.sections[5], "In time.")]}
    room.do("arv", "revise_amendment", revision=1, **said)
    assert only(room, "watch").active
    room.clock.move(seconds=1)
    room.do("arv", "revise_amendment", revision=2, **said)
    assert (only(room, "watch").late, only(room, "watch").active) == (True, False)
    assert room.desk().waiting == 0
    room.do("chair", "admit_amendment", amendment=amendment)
    assert only(room, "watch").active
    room.do("arv", "revise_amendment", revision=3, **said)
    assert only(room, "watch").late, "each time"


def test_an_amendment_supersedes_older_ones_of_the_same_delegation(room: Cast) -> None:
    first, second = room.table("arv", delete(room.sections[5])), room.table("arv2", delete(room.sections[6]))
    third = room.table("arv", replace(room.sections[5], "States shall act."), supersedes=[first, second, first])
    old, older, new = room.snapshot("watch").amendments
    assert [(a.id, a.state, a.superseded_by, a.active) for a in (old, older, new)] == [
        (first, "superseded", third, False),
        (second, "superseded", third, False),
        (third, "tabled", None, True),
    ]
    assert room.events("watch")[-1].payload["supersedes"] == [first, second]
    assert [shown.waiting for shown in room.desk().sections if shown.waiting] == [[third]]
    for kind in ("withdraw_amendment", "sponsor_amendment"):
        assert room.code("arv", kind, amendment=first) == "amendment_closed"
    said = {"amendment": first, "revision": 1, "edits": [delete(room.sections[6])]}
    assert room.code("arv", "revise_amendment", **said) == "amendment_closed"
    decision = room.decision(room.sections[5], [first], "incorporate")
    refusal = room.refused("sec", "decide_section", **decision)
    assert (refusal.code, refusal.detail) == ("amendment_closed", "ARV-1 is superseded.")
    room.close()
    room.decide(room.sections[5], [third], "incorporate")
    version = room.issue()
    assert [(line.label, line.outcome) for line in room.issued("cal", version).account] == [
        ("ARV-1", "superseded"),
        ("ARV-2", "superseded"),
        ("ARV-3", "incorporated"),
    ]


def test_only_what_is_ones_own_and_open_is_superseded(room: Cast) -> None:
    own, others = room.table("arv", delete(room.sections[5])), room.table("bor", delete(room.sections[6]))
    draft = room.draft("clerk", delete(room.sections[9]))
    said = room.proposed(delete(room.sections[10]))

    def code(*superseded: str) -> str:
        return room.code("arv", "table_amendment", **said, supersedes=list(superseded))

    assert code(others) == "not_permitted"
    assert code("am_" + "0" * 26) == "unknown"
    assert room.code("bor", "table_amendment", **said, supersedes=[draft]) == "unknown"
    assert code(draft) == "amendment_closed"
    room.do("bor", "sponsor_amendment", amendment=own)
    assert code(own) == "conflict"
    room.do("bor", "leave_amendment", amendment=own)
    room.decide(room.sections[5], [own], "incorporate")
    assert code(own) == "amendment_closed"
    assert len(room.snapshot("cal").amendments) == 2, "a refused one leaves nothing behind"


def test_in_held_mode_an_amendment_supersedes_only_what_is_held_too(held: Cast) -> None:
    first = held.table("arv", delete(held.sections[5]))
    second = held.table("arv", delete(held.sections[6]), supersedes=[first])
    held.do("sec", "circulate_amendments", round=held.round)
    assert [(a.id, a.state) for a in held.snapshot("cal").amendments] == [(second, "tabled")]
    assert [(a.id, a.state) for a in held.snapshot("arv").amendments] == [(first, "superseded"), (second, "tabled")]
    said = held.proposed(delete(held.sections[9]))
    assert held.code("arv", "table_amendment", **said, supersedes=[second]) == "conflict"


def test_what_a_round_has_accounted_for_as_not_admitted_is_not_superseded_in_the_next(room: Cast) -> None:
    room.clock.move(days=6)
    late = room.table("arv", delete(room.sections[5]))
    room.close()
    room.issue()
    room.open(days=9)
    said = {**room.proposed(delete(room.sections[6])), "supersedes": [late]}
    assert room.code("arv", "table_amendment", **said) == "amendment_closed"


def test_what_was_withdrawn_is_not_admitted(room: Cast) -> None:
    room.clock.move(days=6)
    late = room.table("arv", delete(room.sections[5]))
    room.do("arv", "withdraw_amendment", amendment=late)
    assert room.code("chair", "admit_amendment", amendment=late) == "amendment_closed"
