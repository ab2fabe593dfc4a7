"""Ranks: room between any two, held to the examples that the page is held to as well."""

import json
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.domain.ranks import between, is_rank, ranks

EXAMPLES: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "clients/web/tests/fixtures/ranks.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", EXAMPLES["between"], ids=lambda case: f"{case['low']}-{case['high']}")
def test_a_rank_lies_in_the_middle(case: dict[str, Any]) -> None:
    assert between(case["low"], case["high"]) == case["rank"]


@pytest.mark.parametrize("case", EXAMPLES["refused"], ids=lambda case: f"{case['low']}-{case['high']}")
def test_no_rank_lies_there(case: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"is no rank|does not stand before"):
        between(case["low"], case["high"])


def test_ranks_are_spaced_evenly() -> None:
    for case in EXAMPLES["spaced"]:
        assert ranks(case["number"]) == case["ranks"]
    for case in EXAMPLES["spaced_ends"]:
        spaced = ranks(case["number"])
        assert (spaced[0], spaced[1], spaced[-1]) == (case["first"], case["second"], case["last"])


def test_ranks_are_compared_by_code_point() -> None:
    assert sorted(EXAMPLES["ordered"]) == EXAMPLES["ordered"]
    assert all(map(is_rank, EXAMPLES["ordered"]))


@given(st.integers(0, 4_000))
def test_seeded_ranks_rise_and_leave_room(number: int) -> None:
    spaced = ranks(number)
    assert len(spaced) == number
    assert all(map(is_rank, spaced))
    assert all(low < between(low, high) < high for low, high in pairwise(spaced))


@given(st.randoms(use_true_random=False))
def test_there_is_always_room(random: Random) -> None:
    order = ranks(2)
    at = random.randrange(3)
    for _ in range(200):
        at = random.choice((at, at, random.randrange(len(order) + 1)))
        order.insert(at, between(order[at - 1] if at else None, order[at] if at < len(order) else None))
    assert order == sorted(set(order))
    assert all(map(is_rank, order))


def test_a_thousand_sections_put_at_one_place_have_short_ranks() -> None:
    low, high = ranks(2)
    for _ in range(1_000):
        high = between(low, high)
    assert len(high) <= 1_000 / 5 + 2
