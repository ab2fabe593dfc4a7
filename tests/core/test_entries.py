import pytest

from drafting.protocol.views import AmendmentView
from tests.casting import Cast, add, delete, move, replace


def only(cast: Cast, handle: str) -> AmendmentView:
    (amendment,) = cast.snapshot(handle).amendments
    return amendment


def confirmed(cast: Cast, handle: str) -> bool:
    entry = only(cast, handle).entry
    assert entry is not None
    return entry.confirmed


@pytest.mark.parametrize(("handle", "capacity"), [("notes", "note_taker"), ("sec", "secretary")])
def test_an_entry_prints_in_the_delegations_name_and_says_who_entered_it(
    room: Cast, handle: str, capacity: str
) -> None:
    room.table("arv", delete(room.sections[9]))
    room.do("arv", "withdraw_amendment", amendment=only(room, "sec").id)
    said = {"delegation": "ARV", "source": "email", "rationale": "As their mail of today says."}
    receipt = room.do(handle, "enter_amendment", **room.proposed(delete(room.sections[5])), **said)
    entered = room.snapshot("cal").amendments[-1]
    assert receipt.made == {"amendment": entered.id, "label": "ARV-2"}
    assert (entered.delegation, entered.sponsors, entered.state, entered.active) == ("ARV", ["ARV"], "tabled", True)
    assert entered.entry is not None
    assert entered.entry.model_dump() == {
        "by": handle,
        "capacity": capacity,
        "source": "email",
        "at": room.clock.at,
        "sponsors": ["ARV"],
        "confirmed": False,
    }
    event = room.events("cal")[-1]
    assert (event.kind, event.by, event.capacity) == ("amendment_entered", handle, capacity)
    assert entered.revision.by == handle


def test_nobody_else_enters_and_nobody_is_entered_who_is_not_in_the_process(room: Cast) -> None:
    said = {**room.proposed(delete(room.sections[5])), "source": "floor"}
    for handle in ("chair", "arv", "clerk", "watch"):
        assert room.code(handle, "enter_amendment", delegation="ARV", **said) == "not_permitted"
    assert room.code("notes", "enter_amendment", delegation="XYZ", **said) == "unknown"
    assert room.code("notes", "enter_amendment", delegation="ARV", sponsors=["BOR", "XYZ"], **said) == "unknown"
    assert room.code("notes", "enter_amendment", delegation="ARV", **{**said, "base": "ve_" + "0" * 26}) == "stale"
    assert room.snapshot("sec").amendments == []


def test_its_delegation_confirms_an_entry_once(room: Cast) -> None:
    entry = room.enter("notes", "ARV", delete(room.sections[5]))
    for handle, code in (("bor", "not_permitted"), ("clerk", "not_permitted"), ("notes", "not_permitted")):
        assert room.code(handle, "confirm_entry", amendment=entry) == code
    assert confirmed(room, "cal") is False
    room.do("arv2", "confirm_entry", amendment=entry)
    assert confirmed(room, "cal") is True
    assert room.code("arv", "confirm_entry", amendment=entry) == "no_change"
    own = room.table("arv", delete(room.sections[6]))
    assert room.code("arv", "confirm_entry", amendment=own) == "no_change"


def test_an_entry_is_confirmed_when_the_round_is_over_too_but_not_when_it_was_withdrawn(room: Cast) -> None:
    entry, gone = (
        room.enter("notes", "ARV", delete(room.sections[5])),
        room.enter("notes", "ARV", delete(room.sections[6])),
    )
    room.do("arv", "withdraw_amendment", amendment=gone)
    assert room.code("arv", "confirm_entry", amendment=gone) == "amendment_closed"
    room.close()
    room.decide(room.sections[5], [entry], "not_retained")
    room.issue()
    room.do("arv", "confirm_entry", amendment=entry)


def test_the_delegation_corrects_an_entry_by_revising_it_which_confirms_it(room: Cast) -> None:
    entry = room.enter("notes", "ARV", delete(room.sections[5]))
    room.do("arv", "revise_amendment", amendment=entry, revision=1, edits=[delete(room.sections[6])])
    assert confirmed(room, "cal") is True
    assert [revision.by for revision in only(room, "cal").revisions] == ["notes", "arv"]
    said = {"amendment": entry, "revision": 2, "edits": [delete(room.sections[5])]}
    assert room.code("notes", "correct_entry", **said) == "not_permitted"


