"""From working draft to amendment: what is tabled, what is revised, and what is put on screen."""

from typing import Any

import pytest

from drafting.crdt.replica import DraftChange, DraftedLine, Replica, SetOutline, SetText
from drafting.domain.ranks import between
from drafting.protocol.views import AmendmentView, DraftLineView, WorkingTextView
from drafting.protocol.words import SectionKind
from drafting.queries.working_text import working_text
from storage import updates
from tests.casting import Cast, delete, replace

OPERATIVE = SectionKind.OPERATIVE
NEW = "se_" + "9" * 26
NEWER = "se_" + "8" * 26
FACILITATOR = "facilitator:CG1"


def text(room: Cast, handle: str, draft: str) -> WorkingTextView:
    who = room.reader(handle)
    return room.house.database.read(lambda tx: working_text(tx, who, draft))


def line(room: Cast, draft: str, section: str, handle: str = "arv") -> DraftLineView:
    return next(line for line in text(room, handle, draft).lines if line.section == section)


def rank(room: Cast, draft: str, place: int) -> str:
    """Give a rank just behind a place in the draft."""
    stored = room.house.database.read(lambda tx: updates.load(tx.session, draft))
    assert stored is not None
    lines = Replica.of(stored.state, stored.updates).lines()
    return between(lines[place].rank, lines[place + 1].rank)


def added(room: Cast, draft: str, place: int, section: str = NEW) -> DraftChange:
    return DraftedLine(section, OPERATIVE, 1, rank(room, draft, place), "States shall share what they know.")


def amendments(room: Cast, handle: str) -> list[AmendmentView]:
    return room.snapshot(handle).amendments


def said(room: Cast, draft: str, *sections: str, **more: Any) -> dict[str, Any]:
    return {"draft": draft, "round": room.round, "sections": list(sections), **more}


@pytest.fixture
def draft(room: Cast) -> str:
    """ARV's working draft: OP1 reworded, OP3 struck, a paragraph after OP4."""
    draft = room.working("clerk")
    room.type_in(
        draft,
        SetText(room.sections[5], "States shall take all necessary measures to protect migrants in transit."),
        SetOutline(room.sections[9], removed=True),
        added(room, draft, 10),
    )
    return draft


NECESSARY = "States shall take all necessary measures to protect migrants in transit."


def test_what_a_draft_makes_of_its_base_is_told_section_by_section(room: Cast, draft: str) -> None:
    changed = {one.section: str(one.change) for one in text(room, "arv", draft).lines if one.change != "none"}
    assert changed == {room.sections[5]: "edited", room.sections[9]: "removed", NEW: "added"}


def test_each_section_is_tabled_as_an_amendment_of_its_own(room: Cast, draft: str) -> None:
    made = room.do("arv", "table_from_draft", **said(room, draft, NEW, room.sections[5], rationale="For clarity.")).made
    first, second = amendments(room, "bor")
    assert [one.label for one in (first, second)] == ["ARV-1", "ARV-2"]
    assert [edit.model_dump(exclude_defaults=True) for one in (first, second) for edit in one.revision.edits] == [
        {"section": room.sections[5], "text": NECESSARY},
        {
            "after": room.sections[10],
            "section": NEW,
            "section_kind": "operative",
            "level": 1,
            "text": "States shall share what they know.",
        },
    ]
    assert {one.revision.rationale for one in (first, second)} == {"For clarity."}
    assert made == {room.sections[5]: first.id, NEW: second.id}


def test_several_sections_are_tabled_together(room: Cast, draft: str) -> None:
    sections = (room.sections[5], room.sections[9], NEW)
    made = room.do("arv2", "table_from_draft", **said(room, draft, *sections, together=True)).made
    (one,) = amendments(room, "bor")
    assert (made["amendment"], made["label"]) == (one.id, "ARV-1")
    assert set(one.touches) == set(sections)


