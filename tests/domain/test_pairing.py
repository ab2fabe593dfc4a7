import random
from collections.abc import Sequence
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.pairing import Pair, longest_increasing, pair
from tests.domain.strategies import ARABIC, CYRILLIC, legal_sentences, paragraphs, redrafts, vocabularies

PLAN = "Each Party shall publish its national plan within two years of the entry into force of this Agreement."
FUND = "Developed countries shall pay into the Fund by March of every year, as set out in Annex II."
BODY = "The Scientific Body meets twice a year and makes its reports known to the public without delay."
COURT = "Any dispute may be brought before the Tribunal in Hamburg by either side after six months of talks."


def places(found: Sequence[Pair]) -> list[tuple[int, int]]:
    return [(one.old, one.new) for one in found]


def test_equal_paragraphs_are_paired_beyond_doubt() -> None:
    assert pair([PLAN, FUND], [PLAN, FUND]) == (Pair(0, 0, 1.0, moved=False), Pair(1, 1, 1.0, moved=False))


def test_nothing_is_paired_with_nothing() -> None:
    assert pair([], [PLAN]) == pair([PLAN], []) == pair([""], [""]) == ()
    assert pair([PLAN], [COURT]) == ()


def test_case_space_and_punctuation_make_no_other_paragraph() -> None:
    assert pair(["Information exchange:"], ["INFORMATION  EXCHANGE"]) == (Pair(0, 0, 1.0, moved=False),)


def test_a_redrafted_paragraph_is_paired_and_less_surely_so() -> None:
    found = pair([PLAN, FUND, BODY], [PLAN, FUND.replace("March", "the end of June"), BODY])
    assert places(found) == [(0, 0), (1, 1), (2, 2)]
    assert found[0].sure == found[2].sure == 1.0
    assert 0.5 < found[1].sure < 1


def test_of_two_redrafts_the_nearer_one_is_the_paragraph() -> None:
    near, far = PLAN.replace("two", "three"), PLAN.replace("two years", "a month").replace("publish its", "submit a")
    assert places(pair([PLAN], [near, far])) == places(pair([PLAN], [near])) == [(0, 0)]
    assert places(pair([PLAN], [far, near])) == [(0, 1)]


def test_a_moved_paragraph_is_paired_and_said_to_have_moved() -> None:
    found = pair([PLAN, FUND, BODY, COURT], [FUND, BODY, COURT, PLAN.replace("two", "three")])
    assert places(found) == [(1, 0), (2, 1), (3, 2), (0, 3)]
    assert [one.moved for one in found] == [False, False, False, True]


def test_a_paragraph_that_grew_threefold_is_still_known() -> None:
    grown = (
        f"[Subject to its circumstances,] [each] [All] [developed country] {PLAN[:40]}[, if it so wishes,] [through the"
        f" secretariat and by such means as the Conference decides] {PLAN[40:]} [No such plan is needed where the law"
        " of the land already provides for one and has been notified to all others.]"
    )
    ((was, now, sure, _),) = pair([PLAN, FUND], [COURT, grown])
    assert (was, now) == (0, 1)
    assert sure > 0.4


def test_equal_paragraphs_that_repeat_are_paired_by_their_neighbours() -> None:
    old = ["Option 1", PLAN, "Option 1", FUND, "Option 1", BODY]
    new = ["Option 1", FUND, "Option 1", BODY]
    assert places(pair(old, new)) == [(2, 0), (3, 1), (4, 2), (5, 3)]


def test_a_short_heading_with_a_twin_nowhere_near_it_is_no_sure_match() -> None:
    old, new = ["No text.", PLAN, FUND, "No text."], [PLAN, FUND, BODY, COURT, "No text.", PLAN.upper() + " too"]
    assert all(one.sure <= 0.8 for one in pair(old, new) if one.new == 4)


