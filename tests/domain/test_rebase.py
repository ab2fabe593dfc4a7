from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.carried import Carried, CarriedEdit, Fate, Place, Remark
from drafting.domain.diff import diff
from drafting.domain.edits import apply, check
from drafting.domain.merging import ClashingPassage, read
from drafting.domain.rebase import Crossing, carry, carry_text
from drafting.domain.text import Line, Manifest, Op
from drafting.domain.tokens import tokenize
from drafting.protocol.edits import Add, Delete, Merge, Move, Replace, Split, Term
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.words import SectionKind
from tests.domain.strategies import (
    amendments,
    distinct_words,
    manifests,
    next_bases,
    paragraphs,
    rewordings,
    section,
    spread_rewordings,
    vocabularies,
)

OPERATIVE, SUB = SectionKind.OPERATIVE, SectionKind.SUBPARAGRAPH
TEXTS = (
    "States shall take appropriate measures on a regular basis.",
    "The Parties report every year. They meet in Vienna.",
    "Calls upon all States to protect migrants.",
    "Decides to remain seized of the matter.",
)
OLD: Manifest = tuple(Line(section(n), OPERATIVE, 0, f"OP{n}", text) for n, text in enumerate(TEXTS, 1))


def reading(text: str, number: int = 1) -> Replace:
    return Replace(section=section(number), text=text)


def adding(number: int, after: int | None, text: str = "New.", level: int = 0) -> Add:
    anchor = None if after is None else section(after)
    return Add(after=anchor, section=section(number), section_kind=(OPERATIVE, SUB)[level], level=level, text=text)


def only(carried: Carried) -> CarriedEdit:
    (part,) = carried.parts
    return part


def numbers(text: Manifest) -> list[int]:
    return [int(line.section[3:]) for line in text]


# -- rewordings


def test_a_rewording_of_an_untouched_section_is_carried_as_it_is() -> None:
    edit = reading("States shall take necessary measures on a regular basis.")
    new = apply(OLD, [Delete(section=section(4)), adding(9, 1)])
    assert carry(OLD, new, [edit]) == Carried((CarriedEdit(0, edit, Fate.EXACT, edit),))


def test_a_rewording_keeps_its_own_change_where_the_text_around_it_changed() -> None:
    edit = reading("States shall take necessary measures on a regular basis.")
    new = apply(OLD, [reading("The Parties shall take appropriate measures.")])
    carried = carry(OLD, new, [edit])
    assert only(carried) == CarriedEdit(0, edit, Fate.EDITED, reading("The Parties shall take necessary measures."))
    assert carried.fate is Fate.EDITED
    assert carried.open == ()


def test_the_same_words_changed_in_two_ways_are_a_conflict_that_keeps_both_wordings() -> None:
    edit = reading("All States shall take necessary measures on a regular basis.")
    new = apply(OLD, [reading("States shall take all measures on a yearly basis.")])
    carried = carry(OLD, new, [edit])
    part = only(carried)
    assert (part.fate, part.now, carried.edits, carried.fate) == (Fate.CONFLICT, None, (), Fate.CONFLICT)
    assert part.pieces == (
        "All States shall take ",
        ClashingPassage(18, 29, "all", "necessary"),
        " measures on a yearly basis.",
    )
    assert part.place == Place(OLD[0], 0, None, OLD[1])
    assert carried.open == (part,)


@pytest.mark.parametrize("reworded", ["Say this.", "Decides to remain seized of it."])
def test_a_rewording_that_the_new_base_has_already_is_done(reworded: str) -> None:
    edit = reading(reworded, 4)
    new = apply(OLD, [reading(reworded, 4), Delete(section=section(1))])
    carried = carry(OLD, new, [edit])
    assert only(carried) == CarriedEdit(0, edit, Fate.DONE)
    assert (carried.fate, carried.edits) == (Fate.DONE, ())


