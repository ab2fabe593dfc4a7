"""The lines of a room: one for each connection, however it is carried.

A line has no queue. What does not fit in its pipe now is not kept for it: the line remembers the state vector of what
it was told last, and gets the difference, as one update, when its pipe has drained.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple, Protocol

from drafting.live import wire
from drafting.live.awareness import Speaker
from drafting.live.ledger import Seat
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.words import DraftKind
from drafting.queries.working import Hand

SEND_SECONDS = 30.0
"""How long nothing may go through a pipe that something waits in."""
NOT_SIGNED_IN, REFUSED, UNKNOWN, TOO_MANY, RESTART, AGAIN = 4401, 4403, 4404, 4429, 1012, 4503
"""Why a line is closed. Stock y-websocket clients come again by themselves unless it is 4400 to 4499."""
_MOST_REASON = 120
"""How many bytes the reason of a close may have: 123, by the protocol."""
_numbers = count(1)
_log = logging.getLogger(__name__)


class Ending(NamedTuple):
    """With what a line is closed: a code for programs, and a word."""

    code: int
    reason: str


class Pipe(Protocol):
    """What carries a line."""

    @property
    def waiting(self) -> int:
        """How many bytes wait to be taken by the other side."""

    def offer(self, frame: wire.Frame) -> bool:
        """Send, unless too much waits already, or it is closed; tells whether it was taken."""

    def on_drained(self, drained: Callable[[], None]) -> None:
        """Call this whenever the pipe takes frames again, after it did not."""


class Host(Protocol):
    """What a line needs of its room."""

    def said(self, line: "Line", message: wire.Message) -> int:
        """Act on a message, and give how many bytes it took to answer; refuses what may not be."""

    def refuse(self, line: "Line", refusal: Refusal) -> None:
        """Refuse the line something, and let it end."""

    def leave(self, line: "Line") -> None:
        """Let the line go."""


@dataclass(slots=True)
class Bucket:
    """Allows so much a second, and as much at once as is allowed in ``burst`` seconds."""

    rate: float
    burst: float
    level: float = 0.0
    at: float = 0.0

    def wait(self, cost: float, now: float) -> float:
        """Pay, and give how many seconds to wait before the next is taken."""
        most = self.rate * self.burst
        self.level = min(most, self.level + (now - self.at) * self.rate) - cost if self.at else most - cost
        self.at = now
        return -self.level / self.rate if self.level < 0 else 0.0


@dataclass(slots=True, eq=False)
class Line:
    """Somebody's connection to a room. It ends when ``ended`` has a result; whoever carries it closes it then.

    ``since`` is what its client has, as a state vector, where that is not all that is shown; ``answers``: it asked. The
    room sets ``asked`` when it asks the line for what an update, ``hanging``, hangs on; and ``denied`` when it has
    refused something, which the line is told when the room lets it end.
    """

    host: Host
    seat: Seat
    pipe: Pipe
    acks: bool
    frames: Bucket
    volume: Bucket
    number: int = field(default_factory=lambda: next(_numbers))
    ended: asyncio.Future[Ending] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    since: bytes | None = None
    answers: bool = False
    synced: bool = False
    asked: float | None = None
    hanging: bytes | None = None
    denied: Refusal | None = None
    owes_ack: bool = False
    owes_roll: bool = True
    stuck: tuple[int, float] | None = None

    named: bool = False
    speaker: Speaker = field(init=False)

    def __post_init__(self) -> None:
        """Look at who sits here."""
        self.sit(self.seat)

    @property
    def hand(self) -> Hand:
        """Whose line it is, and what they may."""
        return self.seat.hand

    def sit(self, seat: Seat) -> None:
        """Note what they may now; they are told who the others are where everyone is, or it is their own draft."""
        self.seat, hand = seat, seat.hand
        self.named = hand.reader.named or hand.kind is DraftKind.DELEGATION
        points = hand.kind is DraftKind.CHAIR and hand.reader.sees("desk")
        self.speaker = Speaker(self.number, hand.person.id, _user(hand), points)

    def hear(self, content: bytes | None) -> float:
        """Take a frame (``None``: one of text); gives for how many seconds to take no other. Never raises."""
        if self.ended.done() or self.denied is not None:
            return 0.0
        try:
            if content is None:
                raise Refusal(ProblemCode.MALFORMED, "Frames here are bytes, not text.")  # noqa: TRY301 - told below
            cost = len(content) + self.host.said(self, wire.parse(content))
        except Refusal as refusal:
            self.host.refuse(self, refusal)
            return 0.0
        except Exception:  # noqa: BLE001 - whatever it is, the others' lines go on
            _log.exception("A frame of a working draft could not be taken")
            self.end(AGAIN, ProblemCode.INTERNAL)
            return 0.0
        now = asyncio.get_running_loop().time()
        return max(self.frames.wait(1, now), self.volume.wait(cost, now))

    def refuse(self, refusal: Refusal, code: int = REFUSED) -> None:
        """Tell a refusal and end the line: what its client has and the draft has not, would never meet again."""
        if not self.ended.done():
            self.pipe.offer(wire.denied(refusal))
            self.end(code, refusal.code)

    def end(self, code: int, reason: str) -> None:
        """Let the line end; the first reason counts."""
        if not self.ended.done():
            self.ended.set_result(Ending(code, reason[:_MOST_REASON]))

    def look(self, now: float) -> None:
        """End the line if nothing has gone through its pipe for too long."""
        waiting = self.pipe.waiting
        if not waiting:
            self.stuck = None
        elif self.stuck is None or waiting < self.stuck[0]:
            self.stuck = (waiting, now)
        elif now - self.stuck[1] > SEND_SECONDS:
            self.end(AGAIN, "too_slow")


def _user(hand: Hand) -> dict[str, Any]:
    reader = hand.reader
    return {
        "handle": hand.person.handle,
        "name": hand.person.name,
        "delegations": sorted(reader.own),
        "capacities": list(reader.capacities),
    }
