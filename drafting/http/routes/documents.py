"""Documents: what stands in them, and what happens."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Query

from drafting.house import House
from drafting.http.auth import Me, Shown, TheDoorkeeper, TheFeed, TheHouse
from drafting.protocol.answers import Happening, Happenings
from drafting.protocol.commands import DecideSection
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import (
    AmendmentView,
    CommentView,
    DeskView,
    DocumentView,
    IssuedView,
    LintView,
    Page,
    PositionView,
    PreviewView,
    Snapshot,
    TalliesView,
    VersionView,
    WhereItStandsView,
)
from drafting.protocol.views.carried import CarriedView
from drafting.protocol.words import AmendmentState
from drafting.queries import documents as read
from drafting.queries.amendments import Sought, amendments_for, decisions_for
from drafting.queries.carried import carried
from drafting.queries.deciding import preview
from drafting.queries.desk import desk_for
from drafting.queries.discussion import comments_for, positions_for, tallies_for
from drafting.queries.people import Person, Reader, reader
from drafting.queries.status import where_it_stands
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
    doorkeeper: TheDoorkeeper,
    shown: Shown,
    document: str,
    after: After = None,
    wait: Annotated[float, Query(ge=0, le=60)] = 0,
) -> Happenings:
    """What happened after the cursor; waits up to ``wait`` seconds for something to happen."""
    with (
        contextlib.closing(await feed.follow(shown.person, document, after)) as following,
        doorkeeper.watching(shown.credential, following.show_out),
    ):
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
    items = _for(house, person, document, version_views)
    return read.page(items, after, limit, lambda item: item.id)


@router.get("/{document}/versions/{version}")
def version(house: TheHouse, person: Me, document: str, version: str) -> IssuedView:
    """One version whole, with the account of every amendment."""
    return _for(house, person, document, lambda tx, who: issued(tx, who, version))


@router.get("/{document}/versions/{version}/lint")
def lint(house: TheHouse, person: Me, document: str, version: str) -> Page[LintView]:
    """Brackets that have no partner."""
    return _for(
        house,
        person,
        document,
        lambda tx, who: Page(items=read.bracket_lint(tx, version_row(tx, who, version).id)),
    )


def _sought(
    state: Annotated[list[AmendmentState], Query(default_factory=list)],
    delegation: Annotated[list[str], Query(default_factory=list, max_length=100)],
    rounds: Annotated[list[str], Query(alias="round", default_factory=list, max_length=100)],
) -> Sought:
    return Sought(frozenset(state), frozenset(delegation), frozenset(rounds))


@router.get("/{document}/amendments")
def amendments(
    house: TheHouse,
    person: Me,
    document: str,
    sought: Annotated[Sought, Depends(_sought)],
    after: After = None,
    limit: Limit = 100,
) -> Page[AmendmentView]:
    """The amendments I may see, in the order of tabling. The filters may be repeated: shown is what is one of each."""
    items = _for(house, person, document, lambda tx, who: amendments_for(tx, who, decisions_for(tx, who)))
    return read.page([item for item in items if sought.fits(item)], after, limit, lambda item: item.id)


@router.get("/{document}/comments")
def comments(house: TheHouse, person: Me, document: str, after: After = None, limit: Limit = 100) -> Page[CommentView]:
    """The comments I may see, oldest first."""
    items = _for(house, person, document, comments_for)
    return read.page(items, after, limit, lambda item: item.id)


@router.get("/{document}/positions")
def positions(
    house: TheHouse, person: Me, document: str, after: After = None, limit: Limit = 100
) -> Page[PositionView]:
    """The positions I may see, oldest first, replaced and withdrawn ones too."""
    items = _for(house, person, document, positions_for)
    return read.page(items, after, limit, lambda item: item.id)


@router.get("/{document}/tallies")
def tallies(house: TheHouse, person: Me, document: str, round_id: Annotated[str, Query(alias="round")]) -> TalliesView:
    """Where delegations stand in a round, counted for the chair and the secretariat, as far as each may know it."""
    return _for(house, person, document, lambda tx, who: tallies_for(tx, who, round_id))


@router.get("/{document}/carried")
def carried_over(house: TheHouse, person: Me, document: str, version: str | None = None) -> CarriedView:
    """What was said on older texts than a version (the newest) and is not settled, as it stands there."""
    return _for(house, person, document, lambda tx, who: carried(tx, who, version))


@router.post("/{document}/desk/preview")
def desk_preview(house: TheHouse, person: Me, document: str, command: DecideSection) -> PreviewView:
    """How the text would read after a decision, which is not taken."""
    if command.document != document:
        raise Refusal(ProblemCode.MALFORMED, "The decision is about another document.")
    longest = house.settings.limits.section_text
    return _for(house, person, document, lambda tx, who: preview(tx, who, command, longest))


@router.get("/{document}/standing")
def standing(house: TheHouse, person: Me, document: str) -> WhereItStandsView:
    """Where the text stands: every section's status on the newest text, what dropped it, and open brackets."""
    return _for(house, person, document, where_it_stands)


@router.get("/{document}/desk")
def desk(house: TheHouse, person: Me, document: str, round_id: Annotated[str, Query(alias="round")]) -> DeskView:
    """The round's text as consolidated so far, for those at the desk."""
    return _for(house, person, document, lambda tx, who: desk_for(tx, who, round_id))
