"""The base text with every delegation's proposals laid over it, attributed."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from drafting.domain.changes import Change, Changes, rewritten, stretches
from drafting.domain.diff import changes
from drafting.domain.edits import apply, primitive, unknown_section
from drafting.domain.text import Line, Manifest
from drafting.domain.tokens import word_starts, words_of
from drafting.protocol.edits import Add, Delete, Edit, Move, PrimitiveEdit, Replace


@dataclass(frozen=True, slots=True)
class Proposal:
    """One amendment as it goes into a compilation. ``label`` is how the room calls it: ``ARV-17``."""

    amendment: str
    label: str
    delegations: tuple[str, ...]
    edits: tuple[Edit, ...]


class Wording(NamedTuple):
    """One wording of a passage, and the amendments that hold it, in their order."""

    text: str
    holders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a section, ``[start:end]`` in code points of its base text, of which wordings differ.

    ``base`` is the base's wording, held by all that hold none of ``wordings``.
    """

    start: int
    end: int
    base: str
    wordings: tuple[Wording, ...]


class Moved(NamedTuple):
    """An amendment would have the section stand after another one (None: at the start)."""

    amendment: str
    after: str | None


@dataclass(frozen=True, slots=True)
class CompiledSection:
    """A section of the base, or one that an amendment adds, with what the amendments would do to it.

    The passages are in order and do not touch. ``alternatives`` are wordings of the whole section that share too little
    with its base text to be read as changes of it (``is_another_text``). A section that the base has as deleted has an
    empty base text; an amendment with a wording of it brings it back.
    """

    line: Line
    passages: tuple[Passage, ...] = ()
    alternatives: tuple[Wording, ...] = ()
    deleted_by: tuple[str, ...] = ()
    moved_by: tuple[Moved, ...] = ()
    added_by: str | None = None


@dataclass(frozen=True, slots=True)
class Compilation:
    """``sections`` in reading order; ``proposals`` in the order of their labels."""

    base: Manifest
    proposals: tuple[Proposal, ...]
    sections: tuple[CompiledSection, ...]


@dataclass(slots=True)
class _Stand:
    """What the amendments would do to one section, while it is gathered."""

    texts: dict[str, str] = field(default_factory=dict)
    deleted_by: list[str] = field(default_factory=list)
    moved_by: list[Moved] = field(default_factory=list)


def compile(base: Manifest, proposals: Sequence[Proposal]) -> Compilation:  # noqa: A001 - the design's own word
    """Lay every proposal over ``base``. The order in which they are given changes nothing.

    Changes of several amendments that overlap or touch, and insertions at one place, make one passage, in which each
    amendment has its own complete wording; equal wordings are one. What shares too little with the base's paragraph
    stands beside it, as an alternative to the whole. A term throughout shows as the rewordings it makes, a merge as a
    rewording and deletions, a split as a rewording and additions. An added section stands where its amendment alone
    would have it stand among the base's sections; several at one place stand in the order of their amendments.
    Each proposal's edits have passed ``check`` on ``base``; one that names what ``base`` has not raises Refusal:
    UNKNOWN_SECTION.
    """
    ordered = tuple(sorted(proposals, key=_rank))
    stands: dict[str, _Stand] = {line.section: _Stand() for line in base}
    added: dict[str | None, list[CompiledSection]] = {}
    for proposal in ordered:
        parts = primitive(base, proposal.edits)
        additions = tuple(part for part in parts if isinstance(part, Add))
        for part in parts:
            if not isinstance(part, Add):
                _note(_stand(stands, part.section), part, proposal.amendment)
        for anchor, line in _placed(base, additions):
            added.setdefault(anchor, []).append(CompiledSection(line, added_by=proposal.amendment))
    sections = added.get(None, [])[:]
    for line in base:
        sections += _compiled(line, stands[line.section]), *added.get(line.section, ())
    return Compilation(base, ordered, tuple(sections))


def project(compilation: Compilation, amendment: str | None = None) -> Manifest:
    """Read the text as one amendment alone would have it: its edits applied to the base. With none, the base.

    Every word is read from the compiled sections; only the order of the lines comes from the amendment's edits.
    """
    if amendment is None:
        return compilation.base
    proposal = next((p for p in compilation.proposals if p.amendment == amendment), None)
    return compilation.base if proposal is None else _projection(compilation, proposal, _readings(compilation))


def projections(compilation: Compilation) -> dict[str, Manifest]:
    """Read the text as each amendment alone would have it, all in one pass over the compiled sections."""
    readings = _readings(compilation)
    return {p.amendment: _projection(compilation, p, readings) for p in compilation.proposals}


def _projection(compilation: Compilation, proposal: Proposal, readings: Mapping[str, Mapping[str, Line]]) -> Manifest:
    own = readings.get(proposal.amendment, {})
    base = compilation.base
    parts = primitive(base, proposal.edits)
    lines = apply(base, parts) if any(isinstance(part, Add | Move) for part in parts) else base
    known = {line.section: line for line in base}
    return tuple(own[line.section] if line.section in own else known[line.section] for line in lines)


