"""What one side made of a text, found fast, against the exact difference token by token."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.alignment import offsets
from drafting.domain.changes import Change, Changes, rewritten
from drafting.domain.diff import leftmost, rightmost
from drafting.domain.sides import early, late
from drafting.domain.tokens import tokenize
from tests.domain.strategies import distinct_words, pairs, spread_rewordings

BASE = "States shall take appropriate measures, on a regular basis."


@pytest.mark.parametrize(
    ("wording", "expected"),
    [
        (BASE.replace("appropriate", "all necessary"), [(18, 29, "all necessary")]),
        (BASE.replace("appropriate ", ""), [(17, 29, "")]),
        (BASE.replace("take", "take most"), [(17, 17, " most")]),
        (f"All {BASE}", [(0, 0, "All ")]),
        (BASE.replace("States ", ""), [(0, 7, "")]),
        (BASE.replace("measures,", "measures"), [(38, 39, "")]),
        (BASE.replace("appropriate measures", "[appropriate measures]"), [(18, 18, "["), (38, 38, "]")]),
        # a clause that repeats the word it follows is one insertion
        (BASE.replace("take", "take, and take all,"), [(17, 17, ", and take all,")]),
        (f"{BASE} So.", [(59, 59, " So.")]),
        ("", [(0, 59, "")]),
    ],
)
def test_changes_are_whole_words_and_as_few_as_can_be(wording: str, expected: list[tuple[int, int, str]]) -> None:
    assert early(BASE, wording) == tuple(Change(*change) for change in expected)


def test_what_may_slide_stands_as_early_or_as_late_as_it_can() -> None:
    assert early("to act and to act", "to act and to act and to act") == (Change(0, 0, "to act and "),)
    assert late("to act and to act", "to act and to act and to act") == (Change(17, 17, " and to act"),)
    assert late("States and cities", "States and all cities") == (Change(11, 11, "all "),)
    assert early("States and cities", "States and all cities") == (Change(10, 10, " all"),)
    assert late("a b b c", "a b c") == (Change(4, 6, ""),)
    assert early("a b b c", "a b c") == (Change(1, 3, ""),)


@pytest.mark.parametrize("text", ["a \u0301b c", "a  b c", "\u0600 a b", "a \u00a0b c", " a b"])
def test_a_space_that_is_one_with_what_stands_beside_it_is_not_parted_from_it(text: str) -> None:
    wording = text.replace("b", "x")
    assert early(text, wording) == leftmost(text, wording)
    for side in (early, late):
        for struck in (text.replace(" c", ""), text.replace("b ", ""), text.replace("a", "a x"), f"{text} x"):
            assert {edge for change in side(text, struck) for edge in change[:2]} <= {*offsets(tokenize(text))}


@given(pairs(), st.sampled_from((early, late)))
@settings(max_examples=300, deadline=None)
def test_the_changes_make_the_wording_and_split_no_word(
    texts: tuple[str, str], side: Callable[[str, str], Changes]
) -> None:
    old, new = texts
    found = side(old, new)
    assert rewritten(old, found, 0, len(old)) == new
    assert all(before.end < after.start for before, after in pairwise(found))
    assert {edge for change in found for edge in change[:2]} <= {*offsets(tokenize(old))}
    assert all(old[change.start : change.end] != change.text for change in found)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_of_words_that_all_differ_the_changes_are_the_exact_ones(data: st.DataObject) -> None:
    words = distinct_words(20)
    old, new = " ".join(words), data.draw(spread_rewordings(words, "N"))
    assert early(old, new) == leftmost(old, new)
    assert late(old, new) == rightmost(old, new)
