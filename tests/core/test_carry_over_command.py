"""A working draft carried over to a new version, and its sections reset."""

import pytest
from sqlmodel import select

from drafting.crdt.replica import DraftedLine, SetOutline, SetText
from drafting.protocol.views import CarriedDraftView, WorkingTextView
from drafting.protocol.words import SectionKind
from drafting.queries.redrafting import carried_draft
from drafting.queries.working_text import working_text
from storage.tables import DraftHand
from tests.casting import TEXT, Cast, delete, replace

NEW = "se_" + "9" * 26
OURS = "States shall take all necessary measures to protect migrants in transit."
BOTH = "States shall take all necessary measures to protect all migrants in transit."
THEIRS = "States shall take appropriate measures to protect all migrants in transit."


def text(room: Cast, handle: str, draft: str) -> WorkingTextView:
    who = room.reader(handle)
    return room.house.database.read(lambda tx: working_text(tx, who, draft))


def read(room: Cast, draft: str) -> dict[str, str]:
    return {line.section: line.text for line in text(room, "arv", draft).lines if not line.removed}


def preview(room: Cast, draft: str, version: str | None = None) -> CarriedDraftView:
    who = room.reader("arv")
    return room.house.database.read(lambda tx: carried_draft(tx, who, draft, version))


def outcomes(view: CarriedDraftView) -> dict[str, str]:
    return {one.section: one.outcome.value for one in view.sections}


def next_version(room: Cast, *edits: dict[str, object]) -> str:
    """Issue a version in which these edits were made; gives its id."""
    room.close()
    for edit in edits:
        room.decide(str(edit["section"]), [], "redraft", text=str(edit["text"]))
    return room.issue()


@pytest.fixture
def draft(room: Cast) -> str:
    """ARV's working draft: OP1 and OP3 reworded, a paragraph added at the end."""
    draft = room.working("clerk")
    room.type_in(
        draft,
        SetText(room.sections[5], OURS),
        SetText(room.sections[9], "States will ask for assistance."),
        DraftedLine(NEW, SectionKind.OPERATIVE, 1, "zz", "Nobody is left behind."),
    )
    return draft


@pytest.fixture
def outdated(room: Cast, draft: str) -> str:
    """The same draft beside a version that rewords OP1 in another place, OP3 in the same, and OP4 alone."""
    next_version(
        room,
        replace(room.sections[5], THEIRS),
        replace(room.sections[9], "States should ask for assistance."),
        replace(room.sections[10], "The Secretariat keeps a list."),
    )
    return draft


def test_it_is_previewed_first_and_nothing_is_written(room: Cast, outdated: str) -> None:
    before = text(room, "arv", outdated)
    view = preview(room, outdated)
    assert (view.base, view.version) == (before.draft.base, room.version)
    assert outcomes(view) == {
        room.sections[5]: "merged",
        room.sections[9]: "conflict",
        room.sections[10]: "taken",
        NEW: "kept",
    }
    assert text(room, "arv", outdated) == before
    assert before.newest == room.version


def test_what_is_carried_over_is_what_was_previewed(room: Cast, outdated: str) -> None:
    view = preview(room, outdated)
    room.do("clerk", "carry_over_draft", draft=outdated)
    now = read(room, outdated)
    assert {one.section: one.text for one in view.sections} == {one.section: now[one.section] for one in view.sections}
    assert now[room.sections[5]] == BOTH
    assert now[room.sections[10]] == "The Secretariat keeps a list."
    assert text(room, "arv", outdated).draft.base == room.version
    assert room.snapshot("arv").working_drafts[0].base == room.version


def test_conflicts_are_listed_with_both_wordings_until_somebody_has_looked_at_them(room: Cast, outdated: str) -> None:
    room.do("clerk", "carry_over_draft", draft=outdated)
    (told,) = room.events("arv2")[-1].payload["open"]
    (left,) = text(room, "arv2", outdated).open
    assert left.model_dump(mode="json") == told
    assert (left.section, left.label, left.outcome) == (room.sections[9], "OP3", "conflict")
    assert (left.old, left.new) == ("States may ask for assistance.", "States should ask for assistance.")
    assert left.drafted == left.text == "States will ask for assistance."
    assert {"base": "may", "current": "should", "proposed": "will"} in [
        piece for piece in told["pieces"] if isinstance(piece, dict)
    ]
    room.type_in(outdated, SetText(room.sections[9], "States should and will ask for assistance."))
    assert text(room, "arv2", outdated).open == []


def test_what_the_new_version_struck_and_the_draft_reworded_is_listed_as_an_orphan(room: Cast, draft: str) -> None:
    cut = room.table("bor", delete(room.sections[9]))
    room.close()
    room.decide(room.sections[9], [cut], "incorporate")
    room.issue()
    room.do("clerk", "carry_over_draft", draft=draft)
    assert [(one.section, one.outcome) for one in text(room, "arv", draft).open] == [(room.sections[9], "orphan")]
    assert read(room, draft)[room.sections[9]] == "States will ask for assistance."


