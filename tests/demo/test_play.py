"""The demonstration plays through the executor, the same each time, and ends where the files say."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

from sqlmodel import select

from drafting.config import Settings
from drafting.demo.play import play
from drafting.demo.welcome import welcome
from drafting.house import House
from drafting.queries.compare import comparison
from drafting.queries.people import person_by_handle, reader
from drafting.queries.verify import verify
from storage.tables import Version
from tests.demo.played import DAY, Played


def test_two_rounds_are_consolidated_and_the_third_is_open_on_rev_2(played: Played) -> None:
    seen = played.seen_by("arv")
    assert [(version.name, version.symbol, version.standing) for version in seen.versions] == [
        ("Zero draft", "BP/CfA", "basis"),
        ("Rev.1", "BP/CfA/Rev.1", "basis"),
        ("In-session 15.40", "BP/CfA/In-session 15.40", "in_session"),
        ("Rev.2", "BP/CfA/Rev.2", "basis"),
    ]
    assert [(r.name, r.state) for r in seen.rounds] == [
        ("First preparatory meeting, Istanbul, 27 and 28 November 2017", "consolidated"),
        ("Second preparatory meeting, March 2018", "consolidated"),
        ("Third preparatory meeting, June 2018", "open"),
    ]
    assert seen.rounds[2].base == seen.versions[3].id
    assert seen.rounds[2].deadline > DAY


def test_everything_lies_in_the_past_of_the_day_on_which_it_is_played(played: Played) -> None:
    for symbol in played.ids:
        seen = played.seen_by("secretariat", symbol)
        times = [revision.at for amendment in seen.amendments for revision in amendment.revisions]
        times += [said.at for said in (*seen.comments, *seen.positions)]
        assert all(at < DAY for at in times)


def test_six_documents_stand_in_the_room_the_call_for_action_first(played: Played) -> None:
    assert list(played.ids) == ["BP/CfA", "BP/MoU", "BP/CfA/IP", "BP/CfA/RU", "BP/CfA/AR", "BP/CAL"]
    for symbol in played.ids:
        texts = [section.text for section in played.seen_by("observer", symbol).sections]
        marked = ("Demonstration text: ", "Демонстрационный текст: ", "نص للعرض: ")
        assert any(text.startswith(marked) for text in texts), symbol


def test_all_forty_amendments_of_the_first_round_are_accounted_for(played: Played) -> None:
    account = played.issued("Rev.1").account
    assert len(account) == 40
    assert sum(line.outcome == "withdrawn" for line in account) == 2
    assert all(line.decisions for line in account if line.outcome != "withdrawn")


def test_all_twenty_two_amendments_of_the_second_round_are_accounted_for(played: Played) -> None:
    assert {line.label: line.outcome for line in played.issued("Rev.2").account} == {
        "ARV-5": "parked",
        "BOR-5": "parked",
        "CAL-5": "parked",
        "DUM-4": "incorporated",
        "ELD-4": "incorporated",
        "FEN-4": "in_part",
        "GAV-4": "not_retained",
        "HES-4": "incorporated",
        "ILM-5": "in_part",
        "KEL-5": "incorporated",
        "NOV-1": "bracketed",
        "MER-1": "parked",
        "OST-1": "alternative",
        "SYL-1": "withdrawn",
        "TAV-1": "incorporated",
        "TOL-1": "incorporated",
        "XAN-1": "bracketed",
        "NC-1": "incorporated",
        "WEL-1": "incorporated",
        "YSA-1": "bracketed",
        "PEL-1": "not_admitted",
        "RAV-1": "incorporated",
    }


def test_a_hundred_and_forty_amendments_of_the_third_round_wait_at_the_desk(played: Played) -> None:
    ours = played.in_the_last_round()
    assert Counter(amendment.state for amendment in ours) == {"tabled": 140, "withdrawn": 2, "superseded": 1}
    waiting = {amendment for section in played.desk().sections for amendment in section.waiting}
    tabled = {amendment.id for amendment in ours if amendment.state == "tabled"}
    assert tabled <= waiting
    labels = {amendment.id: amendment.label for amendment in played.seen_by("secretariat").amendments}
    assert {labels[parked] for parked in waiting - tabled} == {"ARV-5", "BOR-5", "CAL-5", "MER-1"}


def test_all_thirty_six_delegations_a_bloc_and_a_closed_group_have_proposals(played: Played) -> None:
    counts = Counter(amendment.delegation for amendment in played.in_the_last_round())
    assert len(counts) == 38
    assert counts.pop("NC") == counts.pop("CG1") == 1
    assert set(counts.values()) == {3, 4}


def test_the_amendments_of_the_third_round_are_on_ninety_paragraphs_and_say_many_things(played: Played) -> None:
    ours = played.in_the_last_round()
    assert len({section for amendment in ours for section in amendment.touches}) >= 90
    assert len({amendment.revision.rationale for amendment in ours}) >= 120
    proposed = Counter(
        tuple(edit.model_dump_json(exclude={"section"} if edit.op == "add" else set()) for edit in one.revision.edits)
        for one in ours
    )
    assert sorted(count for count in proposed.values() if count > 1) == [2, 2, 2]  # identical ones, written so


def test_every_change_of_the_issued_versions_names_the_amendment_that_caused_it(played: Played) -> None:
    seen = played.seen_by("observer")
    basis = [version.id for version in seen.versions if version.standing == "basis"]
    for before, after in pairwise(basis):
        with played.house.database.reading() as tx:
            who = reader(tx, person_by_handle(tx, "observer"), seen.document.id)
            compared = comparison(tx, who, before, after)
        changed = [change for change in compared.changes if change.kinds]
        assert len(changed) >= 15
        # The paragraph that the desk itself makes of an alternative is not traced yet.
        assert {change.new.label for change in changed if change.new and not change.causes} == set()
        assert all(cause.amendments for change in changed for cause in change.causes)


def test_the_log_of_the_demonstration_is_whole(played: Played) -> None:
    found = played.house.database.read(lambda tx: verify(tx, played.house.cursors))
    assert found.findings == []
    assert found.versions == 10


def test_it_plays_the_same_each_time_and_only_into_an_empty_database(played: Played, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, secret="another one")  # noqa: S106 - cursors must not matter
    assert play(settings, DAY)
    assert not play(settings, DAY)
    again = Played(House(settings))
    assert again.ids == played.ids
    for symbol in played.ids:
        for handle in ("secretariat", "arv", "lor2"):
            first, second = played.seen_by(handle, symbol), again.seen_by(handle, symbol)
            assert first.model_copy(update={"cursor": ""}) == second.model_copy(update={"cursor": ""})
    assert hashes(again.house) == hashes(played.house)
    again.house.close()


def hashes(house: House) -> list[tuple[str, str]]:
    """The hash of each version, which covers the heads of the log that stood before it."""
    with house.database.reading() as tx:
        return [(row.id, row.hash) for row in tx.session.exec(select(Version)).all()]


def test_it_takes_less_than_twenty_seconds_of_a_processor(played: Played) -> None:
    assert played.seconds < 20


def test_the_welcome_has_a_link_that_signs_each_persona_in(played: Played) -> None:
    text = welcome(played.house.settings)
    assert text.count("/#sign-in=") == 7
