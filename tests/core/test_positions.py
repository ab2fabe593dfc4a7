"""Where delegations stand: who is told, what counts, and what the chair and the secretariat count."""

from typing import Any

import pytest
from pydantic import ValidationError

from drafting.protocol.problems import Refusal
from drafting.protocol.views import PositionView, TalliesView, TallyView
from drafting.queries.discussion import objections, tallies_for
from tests.casting import CAPACITIES, Cast, delete, replace

ARVIA = {"arv", "arv2", "clerk"}
SECRETARIAT = {"sec", "notes"}


@pytest.fixture
def proposed(room: Cast) -> str:
    """An amendment of BOR that everyone may see."""
    return room.table("bor", replace(room.sections[5], "States shall act."))


def take(cast: Cast, handle: str, stand: str = "cannot_accept", **said: Any) -> str:
    return cast.do(handle, "take_position", stand=stand, **said).made["position"]


def readers(cast: Cast, position: str) -> set[str]:
    """Say who sees the position: in their snapshot, and on their feed."""
    shown = {handle for handle in CAPACITIES if position in {p.id for p in cast.snapshot(handle).positions}}
    fed = {handle for handle in CAPACITIES if position in "".join(e.model_dump_json() for e in cast.events(handle))}
    assert shown == fed
    return shown


def shown(cast: Cast, handle: str, position: str) -> PositionView:
    return next(p for p in cast.snapshot(handle).positions if p.id == position)


def tallies(cast: Cast, handle: str) -> TalliesView:
    who = cast.reader(handle)
    return cast.house.database.read(lambda tx: tallies_for(tx, who, cast.round))


def counted(tally: TallyView) -> dict[str, list[str]]:
    assert [one.count for one in tally.stands] == [len(one.delegations) for one in tally.stands]
    return {one.stand.value: one.delegations for one in tally.stands}


def against(cast: Cast, handle: str, amendments: list[str], section: str = "") -> list[str]:
    who = cast.reader(handle)
    return cast.house.database.read(lambda tx: objections(tx, who, amendments, section))


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        ("all", set(CAPACITIES)),
        ("chair", ARVIA | {"chair"}),
        ("secretariat", ARVIA | SECRETARIAT),
        ("own", ARVIA),
    ],
)
def test_a_position_is_known_to_its_audience_and_to_nobody_else(
    room: Cast, proposed: str, audience: str, expected: set[str]
) -> None:
    assert readers(room, take(room, "arv", amendment=proposed, audience=audience)) == expected


def test_a_position_says_who_stands_where_and_why(room: Cast) -> None:
    said = {"section": room.sections[5], "reservation": "scrutiny", "note": "We await our capital."}
    position = shown(room, "bor", take(room, "arv2", "reserve", **said))
    assert position == PositionView(
        id=position.id,
        amendment=None,
        section=room.sections[5],
        delegation="ARV",
        stand="reserve",
        reservation="scrutiny",
        audience="all",
        note="We await our capital.",
        by="arv2",
        capacity="delegate:ARV",
        at=room.clock.at,
        withdrawn=False,
        replaced_by=None,
    )


