"""The rows of a text that came from a printed page: what is text, and what belongs to the paper."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_NEAR = 8  # furniture stands within so many rows of its page's number
_LEAST_PAGES = 3
_FIRST_ROWS = 60
_MOST_FOOTNOTE_ROWS = 40
_LONGEST_ENTRY = 400  # characters
_MOST_ROWS_OF_AN_ENTRY = 5  # of a table of contents
_PAGE_NUMBER = re.compile(r"\d{1,4}")
_MASTHEAD = re.compile(r"^(?:Distr\.|Original:|Item \d+|Пункт \d+|Язык оригинала|Оригинал:)")
_DISTRIBUTION = re.compile(r"^(?:Distr\.|Original:|Оригинал:)")
_CONTENTS = re.compile(r"^(?:Table of contents|Contents|Содержание|المحتويات)$", re.IGNORECASE)
_ENTRY = re.compile(r"(?:.*\D\s+|.*\.{3,}\s*|)(\d{1,4})")
_LEADERS = re.compile(r".*\.{5,}\s*\d{1,4}")
_FOOTNOTE = re.compile(r"(\d{1,3}|\*{1,3})\s+\S")


class Role(StrEnum):
    """What a row of the file is."""

    TEXT = "text"
    BLANK = "blank"
    FURNITURE = "furniture"
    CONTENTS = "contents"
    MASTHEAD = "masthead"
    FOOTNOTE = "footnote"


@dataclass(slots=True)
class Row:
    """One line of the file, its number from 1, and the page that it stands on, from 0."""

    number: int
    text: str
    role: Role
    page: int = 0


def rows(text: str) -> list[Row]:
    """Sort the lines of ``text`` by what they are. Nothing is dropped; where in doubt a row is text."""
    found = [
        Row(number, line.strip(), Role.TEXT if line.strip() else Role.BLANK)
        for number, line in enumerate(text.replace("\f", "\n").split("\n"), 1)
    ]
    _mark_furniture(found)
    _mark_masthead(found)
    _mark_contents(found)
    _mark_footnotes(found)
    return found


def _mark_furniture(found: list[Row]) -> None:
    """Mark page numbers that count on, and the lines that keep repeating next to them."""
    numbers = _page_numbers(found)
    if len(numbers) < _LEAST_PAGES:
        return
    times = Counter(row.text for row in found if row.role is Role.TEXT)
    near = Counter(
        row.text
        for row in found
        if row.role is Role.TEXT and times[row.text] >= _LEAST_PAGES and _distance(row.number - 1, numbers) <= _NEAR
    )
    furniture = {text for text, count in near.items() if count * 10 >= times[text] * 6}
    page = 0
    for index in numbers:
        found[index].role = Role.FURNITURE
        for step in (-1, 1):
            _spread(found, index, step, furniture)
    for earlier, row in zip([None, *found], found, strict=False):
        if row.role is Role.FURNITURE and (earlier is None or earlier.role is not Role.FURNITURE):
            page += 1
        row.page = page


def _spread(found: list[Row], start: int, step: int, furniture: set[str]) -> None:
    """Mark the furniture on one side of a page number, and the blank rows inside it."""
    blank: list[Row] = []
    end = max(start - _NEAR, 0) - 1 if step < 0 else min(start + _NEAR + 1, len(found))
    for index in range(start + step, end, step):
        row = found[index]
        if row.role is Role.TEXT and row.text in furniture:
            for inner in (row, *blank):
                inner.role = Role.FURNITURE
            blank = []
        elif row.role is Role.BLANK:
            blank.append(row)
        elif row.role is not Role.FURNITURE:
            return


def _page_numbers(found: list[Row]) -> list[int]:
    """Find the rows whose numbers make the longest count of pages, one by one, each near a line that repeats."""
    times = Counter(row.text for row in found if row.role is Role.TEXT and not row.text.isdecimal())
    repeated = [row.number - 1 for row in found if times[row.text] >= _LEAST_PAGES]
    lone = [
        (index, int(row.text))
        for index, row in enumerate(found)
        if _PAGE_NUMBER.fullmatch(row.text) and _distance(index, repeated) <= _NEAR
    ]
    best: list[int] = []
    for start, (_, first) in enumerate(lone[:20]):
        chain: list[int] = []
        expected = first
        for index, number in lone[start:]:
            if number == expected:
                chain.append(index)
                expected += 1
        best = max(best, chain, key=len)
    return best


def _distance(index: int, places: Sequence[int]) -> int:
    at = bisect_left(places, index)
    return min((abs(place - index) for place in places[max(at - 1, 0) : at + 1]), default=_FIRST_ROWS)


def _mark_masthead(found: list[Row]) -> None:
    """Mark the head of a United Nations document: symbol, distribution, date, language, agenda item."""
    first = [row for row in found[:_FIRST_ROWS] if row.role is Role.TEXT]
    if not any(_DISTRIBUTION.match(row.text) for row in first):
        return
    last = max(row.number for row in first if _MASTHEAD.match(row.text))
    end = next((row.number for row in found[last:] if row.role is Role.BLANK), last)
    for row in found[:end]:
        if row.role is Role.TEXT:
            row.role = Role.MASTHEAD


def _mark_contents(found: list[Row]) -> None:
    """Mark what follows a line ``Contents`` as long as entries with page numbers that do not fall keep coming."""
    text = [row for row in found if row.role is Role.TEXT]
    for start, row in enumerate(text):
        if row.role is Role.TEXT and _CONTENTS.match(row.text):
            for entry in text[start : _end_of_contents(text, start)]:
                entry.role = Role.CONTENTS
    for row in text:
        if row.role is Role.TEXT and len(row.text) <= _LONGEST_ENTRY and _LEADERS.fullmatch(row.text):
            row.role = Role.CONTENTS


def _end_of_contents(text: list[Row], start: int) -> int:
    end, reached = start + 1, 0
    for index in range(start + 1, len(text)):
        entry = _ENTRY.fullmatch(text[index].text[-_LONGEST_ENTRY:])
        if entry and reached <= int(entry[1]) <= reached + 50:
            end, reached = index + 1, int(entry[1])
        elif index - end >= _MOST_ROWS_OF_AN_ENTRY:
            break
    return end if reached else start


def _mark_footnotes(found: list[Row]) -> None:
    """Mark the notes at the foot of a page that count on and that a word above them refers to."""
    pages: dict[int, list[Row]] = defaultdict(list)
    for row in found:
        if row.role is not Role.FURNITURE:
            pages[row.page].append(row)
    reached = 0
    if len(pages) < _LEAST_PAGES:
        return
    for page in pages.values():
        start = _foot(page, reached)
        if start is None:
            continue
        for row in page[start:]:
            if row.role is Role.TEXT:
                row.role = Role.FOOTNOTE
            if note := starts_footnote(row.text, reached):
                reached = int(note) if note.isdecimal() else reached


def starts_footnote(text: str, reached: int) -> str:
    """Read the number or stars of the footnote that begins with this row and counts on from ``reached``; or ""."""
    note = _FOOTNOTE.match(text)
    if note is None:
        return ""
    return note[1] if not note[1].isdecimal() or reached < int(note[1]) <= reached + 6 else ""


def _foot(page: list[Row], reached: int) -> int | None:
    for index in range(max(len(page) - _MOST_FOOTNOTE_ROWS, 1), len(page)):
        if page[index - 1].role is not Role.BLANK or page[index].role is not Role.TEXT:
            continue
        note = starts_footnote(page[index].text, reached)
        above = "\n".join(row.text for row in page[:index])
        if note and re.search(_citation(note, reached), above):
            return index
    return None


def _citation(note: str, reached: int) -> str:
    """How a word above refers to a note; where a number was skipped, only directly behind the word counts."""
    if not note.isdecimal():
        return rf"\S{re.escape(note)}(?!\*)"
    return rf"(?<!\d){note}(?!\d)" if int(note) == reached + 1 else rf"[^\s\d]{note}(?!\d)"
