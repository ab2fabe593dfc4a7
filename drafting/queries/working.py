"""Working drafts: whose they are, whose hands are on them, and how readers are shown them.

There is no difference told between a draft that is not there and one that somebody may not read.
"""

from dataclasses import dataclass

from sqlmodel import col, select

from drafting.policy import Acting, judge_hand
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import WorkingDraftView
from drafting.protocol.words import DraftKind, RoundState
from drafting.queries.amendments import round_rows
from drafting.queries.groups import working_group
from drafting.queries.people import Person, Reader, reader
from storage import log
from storage.database import ReadTransaction
from storage.tables import Document, DraftLock, Group, WorkingDraft


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody at a working draft that they may read. ``side`` is whose the draft is, empty for the chair's.

    ``capacity`` is what they type as; where they may not, ``why_not`` tells the code and the sentence of the refusal.
    ``locked`` are the sections that nobody edits now. Nothing of this changes while ``rights`` stay the same.
    """

    reader: Reader
    draft: str
    process: str
    kind: DraftKind
    side: str
    stream: str
    capacity: str
    why_not: tuple[ProblemCode, str] | None
    locked: frozenset[str]
    rights: tuple[int, int]

    @property
    def person(self) -> Person:
        """Whose hand it is."""
        return self.reader.person

    @property
    def document(self) -> str:
        """The document that the draft is of."""
        return self.reader.document

    @property
    def writes(self) -> bool:
        """Whether they may type now."""
        return self.why_not is None

    @property
    def types_for(self) -> str:
        """The delegation or closed group that they type for; empty for the house."""
        return Acting.parse(self.capacity).side or ""

    def refuse_reader(self) -> None:
        """Refuse the typing of one who may only read."""
        if self.why_not is not None:
            raise Refusal(*self.why_not)


def hand(tx: ReadTransaction, person: Person, draft: str) -> Hand:
    """Give the person as a hand at the draft, or refuse as unknown: what is not there, and what they may not read."""
    row = tx.session.get(WorkingDraft, draft)
    document = tx.session.get(Document, row.document) if row else None
    if row is None or document is None:
        raise unknown_draft(draft)
    rights = _rights(tx, document.id, document.process)  # before all that is looked at: what changes later, shows
    who = _reader(tx, person, row)
    kind, side, stream = DraftKind(row.kind), row.side, draft_stream(row)
    capacity, why_not = _judged(tx, row, who)
    locked = frozenset(locks(tx, draft))
    return Hand(who, draft, document.process, kind, side, stream, capacity, why_not, locked, rights)


def still(tx: ReadTransaction, known: Hand) -> Hand:
    """Give the hand as it is now, which is the same if nothing has happened in its document and process since; refuses
    as unknown what has gone, or may not be read any more.

    It costs little where nothing has happened: it may be asked for every update.
    """
    now = _rights(tx, known.document, known.process)
    return known if now == known.rights else hand(tx, known.person, known.draft)


def working_draft(tx: ReadTransaction, who: Reader, draft: str) -> WorkingDraft:
    """Give the draft of the document that the reader may read, or refuse as unknown."""
    row = tx.session.get(WorkingDraft, draft)
    if row is None or row.document != who.document or not who.sees(draft_stream(row)):
        raise unknown_draft(draft)
    return row


def draft_of(tx: ReadTransaction, document: str, kind: DraftKind, side: str) -> WorkingDraft | None:
    """Give the working draft of a side of the document, if it was opened."""
    asked = select(WorkingDraft).where(
        WorkingDraft.document == document, WorkingDraft.kind == kind, WorkingDraft.side == side
    )
    return tx.session.exec(asked).first()


def unknown_draft(draft: str) -> Refusal:
    """Say that there is none, or none that one may read."""
    return Refusal(ProblemCode.UNKNOWN, f"There is no working draft {draft} that you may read.")


def draft_stream(row: WorkingDraft) -> str:
    """Give the audience of a draft: everyone, the delegation or the closed group."""
    return "all" if row.kind == DraftKind.CHAIR else f"{row.kind}:{row.side}"


def owners_of(tx: ReadTransaction, row: WorkingDraft) -> frozenset[str]:
    """Name whose a draft is: the delegation; the closed group and its members; nobody's, if it is the chair's."""
    group = tx.session.get(Group, (row.document, row.side)) if row.kind == DraftKind.GROUP else None
    return frozenset(filter(None, (row.side, *(group.members if group else ()))))


def refuse_hand(tx: ReadTransaction, row: WorkingDraft, capacity: str) -> None:
    """Refuse the typing of this capacity in the draft: it is not theirs, not now, or its closed group was dissolved."""
    rounds = round_rows(tx, row.document)
    phase = RoundState(rounds[-1].state) if rounds else None
    judge_hand(DraftKind(row.kind), Acting.parse(capacity), phase, owners_of(tx, row))
    if row.kind == DraftKind.GROUP:
        working_group(tx, row.document, row.side)


def locks(tx: ReadTransaction, draft: str) -> list[str]:
    """Name the sections of the draft that are locked."""
    asked = select(DraftLock.section).where(DraftLock.draft == draft).order_by(col(DraftLock.section))
    return list(tx.session.exec(asked))


def working_draft_view(tx: ReadTransaction, row: WorkingDraft) -> WorkingDraftView:
    """Show a draft to those who may read it."""
    return WorkingDraftView(
        id=row.id,
        kind=DraftKind(row.kind),
        side=row.side,
        audience=draft_stream(row),
        base=row.base,
        locked=locks(tx, row.id),
        opened_at=row.opened_at,
    )


def working_drafts_for(tx: ReadTransaction, who: Reader) -> list[WorkingDraftView]:
    """Give the working drafts that the reader may read, by id."""
    rows = tx.session.exec(
        select(WorkingDraft).where(WorkingDraft.document == who.document).order_by(col(WorkingDraft.id))
    )
    return [working_draft_view(tx, row) for row in rows if who.sees(draft_stream(row))]


def _reader(tx: ReadTransaction, person: Person, row: WorkingDraft) -> Reader:
    try:
        who = reader(tx, person, row.document)
    except Refusal:
        raise unknown_draft(row.id) from None  # that there is such a document, is told to nobody who does not know it
    if not who.sees(draft_stream(row)):
        raise unknown_draft(row.id)
    return who


def _judged(tx: ReadTransaction, row: WorkingDraft, who: Reader) -> tuple[str, tuple[ProblemCode, str] | None]:
    """Give the capacity in which the reader types, and ``None``; if there is none, why not: because of the time rather
    than because of who they are.
    """
    answers = [(capacity, _refusal(tx, row, capacity)) for capacity in who.capacities]
    return min(answers, key=lambda answer: _HOPE.get(answer[1] and answer[1][0], 1))


_HOPE: dict[ProblemCode | None, int] = {None: 0, ProblemCode.NOT_PERMITTED: 2}


def _refusal(tx: ReadTransaction, row: WorkingDraft, capacity: str) -> tuple[ProblemCode, str] | None:
    try:
        refuse_hand(tx, row, capacity)
    except Refusal as refusal:
        return refusal.code, refusal.detail
    return None


def _rights(tx: ReadTransaction, document: str, process: str) -> tuple[int, int]:
    return log.last_places(tx.session, process, document)
