"""Lists, and the state of the log."""

from typing import Annotated, Generic, TypeVar

from pydantic import Field

from drafting.protocol.base import Wire

T = TypeVar("T")


class Page(Wire, Generic[T]):
    """One page of a list; ``next`` is what to ask for to go on, absent at the end."""

    items: list[T]
    next: str | None = None


class FindingView(Wire):
    """Something that ``verify`` found: where, and what is wrong with it."""

    scope: str
    place: str
    what: str


class VerifyView(Wire):
    """The state of the log's chain and of what is derived from it."""

    events: int
    streams: int
    versions: int
    findings: Annotated[list[FindingView], Field(description="empty when all is well")]
