"""Pending amendments and working drafts carried to a new base: nothing is lost, and nothing is changed unsaid."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from drafting.domain.alignment import Hunk, align
from drafting.domain.carried import Carried, CarriedEdit, CarriedText, Fate, Remark, place_of
from drafting.domain.edits import apply, primitive, unknown_section
from drafting.domain.merging import ClashingPassage, Pieces, clashes, combine, read
from drafting.domain.sides import early
from drafting.domain.text import Line, Manifest, MovedText
from drafting.domain.together import together
from drafting.domain.whereabouts import Landing, Whereabouts, landings
from drafting.protocol.edits import Add, Delete, Edit, Merge, Move, Replace, Split, Term
from drafting.protocol.problems import Refusal

_BREAK: Final = "\ufdd0"
"""Stands for a paragraph break while texts are merged; a noncharacter, which no text of ours can hold."""


def carry(old: Manifest, new: Manifest, edits: Sequence[Edit]) -> Carried:
    """Carry one amendment's edits, which have passed ``check`` on ``old``, to ``new``.

    Raises Refusal: UNKNOWN_SECTION for edits of what ``old`` does not have.
    """
    return Crossing(old, new).carry(edits)


def carry_text(old: str, new: str, draft: str) -> CarriedText:
    """Carry a wording of the section that read ``old`` to the one that reads ``new``.

    A draft that says nothing of its own, or nothing that ``new`` does not say, is done.
    """
    if old == new:
        return CarriedText(Fate.EXACT, draft)
    pieces = combine(old, new, draft)
    if clashes(pieces):
        return CarriedText(Fate.CONFLICT, None, pieces)
    text = read(pieces)
    if not text.strip() and draft.strip():
        # Each side struck what the other left: nobody proposed to have no text.
        return CarriedText(Fate.CONFLICT, None, (ClashingPassage(0, len(old), new, draft),))
    return CarriedText(Fate.DONE if text == new else Fate.EDITED, text)


@dataclass(slots=True)
class _Pending:
    """One amendment, gone through: its new sections to come, and what stands instead of those that do not come."""

    moves_done: bool
    reads: dict[str | None, str]
    """What its sections are to read, where a term throughout rewords what its other edits write."""
    sections: set[str] = field(default_factory=set)
    instead: dict[str, str] = field(default_factory=dict)
    texts: Collection[str] = ()
    """All that it writes: words that went where it asks for them need no following."""


class Crossing:
    """The way from an old base to a new one, prepared once for all that is carried over it."""

    def __init__(self, old: Manifest, new: Manifest) -> None:
        self.old, self.new = old, new
        self._was = {line.section: line for line in old}
        self._is = {line.section: line for line in new}
        self._position = {line.section: position for position, line in enumerate(old)}
        self._in_place = _in_place(list(self._was), list(self._is))
        self._where = Whereabouts(old, new)
        self._fresh: dict[str, list[Line]] = {}
        for line in new:
            if line.section not in self._was:
                self._fresh.setdefault(line.text, []).append(line)

    def carry(self, edits: Sequence[Edit]) -> Carried:
        """Carry one amendment's edits over. Raises as ``carry``."""
        if self.old == self.new:
            return Carried(tuple(CarriedEdit(number, edit, Fate.EXACT, edit) for number, edit in enumerate(edits)))
        pending = _Pending(self._stand([edit for edit in edits if isinstance(edit, Move)]), self._reads(edits))
        pending.texts = {*_texts(edits), *(text for text in pending.reads.values())}
        terms = [(number, edit) for number, edit in enumerate(edits) if isinstance(edit, Term)]
        parts = [part for number, edit in enumerate(edits) for part in self._carried(number, edit, pending)]
        parts = [*together(parts, self._is)]
        for number, term in terms:
            parts.append(self._term(number, term, Carried(tuple(parts)).edits))
        return Carried(tuple(self._verified(sorted(parts, key=lambda part: part.number))))

    def _reads(self, edits: Sequence[Edit]) -> dict[str | None, str]:
        if not any(isinstance(edit, Term) for edit in edits):
            return {}
        return {part.section: part.text for part in primitive(self.old, edits) if isinstance(part, Add | Replace)}

    def _carried(self, number: int, edit: Edit, pending: _Pending) -> Iterator[CarriedEdit]:
        match edit:
            case Replace():
                yield from self._replace(number, edit, pending)
            case Delete():
                yield self._delete(number, edit, pending)
            case Add():
                yield self._add(number, edit, pending)
            case Move():
                yield self._move(number, edit, pending)
            case Term():
                return  # when the others are carried
            case Merge() if not self._comes_apart(edit.sections, edit.sections[1:], edit.text, pending):
                yield self._merge(number, edit, pending)
            case Split() if not self._comes_apart([edit.section], (), edit.texts[0], pending, edit.sections or ()):
                yield self._split(number, edit, pending)
            case _:
                for part in primitive(self.old, [edit]):
                    yield from self._carried(number, part, pending)

    def _comes_apart(
        self, sections: Sequence[str], going: Sequence[str], text: str, pending: _Pending, coming: Sequence[str] = ()
    ) -> bool:
        """Say whether a merge or split is no longer one act: a part of it is done, or has lost its object."""
        first = self._is.get(sections[0])
        return (
            first is None
            or first.deleted
            or (first.text in {text, pending.reads.get(first.section)} and self._line(sections[0]).text != first.text)
            or any(section not in self._is or self._is[section].deleted for section in going)
            or any(section in self._is for section in coming)
        )

    def _replace(self, number: int, edit: Replace, pending: _Pending) -> Iterator[CarriedEdit]:
        was, now = self._line(edit.section), self._is.get(edit.section)
        stayed, elsewhere = landings(was, edit.text, self._gone(edit.section, pending, edit.text), self._is)
        yield from (self._landed(number, edit, landing) for landing in elsewhere)
        if elsewhere and stayed == was.text:
            return
        if now is None or (now.deleted and not was.deleted):
            yield self._orphan(number, edit, edit.section)
        elif was.deleted and now.deleted:
            yield CarriedEdit(number, edit, Fate.EXACT, edit)
        elif now.text in {stayed, pending.reads.get(edit.section)}:
            yield CarriedEdit(number, edit, Fate.DONE)
        else:
            yield self._reworded(number, edit, (was.text, now.text, stayed))

    def _gone(self, section: str, pending: _Pending, own: str = "") -> Sequence[MovedText]:
        """List the passages of an old section that went elsewhere, less those that the amendment wants there too."""
        departed = self._where.departed(section)
        asked = [text for text in pending.texts if text != own] if departed else []
        return [
            one
            for one in departed
            if not any(self._is[one.section].text[one.start : one.end] in text for text in asked)
        ]

    def _landed(self, number: int, edit: Replace, landing: Landing) -> CarriedEdit:
        if landing.text is None:
            return self._conflict(number, edit, edit.section, landing.pieces, Remark.FOLLOWED)
        if landing.text == self._is[landing.section].text:
            return CarriedEdit(number, edit, Fate.DONE, remark=Remark.FOLLOWED)
        return self._followed(number, edit, edit.model_copy(update={"section": landing.section, "text": landing.text}))

    def _followed(self, number: int, edit: Replace | Delete, now: Edit) -> CarriedEdit:
        place = place_of(self.old, self._position_of(edit.section))
        return CarriedEdit(number, edit, Fate.EDITED, now, Remark.FOLLOWED, place=place)

    def _reworded(self, number: int, edit: Replace, texts: tuple[str, str, str]) -> CarriedEdit:
        old, new, proposed = texts
        carried = carry_text(old, new, proposed)
        match carried.fate:
            case Fate.EXACT:
                return CarriedEdit(number, edit, Fate.EXACT, edit)
            case Fate.EDITED:
                taken = set(early(old, new)) & set(early(old, proposed))
                now = edit.model_copy(update={"text": carried.text})
                return CarriedEdit(number, edit, Fate.EDITED, now, Remark.TAKEN_IN_PART if taken else None)
            case Fate.DONE:
                return CarriedEdit(number, edit, Fate.DONE)
        return self._conflict(number, edit, edit.section, carried.pieces)

    def _delete(self, number: int, edit: Delete, pending: _Pending) -> CarriedEdit:
        was, now = self._line(edit.section), self._is.get(edit.section)
        if now is None or now.deleted:
            gone = self._gone(edit.section, pending)
            return self._delete_elsewhere(number, edit, gone) if gone else CarriedEdit(number, edit, Fate.DONE)
        if was.text == now.text:
            return CarriedEdit(number, edit, Fate.EXACT, edit)
        pieces = (ClashingPassage(0, len(was.text), now.text, ""),)
        return self._conflict(number, edit, edit.section, pieces)

    def _delete_elsewhere(self, number: int, edit: Delete, gone: Sequence[MovedText]) -> CarriedEdit:
        """Carry the deletion of what stands in another section: only where it is all of that one is it clear."""
        heir = self._is.get(self._where.heir(edit.section) or "")
        if heir is not None and heir.text == self._line(edit.section).text:
            return self._followed(number, edit, Delete(section=heir.section))
        pieces = tuple(
            ClashingPassage(one.origin_start, one.origin_end, self._is[one.section].text[one.start : one.end], "")
            for one in gone
        )
        return self._conflict(number, edit, edit.section, pieces, Remark.FOLLOWED)

    def _add(self, number: int, edit: Add, pending: _Pending) -> CarriedEdit:
        section = edit.section or ""
        standing = self._is.get(section)
        if standing is not None:
            if standing.deleted:
                return CarriedEdit(number, edit, Fate.ORPHANED, remark=Remark.SECTION_DELETED)
            if standing.text in {edit.text, pending.reads.get(section)}:
                return CarriedEdit(number, edit, Fate.DONE)
            pieces = (ClashingPassage(0, 0, standing.text, edit.text),)
            return CarriedEdit(number, edit, Fate.CONFLICT, pieces=pieces)
        after = self._anchor(edit.after, edit.level, pending)
        now = edit if after == edit.after else edit.model_copy(update={"after": after})
        twin = self._twin(now)
        if twin is not None:
            pending.instead[section] = twin
            return CarriedEdit(number, edit, Fate.DONE, remark=Remark.TAKEN_ELSEWHERE)
        pending.sections.add(section)
        if now is edit:
            return CarriedEdit(number, edit, Fate.EXACT, edit)
        return CarriedEdit(number, edit, Fate.EDITED, now, Remark.REANCHORED)

    def _move(self, number: int, edit: Move, pending: _Pending) -> CarriedEdit:
        was, now = self._line(edit.section), self._is.get(edit.section)
        if now is None or (now.deleted and not was.deleted):
            return self._orphan(number, edit, edit.section)
        after = self._anchor(edit.after, was.level, pending, without=self._block(edit.section))
        moved = edit if after == edit.after else edit.model_copy(update={"after": after})
        if pending.moves_done or self._stand([moved]):
            return CarriedEdit(number, edit, Fate.DONE)
        if edit.section not in self._in_place:
            return self._conflict(number, edit, edit.section, (), Remark.MOVED_ELSEWHERE)
        if moved is edit:
            return CarriedEdit(number, edit, Fate.EXACT, edit)
        return CarriedEdit(number, edit, Fate.EDITED, moved, Remark.REANCHORED)

    def _merge(self, number: int, edit: Merge, pending: _Pending) -> CarriedEdit:
        old = " ".join(self._line(section).text for section in edit.sections)
        new = " ".join(self._is[section].text for section in edit.sections)
        gone = [one for section in edit.sections for one in self._gone(section, pending, edit.text)]
        if not {one.section for one in gone} <= set(edit.sections):
            pieces = (ClashingPassage(0, len(old), new, edit.text),)
            return self._conflict(number, edit, edit.sections[0], pieces, Remark.FOLLOWED)
        carried = carry_text(old, new, edit.text)
        if carried.fate is Fate.EXACT:
            return CarriedEdit(number, edit, Fate.EXACT, edit)
        if carried.text is None:
            return self._conflict(number, edit, edit.sections[0], carried.pieces)
        return CarriedEdit(number, edit, Fate.EDITED, edit.model_copy(update={"text": carried.text}))

    def _split(self, number: int, edit: Split, pending: _Pending) -> CarriedEdit:
        old, new = self._line(edit.section).text, self._is[edit.section].text
        carried = carry_text(old, new, f" {_BREAK} ".join(edit.texts))
        pending.sections |= set(edit.sections or ())
        if carried.fate is Fate.EXACT:
            return CarriedEdit(number, edit, Fate.EXACT, edit)
        texts = [text.strip() for text in (carried.text or "").split(_BREAK)]
        if not all(texts) or self._gone(edit.section, pending):
            pending.sections -= set(edit.sections or ())
            pending.instead |= dict.fromkeys(edit.sections or (), edit.section)
            pieces = carried.pieces or (ClashingPassage(0, len(old), new, f" {_BREAK} ".join(edit.texts)),)
            return self._conflict(number, edit, edit.section, tuple(map(_readable, pieces)))
        return CarriedEdit(number, edit, Fate.EDITED, edit.model_copy(update={"texts": texts}))

    def _term(self, number: int, edit: Term, others: Sequence[Edit]) -> CarriedEdit:
        """Carry a term throughout: it is to be said wherever the new base says the old one, be it new there."""
        was, now = ([part.section for part in primitive(text, [edit])] for text in (self.old, self.new))
        if primitive(self.new, [*others, edit]) != primitive(self.new, others):
            same = was == now and all(self._line(section).text == self._is[section].text for section in was if section)
            return CarriedEdit(number, edit, Fate.EXACT if same else Fate.EDITED, edit)
        gone = [section for section in was if section and (section not in self._is or self._is[section].deleted)]
        return self._orphan(number, edit, gone[0]) if gone and gone == was else CarriedEdit(number, edit, Fate.DONE)

    def _anchor(self, after: str | None, level: int, pending: _Pending, without: Collection[str] = ()) -> str | None:
        """Give what to stand after: the same if it is there, else the nearest earlier section still in its place."""
        if after is None or after in pending.sections:
            return after
        standing = self._is.get(after)
        if standing is not None and not standing.deleted:
            return self._last_of(after)
        heir = pending.instead.get(after) or (self._where.heir(after) if after in self._was else None)
        if heir is not None and heir not in without:
            return heir
        if standing is not None:
            return after
        position = self._end_of_deeper(self._position_of(after) + 1, level) - 1
        while position >= 0:
            section = self.old[position].section
            if section in self._in_place and section not in without:
                return section
            position -= 1
        return None

    def _last_of(self, section: str) -> str:
        """Give the last of the sections that the words of one now fill, if others were split off it."""
        last, offshoots = section, self._where.offshoots(section)
        here = False
        for line in self.new if offshoots else ():
            if here and (line.section not in offshoots or line.level != self._is[section].level):
                break
            here = here or line.section == section
            last = line.section if here else last
        return last

    def _twin(self, add: Add) -> str | None:
        """Find a section with the same text that somebody else added at the same place."""
        alike = [line.section for line in self._fresh.get(add.text, ()) if line.level == add.level]
        if not alike or not (add.after is None or add.after in self._is):
            return None
        place = self._neighbour(apply(self.new, [add]), add.section)
        return next((section for section in alike if self._neighbour(self.new, section) == place), None)

    def _neighbour(self, text: Manifest, section: str | None) -> str | None:
        """Give the nearest section before ``section`` that the old base has too."""
        earlier: str | None = None
        for line in text:
            if line.section == section:
                break
            earlier = line.section if line.section in self._was else earlier
        return earlier

    def _stand(self, moves: Sequence[Move]) -> bool:
        """Say whether the sections stand where the moves would have them; what was added between them is no matter."""
        if not moves:
            return False
        try:
            moved = apply(self.new, moves)
        except Refusal:
            return False
        return [x.section for x in moved if x.section in self._was] == [x for x in self._is if x in self._was]

    def _verified(self, parts: Sequence[CarriedEdit]) -> Sequence[CarriedEdit]:
        """Give the parts, the moves among them in conflict where the edits cannot be made together any more."""
        edits = Carried(tuple(parts)).edits
        if not any(isinstance(edit, Move) for edit in edits):
            return parts
        try:
            apply(self.new, edits)
        except Refusal:
            return [
                self._conflict(part.number, part.edit, part.now.section, (), Remark.MOVED_ELSEWHERE)
                if isinstance(part.now, Move)
                else part
                for part in parts
            ]
        return parts

    def _orphan(self, number: int, edit: Edit, section: str) -> CarriedEdit:
        remark = Remark.SECTION_DELETED if section in self._is else Remark.SECTION_GONE
        place = place_of(self.old, self._position_of(section))
        return CarriedEdit(number, edit, Fate.ORPHANED, remark=remark, place=place)

    def _conflict(
        self, number: int, edit: Edit, section: str, pieces: Pieces, remark: Remark | None = None
    ) -> CarriedEdit:
        place = place_of(self.old, self._position_of(section))
        return CarriedEdit(number, edit, Fate.CONFLICT, remark=remark, pieces=pieces, place=place)

    def _line(self, section: str) -> Line:
        return self.old[self._position_of(section)]

    def _position_of(self, section: str) -> int:
        if section not in self._position:
            raise unknown_section(section)
        return self._position[section]

    def _block(self, section: str) -> set[str]:
        start = self._position_of(section)
        end = self._end_of_deeper(start + 1, self.old[start].level)
        return {line.section for line in self.old[start:end]}

    def _end_of_deeper(self, start: int, level: int) -> int:
        position = start
        while position < len(self.old) and self.old[position].level > level:
            position += 1
        return position


def _in_place(old: Sequence[str], new: Sequence[str]) -> frozenset[str]:
    """Give the sections of a longest common order: what is in both and not here has moved."""
    end = len(old)
    kept: set[str] = set()
    at = 0
    for hunk in (*align(old, new), Hunk(end, end, 0, 0)):
        kept |= set(old[at : hunk.a])
        at = hunk.b
    return frozenset(kept)


def _texts(edits: Iterable[Edit]) -> Iterator[str]:
    for edit in edits:
        match edit:
            case Add() | Replace() | Merge():
                yield edit.text
            case Split():
                yield from edit.texts
            case _:
                pass


def _readable(piece: str | ClashingPassage) -> str | ClashingPassage:
    if isinstance(piece, str):
        return piece.replace(_BREAK, "\N{PILCROW SIGN}")
    return piece._replace(proposed=piece.proposed.replace(_BREAK, "\N{PILCROW SIGN}"))
