"""What an author of a marked-up file proposes: the text as that author would have it, against the text without any
change, as edits of sections.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from drafting.domain.edits import apply
from drafting.domain.labels import read_marker
from drafting.domain.merging import Merged, merge
from drafting.domain.placing import Placed, number_length, placed
from drafting.domain.text import Line, Manifest
from drafting.protocol.edits import Add, Delete, Edit, Merge, Move, Replace, Split
from drafting.word.layout import DELETED
from drafting.word.marked import MarkedFile
from drafting.word.marked_kinds import cut_off, kind_of_new, like_of_new
from drafting.word.marked_text import Accepts, Link, Paragraph, links, text_with
from drafting.word.runs import Change

_MOST_PARTS = 20
_IN_DOUBT = 0.7


@dataclass(frozen=True, slots=True)
class Part:
    """What an author proposes on a section and what hangs together with it. ``changes``: the tracked changes that say
    so, by number; none where nobody tracked it (``author`` is then ``None``). ``sections``: those of the text that it
    touches; for an addition the one that it follows. ``sure`` (0-1): that these are the sections. ``number`` is what a
    new paragraph is numbered in the file, ``covers`` the paragraphs of the file that it stands in.
    """

    author: str | None
    edits: tuple[Edit, ...]
    sections: tuple[str, ...]
    changes: frozenset[int]
    sure: float
    number: str = ""
    covers: tuple[int, ...] = ()

    @property
    def adds(self) -> bool:
        """Whether all of it is new paragraphs."""
        return all(isinstance(edit, Add) for edit in self.edits)


class Idle(NamedTuple):
    """Changes that propose nothing: they touch printed numbers alone (``number``), leave the words as they were
    (``nothing``), or stand in a paragraph that is no section of the text (``unplaced``). ``covers`` as in ``Part``.
    """

    changes: frozenset[int]
    why: str
    covers: tuple[int, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Base:
    """A file without the changes that are to be judged, and which of its paragraphs are which sections of ``text``.

    ``printed``: the changes, by number, that we printed ourselves; they are nobody's proposal.
    """

    file: MarkedFile
    accepts: Accepts
    text: Manifest
    paragraphs: tuple[Paragraph, ...]
    places: tuple[Placed | None, ...]
    printed: frozenset[int] = frozenset()

    def number(self, paragraph: int) -> int:
        """Count the characters of a paragraph's printed number."""
        place = self.places[paragraph]
        return place.number if place else number_length(self.paragraphs[paragraph].text)


def base_of(file: MarkedFile, text: Manifest, accepts: Accepts) -> Base:
    """Find the sections of a text in a file with some changes accepted."""
    paragraphs = text_with(file, accepts)
    return Base(file, accepts, text, paragraphs, placed(text, [paragraph.text for paragraph in paragraphs]))


def proposed(base: Base, author: str) -> tuple[list[Part], list[Idle]]:
    """Give what one author proposes, whose changes are accepted and nobody else's; every change of theirs that touches
    a paragraph of the base or of their text is in a part or idle.
    """
    return _Proposal(base, author).parts()


def reworded(line: Line, base: str, now: str) -> str:
    """Give the text of a section with the changes that lead from ``base``, as the file has it, to ``now``.

    The file may print the section in other signs than we keep (spaces, emphasis): only what was changed changes.
    """
    if line.deleted or base == line.text:
        return now
    if base == now:
        return line.text
    merged = merge(base, line.text, now)
    return merged.text if isinstance(merged, Merged) else now


