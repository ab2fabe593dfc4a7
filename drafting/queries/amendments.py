"""Amendments and decisions, each as one reader may see them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import dropwhile
from typing import NamedTuple

from pydantic import TypeAdapter
from sqlmodel import col, select

from drafting.domain.lifecycle import settled, state_after, state_of
from drafting.protocol.edits import Edit, PrimitiveEdit
from drafting.protocol.views import (
    AmendmentView,
    DecisionView,
    EntryView,
    RevisionView,
    RoundView,
)
from drafting.protocol.words import AmendmentState, Outcome, Procedure, RoundState, SubmissionMode
from drafting.queries.carrying import ByRound, Leg, journey
from drafting.queries.people import Reader
from drafting.queries.unnamed import shown
from storage.database import ReadTransaction
from storage.tables import Amendment, Decision, Revision, Round

EDITS: TypeAdapter[list[Edit]] = TypeAdapter(list[Edit])
PRIMITIVE_EDITS: TypeAdapter[list[PrimitiveEdit]] = TypeAdapter(list[PrimitiveEdit])
ORDER = (col(Amendment.place), col(Amendment.neutral), col(Amendment.delegation), col(Amendment.number))
"""As tabled; what was released together by delegation, or under unnamed circulation as it was numbered."""


def label(row: Amendment) -> str:
    """Give the name that is said aloud: ``ARV-17``; of what is not tabled yet, ``ARV draft 3``; of what circulates
    without names, ``P17``.
    """
    if row.neutral is not None:
        return f"P{row.neutral}"
    return f"{row.delegation} draft {row.draft}" if row.number is None else f"{row.delegation}-{row.number}"


def lead(row: Amendment) -> str:
    """Name who speaks for an amendment: its first sponsor; for a closed group's text, the group."""
    return row.group or row.sponsors[0]


def stream_of(row: Amendment) -> str:
    """Give the audience of an amendment: everyone; its sponsors, its closed group and the secretariat while it is
    held; its delegation or closed group alone while it is internal.
    """
    if row.circulated:
        return "all"
    if row.number is None:
        return f"group:{row.group}" if row.group else f"delegation:{row.delegation}"
    sponsors = row.entry["sponsors"] if row.entry else row.sponsors
    return "+".join(["secretariat", *filter(None, [row.group]), *sponsors])


class Verdict(NamedTuple):
    """A decision that stands, as far as it tells what became of amendments."""

    round: str
    section: str
    outcome: Outcome
    amendments: list[str]
    undone: bool = False


def amendments(
    tx: ReadTransaction, rows: Iterable[Amendment], decisions: Iterable[DecisionView | Verdict]
) -> list[AmendmentView]:
    """Show amendments in the light of these decisions, in the order of the rows."""
    rows = list(rows)
    revisions = _revisions(tx, rows)
    decided = outcomes_of(decisions)
    return [_amendment(tx, row, revisions[row.id], decided.get(row.id, {})) for row in rows]


def outcomes_of(decisions: Iterable[DecisionView | Verdict]) -> dict[str, ByRound]:
    """Give, by amendment, what the decisions that stand decided: by round, by section, in the order of deciding."""
    found: dict[str, dict[str, dict[str, list[Outcome]]]] = {}
    for decision in decisions:
        if not decision.undone:
            for amendment in decision.amendments:
                here = found.setdefault(amendment, {}).setdefault(decision.round, {})
                here.setdefault(decision.section, []).append(decision.outcome)
    return dict(found)


def legs_from(rounds: Iterable[Round], first: str) -> list[Leg]:
    """Give the rounds that an amendment came through: from its own on, of all of its document's in their order."""
    return [Leg(later.id, later.base) for later in dropwhile(lambda row: row.id != first, rounds)]


def _revisions(tx: ReadTransaction, rows: Sequence[Amendment]) -> dict[str, list[Revision]]:
    kept: dict[str, list[Revision]] = defaultdict(list)
    for start in range(0, len(rows), 500):  # databases bound the number of parameters
        ids = [row.id for row in rows[start : start + 500]]
        for revision in tx.session.exec(
            select(Revision).where(col(Revision.amendment).in_(ids)).order_by(col(Revision.number))
        ):
            kept[revision.amendment].append(revision)
    return kept


