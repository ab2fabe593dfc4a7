"""Frames of the event socket ``/ws``: JSON text, each with its ``type``."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from drafting.protocol.base import Wire
from drafting.protocol.events import EventView
from drafting.protocol.words import CommandId, DocumentId, SectionId


class Subscribe(Wire):
    """Send me this document's events from after the cursor on; without one, from now."""

    type: Literal["subscribe"] = "subscribe"
    document: DocumentId
    after: Annotated[str, Field(max_length=200)] | None = None


class Unsubscribe(Wire):
    """Send me no more of this document."""

    type: Literal["unsubscribe"] = "unsubscribe"
    document: DocumentId


class CommandFrame(Wire):
    """A command; its body is judged apart from the frame, so that a bad one is refused by its id."""

    type: Literal["command"] = "command"
    id: CommandId
    command: dict[str, Any]


class Here(Wire):
    """I am reading this section (or none in particular); sent on to those present, never stored."""

    type: Literal["here"] = "here"
    document: DocumentId
    section: SectionId | None = None


class Ping(Wire):
    """Say that you are there."""

    type: Literal["ping"] = "ping"


ClientFrame = Annotated[Subscribe | Unsubscribe | CommandFrame | Here | Ping, Field(discriminator="type")]
CLIENT_FRAME: TypeAdapter[ClientFrame] = TypeAdapter(ClientFrame)


class Subscribed(Wire):
    """The feed of the document runs; ``cursor`` is where it starts."""

    type: Literal["subscribed"] = "subscribed"
    document: str
    cursor: str


class EventFrame(Wire):
    """Something happened; ``cursor`` is where to resume after it."""

    type: Literal["event"] = "event"
    document: str
    cursor: str
    event: EventView


class ReceiptFrame(Wire):
    """The command was taken and is stored."""

    type: Literal["receipt"] = "receipt"
    id: str
    kind: str
    event: str
    at: AwareDatetime
    cursor: str
    made: dict[str, str]


class RefusalFrame(Wire):
    """The command or frame was refused; nothing was written. ``id`` is the command's, where one could be read."""

    type: Literal["refusal"] = "refusal"
    id: str | None = None
    code: str
    detail: str
    facts: dict[str, Any] = Field(default_factory=dict)


class Reset(Wire):
    """Your rights changed, or your cursor cannot be followed: take a new snapshot and subscribe again."""

    type: Literal["reset"] = "reset"
    document: str


class Present(Wire):
    """Somebody who has the document open: the capacities held in its process, and the section being read."""

    handle: str
    capacities: list[str]
    section: str | None


class Presence(Wire):
    """Who has the document open now."""

    type: Literal["presence"] = "presence"
    document: str
    present: list[Present]


class Heartbeat(Wire):
    """Sent when nothing else was, so that silence means a broken line; also the answer to a ping."""

    type: Literal["heartbeat"] = "heartbeat"


ServerFrame = Annotated[
    Subscribed | EventFrame | ReceiptFrame | RefusalFrame | Reset | Presence | Heartbeat,
    Field(discriminator="type"),
]
SERVER_FRAME: TypeAdapter[ServerFrame] = TypeAdapter(ServerFrame)
