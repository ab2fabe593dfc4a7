"""Working drafts over HTTP: the list, the text, and tokens that open one draft and nothing else."""

from collections.abc import Iterator

import httpx
import pytest

from drafting.queries.people import admitted_by
from tests.http.hosting import Room, hosted


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with hosted(tmp_path_factory.mktemp("own")) as room:
        yield room


def get(room: Room, handle: str, path: str = "", **query: str) -> httpx.Response:
    with room.client(handle) as client:
        return client.get(f"/api/v1/documents/{room.document}/drafts{path}", params=query)


def test_the_list_is_paged_and_holds_what_the_asker_may_read(own: Room) -> None:
    chairs = own.do("notes", "open_working_draft", "note_taker").made["draft"]
    arvs = own.do("arv", "open_working_draft", "head:ARV").made["draft"]
    assert [one["id"] for one in get(own, "observer").json()["items"]] == [chairs]
    first = get(own, "arv", limit="1").json()
    second = get(own, "arv", after=first["next"]).json()
    assert [[one["id"] for one in page["items"]] for page in (first, second)] == [
        [one] for one in sorted([chairs, arvs])
    ]
    assert second["next"] is None
    shown = {one["kind"]: one for one in get(own, "arv").json()["items"]}["delegation"]
    assert shown.pop("opened_at")
    assert shown == {
        "id": arvs,
        "kind": "delegation",
        "side": "ARV",
        "audience": "delegation:ARV",
        "base": own.base,
        "locked": [],
    }


def test_a_draft_is_read_section_by_section(own: Room) -> None:
    draft = own.do("notes", "open_working_draft", "note_taker").made["draft"]
    own.do("chair", "lock_section", "chair", draft=draft, section=own.sections[2])
    told = get(own, "observer", f"/{draft}").json()
    assert (told["writes"], told["why_not"].partition("; ")[2]) == (
        False,
        "this is for chair or note_taker or secretary.",
    )
    assert [line["section"] for line in told["lines"]] == own.sections
    line = told["lines"][2]
    assert {name: line[name] for name in ("label", "kind", "level", "text", "base_text", "change")} == {
        "label": "OP1",
        "kind": "operative",
        "level": 1,
        "text": "States shall take appropriate measures.",
        "base_text": "States shall take appropriate measures.",
        "change": "none",
    }
    assert (line["locked"], line["removed"], line["status"]) == (True, False, "open")
    assert get(own, "notes", f"/{draft}").json()["writes"] is True


def test_a_draft_token_is_listed_and_revoked_and_opens_no_address_of_http(own: Room) -> None:
    draft = own.do("arv", "open_working_draft", "head:ARV").made["draft"]
    path = f"/api/v1/documents/{own.document}/drafts/{draft}/tokens"
    with own.client("arv") as client:
        made = client.post(path).raise_for_status().json()
        listed = [one for one in client.get("/api/v1/me/credentials").json()["items"] if one["kind"] == "draft"]
        assert [(one["label"], one["expires_at"]) for one in listed] == [(draft, made["expires_at"])]
        found = own.house.database.read(lambda tx: admitted_by(tx, "draft", made["token"], own.house.now()))
        assert found is not None
        assert (found.person.handle, found.label) == ("arv", draft)
        with httpx.Client(base_url=own.address, headers={"Authorization": f"Bearer {made['token']}"}) as stranger:
            assert stranger.get("/api/v1/me").status_code == 401
        assert client.delete(f"/api/v1/me/credentials/{listed[0]['id']}").status_code == 204
    gone = own.house.database.read(lambda tx: admitted_by(tx, "draft", made["token"], own.house.now()))
    assert gone is None


def test_there_is_no_token_for_a_draft_that_one_may_not_read_or_that_is_another_documents(own: Room) -> None:
    draft = own.do("arv", "open_working_draft", "head:ARV").made["draft"]
    first = own.document
    own.import_text()
    for handle, document in (("bor", first), ("sec", first), ("arv", own.document)):
        with own.client(handle) as client:
            answer = client.post(f"/api/v1/documents/{document}/drafts/{draft}/tokens")
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown")