def _readings(compilation: Compilation) -> dict[str, dict[str, Line]]:
    """Read, for each amendment, the sections that it rewords, deletes or adds."""
    found: dict[str, dict[str, Line]] = {}
    for section in compilation.sections:
        for amendment, line in _read(section).items():
            found.setdefault(amendment, {})[section.line.section] = line
    return found


def _read(section: CompiledSection) -> dict[str, Line]:
    line = section.line
    if section.added_by is not None:
        return {section.added_by: line}
    texts = {holder: wording.text for wording in section.alternatives for holder in wording.holders}
    for amendment, some in changes_of(section).items():
        texts[amendment] = rewritten(line.text, some, 0, len(line.text))
    gone = replace(line, text="", deleted=True)
    return {amendment: replace(line, text=text, deleted=False) for amendment, text in texts.items()} | dict.fromkeys(
        section.deleted_by, gone
    )


def changes_of(section: CompiledSection) -> dict[str, Changes]:
    """Give each amendment's changes of the base text, passage by passage (not those who would have another text)."""
    found: dict[str, list[Change]] = {}
    for passage in section.passages:
        for wording in passage.wordings:
            change = Change(passage.start, passage.end, wording.text)
            for holder in wording.holders:
                found.setdefault(holder, []).append(change)
    return {amendment: tuple(some) for amendment, some in found.items()}


def pieces(section: CompiledSection) -> tuple[str | Passage, ...]:
    """Cut the section's base text into what nobody would change, as plain text (never empty), and the passages."""
    text = section.line.text
    found: list[str | Passage] = []
    at = 0
    for passage in section.passages:
        found += text[at : passage.start], passage
        at = passage.end
    found.append(text[at:])
    return tuple(piece for piece in found if piece)


def _rank(proposal: Proposal) -> tuple[list[tuple[int, int, str]], str]:
    """Rank naturally: ARV-2 before ARV-17."""
    parts = re.findall(r"[0-9]+|[^0-9]+", proposal.label)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts], proposal.amendment


def _stand(stands: Mapping[str, _Stand], section: str) -> _Stand:
    if section not in stands:
        raise unknown_section(section)
    return stands[section]


def _note(stand: _Stand, part: PrimitiveEdit, amendment: str) -> None:
    match part:
        case Replace():
            stand.texts[amendment] = part.text
        case Delete():
            stand.deleted_by.append(amendment)
        case Move():
            stand.moved_by.append(Moved(amendment, part.after))


def _placed(base: Manifest, additions: Sequence[Add]) -> Iterable[tuple[str | None, Line]]:
    """Give the new lines of one amendment, each with the line of the base that it follows (None: at the start)."""
    if not additions:
        return
    known = {line.section for line in base}
    anchor: str | None = None
    for line in apply(base, additions):
        if line.section in known:
            anchor = line.section
        else:
            yield anchor, line


def _compiled(line: Line, stand: _Stand) -> CompiledSection:
    others = {text: is_another_text(line.text, text) for text in dict.fromkeys(stand.texts.values())}
    texts = {amendment: text for amendment, text in stand.texts.items() if not others[text]}
    return CompiledSection(
        line,
        passages(line.text, texts) if texts else (),
        tuple(
            Wording(other, tuple(amendment for amendment, text in stand.texts.items() if text == other))
            for other, is_other in others.items()
            if is_other
        ),
        tuple(stand.deleted_by),
        tuple(stand.moved_by),
    )


def is_another_text(base: str, proposed: str) -> bool:
    """Say whether a proposed paragraph is better read beside the base's than as changes of it.

    It is when both have at least eight words, and less than a third of the words of the shorter one stand in runs of
    two or more that the two have in common: what else they share, they share by accident.
    """
    if base == proposed:
        return False
    starts = word_starts(base)
    at = kept = common = brought_in = 0
    for start, end, text in (*changes(base, proposed), Change(len(base), len(base), "")):
        run = bisect_left(starts, start) - bisect_left(starts, at)
        kept += run
        common += run if run >= _SHORTEST_RUN else 0
        brought_in += len(words_of(text))
        at = end
    shorter = min(len(starts), kept + brought_in)
    return shorter >= _FEWEST_WORDS and _LEAST_COMMON * common < shorter


_FEWEST_WORDS, _SHORTEST_RUN, _LEAST_COMMON = 8, 2, 3


def passages(base: str, texts: Mapping[str, str]) -> tuple[Passage, ...]:
    """Find the passages; ``texts`` has each holder's wording of the whole section, in the holders' order."""
    distinct = {text: changes(base, text) for text in dict.fromkeys(texts.values())}
    all_changes = (change for some in distinct.values() for change in some)
    return tuple(
        Passage(start, end, base[start:end], _wordings(base, (start, end), texts, distinct))
        for start, end, _ in stretches(base, all_changes, touching=True)
    )


def _wordings(
    base: str, place: tuple[int, int], texts: Mapping[str, str], distinct: Mapping[str, Changes]
) -> tuple[Wording, ...]:
    start, end = place
    read = {text: rewritten(base, some, start, end) for text, some in distinct.items()}
    holders: dict[str, list[str]] = {}
    for amendment, text in texts.items():
        if read[text] != base[start:end]:
            holders.setdefault(read[text], []).append(amendment)
    return tuple(Wording(wording, tuple(amendments)) for wording, amendments in holders.items())
