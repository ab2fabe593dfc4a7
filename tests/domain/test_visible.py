# ruff: noqa: RUF001 - look-alikes are meant
import unicodedata
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.visible import Unseen, looks_same, visible
from tests.domain.strategies import ARABIC, CYRILLIC, LATIN, paragraphs


def seen(text: str) -> list[tuple[int, str, str]]:
    return [(mark.position, mark.what.value, mark.looks_like) for mark in visible(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # plain text in any script hides nothing
        ("States shall take all measures.", []),
        ("Государства принимают все меры, а также о и с.", []),
        ("تَتَّخِذُ الدُّوَلُ جَمِيعَ التَّدَابِيرِ", []),
        ("Η Επιτροπή αποφασίζει", []),
        ("the État and the Staat in « Москва »", []),
        ("the word «сор» in English, слово in Russian", []),
        # a letter of another script inside a word
        ("St\u0430tes shall", [(2, "homoglyph", "a")]),
        ("shall m\u0435\u0430sure", [(7, "homoglyph", "e"), (8, "homoglyph", "a")]),
        ("Гoсударства", [(1, "homoglyph", "о")]),
        ("a\u0430", [(1, "homoglyph", "a")]),
        ("Ρarties", [(0, "homoglyph", "P")]),
        # a word all of look-alikes, in a text of another script
        ("to \u0441\u043e\u0440 with", [(3, "homoglyph", "c"), (4, "homoglyph", "o"), (5, "homoglyph", "p")]),
        # a sign that is taken for a bracket
        ("take \uff3ball] measures", [(5, "homoglyph", "[")]),
        # what shows nothing, or shows otherwise
        ("10\u00a0000 tonnes", [(2, "unusual_space", " ")]),
        ("10\u202f000 tonnes", [(2, "unusual_space", " ")]),
        ("mea\u00adsures", [(3, "soft_hyphen", "")]),
        ("mea\u200bsures\ufeff", [(3, "zero_width", ""), (9, "zero_width", "")]),
        ("abc \u202edef\u202c", [(4, "bidi_control", ""), (8, "bidi_control", "")]),
        ("co\u2011operation", [(2, "unusual_hyphen", "-")]),
        ("cafe\u0301", [(3, "not_composed", "é")]),
        # joiners that a script or an emoji needs
        ("می\u200cخواهم", []),
        ("\U0001f468\u200d\U0001f469", []),
        ("me\u200dasure", [(2, "zero_width", "")]),
    ],
)
def test_what_a_reader_cannot_see_is_marked(text: str, expected: list[tuple[int, str, str]]) -> None:
    assert seen(text) == expected


def test_a_mark_says_the_name_of_the_character() -> None:
    (mark,) = visible("St\u0430tes")
    assert (mark.character, mark.name, mark.what) == ("\u0430", "CYRILLIC SMALL LETTER A", Unseen.HOMOGLYPH)


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("States", "St\u0430tes", True),
        ("all measures", "all\u00a0measures", True),
        ("measures", "mea\u00adsures", True),
        ("", "\u200b", True),
        ("co-operation", "co\u2011operation", True),
        ("per cent", "per  cent", True),
        ("é", "e\u0301", True),
        ("cop", "сор", True),
        ("[all]", "\uff3ball\uff3d", True),
        ("States", "States", False),
        ("may", "shall", False),
        ("per cent", "percent", False),
        ("Parties", "parties", False),
    ],
)
def test_texts_look_the_same_or_do_not(old: str, new: str, same: bool) -> None:
    assert looks_same(old, new) is same
    assert looks_same(new, old) is same


HIDDEN = ["\u200b", "\u2060", "\u00ad", "\u202e", "\u2066"]


@given(st.data())
@settings(max_examples=150)
def test_every_planted_character_is_found_where_it_stands_and_nothing_else(data: st.DataObject) -> None:
    words = data.draw(st.sampled_from((LATIN, CYRILLIC, ARABIC)))
    text = unicodedata.normalize("NFC", data.draw(paragraphs(words, longest=12)))
    assert visible(text) == ()
    planted = sorted(data.draw(st.sets(st.integers(0, len(text)), min_size=1, max_size=4)))
    hidden = data.draw(st.sampled_from(HIDDEN))
    changed = text
    for place in reversed(planted):
        changed = changed[:place] + hidden + changed[place:]
    assert [m.position for m in visible(changed) if m.character == hidden] == [p + n for n, p in enumerate(planted)]
    assert looks_same(text, changed)


def test_a_long_text_of_strange_characters_takes_bounded_time() -> None:
    started = perf_counter()
    assert len(visible("\u200b" * 100_000)) == 100_000
    assert len(visible("a\u0430" * 50_000)) == 50_000
    assert perf_counter() - started < 4