def test_a_rewording_taken_with_others_beside_it_is_done_too() -> None:
    new = apply(OLD, [reading("All States shall take necessary measures.")])
    assert carry(OLD, new, [reading("States shall take necessary measures on a regular basis.")]).fate is Fate.DONE


def test_of_a_rewording_taken_in_part_the_rest_stays_pending() -> None:
    edit = reading("All States shall take necessary measures on a yearly basis.")
    new = apply(OLD, [reading("States shall take necessary measures on a regular basis.")])
    assert only(carry(OLD, new, [edit])) == CarriedEdit(0, edit, Fate.EDITED, edit, Remark.TAKEN_IN_PART)


@pytest.mark.parametrize(("dropped", "remark"), [(False, Remark.SECTION_DELETED), (True, Remark.SECTION_GONE)])
def test_a_rewording_of_what_is_gone_is_an_orphan_that_says_where_it_was(dropped: bool, remark: Remark) -> None:
    edit = reading("They meet in Geneva.", 2)
    new = apply(OLD, [Delete(section=section(2))])
    if dropped:
        new = tuple(line for line in new if not line.deleted)
    part = only(carry(OLD, new, [edit]))
    assert part == CarriedEdit(0, edit, Fate.ORPHANED, remark=remark, place=Place(OLD[1], 1, OLD[0], OLD[2]))


def test_a_deleted_section_brought_back_in_two_wordings_is_a_conflict() -> None:
    old = apply(OLD, [Delete(section=section(2))])
    new = apply(old, [reading("They meet.", 2)])
    assert only(carry(old, new, [reading("They met.", 2)])).pieces == (
        ClashingPassage(0, 0, "They meet.", "They met."),
    )
    assert carry(old, new, [reading("They meet.", 2)]).fate is Fate.DONE
    assert carry(old, apply(old, [adding(9, 1)]), [reading("They meet.", 2)]).fate is Fate.EXACT


def test_two_strikings_that_together_leave_no_word_are_a_conflict() -> None:
    assert carry_text("[one]", "one]", "[").pieces == (ClashingPassage(0, 5, "one]", "["),)


# -- deletions


def test_a_deletion_of_what_is_deleted_is_done_and_one_of_reworded_text_is_a_conflict() -> None:
    edit = Delete(section=section(1))
    assert carry(OLD, apply(OLD, [edit]), [edit]).fate is Fate.DONE
    assert carry(OLD, OLD[1:], [edit]).fate is Fate.DONE
    assert carry(OLD, apply(OLD, [Delete(section=section(2))]), [edit]).edits == (edit,)
    part = only(carry(OLD, apply(OLD, [reading("States act.")]), [edit]))
    assert (part.fate, part.pieces) == (Fate.CONFLICT, (ClashingPassage(0, 58, "States act.", ""),))


# -- additions


def test_an_addition_stays_with_its_anchor_wherever_that_has_moved() -> None:
    new = apply(OLD, [Move(section=section(1), after=section(4))])
    carried = carry(OLD, new, [adding(9, 1)])
    assert carried.fate is Fate.EXACT
    assert numbers(apply(new, carried.edits)) == [2, 3, 4, 1, 9]


def test_an_addition_whose_anchor_is_gone_stands_after_the_nearest_that_remains_and_says_so() -> None:
    edits = [adding(9, 3), adding(8, 9)]
    new = apply(OLD, [Move(section=section(2), after=None)])[:2]
    assert numbers(new) == [2, 1]
    carried = carry(OLD, new, edits)
    assert [(part.fate, part.remark) for part in carried.parts] == [
        (Fate.EDITED, Remark.REANCHORED),
        (Fate.EXACT, None),
    ]
    placed = numbers(apply(new, carried.edits))
    assert placed.index(9) + 1 == placed.index(8)
    assert placed[placed.index(9) - 1] in {1, 2}


