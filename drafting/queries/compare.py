"""The comparison of two versions, with the decisions and amendments that caused each change."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from drafting.domain import classes
from drafting.domain.classes import HunkKind
from drafting.domain.compare import compare
from drafting.domain.interchange import to_patch
from drafting.domain.text import Manifest, Op, SectionChange, Spans
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.reading import ChangeKind, Nature, PatchedComparisonView
from drafting.protocol.views import AmendmentView, ArrivalView, CauseView, ChangeView, DecisionView, VersionView
from drafting.queries.amendments import amendments_for, decisions_for
from drafting.queries.apart import length_of
from drafting.queries.people import Reader
from drafting.queries.versions import manifest, section_view, version_row, version_shown
from storage.database import ReadTransaction
from storage.tables import Version

Causes = Mapping[str, Sequence[CauseView]]
_OF_NATURE = {
    Nature.SUBSTANCE: frozenset({HunkKind.SUBSTANCE}),
    Nature.EDITORIAL: frozenset({HunkKind.EDITORIAL}),
    Nature.BRACKETS: frozenset({HunkKind.BRACKET_OPENED, HunkKind.BRACKET_LIFTED, HunkKind.REWORDED_IN_BRACKETS}),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes somebody wants to see: those that are one of what is named, of each sort that names any.

    ``sections``: by id or label, with all that stands under them. ``delegations``: whose amendments caused the change.
    """

    delegations: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()
    natures: frozenset[Nature] = frozenset()
    kinds: frozenset[ChangeKind] = frozenset()

    def of(self, changes: Sequence[SectionChange], causes: Causes) -> list[SectionChange]:
        """Give those of the changes, in their order. Refuses a section that neither text has."""
        shown = changes
        if self.sections:
            places = {change.section for name in self.sections for change in _under(changes, name)}
            shown = [change for change in shown if change.section in places]
        if self.kinds:
            shown = [change for change in shown if self.kinds.intersection(kinds_of(change))]
        if self.delegations:
            shown = [change for change in shown if self.delegations & delegations_of(causes.get(change.section, ()))]
        if self.natures:
            shown = classes.of_kinds(shown, frozenset[HunkKind]().union(*(_OF_NATURE[one] for one in self.natures)))
        return list(shown)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions, and what caused the changes between them."""

    document: str
    old: VersionView
    new: VersionView
    before: Manifest
    after: Manifest
    causes: Causes
    wanted: Wanted = field(default_factory=Wanted)
    patches: bool = False

    @property
    def length(self) -> int:
        """Count the code points to be read."""
        return length_of((self.before, self.after))

    def view(self) -> PatchedComparisonView:
        """Show what became of each section, in the new version's order."""
        changes = self.wanted.of(compare(self.before, self.after), self.causes)
        return PatchedComparisonView(
            document=self.document,
            old=self.old,
            new=self.new,
            changes=[_change(change, self.causes.get(change.section, ())) for change in changes],
            words_added=sum(_words(change.spans, Op.INSERT) for change in changes),
            words_deleted=sum(_words(change.spans, Op.DELETE) for change in changes),
            patches=patches_of(changes) if self.patches else {},
        )


def gathered(
    tx: ReadTransaction, who: Reader, old: str, new: str, wanted: Wanted | None = None, *, patches: bool = False
) -> Comparison:
    """Gather two versions to be compared."""
    before, after = version_row(tx, who, old), version_row(tx, who, new)
    return Comparison(
        who.document,
        version_shown(before, who),
        version_shown(after, who),
        manifest(tx, before.id),
        manifest(tx, after.id),
        causes_between(tx, who, before, after),
        wanted or Wanted(),
        patches,
    )


def comparison(tx: ReadTransaction, who: Reader, old: str, new: str) -> PatchedComparisonView:
    """Show what became of each section between two versions, in the new one's order."""
    return gathered(tx, who, old, new).view()


