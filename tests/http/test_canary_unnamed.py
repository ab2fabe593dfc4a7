"""Where proposals circulate without names, nobody but its own and the desk finds whose one is."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from websockets.sync.client import connect

from tests.http.crawling import Known, crawl, text_of
from tests.http.hosting import hosted
from tests.http.leaving import ASKED, CAPACITIES, Played

ARVS_NAMES = r"\bARV\b|Arvenia|\b[Aa]rv\b|\b[Aa]clerk\b"
"""ARV's code and name, and the handles and names of its people."""


TEXT = [
    "States shall take measures.",
    "States shall report every year.",
    "States may ask for assistance.",
    "The Secretariat keeps a register.",
    "States shall meet again.",
]


@pytest.fixture(scope="module")
def unnamed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """A room with a document whose proposals circulate without names; ARV has done there what one can do."""
    with hosted(tmp_path_factory.mktemp("home")) as here:
        room = Played(here)
        here.accredit("aclerk", "clerk:ARV")
        sections = [{"kind": "operative", "level": 1, "text": text} for text in TEXT]
        said = {"process": here.process, "title": "Unnamed", "symbol": "T/3", "sections": sections, "unnamed": True}
        made = room.do("sec", "import_document", **said)
        here.document, here.base = made["document"], made["version"]
        with here.client("sec") as client:
            asked = client.get(f"/api/v1/documents/{here.document}/snapshot").json()
        here.sections = [section["id"] for section in asked["sections"]]
        first_round(room)
        second_round(room)
        yield room


def opens(room: Played, name: str, mode: str) -> None:
    here = room.room
    said = {"base": here.base, "name": name, "deadline": here.house.now() + timedelta(days=1), "mode": mode}
    here.round = room.do("sec", "open_round", **said)["round"]


def tables(room: Played, handle: str, section: int, text: str) -> str:
    return room.do(handle, "table_amendment", **room.room.proposal(text, section))["amendment"]


def decides(room: Played, section: int, amendments: list[str], outcome: str) -> None:
    here = room.room
    with here.client("sec") as client:
        asked = client.get(f"/api/v1/documents/{here.document}/desk", params={"round": here.round}).json()
    (digest,) = (one["digest"] for one in asked["sections"] if one["section"]["id"] == here.sections[section])
    said = {"section": here.sections[section], "round": here.round, "amendments": amendments, "outcome": outcome}
    room.do("chair", "decide_section", **said, against=digest)


def first_round(room: Played) -> None:
    """Have ARV propose, sponsor, leave, comment and object in the open; issue what comes of it."""
    here = room.room
    opens(room, "First", "floor")
    one = tables(room, "arv", 0, "States shall take all measures.")
    drafted = room.do("aclerk", "draft_amendment", **here.proposal("States shall report [twice] a year.", 1))[
        "amendment"
    ]
    room.do("arv", "clear_amendment", amendment=drafted)
    joint = tables(room, "arv", 2, "States may ask for help.")
    for handle in ("cal", "bor"):
        room.do(handle, "sponsor_amendment", amendment=joint)
    room.do("arv", "leave_amendment", amendment=joint)
    theirs = tables(room, "bor", 3, "The Secretariat keeps a list.")
    room.do("arv", "take_position", amendment=theirs, stand="cannot_accept", audience="all", note="Not this.")
    target = {"quote": "register", "start": 24, "end": 32}
    said = {"audience": "all", "section": here.sections[3], "target": target}
    asked = room.do("arv", "post_comment", **said, body="Which one?")["comment"]
    room.do("bor", "post_comment", reply_to=asked, body="The old one.", audience="all")
    parked = tables(room, "arv", 4, "States shall meet every year.")
    proposed = here.proposal("States shall meet at once.", 4)
    said = {"base": proposed["base"], "edits": proposed["edits"], "name": "Chair's text", "audience": ["ARV", "BOR"]}
    room.do("chair", "propose_text", **said)
    agreed = {"section": here.sections[0], "version": here.base, "awaiting": ["ARV"]}
    room.do("sec", "set_status", **agreed, status="agreed_ad_referendum")
    for section, amendment in ((0, one), (1, drafted), (2, joint), (3, theirs)):
        decides(room, section, [amendment], "incorporate")
    decides(room, 4, [parked], "park")
    room.do("sec", "issue_in_session", round=here.round, name="At noon")
    room.do("sec", "close_round", round=here.round)
    here.base = room.do("sec", "issue_version", round=here.round, name="Rev.1")["version"]


