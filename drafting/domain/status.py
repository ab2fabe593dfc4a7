"""Status follows wording: which agreed wordings a new text has touched, and by which words.

The *exact wording* of a section is its words, numbers, signs (``%``, ``§``) and brackets in their order. Emphasis,
spaces, punctuation and capitals are no part of it: correcting them is editorial, and drops no status. Every such change
is reported all the same, since a comma can change the meaning. Another place or another label is no change at all.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from drafting.domain.bracket_tree import not_agreed
from drafting.domain.diff import changes
from drafting.domain.text import Line, Manifest
from drafting.domain.tokens import tokenize

# Unicode counts these as punctuation, as it does brackets; but they say something, as a word does.
_SIGNS: Final = frozenset("[]%\u2030\u066a&/\\@#\u00a7\u00b6\u2020\u2021")


class AgreedWording(NamedTuple):
    """A section's text, in NFC, as it was when its wording was agreed."""

    section: str
    text: str


class Touch(StrEnum):
    """What a change did to an agreed wording. All but editorial drop the status."""

    EDITORIAL = "editorial"
    REWORDED = "reworded"
    BRACKETED = "bracketed"
    """Its words stand, but not all of them free of brackets: one opened here, or around it, or none was closed."""
    GONE = "gone"
    """The section was deleted, or the text has it no more."""


class TouchedWords(NamedTuple):
    """``agreed[start:end]`` (code points) read ``old`` and now reads ``new``; one of the two may be empty."""

    start: int
    end: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class TouchedAgreement:
    """An agreed wording that a new text does not have letter by letter. ``words``: by which words it was touched."""

    agreed: AgreedWording
    now: Line | None
    touch: Touch
    words: tuple[TouchedWords, ...]

    @property
    def dropped(self) -> bool:
        """Whether the wording is agreed no longer."""
        return self.touch is not Touch.EDITORIAL


def touched_agreements(agreed: Sequence[AgreedWording], new: Manifest) -> tuple[TouchedAgreement, ...]:
    """Say which of the agreed wordings the new text touches, in their order, and by which words.

    What reads letter by letter as agreed, and stands in no bracket, is not listed. Of a change of substance only the
    words that carry it are given, not its commas.
    """
    lines = {line.section: line for line in new}
    bracketed = not_agreed(new)
    found = (_touched(one, lines.get(one.section), bracketed=one.section in bracketed) for one in agreed)
    return tuple(touched for touched in found if touched is not None)


def wording(text: str) -> tuple[str, ...]:
    """Give the exact wording of a text: its words, numbers, signs and brackets, without capitals."""
    return tuple(token.casefold() for token in tokenize(text) if _counts(token))


def may_be_agreed(text: Manifest, section: str) -> bool:
    """Say whether a section can be given the status of agreed: it stands, and no bracket is in it or around it."""
    stands = any(line.section == section and not line.deleted for line in text)
    return stands and section not in not_agreed(text)


def _touched(agreed: AgreedWording, now: Line | None, *, bracketed: bool) -> TouchedAgreement | None:
    if now is None or now.deleted:
        return TouchedAgreement(agreed, now, Touch.GONE, (TouchedWords(0, len(agreed.text), agreed.text, ""),))
    if now.text == agreed.text and not bracketed:
        return None
    same, words = _words(agreed.text, now.text)
    touch = Touch.EDITORIAL if same else Touch.REWORDED
    if bracketed and _free(agreed.text) == _free(now.text):
        touch = Touch.BRACKETED
    return TouchedAgreement(agreed, now, touch, words)


def _words(agreed: str, now: str) -> tuple[bool, tuple[TouchedWords, ...]]:
    """Say whether the wording is the same, and which words differ: where it is not, those of substance only."""
    words = tuple(TouchedWords(start, end, agreed[start:end], text) for start, end, text in changes(agreed, now))
    if wording(agreed) == wording(now):
        return True, words
    # Where words only run together with what is around them, no single change carries the substance.
    return False, tuple(w for w in words if wording(w.old) != wording(w.new)) or words


def _free(text: str) -> tuple[str, ...]:
    return tuple(token for token in wording(text) if token not in {"[", "]"})


def _counts(token: str) -> bool:
    return token in _SIGNS or unicodedata.category(token[0])[0] in "LMNS"
