"""The verbs over HTTP: what is asked, how answers and refusals are read, what is tried again."""

import asyncio
import re
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from drafting.protocol.commands import PostComment
from drafting.protocol.words import AmendmentState
from drafting_client import AsyncClient, Client, Pace, Refused, Unreachable, calls, mint
from drafting_client.calls import Call, answer
from drafting_client.errors import Broken
from drafting_client.pace import Patience

DOCUMENT = "do_01JD0000000000000000000000"
TOKEN = "the-token"  # noqa: S105 - opens nothing but the small room
QUICK = Pace(patience=5, silence=5, first=0.02, longest=0.1)
COMMENT = PostComment(capacity="head:ARV", document=DOCUMENT, body="Bring back *recalling*.")


@pytest.mark.parametrize(
    ("call", "path", "query"),
    [
        (calls.me(), "me", {}),
        (calls.processes(), "processes", {}),
        (calls.documents(), "documents", {}),
        (calls.document("do"), "documents/do", {}),
        (calls.snapshot("do"), "documents/do/snapshot", {}),
        (calls.events("do", "c", 25), "documents/do/events", {"after": "c", "wait": "25"}),
        (calls.versions("do"), "documents/do/versions", {}),
        (calls.issued("do", "ve"), "documents/do/versions/ve", {}),
        (calls.lint("do", "ve"), "documents/do/versions/ve/lint", {}),
        (calls.amendments("do"), "documents/do/amendments", {}),
        (
            calls.amendments("do", states=[AmendmentState.TABLED], delegations=["ARV", "BOR"], rounds=["ro"]),
            "documents/do/amendments",
            {"state": ["tabled"], "delegation": ["ARV", "BOR"], "round": ["ro"]},
        ),
        (calls.comments("do"), "documents/do/comments", {}),
        (calls.positions("do"), "documents/do/positions", {}),
        (calls.tallies("do", "ro"), "documents/do/tallies", {"round": "ro"}),
        (calls.drafts("do"), "documents/do/drafts", {}),
        (calls.draft("do", "dr"), "documents/do/drafts/dr", {}),
        (calls.draft_carried("do", "dr"), "documents/do/drafts/dr/carried", {}),
        (calls.draft_carried("do", "dr", "ve"), "documents/do/drafts/dr/carried", {"version": "ve"}),
        (calls.carried("do"), "documents/do/carried", {}),
        (calls.carried("do", "ve"), "documents/do/carried", {"version": "ve"}),
        (calls.standing("do"), "documents/do/standing", {}),
        (calls.news("do", "ve", "ARV"), "documents/do/news", {"since": "ve", "delegation": "ARV"}),
        (calls.search("do", "two words"), "documents/do/search", {"q": "two words"}),
        (calls.compilation("do", group="CG1"), "documents/do/compilation", {"group": "CG1"}),
        (calls.compilation("do"), "documents/do/compilation", {}),
        (calls.compilation("do", "ve"), "documents/do/compilation", {"version": "ve"}),
        (calls.compare("do", "v1", "v2"), "documents/do/compare", {"from": "v1", "to": "v2"}),
        (calls.desk("do", "ro"), "documents/do/desk", {"round": "ro"}),
        (calls.export("do", "clean"), "documents/do/export", {"form": "clean"}),
        (
            calls.export("do", "compilation", style="literal", line_numbers=False),
            "documents/do/export",
            {"form": "compilation", "style": "literal", "line_numbers": "false"},
        ),
        (
            calls.export("do", "clean", show=["status", "brackets"]),
            "documents/do/export",
            {"form": "clean", "show": ["status", "brackets"]},
        ),
        (
            calls.export("do", "compilation", "ve", private=True),
            "documents/do/export",
            {"form": "compilation", "version": "ve", "private": "true"},
        ),
        (
            calls.export("do", "redline", "v2", "v1"),
            "documents/do/export",
            {"form": "redline", "version": "v2", "against": "v1"},
        ),
        (calls.snapshot("../a b?c"), "documents/..%2Fa%20b%3Fc/snapshot", {}),
    ],
)
def test_reading_asks_at_the_address_of_the_contract(call: Call[Any], path: str, query: dict[str, str]) -> None:
    assert (call.method, call.path, call.query) == ("GET", path, query)


