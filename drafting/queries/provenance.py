"""For every word of a version, who brought it in and when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from drafting.domain.provenance import Decided, Issued, Origin, Wording, trace, wordings_on
from drafting.domain.text import Manifest
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.reading import OriginView, ProvenanceView, RunView, TracedSectionView
from drafting.protocol.views import AmendmentView, DecisionView, RevisionView, VersionView
from drafting.queries.amendments import amendments_for, decisions_for
from drafting.queries.apart import length_of
from drafting.queries.compare import carried_out, lineage
from drafting.queries.people import Reader
from drafting.queries.versions import manifest, version_row, version_shown
from storage.database import ReadTransaction
from storage.tables import Version


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision that was carried out, and the amendments that it was about, as far as the reader may see them."""

    decision: DecisionView
    amendments: tuple[AmendmentView, ...]

    @property
    def revisions(self) -> tuple[RevisionView, ...]:
        """List, by amendment, the revision that stood when it was decided; it may have been revised since."""
        return tuple(_standing(amendment, self.decision.at) for amendment in self.amendments)


@dataclass(frozen=True, slots=True)
class Tracing:
    """A version with all that it came from: versions and their texts, the first one first, and what was decided before
    each. ``section``: the only one to be shown.
    """

    document: str
    versions: tuple[VersionView, ...]
    texts: Mapping[str, Manifest]
    taken: Mapping[str, Sequence[Taken]]
    section: str | None = None

    @property
    def length(self) -> int:
        """Count the code points to be read."""
        return length_of(self.texts.values())

    def view(self) -> ProvenanceView:
        """Follow every word back to the version, the amendments and the delegations that brought it in."""
        version = self.versions[-1]
        lines = [line for line in self.texts[version.id] if self.section in {None, line.section}]
        if self.section is not None and not lines:
            raise Refusal(ProblemCode.UNKNOWN_SECTION, f"{version.name} has no section {self.section}.")
        runs = trace([Issued(one.id, self.texts[one.id], tuple(self._decided(one))) for one in self.versions])
        shown = _Origins(self)
        return ProvenanceView(
            document=self.document,
            version=version,
            sections=[
                TracedSectionView(
                    section=line.section,
                    label=line.label,
                    runs=[RunView(text=run.text, origin=shown[run.origin]) for run in runs[line.section]],
                )
                for line in lines
            ],
        )

    def labels(self) -> dict[str, str]:
        """Give the label of each amendment that may be an origin."""
        return {a.id: a.label for taken in self.taken.values() for one in taken for a in one.amendments}

    def _decided(self, version: VersionView) -> list[Decided]:
        return [
            Decided(tuple(one.decision.edits), tuple(self._wordings(one))) for one in self.taken.get(version.id, ())
        ]

    def _wordings(self, taken: Taken) -> Iterator[Wording]:
        for amendment, revision in zip(taken.amendments, taken.revisions, strict=True):
            whose = amendment.id, amendment.delegation
            yield wordings_on(self.texts[revision.base], taken.decision.section, *whose, revision.edits)


class _Origins(dict[Origin, OriginView]):
    """Views of origins, each made once."""

    def __init__(self, tracing: Tracing) -> None:
        super().__init__()
        self._names = {version.id: version.name for version in tracing.versions}
        self._labels = tracing.labels()

    def __missing__(self, origin: Origin) -> OriginView:
        self[origin] = shown = OriginView(
            version=origin.version,
            name=self._names[origin.version],
            amendments=[self._labels[amendment] for amendment in origin.amendments],
            delegations=[delegation for delegation in origin.delegations if delegation],
        )
        return shown


def tracing(tx: ReadTransaction, who: Reader, version: str | None, section: str | None = None) -> Tracing:
    """Gather the version (``None``: the newest basis) with all that it came from.

    What the reader may not see is left out: an amendment's words count as the desk's, a version's as the next one's.
    """
    rows = lineage(tx, who, version_row(tx, who, version))[::-1]
    decisions = decisions_for(tx, who)
    seen = {a.id: a for a in amendments_for(tx, who, decisions)}
    taken = {row.id: _taken(row, decisions, seen) for row in rows}
    needed = {revision.base for some in taken.values() for one in some for revision in one.revisions}
    texts = {one: manifest(tx, one) for one in {row.id for row in rows} | needed}
    return Tracing(who.document, tuple(version_shown(row, who) for row in rows), texts, taken, section)


def _taken(row: Version, decisions: Sequence[DecisionView], seen: Mapping[str, AmendmentView]) -> list[Taken]:
    return [
        Taken(decision, tuple(seen[amendment] for amendment in decision.amendments if amendment in seen))
        for decision in carried_out(decisions, row)
    ]


def _standing(amendment: AmendmentView, at: datetime) -> RevisionView:
    """Give the revision that stood at a time; the first one, if another server's clock was behind."""
    return next((one for one in reversed(amendment.revisions) if one.at <= at), amendment.revisions[0])
