"""A marked-up file as somebody would have it: the paragraphs that stand when some changes are accepted and the others
rejected, and which paragraph of one such text is which of another.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from drafting.word.marked import MarkedFile
from drafting.word.runs import Change, Piece, emphasised, plain

Accepts = Callable[[Change], bool]


class Atom(NamedTuple):
    """A piece of a file: of which paragraph, and which of its pieces."""

    paragraph: int
    piece: int


class Paragraph(NamedTuple):
    """A paragraph as it stands: its pieces as they look, each with its place in the file; ``covers`` the paragraphs of
    the file that it is made of, whose last one's mark ends it. ``text`` is what it says, on one line.
    """

    atoms: tuple[Atom, ...]
    pieces: tuple[Piece, ...]
    covers: tuple[int, ...]
    text: str

    @property
    def mark(self) -> int:
        """Name the file's paragraph whose mark ends this one."""
        return self.covers[-1]

    def beyond(self, number: int) -> list[tuple[Atom, Piece]]:
        """Give the pieces behind the first ``number`` characters of the text, spaces not counted as they are there."""
        left = sum(not sign.isspace() for sign in self.text[:number])
        found: list[tuple[Atom, Piece]] = []
        for atom, piece in zip(self.atoms, self.pieces, strict=True):
            text = piece.text
            at = 0
            while at < len(text) and (left or (number and not found and text[at].isspace())):
                left -= not text[at].isspace()
                at += 1
            if text[at:]:
                found.append((atom, piece._replace(text=text[at:])))
        return found

    def said(self, number: int) -> str:
        """Give the text behind its number, with light emphasis."""
        return emphasised([piece for _, piece in self.beyond(number)])[0]


def stands(brought: Iterable[Change], taken: Iterable[Change], accepts: Accepts) -> bool:
    """Whether what was brought and taken by these changes is there when those are accepted that ``accepts`` names."""
    return all(map(accepts, brought)) and not any(map(accepts, taken))


def text_with(file: MarkedFile, accepts: Accepts) -> tuple[Paragraph, ...]:
    """Give the paragraphs of a file as they stand with some changes accepted; what has no words is left out.

    A paragraph whose mark is gone runs on into the next. What is no part of the text, and notes, keep to themselves.
    """
    found: list[Paragraph] = []
    carried: list[tuple[Atom, Piece]] = []
    covers: list[int] = []
    for number, paragraph in enumerate(file.paragraphs):
        if paragraph.aside:
            continue
        here = [
            (Atom(number, at), _as_it_looks(piece, accepts))
            for at, piece in enumerate(paragraph.pieces)
            if stands(piece.brought, piece.taken, accepts)
        ]
        if paragraph.note:
            found += _whole(here, [number])
            continue
        carried += here
        covers.append(number)
        if stands(paragraph.brought, paragraph.taken, accepts):
            found += _whole(carried, covers)
            carried, covers = [], []
    return (*found, *_whole(carried, covers))


def _whole(pieces: Sequence[tuple[Atom, Piece]], covers: Sequence[int]) -> list[Paragraph]:
    text = plain(piece for _, piece in pieces)
    atoms, looks = (tuple(part) for part in zip(*pieces, strict=True)) if pieces else ((), ())
    return [Paragraph(atoms, looks, tuple(covers), text)] if text else []


def _as_it_looks(piece: Piece, accepts: Accepts) -> Piece:
    """Leave the words as they looked where a change of looks is not accepted."""
    before = piece.restyled
    if before is None or accepts(before.change):
        return piece
    return piece._replace(bold=before.bold, italic=before.italic)


def inside_others(file: MarkedFile, own: Collection[int], accepts: Accepts) -> frozenset[int]:
    """Name those of somebody's insertions (``own``: their changes) that stand inside what another would insert: between
    two parts of it, or in the place of words of it that they strike. They belong to no text but the other's.
    """
    found: set[int] = set()
    for paragraph in file.paragraphs:
        of_others = [
            {change.author for change in piece.brought if change.number not in own and not accepts(change)}
            for piece in paragraph.pieces
        ]
        mine = [{change.number for change in piece.brought if change.number in own} for piece in paragraph.pieces]
        struck = [any(change.number in own for change in piece.taken) for piece in paragraph.pieces]
        for is_mine, places in groupby(range(len(mine)), key=lambda at: bool(mine[at]) and not of_others[at]):
            here = [*places]
            before, behind = here[0] - 1, here[-1] + 1
            sides = [at for at in (before, behind) if 0 <= at < len(mine) and of_others[at]]
            replaces = any(struck[at] for at in sides)
            between = len(sides) > 1 and bool(of_others[before] & of_others[behind])
            if is_mine and (replaces or between):
                found.update(*(mine[at] for at in here))
    return frozenset(found)


