from functools import cache
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain import diff as engine
from drafting.domain.alignment import heaviest
from drafting.domain.changes import Change, Changes, rewritten
from drafting.domain.diff import accept, changes, diff, leftmost, reject, rightmost
from drafting.domain.text import Op
from drafting.domain.tokens import tokenize
from tests.domain.strategies import pairs


def marked(old: str, new: str) -> str:
    """A difference on one line: ``{-gone-}{+come+}``."""
    shapes = {Op.KEEP: "%s", Op.DELETE: "{-%s-}", Op.INSERT: "{+%s+}"}
    return "".join(shapes[span.op] % span.text for span in diff(old, new))


GOLDEN = [
    # equal and one-sided texts
    ("take measures", "take measures", "take measures"),
    ("", "take measures", "{+take measures+}"),
    ("take measures", "", "{-take measures-}"),
    # a word is replaced whole
    ("take appropriate measures", "take necessary measures", "take {-appropriate-}{+necessary+} measures"),
    ("the measure is", "the measures are", "the {-measure is-}{+measures are+}"),
    # an inserted word brings the space after it, a struck last word takes the space before it
    ("take measures", "take all measures", "take {+all +}measures"),
    ("act at once.", "act at.", "act at{- once-}."),
    # a lone space is never kept between two changes
    ("big old house", "small new house", "{-big old-}{+small new+} house"),
    # a shared little word between two large edits is an accident
    (
        "adequate safeguards and prompt action.",
        "fair treatment and more resources.",
        "{-adequate safeguards and prompt action-}{+fair treatment and more resources+}.",
    ),
    # unless a change on one side of it is small
    (
        "adequate safeguards of children.",
        "fair treatment of migrants.",
        "{-adequate safeguards-}{+fair treatment+} of {-children-}{+migrants+}.",
    ),
    # but not between two small ones
    ("fair and prompt action", "just and quick action", "{-fair-}{+just+} and {-prompt-}{+quick+} action"),
    # single words replaced one by one stay apart, a rewritten phrase does not fall to pieces
    (
        "women and girls in cities are",
        "men and boys in villages are",
        "{-women-}{+men+} and {-girls-}{+boys+} in {-cities-}{+villages+} are",
    ),
    (
        "the costs of the plan for the coast and",
        "the needs of the poorest members for the decade ahead and",
        "the {-costs of the plan for the coast-}{+needs of the poorest members for the decade ahead+} and",
    ),
    # and what has more words kept than changed stays apart
    (
        "take fish stocks and on the coast and by the port towns",
        "take bird flocks and on the shore and by the rail hubs",
        "take {-fish stocks-}{+bird flocks+} and on the {-coast-}{+shore+} and by the {-port towns-}{+rail hubs+}",
    ),
    # of two words that could be kept, the one that says more is
    # what begins with "and" carries on the words before it, and brings the space between
    ("women and girls work", "women, girls and others work", "women{- and-}{+,+} girls{+ and others+} work"),
    ("review its plan", "review and update its plan", "review{+ and update+} its plan"),
    ("update its plan", "review and update its plan", "{+review and +}update its plan"),
    ("plans, accounts", "plans, and budgets, accounts", "plans, {+and budgets, +}accounts"),
    # a date is replaced whole, but not a number and a word before what is no year
    ("by March 1, 2030, act", "by June 30, 2030, act", "by {-March 1, 2030-}{+June 30, 2030+}, act"),
    ("до 1 марта 2030 года", "до 30 апреля 2030 года", "до {-1 марта 2030-}{+30 апреля 2030+} года"),
    ("by March 1, 2030, act", "by June 30, 2031, act", "by {-March 1-}{+June 30+}, {-2030-}{+2031+}, act"),
    ("by 1 March 2030", "by 30 March 2030", "by {-1-}{+30+} March 2030"),
    ("in 2 States 20300 fish", "in 3 seas 20300 fish", "in {-2 States-}{+3 seas+} 20300 fish"),
    # a phrase that was rewritten in small steps, longer ones among them, is one change
    (
        "act in accordance with national law and international obligations, and report",
        "act in cooperation with competent international organisations and report",
        (
            "act in {-accordance with national law and international obligations,-}"
            "{+cooperation with competent international organisations+} and report"
        ),
    ),
    # but not where nothing is struck: words that came into brackets stay
    (
        "promote and support plans and measures",
        "[promote] and [support] plans and [all] measures",
        "{+[+}promote{+]+} and {+[+}support{+]+} plans and {+[all] +}measures",
    ),
    # nor across the end of a sentence, or behind a number
    (
        "4. Each Party is encouraged to establish and operate schemes",
        "3. Parties are encouraged to consider establishing and operate schemes",
        (
            "{-4-}{+3+}. {-Each Party is-}{+Parties are+} encouraged to {-establish-}{+consider establishing+}"
            " and operate schemes"
        ),
    ),
    ("[small] islands act", "[small islands] act", "[small{-]-} islands{+]+} act"),
    # nor between two deletions, which read well apart
    ("x y one or two and three four z", "x y or and z", "x y {-one -}or {-two -}and {-three four -}z"),
    ("x one two and three four z", "x and z", "x {-one two -}and {-three four -}z"),
    # no word is given up for the spaces around it
    ("x p q r s", "t u v w x", "{+t u v w +}x{- p q r s-}"),
    # an edit slides to the boundary of a sentence
    ("States shall act. States shall report.", "States shall act.", "States shall act.{- States shall report.-}"),
    (
        "States shall act. Cities may help.",
        "States shall act. States shall report. Cities may help.",
        "States shall act. {+States shall report. +}Cities may help.",
    ),
    # and of a bracket
    ("take [all] [due] steps", "take [all] [legal] [due] steps", "take [all] {+[legal] +}[due] steps"),
    ("[a] [b]", "[a] [c] [b]", "[a] {+[c] +}[b]"),
    ("a [x][y]", "a [x][z][y]", "a [x]{+[z]+}[y]"),
    ("Yes. we, go", "Yes. we, we, go", "Yes. {+we, +}we, go"),
    ("take all measures", "take [all] measures", "take {+[+}all{+]+} measures"),
    # and of a clause
    ("men, women, and girls", "men, women, boys, and girls", "men, women, {+boys, +}and girls"),
    # spaces alone, punctuation alone
    ("per cent", "per  cent", "per{- -}{+  +}cent"),
    ("act, report", "act; report", "act{-,-}{+;+} report"),
    # other scripts
    ("Государства принимают меры", "Государства принимают все меры", "Государства принимают {+все +}меры"),
    ("تَتَّخِذُ الدُّوَلُ", "تَتَّخِذُ الدُّوَلَ", "تَتَّخِذُ {-الدُّوَلُ-}{+الدُّوَلَ+}"),
    ("cafe\u0301 noir", "cafe noir", "{-cafe\u0301-}{+cafe+} noir"),
]


