"""Answers of single addresses, around the views."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, SecretStr

from drafting.protocol.base import Wire
from drafting.protocol.commands import DraftedSection, Receipt
from drafting.protocol.events import EventView
from drafting.protocol.views import LintView
from drafting.protocol.words import Handle

Password = Annotated[SecretStr, Field(min_length=12, max_length=200)]
TypedPassword = Annotated[SecretStr, Field(max_length=200)]


class SignIn(Wire):
    """The code of a sign-in link, to be sent."""

    code: str = Field(max_length=200)


class SignInByPassword(Wire):
    """A handle and its password, to be sent in place of a code."""

    handle: Handle
    password: TypedPassword


class NewPassword(Wire):
    """The password to have from now on, of 12 characters at least. ``old`` is the one so far; it may be left out in a
    session that a sign-in link began.
    """

    old: TypedPassword | None = None
    new: Password


class CredentialView(Wire):
    """Something that lets a person in: a session (and how it began), a sign-in link not used yet, a token, or a token
    for one working draft alone (whose id is the label).

    ``current`` is the one that this was asked with.
    """

    id: str
    kind: Literal["session", "sign_in", "token", "draft"]
    label: str
    created_at: AwareDatetime
    expires_at: AwareDatetime | None
    current: bool


class TableLine(Wire):
    """What became of a line of the secretariat's table: ``taken``; ``ready`` to be taken, when it was only checked;
    ``unchanged``, since it was entered already; or ``refused``, and why. ``subject`` is the code or handle it is about.
    """

    line: int
    subject: str
    outcome: Literal["taken", "ready", "unchanged", "refused"]
    command: str | None = None
    code: str | None = None
    detail: str | None = None


class TableReport(Wire):
    """What became of each line, in the order of the file. ``checked``: it was only checked, and nothing was taken."""

    checked: bool
    lines: list[TableLine]


class Ticket(Wire):
    """A one-time secret that opens one socket within half a minute."""

    ticket: str
    expires_at: AwareDatetime


class DraftToken(Wire):
    """A secret that opens one working draft, as often as it is shown there, until it expires or is revoked."""

    token: str
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


class UnderstoodSection(DraftedSection):
    """A section of a draft as it was understood: where in the file it was, and by what it was taken for what it is
    (its ``style``, its ``outline`` level, its ``number``, its ``words``, or else its ``place`` in the text).
    """

    place: str
    why: Literal["style", "outline", "number", "words", "place"]


class DraftReport(Wire):
    """A draft as it was understood, before it is taken in: what is corrected in ``sections`` can be sent along then."""

    title: str
    language: str
    sections: list[UnderstoodSection]
    remarks: list[Remark]


class Imported(Wire):
    """A file was taken in: the new document, its brackets without a partner, and how the file was understood."""

    receipt: Receipt
    lint: list[LintView]
    remarks: list[Remark]
