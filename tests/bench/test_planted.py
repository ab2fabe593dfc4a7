from functools import partial

import pytest

from bench.compilation import Passages, collated, our_passages, proposed, their_passages
from bench.merging import Carrier, Outcome, Tally, merged, ours, patched, rewordings, tally
from bench.planted import CLAUSES, WORDS, Edited, Kind, Pair, pairs, rewritten
from bench.texts import text
from drafting.domain.compilation import compile  # noqa: A004 - the design's word
from drafting.domain.text import Line
from drafting.domain.tokens import tokenize
from drafting.protocol.words import SectionKind

BASE = "States shall take some steps with regard to the matter at hand now."


def test_planted_edits_are_made_together_and_equal_ones_once() -> None:
    base = ("a", "b", "c", "d")
    assert rewritten(base, [Edited(1, 2, ("x",)), Edited(3, 3, ("y", "z"))]) == "a x c y z d"
    assert rewritten(base, [Edited(1, 2, ()), Edited(2, 3, ("z",))]) == "a z d"
    assert rewritten(base, [Edited(0, 0, ("x",)), Edited(0, 0, ("x",))]) == "x a b c d"


def test_what_is_planted_is_said_nowhere_else() -> None:
    said = {word.strip(",.").lower() for line in text(1000) for word in line.text.split(" ")}
    planted = [word for phrase in (*WORDS, *CLAUSES) for word in phrase.split(" ")]
    assert len(planted) == len(set(planted))
    assert said.isdisjoint(planted)


@pytest.mark.parametrize("kind", Kind)
def test_each_side_of_a_planted_pair_has_edits_and_only_overlaps_have_no_truth(kind: Kind) -> None:
    planted = pairs(kind, 200)
    assert planted == pairs(kind, 200)
    for pair in planted:
        assert pair.base not in {pair.current, pair.proposed}
        assert (pair.truth is None) is (kind is Kind.OVERLAPPING)
        assert pair.truth != pair.base
    if kind is Kind.INDEPENDENT:
        assert all(pair.truth not in {pair.current, pair.proposed} for pair in planted)


INDEPENDENT = Pair(
    Kind.INDEPENDENT,
    BASE,
    BASE.replace("some", "all"),
    BASE.replace("now", "today"),
    "States shall take all steps with regard to the matter at hand today.",
)
OVERLAPPING = Pair(Kind.OVERLAPPING, BASE, BASE.replace("some", "all"), BASE.replace("some", "no"), None)


def test_outcomes_are_counted_against_what_was_planted() -> None:
    def silent(base: str, current: str, proposed: str) -> Outcome:
        del base, proposed
        return Outcome(0, current)

    assert tally(silent, [INDEPENDENT, OVERLAPPING]) == Tally(unreported=1, conflicts=0, needless=0, wrong=1)
    assert tally(lambda *_: Outcome(2, None), [INDEPENDENT, OVERLAPPING]) == Tally(0, 4, 2, 0)
    assert tally(lambda *_: Outcome(0, INDEPENDENT.truth), [INDEPENDENT]) == Tally(0, 0, 0, 0)


WORD_LISTS: Carrier = partial(merged, lambda text: text.split(" "), " ")
TOKEN_LISTS: Carrier = partial(merged, tokenize, "")


@pytest.mark.parametrize("carry", [ours, patched, WORD_LISTS, TOKEN_LISTS])
def test_every_engine_brings_independent_edits_together(carry: Carrier) -> None:
    assert carry(INDEPENDENT.base, INDEPENDENT.current, INDEPENDENT.proposed) == (0, INDEPENDENT.truth)


@pytest.mark.parametrize("carry", [ours, WORD_LISTS, TOKEN_LISTS])
def test_engines_that_merge_tell_one_conflict_where_one_word_has_two_replacements(carry: Carrier) -> None:
    assert carry(OVERLAPPING.base, OVERLAPPING.current, OVERLAPPING.proposed) == (1, None)


def test_a_patch_that_finds_no_place_is_a_conflict() -> None:
    assert patched(BASE, "Nothing is left of it.", BASE.replace("some", "all")) == (1, None)


def test_ours_is_neither_silent_nor_wrong_on_planted_pairs() -> None:
    found = [tally(ours, pairs(kind, 60)) for kind in Kind]
    assert [(some.unreported, some.wrong) for some in found] == [(0, 0)] * len(Kind)


def test_rewordings_are_of_one_paragraph_each() -> None:
    met = list(rewordings(30))
    assert len(met) == 30
    assert all(base not in {current, proposed} or current != proposed for base, current, proposed in met)


def test_passages_of_a_compilation_and_of_a_collation_are_counted_alike() -> None:
    line = Line(f"se_{1:026d}", SectionKind.OPERATIVE, 1, "OP1", "States shall take all steps now.")
    texts = ["States shall take some steps now.", "States shall take all steps later on."]
    assert our_passages(compile((line,), proposed(line, texts))) == Passages(many=2, words=2)
    assert their_passages(collated(line.text, texts)) == Passages(many=2, words=2)
