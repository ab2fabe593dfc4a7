"""The pure line: frames in, events and answers out, wherever a connection is cut."""

import json
from collections import deque
from dataclasses import dataclass, field
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.protocol.commands import PostComment, Receipt
from drafting.protocol.events import EventView
from drafting_client.errors import Refused, Unreachable
from drafting_client.ids import mint
from drafting_client.line import Answered, Halted, Happened, Line, Outcome, Place, Running

DOCUMENT = "do_01JD0000000000000000000000"
SECTION = "se_01JD0000000000000000000000"
STREAMS = ("all", "delegation:ARV", "secretariat")
BODIES = ("Bring back *recalling*.", "Вернуть слово «напоминая».", "نُذَكِّرُ بِالنَّصِّ", "de\u0301ja\u0300 vu 🕊", "no")
REFUSED = "no"


def comment(body: str) -> PostComment:
    return PostComment(capacity="head:ARV", document=DOCUMENT, section=SECTION, body=body)


@dataclass
class Server:
    """A room as the contract has it, with one connection at a time; cursors are salted, so that no two are equal."""

    salt: count = field(default_factory=count)
    log: list[tuple[str, int]] = field(default_factory=list)
    receipts: dict[str, dict[str, object]] = field(default_factory=dict)
    down: deque[str] = field(default_factory=deque)
    sent: int | None = None
    snapshot_at: int = 0

    def cursor(self, number: int) -> str:
        return f"{number}~{next(self.salt)}"

    def happen(self, stream: str) -> None:
        self.log.append((stream, sum(s == stream for s, _ in self.log) + 1))
        self.push()

    def push(self) -> None:
        while self.sent is not None and self.sent < len(self.log):
            stream, seq = self.log[self.sent]
            self.sent += 1
            event = {"stream": stream, "seq": seq, "kind": "later_kind", "by": "arv", "capacity": "head:ARV"}
            event |= {"at": "2026-11-28T14:55:00Z", "payload": {"number": self.sent}, "mood": "unknown to us"}
            self.say(type="event", document=DOCUMENT, cursor=self.cursor(self.sent), event=event)

    def say(self, **frame: object) -> None:
        self.down.append(json.dumps(frame | {"later_field": 1}))

    def hear(self, text: str, overlap: int) -> None:
        frame = json.loads(text)
        if frame["type"] == "subscribe":
            self.sent = max(self.snapshot_at, int(frame["after"].split("~")[0]) - overlap)
            self.say(type="subscribed", document=DOCUMENT, cursor=self.cursor(self.sent))
            self.push()
        elif frame["command"]["body"] == REFUSED:
            self.say(type="refusal", id=frame["id"], code="round_closed", detail="The round is closed.", facts={"n": 1})
        else:
            self.answer(frame["id"])

    def answer(self, command_id: str) -> None:
        if command_id not in self.receipts:
            self.happen("all")
            receipt = {"kind": "post_comment", "event": "comment_posted", "at": "2026-11-28T14:55:00Z", "made": {}}
            self.receipts[command_id] = receipt | {"cursor": self.cursor(len(self.log))}
        self.say(type="receipt", id=command_id, **self.receipts[command_id])

    def reset(self) -> None:
        if self.sent is not None:
            self.say(type="reset", document=DOCUMENT)
            self.sent = None

    def cut(self) -> None:
        self.down.clear()
        self.sent = None


class Meeting:
    """A line and a server, joined by a connection that is cut at will."""

    def __init__(self) -> None:
        self.server = Server()
        self.place = Place(self.server.cursor(0))
        self.line = Line(DOCUMENT, self.place)
        self.connected = False
        self.covered: list[int] = []
        self.given: dict[str, str] = {}
        self.answers: dict[str, list[Receipt | Refused]] = {}

    def connect(self) -> None:
        if self.connected:
            return
        if self.place.lost:
            now = self.server.snapshot_at = len(self.server.log)
            self.covered += range(len(self.covered) + 1, now + 1)
            self.place.find(self.server.cursor(now))
        self.connected = True
        self.line.opened()

    def cut(self) -> None:
        self.connected = False
        self.line.closed()
        self.server.cut()

    def command(self, body: str) -> None:
        command_id = mint()
        self.given[command_id] = body
        self.answers[command_id] = []
        self.line.command(command_id, comment(body))

    def up(self, overlap: int = 0) -> None:
        """Let the server hear a frame; it may begin a feed earlier than asked, though not before the snapshot."""
        if self.line.outbox:
            self.server.hear(self.line.outbox.popleft(), overlap)

    def down(self, frames: int = 1) -> None:
        for _ in range(frames):
            if not self.connected or not self.server.down:
                return
            self.take(self.line.received(self.server.down.popleft()))

    def take(self, outcome: Outcome | None) -> None:
        match outcome:
            case Happened(cursor, event):
                assert cursor == self.place.cursor
                self.covered.append(event.payload["number"])
            case Answered(command_id, answer):
                self.answers[command_id].append(answer)
            case Halted(reason):
                assert reason is None
                self.cut()

    def settle(self) -> None:
        self.cut()
        while not self.connected or self.line.outbox or self.server.down:
            self.connect()
            self.up(overlap=1)
            self.down()


