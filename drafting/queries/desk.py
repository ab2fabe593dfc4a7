"""The desk: a round's text as consolidated so far, and what still waits for a decision."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import col, select

from drafting.domain.consolidation import consolidated, with_waiting
from drafting.domain.edits import primitive
from drafting.domain.in_part import hunks
from drafting.domain.lifecycle import Outcomes, settled
from drafting.domain.numbering import number
from drafting.domain.text import Line, Manifest
from drafting.policy import DESK
from drafting.protocol.edits import Add, PrimitiveEdit, Replace
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import AmendmentView, DecisionView, DeskSectionView, DeskView, HunkView, WaitingView
from drafting.protocol.words import Outcome, SectionStatus
from drafting.queries.amendments import (
    ORDER,
    amendments,
    document_decisions,
    legs_from,
    outcomes_of,
    round_decisions,
    round_rows,
    taken_in,
)
from drafting.queries.carrying import Standing, journey
from drafting.queries.people import Reader
from drafting.queries.status import agreed_on
from drafting.queries.versions import manifest, section_view
from storage import log
from storage.database import ReadTransaction
from storage.tables import Amendment, Decision, Round


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


@dataclass(frozen=True, slots=True)
class OnTable:
    """An amendment before the desk: what it asks of the round's base, and what was decided on it in this round."""

    amendment: AmendmentView
    asks: Standing
    decided: Mapping[str, Outcomes]

    @property
    def waiting(self) -> list[str]:
        """Name the sections that the desk has still to decide on."""
        return [section for section in self.asks.touches if not settled(self.decided.get(section, ()))]


def _digest(section: str, line: Line | None, standing: list[str]) -> str:
    words = [line.text, line.deleted] if line else None
    return log.digest(log.canonical([section, words, standing]))[:32]


def desk(tx: ReadTransaction, row: Round) -> Desk:
    """Give the round's desk."""
    taken = tuple(decision for decision in round_decisions(tx, row.id) if not decision.undone)
    base = manifest(tx, row.base)
    return Desk(base, consolidated(base, [decision.edits for decision in taken if decision.edits]), taken)


def round_row(tx: ReadTransaction, document: str, round_id: str) -> Round:
    """Give the round of the document, or refuse as unknown."""
    row = tx.session.get(Round, round_id)
    if row is None or row.document != document:
        raise Refusal(ProblemCode.UNKNOWN, f"There is no round {round_id} of this document that you may read.")
    return row


def on_table(tx: ReadTransaction, row: Round, among: Collection[str] | None = None) -> list[OnTable]:
    """Give the amendments before a round's desk: its own, then those that earlier rounds have parked.

    ``among``: only these.
    """
    tabled = select(Amendment).where(Amendment.round == row.id, col(Amendment.number).is_not(None))
    asked = tabled.order_by(*ORDER)
    if among is not None:
        asked = asked.where(col(Amendment.id).in_(among))
    decisions = taken_in(tx, row.id)
    decided = outcomes_of(decisions)
    here = [
        OnTable(a, Standing(tuple(a.revision.edits), tuple(a.touches)), decided.get(a.id, {}).get(row.id, {}))
        for a in amendments(tx, tx.session.exec(asked), decisions)
    ]
    return [*here, *_parked_before(tx, row, among)]


def _parked_before(tx: ReadTransaction, row: Round, among: Collection[str] | None) -> list[OnTable]:
    """Give the amendments that came to this round parked, carried to its text."""
    asked = select(Decision.amendments).where(
        Decision.document == row.document,
        Decision.outcome == Outcome.PARK,
        Decision.round != row.id,
        col(Decision.undone).is_(False),
    )
    parked = {amendment for named in tx.session.exec(asked) for amendment in named}
    if among is not None:
        parked &= set(among)
    if not parked:
        return []
    everything = document_decisions(tx, row.document)
    decided = outcomes_of(everything)
    rows = tx.session.exec(
        select(Amendment).where(col(Amendment.id).in_(parked), Amendment.round != row.id).order_by(*ORDER)
    ).all()
    rounds = round_rows(tx, row.document)
    found = []
    for one, view in zip(rows, amendments(tx, rows, everything), strict=True):
        way = journey(tx, view.revision.edits, legs_from(rounds, one.round), decided.get(one.id, {}))
        asks = next((asks for leg, asks in way if leg.round == row.id), None)
        if asks is not None and asks.touches:
            found.append(OnTable(view, asks, decided.get(one.id, {}).get(row.id, {})))
    return found