class _Proposal:
    def __init__(self, base: Base, author: str) -> None:
        self._base = base
        self._author = author
        own = (change for change in base.file.changes if change.author == author and not base.accepts(change))
        self._own = {change.number for change in own} - base.printed
        self._new = text_with(base.file, lambda change: change.number in self._own or base.accepts(change))
        numbers = {number: base.number(number) for number in range(len(base.paragraphs))}
        self._links = links(base.file, base.paragraphs, self._new, numbers)
        self._moved = {was for link in self._links if link.moved for was in link.old}
        self._standing = sorted(
            (paragraph.atoms[0], place.line.section)
            for number, (paragraph, place) in enumerate(zip(base.paragraphs, base.places, strict=True))
            if place and number not in self._moved
        )
        self._firsts = [first for first, _ in self._standing]
        left = (base.places[was] for link in self._links if not link.new for was in link.old)
        self._gone = {place.line.section for place in left if place}
        away = {place.line.section for was in self._moved if (place := base.places[was])}
        self._staying = tuple(line for line in base.text if line.section not in away)

    def parts(self) -> tuple[list[Part], list[Idle]]:
        """Go through what became of each paragraph."""
        parts: list[Part] = []
        idle: list[Idle] = []
        taken: set[int] = set()
        for link in self._links:
            between = self._between(link)
            if len(link.new) == 1 and link.new[0] in taken:
                continue  # it stands within a paragraph that was split
            taken.update(between)
            link = link._replace(new=tuple(sorted({*link.new, *between})))  # noqa: PLW2901 - what stands between belongs to it
            changes = self._changes(link)
            if not changes:
                continue
            self._judge(link, changes, parts, idle)
        return _with_moves(self._base.text, joined(_with_marks(parts, idle))), [one for one in idle if one.changes]

    def _judge(self, link: Link, changes: frozenset[int], parts: list[Part], idle: list[Idle]) -> None:
        # Where it stands now comes first: what is moved to one place stays in its order.
        covers = tuple(dict.fromkeys(number for paragraph in self._of(link)[::-1] for number in paragraph.covers))
        text = " ".join(paragraph.text for paragraph in self._of(link))
        places = [self._base.places[was] for was in link.old]
        if any(place is None for place in places):
            idle.append(Idle(changes, "unplaced", covers, text))
            return
        numbers = self._on_numbers(link, changes)
        part = self._part(link, [place for place in places if place], covers)
        if part is None:
            idle.append(Idle(numbers, "number", covers, text))
            idle.append(Idle(changes - numbers, "nothing", covers, text))
            return
        idle.append(Idle(numbers, "number", covers, text))
        parts.append(replace(part, changes=changes - numbers))

    def _part(self, link: Link, places: Sequence[Placed], covers: tuple[int, ...]) -> Part | None:
        new = [self._new[now] for now in link.new]
        if not places:
            return self._added(link, covers)
        lines = [place.line for place in places]
        olds = [self._base.paragraphs[was].said(self._base.number(was)) for was in link.old]
        texts = [text for paragraph in new if (text := paragraph.said(number_length(paragraph.text, lines[0])))]
        edits = _edits(lines, olds, texts)
        sure = min(place.sure for place in places)
        if link.moved and len(lines) == len(texts) == 1:
            after = self._anchor(new[0], lines[0].level)
            edits = (*edits, Move(section=lines[0].section, after=after))
            if self._cuts(after, lines[0].level):
                sure = min(sure, _IN_DOUBT)
        if not edits:
            return None
        return Part(self._author, edits, tuple(line.section for line in lines), frozenset(), sure, covers=covers)

    def _added(self, link: Link, covers: tuple[int, ...]) -> Part | None:
        paragraph = self._new[link.new[0]]
        found = read_marker(paragraph.text)
        number = found.label if found and found.label != "-" else ""
        text = paragraph.said(number_length(paragraph.text) if number else 0)
        if not text:
            return None
        style = self._base.file.paragraphs[paragraph.mark].style
        after = self._anchor(paragraph, like_of_new(self._staying, self._anchor(paragraph), style, self._gone)[1])
        kind, level = kind_of_new(self._staying, after, style, self._gone)
        edit = Add(after=after, section_kind=kind, level=level, text=text)
        anchored = next((place.sure for place in self._base.places if place and place.line.section == after), 1.0)
        return Part(self._author, (edit,), (after,) if after else (), frozenset(), anchored, number, covers)

    def _anchor(self, paragraph: Paragraph, level: int | None = None) -> str | None:
        """Name the section that a paragraph follows in the file: the last one before it that is not moved itself.

        With a ``level``, none that is gone, and behind which a paragraph of that level would stand below what is left
        under it.
        """
        before = bisect_left(self._firsts, paragraph.atoms[0])
        sections = (section for _, section in reversed(self._standing[:before]))
        return next(
            (one for one in sections if level is None or not (one in self._gone and self._cuts(one, level))), None
        )

    def _cuts(self, after: str | None, level: int) -> bool:
        """Whether a paragraph of this level has no place right behind a section: what is left there is under it."""
        return cut_off(self._staying, after, level, self._gone) is not None

    def _between(self, link: Link) -> list[int]:
        """Name the new paragraphs that stand between the parts of a paragraph that was split, and in no other."""
        if len(link.old) != 1 or len(link.new) < 2 or link.moved:  # noqa: PLR2004 - one paragraph is no split
            return []
        alone = {other.new[0] for other in self._links if not other.old}
        return [now for now in range(link.new[0] + 1, link.new[-1]) if now in alone]

    def _of(self, link: Link) -> list[Paragraph]:
        return [*(self._base.paragraphs[was] for was in link.old), *(self._new[now] for now in reversed(link.new))]

    # -- which changes say so -----------------------------------------------------------------------------------------

    def _changes(self, link: Link) -> frozenset[int]:
        paragraphs = self._base.file.paragraphs
        found: set[int] = set()
        for paragraph in self._of(link):
            for atom in paragraph.atoms:
                piece = paragraphs[atom.paragraph].pieces[atom.piece]
                found |= self._own_of(piece.brought, piece.taken)
            for cover in paragraph.covers:
                found |= self._own_of(paragraphs[cover].brought, paragraphs[cover].taken)
        return frozenset(found)

    def _own_of(self, *changes: Iterable[Change]) -> set[int]:
        return {change.number for some in changes for change in some if change.number in self._own}

    def _on_numbers(self, link: Link, changes: frozenset[int]) -> frozenset[int]:
        """Name the changes that touch printed numbers alone."""
        paragraphs = self._base.file.paragraphs
        touching: set[int] = set()
        for paragraph, number in self._numbered(link):
            behind = {atom for atom, piece in paragraph.beyond(number) if piece.text.strip()}
            for atom in behind:
                piece = paragraphs[atom.paragraph].pieces[atom.piece]
                touching |= self._own_of(piece.brought, piece.taken)
            for cover in paragraph.covers:
                touching |= self._own_of(paragraphs[cover].brought, paragraphs[cover].taken)
        return changes - touching

    def _numbered(self, link: Link) -> Iterator[tuple[Paragraph, int]]:
        line = next((place.line for was in link.old if (place := self._base.places[was])), None)
        for was in link.old:
            yield self._base.paragraphs[was], self._base.number(was)
        for now in link.new:
            yield self._new[now], number_length(self._new[now].text, line)


