"""Amendments: tabling, revising, withdrawing."""

from collections.abc import Iterable

from drafting.commands.context import Context, Happened
from drafting.commands.tabling import Whose, begun, changeable, is_late, revised, tabled, view
from drafting.protocol.commands import NewRevision, ReviseAmendment, TableAmendment, WithdrawAmendment
from drafting.protocol.events import AmendmentRevised, AmendmentTabled, AmendmentWithdrawn
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.queries.amendments import label, lead, stream_of, waits_in
from drafting.queries.groups import working_group
from storage.tables import Amendment, Group


def table_amendment(ctx: Context, command: TableAmendment) -> Happened:
    """Give the proposal its number and put it on the table; past the deadline it is marked late."""
    row = begun(ctx, command, Whose(ctx.delegation, [ctx.delegation]))
    made = tabled(ctx, row)
    superseded = list(dict.fromkeys(command.supersedes))
    _supersede(ctx, row, superseded)
    return Happened(AmendmentTabled(amendment=view(ctx, row), supersedes=superseded), stream_of(row), made)


def revise_amendment(ctx: Context, command: ReviseAmendment) -> Happened:
    """Put a new revision in the place of the last one; past the deadline the amendment has to be admitted anew."""
    row = ctx.session.get_one(Amendment, command.amendment)
    made = revised_on_table(ctx, row, command)
    return Happened(AmendmentRevised(amendment=view(ctx, row)), stream_of(row), made)


def revised_on_table(ctx: Context, row: Amendment, said: NewRevision) -> dict[str, str]:
    """Revise what is on the table, for who speaks for it; gives what was made."""
    changeable(ctx, row.id)
    refuse_member(ctx, row)
    if row.group is not None:
        working_group(ctx.tx, row.document, row.group)
    made = revised(ctx, row, said)
    row.late = is_late(ctx, waits_in(ctx.tx, row))
    if row.entry is not None:
        row.entry = {**row.entry, "confirmed": True}
    ctx.session.add(row)
    ctx.session.flush()
    return made


def withdraw_amendment(ctx: Context, command: WithdrawAmendment) -> Happened:
    """Withdraw; the number stays used. Refused where others would lose what they hold."""
    row = changeable(ctx, command.amendment)
    refuse_member(ctx, row)
    _refuse_loss(ctx, row)
    row.withdrawn = True
    ctx.session.add(row)
    payload = AmendmentWithdrawn(amendment=row.id, reason=command.reason)
    return Happened(payload, stream_of(row), {"amendment": row.id})


def refuse_member(ctx: Context, row: Amendment) -> None:
    """Refuse where a member would speak for its closed group."""
    if row.group is not None and ctx.acting.side != row.group:
        raise Refusal(ProblemCode.NOT_PERMITTED, f"{label(row)} is {row.group}'s; its facilitator speaks for it.")


def _refuse_loss(ctx: Context, row: Amendment) -> None:
    group = ctx.session.get(Group, (row.document, row.group)) if row.group else None
    others = set(row.sponsors) - {lead(row), *(group.members if group else ())}
    if others:
        detail = f"{', '.join(sorted(others))} would lose {label(row)}: leave it, and they maintain it."
        raise Refusal(ProblemCode.CONFLICT, detail, sponsors=row.sponsors)


def _supersede(ctx: Context, row: Amendment, superseded: Iterable[str]) -> None:
    """Put an amendment in the place of others of the same delegation, which the same people see."""
    who = ctx.acting_reader(row.document)
    for id_ in superseded:
        known = ctx.session.get(Amendment, id_)
        if known is None or known.document != row.document or not who.sees(stream_of(known)):
            raise Refusal(ProblemCode.UNKNOWN, f"There is no amendment {id_} that you may see.")
        if lead(known) != ctx.delegation:
            raise Refusal(ProblemCode.NOT_PERMITTED, f"{label(known)} is another's; you supersede your own.")
        old = changeable(ctx, id_)
        _refuse_loss(ctx, old)
        if stream_of(old) != stream_of(row):
            # Else a held amendment would be told of to all who know the other.
            raise Refusal(ProblemCode.CONFLICT, f"{label(old)} is not before the same people as this one: revise it.")
        old.superseded_by = row.id
        ctx.session.add(old)
    ctx.session.flush()