@pytest.mark.parametrize(("old", "new", "expected"), GOLDEN)
def test_a_difference_reads_as_a_person_would_mark_it(old: str, new: str, expected: str) -> None:
    assert marked(old, new) == expected


@given(pairs())
@settings(max_examples=400)
def test_a_difference_loses_nothing_and_is_well_formed(pair: tuple[str, str]) -> None:
    old, new = pair
    spans = diff(old, new)
    assert reject(spans) == old
    assert accept(spans) == new
    assert all(span.text for span in spans)
    for before, after in pairwise(spans):
        assert before.op is not after.op
        assert (before.op, after.op) != (Op.INSERT, Op.DELETE)
    for span in spans[1:-1]:
        assert not (span.op is Op.KEEP and span.text.isspace())


@given(pairs())
@settings(max_examples=200)
def test_no_change_splits_a_word(pair: tuple[str, str]) -> None:
    old, new = pair
    edges = {0}
    for token in tokenize(old):
        edges.add(max(edges) + len(token))
    for some in (changes(old, new), leftmost(old, new), rightmost(old, new)):
        assert all(change.start in edges and change.end in edges for change in some)
        assert rewritten(old, some, 0, len(old)) == new


def longest_common(old: list[str], new: list[str]) -> int:
    """The textbook recurrence, as slow as it is plain."""

    @cache
    def best(i: int, j: int) -> int:
        if i == len(old) or j == len(new):
            return 0
        return 1 + best(i + 1, j + 1) if old[i] == new[j] else max(best(i + 1, j), best(i, j + 1))

    return best(0, 0)


def words(text: str) -> list[str]:
    return [token for token in tokenize(text) if not token.isspace()]


@given(pairs())
@settings(max_examples=150)
def test_the_exact_changes_keep_every_word_that_can_be_kept(pair: tuple[str, str]) -> None:
    old, new = pair
    most = longest_common(words(old), words(new))
    for some in (leftmost(old, new), rightmost(old, new)):
        assert len(words(old)) - sum(len(words(old[c.start : c.end])) for c in some) == most


DUTY = "Each Party shall report. "


