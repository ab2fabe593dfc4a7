"""The event log: append under the scope's lock, read from a place on, and find where it was tampered with."""

import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update
from sqlmodel import Session

from storage.columns import stamp
from storage.tables import Event, Receipt, Scope, Stream

EVENTS = Event.__table__  # type: ignore[attr-defined]  # SQLModel does not type its tables
SCOPES = Scope.__table__  # type: ignore[attr-defined]  # as above
STREAMS = Stream.__table__  # type: ignore[attr-defined]  # as above

_PLACES = select(
    *(
        select(SCOPES.c.last_place).where(SCOPES.c.id == bindparam(which)).scalar_subquery()
        for which in ("first", "second")
    )
)


@dataclass(frozen=True, slots=True)
class Appended:
    """Where an event came to stand."""

    scope: str
    stream: str
    seq: int
    place: int


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be written; ``payload`` must be JSON, ``receipt`` is the digest of the command's answer."""

    stream: str
    kind: str
    participant: str
    capacity: str
    command: str
    receipt: str
    at: datetime
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong: in which scope, at which place, and what."""

    scope: str
    place: str
    what: str


def canonical(content: object) -> str:
    """Write JSON the one way that is hashed: sorted keys, no spaces, Unicode as it is."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(text: str) -> str:
    """Give the SHA-256 of the text's UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def receipt_digest(receipt: Receipt) -> str:
    """Give the digest of a receipt, which its event holds."""
    return digest(canonical([receipt.digest, receipt.scope, receipt.place, receipt.answer]))


def chain(row: dict[str, Any]) -> str:
    """Give the hash of an event row: of every column but the payload (whose digest is one) and itself."""
    covered = {name: row[name] for name in EVENTS.c.keys() if name not in {"payload", "hash", "at"}}  # noqa: SIM118 - columns are no dict
    return digest(canonical({**covered, "at": stamp(row["at"])}))


def lock(session: Session, scope: str) -> int | None:
    """Lock the scope's row for this transaction and give the place of its last event; ``None`` if there is none."""
    # SQLite has no row locks and needs none: its write transactions begin IMMEDIATE. Whoever waits for the lock reads
    # the row as the one before left it, and whatever is read after it too.
    asked = select(SCOPES.c.last_place).where(SCOPES.c.id == scope).with_for_update(key_share=True)
    return session.execute(asked).scalar()


def found(session: Session, scope: str, kind: str) -> None:
    """Start a log for a new scope."""
    session.execute(insert(SCOPES).values(id=scope, kind=kind, last_place=0))


def append(session: Session, scope: str, new: NewEvent) -> Appended:
    """Write an event at its stream's next number. The scope must be locked (or founded) in this transaction."""
    place = (lock(session, scope) or 0) + 1
    key = (STREAMS.c.scope == scope) & (STREAMS.c.name == new.stream)
    last = session.execute(select(STREAMS.c.seq, STREAMS.c.head).where(key)).one_or_none()
    seq = (last.seq if last else 0) + 1
    payload = canonical(new.payload)
    row = {
        "scope": scope,
        "stream": new.stream,
        "seq": seq,
        "place": place,
        "kind": new.kind,
        "participant": new.participant,
        "capacity": new.capacity,
        "command": new.command,
        "receipt": new.receipt,
        "at": new.at,
        "payload": payload,
        "digest": digest(payload),
        "previous": last.head if last else "",
    }
    row["hash"] = chain(row)
    session.execute(insert(EVENTS).values(row))
    if last:
        session.execute(update(STREAMS).where(key).values(seq=seq, head=row["hash"]))
    else:
        session.execute(insert(STREAMS).values(scope=scope, name=new.stream, seq=seq, head=row["hash"]))
    session.execute(update(SCOPES).where(SCOPES.c.id == scope).values(last_place=place))
    return Appended(scope, new.stream, seq, place)


def purge(session: Session, scope: str, stream: str, seqs: Collection[int]) -> None:
    """Erase the payloads of these events of a stream: the chain covers their digests, and still verifies."""
    key = (EVENTS.c.scope == scope) & (EVENTS.c.stream == stream) & (EVENTS.c.seq == bindparam("numbered"))
    if seqs:
        session.connection().execute(update(EVENTS).where(key).values(payload=None), [{"numbered": n} for n in seqs])


