"""One line of the log, and one count, for each request and each socket: what was asked for, never what was said.

The route is written as its template: an address may hold an id, and a query a ticket.
"""

import logging
import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from drafting.http.metrics import REQUEST_SECONDS, REQUESTS

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_NO_ROUTE = "page"
_BROKEN, _GONE = 500, 1006

_log = logging.getLogger(__name__)


class RequestLines:
    """Goes around the whole app."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, and say in the end how it went."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        status = _BROKEN if scope["type"] == "http" else _GONE

        async def noting(message: Message) -> None:
            nonlocal status
            status = _status(message, status)
            await send(message)

        async def hearing() -> Message:
            nonlocal status
            message = await receive()
            status = _status(message, status)
            return message

        try:
            await self._app(scope, hearing, noting)
        finally:
            _say(scope, status, time.perf_counter() - begun)


def _status(message: Message, before: int) -> int:
    """Give the status of an answer, or the code that a socket was closed with, once there is one."""
    match message["type"]:
        case "http.response.start":
            return int(message["status"])
        case "websocket.close" | "websocket.disconnect":
            return int(message.get("code") or before)
    return before


def _template(scope: Scope) -> str:
    """Give the path of the route that was found, with the names of what stands in it for what was asked for."""
    names = {str(value): f"{{{name}}}" for name, value in scope.get("path_params", {}).items()}
    return "/".join(names.get(step, step) for step in scope["path"].split("/"))


def _say(scope: Scope, status: int, seconds: float) -> None:
    method = scope.get("method", "SOCKET")
    said: dict[str, Any] = {
        "method": method if method in _METHODS or scope["type"] == "websocket" else "OTHER",
        "route": _template(scope) if "route" in scope else _NO_ROUTE,
        "status": status,
    }
    REQUESTS.labels(**said).inc()
    if scope["type"] == "http":
        REQUEST_SECONDS.labels(said["route"]).observe(seconds)
    said["ms"] = round(seconds * 1000, 1)
    _log.info("%(method)s %(route)s %(status)s %(ms)s ms", said, extra={"facts": said})
