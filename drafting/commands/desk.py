"""The desk: deciding on sections, and taking decisions back until the version is issued."""

from drafting.commands.context import Context, Happened
from drafting.protocol.commands import DecideSection, UndoDecision
from drafting.protocol.events import DecisionUndone, SectionDecided
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import AmendmentView, DecisionView
from drafting.queries.amendments import decision_view, round_decisions
from drafting.queries.deciding import judged_on
from drafting.queries.desk import desk, on_table, round_row
from storage.tables import Decision, Round


def decide_section(ctx: Context, command: DecideSection) -> Happened:
    """Decide, if the section stands as the sender saw it."""
    judged = judged_on(ctx.tx, ctx.reader(command.document), command, ctx.text, lambda: ctx.mint("se"))
    row = Decision(
        id=ctx.mint("de"),
        document=command.document,
        round=command.round,
        section=command.section,
        outcome=judged.outcome,
        amendments=judged.amendments,
        hunks=sorted(set(command.hunks)),
        objections=judged.objections,
        edits=[edit.model_dump(mode="json") for edit in judged.edits],
        reason=command.reason,
        **ctx.signature,
    )
    ctx.session.add(row)
    ctx.session.flush()
    view = decision_view(row)
    payload = SectionDecided(decision=view, amendments=_as_they_stand(ctx, view))
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
    payload = DecisionUndone(decision=row.id, amendments=_as_they_stand(ctx, decision_view(row)))
    return Happened(payload, "desk", {"decision": row.id})


def _refuse_ruin(ctx: Context, undone: Decision) -> None:
    """Refuse where the other decisions could not be carried out without this one: they name the section it adds."""
    try:
        desk(ctx.tx, round_row(ctx.tx, undone.document, undone.round))
    except Refusal:
        raise Refusal(
            ProblemCode.CONFLICT, "What was decided on another section stands on this one; undo that first."
        ) from None


def _as_they_stand(ctx: Context, decision: DecisionView) -> list[AmendmentView]:
    return [one.amendment for one in on_table(ctx.tx, ctx.session.get_one(Round, decision.round), decision.amendments)]
