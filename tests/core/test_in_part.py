"""Incorporation in part, and shorthand, at the desk."""

from drafting.protocol.views import WaitingView
from tests.casting import Cast, add, delete, replace
from tests.core.test_desk import BASE, NEW, reads, standing, state

PROPOSED = "States shall take all necessary measures to protect every migrant in transit and at borders."
BRACKETED_REST = (
    "States shall take [appropriate] [all necessary] measures to protect [migrants] [every migrant] in transit"
    " and at borders."
)
# The three changes: appropriate → all necessary; migrants → every migrant; the addition at the end.


def waiting(room: Cast, section: str) -> WaitingView:
    (one,) = standing(room, section).proposals
    return one


def test_the_desk_sees_the_changes_of_a_rewording_one_by_one(room: Cast) -> None:
    one = room.sections[5]
    amendment = room.table("arv", replace(one, PROPOSED))
    shown = waiting(room, one)
    assert shown.amendment == amendment
    assert [(hunk.number, hunk.old, hunk.new) for hunk in shown.hunks] == [
        (1, "appropriate", "all necessary"),
        (2, "migrants", "every migrant"),
        (3, "", " and at borders"),
    ]
    assert all(BASE[hunk.start : hunk.end] == hunk.old and not hunk.taken for hunk in shown.hunks)


def test_some_changes_are_taken_and_the_others_wait(room: Cast) -> None:
    one = room.sections[5]
    amendment = room.table("arv", replace(one, PROPOSED))
    decision = room.decide(one, [amendment], "in_part", hunks=[3])
    assert reads(room, one) == "States shall take appropriate measures to protect migrants in transit and at borders."
    assert state(room, amendment) == "tabled", "the others wait"
    shown = standing(room, one)
    assert shown.waiting == [amendment]
    assert [hunk.taken for hunk in shown.proposals[0].hunks] == [False, False, True]
    assert [d.hunks for d in room.snapshot("sec").decisions] == [[3]]
    room.close()
    refusal = room.refused("sec", "issue_version", round=room.round, name="Rev.1")
    assert (refusal.code, refusal.facts["amendments"]) == ("amendments_unaccounted", ["ARV-1"])
    room.decide(one, [amendment], "in_part", hunks=[1])
    room.decide(one, [amendment], "not_retained", reason="The rest found no support.")
    assert state(room, amendment) == "in_part"
    room.issue()
    assert room.snapshot("bor").sections[5].text == (
        "States shall take all necessary measures to protect migrants in transit and at borders."
    )
    assert state(room, amendment, "bor") == "in_part"
    assert decision in {d.id for d in room.snapshot("bor").decisions}


def test_the_rest_can_be_incorporated_bracketed_or_redrafted(room: Cast) -> None:
    one = room.sections[5]
    for outcome, text, becomes, expected in (
        ("incorporate", None, "incorporated", PROPOSED),
        (
            "bracket",
            None,
            "in_part",
            BRACKETED_REST,
        ),
        ("redraft", "Something else.", "in_part", "Something else."),
    ):
        amendment = room.table("arv", replace(one, PROPOSED))
        first = room.decide(one, [amendment], "in_part", hunks=[3])
        rest = room.decide(one, [amendment], outcome, text=text)
        assert (reads(room, one), state(room, amendment)) == (expected, becomes)
        room.do("sec", "undo_decision", decision=rest)
        assert state(room, amendment) == "tabled"
        room.do("sec", "undo_decision", decision=first)
        assert reads(room, one) == BASE
        room.do("arv", "withdraw_amendment", amendment=amendment)


def test_what_cannot_be_taken_in_part_says_why(room: Cast) -> None:
    one = room.sections[5]
    amendment = room.table("arv", replace(one, PROPOSED))
    addition = room.table("bor", add(room.sections[6], "A new one.", NEW))
    deletion = room.table("cal", delete(one))

    def code(*amendments: str, section: str = one, **said: object) -> str:
        return room.code("sec", "decide_section", **room.decision(section, [*amendments], "in_part", **said))

    assert code(amendment) == "malformed", "no changes named"
    assert code(amendment, hunks=[4]) == "malformed", "there is no fourth"
    assert code(amendment, hunks=[1, 2, 3]) == "malformed", "that is all of it"
    assert code(addition, section=NEW, hunks=[1]) == "malformed", "an addition is taken or not"
    assert code(deletion, hunks=[1]) == "malformed", "so is a deletion"
    assert code(amendment, deletion, hunks=[1]) == "malformed", "one amendment at a time"
    assert (
        room.code("sec", "decide_section", **room.decision(one, [amendment], "incorporate", hunks=[1])) == "malformed"
    )
    room.decide(one, [amendment], "in_part", hunks=[1])
    assert code(amendment, hunks=[1]) == "no_change"
    assert code(amendment, hunks=[2, 3]) == "malformed", "that is all that is left"
    assert reads(room, one) == BASE.replace("appropriate", "all necessary")


