"""Papers for the meeting: amendments, comments, decisions and a renumbering as lists, for Word and for a spreadsheet.

A paper is passed on. It has what everyone may read of comments and positions, and under unnamed circulation no name.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple, TypeVar

from drafting.domain.edits import primitive
from drafting.domain.labels import printed_number
from drafting.domain.text import Line
from drafting.protocol.edits import Add, Merge, Move, PrimitiveEdit, Replace, Split
from drafting.protocol.views import AmendmentView, CommentView, DecisionView, PositionView
from drafting.protocol.views.carried import CarriedPartView
from drafting.protocol.words import AmendmentState, CommentAudience, PositionAudience
from drafting.queries.amendments import amendments_for, decisions_for, round_rows
from drafting.queries.compilation import gathered
from drafting.queries.discussion import comments_for, positions_for
from drafting.queries.exports import file_name, masthead_of
from drafting.queries.margins import stand_said, threads_of
from drafting.queries.names import listed, names_of, signature
from drafting.queries.people import Reader
from drafting.queries.unnamed import Unnamed
from drafting.queries.versions import manifest, version_row
from drafting.word.comments import Author
from drafting.word.emphasis import printed
from drafting.word.layout import DELETED
from drafting.word.masthead import Masthead
from drafting.word.paper import Column, Paper, paper_file
from drafting.word.paper_words import PaperWords, paper_words
from drafting.word.phrases import Phrases, phrases
from drafting.word.xlsx import workbook
from storage.database import ReadTransaction
from storage.tables import Document, Version

V = TypeVar("V")
_ASIDE = frozenset({"conflict", "orphaned"})


class FileKind(StrEnum):
    """What a file is: Word's, or a spreadsheet's, which only papers for the meeting can be."""

    DOCX = "docx"
    XLSX = "xlsx"


class PaperForm(StrEnum):
    """The papers for the meeting."""

    AMENDMENTS = "amendments"
    COMMENTS = "comments"
    DECISIONS = "decisions"
    RENUMBERING = "renumbering"


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A paper to be written, for Word or a spreadsheet."""

    name: str
    paper: Paper
    masthead: Masthead
    kind: FileKind

    def write(self) -> bytes:
        """Give the file."""
        return (workbook if self.kind is FileKind.XLSX else paper_file)(self.paper, self.masthead)


def gathered_paper(tx: ReadTransaction, who: Reader, form: PaperForm, version: str | None, kind: FileKind) -> PaperFile:
    """Gather a paper on a version (``None``: the newest basis)."""
    row = version_row(tx, who, version)
    listing = _Listing.of(tx, who, row)
    rows = {
        PaperForm.AMENDMENTS: listing.amendments,
        PaperForm.COMMENTS: listing.comments,
        PaperForm.DECISIONS: listing.decisions,
        PaperForm.RENUMBERING: listing.renumbering,
    }[form]()
    words = listing.words
    columns = tuple(Column(words.headings[name], width) for name, width in _COLUMNS[form])
    name = file_name(row.symbol, f"{row.name} {form}", kind)
    return PaperFile(
        name, Paper(words.titles[form], columns, tuple(rows)), replace(masthead_of(tx, row), wide=True), kind
    )


_COLUMNS: Mapping[PaperForm, Sequence[tuple[str, int]]] = {
    PaperForm.AMENDMENTS: (
        *(("paragraph", 16), ("amendment", 18), ("sponsors", 18), ("does", 15)),
        *(("present", 40), ("proposed", 40), ("positions", 27), ("outcome", 15)),
    ),
    PaperForm.COMMENTS: (
        *(("paragraph", 16), ("about", 24), ("by", 18), ("at", 17)),
        *(("comment", 48), ("replies", 48), ("state", 12)),
    ),
    PaperForm.DECISIONS: (
        *(("paragraph", 16), ("outcome", 18), ("amendments", 24), ("reason", 48)),
        *(("objections", 26), ("by", 16), ("at", 17)),
    ),
    PaperForm.RENUMBERING: (("old", 16), ("new", 16), ("text", 100)),
}


