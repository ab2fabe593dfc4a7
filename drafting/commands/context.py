"""What a command's function is given, and what it gives back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from drafting.config import Limits
from drafting.domain.tokens import clean_text
from drafting.policy import Acting
from drafting.protocol.events import Payload
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.queries.people import Person, Reader, in_capacity, reader
from storage.database import WriteTransaction
from storage.tables import Delegation, Document


@dataclass(frozen=True, slots=True)
class Happened:
    """What a command's function says has happened: the principal event, who sees it, and what it made.

    ``scope`` is set only by a command that founds a new scope, whose log then begins with this event.
    """

    payload: Payload
    stream: str = "all"
    made: dict[str, str] = field(default_factory=dict)
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """The one thing a command's function knows of the world. ``place`` is the place its event will have."""

    tx: WriteTransaction
    person: Person
    acting: Acting
    at: datetime
    place: int
    limits: Limits
    mint_id: Callable[[str, datetime], str]

    @property
    def session(self) -> Session:
        """The session of the write transaction."""
        return self.tx.session

    @property
    def capacity(self) -> str:
        """The capacity acted in, as it is written."""
        return f"{self.acting.role}:{self.acting.side}" if self.acting.side else str(self.acting.role)

    @property
    def delegation(self) -> str:
        """The delegation acted for."""
        if self.acting.delegation is None:
            raise Refusal(ProblemCode.NOT_PERMITTED, "This is for delegations.")
        return self.acting.delegation

    @property
    def signature(self) -> dict[str, Any]:
        """What a row says of the command that wrote it: who, in which capacity, when, and the place of its event."""
        return {"by": self.person.handle, "capacity": self.capacity, "at": self.at, "place": self.place}

    def admitted(self, process: str, code: str) -> Delegation:
        """Give the delegation's row in the secretariat's table, or refuse as unknown."""
        row = self.session.get(Delegation, (process, code))
        if row is None:
            raise Refusal(ProblemCode.UNKNOWN, f"The process has no delegation {code}; admit it first.")
        return row

    def codes(self, document: str, named: Iterable[str]) -> list[str]:
        """Give the codes that are named, each once, if all are delegations of the document's process."""
        process = self.session.get_one(Document, document).process
        return [self.admitted(process, code).code for code in dict.fromkeys(named)]

    def mint(self, prefix: str) -> str:
        """Give a new id."""
        return self.mint_id(prefix, self.at)

    def text(self, text: str) -> str:
        """Give a section's text as it is stored; refuses what is empty, too long or illegal."""
        return clean_text(text, longest=self.limits.section_text)

    def reader(self, document: str) -> Reader:
        """Give the person as a reader of the document, to judge what may be referred to."""
        return reader(self.tx, self.person, document)

    def acting_reader(self, document: str) -> Reader:
        """Give the person as a reader in the capacity acted in and no other: a chair's act is never her state's."""
        return in_capacity(self.tx, self.reader(document), self.capacity)