def test_an_edit_slides_along_a_text_however_long_it_repeats_itself() -> None:
    old, new = DUTY * 10 + "It ends.", DUTY * 11 + "It ends."
    # a readable one to the edge of the text, where nothing is to be cut
    assert leftmost(old, new) == changes(old, new) == (Change(0, 0, DUTY),)
    assert rightmost(old, new) == (Change(250, 250, DUTY),)
    assert leftmost(new, old) == changes(new, old) == (Change(0, 25, ""),)
    assert rightmost(new, old) == (Change(250, 275, ""),)


def test_an_edit_slides_away_from_another_one_however_long_the_text_repeats_itself() -> None:
    before, after = DUTY * 10, "It ends after the second session of the governing body."
    ends = Change(253, 257, "closes")
    assert leftmost(before + after, DUTY + before + after.replace("ends", "closes")) == (Change(0, 0, DUTY), ends)
    opening = "The second session of the governing body it is when "
    opened = Change(11, 18, "meeting")
    late = rightmost(opening + before, opening.replace("session", "meeting") + before + DUTY)
    assert late == (opened, Change(len(opening) + 250, len(opening) + 250, DUTY))


@st.composite
def pairs_in_long_texts(draw: st.DrawFn) -> tuple[str, str]:
    """A pair in the middle of what both have, which repeats a word of theirs or a few."""
    old, new = draw(pairs())
    words = old.split(" ") or ["and"]
    before, after = (
        " ".join(draw(st.lists(st.sampled_from(words), min_size=1, max_size=3)) * draw(st.integers(1, 15)))
        for _ in range(2)
    )
    return f"{before} {old} {after}", f"{before} {new} {after}"


def forget() -> None:
    for kept in vars(engine).values():
        if hasattr(kept, "cache_clear"):
            kept.cache_clear()


@given(pairs_in_long_texts())
@settings(max_examples=250)
def test_only_the_part_that_differs_is_read_and_it_makes_no_difference(pair: tuple[str, str]) -> None:
    def found() -> list[object]:
        forget()
        return [leftmost(*pair), rightmost(*pair), changes(*pair), diff(*pair, exact=True)]

    of_a_part = found()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "_AROUND", 1_000_000)
        assert found() == of_a_part
    forget()


@given(
    st.lists(st.sampled_from(["and", " ", "sea", "["]), max_size=8),
    st.lists(st.sampled_from(["and", " ", "sea", "["]), max_size=8),
)
@settings(max_examples=200)
def test_the_heaviest_common_text_is_found_and_its_hunks_give_the_new_text(old: list[str], new: list[str]) -> None:
    weights = {"and": 2, "sea": 4, "[": 1, " ": 0}

    def most(i: int, j: int) -> int:
        if i == len(old) or j == len(new):
            return 0
        both = weights[old[i]] + most(i + 1, j + 1) if old[i] == new[j] else 0
        return max(both, most(i + 1, j), most(i, j + 1))

    weight, hunks = heaviest(old, new, weights.__getitem__)
    assert weight == most(0, 0)
    rebuilt, at = [], 0
    for a, b, c, d in hunks:
        rebuilt += [*old[at:a], *new[c:d]]
        at = b
    assert [*rebuilt, *old[at:]] == new


def pairs_that_are_hard() -> list[tuple[str, str]]:
    return [
        ("a " * 6000, "a " * 3000 + "b " + "a " * 2000),
        ("a b " * 3000, "b b a " * 2000),
        ("[a] " * 4000, "[b] " * 4000),
        ("x" * 300_000, "y" * 300_000),
        (" ".join(f"w{i}" for i in range(5000)), " ".join(f"w{i * 7 % 5003}" for i in range(5000))),
        (" ".join(f"w{i}" for i in range(41_000)), " ".join(f"v{i}" for i in range(41_000))),
        ("[" * 4000, "]" * 4000),
    ]


@pytest.mark.parametrize("pair", pairs_that_are_hard(), ids=lambda pair: str(pair[0][:9]))
def test_hard_texts_are_compared_in_bounded_time(pair: tuple[str, str]) -> None:
    old, new = pair
    started = perf_counter()
    assert accept(diff(old, new)) == new
    assert reject(diff(old, new)) == old
    assert perf_counter() - started < 5


def test_changes_are_given_by_code_points_of_the_old_text() -> None:
    expected: Changes = ((2, 8, "two"),)  # type: ignore[assignment]
    assert (
        changes("\U0001d49c \U00010437\U00010437\U00010437\U00010437\U00010437\U00010437 z", "\U0001d49c two z")
        == expected
    )
