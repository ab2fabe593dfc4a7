"""What is not there and what is not for the asker are answered alike: in status, and in words but for the id."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest

from drafting.protocol.commands import CreateProcess
from tests.http.hosting import Room, hosted

DIGITS = "0123456789ABCDEFGHJKMNPQRS"


class Hidden(NamedTuple):
    """What ARV cannot see: another process's document and what is in it; and others' private things in its own."""

    document: str
    process: str
    other: dict[str, str]
    private: dict[str, str]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Room, Hidden]]:
    with hosted(tmp_path_factory.mktemp("own")) as room:
        yield room, hide(room)


def hide(room: Room) -> Hidden:
    """Hide things in the room's document from ARV; and a whole process with a document of its own."""
    draft = room.do("bor", "draft_amendment", "head:BOR", **room.proposal("States may rest.")).made["amendment"]
    edits = room.proposal("States may act.")["edits"]
    text = {"base": room.base, "name": "Chair's text", "edits": edits, "audience": ["BOR"]}
    private = {
        "amendment": draft,
        "comment": room.comment("bor", "Hidden.", "own").made["comment"],
        "position": room.do(
            "bor", "take_position", "head:BOR", section=room.sections[2], stand="retain", audience="own"
        ).made["position"],
        "version": room.do("chair", "propose_text", "chair", **text).made["version"],
        "draft": room.do("bor", "open_working_draft", "head:BOR").made["draft"],
    }
    mine = (room.process, room.document, room.base, room.round, room.sections)
    founding = CreateProcess(capacity="administrator", name="Other", secretary="sec")
    room.process, room.document = room.house.take(room.person("sec"), founding).made["process"], ""
    names = {"en": {"short": "Borland", "formal": "Republic of Borland"}}
    room.do("sec", "admit_delegation", "secretary", process=room.process, code="BOR", names=names, order=0)
    room.accredit("bor", "head:BOR")
    room.import_text()
    other = {
        "document": room.document,
        "version": room.base,
        "round": room.round,
        "section": room.sections[2],
        "amendment": room.table("bor", "States may sleep.").made["amendment"],
        "comment": room.do("bor", "post_comment", "head:BOR", section=room.sections[2], body="There.").made["comment"],
    }
    hidden = Hidden(room.document, room.process, other, private)
    room.process, room.document, room.base, room.round, room.sections = mine
    return hidden


def unknown(name: str) -> str:
    """An id of the same kind that nothing has."""
    return f"{name[:3]}{DIGITS}"


QUERIES: dict[str, dict[str, str]] = {
    "compare": {"from": "{version}", "to": "{version}"},
    "export": {"form": "clean"},
    "desk": {"round": "{round}"},
    "tallies": {"round": "{round}"},
    "search": {"q": "States"},
    "news": {"since": "{version}"},
}
"""What a route must be asked with, besides its path."""


