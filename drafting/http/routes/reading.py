"""Reading a text closely. What takes long on a long text is worked out in another process."""

import asyncio
from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query, Response
from fastapi.responses import PlainTextResponse

from drafting.house import House
from drafting.http.auth import Me, TheHouse
from drafting.protocol.reading import (
    BracketsView,
    ChangeKind,
    LiteralView,
    Nature,
    PatchedComparisonView,
    ProvenanceView,
    ReferencesView,
)
from drafting.protocol.searching import HitView, NewsView
from drafting.protocol.views import CompilationView, Page
from drafting.queries import compare, compilation
from drafting.queries.apart import LONG, Gathered, as_json
from drafting.queries.brackets import bracketing
from drafting.queries.literal import Printing, printing
from drafting.queries.news import news
from drafting.queries.people import Person, Reader, reader
from drafting.queries.provenance import tracing
from drafting.queries.references import referring
from drafting.queries.searching import search
from storage.database import ReadTransaction

G = TypeVar("G", bound=Gathered)
A = TypeVar("A")
router = APIRouter(prefix="/documents/{document}", tags=["reading"])
Version = Annotated[str | None, Query(description="the newest basis of negotiation, if left out")]
Some = Annotated[list[str], Query(default_factory=list, max_length=100)]


@router.get("/compilation", response_model=CompilationView)
async def compiled(
    house: TheHouse, person: Me, document: str, version: Version = None, group: str | None = None
) -> Response:
    """A version (the newest) with every amendment on it, attributed; or with a closed group's texts alone, for it."""
    return await _json(house, person, document, lambda tx, who: compilation.gathered(tx, who, version, group))


@router.get("/literal", response_model=LiteralView)
async def literal(house: TheHouse, person: Me, document: str, version: Version = None, named: bool = True) -> Response:
    """The compilation as literal text, the way it is printed; unnamed on demand."""
    return await _json(house, person, document, lambda tx, who: printing(tx, who, version, named=named))


@router.get("/literal.txt", response_class=PlainTextResponse)
async def literal_text(house: TheHouse, person: Me, document: str, version: Version = None, named: bool = True) -> str:
    """The compilation as literal text, plain: one paragraph a line."""
    return await _worked_out(
        house, person, document, lambda tx, who: printing(tx, who, version, named=named), Printing.text
    )


@router.get("/compare", response_model=PatchedComparisonView)
async def compared(  # noqa: PLR0913, PLR0917 - each is a parameter of the query
    house: TheHouse,
    person: Me,
    document: str,
    old: Annotated[str, Query(alias="from")],
    new: Annotated[str, Query(alias="to")],
    delegation: Some,
    section: Some,
    nature: Annotated[list[Nature], Query(default_factory=list)],
    kind: Annotated[list[ChangeKind], Query(default_factory=list)],
    patches: bool = False,
) -> Response:
    """Two versions, section by section, and which amendments caused what. The filters may be repeated: shown is what
    is one of each. A section is named by id or label, and brings those under it.
    """
    wanted = compare.Wanted(frozenset(delegation), frozenset(section), frozenset(nature), frozenset(kind))
    return await _json(
        house, person, document, lambda tx, who: compare.gathered(tx, who, old, new, wanted, patches=patches)
    )


@router.get("/search")
def searched(
    house: TheHouse,
    person: Me,
    document: str,
    q: Annotated[str, Query(min_length=1, max_length=200)],
    after: Annotated[str | None, Query(max_length=20)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Page[HitView]:
    """Where all the words of ``q`` stand: in texts, proposals, comments and positions that I may see."""
    with house.database.reading() as tx:
        found = search(tx, reader(tx, person, document), q)
    start = int(after) if after and after.isdecimal() else 0
    end = start + limit
    return Page(items=found[start:end], next=str(end) if end < len(found) else None)


@router.get("/news", response_model=NewsView)
async def told(
    house: TheHouse,
    person: Me,
    document: str,
    since: str,
    delegation: Annotated[str | None, Query(max_length=8)] = None,
) -> Response:
    """What changed since a version, up to the newest text, and what of it touches my delegation."""
    return await _json(house, person, document, lambda tx, who: news(tx, who, since, delegation))


@router.get("/provenance", response_model=ProvenanceView)
async def provenance(
    house: TheHouse, person: Me, document: str, version: Version = None, section: str | None = None
) -> Response:
    """For every word of a version (or of one section), the version, amendments and delegations it came from."""
    return await _json(house, person, document, lambda tx, who: tracing(tx, who, version, section))


@router.get("/brackets", response_model=BracketsView)
async def brackets(
    house: TheHouse, person: Me, document: str, version: Version = None, lifted: bool = False
) -> Response:
    """What is not agreed: every bracket, since when and whose, the alternatives; lifted brackets on demand."""
    return await _json(house, person, document, lambda tx, who: bracketing(tx, who, version, lifted=lifted))


@router.get("/references", response_model=ReferencesView)
async def references(
    house: TheHouse, person: Me, document: str, version: Version = None, against: str | None = None
) -> Response:
    """Where a version speaks of its own sections, and which of those are gone; with the older version ``against``,
    also what a renumbering since then made wrong.
    """
    return await _json(house, person, document, lambda tx, who: referring(tx, who, version, against))


async def _json(
    house: House, person: Person, document: str, gather: Callable[[ReadTransaction, Reader], Gathered]
) -> Response:
    return Response(await _worked_out(house, person, document, gather, as_json), media_type="application/json")


async def _worked_out(
    house: House,
    person: Person,
    document: str,
    gather: Callable[[ReadTransaction, Reader], G],
    work_out: Callable[[G], A],
) -> A:
    def look() -> G:
        with house.database.reading() as tx:
            return gather(tx, reader(tx, person, document))

    gathered = await asyncio.to_thread(look)
    if gathered.length < LONG:
        return await asyncio.to_thread(work_out, gathered)
    return await asyncio.wrap_future(house.apart(work_out, gathered))
