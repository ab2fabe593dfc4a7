"""The comparison of two versions, with the decisions and amendments that caused each change."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from drafting.domain import classes
from drafting.domain.compare import compare
from drafting.domain.text import Op, SectionChange, Spans
from drafting.protocol.views import ArrivalView, CauseView, ChangeView, ComparisonView, DecisionView
from drafting.queries.amendments import amendments_for, decisions_for
from drafting.queries.people import Reader
from drafting.queries.versions import manifest, section_view, version_row, version_view
from storage.database import ReadTransaction
from storage.tables import Version

Causes = dict[str, list[CauseView]]


def comparison(tx: ReadTransaction, who: Reader, old: str, new: str) -> ComparisonView:
    """Show what became of each section between two versions, in the new one's order."""
    before, after = version_row(tx, who.document, old), version_row(tx, who.document, new)
    changes = compare(manifest(tx, before.id), manifest(tx, after.id))
    causes = causes_between(tx, who, before, after)
    return ComparisonView(
        document=who.document,
        old=version_view(before),
        new=version_view(after),
        changes=[_change(change, causes.get(change.section, [])) for change in changes],
        words_added=sum(_words(change.spans, Op.INSERT) for change in changes),
        words_deleted=sum(_words(change.spans, Op.DELETE) for change in changes),
    )


def causes_between(tx: ReadTransaction, who: Reader, old: Version, new: Version) -> Causes:
    """Give, by section, the decisions that lie between two versions of one line, whichever of them is newer."""
    decisions = decisions_for(tx, who)
    labels = {a.id: a for a in amendments_for(tx, who, decisions)}
    causes: Causes = defaultdict(list)
    for version in _between(tx, *sorted((old, new), key=lambda row: row.ordinal)):
        for decision in decisions:
            if decision.round == version.round and not decision.undone and decision.edits:
                about = [labels[amendment] for amendment in decision.amendments if amendment in labels]
                causes[decision.section].append(_cause(decision, version, [(a.label, a.delegation) for a in about]))
    return causes


def _between(tx: ReadTransaction, old: Version, new: Version) -> Iterator[Version]:
    """Walk from the newer version back to the older, which is left out."""
    at: Version | None = new
    while at is not None and at.ordinal > old.ordinal:
        yield at
        at = tx.session.get(Version, at.parent) if at.parent else None


def _cause(decision: DecisionView, version: Version, about: Sequence[tuple[str, str]]) -> CauseView:
    return CauseView(
        decision=decision.id,
        outcome=decision.outcome,
        amendments=[label for label, _ in about],
        delegations=list(dict.fromkeys(delegation for _, delegation in about)),
        reason=decision.reason,
        version=version.name,
    )


def _change(change: SectionChange, causes: list[CauseView]) -> ChangeView:
    kinds = ("added", "removed", "moved", "edited")
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
        kinds=[kind for kind in kinds if getattr(change, kind)],
        renumbered=change.renumbered,
        old=section_view(change.old) if change.old else None,
        new=section_view(change.new) if change.new else None,
        spans=[(span.op.value, span.text) for span in change.spans],
        causes=causes,
    )


def _words(spans: Spans, op: Op) -> int:
    return sum(len(span.text.split()) for span in spans if span.op is op)
