"""Verbs about texts: commands, files in and out, and reading closely."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from drafting.cli.base import As, AsJson, app, opened, say, working
from drafting.config import Settings
from drafting.protocol.commands import COMMAND, ImportDocument
from drafting.protocol.reading import ChangeKind, Nature
from drafting.queries.brackets import as_text as brackets_said
from drafting.queries.brackets import bracketing
from drafting.queries.compare import Wanted
from drafting.queries.comparing import Compared, compared_files, compared_versions
from drafting.queries.documents import bracket_lint
from drafting.queries.drafted import as_text as report_said
from drafting.queries.drafted import corrected, report
from drafting.queries.exporting import CompilationStyle, ExportForm, Show, exported
from drafting.queries.exporting import Wanted as Exported
from drafting.queries.literal import printing
from drafting.queries.papers import FileKind
from drafting.queries.people import Reader, person_by_handle
from drafting.queries.references import as_text as references_said
from drafting.queries.references import referring
from drafting.queries.resolve import document_called, process_called, version_called
from drafting.queries.verify import host
from drafting.word.importing import read_draft
from storage.database import ReadTransaction

Called = Annotated[str, typer.Argument(help="The document, by id or symbol.")]
Base = Annotated[str, typer.Option("--version", help="The version, by name or id; the newest if left out.")]


@app.command("do")
def do(
    command: Annotated[str, typer.Argument(help="A command as JSON; - reads it from standard input.")],
    handle: As,
    as_json: AsJson = False,
) -> None:
    """Carry out any command of the API, at the machine itself."""
    parsed = COMMAND.validate_json(sys.stdin.read() if command == "-" else command)
    with opened() as house:
        receipt = house.take(house.database.read(lambda tx: person_by_handle(tx, handle)), parsed)
        made = " ".join(f"{name}={value}" for name, value in receipt.made.items())
        say(receipt, f"{receipt.event} {made}".strip(), as_json=as_json)


@app.command("import")
def import_(  # noqa: PLR0913, PLR0917 - each is an option
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=".docx, .md or .txt")],
    symbol: Annotated[str, typer.Option(help="The symbol without a revision, as in BP/CfA.")],
    handle: As = "secretariat",
    process: Annotated[str, typer.Option(help="The process, by name or id; not needed when there is one.")] = "",
    title: Annotated[str, typer.Option(help="The title, when not the file's.")] = "",
    check: Annotated[bool, typer.Option("--check", help="Only show how each paragraph is understood.")] = False,
    sections: Annotated[Path | None, typer.Option(help="JSON: the sections of --check --json, corrected.")] = None,
    as_json: AsJson = False,
) -> None:
    """Take a file in as a new document, and list the brackets that have no partner."""
    draft = working(
        f"Reading {file.name}",
        lambda: read_draft(file.name, file.read_bytes(), most_bytes=Settings().limits.upload_bytes),
    )
    if check:
        return say(report(draft), report_said(report(draft)), as_json=as_json)
    with opened() as house:
        command = ImportDocument(
            capacity="secretary",
            process=house.database.read(lambda tx: process_called(tx, process)),
            title=title or draft.title,
            symbol=symbol,
            language=draft.language,
            sections=corrected(sections.read_bytes()) if sections else draft.sections,
        )
        person = house.database.read(lambda tx: person_by_handle(tx, handle))
        receipt = working("Storing", lambda: house.take(person, command))
        lint = house.database.read(lambda tx: bracket_lint(tx, receipt.made["version"]))
    remarks = [f"{remark.place}: {remark.sentence}" for remark in draft.remarks]
    count = len(command.sections)
    facts = {**receipt.made, "sections": count, "lint": [x.model_dump() for x in lint], "remarks": remarks}
    said = [f"{receipt.made['document']}: {count} sections, {len(lint)} bracket(s) without a partner.", *remarks]
    return say(facts, "\n".join(said), as_json=as_json)


@app.command()
def export(  # noqa: PLR0913, PLR0917 - each is an option
    document: Called,
    output: Annotated[Path, typer.Option("-o", "--output", help="The file to write.")],
    form: Annotated[ExportForm, typer.Option(help="What to write.")] = ExportForm.CLEAN,
    version: Base = "",
    against: Annotated[str, typer.Option(help="The older version of a redline; its parent if left out.")] = "",
    style: Annotated[
        CompilationStyle, typer.Option(help="How a compilation shows changes.")
    ] = CompilationStyle.TRACKED,
    show: Annotated[list[Show] | None, typer.Option(help="In a clean file besides the text; may be repeated.")] = None,
    line_numbers: Annotated[bool, typer.Option(help="Every fifth line has its number at the margin.")] = True,
    file: Annotated[FileKind, typer.Option(help="A paper for the meeting may be a spreadsheet.")] = FileKind.DOCX,
    as_json: AsJson = False,
) -> None:
    """Write a version, or a paper for the meeting about it, as a Word file or a spreadsheet."""
    with opened() as house, house.database.reading() as tx:
        who, new = _version(tx, document, version)
        old = version_called(tx, who.document, against) if against else None
        shown = frozenset(show or ())
        wanted = Exported(form, new, old, style, show=shown, line_numbers=line_numbers, file=file)
        content = working(f"Writing {output.name}", exported(tx, who, wanted).write)
    output.write_bytes(content)
    say({"file": str(output), "bytes": len(content)}, f"{output}: {len(content)} bytes", as_json=as_json)


@app.command()
def compare(  # noqa: PLR0913, PLR0917 - each is an option
    old: Annotated[str, typer.Argument(help="A file (.docx, .md, .txt), or a version's name or id.")],
    new: Annotated[str, typer.Argument(help="The newer one, of the same sort.")],
    document: Annotated[str, typer.Option(help="The versions' document, by id or symbol.")] = "",
    form: Annotated[str, typer.Option("--format", help="text, json, html, patch or docx")] = "text",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="The file to write; needed for docx.")] = None,
    delegation: Annotated[
        list[str] | None, typer.Option(help="Only what this delegation caused; may be repeated.")
    ] = None,
    section: Annotated[
        list[str] | None, typer.Option(help="Only this section, by label or id, and those under it.")
    ] = None,
    nature: Annotated[list[Nature] | None, typer.Option(help="Only changes of this nature.")] = None,
    kind: Annotated[list[ChangeKind] | None, typer.Option(help="Only sections of which this became.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compare two files, or two versions of a document."""
    write = FORMATS.get("json" if as_json else form)
    wanted = Wanted(
        frozenset(delegation or ()), frozenset(section or ()), frozenset(nature or ()), frozenset(kind or ())
    )
    if write is None or (form == "docx" and (output is None or wanted != Wanted())):
        raise typer.BadParameter("text, json, html, patch, or docx with -o FILE, whole", param_hint="--format")
    files = _files(old, new)
    if files and delegation:
        raise typer.BadParameter("files do not say who changed what", param_hint="--delegation")
    if files:
        found = working("Comparing", lambda: compared_files(*files, wanted=wanted))
    else:
        with opened() as house, house.database.reading() as tx:
            found = compared_versions(tx, document_called(tx, document), old, new, wanted)
    content = write(found)
    if output is not None:
        output.write_bytes(content)
    else:
        sys.stdout.buffer.write(content)


