"""The founding of the demonstration: its process, the table of delegations, everybody who takes part, and the texts."""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from drafting.commands.credentials import appoint_administrator
from drafting.demo.content import content, draft
from drafting.demo.stage import Stage
from drafting.demo.wording import Item
from drafting.protocol.commands import (
    AccreditParticipant,
    AdmitDelegation,
    CreateProcess,
    DelegationName,
    FoundGroup,
    ImportDocument,
)

NAME = "Budapest Process (demonstration)"


class Text(NamedTuple):
    """A document that was taken in, and its first version."""

    document: str
    version: str


def found(stage: Stage) -> str:
    """Found the process, with the table of delegations and everybody who takes part; gives its id."""
    cast = content("delegations.toml")
    house, at = stage.house, stage.clock()
    house.database.write(lambda tx: appoint_administrator(tx, "secretariat", "Lucie Moreau", at, house.mint)).result()
    founding = CreateProcess(capacity="administrator", name=NAME, secretary="secretariat")
    process = stage.send("secretariat", founding)("process")
    for row in cast["delegation"]:
        stage.send("secretariat", _admission(process, row, "state"))
    for row in cast["bloc"]:
        stage.send("secretariat", _admission(process, row, "bloc"))
    for row in cast["participant"]:
        accredit(stage, process, row)
    stage.settle()
    return process


def _admission(process: str, row: Item, kind: str) -> AdmitDelegation:
    return AdmitDelegation(
        capacity="secretary",
        process=process,
        code=row["code"],
        delegation_kind=kind,
        names={x: DelegationName(short=row["short"][x], formal=row["formal"][x]) for x in row["short"]},
        members=row.get("members", []),
        order=row["order"],
    )


def accredit(stage: Stage, process: str, row: Item) -> None:
    """Let a person act."""
    named = {key: row[key] for key in ("handle", "name", "capacities")}
    stage.send("secretariat", AccreditParticipant(capacity="secretary", process=process, **named))


class Paper(NamedTuple):
    """A text to be taken in: its file, its symbol, what its first version is called.

    ``corrected`` says which labels the importer did not read as a person would, and what they should be.
    """

    file: str
    symbol: str
    version: str
    unnamed: bool = False
    corrected: Mapping[str, str] = {}


def take_in(stage: Stage, process: str, paper: Paper) -> Text:
    """Import one of the demonstration's texts."""
    read = draft(paper.file)
    command = ImportDocument(
        capacity="secretary",
        process=process,
        title=read.title,
        symbol=paper.symbol,
        language=read.language,
        version_name=paper.version,
        unnamed=paper.unnamed,
        sections=[x.model_copy(update={"label": paper.corrected.get(x.label, x.label)}) for x in read.sections],
    )
    stage.clock.move(timedelta(minutes=5))
    made = stage.send("secretariat", command)
    return Text(made("document"), made("version"))


def found_group(stage: Stage, process: str, document: str, row: Item) -> None:
    """Found a closed group, and accredit who leads it."""
    named = {key: row[key] for key in ("code", "name", "members")}
    stage.send("chair", FoundGroup(capacity="chair", document=document, **named))
    accredit(stage, process, row["facilitator"])
    stage.settle()
