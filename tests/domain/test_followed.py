"""Amendments and anchors on text that the new base split, merged, retyped or moved, carried to where its words are."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.anchors import Anchor, CarriedAnchor, Hold, carry_anchors
from drafting.domain.carried import Carried, CarriedEdit, Fate, Place, Remark
from drafting.domain.edits import apply, check
from drafting.domain.merging import ClashingPassage, read
from drafting.domain.rebase import carry
from drafting.domain.text import Line, Manifest
from drafting.domain.together import together
from drafting.protocol.edits import Add, Delete, Merge, Move, Replace, Split
from drafting.protocol.words import SectionKind
from tests.domain.strategies import distinct_words, section

PLAN = "Each Party shall adopt a national plan within two years, in accordance with its national law."
REGISTER = "The Secretariat shall publish every plan on its website and shall report to the Conference once a year."
REVIEW = "The Conference shall review the plans at its third meeting and may adopt further measures of support."
MONEY = "Developed countries shall provide new and additional resources to help the others meet their costs."


def text_of(texts: Mapping[int, str]) -> Manifest:
    return tuple(Line(section(n), SectionKind.OPERATIVE, 0, f"OP{n}", text) for n, text in texts.items())


OLD = text_of({1: f"{PLAN} {REGISTER}", 2: REVIEW, 3: MONEY})
SPLIT = text_of({1: PLAN, 9: REGISTER, 2: REVIEW, 3: MONEY})
MERGED = text_of({1: f"{PLAN} {REGISTER}", 2: f"{REVIEW} {MONEY}"})
MOVED = text_of({1: PLAN, 2: REVIEW, 3: f"{MONEY} {REGISTER}"})


def reading(number: int, text: str) -> Replace:
    return Replace(section=section(number), text=text)


def adding(number: int, after: int) -> Add:
    anchor = section(after)
    return Add(after=anchor, section=section(number), section_kind=SectionKind.OPERATIVE, level=0, text="New.")


def texts(new: Manifest, carried: Carried) -> dict[int, str]:
    """What the new base reads with what was carried, where that is another text."""
    before = {line.section: line.text for line in new}
    return {
        int(line.section[3:]): line.text
        for line in apply(new, carried.edits)
        if before.get(line.section) != line.text or line.deleted
    }


YEARLY = REGISTER.replace("once a year", "every two years")


def test_a_rewording_of_a_paragraph_that_was_split_is_one_of_each_half() -> None:
    carried = carry(OLD, SPLIT, [reading(1, f"{PLAN.replace('two years', 'three years')} {YEARLY}")])
    assert texts(SPLIT, carried) == {1: PLAN.replace("two years", "three years"), 9: YEARLY}
    assert {part.number for part in carried.parts} == {0}
    assert carried.fate is Fate.EDITED


def test_a_change_of_the_second_half_alone_leaves_the_first_as_it_is() -> None:
    carried = carry(OLD, SPLIT, [reading(1, f"{PLAN} {YEARLY}")])
    (part,) = carried.parts
    assert (part.fate, part.remark, part.now) == (Fate.EDITED, Remark.FOLLOWED, reading(9, YEARLY))
    assert part.place is not None
    assert part.place.line == OLD[0]


@pytest.mark.parametrize(
    ("proposed", "expected"),
    [
        (f"{PLAN} It shall consult. {REGISTER}", {1: f"{PLAN} It shall consult."}),
        (f"{PLAN} {REGISTER} It shall consult.", {9: f"{REGISTER} It shall consult."}),
        (f"At last, {PLAN} {REGISTER}", {1: f"At last, {PLAN}"}),
    ],
)
def test_a_sentence_put_in_where_the_paragraph_was_split_stays_behind_the_words_it_followed(
    proposed: str, expected: dict[int, str]
) -> None:
    assert texts(SPLIT, carry(OLD, SPLIT, [reading(1, proposed)])) == expected


def test_the_same_words_changed_on_both_sides_clash_in_the_paragraph_where_they_are_now() -> None:
    new = text_of({1: PLAN, 9: REGISTER.replace("once a year", "each year"), 2: REVIEW, 3: MONEY})
    carried = carry(OLD, new, [reading(1, f"{PLAN} {YEARLY}")])
    (part,) = carried.open
    assert (part.fate, part.remark) == (Fate.CONFLICT, Remark.FOLLOWED)
    assert read(part.pieces) == new[1].text
    assert read(part.pieces, proposed=True) == YEARLY
    (passage,) = (piece for piece in part.pieces if isinstance(piece, ClashingPassage))
    assert OLD[0].text[passage.start : passage.end] == "once a year"


@pytest.mark.parametrize("new", [SPLIT, MOVED])
@pytest.mark.parametrize(
    "edit",
    [
        reading(1, PLAN),
        Merge(sections=[section(1), section(2)], text=f"{PLAN} {REVIEW}"),
        Split(section=section(1), texts=["Each Party shall adopt", PLAN[23:]], sections=[section(5)]),
    ],
)
def test_words_struck_here_that_stand_elsewhere_now_are_no_agreement(
    new: Manifest, edit: Replace | Merge | Split
) -> None:
    carried = carry(OLD, new, [edit])
    assert carried.fate is Fate.CONFLICT
    assert carried.edits == ()


def test_two_paragraphs_merged_take_the_changes_of_both_in_one_edit() -> None:
    edits = [
        reading(3, MONEY.replace("new and additional", "predictable")),
        reading(2, REVIEW.replace("third", "next")),
    ]
    carried = carry(OLD, MERGED, edits)
    both = f"{REVIEW.replace('third', 'next')} {MONEY.replace('new and additional', 'predictable')}"
    assert carried.edits == (reading(2, both),)
    assert [part.now for part in carried.parts] == [reading(2, both)] * 2
    check(MERGED, carried.edits)


def test_a_deletion_of_what_was_merged_into_another_paragraph_is_a_conflict_and_not_done() -> None:
    carried = carry(OLD, MERGED, [Delete(section=section(3))])
    (part,) = carried.parts
    assert (part.fate, part.remark, part.pieces) == (
        Fate.CONFLICT,
        Remark.FOLLOWED,
        (ClashingPassage(0, len(MONEY), MONEY, ""),),
    )


def test_what_became_another_section_is_followed_there() -> None:
    new = text_of({1: f"{PLAN} {REGISTER}", 2: REVIEW, 7: MONEY})
    assert carry(OLD, new, [Delete(section=section(3))]).edits == (Delete(section=section(7)),)
    carried = carry(OLD, new, [reading(3, MONEY.replace("costs", "full costs")), adding(5, 3)])
    assert carried.edits == (reading(7, MONEY.replace("costs", "full costs")), adding(5, 7))


def test_what_is_added_after_a_paragraph_that_was_split_stands_after_its_last_part() -> None:
    carried = carry(OLD, SPLIT, [adding(5, 1)])
    assert [line.section for line in apply(SPLIT, carried.edits)] == [section(n) for n in (1, 9, 5, 2, 3)]
    assert carry(OLD, MERGED, [adding(5, 3)]).edits == (adding(5, 2),)
    new = text_of({1: f"{PLAN} {REGISTER}", 3: f"{REVIEW} {MONEY}"})
    assert carry(OLD, new, [adding(5, 2)]).edits == (adding(5, 3),)


def test_a_split_a_merge_and_a_move_of_words_that_the_new_base_made_too_are_done() -> None:
    for edits in (
        [Split(section=section(1), texts=[PLAN, REGISTER], sections=[section(5)])],
        [Merge(sections=[section(2), section(3)], text=f"{REVIEW} {MONEY}")],
        [reading(1, PLAN), reading(3, f"{MONEY} {REGISTER}")],
    ):
        new = apply(OLD, edits)
        assert [part.fate for part in carry(OLD, new, edits).parts if part.fate is not Fate.DONE] == []
    assert carry(OLD, SPLIT, [Split(section=section(1), texts=[PLAN, REGISTER], sections=[section(5)])]).edits == ()


def test_a_passage_that_goes_to_a_paragraph_which_the_amendment_merges_is_in_conflict() -> None:
    new = text_of({1: PLAN, 2: f"{REVIEW} {REGISTER}", 3: MONEY})
    merging = Merge(sections=[section(2), section(3)], text=f"{REVIEW.replace('third', 'next')} {MONEY}")
    carried = carry(OLD, new, [reading(1, f"{PLAN} {YEARLY}"), merging])
    assert [part.fate for part in carried.parts] == [Fate.CONFLICT, Fate.EDITED]
    assert read(carried.parts[0].pieces) == new[1].text
    assert read(carried.parts[0].pieces, proposed=True) == f"{REVIEW} {YEARLY}"
    assert carried.edits == (
        Merge(sections=merging.sections, text=f"{REVIEW.replace('third', 'next')} {REGISTER} {MONEY}"),
    )


def test_a_passage_that_goes_to_a_paragraph_which_the_amendment_moves_is_changed_there() -> None:
    new = text_of({1: PLAN, 2: f"{REVIEW} {REGISTER}", 3: MONEY})
    carried = carry(OLD, new, [reading(1, f"{PLAN} {YEARLY}"), Move(section=section(2), after=section(3))])
    assert carried.edits == (reading(2, f"{REVIEW} {YEARLY}"), Move(section=section(2), after=section(3)))
    check(new, carried.edits)


def test_what_is_redrafted_between_two_passages_that_moved_together_is_there_once() -> None:
    """So much is redrafted between them that they are two passages, not one."""
    words = distinct_words(48)
    redrafted = [f"N{number}" for number in range(16)]
    old = text_of({1: " ".join(words), 2: REVIEW})
    new = text_of({2: " ".join([REVIEW, *words[:16], *redrafted, *words[32:]])})
    mine, both = [*words], [*words[:16], *redrafted, *words[32:]]
    for at in (5, 40):
        mine[at] = both[at] = f"Z{at}"
    assert carry(old, new, [reading(1, " ".join(mine))]).edits == (reading(2, " ".join([REVIEW, *both])),)


def test_two_rewordings_of_one_paragraph_that_clash_there_are_the_first_one_and_a_conflict() -> None:
    place = Place(OLD[2], 2, OLD[1], None)
    here, came, free = (reading(2, REVIEW.replace("third", word)) for word in ("next", "last", "third"))
    parts = [
        CarriedEdit(0, reading(3, "One."), Fate.EDITED, came, Remark.FOLLOWED, place=place),
        CarriedEdit(1, here, Fate.EXACT, here),
        CarriedEdit(2, free, Fate.EDITED, free, Remark.FOLLOWED, place=place),
    ]
    first, second, third = together(parts, {line.section: line for line in OLD})
    assert (first.fate, first.now) == (Fate.CONFLICT, None)
    assert first.pieces == (ClashingPassage(0, len(MONEY), here.text, came.text),)
    assert second.now is third.now
    assert second.now == here


# -- planted


class Planted(NamedTuple):
    """A text and what a round and an amendment make of it, word by word: what each says, and the two at once."""

    new: Manifest
    edit: Replace
    both: dict[str, str]


SENTENCE = 16


def _sentence(words: Sequence[str]) -> str:
    return " ".join(words) + "."


@st.composite
def planted(draw: st.DrawFn) -> tuple[Manifest, Planted]:
    """Four sentences of words that all differ, two of them one paragraph. The base's changes are at every fourth word
    from the first on, those of the amendment half-way between.
    """
    words = distinct_words(4 * SENTENCE)
    was = [words[at : at + SENTENCE] for at in range(0, len(words), SENTENCE)]
    now, both, mine = ([[*some] for some in was] for _ in range(3))
    amended = draw(st.sampled_from(((0, 1), (2,), (3,))))
    for number in range(4):
        for at in draw(st.sets(st.sampled_from(range(0, SENTENCE, 4)), max_size=3)):
            now[number][at] = both[number][at] = f"N{number}x{at}"
        for at in draw(st.sets(st.sampled_from(range(2, SENTENCE, 4)), max_size=3)) if number in amended else ():
            said = draw(st.sampled_from((f"Z{number}x{at}", f"{was[number][at]} Z{number}x{at}", "")))
            mine[number][at] = both[number][at] = said
    old_, new_, mine_, both_ = (
        [_sentence([*filter(None, some)]) for some in sides] for sides in (was, now, mine, both)
    )
    arranged = draw(st.sampled_from(("split", "merge", "retype", "move", "none")))
    old = text_of(_arranged(old_, "none"))
    section_ = {(0, 1): 1, (2,): 2, (3,): 3}[amended]
    edit = reading(section_, _arranged(mine_, "none")[section_])
    expected = {section(n): text for n, text in _arranged(both_, arranged).items()}
    return old, Planted(text_of(_arranged(new_, arranged)), edit, expected)


def _arranged(some: Sequence[str], how: str) -> dict[int, str]:
    a, b, c, d = some
    return {
        "none": {1: f"{a} {b}", 2: c, 3: d},
        "split": {1: a, 9: b, 2: c, 3: d},
        "merge": {1: f"{a} {b}", 2: f"{c} {d}"},
        "retype": {1: f"{a} {b}", 2: c, 7: d},
        "move": {1: a, 2: c, 3: f"{d} {b}"},
    }[how]


@given(planted())
@settings(max_examples=150, deadline=None)
def test_changes_of_different_words_are_both_made_wherever_the_words_are_now(found: tuple[Manifest, Planted]) -> None:
    old, plant = found
    if plant.edit.text in {line.text for line in old}:
        return
    carried = carry(old, plant.new, [plant.edit])
    assert carried.open == ()
    assert {line.section: line.text for line in apply(plant.new, carried.edits)} == plant.both
    if carried.edits:
        check(plant.new, carried.edits)


@given(planted(), st.data())
@settings(max_examples=100, deadline=None)
def test_a_word_changed_by_both_is_reported_with_both_wordings(
    found: tuple[Manifest, Planted], data: st.DataObject
) -> None:
    old, plant = found
    was = next(line.text for line in old if line.section == plant.edit.section)
    # One word of the base that the round replaced is replaced by the amendment as well.
    kept = {word for line in plant.new for word in line.text.replace(".", "").split()}
    lost = [word for word in was.replace(".", "").split() if word not in kept]
    if not lost:
        return
    word = data.draw(st.sampled_from(lost))
    carried = carry(old, plant.new, [reading(int(plant.edit.section[3:]), was.replace(word, "Both", 1))])
    assert carried.edits == ()
    (part,) = carried.parts
    assert part.fate is Fate.CONFLICT
    assert "Both" in read(part.pieces, proposed=True)
    assert "Both" not in read(part.pieces)
    assert read(part.pieces) in {line.text for line in plant.new}


@given(planted(), st.data())
@settings(max_examples=100, deadline=None)
def test_an_anchor_on_words_that_stay_is_exact_wherever_they_are_now(
    found: tuple[Manifest, Planted], data: st.DataObject
) -> None:
    old, plant = found
    line = data.draw(st.sampled_from(old))
    word = data.draw(st.sampled_from(line.text.replace(".", "").split()))
    (anchor,) = _places(word, [line])
    (carried,) = carry_anchors(old, plant.new, [anchor])
    places = _places(word, plant.new)
    if places:
        assert (carried.hold, carried.now) == (Hold.EXACT, *places)
    else:
        assert carried.hold is not Hold.EXACT


def _places(word: str, lines: Sequence[Line]) -> list[Anchor]:
    return [
        Anchor(line.section, match.start(1), match.end(1), word)
        for line in lines
        for match in re.finditer(f"(?:^|[ ])({re.escape(word)})(?=[ .])", line.text)
    ]


# -- anchors


def quoting(quote: str) -> Anchor:
    start = OLD[0].text.index(quote)
    return Anchor(section(1), start, start + len(quote), quote)


@pytest.mark.parametrize(
    ("quote", "hold", "now"),
    [
        ("every plan", Hold.EXACT, "every plan"),
        ("ebsite and", Hold.EDITED, "public pages and"),
        ("its website and shall", Hold.EDITED, "its public pages and shall"),
        ("law. The Secretariat", Hold.EDITED, "The Secretariat"),
    ],
)
def test_an_anchor_goes_with_the_half_of_a_paragraph_that_was_split_off(quote: str, hold: Hold, now: str) -> None:
    new = text_of({1: PLAN, 9: REGISTER.replace("website", "public pages"), 2: REVIEW, 3: MONEY})
    start = new[1].text.index(now)
    anchor = quoting(quote)
    assert carry_anchors(OLD, new, [anchor]) == (
        CarriedAnchor(anchor, hold, Anchor(section(9), start, start + len(now), now)),
    )


def test_an_anchor_most_of_whose_words_stayed_stays_with_them() -> None:
    anchor = quoting("in accordance with its national law. The")
    assert carry_anchors(OLD, SPLIT, [anchor]) == (
        CarriedAnchor(anchor, Hold.EDITED, Anchor(section(1), 57, 93, "in accordance with its national law.")),
    )