def test_an_addition_after_a_lost_paragraph_stands_after_its_subparagraphs_that_remain() -> None:
    old = (*OLD[:1], Line(section(5), SUB, 1, "(a)", "first;"), *OLD[1:])
    new = old[1:]
    carried = carry(old, new, [adding(9, 1)])
    assert numbers(apply(new, carried.edits)) == [5, 9, 2, 3, 4]
    carried = carry(old, new, [adding(9, 1, level=1)])
    assert numbers(apply(new, carried.edits)) == [9, 5, 2, 3, 4]


def test_an_addition_is_done_when_it_is_there_and_in_conflict_when_it_reads_otherwise() -> None:
    edit = adding(9, 1)
    assert carry(OLD, apply(OLD, [edit]), [edit]).fate is Fate.DONE
    part = only(carry(OLD, apply(OLD, [adding(9, 1, "[New.]")]), [edit]))
    assert (part.fate, part.pieces) == (Fate.CONFLICT, (ClashingPassage(0, 0, "[New.]", "New."),))
    gone = apply(apply(OLD, [edit]), [Delete(section=section(9))])
    assert only(carry(OLD, gone, [edit])) == CarriedEdit(0, edit, Fate.ORPHANED, remark=Remark.SECTION_DELETED)


def test_an_addition_that_somebody_else_made_is_done_and_what_stands_after_it_follows_theirs() -> None:
    new = apply(OLD, [adding(7, 1)])
    carried = carry(OLD, new, [adding(9, 1), adding(8, 9, "More.")])
    assert [(part.fate, part.remark) for part in carried.parts] == [
        (Fate.DONE, Remark.TAKEN_ELSEWHERE),
        (Fate.EXACT, None),
    ] or numbers(apply(new, carried.edits)) == [1, 7, 8, 2, 3, 4]
    assert numbers(apply(new, carried.edits)) == [1, 7, 8, 2, 3, 4]
    assert carry(OLD, apply(OLD, [adding(7, 2)]), [adding(9, 1)]).fate is Fate.EXACT


# -- moves


def test_a_move_is_carried_done_reanchored_in_conflict_or_orphaned() -> None:
    edit = Move(section=section(1), after=section(3))
    reworded = apply(OLD, [reading("States act."), adding(9, None)])
    assert carry(OLD, reworded, [edit]).edits == (edit,)
    assert carry(OLD, apply(OLD, [edit, adding(9, 3)]), [edit]).fate is Fate.DONE
    assert only(carry(OLD, OLD[:2] + OLD[3:], [edit])) == CarriedEdit(
        0, edit, Fate.EDITED, Move(section=section(1), after=section(2)), Remark.REANCHORED
    )
    elsewhere = only(carry(OLD, apply(OLD, [Move(section=section(1), after=section(4))]), [edit]))
    assert (elsewhere.fate, elsewhere.remark) == (Fate.CONFLICT, Remark.MOVED_ELSEWHERE)
    assert elsewhere.place == Place(OLD[0], 0, None, OLD[1])
    assert only(carry(OLD, OLD[1:], [edit])).remark is Remark.SECTION_GONE


def test_several_moves_after_one_section_are_done_together() -> None:
    edits = [Move(section=section(1), after=section(4)), Move(section=section(2), after=section(4))]
    assert [part.fate for part in carry(OLD, apply(OLD, edits), edits).parts] == [Fate.DONE, Fate.DONE]
    assert carry(OLD, apply(OLD, edits[:1]), edits).edits == (edits[1],)


def test_a_move_under_what_has_become_its_own_subparagraph_is_a_conflict() -> None:
    old = (*OLD[:2], Line(section(5), SUB, 1, "(a)", "first;"), *OLD[2:])
    new = apply(old, [Move(section=section(5), after=section(1))])
    part = only(carry(old, new, [Move(section=section(1), after=section(5))]))
    assert (part.fate, part.remark) == (Fate.CONFLICT, Remark.MOVED_ELSEWHERE)


# -- merges and splits


