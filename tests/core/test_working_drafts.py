"""Working drafts: whose they are, who finds them, whose hands are on them, and what they say at first."""

from collections.abc import Sequence

import pytest
from sqlmodel import SQLModel, select

from drafting.crdt.replica import DraftChange, DraftedLine, Replica, SetText
from drafting.protocol.problems import Refusal
from drafting.protocol.views import WorkingTextView
from drafting.protocol.words import SectionKind
from drafting.queries.working import Hand, hand, still
from drafting.queries.working_text import working_text
from storage import tables as t
from storage import updates
from storage.database import WriteTransaction
from storage.updates import Stored
from tests.casting import TEXT, Cast, delete, replace

HOUSE = {"sec", "chair", "notes"}
ARV = {"arv", "arv2", "clerk"}
EVERYBODY = {"sec", "chair", "notes", "watch", "arv", "arv2", "clerk", "bor", "cal"}


def stored(room: Cast, draft: str) -> Stored:
    found = room.house.database.read(lambda tx: updates.load(tx.session, draft))
    assert found is not None
    return found


def typed(room: Cast, draft: str, *changes: DraftChange) -> None:
    """Have somebody type, past the room."""

    def work(tx: WriteTransaction) -> None:
        before = updates.load(tx.session, draft)
        assert before is not None
        tx.type_in(draft, Replica.of(before.state, before.updates).write(changes))

    room.house.database.write(work).result()


def text(room: Cast, handle: str, draft: str) -> WorkingTextView:
    who = room.reader(handle)
    return room.house.database.read(lambda tx: working_text(tx, who, draft))


def at(room: Cast, handle: str, draft: str) -> Hand:
    person = room.person(handle)
    return room.house.database.read(lambda tx: hand(tx, person, draft))


def turned_away(room: Cast, handle: str, draft: str) -> tuple[object, ...] | None:
    """Give all that somebody is told who does not find the draft, but for its id."""
    try:
        at(room, handle, draft)
    except Refusal as refusal:
        return refusal.code, refusal.detail.replace(draft, "D"), *refusal.facts
    return None


def readers(room: Cast, draft: str) -> set[str]:
    """Name who finds the draft; the others are told what they are told of one that is not there."""
    told = {handle: turned_away(room, handle, draft) for handle in sorted(EVERYBODY | {"eve"})}
    nothing = ("unknown", "There is no working draft D that you may read.")
    assert all(answer in {None, nothing} for answer in told.values())
    assert turned_away(room, "eve", "dr_" + "0" * 26) == nothing
    return {handle for handle, answer in told.items() if answer is None}


def writers(room: Cast, draft: str) -> set[str]:
    return {handle for handle in readers(room, draft) if at(room, handle, draft).writes}


@pytest.fixture
def room(room: Cast) -> Cast:
    """The room, with ARV and BOR in a closed group, and Eve, who is in another process alone."""
    room.do("chair", "found_group", code="CG1", name="Friends of OP1", members=["ARV", "BOR"])
    other = room.do("root", "create_process", name="Another", secretary="sec").made["process"]
    room.do("sec", "accredit_participant", process=other, handle="eve", name="Eve", capacities=["chair", "secretary"])
    return room


def facilitated(room: Cast) -> None:
    room.do("sec", "accredit_participant", handle="watch", name="Watch", capacities=["facilitator:CG1"])


def test_a_draft_reads_at_first_as_the_basis_does(room: Cast) -> None:
    draft = room.working("clerk")
    shown = text(room, "arv2", draft)
    assert [(line.kind, line.level, line.label, line.text) for line in shown.lines] == TEXT
    assert [line.section for line in shown.lines] == room.sections
    assert {line.change for line in shown.lines} == {"none"}
    assert all(line.base_text == line.text and not line.removed and not line.locked for line in shown.lines)
    assert (shown.draft.kind, shown.draft.side, shown.draft.base) == ("delegation", "ARV", room.version)
    assert stored(room, draft).last == 1


def test_a_draft_opened_between_rounds_reads_as_the_newest_text_with_what_is_deleted_there_removed(room: Cast) -> None:
    amendment, gone = room.table("arv", replace(room.sections[5], "States shall act.")), room.sections[6]
    deletion = room.table("bor", delete(gone))
    room.close()
    room.decide(room.sections[5], [amendment], "incorporate")
    room.decide(gone, [deletion], "incorporate")
    room.issue()
    shown = text(room, "bor", room.working("bor"))
    lines = {line.section: line for line in shown.lines}
    assert shown.draft.base == room.version
    assert lines[room.sections[5]].text == "States shall act."
    assert (lines[gone].removed, lines[gone].text, lines[gone].label) == (True, "", "OP2")


