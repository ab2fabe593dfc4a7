# ruff: noqa: RUF001 - look-alikes and other scripts are meant
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.classes import HunkKind, hunks, in_section, invisible, kinds, of_kinds
from drafting.domain.compare import compare
from drafting.domain.text import Line, Manifest, Op, SectionChange, Span, Spans
from drafting.protocol.words import SectionKind
from tests.domain.strategies import pairs

SUBSTANCE, EDITORIAL = HunkKind.SUBSTANCE, HunkKind.EDITORIAL
OPENED, LIFTED, REWORDED = HunkKind.BRACKET_OPENED, HunkKind.BRACKET_LIFTED, HunkKind.REWORDED_IN_BRACKETS


def line(section: str, text: str, level: int = 0) -> Line:
    return Line(section, SectionKind.OPERATIVE, level, "", text)


def changed(old: str, new: str) -> SectionChange:
    (change,) = compare((line("a", old),), (line("a", new),))
    return change


def per_hunk(old: str, new: str) -> list[set[str]]:
    return [set(map(str, hunk.kinds)) for hunk in hunks(changed(old, new))]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # nothing
        ("take measures", "take measures", []),
        # words outside of brackets are substance
        ("shall take", "should take", [{"substance"}]),
        ("take measures", "take all measures", [{"substance"}]),
        ("the [new] fund", "the [new] mechanism", [{"substance"}]),
        # and so are figures and signs that say something
        ("at least 1.5 degrees", "at least 1,5 degrees", [{"substance"}]),
        ("at least 5 %", "at least 5", [{"substance"}]),
        ("and/or", "and or", [{"substance"}]),
        ("of -5 degrees", "of 5 degrees", [{"substance"}]),
        ("resign", "re-sign", [{"substance"}]),
        # what an editor does
        ("act, and report", "act and report", [{"editorial"}]),
        ("act; report", "act: report", [{"editorial"}]),
        ("the parties act", "the Parties act", [{"editorial"}]),
        ("the “fund” acts", 'the "fund" acts', [{"editorial"}, {"editorial"}]),
        ("l'eau", "l’eau", [{"editorial"}]),
        ("water – and air", "water — and air", [{"editorial"}]),
        ("10\u00a0000 tonnes", "10 000 tonnes", [{"editorial"}]),
        ("*Recalling* its", "Recalling its", [{"editorial"}, {"editorial"}]),
        ("государства", "Государства", [{"editorial"}]),
        ("الدول، تقرر", "الدول تقرر", [{"editorial"}]),
        # brackets
        ("take all measures", "take [all] measures", [{"bracket_opened"}, {"bracket_opened"}]),
        ("take [all] measures", "take all measures", [{"bracket_lifted"}, {"bracket_lifted"}]),
        ("take measures", "take [all] measures", [{"bracket_opened"}]),
        ("take [all] measures", "take measures", [{"bracket_lifted"}]),
        ("take [all] measures", "take [due] measures", [{"reworded_in_brackets"}]),
        ("take [all [due]] measures", "take [all [legal]] measures", [{"reworded_in_brackets"}]),
        ("take [all, due] measures", "take [all due] measures", [{"editorial"}]),
        # a bracket lifted and its words replaced by others is both
        ("take [all] measures", "take necessary measures", [{"bracket_lifted", "substance"}]),
        ("take all measures", "take [necessary] measures", [{"bracket_opened", "substance"}]),
        # a bracket that opened in an earlier section, and one that closes in a later one
        ("all due] measures", "all legal] measures", [{"reworded_in_brackets"}]),
        ("take [all due measures", "take [all legal measures", [{"reworded_in_brackets"}]),
        ("all] due measures", "all] legal measures", [{"substance"}]),
    ],
)
def test_each_hunk_says_what_it_does(old: str, new: str, expected: list[set[str]]) -> None:
    assert per_hunk(old, new) == expected


def test_a_hunk_gives_its_words_and_places_in_code_points() -> None:
    (hunk,) = hunks(changed("\U0001d49c take appropriate steps", "\U0001d49c take all necessary steps"))
    assert (hunk.old, hunk.start, hunk.end) == ("appropriate", 7, 18)
    assert (hunk.new, hunk.new_start, hunk.new_end) == ("all necessary", 7, 20)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("the States act", "the St\u0430tes act", True),
        ("all measures", "all\u00a0measures", True),
        ("all measures", "all \u200bmeasures", True),
        ("all measures", "all the measures", False),
        ("all measures", "all measures", False),
    ],
)
def test_a_change_that_nobody_can_see_is_flagged(old: str, new: str, expected: bool) -> None:
    assert invisible(changed(old, new)) is expected


def test_a_letter_of_another_script_is_a_change_of_substance_that_nobody_sees() -> None:
    (hunk,) = hunks(changed("the States act", "the St\u0430tes act"))
    assert hunk.kinds == {SUBSTANCE}
    assert hunk.invisible


