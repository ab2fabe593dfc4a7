"""pycrdt-websocket with its SQLite store, under uvicorn: a peer of :mod:`bench.live`.

``python -m bench.live_pycrdt PORT FILE``; ``/healthz`` answers 200 once it serves. A room is loaded from the store
before its first client is served, which the library leaves to whoever uses it.
"""

import asyncio
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvicorn
from pycrdt import Doc
from pycrdt.store import SQLiteYStore
from pycrdt.store.base import YDocNotFound
from pycrdt.websocket import ASGIServer, WebsocketServer, YRoom
from pycrdt.websocket.websocket_server import exception_logger


class Rooms(WebsocketServer):
    """Rooms that are loaded from, and stored in, one file."""

    def __init__(self, file: Path) -> None:
        super().__init__(exception_handler=exception_logger)
        self._store = type("Store", (SQLiteYStore,), {"db_path": str(file)})
        self._opening = asyncio.Lock()

    async def get_room(self, name: str) -> YRoom:
        """Give the room of this name, loaded and started."""
        async with self._opening:
            if name not in self.rooms:
                self.rooms[name] = await self._loaded(name)
        room = self.rooms[name]
        await self.start_room(room)
        return room

    async def _loaded(self, name: str) -> YRoom:
        store = self._store(name)
        document: Doc[Any] = Doc()
        async with store:
            with suppress(YDocNotFound):
                await store.apply_updates(document)
        return YRoom(ystore=self._store(name), ydoc=document, exception_handler=exception_logger)


async def main(port: int, file: Path) -> None:
    """Serve until ended."""
    async with Rooms(file) as rooms:
        live = ASGIServer(rooms)

        async def app(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                await live(scope, receive, send)
                return
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})

        config = uvicorn.Config(
            app, "127.0.0.1", port, ws="websockets-sansio", ws_per_message_deflate=False, log_level="critical"
        )
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))
