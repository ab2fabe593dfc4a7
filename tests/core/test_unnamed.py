"""Unnamed circulation: who proposes, comments and stands where is known to the desk, and to each of its own."""

import re
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from drafting.protocol.events import PAYLOADS
from drafting.protocol.views import AmendmentView, Snapshot
from drafting.queries.brackets import bracketing
from drafting.queries.compare import Wanted, gathered
from drafting.queries.compilation import compilation
from drafting.queries.documents import events_after
from drafting.queries.exports import redline_file
from drafting.queries.literal import printing
from drafting.queries.provenance import tracing
from drafting.queries.searching import search
from drafting.queries.status import where_it_stands
from drafting.queries.unnamed import NAMING, Unnamed, event_shown
from tests.casting import Cast, add, replace

BASE = "States shall take appropriate measures to protect migrants in transit."
ALL, SOME = BASE.replace("appropriate", "all necessary"), BASE.replace("transit", "need")
NEW = "se_" + "6" * 26


@pytest.fixture
def room(cast: Cast) -> Cast:
    """Everybody, a document whose proposals circulate without names, and an open round."""
    cast.take_in(unnamed=True)
    cast.open()
    return cast


@pytest.fixture
def held(cast: Cast) -> Cast:
    """The same, with a round whose proposals are held."""
    cast.take_in(unnamed=True)
    cast.open(mode="held")
    return cast


def whose(cast: Cast, handle: str) -> list[tuple[str, str, list[str]]]:
    """Say what amendments somebody sees: label, delegation, sponsors."""
    return [(one.label, one.delegation, one.sponsors) for one in cast.snapshot(handle).amendments]


def only(cast: Cast, handle: str) -> AmendmentView:
    (amendment,) = cast.snapshot(handle).amendments
    return amendment


def names_in(told: BaseModel | str) -> set[str]:
    """Find the codes and handles of ARV's and BOR's people in what was told."""
    said = told if isinstance(told, str) else told.model_dump_json()
    return set(re.findall(r"\b(?:ARV|BOR|arv|arv2|clerk|bor)\b", said))


def test_the_desk_knows_who_proposes_and_others_know_the_own_alone(room: Cast) -> None:
    room.table("arv", replace(room.sections[5], ALL))
    room.table("bor", replace(room.sections[5], SOME))
    for handle in ("sec", "notes", "chair"):
        assert whose(room, handle) == [("P1", "ARV", ["ARV"]), ("P2", "BOR", ["BOR"])]
    assert whose(room, "arv") == whose(room, "clerk") == [("P1", "ARV", ["ARV"]), ("P2", "", [])]
    assert whose(room, "bor") == [("P1", "", []), ("P2", "BOR", ["BOR"])]
    assert whose(room, "cal") == whose(room, "watch") == [("P1", "", []), ("P2", "", [])]


def test_what_was_held_is_numbered_when_it_circulates_in_the_order_of_the_text(held: Cast) -> None:
    # Tabled first, by the delegation whose code comes first, and last in the text.
    held.table("arv", replace(held.sections[10], "The Secretariat keeps a list."))
    held.table("cal", replace(held.sections[2], "*Recalling* the dignity of all,"))
    held.table("bor", add(held.sections[5], "A new one.", NEW))
    gone = held.table("bor", replace(held.sections[6], "States shall report."))
    held.do("bor", "withdraw_amendment", amendment=gone)
    assert whose(held, "arv") == [("ARV-1", "ARV", ["ARV"])]
    assert whose(held, "watch") == []
    held.do("sec", "circulate_amendments", round=held.round)
    assert whose(held, "watch") == [("P1", "", []), ("P2", "", []), ("P3", "", [])]
    assert whose(held, "sec") == [
        ("BOR-2", "BOR", ["BOR"]),
        ("P1", "CAL", ["CAL"]),
        ("P2", "ARV", ["ARV"]),
        ("P3", "BOR", ["BOR"]),
    ]
    assert held.verify().findings == []


def test_a_neutral_number_is_kept_by_what_is_withdrawn_and_never_used_again(room: Cast) -> None:
    first = room.table("arv", replace(room.sections[5], ALL))
    room.do("arv", "withdraw_amendment", amendment=first)
    made = room.do("arv", "table_amendment", **room.proposed(replace(room.sections[5], SOME))).made
    assert made["label"] == "P2"
    room.do("arv", "revise_amendment", amendment=made["amendment"], revision=1, edits=[replace(room.sections[5], ALL)])
    assert [one.label for one in room.snapshot("watch").amendments] == ["P1", "P2"]


