"""Positions: where delegations stand on amendments and sections, and who is told."""

from sqlmodel import col, select

from drafting.commands.comments import refuse_disclosure
from drafting.commands.context import Context, Happened
from drafting.protocol.commands import ClearPosition, TakePosition, WithdrawPosition
from drafting.protocol.events import PositionCleared, PositionTaken, PositionWithdrawn
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.words import PositionAudience, Role
from drafting.queries.amendments import label
from drafting.queries.discussion import position_stream, position_view
from drafting.queries.versions import lines, version_row
from storage.tables import Amendment, Position

_HEARD = {PositionAudience.ALL, PositionAudience.SECRETARIAT}


def take_position(ctx: Context, command: TakePosition) -> Happened:
    """Write down where the delegation stands, for its audience, in place of what it said there before."""
    row = Position(
        id=ctx.mint("po"),
        document=command.document,
        amendment=command.amendment,
        section=command.section,
        delegation=_delegation(ctx, command),
        stand=command.stand,
        reservation=command.reservation,
        audience=command.audience,
        note=command.note,
        **ctx.signature,
    )
    _refuse_unfit(ctx, row)
    ctx.session.add(row)
    ctx.session.flush()
    payload = PositionTaken(position=position_view(row), replaced=_replaced(ctx, row))
    return Happened(payload, position_stream(row), {"position": row.id})


def clear_position(ctx: Context, command: ClearPosition) -> Happened:
    """Give an internal position to those whom it is meant for, as who clears it says it."""
    row = _standing(ctx, command.position)
    if row.audience != PositionAudience.OWN:
        raise Refusal(ProblemCode.NO_CHANGE, "This position is not internal any more; take one for another audience.")
    row.audience = command.audience
    row.by, row.capacity, row.at, row.place = ctx.person.handle, ctx.capacity, ctx.at, ctx.place
    _refuse_unfit(ctx, row)
    ctx.session.add(row)
    ctx.session.flush()
    payload = PositionCleared(position=position_view(row), replaced=_replaced(ctx, row))
    return Happened(payload, position_stream(row), {"position": row.id})


def withdraw_position(ctx: Context, command: WithdrawPosition) -> Happened:
    """Take the position back. A clerk does so only with an internal one, a note-taker only with what one entered."""
    row = _standing(ctx, command.position)
    if ctx.acting.role is Role.CLERK and row.audience != PositionAudience.OWN:
        raise Refusal(ProblemCode.NOT_PERMITTED, "Others know of this position; a delegate or the head withdraws it.")
    if ctx.acting.role is Role.NOTE_TAKER and row.capacity != Role.NOTE_TAKER:
        raise Refusal(ProblemCode.NOT_PERMITTED, "The delegation has taken this position itself; it withdraws it.")
    row.withdrawn = True
    ctx.session.add(row)
    return Happened(PositionWithdrawn(position=row.id), position_stream(row), {"position": row.id})


def _delegation(ctx: Context, command: TakePosition) -> str:
    """Give the delegation whose position it is, if who speaks may take it for this audience."""
    if ctx.acting.role is Role.NOTE_TAKER:
        return _heard(ctx, command)
    if command.delegation not in {None, ctx.acting.delegation}:
        raise Refusal(ProblemCode.NOT_PERMITTED, "You take positions for your own delegation.")
    if ctx.acting.role is Role.CLERK and command.audience is not PositionAudience.OWN:
        raise Refusal(
            ProblemCode.NOT_PERMITTED, "A clerk's position is internal until a delegate or the head clears it."
        )
    return ctx.delegation


def _heard(ctx: Context, command: TakePosition) -> str:
    """Give the delegation whose position a note-taker has heard."""
    if command.delegation is None:
        raise Refusal(ProblemCode.MALFORMED, "Say whose position it is: name the delegation.")
    (delegation,) = ctx.codes(command.document, [command.delegation])
    if command.audience not in _HEARD:
        raise Refusal(ProblemCode.NOT_PERMITTED, "What a note-taker records is for all, or for the secretariat.")
    return delegation


def _refuse_unfit(ctx: Context, row: Position) -> None:
    """Refuse a position on what is not there, or not there for its audience."""
    if row.amendment is not None:
        amendment = ctx.session.get_one(Amendment, row.amendment)
        if amendment.withdrawn or amendment.superseded_by:
            raise Refusal(ProblemCode.AMENDMENT_CLOSED, f"{label(amendment)} is not proposed any more.")
        refuse_disclosure(ctx, amendment, position_stream(row))
    elif not lines(ctx.tx, version_row(ctx.tx, ctx.reader(row.document), None).id, row.section):
        raise Refusal(ProblemCode.UNKNOWN_SECTION, f"The text has no section {row.section}.")


def _standing(ctx: Context, position: str) -> Position:
    row = ctx.session.get_one(Position, position)
    if row.withdrawn or row.replaced_by:
        raise Refusal(ProblemCode.NO_CHANGE, "This position was withdrawn or replaced already.")
    return row


def _replaced(ctx: Context, row: Position) -> str | None:
    """Put the position in the place of the one that the delegation has on the same to the same audience; name that."""
    asked = select(Position).where(
        Position.document == row.document,
        col(Position.amendment).is_not_distinct_from(row.amendment),
        col(Position.section).is_not_distinct_from(row.section),
        Position.delegation == row.delegation,
        Position.audience == row.audience,
        Position.id != row.id,
        col(Position.withdrawn).is_(False),
        col(Position.replaced_by).is_(None),
    )
    earlier = ctx.session.exec(asked).one_or_none()
    if earlier is None:
        return None
    earlier.replaced_by = row.id
    ctx.session.add(earlier)
    return earlier.id
