"""The routes that read a text closely: what they give, to whom, and where it is worked out."""

from collections.abc import Iterator
from typing import Any

import pytest

from drafting.protocol.reading import ChangeKind, Nature
from drafting_client import Client
from tests.http.hosting import Room, hosted

PATHS = ("provenance", "literal", "literal.txt", "brackets", "references", "compilation")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A round played to Rev.1 (ARV rewords, BOR brackets), and a held one after it, in which ARV has tabled."""
    with hosted(tmp_path_factory.mktemp("home")) as room:
        room.table("arv", "States shall take all necessary measures.")
        room.table("bor", "States [should] report on [progress] every year.", 3)
        room.do("chair", "close_round", "chair", round=room.round)
        for number in (2, 3):
            decide(room, number)
        issue = {"round": room.round, "name": "Rev.1"}
        room.base = room.do("sec", "issue_version", "secretary", **issue).made["version"]
        opened = {"base": room.base, "name": "Second", "mode": "held", "deadline": "2999-01-01T00:00:00Z"}
        room.round = room.do("sec", "open_round", "secretary", **opened).made["round"]
        room.table("arv", "States shall take unspeakable measures under paragraph 9.")
        yield room


def decide(room: Room, number: int) -> None:
    desk = got(room, "sec", "desk", round=room.round)
    shown = next(one for one in desk["sections"] if one["section"]["id"] == room.sections[number])
    decision = {"round": room.round, "section": room.sections[number], "amendments": shown["waiting"]}
    decision |= {"outcome": "incorporate", "against": shown["digest"]}
    room.do("sec", "decide_section", "secretary", **decision)


def got(room: Room, handle: str, path: str, **query: Any) -> Any:
    with room.client(handle) as client:
        answer = client.get(f"/api/v1/documents/{room.document}/{path}", params=query).raise_for_status()
        return answer.json() if answer.headers["content-type"] == "application/json" else answer.text


def refused(room: Room, handle: str, path: str, **query: Any) -> tuple[int, str]:
    with room.client(handle) as client:
        answer = client.get(f"/api/v1/documents/{room.document}/{path}", params=query)
        return answer.status_code, answer.json()["code"]


def versions(room: Room) -> list[str]:
    return [version["id"] for version in got(room, "bor", "versions")["items"]]


def test_every_word_has_its_origin(played: Room) -> None:
    view = got(played, "cal", "provenance", section=played.sections[2])
    (shown,) = view["sections"]
    assert [(run["text"], run["origin"]["name"], run["origin"]["amendments"]) for run in shown["runs"]] == [
        ("States shall take ", "Zero draft", []),
        ("all necessary", "Rev.1", ["ARV-1"]),
        (" measures.", "Zero draft", []),
    ]
    assert len(got(played, "cal", "provenance")["sections"]) == 4
    assert len(got(played, "cal", "provenance", version=versions(played)[0])["sections"][2]["runs"]) == 1


def test_the_compilation_is_printed_as_paragraphs_and_as_plain_text(played: Room) -> None:
    zero = versions(played)[0]
    paragraphs = got(played, "cal", "literal", version=zero)["paragraphs"]
    assert paragraphs[2] == {
        "section": played.sections[2],
        "label": "OP1",
        "text": "States shall take [appropriate] [ARV: all necessary] measures.",
    }
    text = got(played, "cal", "literal.txt", version=zero, named=False)
    assert text.splitlines()[2] == "OP1 States shall take [appropriate] [all necessary] measures."


def test_brackets_say_whose_they_are(played: Room) -> None:
    view = got(played, "cal", "brackets")
    assert [(b["text"], b["opened"]["name"], b["opened"]["delegations"], b["age"]) for b in view["brackets"]] == [
        ("should", "Zero draft", [], 2),
        ("progress", "Rev.1", ["BOR"], 1),
    ]
    assert view["counts"] == {played.sections[3]: 2}
    assert got(played, "cal", "brackets", lifted=True)["brackets"] == view["brackets"]


def test_references_are_listed(played: Room) -> None:
    zero = versions(played)[0]
    assert got(played, "cal", "references", against=zero) | {"version": 0, "against": 0} == {
        "document": played.document,
        "version": 0,
        "against": 0,
        "references": [],
        "outdated": [],
    }


def test_a_comparison_is_filtered_by_parameters_that_may_be_repeated(played: Room) -> None:
    zero, rev1 = versions(played)
    between = {"from": zero, "to": rev1}

    def shown(**filters: Any) -> list[str]:
        return [change["section"] for change in got(played, "cal", "compare", **between, **filters)["changes"]]

    one, two = played.sections[2:4]
    assert len(shown()) == 4
    assert shown(delegation="ARV") == [one]
    assert shown(delegation=["ARV", "BOR"]) == [one, two]
    assert shown(nature="brackets") == [two]
    assert shown(nature=["brackets", "substance"], kind=["edited", "added"]) == [one, two]
    assert shown(kind="moved") == []
    assert shown(section="OP2") == [two]
    patches = got(played, "cal", "compare", **between, patches=True)["patches"]
    assert list(patches) == [one, two]
    assert got(played, "cal", "compare", **between)["patches"] == {}
    assert refused(played, "cal", "compare", **between, section="OP9") == (404, "unknown_section")
    assert refused(played, "cal", "compare", **between, nature="soft") == (422, "malformed")


def test_a_held_amendment_is_nowhere_in_what_another_delegation_reads(played: Room) -> None:
    zero, rev1 = versions(played)
    for handle in ("bor", "observer", "chair"):
        for path in PATHS:
            said = str(got(played, handle, path))
            assert "unspeakable" not in said, (handle, path)
            assert "ARV-2" not in said, (handle, path)
        assert "ARV-2" not in str(got(played, handle, "compare", **{"from": zero, "to": rev1}))


def test_the_python_client_reads_the_same(played: Room) -> None:
    zero, rev1 = versions(played)
    one, two = played.sections[2:4]
    with Client(played.address, played.granted("token", "cal")) as client:
        asked = {"natures": [Nature.SUBSTANCE, Nature.BRACKETS], "kinds": [ChangeKind.EDITED], "patches": True}
        view = client.compare(played.document, zero, rev1, delegations=["ARV", "BOR"], **asked)
        assert [change.section for change in view.changes] == list(view.patches) == [one, two]
        assert client.literal_text(played.document, zero, named=False).splitlines()[0] == "Call for Action"
        assert client.literal(played.document).paragraphs[2].text == "States shall take all necessary measures."
        assert client.provenance(played.document, section=one).sections[0].runs[1].origin.delegations == ["ARV"]
        assert client.brackets(played.document, lifted=True).counts == {two: 2}
        assert client.references(played.document, against=zero).outdated == []


def test_somebody_of_no_process_is_not_told_that_the_document_exists(played: Room) -> None:
    played.house.database.write(lambda tx: _newcomer(tx, played)).result()
    for path in PATHS:
        assert refused(played, "stranger", path) == (404, "unknown"), path
    between = {"from": played.base, "to": played.base}
    assert refused(played, "stranger", "compare", **between) == (404, "unknown")
    for path in PATHS:
        assert refused(played, "cal", path, version="ve_" + "0" * 26) == (404, "unknown"), path


def _newcomer(tx: Any, room: Room) -> None:
    from storage.tables import Participant  # noqa: PLC0415 - only this test makes one by hand

    tx.session.add(Participant(id=room.house.mint("pa", room.house.now()), handle="stranger", name="Stranger"))


def test_a_long_text_is_read_in_another_process_with_the_same_answer(
    played: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    zero, rev1 = versions(played)
    asked: dict[str, dict[str, str]] = {path: {} for path in PATHS} | {"compare": {"from": zero, "to": rev1}}
    short = {path: got(played, "cal", path, **query) for path, query in asked.items()}
    apart = played.house.apart
    done: list[object] = []

    def counted(work: Any, *arguments: Any) -> Any:
        done.append(work)
        return apart(work, *arguments)

    monkeypatch.setattr(played.house, "apart", counted)
    monkeypatch.setattr("drafting.http.routes.reading.LONG", 10)
    assert {path: got(played, "cal", path, **query) for path, query in asked.items()} == short
    assert len(done) == len(asked)
    assert refused(played, "cal", "provenance", section="se_" + "0" * 26) == (404, "unknown_section")