STEPS = st.one_of(
    st.tuples(st.just("happen"), st.sampled_from(STREAMS)),
    st.tuples(st.just("command"), st.sampled_from(BODIES)),
    st.tuples(st.just("up"), st.integers(0, 2)),
    st.tuples(st.just("down"), st.integers(1, 6)),
    st.sampled_from([("connect",), ("connect",), ("cut",), ("reset",)]),
)


@settings(max_examples=250, deadline=None)
@given(st.lists(STEPS, max_size=80))
def test_wherever_the_line_is_cut_no_event_is_lost_or_doubled_and_every_command_is_answered_once(
    steps: list[tuple[str, ...]],
) -> None:
    meeting = Meeting()
    for name, *how in steps:
        getattr(meeting.server if name in {"happen", "reset"} else meeting, name)(*how)
    meeting.settle()
    assert meeting.covered == list(range(1, len(meeting.server.log) + 1))
    for command_id, body in meeting.given.items():
        (answer,) = meeting.answers[command_id]
        if body == REFUSED:
            assert isinstance(answer, Refused)
            assert (answer.code, answer.facts) == ("round_closed", {"n": 1})
        else:
            assert isinstance(answer, Receipt)
            assert answer.cursor == meeting.server.receipts[command_id]["cursor"]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 14))
def test_a_connection_cut_after_any_number_of_frames_changes_nothing(cut: int) -> None:
    meeting = Meeting()
    for body in BODIES:
        meeting.command(body)
    meeting.connect()
    for _ in range(cut):
        meeting.up()
        meeting.down()
    meeting.cut()
    meeting.settle()
    assert meeting.covered == [1, 2, 3, 4]
    assert [len(answers) for answers in meeting.answers.values()] == [1, 1, 1, 1, 1]


def opened() -> Line:
    line = Line(DOCUMENT, Place("c0"))
    line.opened()
    return line


def test_a_new_connection_subscribes_first_and_then_sends_what_is_unanswered_in_order() -> None:
    line = Line(DOCUMENT, Place("c0"))
    first, second = mint(), mint()
    line.command(first, comment("one"))
    line.command(second, comment("two"))
    assert not line.outbox
    line.opened()
    line.closed()
    assert not line.outbox
    line.opened()
    frames = [json.loads(text) for text in line.outbox]
    assert frames[0] == {"type": "subscribe", "document": DOCUMENT, "after": "c0"}
    assert [frame["id"] for frame in frames[1:]] == [first, second]


def test_a_forgotten_command_is_not_sent_again() -> None:
    line = Line(DOCUMENT, Place("c0"))
    command_id = mint()
    line.command(command_id, comment("one"))
    line.forget(command_id)
    line.opened()
    assert len(line.outbox) == 1


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "heartbeat"},
        {"type": "presence", "document": DOCUMENT, "present": []},
        {"type": "later_type", "anything": 1},
        {"type": "subscribed", "document": "do_01JD0000000000000000000009", "cursor": "c"},
        {"type": "reset", "document": "do_01JD0000000000000000000009"},
        {"type": "refusal", "id": "01JD0000000000000000000000", "code": "stale", "detail": "Not ours."},
        ["no", "frame"],
    ],
)
def test_what_is_not_known_or_not_ours_means_nothing(frame: object) -> None:
    assert opened().received(json.dumps(frame)) is None


def test_the_answer_to_a_subscription_says_that_the_feed_runs() -> None:
    assert opened().received(json.dumps({"type": "subscribed", "document": DOCUMENT, "cursor": "c9"})) == Running()


@pytest.mark.parametrize("text", ["{", json.dumps({"type": "event", "document": DOCUMENT}), b"\xff\xfe"])
def test_a_frame_that_cannot_be_read_ends_the_room_and_is_never_passed_over(text: str | bytes) -> None:
    outcome = opened().received(text)
    assert isinstance(outcome, Halted)
    assert isinstance(outcome.reason, Unreachable)


def test_a_refused_subscription_ends_the_room_with_the_code() -> None:
    refusal = {"type": "refusal", "code": "unknown", "detail": "There is no such document."}
    outcome = opened().received(json.dumps(refusal))
    assert isinstance(outcome, Halted)
    assert isinstance(outcome.reason, Refused)
    assert outcome.reason.code == "unknown"


def test_a_busy_room_is_tried_again_from_the_same_place() -> None:
    line = opened()
    assert line.received(json.dumps({"type": "refusal", "code": "busy", "detail": "Try again."})) == Halted(None)
    line.closed()
    line.opened()
    assert json.loads(line.outbox[0])["after"] == "c0"


def test_a_cursor_that_cannot_be_followed_loses_the_place() -> None:
    place = Place("c0")
    line = Line(DOCUMENT, place)
    line.opened()
    refusal = {"type": "refusal", "code": "cursor_invalid", "detail": "This cursor leads nowhere."}
    assert line.received(json.dumps(refusal)) == Halted(None)
    assert place.lost


def test_after_a_reset_the_numbers_of_a_restored_log_are_taken_as_they_come() -> None:
    place = Place("c0")
    event = {"stream": "all", "kind": "later_kind", "by": "arv", "capacity": "head:ARV", "at": "2026-11-28T14:55:00Z"}
    seventh, second = (EventView.model_validate(event | {"seq": seq, "payload": {}}) for seq in (7, 2))
    assert place.advance("c7", seventh) == Happened("c7", seventh)
    assert place.advance("c2", second) is None
    place.lose()
    place.find("c1")
    assert place.advance("c2", second) == Happened("c2", second)
