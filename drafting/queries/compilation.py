"""The compilation: a version with every circulated amendment laid over it, attributed."""

from collections.abc import Iterable

from drafting.domain.compilation import CompiledSection, Passage, Proposal, Wording, compile, pieces  # noqa: A004 - the design's word
from drafting.domain.labels import alternative
from drafting.domain.numbering import number
from drafting.domain.text import Line, Manifest
from drafting.protocol.views import (
    AlternativeView,
    AmendmentView,
    CompilationView,
    CompiledSectionView,
    HoldingView,
    PassageView,
    WordingView,
)
from drafting.queries.amendments import amendments_for, decisions_for
from drafting.queries.people import Reader
from drafting.queries.versions import manifest, section_view, version_row, version_view
from storage.database import ReadTransaction


def compilation(tx: ReadTransaction, who: Reader, version: str | None) -> CompilationView:
    """Show the version (``None``: the newest) with the active amendments on it that the reader may see."""
    row = version_row(tx, who.document, version)
    amendments = [a for a in amendments_for(tx, who, decisions_for(tx, who)) if a.base == row.id and a.active]
    return CompilationView(
        document=who.document,
        version=version_view(row),
        sections=compiled(manifest(tx, row.id), amendments),
        amendments=[amendment.label for amendment in amendments],
    )


def compiled(base: Manifest, amendments: Iterable[AmendmentView]) -> list[CompiledSectionView]:
    """Lay the amendments over the base; proposed sections have the label that they would get."""
    known = {amendment.id: amendment for amendment in amendments}
    proposals = [Proposal(a.id, a.label, (a.delegation,), tuple(a.revision.edits)) for a in known.values()]
    sections = compile(base, proposals).sections
    # Proposed sections are called what they would be called if all of them were taken: OP2bis, OP2ter.
    labelled = number(tuple(section.line for section in sections))
    used = {line.label for line in labelled}
    return [_section(section, line, known, used) for section, line in zip(sections, labelled, strict=True)]


def _section(
    section: CompiledSection, line: Line, known: dict[str, AmendmentView], used: set[str]
) -> CompiledSectionView:
    def holding(amendment: str, after: str | None = None) -> HoldingView:
        return HoldingView(amendment=known[amendment].label, delegation=known[amendment].delegation, after=after)

    return CompiledSectionView(
        section=section_view(line),
        pieces=[piece if isinstance(piece, str) else _passage(piece, known) for piece in pieces(section)],
        alternatives=[_alternative(wording, line, known, used) for wording in section.alternatives],
        added_by=[holding(section.added_by)] if section.added_by else [],
        deleted_by=[holding(amendment) for amendment in section.deleted_by],
        moved_by=[holding(moved.amendment, moved.after) for moved in section.moved_by],
    )


def _alternative(wording: Wording, line: Line, known: dict[str, AmendmentView], used: set[str]) -> AlternativeView:
    label = alternative(line.label, used)
    used.add(label)
    return AlternativeView(label=label, **_wording(wording, known).model_dump())


def _passage(passage: Passage, known: dict[str, AmendmentView]) -> PassageView:
    wordings = [_wording(wording, known) for wording in passage.wordings]
    return PassageView(start=passage.start, end=passage.end, base=passage.base, wordings=wordings)


def _wording(wording: Wording, known: dict[str, AmendmentView]) -> WordingView:
    return WordingView(
        text=wording.text,
        amendments=[known[holder].label for holder in wording.holders],
        delegations=list(dict.fromkeys(known[holder].delegation for holder in wording.holders)),
    )
