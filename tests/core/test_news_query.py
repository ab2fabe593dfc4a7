"""What changed since a version, and what of it touches a delegation."""

import pytest

from drafting.protocol.problems import Refusal
from drafting.protocol.searching import TouchedView
from drafting.queries.news import news
from tests.casting import Cast, replace
from tests.core.test_desk import BASE


def told(room: Cast, handle: str, since: str, delegation: str | None) -> dict[str, TouchedView]:
    who = room.reader(handle)
    view = room.house.database.read(lambda tx: news(tx, who, since, delegation)).view()
    return {touched.change.section: touched for touched in view.changes}


def two_rounds(room: Cast) -> str:
    """Bring ARV's words into OP1, then have BOR change one of them and OP3; gives the version between."""
    one, other = room.sections[5], room.sections[9]
    room.decide(one, [room.table("arv", replace(one, BASE.replace("appropriate", "all necessary")))], "incorporate")
    room.close()
    between = room.issue()
    room.clock.move(days=1)
    room.open(name="Second")
    first = room.table("bor", replace(one, BASE.replace("appropriate", "all feasible")))
    second = room.table("bor", replace(other, "States shall ask for assistance."))
    third = room.table("cal", replace(room.sections[6], "States shall report."))
    room.do("cal", "take_position", section=other, stand="reserve", reservation="general", audience="own")
    for amendment, section in ((first, one), (second, other), (third, room.sections[6])):
        room.decide(section, [amendment], "incorporate")
    room.close()
    room.issue("Rev.2")
    return between


def test_a_change_of_words_that_we_brought_in_touches_us(room: Cast) -> None:
    between = two_rounds(room)
    ours = told(room, "arv", between, "ARV")
    assert {section for section, touched in ours.items() if touched.words} == {room.sections[5]}
    assert set(ours) == {room.sections[5], room.sections[9], room.sections[6]}, "all changes are told"


def test_our_amendments_and_positions_in_a_section_count(room: Cast) -> None:
    between = two_rounds(room)
    assert {s: touched.amendments for s, touched in told(room, "bor", between, "BOR").items()} == {
        room.sections[5]: ["BOR-1"],
        room.sections[9]: ["BOR-2"],
        room.sections[6]: [],
    }
    assert [s for s, touched in told(room, "cal", between, "CAL").items() if touched.position] == [room.sections[9]]


def test_who_acts_for_nobody_is_told_the_changes_alone(room: Cast) -> None:
    between = two_rounds(room)
    assert not any(touched.ours for touched in told(room, "watch", between, None).values())
    with pytest.raises(Refusal, match="is for that delegation to see"):
        told(room, "bor", between, "ARV")
