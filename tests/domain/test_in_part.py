import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.carried import Fate
from drafting.domain.edits import apply, check
from drafting.domain.in_part import Hunk, Taken, hunks, take, take_part
from drafting.domain.merging import Clash, ClashingPassage, Merged, merge
from drafting.domain.text import Line, Manifest
from drafting.protocol.edits import Add, Delete, Move, Replace, Split, Term
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
    vocabularies,
)

BASE = "States shall take appropriate measures on a regular basis."
PROPOSED = "All States shall take necessary measures on a yearly basis."
TEXT: Manifest = tuple(
    Line(section(n), SectionKind.OPERATIVE, 0, f"OP{n}", text)
    for n, text in enumerate((BASE, "The Parties meet.", "They report."), 1)
)


def adding(number: int, after: int | None) -> Add:
    anchor = None if after is None else section(after)
    return Add(after=anchor, section=section(number), section_kind=SectionKind.OPERATIVE, level=0, text="New.")


def numbers(text: Manifest) -> list[int]:
    return [int(line.section[3:]) for line in text]


def test_a_rewording_is_a_numbered_list_of_changes() -> None:
    assert hunks(BASE, PROPOSED) == (
        Hunk(1, 0, 0, "", "All "),
        Hunk(2, 18, 29, "appropriate", "necessary"),
        Hunk(3, 44, 51, "regular", "yearly"),
    )


@pytest.mark.parametrize(
    ("chosen", "text"),
    [
        ([], BASE),
        ([2], "States shall take necessary measures on a regular basis."),
        ([3, 1], "All States shall take appropriate measures on a yearly basis."),
        ([1, 2, 3], PROPOSED),
    ],
)
def test_the_chosen_changes_are_made_and_the_rest_stays_pending(chosen: list[int], text: str) -> None:
    assert take(BASE, BASE, PROPOSED, chosen) == Taken(text, PROPOSED)


def test_the_rest_is_read_on_the_text_as_it_stands_by_now() -> None:
    current = "States shall take appropriate measures on a regular basis, together."
    assert take(BASE, current, PROPOSED, [1]) == Taken(
        f"All {current}", "All States shall take necessary measures on a yearly basis, together."
    )


def test_a_chosen_change_that_clashes_is_not_made_and_one_left_pending_may_clash() -> None:
    current = "States shall take adequate measures on a regular basis."
    clash = Clash((ClashingPassage(18, 29, "adequate", "necessary"),))
    assert take(BASE, current, PROPOSED, [2]) == clash
    assert take(BASE, current, PROPOSED, [3]) == Taken("States shall take adequate measures on a yearly basis.", clash)


def test_a_change_that_there_is_not_is_refused() -> None:
    for number in (0, 4):
        with pytest.raises(Refusal) as refusal:
            take(BASE, BASE, PROPOSED, [1, number])
        assert refusal.value.code is ProblemCode.MALFORMED


def test_whole_parts_and_single_changes_are_taken_and_the_others_stay() -> None:
    edits = [Replace(section=section(1), text=PROPOSED), Delete(section=section(2)), adding(9, 3), adding(8, 9)]
    part = take_part(TEXT, TEXT, edits, {0: [2], 3: None})
    assert part.text[0].text == "States shall take necessary measures on a regular basis."
    assert numbers(part.text) == [1, 2, 3, 8]
    assert part.rest.edits == (edits[0], edits[1], edits[2])
    assert numbers(apply(part.text, part.rest.edits)) == [1, 2, 3, 9, 8]
    check(part.text, part.rest.edits)


def test_what_is_taken_is_read_on_the_text_as_it_stands() -> None:
    now = apply(TEXT, [Replace(section=section(1), text=f"{BASE} So.")])
    part = take_part(TEXT, now, [Replace(section=section(1), text=PROPOSED)], {0: [3]})
    assert part.text[0].text == "States shall take appropriate measures on a yearly basis. So."
    assert part.rest.edits == (Replace(section=section(1), text=f"{PROPOSED} So."),)


def test_nothing_is_taken_where_something_of_the_choice_is_in_conflict() -> None:
    now = apply(TEXT, [Replace(section=section(1), text=BASE.replace("appropriate", "adequate"))])
    part = take_part(
        TEXT, now, [Replace(section=section(1), text=PROPOSED), Delete(section=section(2))], {0: [2], 1: None}
    )
    assert part.text == now
    assert [open_.fate for open_ in part.taken.open] == [Fate.CONFLICT]
    assert part.rest.edits == (Delete(section=section(2)),)
    assert [open_.fate for open_ in part.rest.open] == [Fate.CONFLICT]


