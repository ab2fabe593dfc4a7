"""The event socket ``/ws``: subscriptions, commands, receipts, presence, heartbeat; JSON text frames."""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator

from fastapi import APIRouter, WebSocket
from pydantic import TypeAdapter, ValidationError
from starlette.websockets import WebSocketDisconnect

from drafting.commands.credentials import redeem
from drafting.house import House
from drafting.http.auth import admitted, doorkeeper_of, house_of, refuse_foreign
from drafting.http.metrics import FRAMES_REFUSED, SOCKETS
from drafting.http.problems import refusal_of
from drafting.http.taking import take
from drafting.live.feed import Feed, Following
from drafting.protocol.commands import Envelope
from drafting.protocol.frames import (
    CLIENT_FRAME,
    ClientFrame,
    CommandFrame,
    Heartbeat,
    Here,
    Ping,
    ReceiptFrame,
    RefusalFrame,
    Subscribe,
    Subscribed,
    Unsubscribe,
)
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.words import CommandId
from drafting.queries.people import Admitted, Person

HEARTBEAT_SECONDS = 15
SEND_SECONDS = 30
MOST_BAD_FRAMES = 100
MOST_SUBSCRIPTIONS = 50
NOT_SIGNED_IN, TOO_MANY_BAD, FEED_BROKEN, TOO_SLOW = 4401, 1008, 1011, 4408

router = APIRouter()
_HEARTBEAT = Heartbeat().model_dump_json()
_COMMAND_ID: TypeAdapter[str] = TypeAdapter(CommandId)
_log = logging.getLogger(__name__)


@router.websocket("/ws")
async def socket(websocket: WebSocket, ticket: str = "") -> None:
    """Let the person in by ticket, token or cookie, and serve until they go, or are shown out."""
    house = house_of(websocket)
    try:
        refuse_foreign(websocket, house)
    except Refusal:
        await websocket.close()
        return
    await websocket.accept()
    shown = await _admitted(websocket, house, ticket)
    if shown is None:
        await websocket.close(NOT_SIGNED_IN, ProblemCode.TICKET_INVALID)
        return
    line = Line(websocket, house, websocket.app.state.feed, shown.person)
    # A ticket is used up; what it was got with is what may be revoked.
    lasting = shown.label if shown.kind == "ticket" else shown.credential
    with SOCKETS.track_inprogress(), doorkeeper_of(websocket).watching(lasting, line.show_out):
        await line.serve()


async def _admitted(websocket: WebSocket, house: House, ticket: str) -> Admitted | None:
    if ticket:
        at = house.now()
        return await asyncio.wrap_future(house.database.write(lambda tx: redeem(tx, "ticket", ticket, at)))
    with contextlib.suppress(Refusal):
        return await admitted(websocket, house)
    return None


