"""Brackets are found, lifted and resolved; nothing but what is named changes."""

from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.bracket_tree import (
    Bracket,
    Choice,
    Pair,
    Place,
    across,
    alternative_sections,
    choices,
    counts,
    lift,
    not_agreed,
    pairs,
    resolve,
    tree,
    walk,
)
from drafting.domain.brackets import BracketFault, count, lint
from drafting.domain.text import Line, Manifest
from drafting.domain.tokens import tokenize
from drafting.protocol.words import SectionKind
from tests.domain.strategies import paragraphs, rewordings, vocabularies

UNOPENED, UNCLOSED = BracketFault.UNOPENED, BracketFault.UNCLOSED


def text(*paragraphs: str) -> Manifest:
    return tuple(Line(f"se_{n}", SectionKind.OPERATIVE, 0, f"OP{n}", words) for n, words in enumerate(paragraphs))


def shape(brackets: tuple[Bracket, ...]) -> list[object]:
    return [(b.start, b.end, b.depth, b.fault, shape(b.children)) for b in brackets]


def test_a_text_is_a_tree_of_its_brackets() -> None:
    assert shape(tree("a [b [c] d] [e]")) == [
        (2, 11, 1, None, [(5, 8, 2, None, [])]),
        (12, 15, 1, None, []),
    ]


def test_marks_without_a_partner_stay_in_the_tree_and_enclose_nothing() -> None:
    assert shape(tree("a] [b [c]")) == [
        (1, 2, 1, UNOPENED, []),
        (3, 4, 1, UNCLOSED, []),
        (6, 9, 1, None, []),
    ]


def test_a_tree_ten_deep_says_how_deep() -> None:
    found = list(walk(tree("[1 " * 10 + "]" * 10)))
    assert [bracket.depth for bracket in found] == list(range(1, 11))


@pytest.mark.parametrize(
    "words", ["[" * 4_000 + "]" * 4_000, "[a] b " * 4_000, "[" * 4_000, "]" * 4_000, "[a/" * 4_000]
)
def test_thousands_of_brackets_are_found_at_once_however_deep(words: str) -> None:
    started = perf_counter()
    found = list(walk(tree(words)))
    choices(words)
    assert perf_counter() - started < 1
    assert sum(bracket.fault is None for bracket in found) == count(words)
    assert hash(found[0]) == hash(tree(words)[0])
    assert found[0] == tree(words)[0]
    repr(found[0])


def test_a_bracket_may_open_in_one_paragraph_and_close_in_a_later_one() -> None:
    whole = text("take [all", "due] [or [legal]", "care] now]", "and then")
    assert pairs(whole) == (
        Pair(Place("se_0", 5), Place("se_1", 3)),
        Pair(Place("se_1", 5), Place("se_2", 4)),
        Pair(Place("se_1", 9), Place("se_1", 15)),
        Pair(None, Place("se_2", 9)),
    )
    assert across(whole) == pairs(whole)[:2]
    assert counts(whole) == {"se_0": 1, "se_1": 2, "se_2": 0, "se_3": 0}


def test_a_paragraph_inside_a_bracket_around_it_is_not_agreed() -> None:
    assert not_agreed(text("free", "[open", "inside", "close]", "free", "half ]", "free", "[half", "free")) == {
        *("se_1", "se_2", "se_3", "se_5", "se_7")
    }


@pytest.mark.parametrize(
    ("words", "number", "kept", "gone"),
    [
        ("take [all] measures", 0, "take all measures", "take measures"),
        ("[All] States act", 0, "All States act", "States act"),
        ("act at once [now].", 0, "act at once now.", "act at once."),
        ("act [, and report].", 0, "act , and report.", "act."),
        ("act[, and report].", 0, "act, and report.", "act."),
        ("take [[all] due] care", 0, "take [all] due care", "take care"),
        ("take [[all] due] care", 1, "take [all due] care", "take [due] care"),
        ("take [ all ] care", 0, "take all care", "take care"),
        ("take all] care", 0, "take all care", "take all care"),
        ("take [ all care", 0, "take all care", "take all care"),
        ("меры [все] стран", 0, "меры все стран", "меры стран"),
        ("فِي [عَلَى] الإِقْلِيمِ", 0, "فِي عَلَى الإِقْلِيمِ", "فِي الإِقْلِيمِ"),
        ("\U0001d49c [\U0001d49c] b", 0, "\U0001d49c \U0001d49c b", "\U0001d49c b"),
    ],
)
def test_a_bracket_is_lifted_with_or_without_its_text(words: str, number: int, kept: str, gone: str) -> None:
    bracket = list(walk(tree(words)))[number]
    assert lift(words, bracket, keep=True) == kept
    assert lift(words, bracket, keep=False) == gone


