"""Documents as a reader sees them: lists, the snapshot, the feed's events."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Row
from sqlmodel import col, select

from drafting.domain.brackets import lint
from drafting.protocol.events import EventView
from drafting.protocol.views import DocumentView, LintView, Page, Snapshot
from drafting.queries.amendments import amendments_for, decisions_for, round_rows, round_view
from drafting.queries.cursors import Cursors
from drafting.queries.discussion import comments_for, positions_for
from drafting.queries.groups import group_views
from drafting.queries.people import Person, Reader, readable_streams
from drafting.queries.status import statuses
from drafting.queries.unnamed import shown
from drafting.queries.versions import manifest, section_views, version_row, version_views
from drafting.queries.working import working_drafts_for
from storage import log
from storage.database import ReadTransaction
from storage.tables import Document, HeldCapacity

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Logged:
    """An event as it stands in the log, with its hidden place."""

    stream: str
    place: int
    view: EventView


def documents(tx: ReadTransaction, person: Person) -> list[DocumentView]:
    """Give the documents of all processes in which the person has a capacity, newest first."""
    processes = select(HeldCapacity.process).where(HeldCapacity.participant == person.id)
    rows = tx.session.exec(
        select(Document).where(col(Document.process).in_(processes)).order_by(col(Document.id).desc())
    )
    return [document_view(row) for row in rows]


def document_view(row: Document) -> DocumentView:
    """Show a document."""
    return DocumentView(
        id=row.id,
        process=row.process,
        title=row.title,
        symbol=row.symbol,
        language=row.language,
        unnamed=row.unnamed,
    )


def document(tx: ReadTransaction, who: Reader) -> DocumentView:
    """Show the document."""
    return document_view(tx.session.get_one(Document, who.document))


def snapshot(tx: ReadTransaction, who: Reader, cursors: Cursors) -> Snapshot:
    """Give the whole document as the reader may see it now."""
    row = tx.session.get_one(Document, who.document)
    decisions = decisions_for(tx, who)
    place = log.last_place(tx.session, who.document, readable_streams(tx, who))
    return Snapshot(
        cursor=cursors.seal(who.person.id, who.document, place, who.rights),
        document=document_view(row),
        versions=version_views(tx, who),
        sections=section_views(manifest(tx, version_row(tx, who, None).id)),
        rounds=[round_view(row) for row in round_rows(tx, who.document)],
        amendments=amendments_for(tx, who, decisions),
        comments=comments_for(tx, who),
        positions=positions_for(tx, who),
        groups=shown(group_views(tx, who.document), who),
        statuses=shown(statuses(tx, who.document), who),
        decisions=decisions,
        working_drafts=working_drafts_for(tx, who),
    )


def events_after(tx: ReadTransaction, document: str, place: int, most: int = 500) -> list[Logged]:
    """Give the document's events after the place, for all audiences: whoever sends them on asks ``Reader.sees``."""
    return [logged(row) for row in log.after(tx.session, document, place, most=most)]


def logged(row: Row[Any]) -> Logged:
    """Read an event from the log. A purged one has an empty payload."""
    payload = log.parsed(row.payload)
    view = EventView(
        stream=row.stream,
        seq=row.seq,
        kind=row.kind,
        by=row.participant,
        capacity=row.capacity,
        at=row.at,
        payload=payload,
    )
    return Logged(row.stream, row.place, view)


def bracket_lint(tx: ReadTransaction, version: str) -> list[LintView]:
    """Name the brackets of a version that have no partner, in reading order."""
    return [
        LintView(section=line.section, position=fault.position, what=fault.what)
        for line in manifest(tx, version)
        for fault in lint(line.text)
    ]


def page(items: Sequence[T], after: str | None, limit: int, key: Callable[[T], str]) -> Page[T]:
    """Give the part of the list that follows the item whose key is ``after``; an unknown one gives the end."""
    start = 0
    if after is not None:
        start = next((n + 1 for n, item in enumerate(items) if key(item) == after), len(items))
    shown = list(items[start : start + limit])
    return Page(items=shown, next=key(shown[-1]) if start + limit < len(items) else None)
