import unicodedata

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.tokens import clean_text, tokenize
from drafting.protocol.problems import ProblemCode, Refusal
from tests.domain.strategies import pairs


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("take [all] measures.", ("take", " ", "[", "all", "]", " ", "measures", ".")),
        ("the Parties' co-operation", ("the", " ", "Parties", "'", " ", "co-operation")),
        ("l\u2019eau, COVID-19", ("l\u2019eau", ",", " ", "COVID-19")),
        ("10,000 of 1.5; OP12bis", ("10,000", " ", "of", " ", "1.5", ";", " ", "OP12bis")),
        ("**decides**  to", ("**", "decides", "**", "  ", "to")),
        ("measure[s]", ("measure", "[", "s", "]")),
        ("تَتَّخِذُ، الدُّوَلُ", ("تَتَّخِذُ", "،", " ", "الدُّوَلُ")),
        ("и\u0306мя и", ("и\u0306мя", " ", "и")),
        ("می\u200cشد", ("می\u200cشد",)),
        (
            "a \U0001f468\u200d\U0001f469\u200d\U0001f467!",
            ("a", " ", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "!"),
        ),
        ("[\u0301x]", ("[\u0301", "x", "]")),
        ("", ()),
    ],
)
def test_text_is_cut_into_words_numbers_marks_and_spaces(text: str, tokens: tuple[str, ...]) -> None:
    assert tokenize(text) == tokens


def test_a_long_text_is_cut_like_a_short_one() -> None:
    assert tokenize("ab, " * 6000) == ("ab", ",", " ") * 6000


@given(
    st.one_of(st.text(), pairs().map("".join), st.text(alphabet="a1-'.,[]*_ \u0301\u200d\U0001f468\u0600\u1100\u1161"))
)
@settings(max_examples=300)
def test_tokens_joined_are_the_text_and_none_splits_a_grapheme(text: str) -> None:
    tokens = tokenize(text)
    assert "".join(tokens) == text
    boundaries = {match.end() for match in regex.finditer(r"\X", text)}
    at = 0
    for token in tokens:
        at += len(token)
        assert at in boundaries


def test_a_text_is_kept_in_nfc_on_one_line() -> None:
    assert clean_text("  e\u0301tats\r\n\tdu\u2028 monde  ", longest=100) == "\u00e9tats du monde"


def test_a_no_break_space_inside_a_text_stays() -> None:
    assert clean_text("Article\u00a05", longest=100) == "Article\u00a05"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", ProblemCode.TEXT_EMPTY),
        (" \n\t\u00a0", ProblemCode.TEXT_EMPTY),
        ("a" * 11, ProblemCode.TEXT_TOO_LONG),
        ("a" * 1000, ProblemCode.TEXT_TOO_LONG),
        ("a\x00b", ProblemCode.TEXT_ILLEGAL),
        ("a\x1fb", ProblemCode.TEXT_ILLEGAL),
        ("a\ud800b", ProblemCode.TEXT_ILLEGAL),
        ("a\ufffeb", ProblemCode.TEXT_ILLEGAL),
        ("a\ufdd0b", ProblemCode.TEXT_ILLEGAL),
        ("a\U0001ffffb", ProblemCode.TEXT_ILLEGAL),
        ("a" + "\u0301" * 31, ProblemCode.TEXT_ILLEGAL),
    ],
)
def test_a_text_that_cannot_be_kept_is_refused(text: str, code: ProblemCode) -> None:
    with pytest.raises(Refusal) as refusal:
        clean_text(text, longest=10)
    assert refusal.value.code is code


def test_a_text_of_exactly_the_longest_length_is_kept_however_it_was_composed() -> None:
    assert clean_text("e\u0301" * 10, longest=10) == "\u00e9" * 10


@given(pairs().map(" \n".join))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    clean = clean_text(text + "x", longest=10_000)
    assert clean_text(clean, longest=10_000) == clean
    assert unicodedata.is_normalized("NFC", clean)
