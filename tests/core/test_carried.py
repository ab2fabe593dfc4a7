"""What is parked or said on an older text: carried to the newer one, shown so, and decided on there."""

from datetime import timedelta

from drafting.protocol.views.carried import CarriedAmendmentView, CarriedView
from drafting.queries.carried import carried
from drafting.queries.compilation import compilation
from tests.casting import Cast, add, delete, move, replace
from tests.core.test_desk import BASE, NEW, reads, standing, state


def left(room: Cast, handle: str = "bor", version: str | None = None) -> CarriedView:
    who = room.reader(handle)
    return room.house.database.read(lambda tx: carried(tx, who, version))


def only(room: Cast) -> CarriedAmendmentView:
    (one,) = left(room).amendments
    return one


def parked(room: Cast, *edits: dict[str, object], handle: str = "arv") -> str:
    """Have an amendment tabled and parked on every section it touches."""
    amendment = room.table(handle, *edits)
    touches = next(a.touches for a in room.snapshot("sec").amendments if a.id == amendment)
    for section in touches:
        room.decide(section, [amendment], "park", reason="Referred to informals.")
    return amendment


def next_round(room: Cast) -> None:
    """Issue what was decided, and open the next round on it."""
    room.close()
    room.issue(f"Rev.{len(room.snapshot('sec').versions)}")
    room.clock.move(days=1)
    room.open(name="Next")


def test_a_parked_amendment_is_accounted_for_and_waits_at_the_next_rounds_desk(room: Cast) -> None:
    one = room.sections[5]
    amendment = parked(room, replace(one, BASE.replace("appropriate", "all necessary")))
    other = room.table("bor", replace(one, BASE.replace("in transit", "on the move")))
    room.decide(one, [other], "incorporate")
    assert state(room, amendment) == "parked"
    assert standing(room, one).waiting == []
    next_round(room)
    assert state(room, amendment, "bor") == "parked"
    shown = only(room)
    assert (shown.label, shown.state, shown.fate) == ("ARV-1", "parked", "edited")
    (part,) = shown.parts
    assert part.now is not None
    assert part.now.model_dump()["text"] == "States shall take all necessary measures to protect migrants on the move."
    assert standing(room, one).waiting == [amendment]
    assert [(h.old, h.new) for h in standing(room, one).proposals[0].hunks] == [("appropriate", "all necessary")]
    room.decide(one, [amendment], "incorporate")
    assert reads(room, one) == "States shall take all necessary measures to protect migrants on the move."
    assert state(room, amendment) == "incorporated"
    assert state(room, amendment, "bor") == "parked", "the desk's decisions are its own until they are issued"
    next_round(room)
    assert state(room, amendment, "bor") == "incorporated"
    assert left(room).amendments == []
    assert room.verify().findings == []


def test_an_amendment_that_the_new_text_says_already_is_recognised_as_done(room: Cast) -> None:
    one = room.sections[5]
    wanted = BASE.replace("appropriate", "all necessary")
    parked(room, replace(one, wanted))
    room.decide(one, [], "redraft", text=wanted)
    next_round(room)
    assert only(room).fate == "done"
    assert standing(room, one).waiting == []


def test_words_that_the_new_text_has_changed_too_are_a_conflict_for_a_person(room: Cast) -> None:
    one = room.sections[5]
    amendment = parked(room, replace(one, BASE.replace("appropriate", "all necessary")))
    room.decide(one, [], "redraft", text=BASE.replace("appropriate", "feasible"))
    next_round(room)
    (part,) = only(room).parts
    assert (part.fate, part.now) == ("conflict", None)
    (clash,) = [piece for piece in part.pieces if not isinstance(piece, str)]
    assert (clash.base, clash.current, clash.proposed) == ("appropriate", "feasible", "all necessary")
    assert part.place is not None
    assert (part.place.label, part.place.text) == ("OP1", BASE)
    assert standing(room, one).proposals[0].clashes
    refusal = room.refused("sec", "decide_section", **room.decision(one, [amendment], "incorporate"))
    assert (refusal.code, refusal.facts) == ("conflict", {"amendments": ["ARV-1"]})
    assert room.code("sec", "decide_section", **room.decision(one, [amendment], "in_part", hunks=[1])) == "conflict"
    room.decide(one, [amendment], "bracket")
    assert reads(room, one) == "States shall take [feasible] [all necessary] measures to protect migrants in transit."
    assert state(room, amendment) == "bracketed"


