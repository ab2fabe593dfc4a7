"""Emphasis is read as CommonMark reads it, and a redline of emphasised words keeps what is unchanged."""
# ruff: noqa: RUF001 - texts are Russian, Arabic and mathematical on purpose

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.domain.text import Op
from drafting.word.emphasis import BOLD, ITALIC, PLAIN, Piece, printed, printed_change


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("", []),
        ("plain", [("plain", PLAIN)]),
        ("*recalling* the", [("recalling", ITALIC), (" the", PLAIN)]),
        ("**decides** to", [("decides", BOLD), (" to", PLAIN)]),
        ("***both***", [("both", BOLD | ITALIC)]),
        ("*a **b** c*", [("a ", ITALIC), ("b", BOLD | ITALIC), (" c", ITALIC)]),
        ("**a *b* c**", [("a ", BOLD), ("b", BOLD | ITALIC), (" c", BOLD)]),
        ("**a*", [("*", PLAIN), ("a", ITALIC)]),
        ("*a**", [("a", ITALIC), ("*", PLAIN)]),
        ("*[a [b]]*", [("[a [b]]", ITALIC)]),
        ("[*a*]", [("[", PLAIN), ("a", ITALIC), ("]", PLAIN)]),
        ("2*3*4", [("2", PLAIN), ("3", ITALIC), ("4", PLAIN)]),
        ("5 * 3 * 2", [("5 * 3 * 2", PLAIN)]),
        ("a footnote*", [("a footnote*", PLAIN)]),
        ("* a *", [("* a *", PLAIN)]),
        (r"\*not so\*", [("*not so*", PLAIN)]),
        (r"C:\temp", [("C:\\temp", PLAIN)]),
        ("a ______ day of ____", [("a ______ day of ____", PLAIN)]),
        ("*foo**bar*", [("foo**bar", ITALIC)]),
        ("*foo**bar**baz*", [("foo", ITALIC), ("bar", ITALIC | BOLD), ("baz", ITALIC)]),
        ("foo***bar***baz", [("foo", PLAIN), ("bar", ITALIC | BOLD), ("baz", PLAIN)]),
        ("*a**b*c d**", [("a**b", ITALIC), ("c d**", PLAIN)]),
        ("****", [("****", PLAIN)]),
        ("*إِذْ تُشِيرُ* إلى", [("إِذْ تُشِيرُ", ITALIC), (" إلى", PLAIN)]),
        ("*«Напоминая»*, о", [("«Напоминая»", ITALIC), (", о", PLAIN)]),
    ],
)
def test_emphasis_is_read_as_commonmark_reads_it(text: str, runs: list[tuple[str, int]]) -> None:
    assert list(printed(text)) == runs


def test_an_unchanged_word_stays_kept_when_the_emphasis_moves_past_it() -> None:
    assert list(printed_change("*a b* c", "*a d c*", ())) == [
        Piece(Op.KEEP, "a ", ITALIC, ITALIC),
        Piece(Op.DELETE, "b", ITALIC, ITALIC),
        Piece(Op.INSERT, "d", ITALIC, ITALIC),
        Piece(Op.KEEP, " c", ITALIC, PLAIN),
    ]


TEXTS = st.lists(st.sampled_from(["*", "**", "***", " ", "a", "é", "شَ", "[", "]", "\\*", "b c", "𝔘"]), max_size=14).map(
    "".join
)


@given(TEXTS, TEXTS)
def test_a_change_prints_what_each_wording_prints(old: str, new: str) -> None:
    pieces = list(printed_change(old, new, ())) if "*" in old + new else []
    if pieces:
        now = [(char, piece.look) for piece in pieces if piece.op is not Op.DELETE for char in piece.text]
        was = [(char, piece.look_before) for piece in pieces if piece.op is not Op.INSERT for char in piece.text]
        assert now == [(char, look) for text, look in printed(new) for char in text]
        assert was == [(char, look) for text, look in printed(old) for char in text]


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("*(", ""), ("*a ", ""), ("", "a* "), ("", "a**b*c"), ("*a_**b ", ""), ("*", ""), ("*(", ")*"), ("**a ", "b*")],
)
def test_a_hostile_text_costs_no_more_than_its_length(opening: str, closing: str) -> None:
    started = time.perf_counter()
    list(printed(opening * 20_000 + closing * 20_000))
    assert time.perf_counter() - started < 5