def test_the_draft_stays_as_it_is_and_says_what_was_tabled_from_it(room: Cast, draft: str) -> None:
    before = text(room, "arv", draft)
    made = room.do("arv", "table_from_draft", **said(room, draft, room.sections[5])).made
    after = text(room, "clerk", draft)
    assert [one.text for one in after.lines] == [one.text for one in before.lines]
    tie = line(room, draft, room.sections[5]).tie
    assert tie is not None
    assert (tie.amendment, tie.label, tie.state, tie.revision, tie.same) == (
        made["amendment"],
        "ARV-1",
        "tabled",
        1,
        True,
    )
    assert line(room, draft, NEW).tie is None


def test_the_tie_says_when_draft_and_amendment_say_different_things(room: Cast, draft: str) -> None:
    one = room.sections[5]
    tabled = room.do("arv", "table_from_draft", **said(room, draft, one)).made["amendment"]

    def alike() -> bool:
        tie = line(room, draft, one).tie
        assert tie is not None
        return tie.same

    room.type_in(draft, SetText(one, "States shall act."))
    assert not alike()
    revision = {"amendment": tabled, "edits": [replace(one, "States shall act.")]}
    room.do("arv", "revise_amendment", revision=1, **revision)
    assert alike()
    revision["edits"] = [replace(one, "States may act.")]
    room.do("arv", "revise_amendment", revision=2, **revision)
    assert not alike()


def test_further_editing_revises(room: Cast, draft: str) -> None:
    sections = (room.sections[5], room.sections[9])
    tabled = room.do("arv", "table_from_draft", **said(room, draft, *sections, together=True)).made["amendment"]
    revise = {"draft": draft, "amendment": tabled}
    assert room.code("arv", "revise_from_draft", revision=1, **revise) == "no_change"
    room.type_in(draft, SetText(room.sections[5], "States shall act."))
    assert room.code("arv", "revise_from_draft", revision=2, **revise) == "stale"
    room.do("arv", "revise_from_draft", revision=1, rationale="Shorter.", **revise)
    (one,) = amendments(room, "bor")
    assert [edit.model_dump(exclude={"op"}) for edit in one.revision.edits] == [
        {"section": room.sections[5], "text": "States shall act."},
        {"section": room.sections[9]},
    ]
    assert (one.revision.number, one.revision.rationale) == (2, "Shorter.")
    assert room.events("bor")[-1].kind == "amendment_redrafted"


def test_a_section_that_was_reset_drops_out_of_the_next_revision_and_with_the_last_one_there_is_none(
    room: Cast, draft: str
) -> None:
    sections = (room.sections[5], room.sections[9])
    tabled = room.do("arv", "table_from_draft", **said(room, draft, *sections, together=True)).made["amendment"]
    revise = {"draft": draft, "amendment": tabled}
    room.do("clerk", "reset_section", draft=draft, section=room.sections[9])
    room.do("arv", "revise_from_draft", revision=1, **revise)
    assert amendments(room, "bor")[0].touches == [room.sections[5]]
    room.do("clerk", "reset_section", draft=draft, section=room.sections[5])
    refused = room.refused("arv", "revise_from_draft", revision=2, **revise)
    assert refused.code == "no_change"
    assert "withdraw" in refused.detail


def test_what_an_amendment_says_besides_stays_when_it_is_revised_from_the_draft(room: Cast, draft: str) -> None:
    tabled = room.do("arv", "table_from_draft", **said(room, draft, room.sections[5])).made["amendment"]
    edits = [replace(room.sections[5], NECESSARY), delete(room.sections[2])]
    room.do("arv", "revise_amendment", amendment=tabled, revision=1, edits=edits)
    room.type_in(draft, SetText(room.sections[5], "States shall act."))
    room.do("arv", "revise_from_draft", draft=draft, amendment=tabled, revision=2)
    assert set(amendments(room, "bor")[0].touches) == {room.sections[2], room.sections[5]}


