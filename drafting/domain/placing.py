"""Which paragraph of a file is which section of a text, and where its printed number ends."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from drafting.domain.labels import printed_number, read_marker
from drafting.domain.pairing import pair
from drafting.domain.text import Line, Manifest
from drafting.domain.tokens import words_of

_DELETED: Final = "[deleted]"
"""What stands behind the number of a deleted section on paper."""


class Placed(NamedTuple):
    """A paragraph is this section. ``number``: how many characters at its head are the printed number and the space
    behind it; ``sure`` (above 0, up to 1) how sure that is; ``moved``: it stands elsewhere than in the text.
    """

    line: Line
    number: int
    sure: float
    moved: bool


def placed(text: Manifest, paragraphs: Sequence[str]) -> tuple[Placed | None, ...]:
    """Say of each paragraph (on one line, with its printed number) which section of ``text`` it is, if it is one.

    No section is given twice. Numbers are no words: a paragraph is found by what it says.
    """
    said = [_DELETED if line.deleted else line.text for line in text]
    bare = [paragraph[number_length(paragraph) :] for paragraph in paragraphs]
    found: list[Placed | None] = [None] * len(paragraphs)
    for was, now, sure, moved in pair(said, bare):
        found[now] = Placed(text[was], number_length(paragraphs[now], text[was]), sure, moved)
    return tuple(found)


def number_length(paragraph: str, line: Line | None = None) -> int:
    """Count the characters at the head of a paragraph that are its number: that of ``line``, or any that reads as one.

    A number that ``line``'s own text begins with is text, and so is one of a line that has none.
    """
    if line is not None and not line.label:
        return 0
    for number in (printed_number(line), line.label) if line is not None else ():
        rest = paragraph.removeprefix(number)
        if number and rest != paragraph and (not rest or rest[0].isspace()):
            return len(paragraph) - len(rest.lstrip())
    found = read_marker(paragraph)
    if found is None or (line is not None and line.text.startswith(paragraph[: len(paragraph) - len(found.rest)])):
        return 0
    return len(paragraph) - len(found.rest) if paragraph.endswith(found.rest) else 0


def confidence(text: Manifest, places: Sequence[Placed | None]) -> float:
    """Say how sure it is (0-1) that a file is a copy of ``text``: the part of its words that were found, each weighed
    by how sure that is.
    """
    words = {line.section: max(1, len(words_of(line.text))) for line in text}
    whole = sum(words.values())
    return round(sum(words[place.line.section] * place.sure for place in places if place) / whole, 3) if whole else 0.0
