"""The ASGI app: routes, problems, the feed's life."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from drafting.config import Limits
from drafting.house import House
from drafting.http import asyncapi, live, page, problems, socket
from drafting.http.auth import COOKIE
from drafting.http.doorkeeper import Doorkeeper
from drafting.http.entrance import Entrance
from drafting.http.requests import RequestLines
from drafting.http.routes import commands, documents, drafts, files, health, imports, people, reading
from drafting.live.feed import Feed
from drafting.live.rooms import Rooms
from drafting.protocol.problems import ProblemCode, Refusal

API = "/api/v1"
UPLOADS = re.compile(rf"{API}/(?:documents/[^/]+/)?imports(?:/rehearsal)?")
"""The addresses that files are sent to."""
_AROUND_A_FILE = 1_000_000
"""Bytes that a form may have besides its file."""


def create_app(house: House) -> FastAPI:
    """Make the app over an open house. The house is not closed with it."""
    app = DescribedApp(
        title="Drafting Room", version="1", lifespan=_live, docs_url=None, redoc_url=None, redirect_slashes=False
    )
    app.state.house = house
    app.state.feed = Feed(house)
    app.state.rooms = Rooms(house)
    app.state.doorkeeper = Doorkeeper(house)
    app.state.entrance = Entrance(house)
    problems.install(app)
    api = APIRouter(prefix=API, responses=problems.RESPONSES)
    for routes in (people, commands, documents, drafts, reading, files, imports):
        api.include_router(routes.router)
    for router in (api, health.router, asyncapi.router, socket.router, live.router):
        app.include_router(router)
    app.router.default = page.page
    app.add_middleware(BodyLimit, limits=house.settings.limits)
    app.add_middleware(RequestLines)
    return app


class DescribedApp(FastAPI):
    """An app whose description also says how one signs in, and what a refusal looks like."""

    def openapi(self) -> dict[str, Any]:
        """Give the API's description."""
        if not self.openapi_schema:
            described = super().openapi()
            parts = described["components"]
            parts["schemas"]["Problem"] = problems.Problem.model_json_schema(
                ref_template="#/components/schemas/{model}"
            )
            parts["schemas"] |= parts["schemas"]["Problem"].pop("$defs")
            parts["securitySchemes"] = {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
            }
            described["security"] = [{"token": []}, {"session": []}]
            for path in {"/healthz", "/readyz", "/metrics"} & described["paths"].keys():
                described["paths"][path]["get"]["security"] = []
            described["paths"][f"{API}/sessions"]["post"]["security"] = []
        return self.openapi_schema or {}


@contextlib.asynccontextmanager
async def _live(app: FastAPI) -> AsyncIterator[None]:
    state = app.state
    running = [asyncio.create_task(part.run()) for part in (state.feed, state.rooms, state.doorkeeper)]
    yield
    await state.rooms.rest()
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


class BodyLimit:
    """Refuses a request's body that is larger than what we take, if possible before any of it is read."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on that is small enough."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limits = self._limits
        most = limits.upload_bytes + _AROUND_A_FILE if UPLOADS.fullmatch(scope["path"]) else limits.frame_bytes
        refusal = Refusal(ProblemCode.TOO_LARGE, f"A request to this address has at most {most:,} bytes.")
        said = Headers(scope=scope).get("content-length", "")
        if said.isdecimal() and int(said) > most:
            await problems.answer(refusal)(scope, receive, send)
            return
        left = most

        async def counting() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise refusal
            return message

        await self._app(scope, counting, send)
