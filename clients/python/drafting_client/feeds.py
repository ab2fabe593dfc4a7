"""The two ways a room's events come and its commands go: over a socket, or by long polls where sockets are blocked."""

import asyncio
import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from drafting.protocol.commands import Command, Receipt
from drafting.protocol.problems import ProblemCode
from drafting.protocol.views import Snapshot
from drafting_client import calls
from drafting_client.caller import Caller
from drafting_client.errors import Broken, Refused
from drafting_client.ids import mint
from drafting_client.line import Answered, Halted, Happened, Line, Outcome, Place, Running
from drafting_client.pace import Patience

Deliver = Callable[[Happened | Snapshot], None]
"""Takes events in order; and a new snapshot, where the feed starts anew from one."""

_LARGEST_FRAME = 64 * 2**20
"""In bytes. A version that is issued comes whole, so the library's 1 MiB would not do."""
_WAIT = 25.0
_BREATH = 0.1
"""Seconds between polls that bring nothing, lest one that does not wait at all turn into a storm."""


class Feed(ABC):
    """How a room is followed. It breaks and goes on from its place until patience ends."""

    def __init__(self, caller: Caller, document: str, place: Place) -> None:
        self.caller = caller
        self.document = document
        self.place = place
        self.ended: Exception | None = None

    async def run(self, deliver: Deliver) -> None:
        """Deliver what happens until cancelled. Raises ``Refused`` and ``Unreachable``."""
        patience = Patience(self.caller.pace)
        while True:
            try:
                if self.place.lost:
                    await self._begin_anew(deliver)
                await self.follow(deliver, patience)
            except (Broken, OSError, TimeoutError, WebSocketException) as broken:
                await asyncio.sleep(patience.pause(broken))

    async def _begin_anew(self, deliver: Deliver) -> None:
        snapshot = await self.caller.attempt(calls.snapshot(self.document))
        self.place.find(snapshot.cursor)
        deliver(snapshot)

    def end(self, reason: Exception) -> None:
        """Raise ``reason`` to everyone who asks from now on, and to everyone whose answer can no longer come."""
        self.ended = reason

    @abstractmethod
    async def follow(self, deliver: Deliver, patience: Patience) -> None:
        """Deliver what comes over one connection, until it breaks; restore patience whenever all is well."""

    @abstractmethod
    async def command(self, command: Command, command_id: str | None = None) -> Receipt:
        """Give a command and have its receipt. Raises ``Refused`` and ``Unreachable``."""


class SocketFeed(Feed):
    """Follows over the socket. Every connection has a ticket of its own and goes on from the place."""

    def __init__(self, caller: Caller, document: str, place: Place) -> None:
        super().__init__(caller, document, place)
        self._line = Line(document, place)
        self._socket: ClientConnection | None = None
        self._answers: dict[str, asyncio.Future[Receipt]] = {}

    async def command(self, command: Command, command_id: str | None = None) -> Receipt:
        """Give a command; it is sent again after every reconnection until it is answered."""
        if self.ended is not None:
            raise self.ended
        command_id = command_id or mint()
        if command_id in self._answers:
            raise ValueError(f"The command {command_id} is waiting for its answer already.")
        answer: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._answers[command_id] = answer
        try:
            self._line.command(command_id, command)
            # Where the line is cut here, the next connection sends it.
            with contextlib.suppress(OSError, WebSocketException):
                await self._send()
            return await answer
        finally:
            del self._answers[command_id]
            self._line.forget(command_id)

    def end(self, reason: Exception) -> None:
        """Raise ``reason`` to everyone who waits for an answer, and who asks from now on."""
        super().end(reason)
        for waiting in self._answers.values():
            _settle(waiting, reason)

    async def follow(self, deliver: Deliver, patience: Patience) -> None:
        """Hold one conversation over one socket, until it breaks."""
        ticket = await self.caller.attempt(calls.ticket())
        address = self.caller.socket_address(ticket)
        async with connect(address, max_size=_LARGEST_FRAME, close_timeout=1) as socket:
            self._socket = socket
            self._line.opened()
            try:
                await self._send()
                while True:
                    async with asyncio.timeout(self.caller.pace.silence):
                        frame = await socket.recv()
                    self._act(self._line.received(frame), deliver, patience)
            finally:
                self._socket = None
                self._line.closed()

    async def _send(self) -> None:
        """Send what the line has to say. Two may be here at once: each takes the oldest frame, so order is kept."""
        while self._socket is not None and self._line.outbox:
            await self._socket.send(self._line.outbox.popleft())

    def _act(self, outcome: Outcome | None, deliver: Deliver, patience: Patience) -> None:
        match outcome:
            case Happened():
                deliver(outcome)
            case Answered(command_id, answer) if command_id in self._answers:
                _settle(self._answers[command_id], answer)
            case Running():
                patience.restore()
            case Halted(reason):
                raise reason or Broken("The room asks to begin anew.")


class PollFeed(Feed):
    """Follows by long polls, and gives commands over HTTP."""

    async def follow(self, deliver: Deliver, patience: Patience) -> None:
        """Deliver what one poll brings."""
        wait = min(_WAIT, self.caller.pace.silence / 2)
        try:
            page = await self.caller.attempt(calls.events(self.document, self.place.cursor, wait))
        except Refused as refused:
            if refused.code != ProblemCode.CURSOR_INVALID:
                raise
            self.place.lose()
            raise Broken("The room asks to begin anew.") from refused
        patience.restore()
        for fed in page.items:
            if happened := self.place.advance(fed.cursor, fed.event):
                deliver(happened)
        self.place.cursor = page.cursor
        if not page.items:
            await asyncio.sleep(_BREATH)

    async def command(self, command: Command, command_id: str | None = None) -> Receipt:
        """Give a command; it is sent again until it is answered, whether or not the polls come through."""
        if self.ended is not None:
            raise self.ended
        return await self.caller.ask(calls.command(command, command_id))


def _settle(waiting: asyncio.Future[Receipt], answer: Receipt | Exception) -> None:
    if waiting.done():
        return
    if isinstance(answer, Exception):
        waiting.set_exception(answer)
    else:
        waiting.set_result(answer)