def test_each_side_has_one_draft_and_a_second_is_refused_with_the_id_of_the_first(room: Cast) -> None:
    facilitated(room)
    drafts = {
        room.working("notes"): {"sec": {}, "chair": {}, "notes": {}},
        room.working("clerk"): {"arv": {}, "arv2": {}, "clerk": {}},
        room.working("bor", group="CG1"): {"clerk": {"group": "CG1"}, "watch": {"capacity": "facilitator:CG1"}},
        room.working("bor"): {"bor": {}},
    }
    assert len(drafts) == 4
    for draft, others in drafts.items():
        for handle, said in others.items():
            refusal = room.refused(handle, "open_working_draft", **said)
            assert (refusal.code, refusal.facts) == ("already_exists", {"draft": draft})


def test_the_facilitator_opens_the_groups_draft_without_naming_the_group(room: Cast) -> None:
    facilitated(room)
    draft = room.working("watch", capacity="facilitator:CG1")
    assert text(room, "bor", draft).draft.audience == "group:CG1"


def test_a_group_that_one_is_not_in_is_unknown(room: Cast) -> None:
    for handle in ("cal", "chair", "sec"):
        assert room.code(handle, "open_working_draft", group="CG1") == "unknown"
    assert room.code("arv", "open_working_draft", group="CG2") == "unknown"
    room.do("sec", "accredit_participant", handle="chair", name="Chair", capacities=["head:ARV"])
    assert room.code("chair", "open_working_draft", group="CG1") == "unknown", "not as the chair"
    room.working("chair", capacity="head:ARV", group="CG1")


def test_the_chairs_draft_is_for_all_to_watch_and_for_the_desk_to_type_in_while_a_round_goes_on(room: Cast) -> None:
    draft = room.working("notes")
    assert readers(room, draft) == EVERYBODY
    assert writers(room, draft) == HOUSE
    room.close()
    assert writers(room, draft) == HOUSE
    room.issue()
    assert readers(room, draft) == EVERYBODY
    assert writers(room, draft) == set()
    assert at(room, "chair", draft).why_not == (
        "round_consolidated",
        "The round is consolidated; its text was issued.",
    )
    (code, sentence) = at(room, "watch", draft).why_not or ("", "")
    assert (code, "this is for chair or note_taker or secretary" in sentence) == ("not_permitted", True)
    room.clock.move(days=9)
    room.open()
    assert writers(room, draft) == HOUSE


def test_the_chairs_draft_is_not_opened_before_a_round_is(cast: Cast) -> None:
    cast.take_in()
    refusal = cast.refused("chair", "open_working_draft")
    assert (refusal.code, "No round was opened yet" in refusal.detail) == ("round_closed", True)
    cast.working("clerk")
    cast.open()
    cast.working("chair")


def test_a_delegations_draft_is_found_by_nobody_else_and_typed_in_by_all_of_it_at_any_time(room: Cast) -> None:
    draft = room.working("clerk")
    assert readers(room, draft) == writers(room, draft) == ARV
    room.close()
    room.issue()
    assert writers(room, draft) == ARV


def test_a_groups_draft_is_for_those_who_are_in_it_now(room: Cast) -> None:
    facilitated(room)
    draft = room.working("bor", group="CG1")
    assert readers(room, draft) == writers(room, draft) == ARV | {"bor", "watch"}
    room.do("chair", "change_group", code="CG1", members=["BOR", "CAL"])
    assert readers(room, draft) == writers(room, draft) == {"bor", "cal", "watch"}


def test_a_dissolved_groups_draft_stays_to_be_read(room: Cast) -> None:
    draft = room.working("bor", group="CG1")
    before = at(room, "arv", draft)
    room.do("chair", "dissolve_group", code="CG1")
    assert (readers(room, draft), writers(room, draft)) == (ARV | {"bor"}, set())
    assert at(room, "arv", draft).why_not == (
        "no_change",
        "CG1 was dissolved; nothing changes in it any more.",
    )
    assert not room.house.database.read(lambda tx: still(tx, before)).writes
    assert room.code("clerk", "open_working_draft", group="CG1") == "no_change"


