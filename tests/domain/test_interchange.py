"""Differences and patches go out to diff-match-patch and come in from it; nothing is ever applied by likeness."""

from time import perf_counter

import pytest
from diff_match_patch import diff_match_patch
from hypothesis import given, settings

from drafting.domain.diff import accept, diff, reject
from drafting.domain.interchange import (
    Hunk,
    PatchConflict,
    Shift,
    from_patch,
    from_tuples,
    hunks,
    patched,
    to_patch,
    to_tuples,
)
from drafting.domain.text import Op, Span
from drafting.protocol.problems import ProblemCode, Refusal
from tests.domain.strategies import pairs

KEEP, DELETE, INSERT = Op.KEEP, Op.DELETE, Op.INSERT
OLD = "States shall take appropriate measures."
NEW = "States shall take all necessary measures."


def test_a_difference_is_written_as_tuples() -> None:
    assert to_tuples(diff(OLD, NEW)) == [
        (0, "States shall take "),
        (-1, "appropriate"),
        (1, "all necessary"),
        (0, " measures."),
    ]


def test_tuples_are_read_and_put_in_our_order() -> None:
    assert from_tuples([[0, "a"], [1, "n"], [-1, "o"], [-1, "ld"], (1, "ew"), (0, ""), (0, "b"), (0, "c")]) == (
        Span(KEEP, "a"),
        Span(DELETE, "old"),
        Span(INSERT, "new"),
        Span(KEEP, "bc"),
    )
    assert from_tuples([(1, "x"), (0, "y")]) == (Span(INSERT, "x"), Span(KEEP, "y"))


@pytest.mark.parametrize("tuples", [[(2, "a")], [("0", "a")], [(0, 1)], [(0,)], [(True, "a")], [(0, "a", "b")]])
def test_what_is_no_difference_is_refused(tuples: list[tuple[object, ...]]) -> None:
    with pytest.raises(Refusal) as refusal:
        from_tuples(tuples)
    assert refusal.value.code is ProblemCode.MALFORMED


def test_a_patch_is_written_with_context_and_percent_signs() -> None:
    assert to_patch(diff("a b\u0301 100% \U0001d49c é x", "a b\u0301 100% \U0001d49c é y")) == (
        "@@ -7,9 +7,9 @@\n 00%25 %F0%9D%92%9C %C3%A9 \n-x\n+y\n"
    )
    assert to_patch(diff(OLD, OLD)) == ""


def test_a_hunk_has_as_much_context_as_it_needs_to_stand_in_one_place() -> None:
    (hunk,) = hunks((Span(KEEP, "first the same words here, then the same words here"), Span(INSERT, " too")))
    assert hunk == Hunk(19, (Span(KEEP, "s here, then the same words here"), Span(INSERT, " too")))


def test_later_hunks_stand_in_the_text_that_the_earlier_ones_make() -> None:
    one, two = hunks(diff("aa bb cc dd ee ff gg hh", "xxxx bb cc dd ee ff gg yyyy"))
    assert (one.start, one.expected, one.wanted) == (0, "aa bb cc d", "xxxx bb cc d")
    assert (two.start, two.expected, two.wanted) == (15, "e ff gg hh", "e ff gg yyyy")


def test_a_patch_from_diff_match_patch_is_read() -> None:
    patch = "@@ -1,4 +1,5 @@\n+%C3%A4\n abc \n@@ -10 +11,0 @@\n-x\n"
    assert from_patch(patch) == (
        Hunk(0, (Span(INSERT, "ä"), Span(KEEP, "abc "))),
        Hunk(11, (Span(DELETE, "x"),)),
    )
    assert from_patch("") == ()


@pytest.mark.parametrize(
    "patch", ["abc", " abc\n", "@@ -1 +1 @@\n*x", "@@ -1 +1 @@\n+%FF", "@@ -1 +1 @\n", "@@ -1 +1 @@\n+\ud800"]
)
def test_what_is_no_patch_is_refused_with_its_line(patch: str) -> None:
    with pytest.raises(Refusal) as refusal:
        from_patch(patch)
    assert refusal.value.code is ProblemCode.MALFORMED
    assert refusal.value.facts["line"] == (2 if patch.startswith("@@ -1 +1 @@") else 1)


PATCH = to_patch(diff(OLD, NEW))


def test_a_patch_is_applied_where_it_says() -> None:
    result = patched(OLD, from_patch(PATCH))
    assert (result.text, result.applied, result.shifted, result.conflicts) == (NEW, 1, (), ())