def test_a_merge_takes_up_what_changed_in_either_paragraph() -> None:
    edit = Merge(
        sections=[section(3), section(4)], text="Calls upon all States, decides to remain seized of the matter."
    )
    new = apply(OLD, [reading("Calls upon all Parties to protect migrants.", 3)])
    part = only(carry(OLD, new, [Merge(sections=[section(3), section(4)], text=f"{TEXTS[2]} {TEXTS[3]} So.")]))
    assert part.now == Merge(
        sections=[section(3), section(4)], text=f"Calls upon all Parties to protect migrants. {TEXTS[3]} So."
    )
    assert carry(OLD, apply(OLD, [adding(9, 1)]), [edit]).edits == (edit,)
    assert carry(OLD, apply(OLD, [reading("Calls upon all cities to protect migrants.", 3)]), [edit]).edits
    assert carry(OLD, apply(OLD, [reading("Calls upon all States to feed migrants.", 3)]), [edit]).fate is Fate.CONFLICT
    assert carry(OLD, apply(OLD, [edit]), [edit]).fate is Fate.DONE


def test_of_a_merge_taken_in_part_the_rest_stays_pending() -> None:
    edit = Merge(sections=[section(3), section(4)], text="All of it.")
    new = apply(OLD, [reading("All of it.", 3)])
    carried = carry(OLD, new, [edit])
    assert [(part.number, part.fate) for part in carried.parts] == [(0, Fate.DONE), (0, Fate.EXACT)]
    assert carried.edits == (Delete(section=section(4)),)


def test_a_split_takes_up_what_changed_in_either_half() -> None:
    edit = Split(
        section=section(2), texts=["The Parties report every year.", "They meet in Vienna."], sections=[section(9)]
    )
    new = apply(OLD, [reading("All Parties report every year. They meet in Geneva.", 2)])
    part = only(carry(OLD, new, [edit]))
    assert part.fate is Fate.EDITED
    assert part.now == Split(
        section=section(2), texts=["All Parties report every year.", "They meet in Geneva."], sections=[section(9)]
    )
    assert carry(OLD, apply(OLD, [edit]), [edit]).fate is Fate.DONE
    half = carry(OLD, apply(OLD, [reading("The Parties report every year.", 2)]), [edit])
    assert half.edits == (adding(9, 2, "They meet in Vienna."),)


def test_a_split_whose_second_half_is_gone_is_a_conflict_that_shows_the_break() -> None:
    edit = Split(
        section=section(2), texts=["The Parties report every year.", "They meet in Vienna."], sections=[section(9)]
    )
    half = apply(OLD, [reading("The Parties report.", 2)])
    part = only(carry(OLD, half, [edit]))
    assert part.fate is Fate.CONFLICT
    follows = carry(OLD, half, [edit, adding(8, 9)]).parts[1]
    assert (follows.now, follows.remark) == (adding(8, 2), Remark.REANCHORED)
    assert read(part.pieces, proposed=True).startswith("The Parties report every year. ¶ They meet in Vienna.")


def test_a_term_throughout_is_said_wherever_the_new_base_says_the_old_one() -> None:
    edit = Term(old="States", new="Parties")
    assert carry(OLD, apply(OLD, [reading("They meet in Geneva.", 2)]), [edit]).fate is Fate.EXACT
    new = apply(OLD, [reading("Calls upon all States and cities to protect migrants.", 3)])
    assert only(carry(OLD, new, [edit])) == CarriedEdit(0, edit, Fate.EDITED, edit)
    assert carry(OLD, apply(OLD, [adding(9, 1, "States meet.")]), [edit]).fate is Fate.EDITED
    assert carry(OLD, apply(OLD, [edit, adding(9, 1)]), [edit]).fate is Fate.DONE
    lost = only(carry(OLD, OLD[1:2], [edit]))
    assert (lost.fate, lost.place) == (Fate.ORPHANED, Place(OLD[0], 0, None, OLD[1]))


