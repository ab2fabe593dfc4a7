"""Accounts, the table of people, backups: what whoever hosts the service does at the command line."""

import json
from pathlib import Path

import pytest

from drafting.commands.passwords import kept_of, verified
from drafting.config import Settings
from drafting.house import House
from drafting.queries.people import admitted_by
from tests.cli.conftest import Run

GOOD = "a long enough password"
TABLE = """code,order,name_en,formal_en,handle,name,capacities
ARV,1,Arvenia,Republic of Arvenia,,,
,,,,arv,Arv,head:ARV
,,,,bor,Bor,head:BOR
"""


@pytest.fixture
def settled(run: Run) -> Run:
    """A process with its secretary."""
    assert run("administrator", "sec", "--name", "Secretary").status == 0
    command = {"kind": "create_process", "capacity": "administrator", "name": "Process", "secretary": "sec"}
    assert run("do", json.dumps(command), "--as", "sec").status == 0
    return run


def lets_in(kind: str, secret: str) -> bool:
    house = House(Settings())
    try:
        return house.database.read(lambda tx: admitted_by(tx, kind, secret, house.now())) is not None
    finally:
        house.close()


def kept(handle: str) -> str:
    house = House(Settings())
    try:
        return house.database.read(lambda tx: kept_of(tx, handle))[1]
    finally:
        house.close()


def test_a_password_is_set_from_standard_input_and_not_repeated(settled: Run) -> None:
    done = settled("password", "sec", "--stdin", given=f"{GOOD}\nanother line\n")
    assert done.out == "sec has a new password; every session has ended.\n"
    assert verified(kept("sec"), GOOD)
    assert GOOD not in kept("sec")
    assert settled("password", "sec", "--stdin", "--json", given=f"{GOOD}!\r\n").told == {"handle": "sec"}
    assert verified(kept("sec"), f"{GOOD}!")


def test_a_password_that_is_too_short_or_of_nobody_is_refused(settled: Run) -> None:
    short = settled("password", "sec", "--stdin", given="elevenchars\n")
    assert (short.status, short.out) == (2, "")
    assert "elevenchars" not in short.err
    assert kept("sec") == ""
    assert settled("password", "nobody", "--stdin", given=f"{GOOD}\n").status == 1


def test_a_password_is_asked_for_twice(settled: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter([GOOD, GOOD, GOOD, "something else"])

    def prompt(_text: str, *, hide_input: bool, err: bool) -> str:
        assert (hide_input, err) == (True, True)
        return next(typed)

    monkeypatch.setattr("typer.prompt", prompt)
    assert settled("password", "sec").status == 0
    assert verified(kept("sec"), GOOD)
    assert settled("password", "sec").status == 2


def test_tokens_are_labelled_last_as_long_as_said_and_are_revoked_by_label(settled: Run) -> None:
    script = settled("token", "sec", "--label", "script", "--days", "2").out.strip()
    other = settled("token", "sec", "--json").told["token"]
    assert settled("revoke", "sec", "--label", "script", "--json").told == {"revoked": 1}
    assert (lets_in("token", script), lets_in("token", other)) == (False, True)
    assert settled("token", "sec", "--days", "0").status == 2


def test_everything_is_revoked_and_the_password_only_if_that_is_said(settled: Run) -> None:
    settled("password", "sec", "--stdin", given=f"{GOOD}\n")
    token = settled("token", "sec").out.strip()
    link = settled("sign-in", "sec").out.strip().partition("#sign-in=")[2]
    ticket = settled("ticket", "sec").out.strip()
    assert settled("revoke", "sec").out == "4 revoked.\n"  # a ticket comes with what it may be revoked by
    assert not any(lets_in(*shown) for shown in (("token", token), ("sign_in", link), ("ticket", ticket)))
    assert verified(kept("sec"), GOOD)
    assert settled("revoke", "sec", "--all").status == 0
    assert kept("sec") == ""
    assert settled("revoke", "nobody").status == 1
    assert settled("revoke", "sec", "--all", "--label", "x").status == 2


def test_a_table_is_checked_taken_and_taken_again(settled: Run, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(TABLE, encoding="utf-8")
    checked = settled("people", "table.csv", "--as", "sec", "--check")
    assert checked.status == 1
    assert checked.out.splitlines() == [
        "2: ARV: ready, admit delegation",
        "3: arv: ready, accredit participant",
        "4: bor: refused, The process has no delegation BOR; admit it first. (unknown)",
    ]
    assert settled("token", "arv").status == 1
    taken = settled("people", "table.csv", "--as", "sec", "--json")
    assert taken.status == 1
    assert [line["outcome"] for line in json.loads(taken.out)["lines"]] == ["taken", "taken", "refused"]
    (tmp_path / "table.csv").write_text(TABLE + "BOR,2,Borland,Republic of Borland,,,\n", encoding="utf-8")
    again = settled("people", "table.csv", "--as", "sec", "--process", "Process")
    assert (again.status, again.out.splitlines()) == (
        0,
        [
            "2: ARV: unchanged",
            "3: arv: unchanged",
            "4: bor: taken, accredit participant",
            "5: BOR: taken, admit delegation",
        ],
    )
    assert settled("verify").status == 0


def test_who_may_not_keep_the_table_is_refused(settled: Run, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(TABLE, encoding="utf-8")
    settled("people", "table.csv", "--as", "sec")
    done = settled("people", "table.csv", "--as", "arv")
    assert (done.status, done.out) == (1, "")
    assert done.err == "You do not act as secretary here; you are head:ARV. (capacity_not_held)\n"


def test_a_backup_is_put_back_where_nothing_is_and_verified(
    settled: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = settled("backup", "copy", "--json").told
    assert done == {"file": "copy", "bytes": (tmp_path / "copy").stat().st_size}
    refused = settled("restore", "copy")
    assert refused.err == "The database is not empty; --force replaces what is in it. (already_exists)\n"
    assert settled("restore", "copy", "--force").out == "1 events in 1 streams, 0 versions: all is well.\n"
    monkeypatch.setenv("DRAFTING_HOME", str(tmp_path / "elsewhere"))
    assert settled("restore", "copy", "--json").told["findings"] == []
    assert settled("token", "sec").status == 0


def test_a_backup_that_was_tampered_with_is_found_when_it_is_put_back(
    settled: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled("backup", "copy")
    content = (tmp_path / "copy").read_bytes()
    assert content.count(b"process_created") >= 1
    (tmp_path / "copy").write_bytes(content.replace(b'"name":"Process"', b'"name":"Protest"'))
    monkeypatch.setenv("DRAFTING_HOME", str(tmp_path / "elsewhere"))
    done = settled("restore", "copy")
    assert done.status == 1
    assert "finding(s)" in done.out


def test_what_is_no_backup_and_what_is_in_use_is_refused_in_words(settled: Run, tmp_path: Path) -> None:
    (tmp_path / "diary").write_text("Dear diary,")
    assert settled("restore", "diary", "--force").err.endswith(
        " is no backup of a database of this kind. (malformed)\n"
    )
    assert settled("restore", "nothing").status == 2
    settled("backup", "copy")
    house = House(Settings())
    house.database.read(lambda tx: kept_of(tx, "sec"))
    try:
        assert settled("restore", "copy", "--force").err == "The database is in use: stop the service first. (busy)\n"
    finally:
        house.close()