def test_a_section_is_tabled_once_while_its_amendment_lives_and_again_when_it_was_withdrawn(
    room: Cast, draft: str
) -> None:
    tabled = room.do("arv", "table_from_draft", **said(room, draft, NEW)).made["amendment"]
    refused = room.refused("arv", "table_from_draft", **said(room, draft, room.sections[5], NEW))
    assert (refused.code, refused.facts) == ("already_exists", {"amendment": tabled, "section": NEW})
    assert len(amendments(room, "bor")) == 1
    room.do("arv", "withdraw_amendment", amendment=tabled)
    tie = line(room, draft, NEW).tie
    assert tie is not None
    assert tie.state == "withdrawn"
    again = room.do("arv", "table_from_draft", **said(room, draft, NEW)).made
    assert again["label"] == "ARV-2"


def test_what_is_as_in_the_base_or_is_not_there_is_not_tabled(room: Cast, draft: str) -> None:
    assert room.code("arv", "table_from_draft", **said(room, draft, room.sections[6])) == "no_change"
    assert room.code("arv", "table_from_draft", **said(room, draft, NEWER)) == "unknown_section"
    room.type_in(draft, added(room, draft, 11, NEWER), SetText(NEWER, "  "))
    assert room.code("arv", "table_from_draft", **said(room, draft, NEWER)) == "no_change"


def test_nothing_is_tabled_from_a_draft_on_another_text_than_the_rounds(room: Cast, draft: str) -> None:
    room.close()
    room.issue()
    room.open(name="Second round")
    refused = room.refused("arv", "table_from_draft", **said(room, draft, room.sections[5]))
    assert (refused.code, refused.facts) == ("stale", {"base": room.version})
    room.do("clerk", "carry_over_draft", draft=draft)
    room.do("arv", "table_from_draft", **said(room, draft, room.sections[5]))


def test_who_drafts_does_not_table(room: Cast, draft: str) -> None:
    assert room.code("clerk", "table_from_draft", **said(room, draft, room.sections[5])) == "not_permitted"
    assert room.code("bor", "table_from_draft", **said(room, draft, room.sections[5])) == "unknown"
    more = said(room, draft, room.sections[5], sponsors=["BOR"])
    assert room.code("arv", "table_from_draft", **more) == "not_permitted"


def test_what_is_held_is_before_its_delegation_and_the_secretariat_alone(cast: Cast) -> None:
    cast.take_in()
    cast.open(mode="held")
    draft = cast.working("arv")
    cast.type_in(draft, SetText(cast.sections[5], "States shall act."))
    cast.do("arv", "table_from_draft", **said(cast, draft, cast.sections[5]))
    assert cast.events("sec")[-1].stream == "secretariat+ARV"
    assert [len(amendments(cast, who)) for who in ("arv", "sec", "bor", "chair")] == [1, 1, 0, 0]


def test_a_draft_is_named_to_nobody_who_may_not_read_it(room: Cast, draft: str) -> None:
    room.do("arv", "table_from_draft", **said(room, draft, room.sections[5]))
    assert draft not in str([event.payload for event in room.events("bor")])


def test_a_groups_draft_becomes_its_members_amendment(room: Cast) -> None:
    room.do("chair", "found_group", code="CG1", name="Friends of OP1", members=["ARV", "BOR"])
    room.do("sec", "accredit_participant", handle="fac", name="Fac", capacities=[FACILITATOR])
    draft = room.working("bor", group="CG1")
    room.type_in(draft, SetText(room.sections[5], "States shall act."))
    tabled = said(room, draft, room.sections[5], sponsors=["ARV", "BOR"])
    assert room.code("bor", "table_from_draft", **tabled) == "not_permitted"
    as_facilitator = {"capacity": FACILITATOR}
    assert room.code("fac", "table_from_draft", **as_facilitator, **{**tabled, "sponsors": ["CAL"]}) == "not_permitted"
    assert room.code("fac", "table_from_draft", **as_facilitator, **{**tabled, "sponsors": []}) == "malformed"
    made = room.do("fac", "table_from_draft", **as_facilitator, **tabled).made
    (one,) = amendments(room, "cal")
    assert (made["label"], one.label, one.group, one.sponsors) == ("CG1-1", "CG1-1", "CG1", ["ARV", "BOR"])
    room.type_in(draft, SetText(room.sections[5], "States may act."))
    revise = {"draft": draft, "amendment": one.id, "revision": 1}
    assert room.code("bor", "revise_from_draft", **revise) == "not_permitted"
    room.do("fac", "revise_from_draft", **as_facilitator, **revise)
    assert amendments(room, "cal")[0].revision.number == 2


