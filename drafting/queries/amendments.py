"""Amendments, decisions and comments, each as one reader may see them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from pydantic import TypeAdapter
from sqlmodel import col, select

from drafting.domain.lifecycle import state_of
from drafting.protocol.edits import Edit, PrimitiveEdit
from drafting.protocol.views import AmendmentView, CommentView, DecisionView, QuoteView, RevisionView, RoundView
from drafting.protocol.words import Outcome, RoundState, SubmissionMode
from drafting.queries.people import Reader
from storage.database import ReadTransaction
from storage.tables import Amendment, Comment, Decision, Revision, Round

EDITS: TypeAdapter[list[Edit]] = TypeAdapter(list[Edit])
PRIMITIVE_EDITS: TypeAdapter[list[PrimitiveEdit]] = TypeAdapter(list[PrimitiveEdit])
ORDER = (col(Amendment.place), col(Amendment.delegation), col(Amendment.number))
"""As tabled; what was released together by delegation."""


def label(row: Amendment) -> str:
    """Give the name that is said aloud: ``ARV-17``."""
    return f"{row.delegation}-{row.number}"


def stream_of(row: Amendment | AmendmentView) -> str:
    """Give the audience of an amendment: everyone, or its delegation and the secretariat while it is held."""
    return "all" if row.circulated else f"secretariat+{row.delegation}"


def amendments(
    tx: ReadTransaction, rows: Iterable[Amendment], decisions: Iterable[DecisionView]
) -> list[AmendmentView]:
    """Show amendments in the light of these decisions, in the order of the rows."""
    rows = list(rows)
    revisions = _revisions(tx, rows)
    outcomes: dict[str, dict[str, Outcome]] = defaultdict(dict)
    for decision in decisions:
        if not decision.undone:
            for amendment in decision.amendments:
                outcomes[amendment][decision.section] = decision.outcome
    return [_amendment(row, revisions[row.id], outcomes[row.id]) for row in rows]


def _revisions(tx: ReadTransaction, rows: Sequence[Amendment]) -> dict[str, list[Revision]]:
    kept: dict[str, list[Revision]] = defaultdict(list)
    for start in range(0, len(rows), 500):  # databases bound the number of parameters
        ids = [row.id for row in rows[start : start + 500]]
        for revision in tx.session.exec(
            select(Revision).where(col(Revision.amendment).in_(ids)).order_by(col(Revision.number))
        ):
            kept[revision.amendment].append(revision)
    return kept


def _amendment(row: Amendment, revisions: list[Revision], outcomes: dict[str, Outcome]) -> AmendmentView:
    touches = revisions[-1].touches
    return AmendmentView(
        id=row.id,
        label=label(row),
        delegation=row.delegation,
        round=row.round,
        base=row.base,
        state=state_of(touches, outcomes, withdrawn=row.withdrawn),
        late=row.late,
        circulated=row.circulated,
        touches=touches,
        decided=[section for section in touches if section in outcomes],
        revisions=[_revision(revision) for revision in revisions],
    )


def _revision(row: Revision) -> RevisionView:
    return RevisionView(
        number=row.number,
        edits=EDITS.validate_python(row.edits),
        rationale=row.rationale,
        placement_note=row.placement_note,
        at=row.at,
        by=row.by,
    )


def round_view(row: Round) -> RoundView:
    """Show a round."""
    return RoundView(
        id=row.id,
        number=row.number,
        name=row.name,
        base=row.base,
        state=RoundState(row.state),
        mode=SubmissionMode(row.mode),
        deadline=row.deadline,
        opened_at=row.opened_at,
    )


def round_rows(tx: ReadTransaction, document: str) -> list[Round]:
    """Give the rounds of a document, first one first."""
    return list(tx.session.exec(select(Round).where(Round.document == document).order_by(col(Round.number))))


def decision_view(row: Decision) -> DecisionView:
    """Show a decision."""
    return DecisionView(
        id=row.id,
        round=row.round,
        section=row.section,
        outcome=Outcome(row.outcome),
        amendments=row.amendments,
        edits=PRIMITIVE_EDITS.validate_python(row.edits),
        reason=row.reason,
        by=row.by,
        capacity=row.capacity,
        at=row.at,
        undone=row.undone,
    )


def round_decisions(tx: ReadTransaction, round_id: str) -> list[DecisionView]:
    """Give all decisions of a round in the order they were taken, undone ones too."""
    rows = tx.session.exec(select(Decision).where(Decision.round == round_id).order_by(col(Decision.place)))
    return [decision_view(row) for row in rows]


def decisions_for(tx: ReadTransaction, who: Reader) -> list[DecisionView]:
    """Give the decisions that the reader may see: those of issued rounds, and at the desk all."""
    desk = who.sees("desk")
    shown = []
    for row in round_rows(tx, who.document):
        if desk or row.state == RoundState.CONSOLIDATED:
            taken = round_decisions(tx, row.id)
            shown += taken if desk else [decision for decision in taken if not decision.undone]
    return shown


def amendments_for(tx: ReadTransaction, who: Reader, decisions: Iterable[DecisionView]) -> list[AmendmentView]:
    """Give the amendments that the reader may see, in their order."""
    rows = tx.session.exec(select(Amendment).where(Amendment.document == who.document).order_by(*ORDER))
    return amendments(tx, [row for row in rows if who.sees(stream_of(row))], decisions)


def comment_view(row: Comment) -> CommentView:
    """Show a comment."""
    return CommentView(
        id=row.id,
        section=row.section,
        target=QuoteView.model_validate(row.target) if row.target else None,
        amendment=row.amendment,
        reply_to=row.reply_to,
        audience=row.audience,
        delegation=row.delegation,
        by=row.by,
        capacity=row.capacity,
        body=row.body,
        at=row.at,
    )


def comments_for(tx: ReadTransaction, who: Reader) -> list[CommentView]:
    """Give the comments that the reader may see, in the order they were made."""
    rows = tx.session.exec(select(Comment).where(Comment.document == who.document).order_by(col(Comment.place)))
    return [comment_view(row) for row in rows if who.sees(row.stream)]
