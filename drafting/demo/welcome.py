"""Prints the address and a sign-in link per persona of the demonstration: ``python -m drafting.demo.welcome``."""

import sys

from drafting.commands.credentials import grant
from drafting.config import Settings
from drafting.house import House
from drafting.protocol.problems import Refusal
from drafting.queries.people import person_by_handle

PERSONAS = {
    "secretariat": "the secretariat: imports, circulates, consolidates",
    "chair": "the chair: opens and closes rounds, decides, issues",
    "notes": "the note-taker",
    "arv": "head of the delegation of Arvania",
    "bor": "head of the delegation of Borhaven",
    "cal": "head of the delegation of Calverra",
    "observer": "an observer",
}


def welcome(settings: Settings) -> str:
    """Give the text: where to go, and one link for each who is there. Each link works once."""
    house = House(settings)
    lines = [
        f"The Drafting Room is at {settings.address}",
        "",
        "Sign in as (each link works once; more: drafting sign-in HANDLE):",
    ]
    try:
        for handle, who in PERSONAS.items():
            link = _link(house, handle)
            if link:
                lines.append(f"  {who}\n    {link}")
    finally:
        house.close()
    return "\n".join([*lines, "", "Stop with Ctrl+C.", ""])


def _link(house: House, handle: str) -> str | None:
    at = house.now()
    try:
        person = house.database.read(lambda tx: person_by_handle(tx, handle))
    except Refusal:
        return None
    code, _ = house.database.write(lambda tx: grant(tx, "sign_in", person, at)).result()
    return f"{house.settings.address}/#sign-in={code}"


if __name__ == "__main__":
    sys.stdout.write(welcome(Settings()))
