"""Amendments asked for by state, by who holds them, by round."""

from typing import Any

import pytest

from tests.http.hosting import Room


def labels(room: Room, query: dict[str, Any]) -> list[str]:
    with room.client("arv") as client:
        answer = client.get(f"/api/v1/documents/{room.document}/amendments", params=query)
    return [item["label"] for item in answer.raise_for_status().json()["items"]]


@pytest.fixture(scope="module")
def several(room: Room) -> Room:
    room.table("arv", "States shall act.")
    joint = room.table("bor", "States may act.").made["amendment"]
    room.do("cal", "sponsor_amendment", "delegate:CAL", amendment=joint)
    gone = room.table("arv", "States act.").made["amendment"]
    room.do("arv", "withdraw_amendment", "head:ARV", amendment=gone)
    room.do("arv", "draft_amendment", "head:ARV", **room.proposal("States shall act at once."))
    return room


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["ARV-1", "BOR-1", "ARV-2", "ARV draft 1"]),
        ({"state": "tabled"}, ["ARV-1", "BOR-1"]),
        ({"state": ["withdrawn", "internal"]}, ["ARV-2", "ARV draft 1"]),
        ({"delegation": "CAL"}, ["BOR-1"]),
        ({"delegation": ["CAL", "ARV"], "state": "tabled"}, ["ARV-1", "BOR-1"]),
        ({"delegation": "XYZ"}, []),
        ({"round": "ro_0"}, []),
        ({"state": "internal", "limit": 1}, ["ARV draft 1"]),
    ],
)
def test_a_filter_leaves_what_is_one_of_each(several: Room, query: dict[str, Any], expected: list[str]) -> None:
    assert labels(several, query) == expected


def test_those_of_one_round_or_of_several_are_asked_for_by_its_id(several: Room) -> None:
    assert labels(several, {"round": several.round, "state": "withdrawn"}) == ["ARV-2"]
    assert labels(several, {"round": ["ro_0", several.round], "delegation": "BOR"}) == ["BOR-1"]


def test_pages_are_of_what_fits(several: Room) -> None:
    with several.client("arv") as client:
        path = f"/api/v1/documents/{several.document}/amendments"
        first = client.get(path, params={"state": "tabled", "limit": 1}).json()
        rest = client.get(path, params={"state": "tabled", "limit": 1, "after": first["next"]}).json()
    assert ([one["label"] for one in first["items"]], [one["label"] for one in rest["items"]]) == (["ARV-1"], ["BOR-1"])
    assert rest["next"] is None


def test_a_state_that_is_none_is_malformed(several: Room) -> None:
    with several.client("arv") as client:
        answer = client.get(f"/api/v1/documents/{several.document}/amendments", params={"state": "lost"})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
