"""Cross-references: where a text speaks of its own paragraphs, which of those are gone, and what a renumbering asks.

Found are ``paragraph 62``, ``paras. 3 to 5``, ``OP12 bis``, ``Article 7 (2)``, ``paragraph 2 of Article 7``, ``Annex
II`` and their like in English, French, Spanish, Russian and Arabic. Nothing is ever rewritten here: what is found is
for a person to look at.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import regex

from drafting.domain.labels import ANNEX_WORDS, ARTICLE_WORDS, LATIN, parse
from drafting.domain.numbering import prefix_of
from drafting.domain.text import Line, Manifest
from drafting.protocol.words import SectionKind

# ruff: noqa: RUF001 - Cyrillic letters are meant


class ReferenceFault(StrEnum):
    """Why a reference leads nowhere."""

    UNKNOWN = "unknown"
    """No section has such a label."""
    DELETED = "deleted"
    """The section is there, but deleted."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A place that names a section: ``said`` is the number at ``[start:end]`` (code points) of the section's text.

    ``label`` is that number as a label; ``target`` the section that has it, if one has. ``elsewhere``: the text goes on
    to name another instrument (``Article 7 of the Convention``), so that it is most likely none of this text's.
    """

    section: str
    start: int
    end: int
    said: str
    label: str
    target: str | None
    fault: ReferenceFault | None
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class ReferenceChange:
    """A reference that reads wrongly after a renumbering. ``suggested`` is what to say in the place of ``said``; None
    where the section named is gone.
    """

    reference: Reference
    suggested: str | None


_PARAGRAPH = (
    r"(?:sub-?)?paragraphs?|paras?\.?|paragraphes?|alinéas?|párrafos?|apartados?|"
    r"(?:под)?пункт(?:а|у|е|ом|ы|ов|ам|ах|ами)?|п{1,2}\.|параграф(?:а|у|е|ом|ы|ов|ам|ах|ами)?|"
    r"(?:و|ب|ل|ف|ك)?(?:ال|لل)?(?:فقرة|فقرات|فقرتين|فقرتان|بند|بنود)"
)
_ARTICLE = (
    r"articles?|arts?\.|artículos?|стать(?:я|и|е|ю|ёй|ей|ям|ях|ями)|статей|ст\.|"
    r"(?:و|ب|ل|ف|ك)?(?:ال|لل)?(?:مادة|مواد|مادتين|مادتان)"
)
_ANNEX = r"annexe?s?|anexos?|приложени(?:е|я|ю|и|ем|ях)|(?:و|ب|ل)?(?:ال|لل)?مرفق"
_LATIN = "|".join(sorted(LATIN, key=len, reverse=True))
_SUFFIX = rf"(?:\s?(?:{_LATIN})(?:\s?\d{{1,3}}(?!\d))?)*(?:\s?alt(?:\s\d{{1,2}})?)?(?![\p{{L}}\p{{M}}])"
_STEP = r"(?:\s?\((?:\d{1,3}|[a-z]{1,5}|[A-Z]{1,4})\))"
_NUMBER = rf"\d{{1,3}}(?![.,]?\d){_SUFFIX}{_STEP}*|{_STEP}+"
_ROMAN = rf"[IVXLC]{{1,6}}{_SUFFIX}|[A-Z](?![\p{{L}}\p{{M}}])|\d{{1,2}}"
_JOIN = r"\s*(?:[,–—-]|\b(?:to|and|or|et|ou|à|y|o|al?|и|или|по|до|أو|إلى)\b|\bو)\s*"
_FORMS = (
    ("paragraph", rf"(?<![\p{{L}}\p{{M}}])(?i:{_PARAGRAPH})\s*(?P<number>{_NUMBER})(?:{_JOIN}(?P<number>{_NUMBER}))*"),
    ("article", rf"(?<![\p{{L}}\p{{M}}])(?i:{_ARTICLE})\s*(?P<number>{_NUMBER})(?:{_JOIN}(?P<number>{_NUMBER}))*"),
    ("annex", rf"(?<![\p{{L}}\p{{M}}])(?i:{_ANNEX})\s+(?P<number>{_ROMAN})"),
    ("label", rf"(?<![\p{{L}}\p{{N}}])(?P<number>(?:OP|PP)\s?\d{{1,3}}{_SUFFIX}{_STEP}*)"),
)
_PATTERNS = tuple((kind, regex.compile(form)) for kind, form in _FORMS)
_MAY_STAND = regex.compile(r"[\p{Nd}IVXLCA-H(]")
_OF_ARTICLE = regex.compile(
    rf"\s+(?:(?:of|de l'|del?|من)\s*(?i:{_ARTICLE})|статьи|ст\.)\s*(?P<number>\d{{1,3}}{_SUFFIX})"
)
_OF_ANOTHER = regex.compile(
    r"\s+(?:(?:of|to|in)\s+(?:(?:the|its|that)\s+(?!present\b|text\b|same\b)|(?:[\w-]+\s+)?(?=\p{Lu}|resolution))"
    r"|(?:de la|du|de l')\s*(?!présent)(?=\p{Lu}|convention|résolution)|(?=Конвенции|резолюции|Пакта|Устава|Договора)"
    r"|من (?:اتفاقية|الاتفاقية|القرار|قرار|الميثاق|العهد))"
)


def references(text: Manifest) -> tuple[Reference, ...]:
    """Find the references in a text, in reading order. In a list or a range each number is one."""
    labels = _by_label(text)
    lines = {line.section: line for line in text}
    found = (one for line, prefix in _with_articles(text) for one in _in_line(line, prefix, labels, lines))
    return tuple(found)


def dead(text: Manifest) -> tuple[Reference, ...]:
    """Give the references that name a section which is not there, or is deleted; those to other instruments aside."""
    return tuple(one for one in references(text) if one.fault is not None and not one.elsewhere)


def after_renumbering(old: Manifest, new: Manifest) -> tuple[ReferenceChange, ...]:
    """Say which references of ``old`` name another number in ``new``, or a section that is gone there, and what to say.

    References in sections that ``new`` does not have are left out. Their places are those of the old text.
    """
    lines = {line.section: line for line in new}
    found: list[ReferenceChange] = []
    for one in references(old):
        if one.target is None or one.section not in lines or lines[one.section].deleted:
            continue
        now = lines.get(one.target)
        if now is None or now.deleted:
            found.append(ReferenceChange(one, None))
        elif (suggested := _said_anew(one, now.label)) != one.said:
            found.append(ReferenceChange(one, suggested))
    return tuple(found)


def _by_label(text: Manifest) -> Mapping[str, str]:
    """Give each label's section; the first one's where several share it."""
    found: dict[str, str] = {}
    for line in text:
        if line.label:
            found.setdefault(line.label, line.section)
    return found


def _with_articles(text: Manifest) -> Iterator[tuple[Line, str]]:
    """Give each line with what the labels of its article's paragraphs begin with (``7``), or nothing."""
    article: tuple[int, str] | None = None
    for line in text:
        if line.kind is SectionKind.ARTICLE:
            article = line.level, prefix_of(line.label)
        elif article is not None and line.level <= article[0]:
            article = None
        yield line, article[1] if article else ""


