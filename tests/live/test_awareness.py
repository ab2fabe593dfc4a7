import json
from typing import Any

import pytest

from drafting.live.awareness import MOST_CLIENTS, Roll, Speaker
from drafting.live.wire import State
from drafting.protocol.problems import ProblemCode, Refusal

ARV = Speaker(1, "pa_arv", {"handle": "arv", "name": "Arv"}, points=False)
ARV_AGAIN = Speaker(3, "pa_arv", {"handle": "arv", "name": "Arv"}, points=False)
BOR = Speaker(2, "pa_bor", {"handle": "bor", "name": "Bor"}, points=False)
NOTES = Speaker(4, "pa_notes", {"handle": "notes", "name": "Notes"}, points=True)
GONE = "null"
pytestmark = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)


def says(roll: Roll, who: Speaker, client: int, clock: int, **fields: Any) -> tuple[State, ...]:
    return roll.hear(who, [State(client, clock, json.dumps(fields))])


def told(roll: Roll, client: int, *, named: bool = True) -> tuple[int, Any]:
    (state,) = roll.told([client], named=named)
    return state.clock, json.loads(state.json)


def test_what_a_client_says_is_told_with_who_it_is() -> None:
    roll = Roll()
    says(roll, ARV, 7, 1, cursor={"anchor": 3}, section="se_1", typing=True)
    assert told(roll, 7) == (
        1,
        {"cursor": {"anchor": 3}, "section": "se_1", "typing": True, "user": {"handle": "arv", "name": "Arv"}},
    )
    assert roll.news() == {7}
    assert roll.news() == set()


def test_nobody_says_who_they_are_themselves() -> None:
    roll = Roll()
    says(roll, ARV, 7, 1, user={"handle": "chair", "name": "The Chair"})
    assert told(roll, 7) == (1, {"user": {"handle": "arv", "name": "Arv"}})


def test_those_who_are_not_told_names_get_no_user() -> None:
    roll = Roll()
    says(roll, ARV, 7, 1, section="se_1", user={"name": "Arv"})
    assert told(roll, 7, named=False) == (1, {"section": "se_1"})


def test_only_who_points_shows_the_room_where_it_is() -> None:
    roll = Roll()
    says(roll, ARV, 7, 1, reading="se_1")
    says(roll, NOTES, 8, 1, reading="se_2")
    assert "reading" not in told(roll, 7)[1]
    assert told(roll, 8)[1]["reading"] == "se_2"


def test_what_others_repeat_of_a_client_is_passed_over() -> None:
    roll = Roll()
    says(roll, ARV, 7, 5, section="se_1")
    says(roll, BOR, 7, 6, section="se_9")
    roll.hear(BOR, [State(7, 9, GONE)])
    assert told(roll, 7)[1]["section"] == "se_1"
    roll.leave(ARV.line)
    says(roll, BOR, 7, 5, section="se_1")
    assert told(roll, 7)[1] is None


def test_an_echo_at_another_line_of_the_same_person_changes_nothing() -> None:
    roll = Roll()
    says(roll, ARV, 7, 5, section="se_1")
    says(roll, ARV_AGAIN, 9, 1, section="se_2")
    says(roll, ARV_AGAIN, 7, 5, section="se_3")
    roll.leave(ARV_AGAIN.line)
    assert told(roll, 7)[1]["section"] == "se_1"
    assert told(roll, 9)[1] is None


def test_older_words_change_nothing() -> None:
    roll = Roll()
    says(roll, ARV, 7, 5, section="se_1")
    says(roll, ARV, 7, 4, section="se_2")
    assert told(roll, 7) == (5, {"section": "se_1", "user": ARV.user})


def test_whoever_leaves_is_said_to_have_gone_with_the_next_clock() -> None:
    roll = Roll()
    says(roll, ARV, 7, 5, section="se_1")
    roll.news()
    roll.leave(ARV.line)
    assert roll.news() == {7}
    assert told(roll, 7) == (6, None)
    assert roll.told(named=True) == ()


def test_whoever_spoke_more_than_once_goes_with_their_line_too() -> None:
    roll = Roll()
    for clock in (1, 2, 3):
        says(roll, ARV, 7, clock, section="se_1")
    roll.leave(ARV.line)
    assert told(roll, 7) == (4, None)
    assert roll.told(named=True) == ()


def test_a_client_may_say_itself_that_it_goes_with_the_clock_it_had() -> None:
    roll = Roll()
    says(roll, ARV, 7, 5, section="se_1")
    roll.hear(ARV, [State(7, 5, GONE)])
    assert told(roll, 7) == (6, None)


def test_who_comes_again_is_seen_at_once_though_their_clock_stood_still() -> None:
    roll = Roll()
    says(roll, ARV, 7, 5, section="se_1")
    roll.leave(ARV.line)
    answer = says(roll, ARV_AGAIN, 7, 5, section="se_1")
    # The others have heard that it went at 6: for them it is back at 7. It counts on from there itself, since a stock
    # client that is told at 6 that it has gone takes the next number.
    assert told(roll, 7)[0] == 7
    assert answer == (State(7, 6, GONE),)
    says(roll, ARV_AGAIN, 7, 8, section="se_2")
    assert told(roll, 7) == (8, {"section": "se_2", "user": ARV.user})


def test_a_line_that_was_lost_unnoticed_takes_nothing_from_the_one_that_followed() -> None:
    roll = Roll()
    says(roll, ARV, 7, 5, section="se_1")
    says(roll, ARV_AGAIN, 7, 5, section="se_1")
    roll.leave(ARV.line)
    assert told(roll, 7)[1] is not None


def test_what_is_too_long_or_too_many_is_not_passed_on() -> None:
    roll = Roll()
    says(roll, ARV, 7, 1, section="x" * 3_000)
    assert roll.told(named=True) == ()
    for client in range(10):
        says(roll, ARV, client, 1)
    assert len(roll.told(named=True)) == MOST_CLIENTS


@pytest.mark.parametrize("said", ["", "{", "[]", "3", '"arv"', '{"a":NaN}', "[" * 1_900])
def test_what_is_no_json_object_is_malformed(said: str) -> None:
    roll = Roll()
    with pytest.raises(Refusal) as refused:
        roll.hear(ARV, [State(7, 1, said)])
    assert refused.value.code is ProblemCode.MALFORMED
    assert roll.told(named=True) == ()
