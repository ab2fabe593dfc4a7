"""Verbs about people and what lets them in. Whoever can run these can act as anybody."""

import sys
from datetime import timedelta
from typing import Annotated

import typer

from drafting.cli.base import AsJson, app, opened, say
from drafting.commands.credentials import LIFETIMES, appoint_administrator, end_sessions, grant, revoke_all
from drafting.commands.passwords import hashed, keep
from drafting.config import Settings
from drafting.protocol.answers import NewPassword
from drafting.queries.people import person_by_handle
from storage.database import WriteTransaction
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