def desk_for(tx: ReadTransaction, who: Reader, round_id: str) -> DeskView:
    """Show the desk to those who sit at it."""
    if not who.sees("desk"):
        sitting = " and ".join(sorted(DESK))
        raise Refusal(ProblemCode.NOT_PERMITTED, f"The desk is for {sitting} until the version is issued.")
    row = round_row(tx, who.document, round_id)
    at = desk(tx, row)
    here = [one for one in on_table(tx, row) if one.amendment.active and who.sees(one.amendment.audience)]
    waiting: dict[str, list[OnTable]] = defaultdict(list)
    for one in here:
        for section in one.waiting:
            waiting[section].append(one)
    taken: dict[str, list[str]] = defaultdict(list)
    for decision in at.decisions:
        taken[decision.section].append(decision.id)
    stands = {line.section: line for line in at.text}
    proposed = with_waiting(at.text, [one.asks.edits for one in here if one.waiting])
    shown = number(tuple(line for line in proposed if waiting[line.section] or line.section in stands))
    changes = _Changes(at, here)
    agreed = {section: status.status for section, status in agreed_on(tx, who.document, at.text).items()}
    sections = [
        DeskSectionView(
            section=section_view(line),
            status=agreed.get(line.section, SectionStatus.OPEN),
            digest=_digest(line.section, stands.get(line.section), taken[line.section]),
            waiting=[one.amendment.id for one in waiting[line.section]],
            proposals=[changes.shown(one, line.section) for one in waiting[line.section]],
            decisions=taken[line.section],
        )
        for line in shown
    ]
    return DeskView(round=round_id, sections=sections, waiting=sum(map(len, waiting.values())))


class _Changes:
    """What the amendments before the desk would change in the base, and what of it was taken."""

    def __init__(self, at: Desk, here: Iterable[OnTable]) -> None:
        self._base = {line.section: line.text for line in at.base}
        self._taken: dict[tuple[str, str], set[int]] = defaultdict(set)
        for decision in at.decisions:
            for amendment in decision.amendments:
                self._taken[amendment, decision.section].update(decision.hunks)
        self._asked: dict[tuple[str, str], list[PrimitiveEdit]] = defaultdict(list)
        self._alike: dict[tuple[PrimitiveEdit, ...], list[str]] = defaultdict(list)
        for one in here:
            for part in primitive(at.base, one.asks.edits) if one.waiting else ():
                self._asked[one.amendment.id, part.section or ""].append(part)
            for section in one.waiting:
                self._alike[self._key(one, section)].append(one.amendment.id)

    def shown(self, one: OnTable, section: str) -> WaitingView:
        """Show what waits of an amendment on a section."""
        at = one.amendment.id, section
        texts = [part.text for part in self._asked[at] if isinstance(part, Replace)]
        found = hunks(self._base[section], texts[-1]) if texts and section in self._base else ()
        return WaitingView(
            amendment=one.amendment.id,
            hunks=[HunkView(**hunk._asdict(), taken=hunk.number in self._taken[at]) for hunk in found],
            clashes=section in one.asks.clashing,
            twins=[other for other in self._alike[self._key(one, section)] if other != one.amendment.id],
        )

    def _key(self, one: OnTable, section: str) -> tuple[PrimitiveEdit, ...]:
        """Give what an amendment asks of a section; of a new one, whatever its id."""
        asked = self._asked[one.amendment.id, section]
        return tuple(part.model_copy(update={"section": None}) if isinstance(part, Add) else part for part in asked)
