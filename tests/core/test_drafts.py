from drafting.protocol.events import EventView
from drafting.protocol.views import AmendmentView
from tests.casting import CAPACITIES, Cast, add, delete, move, replace


def seen(cast: Cast, handle: str) -> list[tuple[str, str]]:
    return [(a.label, a.state.value) for a in cast.snapshot(handle).amendments]


def last(cast: Cast, handle: str) -> AmendmentView:
    return cast.snapshot(handle).amendments[-1]


def named(cast: Cast, handle: str, amendment: str) -> AmendmentView:
    return next(a for a in cast.snapshot(handle).amendments if a.id == amendment)


def last_event(cast: Cast, handle: str) -> EventView:
    return cast.events(handle)[-1]


def in_a_group(room: Cast) -> None:
    """Found a group of Arvonia and Boria; the observer facilitates it."""
    room.do("chair", "found_group", code="CG1", name="Friends of OP1", members=["ARV", "BOR"])
    room.do("sec", "accredit_participant", handle="watch", name="Watch", capacities=["facilitator:CG1"])


def test_a_clerks_draft_is_seen_by_the_own_delegation_alone_and_has_no_number(room: Cast) -> None:
    edits = [replace(room.sections[5], "States  shall\nact. "), add(room.sections[6], "A new one.")]
    said = {"rationale": "Capital insists.", "placement_note": "Perhaps in the preamble."}
    receipt = room.do("clerk", "draft_amendment", **room.proposed(*edits), **said)
    draft = last(room, "arv")
    assert receipt.made == {"amendment": draft.id, "label": "ARV draft 1"}
    assert (draft.delegation, draft.sponsors, draft.group) == ("ARV", ["ARV"], None)
    assert (draft.audience, draft.state, draft.circulated, draft.active) == (
        "delegation:ARV",
        "internal",
        False,
        False,
    )
    assert draft.revision.edits[0].text == "States shall act."
    assert (draft.revision.rationale, draft.revision.placement_note, draft.revision.by) == (*said.values(), "clerk")
    for handle in CAPACITIES:
        assert len(room.snapshot(handle).amendments) == (handle in {"arv", "arv2", "clerk"}), handle
        assert [event.kind for event in room.events(handle)].count("amendment_drafted") == (
            handle in {"arv", "arv2", "clerk"}
        )


def test_a_clerk_clears_nothing_and_others_know_of_no_draft(room: Cast) -> None:
    draft = room.draft("clerk", delete(room.sections[5]))
    assert room.code("clerk", "clear_amendment", amendment=draft) == "not_permitted"
    for handle in ("sec", "chair", "notes", "watch", "bor"):
        for kind in ("clear_amendment", "discard_draft", "admit_amendment", "sponsor_amendment"):
            assert room.code(handle, kind, amendment=draft) == "unknown", (handle, kind)
    assert room.code("bor", "post_comment", amendment=draft, body="What is this?") == "unknown"


def test_a_cleared_draft_gets_the_next_number_and_stands_where_it_was_tabled(room: Cast) -> None:
    draft = room.draft("clerk", replace(room.sections[5], "States shall act."))
    room.draft("clerk", delete(room.sections[6]))
    room.table("bor", delete(room.sections[9]))
    room.table("arv", delete(room.sections[10]))
    room.clock.move(hours=1)
    receipt = room.do("arv2", "clear_amendment", amendment=draft)
    assert receipt.made == {"amendment": draft, "label": "ARV-2"}
    assert seen(room, "cal") == [("BOR-1", "tabled"), ("ARV-1", "tabled"), ("ARV-2", "tabled")]
    assert seen(room, "arv") == [("ARV draft 2", "internal"), *seen(room, "cal")]
    event = last_event(room, "cal")
    assert (event.stream, event.kind, event.by, event.capacity) == ("all", "amendment_cleared", "arv2", "delegate:ARV")
    assert event.payload["amendment"]["revisions"][0]["by"] == "clerk"
    assert last(room, "cal").active
    assert room.code("arv", "clear_amendment", amendment=draft) == "amendment_closed"
    assert room.code("clerk", "discard_draft", amendment=draft) == "amendment_closed"
    said = {"amendment": draft, "revision": 1, "edits": [delete(room.sections[5])]}
    assert room.code("clerk", "revise_draft", **said) == "amendment_closed"
    room.do("arv", "revise_amendment", **said)


