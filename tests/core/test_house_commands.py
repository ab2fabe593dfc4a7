from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from drafting.config import Settings
from drafting.protocol.commands import COMMAND
from drafting.protocol.problems import Refusal
from drafting.queries.people import me, processes
from tests.casting import Cast, replace, tamper

NAMES = {"en": {"short": "Doria", "formal": "The Republic of Doria"}}


def held(cast: Cast, handle: str) -> list[str]:
    person = cast.person(handle)
    return cast.house.database.read(lambda tx: me(tx, person)).capacities.get(cast.process, [])


def test_a_process_is_founded_with_its_first_secretary(cast: Cast) -> None:
    made = cast.do("root", "create_process", name="Contact Group", secretary="cal").made["process"]
    person = cast.person("cal")
    shown = cast.house.database.read(lambda tx: processes(tx, person)).items
    assert {(p.id, p.name, tuple(p.capacities)) for p in shown} == {
        (cast.process, "Budapest Process", ("head:CAL",)),
        (made, "Contact Group", ("secretary",)),
    }
    assert cast.code("root", "create_process", name="Another", secretary="nobody") == "unknown"


def test_delegations_are_shown_in_the_order_of_the_table(cast: Cast) -> None:
    cast.do("sec", "admit_delegation", code="DOR", names=NAMES, order=1)
    person = cast.person("arv")
    (process,) = cast.house.database.read(lambda tx: processes(tx, person)).items
    assert [d.code for d in process.delegations] == ["ARV", "BOR", "DOR", "CAL"]
    assert process.delegations[2].names == NAMES


def test_a_code_is_admitted_once(cast: Cast) -> None:
    assert cast.code("sec", "admit_delegation", code="ARV", names=NAMES, order=1) == "already_exists"


def test_accrediting_adds_to_what_is_held_already(cast: Cast) -> None:
    first = cast.do("sec", "accredit_participant", handle="eve", name="Eve", capacities=["observer", "observer"])
    again = cast.do("sec", "accredit_participant", handle="eve", name="Other", capacities=["clerk:BOR", "observer"])
    assert first.made == again.made
    assert held(cast, "eve") == ["clerk:BOR", "observer"]
    assert cast.person("eve").name == "Eve"


@pytest.mark.parametrize(
    ("capacity", "code"),
    [
        ("head:ZZZ", "unknown"),
        ("head", "malformed"),
        ("chair:ARV", "malformed"),
        ("king", "malformed"),
        ("administrator", "not_permitted"),
    ],
)
def test_a_capacity_that_nobody_can_hold_is_refused_and_no_person_is_made(cast: Cast, capacity: str, code: str) -> None:
    said = {"handle": "eve", "name": "Eve", "capacities": ["observer", capacity]}
    assert cast.code("sec", "accredit_participant", **said) == code
    with pytest.raises(Exception, match="no participant"):
        cast.person("eve")


def test_a_withdrawn_capacity_is_gone_and_what_was_done_in_it_stands(room: Cast) -> None:
    amendment = room.table("bor", replace(room.sections[5], "States may act."))
    room.do("sec", "accredit_participant", handle="bor", name="Bor", capacities=["observer"])
    room.do("sec", "withdraw_accreditation", handle="bor", capacities=["head:BOR", "head:BOR"])
    assert held(room, "bor") == ["observer"]
    assert room.code("bor", "withdraw_amendment", amendment=amendment, capacity="head:BOR") == "capacity_not_held"
    assert [one.label for one in room.snapshot("cal").amendments] == ["BOR-1"]
    assert room.verify().findings == []


def test_whoever_holds_nothing_any_more_is_told_that_there_is_no_such_document(room: Cast) -> None:
    room.do("root", "withdraw_accreditation", handle="watch", capacities=["observer"])
    with pytest.raises(Refusal, match="no document"):
        room.reader("watch")
    room.do("sec", "accredit_participant", handle="watch", name="Watch", capacities=["translator"])
    assert room.reader("watch").capacities == ("translator",)
    assert room.verify().findings == []


def test_only_what_is_held_in_this_process_can_be_withdrawn(cast: Cast) -> None:
    other = cast.do("root", "create_process", name="Contact Group", secretary="cal").made["process"]
    assert cast.code("sec", "withdraw_accreditation", handle="bor", capacities=["head:BOR", "chair"]) == "no_change"
    assert held(cast, "bor") == ["head:BOR"]
    said = {"process": other, "capacity": "secretary", "capacities": ["head:BOR"]}
    stranger, nobody = (cast.refused("cal", "withdraw_accreditation", handle=h, **said) for h in ("bor", "nobody"))
    assert (stranger.code, nobody.code) == ("unknown", "unknown")
    assert stranger.detail.replace("bor", "nobody") == nobody.detail


def test_a_process_keeps_one_secretary_at_least(cast: Cast) -> None:
    cast.do("sec", "withdraw_accreditation", handle="root", capacities=["secretary"])
    for handle in ("sec", "root"):
        said = {"handle": "sec", "capacities": ["secretary"]}
        assert cast.code(handle, "withdraw_accreditation", **said) == "not_permitted"
    cast.do("sec", "accredit_participant", handle="eve", name="Eve", capacities=["secretary"])
    cast.do("sec", "withdraw_accreditation", handle="sec", capacities=["secretary"])
    assert held(cast, "sec") == []
    assert cast.verify().findings == []


