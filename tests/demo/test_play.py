"""The demonstration plays through the executor, the same each time, and ends where the file says."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from drafting.config import Settings
from drafting.demo.play import play
from drafting.demo.welcome import welcome
from drafting.house import House
from drafting.protocol.views import Snapshot
from drafting.queries.compare import comparison
from drafting.queries.compilation import compilation
from drafting.queries.documents import documents, snapshot
from drafting.queries.people import person_by_handle, reader
from drafting.queries.verify import verify
from drafting.queries.versions import issued

DAY = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = Settings(home=tmp_path_factory.mktemp("demo"))
    assert play(settings, DAY)
    house = House(settings)
    yield house
    house.close()


def seen_by(house: House, handle: str) -> Snapshot:
    with house.database.reading() as tx:
        person = person_by_handle(tx, handle)
        (document,) = documents(tx, person)
        return snapshot(tx, reader(tx, person, document.id), house.cursors)


def test_the_first_round_is_consolidated_to_rev_1_and_the_second_is_open(house: House) -> None:
    seen = seen_by(house, "arv")
    assert [(version.name, version.symbol) for version in seen.versions] == [
        ("Zero draft", "BP/CfA"),
        ("Rev.1", "BP/CfA/Rev.1"),
    ]
    assert [(r.name, r.state) for r in seen.rounds] == [
        ("First preparatory meeting", "consolidated"),
        ("Second preparatory meeting", "open"),
    ]
    assert seen.rounds[1].deadline > DAY


def test_all_forty_amendments_of_the_first_round_are_accounted_for(house: House) -> None:
    seen = seen_by(house, "arv")
    with house.database.reading() as tx:
        who = reader(tx, person_by_handle(tx, "arv"), seen.document.id)
        account = issued(tx, who, seen.versions[1].id).account
    assert len(account) == 40
    assert sum(line.outcome == "withdrawn" for line in account) == 2
    assert all(line.decisions for line in account if line.outcome != "withdrawn")


def test_the_second_round_has_competing_agreeing_and_independent_proposals(house: House) -> None:
    seen = seen_by(house, "arv")
    with house.database.reading() as tx:
        shown = compilation(tx, reader(tx, person_by_handle(tx, "arv"), seen.document.id), None)
    assert len(shown.amendments) == 10
    passages = {s.section.label: [p for p in s.pieces if not isinstance(p, str)] for s in shown.sections}
    assert [sorted(w.delegations) for p in passages["OP13"] for w in p.wordings] == [
        ["ARV"],
        ["BOR", "CAL"],  # both say 40,000 here; Borhaven adds the steps further on
        ["BOR"],
    ]
    assert {tuple(w.delegations) for p in passages["OP31"] for w in p.wordings} == {("DUM", "ELD")}


def test_every_change_of_rev_1_names_the_amendment_that_caused_it(house: House) -> None:
    seen = seen_by(house, "observer")
    with house.database.reading() as tx:
        who = reader(tx, person_by_handle(tx, "observer"), seen.document.id)
        compared = comparison(tx, who, seen.versions[0].id, seen.versions[1].id)
    changed = [change for change in compared.changes if change.kinds]
    assert len(changed) > 20
    assert all(cause.amendments for change in changed for cause in change.causes)
    assert all(change.causes for change in changed)


def test_what_a_delegation_says_among_itself_is_for_itself(house: House) -> None:
    private = "Annual steps could be acceptable"
    assert any(private in comment.body for comment in seen_by(house, "arv").comments)
    for other in ("bor", "secretariat", "chair", "observer"):
        assert not any(private in comment.body for comment in seen_by(house, other).comments)


def test_the_log_of_the_demonstration_is_whole(house: House) -> None:
    found = house.database.read(lambda tx: verify(tx, house.cursors))
    assert found.findings == []
    assert found.versions == 2


def test_it_plays_the_same_each_time_and_only_into_an_empty_database(house: House, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, secret="another one")  # noqa: S106 - cursors must not matter
    assert play(settings, DAY)
    assert not play(settings, DAY)
    again = House(settings)
    for handle in ("secretariat", "arv"):
        first, second = seen_by(house, handle), seen_by(again, handle)
        assert first.model_copy(update={"cursor": ""}) == second.model_copy(update={"cursor": ""})
    again.close()


def test_the_welcome_has_a_link_that_signs_each_persona_in(house: House) -> None:
    text = welcome(house.settings)
    assert text.count("/#sign-in=") == 7
