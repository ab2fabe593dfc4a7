from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.merging import Clash, ClashingPassage, Merged, merge
from tests.domain.strategies import distinct_words, paragraphs, rewordings, vocabularies

BASE = "States shall take appropriate measures on a regular basis."


@pytest.mark.parametrize(
    ("current", "proposed", "merged"),
    [
        # apart
        (
            "Parties shall take appropriate measures on a regular basis.",
            "States shall take appropriate measures on a yearly basis.",
            "Parties shall take appropriate measures on a yearly basis.",
        ),
        # a replaced word and its neighbour
        (
            "States shall take necessary measures on a regular basis.",
            "States shall take appropriate steps on a regular basis.",
            "States shall take necessary steps on a regular basis.",
        ),
        # neighbouring words struck, in the middle and at either end
        (
            "States shall appropriate measures on a regular basis.",
            "States shall take measures on a regular basis.",
            "States shall measures on a regular basis.",
        ),
        (
            "States shall take appropriate measures on a regular.",
            "States shall take appropriate measures on a basis.",
            "States shall take appropriate measures on a.",
        ),
        (
            "shall take appropriate measures on a regular basis.",
            "States take appropriate measures on a regular basis.",
            "take appropriate measures on a regular basis.",
        ),
        # an insertion at the start and one at the end
        (f"All {BASE}", f"{BASE} This is so.", f"All {BASE} This is so."),
        # the same on both sides, and something else on one
        (
            "Parties shall take appropriate measures on a regular basis.",
            "Parties shall take appropriate measures.",
            "Parties shall take appropriate measures.",
        ),
    ],
)
def test_changes_in_different_places_are_both_made(current: str, proposed: str, merged: str) -> None:
    assert merge(BASE, current, proposed) == Merged(merged)


@pytest.mark.parametrize(
    ("current", "proposed", "passages"),
    [
        (
            "States shall take necessary measures on a regular basis.",
            "States shall take all measures on a regular basis.",
            [(18, 29, "necessary", "all")],
        ),
        # a word in what the other side strikes
        (
            "States shall take appropriate measures.",
            "States shall take appropriate measures on a yearly basis.",
            [(38, 57, "", " on a yearly basis")],
        ),
        # different insertions at one place
        (
            "States shall take all appropriate measures on a regular basis.",
            "States shall take most appropriate measures on a regular basis.",
            [(17, 17, " all", " most")],
        ),
        # an insertion at the edge of what the other side strikes
        (
            "States shall take all appropriate measures on a regular basis.",
            "States shall take measures on a regular basis.",
            [(17, 29, " all appropriate", "")],
        ),
        # two clashes, and a change that is none
        (
            "Parties shall take necessary measures on a regular basis.",
            "Cities shall take all measures, on a regular basis.",
            [(0, 6, "Parties", "Cities"), (18, 29, "necessary", "all")],
        ),
    ],
)
def test_changes_of_the_same_words_clash(
    current: str, proposed: str, passages: list[tuple[int, int, str, str]]
) -> None:
    assert merge(BASE, current, proposed) == Clash(tuple(ClashingPassage(*passage) for passage in passages))


@pytest.mark.parametrize(
    ("current", "proposed", "merged"),
    [
        ("all necessary steps", "all necessary measures", "all necessary steps"),
        ("take necessary measures", "seek necessary steps", None),
        ("all necessary", "all", None),
        ("new necessary", "necessary", None),
        ("all", "all measures", "all"),
        ("steps, all necessary", "appropriate all necessary", "steps, all necessary"),
        ("new measures", "new steps", "new steps"),
    ],
)
def test_of_neighbouring_words_that_one_side_changed_the_other_may_have_changed_some_alike(
    current: str, proposed: str, merged: str | None
) -> None:
    for one, other in ((current, proposed), (proposed, current)):
        result = merge("take appropriate measures now", f"take {one} now", f"take {other} now")
        assert (result.text if isinstance(result, Merged) else None) == (merged and f"take {merged} now")


def test_words_that_only_changed_places_do_not_answer_to_each_other() -> None:
    assert isinstance(merge("] b b a [", "b b b a [ b", "b ] b a ["), Clash)


def test_insertions_with_only_a_space_between_them_clash() -> None:
    assert merge("a b", "a, x b", "a y b") == Clash((ClashingPassage(1, 1, ", x", " y"),))


TWO = "States shall act, with all means. They shall report."