def of_stream(session: Session, scope: str, stream: str) -> Iterator[Row[Any]]:
    """Give the events of one stream, in order."""
    asked = select(EVENTS).where(EVENTS.c.scope == scope, EVENTS.c.stream == stream).order_by(EVENTS.c.seq)
    yield from session.execute(asked)


def heads(session: Session, scope: str) -> dict[str, list[Any]]:
    """Give each stream's number and head hash as they are now: ``{"all": [12, "ab…"]}``."""
    rows = session.execute(select(STREAMS).where(STREAMS.c.scope == scope).order_by(STREAMS.c.name))
    return {row.name: [row.seq, row.head] for row in rows}


def last_place(session: Session, scope: str, streams: Collection[str] | None = None) -> int:
    """Give the place of the last event in any of the streams (all of them: ``None``); 0 if there is none."""
    last = select(EVENTS.c.place).where(EVENTS.c.scope == scope).order_by(EVENTS.c.place.desc()).limit(1)
    if streams is not None:
        last = last.where(EVENTS.c.stream.in_(streams))
    return session.execute(last).scalar() or 0


def last_places(session: Session, first: str, second: str) -> tuple[int, int]:
    """Give the places of the last events of two scopes; 0 where there is none. It is asked for every keystroke."""
    row = session.connection().execute(_PLACES, {"first": first, "second": second}).one()
    return row[0] or 0, row[1] or 0


def after(session: Session, scope: str, place: int, *, most: int = 500) -> list[Row[Any]]:
    """Give the scope's events after the place, in order, whatever their stream; readers filter by what they may see."""
    later = select(EVENTS).where(EVENTS.c.scope == scope, EVENTS.c.place > place).order_by(EVENTS.c.place).limit(most)
    return list(session.execute(later))


def findings(session: Session, scope: str) -> Iterator[Finding]:
    """Walk all streams of a scope and name whatever does not fit: changed columns, missing or foreign rows."""
    tips: dict[str, list[Any]] = {}
    place = 0
    rows = session.execute(select(EVENTS).where(EVENTS.c.scope == scope).order_by(EVENTS.c.place))
    for row in rows.yield_per(1000).mappings():
        where = f"{row['stream']} {row['seq']}"
        if row["place"] != place + 1:
            yield Finding(scope, where, f"events are missing before it: place {place} is followed by {row['place']}")
        place = row["place"]
        seq, head = tips.get(row["stream"], (0, ""))
        if row["seq"] != seq + 1:
            yield Finding(scope, where, f"follows number {seq} of its stream: events were deleted or renumbered")
        elif row["previous"] != head:
            yield Finding(scope, where, "does not follow the event before it: one of the two was altered")
        if row["payload"] is not None and digest(row["payload"]) != row["digest"]:
            yield Finding(scope, where, "its payload was altered")
        if chain(dict(row)) != row["hash"]:
            yield Finding(scope, where, "one of its columns was altered")
        tips[row["stream"]] = [row["seq"], row["hash"]]
    yield from _ends(session, scope, tips, place)


def _ends(session: Session, scope: str, tips: dict[str, list[Any]], place: int) -> Iterator[Finding]:
    """Compare where the events end with what the streams and the scope say: this finds a missing last row."""
    known = heads(session, scope)
    for name in sorted(known.keys() | tips.keys()):
        if known.get(name) != tips.get(name):
            says, has = known.get(name, [0, ""])[0], tips.get(name, [0, ""])[0]
            yield Finding(scope, name, f"the stream's head (number {says}) is not that of its last event ({has})")
    said = session.execute(select(SCOPES.c.last_place).where(SCOPES.c.id == scope)).scalar()
    if said != place:
        yield Finding(scope, "scope", f"counts {said} events, its last one is at {place}")


def parsed(payload: str | None) -> dict[str, Any]:
    """Read a stored payload; a purged one is empty."""
    content: dict[str, Any] = json.loads(payload) if payload is not None else {}
    return content
