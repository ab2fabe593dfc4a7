"""What a file says otherwise than the text that it is a copy of, without tracking it: somebody accepted all, or changed
it with tracking off.
"""

from drafting.domain.placing import Placed
from drafting.protocol.edits import Add, Delete, Edit, Move, Replace
from drafting.word.layout import DELETED
from drafting.word.marked_edits import Base, Part, joined
from drafting.word.marked_kinds import kind_of_new


def same_words(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but emphasis and the kind of spaces."""
    return _bare(one) == _bare(other)


def _bare(text: str) -> list[str]:
    return text.replace("*", "").replace("\\", "").split()


def untracked(base: Base) -> list[Part]:
    """Give what differs between the text and the file's base: somebody changed it without tracking, or accepted all."""
    found: list[Part] = []
    after: str | None = None
    there = {place.line.section for place in base.places if place}
    gone = {line.section for line in base.text} - {
        place.line.section for place in base.places if place and not place.moved
    }
    for number, (paragraph, place) in enumerate(zip(base.paragraphs, base.places, strict=True)):
        if place is None:
            kind, level = kind_of_new(base.text, after, base.file.paragraphs[paragraph.mark].style, gone)
            text = paragraph.said(base.number(number))
            add = Add(after=after, section_kind=kind, level=level, text=text)
            if text:
                found.append(Part(None, (add,), (after,) if after else (), frozenset(), 1.0, covers=paragraph.covers))
            continue
        edits = _unmarked(place, paragraph.said(place.number), after)
        if edits:
            found.append(Part(None, edits, (place.line.section,), frozenset(), place.sure, covers=paragraph.covers))
        if not place.moved:
            after = place.line.section
    missing = [line for line in base.text if line.section not in there and not line.deleted]
    return [
        *joined(found),
        *(Part(None, (Delete(section=line.section),), (line.section,), frozenset(), 1.0) for line in missing),
    ]


def _unmarked(place: Placed, now: str, after: str | None) -> tuple[Edit, ...]:
    line = place.line
    was = DELETED if line.deleted else line.text
    words: tuple[Edit, ...] = () if same_words(was, now) else (Replace(section=line.section, text=now),)
    move: tuple[Edit, ...] = (Move(section=line.section, after=after),) if place.moved else ()
    return (*words, *move)