def test_changes_that_clash_with_an_earlier_decision_are_a_conflict_and_the_others_are_not(room: Cast) -> None:
    one = room.sections[5]
    first = room.table("bor", replace(one, BASE.replace("appropriate", "feasible")))
    second = room.table("arv", replace(one, PROPOSED))
    room.decide(one, [first], "incorporate")
    refusal = room.refused("sec", "decide_section", **room.decision(one, [second], "in_part", hunks=[1, 2]))
    assert refusal.code == "conflict"
    assert refusal.facts["passages"] == [{"base": "appropriate", "current": "feasible", "proposed": "all necessary"}]
    room.decide(one, [second], "in_part", hunks=[2, 3])
    assert reads(room, one) == "States shall take feasible measures to protect every migrant in transit and at borders."


BRACKETED = "States [shall] [should] act [promptly [and fully]] at home."


def bracketed(cast: Cast) -> Cast:
    """Give a room whose OP1 is full of brackets."""
    cast.take_in([("title", 0, "", "Call"), ("operative", 1, "OP1", BRACKETED), ("operative", 1, "OP2", "States act.")])
    cast.open()
    return cast


def test_an_amendment_that_lifts_a_bracket_is_the_rewording_that_it_amounts_to(cast: Cast) -> None:
    room = bracketed(cast)
    one = room.sections[1]
    room.table(
        "arv",
        {"op": "choose", "section": one, "start": BRACKETED.index("[shall]"), "option": 1},
        {"op": "lift", "section": one, "start": len("States should act "), "keep": True},
    )
    (amendment,) = room.snapshot("bor").amendments
    (edit,) = amendment.revision.edits
    assert edit.model_dump() == {
        "op": "replace",
        "section": one,
        "text": "States should act promptly [and fully] at home.",
    }


def test_a_patch_from_elsewhere_is_tabled_as_a_rewording_or_refused_where_it_does_not_stand(room: Cast) -> None:
    one = room.sections[9]  # States may ask for assistance.
    patch = "@@ -1,10 +1,12 @@\n States \n-may\n+shall\n  ask\n".replace("-1,10 +1,12", "-1,14 +1,16")
    room.table("arv", {"op": "patch", "section": one, "patch": patch})
    (edit,) = room.snapshot("sec").amendments[0].revision.edits
    assert edit.model_dump()["text"] == "States shall ask for assistance."
    said = {"round": room.round, "base": room.version}
    elsewhere = {"op": "patch", "section": room.sections[10], "patch": patch}
    refusal = room.refused("arv", "table_amendment", edits=[elsewhere], **said)
    assert (refusal.code, refusal.facts) == ("conflict", {"hunks": [1]})
    nonsense = {"op": "patch", "section": one, "patch": "no patch"}
    assert room.code("arv", "table_amendment", edits=[nonsense], **said) == "malformed"


def test_shorthand_about_what_is_not_there_is_refused(cast: Cast) -> None:
    room = bracketed(cast)
    one = room.sections[1]
    said = {"round": room.round, "base": room.version}
    for wrong, code in (
        ({"op": "lift", "section": one, "start": 3}, "malformed"),
        ({"op": "choose", "section": one, "start": 0, "option": 0}, "malformed"),
        ({"op": "choose", "section": one, "start": BRACKETED.index("[shall]"), "option": 2}, "malformed"),
        ({"op": "lift", "section": NEW, "start": 3}, "unknown_section"),
    ):
        assert room.code("arv", "table_amendment", edits=[wrong], **said) == code, wrong


def test_the_desk_lifts_a_bracket_with_its_text_or_without(cast: Cast) -> None:
    room = bracketed(cast)
    one = room.sections[1]
    lift = {"op": "lift", "section": one, "start": BRACKETED.index("[promptly"), "keep": False}
    room.decide(one, [], "redraft", wording=lift)
    assert reads(room, one) == "States [shall] [should] act at home."
    room.decide(one, [], "redraft", wording={"op": "choose", "section": one, "start": 7, "option": 0})
    assert reads(room, one) == "States shall act at home."
    other = {"op": "lift", "section": room.sections[2], "start": 0}
    for said in ({"wording": other}, {"wording": lift, "text": "Both."}, {}, {"wording": lift}):
        assert room.code("sec", "decide_section", **room.decision(one, [], "redraft", **said)) == "malformed"
    assert room.code("sec", "decide_section", **room.decision(one, [], "not_retained", wording=lift)) == "malformed"