def test_a_capacity_that_was_withdrawn_and_is_held_all_the_same_is_found(cast: Cast) -> None:
    watch = cast.person("watch").id
    cast.do("sec", "withdraw_accreditation", handle="watch", capacities=["observer"])
    row = {"p": watch, "x": cast.process}
    insert = "INSERT INTO heldcapacity (participant, process, capacity) VALUES (:p, :x, 'observer')"
    tamper(cast.house.database, insert, **row)
    assert [finding.place for finding in cast.verify().findings] == [f"{watch} observer"]


def test_a_correction_changes_what_it_gives_and_leaves_the_rest(cast: Cast) -> None:
    names = {"en": {"short": "Arvenia", "formal": "The Kingdom of Arvenia"}, "fr": {"short": "A", "formal": "L'A"}}
    cast.do("sec", "correct_delegation", code="ARV", names=names, designations={"en": "Without prejudice."})
    cast.do("sec", "correct_delegation", code="ARV", order=7)
    cast.do("sec", "correct_delegation", code="CAL", delegation_kind="bloc", members=["ARV", "BOR"])
    person = cast.person("arv")
    (process,) = cast.house.database.read(lambda tx: processes(tx, person)).items
    (bor, cal, arv) = process.delegations
    assert (arv.code, arv.kind, arv.names, arv.order) == ("ARV", "state", names, 7)
    assert arv.designations == {"en": "Without prejudice."}
    assert (bor.code, cal.kind, cal.members) == ("BOR", "bloc", ["ARV", "BOR"])
    assert cal.names == {"en": {"short": "Cal", "formal": "The Republic of Cal"}}
    assert cast.verify().findings == []
    tamper(cast.house.database, "UPDATE delegation SET protocol_order = 0 WHERE code = 'ARV'")
    assert [finding.place for finding in cast.verify().findings] == ["delegation ARV"]


def test_a_correction_that_corrects_nothing_is_refused(cast: Cast) -> None:
    assert cast.code("sec", "correct_delegation", code="ARV", order=0) == "no_change"
    assert cast.code("sec", "correct_delegation", code="ZZZ", order=0) == "unknown"
    with pytest.raises(ValidationError, match="nothing to correct"):
        cast.envelope("sec", "correct_delegation", code="ARV")


IMPORT = {"kind": "import_document", "capacity": "secretary", "process": "pr_" + "0" * 26, "symbol": "BP/T"}
SECTIONS = [{"kind": "title", "level": 0, "text": "T"}]


@pytest.mark.parametrize(
    "said",
    [
        {**IMPORT, "title": "T\x00", "sections": SECTIONS},
        {**IMPORT, "title": "T\nT", "sections": SECTIONS},
        {**IMPORT, "title": "T\ufffe", "sections": SECTIONS},
        {**IMPORT, "title": "  ", "sections": SECTIONS},
        {**IMPORT, "title": "T", "symbol": "BP\x07", "sections": SECTIONS},
        {**IMPORT, "title": "T", "symbol": "", "sections": SECTIONS},
        {**IMPORT, "title": "T", "sections": [{**SECTIONS[0], "label": "OP\x1b1"}]},
        {**IMPORT, "title": "T", "sections": []},
        {**IMPORT, "title": "T", "sections": SECTIONS, "colour": "blue"},
    ],
)
def test_what_no_document_can_print_is_malformed(said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        COMMAND.validate_python(said)


@pytest.mark.parametrize("name", ["", " ", "Rev.1\n", "Rev/1", "a\\b", "{x}", "Rev\x001", "x" * 81, " Rev.1"])
def test_a_version_name_stands_in_a_symbol_and_in_a_file_name(name: str) -> None:
    said = {"kind": "issue_version", "capacity": "chair", "document": "do_" + "0" * 26, "round": "ro_" + "0" * 26}
    COMMAND.validate_python({**said, "name": "in-session 28 Nov 14:55"})
    with pytest.raises(ValidationError):
        COMMAND.validate_python({**said, "name": name})


def test_names_are_taken_without_the_spaces_around_them(cast: Cast) -> None:
    cast.do("sec", "accredit_participant", handle="eve", name="  Eve Ó Briain ", capacities=["observer"])
    assert cast.person("eve").name == "Eve Ó Briain"


def test_the_key_of_cursors_is_made_once_kept_for_the_owner_and_never_empty(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", secret="")
    key = settings.key()
    assert len(key) == 64
    assert settings.key() == Settings(home=tmp_path / "home", secret="").key() == key
    assert [file.name for file in (tmp_path / "home").iterdir()] == ["secret"]
    assert (tmp_path / "home" / "secret").stat().st_mode & 0o777 == 0o600
    assert Settings(home=tmp_path / "other", secret="").key() != key
    assert Settings(home=tmp_path / "home", secret="told").key() == b"told"  # noqa: S106 - the test's own
