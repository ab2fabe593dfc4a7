"""Expectations are bytes written by hand, as y-protocols writes them, and what pycrdt makes of ours."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Decoder, Doc, Text, create_sync_message, create_update_message, handle_sync_message

from drafting.live import wire
from drafting.protocol.problems import ProblemCode, Refusal

pytestmark = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)


def test_the_messages_of_a_stock_client_are_read() -> None:
    assert wire.parse(bytes((0, 0, 1, 0))) == wire.Step1(b"\0")
    assert wire.parse(bytes((0, 1, 2, 0, 0))) == wire.Step2(b"\0\0")
    assert wire.parse(bytes((0, 2, 3, 7, 8, 9))) == wire.Update(b"\x07\x08\x09")
    assert wire.parse(bytes((3,))) == wire.QueryAwareness()
    said = bytes((1, 14, 2, 5, 1, 2)) + b"{}" + bytes((0x80, 0x01, 3, 4)) + b"null"
    assert wire.parse(said) == wire.Awareness((wire.State(5, 1, "{}"), wire.State(128, 3, "null")))
    assert wire.parse(bytes((42, 1, 2, 3))) == wire.Unknown(42)


def test_what_we_send_is_written_byte_for_byte_as_y_protocols_writes_it() -> None:
    assert wire.step1(b"\0").message == bytes((0, 0, 1, 0))
    assert wire.step2(b"\0\0").message == bytes((0, 1, 2, 0, 0))
    assert wire.update(b"abc").message == bytes((0, 2, 3)) + b"abc"
    assert wire.durable(b"\0").message == bytes((100, 1, 0))
    assert wire.awareness(()).message == bytes((1, 1, 0))
    assert wire.awareness((wire.State(300, 2, "null"),)).message == bytes((1, 9, 1, 0xAC, 2, 2, 4)) + b"null"


def test_a_refusal_travels_where_stock_clients_look_for_a_reason() -> None:
    told = wire.denied(Refusal(ProblemCode.SECTION_LOCKED, "It is locked.", sections=["se_1"])).message
    assert told[:2] == bytes((2, 0))
    assert json.loads(Decoder(told[2:]).read_var_string()) == {
        "code": "section_locked",
        "detail": "It is locked.",
        "facts": {"sections": ["se_1"]},
    }


def test_two_documents_of_another_library_meet_through_our_messages() -> None:
    one, other = Doc(), Doc()
    one.get("text", type=Text).insert(0, "words")
    asked = wire.parse(create_sync_message(other))
    assert isinstance(asked, wire.Step1)
    handle_sync_message(wire.step2(one.get_update(asked.vector)).message[1:], other)
    assert str(other.get("text", type=Text)) == "words"
    changed = wire.parse(create_update_message(one.get_update()))
    assert changed == wire.Update(one.get_update())


@pytest.mark.parametrize(
    ("size", "head"), [(5, "8205"), (125, "827d"), (126, "827e007e"), (70_000, "827f0000000000011170")]
)
def test_a_frame_is_a_whole_unmasked_one_of_bytes(size: int, head: str) -> None:
    message = b"x" * size
    assert wire.Frame.of(message) == (message, bytes.fromhex(head) + message)


BROKEN = [
    b"",
    bytes((0,)),
    bytes((0, 2)),
    bytes((0, 2, 5, 1, 2)),
    bytes((0, 2, 1, 1, 9)),
    bytes((0, 3, 1, 1)),
    bytes((1, 1, 9)),
    bytes((1, 4, 1, 5, 1, 9)),
    bytes((1, 5, 1, 5, 1, 1, 0xFF)),
    bytes((1, 2, 0, 0)),
    bytes((3, 0)),
    bytes((0, 2)) + b"\xff" * 12,
]


@pytest.mark.parametrize("message", BROKEN, ids=lambda message: message.hex() or "empty")
def test_what_breaks_off_or_says_too_much_is_malformed(message: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        wire.parse(message)
    assert refused.value.code is ProblemCode.MALFORMED


@given(st.binary(max_size=60))
def test_whatever_bytes_come_they_are_read_or_refused(message: bytes) -> None:
    with contextlib.suppress(Refusal):
        wire.parse(message)
