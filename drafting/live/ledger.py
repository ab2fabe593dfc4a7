"""The durable side of a room: what is loaded, written and put together, in plain functions of a transaction.

A batch of what was typed is one write: under the draft's lock it is seen what other writers (another node, a command)
wrote meanwhile, and whether each hand may still write; then all of it becomes one update of the draft's log.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import insert, select

from drafting.crdt.replica import hands, merge
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.queries.people import Person
from drafting.queries.people import rights as reading_rights
from drafting.queries.working import Hand, hand, still, unknown_draft
from storage import log, updates
from storage.database import Database, ReadTransaction, WriteTransaction
from storage.tables import DraftHand, WorkingDraft

_DRAFTS = WorkingDraft.__table__  # type: ignore[attr-defined]  # SQLModel does not type its tables
_HANDS = DraftHand.__table__  # type: ignore[attr-defined]  # as above


@dataclass(frozen=True, slots=True)
class Part:
    """Something that a hand typed: what the gate let through. ``clients`` are the ids that it brings content of,
    ``new`` those of them that are not known to be bound to the person yet, and ``sections`` what it touches.
    """

    hand: Hand
    content: bytes
    clients: frozenset[int]
    new: frozenset[int]
    sections: frozenset[str]


class Row(NamedTuple):
    """An update in the draft's log."""

    number: int
    content: bytes


class Written(NamedTuple):
    """What stands in the log after a batch: the rows of other writers that came before ours, and ours."""

    others: tuple[Row, ...]
    ours: Row


class Standing(NamedTuple):
    """Where the logs stood when somebody was looked at: ``reads`` grows when anybody may see more or less, ``places``
    with each event of the process and the document.
    """

    reads: int
    places: tuple[int, int]


class Seat(NamedTuple):
    """Somebody at a draft, and where the logs stood when it was seen that they may be."""

    hand: Hand
    standing: Standing


class News(NamedTuple):
    """What is new of a draft: rows of its log, and people whose hands are other ones now (``None``: may not read)."""

    rows: tuple[Row, ...]
    seats: dict[str, Seat | None]


class RefusedPartsError(Exception):
    """Some parts of a batch may not be written (any more), by their places in it; nothing was written."""

    def __init__(self, refusals: dict[int, Refusal]) -> None:
        super().__init__(refusals)
        self.refusals = refusals


class OvertakenError(Exception):
    """Another writer typed under a client id of the batch; nothing was written. ``rows`` are what others wrote."""

    def __init__(self, rows: tuple[Row, ...]) -> None:
        super().__init__(rows)
        self.rows = rows


def load(database: Database, draft: str) -> tuple[updates.Stored, dict[int, str]]:
    """Give all that is stored of a draft, and whose its client ids are; refuses as unknown one that is not there."""
    with database.reading() as tx:
        stored = updates.load(tx.session, draft)
        if stored is None:
            raise unknown_draft(draft)
        rows = tx.session.execute(select(_HANDS.c.client, _HANDS.c.participant).where(_HANDS.c.draft == draft))
        return stored, {row.client: row.participant for row in rows}


def seat(tx: ReadTransaction, person: Person, draft: str) -> Seat:
    """Seat somebody at a draft; refuses as unknown one that is not there, or not for them."""
    found = hand(tx, person, draft)
    return Seat(found, Standing(reading_rights(tx, found.document, found.process), found.rights))


def write(tx: WriteTransaction, draft: str, parts: Sequence[Part], known: int) -> Written:
    """Write the parts as the draft's next update. ``known`` is up to where the room has read the log.

    Refuses as unknown where the draft has gone.
    """
    content = merge([part.content for part in parts])
    try:
        # What follows is judged under the draft's lock, which this takes; it is undone if that raises anything.
        ours = Row(tx.type_in(draft, content), content)
    except LookupError:
        raise unknown_draft(draft) from None
    others = rows_after(tx, draft, known, ours.number - 1)
    typed = frozenset[int]().union(*(part.clients for part in parts)) if others else frozenset[int]()
    if any(typed & hands(row.content) for row in others):
        raise OvertakenError(others)
    if refusals := _refusals(tx, parts) or _bind(tx, draft, parts):
        raise RefusedPartsError(refusals)
    return Written(others, ours)


def rows_after(tx: ReadTransaction, draft: str, known: int, last: int) -> tuple[Row, ...]:
    """Give what is in the log after the row that is known, up to the last one."""
    if last <= known:
        return ()
    rows = [Row(*row) for row in updates.after(tx.session, draft, known) if row[0] <= last]
    if len(rows) < last - known:
        # Others have put rows together which we had not read: then everything is told once more, up to that row.
        stored = updates.load(tx.session, draft)
        rows = [Row(last, merge((stored.state, *stored.updates[: last - stored.last or None])))] if stored else []
    return tuple(rows)


