"""A document, followed live."""

import asyncio
from types import TracebackType
from typing import Literal, Self

from pydantic import ValidationError

from drafting.protocol.commands import Command, Receipt
from drafting.protocol.events import EventView
from drafting.protocol.fold import fold
from drafting.protocol.views import Snapshot
from drafting_client import calls
from drafting_client.caller import Caller
from drafting_client.errors import Unreachable
from drafting_client.feeds import Feed, PollFeed, SocketFeed
from drafting_client.line import Happened, Place

Transport = Literal["socket", "poll"]
After = Snapshot | str | None
"""Where to follow from: a snapshot that was kept, a cursor that was kept, or (``None``) now."""


class AsyncRoom:
    """A document as the reader sees it, and everything that happens to it, while the ``async with`` lasts.

    ``async for cursor, event in room`` gives each event exactly once and in order, whatever happens to the line. There
    is one exception: when the reader's rights change, or the cursor cannot be followed any more, the room begins anew
    from a fresh snapshot; ``resets`` counts these, and what happened in between is in the snapshot alone.
    """

    def __init__(self, caller: Caller, document: str, after: After, transport: Transport) -> None:
        self.resets = 0
        self._caller = caller
        self._document = document
        self._snapshot = after if isinstance(after, Snapshot) else None
        self._cursor = after.cursor if isinstance(after, Snapshot) else after
        self._transport = transport
        self._inbox: asyncio.Queue[Happened | Snapshot | BaseException] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        """Enter the room: raises ``Refused`` and ``Unreachable``."""
        if self._cursor is None:
            self._snapshot = await self._caller.ask(calls.snapshot(self._document))
            self._cursor = self._snapshot.cursor
        self._feed = self._follow(Place(self._cursor))
        self._following = asyncio.create_task(self._feed.run(self._inbox.put_nowait))
        self._following.add_done_callback(self._end)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._following.cancel()
        await asyncio.wait([self._following])

    @property
    def cursor(self) -> str:
        """Where to resume after the last event that was given: good for ``after`` another time."""
        if self._cursor is None:
            raise LookupError("The room was not entered yet.")
        return self._cursor

    @property
    def snapshot(self) -> Snapshot:
        """The document as it stands with the last event that was given.

        Raises ``LookupError`` in a room that follows from a bare cursor, as long as no reset brought a snapshot: from
        there nobody can tell how the document stood. Keep the snapshot, and follow from it, to have both.
        """
        if self._snapshot is None:
            raise LookupError("The room follows from a cursor alone; follow from a snapshot to have one here.")
        return self._snapshot

    async def command(self, command: Command, command_id: str | None = None) -> Receipt:
        """Give a command and have its receipt.

        It is taken once, however often the line breaks on the way. Raises ``Refused`` when the room says no and
        ``Unreachable`` when patience ends or the room is left before the answer came.
        """
        return await self._feed.command(command, command_id)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> tuple[str, EventView]:
        """Give the next event with the cursor after it. Raises ``Refused`` and ``Unreachable``."""
        while True:
            match await self._inbox.get():
                case Happened(cursor, event):
                    self._cursor = cursor
                    self._fold(event, cursor)
                    return cursor, event
                case Snapshot() as snapshot:
                    self._snapshot = snapshot
                    self._cursor = snapshot.cursor
                    self.resets += 1
                case BaseException() as reason:
                    self._inbox.put_nowait(reason)
                    raise reason

    def _fold(self, event: EventView, cursor: str) -> None:
        if self._snapshot is None:
            return
        before, self._snapshot = self._snapshot, None
        try:
            self._snapshot = fold(before, event, cursor)
        except ValidationError as unread:
            raise Unreachable(f"A {event.kind} has come that this client cannot read.") from unread

    def _follow(self, place: Place) -> Feed:
        kinds: dict[Transport, type[Feed]] = {"socket": SocketFeed, "poll": PollFeed}
        return kinds[self._transport](self._caller, self._document, place)

    def _end(self, following: asyncio.Task[None]) -> None:
        """Tell everyone who listens or waits why nothing more comes."""
        if following.cancelled():
            self._feed.end(Unreachable("The room was left before the answer came."))
            self._inbox.put_nowait(StopAsyncIteration())
        elif reason := following.exception():
            self._feed.end(reason if isinstance(reason, Exception) else Unreachable(str(reason)))
            self._inbox.put_nowait(reason)
