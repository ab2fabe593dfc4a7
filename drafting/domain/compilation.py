"""The base text with every delegation's proposals laid over it, attributed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from drafting.domain.changes import Changes, rewritten, stretches
from drafting.domain.diff import changes
from drafting.domain.edits import apply, primitive, unknown_section
from drafting.domain.text import Line, Manifest
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

    The passages are in order and do not touch. A section that the base has as deleted has an empty base text; an
    amendment with a wording of it brings it back.
    """

    line: Line
    passages: tuple[Passage, ...] = ()
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
    amendment has its own complete wording; equal wordings are one. A merge shows as a rewording and deletions, a
    split as a rewording and additions. An added section stands where its amendment alone would have it stand among
    the base's sections; several at one place stand in the order of their amendments.
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

    Every word is read from the compiled passages; only the order of the lines comes from the amendment's edits.
    """
    lines = {section.line.section: _as_read(section, amendment) for section in compilation.sections}
    edits = next((p.edits for p in compilation.proposals if p.amendment == amendment), ())
    return tuple(lines[line.section] for line in apply(compilation.base, edits))


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
    passages = _passages(line.text, stand.texts) if stand.texts else ()
    return CompiledSection(line, passages, tuple(stand.deleted_by), tuple(stand.moved_by))


def _passages(base: str, texts: Mapping[str, str]) -> tuple[Passage, ...]:
    """Find the passages; ``texts`` has each amendment's wording of the whole section, in the amendments' order."""
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


def _as_read(section: CompiledSection, amendment: str | None) -> Line:
    line = section.line
    if amendment in section.deleted_by:
        return replace(line, text="", deleted=True)
    chosen = [_chosen(passage, amendment) for passage in section.passages]
    if all(wording is None for wording in chosen):
        return line
    parts: list[str] = []
    at = 0
    for passage, wording in zip(section.passages, chosen, strict=True):
        parts += line.text[at : passage.start], passage.base if wording is None else wording
        at = passage.end
    return replace(line, text="".join([*parts, line.text[at:]]), deleted=False)


def _chosen(passage: Passage, amendment: str | None) -> str | None:
    return next((wording.text for wording in passage.wordings if amendment in wording.holders), None)