def test_it_is_carried_over_once(room: Cast, outdated: str) -> None:
    assert room.code("bor", "carry_over_draft", draft=outdated) == "unknown"
    room.do("clerk", "carry_over_draft", draft=outdated, version=room.version)
    before = text(room, "arv", outdated)
    assert room.code("clerk", "carry_over_draft", draft=outdated, version=room.version) == "no_change"
    assert room.code("clerk", "carry_over_draft", draft=outdated) == "no_change"
    assert text(room, "arv", outdated) == before


def test_a_draft_without_changes_becomes_the_new_version(room: Cast) -> None:
    draft = room.working("bor")
    version = next_version(room, replace(room.sections[5], THEIRS))
    room.do("bor", "carry_over_draft", draft=draft)
    lines = text(room, "bor", draft).lines
    assert [(one.section, one.text) for one in lines] == [
        (one.id, one.text) for one in room.issued("bor", version).sections
    ]
    assert {one.change for one in lines} == {"none"}


def test_what_the_service_writes_it_writes_under_hands_of_its_own(room: Cast, outdated: str) -> None:
    room.do("clerk", "carry_over_draft", draft=outdated)
    room.do("clerk", "reset_section", draft=outdated, section=room.sections[5])
    asked = select(DraftHand.client, DraftHand.participant).where(DraftHand.draft == outdated)
    hands = room.house.database.read(lambda tx: tx.session.exec(asked).all())
    assert len({client for client, _ in hands}) == len(hands) >= 3
    assert {participant for _, participant in hands} == {""}


def test_a_section_that_is_locked_is_not_written_into(room: Cast, outdated: str) -> None:
    room.do("arv", "lock_section", draft=outdated, section=room.sections[10])
    refused = room.refused("clerk", "carry_over_draft", draft=outdated)
    assert (refused.code, refused.facts) == ("section_locked", {"sections": [room.sections[10]]})
    room.do("arv", "unlock_section", draft=outdated, section=room.sections[10])
    room.do("arv", "lock_section", draft=outdated, section=NEW)
    room.do("clerk", "carry_over_draft", draft=outdated)
    assert room.code("clerk", "reset_section", draft=outdated, section=NEW) == "section_locked"


def test_a_text_for_some_is_no_text_for_a_draft_that_others_read(room: Cast) -> None:
    screen = room.working("notes")
    said = {"base": room.version, "name": "Chair's text", "edits": [delete(room.sections[2])], "audience": ["BOR"]}
    version = room.do("chair", "propose_text", **said).made["version"]
    assert room.code("chair", "carry_over_draft", draft=screen, version=version) == "not_permitted"
    draft = room.working("arv")
    assert room.code("arv", "carry_over_draft", draft=draft, version=version) == "unknown"


def test_a_reset_section_reads_and_stands_as_in_the_base(room: Cast, draft: str) -> None:
    room.type_in(draft, SetOutline(room.sections[5], rank="zzz", level=2, removed=True))
    room.do("clerk", "reset_section", draft=draft, section=room.sections[5])
    line = text(room, "arv", draft).lines[5]
    assert (line.section, line.text, line.level, line.change) == (room.sections[5], TEXT[5][3], 1, "none")
    assert not line.moved
    room.do("clerk", "reset_section", draft=draft, section=NEW)
    assert NEW not in read(room, draft)
    assert room.events("arv")[-1].payload == {"kind": "section_reset", "draft": draft, "section": NEW}


def test_what_is_as_in_the_base_is_not_reset(room: Cast, draft: str) -> None:
    assert room.code("clerk", "reset_section", draft=draft, section=room.sections[6]) == "no_change"
    assert room.code("clerk", "reset_section", draft=draft, section="se_" + "7" * 26) == "unknown_section"
    assert room.code("bor", "reset_section", draft=draft, section=room.sections[5]) == "unknown"


def test_the_chairs_draft_is_written_into_by_those_who_type_in_it(room: Cast) -> None:
    screen = room.working("notes")
    room.type_in(screen, SetText(room.sections[5], "Ours."))
    assert room.code("arv", "reset_section", draft=screen, section=room.sections[5]) == "not_permitted"
    room.do("sec", "reset_section", draft=screen, section=room.sections[5])


def test_what_was_carried_is_erased_with_the_delegations_drafts(room: Cast, outdated: str) -> None:
    room.do("clerk", "carry_over_draft", draft=outdated)
    room.do("clerk", "reset_section", draft=outdated, section=NEW)
    room.do("arv", "purge_drafts")
    said = [event.payload for event in room.events("arv") if event.kind in {"draft_carried_over", "section_reset"}]
    assert said == [{}, {}]
    assert room.verify().findings == []