@pytest.mark.parametrize(
    "said",
    [
        {"stand": "support"},
        {"stand": "support", "amendment": "am_" + "0" * 26, "section": "se_" + "0" * 26},
        {"stand": "reserve", "section": "se_" + "0" * 26},
        {"stand": "support", "reservation": "general", "section": "se_" + "0" * 26},
        {"stand": "against", "section": "se_" + "0" * 26},
        {"stand": "support", "section": "se_" + "0" * 26, "audience": "group"},
    ],
)
def test_a_position_is_on_one_thing_and_only_a_reservation_says_what_it_is_for(
    room: Cast, said: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        room.envelope("arv", "take_position", **said)


def test_a_position_is_on_what_the_text_has_and_the_delegation_may_see(held: Cast) -> None:
    assert held.code("arv", "take_position", section="se_" + "0" * 26, stand="support") == "unknown_section"
    secret = held.table("bor", delete(held.sections[5]))
    for amendment in (secret, "am_" + "0" * 26):
        assert held.code("arv", "take_position", amendment=amendment, stand="support") == "unknown"


def test_a_position_names_no_held_amendment_to_those_who_do_not_know_of_it(held: Cast) -> None:
    amendment = held.table("arv", delete(held.sections[5]))
    for audience in ("all", "chair"):
        said = {"amendment": amendment, "stand": "flexible", "audience": audience}
        assert held.code("arv", "take_position", **said) == "not_permitted"
    assert readers(held, take(held, "arv", amendment=amendment, audience="own")) == ARVIA
    assert readers(held, take(held, "arv", amendment=amendment, audience="secretariat")) == ARVIA | SECRETARIAT
    # BOR does not know of it, and would see its own position, entered by somebody who does.
    said = {"amendment": amendment, "stand": "support", "audience": "secretariat", "delegation": "BOR"}
    assert held.code("notes", "take_position", **said) == "not_permitted"
    internal = take(held, "clerk", amendment=amendment, audience="own")
    assert held.code("arv", "clear_position", position=internal, audience="all") == "not_permitted"
    held.do("sec", "circulate_amendments", round=held.round)
    assert readers(held, take(held, "arv", amendment=amendment)) == set(CAPACITIES)


def test_nobody_takes_a_position_on_what_is_not_proposed_any_more(room: Cast, proposed: str) -> None:
    room.do("bor", "withdraw_amendment", amendment=proposed)
    assert room.code("arv", "take_position", amendment=proposed, stand="support") == "amendment_closed"


def test_a_new_position_to_the_same_audience_replaces_the_old_one_which_is_kept(room: Cast, proposed: str) -> None:
    first = take(room, "arv", "cannot_accept", amendment=proposed)
    quiet = take(room, "arv", "flexible", amendment=proposed, audience="chair")
    elsewhere = take(room, "arv", "support", section=room.sections[5])
    others = take(room, "bor", "support", amendment=proposed)
    second = take(room, "arv2", "support", amendment=proposed)
    replaced = {p.id: p.replaced_by for p in room.snapshot("arv").positions}
    assert replaced == {first: second, quiet: None, elsewhere: None, others: None, second: None}
    assert room.events("bor")[-1].payload["replaced"] == first
    third = take(room, "arv", "reserve", reservation="general", amendment=proposed)
    assert [p.replaced_by for p in room.snapshot("sec").positions if p.id in {first, second}] == [second, third]


def test_a_withdrawn_position_is_kept_and_stands_no_more(room: Cast, proposed: str) -> None:
    position = take(room, "arv", amendment=proposed)
    room.do("arv2", "withdraw_position", position=position)
    assert shown(room, "bor", position).withdrawn
    assert not shown(room, "bor", position).stands
    assert room.code("arv", "withdraw_position", position=position) == "no_change"
    new = take(room, "arv", "support", amendment=proposed)
    assert shown(room, "bor", position).replaced_by is None
    assert room.code("bor", "withdraw_position", position=new) == "not_permitted"


def test_a_position_that_one_may_not_see_is_unknown_like_one_that_is_not_there(room: Cast, proposed: str) -> None:
    private = take(room, "arv", amendment=proposed, audience="chair")
    for kind, said in (("withdraw_position", {}), ("clear_position", {"audience": "all"})):
        answers = [room.refused("bor", kind, position=p, **said) for p in (private, "po_" + "0" * 26)]
        assert [a.code for a in answers] == ["unknown", "unknown"]
        assert answers[0].detail.replace(private, "P") == answers[1].detail.replace("po_" + "0" * 26, "P")


def test_a_clerks_position_is_internal_until_somebody_authorised_clears_it(room: Cast, proposed: str) -> None:
    for audience in ("all", "chair", "secretariat"):
        said = {"amendment": proposed, "stand": "support", "audience": audience}
        assert room.code("clerk", "take_position", **said) == "not_permitted"
    position = take(room, "clerk", amendment=proposed, audience="own")
    assert readers(room, position) == ARVIA
    assert room.code("clerk", "clear_position", position=position, audience="all") == "not_permitted"
    room.clock.move(hours=1)
    room.do("arv", "clear_position", position=position, audience="secretariat")
    assert readers(room, position) == ARVIA | SECRETARIAT
    cleared = shown(room, "sec", position)
    assert (cleared.by, cleared.capacity, cleared.at) == ("arv", "head:ARV", room.clock.at)
    assert "clerk" not in "".join(e.model_dump_json() for e in room.events("sec"))
    assert room.code("arv", "clear_position", position=position, audience="all") == "no_change"
    assert room.code("clerk", "withdraw_position", position=position) == "not_permitted"


def test_a_clerk_takes_back_what_is_internal(room: Cast, proposed: str) -> None:
    position = take(room, "clerk", amendment=proposed, audience="own")
    room.do("clerk", "withdraw_position", position=position)
    assert shown(room, "arv", position).withdrawn
    assert room.code("arv", "clear_position", position=position, audience="all") == "no_change"


def test_what_was_cleared_replaces_what_its_audience_knew(room: Cast, proposed: str) -> None:
    public = take(room, "arv", "flexible", amendment=proposed)
    internal = take(room, "clerk", "cannot_accept", amendment=proposed, audience="own")
    room.do("arv", "clear_position", position=internal, audience="all")
    assert [(p.id, p.replaced_by) for p in room.snapshot("bor").positions] == [(public, internal), (internal, None)]
    assert [p.id for p in room.snapshot("arv").positions] == [public, internal]


def test_a_note_taker_records_what_was_heard_in_the_delegations_name_and_says_so(room: Cast, proposed: str) -> None:
    position = take(room, "notes", amendment=proposed, delegation="ARV")
    told = shown(room, "bor", position)
    assert (told.delegation, told.by, told.capacity) == ("ARV", "notes", "note_taker")
    own = take(room, "arv", "support", amendment=proposed)
    assert shown(room, "bor", position).replaced_by == own
    assert room.code("notes", "withdraw_position", position=own) == "not_permitted"
    wrong = take(room, "notes", amendment=proposed, delegation="CAL", audience="secretariat")
    room.do("notes", "withdraw_position", position=wrong)
    assert shown(room, "cal", wrong).withdrawn


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "malformed"),
        ({"delegation": "NOR"}, "unknown"),
        ({"delegation": "ARV", "audience": "own"}, "not_permitted"),
        ({"delegation": "ARV", "audience": "chair"}, "not_permitted"),
    ],
)
def test_a_note_taker_names_a_delegation_and_records_what_is_not_secret_from_the_secretariat(
    room: Cast, said: dict[str, str], code: str
) -> None:
    assert room.code("notes", "take_position", section=room.sections[5], stand="support", **said) == code


