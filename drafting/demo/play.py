"""Plays the demonstration: the Call for Action through its first round to Rev.1, and the second round begun.

Given the day it starts from, it is the same each time: times come from the files, ids from a seeded source.
"""

import random
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

from sqlmodel import func, select

from drafting.commands.credentials import appoint_administrator
from drafting.config import Settings
from drafting.demo.desk import consolidate
from drafting.demo.round import Clock, Round
from drafting.house import House
from drafting.protocol.commands import (
    AccreditParticipant,
    AdmitDelegation,
    CloseRound,
    CreateProcess,
    DelegationName,
    ImportDocument,
    OpenRound,
)
from drafting.queries.people import Person, person_by_handle
from drafting.word.importing import read_draft
from storage.ids import Mint
from storage.tables import Process

NAME = "Budapest Process (demonstration)"
DAYS_BEFORE = 20
ROUND_1, ROUND_2, OPEN_FOR = timedelta(days=2), timedelta(days=16), timedelta(days=30)
_SEED = 2017


def play(settings: Settings, today: datetime | None = None) -> bool:
    """Play into the database if it has no process yet; tells whether it did. ``today`` defaults to this morning."""
    morning = (today or datetime.now(UTC)).replace(hour=8, minute=0, second=0, microsecond=0)
    clock = Clock(morning - timedelta(days=DAYS_BEFORE))
    source = random.Random(_SEED)  # noqa: S311 - ids of a demonstration must be the same each time
    with _opened(settings, clock, Mint(lambda: source.getrandbits(80))) as house:
        if house.database.read(lambda tx: tx.session.exec(select(func.count()).select_from(Process)).one()):
            return False
        process = _found(house)
        document, version = _import(house, process)
        _first_round(house, clock, document, version)
        return True


@contextmanager
def _opened(settings: Settings, clock: Clock, mint: Mint) -> Iterator[House]:
    house = House(settings, clock, mint)
    try:
        yield house
    finally:
        house.close()


def content(name: str) -> dict[str, Any]:
    """Read one of the demonstration's files."""
    return tomllib.loads((files("drafting.demo") / name).read_text(encoding="utf-8"))


def person(house: House, handle: str) -> Person:
    """Give somebody who takes part."""
    return house.database.read(lambda tx: person_by_handle(tx, handle))


def _found(house: House) -> str:
    """Found the process, with the table of delegations and everybody who takes part."""
    cast = content("delegations.toml")
    at = house.now()
    house.database.write(lambda tx: appoint_administrator(tx, "secretariat", "Lucie Moreau", at, house.mint)).result()
    secretary = person(house, "secretariat")
    founding = CreateProcess(capacity="administrator", name=NAME, secretary="secretariat")
    process = house.take(secretary, founding).made["process"]
    for row in cast["delegation"]:
        names = {x: DelegationName(short=row["short"][x], formal=row["formal"][x]) for x in row["short"]}
        admitted = AdmitDelegation(
            capacity="secretary", process=process, code=row["code"], names=names, order=row["order"]
        )
        house.take(secretary, admitted)
    for row in cast["participant"]:
        accredited = AccreditParticipant(
            capacity="secretary",
            process=process,
            handle=row["handle"],
            name=row["name"],
            capacities=row["capacities"],
        )
        house.take(secretary, accredited)
    return process


def _import(house: House, process: str) -> tuple[str, str]:
    name = "call_for_action.md"
    draft = read_draft(name, (files("drafting.demo") / name).read_bytes())
    command = ImportDocument(
        capacity="secretary",
        process=process,
        title=draft.title,
        symbol="BP/CfA",
        sections=draft.sections,
    )
    made = house.take(person(house, "secretariat"), command).made
    return made["document"], made["version"]


def _first_round(house: House, clock: Clock, document: str, version: str) -> None:
    """Play round 1, consolidate it to Rev.1, open round 2 on that and let it begin."""
    secretary = person(house, "secretariat")
    clock.move(ROUND_1)
    opened = OpenRound(
        capacity="secretary",
        document=document,
        base=version,
        name="First preparatory meeting",
        deadline=clock.at + timedelta(days=5),
    )
    first = Round(house, clock, document, version, house.take(secretary, opened).made["round"])
    tabled = first.play(content("amendments.toml")["amendment"], content("comments.toml")["comment"])
    clock.move(timedelta(days=6))
    house.take(secretary, CloseRound(capacity="secretary", document=document, round=first.round))
    revised = consolidate(first, list(zip(tabled, content("amendments.toml")["amendment"], strict=True)))
    clock.to(clock.start + ROUND_2)
    opened = OpenRound(
        capacity="secretary",
        document=document,
        base=revised,
        name="Second preparatory meeting",
        deadline=clock.at + OPEN_FOR,
    )
    second = Round(house, clock, document, revised, house.take(secretary, opened).made["round"])
    later = content("second_round.toml")
    second.play(later["amendment"], later["comment"])
