"""Drafts: what stays internal to a delegation, or to a closed group, until it is tabled."""

from sqlmodel import col, func, select

from drafting.commands.context import Context, Happened
from drafting.commands.tabling import Whose, begun, revised, tabled, view
from drafting.protocol.commands import ClearAmendment, DiscardDraft, DraftAmendment, ReviseDraft
from drafting.protocol.events import AmendmentCleared, AmendmentDrafted, DraftDiscarded, DraftRevised
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.queries.amendments import label, stream_of
from drafting.queries.groups import working_group
from storage.tables import Amendment, Event


def draft_amendment(ctx: Context, command: DraftAmendment) -> Happened:
    """Write it down for the own side, under the side's next draft number."""
    side = _side(ctx, command)
    row = begun(ctx, command, Whose(side, [side], group=command.group))
    row.draft = _next_draft(ctx, row)
    ctx.session.add(row)
    ctx.session.flush()
    made = {"amendment": row.id, "label": label(row)}
    return Happened(AmendmentDrafted(amendment=view(ctx, row)), stream_of(row), made)


def revise_draft(ctx: Context, command: ReviseDraft) -> Happened:
    """Put a new revision in the place of the last one, on the text that is negotiated now."""
    row = _draft(ctx, command.amendment)
    made = revised(ctx, row, command)
    return Happened(DraftRevised(amendment=view(ctx, row)), stream_of(row), made)


def discard_draft(ctx: Context, command: DiscardDraft) -> Happened:
    """Give it up; its side keeps it until it is purged."""
    row = _draft(ctx, command.amendment)
    row.withdrawn = True
    ctx.session.add(row)
    return Happened(DraftDiscarded(amendment=row.id), stream_of(row), {"amendment": row.id})


def clear_amendment(ctx: Context, command: ClearAmendment) -> Happened:
    """Table it as it stands, under the delegation's next number."""
    row = _draft(ctx, command.amendment)
    if row.group is not None:
        raise Refusal(
            ProblemCode.NOT_PERMITTED, f"{label(row)} reaches plenary only when {row.group}'s facilitator reports back."
        )
    made = tabled(ctx, row)
    return Happened(AmendmentCleared(amendment=view(ctx, row)), stream_of(row), made)


def _side(ctx: Context, command: DraftAmendment) -> str:
    """Give whose draft it becomes: the delegation's, or the closed group's that one is in."""
    if command.group is None:
        return ctx.delegation
    return own_group(ctx, command.document, command.group)


def own_group(ctx: Context, document: str, group: str) -> str:
    """Give the code of the closed group, if it was not dissolved and one is in it in the capacity acted in."""
    if group not in ctx.acting_reader(document).groups:
        raise Refusal(ProblemCode.UNKNOWN, f"There is no closed group {group} that you are in.")
    return working_group(ctx.tx, document, group).code


def _draft(ctx: Context, amendment: str) -> Amendment:
    """Give what can still be drafted on."""
    row = ctx.session.get_one(Amendment, amendment)
    if row.number is not None or row.withdrawn:
        what = "discarded" if row.withdrawn else "tabled; it is revised or withdrawn as an amendment"
        raise Refusal(ProblemCode.AMENDMENT_CLOSED, f"{label(row)} was {what}.")
    if row.group is not None:
        working_group(ctx.tx, row.document, row.group)
    return row


def _next_draft(ctx: Context, row: Amendment) -> int:
    """Give the next number of the side's drafts: from the log, which knows of purged ones too."""
    written = select(func.count()).where(
        Event.scope == row.document, Event.stream == stream_of(row), col(Event.kind) == "amendment_drafted"
    )
    return ctx.session.exec(written).one() + 1
