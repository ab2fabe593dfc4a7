r"""The compilation as literal text, black and white, the way it is printed and read aloud.

A passage stands as ``[appropriate] [ARV, DUM: all necessary] [BOR: delete]``: the base's wording first, without a
name, then each proposed one with the delegations that hold it; an insertion alone as ``[ARV: free of charge]``. A
delegation's second wording of its own is named ``ARV alt``, the third ``ARV alt 2``. A whole paragraph to be deleted,
added, or to stand beside another prints in brackets of its own, a new one signed at its end after a dash: ``[BOR: no
text]``, ``[OP12bis ... - ELD]``, ``[OP12 alt ... - ARV]``. Unnamed, the same brackets stand without any name.

Brackets in a wording are the delegation's own, and print as they are where they have their partners in it; one without
a partner prints as ``\[`` or ``\]``, and a backslash in a wording as two, so that no delegation's text can end its
own attribution. Outside of proposals the base prints untouched, unbalanced brackets and all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from drafting.domain.attribution import Held, HeldStretch, Hold, held, terms, whole_held
from drafting.domain.brackets import edges, lint
from drafting.domain.changes import Changes, rewritten
from drafting.domain.compilation import Compilation, CompiledSection, Moved, Passage, Proposal, Wording, changes_of
from drafting.domain.labels import alternative, printed
from drafting.domain.numbering import number, told_apart
from drafting.domain.text import Line


class LiteralParagraph(NamedTuple):
    """A paragraph as printed. ``label`` stands before it, empty for what has none or has it inside its bracket.

    ``section`` is the section it shows: of the base, added, or that it is an alternative to; None for a notice that
    concerns the whole text.
    """

    section: str | None
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class _Printing:
    """What all paragraphs of a compilation are printed with."""

    named: bool
    proposals: tuple[Proposal, ...]
    delegations: Mapping[str, tuple[str, ...]]
    lines: Mapping[str, Line]

    def of(self, amendments: Iterable[str]) -> list[Hold]:
        """Name the delegations of amendments, each once, in the order of their codes."""
        return [Hold(d, 0) for d in sorted({d for amendment in amendments for d in self.delegations[amendment]})]

    def marked(self, holds: Sequence[Hold], text: str) -> str:
        return f"[{_names(holds)}: {text}]" if self.named and holds else f"[{text}]"

    def signed(self, holds: Sequence[Hold], text: str) -> str:
        return f"[{text} – {_names(holds)}]" if self.named and holds else f"[{text}]"  # noqa: RUF001 - a dash is meant


def literal(compilation: Compilation, *, named: bool = True) -> tuple[LiteralParagraph, ...]:
    """Give the compilation as paragraphs of literal text; a term that would change throughout is noted at the top.

    ``named=False`` prints no delegation anywhere, save where a text itself speaks of one.
    """
    labelled = told_apart(number(tuple(section.line for section in compilation.sections)))
    delegations = {p.amendment: p.delegations for p in compilation.proposals}
    how = _Printing(named, compilation.proposals, delegations, {line.section: line for line in labelled})
    used = {line.label for line in labelled}
    found = list(_notices(how))
    for section in _with_equal_additions(compilation.sections):
        first, adders = section
        if adders:
            found.append(_addition(how.lines[first.line.section], how.of(adders), how))
        else:
            found += _paragraphs(first, how, used)
    return tuple(found)


def printed_literal(compilation: Compilation, *, named: bool = True) -> str:
    """Give the literal text as one string, a paragraph a line, its label before it."""
    paragraphs = literal(compilation, named=named)
    return "".join(f"{p.label} {p.text}".strip() + "\n" for p in paragraphs)


def _notices(how: _Printing) -> Iterable[LiteralParagraph]:
    holders: dict[str, list[str]] = {}
    for amendment, old, new in terms(how.proposals):
        holders.setdefault(f"“{escaped(old)}” to read “{escaped(new)}” throughout", []).append(amendment)
    for text, amendments in holders.items():
        yield LiteralParagraph(None, "", how.marked(how.of(amendments), text))


def _with_equal_additions(
    sections: Sequence[CompiledSection],
) -> Iterable[tuple[CompiledSection, tuple[str, ...]]]:
    """Give each section with the amendments that add it; neighbours that add the same paragraph are one."""
    waiting: dict[tuple[object, ...], tuple[CompiledSection, tuple[str, ...]]] = {}
    for section in sections:
        if section.added_by is None:
            yield from waiting.values()
            waiting.clear()
            yield section, ()
            continue
        line = section.line
        first, adders = waiting.get((line.kind, line.level, line.text), (section, ()))
        waiting[line.kind, line.level, line.text] = first, (*adders, section.added_by)
    yield from waiting.values()


def _addition(line: Line, holds: Sequence[Hold], how: _Printing) -> LiteralParagraph:
    text = f"{printed(line)} {escaped(line.text)}".strip()
    return LiteralParagraph(line.section, "", how.signed(holds, text))


def _paragraphs(section: CompiledSection, how: _Printing, used: set[str]) -> Iterable[LiteralParagraph]:
    line = how.lines[section.line.section]
    text = _body(section, how)
    if section.deleted_by:
        text = f"[{text}] {how.marked(how.of(section.deleted_by), 'no text')}"
    text = " ".join([part for part in (text, *_moves(section.moved_by, how)) if part])
    yield LiteralParagraph(line.section, printed(line), text)
    for wording in whole_held(section, how.proposals):
        label = alternative(line.label, used)
        used.add(label)
        other = Line(line.section, line.kind, line.level, label, wording.text)
        yield _addition(other, wording.holds, how)


def _body(section: CompiledSection, how: _Printing) -> str:
    text = section.line.text
    parts: list[str] = []
    at = 0
    for stretch in held(_told_apart(section), how.proposals):
        parts += text[at : stretch.start], _alternatives(stretch, how)
        at = stretch.end
    return "".join([*parts, text[at:]])


def _told_apart(section: CompiledSection) -> CompiledSection:
    """Give the section with those passages as one that have nothing but space between them.

    Printed, brackets in a row are alternatives: ``[appropriate] [ARV: all] [BOR: legal] measures`` would say that BOR
    is for ``legal`` instead of ``appropriate``, and not before ``measures``.
    """
    text = section.line.text
    rows: list[list[Passage]] = []
    for passage in section.passages:
        if rows and not text[rows[-1][-1].end : passage.start].strip():
            rows[-1].append(passage)
        else:
            rows.append([passage])
    changed = changes_of(section)
    return replace(section, passages=tuple(row[0] if len(row) == 1 else _joined(text, row, changed) for row in rows))


def _joined(text: str, row: Sequence[Passage], changed: Mapping[str, Changes]) -> Passage:
    start, end = row[0].start, row[-1].end
    holders = dict.fromkeys(holder for passage in row for wording in passage.wordings for holder in wording.holders)
    wordings = (Wording(rewritten(text, changed[holder], start, end), (holder,)) for holder in holders)
    return Passage(start, end, text[start:end], tuple(wordings))


def _alternatives(stretch: HeldStretch, how: _Printing) -> str:
    lead, trail = edges(stretch.base, *(wording.text for wording in stretch.wordings))
    base = [f"[{escaped(stretch.base.strip())}]"] if stretch.base.strip() else []
    return lead + " ".join([*base, *(_wording(wording, how) for wording in stretch.wordings)]) + trail


def _wording(wording: Held, how: _Printing) -> str:
    return how.marked(wording.holds, escaped(wording.text.strip()) or "delete")


def _moves(moves: Sequence[Moved], how: _Printing) -> Iterable[str]:
    places: dict[str | None, list[str]] = {}
    for moved in moves:
        places.setdefault(moved.after, []).append(moved.amendment)
    for after, amendments in places.items():
        place = "to the start" if after is None else f"after {_called(how.lines[after])}"
        yield how.marked(how.of(amendments), f"move {place}")


def _called(line: Line) -> str:
    """Name a section: by its label, or its first words."""
    words = line.text.split()
    return line.label or f"“{escaped(' '.join(words[:5]))}{' …' if len(words) > 5 else ''}”"  # noqa: PLR2004


def _names(holds: Sequence[Hold]) -> str:
    return ", ".join(_name(hold) for hold in holds)


def _name(hold: Hold) -> str:
    if not hold.alternative:
        return hold.delegation
    return f"{hold.delegation} alt" if hold.alternative == 1 else f"{hold.delegation} alt {hold.alternative}"


def escaped(text: str) -> str:
    """Give a delegation's text as it prints inside a bracket: what could end that bracket has a backslash before it."""
    marks = {fault.position for fault in lint(text)} | {at for at, character in enumerate(text) if character == "\\"}
    return "".join(f"\\{character}" if at in marks else character for at, character in enumerate(text))
