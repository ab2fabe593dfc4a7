"""The live socket ``/live/{draft}``: the y-websocket protocol on a working draft, for whoever may read it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any, Protocol, cast

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from drafting.commands.credentials import redeem
from drafting.http.auth import admitted, doorkeeper_of, house_of, refuse_foreign, rooms_of
from drafting.http.framing import PIPE
from drafting.http.metrics import LIVE_ENDED, LIVE_LINES
from drafting.live import wire
from drafting.live.lines import NOT_SIGNED_IN, REFUSED, UNKNOWN, Ending, Line
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.queries.people import Admitted, admitted_by

CLOSE_SECONDS = 1.0
MOST_WAITING = 64
"""How many frames may wait where the server has no pipe of its own."""
GONE = Ending(1000, "gone")

router = APIRouter()


@router.websocket("/live/{draft}")
async def live(websocket: WebSocket, draft: str, ticket: str = "", token: str = "", acks: str = "") -> None:
    """Let the person in by ticket, draft token, bearer token or cookie, and serve until they go, or are closed."""
    await websocket.accept()
    try:
        refuse_foreign(websocket, house_of(websocket))
        shown = await _admitted(websocket, draft, ticket, token)
        if shown is None:
            ending = Ending(NOT_SIGNED_IN, ProblemCode.TICKET_INVALID)
        else:
            ending = await _seated(websocket, draft, shown, acks=acks == "1")
    except Refusal as refusal:
        ending = Ending(UNKNOWN if refusal.code is ProblemCode.UNKNOWN else REFUSED, refusal.code)
    LIVE_ENDED.labels(ending.reason).inc()
    await _close(websocket, ending)


async def _admitted(websocket: WebSocket, draft: str, ticket: str, token: str) -> Admitted | None:
    house = house_of(websocket)
    at = house.now()
    if ticket:
        return await asyncio.wrap_future(house.database.write(lambda tx: redeem(tx, "ticket", ticket, at)))
    if token:
        found = await asyncio.to_thread(house.database.read, lambda tx: admitted_by(tx, "draft", token, at))
        return found if found is not None and found.label == draft else None
    with contextlib.suppress(Refusal):
        return await admitted(websocket, house)
    return None


async def _seated(websocket: WebSocket, draft: str, shown: Admitted, *, acks: bool) -> Ending:
    """Serve somebody who was let in; gives how it ended."""
    rooms = rooms_of(websocket)
    async with _carried(websocket) as carrier:
        line = await rooms.enter(await rooms.seat(shown.person, draft), carrier, acks=acks)
        # A ticket is used up; what it was got with is what may be revoked.
        lasting = shown.label if shown.kind == "ticket" else shown.credential
        try:
            with LIVE_LINES.track_inprogress(), doorkeeper_of(websocket).watching(lasting, lambda: _show_out(line)):
                return await _served(websocket, carrier, line)
        finally:
            rooms.leave(line)


def _show_out(line: Line) -> None:
    line.end(NOT_SIGNED_IN, ProblemCode.NOT_SIGNED_IN)


async def _served(websocket: WebSocket, carrier: "Carrier", line: Line) -> Ending:
    too_large = Refusal(ProblemCode.TOO_LARGE, "A frame is larger than what is taken here.")
    carrier.tap(line.hear, (wire.denied(too_large), REFUSED, too_large.code))
    listening = asyncio.create_task(_listen(websocket, line))
    either: set[asyncio.Future[Any]] = {listening, line.ended}
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    return line.ended.result() if line.ended.done() else GONE


async def _listen(websocket: WebSocket, line: Line) -> None:
    """Wait until the other side goes; where the server hands frames to nobody else, hear them."""
    while (message := await websocket.receive())["type"] != "websocket.disconnect":
        if pause := line.hear(message.get("bytes")):
            await asyncio.sleep(pause)
    if message.get("reason") == ProblemCode.TOO_LARGE:
        line.end(REFUSED, ProblemCode.TOO_LARGE)


async def _close(websocket: WebSocket, ending: Ending) -> None:
    """Close, and hang up on one who takes nothing any more."""
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await websocket.close(*ending)
    except TimeoutError:
        if (pipe := websocket.scope["extensions"].get(PIPE)) is not None:
            pipe.cut()


class Carrier(Protocol):
    """A pipe, and what is heard through it."""

    @property
    def waiting(self) -> int:
        """How many bytes wait to be taken by the other side."""

    def offer(self, frame: wire.Frame) -> bool:
        """Send, unless too much waits already, or it is closed; tells whether it was taken."""

    def on_drained(self, drained: Callable[[], None]) -> None:
        """Call this whenever frames are taken again, after they were not."""

    def tap(self, heard: Callable[[bytes | None], float], too_large: tuple[wire.Frame, int, str]) -> None:
        """Give each frame from now on to ``heard``."""


@contextlib.asynccontextmanager
async def _carried(websocket: WebSocket) -> AsyncIterator[Carrier]:
    """Give the connection's own pipe, or where the server has none, one that sends as any app does."""
    if PIPE in websocket.scope.get("extensions", {}):
        yield cast("Carrier", websocket.scope["extensions"][PIPE])
        return
    plain = Plain(websocket)
    sending = asyncio.create_task(plain.run())
    try:
        yield plain
    finally:
        # What was offered last may say why the line ends.
        sent = asyncio.create_task(plain.sent())
        await asyncio.wait({sending, sent}, timeout=CLOSE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for task in (sending, sent):
            task.cancel()
        await asyncio.gather(sending, sent, return_exceptions=True)


class Plain:
    """A pipe through the app's own ``send``, one frame after the other."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._frames: asyncio.Queue[wire.Frame] = asyncio.Queue(MOST_WAITING)
        self._drained: Callable[[], None] = lambda: None

    @property
    def waiting(self) -> int:
        """How many frames wait: bytes are not known here."""
        return self._frames.qsize()

    def offer(self, frame: wire.Frame) -> bool:
        """Send soon, unless too much waits already."""
        try:
            self._frames.put_nowait(frame)
        except asyncio.QueueFull:
            return False
        return True

    def on_drained(self, drained: Callable[[], None]) -> None:
        """Call this whenever frames are taken again, after they were not."""
        self._drained = drained

    def tap(self, heard: Callable[[bytes | None], float], too_large: tuple[wire.Frame, int, str]) -> None:
        """Do nothing: frames come to the app."""

    async def run(self) -> None:
        """Send until cancelled, or the connection is gone."""
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            while True:
                was_full = self._frames.full()
                frame = await self._frames.get()
                await self._websocket.send_bytes(frame.message)
                self._frames.task_done()
                if was_full:
                    self._drained()

    async def sent(self) -> None:
        """Wait until everything is sent that was offered."""
        await self._frames.join()