def routes(room: Room) -> list[tuple[str, str]]:
    with room.client(None) as client:
        paths = client.get("/openapi.json").json()["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods if "{" in path]


def alike(one: httpx.Response, other: httpx.Response, names: dict[str, str]) -> None:
    """Both say no, with the same words about different ids."""
    said = one.text
    for hidden, made_up in names.items():
        said = said.replace(hidden, made_up)
    assert (one.status_code, said) == (other.status_code, other.text), (one.url, one.text)
    assert {k: v for k, v in one.headers.items() if k not in {"date", "content-length"}} == {
        k: v for k, v in other.headers.items() if k not in {"date", "content-length"}
    }


def asked(client: httpx.Client, method: str, path: str, names: dict[str, str]) -> httpx.Response:
    last = path.rpartition("/")[2]
    query = {name: value.format(**names) for name, value in QUERIES.get(last, {}).items()}
    body: dict[str, Any] = {}
    if path.endswith("/preview"):
        body["json"] = {
            "kind": "decide_section",
            "capacity": "head:ARV",
            "document": names["document"],
            "round": names["round"],
            "section": names["section"],
            "amendments": [],
            "outcome": "redraft",
            "text": "T",
            "against": "0" * 64,
        }
    if path.endswith("/imports"):
        body = {"files": {"file": ("theirs.txt", b"States may act.")}, "data": {"capacity": "head:ARV"}}
    if path.endswith("/people"):
        body["content"] = "code,order\nBOR,0\n"
    return client.request(method, path.format(**names), params=query, **body)


def test_another_processs_documents_are_unknown_on_every_route(own: tuple[Room, Hidden]) -> None:
    room, hidden = own
    theirs = {**hidden.other, "process": hidden.process, "credential": "cr_" + "0" * 24, "draft": "dr_" + DIGITS}
    made_up = {name: unknown(value) for name, value in theirs.items()}
    tried = 0
    with room.client("arv") as client:
        for method, path in routes(room):
            one, other = (asked(client, method, path, names) for names in (theirs, made_up))
            assert one.status_code in {404, 410}, (method, path, one.text)
            alike(one, other, dict(zip(theirs.values(), made_up.values(), strict=True)))
            tried += 1
    assert tried > 20


PLACES = re.compile(r"^(version|against|from|to|since|round|section|after)$")


def test_what_is_anothers_is_unknown_in_every_query_of_ones_own_document(own: tuple[Room, Hidden]) -> None:
    room, hidden = own
    mine = {"document": room.document, "version": room.base, "round": room.round, "section": room.sections[2]}
    mine["draft"] = room.do("arv", "open_working_draft", "head:ARV").made["draft"]
    with room.client(None) as client:
        paths = client.get("/openapi.json").json()["paths"]
    tried = set()
    with room.client("arv") as client:
        for path, methods in paths.items():
            for parameter in methods.get("get", {}).get("parameters", []) if "{document}" in path else []:
                name, place = parameter["name"], parameter["in"]
                if name == "document" or not (place == "path" or PLACES.match(name)):
                    continue
                kind = "version" if name in {"version", "against", "from", "to", "since"} else name
                for hiding in (hidden.other, hidden.private):
                    if kind not in hiding:
                        continue
                    found = []
                    for value in (hiding[kind], unknown(hiding[kind])):
                        query = {k: v.format(**mine) for k, v in QUERIES.get(path.rpartition("/")[2], {}).items()}
                        at = path.format(**{**mine, **({name: value} if place == "path" else {})})
                        found.append(client.get(at, params={**query, **({name: value} if place == "query" else {})}))
                    alike(*found, {hiding[kind]: unknown(hiding[kind])})
                    tried.add((path.rpartition("/")[2], name))
    assert len(tried) > 15


def commands(room: Room, hidden: Hidden) -> Iterator[tuple[str, dict[str, Any]]]:
    """Commands of ARV's that are about something hidden; and the id that is hidden."""
    edit = {"op": "replace", "section": room.sections[2], "text": "States act."}
    for amendment in (hidden.private["amendment"], hidden.other["amendment"]):
        for kind in (
            "withdraw_amendment",
            "sponsor_amendment",
            "leave_amendment",
            "discard_draft",
            "clear_amendment",
            "confirm_entry",
        ):
            yield amendment, {"kind": kind, "amendment": amendment}
        for kind in ("revise_amendment", "revise_draft"):
            yield amendment, {"kind": kind, "amendment": amendment, "revision": 1, "edits": [edit]}
        yield amendment, {"kind": "take_position", "amendment": amendment, "stand": "support"}
        yield amendment, {"kind": "post_comment", "amendment": amendment, "body": "Yes."}
        supersedes = {"supersedes": [amendment], "round": room.round, "base": room.base, "edits": [edit]}
        yield amendment, {"kind": "table_amendment", **supersedes}
    for comment in (hidden.private["comment"], hidden.other["comment"]):
        yield comment, {"kind": "post_comment", "reply_to": comment, "body": "Yes."}
        yield comment, {"kind": "resolve_comment", "comment": comment}
        yield comment, {"kind": "reopen_comment", "comment": comment}
    position = hidden.private["position"]
    yield position, {"kind": "withdraw_position", "position": position}
    yield position, {"kind": "clear_position", "position": position, "audience": "all"}
    for version in (hidden.private["version"], hidden.other["version"]):
        yield version, {"kind": "table_amendment", "round": room.round, "base": version, "edits": [edit]}
    round_ = hidden.other["round"]
    yield round_, {"kind": "table_amendment", "round": round_, "base": room.base, "edits": [edit]}
    section = hidden.other["section"]
    yield section, {"kind": "post_comment", "section": section, "body": "Yes."}
    yield section, {"kind": "take_position", "section": section, "stand": "retain"}
    yield section, {**supersedes, "kind": "table_amendment", "supersedes": [], "edits": [{**edit, "section": section}]}
    yield hidden.document, {"kind": "post_comment", "document": hidden.document, "section": section, "body": "Yes."}


def test_a_command_about_what_is_hidden_is_refused_as_one_about_nothing(own: tuple[Room, Hidden]) -> None:
    room, hidden = own
    with room.client("arv") as client:
        for name, command in commands(room, hidden):
            body = {"capacity": "head:ARV", "document": room.document, **command}
            answers = []
            for said in (body, _renamed(body, name)):
                envelope = {"id": room.house.mint.command(room.house.now()), "command": said}
                answers.append(client.post("/api/v1/commands", json=envelope))
            assert answers[0].status_code >= 400, (command, answers[0].text)
            alike(*answers, {name: unknown(name)})


def _renamed(content: Any, name: str) -> Any:
    """The same with an id that nothing has in the place of this one."""
    match content:
        case dict():
            return {key: _renamed(value, name) for key, value in content.items()}
        case list():
            return [_renamed(value, name) for value in content]
    return unknown(name) if content == name else content


def test_a_socket_knows_no_document_of_another_process(own: tuple[Room, Hidden]) -> None:
    from websockets.sync.client import connect  # noqa: PLC0415 - for this test alone

    room, hidden = own
    told = []
    with connect(room.socket_address("arv")) as socket:
        for document in (hidden.document, unknown(hidden.document)):
            socket.send(f'{{"type":"subscribe","document":"{document}"}}')
            told.append(str(socket.recv(10)).replace(document, "D"))
    assert told[0] == told[1]
    assert '"unknown"' in told[0]