def test_an_amendment_that_was_not_tabled_from_the_draft_is_not_revised_from_it(room: Cast, draft: str) -> None:
    tabled = room.table("arv", delete(room.sections[2]))
    assert room.code("arv", "revise_from_draft", draft=draft, amendment=tabled, revision=1) == "not_permitted"


def test_a_delegation_that_no_one_is_told_of_is_not_told_by_what_it_tables(cast: Cast) -> None:
    cast.take_in(unnamed=True)
    cast.open()
    draft = cast.working("arv")
    cast.type_in(draft, SetText(cast.sections[5], "States shall act."))
    cast.do("arv", "table_from_draft", **said(cast, draft, cast.sections[5]))
    cast.type_in(draft, SetText(cast.sections[5], "States may act."))
    tabled = amendments(cast, "arv")[0].id
    cast.do("arv", "revise_from_draft", draft=draft, amendment=tabled, revision=1)
    told = [event for event in cast.events("bor") if event.kind in {"draft_tabled", "amendment_redrafted"}]
    assert len(told) == 2
    assert not any(word in str(event) for event in told for word in ("ARV", "'arv'"))


def test_the_chairs_draft_is_issued_as_it_stands_on_screen(room: Cast) -> None:
    screen = room.working("notes")
    room.type_in(
        screen,
        SetText(room.sections[5], "States shall act.  "),
        SetOutline(room.sections[9], removed=True),
        SetOutline(room.sections[8], level=1),
        added(room, screen, 8),
    )
    version = room.do("notes", "issue_in_session", round=room.round, draft=screen).made["version"]
    room.type_in(screen, SetText(room.sections[5], "Typed after that."))
    issued = room.issued("bor", version)
    assert issued.version.name == "In-session 02 Mar 09.00"
    lines = {one.id: (one.label, one.level, one.text, one.deleted) for one in issued.sections}
    assert lines[room.sections[5]] == ("OP1", 1, "States shall act.", False)
    assert lines[NEW] == ("OP2bis", 1, "States shall share what they know.", False)
    assert lines[room.sections[9]] == ("OP3", 1, "", True)
    assert lines[room.sections[8]][1] == 1
    assert room.snapshot("bor").rounds[-1].state == "open"


def test_a_text_that_was_not_touched_is_issued_and_so_is_a_new_paragraph_twice(room: Cast) -> None:
    screen = room.working("chair")
    room.do("chair", "issue_in_session", round=room.round, draft=screen, name="As it was")
    room.type_in(screen, added(room, screen, 6))
    for name in ("First", "Second"):
        version = room.do("chair", "issue_in_session", round=room.round, draft=screen, name=name).made["version"]
        assert NEW in {one.id for one in room.issued("bor", version).sections}


def test_no_other_draft_is_issued_and_none_on_another_text(room: Cast, draft: str) -> None:
    assert room.code("sec", "issue_in_session", round=room.round, draft=draft) == "unknown"
    screen = room.working("notes")
    room.close()
    room.issue()
    room.open(name="Second round")
    assert room.code("sec", "issue_in_session", round=room.round, draft=screen) == "stale"


def test_the_log_and_the_tables_agree_after_all_this(room: Cast, draft: str) -> None:
    room.do("arv", "table_from_draft", **said(room, draft, room.sections[5], NEW))
    screen = room.working("notes")
    room.do("notes", "issue_in_session", round=room.round, draft=screen)
    room.do("clerk", "reset_section", draft=draft, section=room.sections[9])
    assert room.verify().findings == []
