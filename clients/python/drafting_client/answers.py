"""Answers of single addresses, around the views of the protocol."""

from pydantic import AwareDatetime, BaseModel, ConfigDict

from drafting.protocol.commands import Receipt
from drafting.protocol.events import EventView
from drafting.protocol.views import LintView


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Ticket(_Answer):
    """What opens one socket, once, within 30 s."""

    ticket: str
    expires_at: AwareDatetime


class Fed(_Answer):
    """An event, and where to resume after it."""

    cursor: str
    event: EventView


class Feed(_Answer):
    """Events in order, and where to ask on: further than the last event, if others followed that are not ours."""

    items: list[Fed]
    cursor: str


class Remark(_Answer):
    """Something that the importer has to say about a place in the file."""

    place: str
    sentence: str


class Imported(_Answer):
    """A file was taken in: the receipt (``receipt.made["document"]``), what looks wrong, and how it was understood."""

    receipt: Receipt
    lint: list[LintView]
    remarks: list[Remark]