def test_the_secretariat_corrects_what_it_entered_until_it_is_confirmed(room: Cast) -> None:
    entry = room.enter("notes", "ARV", delete(room.sections[5]))
    said = {"amendment": entry, "revision": 1, "edits": [delete(room.sections[6])]}
    assert room.do("sec", "correct_entry", **said).made == {"amendment": entry, "revision": "2"}
    assert room.code("notes", "correct_entry", **said) == "stale"
    assert confirmed(room, "cal") is False
    assert only(room, "cal").touches == [room.sections[6]]
    room.do("arv", "confirm_entry", amendment=entry)
    assert room.code("notes", "correct_entry", **{**said, "revision": 2}) == "not_permitted"
    own = room.table("arv", delete(room.sections[6]))
    assert room.code("notes", "correct_entry", **{**said, "amendment": own}) == "not_permitted"


def test_an_entry_that_was_decided_on_is_not_corrected_any_more(room: Cast) -> None:
    entry = room.enter("notes", "ARV", delete(room.sections[5]))
    room.decide(room.sections[5], [entry], "not_retained")
    said = {"amendment": entry, "revision": 1, "edits": [delete(room.sections[6])]}
    assert room.code("notes", "correct_entry", **said) == "amendment_closed"


def test_an_entry_past_the_deadline_or_in_a_closed_round_is_late_and_a_correction_leaves_it_as_it_is(
    room: Cast,
) -> None:
    in_time = room.enter("notes", "ARV", delete(room.sections[5]))
    room.clock.move(days=5, seconds=1)
    late = room.enter("notes", "ARV", delete(room.sections[6]))
    room.do(
        "notes", "correct_entry", amendment=in_time, revision=1, edits=[delete(room.sections[5])], rationale="Typo."
    )
    room.do("chair", "admit_amendment", amendment=late)
    room.do("notes", "correct_entry", amendment=late, revision=1, edits=[delete(room.sections[6])], rationale="Typo.")
    assert [a.late for a in room.snapshot("cal").amendments] == [False, False]


def test_an_entry_in_a_closed_round_waits_to_be_admitted_though_the_deadline_has_not_passed(room: Cast) -> None:
    room.close()
    entry = room.enter("notes", "ARV", delete(room.sections[5]))
    assert (only(room, "cal").late, only(room, "cal").active) == (True, False)
    room.do("chair", "admit_amendment", amendment=entry)
    room.do("notes", "correct_entry", amendment=entry, revision=1, edits=[delete(room.sections[6])])
    room.decide(room.sections[6], [entry], "incorporate")
    room.issue()
    proposed = room.proposed(delete(room.sections[5]))
    assert room.code("notes", "enter_amendment", **proposed, delegation="ARV", source="floor") == "round_consolidated"


def test_an_entry_in_the_name_of_several_is_theirs(room: Cast) -> None:
    entry = room.enter("notes", "ARV", delete(room.sections[5]), sponsors=["BOR", "ARV", "BOR"])
    assert only(room, "cal").sponsors == ["ARV", "BOR"]
    assert room.code("bor", "confirm_entry", amendment=entry) == "not_permitted"
    assert room.code("bor", "sponsor_amendment", amendment=entry) == "no_change"


def test_a_held_entry_is_seen_by_those_in_whose_name_it_was_made_even_by_one_that_left(held: Cast) -> None:
    entry = held.enter("notes", "ARV", delete(held.sections[5]), sponsors=["BOR"])
    assert held.snapshot("cal").amendments == []
    held.do("bor", "leave_amendment", amendment=entry)
    for handle in ("sec", "arv", "bor"):
        assert (only(held, handle).sponsors, only(held, handle).audience) == (["ARV"], "secretariat+ARV+BOR")
        assert [event.kind for event in held.events(handle)][-2:] == ["amendment_entered", "amendment_left"]
    assert held.code("bor", "sponsor_amendment", amendment=entry) == "amendment_closed"
    held.do("sec", "circulate_amendments", round=held.round)
    assert (only(held, "cal").sponsors, only(held, "cal").label) == (["ARV"], "ARV-1")


def test_an_entry_takes_every_kind_of_edit(room: Cast) -> None:
    ids = room.sections
    room.enter(
        "notes",
        "ARV",
        add(ids[3], "A new one."),
        move(ids[9], ids[10]),
        replace(ids[2], "*Recalling* the dignity of all,"),
        {"op": "split", "section": ids[5], "texts": ["States shall act.", "They shall act soon."]},
        {"op": "term", "old": "Secretariat", "new": "Registry"},
        source="word",
        placement_note="Placement to be seen.",
    )
    room.enter("notes", "BOR", {"op": "merge", "sections": [ids[5], ids[6]], "text": "States shall act and report."})
    first, second = room.snapshot("cal").amendments
    assert [edit.op for edit in first.revision.edits] == ["add", "move", "replace", "split", "term"]
    assert (first.revision.placement_note, second.revision.edits[0].op) == ("Placement to be seen.", "merge")
