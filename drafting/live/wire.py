"""The y-websocket protocol, byte for byte, without I/O: what a message says, and the messages that we send.

A message is a number and what follows it: 0 sync (0 step 1: a state vector; 1 step 2, the answer: an update; 2 an
update), 1 awareness, 2 the refusal of everything, 3 a question for awareness. Ours is 100: the state vector that is on
disk. Numbers and texts are lib0's. What we do not know is no error: others may say more.
"""

import json
from typing import NamedTuple

from drafting.crdt.lib0 import Malformed, Reader, Writer
from drafting.protocol.problems import ProblemCode, Refusal

SYNC, AWARENESS, AUTH, QUERY, DURABLE = 0, 1, 2, 3, 100
_STEP_1, _STEP_2, _UPDATE = 0, 1, 2
_DENIED = 0
_LEAST_STATE = 3
"""The fewest bytes that a state takes: its client, its clock, and how long its text is."""
_BINARY = 0x82
"""The first byte of a whole websocket frame of bytes."""
_SHORT, _MIDDLE = 126, 1 << 16


class Step1(NamedTuple):
    """Asks for what it has not, who stands at this state vector."""

    vector: bytes


class Step2(NamedTuple):
    """The answer to our step 1."""

    content: bytes


class Update(NamedTuple):
    """Something was changed."""

    content: bytes


class State(NamedTuple):
    """What a client says of itself: the JSON text is ``null`` when it goes. The clock grows with each word of it."""

    client: int
    clock: int
    json: str


class Awareness(NamedTuple):
    """What clients say of themselves."""

    states: tuple[State, ...]


class QueryAwareness(NamedTuple):
    """Asks who is here."""


class Unknown(NamedTuple):
    """A message of a kind that we do not know."""

    kind: int


Message = Step1 | Step2 | Update | Awareness | QueryAwareness | Unknown


class Frame(NamedTuple):
    """A message that we send, and the websocket frame that it travels in: written once, for however many get it."""

    message: bytes
    framed: bytes

    @staticmethod
    def of(message: bytes) -> "Frame":
        """Put a message in a frame as a server sends it: whole, not masked, not compressed."""
        size = len(message)
        if size < _SHORT:
            head = bytes((_BINARY, size))
        elif size < _MIDDLE:
            head = bytes((_BINARY, 126)) + size.to_bytes(2, "big")
        else:
            head = bytes((_BINARY, 127)) + size.to_bytes(8, "big")
        return Frame(message, head + message)


def parse(message: bytes) -> Message:
    """Read a client's message; refuses as ``malformed`` what breaks off, says too much, or is no message at all."""
    try:
        return _message(Reader(message))
    except Malformed as failure:
        raise Refusal(ProblemCode.MALFORMED, f"This is no message of the sync protocol: {failure}.") from None


def _message(reader: Reader) -> Message:
    match kind := reader.uint():
        case 0:
            return _sync(reader)
        case 1:
            states = Reader(reader.blob())
            _end(reader)
            return Awareness(_states(states))
        case 3:
            _end(reader)
            return QueryAwareness()
    return Unknown(kind)


def _sync(reader: Reader) -> Message:
    step, content = reader.uint(), reader.blob()
    _end(reader)
    match step:
        case 0:
            return Step1(content)
        case 1:
            return Step2(content)
        case 2:
            return Update(content)
    raise Malformed(f"there is no sync message {step}")


def _states(reader: Reader) -> tuple[State, ...]:
    states = tuple(State(reader.uint(), reader.uint(), reader.text()) for _ in range(reader.count(_LEAST_STATE)))
    _end(reader)
    return states


def _end(reader: Reader) -> None:
    if reader.left:
        raise Malformed("more follows than it says")


def step1(vector: bytes) -> Frame:
    """Ask for what we, who stand at this state vector, have not."""
    return _frame(SYNC, _STEP_1, content=vector)


def step2(content: bytes) -> Frame:
    """Answer a step 1."""
    return _frame(SYNC, _STEP_2, content=content)


def update(content: bytes) -> Frame:
    """Tell a change."""
    return _frame(SYNC, _UPDATE, content=content)


def awareness(states: tuple[State, ...]) -> Frame:
    """Tell what clients say of themselves; of none, it is a sign of life."""
    told = Writer().uint(len(states))
    for state in states:
        told.uint(state.client).uint(state.clock).text(state.json)
    return _frame(AWARENESS, content=told.done())


def denied(refusal: Refusal) -> Frame:
    """Tell a refusal: its code, sentence and facts as JSON, where stock clients look for a reason."""
    said = json.dumps({"code": refusal.code, "detail": refusal.detail, "facts": refusal.facts}, default=str)
    return _frame(AUTH, _DENIED, content=said.encode())


def durable(vector: bytes) -> Frame:
    """Tell up to where everything is on disk."""
    return _frame(DURABLE, content=vector)


def _frame(*kind: int, content: bytes) -> Frame:
    return Frame.of(bytes(kind) + Writer().blob(content).done())
