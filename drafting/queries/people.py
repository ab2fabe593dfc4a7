"""Who somebody is, what they may act as, and what they may see."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import col, select

from drafting.policy import Acting, reads
from drafting.protocol.commands import HOUSE
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import DelegationView, Page, PersonView, ProcessView
from drafting.protocol.words import DelegationKind, Role
from storage import log
from storage.database import ReadTransaction
from storage.tables import Credential, Delegation, Document, Group, HeldCapacity, Participant, Process, Stream


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who was let in."""

    id: str
    handle: str
    name: str
    administrator: bool


@dataclass(frozen=True, slots=True)
class Admitted:
    """Somebody who was let in, and what they showed: a credential, named by its digest, of a kind and with a label."""

    person: Person
    credential: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Reader:
    """A person looking at one document, with the capacities held in its process and the closed groups they are in.

    ``unnamed``: the document's proposals circulate without names.
    """

    person: Person
    document: str
    capacities: tuple[str, ...]
    groups: tuple[str, ...] = ()
    unnamed: bool = False

    def sees(self, stream: str) -> bool:
        """Tell whether the stream is for them."""
        return reads(self.capacities, stream, self.groups)

    @property
    def named(self) -> bool:
        """Whether they are told everybody's names: everyone is, or under unnamed circulation the desk."""
        return not self.unnamed or self.sees("desk")

    @property
    def own(self) -> frozenset[str]:
        """The delegations that they act for."""
        return frozenset(filter(None, (Acting.parse(capacity).delegation for capacity in self.capacities)))

    @property
    def rights(self) -> tuple[str, ...]:
        """All that decides what they may see, for cursors to be bound to."""
        return (*self.capacities, *(f"in:{group}" for group in self.groups))


def person_by_handle(tx: ReadTransaction, handle: str) -> Person:
    """Give the person, or refuse as unknown."""
    row = tx.session.exec(select(Participant).where(Participant.handle == handle)).first()
    if row is None:
        raise Refusal(ProblemCode.UNKNOWN, f"There is no participant “{handle}”.")
    return _person(row)


def admitted_by(tx: ReadTransaction, kind: str, secret: str, now: datetime) -> Admitted | None:
    """Give whom this secret of this kind lets in, if it has not expired."""
    row = tx.session.get(Credential, log.digest(secret))
    if row is None or row.kind != kind or (row.expires_at is not None and row.expires_at <= now):
        return None
    participant = tx.session.get(Participant, row.participant)
    return Admitted(_person(participant), row.digest, row.kind, row.label) if participant else None


def still_valid(tx: ReadTransaction, credentials: Iterable[str], now: datetime) -> set[str]:
    """Give those of the credentials, named by their digests, that let somebody in."""
    asked = select(Credential.digest, Credential.expires_at).where(col(Credential.digest).in_(list(credentials)))
    return {digest for digest, expires in tx.session.exec(asked) if expires is None or expires > now}


def _person(row: Participant) -> Person:
    return Person(row.id, row.handle, row.name, row.administrator)


def capacities(tx: ReadTransaction, person: Person, process: str) -> tuple[str, ...]:
    """Give what the person may act as in the process."""
    held = select(HeldCapacity.capacity).where(HeldCapacity.participant == person.id, HeldCapacity.process == process)
    return tuple(sorted(tx.session.exec(held)))


def refuse_strangers(
    tx: ReadTransaction, person: Person, scope: tuple[str, str], capacity: str, *, known: bool
) -> None:
    """Refuse whoever may not act in this capacity in the scope (what it is called, and its process), if there is one.

    Who holds nothing in a process is told that there is none.
    """
    name, process = scope
    if capacity == Role.ADMINISTRATOR and not person.administrator:
        raise Refusal(ProblemCode.CAPACITY_NOT_HELD, "You are not an administrator.")
    if capacity == Role.ADMINISTRATOR and (known or name == HOUSE):
        return
    held = capacities(tx, person, process) if known else ()
    if not held:
        raise Refusal(ProblemCode.UNKNOWN, f"There is no {name} that you may act in.")
    if capacity not in held:
        raise Refusal(ProblemCode.CAPACITY_NOT_HELD, f"You do not act as {capacity} here; you are {', '.join(held)}.")


def reader(tx: ReadTransaction, person: Person, document: str) -> Reader:
    """Let the person read the document. One without a capacity in its process is told that there is none."""
    row = tx.session.get(Document, document)
    held = capacities(tx, person, row.process) if row else ()
    if row is None or not held:
        raise Refusal(ProblemCode.UNKNOWN, f"There is no document {document} that you may read.")
    return Reader(person, document, held, groups_of(tx, document, held), row.unnamed)


def in_capacity(tx: ReadTransaction, who: Reader, capacity: str) -> Reader:
    """Give the reader as one who holds this capacity alone."""
    return replace(who, capacities=(capacity,), groups=groups_of(tx, who.document, (capacity,)))


def groups_of(tx: ReadTransaction, document: str, held: Iterable[str]) -> tuple[str, ...]:
    """Name the closed groups of the document that one with these capacities is in: as a member's, or facilitating."""
    acting = [Acting.parse(capacity) for capacity in held]
    delegations = {one.delegation for one in acting if one.delegation}
    facilitated = {one.side for one in acting if one.role is Role.FACILITATOR}
    rows = tx.session.exec(select(Group).where(Group.document == document).order_by(col(Group.code)))
    return tuple(row.code for row in rows if row.code in facilitated or delegations & set(row.members))


def rights(tx: ReadTransaction, document: str, process: str) -> int:
    """Give a number that grows with every change of what anybody may see in the document."""
    row = tx.session.get_one(Document, document)
    return log.last_place(tx.session, process) + row.regroupings


def readable_streams(tx: ReadTransaction, who: Reader) -> list[str]:
    """Give the document's streams that the reader may see."""
    names = tx.session.exec(select(Stream.name).where(Stream.scope == who.document))
    return [name for name in names if who.sees(name)]


def me(tx: ReadTransaction, person: Person) -> PersonView:
    """Show a person to themselves."""
    order = (col(HeldCapacity.process), col(HeldCapacity.capacity))
    held = tx.session.exec(select(HeldCapacity).where(HeldCapacity.participant == person.id).order_by(*order))
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
    return [delegation_view(row) for row in rows]


def delegation_view(row: Delegation) -> DelegationView:
    """Show a row of the secretariat's table."""
    return DelegationView(
        code=row.code,
        kind=DelegationKind(row.kind),
        names=row.names,
        designations=row.designations,
        members=row.members,
        order=row.order,
    )
