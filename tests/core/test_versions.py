"""Texts within a round and beside it, and what is done to an issued one."""

from tests.casting import Cast, add, replace
from tests.core.test_desk import BASE, NEW, reads

BETTER = BASE.replace("appropriate", "all necessary")


def names(cast: Cast, handle: str) -> list[tuple[str, str]]:
    return [(version.name, version.standing) for version in cast.snapshot(handle).versions]


def settled(room: Cast, **said: object) -> Cast:
    """Bring the room to Rev.1, between rounds."""
    room.decide(room.sections[5], [room.table("arv", replace(room.sections[5], BETTER))], "incorporate")
    room.close()
    room.issue(**said)
    return room


def test_an_in_session_text_shows_the_desk_to_all_and_the_round_goes_on(room: Cast) -> None:
    one = room.sections[5]
    first = room.table("arv", replace(one, BETTER))
    room.decide(one, [first], "incorporate")
    receipt = room.do("notes", "issue_in_session", round=room.round)
    assert receipt.made["symbol"] == "BP/CfA/In-session 02 Mar 09.00"
    seen = room.snapshot("bor")
    assert names(room, "bor") == [("Zero draft", "basis"), ("In-session 02 Mar 09.00", "in_session")]
    assert seen.sections[5].text == BASE, "the basis is what it was"
    assert seen.amendments[0].state == "tabled", "what was decided is for the desk until it is issued"
    assert seen.rounds[-1].state == "open"
    shown = room.issued("bor", receipt.made["version"])
    assert shown.sections[5].text == BETTER
    assert (shown.version.parent, shown.account) == (room.version, [])
    assert room.code("chair", "issue_in_session", round=room.round) == "already_exists"
    room.do("chair", "issue_in_session", round=room.round, name="12 10")
    room.close()
    room.issue()
    assert [standing for _, standing in names(room, "cal")] == ["basis", "in_session", "in_session", "basis"]
    assert room.verify().findings == []


def test_a_chairs_text_is_for_whom_it_is_and_unknown_to_others(room: Cast) -> None:
    one = room.sections[5]
    said = {"base": room.version, "name": "Chair's text", "edits": [replace(one, "Let us agree.")]}
    version = room.do("chair", "propose_text", audience=["ARV"], note="Without prejudice.", **said).made["version"]
    for handle in ("arv", "clerk", "sec", "notes", "chair"):
        assert names(room, handle)[-1] == ("Chair's text", "proposal")
        assert room.issued(handle, version).sections[5].text == "Let us agree."
    for handle in ("bor", "cal", "watch"):
        assert names(room, handle) == [("Zero draft", "basis")]
        assert room.issued_code(handle, version) == "unknown"
        assert all("Chair" not in str(event) for event in room.events(handle))
    assert room.snapshot("arv").sections[5].text == BASE
    room.do("chair", "issue_in_session", round=room.round, name="12 10")
    assert [shown.ordinal for shown in room.snapshot("bor").versions] == [1, 2], "no gap tells that there is another"
    assert [(v.name, v.ordinal) for v in room.snapshot("arv").versions] == [
        ("Zero draft", 1),
        ("Chair's text", 1),
        ("12 10", 2),
    ]
    assert room.code("chair", "propose_text", **said) == "already_exists"
    assert room.code("chair", "propose_text", audience=["ZZZ"], **{**said, "name": "Other"}) == "unknown"
    assert room.verify().findings == []


def test_a_chairs_text_is_taken_up_between_rounds_or_not(room: Cast) -> None:
    said = {"base": room.version, "name": "Chair's text", "edits": [add(room.sections[9], "A bridge.", NEW)]}
    proposal = room.do("chair", "propose_text", **said).made["version"]
    assert room.code("chair", "take_up_text", version=proposal, name="Rev.1") == "round_open"
    settled(room)
    basis = room.version
    assert room.code("chair", "take_up_text", version=basis, name="Rev.2") == "conflict"
    made = room.do("chair", "take_up_text", version=proposal, name="Rev.2").made
    assert made["symbol"] == "BP/CfA/Rev.2"
    section = next(section for section in room.snapshot("bor").sections if section.id == NEW)
    assert (section.label, section.text) == ("OP3bis", "A bridge.")
    assert room.issued("bor", made["version"]).version.parent == basis
    room.version = made["version"]
    room.open(name="Second", days=9)
    assert reads(room, room.sections[5]) == BASE, "it was made on the zero draft"
    assert room.verify().findings == []


