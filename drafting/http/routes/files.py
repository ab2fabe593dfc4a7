"""Files in and out. Reading and writing them is done in other processes: a large one would hold everybody up."""

import asyncio
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, File, Form, Response, UploadFile

from drafting.http.auth import Me, TheHouse
from drafting.http.taking import take
from drafting.protocol.answers import Imported, Remark
from drafting.protocol.commands import Envelope, ImportDocument
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.queries.documents import bracket_lint
from drafting.queries.exports import CleanFile, RedlineFile, clean_file, redline_file
from drafting.queries.people import reader
from drafting.word.importing import ImportedDraft, read_draft

router = APIRouter(tags=["files"])
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class WordFile(Response):
    """A Word file as an answer."""

    media_type = WORD


class ExportForm(StrEnum):
    """The forms of a Word file."""

    CLEAN = "clean"
    REDLINE = "redline"


@router.get("/documents/{document}/export", response_class=WordFile)
async def export(
    house: TheHouse, person: Me, document: str, form: ExportForm, version: str | None = None, against: str | None = None
) -> WordFile:
    """A version as a Word file: clean, or with tracked changes against another version (its parent)."""

    def gather() -> CleanFile | RedlineFile:
        with house.database.reading() as tx:
            who = reader(tx, person, document)
            return clean_file(tx, who, version) if form is ExportForm.CLEAN else redline_file(tx, who, version, against)

    file = await asyncio.to_thread(gather)
    content = await asyncio.wrap_future(house.apart(file.write))
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return WordFile(content, headers=headers)


@router.post("/imports")
async def import_file(  # noqa: PLR0913, PLR0917 - each is a field of the form
    house: TheHouse,
    person: Me,
    file: Annotated[UploadFile, File()],
    process: Annotated[str, Form()],
    symbol: Annotated[str, Form()],
    capacity: Annotated[str, Form()],
    id: Annotated[str, Form()],  # noqa: A002 - the field's name on the wire
    title: Annotated[str | None, Form()] = None,
    language: Annotated[str | None, Form()] = None,
) -> Imported:
    """Take a file in (.docx, .md, .txt) as a new document; sent again with the same id, it is taken once."""
    draft = await _read(house, file)
    command = ImportDocument(
        capacity=capacity,
        process=process,
        title=title or draft.title,
        symbol=symbol,
        language=language or draft.language,
        sections=draft.sections,
    )
    receipt = await take(house, person, Envelope(id=id, command=command))
    lint = await asyncio.to_thread(house.database.read, lambda tx: bracket_lint(tx, receipt.made["version"]))
    remarks = [Remark(place=remark.place, sentence=remark.sentence) for remark in draft.remarks]
    return Imported(receipt=receipt, lint=lint, remarks=remarks)


async def _read(house: TheHouse, file: UploadFile) -> ImportedDraft:
    most = house.settings.limits.upload_bytes
    content = await file.read(most + 1)
    if len(content) > most:
        raise Refusal(ProblemCode.TOO_LARGE, f"The file is larger than {most} bytes.")
    return await asyncio.wrap_future(house.apart(read_draft, file.filename or "", content, most_bytes=most))
