"""The door for marked-up files: one form, one or many files, one answer for all of them."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.http.hosting import Room, hosted
from tests.word.marking import dele, file, ins, p, r


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with hosted(tmp_path_factory.mktemp("small"), upload_bytes=9_000) as room:
        yield room


def marked(by: str = "Jane", word: str = "must") -> bytes:
    return file(
        p("Call for Action")
        + p("Recalling the commitments made in earlier meetings,")
        + p(r("States ") + dele("shall", by) + ins(word, by) + r(" take appropriate measures."))
        + p("States [should] report on progress every year.")
    )


def sent(room: Room, handle: str, *contents: bytes, **form: Any) -> httpx.Response:
    files = [("file", (f"{number}.docx", content)) for number, content in enumerate(contents)]
    with room.client(handle) as client:
        return client.post(f"/api/v1/documents/{room.document}/imports", data=form, files=files)


def test_a_file_is_rehearsed_and_then_taken_once(room: Room) -> None:
    form, content = {"capacity": "head:ARV"}, marked()
    (rehearsed,) = sent(room, "arv", content, **form).json()["files"]
    (item,) = rehearsed["items"]
    assert (item["state"], item["made"], item["author"]) == ("ready", None, "Jane")
    assert item["edits"] == [
        {"op": "replace", "section": room.sections[2], "text": "States must take appropriate measures."}
    ]
    (taken,) = sent(room, "arv", content, **form, take="true", only=item["id"]).json()["files"]
    assert [(one["id"], one["state"]) for one in taken["items"]] == [(item["id"], "taken")]
    (again,) = sent(room, "arv", content, **form, take="true").json()["files"]
    assert [(one["state"], one["made"]) for one in again["items"]] == [("standing", taken["items"][0]["made"])]


def test_many_files_are_one_answer(room: Room) -> None:
    contents = [marked("Arvenia", "could"), b"%PDF-", marked("Borland", "might")]
    answer = sent(room, "notes", *contents, capacity="note_taker", delegation=["ARV", "CAL", "BOR"], take="true").json()
    assert [view["code"] for view in answer["files"]] == [None, "not_word", None]
    assert [item["delegation"] for view in answer["files"] for item in view["items"]] == ["ARV", "BOR"]
    assert answer["taken"] is True


def test_who_may_not_propose_is_told(room: Room) -> None:
    answer = sent(room, "observer", marked(), capacity="observer")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
    answer = sent(room, "arv", marked(), capacity="note_taker", delegation="ARV")
    assert (answer.status_code, answer.json()["code"]) == (403, "capacity_not_held")
    answer = sent(room, "arv", marked(), capacity="nonsense")
    assert (answer.status_code, answer.json()["code"]) == (403, "capacity_not_held")


def test_a_form_without_files_is_malformed(room: Room) -> None:
    answer = sent(room, "arv", capacity="head:ARV")
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


def test_files_that_are_too_large_together_are_refused(small: Room) -> None:
    large = marked() + bytes(3_500)
    answer = sent(small, "arv", large, large, large, capacity="head:ARV")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert sent(small, "arv", marked(), capacity="head:ARV").status_code == 200


def test_a_draft_is_shown_as_it_is_understood_and_taken_as_it_is_corrected(room: Room) -> None:
    draft = ("draft.md", b"# Call for Patience\n\nNoting the rain,\n\n1. States shall wait.\n")
    with room.client("sec") as client:
        told = client.post("/api/v1/imports/rehearsal", files={"file": draft}).json()
        assert told["title"] == "Call for Patience"
        assert [(one["kind"], one["label"], one["why"], one["place"]) for one in told["sections"]] == [
            ("title", "", "outline", "line 1"),
            ("preambular", "PP1", "words", "line 3"),
            ("operative", "OP1", "number", "line 5"),
        ]
        told["sections"][1] |= {"kind": "chapeau", "label": ""}
        form = {"process": room.process, "symbol": "T/9", "capacity": "secretary"}
        form |= {"id": room.house.mint.command(room.house.now()), "sections": json.dumps(told["sections"])}
        made = client.post("/api/v1/imports", data=form, files={"file": draft}).json()["receipt"]["made"]
        kinds = [one["kind"] for one in client.get(f"/api/v1/documents/{made['document']}/snapshot").json()["sections"]]
        wrong = client.post("/api/v1/imports", data={**form, "sections": '[{"kind": "poem"}]'}, files={"file": draft})
    assert kinds == ["title", "chapeau", "operative"]
    assert (wrong.status_code, wrong.json()["code"]) == (422, "malformed")
