"""Working drafts: which there are, how they read, and what opens them to clients that know no ticket."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query

from drafting.commands.credentials import grant
from drafting.http.auth import Me, TheHouse
from drafting.protocol.answers import DraftToken
from drafting.protocol.views import CarriedDraftView, Page, WorkingDraftView, WorkingTextView
from drafting.queries.documents import page
from drafting.queries.people import reader
from drafting.queries.redrafting import carried_draft
from drafting.queries.working import working_draft, working_drafts_for
from drafting.queries.working_text import working_text
from storage.database import WriteTransaction

router = APIRouter(prefix="/documents/{document}/drafts", tags=["drafts"])


@router.get("")
def drafts(
    house: TheHouse,
    person: Me,
    document: str,
    after: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Page[WorkingDraftView]:
    """The working drafts that I may read, by id."""
    items = house.database.read(lambda tx: working_drafts_for(tx, reader(tx, person, document)))
    return page(items, after, limit, lambda item: item.id)


@router.get("/{draft}")
def draft(house: TheHouse, person: Me, document: str, draft: str) -> WorkingTextView:
    """A working draft as it reads now, section by section, held against its base."""
    return house.database.read(lambda tx: working_text(tx, reader(tx, person, document), draft))


@router.get("/{draft}/carried")
def carried(
    house: TheHouse, person: Me, document: str, draft: str, version: Annotated[str | None, Query(max_length=200)] = None
) -> CarriedDraftView:
    """How a working draft would be carried over to a version (the basis): what it would say, section by section."""
    return house.database.read(lambda tx: carried_draft(tx, reader(tx, person, document), draft, version))


@router.post("/{draft}/tokens")
async def draft_token(house: TheHouse, person: Me, document: str, draft: str) -> DraftToken:
    """A token that opens this working draft alone; it is among my credentials, where I can revoke it."""
    at = house.now()

    def work(tx: WriteTransaction) -> DraftToken:
        row = working_draft(tx, reader(tx, person, document), draft)
        secret, expires = grant(tx, "draft", person, at, label=row.id)
        return DraftToken(token=secret, expires_at=expires)

    return await asyncio.wrap_future(house.database.write(work))