def test_a_version_on_which_nothing_stands_is_recalled_and_stays_as_it_was_issued(room: Cast) -> None:
    first = room.version
    settled(room)
    issued = room.issued("bor", room.version)
    assert room.code("sec", "recall_version", version=first, reason="Wrong.") == "conflict"
    room.do("sec", "recall_version", version=room.version, reason="The wrong file went out.")
    shown = room.issued("bor", room.version)
    assert shown.version.recalled == "The wrong file went out."
    assert (shown.sections, shown.version.hash) == (issued.sections, issued.version.hash)
    assert room.snapshot("bor").sections[5].text == BASE
    assert room.code("sec", "recall_version", version=room.version, reason="Again.") == "no_change"
    assert room.code("sec", "open_round", base=room.version, name="On it", deadline="2027-01-01T00:00:00Z") == "stale"
    room.version = first
    room.open(name="Second", days=9)
    assert room.verify().findings == []


def test_the_first_text_and_one_that_a_round_negotiates_are_not_recalled(room: Cast) -> None:
    assert room.code("sec", "recall_version", version=room.version, reason="No.") == "conflict"
    settled(room)
    room.open(name="Second", days=9)
    refusal = room.refused("sec", "recall_version", version=room.version, reason="No.")
    assert (refusal.code, "Second" in refusal.detail) == ("conflict", True)


def test_a_corrigendum_takes_the_place_of_the_basis(room: Cast) -> None:
    settled(room)
    edits = [replace(room.sections[6], "States shall report each year on the measures taken.")]
    made = room.do("sec", "issue_corrigendum", version=room.version, edits=edits, reason="A slip.").made
    assert made["symbol"] == "BP/CfA/Rev.1 Corr.1"
    assert room.snapshot("bor").sections[6].text == "States shall report each year on the measures taken."
    old = room.version
    assert room.code("sec", "issue_corrigendum", version=old, edits=edits, reason="A slip.") == "stale"
    room.version = made["version"]
    assert room.code("sec", "issue_corrigendum", version=room.version, edits=edits, reason="Same.") == "no_change"
    more = [replace(room.sections[6], "States shall report every second year.")]
    again = room.do("sec", "issue_corrigendum", version=room.version, edits=more, reason="Another.").made
    assert again["symbol"] == "BP/CfA/Rev.1 Corr.2"
    assert room.issued("cal", old).sections[6].text == "States shall report every year on the measures taken."
    assert room.verify().findings == []


def test_renumbering_is_an_act_of_its_own_with_a_table(room: Cast) -> None:
    after = room.sections[5]
    room.decide(NEW, [room.table("arv", add(after, "A new one.", NEW))], "incorporate")
    room.close()
    room.issue()
    made = room.do("chair", "renumber_text", name="Rev.1 renumbered").made
    assert room.issued("bor", made["version"]).renumbering == [
        (NEW, "OP1bis", "OP2"),
        (room.sections[6], "OP2", "OP3"),
        (room.sections[7], "OP2(a)", "OP3(a)"),
        (room.sections[8], "OP2(b)", "OP3(b)"),
        (room.sections[9], "OP3", "OP4"),
        (room.sections[10], "OP4", "OP5"),
    ]
    assert room.code("chair", "renumber_text", name="Again") == "no_change"
    assert room.verify().findings == []


def test_a_new_section_of_a_text_has_an_id_that_nothing_else_has(room: Cast) -> None:
    room.draft("arv", add(room.sections[6], "Of a draft.", NEW))
    for section in (NEW, room.sections[5]):
        said = {"base": room.version, "name": "Chair's text", "edits": [add(room.sections[9], "A bridge.", section)]}
        assert room.code("chair", "propose_text", **said) == "edits_conflict"
    settled(room)
    edits = [add(room.sections[9], "A bridge.", NEW)]
    said = {"version": room.version, "edits": edits, "reason": "It was left out."}
    assert room.code("sec", "issue_corrigendum", **said) == "edits_conflict"