def test_a_term_and_a_rewording_that_are_taken_together_are_done() -> None:
    edits = [reading("All States shall act.", 1), adding(9, 1, "States meet."), Term(old="States", new="Parties")]
    assert [part.fate for part in carry(OLD, apply(OLD, edits), edits).parts] == [Fate.DONE] * 3
    new = apply(OLD, [reading("They meet in Geneva.", 2)])
    assert carry(OLD, new, edits).edits == tuple(edits)


def test_edits_of_what_the_old_base_does_not_have_are_refused() -> None:
    for edit in (
        reading("x", 77),
        Delete(section=section(77)),
        adding(9, 77),
        Merge(sections=[section(77), section(1)], text="x"),
    ):
        with pytest.raises(Refusal) as refusal:
            carry(OLD, OLD[1:], [edit])
        assert refusal.value.code is ProblemCode.UNKNOWN_SECTION


# -- promises


def words_of(text: str) -> Counter[str]:
    return Counter(token for token in tokenize(text) if not token.isspace())


def own_words(old: str, proposed: str) -> Counter[str]:
    return sum(
        (words_of(span.text) for span in diff(old, proposed, exact=True) if span.op is Op.INSERT), Counter[str]()
    )


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_what_is_carried_is_valid_on_the_new_base_and_on_the_same_base_the_same(data: st.DataObject) -> None:
    old = data.draw(manifests())
    edits = data.draw(amendments(old))
    assert carry(old, old, edits).edits == edits
    new = data.draw(next_bases(old, 5))
    carried = Crossing(old, new).carry(edits)
    if carried.edits:
        check(new, carried.edits)
    assert {part.number for part in carried.parts} == set(range(len(edits)))


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_an_amendment_that_is_taken_up_is_done(data: st.DataObject) -> None:
    old = data.draw(manifests())
    edits = data.draw(amendments(old))
    carried = carry(old, apply(old, edits), edits)
    assert [part for part in carried.parts if part.fate is not Fate.DONE] == []


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_no_word_of_an_amendment_is_lost_unsaid(data: st.DataObject) -> None:
    words = data.draw(vocabularies())
    old = data.draw(paragraphs(words))
    new, proposed = data.draw(rewordings(old, words)), data.draw(rewordings(old, words))
    carried = carry_text(old, new, proposed)
    own = own_words(old, proposed)
    assert not own - words_of(carried.text or read(carried.pieces, proposed=True))
    theirs = own_words(old, new)
    assert not theirs - words_of(carried.text or read(carried.pieces))


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_conflicts_are_symmetric(data: st.DataObject) -> None:
    old = data.draw(manifests())
    words = data.draw(vocabularies())
    line = data.draw(st.sampled_from([line for line in old if not line.deleted] or [OLD[0]]))
    old = old if line in old else OLD
    one, other = (Replace(section=line.section, text=data.draw(rewordings(line.text, words))) for _ in "ab")
    there, back = only(carry(old, apply(old, [one]), [other])), only(carry(old, apply(old, [other]), [one]))
    assert (there.fate is Fate.CONFLICT) == (back.fate is Fate.CONFLICT)
    passages = [[p for p in part.pieces if isinstance(p, ClashingPassage)] for part in (there, back)]
    assert [(p.start, p.end, p.proposed, p.current) for p in passages[0]] == [tuple(p) for p in passages[1]]


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_two_bases_in_sequence_carry_as_the_two_at_once(data: st.DataObject) -> None:
    words = distinct_words(14)
    first = " ".join(words)
    second = data.draw(spread_rewordings(words, "N"))
    third = data.draw(spread_rewordings(second.split(), "M"))
    draft = data.draw(spread_rewordings(words, "Z"))
    half = carry_text(first, second, draft)
    if half.text is None:
        return
    in_steps, at_once = carry_text(second, third, half.text), carry_text(first, third, draft)
    if in_steps.text is not None and at_once.text is not None:
        assert in_steps.text == at_once.text