def test_what_was_about_a_paragraph_that_is_gone_is_an_orphan_with_its_place_and_words(room: Cast) -> None:
    one = room.sections[9]
    parked(room, replace(one, "States shall ask for assistance."))
    room.decide(one, [room.table("bor", delete(one))], "incorporate")
    next_round(room)
    shown = only(room)
    (part,) = shown.parts
    assert (shown.fate, part.remark, part.now) == ("orphaned", "section_deleted", None)
    assert part.place is not None
    assert (part.place.label, part.place.text) == ("OP3", "States may ask for assistance.")
    assert (part.place.before, part.place.after) == ("OP2(b)", "OP4")
    assert part.edit.model_dump()["text"] == "States shall ask for assistance."
    room.close()
    room.issue("Rev.2")


def test_only_what_was_parked_goes_on(room: Cast) -> None:
    one, other = room.sections[5], room.sections[9]
    amendment = room.table("arv", replace(one, "States act."), replace(other, "States ask."))
    room.decide(one, [amendment], "not_retained")
    room.decide(other, [amendment], "park")
    assert state(room, amendment) == "parked"
    next_round(room)
    assert standing(room, one).waiting == []
    assert standing(room, other).waiting == [amendment]
    room.decide(other, [amendment], "incorporate")
    next_round(room)
    assert (state(room, amendment), left(room).amendments) == ("in_part", [])
    sections = room.snapshot("cal").sections
    assert (sections[5].text, sections[9].text) == (BASE, "States ask.")


def test_what_is_parked_twice_goes_through_two_texts(room: Cast) -> None:
    one = room.sections[5]
    amendment = parked(room, replace(one, BASE.replace("appropriate", "all")), move(room.sections[10], one))
    room.decide(one, [], "redraft", text=BASE.replace("transit", "need"))
    next_round(room)
    assert standing(room, one).waiting == [amendment]
    room.decide(one, [amendment], "park")
    room.decide(one, [], "redraft", text=BASE.replace("transit", "danger"))
    next_round(room)
    assert {section.section.id for section in room.desk().sections if section.waiting} == {one, room.sections[10]}
    room.decide(one, [amendment], "incorporate")
    assert state(room, amendment) == "parked", "the move waits still"
    room.decide(room.sections[10], [amendment], "not_retained")
    assert state(room, amendment) == "in_part"
    assert reads(room, one) == "States shall take all measures to protect migrants in danger."
    next_round(room)
    assert room.verify().findings == []


def test_the_rest_of_what_was_taken_in_part_can_be_parked(room: Cast) -> None:
    one = room.sections[5]
    amendment = room.table("arv", replace(one, BASE.replace("appropriate", "all").replace("transit", "need")))
    room.decide(one, [amendment], "in_part", hunks=[1])
    room.decide(one, [amendment], "park")
    next_round(room)
    (part,) = only(room).parts
    assert (part.fate, part.remark) == ("edited", "taken_in_part")
    assert [(h.old, h.new) for h in standing(room, one).proposals[0].hunks] == [("transit", "need")]
    room.decide(one, [amendment], "incorporate")
    assert state(room, amendment) == "incorporated"


def test_a_parked_amendment_is_withdrawn_or_revised_in_the_next_round_on_its_text(room: Cast) -> None:
    one, other = room.sections[5], room.sections[9]
    first = parked(room, replace(one, "States act."))
    second = parked(room, replace(other, "States ask."), handle="bor")
    room.decide(one, [], "redraft", text="All States act.")
    base = room.version
    room.close()
    room.issue()
    assert room.code("arv", "withdraw_amendment", amendment=first) == "round_consolidated", "no round is open"
    room.clock.move(days=1)
    room.open(name="Next")
    room.do("arv", "withdraw_amendment", amendment=first)
    edits = [replace(other, "States shall ask for help.")]
    room.do("bor", "revise_amendment", amendment=second, revision=1, edits=edits)
    shown = next(a for a in room.snapshot("cal").amendments if a.id == second)
    assert (shown.label, shown.round, shown.base, shown.state) == ("BOR-1", room.round, room.version, "tabled")
    assert [revision.base for revision in shown.revisions] == [base, room.version]
    assert left(room).amendments == []
    assert standing(room, other).waiting == [second]
    room.close()
    room.decide(other, [second], "incorporate")
    room.issue("Rev.2")
    assert room.verify().findings == []


