"""Entries: what a note-taker or a secretary records on behalf of a delegation, and what it says to that."""

from drafting.commands.context import Context, Happened
from drafting.commands.tabling import Whose, begun, changeable, revised, tabled, view
from drafting.protocol.commands import ConfirmEntry, CorrectEntry, EnterAmendment
from drafting.protocol.events import AmendmentEntered, EntryConfirmed, EntryCorrected
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import EntryView
from drafting.queries.amendments import label, lead, stream_of
from storage.tables import Amendment


def enter_amendment(ctx: Context, command: EnterAmendment) -> Happened:
    """Table the proposal in the delegation's name, under its next number, and note who entered it."""
    sponsors = ctx.codes(command.document, [command.delegation, *command.sponsors])
    entry = EntryView(
        by=ctx.person.handle,
        capacity=ctx.capacity,
        source=command.source,
        at=ctx.at,
        sponsors=sponsors,
        confirmed=False,
    )
    row = begun(ctx, command, Whose(command.delegation, sponsors, entry=entry.model_dump(mode="json")))
    made = tabled(ctx, row)
    return Happened(AmendmentEntered(amendment=view(ctx, row)), stream_of(row), made)


def confirm_entry(ctx: Context, command: ConfirmEntry) -> Happened:
    """Note that the delegation stands by what was entered."""
    row = ctx.session.get_one(Amendment, command.amendment)
    if row.withdrawn:
        raise Refusal(ProblemCode.AMENDMENT_CLOSED, f"{label(row)} was withdrawn.")
    if row.entry is None or row.entry["confirmed"]:
        raise Refusal(ProblemCode.NO_CHANGE, f"{label(row)} needs no confirmation, or was confirmed already.")
    row.entry = {**row.entry, "confirmed": True}
    ctx.session.add(row)
    return Happened(EntryConfirmed(amendment=row.id), stream_of(row), {"amendment": row.id})


def correct_entry(ctx: Context, command: CorrectEntry) -> Happened:
    """Put a new revision in the place of what was entered; it is as late or in time as it was."""
    row = changeable(ctx, command.amendment)
    if row.entry is None or row.entry["confirmed"]:
        raise Refusal(ProblemCode.NOT_PERMITTED, f"{label(row)} is {lead(row)}'s own word by now; only they revise it.")
    made = revised(ctx, row, command)
    ctx.session.add(row)
    return Happened(EntryCorrected(amendment=view(ctx, row)), stream_of(row), made)
