"""Answers of single addresses, around the views."""

from pydantic import AwareDatetime, Field

from drafting.protocol.base import Wire
from drafting.protocol.commands import Receipt
from drafting.protocol.events import EventView
from drafting.protocol.views import LintView


class SignIn(Wire):
    """The code of a sign-in link, to be sent."""

    code: str = Field(max_length=200)


class Ticket(Wire):
    """A one-time secret that opens one socket within half a minute."""

    ticket: str
    expires_at: AwareDatetime


class Happening(Wire):
    """An event, and where to resume after it."""

    cursor: str
    event: EventView


class Happenings(Wire):
    """Events in order, and where to ask on."""

    items: list[Happening]
    cursor: str


class Remark(Wire):
    """Something in a file that was left out or guessed, and where."""

    place: str
    sentence: str


class Imported(Wire):
    """A file was taken in: the new document, its brackets without a partner, and how the file was understood."""

    receipt: Receipt
    lint: list[LintView]
    remarks: list[Remark]
