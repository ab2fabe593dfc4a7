"""The line to a room without any I/O: frames in, what they mean out; what to send, what to send again, where to resume.

A ``Line`` outlives its connections. Its promises, however often and wherever a connection is cut: every event of the
feed comes out exactly once and in order; every command is answered exactly once, with the room's first answer.
"""

import json
from collections import deque
from dataclasses import dataclass
from typing import get_args

from pydantic import BaseModel

from drafting.protocol.commands import Command, Receipt
from drafting.protocol.events import EventView
from drafting.protocol.frames import (
    SERVER_FRAME,
    CommandFrame,
    EventFrame,
    ReceiptFrame,
    RefusalFrame,
    Reset,
    ServerFrame,
    Subscribe,
    Subscribed,
)
from drafting.protocol.problems import ProblemCode
from drafting_client.errors import Refused, Unreachable

_KNOWN = frozenset(frame.model_fields["type"].default for frame in get_args(get_args(ServerFrame)[0]))
_PASSING = frozenset({ProblemCode.BUSY, ProblemCode.INTERNAL})


@dataclass(frozen=True, slots=True)
class Happened:
    """The next event, and where to resume after it."""

    cursor: str
    event: EventView


@dataclass(frozen=True, slots=True)
class Answered:
    """The room's answer to a command: a receipt, or why not."""

    id: str
    answer: Receipt | Refused


@dataclass(frozen=True, slots=True)
class Running:
    """The feed runs from here on."""


@dataclass(frozen=True, slots=True)
class Halted:
    """This connection is of no more use; where a ``reason`` is given, no other would be either."""

    reason: Refused | Unreachable | None = None


Outcome = Happened | Answered | Running | Halted


class Place:
    """Where a reader is in a feed: the cursor to resume from, and the last number seen of every stream.

    Cursors are opaque, so the numbers tell whether an event was had already. A new snapshot forgets them: where a
    server was restored from an older log, numbers begin lower, and an event that is dropped is worse than one doubled.
    """

    def __init__(self, cursor: str) -> None:
        self.cursor = cursor
        self.lost = False
        self._seen: dict[str, int] = {}

    def advance(self, cursor: str, event: EventView) -> Happened | None:
        """Take the event and stand after it; give nothing if it was had already."""
        if event.seq <= self._seen.get(event.stream, 0):
            return None
        self._seen[event.stream] = event.seq
        self.cursor = cursor
        return Happened(cursor, event)

    def lose(self) -> None:
        """Know that the cursor leads nowhere any more: only a new snapshot gives another."""
        self.lost = True

    def find(self, cursor: str) -> None:
        """Stand at a new snapshot's cursor."""
        self.cursor = cursor
        self.lost = False
        self._seen.clear()


class Line:
    """One document's feed and one sender's commands.

    ``outbox`` holds the frames to send on the open connection, oldest first; the one who sends takes them out.
    """

    def __init__(self, document: str, place: Place) -> None:
        self.outbox: deque[str] = deque()
        self._document = document
        self._place = place
        self._open = False
        self._waiting: dict[str, str] = {}

    def opened(self) -> None:
        """Begin a connection: subscribe from the place, and send again every command that has no answer yet."""
        self._open = True
        subscribe = Subscribe(document=self._document, after=self._place.cursor)
        self.outbox = deque([subscribe.model_dump_json(), *self._waiting.values()])

    def closed(self) -> None:
        """Take it that the connection is gone, and with it whatever was not sent."""
        self._open = False
        self.outbox.clear()

    def command(self, command_id: str, command: Command) -> None:
        """Give a command: sent now if a connection stands, and again on every new one until it is answered."""
        frame = CommandFrame(id=command_id, command=command.model_dump(mode="json")).model_dump_json()
        self._waiting[command_id] = frame
        if self._open:
            self.outbox.append(frame)

    def forget(self, command_id: str) -> None:
        """Nobody waits for this answer any more: do not send the command again."""
        self._waiting.pop(command_id, None)

    def received(self, text: str | bytes) -> Outcome | None:
        """Say what a frame means; nothing for a sign of life, and for whatever this client does not know."""
        try:
            frame = _read(text)
        except ValueError as unread:  # ValidationError is one
            reason = Unreachable("The room said something that this client cannot read.")
            reason.__cause__ = unread
            return Halted(reason)
        ours = getattr(frame, "document", self._document) == self._document
        return self._meaning(frame) if ours else None

    def _meaning(self, frame: BaseModel | None) -> Outcome | None:
        match frame:
            case EventFrame():
                return self._place.advance(frame.cursor, frame.event)
            case ReceiptFrame() if frame.id in self._waiting:
                return self._answered(frame.id, Receipt(**frame.model_dump(exclude={"type"})))
            case RefusalFrame():
                return self._refused(frame)
            case Reset():
                return self._reset()
            case Subscribed():
                return Running()
            case _:
                return None

    def _answered(self, command_id: str, answer: Receipt | Refused) -> Answered | None:
        if self._waiting.pop(command_id, None) is None:
            return None
        return Answered(command_id, answer)

    def _refused(self, frame: RefusalFrame) -> Outcome | None:
        """Tell a command's refusal from the subscription's, which has no id: no feed, or not now, or not from there."""
        refused = Refused(frame.code, frame.detail, frame.facts)
        if frame.id is not None:
            return self._answered(frame.id, refused)
        if frame.code == ProblemCode.CURSOR_INVALID:
            return self._reset()
        return Halted(None if frame.code in _PASSING else refused)

    def _reset(self) -> Halted:
        self._place.lose()
        return Halted()


def _read(text: str | bytes) -> BaseModel | None:
    """Read a server's frame; nothing for a type that this client does not know. Raises ``ValueError``."""
    frame = json.loads(text)
    if not isinstance(frame, dict) or frame.get("type") not in _KNOWN:
        return None
    return SERVER_FRAME.validate_python(frame, extra="ignore")
