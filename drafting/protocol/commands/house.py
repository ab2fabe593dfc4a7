"""Commands on the house: processes, delegations, people."""

from typing import Literal, Self

from pydantic import Field, model_validator

from drafting.protocol.base import Wire
from drafting.protocol.commands.base import ByParticipant, Name, Note, OnProcess
from drafting.protocol.words import Capacity, Code, DelegationKind, Handle, Language


class CreateProcess(ByParticipant):
    """Found a forum. ``secretary`` names the participant who will hold its first capacity."""

    kind: Literal["create_process"] = "create_process"
    name: Name
    secretary: Handle


class DelegationName(Wire):
    """A delegation's name in one language, from the secretariat's table."""

    short: Name
    formal: Name


class AdmitDelegation(OnProcess):
    """Enter a delegation in the secretariat's table: its code, its names and its place in the protocol order.

    ``designations``: what is footnoted to its name, by language. ``members``: of a bloc, whom it speaks for.
    """

    kind: Literal["admit_delegation"] = "admit_delegation"
    code: Code
    delegation_kind: DelegationKind = DelegationKind.STATE
    names: dict[Language, DelegationName] = Field(min_length=1, max_length=20)
    designations: dict[Language, Note] = Field(default={}, max_length=20)
    members: list[Code] = Field(default=[], max_length=200)
    order: int = Field(ge=0, le=10_000)


class CorrectDelegation(OnProcess):
    """Correct the delegation's row in the secretariat's table. What is left out stays; what is given replaces all that
    was there, in every language. The code never changes.
    """

    kind: Literal["correct_delegation"] = "correct_delegation"
    code: Code
    delegation_kind: DelegationKind | None = None
    names: dict[Language, DelegationName] | None = Field(default=None, min_length=1, max_length=20)
    designations: dict[Language, Note] | None = Field(default=None, max_length=20)
    members: list[Code] | None = Field(default=None, max_length=200)
    order: int | None = Field(default=None, ge=0, le=10_000)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        said = (self.delegation_kind, self.names, self.designations, self.members, self.order)
        if all(part is None for part in said):
            raise ValueError("says nothing to correct")
        return self


class AccreditParticipant(OnProcess):
    """Let a person act in the process, in the capacities named (``head:ARV``, ``secretary``)."""

    kind: Literal["accredit_participant"] = "accredit_participant"
    handle: Handle
    name: Name
    capacities: list[Capacity] = Field(min_length=1, max_length=20)


class WithdrawAccreditation(OnProcess):
    """Let the person act in these capacities no more. What was done in them stands, in their name."""

    kind: Literal["withdraw_accreditation"] = "withdraw_accreditation"
    handle: Handle
    capacities: list[Capacity] = Field(min_length=1, max_length=20)
