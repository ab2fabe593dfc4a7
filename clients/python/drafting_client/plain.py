"""The client for programs that do not run on asyncio: the other one, on an event loop in a thread of its own."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from types import TracebackType
from typing import Any, Self, TypeVar

from drafting.protocol.commands import Command, Receipt
from drafting.protocol.events import EventView
from drafting.protocol.views import Page, Snapshot
from drafting_client.calls import Call
from drafting_client.client import AsyncClient
from drafting_client.pace import Pace
from drafting_client.room import After, AsyncRoom, Transport
from drafting_client.verbs import Verbs

T = TypeVar("T")


class _Aside:
    """An event loop in a thread of its own, to which any other thread gives its work."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="drafting-client", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Give what the work gives, or raise what it raises; whoever is interrupted here interrupts it there."""
        if self._loop.is_closed():
            work.close()
            raise RuntimeError("The client is closed.")
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        finally:
            future.cancel()

    def close(self) -> None:
        """End the thread. Doing so again changes nothing."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()


class Room:
    """A document as the reader sees it, and everything that happens to it, while the ``with`` lasts.

    ``for cursor, event in room`` promises what ``AsyncRoom`` promises. Any thread may give commands meanwhile.
    """

    def __init__(self, room: AsyncRoom, aside: _Aside) -> None:
        self._room = room
        self._aside = aside

    def __enter__(self) -> Self:
        self._aside.run(self._room.__aenter__())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._aside.run(self._room.__aexit__(kind, error, trace))

    @property
    def cursor(self) -> str:
        """Where to resume after the last event that was given: good for ``after`` another time."""
        return self._room.cursor

    @property
    def snapshot(self) -> Snapshot:
        """The document as it stands with the last event that was given; see ``AsyncRoom.snapshot``."""
        return self._room.snapshot

    @property
    def resets(self) -> int:
        """How often the room began anew from a fresh snapshot."""
        return self._room.resets

    def command(self, command: Command, command_id: str | None = None) -> Receipt:
        """Give a command and have its receipt; see ``AsyncRoom.command``."""
        return self._aside.run(self._room.command(command, command_id))

    def next(self, timeout: float | None = None) -> tuple[str, EventView]:
        """Give the next event with the cursor after it; raise ``TimeoutError`` when none came within so many seconds.

        An event that comes too late is not lost: the next call gives it.
        """
        return self._aside.run(self._next(timeout))

    async def _next(self, timeout: float | None) -> tuple[str, EventView]:  # noqa: ASYNC109 - it is the caller's
        async with asyncio.timeout(timeout):
            return await self._room.__anext__()

    def __iter__(self) -> Iterator[tuple[str, EventView]]:
        while True:
            try:
                yield self.next()
            except StopAsyncIteration:
                return


class Client(Verbs):
    """One participant's access to a room's service at ``base_url``, by the bearer token of that participant.

    Every verb of ``Verbs`` answers at once, or is iterated over with ``for``. It keeps a thread: close it, or use
    ``with``. Any number of threads may use one client.
    """

    def __init__(self, base_url: str, token: str, pace: Pace | None = None) -> None:
        self._client = AsyncClient(base_url, token, pace)
        self._aside = _Aside()

    def ask(self, call: Call[T]) -> T:
        """Make a call until it is answered. Raises ``Refused``; ``Unreachable`` when patience ends."""
        return self._aside.run(self._client.ask(call))

    def walk(self, call: Call[Page[T]]) -> Iterator[T]:
        """Give the items of all pages, each page when it is needed."""
        page = self.ask(call)
        while True:
            yield from page.items
            if page.next is None:
                return
            page = self.ask(call.after(page.next))

    def room(self, document: str, after: After = None, transport: Transport = "socket") -> Room:
        """Follow a document: ``with client.room(…) as room``; see ``AsyncClient.room``."""
        return Room(self._client.room(document, after, transport), self._aside)

    def close(self) -> None:
        """Let go of the connections and the thread."""
        self._aside.run(self._client.close())
        self._aside.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
