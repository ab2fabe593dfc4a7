"""Marked-up files in: what delegations send back from Word."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import APIRouter, File, Form, UploadFile

from drafting.house import House
from drafting.http.auth import Me, TheHouse
from drafting.http.metrics import counted
from drafting.protocol.commands import Envelope, Receipt
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views.imports import ImportBatchView
from drafting.protocol.words import CommentAudience
from drafting.queries.importing import batch
from drafting.queries.people import Person
from drafting.queries.planning import Asked
from storage.database import ReadTransaction

router = APIRouter(tags=["files"])
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class HouseMeans:
    """The house as what a batch is worked with, in one person's name; on a thread that may wait."""

    house: House
    person: Person

    def read(self, work: Callable[[ReadTransaction], T]) -> T:
        """Read the database."""
        return self.house.database.read(work)

    def apart(self, work: Callable[..., T], *arguments: object) -> T:
        """Do slow, pure work in another process."""
        return self.house.apart(work, *arguments).result()

    def rehearse(self, envelopes: Sequence[Envelope]) -> list[Refusal | None]:
        """Tell what would become of commands."""
        return self.house.executor.rehearse(self.person, envelopes)

    def send(self, envelope: Envelope) -> Receipt:
        """Carry a command out; it is counted by its kind."""
        with counted(envelope.command.kind):
            return self.house.executor.execute(self.person, envelope).result()


@router.post("/documents/{document}/imports")
async def import_marked(  # noqa: PLR0913, PLR0917 - each is a field of the form
    house: TheHouse,
    person: Me,
    document: str,
    file: Annotated[list[UploadFile], File()],
    capacity: Annotated[str, Form()],
    delegation: Annotated[list[str] | None, Form()] = None,
    round: Annotated[str | None, Form()] = None,  # noqa: A002 - the negotiators' word
    author: Annotated[list[str] | None, Form()] = None,
    only: Annotated[list[str] | None, Form()] = None,
    audience: Annotated[CommentAudience, Form()] = CommentAudience.SECRETARIAT,
    together: Annotated[bool, Form()] = False,
    take: Annotated[bool, Form()] = False,
) -> ImportBatchView:
    """Marked-up files, one or many: how each tracked change and comment is understood, or (``take``) what became of
    it. The same files sent again do nothing twice.
    """
    asked = Asked(
        capacity=capacity,
        round=round,
        authors=frozenset(author) if author else None,
        only=frozenset(only or ()),
        take=take,
        together=together,
        audience=audience,
    )
    files = await _read(house, file)
    return await asyncio.to_thread(
        batch, HouseMeans(house, person), person, document, asked, files, [code for code in delegation or () if code]
    )


async def _read(house: House, files: Sequence[UploadFile]) -> list[tuple[str, bytes]]:
    left = house.settings.limits.upload_bytes
    found: list[tuple[str, bytes]] = []
    for file in files:
        content = await file.read(left + 1)
        left -= len(content)
        if left < 0:
            most = house.settings.limits.upload_bytes
            raise Refusal(ProblemCode.TOO_LARGE, f"The files are larger than {most} bytes together.")
        found.append((file.filename or "", content))
    return found
