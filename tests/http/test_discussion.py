"""Positions, tallies and what a closed group compiles, over HTTP."""

from typing import Any

from tests.http.hosting import Room


def got(room: Room, handle: str, path: str, **query: Any) -> Any:
    with room.client(handle) as client:
        return client.get(f"/api/v1/documents/{room.document}/{path}", params=query).json()


def test_positions_are_listed_page_by_page_and_counted_for_the_chair(room: Room) -> None:
    said = {"section": room.sections[2], "audience": "chair"}
    taken = [
        room.do("arv", "take_position", "head:ARV", stand=stand, **said).made["position"]
        for stand in ("support", "cannot_accept")
    ]
    first = got(room, "chair", "positions", limit=1)
    assert ([p["id"] for p in first["items"]], first["next"]) == (taken[:1], taken[0])
    (second,) = got(room, "arv", "positions", after=taken[0])["items"]
    assert (second["id"], second["stand"], second["replaced_by"]) == (taken[1], "cannot_accept", None)
    assert got(room, "bor", "positions") == {"items": [], "next": None}
    assert got(room, "chair", "tallies", round=room.round)["sections"] == [
        {
            "amendment": None,
            "section": room.sections[2],
            "stands": [{"stand": "cannot_accept", "count": 1, "delegations": ["ARV"]}],
        }
    ]
    assert got(room, "notes", "tallies", round=room.round)["sections"] == []
    assert got(room, "arv", "tallies", round=room.round)["code"] == "not_permitted"


def test_a_closed_group_compiles_its_own_texts(room: Room) -> None:
    room.do("chair", "found_group", "chair", code="CG1", name="Friends of OP1", members=["ARV"])
    draft = room.proposal("States shall act together.")
    label = room.do("arv", "draft_amendment", "head:ARV", group="CG1", **draft).made["label"]
    assert got(room, "arv", "compilation", group="CG1")["amendments"] == [label]
    assert label not in got(room, "arv", "compilation")["amendments"]
    assert got(room, "sec", "compilation", group="CG1")["code"] == "not_permitted"
    assert [group["code"] for group in got(room, "observer", "snapshot")["groups"]] == ["CG1"]


def test_half_a_position_is_malformed_and_the_answer_says_why(room: Room) -> None:
    command = {
        "kind": "take_position",
        "capacity": "head:ARV",
        "document": room.document,
        "section": room.sections[2],
        "stand": "reserve",
    }
    with room.client("arv") as client:
        answer = client.post("/api/v1/commands", json={"id": "0" * 26, "command": command})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    assert "says what the reservation is for" in answer.json()["detail"]
