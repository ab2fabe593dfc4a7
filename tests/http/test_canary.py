"""What one delegation keeps to itself is found nowhere else: not in any answer, frame, file, refusal, measure or log.

Strings that stand nowhere else are left wherever something private can be written. Then everybody else asks every
address there is for everything there is. Who may read what is written by hand where it is left.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from drafting.commands.credentials import appoint_administrator
from drafting.queries import people
from tests.http.crawling import Heard, Known, crawl
from tests.http.hosting import hosted
from tests.http.leaving import ASKED, CAPACITIES, Played, leave_everything

OTHERS = ("bor", "cal", "observer", "chair", "sec", "notes", "faci", "root", "")
"""Everybody but ARV: BOR is with ARV in a closed group, ``faci`` is its facilitator; ``root`` runs the machine and has
no part in the process, and the last is not signed in.
"""


class Logs(logging.Handler):
    """Keeps what the service logs, tracebacks and all."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.split(".")[0] in {"drafting", "storage", "uvicorn", "fastapi", "sqlalchemy"}:
            self.lines.append(f"{logging.Formatter().format(record)} {record.__dict__}")


@contextmanager
def logged() -> Iterator[Logs]:
    logs, root, own = Logs(), logging.getLogger(), logging.getLogger("drafting")
    before = own.level
    own.setLevel(logging.DEBUG)
    root.addHandler(logs)
    yield logs
    root.removeHandler(logs)
    own.setLevel(before)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    with logged() as logs, hosted(tmp_path_factory.mktemp("home")) as room:
        found = Played(room)
        at = room.house.now()
        room.house.database.write(lambda tx: appoint_administrator(tx, "root", "Root", at, room.house.mint)).result()
        room.accredit("aclerk", "clerk:ARV")
        leave_everything(found)
        found.log = logs.lines
        yield found


def probes(room: Played, capacity: str) -> list[dict[str, Any]]:
    """Give commands on what is ARV's own; nobody else may know that it is there."""
    amendment, comment, position = room.private["amendment"], room.private["comment"], room.private["position"]
    draft, quote = room.private["draft"], {"quote": "States", "start": 0, "end": 6}
    asked: list[dict[str, Any]] = [
        {"kind": "revise_draft", "amendment": amendment, "revision": 2, "edits": room.room.proposal("No.")["edits"]},
        {"kind": "discard_draft", "amendment": amendment},
        {"kind": "clear_amendment", "amendment": amendment},
        {"kind": "sponsor_amendment", "amendment": amendment},
        {"kind": "withdraw_amendment", "amendment": amendment, "reason": ""},
        {"kind": "post_comment", "amendment": amendment, "body": "What is this?"},
        {"kind": "post_comment", "reply_to": comment, "body": "What is this?"},
        {"kind": "resolve_comment", "comment": comment},
        {"kind": "take_position", "amendment": amendment, "stand": "support"},
        {"kind": "clear_position", "position": position, "audience": "all"},
        {"kind": "withdraw_position", "position": position},
        {"kind": "take_up_text", "version": room.private["version"], "name": "Taken up"},
        {"kind": "lock_section", "draft": draft, "section": room.room.sections[2]},
        {"kind": "unlock_section", "draft": draft, "section": room.room.sections[3]},
        {"kind": "reset_section", "draft": draft, "section": room.room.sections[2]},
        {"kind": "carry_over_draft", "draft": draft},
        {"kind": "table_from_draft", "draft": draft, "round": room.room.round, "sections": [room.room.sections[2]]},
        {"kind": "revise_from_draft", "draft": draft, "amendment": amendment, "revision": 1},
        {"kind": "post_comment", "draft": draft, "section": room.room.sections[2], "target": quote, "body": "What?"},
    ]
    return [{"capacity": capacity, "document": room.room.document, **one} for one in asked]


def harvest(room: Played) -> tuple[Known, Heard]:
    """Know what there is to ask for, from what ARV is answered; and give that."""
    known = Known({**ASKED, "document": [], "version": [], "section": [], "round": [], "draft": []})
    with room.room.client("arv") as client:
        known.harvest(client.get("/api/v1/documents").text)
        for document in known.of("document"):
            known.harvest(client.get(f"/api/v1/documents/{document}/snapshot").text)
    own = crawl(room.room, "arv", known)
    for _, said in own.said:
        known.harvest(said)
    return known, own


def seen_by(heard: dict[str, Heard], words: str) -> set[str]:
    return {handle for handle, one in heard.items() if one.where(words)}


def test_nobody_finds_what_is_private_and_who_may_read_it_does(played: Played) -> None:
    known, own = harvest(played)
    heard = {
        handle: crawl(played.room, handle, known, probes(played, CAPACITIES.get(handle, "facilitator:CG1")))
        for handle in OTHERS
    }
    expected = {what: readers for what, (_, readers) in played.canaries.items()}
    assert {what: seen_by(heard, words) for what, (words, _) in played.canaries.items()} == expected
    kept = {what for what, (words, _) in played.canaries.items() if own.where(words)}
    assert len(kept) > len(expected) / 2, "ARV finds what it wrote"
    log = "\n".join(played.log)
    assert "GET" in log
    assert [what for what, (words, _) in played.canaries.items() if words in log] == []


def test_a_leak_would_be_found(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = played.private["draft"]
    about = {"document": [played.room.document], "draft": [draft]}
    known = Known({**ASKED, "version": [], "section": [], "round": [], **about})
    monkeypatch.setattr(people, "reads", lambda *_: True)
    heard = crawl(played.room, "cal", known, only=played.room.document)
    places = {
        draft: "the words of a working draft",
        "snapshot": "a draft's rationale",
        "socket": "a comment to the own side",
        "events": "a text of the group",
    }
    for place, what in places.items():
        found = heard.where(played.canaries[what][0])
        assert any(address.endswith(place) for address in found), (place, found)