def test_nobody_speaks_for_another_delegation(room: Cast) -> None:
    said = {"section": room.sections[5], "stand": "support"}
    assert room.code("arv", "take_position", delegation="BOR", **said) == "not_permitted"
    assert room.do("arv", "take_position", delegation="ARV", **said).event == "position_taken"


def test_who_is_also_a_delegate_is_not_the_chair_when_speaking_for_the_delegation(held: Cast) -> None:
    held.do("root", "accredit_participant", handle="bor", name="Bor", capacities=["note_taker"])
    secret = held.table("arv", delete(held.sections[5]))
    # The person may see it as a note-taker, the head of BOR may not.
    assert held.code("bor", "take_position", amendment=secret, stand="support", audience="own") == "unknown"


def test_positions_are_taken_while_a_round_is_open_or_closed(cast: Cast) -> None:
    cast.take_in()
    said = {"section": cast.sections[5], "stand": "support"}
    assert cast.code("arv", "take_position", **said) == "round_closed"
    cast.open()
    position = take(cast, "arv", "support", section=cast.sections[5])
    cast.close()
    take(cast, "bor", "support", section=cast.sections[5])
    cast.issue()
    assert cast.code("cal", "take_position", **said) == "round_consolidated"
    assert cast.code("arv", "withdraw_position", position=position) == "round_consolidated"
    cast.open(name="Second round")
    cast.do("arv", "withdraw_position", position=position)


