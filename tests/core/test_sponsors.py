from drafting.protocol.views import AmendmentView
from drafting.queries.compilation import compilation
from tests.casting import Cast, delete, replace


def only(cast: Cast, handle: str = "watch") -> AmendmentView:
    (amendment,) = cast.snapshot(handle).amendments
    return amendment


def test_a_delegation_joins_an_amendment_by_its_own_act(room: Cast) -> None:
    amendment = room.table("arv", delete(room.sections[5]))
    room.do("bor", "sponsor_amendment", amendment=amendment)
    room.close()
    room.do("cal", "sponsor_amendment", amendment=amendment)
    assert (only(room).sponsors, only(room).delegation, only(room).label) == (["ARV", "BOR", "CAL"], "ARV", "ARV-1")
    event = room.events("watch")[-1]
    assert (event.stream, event.kind, event.capacity) == ("all", "amendment_sponsored", "head:CAL")
    assert event.payload["sponsors"] == ["ARV", "BOR", "CAL"]
    assert room.code("bor", "sponsor_amendment", amendment=amendment) == "no_change"
    for handle in ("sec", "notes", "chair", "watch", "clerk"):
        assert room.code(handle, "sponsor_amendment", amendment=amendment) == "not_permitted"


def test_a_held_amendment_is_joined_by_nobody(held: Cast) -> None:
    amendment = held.table("arv", delete(held.sections[5]))
    assert held.code("bor", "sponsor_amendment", amendment=amendment) == "unknown"
    assert held.code("arv2", "sponsor_amendment", amendment=amendment) == "no_change"
    held.do("sec", "circulate_amendments", round=held.round)
    held.do("bor", "sponsor_amendment", amendment=amendment)


def test_only_the_one_that_speaks_for_it_revises_and_the_sponsors_stay(room: Cast) -> None:
    amendment = room.table("arv", delete(room.sections[5]))
    room.do("bor", "sponsor_amendment", amendment=amendment)
    said = {"amendment": amendment, "revision": 1, "edits": [delete(room.sections[6])]}
    assert room.code("bor", "revise_amendment", **said) == "not_permitted"
    assert room.code("bor", "withdraw_amendment", amendment=amendment) == "not_permitted"
    room.do("arv", "revise_amendment", **said)
    assert only(room).sponsors == ["ARV", "BOR"]


def test_when_the_first_leaves_the_next_maintains_it_under_the_old_label(room: Cast) -> None:
    amendment = room.table("arv", delete(room.sections[5]))
    room.do("bor", "sponsor_amendment", amendment=amendment)
    room.do("arv", "leave_amendment", amendment=amendment)
    assert (only(room).label, only(room).delegation, only(room).sponsors) == ("ARV-1", "BOR", ["BOR"])
    assert room.events("watch")[-1].payload["sponsors"] == ["BOR"]
    said = {"amendment": amendment, "revision": 1, "edits": [delete(room.sections[6])]}
    assert room.code("arv", "revise_amendment", **said) == "not_permitted"
    room.do("bor", "revise_amendment", **said)
    assert room.do("arv", "table_amendment", **room.proposed(delete(room.sections[9]))).made["label"] == "ARV-2"
    assert room.do("bor", "table_amendment", **room.proposed(delete(room.sections[9]))).made["label"] == "BOR-1"


def test_one_in_the_middle_leaves_and_the_order_stays(room: Cast) -> None:
    amendment = room.table("arv", delete(room.sections[5]))
    room.do("bor", "sponsor_amendment", amendment=amendment)
    room.do("cal", "sponsor_amendment", amendment=amendment)
    room.do("bor", "leave_amendment", amendment=amendment)
    assert only(room).sponsors == ["ARV", "CAL"]
    assert room.code("bor", "leave_amendment", amendment=amendment) == "no_change"


def test_the_last_one_withdraws_and_nobody_takes_from_others_what_they_hold(room: Cast) -> None:
    amendment = room.table("arv", delete(room.sections[5]))
    assert room.code("arv", "leave_amendment", amendment=amendment) == "conflict"
    room.do("bor", "sponsor_amendment", amendment=amendment)
    refusal = room.refused("arv", "withdraw_amendment", amendment=amendment)
    assert (refusal.code, refusal.facts) == ("conflict", {"sponsors": ["ARV", "BOR"]})
    assert "BOR would lose ARV-1" in refusal.detail
    room.do("arv", "leave_amendment", amendment=amendment)
    room.do("bor", "withdraw_amendment", amendment=amendment)
    assert only(room).state == "withdrawn"
    for handle, kind in (("cal", "sponsor_amendment"), ("bor", "leave_amendment")):
        assert room.code(handle, kind, amendment=amendment) == "amendment_closed"


def test_nobody_joins_or_leaves_once_the_desk_has_decided(room: Cast) -> None:
    amendment = room.table("arv", delete(room.sections[5]))
    room.do("bor", "sponsor_amendment", amendment=amendment)
    room.decide(room.sections[5], [amendment], "incorporate")
    assert room.code("cal", "sponsor_amendment", amendment=amendment) == "amendment_closed"
    assert room.code("bor", "leave_amendment", amendment=amendment) == "amendment_closed"


def test_one_who_speaks_for_two_delegations_acts_for_the_one_that_the_capacity_names(room: Cast) -> None:
    room.do("sec", "accredit_participant", handle="arv", name="Arv", capacities=["head:CAL"])
    amendment = room.table("bor", delete(room.sections[5]))
    room.do("arv", "sponsor_amendment", amendment=amendment, capacity="head:CAL")
    assert only(room).sponsors == ["BOR", "CAL"]


def test_the_compilation_says_all_who_hold_a_wording(room: Cast) -> None:
    one = room.sections[5]
    first = room.table("arv", replace(one, "States shall take all measures to protect migrants in transit."))
    room.table("cal", replace(one, "States shall take all measures to protect migrants in transit."))
    room.do("bor", "sponsor_amendment", amendment=first)
    who = room.reader("watch")
    section = room.house.database.read(lambda tx: compilation(tx, who, None)).sections[5]
    (passage,) = [piece for piece in section.pieces if not isinstance(piece, str)]
    (wording,) = passage.wordings
    assert (wording.text, wording.amendments, wording.delegations) == ("all", ["ARV-1", "CAL-1"], ["ARV", "BOR", "CAL"])