class Line:
    """One open socket. Frames are answered in the order they came; events come in between."""

    def __init__(self, websocket: WebSocket, house: House, feed: Feed, person: Person) -> None:
        self._websocket = websocket
        self._house = house
        self._feed = feed
        self._person = person
        self._followed: dict[str, tuple[Following, asyncio.Task[None]]] = {}
        self._lost = asyncio.Event()
        self._shown_out = False
        self._bad = 0
        self._quiet = True

    async def serve(self) -> None:
        """Serve until the other side goes, takes nothing any more, or sends too much nonsense."""
        tasks = [asyncio.create_task(work) for work in (self._listen(), self._beat(), self._lost.wait())]
        try:
            await asyncio.wait({tasks[0], tasks[2]}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            tasks += [task for _, task in self._followed.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if self._shown_out:
                await self._close(NOT_SIGNED_IN, ProblemCode.NOT_SIGNED_IN)

    def show_out(self) -> None:
        """End the line, since what its person was let in with is worth nothing any more."""
        self._shown_out = True
        self._lost.set()

    async def _listen(self) -> None:
        with contextlib.suppress(WebSocketDisconnect):
            async for text in self._frames():
                await self._answer(text)

    async def _frames(self) -> AsyncIterator[str]:
        while self._bad < MOST_BAD_FRAMES:
            message = await self._websocket.receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is None:
                await self._refuse(Refusal(ProblemCode.MALFORMED, "Frames are JSON text, not binary."))
            else:
                yield text
        await self._close(TOO_MANY_BAD, "malformed")

    async def _answer(self, text: str) -> None:
        frame: ClientFrame | None = None
        try:
            frame = CLIENT_FRAME.validate_json(text)
            await self._act(frame)
            self._bad = 0
        except (Refusal, ValidationError) as failure:
            if frame is None:
                await self._refuse(refusal_of(failure), _id_in(text))
            else:
                await self._send(_refusal(refusal_of(failure), frame))
        except WebSocketDisconnect:
            raise
        except Exception as failure:  # noqa: BLE001 - whatever it is, the sender is told and the line stays open
            _log.exception("A frame could not be answered")
            await self._send(_refusal(refusal_of(failure), frame))

    async def _act(self, frame: ClientFrame) -> None:
        match frame:
            case Ping():
                await self._send(_HEARTBEAT)
            case Subscribe():
                await self._subscribe(frame)
            case Unsubscribe():
                await self._unsubscribe(frame.document)
            case Here():
                if frame.document in self._followed:
                    self._followed[frame.document][0].here(frame.section)
            case CommandFrame():
                await self._command(frame)

    async def _command(self, frame: CommandFrame) -> None:
        envelope = Envelope.model_validate({"id": frame.id, "command": frame.command})
        receipt = await take(self._house, self._person, envelope)
        await self._send(ReceiptFrame(**receipt.model_dump()).model_dump_json())

    async def _subscribe(self, frame: Subscribe) -> None:
        await self._unsubscribe(frame.document)
        if len(self._followed) >= MOST_SUBSCRIPTIONS:
            raise Refusal(ProblemCode.BUSY, f"One socket follows at most {MOST_SUBSCRIPTIONS} documents.")
        following = await self._feed.follow(self._person, frame.document, frame.after)
        said = Subscribed(document=frame.document, cursor=following.cursor).model_dump_json()
        task = asyncio.create_task(self._tell(following, said))
        # However it ends, and even if it is cancelled before it begins.
        task.add_done_callback(lambda _: following.close())
        self._followed[frame.document] = (following, task)

    async def _tell(self, following: Following, said: str) -> None:
        """Send what the reader may see, until unsubscribed or reset."""
        try:
            await self._send(said)
            async for text in following.frames():
                await self._send(text)
        except WebSocketDisconnect:
            pass
        except Exception:  # noqa: BLE001 - whatever it is, see below
            # Whoever believes to be subscribed must not be left in silence: they come again and resume.
            _log.exception("A feed broke")
            await self._close(FEED_BROKEN, "internal")

    async def _unsubscribe(self, document: str) -> None:
        if following := self._followed.pop(document, None):
            following[1].cancel()
            await asyncio.gather(following[1], return_exceptions=True)

    async def _refuse(self, refusal: Refusal, command: str | None = None) -> None:
        """Refuse what could not even be read; too much of that closes the line."""
        self._bad += 1
        FRAMES_REFUSED.inc()
        said = RefusalFrame(id=command, code=refusal.code, detail=refusal.detail, facts=refusal.facts)
        await self._send(said.model_dump_json())

    async def _send(self, text: str) -> None:
        """Send, or give the line up when the other side takes nothing any more."""
        self._quiet = False
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._websocket.send_text(text)
        except TimeoutError:
            self._lost.set()
            raise WebSocketDisconnect(TOO_SLOW) from None
        except RuntimeError:  # closed in the meantime
            raise WebSocketDisconnect(1006) from None

    async def _close(self, code: int, reason: str) -> None:
        with contextlib.suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
            async with asyncio.timeout(SEND_SECONDS):
                await self._websocket.close(code, reason)
        self._lost.set()

    async def _beat(self) -> None:
        """Say something when nothing else was said, so that silence means a broken line."""
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                await asyncio.sleep(HEARTBEAT_SECONDS)
                if self._quiet:
                    await self._send(_HEARTBEAT)
                self._quiet = True


def _refusal(refusal: Refusal, frame: ClientFrame | None) -> str:
    command = frame.id if isinstance(frame, CommandFrame) else None
    return RefusalFrame(id=command, code=refusal.code, detail=refusal.detail, facts=refusal.facts).model_dump_json()


def _id_in(text: str) -> str | None:
    """Find the command's id in a frame that could not be read, so that its sender knows which one was meant."""
    with contextlib.suppress(ValueError, AttributeError, RecursionError):
        return _COMMAND_ID.validate_python(json.loads(text).get("id"))
    return None