def test_the_chair_and_the_secretariat_count_what_each_of_them_may_know(room: Cast, proposed: str) -> None:
    one = room.sections[6]
    take(room, "arv", "cannot_accept", amendment=proposed, audience="chair")
    take(room, "bor", "support", amendment=proposed)
    take(room, "cal", "support", amendment=proposed, audience="secretariat")
    take(room, "cal", "reserve", reservation="general", section=one)
    take(room, "arv", "cannot_accept", section=one, audience="own")
    assert [counted(tally) for tally in tallies(room, "chair").amendments] == [
        {"support": ["BOR"], "cannot_accept": ["ARV"]}
    ]
    for handle in ("sec", "notes"):
        told = tallies(room, handle)
        assert [counted(tally) for tally in told.amendments] == [{"support": ["BOR", "CAL"]}]
        assert [(tally.section, counted(tally)) for tally in told.sections] == [(one, {"reserve": ["CAL"]})]
    assert [tally.amendment for tally in told.amendments] == [proposed]


@pytest.mark.parametrize("handle", ["arv", "clerk", "watch"])
def test_nobody_else_is_given_tallies(room: Cast, handle: str) -> None:
    with pytest.raises(Refusal) as refusal:
        tallies(room, handle)
    assert refusal.value.code == "not_permitted"


def test_a_delegation_is_counted_once_where_it_stands_now(room: Cast, proposed: str) -> None:
    take(room, "arv", "support", amendment=proposed, audience="all")
    assert [counted(tally) for tally in tallies(room, "chair").amendments] == [{"support": ["ARV"]}]
    frank = take(room, "arv", "cannot_accept", amendment=proposed, audience="chair")
    assert [counted(tally) for tally in tallies(room, "chair").amendments] == [{"cannot_accept": ["ARV"]}]
    assert [counted(tally) for tally in tallies(room, "sec").amendments] == [{"support": ["ARV"]}]
    room.do("arv", "withdraw_position", position=frank)
    assert [counted(tally) for tally in tallies(room, "chair").amendments] == [{"support": ["ARV"]}]


def test_what_somebody_at_the_desk_knows_as_a_delegate_is_not_counted(room: Cast, proposed: str) -> None:
    room.do("root", "accredit_participant", handle="chair", name="Chair", capacities=["head:ARV"])
    take(room, "arv", "cannot_accept", amendment=proposed, audience="secretariat")
    take(room, "arv", "cannot_accept", amendment=proposed, audience="own")
    assert tallies(room, "chair").amendments == []
    assert against(room, "chair", [proposed]) == []


def test_objections_are_of_those_who_cannot_accept_or_reserve_on_any_of_it(room: Cast, proposed: str) -> None:
    one = room.sections[5]
    other = room.table("cal", delete(one))
    assert against(room, "sec", [proposed, other], one) == []
    take(room, "cal", "cannot_accept", amendment=proposed)
    take(room, "bor", "reserve", reservation="placement", section=one)
    take(room, "arv", "flexible", amendment=other)
    take(room, "arv", "cannot_accept", section=room.sections[6])
    assert against(room, "sec", [proposed, other], one) == ["BOR", "CAL"]
    assert against(room, "sec", [proposed]) == ["CAL"]
    assert against(room, "sec", [other], one) == ["BOR"]
    assert against(room, "sec", [other]) == []


@pytest.mark.parametrize("stand", ["support", "flexible", "retain"])
def test_an_objection_is_cleared_by_what_is_said_later(room: Cast, proposed: str, stand: str) -> None:
    first = take(room, "arv", "cannot_accept", amendment=proposed)
    take(room, "arv", stand, amendment=proposed)
    assert against(room, "sec", [proposed]) == []
    assert shown(room, "sec", first).replaced_by is not None


def test_objections_are_those_that_who_asks_may_know_of(room: Cast, proposed: str) -> None:
    take(room, "arv", "cannot_accept", amendment=proposed, audience="chair")
    take(room, "bor", "cannot_accept", amendment=proposed, audience="secretariat")
    take(room, "cal", "cannot_accept", amendment=proposed)
    assert against(room, "chair", [proposed]) == ["ARV", "CAL"]
    assert against(room, "sec", [proposed]) == ["BOR", "CAL"]
    assert against(room, "watch", [proposed]) == ["CAL"]


def test_an_objection_outlives_its_round(room: Cast) -> None:
    one = room.sections[5]
    take(room, "arv", "reserve", reservation="general", section=one)
    room.close()
    room.issue()
    room.open(name="Second round")
    assert against(room, "sec", [], one) == ["ARV"]
    assert [(tally.section, counted(tally)) for tally in tallies(room, "sec").sections] == [(one, {"reserve": ["ARV"]})]
