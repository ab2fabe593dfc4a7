"""Brackets held against the plainest way to find them, and their lives against what was planted."""

import re
from itertools import pairwise

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from drafting.domain.bracket_history import BracketLife, Issued, Step, history
from drafting.domain.bracket_tree import Place, counts, lift, not_agreed, pairs, tree, walk
from drafting.domain.brackets import count, lint
from drafting.domain.text import Line, Manifest
from drafting.protocol.words import SectionKind
from tests.domain.strategies import ARABIC, CYRILLIC, LATIN


def text(*paragraphs: str) -> Manifest:
    return tuple(Line(f"se_{n}", SectionKind.OPERATIVE, 0, f"OP{n}", words) for n, words in enumerate(paragraphs))


def lives(*versions: tuple[str, ...]) -> tuple[BracketLife, ...]:
    return history([Issued(str(number), text(*paragraphs), {}) for number, paragraphs in enumerate(versions, 1)])


def test_round_brackets_are_agreed_text() -> None:
    assert lint("(a) take [all] care (now") == ()
    assert count("(a) take [all] care (now)") == 1


def test_a_bracket_that_nobody_closes_is_not_counted() -> None:
    assert counts(text("take [all", "due [care]", "now [or")) == {"se_0": 0, "se_1": 1, "se_2": 0}


@st.composite
def marked_texts(draw: st.DrawFn) -> list[str]:
    """Up to three paragraphs of words and marks: brackets over paragraphs, nested, broken, side by side."""
    words = [*draw(st.sampled_from((LATIN, CYRILLIC, ARABIC)))[:3], "(", ")", *"[[[[]]]]"]
    paragraph = st.lists(st.sampled_from(words), min_size=1, max_size=14)
    joint = draw(st.sampled_from(("", " ")))
    return [joint.join(parts) for parts in draw(st.lists(paragraph, min_size=1, max_size=3))]


def plainly(whole: str) -> set[tuple[int, int]]:
    """Pair the brackets by taking out the innermost pairs again and again."""
    found: set[tuple[int, int]] = set()
    while pair := re.search(r"\[[^\[\]]*\]", whole):
        found.add((pair.start(), pair.end() - 1))
        whole = f"{whole[: pair.start()]}({whole[pair.start() + 1 : pair.end() - 1]}){whole[pair.end() :]}"
    return found


@given(marked_texts())
@settings(max_examples=200)
def test_the_brackets_of_a_whole_text_are_those_that_one_finds_from_the_inside(paragraphs: list[str]) -> None:
    whole, manifest = "\n".join(paragraphs), text(*paragraphs)
    starts = {f"se_{n}": len("\n".join(paragraphs[:n])) + bool(n) for n in range(len(paragraphs))}
    expected = plainly(whole)

    def at(place: Place | None) -> int:
        return -1 if place is None else starts[place.section] + place.position

    found = pairs(manifest)
    assert {(at(p.opened), at(p.closed)) for p in found if p.opened and p.closed} == expected
    marks = [min(p for p in map(at, pair) if p >= 0) for pair in found]
    assert marks == sorted(marks)
    alone = {at(p.opened or p.closed) for p in found if not (p.opened and p.closed)}
    assert alone == {n for n, mark in enumerate(whole) if mark in "[]"} - {n for pair in expected for n in pair}
    numbers = [whole.count("\n", 0, opened) for opened, _ in expected]
    assert counts(manifest) == {f"se_{n}": numbers.count(n) for n in range(len(paragraphs))}
    reach = [(whole.count("\n", 0, a), whole.count("\n", 0, b)) for a, b in (*expected, *((n, n) for n in alone))]
    assert not_agreed(manifest) == {f"se_{n}" for a, b in reach for n in range(a, b + 1)}
    event(f"brackets over paragraphs: {any(a != b for a, b in reach)}, broken: {bool(alone)}")


@given(marked_texts())
@settings(max_examples=200)
def test_the_tree_of_a_paragraph_nests_as_its_pairs_do(paragraphs: list[str]) -> None:
    for words in paragraphs:
        expected = plainly(words)
        found = [bracket for bracket in walk(tree(words)) if bracket.fault is None]
        assert {(bracket.start, bracket.end - 1) for bracket in found} == expected
        for bracket in found:
            around = sum(a < bracket.start and bracket.end - 1 < b for a, b in expected)
            assert bracket.depth == 1 + around
        assert count(words) == len(expected)
        event(f"depth: {max((bracket.depth for bracket in found), default=0)}")