def _edits(lines: Sequence[Line], olds: Sequence[str], texts: Sequence[str]) -> tuple[Edit, ...]:
    """Say as edits what became of sections: ``olds`` are their texts as the file has them, ``texts`` what is there."""
    sections = [line.section for line in lines]
    if not texts:
        return tuple(Delete(section=line.section) for line in lines if not line.deleted)
    if len(lines) == len(texts) == 1:
        line = lines[0]
        if texts[0] == olds[0] or (line.deleted and texts[0] == DELETED):
            return ()
        text = reworded(line, olds[0], texts[0])
        return (Replace(section=line.section, text=text),) if line.deleted or text != line.text else ()
    if len(lines) == 1 and len(texts) <= _MOST_PARTS:
        return (Split(section=sections[0], texts=list(texts)),)
    if len(texts) == 1 and len(lines) <= _MOST_PARTS:
        return (Merge(sections=sections, text=texts[0]),)
    pairs = zip(lines, texts, strict=False)
    kept = [Replace(section=line.section, text=text) for line, text in pairs if text != line.text]
    gone = [Delete(section=line.section) for line in lines[len(texts) :]]
    last = lines[-1]
    more = [
        Add(after=last.section, section_kind=last.kind, level=last.level, text=text) for text in texts[len(lines) :]
    ]
    return (*kept, *gone, *more)


