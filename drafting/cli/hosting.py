"""Verbs of whoever hosts the service."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import make_url

from drafting.cli.base import AsJson, app, opened, say, working
from drafting.config import Settings
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import VerifyView
from drafting.queries.verify import verify as look
from storage import backup as copies


@app.command()
def serve() -> None:
    """Serve at DRAFTING_HOST and DRAFTING_PORT."""
    from drafting.main import serve as serve_with  # noqa: PLC0415 - the other commands start faster without it

    serve_with(Settings())


@app.command()
def migrate(as_json: AsJson = False) -> None:
    """Bring the database to the newest tables."""
    with opened() as house:
        shown = make_url(house.settings.database_url).render_as_string(hide_password=True)
        say({"database": shown}, "The tables are the newest.", as_json=as_json)


@app.command()
def demo(as_json: AsJson = False) -> None:
    """Play the demonstration into an empty database; says so when it is there already."""
    from drafting.demo.play import play  # noqa: PLC0415 - reads the demonstration's files

    played = working("Playing the demonstration", lambda: play(Settings()))
    say(
        {"played": played},
        "The demonstration is ready." if played else "The database is not empty: nothing was done.",
        as_json=as_json,
    )


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="The file to write; one of that name is replaced.")],
    as_json: AsJson = False,
) -> None:
    """Copy the whole database, as it stands now, to a file; the service may run meanwhile."""
    working("Copying", lambda: copies.back_up(Settings().database_url, file))
    size = file.stat().st_size
    say({"file": str(file), "bytes": size}, f"{file}: {size} bytes", as_json=as_json)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="What `drafting backup` wrote.")],
    force: Annotated[bool, typer.Option("--force", help="Replace what is in the database.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the place of the database, and verify it; the service must not run meanwhile."""
    try:
        working("Restoring", lambda: copies.restore(Settings().database_url, file, force=force))
    except copies.NotEmptyError:
        said = "The database is not empty; --force replaces what is in it."
        raise Refusal(ProblemCode.ALREADY_EXISTS, said) from None
    except copies.InUseError:
        raise Refusal(ProblemCode.BUSY, "The database is in use: stop the service first.") from None
    except copies.NoBackupError:
        raise Refusal(ProblemCode.MALFORMED, f"{file} is no backup of a database of this kind.") from None
    _tell(_verified(), as_json=as_json)


@app.command()
def verify(as_json: AsJson = False) -> None:
    """Check the log's hash chain, the issued versions, and that the tables agree with the log."""
    _tell(_verified(), as_json=as_json)


def _verified() -> VerifyView:
    with opened() as house:
        return working("Verifying", lambda: house.database.read(lambda tx: look(tx, house.cursors)))


def _tell(found: VerifyView, *, as_json: bool) -> None:
    """Say what was found; ends with 1 if that is something."""
    lines = [f"{f.scope} {f.place}: {f.what}" for f in found.findings]
    counted = f"{found.events} events in {found.streams} streams, {found.versions} versions: "
    closing = counted + (f"{len(lines)} finding(s)." if lines else "all is well.")
    say(found, "\n".join([*lines, closing]), as_json=as_json)
    if found.findings:
        raise typer.Exit(1)
