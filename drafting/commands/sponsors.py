"""Sponsors: who holds an amendment, by each one's own act."""

from drafting.commands.context import Context, Happened
from drafting.commands.tabling import changeable
from drafting.protocol.commands import LeaveAmendment, SponsorAmendment
from drafting.protocol.events import AmendmentLeft, AmendmentSponsored
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.queries.amendments import label, lead, stream_of


def sponsor_amendment(ctx: Context, command: SponsorAmendment) -> Happened:
    """Join the amendment, as the last of those who hold it."""
    row = changeable(ctx, command.amendment)
    if ctx.delegation in row.sponsors:
        raise Refusal(ProblemCode.NO_CHANGE, f"{ctx.delegation} holds {label(row)} already.")
    if not row.circulated:
        raise Refusal(ProblemCode.AMENDMENT_CLOSED, f"{label(row)} is held; join it once it is circulated.")
    row.sponsors = [*row.sponsors, ctx.delegation]
    ctx.session.add(row)
    payload = AmendmentSponsored(amendment=row.id, sponsors=row.sponsors, delegation=lead(row))
    return Happened(payload, stream_of(row), {"amendment": row.id})


def leave_amendment(ctx: Context, command: LeaveAmendment) -> Happened:
    """Leave it to the others. If the one that spoke for it leaves, the next one does."""
    row = changeable(ctx, command.amendment)
    others = [code for code in row.sponsors if code != ctx.delegation]
    if ctx.delegation not in row.sponsors:
        raise Refusal(ProblemCode.NO_CHANGE, f"{ctx.delegation} does not hold {label(row)}.")
    if not others:
        raise Refusal(ProblemCode.CONFLICT, f"Nobody else holds {label(row)}: withdraw it.")
    if row.group is not None and not row.circulated:
        raise Refusal(ProblemCode.AMENDMENT_CLOSED, f"{label(row)} is held; leave it once it is circulated.")
    row.sponsors = others
    ctx.session.add(row)
    payload = AmendmentLeft(amendment=row.id, sponsors=others, delegation=lead(row))
    return Happened(payload, stream_of(row), {"amendment": row.id})
