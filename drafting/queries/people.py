"""Who somebody is, what they may act as, and what they may see."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from drafting.policy import reads
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import DelegationView, Page, PersonView, ProcessView
from storage import log
from storage.database import ReadTransaction
from storage.tables import Credential, Delegation, Document, HeldCapacity, Participant, Process, Stream


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who was let in."""

    id: str
    handle: str
    name: str
    administrator: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """A person looking at one document, with the capacities held in its process."""

    person: Person
    document: str
    capacities: tuple[str, ...]

    def sees(self, stream: str) -> bool:
        """Tell whether the stream is for them."""
        return reads(self.capacities, stream)


def person_by_handle(tx: ReadTransaction, handle: str) -> Person:
    """Give the person, or refuse as unknown."""
    row = tx.session.exec(select(Participant).where(Participant.handle == handle)).first()
    if row is None:
        raise Refusal(ProblemCode.UNKNOWN, f"There is no participant “{handle}”.")
    return _person(row)


def person_by_credential(tx: ReadTransaction, kind: str, secret: str, now: datetime) -> Person | None:
    """Give the person whose credential of this kind it is, if it has not expired."""
    row = tx.session.get(Credential, log.digest(secret))
    if row is None or row.kind != kind or (row.expires_at is not None and row.expires_at <= now):
        return None
    participant = tx.session.get(Participant, row.participant)
    return _person(participant) if participant else None


def _person(row: Participant) -> Person:
    return Person(row.id, row.handle, row.name, row.administrator)


def capacities(tx: ReadTransaction, person: Person, process: str) -> tuple[str, ...]:
    """Give what the person may act as in the process."""
    held = select(HeldCapacity.capacity).where(HeldCapacity.participant == person.id, HeldCapacity.process == process)
    return tuple(sorted(tx.session.exec(held)))


def reader(tx: ReadTransaction, person: Person, document: str) -> Reader:
    """Let the person read the document. One without a capacity in its process is told that there is none."""
    row = tx.session.get(Document, document)
    held = capacities(tx, person, row.process) if row else ()
    if not held:
        raise Refusal(ProblemCode.UNKNOWN, f"There is no document {document} that you may read.")
    return Reader(person, document, held)


def readable_streams(tx: ReadTransaction, who: Reader) -> list[str]:
    """Give the document's streams that the reader may see."""
    names = tx.session.exec(select(Stream.name).where(Stream.scope == who.document))
    return [name for name in names if who.sees(name)]


def me(tx: ReadTransaction, person: Person) -> PersonView:
    """Show a person to themselves."""
    held = tx.session.exec(select(HeldCapacity).where(HeldCapacity.participant == person.id))
    by_process: dict[str, list[str]] = {}
    for row in held:
        by_process.setdefault(row.process, []).append(row.capacity)
    return PersonView(handle=person.handle, name=person.name, capacities=by_process)


def processes(tx: ReadTransaction, person: Person) -> Page[ProcessView]:
    """Give the processes in which the person has a capacity, with their delegations in protocol order."""
    items = []
    for row in tx.session.exec(select(Process).order_by(col(Process.id))):
        if held := capacities(tx, person, row.id):
            shown = delegations(tx, row.id)
            items.append(ProcessView(id=row.id, name=row.name, capacities=list(held), delegations=shown))
    return Page(items=items)


def delegations(tx: ReadTransaction, process: str) -> list[DelegationView]:
    """Give the secretariat's table in protocol order."""
    rows = tx.session.exec(
        select(Delegation).where(Delegation.process == process).order_by(col(Delegation.order), col(Delegation.code))
    )
    return [DelegationView(code=row.code, names=row.names, order=row.order) for row in rows]
