import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import audiences, negotiation
from bench.fullround import RARE, FullRound
from bench.stage import Stage, staged
from drafting.queries.amendments import amendments_for, decisions_for
from drafting.queries.discussion import comments_for, positions_for
from drafting.queries.people import Person
from drafting.queries.searching import search

READ = [
    "snapshot, a delegate",
    "snapshot, the desk",
    "compilation, a delegate",
    "literal, a delegate",
    "desk",
    "amendments, the first page",
    "comments, the first page",
    "carried, a delegate",
    "standing, a delegate",
    "tallies, the desk",
    "search for a rare word, a delegate",
]


@pytest.fixture
def full(tmp_path: Path) -> Iterator[FullRound]:
    with staged(tmp_path) as stage:
        full = FullRound(stage, stage.table(4))
        full.tabled(12)
        yield full


def states(stage: Stage, full: FullRound) -> list[str]:
    who = stage.reader(full.table, stage.secretary)
    return [one.state for one in stage.house.database.read(lambda tx: amendments_for(tx, who, decisions_for(tx, who)))]


def test_a_round_is_filled_with_what_is_asked_for_and_said_to_all_audiences(full: FullRound) -> None:
    said, taken = full.discussed(16), full.positioned(240)
    assert (said.commands, taken.commands) == (16, 240)
    assert said.stored > 0
    stage = full.stage

    def seen(person: Person) -> tuple[int, int]:
        who = stage.reader(full.table, person)
        return stage.house.database.read(lambda tx: (len(comments_for(tx, who)), len(positions_for(tx, who))))

    # Of eight comments five are for all, two are internal, of the delegations 3 and 6, and one the secretariat's too.
    # A quarter of the positions is for all; chair, secretariat and nobody else are told of a quarter each.
    assert seen(stage.secretary) == (12, 120)
    assert seen(stage.head(3)) == (11, 63)


def test_one_comment_in_a_hundred_says_the_rare_word(full: FullRound) -> None:
    full.discussed(201)
    who = full.stage.reader(full.table, full.stage.secretary)
    hits = full.stage.house.database.read(lambda tx: search(tx, who, RARE))
    assert [hit.where for hit in hits] == ["comment"] * 3


def test_a_round_is_decided_and_what_was_parked_waits_in_the_next(full: FullRound) -> None:
    stage = full.stage
    sections = full.waiting()
    assert sum(len(section.waiting) for section in sections) == 12
    for number, section in enumerate(sections[:3]):
        stage.house.take(stage.secretary, full.decision(number, section))
    parked = set(sections[2].waiting)
    full.issued()
    assert states(stage, full).count("tabled") == 0
    assert {id_ for section in full.waiting() for id_ in section.waiting} == parked


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_negotiation_is_measured_on_either_database(database: str) -> None:
    size = negotiation.Size(3, 6, 4, 4, repeats=1, commands=1, decisions=3, databases=(database,))
    read = [json.loads(result.line()) for result in negotiation.run(size)]
    cases = [line["case"].removeprefix(f"{database}, ") for line in read]
    assert cases[:2] == ["filling with 6 amendments, all in flight", "database growth for each amendment"]
    for which in ("full", "decided", "second"):
        assert [case for case in cases if case.startswith(which)] == [f"{which} round, {case}" for case in READ]
    for told in (
        "table_amendment",
        "post_comment",
        "decide_section, none taken before",
        "decide_section, 2 taken before",
    ):
        assert [line["unit"] for line in read if f", {told}, " in line["case"]] == ["commands/s", "ms", "ms"]
    assert all(line["versions"] and isinstance(line["value"], float) for line in read)


def test_an_event_of_each_audience_reaches_those_who_may_have_it_and_nobody_else() -> None:
    measured = list(audiences.run(audiences.Size(subscribers=40, blocks=1, rounds=2)))
    others = [result for result in measured if result.unit == "sockets"]
    # Forty: 28 of delegations (28 of the sixty, each once), eight observers; secretary, note-taker, chair, facilitator.
    # The first ten are D00 to D06, of whom five are in the group.
    assert [result.case for result in others] == [
        "one event for all: 40 of 40 sockets, others who had it",
        "one event for its own delegation: 1 of 40 sockets, others who had it",
        "one event for the secretariat: 3 of 40 sockets, others who had it",
        "one event for the desk: 3 of 40 sockets, others who had it",
        "one event for a closed group: 6 of 40 sockets, others who had it",
    ]
    assert [result.value for result in others] == [0] * 5
    assert [result.unit for result in measured] == ["sockets", "ms", "ms", "ms", "µs"] * 5
