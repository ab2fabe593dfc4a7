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
from drafting.demo.founding import Text, found, take_in
from drafting.demo.round import Round
from drafting.demo.stage import Clock, Stage, seeded
from drafting.house import House
from drafting.protocol.commands import CloseRound, OpenRound
from storage.ids import Mint
from storage.tables import Process

DAYS_BEFORE = 60
ROUND_1, ROUND_2, OPEN_FOR = timedelta(days=2), timedelta(days=16), timedelta(days=30)
DEADLINE, CLOSING = timedelta(days=5), timedelta(days=6)
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
        call = take_in(stage, process, "call_for_action.md", "BP/CfA", "Zero draft")
        _call_for_action(stage, process, call)
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


def _call_for_action(stage: Stage, process: str, call: Text) -> None:
    """Play rounds 1 and 2 to Rev.2, and let the third begin."""
    stage.clock.move(ROUND_1)
    first = opened(stage, call, "First preparatory meeting", DEADLINE)
    first.play(content("amendments.toml") | content("comments.toml"))
    closed(first)
    call = call._replace(version=consolidate(first, content("amendments.toml")["amendment"], "Rev.1"))
    stage.clock.to(stage.clock.start + ROUND_2)
    second = opened(stage, call, "Second preparatory meeting", DEADLINE)
    said = content("second_round.toml")
    second.play(said)
    closed(second)
    call = call._replace(version=consolidate(second, said["amendment"], "Rev.2"))
