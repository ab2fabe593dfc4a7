import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from websockets.sync.client import connect

from tests.http.hosting import Room

FOREIGN = "http://somewhere-else.example"


def test_a_person_is_told_who_they_are_and_what_they_may_act_as(room: Room) -> None:
    with room.client("arv") as client:
        assert client.get("/api/v1/me").json() == {
            "handle": "arv",
            "name": "Arv",
            "capacities": {room.process: ["head:ARV"]},
        }


def test_processes_come_with_their_delegations_in_protocol_order(room: Room) -> None:
    with room.client("notes") as client:
        page = client.get("/api/v1/processes").json()
    assert page["next"] is None
    (process,) = page["items"]
    assert (process["id"], process["name"], process["capacities"]) == (room.process, "Process", ["note_taker"])
    assert [delegation["code"] for delegation in process["delegations"]] == ["ARV", "BOR", "CAL"]
    assert process["delegations"][1]["names"] == {"en": {"short": "Borland", "formal": "Republic of Borland"}}


def test_whoever_shows_nothing_or_something_made_up_is_not_signed_in(room: Room) -> None:
    shown = (
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer made-up"},
        {"Authorization": "Basic YXJ2OmFydg=="},
        {"Cookie": "drafting_session=made-up"},
        {"Authorization": f"Bearer {room.granted('ticket', 'arv')}"},
        {"Cookie": f"drafting_session={room.granted('token', 'arv')}"},
    )
    with room.client(None) as client:
        for headers in shown:
            answer = client.get("/api/v1/me", headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in"), headers
            assert answer.headers["www-authenticate"] == "Bearer"


def test_a_ticket_lives_half_a_minute(room: Room) -> None:
    before = datetime.now(UTC)
    with room.client("arv") as client:
        ticket = client.post("/api/v1/tickets").json()
    left = datetime.fromisoformat(ticket["expires_at"]) - before
    assert timedelta(seconds=29) < left < timedelta(seconds=35)
    assert len(ticket["ticket"]) >= 40


def test_a_sign_in_code_works_once_and_its_cookie_is_for_the_server_alone(room: Room) -> None:
    code = room.granted("sign_in", "bor")
    with httpx.Client(base_url=room.address) as browser:
        answer = browser.post("/api/v1/sessions", json={"code": code}, headers={"Origin": room.address})
        assert answer.json()["handle"] == "bor"
        cookie = answer.headers["set-cookie"]
        assert re.search("HttpOnly", cookie, re.IGNORECASE)
        assert re.search("SameSite=strict", cookie, re.IGNORECASE)
        assert "Secure" not in cookie  # the address is http
        assert browser.get("/api/v1/me").json()["handle"] == "bor"
        again = browser.post("/api/v1/sessions", json={"code": code})
        assert (again.status_code, again.json()["code"]) == (401, "not_signed_in")


def test_of_many_who_use_a_code_at_once_one_gets_in(room: Room) -> None:
    code = room.granted("sign_in", "bor")

    def sign_in(_: int) -> int:
        return httpx.post(f"{room.address}/api/v1/sessions", json={"code": code}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(sign_in, range(8))) == [200, *[401] * 7]


def test_signing_out_ends_the_session_for_good(room: Room) -> None:
    session = room.granted("session", "cal")
    with httpx.Client(base_url=room.address, cookies={"drafting_session": session}) as browser:
        assert browser.get("/api/v1/me").status_code == 200
        assert browser.delete("/api/v1/sessions").status_code == 204
    assert httpx.get(f"{room.address}/api/v1/me", cookies={"drafting_session": session}).status_code == 401


def test_a_page_of_another_site_cannot_act_with_the_cookie(room: Room) -> None:
    cookies = {"drafting_session": room.granted("session", "arv")}
    with httpx.Client(base_url=room.address, cookies=cookies) as browser:
        for origin in (FOREIGN, "null", "http://[", f"{room.address}.example"):
            answer = browser.post("/api/v1/tickets", headers={"Origin": origin})
            assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted"), origin
        assert browser.post("/api/v1/tickets", headers={"Origin": room.address}).status_code == 200
        assert browser.post("/api/v1/tickets").status_code == 200


def test_a_page_of_another_site_cannot_sign_its_visitor_in(room: Room) -> None:
    code = room.granted("sign_in", "arv")
    answer = httpx.post(f"{room.address}/api/v1/sessions", json={"code": code}, headers={"Origin": FOREIGN})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
    assert httpx.post(f"{room.address}/api/v1/sessions", json={"code": code}).status_code == 200


def test_a_ticket_is_cut_off_from_what_the_server_logs(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "uvicorn.error")
    address = room.socket_address("arv")
    with connect(address) as socket:
        socket.send('{"type":"ping"}')
        socket.recv(10)
    assert '"WebSocket /ws" [accepted]' in caplog.text
    assert address.partition("=")[2] not in caplog.text
