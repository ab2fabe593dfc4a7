"""The log of what is typed into a working draft: append under the draft's lock, read on, put together, forget.

Kept apart from the event log: these bytes are compacted and can be purged; no history of keystrokes is kept.
"""

from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, select, update
from sqlmodel import Session

from storage.tables import DraftState, DraftUpdate, WorkingDraft

DRAFTS = WorkingDraft.__table__  # type: ignore[attr-defined]  # SQLModel does not type its tables
UPDATES = DraftUpdate.__table__  # type: ignore[attr-defined]  # as above
STATES = DraftState.__table__  # type: ignore[attr-defined]  # as above

# Written once: to put a statement together anew for every keystroke would cost as much as to carry it out.
_COUNT = update(DRAFTS).where(DRAFTS.c.id == bindparam("named")).values(last_update=DRAFTS.c.last_update + 1)
_COUNTED = _COUNT.returning(DRAFTS.c.last_update)
_WRITE = insert(UPDATES)


@dataclass(frozen=True, slots=True)
class Stored:
    """All that is stored of a draft: what was put together up to some update (empty: nothing yet), the updates after
    it, in order, and the number of the last one.
    """

    state: bytes
    updates: tuple[bytes, ...]
    last: int


def lock(session: Session, draft: str) -> int | None:
    """Lock the draft's row for this transaction and give the number of its last update; ``None`` if there is none."""
    asked = select(DRAFTS.c.last_update).where(DRAFTS.c.id == draft).with_for_update(key_share=True)
    return session.execute(asked).scalar()


def append(session: Session, draft: str, content: bytes) -> int:
    """Write an update under the draft's next number, which is given; ``LookupError`` where the draft is gone. It takes
    the draft's lock.
    """
    connection = session.connection()
    number: int | None = connection.execute(_COUNTED, {"named": draft}).scalar()
    if number is None:
        raise LookupError(draft)
    connection.execute(_WRITE, {"draft": draft, "number": number, "content": content})
    return number


def after(session: Session, draft: str, number: int) -> list[tuple[int, bytes]]:
    """Give the updates after the number, in order. Those that were put together since are missing: see ``load``."""
    asked = select(UPDATES.c.number, UPDATES.c.content)
    later = asked.where(UPDATES.c.draft == draft, UPDATES.c.number > number).order_by(UPDATES.c.number)
    return [(row.number, row.content) for row in session.execute(later)]


def load(session: Session, draft: str) -> Stored | None:
    """Give all that is stored of the draft; ``None`` where there is none of that id."""
    last = session.execute(select(DRAFTS.c.last_update).where(DRAFTS.c.id == draft)).scalar()
    if last is None:
        return None
    state = session.execute(select(STATES.c.number, STATES.c.content).where(STATES.c.draft == draft)).one_or_none()
    updates = after(session, draft, state.number if state else 0)
    return Stored(state.content if state else b"", tuple(content for _, content in updates), last)


def compact(session: Session, draft: str, number: int, state: bytes) -> bool:
    """Put ``state`` in the place of all updates up to the number, which are forgotten; tells whether it was done, which
    it is not where others have put together more. The draft's lock is taken.
    """
    lock(session, draft)
    kept = session.execute(select(STATES.c.number).where(STATES.c.draft == draft)).scalar()
    if kept is not None and kept >= number:
        return False
    session.execute(delete(STATES).where(STATES.c.draft == draft))
    session.execute(insert(STATES).values(draft=draft, number=number, content=state))
    session.execute(delete(UPDATES).where(UPDATES.c.draft == draft, UPDATES.c.number <= number))
    return True
