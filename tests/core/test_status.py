"""Status follows wording: given to exact words, dropped by one changed word, prevented by a bracket."""

import pytest

from drafting.protocol.commands import DecideSection
from drafting.protocol.views import SectionStatusView
from drafting.queries.deciding import preview
from drafting.queries.status import where_it_stands
from tests.casting import Cast, delete, replace
from tests.core.test_desk import BASE, NEW


def stands(room: Cast, section: str, handle: str = "bor") -> SectionStatusView:
    who = room.reader(handle)
    view = room.house.database.read(lambda tx: where_it_stands(tx, who))
    return next(shown for shown in view.sections if shown.section == section)


def agree(room: Cast, section: str, status: str = "agreed", **said: object) -> None:
    room.do("chair", "set_status", section=section, version=room.version, status=status, **said)


def reword(room: Cast, section: str, text: str) -> None:
    """Bring the room to a next version in which ARV's wording stands."""
    room.decide(section, [room.table("arv", replace(section, text))], "incorporate")
    room.close()
    room.issue(f"Rev.{len(room.snapshot('sec').versions)}")


def test_nothing_is_agreed_until_somebody_says_so(room: Cast) -> None:
    shown = stands(room, room.sections[5])
    assert (shown.label, shown.status, shown.given, shown.reopened) == ("OP1", "open", None, None)


@pytest.mark.parametrize("status", ["agreed_in_informals", "agreed_ad_referendum", "agreed", "adopted"])
def test_a_status_is_of_the_words_as_they_stand(room: Cast, status: str) -> None:
    agree(room, room.sections[5], status)
    shown = stands(room, room.sections[5])
    assert shown.status == status
    assert shown.given is not None
    assert (shown.given.text, shown.given.capacity) == (BASE, "chair")
    who = room.reader("bor")
    view = room.house.database.read(lambda tx: where_it_stands(tx, who))
    assert view.counts == {"open": 11, status: 1}
    reword(room, room.sections[6], "States report.")
    assert stands(room, room.sections[5]).status == status, "what changes elsewhere does not touch it"
    assert room.verify().findings == []


def test_ad_referendum_says_who_awaits_capital_and_placement_may_be_pending(room: Cast) -> None:
    agree(
        room,
        room.sections[5],
        "agreed_ad_referendum",
        awaiting=["ARV", "CAL", "ARV"],
        placement_pending=True,
        note="With OP2.",
    )
    given = stands(room, room.sections[5]).given
    assert given is not None
    assert (given.awaiting, given.placement_pending, given.note) == (["ARV", "CAL"], True, "With OP2.")
    agree(room, room.sections[5], "agreed")
    assert [status.status for status in room.snapshot("bor").statuses] == ["agreed"], "the last one counts"
    said = {"section": room.sections[5], "version": room.version}
    assert room.code("chair", "set_status", status="agreed", awaiting=["ARV"], **said) == "malformed"
    assert room.code("chair", "set_status", status="agreed_ad_referendum", awaiting=["ZZZ"], **said) == "unknown"
    assert room.code("chair", "set_status", status="open", placement_pending=True, **said) == "malformed"


def test_one_changed_word_drops_it_and_says_who_reopened(room: Cast) -> None:
    one = room.sections[5]
    agree(room, one)
    reword(room, one, BASE.replace("appropriate", "all necessary"))
    shown = stands(room, one)
    assert shown.status == "open"
    assert shown.reopened is not None
    assert (shown.reopened.name, shown.reopened.touch) == ("Rev.1", "reworded")
    assert shown.reopened.words == [("appropriate", "all necessary")]
    assert (shown.reopened.delegations, shown.reopened.amendments) == (["ARV"], ["ARV-1"])
    room.clock.move(days=1)
    room.open(name="Second", days=9)
    reword(room, room.sections[6], "States report.")
    assert stands(room, one).reopened == shown.reopened, "it was the first version that touched it"
    agree(room, one)
    assert stands(room, one).status == "agreed"


def test_an_editorial_correction_drops_nothing(room: Cast) -> None:
    agree(room, room.sections[5])
    reword(room, room.sections[5], BASE.replace("States shall", "States, shall"))
    assert stands(room, room.sections[5]).status == "agreed"


def test_a_bracket_prevents_it_and_a_new_one_drops_it(room: Cast) -> None:
    one = room.sections[5]
    agree(room, one)
    reword(room, one, BASE.replace("appropriate", "[appropriate]"))
    shown = stands(room, one)
    assert (shown.status, shown.brackets, shown.bracketed) == ("open", 1, True)
    assert shown.reopened is not None
    assert shown.reopened.touch == "bracketed"
    assert room.code("chair", "set_status", section=one, version=room.version, status="agreed") == "conflict"
    room.do("chair", "set_status", section=one, version=room.version, status="open")


def test_a_deleted_paragraph_that_was_agreed_is_told(room: Cast) -> None:
    one = room.sections[9]
    agree(room, one)
    room.decide(one, [room.table("bor", delete(one))], "incorporate")
    room.close()
    room.issue()
    reopened = stands(room, one).reopened
    assert reopened is not None
    assert (reopened.touch, reopened.delegations) == ("gone", ["BOR"])


def test_what_has_no_standing_cannot_be_agreed(room: Cast) -> None:
    said = {"base": room.version, "name": "Chair's text", "edits": [replace(room.sections[5], "Agree.")]}
    proposal = room.do("chair", "propose_text", **said).made["version"]
    about = {"section": room.sections[5], "status": "agreed"}
    assert room.code("chair", "set_status", version=proposal, **about) == "conflict"
    assert room.code("chair", "set_status", version=room.version, **{**about, "section": NEW}) == "unknown_section"


def test_words_can_be_agreed_as_they_stand_on_screen(room: Cast) -> None:
    one = room.sections[5]
    room.decide(one, [], "redraft", text="Agree.")
    shown = room.do("sec", "issue_in_session", round=room.round).made["version"]
    room.do("chair", "set_status", section=one, version=shown, status="agreed")
    given = stands(room, one).given
    assert given is not None
    assert given.text == "Agree."
    room.close()
    room.issue()
    assert stands(room, one).status == "agreed"
    assert room.verify().findings == []


def test_the_desk_sees_what_is_agreed_and_is_warned_before_it_is_reopened(room: Cast) -> None:
    one, other = room.sections[5], room.sections[9]
    agree(room, one)
    agree(room, other, "agreed_ad_referendum", awaiting=["ARV"])
    amendment = room.table("bor", replace(one, BASE.replace("appropriate", "all")))

    def previewed(**said: object) -> list[str]:
        command = room.envelope("sec", "decide_section", **room.decision(one, [amendment], **said)).command
        assert isinstance(command, DecideSection)
        who = room.reader("sec")
        shown = room.house.database.read(lambda tx: preview(tx, who, command, 20_000))
        return [status.section for status in shown.reopens]

    statuses = {shown.section.id: shown.status for shown in room.desk().sections}
    assert (statuses[one], statuses[other], statuses[room.sections[6]]) == ("agreed", "agreed_ad_referendum", "open")
    assert previewed(outcome="incorporate") == [one]
    assert previewed(outcome="not_retained") == []
    comma = BASE.replace("States shall", "States, shall")
    assert previewed(outcome="redraft", text=comma) == [], "a comma reopens nothing"
    room.decide(one, [amendment], "incorporate")
    statuses = {shown.section.id: shown.status for shown in room.desk().sections}
    assert (statuses[one], statuses[other]) == ("open", "agreed_ad_referendum")
