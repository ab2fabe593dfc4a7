"""Views of how far the room has agreed, and of where the text stands."""

from typing import Literal

from pydantic import AwareDatetime

from drafting.protocol.base import Wire
from drafting.protocol.words import SectionStatus


class StatusView(Wire):
    """A status as it was given to the exact wording (``text``) that a section had in a version."""

    id: str
    section: str
    version: str
    text: str
    status: SectionStatus
    awaiting: list[str]
    placement_pending: bool
    note: str
    by: str
    capacity: str
    at: AwareDatetime


class ReopeningView(Wire):
    """What dropped a status: the version (id and name) whose text touched the agreed wording, how, by which words, and
    whose they are (none: the secretariat's or the chair's).
    """

    version: str
    name: str
    touch: Literal["reworded", "bracketed", "gone"]
    words: list[tuple[str, str]]
    delegations: list[str]
    amendments: list[str]


class SectionStatusView(Wire):
    """Where a section stands on the newest text. ``given``: the last status it got; ``reopened``: what dropped it
    since; ``brackets``: how many open in it; ``bracketed``: whether it stands in one or has one in it.
    """

    section: str
    label: str
    status: SectionStatus
    given: StatusView | None
    reopened: ReopeningView | None
    brackets: int
    bracketed: bool


class WhereItStandsView(Wire):
    """Where the text stands: each section's status, how many have which, and how many brackets are open."""

    document: str
    version: str
    sections: list[SectionStatusView]
    counts: dict[SectionStatus, int]
    brackets: int
