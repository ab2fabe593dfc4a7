"""What working drafts say: read as they were committed, held against their base, and carried to another version."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from sqlmodel import col, select

from drafting.crdt.replica import Replica
from drafting.domain.carry_over import CarriedOver, CarriedSection, carry_over
from drafting.domain.drafted import Drafted, DraftedLine
from drafting.domain.edits import apply
from drafting.domain.merging import ClashingPassage
from drafting.domain.text import Manifest
from drafting.policy import within
from drafting.protocol.edits import Edit
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import (
    AmendmentView,
    CarriedDraftView,
    CarriedSectionView,
    ClashView,
    CommentView,
    PlacedQuoteView,
    TieView,
)
from drafting.protocol.words import AmendmentState, CarriedOutcome
from drafting.queries.amendments import amendments, decisions_for
from drafting.queries.people import Reader
from drafting.queries.unnamed import shown
from drafting.queries.versions import manifest, version_row
from drafting.queries.working import draft_stream, unknown_draft, working_draft
from storage import log, updates
from storage.database import ReadTransaction
from storage.tables import Amendment, DraftTie, Event, Version, WorkingDraft

_SPACES: Final = re.compile(r"[ \t]+")
_ALIVE: Final = frozenset({AmendmentState.INTERNAL, AmendmentState.TABLED, AmendmentState.PARKED})
_OPEN: Final = frozenset({CarriedOutcome.CONFLICT, CarriedOutcome.ORPHAN})


@dataclass(frozen=True)
class Reading:
    """A working draft as it was committed, beside the version that it stands on."""

    row: WorkingDraft
    base: Manifest
    replica: Replica

    @cached_property
    def _typed(self) -> tuple[DraftedLine, ...]:
        return self.replica.lines()

    @cached_property
    def typed(self) -> Mapping[str, str]:
        """Its texts, by section, as they were typed: what offsets count in."""
        return {line.section: line.text for line in self._typed}

    @cached_property
    def lines(self) -> tuple[DraftedLine, ...]:
        """Its lines, with texts as they are kept in versions: a space doubled, or at an end, is no change."""
        return tuple(line._replace(text=_SPACES.sub(" ", line.text).strip(" ")) for line in self._typed)

    @cached_property
    def drafted(self) -> Drafted:
        """What it makes of its base."""
        return Drafted(self.base, self.lines)

    def has(self, section: str) -> bool:
        """Whether the draft, or its base, has the section."""
        return section in self.drafted.changes


def reading(tx: ReadTransaction, row: WorkingDraft) -> Reading:
    """Read a working draft. A command locks it first (``storage.updates.lock``): then it stays as it was read."""
    stored = updates.load(tx.session, row.id)
    if stored is None:
        raise unknown_draft(row.id)
    return Reading(row, manifest(tx, row.base), Replica.of(stored.state, stored.updates))


@dataclass(frozen=True, slots=True)
class Tie:
    """The amendment that was tabled from a section."""

    section: str
    view: AmendmentView

    @property
    def alive(self) -> bool:
        """Whether the amendment is revised, and no other tabled in its place: nothing has become of it yet."""
        return self.view.state in _ALIVE


def ties(tx: ReadTransaction, who: Reader, draft: str) -> dict[str, Tie]:
    """Give, by section, the amendments that were tabled from a draft, as the reader may see them."""
    found = tx.session.exec(
        select(DraftTie.section, Amendment)
        .join(Amendment, col(Amendment.id) == col(DraftTie.amendment))
        .where(DraftTie.draft == draft)
        .order_by(col(DraftTie.section))
    ).all()
    rows = {row.id: row for _, row in found}
    views = {view.id: view for view in amendments(tx, rows.values(), decisions_for(tx, who))}
    return {section: Tie(section, views[row.id]) for section, row in found}


def tied_to(known: Mapping[str, Tie], amendment: str) -> list[str]:
    """Name the sections that one amendment was tabled from."""
    return [section for section, tie in known.items() if tie.view.id == amendment]


def same(tx: ReadTransaction, read: Reading, known: Mapping[str, Tie]) -> dict[str, bool]:
    """Say, by tied section, whether the amendment's newest revision makes of it what the draft does."""
    found: dict[str, bool] = {}
    for amendment in {tie.view.id for tie in known.values()}:
        sections = tied_to(known, amendment)
        revision = known[sections[0]].view.revision
        made = _standing(manifest(tx, revision.base), revision.edits)
        ours = _standing(read.base, read.drafted.edits(sections))
        here = revision.base == read.row.base
        for section in sections:
            was, now = made.get(section), ours.get(section)
            found[section] = was == now if here else (was and was[0]) == (now and now[0])
    return found


