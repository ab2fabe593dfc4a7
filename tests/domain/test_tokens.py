import unicodedata

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain import tokens as engine
from drafting.domain.tokens import clean_text, is_seam, tokenize, tokens_of, word_starts, words_of
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


@given(
    st.one_of(
        st.text(),
        pairs().map("".join),
        st.text(alphabet="a. \u0301\u200d\u0600\u00a0\u0e33\uff9e\u0903", max_size=9),
    )
)
@settings(max_examples=300)
def test_a_text_is_cut_space_by_space_as_it_is_cut_at_once(text: str) -> None:
    at_once = engine._TOKEN.findall(text)  # noqa: SLF001 - what the quick way must not differ from
    assert tokens_of(text) == at_once
    assert list(words_of(text)) == [token.casefold() for token in at_once if any(map(str.isalnum, token))]


def test_no_character_beside_a_space_is_cut_otherwise_space_by_space() -> None:
    for character in map(
        chr, (*range(0x3400), *range(0xA000, 0xAC00), *range(0x11000, 0x12000), *range(0xE0000, 0xE0200))
    ):
        text = f"a {character}b a{character} b"
        if engine._NO_SEAM.search(text) is None:  # noqa: SLF001 - where it is given up
            assert engine._TOKEN.findall(text) == tokens_of(text)  # noqa: SLF001 - as above


def test_the_words_known_are_bounded_in_number_and_length(monkeypatch: pytest.MonkeyPatch) -> None:
    engine._PIECES.cache_clear()  # noqa: SLF001 - the promise is about memory
    monkeypatch.setattr(engine, "_VOCABULARY", 4)
    text = " ".join(f"word{number} {'x' * 200}{number}" for number in range(10))
    assert "".join(tokens_of(text)) == text
    assert 0 < len(engine._PIECES) <= 4  # noqa: SLF001 - as above
    assert max(map(len, engine._PIECES)) < 100  # noqa: SLF001 - as above


@given(st.one_of(st.text(), pairs().map("".join), st.text(alphabet="a1-'., \u0301\u200d\u0600\u00a0\u0e33\uff9eи")))
@settings(max_examples=300)
def test_both_sides_of_a_seam_are_cut_into_tokens_alone(text: str) -> None:
    for at in filter(lambda at: is_seam(text, at), range(len(text) + 1)):
        assert tokenize(text[:at]) + tokenize(text[at:]) == tokenize(text)


def test_no_letter_or_number_at_a_seam_belongs_to_the_space_before_it() -> None:
    letters = filter(str.isalnum, map(chr, (*range(0xD800), *range(0xE000, 0x32000))))
    joining = [letter for letter in letters if is_seam(f" {letter}", 1) and tokenize(f" {letter}")[0] != " "]
    assert joining == []


def test_a_seam_is_where_a_word_starts_behind_a_space() -> None:
    assert [at for at in range(16) if is_seam("all [of] 12 and ", at)] == [9, 12]


def test_words_are_told_with_their_places_but_without_case_space_and_marks() -> None:
    text = "*Recalling* the Parties' 1.5 [CO2], Straße"
    assert words_of(text) == ("recalling", "the", "parties", "1.5", "co2", "strasse")
    assert word_starts(text) == (1, 12, 16, 25, 30, 36)
    assert words_of("% [*] .") == ()
    assert word_starts("% [*] .") == ()
    assert len(words_of("act, " * 6000)) == len(word_starts("act, " * 6000)) == 6000


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