class Link(NamedTuple):
    """Paragraphs of two texts that belong together: those of the one, and what became of them in the other."""

    old: tuple[int, ...]
    new: tuple[int, ...]
    moved: bool = False


def links(
    file: MarkedFile, old: Sequence[Paragraph], new: Sequence[Paragraph], numbers: Mapping[int, int]
) -> tuple[Link, ...]:
    """Say which paragraphs of two texts of one file belong together, in the order of ``new``; every paragraph of either
    is in one link.

    They do if words stand in both (those of the printed number do not count: ``numbers`` has its length by paragraph
    of ``old``); if they are the two ends of a move; or if one was emptied and the other written at its place.
    """
    shared = _shared(old, new, numbers)
    moves = _moves(file, old, new, shared)
    linked_old, linked_new = ({pair[side] for pair in (*shared, *moves)} for side in (0, 1))
    marks = {paragraph.mark: number for number, paragraph in enumerate(old) if number not in linked_old}
    in_place = [
        (marks[paragraph.mark], number)
        for number, paragraph in enumerate(new)
        if number not in linked_new and paragraph.mark in marks
    ]
    return _components([*shared, *moves, *in_place], len(old), len(new), moves)


def _shared(old: Sequence[Paragraph], new: Sequence[Paragraph], numbers: Mapping[int, int]) -> list[tuple[int, int]]:
    where = {atom: number for number, paragraph in enumerate(new) for atom in paragraph.atoms}
    weights: Counter[tuple[int, int]] = Counter()
    for number, paragraph in enumerate(old):
        for atom, piece in paragraph.beyond(numbers.get(number, 0)):
            if atom in where:
                weights[number, where[atom]] += sum(map(str.isalnum, piece.text))
    return [pair for pair, weight in weights.items() if weight]


def _moves(
    file: MarkedFile, old: Sequence[Paragraph], new: Sequence[Paragraph], shared: Collection[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Pair the ends of moves: by the names that the file gives them; else what left whole and arrived word for word."""
    gone, come = set(range(len(old))) - {was for was, _ in shared}, set(range(len(new))) - {now for _, now in shared}
    ends = {file.paragraphs[old[was].mark].moved_from: was for was in sorted(gone)}
    named = [
        (ends[name], now) for now in sorted(come) if (name := file.paragraphs[new[now].mark].moved_to) and name in ends
    ]
    gone, come = gone - {was for was, _ in named}, come - {now for _, now in named}
    texts: dict[str, list[int]] = {}
    for was in sorted(gone, reverse=True):
        if len(old[was].text.split()) >= _TELLING:
            texts.setdefault(old[was].text, []).append(was)
    alike = [(texts[text].pop(), now) for now in sorted(come) if texts.get(text := new[now].text)]
    return [*named, *(pair for pair in alike if old[pair[0]].mark != new[pair[1]].mark)]


_TELLING = 4
"""So many words are known again wherever they stand."""


def _components(
    pairs: Sequence[tuple[int, int]], olds: int, news: int, moves: Collection[tuple[int, int]]
) -> tuple[Link, ...]:
    """Put together whatever hangs together. An old paragraph is numbered from 0, a new one from -1 down."""
    group = {number: [number] for number in (*range(olds), *range(-news, 0))}
    for was, now in pairs:
        one, other = group[was], group[-1 - now]
        if one is not other:
            one += other
            for member in other:
                group[member] = one
    moved = {was for was, _ in moves}
    found = {id(members): members for members in group.values()}.values()
    made = [
        Link(
            tuple(sorted(member for member in members if member >= 0)),
            tuple(sorted(-1 - member for member in members if member < 0)),
            any(member in moved for member in members),
        )
        for members in found
    ]
    return tuple(sorted(made, key=lambda link: (link.new or (news,), link.old)))