def _refusals(tx: ReadTransaction, parts: Sequence[Part]) -> dict[int, Refusal]:
    """Judge each part by the hand that typed it as that is now; looks only if something has happened since."""
    now: dict[str, Hand | Refusal] = {}
    unchanged: set[tuple[int, int]] = set()
    refusals = {}
    for place, part in enumerate(parts):
        if part.hand.rights in unchanged:
            continue
        person = part.hand.person.id
        if person not in now:
            now[person] = _as_it_is(tx, part.hand)
        if now[person] is part.hand:
            unchanged.add(part.hand.rights)
        elif refusal := refused(now[person], part.sections):
            refusals[place] = refusal
    return refusals


def _as_it_is(tx: ReadTransaction, known: Hand) -> Hand | Refusal:
    try:
        return still(tx, known)
    except Refusal as refusal:
        return refusal


def refused(at: Hand | Refusal, sections: Collection[str]) -> Refusal | None:
    """Give the refusal of typing in these sections, if there is one."""
    if isinstance(at, Refusal):
        return at
    if at.why_not is not None:
        return Refusal(*at.why_not)
    if locked := sorted(at.locked.intersection(sections)):
        return Refusal(ProblemCode.SECTION_LOCKED, "What you edited is locked.", sections=locked)
    return None


def _bind(tx: WriteTransaction, draft: str, parts: Sequence[Part]) -> dict[int, Refusal]:
    """Bind client ids that are new to the person who types under them; gives refusals where one is another's."""
    asked = frozenset[int]().union(*(part.new for part in parts))
    if not asked:
        return {}
    known = select(_HANDS.c.client, _HANDS.c.participant).where(_HANDS.c.draft == draft, _HANDS.c.client.in_(asked))
    bound = {row.client: row.participant for row in tx.session.execute(known)}
    new = []
    for place, part in enumerate(parts):
        for client in part.new:
            person = part.hand.person.id
            if client not in bound:
                bound[client] = person
                new.append({"draft": draft, "client": client, "participant": person, "side": part.hand.types_for})
            elif bound[client] != person:
                return {place: hand_taken(client)}
    if new:
        tx.session.execute(insert(_HANDS), new)
    return {}


def hand_taken(client: int) -> Refusal:
    """Say that the client id is somebody else's."""
    return Refusal(ProblemCode.HAND_TAKEN, f"Client {client} is somebody else's; begin with a new document.")


def news(tx: ReadTransaction, draft: str, known: int, seats: Mapping[str, Seat]) -> News:
    """Give what is new of a draft, of whose log everything up to ``known`` was read, and of those who are at it.

    Refuses as unknown a draft that has gone.
    """
    last = tx.session.execute(select(_DRAFTS.c.last_update).where(_DRAFTS.c.id == draft)).scalar()
    if last is None:
        raise unknown_draft(draft)
    return News(rows_after(tx, draft, known, last), _moved(tx, seats))


def _moved(tx: ReadTransaction, seats: Mapping[str, Seat]) -> dict[str, Seat | None]:
    """Look again at those whose hands may have become others since they were last looked at."""
    moved: dict[str, Seat | None] = {}
    if not seats:
        return moved
    one = next(iter(seats.values())).hand
    places = log.last_places(tx.session, one.process, one.document)
    if all(seat.standing.places == places for seat in seats.values()):
        return moved
    now = Standing(reading_rights(tx, one.document, one.process), places)
    for person, known in seats.items():
        if known.standing != now:
            moved[person] = _seated_anew(tx, known, now)
    return moved


def _seated_anew(tx: ReadTransaction, known: Seat, now: Standing) -> Seat | None:
    # Of the many who only read, and never could write, an event of the document changes nothing.
    only_reads = known.hand.why_not is not None and known.hand.why_not[0] is ProblemCode.NOT_PERMITTED
    if only_reads and known.standing.reads == now.reads:
        return Seat(known.hand, now)
    try:
        return Seat(hand(tx, known.hand.person, known.hand.draft), now)
    except Refusal:
        return None


def compact(tx: WriteTransaction, draft: str, number: int, state: bytes) -> bool:
    """Put the state in the place of the updates up to the number; tells whether it was done."""
    return updates.lock(tx.session, draft) is not None and updates.compact(tx.session, draft, number, state)