def test_drafts_leave_no_gap_in_anybodys_numbers(room: Cast) -> None:
    for _ in range(3):
        room.draft("clerk", delete(room.sections[5]))
    room.table("arv", delete(room.sections[5]))
    room.table("arv", delete(room.sections[6]))
    assert [a.label for a in room.snapshot("cal").amendments] == ["ARV-1", "ARV-2"]
    assert [event.seq for event in room.events("cal")] == [1, 2, 3, 4]


def test_a_late_draft_is_late_when_it_is_cleared_and_not_when_it_was_written(room: Cast) -> None:
    in_time, late = room.draft("clerk", delete(room.sections[5])), room.draft("clerk", delete(room.sections[6]))
    room.clock.move(days=5)
    room.do("arv", "clear_amendment", amendment=in_time)
    room.clock.move(seconds=1)
    room.do("arv", "clear_amendment", amendment=late)
    assert [(a.label, a.late, a.active) for a in room.snapshot("cal").amendments] == [
        ("ARV-1", False, True),
        ("ARV-2", True, False),
    ]
    room.do("chair", "admit_amendment", amendment=late)
    assert last(room, "cal").active


def test_in_held_mode_a_cleared_draft_is_held_and_an_internal_one_is_not_circulated(held: Cast) -> None:
    draft, other = held.draft("clerk", delete(held.sections[5])), held.draft("clerk", delete(held.sections[6]))
    assert held.code("sec", "circulate_amendments", round=held.round) == "no_change"
    held.table("bor", delete(held.sections[9]))
    held.do("arv", "clear_amendment", amendment=draft)
    assert (seen(held, "sec"), seen(held, "cal")) == ([("BOR-1", "tabled"), ("ARV-1", "tabled")], [])
    assert last(held, "sec").audience == "secretariat+ARV"
    held.do("sec", "circulate_amendments", round=held.round)
    assert seen(held, "cal") == [("ARV-1", "tabled"), ("BOR-1", "tabled")]
    assert [a.state for a in held.snapshot("arv").amendments if a.id == other] == ["internal"]


def test_internal_drafts_are_no_business_of_the_desk_and_do_not_hold_a_version_up(room: Cast) -> None:
    draft = room.draft("clerk", delete(room.sections[5]))
    assert room.desk().waiting == 0
    room.close()
    assert room.code("sec", "decide_section", **room.decision(room.sections[5], [draft], "incorporate")) == "unknown"
    room.issue()
    assert seen(room, "arv") == [("ARV draft 1", "internal")]


def test_a_draft_is_revised_by_any_of_its_delegation_and_a_stale_revision_is_refused(room: Cast) -> None:
    draft = room.draft("clerk", delete(room.sections[5]))
    said = {"amendment": draft, "revision": 1, "edits": [delete(room.sections[6])]}
    assert room.do("arv", "revise_draft", **said).made == {"amendment": draft, "revision": "2"}
    refusal = room.refused("clerk", "revise_draft", **said)
    assert (refusal.code, refusal.facts) == ("stale", {"revision": 2})
    assert [revision.by for revision in last(room, "arv2").revisions] == ["clerk", "arv"]
    assert last_event(room, "clerk").stream == "delegation:ARV"
    assert room.code("arv", "revise_amendment", **{**said, "revision": 2}) == "amendment_closed"
    assert room.code("arv", "withdraw_amendment", amendment=draft) == "amendment_closed"


def test_a_discarded_draft_is_withdrawn_and_stays_internal(room: Cast) -> None:
    draft = room.draft("clerk", delete(room.sections[5]))
    room.do("clerk", "discard_draft", amendment=draft)
    assert (last(room, "arv").state, last(room, "arv").audience) == ("withdrawn", "delegation:ARV")
    for kind in ("discard_draft", "clear_amendment"):
        assert room.code("arv", kind, amendment=draft) == "amendment_closed"
    assert seen(room, "sec") == []
    assert room.do("clerk", "draft_amendment", **room.proposed(delete(room.sections[5]))).made["label"] == "ARV draft 2"


