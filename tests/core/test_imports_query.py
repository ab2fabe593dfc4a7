"""Marked-up files become amendments and comments of whoever sends them, once, and nothing in them is lost."""

import pytest

from drafting.protocol.edits import Add, Replace
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views.imports import (
    Claim,
    ItemState,
)
from tests.casting import Cast, replace
from tests.core.sending import amendments, comments, labels, marked, one, op3, op4, send, states
from tests.word.marking import comment, dele, ins, on, p, r

# -- from a file to proposals -----------------------------------------------------------------------------------------


def test_a_rehearsal_says_what_would_be_proposed_and_writes_nothing(room: Cast) -> None:
    view = one(room, "arv", marked(room, {9: op3(), 10: op4()}))
    first, second = amendments(view)
    assert first.edits == [Replace(section=room.sections[9], text="States should ask for assistance.")]
    assert (first.labels, first.state, first.changes, first.delegation) == (["OP3"], ItemState.READY, 2, "ARV")
    assert second.edits == [
        Replace(section=room.sections[10], text="The Secretariat keeps a public register of good practice.")
    ]
    assert (view.declared, view.version, view.sure, view.code) == (True, room.version, 1.0, None)
    assert view.account is not None
    assert (view.account.changes, view.account.proposed) == (3, 3)
    assert labels(room) == []


def test_what_is_taken_is_one_amendment_a_section_in_the_order_of_the_file(room: Cast) -> None:
    view = one(room, "arv", marked(room, {9: op3(), 10: op4()}), take=True)
    assert [(item.state, item.standing) for item in amendments(view)] == [("taken", "ARV-1"), ("taken", "ARV-2")]
    assert [(a.label, a.touches, a.sponsors) for a in room.snapshot("sec").amendments] == [
        ("ARV-1", [room.sections[9]], ["ARV"]),
        ("ARV-2", [room.sections[10]], ["ARV"]),
    ]


def test_all_of_it_may_be_one_amendment(room: Cast) -> None:
    view = one(room, "arv", marked(room, {9: op3(), 10: op4()}), take=True, together=True)
    assert [item.standing for item in amendments(view)] == ["ARV-1"]
    assert room.snapshot("sec").amendments[0].touches == [room.sections[9], room.sections[10]]


def test_the_same_file_sent_again_proposes_nothing_twice(room: Cast) -> None:
    content = marked(room, {9: op3()}, comments=comment(0, "Why?"), more=p(on(0, "x")))
    content = marked(
        room,
        {9: p(on(0, r("OP3\tStates ") + dele("may") + ins("should") + r(" ask for assistance.")))},
        comments=comment(0, "Why?"),
    )
    assert states(one(room, "arv", content, take=True)) == ["taken", "taken"]
    again = one(room, "arv", content, take=True)
    assert [(item.state, item.standing) for item in amendments(again)] == [("standing", "ARV-1")]
    assert [item.state for item in comments(again)] == ["standing"]
    assert labels(room) == ["ARV-1"]
    assert len(room.snapshot("arv").comments) == 1


def test_the_same_proposal_in_another_file_stands_already(room: Cast) -> None:
    room.table("arv", replace(room.sections[9], "States should ask for assistance."))
    view = one(room, "arv", marked(room, {9: op3("Somebody else")}), take=True)
    assert [(item.state, item.standing) for item in amendments(view)] == [("standing", "ARV-1")]


def test_a_file_of_a_withdrawn_amendment_does_not_bring_it_back(room: Cast) -> None:
    content = marked(room, {9: op3()})
    one(room, "arv", content, take=True)
    room.do("arv", "withdraw_amendment", amendment=room.snapshot("arv").amendments[0].id)
    assert states(one(room, "arv", content)) == ["standing"]
    one(room, "arv", content, take=True)
    assert labels(room) == ["ARV-1"]


def test_a_clerks_file_stays_internal(room: Cast) -> None:
    one(room, "clerk", marked(room, {9: op3()}), take=True)
    assert [(a.state, a.circulated) for a in room.snapshot("arv").amendments] == [("internal", False)]
    assert labels(room, "bor") == []


def test_a_note_taker_enters_a_file_for_a_delegation(room: Cast) -> None:
    view = one(room, "notes", marked(room, {9: op3()}), "BOR", take=True)
    (amendment,) = room.snapshot("sec").amendments
    assert amendment.entry is not None
    assert (amendment.label, amendment.entry.source, amendment.entry.by) == ("BOR-1", "word", "notes")
    assert view.authors[0].bound == "BOR"