def _files(*names: str) -> list[Path]:
    files = [Path(name) for name in names if Path(name).suffix.lower() in FILES]
    if missing := [str(file) for file in files if not file.is_file()]:
        raise typer.BadParameter(f"there is no file {missing[0]}")
    if len(files) == 1:
        raise typer.BadParameter("compare two files or two versions, not one with the other")
    return files


FILES = frozenset({".docx", ".docm", ".md", ".markdown", ".txt"})
FORMATS: dict[str, Callable[[Compared], bytes]] = {
    "text": Compared.as_text,
    "json": Compared.as_json,
    "html": Compared.as_html,
    "patch": Compared.as_patch,
    "docx": Compared.as_docx,
}


@app.command()
def compilation(
    document: Called,
    version: Base = "",
    unnamed: Annotated[bool, typer.Option("--unnamed", help="Without the delegations.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print a version with all that is proposed on it, as literal text."""
    with opened() as house, house.database.reading() as tx:
        found = printing(tx, *_version(tx, document, version), named=not unnamed)
    if as_json:
        typer.echo(found.view().model_dump_json())
    else:
        typer.echo(found.text(), nl=False)


@app.command()
def brackets(
    document: Called,
    version: Base = "",
    lifted: Annotated[bool, typer.Option("--lifted", help="Also those that are gone.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what is not agreed in a version: each bracket, since when it stands and whose it is."""
    with opened() as house, house.database.reading() as tx:
        found = bracketing(tx, *_version(tx, document, version), lifted=lifted).view()
    say(found, brackets_said(found), as_json=as_json)


@app.command()
def references(
    document: Called,
    version: Base = "",
    against: Annotated[str, typer.Option(help="An older version, to see what a renumbering made wrong.")] = "",
    as_json: AsJson = False,
) -> None:
    """List the places of a version that name a section which is gone, or has another number now."""
    with opened() as house, house.database.reading() as tx:
        who, new = _version(tx, document, version)
        old = version_called(tx, who.document, against) if against else None
        found = referring(tx, who, new, old).view()
    say(found, references_said(found), as_json=as_json)


def _version(tx: ReadTransaction, document: str, version: str) -> tuple[Reader, str | None]:
    who = host(document_called(tx, document))
    return who, version_called(tx, who.document, version) if version else None