def _amendment(tx: ReadTransaction, row: Amendment, revisions: list[Revision], decided: ByRound) -> AmendmentView:
    touches = revisions[-1].touches
    outcomes = decided.get(row.round, {})
    return AmendmentView(
        id=row.id,
        label=label(row),
        delegation=lead(row),
        sponsors=row.sponsors,
        group=row.group,
        entry=EntryView.model_validate(row.entry) if row.entry else None,
        audience=stream_of(row),
        superseded_by=row.superseded_by,
        round=row.round,
        base=row.base,
        state=_state(tx, row, revisions[-1], decided),
        late=row.late,
        circulated=row.circulated,
        touches=touches,
        decided=[section for section in touches if settled(outcomes.get(section, ()))],
        revisions=[_revision(revision) for revision in revisions],
    )


def _state(tx: ReadTransaction, row: Amendment, revision: Revision, decided: ByRound) -> AmendmentState:
    if row.withdrawn or row.superseded_by or row.number is None:
        return _unheard(row)
    state = state_of(revision.touches, decided.get(row.round, {}))
    if state is not AmendmentState.PARKED or decided.keys() <= {row.round}:
        return state  # what was parked stays parked until another round decides on it
    way = journey(
        tx, EDITS.validate_python(revision.edits), legs_from(round_rows(tx, row.document), row.round), decided
    )
    return state_after((here.touches, decided.get(leg.round, {})) for leg, here in way)


def _unheard(row: Amendment) -> AmendmentState:
    if row.withdrawn:
        return AmendmentState.WITHDRAWN
    return AmendmentState.SUPERSEDED if row.superseded_by else AmendmentState.INTERNAL


def waits_in(tx: ReadTransaction, row: Amendment) -> Round:
    """Give the round that an amendment belongs to now: its own, or the newest one if it was parked, or not tabled."""
    own = tx.session.get_one(Round, row.round)
    if own.state != RoundState.CONSOLIDATED or row.withdrawn:
        return own
    state = amendments(tx, [row], document_decisions(tx, row.document))[0].state
    return round_rows(tx, row.document)[-1] if state in {AmendmentState.PARKED, AmendmentState.INTERNAL} else own


def _revision(row: Revision) -> RevisionView:
    return RevisionView(
        number=row.number,
        base=row.base,
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
        procedure=Procedure(row.procedure),
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
        hunks=row.hunks,
        objections=row.objections,
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


def taken_in(tx: ReadTransaction, *rounds: str) -> list[Verdict]:
    """Give the decisions of these rounds that stand, one round's after the other's, in the order they were taken."""
    # Columns, not views: every decision asks what the others have decided.
    asked = select(Decision.section, Decision.outcome, Decision.amendments).where(col(Decision.undone).is_(False))
    return [
        Verdict(row, section, Outcome(outcome), list(named))
        for row in rounds
        for section, outcome, named in tx.session.exec(asked.where(Decision.round == row).order_by(col(Decision.place)))
    ]


def document_decisions(tx: ReadTransaction, document: str) -> list[Verdict]:
    """Give the decisions of a document that stand, the first round's first."""
    return taken_in(tx, *(row.id for row in round_rows(tx, document)))


def decisions_for(tx: ReadTransaction, who: Reader) -> list[DecisionView]:
    """Give the decisions that the reader may see: those of issued rounds, and at the desk all."""
    desk = who.sees("desk")
    found = []
    for row in round_rows(tx, who.document):
        if desk or row.state == RoundState.CONSOLIDATED:
            taken = round_decisions(tx, row.id)
            found += taken if desk else [decision for decision in taken if not decision.undone]
    return shown(found, who)


@dataclass(frozen=True, slots=True)
class Sought:
    """Which amendments are asked for: in one of these states, held by one of these delegations (or a closed group's),
    of one of these rounds. Whatever is left out does not matter.
    """

    states: frozenset[AmendmentState] = frozenset()
    holders: frozenset[str] = frozenset()
    rounds: frozenset[str] = frozenset()

    def fits(self, amendment: AmendmentView) -> bool:
        """Tell whether an amendment is one of these."""
        holders = {amendment.delegation, *amendment.sponsors}
        asked = (self.states, {amendment.state}), (self.holders, holders), (self.rounds, {amendment.round})
        return all(not these or these & has for these, has in asked)


def amendments_for(tx: ReadTransaction, who: Reader, decisions: Iterable[DecisionView]) -> list[AmendmentView]:
    """Give the amendments that the reader may see, in their order."""
    rows = tx.session.exec(select(Amendment).where(Amendment.document == who.document).order_by(*ORDER))
    return shown(amendments(tx, [row for row in rows if who.sees(stream_of(row))], decisions), who)
