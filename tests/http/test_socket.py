import contextlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from drafting.http import socket as door
from tests.http.hosting import Room, hosted

DEEP = '{"a":' * 3_000 + "1" + "}" * 3_000


class Line:
    """A socket as a test uses it: frames as dictionaries, presence and heartbeats left out unless asked for."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    def say(self, **frame: Any) -> None:
        self.socket.send(json.dumps(frame))

    def hear(self, *types: str, within: float = 10) -> dict[str, Any]:
        """Give the next frame of these types (any but presence and heartbeat, if none are named)."""
        until = time.monotonic() + within
        while True:
            frame: dict[str, Any] = json.loads(self.socket.recv(max(0.0, until - time.monotonic())))
            if frame["type"] in types or (not types and frame["type"] not in {"presence", "heartbeat"}):
                return frame

    def follow(self, room: Room, after: str | None = None) -> str:
        self.say(type="subscribe", document=room.document, after=after)
        cursor: str = self.hear("subscribed")["cursor"]
        return cursor


@contextmanager
def line(room: Room, handle: str) -> Iterator[Line]:
    with connect(room.socket_address(handle), max_size=None) as socket:
        yield Line(socket)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with hosted(tmp_path_factory.mktemp("small"), frame_bytes=10_000) as room:
        yield room


def post(room: Room, body: str, **more: Any) -> dict[str, Any]:
    comment = {"kind": "post_comment", "capacity": "head:ARV", "document": room.document, "section": room.sections[2]}
    return {**comment, "body": body, **more}


def new_id(room: Room) -> str:
    return room.house.mint.command(room.house.now())


def closed_with(socket: ClientConnection) -> int | None:
    """Hear everything until the other side closes; give its code."""
    with contextlib.suppress(ConnectionClosed):
        for _ in socket:
            pass
    return socket.close_code


# -- the door -------------------------------------------------------------------------------------------------------


def test_a_ticket_opens_one_socket_and_no_second(room: Room) -> None:
    address = room.socket_address("arv")
    with connect(address) as socket:
        socket.send('{"type":"ping"}')
        assert json.loads(socket.recv(10)) == {"type": "heartbeat"}
    with connect(address) as socket:
        assert closed_with(socket) == 4401


def test_a_wrong_ticket_no_ticket_and_a_token_as_a_ticket_are_not_signed_in(room: Room) -> None:
    ws = f"{room.address.replace('http', 'ws')}/ws"
    for address in (f"{ws}?ticket=wrong", ws, f"{ws}?ticket=", f"{ws}?ticket={room.granted('token', 'arv')}"):
        with connect(address) as socket:
            assert closed_with(socket) == 4401


def test_the_cookie_and_a_bearer_token_open_the_socket_too(room: Room) -> None:
    ws = f"{room.address.replace('http', 'ws')}/ws"
    for headers in (
        {"Cookie": f"drafting_session={room.granted('session', 'arv')}", "Origin": room.address},
        room.headers("arv"),
    ):
        with connect(ws, additional_headers=headers) as socket:
            socket.send('{"type":"ping"}')
            assert json.loads(socket.recv(10)) == {"type": "heartbeat"}


@pytest.mark.parametrize("origin", ["http://somewhere-else.example", "null"])
def test_a_page_of_another_site_opens_no_socket(room: Room, origin: str) -> None:
    ws = f"{room.address.replace('http', 'ws')}/ws"
    cookie = {"Cookie": f"drafting_session={room.granted('session', 'arv')}"}
    with pytest.raises(InvalidStatus) as refused, connect(ws, additional_headers={**cookie, "Origin": origin}):
        pass
    assert refused.value.response.status_code == 403


def test_there_is_no_other_socket(room: Room) -> None:
    with pytest.raises(InvalidStatus), connect(f"{room.address.replace('http', 'ws')}/somewhere"):
        pass


# -- what is said -----------------------------------------------------------------------------------------------------


def test_a_command_is_answered_by_its_id_and_a_resent_one_by_the_first_receipt(room: Room) -> None:
    id_ = new_id(room)
    with line(room, "arv") as arv:
        arv.say(type="command", id=id_, command=post(room, "By socket"))
        first = arv.hear()
    with line(room, "arv") as arv:
        arv.say(type="command", id=id_, command=post(room, "By socket"))
        assert arv.hear() == first
        arv.say(type="command", id=id_, command=post(room, "Something else"))
        assert arv.hear()["code"] == "command_id_reused"
    assert (first["type"], first["id"], first["event"]) == ("receipt", id_, "comment_posted")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("", "malformed"),
        ("{", "malformed"),
        ("[]", "malformed"),
        ("7", "malformed"),
        ('"text"', "malformed"),
        ("\x00", "malformed"),
        (DEEP, "malformed"),
        ("[" * 50_000, "malformed"),
        ('{"type":"command","id":"\\ud800","command":{}}', "malformed"),
        ('{"type":"command","id":"short","command":{}}', "malformed"),
        ('{"type":"command","command":{}}', "malformed"),
        ('{"type":"subscribe","document":7}', "malformed"),
        ('{"type":"subscribe","document":"do_1","colour":"red"}', "malformed"),
        ('{"type":"ping","n":' + "9" * 10_000 + "}", "malformed"),
        ('{"type":"abolish"}', "unknown_kind"),
        ("{}", "unknown_kind"),
    ],
)
def test_a_frame_that_cannot_be_read_is_refused_and_the_line_stays_open(room: Room, said: str, code: str) -> None:
    with line(room, "arv") as arv:
        arv.socket.send(said)
        refusal = arv.hear()
        assert (refusal["type"], refusal["code"], refusal["id"]) == ("refusal", code, None)
        arv.say(type="ping")
        arv.hear("heartbeat")


def test_a_binary_frame_is_refused_and_the_line_stays_open(room: Room) -> None:
    with line(room, "arv") as arv:
        for said in (b"\xff\x00", b'{"type":"ping"}', b""):
            arv.socket.send(said)
            assert arv.hear()["code"] == "malformed"
        arv.say(type="ping")
        arv.hear("heartbeat")


def test_a_text_frame_that_is_not_unicode_closes_the_line(room: Room) -> None:
    with line(room, "arv") as arv:
        arv.socket.send(b'"\xed\xa0\x80"', text=True)  # half a surrogate pair
        assert closed_with(arv.socket) == 1007


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ({"kind": "abolish_everything"}, "unknown_kind"),
        ({}, "unknown_kind"),
        ({"kind": "post_comment"}, "malformed"),
        ({"body": 7}, "malformed"),
        ({"body": ""}, "text_empty"),
        ({"body": "a\x00b"}, "text_illegal"),
        ({"body": "a" * 20_001}, "text_too_long"),
        ({"section": "se_00000000000000000000000000"}, "unknown_section"),
        ({"document": "do_00000000000000000000000000"}, "unknown"),
        ({"capacity": "chair"}, "capacity_not_held"),
        ({"capacity": "emperor"}, "malformed"),
        ({"target": {"quote": "q", "start": 10**30, "end": 10**31}}, "stale"),
        ({"target": {"quote": "q", "start": -1, "end": 2**63}}, "malformed"),
    ],
)
def test_a_refused_command_is_refused_by_its_id_and_the_line_stays_open(
    room: Room, command: dict[str, Any], code: str
) -> None:
    known = post(room, "Text") if set(command) & set(post(room, "Text")) or "target" in command else {}
    if command.get("kind"):
        known = {}
    with line(room, "arv") as arv:
        id_ = new_id(room)
        arv.say(type="command", id=id_, command={**known, **command})
        refusal = arv.hear()
        assert (refusal["type"], refusal["id"], refusal["code"]) == ("refusal", id_, code), refusal
        assert refusal["detail"]
        arv.say(type="command", id=id_, command=post(room, "Said better"))
        assert arv.hear()["type"] == "receipt"


def test_the_id_of_a_command_whose_frame_could_not_be_read_is_echoed(room: Room) -> None:
    with line(room, "arv") as arv:
        id_ = new_id(room)
        arv.say(type="command", id=id_, command="no object")
        refusal = arv.hear()
        assert (refusal["id"], refusal["code"]) == (id_, "malformed")


def test_something_unforeseen_is_told_and_logged_and_the_line_stays_open(
    room: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise LookupError("the inside")

    with line(room, "arv") as arv:
        with monkeypatch.context() as patched:
            patched.setattr(room.house.executor, "execute", broken)
            id_ = new_id(room)
            arv.say(type="command", id=id_, command=post(room, "Text"))
            refusal = arv.hear()
        assert (refusal["id"], refusal["code"]) == (id_, "internal")
        assert "inside" not in refusal["detail"]
        arv.say(type="command", id=id_, command=post(room, "Text"))
        assert arv.hear()["type"] == "receipt"
    assert "the inside" in caplog.text


def test_a_frame_that_is_too_large_closes_the_line(small: Room) -> None:
    with line(small, "arv") as arv:
        arv.say(type="command", id=new_id(small), command=post(small, "a" * 9_000))
        assert arv.hear()["type"] == "receipt"
        arv.say(type="command", id=new_id(small), command=post(small, "a" * 10_000))
        assert closed_with(arv.socket) == 1009


def test_a_hundred_bad_frames_in_a_row_close_the_line(room: Room) -> None:
    with line(room, "arv") as arv:
        for _ in range(99):
            arv.socket.send("nonsense")
        arv.say(type="ping")  # one good frame in between, and the count begins anew
        for _ in range(100):
            arv.socket.send("nonsense")
        refused = 0
        with contextlib.suppress(ConnectionClosed):
            for said in arv.socket:
                refused += json.loads(said)["type"] == "refusal"
        assert (arv.socket.close_code, refused) == (1008, 199)


# -- subscriptions ----------------------------------------------------------------------------------------------------


def test_a_subscription_gives_what_happens_from_its_cursor_on(room: Room) -> None:
    with line(room, "bor") as bor:
        begun = bor.follow(room)
        room.comment("arv", "First")
        room.comment("arv", "Second")
        events = [bor.hear(), bor.hear()]
    assert [event["event"]["payload"]["comment"]["body"] for event in events] == ["First", "Second"]
    assert {event["document"] for event in events} == {room.document}
    with line(room, "bor") as bor:
        assert bor.follow(room, events[0]["cursor"]) == events[0]["cursor"]
        assert bor.hear() == events[1]
    with line(room, "bor") as bor:
        bor.follow(room, begun)
        assert [bor.hear(), bor.hear()] == events


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"document": "do_00000000000000000000000000"}, "unknown"),
        ({"after": "made-up"}, "cursor_invalid"),
        ({"after": ""}, "cursor_invalid"),
    ],
)
def test_a_subscription_that_cannot_be_is_refused(room: Room, asked: dict[str, Any], code: str) -> None:
    with line(room, "arv") as arv:
        arv.say(**{"type": "subscribe", "document": room.document, **asked})
        refusal = arv.hear()
        assert (refusal["type"], refusal["code"]) == ("refusal", code)
        arv.follow(room)


def test_whoever_unsubscribes_hears_no_more(room: Room) -> None:
    with line(room, "bor") as bor:
        bor.follow(room)
        bor.say(type="unsubscribe", document=room.document)
        bor.say(type="unsubscribe", document=room.document)
        bor.say(type="ping")
        bor.hear("heartbeat")
        room.comment("arv", "Unheard")
        with pytest.raises(TimeoutError):
            bor.hear(within=0.5)


def test_subscribing_again_does_not_double_what_comes(room: Room) -> None:
    with line(room, "bor") as bor:
        for _ in range(3):
            bor.follow(room)
        room.comment("arv", "Once only")
        assert bor.hear()["event"]["payload"]["comment"]["body"] == "Once only"
        with pytest.raises(TimeoutError):
            bor.hear(within=0.5)


def test_a_socket_follows_so_many_documents_and_no_more(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "MOST_SUBSCRIPTIONS", 0)
    with line(room, "arv") as arv:
        arv.say(type="subscribe", document=room.document)
        assert arv.hear()["code"] == "busy"


def test_a_quiet_line_is_kept_alive_by_a_heartbeat(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "HEARTBEAT_SECONDS", 0.2)
    with line(room, "arv") as arv:
        for _ in range(2):
            assert arv.hear("heartbeat", within=1) == {"type": "heartbeat"}


def test_a_feed_that_breaks_closes_the_line_so_that_its_reader_comes_again(
    room: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise LookupError("the disk")

    with line(room, "arv") as arv:
        arv.follow(room)
        arv.hear("presence")
        monkeypatch.setattr("drafting.live.feed.Feed.after", broken)
        room.comment("bor", "Never sent")
        assert closed_with(arv.socket) == 1011
    assert "the disk" in caplog.text


# -- presence ---------------------------------------------------------------------------------------------------------


def present(frame: dict[str, Any]) -> dict[str, str | None]:
    return {one["handle"]: one["section"] for one in frame["present"]}


def hear_presence(someone: Line, expected: dict[str, str | None]) -> None:
    while present(frame := someone.hear("presence")) != expected:
        pass
    assert frame["present"][0]["capacities"]


def test_presence_tells_who_is_there_and_where_they_read(room: Room) -> None:
    with line(room, "arv") as arv:
        arv.follow(room)
        hear_presence(arv, {"arv": None})
        with line(room, "bor") as bor:
            bor.follow(room)
            hear_presence(arv, {"arv": None, "bor": None})
            hear_presence(bor, {"arv": None, "bor": None})
            bor.say(type="here", document=room.document, section=room.sections[1])
            hear_presence(arv, {"arv": None, "bor": room.sections[1]})
            bor.say(type="here", document=room.document)
            hear_presence(arv, {"arv": None, "bor": None})
        hear_presence(arv, {"arv": None})
