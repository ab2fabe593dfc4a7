"""A small room served on this machine for the client's tests, and a wire to it that is cut at will."""

import asyncio
import socket
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from drafting.protocol.views import Snapshot

DOCUMENT = "do_01JD0000000000000000000000"
AT = "2026-11-28T14:55:00Z"
TOKEN = "the-token"  # noqa: S105 - opens nothing but the room below


def _number(cursor: str) -> int:
    return int(cursor.partition("~")[0])


def _problem(status: int, code: str, detail: str, **facts: object) -> JSONResponse:
    body = {"type": "about:blank", "title": code, "status": status, "code": code, "detail": detail} | facts
    return JSONResponse(body, status, media_type="application/problem+json")


@dataclass
class SmallRoom:
    """One document, one stream, comments only; with every weakness that a test may want."""

    log: list[dict[str, Any]] = field(default_factory=list)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    tickets: set[str] = field(default_factory=set)
    used: list[str] = field(default_factory=list)
    sockets: set[WebSocket] = field(default_factory=set)
    seen: list[Request] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    away: int = 0
    mute: bool = False
    deaf: bool = False
    known_from: int = 0
    _salt: "count[int]" = field(default_factory=count)

    def cursor(self, number: int) -> str:
        return f"{number}~{next(self._salt)}"

    def snapshot(self) -> dict[str, Any]:
        called = {"title": "Call", "symbol": "BP/CfA", "language": "en", "unnamed": False, "new": 1}
        document = {"id": DOCUMENT, "process": "pr", **called}
        lists = set(Snapshot.model_fields) - {"cursor", "document", "comments"}
        empty: dict[str, Any] = {name: [] for name in lists}
        comments = [event["payload"]["comment"] for event in self.log]
        return empty | {"cursor": self.cursor(len(self.log)), "document": document, "comments": comments}

    def take(self, envelope: dict[str, Any]) -> dict[str, Any] | None:
        """Take a comment and give its receipt; give nothing for the one that is refused."""
        body, number = envelope["command"]["body"], len(self.log) + 1
        if body == "no":
            return None
        if envelope["id"] not in self.receipts:
            comment = {"id": f"co{number}", "section": None, "target": None, "amendment": None, "reply_to": None}
            comment |= {"audience": "all", "delegation": "ARV", "by": "arv", "capacity": "head:ARV", "at": AT}
            comment |= {"group": None, "resolved": False, "body": body, "new": 1}
            payload = {"kind": "comment_posted", "comment": comment, "reopened": None}
            event = {"stream": "all", "seq": number, "kind": "comment_posted", "by": "arv", "capacity": "head:ARV"}
            self.log.append(event | {"at": AT, "payload": payload})
            receipt = {"id": envelope["id"], "kind": "post_comment", "event": "comment_posted", "at": AT, "new": 1}
            self.receipts[envelope["id"]] = receipt | {
                "cursor": self.cursor(number),
                "made": {"comment": f"co{number}"},
            }
        return self.receipts[envelope["id"]]

    # -- HTTP ---------------------------------------------------------------------------------------------------------

    async def http(self, request: Request) -> Response:
        self.seen.append(request)
        self.bodies.append(await request.body())
        if self.away:
            self.away -= 1
            return JSONResponse({}, 503)
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _problem(401, "not_signed_in", "Sign in first.")
        answer = getattr(self, "answer_" + request.url.path.rsplit("/", 1)[-1], self.answer_page)
        return await answer(request)

    async def answer_page(self, _: Request) -> Response:
        return HTMLResponse("<title>The page</title>")

    async def answer_commands(self, request: Request) -> Response:
        receipt = self.take(await request.json())
        return JSONResponse(receipt) if receipt else _problem(409, "round_closed", "Closed.", round="ro")

    async def answer_tickets(self, _: Request) -> Response:
        ticket = f"ticket {len(self.used) + len(self.tickets)}&x"
        self.tickets.add(ticket)
        return JSONResponse({"ticket": ticket, "expires_at": AT})

    async def answer_imports(self, _: Request) -> Response:
        receipt = {"id": "01JD0000000000000000000000", "kind": "import_document", "event": "document_imported"}
        return JSONResponse(
            {"receipt": receipt | {"at": AT, "cursor": "c", "made": {"document": "do"}}, "lint": [], "remarks": []}
        )

    async def answer_me(self, _: Request) -> Response:
        return JSONResponse({"handle": "arv", "name": "A. R. Vik", "capacities": {}, "new": {"x": 1}})

    async def answer_documents(self, request: Request) -> Response:
        number = int(request.query_params.get("after", "0"))
        item = self.snapshot()["document"] | {"id": f"do{number}"}
        return JSONResponse({"items": [item, item], "next": str(number + 1) if number < 2 else None})

    async def answer_snapshot(self, _: Request) -> Response:
        return JSONResponse(self.snapshot())

    async def answer_export(self, _: Request) -> Response:
        return Response(b"PK\x03\x04 a Word file", media_type="application/octet-stream")

    async def answer_events(self, request: Request) -> Response:
        number = _number(request.query_params["after"])
        if number < self.known_from:
            return _problem(410, "cursor_invalid", "The cursor leads nowhere.")
        for _ in range(20):
            if len(self.log) > number:
                break
            await asyncio.sleep(0.01)
        new = self.log[number : number + 3]
        items = [{"cursor": self.cursor(number + n), "event": event} for n, event in enumerate(new, 1)]
        return JSONResponse({"items": items, "cursor": self.cursor(number + len(new))})

    # -- the socket ---------------------------------------------------------------------------------------------------

    async def socket(self, socket: WebSocket) -> None:
        ticket = socket.query_params["ticket"]
        if ticket not in self.tickets:
            await socket.close(4401)
            return
        self.tickets.remove(ticket)
        self.used.append(ticket)
        await socket.accept()
        self.sockets.add(socket)
        feed: asyncio.Task[None] | None = None
        try:
            while True:
                frame = await socket.receive_json()
                if frame["type"] == "subscribe":
                    feed = asyncio.create_task(self.push(socket, frame["after"]))
                elif not self.deaf:
                    await self.reply(socket, frame)
        except WebSocketDisconnect:
            pass
        finally:
            self.sockets.discard(socket)
            if feed:
                feed.cancel()

    async def push(self, socket: WebSocket, after: str) -> None:
        number = _number(after)
        if number < self.known_from:
            await socket.send_json({"type": "reset", "document": DOCUMENT})
            return
        await socket.send_json({"type": "subscribed", "document": DOCUMENT, "cursor": self.cursor(number)})
        for idle in count(1):
            while number < len(self.log) and not self.mute:
                event, number = self.log[number], number + 1
                frame = {"type": "event", "document": DOCUMENT, "cursor": self.cursor(number), "event": event}
                await socket.send_json(frame)
            if idle % 10 == 0 and not self.mute:
                await socket.send_json({"type": "heartbeat"})
            await asyncio.sleep(0.01)

    async def reply(self, socket: WebSocket, frame: dict[str, Any]) -> None:
        receipt = self.take(frame)
        no = {
            "type": "refusal",
            "id": frame["id"],
            "code": "round_closed",
            "detail": "Closed.",
            "facts": {"round": "ro"},
        }
        await socket.send_json(receipt | {"type": "receipt"} if receipt else no)

    async def dismiss(self) -> None:
        """Close all sockets, as a server does that is about to restart."""
        for open_socket in list(self.sockets):
            await open_socket.close(1012)