def test_who_holds_several_capacities_types_in_the_one_that_may(room: Cast) -> None:
    room.do("sec", "accredit_participant", handle="arv", name="Arv", capacities=["chair", "observer"])
    chairs, own, group = room.working("notes"), room.working("clerk"), room.working("bor", group="CG1")
    hands = [at(room, "arv", draft) for draft in (chairs, own, group)]
    assert [(one.capacity, one.types_for, one.writes) for one in hands] == [
        ("chair", "", True),
        ("head:ARV", "ARV", True),
        ("head:ARV", "ARV", True),
    ]
    room.do("sec", "accredit_participant", handle="sec", name="Sec", capacities=["observer"])
    room.close()
    room.issue()
    for handle in ("arv", "sec"):
        assert at(room, handle, chairs).why_not == (
            "round_consolidated",
            "The round is consolidated; its text was issued.",
        )


def test_a_hand_is_the_same_until_something_happens_that_may_have_changed_it(room: Cast) -> None:
    draft = room.working("clerk")
    held = at(room, "clerk", draft)
    assert (held.document, held.process, held.kind, held.side, held.stream, held.locked) == (
        room.document,
        room.process,
        "delegation",
        "ARV",
        "delegation:ARV",
        set(),
    )

    def now(then: Hand = held) -> Hand:
        return room.house.database.read(lambda tx: still(tx, then))

    typed(room, draft, SetText(room.sections[5], "States shall act."))
    assert now() is held
    room.do("arv", "lock_section", draft=draft, section=room.sections[5])
    later = now()
    assert (later.locked, later.writes) == ({room.sections[5]}, True)
    assert now(later) is later
    room.do("sec", "withdraw_accreditation", handle="clerk", capacities=["clerk:ARV"])
    with pytest.raises(Refusal) as refusal:
        now(later)
    assert refusal.value.code == "unknown"


def test_the_hand_of_a_draft_that_was_purged_finds_nothing_any_more(room: Cast) -> None:
    held = at(room, "clerk", room.working("clerk"))
    room.do("arv", "purge_drafts")
    for asked in (lambda tx: still(tx, held), lambda tx: hand(tx, held.person, held.draft)):
        with pytest.raises(Refusal) as refusal:
            room.house.database.read(asked)
        assert refusal.value.code == "unknown"


def test_one_who_may_only_read_is_refused_with_the_reason(room: Cast) -> None:
    draft = room.working("chair")
    at(room, "notes", draft).refuse_reader()
    with pytest.raises(Refusal) as refusal:
        at(room, "cal", draft).refuse_reader()
    assert refusal.value.code == "not_permitted"


def test_the_snapshot_shows_each_the_drafts_that_they_may_read(room: Cast) -> None:
    facilitated(room)
    drafts = {"": room.working("notes"), "ARV": room.working("clerk"), "CG1": room.working("arv", group="CG1")}
    drafts["BOR"] = room.working("bor")
    shown = {
        handle: [one.side for one in room.snapshot(handle).working_drafts if drafts[one.side] == one.id]
        for handle in ("sec", "watch", "arv", "bor", "cal")
    }
    assert {handle: sorted(sides) for handle, sides in shown.items()} == {
        "sec": [""],
        "watch": ["", "CG1"],
        "arv": ["", "ARV", "CG1"],
        "bor": ["", "BOR", "CG1"],
        "cal": [""],
    }
    assert [event.stream for event in room.events("arv") if event.kind == "working_draft_opened"] == [
        "all",
        "delegation:ARV",
        "group:CG1",
    ]


def test_the_seed_is_written_once_under_a_client_id_that_is_the_services_own(room: Cast) -> None:
    draft = room.working("notes")
    rows = room.house.database.read(lambda tx: list(tx.session.exec(select(t.DraftHand))))
    assert [(row.draft, row.participant, row.side) for row in rows] == [(draft, "", "")]
    first = Replica.of(b"", stored(room, draft).updates)
    written = first.write([SetText(room.sections[5], "States shall act.")])
    assert written != stored(room, draft).updates[0]
    assert rows[0].client < 2**32


def test_a_draft_shows_what_was_edited_added_and_removed_against_its_base(room: Cast) -> None:
    draft, new = room.working("clerk"), "se_" + "7" * 26
    (before, after) = (line.rank for line in Replica.of(b"", stored(room, draft).updates).lines()[5:7])
    assert before < after
    typed(
        room,
        draft,
        SetText(room.sections[5], "States shall act."),
        SetText(room.sections[9], ""),
        DraftedLine(new, SectionKind.OPERATIVE, 1, before + "V", "States shall wait."),
    )
    room.do("arv", "lock_section", draft=draft, section=new)
    lines = text(room, "arv", draft).lines
    changed = {line.section: line for line in lines if line.change != "none"}
    assert {section: line.change for section, line in changed.items()} == {
        room.sections[5]: "edited",
        new: "added",
        room.sections[9]: "removed",
    }
    assert (changed[new].label, changed[new].base_text, changed[new].locked) == ("OP1bis", None, True)
    assert [line.section for line in lines][5:8] == [room.sections[5], new, room.sections[6]]
    assert (changed[room.sections[5]].base_text, changed[room.sections[5]].label) == (TEXT[5][3], "OP1")
    assert (changed[room.sections[9]].removed, changed[room.sections[9]].base_text) == (True, TEXT[9][3])
    assert (len(lines), text(room, "clerk", draft).writes, text(room, "clerk", draft).why_not) == (13, True, None)