@pytest.mark.parametrize(
    ("words", "gone"),
    [
        ("act [now], and report", "act, and report"),
        ("تعمل [الآن]، وتبلغ", "تعمل، وتبلغ"),
        ("act [now]; report", "act; report"),
        ("(act [now])", "(act)"),
        ("[act [now]]", "[act]"),
        ("([now] act)", "(act)"),
    ],
)
def test_no_space_is_left_before_a_mark_by_what_goes(words: str, gone: str) -> None:
    bracket = next(b for b in walk(tree(words)) if "now" in words[b.start : b.start + 5] or "الآن" in words[b.start :])
    assert lift(words, bracket, keep=False) == gone


@pytest.mark.parametrize(
    ("now", "kept"),
    [
        ("take all due and necessary care", True),
        ("take due and necessary care", True),
        ("take all care", False),
        ("take care", False),
        ("take all due steps that the law provides for, with care", False),
    ],
)
def test_the_text_of_a_lifted_bracket_was_kept_if_most_of_it_was(now: str, kept: bool) -> None:
    (life,) = lives(("take [all due and necessary] care",), (now,))
    assert (life.lifted, life.kept) == (Step("2", ()), kept)


def test_two_equal_words_elsewhere_are_another_bracket() -> None:
    gone, new = lives(("First [at once] it ends.", "Second."), ("First it ends.", "Second [at once]."))
    assert (gone.lifted, gone.kept, new.opened, new.lifted) == (Step("2", ()), False, Step("2", ()), None)


def test_every_rewording_of_a_bracket_is_remembered() -> None:
    (life,) = lives(("act [now]",), ("act [at once]",), ("act [at once]",), ("act [within days]",))
    assert [step.version for step in life.reworded] == ["2", "4"]
    assert (life.text, life.opened.version) == ("within days", "1")


Plan = list[dict[int, tuple[str, int, bool]]]
"""For each version, by number, the words that are or were in a bracket, their paragraph, and whether they still are."""


@st.composite
def bracket_plans(draw: st.DrawFn) -> Plan:
    plan: Plan = [{}]
    for version in range(draw(st.integers(2, 4))):
        now = dict(plan[-1])
        for number, (words, at, _) in ((n, one) for n, one in plan[-1].items() if one[2]):
            match draw(st.sampled_from(("stay", "stay", "reword", "move", "lift"))):
                case "reword":
                    now[number] = f"{words} and v{version}n{number}", at, True
                case "move":
                    now[number] = words, (at + 1) % 3, True
                case "lift":
                    now[number] = words, at, False
                case _:
                    pass
        for number in range(10 * version, 10 * version + draw(st.integers(0, 2))):
            now[number] = f"words{number} of{number} bracket{number}", draw(st.integers(0, 2)), True
        plan.append(now)
    return plan[1:]


@given(bracket_plans())
@settings(max_examples=150)
def test_planted_brackets_live_as_planted_through_rewording_moving_and_lifting(plan: Plan) -> None:
    versions = []
    for standing in plan:
        paragraphs = [f"Paragraph{n} that all of us agree on says" for n in range(3)]
        for number, (words, at, live) in sorted(standing.items()):
            paragraphs[at] += (
                f" {f'[{words}]' if live else words} then clause{number} of{at}{number} its{number} own{number}."
            )
        versions.append(Issued(str(len(versions)), text(*paragraphs), {}))
    expected = []
    for number in {number for standing in plan for number in standing}:
        steps = [(n, *standing[number][:2]) for n, standing in enumerate(plan) if standing.get(number, ("", 0, 0))[2]]
        reworded = tuple(str(now[0]) for was, now in pairwise(steps) if was[1] != now[1])
        gone = str(steps[-1][0] + 1) if steps[-1][0] + 1 < len(plan) else None
        expected.append((steps[-1][1], str(steps[0][0]), reworded, gone, None if gone is None else True))
        event(f"moved: {len({at for *_, at in steps}) > 1}, reworded: {bool(reworded)}, lifted: {gone is not None}")
    found = [
        (
            one.text,
            one.opened.version,
            tuple(step.version for step in one.reworded),
            one.lifted and one.lifted[0],
            one.kept,
        )
        for one in history(versions)
    ]
    assert sorted(found, key=str) == sorted(expected, key=str)