def test_the_plain_and_the_awaited_client_have_the_same_verbs(served: Any) -> None:
    async def visit() -> tuple[str, list[str], bytes]:
        async with AsyncClient(served.url + "/", TOKEN, QUICK) as client:
            titles = [document.id async for document in client.documents()]
            return (await client.me()).name, titles, await client.export(DOCUMENT, "clean")

    with Client(served.url, TOKEN, QUICK) as client:
        plain = client.me().name, [document.id for document in client.documents()], client.export(DOCUMENT, "clean")
    assert asyncio.run(visit()) == plain
    assert plain == ("A. R. Vik", ["do0", "do0", "do1", "do1", "do2", "do2"], b"PK\x03\x04 a Word file")


def test_pages_are_asked_for_when_they_are_needed(served: Any) -> None:
    with Client(served.url, TOKEN, QUICK) as client:
        walk = client.documents()
        assert not served.room.seen
        next(walk)
        assert [request.url.query for request in served.room.seen] == [""]
        list(walk)
        assert [request.url.query for request in served.room.seen] == ["", "after=1", "after=2"]


def test_a_command_is_sent_again_with_its_id_while_the_server_is_away(served: Any) -> None:
    served.room.away = 3
    with Client(served.url, TOKEN, QUICK) as client:
        receipt = client.command(COMMENT)
    assert receipt.made == {"comment": "co1"}
    assert len(served.room.bodies) == 4
    assert len(set(served.room.bodies)) == 1


def test_every_command_has_an_id_of_its_own(served: Any) -> None:
    with Client(served.url, TOKEN, QUICK) as client:
        assert client.command(COMMENT).id != client.command(COMMENT).id
    assert len(served.room.log) == 2


def test_a_command_whose_answer_was_lost_on_the_way_is_taken_once(served: Any) -> None:
    with served.torn_after(0, 500, 560, 600, 650, 700) as wire, Client(wire.url, TOKEN, QUICK) as client:
        client.command(COMMENT)
        assert wire.torn >= 3
    assert len(served.room.log) == 1


def test_a_refusal_has_code_detail_and_facts_and_is_not_tried_again(served: Any) -> None:
    with Client(served.url, TOKEN, QUICK) as client, pytest.raises(Refused) as raised:
        client.command(COMMENT.model_copy(update={"body": "no"}))
    assert (raised.value.code, raised.value.detail, raised.value.facts) == ("round_closed", "Closed.", {"round": "ro"})
    assert len(served.room.seen) == 1


def test_a_server_that_stays_away_is_unreachable(served: Any) -> None:
    served.room.away = 10**9
    with Client(served.url, TOKEN, Pace(patience=0.3, first=0.02)) as client, pytest.raises(Unreachable, match="503"):
        client.me()
    assert len(served.room.seen) >= 3


def test_where_nobody_listens_is_unreachable(served: Any) -> None:
    with (
        served.torn_after() as wire,
        Client(wire.url, TOKEN, Pace(patience=0.2, first=0.02)) as client,
    ):
        served.aside.run(wire.close())
        with pytest.raises(Unreachable):
            client.me()


def test_a_file_is_imported_with_its_form_and_its_bytes_and_the_same_id_when_sent_again(
    served: Any, tmp_path: Path
) -> None:
    file = tmp_path / "нулевой проект.docx"
    file.write_bytes(b"PK\x03\x04\x00\xff")
    served.room.away = 1
    with Client(served.url, TOKEN, QUICK) as client:
        imported = client.import_document(file, None, "pr", "BP/CfA", "secretary", title="Call", language="ru")
    assert imported.receipt.made == {"document": "do"}
    forms = []
    for request, body in zip(served.room.seen, served.room.bodies, strict=True):
        whole = message_from_bytes(b"content-type: " + request.headers["content-type"].encode() + b"\r\n\r\n" + body)
        parts = whole.get_payload()
        forms.append(
            {part.get_param("name", header="content-disposition"): part.get_payload(decode=True) for part in parts}
        )
        assert parts[-1].get_filename()
    first, again = forms
    assert first == again
    assert re.fullmatch(rb"[0-9A-HJKMNP-TV-Z]{26}", first.pop("id"))
    assert first == {
        "file": b"PK\x03\x04\x00\xff",
        "process": b"pr",
        "symbol": b"BP/CfA",
        "capacity": b"secretary",
        "title": b"Call",
        "language": b"ru",
    }


