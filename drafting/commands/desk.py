"""The desk: deciding on sections, and taking decisions back until the version is issued."""

from collections.abc import Sequence

from drafting.commands.context import Context, Happened
from drafting.domain.consolidation import decide
from drafting.protocol.commands import DecideSection, UndoDecision
from drafting.protocol.events import DecisionUndone, SectionDecided
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import AmendmentView, DecisionView
from drafting.queries.amendments import decision_view, round_decisions, stream_of
from drafting.queries.desk import Desk, desk, round_amendments, round_row
from drafting.queries.versions import section_view
from storage.tables import Decision


def decide_section(ctx: Context, command: DecideSection) -> Happened:
    """Decide, if the section stands as the sender saw it."""
    at = desk(ctx.tx, round_row(ctx.tx, command.document, command.round))
    _refuse_stale(at, command)
    who = ctx.reader(command.document)
    named = round_amendments(ctx.tx, command.round, at.decisions, command.amendments)
    amendments = _on_the_table([a for a in named if who.sees(stream_of(a))], command)
    edits = decide(
        command.outcome,
        command.section,
        (at.base, at.text),
        [amendment.revision.edits for amendment in amendments],
        None if command.text is None else ctx.text(command.text),
    )
    row = Decision(
        id=ctx.mint("de"),
        document=command.document,
        round=command.round,
        section=command.section,
        outcome=command.outcome,
        amendments=[amendment.id for amendment in amendments],
        edits=[edit.model_dump(mode="json") for edit in edits],
        reason=command.reason,
        by=ctx.person.handle,
        capacity=ctx.capacity,
        at=ctx.at,
        place=ctx.place,
    )
    ctx.session.add(row)
    ctx.session.flush()
    view = decision_view(row)
    payload = SectionDecided(decision=view, amendments=_as_they_stand(ctx, command.round, view))
    return Happened(payload, "desk", {"decision": row.id})


def undo_decision(ctx: Context, command: UndoDecision) -> Happened:
    """Take the decision back, if it is the last one on its section and no other builds on it."""
    row = ctx.session.get_one(Decision, command.decision)
    later = [d for d in round_decisions(ctx.tx, row.round) if d.section == row.section and not d.undone]
    if row.undone or not later:
        raise Refusal(ProblemCode.NO_CHANGE, "This decision was taken back already.")
    if later[-1].id != row.id:
        raise Refusal(
            ProblemCode.CONFLICT, "Something was decided on this section since; undo that first.", last=later[-1].id
        )
    row.undone = True
    ctx.session.add(row)
    ctx.session.flush()
    _refuse_ruin(ctx, row)
    payload = DecisionUndone(decision=row.id, amendments=_as_they_stand(ctx, row.round, decision_view(row)))
    return Happened(payload, "desk", {"decision": row.id})


def _refuse_ruin(ctx: Context, undone: Decision) -> None:
    """Refuse where the other decisions could not be carried out without this one: they name the section it adds."""
    try:
        desk(ctx.tx, round_row(ctx.tx, undone.document, undone.round))
    except Refusal:
        raise Refusal(
            ProblemCode.CONFLICT, "What was decided on another section stands on this one; undo that first."
        ) from None


def _refuse_stale(at: Desk, command: DecideSection) -> None:
    digest = at.digest(command.section)
    if command.against != digest:
        line = at.line(command.section)
        raise Refusal(
            ProblemCode.STALE,
            "Somebody decided on this section in the meantime; look at how it stands now.",
            digest=digest,
            section=section_view(line).model_dump(mode="json") if line else None,
        )


def _on_the_table(amendments: Sequence[AmendmentView], command: DecideSection) -> list[AmendmentView]:
    """Give the amendments named, if each waits for a decision on this section."""
    known = {amendment.id: amendment for amendment in amendments}
    named = []
    for id_ in dict.fromkeys(command.amendments):
        amendment = known.get(id_)
        if amendment is None:
            raise Refusal(ProblemCode.UNKNOWN, f"There is no amendment {id_} in this round.")
        if command.section not in amendment.touches:
            raise Refusal(ProblemCode.UNKNOWN_SECTION, f"{amendment.label} proposes nothing on this section.")
        if not amendment.active:
            raise Refusal(ProblemCode.AMENDMENT_CLOSED, f"{amendment.label} is {_inactive(amendment)}.")
        if command.section in amendment.decided:
            raise Refusal(ProblemCode.AMENDMENT_CLOSED, f"{amendment.label} was decided on here; undo that first.")
        named.append(amendment)
    return named


def _inactive(amendment: AmendmentView) -> str:
    if not amendment.circulated:
        return "held; circulate it first"
    return "late; admit it first" if amendment.late else "withdrawn"


def _as_they_stand(ctx: Context, round_id: str, decision: DecisionView) -> list[AmendmentView]:
    return round_amendments(ctx.tx, round_id, round_decisions(ctx.tx, round_id), decision.amendments)
