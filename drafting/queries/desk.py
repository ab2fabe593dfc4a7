"""The desk: a round's text as consolidated so far, and what still waits for a decision."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlmodel import col, select

from drafting.domain.consolidation import consolidated, with_waiting
from drafting.domain.numbering import number
from drafting.domain.text import Line, Manifest
from drafting.policy import DESK
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import AmendmentView, DecisionView, DeskSectionView, DeskView
from drafting.queries.amendments import ORDER, amendments, amendments_for, round_decisions
from drafting.queries.people import Reader
from drafting.queries.versions import manifest, section_view
from storage import log
from storage.database import ReadTransaction
from storage.tables import Amendment, Round


@dataclass(frozen=True, slots=True)
class Desk:
    """A round at the desk. ``text`` is the base with all standing decisions carried out, in their order."""

    base: Manifest
    text: Manifest
    decisions: tuple[DecisionView, ...]

    def line(self, section: str) -> Line | None:
        """Give the section as it stands, if it is in the text."""
        return next((line for line in self.text if line.section == section), None)

    def digest(self, section: str) -> str:
        """Name how the section stands: its words, and what was decided on it. A new decision changes it."""
        standing = [decision.id for decision in self.decisions if decision.section == section]
        return _digest(section, self.line(section), standing)


def _digest(section: str, line: Line | None, standing: list[str]) -> str:
    words = [line.text, line.deleted] if line else None
    return log.digest(log.canonical([section, words, standing]))[:32]


def desk(tx: ReadTransaction, row: Round) -> Desk:
    """Give the round's desk."""
    standing = tuple(decision for decision in round_decisions(tx, row.id) if not decision.undone)
    base = manifest(tx, row.base)
    return Desk(base, consolidated(base, [decision.edits for decision in standing]), standing)


def round_row(tx: ReadTransaction, document: str, round_id: str) -> Round:
    """Give the round of the document, or refuse as unknown."""
    row = tx.session.get(Round, round_id)
    if row is None or row.document != document:
        raise Refusal(ProblemCode.UNKNOWN, f"There is no round {round_id} of this document that you may read.")
    return row


def round_amendments(
    tx: ReadTransaction, round_id: str, decisions: Iterable[DecisionView], among: Collection[str] | None = None
) -> list[AmendmentView]:
    """Give the amendments of a round (all, or those ``among`` these), seen from the desk."""
    asked = select(Amendment).where(Amendment.round == round_id).order_by(*ORDER)
    if among is not None:
        asked = asked.where(col(Amendment.id).in_(among))
    return amendments(tx, tx.session.exec(asked), decisions)


def desk_for(tx: ReadTransaction, who: Reader, round_id: str) -> DeskView:
    """Show the desk to those who sit at it."""
    if not who.sees("desk"):
        sitting = " and ".join(sorted(DESK))
        raise Refusal(ProblemCode.NOT_PERMITTED, f"The desk is for {sitting} until the version is issued.")
    at = desk(tx, round_row(tx, who.document, round_id))
    here = [a for a in amendments_for(tx, who, at.decisions) if a.round == round_id and a.active]
    waiting: dict[str, list[str]] = defaultdict(list)
    for amendment in here:
        for section in amendment.touches:
            if section not in amendment.decided:
                waiting[section].append(amendment.id)
    taken: dict[str, list[str]] = defaultdict(list)
    for decision in at.decisions:
        taken[decision.section].append(decision.id)
    stands = {line.section: line for line in at.text}
    undecided = [a.revision.edits for a in here if set(a.touches) - set(a.decided)]
    proposed = with_waiting(at.text, undecided)
    shown = number(tuple(line for line in proposed if waiting[line.section] or line.section in stands))
    sections = [
        DeskSectionView(
            section=section_view(line),
            digest=_digest(line.section, stands.get(line.section), taken[line.section]),
            waiting=waiting[line.section],
            decisions=taken[line.section],
        )
        for line in shown
    ]
    return DeskView(round=round_id, sections=sections, waiting=sum(map(len, waiting.values())))