def test_an_addition_that_was_parked_keeps_its_place_and_its_id(room: Cast) -> None:
    after = room.sections[9]
    amendment = parked(room, add(after, "A new one.", NEW))
    room.decide(after, [room.table("bor", delete(after))], "incorporate")
    next_round(room)
    assert standing(room, NEW).waiting == [amendment]
    room.decide(NEW, [amendment], "incorporate")
    next_round(room)
    order = [section.id for section in room.snapshot("cal").sections]
    assert order.index(NEW) == order.index(after) + 1


def test_a_late_amendment_that_nobody_admitted_is_shown_on_the_next_text(room: Cast) -> None:
    room.clock.move(days=6)
    room.table("arv", replace(room.sections[5], "States act."))
    next_round(room)
    assert [(one.label, one.state, one.fate) for one in left(room).amendments] == [("ARV-1", "tabled", "exact")]


def test_quoted_words_are_found_again_or_listed_as_orphans(room: Cast) -> None:
    one, other = room.sections[5], room.sections[9]
    comments = [
        room.do(
            "arv",
            "post_comment",
            section=section,
            target={"quote": quote, "start": text.index(quote), "end": text.index(quote) + len(quote)},
            body="Why?",
            audience=audience,
        ).made["comment"]
        for section, text, quote, audience in (
            (one, BASE, "migrants in transit", "all"),
            (one, BASE, "appropriate", "all"),
            (other, "States may ask for assistance.", "may ask", "own"),
        )
    ]
    room.decide(one, [], "redraft", text="All " + BASE.replace("appropriate", "necessary"))
    room.decide(other, [room.table("bor", delete(other))], "incorporate")
    room.close()
    room.issue()
    mine = {shown.comment: shown for shown in left(room, "arv").comments}
    assert [mine[comment].hold for comment in comments] == ["exact", "edited", "orphaned"]
    moved, edited, orphan = (mine[comment] for comment in comments)
    assert moved.now is not None
    text = room.snapshot("arv").sections[5].text
    assert text[moved.now.start : moved.now.end] == "migrants in transit"
    assert edited.now is not None
    assert text[edited.now.start : edited.now.end] == edited.now.quote == "necessary"
    assert (orphan.now, orphan.was.quote, orphan.place and orphan.place.label) == (None, "may ask", "OP3")
    assert [shown.comment for shown in left(room, "bor").comments] == comments[:2], "ARV's own word stays ARV's"
    assert left(room, "arv", mine[comments[0]].was.version).comments == [], "on their own text nothing is carried"


def test_a_parked_amendment_keeps_the_deadline_of_its_new_round_out_of_it(room: Cast) -> None:
    amendment = parked(room, replace(room.sections[5], "States act."))
    next_round(room)
    room.clock.at += timedelta(days=30)
    assert standing(room, room.sections[5]).waiting == [amendment], "it is not late: it was there before"


def test_the_compilation_lays_what_was_parked_over_the_new_text_but_not_what_is_in_conflict(room: Cast) -> None:
    one, other = room.sections[5], room.sections[9]
    parked(room, replace(one, BASE.replace("appropriate", "all necessary")))
    parked(room, replace(other, "States shall ask for assistance."), handle="bor")
    room.decide(one, [], "redraft", text=BASE.replace("transit", "need"))
    room.decide(other, [], "redraft", text="States will ask for assistance.")
    next_round(room)
    room.table("cal", replace(one, BASE.replace("transit", "need").replace("appropriate", "some")))
    who = room.reader("watch")
    shown = room.house.database.read(lambda tx: compilation(tx, who, None))
    assert shown.amendments == ["CAL-1", "ARV-1"]
    assert {(one.label, one.fate) for one in shown.carried} == {("ARV-1", "edited"), ("BOR-1", "conflict")}
    passage = next(piece for piece in shown.sections[5].pieces if not isinstance(piece, str))
    assert passage.base == "appropriate"
    assert {(wording.text, *wording.amendments) for wording in passage.wordings} == {
        ("some", "CAL-1"),
        ("all necessary", "ARV-1"),
    }
    assert shown.sections[9].pieces == ["States will ask for assistance."]