@pytest.mark.parametrize(
    ("current", "proposed", "merged"),
    [
        # a sentence put in beside one that the other side strikes
        (f"{TWO[:33]} They meet.{TWO[33:]}", TWO[:33], f"{TWO[:33]} They meet."),
        (f"{TWO} They meet.", TWO[:33], f"{TWO[:33]} They meet."),
        (f"They meet. {TWO}", TWO[34:], f"They meet. {TWO[34:]}"),
        # a clause put in at a comma, and the next words struck
        (
            "States shall act, as agreed, with all means. They shall report.",
            "States shall act, means. They shall report.",
            "States shall act, as agreed, means. They shall report.",
        ),
        # a bracket set at a word, and a word put in on the other side of the space
        (
            "States [shall act], with all means.",
            "States must shall act, with all means.",
            "States must [shall act], with all means.",
        ),
        (
            "[States shall] act, with all means.",
            "States shall now act, with all means.",
            "[States shall] now act, with all means.",
        ),
        (
            "[States] shall act, with all means.",
            "States [shall] act, with all means.",
            "[States] [shall] act, with all means.",
        ),
    ],
)
def test_what_stands_beside_a_change_and_has_nothing_to_do_with_it_is_kept(
    current: str, proposed: str, merged: str
) -> None:
    base = TWO if "report" in merged or "meet" in merged else TWO[:33]
    assert merge(base, current, proposed) == merge(base, proposed, current) == Merged(merged)


@pytest.mark.parametrize(
    ("current", "proposed"),
    [
        # a word before a word that is struck may be said of that one
        ("States shall act, with nearly all means.", "States shall act, with means."),
        ("States shall act, with all possible means.", "States shall act, with means."),
        # a sentence begun in the middle of what is struck
        (f"{TWO[:33]} They meet,{TWO[33:]}", TWO[:33]),
        # a bracket at a word that is struck
        ("States [shall] act, with all means.", "States act, with all means."),
        ("[States shall] act, with all means.", "States act, with all means."),
    ],
)
def test_what_may_belong_to_struck_words_clashes(current: str, proposed: str) -> None:
    base = TWO if "They" in current else TWO[:33]
    assert isinstance(merge(base, current, proposed), Clash)


def test_brackets_that_share_one_of_their_marks_clash() -> None:
    current, proposed = "States [shall act] now", "States shall [act] now"
    assert merge("States shall act now", current, proposed) == Clash((ClashingPassage(0, 20, current, proposed),))
    assert merge("States shall act now", current, current) == Merged(current)


@given(st.data())
@settings(max_examples=150)
def test_neighbouring_words_changed_by_two_sides_are_both_changed(data: st.DataObject) -> None:
    """Words that all differ, in three scripts, with decomposed accents and astral letters."""
    base = distinct_words(16)
    mine, yours, both = base[:], base[:], base[:]
    for at in data.draw(st.sets(st.integers(0, 15))):
        for side in (data.draw(st.sampled_from((mine, yours))), both):
            side[at] = f"N{at}"
    assert merge(" ".join(base), " ".join(mine), " ".join(yours)) == Merged(" ".join(both))


@given(st.data())
@settings(max_examples=200)
def test_a_side_that_changed_nothing_yields_to_the_other(data: st.DataObject) -> None:
    words = data.draw(vocabularies())
    base = data.draw(paragraphs(words))
    other = data.draw(rewordings(base, words))
    assert merge(base, base, other) == merge(base, other, base) == merge(base, other, other) == Merged(other)


@given(st.data())
@settings(max_examples=250)
def test_swapping_the_sides_swaps_the_answer(data: st.DataObject) -> None:
    words = data.draw(vocabularies())
    base = data.draw(paragraphs(words))
    one, other = data.draw(rewordings(base, words)), data.draw(rewordings(base, words))
    straight, swapped = merge(base, one, other), merge(base, other, one)
    if isinstance(straight, Merged):
        assert swapped == straight
    else:
        assert isinstance(swapped, Clash)
        assert [(p.start, p.end, p.proposed, p.current) for p in swapped.passages] == [*straight.passages]
        assert all(p.current != p.proposed for p in straight.passages)
        for before, after in pairwise(straight.passages):
            assert before.end <= after.start


@given(st.data())
@settings(max_examples=150)
def test_edits_of_different_words_always_merge(data: st.DataObject) -> None:
    """Words replaced, struck and inserted, by either side, at least two words apart."""
    base = [f"w{number}" for number in range(24)]
    mine, yours, both = base[:], base[:], base[:]
    for at in range(1, 23, 3):
        new = data.draw(st.sampled_from((f"n{at}", f"n{at} m{at}", f"w{at} n{at}", f"n{at} w{at}", "")))
        side = data.draw(st.sampled_from(("mine", "yours", "both", "neither")))
        if side in {"mine", "both"}:
            mine[at] = new
        if side in {"yours", "both"}:
            yours[at] = new
        if side != "neither":
            both[at] = new

    def joined(words: list[str]) -> str:
        return " ".join(filter(None, words))

    assert merge(joined(base), joined(mine), joined(yours)) == Merged(joined(both))