def _standing(base: Manifest, edits: Sequence[Edit]) -> dict[str, tuple[str, str]]:
    """Give, by section that is there, what it reads and what it stands behind."""
    before, found = "", {}
    for line in apply(base, edits):
        if not line.deleted:
            found[line.section] = (line.text, before)
            before = line.section
    return found


def tie_view(tie: Tie, *, same: bool) -> TieView:
    """Show a tie."""
    view = tie.view
    return TieView(amendment=view.id, label=view.label, state=view.state, revision=view.revision.number, same=same)


def still_open(tx: ReadTransaction, read: Reading) -> Iterator[CarriedSectionView]:
    """Give what the last carrying over left to be decided on, as long as it reads as it was left."""
    asked = select(Event.payload).where(
        Event.scope == read.row.document,
        Event.stream == draft_stream(read.row),
        Event.kind == "draft_carried_over",
    )
    told = (log.parsed(payload) for payload in tx.session.exec(asked.order_by(col(Event.seq).desc())))
    last = next((payload for payload in told if payload.get("draft") == read.row.id), None)
    texts = {line.section: "" if line.gone else line.text for line in read.lines}
    for left in last["open"] if last and last["base"] == read.row.base else ():
        if texts.get(left["section"]) == left["text"]:
            yield CarriedSectionView.model_validate(left)


def placed(read: Reading, comments: Iterable[CommentView]) -> Iterator[PlacedQuoteView]:
    """Say where the words of the draft that comments quote stand now."""
    for comment in comments:
        was = comment.drafted
        if was is None or was.draft != read.row.id:
            continue
        section, start, end = read.replica.place(was.anchor) or (comment.section or "", 0, 0)
        stands = start < end
        yield PlacedQuoteView(
            comment=comment.id,
            section=section,
            was=was.quote,
            orphaned=not stands,
            start=start if stands else None,
            end=end if stands else None,
            quote=read.typed[section][start:end] if stands else None,
            anchor=was.anchor,
        )


def carried_draft(tx: ReadTransaction, who: Reader, draft: str, version: str | None) -> CarriedDraftView:
    """Show how a working draft would be carried over to a version (``None``: the basis)."""
    row = working_draft(tx, who, draft)
    onto = version_for(tx, who, row, version)
    base, new = manifest(tx, row.base), manifest(tx, onto.id)
    carried = carry_over(base, reading(tx, row).lines, new)
    return shown(
        CarriedDraftView(draft=row.id, base=row.base, version=onto.id, sections=carried_views(base, new, carried)), who
    )


def version_for(tx: ReadTransaction, who: Reader, row: WorkingDraft, version: str | None) -> Version:
    """Give the version that a draft is to stand on, if all who may read the draft may read it too."""
    onto = version_row(tx, who, version)
    if not within(draft_stream(row), onto.audience):
        raise Refusal(ProblemCode.NOT_PERMITTED, f"Not all who read the working draft may read {onto.name}.")
    return onto


def carried_views(base: Manifest, new: Manifest, carried: CarriedOver) -> list[CarriedSectionView]:
    """Show what became of each section that either side had changed."""
    labels = {line.section: line.label for line in (*base, *new)}
    return [_carried(one, labels.get(one.section, "")) for one in carried.report]


def open_views(views: Iterable[CarriedSectionView]) -> list[CarriedSectionView]:
    """Give those of them on which a person has to decide."""
    return [view for view in views if view.outcome in _OPEN]


def _carried(one: CarriedSection, label: str) -> CarriedSectionView:
    return CarriedSectionView(
        section=one.section,
        label=label,
        outcome=one.outcome,
        remark=one.remark and one.remark.value,
        old=one.old,
        new=one.new,
        drafted=one.drafted,
        text=one.text,
        pieces=[piece if isinstance(piece, str) else _clash(one.old, piece) for piece in one.passages],
    )


def _clash(old: str, passage: ClashingPassage) -> ClashView:
    return ClashView(base=old[passage.start : passage.end], current=passage.current, proposed=passage.proposed)
