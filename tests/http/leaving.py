"""A delegation that leaves its strings wherever something private can be written; and what may be asked for after."""

from datetime import timedelta
from typing import Any

import httpx
from websockets.sync.client import connect

from drafting.crdt.replica import Replica, SetText
from storage import updates
from storage.database import WriteTransaction
from tests.http.hosting import PEOPLE, Room

CAPACITIES = {**{handle: held[0] for handle, held in PEOPLE.items()}, "sec": "secretary", "aclerk": "clerk:ARV"}
NOBODY: set[str] = set()
HOUSE = {"sec", "notes"}
DESK = HOUSE | {"chair"}
GROUP = {"bor", "faci"}
EVERYONE = {"bor", "cal", "observer", "faci"} | DESK
ASKED = {
    "named": ["false"],
    "q": ["quetzal"],
    "form": ["clean", "redline", "compilation", "amendments", "comments", "decisions", "renumbering"],
    "file": ["docx", "xlsx"],
    "style": ["tracked", "literal"],
    "private": ["true"],
    "show": ["status", "brackets"],
    "line_numbers": ["false"],
    "delegation": ["ARV"],
    "group": ["CG1"],
    "wait": ["0"],
    "limit": ["500"],
    "lifted": ["true"],
    "patches": ["true"],
    "nature": ["substance"],
    "kind": ["edited"],
    "state": ["internal"],
}
"""What to ask with, besides ids and cursors."""


class Played:
    """A room in which ARV has left its strings: what each says, and who may read it besides ARV."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.canaries: dict[str, tuple[str, set[str]]] = {}
        self.private: dict[str, str] = {}
        self.log: list[str] = []

    def leave(self, what: str, readers: set[str]) -> str:
        """Give a string to be left somewhere, that those may read."""
        words = f"quetzal{len(self.canaries):02}"
        self.canaries[what] = words, readers
        return words

    def do(self, handle: str, kind: str, /, **said: Any) -> dict[str, str]:
        return self.room.do(handle, kind, said.pop("capacity", None) or CAPACITIES[handle], **said).made

    def proposes(self, what: str, readers: set[str], section: int = 2) -> dict[str, Any]:
        return self.room.proposal(f"States shall heed {self.leave(what, readers)}.", section)


def typed(room: Played, handle: str, words: str) -> str:
    """Open the working draft of somebody's side, and have words stand in it, as if they were typed; gives its id."""
    draft = room.do(handle, "open_working_draft")["draft"]

    def work(tx: WriteTransaction) -> None:
        stored = updates.load(tx.session, draft)
        assert stored is not None
        text = SetText(room.room.sections[2], f"States shall heed {words}.")
        tx.type_in(draft, Replica.of(stored.state, stored.updates).write([text]))

    room.room.house.database.write(work).result()
    return draft


def drafts(room: Played) -> None:
    gone = room.proposes("the text of a draft that was purged", NOBODY)
    room.do("aclerk", "draft_amendment", **gone, rationale=room.leave("why it was drafted", NOBODY))
    typed(room, "arv", room.leave("the words of a working draft that was purged", NOBODY))
    room.do("arv", "purge_drafts")
    room.private["draft"] = typed(room, "aclerk", room.leave("the words of a working draft", NOBODY))
    room.do("arv", "lock_section", draft=room.private["draft"], section=room.room.sections[3])
    typed(room, "notes", room.leave("the words on the screen", EVERYONE))
    text = room.proposes("the text of a draft", NOBODY)
    why, where = room.leave("a draft's rationale", NOBODY), room.leave("a draft's placement note", NOBODY)
    draft = room.do("aclerk", "draft_amendment", **text, rationale=why, placement_note=where)["amendment"]
    revised = {"edits": room.proposes("the text of a revised draft", NOBODY)["edits"], "revision": 1}
    room.do("aclerk", "revise_draft", amendment=draft, **revised)
    given_up = room.do("aclerk", "draft_amendment", **room.proposes("a draft that was discarded", NOBODY))["amendment"]
    room.do("aclerk", "discard_draft", amendment=given_up)
    room.private["amendment"] = draft


def discusses(room: Played) -> None:
    section = room.room.sections[2]

    def says(handle: str, what: str, readers: set[str], audience: str, **more: Any) -> str:
        said = {"section": section, "body": room.leave(what, readers), "audience": audience, **more}
        return room.do(handle, "post_comment", **said)["comment"]

    room.private["comment"] = says("arv", "a comment to the own side", NOBODY, "own")
    says("aclerk", "a reply to it", NOBODY, "all", reply_to=room.private["comment"])
    says("arv", "a comment to the secretariat", HOUSE, "secretariat")
    says("sec", "a comment within the secretariat", HOUSE, "own")
    says("chair", "a comment within the desk", DESK, "own")
    says("arv", "a comment to all", EVERYONE, "all")

    def stands(handle: str, what: str, readers: set[str], audience: str) -> str:
        said = {"section": section, "stand": "retain", "audience": audience, "note": room.leave(what, readers)}
        return room.do(handle, "take_position", **said)["position"]

    room.private["position"] = stands("aclerk", "an internal position", NOBODY, "own")
    stands("arv", "a position to the secretariat", HOUSE, "secretariat")
    stands("arv", "a position to the chair", {"chair"}, "chair")
    stands("arv", "a position to all", EVERYONE, "all")


