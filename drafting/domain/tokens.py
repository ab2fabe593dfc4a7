"""Text as people read it: words, numbers, marks, brackets, spaces. And text as we keep it: clean, one string."""

import sys
import unicodedata
from functools import lru_cache

import regex

from drafting.protocol.problems import ProblemCode, Refusal

_CACHED_LENGTH = 20_000
"""Longer texts are tokenised each time, so that the cache is bounded in memory and not in entries alone."""

# A word is letters, marks and digits, joined by inner apostrophes and hyphens (COVID-19, l'eau); a number keeps its
# inner points and commas (1.5, 10,000). Each branch ends at a grapheme: `\X` takes what combines with a character.
_TOKEN = regex.compile(
    r"""
      (?:(?=\p{N})\X)+ (?:[.,](?:(?=\p{N})\X)+)+
    | (?:(?=[\p{L}\p{M}\p{N}])\X)+ (?:['\u2019\u02bc\u2010\u2011-](?:(?=[\p{L}\p{M}\p{N}])\X)+)*
    | (?:(?=\p{Zs})\X)+
    | (?:(?=\*)\X)+
    | (?:(?=_)\X)+
    | \X
    """,
    regex.VERBOSE,
)
# The same for ASCII, where every character is a grapheme: most texts, and several times as fast.
_ASCII_TOKEN = regex.compile(
    r"[0-9]+(?:[.,][0-9]+)+|[A-Za-z0-9]+(?:['-][A-Za-z0-9]+)*|\x20+|\*+|_+|\r\n|.",
    regex.DOTALL,
)

_BREAKS = regex.compile(r"[ \t\n\v\f\r\x85\u2028\u2029]+")
_ILLEGAL = regex.compile(r"[\x00-\x08\x0e-\x1f\p{Cs}\p{Noncharacter_Code_Point}]|\p{M}{31,}")
_NFC_SHRINKS = 4
"""A text of n code points was at most this many times as long before NFC, in any script that people write."""


def tokenize(text: str) -> tuple[str, ...]:
    """Split ``text`` into tokens; joined they are ``text`` again. No token ends inside a grapheme.

    Tokens: words (with inner apostrophes, hyphens and digits), numbers, runs of spaces, runs of emphasis marks
    (``*``, ``_``); everything else, brackets and punctuation among it, stands alone.
    """
    return _remembered(text) if len(text) <= _CACHED_LENGTH else _split(text)


def _split(text: str) -> tuple[str, ...]:
    pattern = _ASCII_TOKEN if text.isascii() else _TOKEN
    # Interned: a treaty has far fewer words than tokens, and equal words are then the same object.
    return tuple(map(sys.intern, pattern.findall(text)))


_remembered = lru_cache(maxsize=8192)(_split)


def clean_text(text: str, *, longest: int) -> str:
    """Give ``text`` as it is kept: NFC, on one line, no space at either end, at most ``longest`` code points.

    Line breaks, tabs and runs of spaces become one space; no-break spaces are typography, and stay.
    Raises Refusal: TEXT_ILLEGAL (what no XML file can hold, or more than 30 combining marks in a row, which no
    language has), TEXT_EMPTY, TEXT_TOO_LONG.
    """
    folded = _BREAKS.sub(" ", text).strip()
    if not folded:
        raise Refusal(ProblemCode.TEXT_EMPTY, "The text is empty.")
    # Before NFC too: normalising is not free, and what is far too long need not be read to the end.
    _measure(folded, longest * _NFC_SHRINKS, longest)
    if illegal := _ILLEGAL.search(folded):
        raise Refusal(
            ProblemCode.TEXT_ILLEGAL,
            f"The text holds a character that a document cannot contain: U+{ord(illegal[0][0]):04X}.",
            position=illegal.start(),
        )
    clean = unicodedata.normalize("NFC", folded)
    _measure(clean, longest, longest)
    return clean


def _measure(text: str, limit: int, longest: int) -> None:
    if len(text) > limit:
        raise Refusal(ProblemCode.TEXT_TOO_LONG, f"The text is longer than {longest:,} characters.", longest=longest)
