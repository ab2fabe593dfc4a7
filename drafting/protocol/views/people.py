"""Views of people and of whom they act for."""

from drafting.protocol.base import Wire
from drafting.protocol.words import DelegationKind


class DelegationView(Wire):
    """A state, organisation or bloc, as the secretariat's table has it.

    ``names`` is short and formal name by language; ``designations`` what is footnoted to the name, by language;
    ``members`` whom a bloc speaks for; ``order`` its place in the protocol order.
    """

    code: str
    kind: DelegationKind
    names: dict[str, dict[str, str]]
    designations: dict[str, str]
    members: list[str]
    order: int


class ProcessView(Wire):
    """A forum and what the reader is in it."""

    id: str
    name: str
    capacities: list[str]
    delegations: list[DelegationView]


class PersonView(Wire):
    """Who is signed in, and what they may act as, by process."""

    handle: str
    name: str
    capacities: dict[str, list[str]]
