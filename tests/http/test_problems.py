import http.client
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from drafting.http.problems import STATUSES, refusal_of
from drafting.protocol.problems import ProblemCode
from storage.database import ConnectionLostError, DiskFull
from tests.http.hosting import Room, hosted

COMMANDS = "/api/v1/commands"
ULID = "01ARZ3NDEKTSV4RRFFQ69G5FA"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with hosted(tmp_path_factory.mktemp("small"), upload_bytes=2_000, frame_bytes=20_000) as room:
        yield room


def refused(room: Room, method: str, path: str, **request: object) -> tuple[int, str, str]:
    """Ask as ARV; give status, code and detail of the refusal."""
    with room.client("arv") as client:
        answer = client.request(method, path, **request)  # type: ignore[arg-type]
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["type"] == f"urn:drafting-room:problem:{problem['code']}"
    assert problem["title"]
    assert problem["detail"]
    return answer.status_code, problem["code"], problem["detail"]


def envelope(room: Room, **command: object) -> dict[str, object]:
    return {"id": f"{ULID}V", "command": {"capacity": "head:ARV", "document": room.document, **command}}


def test_every_code_has_a_status() -> None:
    assert set(STATUSES) == set(ProblemCode)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/nothing", 404),
        ("/api/v1", 404),
        ("/api/v1/documents/", 404),
        ("/api/v1/documents/do_00000000000000000000000000", 404),
        ("/api/v1/documents/%00", 404),
        ("/nothing.js", 404),
        ("/..%2f..%2fsecret.json", 404),
        ("/assets/%00.js", 404),
        (f"/{'a' * 5_000}.js", 404),
        ("/api/v1/documents?limit=0", 422),
        ("/api/v1/documents?limit=99999999999999999999999999", 422),
    ],
)
def test_what_is_not_there_or_cannot_be_asked_is_a_problem(room: Room, path: str, status: int) -> None:
    code = {404: "unknown", 422: "malformed"}[status]
    assert refused(room, "GET", path)[:2] == (status, code)


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/api/v1/me"), ("PUT", COMMANDS), ("GET", COMMANDS)])
def test_a_method_that_a_route_does_not_have_is_named_as_such(room: Room, method: str, path: str) -> None:
    assert refused(room, method, path)[:2] == (405, "malformed")


def test_writing_to_the_page_is_no_route(room: Room) -> None:
    assert refused(room, "POST", "/somewhere")[:2] == (404, "unknown")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"7",
        b'"text"',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"id":' * 5_000,
        b'{"a":' + b"9" * 10_000 + b"}",
        b'{"id":"\\ud800","command":{}}',
        b'{"\\ud800":1}',
        b'{"id":NaN}',
        b'{"id":"x","command":{"kind":"post_comment"}}',
    ],
)
def test_a_body_that_is_no_command_is_malformed(room: Room, body: bytes) -> None:
    status, code, _ = refused(room, "POST", COMMANDS, content=body, headers={"content-type": "application/json"})
    assert (status, code) in {(422, "malformed"), (422, "unknown_kind")}


def test_a_body_that_is_not_json_is_malformed(room: Room) -> None:
    assert refused(room, "POST", COMMANDS, content=b"kind=post_comment")[:2] == (422, "malformed")


def test_an_unknown_kind_has_a_code_of_its_own(room: Room) -> None:
    assert refused(room, "POST", COMMANDS, json=envelope(room, kind="abolish_everything"))[:2] == (422, "unknown_kind")


def test_an_unknown_kind_of_edit_is_malformed_and_its_place_is_said(room: Room) -> None:
    command = {**room.proposal("Text."), "edits": [{"op": "explode"}], "kind": "table_amendment"}
    status, code, detail = refused(room, "POST", COMMANDS, json=envelope(room, **command))
    assert (status, code) == (422, "malformed")
    assert "edits.0" in detail


