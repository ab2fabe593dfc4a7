"""Rounds: opening, closing, circulating what is held, admitting what is late."""

from collections.abc import Sequence
from datetime import UTC

from sqlmodel import col, func, select

from drafting.commands.context import Context, Happened
from drafting.commands.tabling import begin_anew, changeable, circulate
from drafting.protocol.commands import AdmitAmendment, CirculateAmendments, CloseRound, OpenRound
from drafting.protocol.events import AmendmentAdmitted, AmendmentsCirculated, RoundClosed, RoundOpened
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.words import RoundState
from drafting.queries.amendments import amendments, round_view, stream_of
from drafting.queries.desk import round_row
from drafting.queries.versions import manifest, version_row
from storage import log
from storage.tables import Amendment, Document, Round


def open_round(ctx: Context, command: OpenRound) -> Happened:
    """Open a round on a version; a document has one open round at a time."""
    base = version_row(ctx.tx, ctx.reader(command.document), command.base)
    unfinished = select(Round.name).where(Round.document == command.document, Round.state != RoundState.CONSOLIDATED)
    if name := ctx.session.exec(unfinished).first():
        raise Refusal(ProblemCode.ROUND_OPEN, f"“{name}” is not consolidated yet; one round follows the other.")
    if command.deadline <= ctx.at:
        raise Refusal(ProblemCode.MALFORMED, "The deadline has already passed.")
    newest = version_row(ctx.tx, ctx.reader(command.document), None)
    if base.id != newest.id:
        raise Refusal(ProblemCode.STALE, f"{base.name} is not the basis any more; {newest.name} is.", newest=newest.id)
    numbers = select(func.max(Round.number)).where(Round.document == command.document)
    row = Round(
        id=ctx.mint("ro"),
        document=command.document,
        number=(ctx.session.exec(numbers).one() or 0) + 1,
        name=command.name,
        base=base.id,
        state=RoundState.OPEN,
        mode=command.mode,
        procedure=command.procedure,
        deadline=command.deadline.astimezone(UTC),
        opened_at=ctx.at,
    )
    ctx.session.add(row)
    return Happened(RoundOpened(round=round_view(row)), made={"round": row.id})


def close_round(ctx: Context, command: CloseRound) -> Happened:
    """Close the round."""
    row = round_row(ctx.tx, command.document, command.round)
    row.state = RoundState.CLOSED
    ctx.session.add(row)
    return Happened(RoundClosed(round=row.id))


def circulate_amendments(ctx: Context, command: CirculateAmendments) -> Happened:
    """Show everyone what was held and still is proposed; it stands from now on where it was released."""
    about = round_row(ctx.tx, command.document, command.round)
    held = select(Amendment).where(
        Amendment.round == command.round,
        col(Amendment.number).is_not(None),
        col(Amendment.circulated).is_(False),
        col(Amendment.withdrawn).is_(False),
        col(Amendment.superseded_by).is_(None),
    )
    rows = list(ctx.session.exec(held.order_by(col(Amendment.delegation), col(Amendment.number))))
    if not rows:
        raise Refusal(ProblemCode.NO_CHANGE, "Nothing is held in this round.")
    if ctx.session.get_one(Document, command.document).unnamed:
        rows = _in_order_of_text(ctx, rows, about.base)
    for row in rows:
        begin_anew(ctx, row)
        circulate(ctx, row)
    return Happened(AmendmentsCirculated(round=command.round, amendments=amendments(ctx.tx, rows, [])))


def _in_order_of_text(ctx: Context, rows: Sequence[Amendment], base: str) -> list[Amendment]:
    """Give amendments by the first section that they touch, new sections last: an order that tells nothing of whose
    they are or when they came.
    """
    places = {line.section: place for place, line in enumerate(manifest(ctx.tx, base))}
    touches = {one.id: one.touches for one in amendments(ctx.tx, rows, [])}

    def place(row: Amendment) -> tuple[int, str]:
        return min(places.get(section, len(places)) for section in touches[row.id]), log.digest(row.id)

    return sorted(rows, key=place)


def admit_amendment(ctx: Context, command: AdmitAmendment) -> Happened:
    """Make a late amendment active."""
    row = changeable(ctx, command.amendment)
    if not row.late:
        raise Refusal(ProblemCode.NO_CHANGE, "This amendment is not late, or was admitted already.")
    row.late = False
    ctx.session.add(row)
    return Happened(AmendmentAdmitted(amendment=row.id), stream=stream_of(row))
