from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from drafting.config import Settings
from drafting.protocol.commands import COMMAND
from drafting.queries.people import me, processes
from tests.casting import Cast

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
        ("head:XXX", "unknown"),
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
