"""Files in and out. Reading and writing them is done in other processes: a large one would hold everybody up."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, File, Form, Query, Response, UploadFile

from drafting.http.auth import Me, TheHouse
from drafting.http.taking import take
from drafting.protocol.answers import DraftReport, Imported, Remark
from drafting.protocol.commands import Envelope, ImportDocument
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.queries.documents import bracket_lint
from drafting.queries.drafted import corrected, report
from drafting.queries.exporting import CompilationStyle, ExportForm, Gathered, Show, Wanted, exported
from drafting.queries.papers import FileKind
from drafting.queries.people import reader
from drafting.word.importing import ImportedDraft, read_draft

router = APIRouter(tags=["files"])
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class WordFile(Response):
    """A Word file as an answer."""

    media_type = WORD


@router.get("/documents/{document}/export", response_class=WordFile, responses={200: {"content": {WORKBOOK: {}}}})
async def export(  # noqa: PLR0913, PLR0917 - each is a field of the query
    house: TheHouse,
    person: Me,
    document: str,
    form: ExportForm,
    version: str | None = None,
    against: str | None = None,
    style: CompilationStyle = CompilationStyle.TRACKED,
    private: bool = False,
    show: Annotated[list[Show] | None, Query(max_length=10)] = None,
    line_numbers: bool = True,
    file: FileKind = FileKind.DOCX,
) -> WordFile:
    """A version as a Word file: clean, with tracked changes against another version (its parent), or a compilation:
    with all that is proposed on it, tracked in each delegation's name, or literal. ``private``: the tracked one also
    has the comments and positions that you may read and not everyone. ``show``: what a clean one shows besides
    its text. Or a paper for the meeting, for Word or as a spreadsheet (``file=xlsx``): the amendments by paragraph, the
    comments, the decisions or the renumbering.
    """
    wanted = Wanted(form, version, against, style, private, frozenset(show or ()), line_numbers, file)

    def gather() -> Gathered:
        with house.database.reading() as tx:
            return exported(tx, reader(tx, person, document), wanted)

    gathered = await asyncio.to_thread(gather)
    content = await asyncio.wrap_future(house.apart(gathered.write))
    headers = {"Content-Disposition": f'attachment; filename="{gathered.name}"'}
    return WordFile(content, headers=headers, media_type=WORKBOOK if file is FileKind.XLSX else WORD)


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
    sections: Annotated[str | None, Form()] = None,
) -> Imported:
    """Take a file in (.docx, .md, .txt) as a new document; sent again with the same id, it is taken once.

    ``sections``: a JSON list of the sections as somebody corrected them, in place of what is read from the file.
    """
    draft = await _read(house, file)
    command = ImportDocument(
        capacity=capacity,
        process=process,
        title=title or draft.title,
        symbol=symbol,
        language=language or draft.language,
        sections=draft.sections if sections is None else corrected(sections),
    )
    receipt = await take(house, person, Envelope(id=id, command=command))
    lint = await asyncio.to_thread(house.database.read, lambda tx: bracket_lint(tx, receipt.made["version"]))
    remarks = [Remark(place=remark.place, sentence=remark.sentence) for remark in draft.remarks]
    return Imported(receipt=receipt, lint=lint, remarks=remarks)


@router.post("/imports/rehearsal")
async def rehearse_import(house: TheHouse, person: Me, file: Annotated[UploadFile, File()]) -> DraftReport:
    """How each paragraph of a draft is understood, and why; nothing is taken in."""
    del person
    return report(await _read(house, file))


async def _read(house: TheHouse, file: UploadFile) -> ImportedDraft:
    most = house.settings.limits.upload_bytes
    content = await file.read(most + 1)
    if len(content) > most:
        raise Refusal(ProblemCode.TOO_LARGE, f"The file is larger than {most} bytes.")
    return await asyncio.wrap_future(house.apart(read_draft, file.filename or "", content, most_bytes=most))
