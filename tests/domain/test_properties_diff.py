"""Differences where the spaces differ too, tokens in every script, pairs that have a rival, texts past the bounds."""

from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from drafting.domain.alignment import Hunk, align, settle
from drafting.domain.compilation import is_another_text
from drafting.domain.diff import accept, changes, diff, reject
from drafting.domain.pairing import pair
from drafting.domain.tokens import tokenize
from tests.domain.strategies import ASTRAL, rewordings, vocabularies


def test_marks_of_emphasis_are_one_token_in_every_script() -> None:
    assert tokenize("**Решает** __أن__ *à*") == ("**", "Решает", "**", " ", "__", "أن", "__", " ", "*", "à", "*")
    assert tokenize("**Decides** __a__") == ("**", "Decides", "**", " ", "__", "a", "__")


def test_words_past_the_stated_size_are_one_change_but_for_what_both_share_at_the_ends() -> None:
    old = [f"w{n}" for n in range(40_101)]
    new = [f"v{n}" if n % 2 else f"w{n}" for n in range(40_101)]
    assert align(old, new) == [Hunk(1, 40_100, 1, 40_100)]
    assert len(align(old[:1_000], new[:1_000])) == 500


@st.composite
def spaced_pairs(draw: st.DrawFn) -> tuple[str, str]:
    """A text and a rewording of it, in which the spaces were typed otherwise here and there, and some words repeat."""
    words = [*draw(vocabularies())[:6], *ASTRAL[:2]]
    old = draw(st.lists(st.sampled_from(words), min_size=2, max_size=20))
    new = draw(rewordings(" ".join(old), words)).split(" ")
    spaces = st.sampled_from((" ", " ", " ", "  ", "\u00a0", "\u202f", ""))
    before, after = ("".join(f"{word}{draw(spaces)}" for word in side) for side in (old, new))
    return before, after


@given(spaced_pairs())
@settings(max_examples=300)
def test_a_difference_loses_no_space_either(pair_: tuple[str, str]) -> None:
    old, new = pair_
    event(f"only spaces differ: {old.split() == new.split() and old != new}")
    for exact in (False, True):
        spans = diff(old, new, exact=exact)
        assert (reject(spans), accept(spans)) == (old, new)
    at = 0
    for start, end, _ in changes(old, new):
        assert at <= start <= end
        at = end + 1


@given(st.lists(st.sampled_from("ab "), max_size=8), st.lists(st.sampled_from("ab "), max_size=8))
@example(["b", "a", " ", "a", " "], ["a", "b", "a"])
@settings(max_examples=400)
def test_a_change_slides_as_far_as_it_can_and_never_over_the_next_one(old: list[str], new: list[str]) -> None:
    for end in (0, -1):
        at, made = 0, list[str]()
        for a, b, c, d in settle(align(old, new), old, new, lambda _tokens, _start, _end, by, end=end: by[end]):
            assert at <= a
            made += *old[at:a], *new[c:d]
            at = b
        assert [*made, *old[at:]] == new


def test_a_pair_is_less_sure_where_another_is_nearly_as_good() -> None:
    old = "Each Party shall report to the Conference on permits for seasonal workers every year."
    new = old.replace("shall report", "will inform")
    rival = old.replace("every year", "each summer")
    (alone,) = pair([old], [new])
    (doubted,) = (one for one in pair([old, rival], [new]) if one.new == 0)
    assert doubted.old == 0
    assert doubted.sure < alone.sure


def test_a_wording_that_shares_two_words_in_five_is_read_as_changes() -> None:
    base = "one two three four five six seven eight nine ten"
    assert not is_another_text(base, "one two three four never come to this old place")
    assert is_another_text(base, "one two three of us never come to this place")
