"""Somebody at a socket who follows a room's document."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tests.http.hosting import Room


class Reader:
    """Somebody at a socket who follows the room's document."""

    def __init__(self, line: ClientConnection) -> None:
        self.line = line
        self.cursor = ""

    async def follow(self, room: Room, after: str | None = None) -> None:
        await self.line.send(json.dumps({"type": "subscribe", "document": room.document, "after": after}))
        self.cursor = (await self.hear("subscribed"))["cursor"]

    async def hear(self, *types: str, within: float = 15) -> dict[str, Any]:
        async with asyncio.timeout(within):
            while True:
                frame: dict[str, Any] = json.loads(await self.line.recv())
                if frame["type"] in types:
                    return frame

    async def body(self, within: float = 15) -> str:
        frame = await self.hear("event", "reset", within=within)
        if frame["type"] == "reset":
            return "reset"
        self.cursor = frame["cursor"]
        body: str = frame["event"]["payload"]["comment"]["body"]
        return body

    async def silent(self, seconds: float) -> bool:
        """Tell whether no event comes for so long."""
        try:
            await self.hear("event", "reset", within=seconds)
        except TimeoutError:
            return True
        return False


@asynccontextmanager
async def reader(room: Room, handle: str, after: str | None = None) -> AsyncIterator[Reader]:
    address = await asyncio.to_thread(room.socket_address, handle)
    async with connect(address, max_size=None, open_timeout=30, compression=None) as line:
        one = Reader(line)
        await one.follow(room, after)
        yield one


async def said(room: Room, by: str, body: str, audience: str = "all") -> None:
    await asyncio.to_thread(room.comment, by, body, audience)


def cursor_of(room: Room, handle: str) -> str:
    with room.client(handle) as client:
        cursor: str = client.get(f"/api/v1/documents/{room.document}/snapshot").json()["cursor"]
    return cursor