def test_an_event_names_who_did_it_to_the_desk_and_to_the_own_side(room: Cast) -> None:
    room.table("arv2", replace(room.sections[5], ALL))
    told = {handle: room.events(handle)[-1] for handle in ("sec", "clerk", "bor", "watch")}
    said = {handle: (event.by, event.capacity, event.payload["amendment"]["label"]) for handle, event in told.items()}
    named, hidden = ("arv2", "delegate:ARV", "P1"), ("", "delegation", "P1")
    assert said == {"sec": named, "clerk": named, "bor": hidden, "watch": hidden}
    assert [event.kind for event in told.values()] == ["amendment_tabled"] * 4
    assert (names_in(told["bor"]), names_in(told["watch"])) == (set(), set())


def test_comments_say_no_more_than_that_a_delegation_speaks(room: Cast) -> None:
    room.do("arv", "post_comment", section=room.sections[5], body="Why so?")
    room.do("sec", "post_comment", section=room.sections[5], body="It was asked for.")
    room.do("clerk", "post_comment", section=room.sections[5], body="Between us.", audience="own")
    said = [(one.delegation, one.by, one.capacity) for one in room.snapshot("bor").comments]
    assert said == [("", "", "delegation"), (None, "", "secretary")]
    own = [(one.delegation, one.by, one.capacity) for one in room.snapshot("arv").comments]
    assert own == [("ARV", "arv", "head:ARV"), (None, "", "secretary"), ("ARV", "clerk", "clerk:ARV")]
    everybody = [(one.delegation, one.by, one.capacity) for one in room.snapshot("chair").comments]
    assert everybody == [("ARV", "arv", "head:ARV"), (None, "sec", "secretary")]


def test_objections_count_and_are_not_named(room: Cast) -> None:
    one = room.sections[5]
    amendment = room.table("arv", replace(one, ALL))
    room.do("bor", "take_position", amendment=amendment, stand="cannot_accept")
    room.do("cal", "take_position", amendment=amendment, stand="cannot_accept", audience="chair")
    assert [(p.delegation, p.by, p.stand) for p in room.snapshot("watch").positions] == [("", "", "cannot_accept")]
    assert [p.delegation for p in room.snapshot("cal").positions] == ["", "CAL"]
    assert [p.delegation for p in room.snapshot("chair").positions] == ["BOR", "CAL"]
    room.close()
    room.decide(one, [amendment], "incorporate", "chair")
    room.issue()
    seen = {handle: room.snapshot(handle).decisions[0] for handle in ("sec", "bor", "cal")}
    assert {handle: (d.outcome, d.objections) for handle, d in seen.items()} == {
        "sec": ("bracket", ["BOR"]),
        "bor": ("bracket", ["BOR"]),
        "cal": ("bracket", []),
    }
    assert (seen["cal"].by, seen["cal"].capacity, seen["sec"].by) == ("", "chair", "chair")


def test_who_is_entered_with_others_learns_of_itself_alone(held: Cast) -> None:
    held.enter("notes", "ARV", replace(held.sections[5], ALL), sponsors=["BOR"])
    assert (only(held, "bor").label, only(held, "bor").sponsors, only(held, "bor").delegation) == ("held", ["BOR"], "")
    assert (only(held, "bor").entry.sponsors, only(held, "bor").audience) == (["BOR"], "secretariat+BOR")  # type: ignore[union-attr] # it was entered
    assert (only(held, "arv").label, only(held, "arv").sponsors) == ("ARV-1", ["ARV"])
    assert only(held, "sec").sponsors == ["ARV", "BOR"]
    assert names_in(held.events("bor")[-1]) == {"BOR"}


def test_streams_that_name_others_are_told_apart_without_their_names(held: Cast) -> None:
    for other in ("BOR", "CAL", "BOR"):
        held.enter("notes", "ARV", replace(held.sections[5], ALL), sponsors=[other])
    who, cursors = held.reader("arv"), held.house.cursors
    logged = held.house.database.read(lambda tx: events_after(tx, held.document, 0))[-3:]
    told = [event_shown(one.view, who, lambda name: cursors.alias(held.document, name)) for one in logged]
    with_bor, with_cal, again = (event.stream for event in told)
    assert with_bor == again != with_cal
    assert [re.sub("~[0-9a-f]{16}$", "~", event.stream) for event in told] == ["secretariat+ARV+~"] * 3
    assert [event.seq for event in told] == [1, 1, 2]
    named = event_shown(logged[0].view, held.reader("sec"), str)
    assert named == logged[0].view


def test_who_issued_a_version_is_known_to_the_desk(room: Cast) -> None:
    assert [room.snapshot(handle).versions[0].issued_by for handle in ("chair", "arv", "watch")] == ["sec", "", ""]
    assert room.issued("watch", room.version).version.issued_by == ""