def apart(room: Played) -> None:
    """Leave strings in a closed group, and in a text for chosen readers."""
    room.do("chair", "found_group", code="CG1", name="Friends of OP1", members=["ARV", "BOR"])
    room.room.accredit("faci", "facilitator:CG1")
    text = room.proposes("a text of the group", GROUP)
    room.do("arv", "draft_amendment", **text, group="CG1", rationale=room.leave("why the group drafted", GROUP))
    said = {"section": room.room.sections[2], "audience": "group", "group": "CG1"}
    room.do("arv", "post_comment", **said, body=room.leave("a comment in the group", GROUP))
    text = room.proposes("a chair's text for ARV", DESK)
    said = {"base": text["base"], "edits": text["edits"], "name": "Chair's text", "audience": ["ARV"]}
    note = room.leave("the note on that text", DESK)
    room.private["version"] = room.do("chair", "propose_text", **said, note=note)["version"]


def at_the_desk(room: Played) -> None:
    here = room.room
    with here.client("sec") as client:
        asked = client.get(f"/api/v1/documents/{here.document}/desk", params={"round": here.round}).json()
    section = here.sections[3]
    digest = next((one["digest"] for one in asked["sections"] if one["section"]["id"] == section), None)
    assert digest is not None
    said = {"section": section, "round": here.round, "amendments": [], "outcome": "redraft", "against": digest}
    text, reason = room.leave("a redraft at the desk", DESK), room.leave("why it was redrafted", DESK)
    room.do("chair", "decide_section", **said, text=f"States shall report on {text}.", reason=reason)


def asks_and_errs(room: Played) -> None:
    """Leave strings in what ARV sends and is refused, in what it asks for, and in the names of files."""
    here = room.room
    with here.client("arv") as client:
        name, text = room.leave("a refused file's name", NOBODY), room.leave("a refused file's text", NOBODY)
        assert imported(here, client, "head:ARV", f"{name}.txt", f"States shall heed {text}.") == 403
        field, words = room.leave("an unknown field", NOBODY), room.leave("a bad command", NOBODY)
        wrong = {"kind": "post_comment", "body": words, field: 1}
        body = {"id": here.house.mint.command(here.house.now()), "command": wrong}
        assert client.post("/api/v1/commands", json=body).status_code == 422
        sought = {"q": room.leave("what was searched for", NOBODY)}
        assert client.get(f"/api/v1/documents/{here.document}/search", params=sought).status_code == 200
    with connect(here.socket_address("arv")) as socket:
        socket.send(f'{{"type": "{room.leave("a bad frame", NOBODY)}"}}')
        assert "refusal" in str(socket.recv())
    with here.client("sec") as client:
        name = room.leave("the name of a file that was taken in", NOBODY)
        assert imported(here, client, "secretary", f"{name}.txt", "Call for Patience") == 200


def imported(room: Room, client: httpx.Client, capacity: str, name: str, text: str) -> int:
    id_ = room.house.mint.command(room.house.now())
    form = {"process": room.process, "symbol": "T/2", "capacity": capacity, "id": id_}
    return client.post("/api/v1/imports", data=form, files={"file": (name, text.encode())}).status_code


def holds(room: Played) -> None:
    """Leave strings in a round whose proposals are held, of a document of its own."""
    here, first = room.room, room.room.document
    here.import_text()
    room.do("sec", "close_round", round=here.round)
    room.do("sec", "issue_version", round=here.round, name="Rev.1")
    here.base = room_version(here)
    opened = {"base": here.base, "name": "Second", "deadline": here.house.now() + timedelta(days=1), "mode": "held"}
    here.round = room.do("sec", "open_round", **opened)["round"]
    room.do("arv", "table_amendment", **room.proposes("a held amendment", HOUSE))
    withdrawn = room.do("arv", "table_amendment", **room.proposes("a held one that was withdrawn", HOUSE))["amendment"]
    room.do("arv", "withdraw_amendment", amendment=withdrawn, reason=room.leave("why it was withdrawn", HOUSE))
    entered = {"delegation": "ARV", "sponsors": ["BOR"], "source": "floor"}
    room.do("notes", "enter_amendment", **room.proposes("one entered for ARV and BOR", HOUSE | {"bor"}), **entered)
    here.document = first


def room_version(room: Room) -> str:
    with room.client("sec") as client:
        newest: str = client.get(f"/api/v1/documents/{room.document}/versions").json()["items"][-1]["id"]
    return newest


def leave_everything(room: Played) -> None:
    """Leave a string wherever there is a place for one."""
    for leaves in (drafts, discusses, apart, at_the_desk, asks_and_errs, holds):
        leaves(room)
