"""The comments of a marked-up file on the sections of the text: which one each is about, and which words of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from drafting.word.marked_comments import MarkedComment
from drafting.word.marked_edits import Base, Part
from drafting.word.marked_text import Atom

_LONGEST_QUOTE = 5_000


class Quote(NamedTuple):
    """Words of a section's text: ``text[start:end]`` in code points."""

    text: str
    start: int
    end: int


class MarginNote(NamedTuple):
    """A comment on a section, and on words of it if it is on words that the text has. ``part``: it stands on a new
    paragraph, which that part (by number) proposes. A reply has the place of what it replies to.
    """

    comment: MarkedComment
    section: str | None
    quote: Quote | None = None
    part: int | None = None


def margin(base: Base, parts: Sequence[Part]) -> list[MarginNote]:
    """Place the comments of a file, in their order."""
    adding = {cover: number for number, part in enumerate(parts) if part.adds for cover in part.covers}
    where = {cover: number for number, paragraph in enumerate(base.paragraphs) for cover in paragraph.covers}
    found: dict[str, MarginNote] = {}
    waiting = list(base.file.comments)
    for comment in sorted(waiting, key=lambda one: one.reply_to is not None):
        root = _root(comment, found)
        found[comment.id] = root._replace(comment=comment) if root else _placed(base, comment, adding, where)
    return [found[comment.id] for comment in waiting]


def _root(comment: MarkedComment, found: dict[str, MarginNote]) -> MarginNote | None:
    return found.get(comment.reply_to) if comment.reply_to is not None else None


def _placed(base: Base, comment: MarkedComment, adding: Mapping[int, int], where: Mapping[int, int]) -> MarginNote:
    if comment.start is None or comment.end is None:
        return MarginNote(comment, None)
    first, last = Atom(*comment.start), Atom(*comment.end)
    numbers = dict.fromkeys(where[cover] for cover in range(first.paragraph, last.paragraph + 1) if cover in where)
    held = [(number, [atom for atom in base.paragraphs[number].atoms if first <= atom < last]) for number in numbers]
    within = [(number, atoms) for number, atoms in held if atoms and base.places[number]]
    if not within:
        return _on_paragraph(base, comment, adding, where)
    number, atoms = within[0]
    place = base.places[number]
    if place is None:
        return MarginNote(comment, None)
    quote = _quote(base, number, atoms, place.line.text) if len(within) == 1 and not place.line.deleted else None
    return MarginNote(comment, place.line.section, quote)


def _on_paragraph(
    base: Base, comment: MarkedComment, adding: Mapping[int, int], where: Mapping[int, int]
) -> MarginNote:
    """Place what stands on no word of the text: on new words of a section, on a new paragraph, or on an empty spot."""
    at = comment.start.paragraph if comment.start else 0
    if at in adding:
        return MarginNote(comment, None, part=adding[at])
    place = base.places[where[at]] if at in where else None
    return MarginNote(comment, place.line.section if place else None)


def _quote(base: Base, number: int, atoms: Sequence[Atom], text: str) -> Quote | None:
    """Find the words of some pieces in the text of their section; none if these are all of it, or it says otherwise."""
    paragraph = base.paragraphs[number]
    wanted = set(atoms)
    said = [(atom in wanted, piece.text) for atom, piece in paragraph.beyond(base.number(number))]
    spots = list(_spots(text, "".join(words for _, words in said)))
    at = 0
    chosen: list[int] = []
    for inside, words in said:
        chosen += [spot for spot in spots[at : at + len(words)] if inside and spot is not None]
        at += len(words)
    while chosen and text[chosen[0]].isspace():
        del chosen[0]
    while chosen and text[chosen[-1]].isspace():
        chosen.pop()
    if not chosen:
        return None
    start, end = chosen[0], chosen[-1] + 1
    whole = all(inside or not words.strip() for inside, words in said)
    return None if whole or end - start > _LONGEST_QUOTE else Quote(text[start:end], start, end)


def _spots(text: str, words: str) -> Iterator[int | None]:
    """Give for each character of ``words`` where it stands in ``text``, which has marks of emphasis besides."""
    at = 0
    for sign in words:
        step = at
        while step < len(text) and not _alike(text[step], sign) and text[step] in "*\\":
            step += 1
        if step < len(text) and _alike(text[step], sign):
            yield step
            at = step + 1
        else:
            yield None


def _alike(one: str, other: str) -> bool:
    return one == other or (one.isspace() and other.isspace())
