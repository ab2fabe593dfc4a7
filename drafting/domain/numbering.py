"""Numbering a manifest: new sections take their label from their neighbours; renumbering is a separate act.

Sections that count together are a *list*: the preambular and the operative paragraphs of a text run through its
headings; paragraphs of an article, and subparagraphs, count within the section they belong to; articles and annexes
through the whole text. Deleted sections keep their place and their label in the list.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from drafting.domain.labels import (
    ANNEX_WORDS,
    ARTICLE_WORDS,
    Label,
    Style,
    alternative,
    insertions,
    parse,
    style_of,
    value,
    written,
)
from drafting.domain.openings import heads_part
from drafting.domain.text import Manifest
from drafting.protocol.words import SectionKind

Kind = SectionKind

_MAY_STAY_UNLABELLED = frozenset({Kind.TITLE, Kind.HEADING, Kind.CHAPEAU, Kind.SIGNATURE, Kind.FOOTNOTE})
_NUMBERS_ITS_PARTS = frozenset({Kind.ARTICLE, Kind.ANNEX, Kind.OPERATIVE, Kind.PREAMBULAR, Kind.SUBPARAGRAPH})
_THROUGH_THE_TEXT = frozenset({Kind.TITLE, Kind.ARTICLE, Kind.ANNEX, Kind.FOOTNOTE, Kind.SIGNATURE})
_FIRST = {
    Kind.ARTICLE: Label("Article ", "1"),
    Kind.ANNEX: Label("Annex ", "I"),
    Kind.PREAMBULAR: Label("PP", "1"),
    Kind.OPERATIVE: Label("OP", "1"),
}
_NO_PARENT = -1


class _Place(NamedTuple):
    """Where a line counts: its list, the line that numbers it, and the nearest line above it in level (or -1)."""

    list: tuple[Kind, int]
    owner: int
    parent: int


def number(manifest: Manifest) -> Manifest:
    """Give every line without a label its own, from its neighbours; no other label changes.

    After ``OP12`` comes ``OP12bis``, then ``OP12ter``, between those two ``OP12bis1``; before the first ``OP0bis``;
    between ``4(a)`` and ``4(b)`` ``4(a)bis``; at the end of a list the next plain number, if nobody has it. Every label
    given is unique in the text, deleted sections included. Kinds that need no label stay without one where most of
    their list does.
    """
    labels = _Numbering(manifest).insertions_labelled()
    return tuple(
        line if line.label == label else replace(line, label=label)
        for line, label in zip(manifest, labels, strict=True)
    )


def told_apart(manifest: Manifest) -> Manifest:
    """Give each further line with the label of an alternative that another has the next one: OP12 alt, OP12 alt 2.

    So it is where several delegations each propose another wording of one paragraph.
    """
    used: set[str] = set()
    labels = {line.label for line in manifest}
    found = []
    for line in manifest:
        if " alt" in line.label and line.label in used:
            line = replace(line, label=alternative(line.label, labels))  # noqa: PLW2901 - it is the same line
            labels.add(line.label)
        used.add(line.label)
        found.append(line)
    return tuple(found)


def renumber(manifest: Manifest) -> tuple[Manifest, tuple[tuple[str, str, str], ...]]:
    """Count every list again from its first number and drop the deleted lines.

    Returns the renumbered text and the table (section id, old label, new label) of what changed, in reading order; a
    deleted section's new label is empty. An alternative keeps the number of the paragraph it is the alternative of.
    A list that begins again at 1 under a heading does so still. Lines without a label are numbered first.
    """
    numbered = number(manifest)
    labels = _Numbering(numbered).recounted()
    table = tuple(
        (line.section, line.label, "" if line.deleted else label)
        for line, label in zip(numbered, labels, strict=True)
        if line.deleted or line.label != label
    )
    kept = zip(numbered, labels, strict=True)
    return tuple(replace(line, label=label) for line, label in kept if not line.deleted), table


def prefix_of(label: str) -> str:
    """Say what the label of a section puts before those of its parts: ``7`` for Article 7, ``4(a)`` for itself."""
    for word in ARTICLE_WORDS:
        if label.startswith(f"{word} "):
            return label.removeprefix(f"{word} ")
    parts = parse(label)
    counts = parts is not None and " " not in parts.stem
    return label if counts or label.startswith(ANNEX_WORDS) else ""


class _Numbering:
    """The lists of one manifest, and its labels as they become."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._labels = [line.label for line in manifest]
        self._used = set(self._labels)
        self._places = _places(manifest)
        self._lists: dict[tuple[Kind, int], list[int]] = defaultdict(list)
        # A list stands after the list of the line that numbers it, since its first line does.
        for index, place in enumerate(self._places):
            self._lists[place.list].append(index)

    def insertions_labelled(self) -> list[str]:
        for (kind, _), members in self._lists.items():
            if kind not in _MAY_STAY_UNLABELLED:
                self._label_insertions(members)
            elif kind is not Kind.CHAPEAU:
                self._label_where_most_are(members)
        return self._labels

    def _label_where_most_are(self, members: list[int]) -> None:
        """Give headings numbers where their list is numbered; ``Part II`` and ``Option 1`` carry their own."""
        counting = [i for i in members if self._labels[i] or not heads_part(self._manifest[i].text)]
        if 2 * sum(bool(self._labels[i]) for i in counting) > len(counting):
            self._label_insertions(counting)

    def recounted(self) -> list[str]:
        for members in self._lists.values():
            self._recount(members)
        return self._labels

    def _label_insertions(self, members: list[int]) -> None:
        style = self._style(members)
        highest = self._highest(members, style)
        before: int | None = None
        following = self._following(members)
        for member, after in zip(members, following, strict=True):
            if not self._labels[member]:
                again = before is not None and after is not None and self._begins_again(member, before, after, style)
                candidates = self._candidates(member, None if again else before, after, style, highest)
                label = next(candidate for candidate in candidates if candidate not in self._used)
                self._labels[member] = label
                self._used.add(label)
                self._raise_highest(highest, label, style)
            if parse(self._labels[member]):
                before = member

    def _style(self, members: list[int]) -> Style:
        return style_of(parts.mark for member in members if (parts := parse(self._labels[member])))

    def _highest(self, members: list[int], style: Style) -> dict[str, int]:
        """Find the highest number that each stem of a list has reached."""
        highest: dict[str, int] = {}
        for member in members:
            self._raise_highest(highest, self._labels[member], style)
        return highest

    @staticmethod
    def _raise_highest(highest: dict[str, int], label: str, style: Style) -> None:
        if parts := parse(label):
            highest[parts.stem] = max(highest.get(parts.stem, 0), value(parts.mark, style) or 0)

    def _following(self, members: list[int]) -> list[int | None]:
        """For each line of a list the nearest later one that has a number in the given text."""
        following: list[int | None] = []
        nearest: int | None = None
        for member in reversed(members):
            following.append(nearest)
            nearest = member if parse(self._labels[member]) else nearest
        return following[::-1]

    def _begins_again(self, member: int, before: int, after: int, style: Style) -> bool:
        """Whether ``member`` stands before the first of a list that restarts under its own heading."""
        parts = parse(self._labels[after])
        own = self._places[member].parent
        restarts = parts is not None and value(parts.mark, style) == 1
        return restarts and self._places[after].parent == own and self._places[before].parent != own

    def _candidates(
        self, member: int, before: int | None, after: int | None, style: Style, highest: dict[str, int]
    ) -> Iterator[str]:
        """Offer the labels that would do, the best first; they never end."""
        neighbour = after if before is None else before
        anchor = parse(self._labels[neighbour]) if neighbour is not None else None
        following = parse(self._labels[after]) if after is not None and before is not None else None
        if anchor is None:
            anchor = self._first_label(member)
            yield str(anchor)
        elif before is None:
            number = written((value(anchor.mark, style) or 1) - 1, style, like=anchor.mark)
            following, anchor = anchor, replace(anchor, mark=number, suffix="")
            if following.suffix and following.plain == anchor:
                yield str(anchor)
        elif after is None:
            yield str(replace(anchor, mark=written(highest[anchor.stem] + 1, style, like=anchor.mark), suffix=""))
        yield from map(str, insertions(anchor, following))

    def _first_label(self, member: int) -> Label:
        """Give the label of the first of a list in which nobody has one yet."""
        kind, owner = self._manifest[member].kind, self._places[member].owner
        prefix = prefix_of(self._labels[owner]) if owner != _NO_PARENT else ""
        if kind is Kind.SUBPARAGRAPH:
            return Label(f"{prefix}(", _deeper_mark(prefix), ")")
        if prefix and kind in {Kind.OPERATIVE, Kind.PREAMBULAR}:
            return Label(f"{prefix}(", "1", ")")
        return _FIRST.get(kind, Label("", "1"))

    def _recount(self, members: list[int]) -> None:
        style = self._style(members)
        reached, under, last = 0, None, ""
        for member in members:
            parts = parse(self._labels[member])
            if parts is None:
                continue
            if self._places[member].parent != under:
                under = self._places[member].parent
                reached = 0 if value(parts.mark, style) == 1 and not parts.suffix else reached
            if self._manifest[member].deleted:
                continue
            alternative = parts.alternative if last == str(parts.plain) else ""
            reached += 0 if alternative else 1
            last = str(parts.plain)
            mark = written(reached, style, like=parts.mark)
            self._labels[member] = str(Label(self._new_stem(member, parts), mark, parts.close, alternative))

    def _new_stem(self, member: int, parts: Label) -> str:
        """Put the stem under the new label of the line that numbers this one."""
        owner = self._places[member].owner
        old = prefix_of(self._manifest[owner].label) if owner != _NO_PARENT else ""
        if not old or not parts.close or not parts.stem.startswith(old):
            return parts.stem
        return prefix_of(self._labels[owner]) + parts.stem.removeprefix(old)


def _places(manifest: Manifest) -> list[_Place]:
    places: list[_Place] = []
    above: list[int] = []  # the open lines, one per level, outermost first
    for index, line in enumerate(manifest):
        while above and manifest[above[-1]].level >= line.level:
            above.pop()
        parent = above[-1] if above else _NO_PARENT
        owner = next((i for i in reversed(above) if manifest[i].kind in _NUMBERS_ITS_PARTS), _NO_PARENT)
        if line.kind in _THROUGH_THE_TEXT:
            owner = _NO_PARENT
        elif line.kind is Kind.HEADING:
            owner = parent
        places.append(_Place((line.kind, owner), owner, parent))
        above.append(index)
    return places


def _deeper_mark(prefix: str) -> str:
    """Give the first mark one step below a label: (a), below that (i), below that (A)."""
    parts = parse(prefix)
    if parts is None or not parts.close or parts.mark.isdecimal():
        return "a"
    return "i" if parts.mark.islower() and style_of([parts.mark]) is Style.LETTER else "A"