def test_a_refusal_names_nobody(room: Cast) -> None:
    amendment = room.table("arv", replace(room.sections[5], ALL))
    room.do("bor", "sponsor_amendment", amendment=amendment)
    room.do("cal", "sponsor_amendment", amendment=amendment)
    refusal = room.refused("arv", "withdraw_amendment", amendment=amendment)
    assert refusal.detail == "other delegations would lose P1: leave it, and they maintain it."
    assert (refusal.code, refusal.facts) == ("conflict", {"sponsors": ["ARV"]})


def test_a_refusal_about_what_is_held_names_nobody(held: Cast) -> None:
    amendment = held.enter("notes", "ARV", replace(held.sections[5], ALL), sponsors=["BOR"])
    held.do("bor", "leave_amendment", amendment=amendment)
    refusal = held.refused("bor", "leave_amendment", amendment=amendment)
    assert refusal.detail == "BOR does not hold the amendment."
    assert held.refused("arv", "leave_amendment", amendment=amendment).detail == "Nobody else holds ARV-1: withdraw it."


def test_those_in_a_closed_group_are_not_named_and_the_group_is(room: Cast) -> None:
    room.do("chair", "found_group", code="CG1", name="Friends of OP1", members=["ARV", "BOR"])
    room.do("root", "accredit_participant", handle="watch", name="Watch", capacities=["facilitator:CG1"])
    draft = room.draft("arv", replace(room.sections[5], ALL), group="CG1")
    assert (only(room, "bor").label, only(room, "bor").delegation) == ("CG1 draft 1", "CG1")
    said = {"group": "CG1", "amendment": draft, "sponsors": ["ARV", "BOR"]}
    assert room.do("watch", "report_back", capacity="facilitator:CG1", **said).made["label"] == "P1"
    assert whose(room, "cal") == [("P1", "CG1", [])]
    assert [(group.code, group.members) for group in room.snapshot("cal").groups] == [("CG1", [])]
    assert whose(room, "bor") == [("P1", "CG1", ["BOR"])]
    assert room.snapshot("bor").groups[0].members == ["BOR"]


def test_a_printed_compilation_has_labels_in_the_place_of_names(room: Cast) -> None:
    # Both are ARV's: to its own and to the desk they print as one wording of ARV's.
    room.table("arv", replace(room.sections[5], ALL))
    room.table("arv", replace(room.sections[5], BASE.replace("migrants", "all migrants")))

    def printed(handle: str) -> str:
        who = room.reader(handle)
        found = room.house.database.read(lambda tx: printing(tx, who, None))
        return next(p.text for p in found.view().paragraphs if p.section == room.sections[5])

    apart = "States shall take [appropriate] [P1: all necessary] measures to protect [P2: all] migrants in transit."
    assert printed("watch") == printed("bor") == apart
    assert printed("sec") == apart.replace("P1", "ARV").replace("P2", "ARV")


def settled(room: Cast) -> None:
    """Play a round in which ARV's and BOR's words come into the text, some bracketed, and something is agreed."""
    one, other = room.sections[5], room.sections[9]
    first = room.table("arv", replace(one, ALL), rationale="Shorter.")
    second = room.table("bor", replace(other, "[States may ask for assistance.]"), add(one, "A new one.", NEW))
    room.do("cal", "sponsor_amendment", amendment=first)
    room.do("bor", "take_position", section=one, stand="retain", note="As it stands.")
    room.do("sec", "set_status", section=one, version=room.version, status="agreed_ad_referendum", awaiting=["BOR"])
    room.close()
    room.decide(one, [first], "incorporate")
    room.decide(other, [second], "incorporate")
    room.decide(NEW, [second], "incorporate")


def test_all_that_is_worked_out_names_nobody(room: Cast) -> None:
    settled(room)
    first = room.version

    def told(handle: str) -> dict[str, set[str]]:
        who = room.reader(handle)

        def look(tx: Any) -> dict[str, set[str]]:
            return {
                "compilation": names_in(compilation(tx, who, first)),
                "literal": names_in(printing(tx, who, first).text()),
                "provenance": names_in(tracing(tx, who, None).view()),
                "brackets": names_in(bracketing(tx, who, None, lifted=True).view()),
                "standing": names_in(where_it_stands(tx, who)),
                "search": {name for hit in search(tx, who, "new") for name in names_in(hit)},
                "redline": names_in(" ".join(one.author for one in redline_file(tx, who, None, None).signed.values())),
            }

        return room.house.database.read(look)

    room.issue()
    assert set().union(*told("watch").values(), *told("cal").values()) == set()
    assert told("sec") == {
        "compilation": {"ARV", "BOR"},
        "literal": {"ARV", "BOR"},
        "provenance": {"ARV", "BOR"},
        "brackets": {"BOR"},
        "standing": {"ARV", "BOR"},
        "search": set(),
        "redline": set(),
    }
    who = room.reader("sec")
    signed = room.house.database.read(lambda tx: redline_file(tx, who, None, None).signed)
    assert {one.author for one in signed.values()} == {"P1", "P2"}, "a file is passed on"


