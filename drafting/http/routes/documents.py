"""Documents: what stands in them, and what happens."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query

from drafting.house import House
from drafting.http.auth import Me, TheFeed, TheHouse
from drafting.protocol.answers import Happening, Happenings
from drafting.protocol.views import (
    AmendmentView,
    CommentView,
    ComparisonView,
    CompilationView,
    DeskView,
    DocumentView,
    IssuedView,
    LintView,
    Page,
    Snapshot,
    VersionView,
)
from drafting.queries import documents as read
from drafting.queries.amendments import amendments_for, comments_for, decisions_for
from drafting.queries.compare import comparison
from drafting.queries.compilation import compilation
from drafting.queries.desk import desk_for
from drafting.queries.people import Person, Reader, reader
from drafting.queries.versions import issued, version_row, version_views
from storage.database import ReadTransaction

router = APIRouter(prefix="/documents", tags=["documents"])
T = TypeVar("T")
After = Annotated[str | None, Query(max_length=200)]
Limit = Annotated[int, Query(ge=1, le=500)]


def _for(house: House, person: Person, document: str, query: Callable[[ReadTransaction, Reader], T]) -> T:
    with house.database.reading() as tx:
        return query(tx, reader(tx, person, document))


@router.get("")
def documents(house: TheHouse, person: Me, after: After = None, limit: Limit = 100) -> Page[DocumentView]:
    """The documents I may read, newest first."""
    items = house.database.read(lambda tx: read.documents(tx, person))
    return read.page(items, after, limit, lambda item: item.id)


@router.get("/{document}")
def document(house: TheHouse, person: Me, document: str) -> DocumentView:
    """One document."""
    return _for(house, person, document, read.document)


@router.get("/{document}/snapshot")
def snapshot(house: TheHouse, person: Me, document: str) -> Snapshot:
    """The whole document as I may see it, and the cursor from which its events go on."""
    return _for(house, person, document, lambda tx, who: read.snapshot(tx, who, house.cursors))


@router.get("/{document}/events")
async def events(
    feed: TheFeed,
    person: Me,
    document: str,
    after: After = None,
    wait: Annotated[float, Query(ge=0, le=60)] = 0,
) -> Happenings:
    """What happened after the cursor; waits up to ``wait`` seconds for something to happen."""
    with contextlib.closing(await feed.follow(person, document, after)) as following:
        start = following.cursor
        found = await following.look()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait):
                while not found and await following.stirred():
                    found = await following.look()
        items = [Happening(cursor=cursor, event=entry.logged.view) for cursor, entry in found]
        return Happenings(items=items, cursor=items[-1].cursor if items else after or start)


@router.get("/{document}/versions")
def versions(house: TheHouse, person: Me, document: str, after: After = None, limit: Limit = 100) -> Page[VersionView]:
    """The issued versions, oldest first."""
    items = _for(house, person, document, lambda tx, who: version_views(tx, who.document))
    return read.page(items, after, limit, lambda item: item.id)


@router.get("/{document}/versions/{version}")
def version(house: TheHouse, person: Me, document: str, version: str) -> IssuedView:
    """One version whole, with the account of every amendment."""
    return _for(house, person, document, lambda tx, who: issued(tx, who.document, version))


@router.get("/{document}/versions/{version}/lint")
def lint(house: TheHouse, person: Me, document: str, version: str) -> Page[LintView]:
    """Brackets that have no partner."""
    return _for(
        house,
        person,
        document,
        lambda tx, who: Page(items=read.bracket_lint(tx, version_row(tx, who.document, version).id)),
    )


@router.get("/{document}/amendments")
def amendments(
    house: TheHouse, person: Me, document: str, after: After = None, limit: Limit = 100
) -> Page[AmendmentView]:
    """The amendments I may see, in the order of tabling."""
    items = _for(house, person, document, lambda tx, who: amendments_for(tx, who, decisions_for(tx, who)))
    return read.page(items, after, limit, lambda item: item.id)


@router.get("/{document}/comments")
def comments(house: TheHouse, person: Me, document: str, after: After = None, limit: Limit = 100) -> Page[CommentView]:
    """The comments I may see, oldest first."""
    items = _for(house, person, document, comments_for)
    return read.page(items, after, limit, lambda item: item.id)


@router.get("/{document}/compilation")
def compiled(house: TheHouse, person: Me, document: str, version: str | None = None) -> CompilationView:
    """A version (the newest) with every amendment on it, attributed."""
    return _for(house, person, document, lambda tx, who: compilation(tx, who, version))


@router.get("/{document}/compare")
def compare(
    house: TheHouse,
    person: Me,
    document: str,
    old: Annotated[str, Query(alias="from")],
    new: Annotated[str, Query(alias="to")],
) -> ComparisonView:
    """Two versions, section by section, and which amendments caused what."""
    return _for(house, person, document, lambda tx, who: comparison(tx, who, old, new))


@router.get("/{document}/desk")
def desk(house: TheHouse, person: Me, document: str, round_id: Annotated[str, Query(alias="round")]) -> DeskView:
    """The round's text as consolidated so far, for those at the desk."""
    return _for(house, person, document, lambda tx, who: desk_for(tx, who, round_id))
