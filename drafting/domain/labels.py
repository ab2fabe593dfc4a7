"""Labels: how the number of a section is read from a draft, taken apart, counted on and printed.

A label is canonical text: ``PP3``, ``OP12bis``, ``OP1 alt 2``, ``4(a)(ii)``, ``7(2)`` (paragraph 2 of Article 7),
``Article 7bis``, ``Annex II``. It is never an identity.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain, count, takewhile
from typing import NamedTuple

from drafting.domain.text import Line
from drafting.protocol.words import SectionKind

LATIN = (
    *("bis", "ter", "quater", "quinquies", "sexies", "septies", "octies", "novies", "decies"),
    *("undecies", "duodecies", "terdecies", "quaterdecies", "quindecies"),
)
_ONE_NTH = rf"(?:{'|'.join(sorted(LATIN, key=len, reverse=True))})"
_NTH = rf"{_ONE_NTH}\d{{0,3}}"
# A further suffix may follow at once, any other letter makes it another word.
_ONE_SUFFIX = rf"\s?(?i:{_NTH}|alt)(?!(?!{_ONE_NTH})[a-z])(?:\s?\d{{1,2}}(?![\d.]))?"
_LOOSE = rf"(?P<suffix>(?:{_ONE_SUFFIX})*)"
_SURE = rf"(?P<suffix>(?:{_ONE_SUFFIX})+)"
_SUFFIX = rf"(?P<suffix>(?:{_NTH})*(?: alt(?: (?:\d+|{_NTH}))*)?)"
_LABEL_FORMS = tuple(
    re.compile(form + _SUFFIX)
    for form in (
        r"(?P<stem>.*\()(?P<mark>\d{1,9}|[a-z]{1,9}|[A-Z]{1,9})(?P<close>\))",
        r"(?P<stem>(?:.*?\D)?)(?P<mark>\d{1,9})(?P<close>)",
        r"(?P<stem>(?:\w+ )?)(?P<mark>[A-Z]{1,9})(?P<close>)",
    )
)


class Style(StrEnum):
    """How a list counts."""

    DECIMAL = "decimal"
    LETTER = "letter"
    ROMAN = "roman"


@dataclass(frozen=True, slots=True)
class Label:
    """A label taken apart; ``str()`` puts it together: ``4(`` ``a`` ``)`` ``bis``."""

    stem: str
    mark: str
    close: str = ""
    suffix: str = ""

    def __str__(self) -> str:
        return f"{self.stem}{self.mark}{self.close}{self.suffix}"

    @property
    def plain(self) -> "Label":
        """Without bis and alt."""
        return replace(self, suffix="")

    @property
    def alternative(self) -> str:
        """The ``alt`` part of the suffix, with its leading space, or nothing."""
        return self.suffix[self.suffix.find(" alt") :] if " alt" in self.suffix else ""


def parse(label: str) -> Label | None:
    """Take a canonical label apart; None when it does not count (``Annex [X]``)."""
    for form in _LABEL_FORMS:
        if found := form.fullmatch(label):
            return Label(found["stem"], found["mark"], found["close"], found["suffix"])
    return None


def insertions(before: Label, after: Label | None) -> Iterator[Label]:
    """Name what is inserted after one paragraph and before another (None, or one of another number: no matter).

    The best name first, and without end: after ``12`` come ``12bis``, ``12ter`` and so on to ``12quindecies``, then
    ``12quindecies1``; between ``12bis`` and ``12ter`` come ``12bis1``, ``12bis2``; between ``12bis`` and ``12bis1``
    ``12bisbis``. Where no name is left between the two, names that are out of order follow. Alternatives count with the
    paragraph they are the alternative of.
    """
    plain = replace(before, suffix="")
    place = _suffix_place(before)
    limit = _suffix_place(after) if after is not None and replace(after, suffix="") == plain else None
    for found in _places_after(place, limit):
        yield replace(plain, suffix=_suffix(found))
    for found in chain(_siblings((1,)), _siblings((len(LATIN), 1))):
        yield replace(plain, suffix=_suffix(found))


_Suffix = tuple[int, ...]
"""Where a suffix stands among those of its number: which Latin word (from 1) and which number after it, in turn; 0 is
no number. Compared as tuples, these are in the order of the text."""
_HIGHEST = 999


def _suffix_place(label: Label) -> _Suffix:
    found: list[int] = []
    for latin, digits in re.findall(rf"({_ONE_NTH})(\d*)", label.suffix.partition(" ")[0]):
        found += LATIN.index(latin) + 1, int(digits or 0)
    return tuple(found[:-1]) if found and not found[-1] else tuple(found)


def _suffix(place: _Suffix) -> str:
    words = zip(place[::2], (*place[1::2], 0), strict=False)
    return "".join(f"{LATIN[latin - 1]}{digits or ''}" for latin, digits in words)


def _places_after(place: _Suffix, limit: _Suffix | None) -> Iterator[_Suffix]:
    """Give the suffixes after ``place`` and before ``limit``: its own next ones, and then those one step deeper."""
    starts = [(*place[:-1], place[-1] + 1)] if place else []
    starts += [(*place, 1)] + ([(*place, 0, 1)] if len(place) % 2 else [])
    for start in starts:
        yield from takewhile(lambda found: limit is None or found < limit, _siblings(start))


def _siblings(start: _Suffix) -> Iterator[_Suffix]:
    last = len(LATIN) if len(start) % 2 else _HIGHEST
    return ((*start[:-1], number) for number in range(start[-1], last + 1))


def alternative(label: str, used: Collection[str]) -> str:
    """Name an alternative of the paragraph ``label`` that no section in ``used`` has: ``OP12 alt``, ``OP12 alt 2``."""
    plain = label.partition(" alt")[0]
    first = f"{plain} alt".lstrip()
    return first if first not in used else next(name for n in count(2) if (name := f"{first} {n}") not in used)


_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL")),
    *((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)


def written(value: int, style: Style, *, like: str = "a") -> str:
    """Write ``value`` in a style and in the case of ``like``: 28 is ``28``, ``bb`` or ``XXVIII``; 0 is always ``0``."""
    if value <= 0 or style is Style.DECIMAL:
        return str(max(value, 0))
    if style is Style.LETTER:
        text = chr(ord("A") + (value - 1) % 26) * ((value - 1) // 26 + 1)
    else:
        text = ""
        for worth, sign in _ROMAN:
            times, value = divmod(value, worth)
            text += sign * times
    return text if like.isupper() else text.lower()


def value(mark: str, style: Style) -> int | None:
    """Read what a mark counts in a style; None when it does not belong to it, 0 for what stands before the first."""
    if mark.isdecimal():
        return int(mark) if style is Style.DECIMAL or int(mark) == 0 else None
    if style is Style.DECIMAL or not mark.isascii() or not mark.isalpha():
        return None
    if style is Style.LETTER:
        return (len(mark) - 1) * 26 + ord(mark[0].upper()) - ord("A") + 1 if len(set(mark)) == 1 else None
    total = _roman_value(mark.upper())
    return total if total and written(total, Style.ROMAN, like="I") == mark.upper() else None


def _roman_value(signs: str) -> int:
    worths = {sign: worth for worth, sign in _ROMAN if len(sign) == 1}
    if not all(sign in worths for sign in signs):
        return 0
    counts = [worths[sign] for sign in signs]
    return sum(
        -count if place + 1 < len(counts) and count < counts[place + 1] else count for place, count in enumerate(counts)
    )


def style_of(marks: Iterable[str]) -> Style:
    """Tell how a list counts from its first telling mark: ``i`` begins a roman list, ``a`` or ``c`` a lettered one."""
    for mark in marks:
        if mark.isdecimal():
            if int(mark):
                return Style.DECIMAL
        elif value(mark, Style.ROMAN) and (len(mark) > 1 or mark.upper() == "I"):
            return Style.ROMAN
        else:
            return Style.LETTER
    return Style.DECIMAL


class Marker(NamedTuple):
    """A number found at the head of a paragraph: its canonical label (``-`` for a bullet) and what follows it."""

    label: str
    rest: str


_WORDS = {
    "Article": ("Article", "ARTICLE", "Art."),
    "Статья": ("Статья", "СТАТЬЯ"),
    "المادة": ("المادة", "مادة"),
    "Annex": ("Annex", "ANNEX"),
    "Appendix": ("Appendix", "APPENDIX"),
    "Приложение": ("Приложение", "ПРИЛОЖЕНИЕ"),
    "المرفق": ("المرفق", "مرفق"),
}
_ONE_WORD = {seen: word for word, seens in _WORDS.items() for seen in seens}
ARTICLE_WORDS = ("Article", "Статья", "المادة")
ANNEX_WORDS = tuple(word for word in _WORDS if word not in ARTICLE_WORDS)
_NAMED = rf"(?P<word>{'|'.join(map(re.escape, _ONE_WORD))})"
_ALONE = "|".join(re.escape(seen) for word in ANNEX_WORDS for seen in _WORDS[word])
_SEPARATOR = "[.:\\-\u2013\u2014]"
_BULLET = "[-\u2013\u2014\u2022*\u00b7\u25aao]"
_CAPITAL = r"(?=[\W\d_]*[^\W\d_a-z\u0430-\u044f])"
_GAP = r"(?:\s+|(?=\[)|$)"
_FORMS = (
    ("word", rf"{_NAMED}\s+(?P<mark>\[?(?:\d{{1,3}}|[IVXLC]{{1,6}}|[A-Z])\]?){_LOOSE}(?:\s*{_SEPARATOR}?\s*$)"),
    (
        "word",
        rf"{_NAMED}\s+(?P<mark>\[?(?:\d{{1,3}}|[IVXLC]{{1,6}}|[A-Z])\]?){_LOOSE}(?:\s*{_SEPARATOR}\s+|\s+{_CAPITAL})",
    ),
    ("word", rf"(?P<word>{_ALONE})(?P<mark>)(?P<suffix>)(?:\s*$|\s*{_SEPARATOR}\s+)"),
    ("number", rf"(?P<word>PP|OP)\s?(?P<mark>\d{{1,3}}){_LOOSE}[.:]?(?:\s+|$)"),
    ("number", rf"(?P<word>(?:\d{{1,3}}\.){{0,4}})(?P<mark>\d{{1,3}}){_LOOSE}[.)]{_GAP}"),
    ("number", rf"(?P<word>)(?P<mark>\d{{1,3}}){_SURE}[.)]?{_GAP}"),
    ("number", rf"(?P<word>(?:\d{{1,3}}\.){{1,4}})(?P<mark>\d{{1,3}})(?P<suffix>)\s+{_CAPITAL}"),
    ("letter", rf"(?P<word>)\((?P<mark>\d{{1,3}}|[a-z]{{1,5}}|[A-Z]{{1,5}})\){_LOOSE}{_GAP}"),
    ("letter", rf"(?P<word>)(?P<mark>[a-z]{{1,2}}|[ivx]{{1,5}}){_LOOSE}[.)]{_GAP}"),
    ("letter", rf"(?P<word>)(?P<mark>[a-z]{{1,2}}){_SURE}[.)]?\s+"),
    ("number", rf"(?P<word>)(?P<mark>[A-Z]|[IVX]{{1,5}}){_LOOSE}[.)]\s+{_CAPITAL}"),
    ("bullet", rf"(?P<word>)(?P<mark>{_BULLET})(?P<suffix>)\s+"),
)
_MARKERS = tuple((name, re.compile(r"(?P<open>(?:[\[(\"“] ?){0,6}?)" + form)) for name, form in _FORMS)
_EMPHASISED = re.compile(r"(\*{1,2})([^*\s][^*]{0,30})\1\s*", re.DOTALL)


def read_marker(text: str) -> Marker | None:
    """Read the literal number at the head of ``text``: ``OP6 bis``, ``1.``, ``(a)``, ``a alt.``, ``Article 7``, ``-``.

    Brackets and quotes that open before the number stay in the rest, as do ``[3][2].``, which is no number but text.
    """
    if emphasised := _EMPHASISED.match(text):
        inner = read_marker(emphasised[2])
        return Marker(inner.label, text[emphasised.end() :]) if inner is not None and not inner.rest else None
    for name, form in _MARKERS:
        found = form.match(text)
        if found is not None and (name != "letter" or _counts(found["mark"])):
            label = _canonical(name, found["word"], found["mark"], _tidy_suffix(found["suffix"]))
            return Marker(label, found["open"] + text[found.end() :].lstrip())
    return None


def _counts(mark: str) -> bool:
    return any(value(mark, style) is not None for style in Style)


def _canonical(name: str, word: str, mark: str, suffix: str) -> str:
    if name == "bullet":
        return "-"
    if name == "word":
        return f"{_ONE_WORD[word]} {mark}{suffix}".strip()
    return f"({mark}){suffix}" if name == "letter" else f"{word}{mark}{suffix}"


def _tidy_suffix(raw: str) -> str:
    """``" bis"`` becomes ``"bis"`` and ``" Alt 2"`` becomes ``" alt 2"``; what follows an alt keeps its space."""
    words = re.findall(rf"{_NTH}|alt|\d+", raw.lower())
    at = words.index("alt") if "alt" in words else len(words)
    return "".join(words[:at]) + "".join(f" {word}" for word in words[at:])


def printed_number(line: Line) -> str:
    """Say what stands before the text on paper: the label, or the last step of a nested one.

    ``4`` prints ``4.``, ``4(a)(ii)`` prints ``(ii)``, ``7(2)`` of an article ``2.``; a footnote its bare sign,
    an unlabelled section nothing.
    """
    parts = None if line.kind is SectionKind.FOOTNOTE else parse(line.label)
    if parts is not None and parts.close:
        paragraph = line.kind is SectionKind.OPERATIVE and parts.mark.isdecimal() and len(parts.stem) > 1
        return f"{parts.mark}{parts.suffix}." if paragraph else f"({parts.mark}){parts.suffix}"
    if parts is not None and not parts.stem.strip("0123456789."):
        return f"{line.label}."
    return line.label


def printed(line: Line) -> str:
    """Print what stands before the text; a deleted section prints its number and ``[deleted]``."""
    number = printed_number(line)
    return f"{number} [deleted]".lstrip() if line.deleted else number
