"""The rooms of a server: one for each working draft that somebody has open. ``run`` must be running.

Several servers may have rooms of the same draft: each reads in its log what the others wrote. It learns of it by a
ring, or, since rings may be lost, by looking.
"""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from functools import partial
from typing import Any

from drafting.house import House
from drafting.live import ledger
from drafting.live.ledger import News, Seat
from drafting.live.lines import RESTART, TOO_MANY, UNKNOWN, Bucket, Line, Pipe
from drafting.live.room import Room
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.queries.people import Person
from storage.bus import Ring
from storage.database import ReadTransaction

LOOK_SECONDS = 1.0
LINGER_SECONDS = 20.0
"""How long an empty room stays open: people come again."""
REST_SECONDS = 8.0
BURST_SECONDS = 8.0
"""What a line may send and ask for at once is what it may in so many seconds."""

_log = logging.getLogger(__name__)


class Rooms:
    """The rooms that are open here, by their drafts."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._open: dict[str, asyncio.Task[Room]] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._rung: set[str] = set()
        self._bell = asyncio.Event()
        self._look_at = 0.0

    @property
    def many(self) -> int:
        """How many rooms are open."""
        return len(self._rooms())

    async def seat(self, person: Person, draft: str) -> Seat:
        """Seat somebody at a draft; refuses as unknown one that is not there, or not for them."""
        return await asyncio.to_thread(self._house.database.read, partial(ledger.seat, person=person, draft=draft))

    async def enter(self, seat: Seat, pipe: Pipe, *, acks: bool) -> Line:
        """Let somebody into the draft's room, which is opened if it is not. Whoever enters must ``leave`` in the end.

        The line has ended already if there is no room for it.
        """
        room = await self._room(seat.hand.draft)
        limits = self._house.settings.limits
        frames, volume = Bucket(limits.live_frames, BURST_SECONDS), Bucket(limits.live_bytes, BURST_SECONDS)
        line = Line(room, seat, pipe, acks, frames, volume)
        theirs = sum(other.hand.person.id == seat.hand.person.id for other in room.audience.lines)
        if room.resting:
            line.end(RESTART, "restart")
        elif theirs >= limits.live_lines:
            line.refuse(Refusal(ProblemCode.BUSY, f"You have this draft open {theirs} times already."), TOO_MANY)
        else:
            room.enter(line)
            # Something may have happened since they were seated, when nobody here looked for it.
            self._ring(seat.hand.document)
        return line

    def leave(self, line: Line) -> None:
        """Let a line go."""
        line.host.leave(line)

    async def run(self) -> None:
        """Serve until cancelled."""
        loop = asyncio.get_running_loop()

        def heard(ring: Ring) -> None:
            with contextlib.suppress(RuntimeError):  # the loop may be closing; the log has it anyway
                loop.call_soon_threadsafe(self._ring, ring.scope, ring.seq if not ring.stream else None)

        stop = self._house.bus.listen(heard)
        try:
            while True:
                for room in await self._to_look():
                    await self._look(room)
        finally:
            stop()

    async def rest(self) -> None:
        """Write what waits and end all lines: the server is about to stop."""
        for room in self._rooms():
            room.rest()
        if self._running:
            await asyncio.wait(self._running, timeout=REST_SECONDS)

    def _rooms(self) -> list[Room]:
        return [task.result() for task in self._open.values() if task.done() and not task.exception()]

    async def _room(self, draft: str) -> Room:
        if draft not in self._open:
            self._open[draft] = asyncio.create_task(self._opened(draft))
        try:
            # Others wait for the same: whoever goes away meanwhile must not stop it.
            return await asyncio.shield(self._open[draft])
        except Exception:
            self._open.pop(draft, None)
            raise

    async def _opened(self, draft: str) -> Room:
        database, limits = self._house.database, self._house.settings.limits
        kept = await asyncio.to_thread(Room.loaded, database, draft, limits)
        room = Room(draft, kept, database, limits)
        self._start(room.run(lambda: self._closed(room)))
        return room

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def _closed(self, room: Room) -> None:
        if room in self._rooms():
            del self._open[room.draft]

    def _ring(self, scope: str, number: int | None = None) -> None:
        room = self._open.get(scope)
        if number is not None and room is not None and room.done() and room.result().has(number):
            return  # we rang ourselves
        self._rung.add(scope)
        self._bell.set()

    async def _to_look(self) -> list[Room]:
        """Wait for a ring or for the time; give the rooms to look at then."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(self._look_at):
                await self._bell.wait()
        self._bell.clear()
        rung, self._rung = self._rung, set()
        now = asyncio.get_running_loop().time()
        if now < self._look_at:
            return [room for room in self._rooms() if rung & room.scopes]
        self._look_at = now + LOOK_SECONDS
        for room in self._rooms():
            room.tick()
            if room.long_empty > LINGER_SECONDS:
                self._start(self._unload(room))
        return self._rooms()

    async def _look(self, room: Room) -> None:
        try:
            room.look(await asyncio.to_thread(self._news, room.draft, room.number, room.seats()))
        except Refusal as refusal:
            self._closed(room)
            room.close(UNKNOWN, refusal.code)
        except Exception:  # noqa: BLE001 - whatever it is, see below
            # One bad moment of the disk must not end the looking: the next poll tries again.
            _log.exception("What is new of the working draft %s could not be read", room.draft)

    def _news(self, draft: str, known: int, seats: dict[str, Seat]) -> News:
        def read(tx: ReadTransaction) -> News:
            return ledger.news(tx, draft, known, seats)

        return self._house.database.read(read)

    async def _unload(self, room: Room) -> None:
        await room.compact()
        if room.long_empty and room in self._rooms():
            room.rest()
            self._closed(room)
