"""Where a version speaks of its own sections: which of those are gone, and what a renumbering made wrong."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from drafting.domain.diff import diff
from drafting.domain.references import Reference, after_renumbering, references
from drafting.domain.text import Manifest, Op
from drafting.protocol.reading import OutdatedView, ReferencesView, ReferenceView
from drafting.protocol.views import VersionView
from drafting.queries.apart import length_of
from drafting.queries.people import Reader
from drafting.queries.versions import manifest, version_row, version_shown
from storage.database import ReadTransaction


@dataclass(frozen=True, slots=True)
class Referring:
    """A version, and maybe an older one whose references were right."""

    document: str
    version: VersionView
    text: Manifest
    against: VersionView | None = None
    before: Manifest = ()

    @property
    def length(self) -> int:
        """Count the code points to be read."""
        return length_of((self.text, self.before))

    def view(self) -> ReferencesView:
        """Show the references in reading order, and those of the older version that read wrongly now."""
        labels = _labels(self.text)
        return ReferencesView(
            document=self.document,
            version=self.version,
            against=self.against,
            references=[_reference(one, labels) for one in references(self.text)],
            outdated=list(outdated(self.before, self.text)),
        )


def referring(tx: ReadTransaction, who: Reader, version: str | None, against: str | None = None) -> Referring:
    """Gather the version (``None``: the newest basis) and the older one to compare its numbers with."""
    row = version_row(tx, who, version)
    now = Referring(who.document, version_shown(row, who), manifest(tx, row.id))
    if against is None:
        return now
    older = version_row(tx, who, against)
    return Referring(now.document, now.version, now.text, version_shown(older, who), manifest(tx, older.id))


def outdated(old: Manifest, new: Manifest) -> Iterator[OutdatedView]:
    """Give the references of ``old`` that still say in ``new`` what they said, and now mean another section, or none.

    A reference whose words have changed since was looked at, and so was a section that names all that it named before.
    """
    labels, texts = _labels(old), {line.section: line.text for line in new}
    was, now = _named(old), _named(new)
    said = {line.section: _kept(line.text, texts.get(line.section, "")) for line in old if line.section in was}
    for change in after_renumbering(old, new):
        one = change.reference
        stays = any(start <= one.start and one.end <= end for start, end in said[one.section])
        if stays and not now[one.section] >= was[one.section]:
            yield OutdatedView(reference=_reference(one, labels), suggested=change.suggested)


def _named(text: Manifest) -> dict[str, Counter[str]]:
    """Count, by section, which others it names."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for one in references(text):
        if one.target and one.fault is None:
            found[one.section][one.target] += 1
    return found


def _kept(old: str, new: str) -> list[tuple[int, int]]:
    """Give the stretches of the old text that the new one has kept."""
    found = []
    at = 0
    for op, text in diff(old, new, exact=True):
        if op is Op.KEEP:
            found.append((at, at + len(text)))
        at += len(text) if op is not Op.INSERT else 0
    return found


def _labels(text: Manifest) -> dict[str, str]:
    return {line.section: line.label for line in text}


def _reference(one: Reference, labels: Mapping[str, str]) -> ReferenceView:
    return ReferenceView(
        section=one.section,
        printed=labels[one.section],
        start=one.start,
        end=one.end,
        said=one.said,
        label=one.label,
        target=one.target,
        fault=one.fault,
        elsewhere=one.elsewhere,
        dead=one.fault is not None and not one.elsewhere,
    )


def as_text(view: ReferencesView) -> str:
    """Say each reference that leads nowhere, or is wrong after a renumbering, in a line; and how many there are."""
    lines = [f"{_place(one)} leads nowhere ({one.fault})." for one in view.references if one.dead]
    lines += [f"{_place(one.reference)} {_advice(one.suggested)}" for one in view.outdated]
    return "\n".join([*lines, f"{len(view.references)} reference(s), {len(lines)} to look at."])


def _place(one: ReferenceView) -> str:
    return f"{one.printed or '(no number)'}: “{one.said}”"


def _advice(suggested: str | None) -> str:
    return "names what is gone." if suggested is None else f"is to read “{suggested}”."
