"""A bare ``websockets`` server that sends every message on to all its clients: the peer of our fan-out.

``python -m bench.broadcaster PORT``; ``/healthz`` answers 200 once it serves.
"""

import asyncio
import sys
from http import HTTPStatus

from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.http11 import Request, Response


async def main(port: int) -> None:
    """Serve until ended."""
    clients: set[ServerConnection] = set()

    async def client(socket: ServerConnection) -> None:
        clients.add(socket)
        try:
            async for message in socket:
                broadcast(clients, message)
        finally:
            clients.discard(socket)

    def health(socket: ServerConnection, request: Request) -> Response | None:
        return socket.respond(HTTPStatus.OK, "") if request.path == "/healthz" else None

    async with serve(client, "127.0.0.1", port, compression=None, process_request=health) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