def test_a_draft_of_an_older_round_is_revised_on_the_new_text_before_it_is_cleared(room: Cast) -> None:
    draft = room.draft("clerk", delete(room.sections[5]))
    old = room.version
    taken = room.table("bor", replace(room.sections[5], "States shall act."))
    room.close()
    room.decide(room.sections[5], [taken], "incorporate")
    room.issue()
    assert room.code("arv", "clear_amendment", amendment=draft) == "round_consolidated"
    room.open()
    refusal = room.refused("arv", "clear_amendment", amendment=draft)
    assert (refusal.code, refusal.facts) == ("stale", {"base": room.version})
    assert named(room, "arv", draft).base == old
    room.do("clerk", "revise_draft", amendment=draft, revision=1, edits=[replace(room.sections[5], "States act.")])
    assert (named(room, "arv", draft).base, named(room, "arv", draft).round) == (room.version, room.round)
    room.do("arv", "clear_amendment", amendment=draft)
    assert last(room, "cal").label == "ARV-1"


def test_drafts_are_written_in_a_closed_round_but_cleared_in_an_open_one_only(room: Cast) -> None:
    room.close()
    draft = room.draft("clerk", delete(room.sections[5]))
    assert room.code("arv", "clear_amendment", amendment=draft) == "round_closed"
    room.issue()
    assert room.code("clerk", "draft_amendment", **room.proposed(delete(room.sections[5]))) == "round_consolidated"
    room.do("clerk", "discard_draft", amendment=draft)


def test_a_draft_takes_every_kind_of_edit_and_what_it_says_is_what_is_tabled(room: Cast) -> None:
    ids = room.sections
    edits = [
        replace(ids[2], "*Recalling* the dignity of all,"),
        add(ids[3], "A new one."),
        delete(ids[7]),
        move(ids[9], ids[10]),
        {"op": "split", "section": ids[5], "texts": ["States shall act.", "They shall act soon."]},
        {"op": "term", "old": "Secretariat", "new": "Registry"},
    ]
    draft = room.draft("clerk", *edits, placement_note="The new one may go to OP4.")
    before = last(room, "clerk")
    room.do("arv", "clear_amendment", amendment=draft)
    after = last(room, "cal")
    assert (after.revisions, after.touches) == (before.revisions, before.touches)
    assert [edit.op for edit in after.revision.edits] == ["replace", "add", "delete", "move", "split", "term"]
    assert after.revision.placement_note == "The new one may go to OP4."
    merge = {"op": "merge", "sections": [ids[5], ids[6]], "text": "States shall act and report."}
    room.draft("clerk", merge)


def test_a_groups_draft_is_seen_in_the_group_alone_and_written_by_its_members(room: Cast) -> None:
    in_a_group(room)
    draft = room.draft("clerk", delete(room.sections[5]), group="CG1")
    for handle in CAPACITIES:
        amendments = room.snapshot(handle).amendments
        assert bool(amendments) == (handle in {"arv", "arv2", "clerk", "bor", "watch"}), handle
    view = last(room, "bor")
    assert (view.label, view.delegation, view.group, view.audience) == ("CG1 draft 1", "CG1", "CG1", "group:CG1")
    said = {"amendment": draft, "edits": [delete(room.sections[6])]}
    room.do("bor", "revise_draft", revision=1, **said)
    room.do("watch", "revise_draft", revision=2, capacity="facilitator:CG1", **said)
    assert room.code("cal", "revise_draft", revision=3, **said) == "unknown"
    proposed = room.proposed(delete(room.sections[6]))
    assert room.code("cal", "draft_amendment", group="CG1", **proposed) == "unknown"
    assert room.code("arv", "draft_amendment", group="CG9", **proposed) == "unknown"
    assert room.code("watch", "draft_amendment", capacity="facilitator:CG1", **proposed) == "not_permitted"
    room.do("watch", "draft_amendment", capacity="facilitator:CG1", group="CG1", **proposed)
    assert last(room, "arv").label == "CG1 draft 2"


