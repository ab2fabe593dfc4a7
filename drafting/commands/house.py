"""The house: processes, delegations, people."""

from sqlmodel import select

from drafting.commands.context import Context, Happened
from drafting.policy import Acting
from drafting.protocol.commands import AccreditParticipant, AdmitDelegation, CreateProcess
from drafting.protocol.events import DelegationAdmitted, ParticipantAccredited, ProcessCreated
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import DelegationView
from drafting.protocol.words import Role
from drafting.queries.people import person_by_handle
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
    if ctx.session.get(Delegation, (command.process, command.code)):
        raise Refusal(ProblemCode.ALREADY_EXISTS, f"The process already has a delegation {command.code}.")
    names = {language: name.model_dump() for language, name in command.names.items()}
    row = Delegation(process=command.process, code=command.code, names=names, order=command.order)
    ctx.session.add(row)
    view = DelegationView(code=row.code, names=row.names, order=row.order)
    return Happened(DelegationAdmitted(delegation=view), made={"delegation": row.code})


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


def _check(ctx: Context, process: str, capacity: str) -> None:
    acting = Acting.parse(capacity)
    if acting.role is Role.ADMINISTRATOR:
        raise Refusal(
            ProblemCode.NOT_PERMITTED, "Administrators are appointed by the host: drafting administrator HANDLE."
        )
    if acting.delegation and ctx.session.get(Delegation, (process, acting.delegation)) is None:
        raise Refusal(ProblemCode.UNKNOWN, f"The process has no delegation {acting.delegation}; admit it first.")
