"""What a reader cannot see: letters of another script that look the same, and characters that show nothing."""

import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

import regex


class Unseen(StrEnum):
    """Why a reader does not see a character for what it is."""

    HOMOGLYPH = "homoglyph"
    BIDI_CONTROL = "bidi_control"
    ZERO_WIDTH = "zero_width"
    SOFT_HYPHEN = "soft_hyphen"
    UNUSUAL_SPACE = "unusual_space"
    UNUSUAL_HYPHEN = "unusual_hyphen"
    NOT_COMPOSED = "not_composed"


class Mark(NamedTuple):
    """A character that is not what it looks like; ``position`` in code points, ``name`` as Unicode has it.

    ``looks_like`` is what a reader takes it for; empty if it shows nothing.
    """

    position: int
    character: str
    name: str
    what: Unseen
    looks_like: str


# ruff: noqa: RUF001 - look-alikes are meant
# Latin letters, and what looks the same in most typefaces. Upright and small letters only where the shapes agree.
_LATIN_TO_CYRILLIC: Final = dict(zip("aceijopsxyhdqwABCEHIJKMOPSTXY", "асеіјорѕхуһԁԛԝАВСЕНІЈКМОРЅТХУ", strict=True))
_LATIN_TO_GREEK: Final = dict(zip("ovABEZHIKMNOPTYX", "ονΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", strict=True))
_ACCENTED: Final = {"ë": "ё", "ï": "ї", "Ë": "Ё", "Ï": "Ї", "æ": "ӕ", "l": "ӏ"}
_LIKE: Final = {
    "Cyrillic": {**_LATIN_TO_CYRILLIC, **_ACCENTED},
    "Greek": {**_LATIN_TO_GREEK, "ó": "ό"},
}
_TO_LATIN: Final = {other: latin for table in _LIKE.values() for latin, other in table.items()}

_BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ZERO_WIDTH: Final = frozenset("\u034f\u115f\u1160\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\u3164\ufeff")
_HYPHENS: Final = frozenset("\u2010\u2011")
_BRACKETS: Final = {"\uff3b": "[", "\uff3d": "]", "\u27e6": "[", "\u27e7": "]", "\u2045": "[", "\u2046": "]"}
"""What a reader takes for a square bracket, and the text engine does not."""
_SOFT_HYPHEN: Final = "\u00ad"
_SILENT: Final = _BIDI | _ZERO_WIDTH | {_SOFT_HYPHEN}

_SCRIPTS: Final = {name: regex.compile(rf"\p{{Script={name}}}") for name in ("Latin", "Cyrillic", "Greek")}
_WORD: Final = regex.compile(r"[\p{L}\p{M}]+")
_SUSPECT: Final = regex.compile(r"[^\x00-\x7f]")
_SPACES: Final = regex.compile(r"\p{Zs}+")
# Where a joiner does its work: between letters of a script that joins, and inside an emoji.
_JOINS: Final = regex.compile(
    r"(?<=[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{M}])[\u200c\u200d]"
    r"|(?<=[\p{So}\p{Sk}\ufe0f])\u200d(?=\p{So})"
)


def visible(text: str) -> tuple[Mark, ...]:
    """List the characters of ``text`` that are not what they look like, in order.

    Letters of another script in a word (or a whole word of look-alikes, where that script has no other word), signs
    that look like square brackets, bidi controls, zero-width characters (but joiners where a script or an emoji needs
    them), soft and unusual hyphens, spaces other than the usual one, and characters left decomposed (the first code
    point of each is marked).
    """
    if _SUSPECT.search(text) is None:
        return ()
    return tuple(sorted((*_letters(text), *_characters(text), *_decomposed(text))))


def looks_same(old: str, new: str) -> bool:
    """Say whether two different texts look the same to a reader, in print or on a page."""
    return old != new and _as_seen(old) == _as_seen(new)


def _as_seen(text: str) -> str:
    seen = (
        _TO_LATIN.get(one, _BRACKETS.get(one, one)) for one in unicodedata.normalize("NFC", text) if one not in _SILENT
    )
    plain = "".join("-" if one in _HYPHENS else one for one in seen)
    return unicodedata.normalize("NFC", _SPACES.sub(" ", plain))


def _letters(text: str) -> Iterator[Mark]:
    words = [(found.start(), found[0], _scripts(found[0])) for found in _WORD.finditer(text)]
    # A script is at home in a text that has a word of it which no other script could write.
    at_home = {next(iter(scripts)) for _, word, scripts in words if len(scripts) == 1 and not _is_disguise(word)}
    for start, word, scripts in words:
        if len(scripts) > 1:
            home = max(scripts, key=lambda script: (len(_SCRIPTS[script].findall(word)), script == "Latin"))
            yield from _strangers(start, word, home)
        elif scripts and not scripts & at_home and _is_disguise(word) and at_home:
            yield from _strangers(start, word, "Latin" if "Latin" in at_home else min(at_home))


def _scripts(word: str) -> frozenset[str]:
    if word.isascii():
        return frozenset({"Latin"})
    return frozenset(name for name, letters in _SCRIPTS.items() if letters.search(word))


def _is_disguise(word: str) -> bool:
    """Whether every letter of a word could be taken for one of another script, and it is not Latin."""
    return all(letter in _TO_LATIN for letter in word)


def _strangers(start: int, word: str, home: str) -> Iterator[Mark]:
    for at, letter in enumerate(word):
        if _SCRIPTS[home].match(letter) or (taken_for := _taken_for(letter, home)) is None:
            continue
        yield _mark(start + at, letter, Unseen.HOMOGLYPH, taken_for)


def _taken_for(letter: str, home: str) -> str | None:
    latin = letter if _SCRIPTS["Latin"].match(letter) else _TO_LATIN.get(letter)
    return latin if latin is None or home == "Latin" else _LIKE[home].get(latin)


def _characters(text: str) -> Iterator[Mark]:
    joiners = {found.start() for found in _JOINS.finditer(text)}
    for found in _SUSPECT.finditer(text):
        at, character = found.start(), found[0]
        if character in _BIDI:
            yield _mark(at, character, Unseen.BIDI_CONTROL, "")
        elif character in _ZERO_WIDTH and at not in joiners:
            yield _mark(at, character, Unseen.ZERO_WIDTH, "")
        elif character == _SOFT_HYPHEN:
            yield _mark(at, character, Unseen.SOFT_HYPHEN, "")
        elif character in _BRACKETS:
            yield _mark(at, character, Unseen.HOMOGLYPH, _BRACKETS[character])
        elif character in _HYPHENS:
            yield _mark(at, character, Unseen.UNUSUAL_HYPHEN, "-")
        elif unicodedata.category(character) == "Zs":
            yield _mark(at, character, Unseen.UNUSUAL_SPACE, " ")


def _decomposed(text: str) -> Iterator[Mark]:
    if unicodedata.is_normalized("NFC", text):
        return
    for found in regex.finditer(r"\X", text):
        composed = unicodedata.normalize("NFC", found[0])
        if composed != found[0]:
            yield _mark(found.start(), found[0], Unseen.NOT_COMPOSED, composed)


def _mark(position: int, character: str, what: Unseen, looks_like: str) -> Mark:
    name = ", ".join(unicodedata.name(one, f"U+{ord(one):04X}") for one in character)
    return Mark(position, character, name, what, looks_like)
