"""The secretariat's table as a CSV file, over HTTP: each line is a command, and the answer says what became of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func
from sqlmodel import select

from drafting.protocol.commands import CreateProcess
from drafting.queries import secretariat_table
from drafting.queries.verify import verify
from storage.tables import Event
from tests.http.hosting import Room, hosted

TABLE = """code,kind,order,members,name_en,formal_en,designation_en,name_ru,formal_ru,handle,name,capacities
DOR,,3,,Doria,Republic of Doria,,Дория,Республика Дория,,,
EUN,organisation,4,,Elbonia,Union of Elbonia,"*Without prejudice, as ever.",,,,,
BLC,bloc,9,DOR EUN,Bloc,The Bloc,,,,,,
,,,,,,,,,dora,"Doria, Dora",head:DOR clerk:DOR
,,,,,,,,,tess,Tess,translator
"""


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with hosted(tmp_path_factory.mktemp("own")) as room:
        yield room


def send(room: Room, content: str | bytes, handle: str = "sec", **query: str) -> tuple[int, dict[str, Any]]:
    with room.client(handle) as client:
        path = f"/api/v1/processes/{query.pop('process', room.process)}/people"
        headers = {"Content-Type": "text/csv"}
        answer = client.post(
            path, content=content.encode() if isinstance(content, str) else content, params=query, headers=headers
        )
    said: dict[str, Any] = answer.json()
    return answer.status_code, said


def lines(said: dict[str, Any]) -> list[tuple[int, str, str, str | None]]:
    return [(line["line"], line["subject"], line["outcome"], line["command"]) for line in said["lines"]]


def delegations(room: Room) -> dict[str, dict[str, Any]]:
    with room.client("sec") as client:
        (process,) = client.get("/api/v1/processes").json()["items"]
    return {delegation["code"]: delegation for delegation in process["delegations"]}


def count(room: Room) -> int:
    return room.house.database.read(lambda tx: tx.session.exec(select(func.count()).select_from(Event)).one())


NEW = [
    (2, "DOR", "admit_delegation"),
    (3, "EUN", "admit_delegation"),
    (4, "BLC", "admit_delegation"),
    (5, "dora", "accredit_participant"),
    (6, "tess", "accredit_participant"),
]


def test_each_line_is_a_command_and_the_same_file_again_changes_nothing(own: Room) -> None:
    status, said = send(own, TABLE)
    assert (status, said["checked"]) == (200, False)
    assert lines(said) == [(line, subject, "taken", command) for line, subject, command in NEW]
    entered = delegations(own)
    assert entered["DOR"]["names"] == {
        "en": {"short": "Doria", "formal": "Republic of Doria"},
        "ru": {"short": "Дория", "formal": "Республика Дория"},
    }
    assert (entered["DOR"]["kind"], entered["EUN"]["kind"]) == ("state", "organisation")
    assert entered["EUN"]["designations"] == {"en": "*Without prejudice, as ever."}
    assert (entered["BLC"]["members"], entered["BLC"]["order"]) == (["DOR", "EUN"], 9)
    with own.client("dora") as client:
        me = client.get("/api/v1/me").json()
    assert (me["name"], me["capacities"][own.process]) == ("Doria, Dora", ["clerk:DOR", "head:DOR"])
    before = count(own)
    status, said = send(own, TABLE)
    assert lines(said) == [(line, subject, "unchanged", None) for line, subject, _ in NEW]
    assert count(own) == before
    assert own.house.database.read(lambda tx: verify(tx, own.house.cursors)).findings == []


def test_a_check_says_what_would_become_of_each_line_and_takes_nothing(own: Room) -> None:
    before = count(own), delegations(own)
    bad = TABLE + ",,,,,,,,,eve,Eve,head:ZZZ\n"
    status, said = send(own, bad, check="true")
    assert (status, said["checked"]) == (200, True)
    # Dora can be accredited only since Doria would be admitted by then.
    assert lines(said)[:5] == [(line, subject, "ready", command) for line, subject, command in NEW]
    assert said["lines"][5]["code"] == "unknown"
    assert "ZZZ" in said["lines"][5]["detail"]
    assert (count(own), delegations(own)) == before
    with pytest.raises(Exception, match="no participant"):
        own.person("dora")
    # The house goes on as if nothing had been.
    assert own.comment("arv", "After the check").made


def test_lines_that_are_refused_are_named_and_the_others_are_taken_once(own: Room) -> None:
    table = """handle,name,capacities,code,order,name_en,formal_en
