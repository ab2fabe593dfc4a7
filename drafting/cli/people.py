"""Verbs about people and what lets them in. Whoever can run these can act as anybody."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from drafting.cli.base import As, AsJson, app, opened, say, working
from drafting.commands.credentials import LIFETIMES, appoint_administrator, end_sessions, grant, revoke_all
from drafting.commands.passwords import hashed, keep
from drafting.config import Settings
from drafting.house import House
from drafting.protocol.answers import NewPassword, TableLine
from drafting.protocol.commands import Command, Envelope
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.queries import secretariat_table as table
from drafting.queries.people import Person, person_by_handle
from drafting.queries.resolve import process_called
from storage.database import DiskFull, ReadTransaction, WriteTransaction
from storage.log import digest


@app.command()
def administrator(
    handle: str, name: Annotated[str, typer.Option(help="The person's name.")] = "", as_json: AsJson = False
) -> None:
    """Make a person an administrator: the first one founds the first process."""
    with opened() as house:
        at = house.now()
        done = house.database.write(lambda tx: appoint_administrator(tx, handle, name or handle, at, house.mint))
        say({"participant": done.result()}, f"{handle} is an administrator.", as_json=as_json)


@app.command()
def people(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file: delegations and people.")],
    handle: As,
    process: Annotated[str, typer.Option(help="The process, by name or id; not needed when there is one.")] = "",
    capacity: Annotated[str, typer.Option(help="What you act as.")] = "secretary",
    check: Annotated[bool, typer.Option("--check", help="Say what would be taken, and take nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take the secretariat's table in, line by line; lines that are entered already change nothing."""
    rows = table.read_rows(file.read_bytes())
    with opened() as house:
        person = house.database.read(lambda tx: person_by_handle(tx, handle))
        where = house.database.read(lambda tx: process_called(tx, process))

        def compare(tx: ReadTransaction) -> list[table.Entry]:
            table.admit(tx, person, where, capacity)
            return table.entries(tx, rows, where, capacity)

        entries = house.database.read(compare)
        lines = working("Checking" if check else "Taking", lambda: _become(house, person, entries, check=check))
    found = table.report(lines, checked=check)
    say(found, "\n".join(_line(line) for line in found.lines), as_json=as_json)
    if any(line.outcome == "refused" for line in lines):
        raise typer.Exit(1)


def _become(house: House, person: Person, entries: list[table.Entry], *, check: bool) -> list[TableLine]:
    """Have each line taken, or rehearsed; say what became of it."""
    commands = [entry.command for entry in entries if entry.command]
    if check:
        envelopes = [Envelope(id=house.mint.command(house.now()), command=command) for command in commands]
        answers = iter(house.executor.rehearse(person, envelopes))
    else:
        answers = (_refusal(house, person, command) for command in commands)
    return [entry.told(next(answers) if entry.command else None, checked=check) for entry in entries]


def _refusal(house: House, person: Person, command: Command) -> Refusal | None:
    try:
        house.take(person, command)
    except Refusal as refusal:
        return refusal
    except DiskFull:
        return Refusal(ProblemCode.STORAGE_FULL, "The disk is full; nothing of this line was stored.")
    return None


def _line(told: TableLine) -> str:
    said = f"{told.detail} ({told.code})" if told.detail else (told.command or "").replace("_", " ")
    return f"{told.line}: {told.subject}: {told.outcome}{f', {said}' if said else ''}"


@app.command()
def token(
    handle: str,
    label: Annotated[str, typer.Option(help="What it is for; shown in its owner's list.")] = "",
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long it is valid.")] = LIFETIMES["token"].days,
    as_json: AsJson = False,
) -> None:
    """Print a bearer token of the participant."""
    secret = _granted("token", handle, label, timedelta(days=days))
    say({"token": secret}, secret, as_json=as_json)


@app.command()
def ticket(handle: str, as_json: AsJson = False) -> None:
    """Print a ticket that opens one socket within 30 seconds; what it opens may be revoked as "drafting ticket"."""
    with opened() as house:
        at = house.now()

        def give(tx: WriteTransaction) -> str:
            person = person_by_handle(tx, handle)
            opens = grant(tx, "session", person, at, label="drafting ticket")[0]
            return grant(tx, "ticket", person, at, label=digest(opens))[0]

        secret = house.database.write(give).result()
    say({"ticket": secret}, secret, as_json=as_json)


@app.command("sign-in")
def sign_in(handle: str, as_json: AsJson = False) -> None:
    """Print a link that signs the participant in, once."""
    link = f"{Settings().address}/#sign-in={_granted('sign_in', handle)}"
    say({"link": link}, link, as_json=as_json)


def _granted(kind: str, handle: str, label: str = "", lasting: timedelta | None = None) -> str:
    with opened() as house:
        at = house.now()

        def give(tx: WriteTransaction) -> str:
            return grant(tx, kind, person_by_handle(tx, handle), at, label=label, lasting=lasting)[0]

        return house.database.write(give).result()


@app.command()
def password(
    handle: str,
    stdin: Annotated[bool, typer.Option("--stdin", help="Read it from standard input, the first line.")] = False,
    as_json: AsJson = False,
) -> None:
    """Set the participant's password; it is asked for, and not shown."""
    typed = sys.stdin.readline().rstrip("\r\n") if stdin else typer.prompt("Password", hide_input=True, err=True)
    if not stdin and typer.prompt("Once more", hide_input=True, err=True) != typed:
        raise typer.BadParameter("the two are not the same")
    kept = hashed(NewPassword(new=typed).new.get_secret_value())
    with opened() as house:

        def change(tx: WriteTransaction) -> None:
            person = person_by_handle(tx, handle)
            keep(tx, person, kept)
            end_sessions(tx, person)

        house.database.write(change).result()
    say({"handle": handle}, f"{handle} has a new password; every session has ended.", as_json=as_json)


@app.command()
def revoke(
    handle: str,
    label: Annotated[str | None, typer.Option(help="Only what has this label.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="The password too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Revoke what lets the participant in: sessions, tokens, links and tickets. Sockets close within 2 seconds."""
    if everything and label is not None:
        raise typer.BadParameter("everything, or what has a label", param_hint="--all")
    with opened() as house:

        def end(tx: WriteTransaction) -> int:
            person = person_by_handle(tx, handle)
            if everything:
                keep(tx, person, "")
            return revoke_all(tx, person, label=label)

        count = house.database.write(end).result()
    say({"revoked": count}, f"{count} revoked.", as_json=as_json)