def test_a_new_section_stands_after_the_new_one_that_was_taken_before() -> None:
    edits = [adding(9, 1), adding(8, 9)]
    one = take_part(TEXT, TEXT, edits, {0: None})
    assert numbers(take_part(TEXT, one.text, edits, {1: None}, taken={0: None}).text) == [1, 9, 8, 2, 3]


def test_a_section_is_moved_after_the_anchor_of_one_that_is_not_taken() -> None:
    edits = [
        Split(section=section(2), texts=["The Parties", "meet."], sections=[section(9)]),
        Move(section=section(1), after=section(9)),
    ]
    part = take_part(TEXT, TEXT, edits, {1: None})
    assert numbers(part.text) == [2, 1, 3]
    assert numbers(apply(part.text, part.rest.edits)) == [2, 9, 1, 3]


@pytest.mark.parametrize("choice", [{0: None}, {1: None}, {0: [1]}, {0: [1, 2], 1: None}, {2: None}])
def test_a_term_throughout_and_the_rewordings_beside_it_are_taken_in_any_order(
    choice: dict[int, list[int] | None],
) -> None:
    edits = [Replace(section=section(1), text=PROPOSED), adding(9, 1), Term(old="States", new="Parties")]
    part = take_part(TEXT, TEXT, edits, choice)
    assert part.text != TEXT
    assert apply(part.text, part.rest.edits) == apply(TEXT, edits)


@pytest.mark.parametrize("choice", [{3: None}, {-1: None}, {1: [1]}, {0: [4]}])
def test_a_part_that_there_is_not_is_refused(choice: dict[int, list[int] | None]) -> None:
    with pytest.raises(Refusal) as refusal:
        take_part(TEXT, TEXT, [Replace(section=section(1), text=PROPOSED), Delete(section=section(2))], choice)
    assert refusal.value.code is ProblemCode.MALFORMED


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_to_take_all_is_to_merge_and_to_take_none_changes_nothing(data: st.DataObject) -> None:
    words = data.draw(vocabularies())
    base = data.draw(paragraphs(words))
    current, proposed = data.draw(rewordings(base, words)), data.draw(rewordings(base, words))
    every = [hunk.number for hunk in hunks(base, proposed)]
    merged, all_of_it = merge(base, current, proposed), take(base, current, proposed, every)
    if isinstance(merged, Merged):
        assert all_of_it == Taken(merged.text, merged.text)
        assert take(base, current, proposed, []) == Taken(current, merged.text)
    else:
        assert all_of_it == merged
        assert take(base, current, proposed, []) == Taken(current, merged)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_choice_from_the_base_leaves_the_proposal_pending(data: st.DataObject) -> None:
    words = data.draw(vocabularies())
    base = data.draw(paragraphs(words))
    proposed = data.draw(rewordings(base, words))
    every = hunks(base, proposed)
    chosen = {hunk.number for hunk in every if data.draw(st.booleans())}
    taken = take(base, base, proposed, chosen)
    assert isinstance(taken, Taken)
    assert taken.rest == proposed
    expected = base
    for hunk in reversed(every):
        if hunk.number in chosen:
            expected = expected[: hunk.start] + hunk.new + expected[hunk.end :]
    assert taken.text == expected


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_the_order_in_which_changes_are_taken_does_not_matter(data: st.DataObject) -> None:
    words = distinct_words(21)
    current, proposed = words[:], words[:]
    for at in range(1, 21, 3):
        new = data.draw(st.sampled_from((f"Z{at}", f"Z{at} Y{at}", f"{words[at]} Z{at}", "")))
        for side in data.draw(st.sampled_from(((), (current,), (proposed,), (current, proposed)))):
            side[at] = new
    base, current, proposed = (" ".join(filter(None, side)) for side in (words, current, proposed))
    every = [hunk.number for hunk in hunks(base, proposed)]
    some = [number for number in every if data.draw(st.booleans())]
    others = [number for number in every if number not in some]
    at_once = take(base, current, proposed, every)
    assert isinstance(at_once, Taken)
    for first, then in ((some, others), (others, some)):
        one = take(base, current, proposed, first)
        assert isinstance(one, Taken)
        assert one.rest == at_once.text
        assert take(base, one.text, proposed, then) == at_once


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_any_part_of_an_amendment_and_then_the_rest_is_the_whole(data: st.DataObject) -> None:
    base = data.draw(manifests())
    edits = data.draw(amendments(base))
    choice = {number: None for number in range(len(edits)) if data.draw(st.booleans())}
    part = take_part(base, base, edits, choice)
    assert part.taken.open == ()
    read = {line.section: (line.text, line.deleted) for line in apply(part.text, part.rest.edits)}
    assert read == {line.section: (line.text, line.deleted) for line in apply(base, edits)}
    now = data.draw(next_bases(base, 5))
    part = take_part(base, now, edits, choice)
    if part.rest.edits:
        check(part.text, part.rest.edits)