def test_a_groups_text_reaches_plenary_by_its_facilitator_alone_who_then_speaks_for_it(room: Cast) -> None:
    in_a_group(room)
    draft = room.draft("arv", delete(room.sections[5]), group="CG1")
    assert room.code("bor", "clear_amendment", amendment=draft) == "not_permitted"
    report = {"group": "CG1", "amendment": draft, "sponsors": ["ARV", "BOR"], "capacity": "facilitator:CG1"}
    assert room.do("watch", "report_back", **report).made == {"amendment": draft, "label": "CG1-1"}
    assert (last(room, "cal").delegation, last(room, "cal").sponsors) == ("CG1", ["ARV", "BOR"])
    said = {"amendment": draft, "revision": 1, "edits": [delete(room.sections[6])]}
    assert room.code("arv", "revise_amendment", **said) == "not_permitted"
    assert room.code("arv", "withdraw_amendment", amendment=draft) == "not_permitted"
    room.do("watch", "revise_amendment", capacity="facilitator:CG1", **said)
    room.do("cal", "sponsor_amendment", amendment=draft)
    room.do("arv", "leave_amendment", amendment=draft)
    assert (last(room, "cal").delegation, last(room, "cal").sponsors) == ("CG1", ["BOR", "CAL"])
    refusal = room.refused("watch", "withdraw_amendment", capacity="facilitator:CG1", amendment=draft)
    assert (refusal.code, refusal.facts) == ("conflict", {"sponsors": ["BOR", "CAL"]})
    room.do("cal", "leave_amendment", amendment=draft)
    room.do("watch", "withdraw_amendment", capacity="facilitator:CG1", amendment=draft)
    assert last(room, "cal").state == "withdrawn"


def test_a_held_groups_text_is_left_once_it_is_circulated(held: Cast) -> None:
    in_a_group(held)
    draft = held.draft("arv", delete(held.sections[5]), group="CG1")
    report = {"group": "CG1", "amendment": draft, "sponsors": ["ARV", "BOR"], "capacity": "facilitator:CG1"}
    held.do("watch", "report_back", **report)
    assert held.code("arv", "leave_amendment", amendment=draft) == "amendment_closed"
    held.do("sec", "circulate_amendments", round=held.round)
    held.do("arv", "leave_amendment", amendment=draft)
    assert last(held, "cal").sponsors == ["BOR"]


def test_what_a_draft_said_before_it_was_cleared_is_nobody_elses_to_know(room: Cast) -> None:
    new = "se_" + "5" * 26
    draft = room.draft("clerk", replace(room.sections[5], "States may act."), add(room.sections[6], "A fallback.", new))
    final = {"edits": [replace(room.sections[5], "States shall act.")], "rationale": "Capital agrees."}
    room.do("arv", "revise_draft", amendment=draft, revision=1, **final)
    room.do("arv", "clear_amendment", amendment=draft)
    for handle in CAPACITIES:
        (only,) = named(room, handle, draft).revisions
        assert (only.number, only.edits[0].text, only.rationale, only.by) == (
            1,
            "States shall act.",
            "Capital agrees.",
            "arv",
        )
    for handle in ("sec", "chair", "bor"):
        told = room.snapshot(handle).model_dump_json() + "".join(e.model_dump_json() for e in room.events(handle))
        assert "States may act." not in told
        assert "A fallback." not in told
    own = "".join(event.model_dump_json() for event in room.events("arv2"))
    assert "States may act." in own, "its own side's log keeps it"
    again = {"amendment": draft, "revision": 1, "edits": [add(room.sections[6], "A fallback.", new)]}
    assert room.do("arv", "revise_amendment", **again).made["revision"] == "2", "the id is free again"
    assert room.verify().findings == []


def test_a_draft_of_an_earlier_round_is_of_the_round_in_which_it_is_tabled(room: Cast) -> None:
    draft, zero = room.draft("clerk", delete(room.sections[5])), room.version
    room.close()
    room.do("sec", "recall_version", version=room.issue(), reason="A wrong file.")
    room.version = zero
    room.clock.move(days=1)
    second = room.open(name="Second", days=9)
    room.do("arv", "clear_amendment", amendment=draft)
    assert (last(room, "cal").round, last(room, "cal").late) == (second, False)
    room.decide(room.sections[5], [draft], "incorporate")
    room.close()
    room.issue("Rev.2")
    assert last(room, "cal").state == "incorporated"
    assert room.verify().findings == []