one,One,observer,,,,
Two,Two,observer,,,,
three,Three,emperor,,,,
four,,observer,,,,
five,Five,head:FIV,,,,
six,Six,administrator,,,,
seven,Seven,observer,SEV,,,
,,,FIV,5,Fivia,Republic of Fivia
,,,FIV,6,Fivia,Republic of Fivia
,,,six,6,Sixia,Republic of Sixia
,,,NIN,soon,Ninia,Republic of Ninia
,,,TEN,10,Tenia,
,,,ARV,1,Arvenia,Kingdom of Arvenia,one more
,,observer,,,,
eight,Eight,,,,,
"""
    status, said = send(own, table)
    assert status == 200
    told = {line["line"]: (line["outcome"], line["code"], line["detail"]) for line in said["lines"]}
    taken = {line: outcome for line, (outcome, _, _) in told.items() if outcome != "refused"}
    assert taken == {2: "taken", 6: "taken", 9: "taken"}
    codes = {line: code for line, (_, code, _) in told.items() if code}
    assert codes == {
        **dict.fromkeys((3, 4, 5, 8, 10, 11, 12, 13, 14, 15, 16), "malformed"),
        7: "not_permitted",
    }
    assert "line already: 9" in told[10][2]
    assert "more cells" in told[14][2]
    assert "formal" in told[13][2]
    again = send(own, table)[1]
    assert {line["line"]: line["outcome"] for line in again["lines"]} == {
        line: "unchanged" if line in taken else "refused" for line in told
    }


def test_a_line_corrects_what_it_says_and_empty_cells_change_nothing(own: Room) -> None:
    table = (
        "code,name_en,formal_en,name_fr,formal_fr,order,designation_fr\nARV,,Kingdom of Arvenia,Arvénie,L'Arvénie,,\n"
    )
    assert lines(send(own, table)[1]) == [(2, "ARV", "taken", "correct_delegation")]
    arv = delegations(own)["ARV"]
    assert arv["names"] == {
        "en": {"short": "Arvenia", "formal": "Kingdom of Arvenia"},
        "fr": {"short": "Arvénie", "formal": "L'Arvénie"},
    }
    assert (arv["order"], arv["designations"]) == (0, {})
    assert lines(send(own, table)[1]) == [(2, "ARV", "unchanged", None)]


def test_a_person_gets_what_is_missing_and_loses_nothing(own: Room) -> None:
    said = send(own, "handle,capacities\narv,clerk:ARV head:ARV\nbor,head:BOR\n")[1]
    assert lines(said) == [(2, "arv", "taken", "accredit_participant"), (3, "bor", "unchanged", None)]
    with own.client("arv") as client:
        me = client.get("/api/v1/me").json()
    assert (me["name"], me["capacities"][own.process]) == ("Arv", ["clerk:ARV", "head:ARV"])


def test_what_a_person_holds_in_another_process_is_not_held_here(own: Room) -> None:
    founding = CreateProcess(capacity="administrator", name="Other", secretary="arv")
    own.house.take(own.person("sec"), founding)
    said = send(own, "handle,capacities\narv,secretary\n")[1]
    assert lines(said) == [(2, "arv", "taken", "accredit_participant")]
    with own.client("arv") as client:
        assert client.get("/api/v1/me").json()["capacities"][own.process] == ["head:ARV", "secretary"]


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "=cmd|' /C calc'!A0"])
def test_a_cell_is_text_whatever_it_begins_with(own: Room, first: str) -> None:
    name = f"{first}1+1"
    assert lines(send(own, f'handle,name,capacities\neve,"{name}",observer\n')[1])[0][2] == "taken"
    assert own.person("eve").name == name.strip()


@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_a_spreadsheet_writes_is_read(own: Room, between: str, end: str) -> None:
    table = [
        ["handle", "name", "capacities"],
        ["eve", '"Eve\nof the ""Two"" Lines"', '"observer, translator"'],
        ["", "", ""],
    ]
    content = "\ufeff" + end.join(between.join(row) for row in table) + end
    said = send(own, content)[1]
    assert said["lines"][0]["code"] == "malformed"  # a name stands on one line
    content = content.replace("\nof", " of")
    assert lines(send(own, content)[1]) == [(2, "eve", "taken", "accredit_participant")]
    assert own.person("eve").name == 'Eve of the "Two" Lines'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "malformed"),
        (b"\n", "malformed"),
        (b"name,capacities\nEve,observer\n", "malformed"),
        (b"handle,handle\neve,eve\n", "malformed"),
        (b"handle,Name\neve,Eve\n", "malformed"),
        (b"handle,password\neve,Eve\n", "malformed"),
        (b"handle,name\neve,\xff\n", "text_illegal"),
        (b'handle,name\n"eve,Eve\n', "malformed"),
        (b'handle,name\n"eve"x,Eve\n', "malformed"),
        (b"handle,name\neve," + b"x" * 200_000 + b"\n", "malformed"),
        (b"handle\n" + b"eve\n" * 11, "too_large"),
    ],
)
def test_a_file_that_is_no_table_is_refused_whole(
    own: Room, content: bytes, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secretariat_table, "MOST_LINES", 10)
    status, said = send(own, content)
    assert (status >= 400, said["code"]) == (True, code)


def test_the_table_is_kept_by_those_who_may_and_others_learn_nothing(own: Room) -> None:
    table = "code,order\nARV,0\nZZZ,1\n"
    for handle, capacity, code in (
        ("arv", "secretary", "capacity_not_held"),
        ("arv", "head:ARV", "not_permitted"),
        ("chair", "chair", "not_permitted"),
        ("arv", "administrator", "capacity_not_held"),
        ("arv", "king", "malformed"),
    ):
        assert send(own, table, handle, capacity=capacity)[1]["code"] == code, (handle, capacity)
    founding = CreateProcess(capacity="administrator", name="Other", secretary="chair")
    other = own.house.take(own.person("sec"), founding).made["process"]
    unknown = "pr_" + "0" * 26
    theirs, nobodys = (send(own, table, "arv", process=process)[1] for process in (other, unknown))
    assert theirs["code"] == nobodys["code"] == "unknown"
    assert theirs["detail"].replace(other, unknown) == nobodys["detail"]
    assert lines(send(own, "code,order\nARV,0\n", "sec", capacity="administrator")[1])[0][2] == "unchanged"