def test_an_unknown_field_is_refused_and_its_value_is_not_repeated(room: Room) -> None:
    command = {"kind": "post_comment", "section": room.sections[2], "body": "Hm.", "mood": "cross and private"}
    status, code, detail = refused(room, "POST", COMMANDS, json=envelope(room, **command))
    assert (status, code) == (422, "malformed")
    assert "mood" in detail
    assert "private" not in detail


def test_a_lone_surrogate_in_a_text_is_refused(room: Room) -> None:
    command = envelope(room, kind="post_comment", section=room.sections[2], body="BODY")
    body = json.dumps(command).replace("BODY", "\\ud83d").encode()
    answer = refused(room, "POST", COMMANDS, content=body, headers={"content-type": "application/json"})
    assert answer[:2] == (422, "text_illegal")


def test_facts_for_programs_stand_beside_the_sentence(room: Room) -> None:
    command = {**room.proposal("Other words."), "kind": "table_amendment", "base": "ve_00000000000000000000000000"}
    with room.client("arv") as client:
        answer = client.post(COMMANDS, json=envelope(room, **command))
    assert answer.status_code == 409
    assert (answer.json()["code"], answer.json()["base"]) == ("stale", room.base)


def test_what_nobody_foresaw_tells_nothing_of_its_inside(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise LookupError("the inside")

    monkeypatch.setattr(room.house.executor, "execute", broken)
    command = envelope(room, kind="post_comment", section=room.sections[2], body="Hm.")
    status, code, detail = refused(room, "POST", COMMANDS, json=command)
    assert (status, code) == (500, "internal")
    assert "inside" not in detail


def test_a_full_disk_is_said(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise DiskFull("full")

    monkeypatch.setattr(room.house.executor, "execute", full)
    command = envelope(room, kind="post_comment", section=room.sections[2], body="Hm.")
    assert refused(room, "POST", COMMANDS, json=command)[:2] == (507, "storage_full")
    assert refusal_of(DiskFull("full")).code is ProblemCode.STORAGE_FULL


def test_a_database_that_went_away_asks_for_the_same_command_again() -> None:
    refusal = refusal_of(ConnectionLostError("gone"))
    assert (refusal.code, "same id" in refusal.detail) == (ProblemCode.BUSY, True)


def test_a_command_that_is_too_large_is_refused_before_it_is_read(small: Room) -> None:
    connection = http.client.HTTPConnection(small.address.removeprefix("http://"), timeout=10)
    connection.putrequest("POST", COMMANDS)
    for name, value in {**small.headers("arv"), "Content-Length": "20001"}.items():
        connection.putheader(name, value)
    connection.endheaders()  # not one byte of the body is sent
    answer = connection.getresponse()
    assert answer.status == 413
    assert json.loads(answer.read())["code"] == "too_large"
    connection.close()


def test_a_body_that_does_not_say_its_length_is_cut_where_it_becomes_too_large(small: Room) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(10_000):
            yield b" " * 1_000

    assert refused(small, "POST", COMMANDS, content=endless())[:2] == (413, "too_large")


def test_a_command_of_the_largest_size_is_read(small: Room) -> None:
    command = envelope(small, kind="post_comment", section=small.sections[2], body="a" * 15_000)
    with small.client("arv") as client:
        assert client.post(COMMANDS, json=command).status_code == 200


def test_a_repeated_command_answers_the_first_receipt_and_writes_once(room: Room) -> None:
    command = envelope(room, kind="post_comment", section=room.sections[2], body="Once.")
    command["id"] = f"{ULID}A"
    with room.client("arv") as client:
        first, second = (client.post(COMMANDS, json=command).json() for _ in range(2))
        assert first == second
        comments = client.get(f"/api/v1/documents/{room.document}/comments").json()["items"]
    assert [comment["body"] for comment in comments].count("Once.") == 1
    changed = json.loads(json.dumps(command).replace("Once.", "Twice."))
    assert refused(room, "POST", COMMANDS, json=changed)[:2] == (409, "command_id_reused")


def test_no_problem_names_a_path_of_the_machine(room: Room, tmp_path: Path) -> None:
    del tmp_path
    detail = refused(room, "GET", "/..%2f..%2fpyproject.json")[2]
    assert "/" not in detail
