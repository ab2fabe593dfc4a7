"""The house: processes, delegations, people."""

from sqlmodel import col, select

from drafting.commands.context import Context, Happened
from drafting.commands.groups import refuse_taken_code
from drafting.policy import Acting
from drafting.protocol.commands import (
    AccreditParticipant,
    AdmitDelegation,
    CorrectDelegation,
    CreateProcess,
    WithdrawAccreditation,
)
from drafting.protocol.events import (
    AccreditationWithdrawn,
    DelegationAdmitted,
    DelegationCorrected,
    ParticipantAccredited,
    ProcessCreated,
)
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.words import Role
from drafting.queries.groups import group_in
from drafting.queries.people import delegation_view, person_by_handle
from storage import log
from storage.tables import Delegation, HeldCapacity, Participant, Process


def create_process(ctx: Context, command: CreateProcess) -> Happened:
    """Found the forum and give it its first secretary."""
    secretary = person_by_handle(ctx.tx, command.secretary)
    process = ctx.mint("pr")
    log.found(ctx.session, process, "process")
    ctx.session.add(Process(id=process, name=command.name))
    ctx.session.flush()
    ctx.session.add(HeldCapacity(participant=secretary.id, process=process, capacity=Role.SECRETARY))
    payload = ProcessCreated(process=process, name=command.name, secretary=command.secretary)
    return Happened(payload, made={"process": process})


def admit_delegation(ctx: Context, command: AdmitDelegation) -> Happened:
    """Enter the delegation in the table."""
    refuse_taken_code(ctx, command.process, command.code)
    names = {language: name.model_dump() for language, name in command.names.items()}
    row = Delegation(
        process=command.process,
        code=command.code,
        kind=command.delegation_kind,
        names=names,
        designations=command.designations,
        members=command.members,
        order=command.order,
    )
    ctx.session.add(row)
    return Happened(DelegationAdmitted(delegation=delegation_view(row)), made={"delegation": row.code})


def correct_delegation(ctx: Context, command: CorrectDelegation) -> Happened:
    """Correct what the command gives of the delegation's row; the rest stays."""
    row = ctx.admitted(command.process, command.code)
    before = delegation_view(row)
    if command.names is not None:
        row.names = {language: name.model_dump() for language, name in command.names.items()}
    row.kind = row.kind if command.delegation_kind is None else command.delegation_kind
    row.designations = row.designations if command.designations is None else command.designations
    row.members = row.members if command.members is None else command.members
    row.order = row.order if command.order is None else command.order
    if delegation_view(row) == before:
        raise Refusal(ProblemCode.NO_CHANGE, f"The table says all this of {command.code} already.")
    ctx.session.add(row)
    return Happened(DelegationCorrected(delegation=delegation_view(row)), made={"delegation": row.code})


def accredit_participant(ctx: Context, command: AccreditParticipant) -> Happened:
    """Let the person act in the capacities named, besides those already held; a new handle makes a new person."""
    for capacity in command.capacities:
        _check(ctx, command.process, capacity)
    row = ctx.session.exec(select(Participant).where(Participant.handle == command.handle)).first()
    if row is None:
        row = Participant(id=ctx.mint("pa"), handle=command.handle, name=command.name)
        ctx.session.add(row)
        ctx.session.flush()
    for capacity in dict.fromkeys(command.capacities):
        if ctx.session.get(HeldCapacity, (row.id, command.process, capacity)) is None:
            ctx.session.add(HeldCapacity(participant=row.id, process=command.process, capacity=capacity))
    payload = ParticipantAccredited(
        participant=row.id, handle=row.handle, name=row.name, capacities=list(dict.fromkeys(command.capacities))
    )
    return Happened(payload, made={"participant": row.id})


def withdraw_accreditation(ctx: Context, command: WithdrawAccreditation) -> Happened:
    """Take the capacities from the person; refused if they are not all held, or if no secretary would be left."""
    capacities = list(dict.fromkeys(command.capacities))
    here = select(HeldCapacity).where(HeldCapacity.process == command.process)
    theirs = here.join(Participant, col(Participant.id) == col(HeldCapacity.participant))
    held = {row.capacity: row for row in ctx.session.exec(theirs.where(Participant.handle == command.handle))}
    if not held:
        raise Refusal(ProblemCode.UNKNOWN, f"The process has no participant “{command.handle}”.")
    if missing := [capacity for capacity in capacities if capacity not in held]:
        raise Refusal(ProblemCode.NO_CHANGE, f"{command.handle} does not act as {', '.join(missing)} here.")
    secretaries = ctx.session.exec(here.where(HeldCapacity.capacity == Role.SECRETARY)).all()
    if Role.SECRETARY in capacities and len(secretaries) == 1:
        raise Refusal(ProblemCode.NOT_PERMITTED, "This is the last secretary: accredit another one first.")
    for capacity in capacities:
        ctx.session.delete(held[capacity])
    person = held[capacities[0]].participant
    payload = AccreditationWithdrawn(participant=person, handle=command.handle, capacities=capacities)
    return Happened(payload, made={"participant": person})


def _check(ctx: Context, process: str, capacity: str) -> None:
    acting = Acting.parse(capacity)
    if acting.role is Role.ADMINISTRATOR:
        raise Refusal(
            ProblemCode.NOT_PERMITTED, "Administrators are appointed by the host: drafting administrator HANDLE."
        )
    if acting.delegation:
        ctx.admitted(process, acting.delegation)
    if acting.role is Role.FACILITATOR and acting.side and group_in(ctx.tx, process, acting.side) is None:
        raise Refusal(ProblemCode.UNKNOWN, f"The process has no closed group {acting.side}; found it first.")
