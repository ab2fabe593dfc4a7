"""Whether the log is whole, and whether everything else agrees with it.

Looked at are: the chain of every log; each issued version against its hash and the log's heads that it names; each
document's tables against what its events, folded from the first, say they should hold; and each process, its
delegations and its people against what the log says was entered; and the receipts against the log.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlmodel import col, func, select

from drafting.protocol.commands import HOUSE
from drafting.protocol.events import PAYLOAD, DocumentImported, EventView
from drafting.protocol.fold import fold
from drafting.protocol.views import FindingView, Snapshot, VerifyView
from drafting.queries.cursors import Cursors
from drafting.queries.documents import Logged, logged, snapshot
from drafting.queries.people import Person, Reader, delegation_view, person_by_handle
from drafting.queries.versions import manifest, text_hash, text_hashes, version_hash
from storage import log
from storage.database import ReadTransaction
from storage.tables import (
    Comment,
    Decision,
    Delegation,
    Document,
    Event,
    HeldCapacity,
    ManifestLine,
    Participant,
    Process,
    Receipt,
    Round,
    Scope,
    Section,
    SectionVersion,
    Stream,
    Version,
)

_PARTS = (
    "document",
    "versions",
    "sections",
    "rounds",
    "amendments",
    "comments",
    "positions",
    "groups",
    "decisions",
    "statuses",
    "working_drafts",
)
_ALL = 10_000_000


class Everything(Reader):
    """A reader from whom nothing is kept: the host, looking at its own database."""

    def sees(self, stream: str) -> bool:
        """See it."""
        del stream
        return True


def host(document: str) -> Everything:
    """Give the host as a reader of a document."""
    return Everything(Person("host", "host", "The host", administrator=True), document, ())


def verify(tx: ReadTransaction, cursors: Cursors) -> VerifyView:
    """Look at everything and name what does not fit."""
    findings: list[FindingView] = []
    for scope in _scopes(tx):
        findings += _checked(scope, "log", _chain(tx, scope))
        if scope.startswith("do_"):
            findings += _checked(scope, "document", _document(tx, scope, cursors))
        if scope.startswith("pr_"):
            findings += _checked(scope, "process", _process(tx, scope))
    findings += _checked(HOUSE, "versions", _versions(tx))
    findings += _checked(HOUSE, "receipts", _receipts(tx))
    count = tx.session.exec(select(func.count()).select_from(Event)).one()
    streams = tx.session.exec(select(func.count()).select_from(Stream)).one()
    versions = tx.session.exec(select(func.count()).select_from(Version)).one()
    return VerifyView(events=count, streams=streams, versions=versions, findings=findings)


def _checked(scope: str, place: str, check: Iterator[FindingView]) -> Iterator[FindingView]:
    """Give the findings; what cannot even be read is one, whatever an intruder wrote there."""
    try:
        yield from check
    except Exception as failure:  # noqa: BLE001 - whatever it is, it is told
        what = f"cannot be read, or not be rebuilt from its events ({type(failure).__name__})"
        yield FindingView(scope=scope, place=place, what=what)


def _scopes(tx: ReadTransaction) -> list[str]:
    """Name every scope that any table knows of."""
    columns = (Scope.id, Event.scope, Stream.scope, Process.id, Document.id)
    return sorted({scope for column in columns for scope in tx.session.exec(select(column).distinct())})


def _chain(tx: ReadTransaction, scope: str) -> Iterator[FindingView]:
    for found in log.findings(tx.session, scope):
        yield FindingView(scope=found.scope, place=found.place, what=found.what)
    kind = tx.session.exec(select(Scope.kind).where(Scope.id == scope)).first()
    if kind != {"do_": "document", "pr_": "process"}.get(scope[:3], HOUSE):
        yield FindingView(scope=scope, place="scope", what=f"is said to be a {kind}")


def _receipts(tx: ReadTransaction) -> Iterator[FindingView]:
    """Compare what resent commands would be answered with what the log says was answered."""
    handles = dict(tx.session.exec(select(Participant.id, Participant.handle)).all())
    kept = {
        (handles.get(row.participant, row.participant), row.command): log.receipt_digest(row)
        for row in tx.session.exec(select(Receipt))
    }
    said = tx.session.exec(select(Event.participant, Event.command, Event.scope, Event.receipt))
    for handle, command, scope, receipt in said:
        if (held := kept.pop((handle, command), None)) != receipt:
            what = "was deleted" if held is None else "was altered"
            yield FindingView(scope=scope, place=f"receipt of {handle} {command}", what=what)
    for handle, command in sorted(kept):
        yield FindingView(scope=HOUSE, place=f"receipt of {handle} {command}", what="belongs to no event")


def _versions(tx: ReadTransaction) -> Iterator[FindingView]:
    hashes: dict[str | None, str] = {None: ""}
    for row in tx.session.exec(select(Version).order_by(col(Version.document), col(Version.place))):
        hashes[row.id] = row.hash
        for what in _version(tx, row, hashes.get(row.parent, "")):
            yield FindingView(scope=row.document, place=f"version {row.name}", what=what)
    for text in tx.session.exec(select(SectionVersion)):
        if text_hash(text) != text.hash:
            yield FindingView(scope=text.section, place=f"section version {text.id}", what="was altered")


def _version(tx: ReadTransaction, row: Version, parent_hash: str) -> Iterator[str]:
    if version_hash(row, manifest(tx, row.id), text_hashes(tx, row.id), parent_hash) != row.hash:
        yield "its text, its account or its hash was altered"
    if log.digest(log.canonical(row.heads)) != row.log_head:
        yield "the heads of the log that it names were altered"
    for stream, (seq, head) in row.heads.items():
        event = tx.session.get(Event, (row.document, stream, seq))
        if event is None or event.hash != head:
            yield f"the log's stream {stream} is not the one that it was issued on (number {seq})"
    lines = select(ManifestLine.position, ManifestLine.section).where(ManifestLine.version == row.id)
    theirs = set(tx.session.exec(select(Section.id).where(Section.document == row.document)))
    for place, (position, section) in enumerate(tx.session.exec(lines.order_by(col(ManifestLine.position)))):
        if position != place:
            yield f"its line {place} is said to be line {position}"
        if section not in theirs:
            yield f"its section {section} is not one of the document's any more"


def _document(tx: ReadTransaction, document: str, cursors: Cursors) -> Iterator[FindingView]:
    events = [logged(row) for row in log.after(tx.session, document, 0, most=_ALL)]
    told, held = _told(events), snapshot(tx, host(document), cursors)
    for part in _PARTS:
        for place in _differences(getattr(told, part), getattr(held, part)):
            yield FindingView(scope=document, place=f"{part} {place}".strip(), what="does not agree with the log")
    # Who may read a comment is shown nowhere, and matters most.
    posted = [event for event in events if event.view.kind == "comment_posted" and event.view.payload]
    audiences = {event.view.payload["comment"]["id"]: event.stream for event in posted}
    for comment in tx.session.exec(select(Comment).where(Comment.document == document)):
        if audiences.get(comment.id, comment.stream) != comment.stream:
            yield FindingView(scope=document, place=f"comments {comment.id}", what="its audience was altered")
    theirs = select(Decision.id).join(Round, col(Round.id) == col(Decision.round))
    for decision in tx.session.exec(theirs.where(Round.document == document, Decision.document != document)):
        yield FindingView(scope=document, place=f"decisions {decision}", what="is said to be another document's")


def _told(events: Iterable[Logged]) -> Snapshot:
    """Fold all events of a document, from the one that imported it."""
    first, *rest = [event.view for event in events]
    imported = PAYLOAD.validate_python(first.payload)
    if not isinstance(imported, DocumentImported):
        raise TypeError("its log does not begin with its import")
    nothing: dict[str, list[Any]] = {part: [] for part in _PARTS[1:]}
    told = Snapshot(cursor="", document=imported.document, **nothing)
    for event in [first, *rest]:
        told = fold(told, event, "")
    return told


def _differences(told: Any, held: Any) -> Iterator[str]:
    if not isinstance(told, list):
        if told != held:
            yield ""
        return
    known = {item.id: item for item in told}
    for item in held:
        if known.pop(item.id, None) != item:
            yield item.id
    yield from known
    if [item.id for item in told] != [item.id for item in held] and not known:
        yield "(order)"


def _process(tx: ReadTransaction, process: str) -> Iterator[FindingView]:
    """Compare a process, its delegations and its people with what its log and the house's say was entered."""
    events = [logged(row).view for row in log.after(tx.session, process, 0, most=_ALL)]
    house = [logged(row).view for row in log.after(tx.session, HOUSE, 0, most=_ALL)]
    founded = {e.payload["process"]: e.payload for e in house if e.kind == "process_created"}[process]
    if tx.session.get_one(Process, process).name != founded["name"]:
        yield FindingView(scope=process, place="process", what="its name does not agree with the log")
    delegations = {
        e.payload["delegation"]["code"]: e.payload["delegation"]
        for e in events
        if e.kind in {"delegation_admitted", "delegation_corrected"}
    }
    for row in tx.session.exec(select(Delegation).where(Delegation.process == process)):
        if delegations.pop(row.code, None) != delegation_view(row).model_dump(mode="json"):
            yield FindingView(scope=process, place=f"delegation {row.code}", what="does not agree with the log")
    for code in delegations:
        yield FindingView(scope=process, place=f"delegation {code}", what="was deleted")
    yield from _people(tx, process, founded["secretary"], events)


def _people(tx: ReadTransaction, process: str, secretary: str, events: Iterable[EventView]) -> Iterator[FindingView]:
    # The first secretary comes with the founding, which names the handle.
    accredited = {(person_by_handle(tx, secretary).id, "secretary")}
    for event in events:
        said = event.payload
        if event.kind == "accreditation_withdrawn":
            accredited -= {(said["participant"], capacity) for capacity in said["capacities"]}
        if event.kind != "participant_accredited":
            continue
        accredited |= {(said["participant"], capacity) for capacity in said["capacities"]}
        person = tx.session.get_one(Participant, said["participant"])
        if (person.handle, person.name) != (said["handle"], said["name"]):
            yield FindingView(scope=process, place=f"participant {person.id}", what="does not agree with the log")
    rows = tx.session.exec(select(HeldCapacity).where(HeldCapacity.process == process))
    held = {(row.participant, row.capacity) for row in rows}
    for participant, capacity in sorted(accredited - held):
        yield FindingView(scope=process, place=f"{participant} {capacity}", what="was accredited and is not any more")
    for participant, capacity in sorted(held - accredited):
        yield FindingView(scope=process, place=f"{participant} {capacity}", what="acts without being accredited")