def test_a_bracket_of_another_text_is_not_lifted() -> None:
    (bracket,) = tree("take [all] care")
    with pytest.raises(ValueError, match="no such bracket"):
        lift("take all care now", bracket, keep=True)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("shall [a] [b c] now", [Choice(6, 15, ("a", "b c"))]),
        ("shall [a] or [b] now", [Choice(6, 16, ("a", "b"))]),
        ("[a]/[b] / [c]", [Choice(0, 13, ("a", "b", "c"))]),
        ("[shall/should] act", [Choice(0, 14, ("shall", "should"))]),
        ("[take care / do nothing] now", [Choice(0, 24, ("take care", "do nothing"))]),
        ("[States shall/should act]", []),
        ("[and/or]", []),
        ("[2024/25]", []),
        ("[a], [b]", []),
        ("[a] and [b]", []),
        ("[Alt 1: take care] [Alt. 2 do less] [no text]", [Choice(0, 45, ("take care", "do less", ""))]),
        ("[Option 1. Take care] [Option 2: Alternative uses]", [Choice(0, 50, ("Take care", "Alternative uses"))]),
        ("[принять] [нет текста]", [Choice(0, 22, ("принять", ""))]),
        ("x [[a] [b]] y", [Choice(3, 10, ("a", "b"))]),
        ("[[a/b] [c]] [d]", [Choice(0, 15, ("[a/b] [c]", "d")), Choice(1, 10, ("a/b", "c")), Choice(1, 6, ("a", "b"))]),
        ("[a] [b", []),
    ],
)
def test_alternatives_are_recognised(words: str, expected: list[Choice]) -> None:
    assert list(choices(words)) == expected


def test_a_choice_is_resolved() -> None:
    words = "States [shall] [should] [no text] act [now / at once]."
    first, second = choices(words)
    assert resolve(words, first, 1) == "States should act [now / at once]."
    assert resolve(words, first, 2) == "States act [now / at once]."
    assert resolve(words, second, 0) == "States [shall] [should] [no text] act now."
    with pytest.raises(ValueError, match="no such alternative"):
        resolve(words, first, 3)
    with pytest.raises(ValueError, match="no such alternative"):
        resolve("States act", first, 0)


def test_whole_paragraphs_are_alternatives_by_their_labels() -> None:
    kinds = [("se_1", "OP1"), ("se_2", "OP1 alt"), ("se_3", "OP1 alt 2"), ("se_4", "OP2bis alt"), ("se_5", "OP2")]
    whole = tuple(Line(section, SectionKind.OPERATIVE, 0, label, "Words.") for section, label in kinds)
    assert alternative_sections(whole) == {"se_1": ("se_2", "se_3")}


@st.composite
def bracketed_paragraphs(draw: st.DrawFn) -> str:
    """Paragraphs with brackets put around stretches of words, crossing and broken as people leave them."""
    words = draw(vocabularies())
    parts = draw(rewordings(draw(paragraphs(words)), words)).split(" ")
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(parts) - 1))
        end = draw(st.integers(start, min(start + 4, len(parts) - 1)))
        mark = draw(st.sampled_from(("pair", "pair", "pair", "open", "close")))
        parts[start] = f"[{parts[start]}" if mark != "close" else parts[start]
        parts[end] = f"{parts[end]}]" if mark != "open" else parts[end]
    return " ".join(parts)


def solid(words: str) -> list[str]:
    return [token for token in tokenize(words) if not token.isspace()]


@given(bracketed_paragraphs())
@settings(max_examples=200)
def test_the_tree_has_every_mark_once_and_the_faults_that_lint_lists(words: str) -> None:
    found = list(walk(tree(words)))
    marks = [at for b in found for at in ([b.start] if b.fault else [b.start, b.end - 1])]
    assert sorted(marks) == [at for at, character in enumerate(words) if character in "[]"]
    assert [(b.start, b.fault) for b in found if b.fault] == list(lint(words))
    for bracket in found:
        assert all(bracket.start < c.start and c.end < bracket.end for c in bracket.children)


@given(bracketed_paragraphs(), st.data())
@settings(max_examples=300)
def test_lifting_changes_nothing_but_the_bracket_named(words: str, draw: st.DataObject) -> None:
    bracket = draw.draw(st.sampled_from(list(walk(tree(words))) or [Bracket(0, 0, 0)]))
    if not bracket.end:
        return
    before, inside, after = words[: bracket.start], words[bracket.start + 1 : bracket.end - 1], words[bracket.end :]
    kept = lift(words, bracket, keep=True)
    assert solid(kept) == solid(f"{before} {inside} {after}") or kept == before + inside + after
    gone = lift(words, bracket, keep=False)
    assert "".join(gone.split()) == "".join((before + after).split())
    assert gone.count("  ") <= words.count("  ")
    if bracket.fault is None:
        faults = len(lint(words))
        assert len(lint(kept)) == faults
        assert len(lint(gone)) == len(lint(before + after)) <= faults


@given(bracketed_paragraphs(), st.data())
@settings(max_examples=150)
def test_resolving_puts_one_option_in_the_place_of_all(words: str, draw: st.DataObject) -> None:
    for choice in choices(words):
        chosen = draw.draw(st.integers(0, len(choice.options) - 1))
        expected = words[: choice.start] + choice.options[chosen] + words[choice.end :]
        assert "".join(resolve(words, choice, chosen).split()) == "".join(expected.split())
