"""The client for programs that run on asyncio."""

from collections.abc import AsyncIterator
from types import TracebackType
from typing import Self, TypeVar

from drafting.protocol.views import Page
from drafting_client.caller import Caller
from drafting_client.calls import Call
from drafting_client.pace import Pace
from drafting_client.room import After, AsyncRoom, Transport
from drafting_client.verbs import Verbs

T = TypeVar("T")


class AsyncClient(Verbs):
    """One participant's access to a room's service at ``base_url``, by the bearer token of that participant.

    Every verb of ``Verbs`` is awaited, or iterated over with ``async for``. Close it, or use ``async with``.
    """

    def __init__(self, base_url: str, token: str, pace: Pace | None = None) -> None:
        self._caller = Caller(base_url, token, pace or Pace())

    async def ask(self, call: Call[T]) -> T:
        """Make a call until it is answered. Raises ``Refused``; ``Unreachable`` when patience ends."""
        return await self._caller.ask(call)

    async def walk(self, call: Call[Page[T]]) -> AsyncIterator[T]:
        """Give the items of all pages, each page when it is needed."""
        page = await self.ask(call)
        while True:
            for item in page.items:
                yield item
            if page.next is None:
                return
            page = await self.ask(call.after(page.next))

    def room(self, document: str, after: After = None, transport: Transport = "socket") -> AsyncRoom:
        """Follow a document: ``async with client.room(…) as room``.

        ``after``: a snapshot or cursor to go on from; without one, a fresh snapshot. ``transport="poll"`` is for
        networks that let no socket through, and slower.
        """
        return AsyncRoom(self._caller, document, after, transport)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._caller.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