def test_a_hunk_that_is_found_elsewhere_is_applied_and_reported() -> None:
    result = patched(f"Therefore, {OLD}", from_patch(PATCH))
    assert (result.text, result.shifted, result.conflicts) == (f"Therefore, {NEW}", (Shift(0, 10, 21),), ())


@pytest.mark.parametrize(
    "current",
    [
        "States shall take appropriate  measures.",
        "States shall take proportionate measures.",
        "Then States shall take appropriate measures. States shall take appropriate measures.",
        "",
    ],
)
def test_a_hunk_whose_context_is_not_there_once_is_a_conflict_and_changes_nothing(current: str) -> None:
    result = patched(current, from_patch(PATCH))
    assert (result.text, result.applied) == (current, 0)
    assert result.conflicts == (PatchConflict(0, "ll take appropriate measure", "ll take all necessary measure"),)


def test_the_hunks_after_a_conflict_are_still_applied_in_their_places() -> None:
    old = "One short sentence. " * 3 + "A second one, which is different. The third one is the last."
    new = old.replace("short", "much longer", 1).replace("second", "2nd").replace("last", "end")
    current = old.replace("One short", "Two short", 1)
    result = patched(current, from_patch(to_patch(diff(old, new))))
    assert [conflict.number for conflict in result.conflicts] == [0]
    assert result.text == current.replace("second", "2nd").replace("last", "end")
    assert result.shifted == ()


def test_what_follows_a_hunk_found_elsewhere_is_expected_there_too() -> None:
    old = "One short sentence. And then a second one, which is different."
    new = old.replace("short", "much longer").replace("second", "2nd")
    result = patched(f"Therefore, {old}", hunks(diff(old, new)))
    assert (result.text, [shift.number for shift in result.shifted]) == (f"Therefore, {new}", [0])


def library() -> diff_match_patch:
    peer = diff_match_patch()
    peer.Diff_Timeout = 0
    return peer


@given(pairs())
@settings(max_examples=150)
def test_our_tuples_are_a_difference_to_the_library_and_its_to_us(pair: tuple[str, str]) -> None:
    old, new = pair
    spans = diff(old, new)
    assert library().diff_text1(to_tuples(spans)) == old
    assert library().diff_text2(to_tuples(spans)) == new
    assert from_tuples(to_tuples(spans)) == spans
    theirs = from_tuples(library().diff_main(old, new))
    assert (reject(theirs), accept(theirs)) == (old, new)


@given(pairs())
@settings(max_examples=150)
def test_the_library_applies_our_patches(pair: tuple[str, str]) -> None:
    old, new = pair
    peer = library()
    text, applied = peer.patch_apply(peer.patch_fromText(to_patch(diff(old, new))), old)
    assert text == new
    assert all(applied)


@given(pairs())
@settings(max_examples=150)
def test_we_apply_the_librarys_patches_and_our_own(pair: tuple[str, str]) -> None:
    old, new = pair
    peer = library()
    for patch in (peer.patch_toText(peer.patch_make(old, new)), to_patch(diff(old, new))):
        result = patched(old, from_patch(patch))
        assert (result.text, result.shifted, result.conflicts) == (new, (), ())


@given(pairs(), pairs())
@settings(max_examples=100)
def test_on_another_text_every_hunk_is_applied_exactly_or_listed(pair: tuple[str, str], other: tuple[str, str]) -> None:
    patch = hunks(diff(*pair))
    result = patched(other[0], patch)
    assert result.applied + len(result.conflicts) == len(patch)
    if not result.applied:
        assert result.text == other[0]
    grown = sum(
        len(h.wanted) - len(h.expected) for n, h in enumerate(patch) if n not in {c.number for c in result.conflicts}
    )
    assert len(result.text) == len(other[0]) + grown


@pytest.mark.parametrize("word", ["a ", "word", "[a] "])
def test_long_and_repeating_texts_are_patched_in_bounded_time(word: str) -> None:
    old = word * 30_000
    new = f"x {old[:30_000]}y {old[30_000:]} z"
    started = perf_counter()
    spans = (
        Span(INSERT, "x "),
        Span(KEEP, old[:30_000]),
        Span(INSERT, "y "),
        Span(KEEP, old[30_000:]),
        Span(INSERT, " z"),
    )
    assert patched(old, from_patch(to_patch(spans))).text == new
    assert perf_counter() - started < 2
