"""A compilation as one Word file: what every delegation would change, tracked in its name.

Reject all, and the base is left. Accept what is one delegation's and reject the rest, and its text is left: a wording
that several hold stands once, in the first one's name, and a comment names the others; base text that several would
have gone stands in a deletion of each, one in the other (``w:del`` in ``w:del``: gone if any is accepted), and a
comment names them, for word processors show the author of one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import count, pairwise

from drafting.domain.compilation import Compilation, CompiledSection
from drafting.domain.labels import alternative, printed_number
from drafting.domain.text import Line
from drafting.word.arrangement import Added, Arriving, Item, Leaving, Standing, arrangement, delegation_of
from drafting.word.clean import printed_runs
from drafting.word.comments import Anchors, Author, Margin, Said, Thread
from drafting.word.emphasis import PLAIN
from drafting.word.layout import depths, paragraph
from drafting.word.markup import Pen, run, timestamp
from drafting.word.masthead import Masthead
from drafting.word.package import package
from drafting.word.phrases import phrases
from drafting.word.placing import Range, Threads, alternative_key, threads_by_place
from drafting.word.tracked import Delegations, Stretch, TrackedText, tracked

COMPILING = Author("Secretariat (compilation)", "SEC")
"""In whose name the comments stand that say what several delegations share."""


@dataclass(frozen=True, slots=True)
class Signatures:
    """How delegations are named in the file, and when each amendment was tabled as it stands."""

    authors: Mapping[str, Author]
    tabled: Mapping[str, datetime]


def compiled(
    compilation: Compilation, masthead: Masthead, signatures: Signatures, threads: Sequence[Thread] = ()
) -> bytes:
    """Write a ``.docx`` of the compilation, with ``threads`` in its margin; the same arguments give the same bytes.

    An amendment is tracked in the name of the first of its proposal's delegations. Threads on what the text does not
    have stand on its first paragraph.
    """
    items = arrangement(compilation)
    margin = Margin(masthead.rtl)
    writer = _Writer(compilation, masthead, signatures, margin, threads_by_place(threads, items), items)
    return package("".join(writer.paragraphs()), masthead, margin)


Pens = Callable[[str], Pen]
"""The pen of a delegation in one section: its name, and when it last tabled what it asks there."""


class _Writer:
    def __init__(
        self,
        compilation: Compilation,
        masthead: Masthead,
        signatures: Signatures,
        margin: Margin,
        threads: Mapping[str, Threads],
        items: Sequence[Item],
    ) -> None:
        self._masthead, self._signatures = masthead, signatures
        self._margin, self._threads, self._items = margin, threads, items
        self._rtl = masthead.rtl
        self._delegations = delegation_of(compilation.proposals)
        self._proposals = {proposal.amendment: proposal for proposal in compilation.proposals}
        self._rank = {amendment: rank for rank, amendment in enumerate(self._proposals)}
        lines = [item.section.line if isinstance(item, Standing) else item.line for item in items]
        self._depths = depths(lines) | depths(compilation.base)
        self._used = {line.label for line in lines}
        ids = count(1)
        self._pen = cache(lambda author, at: Pen(ids, author.name, timestamp(at)))

    def paragraphs(self) -> Iterator[str]:
        """Write all paragraphs, in the order of the file."""
        for item in self._items:
            match item:
                case Standing(section, leaving) if leaving:
                    yield self._moved(section.line, leaving, "moveFrom")
                case Standing(section):
                    yield self._standing(section)
                    yield from self._alternatives(section)
                case Arriving(line, leaving):
                    yield self._moved(line, leaving, "moveTo")
                case Added(line, amendments):
                    yield self._inserted(line, line.section, amendments)

    # -- sections of the base ----------------------------------------------------------------------------------------

    def _standing(self, section: CompiledSection) -> str:
        line = section.line
        gone = self._of([*section.deleted_by, *(a for wording in section.alternatives for a in wording.holders)])
        rewording = self._ranked({a for p in section.passages for wording in p.wordings for a in wording.holders})
        text = tracked(section, [self._proposals[amendment] for amendment in rewording])
        threads = self._threads.get(line.section, {})
        if not gone and not text.stretches and not text.restyled and not threads:
            return paragraph(line, self._depths[line.section], printed_runs(line, rtl=self._rtl), rtl=self._rtl)
        pens = self._pens(section)
        # A paragraph whose mark is gone runs into the next one: so must nothing that others insert.
        marked = bool(gone) and not any(stretch.inserted for stretch in text.stretches)
        mark = pens(gone[0]).on_mark("del") if marked else ""
        threads = self._with_shared(threads, text.stretches, gone)
        anchors = self._anchors(threads, pens(gone[0]) if marked else None, "del")
        whole = anchors.pop(None, Anchors("", "", ""))
        label = self._deleted(run(_label(line), PLAIN, rtl=self._rtl, deleted=bool(gone)), gone, pens)
        content = _Content(text, gone, anchors, pens, self._rtl).written()
        content = whole.starts + (label if line.label else "") + content + whole.ends + whole.references
        return paragraph(line, self._depths[line.section], content, rtl=self._rtl, mark=mark)

    def _deleted(self, runs: str, by: Delegations, pens: Pens) -> str:
        for delegation in reversed(by):
            runs = pens(delegation).around("del", runs)
        return runs

    def _alternatives(self, section: CompiledSection) -> Iterator[str]:
        line = section.line
        for place, wording in enumerate(section.alternatives):
            label = alternative(line.label, self._used)
            self._used.add(label)
            other = Line(line.section, line.kind, line.level, label, wording.text)
            yield self._inserted(other, alternative_key(line.section, place), wording.holders)

    def _moved(self, line: Line, leaving: Leaving, tag: str) -> str:
        pen = self._pen_of(leaving.delegation, [leaving.amendment])
        threads = self._threads.get(line.section, {}) if tag == "moveFrom" else {}
        whole = self._on_whole(threads, pen, tag)
        start, end = pen.around_move(tag, leaving.name)
        content = start + whole.starts + pen.around(tag, printed_runs(line, rtl=self._rtl))
        content += whole.ends + whole.references
        mark = pen.on_mark(tag)
        return paragraph(line, self._depths[line.section], content, rtl=self._rtl, mark=mark) + end

    # -- new paragraphs ----------------------------------------------------------------------------------------------

    def _inserted(self, line: Line, key: str, amendments: Sequence[str]) -> str:
        by = self._of(amendments)
        pen = self._pen_of(by[0], [a for a in amendments if self._delegations[a] == by[0]])
        threads = dict(self._threads.get(key, {}))
        if shared := self._shared([], by, []):
            threads[None] = [*threads.get(None, ()), shared]
        whole = self._on_whole(threads, pen, "ins")
        content = whole.starts + pen.around("ins", printed_runs(line, rtl=self._rtl)) + whole.ends + whole.references
        depth = self._depths[line.section]
        return paragraph(line, depth, content, rtl=self._rtl, mark=pen.on_mark("ins"))

    # -- the margin --------------------------------------------------------------------------------------------------

    def _anchors(self, threads: Threads, pen: Pen | None, tag: str) -> dict[Range, Anchors]:
        """Take the threads of a paragraph from its start on, what is on the whole of it first."""
        ranges = sorted(threads, key=lambda place: (place is not None, place or (0, 0)))
        return {place: self._anchored(threads[place], pen, tag) for place in ranges}

    def _anchored(self, threads: Sequence[Thread], pen: Pen | None, tag: str) -> Anchors:
        """Anchor threads; what goes or comes with its paragraph takes the references along."""
        anchors = self._margin.take(threads)
        return anchors._replace(references=pen.around(tag, anchors.references)) if pen else anchors

    def _on_whole(self, threads: Threads, pen: Pen, tag: str) -> Anchors:
        everything = [thread for some in threads.values() for thread in some]
        return self._anchored(everything, pen, tag) if everything else Anchors("", "", "")

    def _with_shared(self, threads: Threads, stretches: Iterable[Stretch], gone: Delegations) -> Threads:
        found = {place: list(some) for place, some in threads.items()}
        if shared := self._shared(gone, (), []):
            found.setdefault(None, []).append(shared)
        for stretch in stretches:
            wordings = [(one.words.text, one.by) for one in stretch.inserted]
            if shared := self._shared(stretch.deleted_by, (), wordings):
                found.setdefault((stretch.start, stretch.end), []).append(shared)
        return found

    def _shared(
        self, deleted_by: Sequence[str], proposed_by: Sequence[str], wordings: Sequence[tuple[str, Delegations]]
    ) -> Thread | None:
        """Say what more than one delegation would have: the text gone, this paragraph, or a wording."""
        words = phrases(self._masthead.language)
        said = [(words.deleted_by, deleted_by, ""), (words.proposed_by, proposed_by, "")]
        said += [(words.proposed_by, by, f" – “{text}”") for text, by in wordings]  # noqa: RUF001 - a dash is meant
        lines = [f"{word}: {self._names(by)}{what}" for word, by, what in said if len(by) > 1]
        return Thread((Said(COMPILING, self._masthead.date, "\n".join(lines)),)) if lines else None

    # -- names -------------------------------------------------------------------------------------------------------

    def _names(self, delegations: Iterable[str]) -> str:
        return ", ".join(self._signatures.authors[delegation].name for delegation in delegations)

    def _of(self, amendments: Iterable[str]) -> Delegations:
        """Name the delegations of amendments, each once, in the order of the proposals."""
        return tuple(dict.fromkeys(self._delegations[amendment] for amendment in self._ranked(amendments)))

    def _ranked(self, amendments: Iterable[str]) -> list[str]:
        return sorted(amendments, key=self._rank.__getitem__)

    def _pen_of(self, delegation: str, amendments: Iterable[str]) -> Pen:
        at = max(self._signatures.tabled[amendment] for amendment in amendments)
        return self._pen(self._signatures.authors[delegation], at)

    def _pens(self, section: CompiledSection) -> Pens:
        wordings = [*section.alternatives, *(one for passage in section.passages for one in passage.wordings)]
        here = {*section.deleted_by, *(holder for wording in wordings for holder in wording.holders)}
        own: dict[str, list[str]] = {}
        for amendment in here:
            own.setdefault(self._delegations[amendment], []).append(amendment)
        return lambda delegation: self._pen_of(delegation, own[delegation])


def _label(line: Line) -> str:
    return printed_number(line) + "\t"


@dataclass(frozen=True, slots=True)
class _Content:
    """The text of a section of the base, behind its label; ``gone``: who would have all of it gone."""

    text: TrackedText
    gone: Delegations
    anchors: Mapping[Range, Anchors]
    pens: Pens
    rtl: bool

    def written(self) -> str:
        points = sorted(self._points())
        parts = [self._point(points[0])]
        for start, end in pairwise(points):
            parts += self._segment(start, end), self._point(end)
        return "".join(parts)

    def _points(self) -> set[int]:
        """Find the places where something begins or ends."""
        base, length = self.text.base, len(self.text.base.text)
        points = {0, length}
        for stretch in self.text.stretches:
            points |= {stretch.start, stretch.end}
        points.update(min(point, length) for place in self.anchors if place for point in place)
        if base.looks or self.text.restyled:
            points.update(at for at in range(1, length) if self._style(at) != self._style(at - 1))
        return points

    def _style(self, at: int) -> tuple[int, object]:
        return self.text.base.look(at), (self.text.restyled or {}).get(at)

    def _point(self, at: int) -> str:
        """Write what stands between two characters: ranges begin, wordings are inserted, ranges end."""
        length = len(self.text.base.text)
        placed = [(place, anchors) for place, anchors in self.anchors.items() if place]
        parts = [anchors.starts for place, anchors in placed if min(place[0], length) == at]
        parts += [self._insertions(stretch) for stretch in self.text.stretches if stretch.end == at]
        for place, anchors in placed:
            if min(place[1], length) == at:
                parts += anchors.ends, anchors.references
        return "".join(parts)

    def _insertions(self, stretch: Stretch) -> str:
        return "".join(
            self.pens(inserted.by[0]).around(
                "ins", "".join(run(text, look, rtl=self.rtl) for text, look in inserted.words.runs())
            )
            for inserted in stretch.inserted
        )

    def _segment(self, start: int, end: int) -> str:
        """Write base text between two points, in the deletions of all who would have it gone."""
        deleted_by = next((s.deleted_by for s in self.text.stretches if s.start <= start < s.end), ())
        by = tuple(dict.fromkeys((*self.gone, *deleted_by)))
        look = self.text.base.look(start)
        restyled = (self.text.restyled or {}).get(start)
        change = self.pens(restyled.by).look_change(look, rtl=self.rtl) if restyled else ""
        now = restyled.look if restyled else look
        words = self.text.base.text[start:end]
        written = run(words, now, rtl=self.rtl, deleted=bool(by), look_change=change)
        for delegation in reversed(by):
            written = self.pens(delegation).around("del", written)
        return written