def test_a_new_paragraph_says_how_the_file_numbers_it(room: Cast) -> None:
    new = p(r("OP3\tStates may ask for assistance."), mark="ins") + p(ins("OP3bis\tStates shall give it."))
    one(room, "arv", marked(room, {9: new}), take=True)
    (amendment,) = room.snapshot("arv").amendments
    (edit,) = amendment.revision.edits
    assert isinstance(edit, Add)
    assert (edit.after, edit.text, edit.level) == (room.sections[9], "States shall give it.", 1)
    assert amendment.revision.placement_note == "In the file it is numbered OP3bis."


def test_only_the_items_that_are_named_are_taken(room: Cast) -> None:
    content = marked(room, {9: op3(), 10: op4()})
    second = amendments(one(room, "arv", content))[1]
    view = one(room, "arv", content, take=True, only=frozenset({second.id}))
    assert states(view) == ["ready", "taken"]
    assert room.snapshot("sec").amendments[0].touches == [room.sections[10]]


def test_an_item_that_is_named_and_not_there_is_on_the_review_list(room: Cast) -> None:
    told = send(room, "arv", marked(room, {9: op3()}), only=frozenset({"nothing"}))
    assert [(line.text, line.changes) for line in told.review] == [("nothing", 0)]


# -- whose it is ------------------------------------------------------------------------------------------------------


def test_one_stranger_is_whoever_wrote_the_file_and_is_flagged(room: Cast) -> None:
    (author,) = one(room, "arv", marked(room, {9: op3("Jane Doe")})).authors
    assert (author.name, author.claim, author.bound, author.chosen) == ("Jane Doe", Claim.UNKNOWN, "ARV", True)


def test_a_name_that_a_program_gives_is_flagged_as_none(room: Cast) -> None:
    for name in ("", "Author"):
        (author,) = one(room, "arv", marked(room, {9: op3(name)})).authors
        assert (author.claim, author.chosen) == (Claim.UNNAMED, True)


@pytest.mark.parametrize("name", ["BOR", "Bor", "The Republic of Bor", "Jane Doe (BOR)"])
def test_the_name_of_another_delegation_is_not_taken_for_mine(room: Cast, name: str) -> None:
    view = one(room, "arv", marked(room, {9: op3(name)}), take=True)
    (author,) = view.authors
    assert (author.claim, author.delegation, author.chosen) == (Claim.OTHER, "BOR", False)
    assert (states(view), labels(room)) == (["not_chosen"], [])


def test_of_several_authors_the_own_ones_are_chosen(room: Cast) -> None:
    view = one(room, "arv", marked(room, {9: op3("Arv"), 10: op4("Jane Doe")}), take=True)
    assert [(author.claim, author.chosen) for author in view.authors] == [(Claim.OWN, True), (Claim.UNKNOWN, False)]
    assert states(view) == ["taken", "not_chosen"]


def test_of_several_strangers_somebody_says_whose_words_count(room: Cast) -> None:
    content = marked(room, {9: op3("Ann"), 10: op4("Jane Doe")})
    assert states(one(room, "arv", content)) == ["not_chosen", "not_chosen"]
    view = one(room, "arv", content, take=True, authors=frozenset({"Jane Doe"}))
    assert states(view) == ["not_chosen", "taken"]


def test_what_bears_no_name_is_of_the_one_who_has_one(room: Cast) -> None:
    view = one(room, "arv", marked(room, {9: op3("Jane Doe"), 10: op4("Unknown Author")}))
    assert [(author.claim, author.chosen) for author in view.authors] == [(Claim.UNKNOWN, True), (Claim.UNNAMED, True)]


def test_a_person_of_the_delegation_is_known_by_name(room: Cast) -> None:
    content = marked(room, {9: op3("clerk"), 10: op4("Jane Doe")})
    assert [author.claim for author in one(room, "arv", content).authors] == [Claim.OWN, Claim.UNKNOWN]


def test_the_house_enters_each_author_for_the_delegation_that_the_name_is(room: Cast) -> None:
    view = one(room, "sec", marked(room, {9: op3("Bor"), 10: op4("Jane Doe")}), take=True)
    assert (states(view), labels(room)) == (["taken", "not_chosen"], ["BOR-1"])


def test_a_delegation_sends_nothing_for_another_and_an_observer_nothing(room: Cast) -> None:
    with pytest.raises(Refusal) as refusal:
        one(room, "arv", marked(room, {}), "BOR")
    assert refusal.value.code == ProblemCode.MALFORMED
    with pytest.raises(Refusal) as refusal:
        one(room, "watch", marked(room, {}))
    assert refusal.value.code == ProblemCode.NOT_PERMITTED