def _in_line(line: Line, prefix: str, labels: Mapping[str, str], lines: Mapping[str, Line]) -> Iterable[Reference]:
    if not _MAY_STAND.search(line.text):
        return []
    found: dict[int, Reference] = {}
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(line.text):
            end = match.end()
            article = _OF_ARTICLE.match(line.text, end) if kind == "paragraph" else None
            inside = _plain(article["number"]) if article else prefix
            elsewhere = _OF_ANOTHER.match(line.text, article.end() if article else end) is not None
            for start, stop in match.spans("number"):
                said = line.text[start:stop].strip()
                at = stop - len(line.text[start:stop].lstrip())
                candidates = _candidates(kind, _plain(said), inside, line, sure=article is not None)
                label = next((label for label in candidates if label in labels), candidates[0])
                target = labels.get(label)
                found[at] = Reference(
                    line.section, at, at + len(said), said, label, target, _fault(target, lines), elsewhere
                )
    return [found[start] for start in sorted(found)]


def _fault(target: str | None, lines: Mapping[str, Line]) -> ReferenceFault | None:
    if target is None:
        return ReferenceFault.UNKNOWN
    return ReferenceFault.DELETED if lines[target].deleted else None


def _candidates(kind: str, number: str, inside: str, line: Line, *, sure: bool) -> list[str]:
    """Give the labels that a number may mean, the likeliest first."""
    if kind == "label":
        return [number]
    if kind == "annex":
        return [f"{word} {number}" for word in ANNEX_WORDS]
    if kind == "article":
        whole = [f"{word} {number}" for word in ARTICLE_WORDS]
        return whole if "(" not in number else [number]
    if number.startswith("("):
        return [f"{own}{number}" for own in _enclosing(line.label)] or [number]
    head, bracket, rest = number.partition("(")
    within = [f"{inside}({head}){bracket}{rest}"] if inside else []
    return within if sure and within else [*within, number, f"OP{number}", f"PP{number}"]


def _enclosing(label: str) -> Iterator[str]:
    """Give what a subparagraph of the same paragraph may begin with: from ``4(a)(ii)`` down to nothing."""
    while True:
        yield label
        parts = parse(label)
        if parts is None or not parts.close:
            break
        label = parts.stem.removesuffix("(")
    if label:
        yield ""


def _plain(said: str) -> str:
    """Write a number as labels write it: digits of ours, no space, except before ``alt``."""
    digits = "".join(str(int(character)) if character.isdecimal() else character for character in said)
    head, alt, rest = digits.partition("alt")
    return "".join(head.split()) + (f" alt{rest}" if alt else "")


def _said_anew(reference: Reference, label: str) -> str:
    """Write a new label the way the old one was said: with its spaces, its digits, and without what it left out."""
    said = reference.said
    new = _without_what_was_left_out(_plain(said), reference.label, label)
    if regex.search(r"\d\s", said):
        new = regex.sub(rf"(?<=\d)(?=(?:{'|'.join(LATIN)})|\()", " ", new)
    if regex.match(r"(?:OP|PP)\s", said):
        new = regex.sub(r"^(OP|PP)(?=\d)", r"\1 ", new)
    return _in_digits_of(said, new)


def _without_what_was_left_out(said: str, old: str, new: str) -> str:
    if said.startswith("("):  # (a) of the paragraph it stands in, (a)(ii)
        return "(" + "(".join(new.split("(")[-said.count("(") :])
    left_out = old.removesuffix(said) if old.endswith(said) else ""
    if left_out and new.startswith(left_out):
        return new.removeprefix(left_out)
    if old.startswith((*ARTICLE_WORDS, *ANNEX_WORDS)):
        return new.partition(" ")[2] or new
    if left_out in {"OP", "PP"} or old == said:
        return new
    return _last_step(new)  # a paragraph of its article


def _last_step(label: str) -> str:
    parts = parse(label)
    return f"{parts.mark}{parts.suffix}" if parts else label


def _in_digits_of(said: str, new: str) -> str:
    zero = next((ord(c) - int(c) for c in said if c.isdecimal() and not c.isascii()), None)
    return new if zero is None else "".join(chr(zero + int(c)) if c.isdecimal() else c for c in new)
