"""The clients of :mod:`bench.live`: plain sockets in one loop, the same for every server, in a process of their own.

While it is typed, nothing is read but bytes, with the time at which they came; what they say is worked out afterwards.
Frames are made before. So one core carries some 100,000 receipts a second, and how busy this process was is told.
"""

import gc
import select
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from bench.live_tally import Chunk, Sent, Tally
from bench.live_words import Dialect, dialect, framed, heard, leaving, pong

_ROOM_FOR_A_READ = 1 << 14
_JOIN_SECONDS = 30.0
_SLICE_SECONDS = 0.02
_QUIET_SECONDS = 1.5
_FAREWELL_SECONDS = 0.2
now = time.perf_counter


@dataclass(frozen=True, slots=True)
class Door:
    """Where a draft is spoken about, in which dialect."""

    port: int
    path: str
    dialect: str
    room: str = ""

    def speech(self) -> Dialect:
        """Give how to speak about it."""
        return dialect(self.dialect, self.room)


class Stroke(NamedTuple):
    """What is to be sent: when (seconds from the beginning), by whom, the frame, and the first clock that it brings."""

    at: float
    writer: int
    frame: bytes
    clock: int


@dataclass(slots=True)
class Played:
    """One piece of typing: what was counted, the seconds that sending took, and the share of a core that it took."""

    tally: Tally
    took: float
    busy: float


@dataclass(slots=True)
class Crowd:
    """Clients that have joined a draft, in their order."""

    door: Door
    sockets: list[socket.socket] = field(default_factory=list)
    _poll: select.epoll = field(default_factory=select.epoll)
    _numbers: dict[int, int] = field(default_factory=dict)
    _unsent: dict[int, bytearray] = field(default_factory=dict)
    _log: list[Chunk] = field(default_factory=list)
    _rests: dict[int, bytes] = field(default_factory=dict)

    def join(self, many: int) -> bytes:
        """Let more clients in, each synced before the next; gives all that the last was told about the draft."""
        told = b""
        for _ in range(many):
            client, told = joined(self.door)
            client.setblocking(False)
            self._numbers[client.fileno()] = len(self.sockets)
            self.sockets.append(client)
            self._poll.register(client.fileno(), select.EPOLLIN)
        return told

    def leave(self) -> None:
        """Let everybody go, and say so: a server shall not have to write down that they vanished."""
        for client in self.sockets:
            farewell(client)
        self._listen(now() + _FAREWELL_SECONDS)
        for client in self.sockets:
            client.close()
        self._poll.close()

    def calm(self, seconds: float) -> None:
        """Read for so long what does not count: what a server tells about those who came, or what is late."""
        self._listen(now() + seconds)
        self._digest(self.tally([]))

    def tally(self, hands: Sequence[int], letters: int = 1) -> Tally:
        """Give what counts the next piece of typing, in which clients type as these Yjs clients."""
        return Tally(self.door.speech(), len(self.sockets), hands, letters, self._rests)

    def say(self, writer: int, frame: bytes) -> None:
        """Send, or keep what does not go through for when it does."""
        waiting = self._unsent.pop(writer, None)
        content = waiting + frame if waiting else frame
        client = self.sockets[writer]
        try:
            gone = client.send(content) if content else 0
        except BlockingIOError:
            gone = 0
        except OSError:
            return
        if gone < len(content):
            self._unsent[writer] = bytearray(content[gone:])
        if bool(waiting) != (gone < len(content)):
            more = select.EPOLLOUT if gone < len(content) else 0
            self._poll.modify(client.fileno(), select.EPOLLIN | more)

    def play(self, strokes: Sequence[Stroke], tally: Tally, patience: float, grace: float = 0.3) -> Played:
        """Type, and listen until everybody had everything, or nothing comes any more, or patience ends (seconds).

        What came is first looked at after the grace (seconds), since looking keeps from listening.
        """
        gc.disable()
        busy, start = time.process_time(), now()
        sent = [self._type(start, stroke) for stroke in strokes]
        took = now() - start
        busy = (time.process_time() - busy) / max(took, 1e-9)
        gc.enable()
        tally.send(sent)
        self._listen(now() + grace)
        self._settle(tally, now() + patience)
        return Played(tally, took, busy)

    def _type(self, start: float, stroke: Stroke) -> Sent:
        self._listen(start + stroke.at)
        at = now()
        self.say(stroke.writer, stroke.frame)
        return Sent(stroke.writer, stroke.clock, at)

    def _settle(self, tally: Tally, until: float) -> None:
        quiet = now() + _QUIET_SECONDS
        while now() < min(until, quiet):
            before = len(tally.times)
            self._digest(tally)
            if not tally.lost:
                return
            if len(tally.times) > before:
                quiet = now() + _QUIET_SECONDS
            self._listen(now() + _SLICE_SECONDS)
        self._digest(tally)

    def _digest(self, tally: Tally) -> None:
        """Count what came, and answer pings."""
        chunks, self._log = self._log, []
        tally.take(chunks)
        for reader, content in tally.pings:
            self.say(reader, pong(content))
        tally.pings.clear()

    def _listen(self, until: float) -> None:
        """Read whatever comes until then, at least once."""
        while True:
            for number, event in self._poll.poll(max(0.0, until - now())):
                if event & select.EPOLLOUT:
                    self.say(self._numbers[number], b"")
                if event & ~select.EPOLLOUT:
                    self._receive(number)
            if now() >= until:
                return

    def _receive(self, number: int) -> None:
        reader = self._numbers[number]
        try:
            content = self.sockets[reader].recv(_ROOM_FOR_A_READ)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            content = b""
        if content:
            self._log.append(Chunk(reader, now(), content))
        else:
            self._poll.unregister(number)


def joined(door: Door, room: int = 0) -> tuple[socket.socket, bytes]:
    """Connect and sync: gives the socket, and all that the server had. ``room`` bounds what the kernel keeps unread."""
    client = socket.socket()
    if room:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    client.settimeout(_JOIN_SECONDS)
    client.connect(("127.0.0.1", door.port))
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    client.sendall(
        f"GET {door.path} HTTP/1.1\r\nHost: 127.0.0.1:{door.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: bGl2ZSBiZW5jaCBsaXZlIQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode("ascii")
    )
    stream = b""
    while b"\r\n\r\n" not in stream:
        stream += _more(client)
    head, _, stream = stream.partition(b"\r\n\r\n")
    if b" 101 " not in head.partition(b"\r\n")[0]:
        raise ConnectionRefusedError(head.decode("latin-1"))
    speech = door.speech()
    greeting = speech.greeting()
    for message in greeting:
        client.sendall(framed(message))
    return client, _synced(client, speech, stream) if greeting else b""


def farewell(client: socket.socket) -> None:
    """Say that a client goes."""
    with suppress(OSError):
        client.send(leaving())


def _synced(client: socket.socket, speech: Dialect, stream: bytes) -> bytes:
    """Read until everything came, and no part of a frame is left over."""
    told: bytes | None = None
    while True:
        came = heard(stream)
        for message in came.messages:
            said = speech.read(message)
            if said.kind == "synced":
                told = said.content
        if told is not None and not came.rest:
            return told
        if came.closes:
            raise ConnectionRefusedError("closed before it was synced")
        stream = came.rest + _more(client)


def _more(client: socket.socket) -> bytes:
    content = client.recv(_ROOM_FOR_A_READ)
    if not content:
        raise ConnectionRefusedError("gone before it was synced")
    return content