def test_a_content_without_a_file_name_is_not_sent() -> None:
    with pytest.raises(TypeError, match="file name"):
        calls.import_document(b"# Title", None, "pr", "BP/CfA", "secretary")


@pytest.mark.parametrize(
    ("status", "media", "body"),
    [
        (200, "text/html; charset=utf-8", b"<title>The page</title>"),
        (200, "application/json", b'{"handle": 1}'),
        (200, "application/json", b"{"),
        (301, "", b""),
        (404, "text/html", b"<h1>nginx</h1>"),
        (400, "application/json", b'["no", "problem"]'),
        (400, "application/problem+json", b'{"title": "no code"}'),
    ],
)
def test_what_does_not_answer_as_a_room_is_unreachable(status: int, media: str, body: bytes) -> None:
    with pytest.raises(Unreachable):
        answer(calls.me(), status, media, body)


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_gateway_without_its_server_is_tried_again(status: int) -> None:
    with pytest.raises(Broken):
        answer(calls.me(), status, "text/html", b"<h1>Bad gateway</h1>")


def test_codes_of_a_newer_server_are_passed_on() -> None:
    with pytest.raises(Refused) as raised:
        answer(calls.me(), 418, "application/problem+json", b'{"code": "teapot", "title": "Tea", "cups": 2}')
    assert (raised.value.code, raised.value.detail, raised.value.facts) == ("teapot", "Tea", {"cups": 2})


@pytest.mark.parametrize("address", ["", "room.example.org", "ftp://room.example.org", "https://"])
def test_what_is_no_address_is_said_at_once(address: str) -> None:
    with pytest.raises(ValueError, match="no address of a room"):
        AsyncClient(address, TOKEN)


def test_a_room_may_live_below_a_path() -> None:
    client = AsyncClient("https://un.example.org/rooms/budapest/", TOKEN)
    ticket = calls.ticket().read(b'{"ticket": "a b&c", "expires_at": "2026-11-28T14:55:00Z"}')
    address = client._caller.socket_address(ticket)  # noqa: SLF001 - where the socket is has no other witness
    assert address == "wss://un.example.org/rooms/budapest/ws?ticket=a+b%26c"
    built = client._caller._http.build_request("GET", "me")  # noqa: SLF001
    assert str(built.url) == "https://un.example.org/rooms/budapest/api/v1/me"


def test_a_closed_client_says_so(served: Any) -> None:
    client = Client(served.url, TOKEN)
    client.close()
    with pytest.raises(RuntimeError, match="closed"):
        client.me()


def test_pauses_double_to_their_end_and_are_never_alike() -> None:
    patience = Patience(Pace(patience=10**6, first=1, longest=8), now=lambda: 0.0)
    pauses = [patience.pause(OSError()) for _ in range(50)]
    for pause, longest in zip(pauses, [1, 2, 4] + [8] * 47, strict=True):
        assert longest / 10 <= pause <= longest
    assert len(set(pauses)) == 50
    patience.restore()
    assert patience.pause(OSError()) <= 1


def test_patience_ends_when_its_time_is_up_and_begins_anew_when_all_is_well() -> None:
    clock = [0.0]
    patience = Patience(Pace(patience=60, first=1, longest=1), now=lambda: clock[0])
    clock[0] = 58
    patience.pause(OSError())
    clock[0] = 60
    with pytest.raises(Unreachable, match="the cable"):
        patience.pause(OSError("the cable"))
    patience.restore()
    clock[0] = 118
    patience.pause(OSError())


def test_infinite_patience_does_not_end() -> None:
    patience = Patience(Pace(patience=float("inf")))
    assert max(patience.pause(OSError()) for _ in range(2000)) <= 15


def test_ids_are_ulids_of_their_time() -> None:
    ids = [mint() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert all(re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", command_id) for command_id in ids)
    assert [command_id[:9] for command_id in ids] == sorted(command_id[:9] for command_id in ids)