def test_changes_are_filtered_by_kind() -> None:
    old = (line("a", "shall act"), line("b", "act, now"), line("c", "take all"), line("d", "as it was"))
    new = (line("a", "may act"), line("b", "act now"), line("c", "take [all]"), line("d", "as it was"))
    changes = compare(old, new)
    assert [c.section for c in of_kinds(changes, {SUBSTANCE})] == ["a"]
    assert [c.section for c in of_kinds(changes, {EDITORIAL, OPENED})] == ["b", "c"]
    assert of_kinds(changes, {LIFTED}) == ()


def test_changes_are_filtered_by_section_with_what_stands_under_it() -> None:
    old = (line("a", "one"), line("b", "two", 1), line("c", "three", 2), line("d", "four", 1), line("e", "five"))
    new = (line("a", "one"), line("b", "two", 1), line("d", "four", 1), line("e", "five"))
    changes = compare(old, new)
    assert [c.section for c in in_section(changes, "b")] == ["b", "c"]
    assert [c.section for c in in_section(changes, "a")] == ["a", "b", "c", "d"]
    assert [c.section for c in in_section(changes, "e")] == ["e"]
    assert in_section(changes, "x") == ()


def test_words_that_moved_to_another_section_are_no_new_words() -> None:
    sentence = "Each Party shall publish its national plan within two years of entry into force."
    old = (line("a", f"States shall act. {sentence}"), line("b", "Cities may help."))
    new = (line("a", "States shall act."), line("b", f"Cities may help. {sentence} Villages too."))
    first, second = compare(old, new)
    assert [hunk.moved for hunk in hunks(first)] == [True]
    assert [hunk.moved for hunk in hunks(second)] == [False]  # "Villages too." is new


def test_a_comma_moves_nowhere() -> None:
    (hunk,) = hunks(changed("act, and report", "act and report"))
    assert not hunk.moved


SWAPPED = {OPENED: LIFTED, LIFTED: OPENED}


@given(pairs())
@settings(max_examples=300)
def test_swapped_versions_swap_opened_and_lifted_and_change_nothing_else(pair: tuple[str, str]) -> None:
    change = changed(*pair)
    spans = tuple(replace_op(change.spans))
    back = replace(change, old=change.new, new=change.old, spans=spans)
    there = [(h.old, h.new, h.start, h.new_end, h.invisible, h.kinds) for h in hunks(change)]
    assert [
        (h.new, h.old, h.new_start, h.end, h.invisible, frozenset(SWAPPED.get(k, k) for k in h.kinds))
        for h in hunks(back)
    ] == there


def replace_op(spans: Spans) -> list[Span]:
    other = {Op.DELETE: Op.INSERT, Op.INSERT: Op.DELETE, Op.KEEP: Op.KEEP}
    found = [Span(other[span.op], span.text) for span in spans]
    for at in range(len(found) - 1):
        if (found[at].op, found[at + 1].op) == (Op.INSERT, Op.DELETE):
            found[at], found[at + 1] = found[at + 1], found[at]
    return found


@given(pairs())
@settings(max_examples=200)
def test_hunks_are_what_the_spans_say_and_stand_where_they_say(pair: tuple[str, str]) -> None:
    old, new = pair
    found = hunks(changed(old, new))
    assert "".join(hunk.old for hunk in found) == "".join(s.text for s in changed(old, new).spans if s.op is Op.DELETE)
    at = 0
    rebuilt = ""
    for hunk in found:
        assert hunk.kinds
        assert old[hunk.start : hunk.end] == hunk.old
        assert new[hunk.new_start : hunk.new_end] == hunk.new
        rebuilt += old[at : hunk.start] + hunk.new
        at = hunk.end
    assert rebuilt + old[at:] == new


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str, HunkKind]:
    """A sentence and one planted edit of a known kind."""
    words = ["the", "Parties", "shall", "take", "all", "appropriate", "measures", "to", "protect", "workers", "here"]
    at = draw(st.integers(1, len(words) - 2))
    before, after = [*words], [*words]
    kind = draw(st.sampled_from((SUBSTANCE, EDITORIAL, OPENED, LIFTED, REWORDED)))
    match kind:
        case HunkKind.SUBSTANCE:
            after[at] = draw(st.sampled_from(("whatever", "7.5", "%")))
        case HunkKind.EDITORIAL:
            after[at] = draw(st.sampled_from((f"{words[at]},", words[at].upper(), f"“{words[at]}”")))
        case HunkKind.BRACKET_OPENED:
            after[at] = f"[{words[at]}]"
        case HunkKind.BRACKET_LIFTED:
            before[at] = f"[{words[at]}]"
        case _:
            before[at], after[at] = f"[{words[at]}]", "[whatever]"
    return " ".join(before), " ".join(after), kind


@given(edited())
@settings(max_examples=100)
def test_a_planted_edit_is_known_for_what_it_is(case: tuple[str, str, HunkKind]) -> None:
    old, new, kind = case
    assert kinds(changed(old, new)) == {kind}


def test_an_added_and_a_removed_section_are_substance() -> None:
    gone: Manifest = (line("a", "States shall act."),)
    assert kinds(compare(gone, ())[0]) == {SUBSTANCE}
    assert kinds(compare((), gone)[0]) == {SUBSTANCE}
    assert kinds(compare((), (line("a", "[States shall act.]"),))[0]) == {OPENED}
