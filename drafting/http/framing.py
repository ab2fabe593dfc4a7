"""Websockets that can also be spoken to without detours: for rooms, where one keystroke is two hundred deliveries.

Whoever asks for the pipe of a connection hears its frames as they come, without a queue between, and sends frames that
were written once for everybody straight to its transport. Everything else stays uvicorn's.
"""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode
from websockets.http11 import Request

from drafting.live.wire import Frame

PIPE = "drafting.pipe"
"""Under what name the extensions of a connection's scope hold its pipe."""
_MOST_AT_ONCE = 8_192
"""How many bytes of one connection are read before others have their turn."""
_SILENCE_SECONDS = 0.5


class Tapped(WebSocketsSansIOProtocol):
    """A websocket with a pipe, which is a ``drafting.live.lines.Pipe``."""

    _heard: Callable[[bytes | None], float] | None = None
    _drained: Callable[[], None] | None = None
    _too_large: tuple[Frame, int, str] | None = None
    _full = False
    _rest = b""
    _reading: asyncio.TimerHandle | None = None
    _pause = 0.0
    _hang_up_by = 0.0

    def handle_connect(self, event: Request) -> None:
        """Let the app find the pipe."""
        super().handle_connect(event)
        if hasattr(self, "scope"):
            cast("dict[str, Any]", self.scope["extensions"])[PIPE] = self

    def tap(self, heard: Callable[[bytes | None], float], too_large: tuple[Frame, int, str]) -> None:
        """Give each frame from now on to ``heard`` (``None``: one of text), which says for how long to pause then.

        A frame that is too large is answered by the frame, close code and reason in ``too_large``.
        """
        self._heard, self._too_large = heard, too_large
        while not self.queue.empty():
            message = self.queue.get_nowait()
            if message["type"] != "websocket.receive":
                self.queue.put_nowait(message)
                break
            self._pause = max(self._pause, heard(message.get("bytes")))
        self._read_on()

    @property
    def waiting(self) -> int:
        """How many bytes wait to be taken by the other side."""
        return self.transport.get_write_buffer_size()

    def offer(self, frame: Frame) -> bool:
        """Send, unless too much waits already, or the connection is closing; tells whether it was taken."""
        if self._full or self.close_sent or self.disconnected or self.transport.is_closing():
            return False
        self.transport.write(frame.framed)
        return True

    def on_drained(self, drained: Callable[[], None]) -> None:
        """Call this whenever frames are taken again, after they were not."""
        self._drained = drained

    def cut(self) -> None:
        """Hang up at once: the other side takes nothing any more, not even a good-bye."""
        self.transport.abort()

    def pause_writing(self) -> None:
        """Take no more frames for now."""
        super().pause_writing()
        self._full = True

    def resume_writing(self) -> None:
        """Take frames again."""
        super().resume_writing()
        self._full = False
        if self._drained is not None and not self.close_sent:
            self._drained()

    def data_received(self, data: bytes) -> None:
        """Read what has come; of one who sends much, a little at a time."""
        if self._heard is None:
            super().data_received(data)
            return
        if self._hang_up_by:
            self._hang_up_soon()
            return
        self._rest += data
        if self._reading is None:
            self._read_some()

    def send_receive_event_to_app(self) -> None:
        """Hand a message on."""
        if self._heard is None or self.close_sent:
            super().send_receive_event_to_app()
            return
        content = self.frames[0] if len(self.frames) == 1 else b"".join(self.frames)
        self.frames = []
        pause = self._heard(bytes(content) if self.curr_msg_data_type == "bytes" else None)
        self._pause = max(self._pause, pause)

    def handle_parser_exception(self) -> None:
        """Say to a tapped connection in its own way that its frame was too large, and let it hear that."""
        sent = self.conn.close_sent
        if self._too_large is None or self.close_sent or sent is None or sent.code != CloseCode.MESSAGE_TOO_BIG:
            super().handle_parser_exception()
            return
        frame, code, reason = self._too_large
        self.conn.data_to_send()
        self.transport.write(frame.framed + _close_frame(code, reason))
        self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self._hang_up_by = self.loop.time() + self.close_timeout
        self._hang_up_soon()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget what was tapped."""
        super().connection_lost(exc)
        self._heard = self._drained = None
        if self._reading is not None:
            self._reading.cancel()

    def _hang_up_soon(self) -> None:
        # Closed at once, what is still coming would be answered by a reset, which may overtake what we said.
        if self.close_timer is not None:
            self.close_timer.cancel()
        when = min(self.loop.time() + _SILENCE_SECONDS, self._hang_up_by)
        self.close_timer = self.loop.call_at(when, self.transport.close)

    def _read_some(self) -> None:
        """Read the next bytes, and go on with the rest after the others' turn, or after a pause."""
        self._reading = None
        some, self._rest = self._rest[:_MOST_AT_ONCE], self._rest[_MOST_AT_ONCE:]
        if some:
            super().data_received(some)
        if self.disconnected or self.transport.is_closing():
            return
        if self._hang_up_by:
            self._rest = b""
        if self._rest or self._pause:
            self.transport.pause_reading()
            self._reading = self.loop.call_later(self._pause, self._read_some)
            self._pause = 0.0
        else:
            self._read_on()

    def _read_on(self) -> None:
        self.read_paused = False
        self.transport.resume_reading()


def _close_frame(code: int, reason: str) -> bytes:
    said = code.to_bytes(2, "big") + reason.encode()
    return bytes((0x88, len(said))) + said
