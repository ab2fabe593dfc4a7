"""What is not agreed in a version: every bracket, who opened it and when, and the alternatives."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from drafting.domain.bracket_history import BracketLife, Issued, Step, history
from drafting.domain.bracket_tree import Pair, Place, alternative_sections, choices, counts, not_agreed, pairs
from drafting.domain.brackets import BracketFault
from drafting.domain.text import Manifest
from drafting.protocol.reading import BracketStepView, BracketsView, BracketView, ChoiceView, MarkView
from drafting.protocol.views import VersionView
from drafting.queries.apart import length_of
from drafting.queries.people import Reader
from drafting.queries.provenance import Taken, tracing
from storage.database import ReadTransaction


@dataclass(frozen=True, slots=True)
class Bracketing:
    """A version with all that it came from, the first version first; ``lifted``: brackets that are gone count too."""

    document: str
    versions: tuple[VersionView, ...]
    texts: tuple[Manifest, ...]
    who: tuple[Mapping[str, tuple[str, ...]], ...]
    lifted: bool

    @property
    def length(self) -> int:
        """Count the code points to be read."""
        return length_of(self.texts)

    def view(self) -> BracketsView:
        """Follow every bracket through the versions."""
        text = self.texts[-1]
        said = zip(self.versions, self.texts, self.who, strict=True)
        issued = [Issued(version.id, manifest, who) for version, manifest, who in said]
        lives = history(issued)
        standing = {life.pair: life for life in lives if life.lifted is None}
        depths, bracketed = depths_of(text), not_agreed(text)
        shown = _Shown(
            {version.id: version.name for version in self.versions},
            {line.section: line.label for older in self.texts for line in older},
        )
        brackets = [shown.bracket(standing[pair], standing[pair].age(issued), depths[pair]) for pair in pairs(text)]
        if self.lifted:
            brackets += (shown.bracket(life, life.age(issued), None) for life in lives if life.lifted is not None)
        return BracketsView(
            document=self.document,
            version=self.versions[-1],
            brackets=brackets,
            choices=list(_choices(text)),
            counts={section: number for section, number in counts(text).items() if number},
            not_agreed=[line.section for line in text if line.section in bracketed],
            alternatives={section: list(others) for section, others in alternative_sections(text).items()},
        )


@dataclass(frozen=True, slots=True)
class _Shown:
    """How brackets are shown: ``names`` of the versions, ``labels`` of the sections as they were last printed."""

    names: Mapping[str, str]
    labels: Mapping[str, str]

    def bracket(self, life: BracketLife, age: int, depth: int | None) -> BracketView:
        return BracketView(
            opened_at=self._mark(life.pair.opened),
            closed_at=self._mark(life.pair.closed),
            depth=depth,
            text=life.text,
            opened=self._step(life.opened),
            reworded=[self._step(step) for step in life.reworded],
            lifted=self._step(life.lifted) if life.lifted else None,
            kept=life.kept,
            age=age,
            fault=_fault(life.pair),
        )

    def _mark(self, place: Place | None) -> MarkView | None:
        if place is None:
            return None
        return MarkView(section=place.section, label=self.labels[place.section], position=place.position)

    def _step(self, step: Step) -> BracketStepView:
        return BracketStepView(version=step.version, name=self.names[step.version], delegations=list(step.who))


def bracketing(tx: ReadTransaction, who: Reader, version: str | None, *, lifted: bool = False) -> Bracketing:
    """Gather the version (``None``: the newest basis) with all that it came from.

    Whose a bracket is follows from the decisions on its section; an amendment that the reader may not see names nobody.
    """
    found = tracing(tx, who, version)
    return Bracketing(
        found.document,
        found.versions,
        tuple(found.texts[one.id] for one in found.versions),
        tuple(_who(found.taken[one.id]) for one in found.versions),
        lifted,
    )


def _who(taken: Iterable[Taken]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for one in taken:
        section = one.decision.section
        named = (*found.get(section, ()), *(code for amendment in one.amendments for code in amendment.sponsors))
        found[section] = tuple(filter(None, dict.fromkeys(named)))
    return found


def depths_of(text: Manifest) -> dict[Pair, int]:
    """Count, for each bracket of a text, the whole brackets that it stands in, itself included."""
    numbers = {line.section: number for number, line in enumerate(text)}

    def at(place: Place) -> tuple[int, int]:
        return numbers[place.section], place.position

    found: dict[Pair, int] = {}
    around: list[tuple[int, int]] = []
    for pair in pairs(text):
        first = at(pair.opened or pair.closed or Place("", 0))
        while around and around[-1] < first:
            around.pop()
        found[pair] = len(around) + 1
        if pair.opened and pair.closed:
            around.append(at(pair.closed))
    return found


def _choices(text: Manifest) -> Iterator[ChoiceView]:
    for line in text:
        for choice in choices(line.text):
            yield ChoiceView(section=line.section, start=choice.start, end=choice.end, options=list(choice.options))


def _fault(pair: Pair) -> str | None:
    if pair.opened is None:
        return BracketFault.UNOPENED
    return BracketFault.UNCLOSED if pair.closed is None else None


def as_text(view: BracketsView) -> str:
    """Say each bracket in a line, and each choice in another."""
    whole = sum(view.counts.values())
    return "\n".join([*map(_line, view.brackets), f"{whole} bracket(s) in {len(view.counts)} section(s)."])


def _line(bracket: BracketView) -> str:
    marks = [mark for mark in (bracket.opened_at, bracket.closed_at) if mark]
    where = " to ".join(dict.fromkeys(mark.label or "(no number)" for mark in marks))
    words = bracket.text.replace("\n", " ")
    said = [f"since {_when(bracket.opened)}", *(f"reworded {_when(step)}" for step in bracket.reworded)]
    if bracket.lifted:
        said.append(f"lifted {_when(bracket.lifted)}, its words {'kept' if bracket.kept else 'gone'}")
    text = f"has no partner ({bracket.fault})" if bracket.fault else f"[{words}]"
    return f"{'  ' * ((bracket.depth or 1) - 1)}{where}: {text}: {', '.join(said)}"


def _when(step: BracketStepView) -> str:
    return f"{step.name} by {', '.join(step.delegations)}" if step.delegations else step.name
