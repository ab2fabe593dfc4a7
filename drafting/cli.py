"""The ``drafting`` command. What it writes goes through the executor, like everything else.

Exit codes: 0 done; 1 refused, or something was found; 2 called wrongly.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from pydantic import BaseModel, ValidationError
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from drafting.commands.credentials import appoint_administrator, grant
from drafting.config import Settings
from drafting.house import House
from drafting.protocol.commands import COMMAND, ImportDocument
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.queries.comparing import Compared, compared_files, compared_versions
from drafting.queries.documents import bracket_lint
from drafting.queries.exports import clean_file, redline_file
from drafting.queries.people import person_by_handle
from drafting.queries.resolve import document_called, process_called, version_called
from drafting.queries.verify import host
from drafting.queries.verify import verify as look
from drafting.word.importing import read_draft
from storage.database import DiskFull

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Negotiate a text: one base, many proposals, one compilation."
)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
As = Annotated[str, typer.Option("--as", help="The handle of the participant who acts.")]
T = TypeVar("T")


def main() -> None:
    """Run the command line; whatever goes wrong is one line, with its code."""
    try:
        app()
    except Refusal as refusal:
        _fail(1, refusal)
    except ValidationError as failure:
        places = (f"{'.'.join(map(str, fault['loc'])) or 'command'}: {fault['msg']}" for fault in failure.errors())
        _fail(2, Refusal(ProblemCode.MALFORMED, "; ".join(places) + "."))
    except DiskFull:
        _fail(1, Refusal(ProblemCode.STORAGE_FULL, "The disk is full; nothing was stored."))
    except OSError as failure:
        _fail(1, Refusal(ProblemCode.INTERNAL, f"{failure.filename or 'The machine'}: {failure.strerror or failure}."))


def _fail(status: int, refusal: Refusal) -> NoReturn:
    if "--json" in sys.argv:
        typer.echo(json.dumps({"code": refusal.code, "detail": refusal.detail, **refusal.facts}), err=True)
    else:
        typer.echo(f"{refusal.detail} ({refusal.code})", err=True)
    raise SystemExit(status)


@contextmanager
def _house() -> Iterator[House]:
    house = House(Settings())
    try:
        yield house
    finally:
        house.close()


def _say(content: BaseModel | dict[str, Any], sentence: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(content.model_dump_json() if isinstance(content, BaseModel) else json.dumps(content))
    else:
        typer.echo(sentence)


def _working(title: str, work: Callable[[], T]) -> T:
    """Do something that may take long, with a bar where somebody is looking."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        bar.add_task(title)
        return work()


@app.command()
def serve() -> None:
    """Serve at DRAFTING_HOST and DRAFTING_PORT."""
    from drafting.main import serve as serve_with  # noqa: PLC0415 - the other commands start faster without it

    serve_with(Settings())


@app.command()
def migrate(as_json: AsJson = False) -> None:
    """Bring the database to the newest tables."""
    with _house() as house:
        _say({"database": house.settings.database_url}, "The tables are the newest.", as_json=as_json)


@app.command()
def demo(as_json: AsJson = False) -> None:
    """Play the demonstration into an empty database; says so when it is there already."""
    from drafting.demo.play import play  # noqa: PLC0415 - reads the demonstration's files

    played = _working("Playing the demonstration", lambda: play(Settings()))
    _say(
        {"played": played},
        "The demonstration is ready." if played else "The database is not empty: nothing was done.",
        as_json=as_json,
    )


@app.command()
def administrator(
    handle: str, name: Annotated[str, typer.Option(help="The person's name.")] = "", as_json: AsJson = False
) -> None:
    """Make a person an administrator: the first one founds the first process."""
    with _house() as house:
        at = house.now()
        done = house.database.write(lambda tx: appoint_administrator(tx, handle, name or handle, at, house.mint))
        _say({"participant": done.result()}, f"{handle} is an administrator.", as_json=as_json)


@app.command()
def token(handle: str, as_json: AsJson = False) -> None:
    """Print a bearer token of the participant."""
    secret = _granted("token", handle)
    _say({"token": secret}, secret, as_json=as_json)


@app.command()
def ticket(handle: str, as_json: AsJson = False) -> None:
    """Print a ticket that opens one socket within 30 seconds."""
    secret = _granted("ticket", handle)
    _say({"ticket": secret}, secret, as_json=as_json)


@app.command("sign-in")
def sign_in(handle: str, as_json: AsJson = False) -> None:
    """Print a link that signs the participant in, once."""
    link = f"{Settings().address}/#sign-in={_granted('sign_in', handle)}"
    _say({"link": link}, link, as_json=as_json)


def _granted(kind: str, handle: str) -> str:
    with _house() as house:
        at = house.now()
        return house.database.write(lambda tx: grant(tx, kind, person_by_handle(tx, handle), at)).result()[0]