class _Aside:
    """An event loop in a thread, for what the tests talk to."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()


class Wire:
    """Passes bytes on to the room; the n-th connection is torn after so many bytes as the n-th cut says."""

    def __init__(self, port: int, cuts: Iterator[int]) -> None:
        self.torn = 0
        self.url = ""
        self._port = port
        self._cuts = cuts
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> int:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, near: asyncio.StreamReader, to_near: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        far, to_far = await asyncio.open_connection("127.0.0.1", self._port)
        left = [next(self._cuts, 10**9)]
        ways = {asyncio.ensure_future(self._pass(near, to_far, left))}
        ways.add(asyncio.ensure_future(self._pass(far, to_near, left)))
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            self.torn += left[0] <= 0
        finally:
            for way in ways:
                way.cancel()
            to_near.transport.abort()
            to_far.transport.abort()
            self._tasks.discard(task)

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, left: list[int]) -> None:
        try:
            while left[0] > 0 and (chunk := await source.read(64)):
                sink.write(chunk[: left[0]])
                left[0] -= len(chunk)
                await sink.drain()
        except OSError:
            return


class Served:
    """A small room at ``url``, and ``aside`` to reach into its loop."""

    def __init__(self) -> None:
        self.room = SmallRoom()
        self.aside = _Aside()
        routes = [
            Route("/{path:path}", self.room.http, methods=["GET", "POST"]),
            WebSocketRoute("/ws", self.room.socket),
        ]
        listening = socket.create_server(("127.0.0.1", 0))
        self.port = listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        config = uvicorn.Config(
            Starlette(routes=routes), ws="websockets-sansio", log_level="critical", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._serving = asyncio.run_coroutine_threadsafe(self._server.serve([listening]), self.aside.loop)

    @contextmanager
    def torn_after(self, *cuts: int) -> Iterator[Wire]:
        """Give a wire at ``wire.url`` that tears its first connections after so many bytes each."""
        wire = Wire(self.port, iter(cuts))
        wire.url = f"http://127.0.0.1:{self.aside.run(wire.open())}"
        try:
            yield wire
        finally:
            self.aside.run(wire.close())

    def stop(self) -> None:
        self._server.should_exit = True
        self._serving.result(10)
        self.aside.stop()


@pytest.fixture
def served() -> Iterator[Served]:
    served = Served()
    yield served
    served.stop()
