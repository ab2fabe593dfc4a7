"""Text as people read it: words, numbers, marks, brackets, spaces. And text as we keep it: clean, one string."""

import re
import sys
import unicodedata
from functools import lru_cache
from itertools import accumulate, chain

import regex

from drafting.domain.remembered import LONG, MEMORY
from drafting.protocol.problems import ProblemCode, Refusal

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
_ASCII_TOKEN = re.compile(
    r"[0-9]+(?:[.,][0-9]+)+|[A-Za-z0-9]+(?:['-][A-Za-z0-9]+)*|\x20+|\*+|_+|\r\n|.",
    re.DOTALL,
)
_JOINING = frozenset("\uff9e\uff9f\u0e33\u0eb3")
"""Letters that make one grapheme with what stands before them, as marks do."""

_BREAKS = regex.compile(r"[ \t\n\v\f\r\x85\u2028\u2029]+")
_ILLEGAL = regex.compile(r"[\x00-\x08\x0e-\x1f\p{Cs}\p{Noncharacter_Code_Point}]|\p{M}{31,}")
_NFC_SHRINKS = 4
"""A text of n code points was at most this many times as long before NFC, in any script that people write."""


# Where a space is no token of its own: it combines with what stands beside it.
_COMBINING = r"[\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}]"
_NO_SEAM = regex.compile(rf"\p{{GCB=Prepend}}|\p{{Zs}}{_COMBINING}*\p{{Zs}}| {_COMBINING}")

_VOCABULARY, _LONGEST_PIECE = 50_000, 100


class _Pieces(dict[str, tuple[str, ...]]):
    """The tokens of what stands between two spaces and of the space behind it: a treaty has few different ones.

    Interned, so that equal words are the same object. It starts anew when it has grown too large.
    """

    def __missing__(self, piece: str) -> tuple[str, ...]:
        tokens = (*map(sys.intern, _found(piece)), " ")
        if len(piece) <= _LONGEST_PIECE:
            if len(self) >= _VOCABULARY:
                self.clear()
            self[piece] = tokens
        return tokens

    cache_clear = dict.clear


_PIECES = _Pieces()


def tokenize(text: str) -> tuple[str, ...]:
    """Split ``text`` into tokens; joined they are ``text`` again. No token ends inside a grapheme.

    Tokens: words (with inner apostrophes, hyphens and digits), numbers, runs of spaces, runs of emphasis marks
    (``*``, ``_``); everything else, brackets and punctuation among it, stands alone.
    """
    return _remembered(text) if len(text) <= LONG else MEMORY.answer(_split, text)


def tokens_of(text: str) -> list[str]:
    """Give the tokens of ``tokenize(text)``, and remember nothing: for a part of a text that is read once."""
    if "  " in text or not (text.isascii() or _NO_SEAM.search(text) is None):
        return _found(text)
    tokens = [*chain.from_iterable(map(_PIECES.__getitem__, text.split(" ")))]
    tokens.pop()  # behind the last piece there is no space
    return tokens


def _found(text: str) -> list[str]:
    return (_ASCII_TOKEN if text.isascii() else _TOKEN).findall(text)


def is_seam(text: str, at: int) -> bool:
    """Say whether a word starts at ``text[at]`` behind a usual space: both parts are there cut into tokens alone."""
    return 0 < at < len(text) and text[at - 1] == " " and text[at].isalnum() and text[at] not in _JOINING


def _split(text: str) -> tuple[str, ...]:
    return tuple(tokens_of(text))


_remembered = lru_cache(maxsize=8192)(_split)


def words_of(text: str) -> tuple[str, ...]:
    """Give the words and numbers of a text, without case, space and marks."""
    return _remembered_words(text) if len(text) <= LONG else MEMORY.answer(_words, text)


def _words(text: str) -> tuple[str, ...]:
    return tuple([token.casefold() for token in tokens_of(text) if says(token)])


_remembered_words = lru_cache(maxsize=8192)(_words)


def word_starts(text: str) -> tuple[int, ...]:
    """Say where each word and number of a text starts, in code points."""
    return _remembered_starts(text) if len(text) <= LONG else MEMORY.answer(_starts, text)


def _starts(text: str) -> tuple[int, ...]:
    tokens = tokens_of(text)
    # The place behind the last token belongs to none.
    return tuple(
        [at for at, token in zip(accumulate(map(len, tokens), initial=0), tokens, strict=False) if says(token)]
    )


_remembered_starts = lru_cache(maxsize=1024)(_starts)


def says(word: str) -> bool:
    """Whether a token is a word or a number, and no space, sign or mark alone."""
    return word[0].isalnum() or (not word.isspace() and any(map(str.isalnum, word)))


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