@app.command("do")
def do(
    command: Annotated[str, typer.Argument(help="A command as JSON; - reads it from standard input.")],
    handle: As,
    as_json: AsJson = False,
) -> None:
    """Carry out any command of the API, at the machine itself."""
    parsed = COMMAND.validate_json(sys.stdin.read() if command == "-" else command)
    with _house() as house:
        receipt = house.take(house.database.read(lambda tx: person_by_handle(tx, handle)), parsed)
        made = " ".join(f"{name}={value}" for name, value in receipt.made.items())
        _say(receipt, f"{receipt.event} {made}".strip(), as_json=as_json)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=".docx, .md or .txt")],
    symbol: Annotated[str, typer.Option(help="The symbol without a revision, as in BP/CfA.")],
    handle: As = "secretariat",
    process: Annotated[str, typer.Option(help="The process, by name or id; not needed when there is one.")] = "",
    title: Annotated[str, typer.Option(help="The title, when not the file's.")] = "",
    as_json: AsJson = False,
) -> None:
    """Take a file in as a new document, and list the brackets that have no partner."""
    draft = _working(
        f"Reading {file.name}",
        lambda: read_draft(file.name, file.read_bytes(), most_bytes=Settings().limits.upload_bytes),
    )
    with _house() as house:
        command = ImportDocument(
            capacity="secretary",
            process=house.database.read(lambda tx: process_called(tx, process)),
            title=title or draft.title,
            symbol=symbol,
            language=draft.language,
            sections=draft.sections,
        )
        person = house.database.read(lambda tx: person_by_handle(tx, handle))
        receipt = _working("Storing", lambda: house.take(person, command))
        lint = house.database.read(lambda tx: bracket_lint(tx, receipt.made["version"]))
    remarks = [f"{remark.place}: {remark.sentence}" for remark in draft.remarks]
    facts = {**receipt.made, "sections": len(draft.lines), "lint": [x.model_dump() for x in lint], "remarks": remarks}
    said = [
        f"{receipt.made['document']}: {len(draft.lines)} sections, {len(lint)} bracket(s) without a partner.",
        *remarks,
    ]
    _say(facts, "\n".join(said), as_json=as_json)


@app.command()
def export(
    document: Annotated[str, typer.Argument(help="The document, by id or symbol.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The file to write.")],
    form: Annotated[str, typer.Option(help="clean or redline")] = "clean",
    version: Annotated[str, typer.Option(help="The version, by name or id; the newest if left out.")] = "",
    against: Annotated[str, typer.Option(help="The older version of a redline; its parent if left out.")] = "",
    as_json: AsJson = False,
) -> None:
    """Write a version as a Word file."""
    if form not in {"clean", "redline"}:
        raise typer.BadParameter("a form is clean or redline", param_hint="--form")
    with _house() as house, house.database.reading() as tx:
        who = host(document_called(tx, document))
        new = version_called(tx, who.document, version) if version else None
        old = version_called(tx, who.document, against) if against else None
        file = clean_file(tx, who, new) if form == "clean" else redline_file(tx, who, new, old)
        content = _working(f"Writing {output.name}", file.write)
    output.write_bytes(content)
    _say({"file": str(output), "bytes": len(content)}, f"{output}: {len(content)} bytes", as_json=as_json)


@app.command()
def compare(
    old: Annotated[str, typer.Argument(help="A file (.docx, .md, .txt), or a version's name or id.")],
    new: Annotated[str, typer.Argument(help="The newer one, of the same sort.")],
    document: Annotated[str, typer.Option(help="The versions' document, by id or symbol.")] = "",
    form: Annotated[str, typer.Option("--format", help="text, json, html or docx")] = "text",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="The file to write; needed for docx.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compare two files, or two versions of a document."""
    write = FORMATS.get("json" if as_json else form)
    if write is None or (form == "docx" and output is None):
        raise typer.BadParameter("text, json, html, or docx with -o FILE", param_hint="--format")
    files = [Path(name) for name in (old, new) if Path(name).suffix.lower() in FILES]
    if missing := [str(file) for file in files if not file.is_file()]:
        raise typer.BadParameter(f"there is no file {missing[0]}")
    if len(files) == 1:
        raise typer.BadParameter("compare two files or two versions, not one with the other")
    if files:
        found = _working("Comparing", lambda: compared_files(*files))
    else:
        with _house() as house, house.database.reading() as tx:
            found = compared_versions(tx, document_called(tx, document), old, new)
    content = write(found)
    if output is not None:
        output.write_bytes(content)
    else:
        sys.stdout.buffer.write(content)


FILES = frozenset({".docx", ".docm", ".md", ".markdown", ".txt"})
FORMATS: dict[str, Callable[[Compared], bytes]] = {
    "text": Compared.as_text,
    "json": Compared.as_json,
    "html": Compared.as_html,
    "docx": Compared.as_docx,
}


@app.command()
def verify(as_json: AsJson = False) -> None:
    """Check the log's hash chain, the issued versions, and that the tables agree with the log."""
    with _house() as house:
        found = _working("Verifying", lambda: house.database.read(lambda tx: look(tx, house.cursors)))
    lines = [f"{f.scope} {f.place}: {f.what}" for f in found.findings]
    counted = f"{found.events} events in {found.streams} streams, {found.versions} versions: "
    _say(
        found,
        "\n".join([*lines, counted + ("all is well." if not lines else f"{len(lines)} finding(s).")]),
        as_json=as_json,
    )
    if found.findings:
        raise typer.Exit(1)