class _Listing(NamedTuple):
    """What all lists on a version are made with."""

    tx: ReadTransaction
    who: Reader
    version: Version
    document: Document
    names: Mapping[str, Author]
    words: PaperWords
    phrases: Phrases

    @classmethod
    def of(cls, tx: ReadTransaction, who: Reader, version: Version) -> "_Listing":
        document = tx.session.get_one(Document, who.document)
        language = document.language
        return cls(tx, who, version, document, names_of(tx, document), paper_words(language), phrases(language))

    # -- amendments --------------------------------------------------------------------------------------------------

    def amendments(self) -> Iterator[tuple[str, ...]]:
        """List what is proposed on each paragraph; last, what was made on older texts and a person has to look at."""
        found = gathered(self.tx, self.who, self.version.id)
        visible = {view.id: view for view in self._passed_on(self._visible())}
        laid = self._passed_on(list(found.amendments))
        on = self._positions()
        decided = self._decided()
        asked: dict[str, list[tuple[AmendmentView, list[PrimitiveEdit]]]] = defaultdict(list)
        for view in laid:
            parts: dict[str, list[PrimitiveEdit]] = defaultdict(list)
            for edit in primitive(found.base, view.revision.edits):
                parts[edit.section or ""].append(edit)
            for section, edits in parts.items():
                asked[section].append((view, edits))
        was = {line.section: line for line in found.base}
        lines = [line for _, line in found.labelled()]
        places = {line.section: _called(line) for line in lines}
        for line in lines:
            here, base = _called(line), was.get(line.section)
            if on[line.section]:
                yield here, "", "", "", _plain(line.text), "", on[line.section], ""
            for view, edits in asked[line.section]:
                outcome = decided.get((view.id, line.section)) or self._state(view, line.section)
                wording = _plain(base.text) if base else "", _proposed(edits)
                yield here, view.label, self._sponsors(view), self._does(edits, places), *wording, on[view.id], outcome
        for carried in found.carried:
            for part in carried.parts:
                if part.fate in _ASIDE and (left := visible.get(carried.amendment)):
                    yield *self._left(left, part), on[left.id], self.phrases.unplaced

    def _left(self, view: AmendmentView, part: CarriedPartView) -> tuple[str, ...]:
        place, edit = part.place, part.edit
        texts = (
            edit.texts if isinstance(edit, Split) else [edit.text] if isinstance(edit, Replace | Add | Merge) else []
        )
        does = self.words.does.get(edit.op, self.words.does["replace"])
        was = _plain(place.text) if place else ""
        return place.label if place else "", view.label, self._sponsors(view), does, was, "\n".join(map(_plain, texts))

    def _does(self, edits: Iterable[PrimitiveEdit], places: Mapping[str, str]) -> str:
        said = []
        for edit in edits:
            where = ""
            if isinstance(edit, Move):
                where = f" {self.phrases.behind} {places[edit.after]}" if edit.after else f" {self.phrases.first}"
            said.append(self.words.does[edit.op] + where)
        return "\n".join(dict.fromkeys(said))

    def _state(self, view: AmendmentView, section: str) -> str:
        """Say what became of an amendment on a section on which no decision of the reader's stands."""
        waits = view.decided and section not in view.decided
        return self.words.states.get(AmendmentState.TABLED if waits else view.state, "")

    def _decided(self) -> dict[tuple[str, str], str]:
        found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for one in decisions_for(self.tx, self.who):
            for amendment in one.amendments if not one.undone else ():
                found[amendment, one.section][self.words.outcomes[one.outcome]] = None
        return {at: "\n".join(outcomes) for at, outcomes in found.items()}

    def _positions(self) -> Mapping[str, str]:
        said: dict[str, list[str]] = defaultdict(list)
        for one in self._passed_on(positions_for(self.tx, self.who)):
            if one.stands and one.audience == PositionAudience.ALL:
                said[one.amendment or one.section or ""].append(self._stood(one))
        return defaultdict(str, {about: "\n".join(lines) for about, lines in said.items()})

    def _stood(self, one: PositionView) -> str:
        return f"{signature(self.names, one.delegation, one.capacity).name}: {stand_said(one, self.phrases)}"

    def _sponsors(self, view: AmendmentView) -> str:
        return listed(self.names, view.sponsors)

    # -- comments ----------------------------------------------------------------------------------------------------

    def comments(self) -> Iterator[tuple[str, ...]]:
        """List what was said to everyone: by paragraph, and last what is on none of this text's."""
        base = manifest(self.tx, self.version.id)
        places = {line.section: at for at, line in enumerate(base)}
        known = {view.id: view for view in self._passed_on(self._visible())}
        said = [one for one in self._passed_on(comments_for(self.tx, self.who)) if one.audience == CommentAudience.ALL]

        def place(thread: Sequence[CommentView]) -> int:
            amendment = known.get(thread[0].amendment or "")
            about = thread[0].section or next(iter(amendment.touches if amendment else ()), "")
            return places.get(about, len(base))

        for thread in sorted(threads_of(said), key=place):
            first, *replies = thread
            line = base[place(thread)] if place(thread) < len(base) else None
            quoted = first.target or first.drafted
            view = known.get(first.amendment or "")
            about = view.label if view else f"“{quoted.quote}”" if quoted else ""
            answers = "\n".join(f"{self._by(one)}, {_when(one.at)}: {one.body}" for one in replies)
            state = self.words.resolved if first.resolved else self.words.open
            yield _called(line) if line else "", about, self._by(first), _when(first.at), first.body, answers, state

    def _by(self, one: CommentView) -> str:
        return signature(self.names, one.delegation, one.capacity).name

    # -- decisions ---------------------------------------------------------------------------------------------------

    def decisions(self) -> Iterator[tuple[str, ...]]:
        """List the decisions that stand and the reader may see, of the rounds that came to the version or are on it."""
        known = {view.id: view.label for view in self._passed_on(self._visible())}
        bases = {row.id: row.base for row in round_rows(self.tx, self.document.id)}
        newest = {line.section: line for line in manifest(self.tx, version_row(self.tx, self.who, None).id)}
        taken = [one for one in decisions_for(self.tx, self.who) if not one.undone]
        for one in self._passed_on([one for one in taken if self._concerns(one, bases[one.round])]):
            lines = newest | {line.section: line for line in manifest(self.tx, bases[one.round])}
            line = lines.get(one.section)
            yield (
                _called(line) if line else "",
                self.words.outcomes[one.outcome],
                ", ".join(known[amendment] for amendment in one.amendments if amendment in known),
                one.reason,
                listed(self.names, one.objections),
                signature(self.names, None, one.capacity).name,
                _when(one.at),
            )

    def _concerns(self, one: DecisionView, base: str) -> bool:
        return base == self.version.id or one.round == self.version.round

    # -- renumbering -------------------------------------------------------------------------------------------------

    def renumbering(self) -> Iterator[tuple[str, ...]]:
        """List what the version numbers otherwise than the one before, and what it no longer prints as deleted."""
        before = manifest(self.tx, self.version.parent) if self.version.parent else ()
        lines = {line.section: line for line in (*before, *manifest(self.tx, self.version.id))}
        for section, old, new in self.version.renumbering:
            line = lines[section]
            yield old, new, DELETED if line.deleted else _plain(line.text)

    # -- all ---------------------------------------------------------------------------------------------------------

    def _visible(self) -> list[AmendmentView]:
        return amendments_for(self.tx, self.who, decisions_for(self.tx, self.who))

    def _passed_on(self, views: list[V]) -> list[V]:
        return Unnamed(frozenset()).of(views) if self.document.unnamed else views


def _proposed(edits: Iterable[PrimitiveEdit]) -> str:
    return "\n".join(_plain(edit.text) for edit in edits if isinstance(edit, Replace | Add))


def _plain(text: str) -> str:
    return "".join(words for words, _ in printed(text))


def _called(line: Line) -> str:
    """Name a paragraph: by its label, or its first words."""
    return line.label or printed_number(line) or f"“{_plain(line.text)[:40]}”"


def _when(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