def second_round(room: Played) -> None:
    """Have ARV propose what is held, in a closed group, and through the note-taker; circulate some of it."""
    here = room.room
    opens(room, "Second", "held")
    room.do("chair", "found_group", code="CG2", name="Friends of OP2", members=["ARV", "CAL"])
    here.accredit("faci", "facilitator:CG2")
    text = here.proposal("States shall report thrice a year.", 1)
    drafted = room.do("arv", "draft_amendment", **text, group="CG2")["amendment"]
    room.do("arv", "post_comment", section=here.sections[1], body="Thrice?", audience="group", group="CG2")
    said = {"group": "CG2", "amendment": drafted, "sponsors": ["ARV", "CAL"]}
    room.do("faci", "report_back", capacity="facilitator:CG2", **said)
    tables(room, "arv", 0, "States shall take every measure.")
    room.do("sec", "circulate_amendments", round=here.round)
    entered = {"delegation": "ARV", "sponsors": ["BOR"], "source": "floor"}
    room.do("notes", "enter_amendment", **here.proposal("States may ask for a loan.", 2), **entered)


def refused_ones(room: Played, handle: str) -> list[dict[str, Any]]:
    """Give commands on ARV's amendments that somebody else may see, and that are refused."""
    with room.room.client(handle) as client:
        seen = client.get(f"/api/v1/documents/{room.room.document}/amendments").json()["items"]
    about = {"capacity": CAPACITIES[handle], "document": room.room.document}
    return [
        probe | about | {"amendment": one["id"]}
        for one in seen
        if "BOR" not in one["sponsors"]
        for probe in (
            {"kind": "withdraw_amendment", "reason": ""},
            {"kind": "leave_amendment"},
            {"kind": "revise_amendment", "revision": 1, "edits": room.room.proposal("No.")["edits"]},
            {"kind": "table_amendment", "supersedes": [one["id"]], **room.room.proposal("No.")},
        )
    ]


NAMED = {
    *("amendments", "brackets", "carried", "comments", "compare", "compilation", "events", "literal", "news"),
    *("positions", "provenance", "snapshot", "socket", "standing", "versions"),
}
"""The addresses at which ARV's own people, and the desk, find its names."""


def test_nobody_but_its_own_and_the_desk_finds_whose_a_proposal_is(unnamed: Played) -> None:
    here = unnamed.room
    known = Known({**ASKED, "delegation": ["BOR"], "version": [], "section": [], "round": [], "draft": []})
    with here.client("arv") as client:
        known.harvest(client.get(f"/api/v1/documents/{here.document}/snapshot").text)
    heard = {"arv": crawl(here, "arv", known, only=here.document)}
    with connect(here.socket_address("arv")) as reading:
        for frame in ({"type": "subscribe", "after": None}, {"type": "here", "section": here.sections[0]}):
            reading.send(json.dumps({**frame, "document": here.document}))
        for handle in ("bor", "cal", "observer", "faci", "sec"):
            probes = refused_ones(unnamed, handle) if handle == "bor" else []
            heard[handle] = crawl(here, handle, known, probes, only=here.document)
    found = {handle: {place.rpartition("/")[2] for place in one.where(ARVS_NAMES)} for handle, one in heard.items()}
    assert {handle: found[handle] for handle in ("bor", "cal", "observer", "faci")} == {
        "bor": set(),
        "cal": set(),
        "observer": set(),
        "faci": set(),
    }
    assert found["arv"] >= NAMED
    assert found["sec"] >= NAMED | {"literal.txt", "tallies"}


def test_a_file_names_the_proposals_whoever_asks_for_it(unnamed: Played) -> None:
    for handle in ("arv", "bor", "sec"):
        with unnamed.room.client(handle) as client:
            address = f"/api/v1/documents/{unnamed.room.document}/export"
            written = text_of(client.get(address, params={"form": "redline"}))
        assert set(re.findall(r'w:author="([^"]*)"', written)) == {"P1", "P2", "P3", "P4"}
        assert re.search(ARVS_NAMES, written) is None


def test_who_is_present_is_named_to_its_own_and_to_the_desk(unnamed: Played) -> None:
    here = unnamed.room

    def present(handle: str) -> list[tuple[str, list[str], str | None]]:
        with connect(here.socket_address(handle)) as socket:
            socket.send(json.dumps({"type": "subscribe", "document": here.document, "after": None}))
            while True:
                frame = json.loads(socket.recv(10))
                told = [(one["handle"], one["capacities"], one["section"]) for one in frame.get("present", [])]
                whole = handle in {name for name, *_ in told} and any(where for *_, where in told)
                if whole and len(told) == 2:
                    return told

    section = here.sections[0]
    with connect(here.socket_address("arv")) as reading:
        for frame in ({"type": "subscribe", "after": None}, {"type": "here", "section": section}):
            reading.send(json.dumps({**frame, "document": here.document}))
        assert present("bor") == [("", ["delegation"], section), ("bor", ["head:BOR"], None)]
        assert present("aclerk") == [("aclerk", ["clerk:ARV"], None), ("arv", ["head:ARV"], section)]
        assert present("sec") == [("arv", ["head:ARV"], section), ("sec", ["secretary"], None)]
