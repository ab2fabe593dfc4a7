"""Status follows wording: one changed word drops it, an editor's comma does not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.status import AgreedWording, Touch, TouchedWords, may_be_agreed, touched_agreements, wording
from drafting.domain.text import Line, Manifest
from drafting.protocol.words import SectionKind
from tests.domain.strategies import paragraphs, vocabularies

AGREED = "*Decides* that States shall take measures, and report; Parties have 30 days."


def text(*paragraphs: str) -> Manifest:
    return tuple(Line(f"se_{n}", SectionKind.OPERATIVE, 0, f"OP{n}", words) for n, words in enumerate(paragraphs))


def touch(now: str) -> tuple[Touch, list[tuple[str, str]]] | None:
    found = touched_agreements([AgreedWording("se_0", AGREED)], text(now))
    return (found[0].touch, [(words.old, words.new) for words in found[0].words]) if found else None


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (AGREED, None),
        ("*Decides* that States should take measures, and report; Parties have 30 days.", [("shall", "should")]),
        ("*Decides* that States shall take measures, and report; Parties have 60 days.", [("30", "60")]),
        ("*Decides* that States shall take measures; Parties have 30 days.", [(", and report", "")]),
    ],
)
def test_one_changed_word_drops_the_status(now: str, expected: list[tuple[str, str]] | None) -> None:
    assert touch(now) == (expected and (Touch.REWORDED, expected))


@pytest.mark.parametrize(
    "now",
    [
        "Decides that States shall take measures, and report; Parties have 30 days.",
        "*Decides* that states shall take measures and report. Parties have 30 days.",
        "**Decides**  that States shall take measures,and report; Parties have 30\u00a0days.",
    ],
)
def test_editorial_changes_are_told_and_drop_nothing(now: str) -> None:
    (found,) = touched_agreements([AgreedWording("se_0", AGREED)], text(now))
    assert (found.touch, found.dropped) == (Touch.EDITORIAL, False)
    assert found.words


def test_only_the_words_of_substance_are_named() -> None:
    now = "Decides that states shall take no measures, and report; Parties have 30 days."
    assert touch(now) == (Touch.REWORDED, [("", "no ")])


def test_the_place_of_the_words_is_told() -> None:
    (found,) = touched_agreements([AgreedWording("se_0", "take due care")], text("take all care"))
    assert found.words == (TouchedWords(5, 8, "due", "all"),)
    assert found.dropped


def test_a_bracket_drops_the_status_wherever_it_opens() -> None:
    agreed = [AgreedWording("se_1", "take care")]
    assert touched_agreements(agreed, text("before", "take [care]"))[0].touch is Touch.BRACKETED
    assert touched_agreements(agreed, text("[before", "take care", "after]"))[0].touch is Touch.BRACKETED
    assert touched_agreements(agreed, text("[before", "take care", "after")) == ()
    assert touched_agreements(agreed, text("before", "take [good] care"))[0].touch is Touch.REWORDED


def test_moving_and_renumbering_touch_nothing() -> None:
    one, two = text("One.", "Two.")
    moved = (two, Line(one.section, one.kind, 1, "OP9bis", one.text))
    assert touched_agreements([AgreedWording("se_0", "One."), AgreedWording("se_1", "Two.")], moved) == ()


def test_a_deleted_or_missing_section_is_gone() -> None:
    deleted = (Line("se_0", SectionKind.OPERATIVE, 0, "OP0", "", deleted=True),)
    found = touched_agreements([AgreedWording("se_0", "One."), AgreedWording("se_1", "Two.")], deleted)
    assert [(one.touch, one.dropped, one.now) for one in found] == [
        (Touch.GONE, True, deleted[0]),
        (Touch.GONE, True, None),
    ]


def test_a_live_bracket_prevents_agreement() -> None:
    whole = text("free", "take [care]", "[a", "b", "c]")
    assert [may_be_agreed(whole, f"se_{n}") for n in range(6)] == [True, False, False, False, False, False]


def test_words_that_run_together_are_another_wording() -> None:
    assert touch(AGREED.replace("take measures", "takemeasures")) == (
        Touch.REWORDED,
        [("take measures", "takemeasures")],
    )


@st.composite
def agreed_texts(draw: st.DrawFn) -> tuple[str, str, str]:
    """An agreed text without brackets, the same mended editorially, and with one word changed."""
    words = draw(paragraphs(draw(vocabularies()))).replace("[", "").replace("]", "").split(" ")
    words = [word for word in words if wording(word)] or ["States"]
    at = draw(st.integers(0, len(words) - 1))
    mended = [*words[:at], f"{words[at].strip(',.;')};", *words[at + 1 :]]
    changed = [*words[:at], draw(st.sampled_from(("never", "не", "لَنْ"))), *words[at + 1 :]]
    return " ".join(words), " ".join(mended), " ".join(changed)


@given(agreed_texts())
@settings(max_examples=200)
def test_a_comma_never_drops_a_status_and_a_word_always_does(given_: tuple[str, str, str]) -> None:
    agreed, mended, changed = given_
    one = [AgreedWording("se_0", agreed)]
    assert not any(found.dropped for found in touched_agreements(one, text(mended)))
    (found,) = touched_agreements(one, text(changed))
    assert found.touch is Touch.REWORDED
    assert found.words
    assert all(agreed[w.start : w.end] == w.old for w in found.words)
