"""What changed since a version, and what of it touches a delegation."""

from collections import defaultdict
from dataclasses import dataclass

from drafting.domain.edits import touched
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.searching import NewsView, TouchedView
from drafting.protocol.views import ChangeView
from drafting.queries.amendments import amendments_for, decisions_for
from drafting.queries.apart import length_of
from drafting.queries.compare import Comparison, gathered
from drafting.queries.discussion import positions_for
from drafting.queries.people import Reader
from drafting.queries.provenance import Tracing, tracing
from drafting.queries.versions import manifest, version_row
from storage.database import ReadTransaction


@dataclass(frozen=True, slots=True)
class News:
    """A comparison up to the newest text, and what a delegation has in it. ``stakes``: its amendments by section."""

    comparison: Comparison
    words: Tracing
    delegation: str | None
    stakes: dict[str, list[str]]
    positions: frozenset[str]

    @property
    def length(self) -> int:
        """Count the code points to be read."""
        return self.comparison.length + length_of(self.words.texts.values())

    def view(self) -> NewsView:
        """Say what changed, and how it touches the delegation."""
        shown = self.comparison.view()
        brought = self._brought() if self.delegation else {}
        changes = [change for change in shown.changes if change.kinds]
        return NewsView(
            document=self.comparison.document,
            since=self.comparison.old,
            version=self.comparison.new,
            delegation=self.delegation,
            changes=[self._touched(change, brought.get(change.section, [])) for change in changes],
        )

    def _brought(self) -> dict[str, list[tuple[int, int]]]:
        """Give the stretches of the older text, by section, that the delegation brought in."""
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for section in self.words.view().sections:
            at = 0
            for run in section.runs:
                if self.delegation in run.origin.delegations:
                    found[section.section].append((at, at + len(run.text)))
                at += len(run.text)
        return found

    def _touched(self, change: ChangeView, brought: list[tuple[int, int]]) -> TouchedView:
        return TouchedView(
            change=change,
            words=any(start < end and a < end and start < b for a, b in brought for start, end in _struck(change)),
            amendments=self.stakes.get(change.section, []),
            position=change.section in self.positions,
        )


def _struck(change: ChangeView) -> list[tuple[int, int]]:
    """Give the stretches of the older text that were deleted, or in which something was inserted."""
    found = []
    at = 0
    for op, text in change.spans:
        if op == "insert":
            found.append((max(0, at - 1), at + 1))
        else:
            end = at + len(text)
            found += [(at, end)] if op == "delete" else []
            at = end
    return found


def news(tx: ReadTransaction, who: Reader, since: str, delegation: str | None) -> News:
    """Gather what changed since a version, up to the newest basis. ``delegation``: one that the reader acts for."""
    if delegation is not None and not who.sees(f"delegation:{delegation}"):
        raise Refusal(ProblemCode.NOT_PERMITTED, "What touches a delegation is for that delegation to see.")
    newest = version_row(tx, who, None)
    stakes: dict[str, list[str]] = defaultdict(list)
    for amendment in amendments_for(tx, who, decisions_for(tx, who)) if delegation else ():
        if delegation in amendment.sponsors:
            for section in touched(manifest(tx, amendment.base), amendment.revision.edits):
                stakes[section].append(amendment.label)
    own = [one for one in positions_for(tx, who) if one.delegation == delegation and one.stands]
    sections = {one.section for one in own if one.section}
    return News(
        gathered(tx, who, since, newest.id), tracing(tx, who, since), delegation, dict(stakes), frozenset(sections)
    )