def _with_marks(parts: Sequence[Part], idle: list[Idle]) -> list[Part]:
    """Give a paragraph's mark, that came or went behind words that stay, to the part that it makes room for."""
    found = list(parts)
    where = {cover: at for at, part in enumerate(found) for cover in part.covers}
    for number, one in enumerate(idle):
        at = next((where[cover] for cover in one.covers if cover in where), None)
        if one.why == "nothing" and one.changes and at is not None:
            found[at] = replace(found[at], changes=found[at].changes | one.changes)
            idle[number] = one._replace(changes=frozenset())
    return found


def joined(parts: Sequence[Part]) -> list[Part]:
    """Put a new paragraph to the new one before it under which it stands: a chapeau and its items are one proposal."""
    found: list[Part] = []
    for part in parts:
        last = found[-1] if found else None
        if last and last.adds and part.adds and last.sections == part.sections:
            first, new = last.edits[0], part.edits[0]
            if isinstance(first, Add) and isinstance(new, Add) and new.level > first.level:
                found[-1] = together([last, part])
                continue
        found.append(part)
    return found


def together(parts: Sequence[Part]) -> Part:
    """Make one part of several of one author."""
    first = parts[0]
    return replace(
        first,
        edits=tuple(edit for part in parts for edit in part.edits),
        sections=tuple(dict.fromkeys(section for part in parts for section in part.sections)),
        changes=frozenset().union(*(part.changes for part in parts)),
        sure=min(part.sure for part in parts),
        number=", ".join(part.number for part in parts if part.number),
        covers=tuple(cover for part in parts for cover in part.covers),
    )


def _with_moves(text: Manifest, parts: list[Part]) -> list[Part]:
    """Leave out the moves of what goes along with the paragraph above it; their changes belong to that one's."""
    owners = _owners(text)
    moves = {edit.section: edit for part in parts for edit in part.edits if isinstance(edit, Move)}
    along = {
        section
        for section, move in moves.items()
        if (owner := next((above for above in owners[section] if above in moves), None))
        and move.after in {moves[owner].after, owner}
    }
    found: list[Part] = []
    for part in parts:
        left = tuple(edit for edit in part.edits if not (isinstance(edit, Move) and edit.section in along))
        if left == part.edits or left:
            found.append(replace(part, edits=left))
            continue
        above = next(owner for owner in owners[part.sections[0]] if owner in moves)
        at = next(number for number, other in enumerate(found) if _moves(other, above))
        found[at] = replace(
            found[at], changes=found[at].changes | part.changes, covers=(*found[at].covers, *part.covers)
        )
    return [_doubted(text, part) for part in found]


def _moves(part: Part, section: str) -> bool:
    return any(isinstance(edit, Move) and edit.section == section for edit in part.edits)


def _owners(text: Manifest) -> Mapping[str, tuple[str, ...]]:
    """Name the sections above each section, the nearest first."""
    above: list[Line] = []
    found: dict[str, tuple[str, ...]] = {}
    for line in text:
        while above and above[-1].level >= line.level:
            above.pop()
        found[line.section] = tuple(owner.section for owner in reversed(above))
        above.append(line)
    return found


def _doubted(text: Manifest, part: Part) -> Part:
    """Doubt a move that would leave the text in its order: it was not understood, and a person should look."""
    moves = [edit for edit in part.edits if isinstance(edit, Move)]
    stays = bool(moves) and [line.section for line in apply(text, moves)] == [line.section for line in text]
    return replace(part, sure=min(part.sure, _IN_DOUBT)) if stays else part
