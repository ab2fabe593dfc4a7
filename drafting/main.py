"""Serving: the app under uvicorn, with nothing secret in its log lines."""

import logging
import signal
import socket
import sys

import uvicorn

from drafting import logs
from drafting.config import Settings
from drafting.house import House
from drafting.http.app import create_app
from drafting.http.framing import Tapped
from drafting.live.feed import Feed
from drafting.live.rooms import Rooms

GRACE_SECONDS = 10


class WithoutQueries(logging.Filter):
    """Cuts the query off logged addresses: it may hold a ticket."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, without what follows a question mark in its arguments."""
        if isinstance(record.args, tuple):
            record.args = tuple(arg.split("?")[0] if isinstance(arg, str) else arg for arg in record.args)
        return True


class Server(uvicorn.Server):
    """A server that writes what waits in working drafts, and lets go of those who wait for events, before it stops."""

    def __init__(self, config: uvicorn.Config, feed: Feed, rooms: Rooms) -> None:
        super().__init__(config)
        self._feed = feed
        self._rooms = rooms

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop."""
        self._feed.rest()
        await self._rooms.rest()
        await super().shutdown(sockets)


def server(house: House) -> Server:
    """Make the server of an open house, at its settings' host and port. The house is not closed with it."""
    settings = house.settings
    app = create_app(house)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        ws=Tapped,
        ws_max_size=settings.limits.frame_bytes,
        ws_per_message_deflate=False,
        access_log=False,
        log_level="warning",
        server_header=False,
        log_config=None,
        forwarded_allow_ips=settings.proxies,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    logging.getLogger("uvicorn.error").addFilter(WithoutQueries())
    return Server(config, app.state.feed, app.state.rooms)


def serve(settings: Settings) -> None:
    """Serve until told to stop; then finish what was begun and close the database."""
    for told in (signal.SIGTERM, signal.SIGINT):
        # uvicorn stops and then raises the signal again, which by default would end us before the house is closed.
        signal.signal(told, lambda *_: sys.exit())
    logs.begin(settings.log)
    house = House(settings)
    try:
        # Its processes take a second to start: the first reader of a long text should not wait for that.
        house.apart(int)
        server(house).run()
    finally:
        house.close()