def test_a_paragraph_rewritten_in_its_place_is_paired_by_its_neighbours() -> None:
    old = [PLAN, "Parties should cooperate on waste and on water.", FUND]
    new = [PLAN, "Parties are to cooperate on the matter of waste.", FUND]
    found = pair(old, new)
    assert places(found) == [(0, 0), (1, 1), (2, 2)]
    assert found[1].sure < 0.8


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["a a a a a"] * 3000, ["a a a a a"] * 2900),
        (["a b"] * 1500 + ["b a"] * 1500, ["b a"] * 1500 + ["a b"] * 1500),
        (
            [f"w{n % 7} x{n % 13} y{n % 31} in all cases" for n in range(3000)],
            [f"w{n % 11} x{n % 3}" for n in range(3000)],
        ),
        ([f"p{n} the same words in each and every one" for n in range(3000)], ["the same words in each"] * 3000),
        ([f"u{n} v{n}" for n in range(3000)], [f"v{n} u{n}" for n in range(3000)]),
        (["x " * 50_000], ["x " * 49_000 + "y"]),
        ([" ".join(f"w{n}" for n in range(50_000))], [" ".join(f"w{n * 7 % 50_021}" for n in range(50_000))]),
        (["[" * 4000, "?"], ["]" * 4000, "!"]),
    ],
    ids=["one", "two", "few", "near", "turned", "long", "scattered", "marks"],
)
def test_hostile_texts_are_aligned_in_bounded_time(old: list[str], new: list[str]) -> None:
    started = perf_counter()
    found = pair(old, new)
    assert perf_counter() - started < 6
    assert len({one.old for one in found}) == len({one.new for one in found}) == len(found)


@given(st.data())
@settings(max_examples=150)
def test_nothing_is_paired_twice_and_every_pair_says_how_sure_it_is(data: st.DataObject) -> None:
    words = data.draw(vocabularies())
    old = data.draw(st.lists(paragraphs(words, longest=6), max_size=12))
    new = data.draw(st.lists(st.one_of(paragraphs(words, longest=6), st.sampled_from([*old, ""])), max_size=12))
    found = pair(old, new)
    assert [one.new for one in found] == sorted({one.new for one in found})
    assert len({one.old for one in found}) == len(found)
    assert all(0 < one.sure <= 1 for one in found)
    still = [one.old for one in found if not one.moved]
    assert still == sorted(still)
    assert len(still) == len(longest_increasing([one.old for one in found]))


@given(st.data())
@settings(max_examples=40)
def test_a_shuffled_and_edited_text_is_aligned_with_what_was_planted(data: st.DataObject) -> None:
    script = data.draw(st.sampled_from(((), CYRILLIC, ARABIC)))
    old = [data.draw(legal_sentences(number=number, script=script)) for number in range(data.draw(st.integers(8, 20)))]
    order = data.draw(st.permutations(range(len(old))))
    new = [data.draw(redrafts(old[was])) if data.draw(st.booleans()) else old[was] for was in order]
    right = {(was, now) for now, was in enumerate(order)}
    found = set(places(pair(old, new)))
    assert len(found & right) >= 0.95 * len(right)


def scrambled(words: Sequence[str], count: int, seed: int) -> tuple[list[str], list[str], set[tuple[int, int]]]:
    """A text of ``count`` paragraphs, some moved, struck or added and most reworded, with the pairs that are right."""
    rng = random.Random(seed)  # noqa: S311 - a text, no secret
    old = [" ".join(rng.choices(words, k=rng.randint(12, 60))) for _ in range(count)]
    order = [number for number in range(count) if rng.random() > 0.1]
    for _ in range(count // 20):
        order.insert(rng.randrange(len(order)), order.pop(rng.randrange(len(order))))
    new: list[str] = []
    right: set[tuple[int, int]] = set()
    for was in order:
        if rng.random() < 0.1:
            new.append(" ".join(rng.choices(words, k=30)))
        right.add((was, len(new)))
        parts = old[was].split(" ")
        for _ in range(rng.choice((0, 1, 2, 4, 8))):
            at = rng.randrange(len(parts))
            parts[at : at + rng.randint(0, 2)] = rng.choices(words, k=rng.randint(0, 3))
        new.append(" ".join(parts) or "struck")
    return old, new, right


@pytest.mark.parametrize("seed", range(4))
def test_a_long_text_of_common_words_is_aligned_and_sure_pairs_are_right(seed: int) -> None:
    words = [f"w{n}" for n in range(400)] + ["shall", "the", "of", "and", "Party"] * 40
    old, new, right = scrambled(words, 300, seed)
    found = pair(old, new)
    assert len(set(places(found)) & right) >= 0.95 * len(right)
    sure = [one for one in found if one.sure >= 0.6]
    assert sum((one.old, one.new) in right for one in sure) >= 0.99 * len(sure)


def test_three_thousand_paragraphs_are_aligned_with_three_thousand() -> None:
    old, new, right = scrambled([f"w{n}" for n in range(3000)] + ["the"] * 1000, 3000, 1)
    started = perf_counter()
    found = pair(old, new)
    assert perf_counter() - started < 12
    assert len(set(places(found)) & right) >= 0.95 * len(right)
