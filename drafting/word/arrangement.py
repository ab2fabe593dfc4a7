"""In which order the paragraphs of a compilation are tracked: the base's, what is added between, what moves where."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from drafting.domain.compilation import Compilation, CompiledSection, Proposal
from drafting.domain.edits import apply, primitive
from drafting.domain.numbering import number, told_apart
from drafting.domain.text import Line
from drafting.protocol.edits import Add, Move


class Leaving(NamedTuple):
    """The delegation that moves a section, by which amendment, and the name of the move."""

    delegation: str
    amendment: str
    name: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A section of the base where it stands there; ``leaving`` if it is tracked as moved."""

    section: CompiledSection
    leaving: Leaving | None = None


@dataclass(frozen=True, slots=True)
class Arriving:
    """A section of the base where a move puts it."""

    line: Line
    leaving: Leaving


@dataclass(frozen=True, slots=True)
class Added:
    """A new section, with the label that it would get, and the amendments that add it, equal ones together, each as its
    own of ``sections``.
    """

    line: Line
    amendments: tuple[str, ...]
    sections: tuple[str, ...]


Item = Standing | Arriving | Added
_Anchor = str | None


def arrangement(compilation: Compilation) -> tuple[Item, ...]:
    """Give all paragraphs but for alternatives in the order of the file.

    A move is tracked where one amendment alone has anything to say on the sections that it moves, and its delegation
    adds and moves nothing else to the same place; other moves are for the amendment's comment to tell.
    """
    added = _additions(compilation)
    leaving, arriving = _moves(compilation, added)
    items: list[Item] = []

    def behind(anchor: _Anchor) -> Iterator[Item]:
        yield from added.get(anchor, ())
        yield from arriving.get(anchor, ())

    items += behind(None)
    for section in compilation.sections:
        if section.added_by is None:
            items.append(Standing(section, leaving.get(section.line.section)))
            items += behind(section.line.section)
    return tuple(items)


def delegation_of(proposals: Sequence[Proposal]) -> dict[str, str]:
    """Give, by amendment, in whose name it is tracked: its first delegation's."""
    return {proposal.amendment: proposal.delegations[0] for proposal in proposals}


def _additions(compilation: Compilation) -> dict[_Anchor, list[Added]]:
    """Give what is added, by the section of the base that it follows.

    Of equal additions behind one section one is kept, unless that would change the order of somebody's.
    """
    delegations = delegation_of(compilation.proposals)
    labelled = told_apart(number(tuple(section.line for section in compilation.sections)))
    found: dict[_Anchor, list[Added]] = {}
    last: dict[str, int] = {}
    anchor: _Anchor = None
    for section, line in zip(compilation.sections, labelled, strict=True):
        if section.added_by is None:
            anchor = section.line.section
            last = {}
            continue
        here, whose = found.setdefault(anchor, []), delegations[section.added_by]
        places = range(last.get(whose, -1) + 1, len(here))
        place = next((at for at in places if _alike(here[at].line, line)), len(here))
        if place == len(here):
            here.append(Added(line, (section.added_by,), (line.section,)))
        else:
            first = here[place]
            adders, sections = (*first.amendments, section.added_by), (*first.sections, line.section)
            here[place] = Added(first.line, adders, sections)
        last[whose] = place
    return found


def _alike(one: Line, other: Line) -> bool:
    return (one.kind, one.level, one.text) == (other.kind, other.level, other.text)


@dataclass(frozen=True, slots=True)
class _Block:
    """A section with its subordinates, which move together; and the line of the base that they are to follow."""

    lines: tuple[Line, ...]
    delegation: str
    amendment: str
    anchor: _Anchor


def _moves(
    compilation: Compilation, added: Mapping[_Anchor, Sequence[Added]]
) -> tuple[dict[str, Leaving], dict[_Anchor, list[Arriving]]]:
    leaving: dict[str, Leaving] = {}
    arriving: dict[_Anchor, list[Arriving]] = {}
    delegations = delegation_of(compilation.proposals)
    adds = {(delegations[a], anchor) for anchor, some in added.items() for one in some for a in one.amendments}
    taken: set[tuple[str, _Anchor]] = set()
    for block in _blocks(compilation):
        sections = [line.section for line in block.lines]
        places = {(block.delegation, place) for place in (block.anchor, *sections)}
        if adds & places or taken & places:
            continue
        taken |= places
        for line in block.lines:
            leaving[line.section] = Leaving(block.delegation, block.amendment, f"move{len(leaving) + 1}")
            arriving.setdefault(block.anchor, []).append(Arriving(line, leaving[line.section]))
    return leaving, arriving


def _blocks(compilation: Compilation) -> Iterator[_Block]:
    """Find what can be tracked as moved."""
    base = compilation.base
    proposals = {proposal.amendment: proposal for proposal in compilation.proposals}
    standing = [section for section in compilation.sections if section.added_by is None]
    for place, section in enumerate(standing):
        if len(section.moved_by) != 1:
            continue
        end = place + 1
        while end < len(standing) and standing[end].line.level > section.line.level:
            end += 1
        block = standing[place:end]
        if any(map(_touched, block)) or any(other.moved_by for other in block[1:]):
            continue
        proposal = proposals[section.moved_by[0].amendment]
        # It may be moved behind something that the amendment adds.
        parts = [part for part in primitive(base, proposal.edits) if isinstance(part, Add | Move)]
        heads = [part.section for part in parts if isinstance(part, Move)]
        before = base[place - 1].section if place else None
        anchor = _anchor(apply(base, parts), base, heads, section.line.section)
        if anchor != before:
            lines = tuple(one.line for one in block)
            yield _Block(lines, proposal.delegations[0], proposal.amendment, anchor)


def _touched(section: CompiledSection) -> bool:
    return bool(section.passages or section.alternatives or section.deleted_by)


def _anchor(moved: Sequence[Line], base: Sequence[Line], heads: Sequence[str], section: str) -> _Anchor:
    """Find the line of the base that the section follows in the moved text, if that moves with none of ``heads``."""
    staying: set[str] = set()
    level: int | None = None
    for line in base:
        if level is not None and line.level <= level:
            level = None
        if line.section in heads and level is None:
            level = line.level
        if level is None:
            staying.add(line.section)
    anchor: _Anchor = None
    for line in moved:
        if line.section == section:
            break
        if line.section in staying:
            anchor = line.section
    return anchor
