"""Plays the demonstration, through the executor like any other user.

Given the day on which it is played, it is the same each time: times come from the files, ids from seeded sources. The
meetings of the Budapest Process that its rounds are named after have their own dates in their names; what is done in
them is done in the weeks before that day, so that the last round can still be open.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import func, select

from drafting.config import Settings
from drafting.demo.content import content
from drafting.demo.desk import consolidate
from drafting.demo.founding import Paper, Text, found, found_group, take_in
from drafting.demo.round import Round
from drafting.demo.stage import Clock, Stage, seeded
from drafting.demo.stock import put_together, scheduled
from drafting.demo.working import open_drafts
from drafting.house import House
from drafting.protocol.commands import CloseRound, OpenRound
from storage.ids import Mint
from storage.tables import Process

DAYS_BEFORE = 60
ROUND_1, ROUND_2, ROUND_3, EXPERTS, WRITTEN = (timedelta(days=days) for days in (2, 16, 40, 48, 51))
DEADLINE, CLOSING, OPEN_FOR, WRITTEN_FOR = (timedelta(days=days) for days in (5, 6, 50, 8))
PAPERS = (
    Paper("calendar.md", "BP/CAL", "Calendar"),
    Paper("call_for_action_ar.md", "BP/CfA/AR", "Zero draft, some paragraphs"),
    Paper("call_for_action_ru.md", "BP/CfA/RU", "Zero draft, some paragraphs"),
    Paper("elements.md", "BP/CfA/IP", "Elements", unnamed=True),
    Paper(
        "memorandum.md",
        "BP/MoU",
        "First draft",
        corrected={"1 alt 2": "9(1) alt 2", "1 alt 3": "9(1) alt 3"},
    ),
    Paper("call_for_action.md", "BP/CfA", "Zero draft"),
)
"""What is taken in, in this order: the newest stands first in lists."""
_SEED = 2017


def play(settings: Settings, today: datetime | None = None) -> bool:
    """Play into the database if it has no process yet; tells whether it did. ``today`` defaults to this morning."""
    morning = (today or datetime.now(UTC)).replace(hour=8, minute=0, second=0, microsecond=0)
    clock = Clock(morning - timedelta(days=DAYS_BEFORE))
    with _opened(settings, clock, seeded(_SEED)) as house:
        if house.database.read(lambda tx: tx.session.exec(select(func.count()).select_from(Process)).one()):
            return False
        stage = Stage(house, clock, seeded(_SEED + 1))
        process = found(stage)
        *_, elements, memorandum, call = [take_in(stage, process, paper) for paper in PAPERS]
        call = _call_for_action(stage, call)
        _third_round(stage, process, call)
        _elements(stage, elements)
        _memorandum(stage, memorandum)
        stage.settle()
        return True


@contextmanager
def _opened(settings: Settings, clock: Clock, mint: Mint) -> Iterator[House]:
    house = House(settings, clock, mint)
    try:
        yield house
    finally:
        house.close()


def opened(stage: Stage, text: Text, name: str, deadline: timedelta, **said: Any) -> Round:
    """Open a round on the text."""
    command = OpenRound(
        capacity="secretary",
        document=text.document,
        base=text.version,
        name=name,
        deadline=stage.clock.at + deadline,
        **said,
    )
    return Round(stage, *text, stage.send("secretariat", command)("round"))


def closed(at: Round) -> None:
    """Close the round on the day after its deadline."""
    at.stage.clock.to(at.opened + CLOSING)
    at.stage.send("secretariat", CloseRound(capacity="secretary", document=at.document, round=at.round))


def _call_for_action(stage: Stage, call: Text) -> Text:
    """Play rounds 1 and 2; gives the text as it stands in Rev.2."""
    stage.clock.to(stage.clock.start + ROUND_1)
    first = opened(stage, call, "First preparatory meeting, Istanbul, 27 and 28 November 2017", DEADLINE)
    first.play(content("amendments.toml") | content("comments.toml"))
    closed(first)
    call = call._replace(version=consolidate(first, content("amendments.toml")["amendment"], "Rev.1"))
    stage.clock.to(stage.clock.start + ROUND_2)
    second = opened(stage, call, "Second preparatory meeting, March 2018", DEADLINE)
    said = content("second_round.toml")
    second.play(said)
    closed(second)
    return call._replace(version=consolidate(second, said["amendment"], "Rev.2"))


def _third_round(stage: Stage, process: str, call: Text) -> None:
    """Let the third round begin on Rev.2: it stays open, with its amendments waiting at the desk."""
    stage.clock.to(stage.clock.start + ROUND_3)
    third = opened(stage, call, "Third preparatory meeting, June 2018", OPEN_FOR)
    said = content("third_round.toml")
    found_group(stage, process, call.document, said["group"])
    written = said["amendment"] + content("third_round_more.toml")["amendment"]
    codes = [row["code"] for row in content("delegations.toml")["delegation"]]
    known = [*written, *said["draft"]]
    made = put_together(said["put_together"], content("stock.toml")["change"], codes, third.text.lines, known)
    said["amendment"] = [*scheduled(written, made), *said["draft"]]
    third.play(said | content("third_round_said.toml"))
    open_drafts(third, content("working.toml")["draft"])


def _elements(stage: Stage, text: Text) -> None:
    """Let experts speak without names; the round is open."""
    stage.clock.to(stage.clock.start + EXPERTS)
    opened(stage, text, "Expert level consultation, September 2018", OPEN_FOR).play(content("elements.toml"))


def _memorandum(stage: Stage, text: Text) -> None:
    """Let the six Parties write, each for itself, until after the deadline; nothing is circulated."""
    stage.clock.to(stage.clock.start + WRITTEN)
    name = "Written procedure before the drafting round in Tehran, 6 and 7 March 2017"
    opened(stage, text, name, WRITTEN_FOR, mode="held", procedure="written").play(content("memorandum.toml"))
