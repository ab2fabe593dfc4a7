"""Somebody with a Yjs document at a line of a room, in memory: what is offered to them arrives at once."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from pycrdt import Decoder, Doc, Map, Text, TransactionEvent, create_update_message, handle_sync_message

from drafting.house import House
from drafting.live.lines import Line  # noqa: TC001 - read where it is
from drafting.live.rooms import Rooms
from drafting.live.wire import Frame
from storage import updates
from storage.database import WriteTransaction
from tests.casting import Cast

PATIENCE = 10.0
ASK = bytes((0, 0, 1, 0))
"""A step 1 of one who has nothing."""


class Typist:
    """A document, and the pipe to it. ``full``: it takes nothing. What is typed goes to the line at once, unless it is
    ``muted``.
    """

    def __init__(self, client: int | None = None) -> None:
        self.doc: Doc[Any] = Doc(client_id=client) if client else Doc()
        self.sections = self.doc.get("sections", type=Map)
        self.outline = self.doc.get("outline", type=Map)
        self.line: Line | None = None
        self.full = False
        self.muted = False
        self.waiting = 0
        self.heard: list[bytes] = []
        self.states: dict[int, Any] = {}
        self._drained: Callable[[], None] = lambda: None
        self._applying = False
        self._changes: list[bytes] = []
        self._watch = self.doc.observe(self._typed)

    def offer(self, frame: Frame) -> bool:
        if self.full:
            return False
        self.heard.append(frame.message)
        match frame.message[0]:
            case 0 if frame.message[1] == 0:
                asyncio.get_running_loop().call_soon(self._answer, frame.message[1:])
            case 0:
                self._applying = True
                handle_sync_message(frame.message[1:], self.doc)
                self._applying = False
            case 1:
                self._hear_states(frame.message)
        return True

    def on_drained(self, drained: Callable[[], None]) -> None:
        self._drained = drained

    def drain(self) -> None:
        self.full = False
        self._drained()

    def say(self, message: bytes) -> None:
        assert self.line is not None
        self.line.hear(message)

    def sync(self) -> None:
        self.say(bytes((0, 0, len(self.doc.get_state()))) + self.doc.get_state())

    def text(self, section: str) -> str:
        return str(self.sections[section]) if section in self.sections else ""

    def type(self, section: str, words: str, at: int = 0) -> None:
        text: Text = self.sections[section]
        text.insert(at, words)
        self.tell()

    def tell(self) -> None:
        """Say what was changed in the document since."""
        changes, self._changes = self._changes, []
        for change in changes:
            if not self.muted:
                self.say(create_update_message(change))

    def acks(self) -> list[bytes]:
        return [message for message in self.heard if message[0] == 100]

    def denied(self) -> dict[str, Any]:
        """Give the reason of the refusal that was told."""
        (message,) = (message for message in self.heard if message[0] == 2)
        assert message[1] == 0
        reason: dict[str, Any] = json.loads(Decoder(message[2:]).read_message() or b"")
        return reason

    def ending(self) -> tuple[int, str]:
        assert self.line is not None
        return self.line.ended.result()

    def _answer(self, asked: bytes) -> None:
        self.say(handle_sync_message(asked, self.doc) or b"")

    def _typed(self, event: TransactionEvent) -> None:
        if not self._applying:
            self._changes.append(event.update)

    def _hear_states(self, message: bytes) -> None:
        said = Decoder(Decoder(message[1:]).read_message() or b"")
        for _ in range(said.read_var_uint()):
            client, _clock, state = said.read_var_uint(), said.read_var_uint(), said.read_var_string()
            self.states[client] = json.loads(state)


def read(doc: Doc[Any]) -> tuple[frozenset[tuple[int, int]], frozenset[tuple[str, str]]]:
    """Give what a document knows of whom, and how it reads. Its bytes may differ from those of its like: the same words
    may be cut into runs where others once typed between them, or not.
    """
    vector = Decoder(doc.get_state())
    known = frozenset((vector.read_var_uint(), vector.read_var_uint()) for _ in range(vector.read_var_uint()))
    return known, frozenset((doc.get("sections", type=Map).to_py() or {}).items())


def spoken(*states: tuple[int, int, Any]) -> bytes:
    """Write an awareness message: clients, clocks below 128, and what they say of themselves."""
    content = bytes((len(states),))
    for client, clock, state in states:
        said = json.dumps(state).encode()
        content += _number(client) + bytes((clock,)) + _number(len(said)) + said
    return bytes((1,)) + _number(len(content)) + content


def _number(number: int) -> bytes:
    written = b""
    while number > 127:
        written += bytes((number & 127 | 128,))
        number >>= 7
    return written + bytes((number,))


def opened_draft(cast: Cast, handle: str = "arv", **said: Any) -> str:
    return cast.do(handle, "open_working_draft", **said).made["draft"]


def rows(house: House, draft: str) -> list[bytes]:
    """Give the updates in the draft's log that were not put together."""
    with house.database.reading() as tx:
        return [content for _, content in updates.after(tx.session, draft, 0)]


def on_disk(house: House, draft: str) -> Doc[Any]:
    """Give the document that is stored, as anybody makes it who reads the tables."""
    with house.database.reading() as tx:
        stored = updates.load(tx.session, draft)
    assert stored is not None
    doc: Doc[Any] = Doc()
    doc.get("sections", type=Map)
    for content in filter(None, (stored.state, *stored.updates)):
        doc.apply_update(content)
    return doc


@contextmanager
def busy_writer(house: House) -> Iterator[None]:
    """Keep the database's writer busy within the block: what is to be written waits, and goes in its order."""
    begun, over = threading.Event(), threading.Event()

    def wait(_tx: WriteTransaction) -> None:
        begun.set()
        over.wait(PATIENCE)

    done = house.database.write(wait)
    begun.wait(PATIENCE)
    try:
        yield
    finally:
        over.set()
    done.result()


async def until(true: Callable[[], bool], within: float = PATIENCE) -> None:
    async with asyncio.timeout(within):
        while not true():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0.005)


@asynccontextmanager
async def open_rooms(house: House) -> AsyncIterator[Rooms]:
    rooms = Rooms(house)
    running = asyncio.create_task(rooms.run())
    try:
        yield rooms
    finally:
        await rooms.rest()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def enter(
    rooms: Rooms, cast: Cast, handle: str, draft: str, typist: Typist | None = None, *, acks: bool = True
) -> Typist:
    """Let somebody in and wait until they have what is shown."""
    typist = typist or Typist()
    typist.heard.clear()
    person = await asyncio.to_thread(cast.person, handle)
    typist.line = await rooms.enter(await rooms.seat(person, draft), typist, acks=acks)
    typist.sync()
    await until(lambda: any(message[:2] == bytes((0, 1)) for message in typist.heard))
    await asyncio.sleep(0)
    return typist