def test_what_was_taken_before_is_read_off_the_text_where_words_repeat() -> None:
    base, proposed = "to act and to report", "to act to act and, to report"
    first, second = hunks(base, proposed)
    one = take(base, base, proposed, [first.number])
    assert one == Taken("to act to act and to report", proposed)
    assert take(base, one.text, proposed, [second.number]) == Taken(proposed, proposed)
    assert take(base, one.text, proposed, [1, 2]) == Taken(proposed, proposed)
    assert take(base, one.text, proposed, [first.number]) == one


def test_what_was_taken_before_can_be_said() -> None:
    base, proposed = "one so two", "one one so two two"
    assert [hunk.number for hunk in hunks(base, proposed)] == [1, 2]
    one = take(base, base, proposed, [1])
    assert isinstance(one, Taken)
    both = take(base, f"So: {one.text}", proposed, [2], taken=[1])
    assert both == Taken(f"So: {proposed}", f"So: {proposed}")
    assert take(base, one.text, proposed, [1], taken=[1]) == one
    edits = [Replace(section=section(1), text=PROPOSED), Delete(section=section(2))]
    part = take_part(TEXT, TEXT, edits, {0: [2], 1: None})
    now = apply(part.text, [Replace(section=section(1), text=f"{part.text[0].text} So.")])
    then = take_part(TEXT, now, edits, {0: [1]}, taken={0: [2], 1: None})
    assert then.text[0].text == "All States shall take necessary measures on a regular basis. So."
    assert then.rest.edits == (Replace(section=section(1), text=f"{PROPOSED} So."),)
    assert [part.number for part in then.rest.parts] == [0]


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_changes_taken_one_by_one_in_any_order_come_to_the_whole(data: st.DataObject) -> None:
    words = data.draw(vocabularies())
    base = data.draw(paragraphs(words))
    proposed = data.draw(rewordings(base, words))
    every = hunks(base, proposed)
    text, taken = base, set[int]()
    for number in data.draw(st.permutations([hunk.number for hunk in every])):
        again = data.draw(st.sets(st.sampled_from(sorted(taken)))) if taken else set()
        step = take(base, text, proposed, {number, *again}, taken={*taken})
        taken.add(number)
        assert step == take(base, base, proposed, taken)
        assert isinstance(step, Taken)
        assert step.rest == proposed
        text = step.text
    assert text == proposed
    assert hunks(base, proposed) == every


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_without_being_told_no_change_is_made_twice(data: st.DataObject) -> None:
    words = data.draw(vocabularies())
    base = data.draw(paragraphs(words))
    proposed = data.draw(rewordings(base, words))
    numbers_ = [hunk.number for hunk in hunks(base, proposed)]
    taken: list[int] = []
    text = base
    for number in data.draw(st.permutations(numbers_)):
        taken.append(number)
        step = take(base, text, proposed, taken)
        assert isinstance(step, Taken)
        assert step.rest == proposed
        text = step.text
    assert text == proposed


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_parts_of_an_amendment_taken_in_two_steps_are_those_taken_at_once(data: st.DataObject) -> None:
    base = data.draw(manifests())
    edits = data.draw(amendments(base))
    lines = {line.section: line for line in base}
    first: dict[int, list[int] | None] = {}
    then: dict[int, list[int] | None] = {}
    for number, edit in enumerate(edits):
        whole = data.draw(st.booleans())
        step = data.draw(st.sampled_from(({}, first, then)))
        if isinstance(edit, Replace) and not whole:
            found = [hunk.number for hunk in hunks(lines[edit.section].text, edit.text)]
            first[number] = [one for one in found if data.draw(st.booleans())]
            then[number] = [one for one in found if one not in first[number]]
        else:
            step[number] = None
    one = take_part(base, base, edits, first)
    two = take_part(base, one.text, edits, then, taken=first)
    assert two.taken.open == ()
    both = dict.fromkeys({*first, *then})
    at_once = take_part(base, base, edits, both)
    content = [{line.section: (line.text, line.deleted) for line in some} for some in (two.text, at_once.text)]
    assert content[0] == content[1]
    rest = [
        {line.section: (line.text, line.deleted) for line in apply(part.text, part.rest.edits)} for part in (one, two)
    ]
    assert rest[0] == rest[1] == {line.section: (line.text, line.deleted) for line in apply(base, edits)}
