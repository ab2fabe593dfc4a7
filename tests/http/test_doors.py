"""Every door of HTTP has a row in the policy, and lets in whom that row says and nobody else."""

from typing import Any

import httpx
import pytest

from drafting.policy import ANYBODY, DOORS, READERS
from drafting.protocol.commands import CreateProcess
from tests.http.hosting import PEOPLE, Room

HELD = {"sec": "secretary", **{handle: held[0] for handle, held in PEOPLE.items()}}
ROLES = {handle: capacity.partition(":")[0] for handle, capacity in HELD.items()}
STRANGER = "eve"


@pytest.fixture(scope="module")
def draft(room: Room) -> str:
    """The chair's working draft, which all may read."""
    return room.do("notes", "open_working_draft", "note_taker").made["draft"]


@pytest.fixture(scope="module")
def stranger(room: Room) -> str:
    """Somebody of another process, who may read nothing here."""
    founding = CreateProcess(capacity="administrator", name="Another", secretary="sec")
    other = room.house.take(room.person("sec"), founding).made["process"]
    said = {"handle": STRANGER, "name": "Eve", "capacities": ["observer"]}
    room.do("sec", "accredit_participant", "secretary", process=other, **said)
    return STRANGER


def asked(room: Room) -> dict[str, Any]:
    """Give what each door is asked with."""
    decision = {"kind": "decide_section", "document": room.document, "round": room.round}
    return {
        "version": room.base,
        "from": room.base,
        "to": room.base,
        "since": room.base,
        "round": room.round,
        "q": "States",
        "form": "clean",
        "json": {**decision, "section": room.sections[2], "amendments": [], "outcome": "redraft", "against": "0" * 32},
    }


def knock(room: Room, door: str, handle: str | None, draft: str) -> httpx.Response:
    said = asked(room)
    method, path = door.split(" ")
    path = path.replace("{document}", room.document).replace("{version}", room.base).replace("{draft}", draft)
    with room.client(handle) as client:
        if path.endswith("/imports"):
            form = {"capacity": HELD.get(handle or "", "chair"), "delegation": ""}
            return client.post(path, data=form, files={"file": ("x.docx", b"x")})
        if method == "POST":
            return client.post(path, json={**said["json"], "capacity": HELD.get(handle or "", "chair")})
        return client.get(path, params={name: value for name, value in said.items() if name != "json"})


OF_A_DOCUMENT = [door for door in DOORS if "{document}" in door]


def test_every_door_has_a_row_and_no_row_is_of_none(room: Room) -> None:
    with room.client(None) as client:
        paths = client.get("/openapi.json").raise_for_status().json()["paths"]
    assert {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods} == set(DOORS)


@pytest.mark.parametrize("door", OF_A_DOCUMENT)
def test_a_door_lets_in_whom_its_row_says(room: Room, stranger: str, draft: str, door: str) -> None:
    who = DOORS[door]
    assert knock(room, door, None, draft).status_code == 401
    strange = knock(room, door, stranger, draft)
    assert (strange.status_code, strange.json()["code"]) == (404, "unknown")
    for handle, role in ROLES.items():
        answer = knock(room, door, handle, draft)
        if who == READERS or role in who:
            assert answer.status_code not in {401, 403, 404}, (door, handle, answer.text)
        else:
            assert answer.json()["code"] == "not_permitted", (door, handle)


@pytest.mark.parametrize("door", [door for door, who in DOORS.items() if who != ANYBODY and door not in OF_A_DOCUMENT])
def test_whoever_is_not_signed_in_is_let_in_nowhere_else(room: Room, door: str) -> None:
    method, path = door.split(" ")
    path = path.replace("{process}", room.process).replace("{credential}", "0" * 32)
    with room.client(None) as client:
        assert client.request(method, path, json={}).status_code == 401
