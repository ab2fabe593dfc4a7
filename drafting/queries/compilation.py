"""The compilation: a version with every circulated amendment laid over it, attributed."""

from collections.abc import Iterable
from dataclasses import dataclass

from drafting.domain.compilation import CompiledSection, Passage, Proposal, Wording, compile, pieces  # noqa: A004 - the design's word
from drafting.domain.labels import alternative
from drafting.domain.numbering import number, told_apart
from drafting.domain.text import Line, Manifest
from drafting.protocol.edits import Add, Edit, Replace
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import (
    AlternativeView,
    AmendmentView,
    CarriedAmendmentView,
    CompilationView,
    CompiledSectionView,
    HoldingView,
    PassageView,
    VersionView,
    WordingView,
)
from drafting.protocol.words import AmendmentState
from drafting.queries.amendments import amendments_for, decisions_for
from drafting.queries.apart import length_of
from drafting.queries.carried import amendment_view, carried_amendments
from drafting.queries.carrying import Standing
from drafting.queries.people import Reader
from drafting.queries.versions import manifest, section_view, version_row, version_shown
from storage.database import ReadTransaction

_GONE = frozenset({AmendmentState.WITHDRAWN, AmendmentState.SUPERSEDED})


@dataclass(frozen=True, slots=True)
class Compiling:
    """A version, and the amendments to be laid over it; ``carried``: those of them that were made on an older text."""

    document: str
    version: VersionView
    base: Manifest
    amendments: tuple[AmendmentView, ...]
    carried: tuple[CarriedAmendmentView, ...] = ()

    @property
    def length(self) -> int:
        """Count the code points to be read."""
        return length_of([self.base]) + proposed(proposals(self.amendments))

    def labelled(self) -> list[tuple[CompiledSection, Line]]:
        """Lay the amendments over the version; each section with its line. A proposed one is called what it would be
        called if all of them were taken: OP2bis, OP2ter.
        """
        sections = compile(self.base, proposals(self.amendments)).sections
        return list(zip(sections, told_apart(number(tuple(section.line for section in sections))), strict=True))

    def view(self) -> CompilationView:
        """Show the version with the amendments over it; proposed sections have the label that they would get."""
        known = {amendment.id: amendment for amendment in self.amendments}
        labelled = self.labelled()
        used = {line.label for _, line in labelled}
        return CompilationView(
            document=self.document,
            version=self.version,
            sections=[_section(section, line, known, used) for section, line in labelled],
            amendments=[amendment.label for amendment in self.amendments],
            carried=list(self.carried),
        )


def gathered(tx: ReadTransaction, who: Reader, version: str | None, group: str | None = None) -> Compiling:
    """Gather the version (``None``: the newest basis) and the active amendments on it that the reader may see, those
    that earlier rounds have left among them; of a closed ``group`` its own texts, before plenary or not, for those who
    are in it.
    """
    row = version_row(tx, who, version)
    if group is not None and group not in who.groups:
        raise Refusal(ProblemCode.NOT_PERMITTED, f"What {group} writes is for those who are in it.")
    decisions = decisions_for(tx, who)
    seen = amendments_for(tx, who, decisions)
    on_it = [a for a in seen if a.base == row.id]
    laid = [a for a in on_it if (a.active if group is None else a.group == group and a.state not in _GONE)]
    carried = [] if group else list(carried_amendments(tx, row, seen, decisions))
    laid += [_as_asked(view, clear) for view, asks in carried if view.active and (clear := _clear(asks))]
    shown = tuple(amendment_view(view, asks) for view, asks in carried)
    return Compiling(who.document, version_shown(row, who), manifest(tx, row.id), tuple(laid), shown)


def _clear(asks: Standing) -> tuple[Edit, ...]:
    """Give what an amendment asks of the text, but for what a person must look at first."""
    return asks.carried.edits if asks.carried else asks.edits


def _as_asked(amendment: AmendmentView, edits: Iterable[Edit]) -> AmendmentView:
    """Give the amendment as it would read had it been made on this text."""
    now = amendment.revision.model_copy(update={"edits": list(edits)})
    return amendment.model_copy(update={"revisions": [*amendment.revisions[:-1], now]})


def compilation(tx: ReadTransaction, who: Reader, version: str | None) -> CompilationView:
    """Show the version (``None``: the newest) with the active amendments on it that the reader may see."""
    return gathered(tx, who, version).view()


def proposals(amendments: Iterable[AmendmentView], *, named: bool = True) -> tuple[Proposal, ...]:
    """Give the amendments, as their last revisions have them, as the text engine takes them.

    Not ``named``, each is held by itself, under its label: which of them are one delegation's is not told either.
    """
    return tuple(
        Proposal(a.id, a.label, tuple(a.sponsors) if named else (a.label,), tuple(a.revision.edits)) for a in amendments
    )


def proposed(proposals: Iterable[Proposal]) -> int:
    """Count the code points of what is proposed."""
    return sum(len(edit.text) for proposal in proposals for edit in proposal.edits if isinstance(edit, Add | Replace))


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
        delegations=list(dict.fromkeys(code for holder in wording.holders for code in known[holder].sponsors)),
    )