def test_a_draft_tells_how_far_its_bases_wording_was_agreed(room: Cast) -> None:
    room.do("chair", "set_status", section=room.sections[6], version=room.version, status="agreed")
    statuses = {line.section: line.status for line in text(room, "bor", room.working("bor")).lines}
    assert {section for section, status in statuses.items() if status != "open"} == {room.sections[6]}
    assert statuses[room.sections[6]] == "agreed"


def test_sections_are_locked_and_unlocked_by_whom_the_draft_belongs_to(room: Cast) -> None:
    facilitated(room)
    one = room.sections[5]
    chairs, own, group = room.working("notes"), room.working("clerk"), room.working("bor", group="CG1")
    fac = {"capacity": "facilitator:CG1"}
    answers = [
        (chairs, [("notes", {}), ("sec", {}), ("chair", {})], [("arv", {}), ("watch", fac)], []),
        (own, [("arv", {})], [("arv2", {}), ("clerk", {})], [("chair", {}), ("bor", {}), ("watch", fac)]),
        (group, [("watch", fac)], [("arv", {}), ("bor", {}), ("clerk", {})], [("chair", {}), ("cal", {})]),
    ]
    for draft, may, may_not, strangers in answers:
        about = {"draft": draft, "section": one}
        for handle, said in may:
            room.do(handle, "lock_section", **about, **said)
            assert room.code(handle, "lock_section", **about, **said) == "no_change"
            room.do(handle, "unlock_section", **about, **said)
            assert room.code(handle, "unlock_section", **about, **said) == "no_change"
        for kind in ("lock_section", "unlock_section"):
            assert [room.code(handle, kind, **about, **said) for handle, said in may_not] == (
                ["not_permitted"] * len(may_not)
            )
            assert [room.code(handle, kind, **about, **said) for handle, said in strangers] == (
                ["unknown"] * len(strangers)
            )


def test_only_a_section_that_the_draft_has_is_locked(room: Cast) -> None:
    draft, new = room.working("chair"), "se_" + "7" * 26
    assert room.code("chair", "lock_section", draft=draft, section=new) == "unknown_section"
    typed(room, draft, DraftedLine(new, SectionKind.OPERATIVE, 1, "zV", "A new one."))
    room.do("chair", "lock_section", draft=draft, section=new)
    room.do("chair", "lock_section", draft=draft, section=room.sections[0])
    assert locked(room, "cal") == sorted([new, room.sections[0]])
    assert room.verify().findings == []


def locked(room: Cast, handle: str) -> Sequence[str]:
    (draft,) = room.snapshot(handle).working_drafts
    return draft.locked


def test_what_was_typed_is_in_no_log_and_verify_finds_nothing_wrong(room: Cast) -> None:
    draft = room.working("clerk")
    typed(room, draft, SetText(room.sections[5], "Quinquireme of Nineveh."))
    assert not any("Nineveh" in event.model_dump_json() for event in room.events("arv"))
    assert text(room, "arv", draft).lines[5].text == "Quinquireme of Nineveh."
    assert room.verify().findings == []


def test_a_draft_of_another_document_is_unknown_in_this_one(room: Cast) -> None:
    draft, first = room.working("chair"), room.document
    room.take_in()
    assert room.document != first
    assert room.code("chair", "lock_section", draft=draft, section=room.sections[0]) == "unknown"
    with pytest.raises(Refusal) as refusal:
        text(room, "chair", draft)
    assert refusal.value.code == "unknown"


def count(room: Cast, *tables: type[SQLModel]) -> list[int]:
    return [len(room.house.database.read(lambda tx, one=one: tx.session.exec(select(one)).all())) for one in tables]


def test_a_command_that_is_sent_again_opens_no_second_draft(room: Cast) -> None:
    envelope, person = room.envelope("clerk", "open_working_draft"), room.person("clerk")
    receipts = [room.house.executor.execute(person, envelope).result() for _ in range(2)]
    assert receipts[0] == receipts[1]
    assert count(room, t.WorkingDraft, t.DraftUpdate, t.DraftHand) == [1, 1, 1]