def causes_between(tx: ReadTransaction, who: Reader, old: Version, new: Version) -> dict[str, list[CauseView]]:
    """Give, by section, the decisions that lie between two versions of one line, whichever of them is newer."""
    decisions = decisions_for(tx, who)
    labels = {a.id: a for a in amendments_for(tx, who, decisions)}
    causes: dict[str, list[CauseView]] = defaultdict(list)
    first, last = sorted((old, new), key=lambda row: row.place)
    for version in takewhile(lambda row: row.place > first.place, lineage(tx, who, last)):
        for decision in carried_out(decisions, version):
            about = [labels[amendment] for amendment in decision.amendments if amendment in labels]
            cause = _cause(decision, version, about)
            # A decision may bring in other sections than its own: the alternatives of a paragraph.
            for section in dict.fromkeys([decision.section, *(edit.section or "" for edit in decision.edits)]):
                causes[section].append(cause)
    return dict(causes)


def lineage(tx: ReadTransaction, who: Reader, version: Version) -> list[Version]:
    """Give the version and all that it came from and the reader may read, the first one last."""
    found = [version]
    while parent := found[-1].parent:
        found.append(tx.session.get_one(Version, parent))
    return [row for row in found if who.sees(row.audience)]


def carried_out(decisions: Iterable[DecisionView], version: Version) -> list[DecisionView]:
    """Give those of the decisions that made the version what it is, in the desk's order."""
    # A text issued in session has what was decided until then, not the whole of its round.
    until = (one for one in decisions if one.round == version.round and one.at <= version.issued_at)
    return [one for one in until if not one.undone and one.edits]


def delegations_of(causes: Iterable[CauseView]) -> set[str]:
    """Name the delegations whose amendments are among the causes."""
    return {delegation for cause in causes for delegation in cause.delegations}


def kinds_of(change: SectionChange) -> list[ChangeKind]:
    """Say what became of the section; nothing if it is unchanged."""
    return [kind for kind in ChangeKind if getattr(change, kind)]


def patches_of(changes: Iterable[SectionChange]) -> dict[str, str]:
    """Give the changes of words as diff-match-patch's patch text, by section."""
    written = ((change.section, to_patch(change.spans)) for change in changes)
    return {section: patch for section, patch in written if patch}


def _under(changes: Sequence[SectionChange], name: str) -> tuple[SectionChange, ...]:
    """Give the change of the section of this id or label, with those under it; the new label goes before the old."""
    called = (
        next((x.section for x in changes if name == x.section), None)
        or next((x.section for x in changes if x.new and name == x.new.label), None)
        or next((x.section for x in changes if x.old and name == x.old.label), None)
    )
    if called is None:
        raise Refusal(ProblemCode.UNKNOWN_SECTION, f"Neither text has a section “{name}”.")
    return classes.in_section(changes, called)


def _cause(decision: DecisionView, version: Version, about: Sequence[AmendmentView]) -> CauseView:
    return CauseView(
        decision=decision.id,
        outcome=decision.outcome,
        amendments=[amendment.label for amendment in about],
        delegations=list(dict.fromkeys(code for amendment in about for code in amendment.sponsors)),
        reason=decision.reason,
        version=version.name,
    )


def _change(change: SectionChange, causes: Collection[CauseView]) -> ChangeView:
    return ChangeView(
        section=change.section,
        nature=sorted(classes.kinds(change)),
        invisible=classes.invisible(change),
        regrouped=change.regrouped,
        origin=change.origin,
        merged_from=list(change.merged_from),
        split_from=change.split_from,
        arrivals=[
            ArrivalView(origin=a.origin, start=a.start, end=a.end, redrafted=a.redrafted) for a in change.arrivals
        ],
        kinds=[kind.value for kind in kinds_of(change)],
        renumbered=change.renumbered,
        old=section_view(change.old) if change.old else None,
        new=section_view(change.new) if change.new else None,
        spans=[(span.op.value, span.text) for span in change.spans],
        causes=list(causes),
    )


def _words(spans: Spans, op: Op) -> int:
    return sum(len(span.text.split()) for span in spans if span.op is op)
