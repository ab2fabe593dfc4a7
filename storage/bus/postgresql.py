"""The bus of several nodes on one PostgreSQL database: LISTEN and NOTIFY.

The node's own listeners hear at once. The others' rings are sent by a thread with a connection of its own, so that
they hold up neither the event's transaction nor its writer. While that connection is lost all go on: the feeds look
by themselves, only less often.
"""

import json
import logging
import selectors
import socket
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import make_url

from storage.bus.doorbell import Ring
from storage.bus.memory import MemoryBus
from storage.engines.postgresql import REACH

CHANNEL = "drafting_room"
PAUSE_SECONDS = 1.0
_MOST_WAITING = 10_000
_SEND = f"SELECT pg_notify('{CHANNEL}', ring) FROM unnest(%s::text[]) AS ring"  # noqa: S608 - a name of ours

_log = logging.getLogger(__name__)


class PostgresqlBus:
    """Rings at every node of the database. ``close`` sends what is still to be rung."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._dialect = self._url.get_dialect()()
        self._driver: Any = self._dialect.import_dbapi()
        self._here = MemoryBus()
        self._waiting: deque[Ring] = deque(maxlen=_MOST_WAITING)
        self._closed = threading.Event()
        self._wake, self._woken = socket.socketpair()
        self._wake.setblocking(False)
        # Whoever listens from the start misses nothing that is rung after it.
        self._thread = threading.Thread(target=self._run, args=(self._connect(),), name="bus", daemon=True)
        self._thread.start()

    def ring(self, ring: Ring) -> None:
        """Tell the listeners here, and soon those of the other nodes."""
        self._here.ring(ring)
        self._waiting.append(ring)
        self._stir()

    def listen(self, heard: Callable[[Ring], None]) -> Callable[[], None]:
        """Call ``heard`` at each ring until the function given is called."""
        return self._here.listen(heard)

    def close(self) -> None:
        """Send what waits and hang up. A second call does nothing."""
        self._closed.set()
        self._stir()
        self._thread.join()
        self._wake.close()
        self._woken.close()

    def _stir(self) -> None:
        with suppress(OSError):  # it is stirred enough already, or closed
            self._wake.send(b"!")

    def _run(self, connection: Any) -> None:
        while True:
            if connection is not None:
                self._serve(connection)
            if self._closed.wait(PAUSE_SECONDS):
                return
            self._waiting.clear()  # too late: the others have looked meanwhile
            connection = self._connect()

    def _connect(self) -> Any:
        args, said = self._dialect.create_connect_args(self._url)
        try:
            connection = self._driver.connect(*args, **{**REACH, **said}, autocommit=True)
            # A ring that the disk has not seen is no loss.
            connection.execute(f"SET synchronous_commit = off; LISTEN {CHANNEL}")
        except self._driver.Error as failure:
            _log.warning("The bus cannot reach the database; the nodes hear of each other less quickly: %s", failure)
            return None
        return connection

    def _serve(self, connection: Any) -> None:
        """Carry rings both ways until closed or cut off."""
        try:
            with selectors.DefaultSelector() as selector, connection:
                selector.register(connection.fileno(), selectors.EVENT_READ)
                selector.register(self._woken, selectors.EVENT_READ)
                while self._waiting or not self._closed.is_set():
                    if any(key.fileobj is self._woken for key, _ in selector.select()):
                        self._woken.recv(4096)
                    self._send(connection)
                    self._hear(connection)
        except self._driver.Error as failure:
            _log.warning("The bus lost its connection and takes another: %s", failure)

    def _send(self, connection: Any) -> None:
        rings = [self._waiting.popleft() for _ in range(len(self._waiting))]
        if rings:
            connection.execute(_SEND, [[json.dumps(ring) for ring in dict.fromkeys(rings)]])

    def _hear(self, connection: Any) -> None:
        for told in connection.notifies(timeout=0):
            if told.pid == connection.info.backend_pid:
                continue  # our own, heard already
            try:
                self._here.ring(Ring(*json.loads(told.payload)))
            except (TypeError, ValueError):
                _log.warning("Something that is no ring came over the bus")