def test_a_search_for_whose_changes_they_are_finds_only_the_own(room: Cast) -> None:
    settled(room)
    old = room.version
    new = room.issue()

    def found(handle: str, code: str) -> int:
        who = room.reader(handle)
        wanted = Wanted(delegations=frozenset({code}))
        return len(room.house.database.read(lambda tx: gathered(tx, who, old, new, wanted).view()).changes)

    assert [found("sec", "ARV"), found("arv", "ARV"), found("bor", "ARV"), found("watch", "ARV")] == [1, 1, 0, 0]
    assert [found("bor", "BOR"), found("cal", "BOR")] == [2, 0]


def test_somebody_of_the_desk_who_also_acts_for_a_delegation_knows_the_names(room: Cast) -> None:
    room.table("bor", replace(room.sections[5], ALL))
    room.do("root", "accredit_participant", handle="arv", name="Arv", capacities=["chair"])
    assert whose(room, "arv") == [("P1", "BOR", ["BOR"])]


SAYS_NO_NAME = {
    *(
        "account",
        "after",
        "alternative_to",
        "amendment",
        "amendments",
        "at",
        "base",
        "basis",
        "body",
        "circulated",
        "code",
        "comment",
    ),
    *("comments", "confirmed", "cursor", "deadline", "decided", "decision", "decisions", "deleted", "dissolved"),
    *("document", "edits", "end", "entry", "group", "groups", "hash", "hunks", "id", "issued_at", "kind", "language"),
    *("late", "level", "log_head", "mode", "name", "new", "note", "number", "old", "op", "opened_at", "ordinal"),
    *("outcome", "parent", "placement_note", "placement_pending", "position", "positions", "procedure", "process"),
    *("quote", "rationale", "reason", "recalled", "renumbering", "reopened", "replaced", "replaced_by", "reply_to"),
    *("reservation", "resolved", "revisions", "round", "rounds", "section", "section_kind", "sections", "source"),
    *("stand", "standing", "start", "state", "status", "statuses", "superseded_by", "supersedes", "symbol", "target"),
    *("draft", "drafted", "anchor", "locked", "working_drafts"),
    *("open", "pieces", "current", "proposed", "remark"),
    *("text", "texts", "title", "touches", "undone", "unnamed", "version", "versions", "withdrawn"),
}
"""Fields of what readers are told in which no delegation and no person is named."""


def fields_of(model: type[BaseModel], found: set[str]) -> set[str]:
    """Name every field of a model and of those in it."""
    for name, field in model.model_fields.items():
        found.add(name)
        waiting = [field.annotation]
        while waiting:
            inside = waiting.pop()
            waiting += get_args(inside)
            if isinstance(inside, type) and issubclass(inside, BaseModel):
                fields_of(inside, found)
    return found


def test_every_field_that_is_told_is_known_to_name_somebody_or_not_to() -> None:
    # What happens to a process and its people is in no document's feed.
    told = [model for model in PAYLOADS if not model.__module__.endswith(".house")]
    everything = set().union(*(fields_of(model, set()) for model in [Snapshot, *told]))
    assert everything - SAYS_NO_NAME == NAMING.keys() & everything
    assert not SAYS_NO_NAME - everything


def test_whose_a_working_draft_is_is_told_to_whose_it_is_and_to_the_desk(room: Cast) -> None:
    room.do("chair", "found_group", code="CG1", name="Friends of OP1", members=["ARV", "BOR"])
    drafts = [room.working("bor"), room.working("bor", group="CG1"), room.working("notes")]
    shown = {one.id: (one.side, one.audience) for one in room.snapshot("bor").working_drafts}
    assert [shown[draft] for draft in drafts] == [("BOR", "delegation:BOR"), ("CG1", "group:CG1"), ("", "all")]
    assert {one.side for one in room.snapshot("arv").working_drafts} == {"CG1", ""}
    told = Unnamed(frozenset({"ARV"})).of(room.snapshot("bor").working_drafts)
    assert {one.side for one in told} == {"CG1", ""}, "were it ever shown to others, it would name nobody"
