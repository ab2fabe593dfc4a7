"""The fold: how a snapshot changes with an event. ``fold`` over a feed ends where a fresh snapshot would.

Unknown kinds, and events whose payload was purged, change nothing but the cursor. The web client does the same; both
are tried on the same fixtures.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import singledispatch
from typing import Protocol, TypeVar

from drafting.protocol import events
from drafting.protocol.events import KINDS, PAYLOAD, EventView
from drafting.protocol.views import AmendmentView, Snapshot
from drafting.protocol.words import AmendmentState, RoundState


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


V = TypeVar("V", bound=_HasId)


def fold(snapshot: Snapshot, event: EventView, cursor: str) -> Snapshot:
    """Give the snapshot as it is after the event, at the event's cursor."""
    if event.kind in KINDS and event.payload:
        # A newer server may say more than we know: what we do not know is ignored.
        snapshot = _after(PAYLOAD.validate_python(event.payload, extra="ignore"), snapshot)
    return snapshot.model_copy(update={"cursor": cursor})


def put(items: Sequence[V], new: Iterable[V]) -> list[V]:
    """Put each new item in the place of the one with its id, or at the end."""
    at = {item.id: n for n, item in enumerate(items)}
    out = list(items)
    for item in new:
        if item.id in at:
            out[at[item.id]] = item
        else:
            at[item.id] = len(out)
            out.append(item)
    return out


@singledispatch
def _after(_payload: object, s: Snapshot) -> Snapshot:
    """Give the snapshot after what happened; things that a document's snapshot does not show change nothing."""
    return s


def _round_state(s: Snapshot, round_id: str, state: RoundState) -> Snapshot:
    rounds = [r.model_copy(update={"state": state}) if r.id == round_id else r for r in s.rounds]
    return s.model_copy(update={"rounds": rounds})


def _amendments(s: Snapshot, amendments: Iterable[AmendmentView]) -> Snapshot:
    return s.model_copy(update={"amendments": put(s.amendments, amendments)})


def _at_the_end(s: Snapshot, amendments: Sequence[AmendmentView]) -> Snapshot:
    # Who saw it before sees it move: for all, it stands where it came before them.
    fresh = {amendment.id for amendment in amendments}
    others = [amendment for amendment in s.amendments if amendment.id not in fresh]
    return s.model_copy(update={"amendments": [*others, *amendments]})


def _one(s: Snapshot, amendment: str, **update: object) -> Snapshot:
    return _amendments(s, [a.model_copy(update=update) for a in s.amendments if a.id == amendment])


def _thread(s: Snapshot, comment: str, *, resolved: bool) -> Snapshot:
    comments = [c.model_copy(update={"resolved": resolved}) if c.id == comment else c for c in s.comments]
    return s.model_copy(update={"comments": comments})


def _locked(s: Snapshot, draft: str, change: Callable[[list[str]], set[str]]) -> Snapshot:
    drafts = [
        one.model_copy(update={"locked": sorted(change(one.locked))}) if one.id == draft else one
        for one in s.working_drafts
    ]
    return s.model_copy(update={"working_drafts": drafts})


def _position(s: Snapshot, position: str | None, **update: object) -> Snapshot:
    positions = [p.model_copy(update=update) if p.id == position else p for p in s.positions]
    return s.model_copy(update={"positions": positions})


@_after.register
def _(e: events.DocumentImported, s: Snapshot) -> Snapshot:
    return s.model_copy(update={"document": e.document, "versions": [e.version], "sections": e.sections})


@_after.register
def _(e: events.RoundOpened, s: Snapshot) -> Snapshot:
    return s.model_copy(update={"rounds": put(s.rounds, [e.round])})


@_after.register
def _(e: events.RoundClosed, s: Snapshot) -> Snapshot:
    return _round_state(s, e.round, RoundState.CLOSED)


@_after.register
def _(e: events.AmendmentTabled, s: Snapshot) -> Snapshot:
    for old in e.supersedes:
        s = _one(s, old, state=AmendmentState.SUPERSEDED, superseded_by=e.amendment.id)
    return _amendments(s, [e.amendment])


@_after.register(events.AmendmentRevised)
@_after.register(events.AmendmentRedrafted)
@_after.register(events.AmendmentDrafted)
@_after.register(events.DraftRevised)
@_after.register(events.AmendmentEntered)
@_after.register(events.EntryCorrected)
def _(
    e: events.AmendmentRevised
    | events.AmendmentRedrafted
    | events.AmendmentDrafted
    | events.DraftRevised
    | events.AmendmentEntered
    | events.EntryCorrected,
    s: Snapshot,
) -> Snapshot:
    return _amendments(s, [e.amendment])


@_after.register
def _(e: events.AmendmentsCirculated, s: Snapshot) -> Snapshot:
    return _at_the_end(s, e.amendments)


@_after.register(events.AmendmentCleared)
@_after.register(events.TextReportedBack)
def _(e: events.AmendmentCleared | events.TextReportedBack, s: Snapshot) -> Snapshot:
    return _at_the_end(s, [e.amendment])


@_after.register(events.AmendmentSponsored)
@_after.register(events.AmendmentLeft)
def _(e: events.AmendmentSponsored | events.AmendmentLeft, s: Snapshot) -> Snapshot:
    held = next((a for a in s.amendments if a.id == e.amendment), None)
    speaks = held.group if held else None
    return _one(s, e.amendment, sponsors=e.sponsors, delegation=speaks or e.delegation)


@_after.register
def _(e: events.EntryConfirmed, s: Snapshot) -> Snapshot:
    entry = next((a.entry for a in s.amendments if a.id == e.amendment), None)
    return _one(s, e.amendment, entry=entry and entry.model_copy(update={"confirmed": True}))


@_after.register
def _(e: events.DraftsPurged, s: Snapshot) -> Snapshot:
    return s.model_copy(
        update={
            "amendments": [a for a in s.amendments if a.id not in e.amendments],
            "comments": [c for c in s.comments if c.id not in e.comments],
            "positions": [p for p in s.positions if p.id not in e.positions],
            "working_drafts": [d for d in s.working_drafts if d.id not in e.working_drafts],
        }
    )


@_after.register
def _(e: events.AmendmentAdmitted, s: Snapshot) -> Snapshot:
    return _one(s, e.amendment, late=False)


@_after.register(events.AmendmentWithdrawn)
@_after.register(events.DraftDiscarded)
def _(e: events.AmendmentWithdrawn | events.DraftDiscarded, s: Snapshot) -> Snapshot:
    return _one(s, e.amendment, state=AmendmentState.WITHDRAWN)


@_after.register
def _(e: events.CommentPosted, s: Snapshot) -> Snapshot:
    said = _thread(s, e.reopened, resolved=False) if e.reopened else s
    return said.model_copy(update={"comments": put(said.comments, [e.comment])})


@_after.register
def _(e: events.CommentResolved, s: Snapshot) -> Snapshot:
    return _thread(s, e.comment, resolved=True)


@_after.register
def _(e: events.CommentReopened, s: Snapshot) -> Snapshot:
    return _thread(s, e.comment, resolved=False)


@_after.register(events.PositionTaken)
@_after.register(events.PositionCleared)
def _(e: events.PositionTaken | events.PositionCleared, s: Snapshot) -> Snapshot:
    # One that was cleared stands, for all who see it, where it was cleared.
    others = [one for one in _position(s, e.replaced, replaced_by=e.position.id).positions if one.id != e.position.id]
    return s.model_copy(update={"positions": [*others, e.position]})


@_after.register
def _(e: events.PositionWithdrawn, s: Snapshot) -> Snapshot:
    return _position(s, e.position, withdrawn=True)


@_after.register(events.GroupFounded)
@_after.register(events.GroupChanged)
@_after.register(events.GroupDissolved)
def _(e: events.GroupFounded | events.GroupChanged | events.GroupDissolved, s: Snapshot) -> Snapshot:
    return s.model_copy(update={"groups": sorted(put(s.groups, [e.group]), key=lambda group: group.code)})


@_after.register
def _(e: events.SectionDecided, s: Snapshot) -> Snapshot:
    return _amendments(s, e.amendments).model_copy(update={"decisions": put(s.decisions, [e.decision])})


@_after.register
def _(e: events.DecisionUndone, s: Snapshot) -> Snapshot:
    decisions = [d.model_copy(update={"undone": True}) if d.id == e.decision else d for d in s.decisions]
    return _amendments(s, e.amendments).model_copy(update={"decisions": decisions})


@_after.register
def _(e: events.VersionIssued, s: Snapshot) -> Snapshot:
    settled = _round_state(_amendments(s, e.amendments), e.round, RoundState.CONSOLIDATED)
    return settled.model_copy(
        update={
            "versions": put(s.versions, [e.version]),
            "sections": e.sections,
            "decisions": put(s.decisions, e.decisions),
        }
    )


@_after.register(events.InSessionIssued)
@_after.register(events.TextProposed)
def _(e: events.InSessionIssued | events.TextProposed, s: Snapshot) -> Snapshot:
    return s.model_copy(update={"versions": put(s.versions, [e.version])})


@_after.register(events.TextTakenUp)
@_after.register(events.TextRenumbered)
@_after.register(events.CorrigendumIssued)
@_after.register(events.VersionRecalled)
def _(
    e: events.TextTakenUp | events.TextRenumbered | events.CorrigendumIssued | events.VersionRecalled, s: Snapshot
) -> Snapshot:
    return s.model_copy(update={"versions": put(s.versions, [e.version]), "sections": e.sections})


@_after.register
def _(e: events.WorkingDraftOpened, s: Snapshot) -> Snapshot:
    return s.model_copy(update={"working_drafts": sorted(put(s.working_drafts, [e.draft]), key=lambda draft: draft.id)})


@_after.register
def _(e: events.SectionLocked, s: Snapshot) -> Snapshot:
    return _locked(s, e.draft, lambda locked: {*locked, e.section})


@_after.register
def _(e: events.SectionUnlocked, s: Snapshot) -> Snapshot:
    return _locked(s, e.draft, lambda locked: {*locked} - {e.section})


@_after.register
def _(e: events.DraftTabled, s: Snapshot) -> Snapshot:
    return _amendments(s, e.amendments)


@_after.register
def _(e: events.DraftCarriedOver, s: Snapshot) -> Snapshot:
    drafts = [one.model_copy(update={"base": e.base}) if one.id == e.draft else one for one in s.working_drafts]
    return s.model_copy(update={"working_drafts": drafts})


@_after.register
def _(e: events.StatusSet, s: Snapshot) -> Snapshot:
    at = next((n for n, known in enumerate(s.statuses) if known.section == e.status.section), len(s.statuses))
    return s.model_copy(update={"statuses": [*s.statuses[:at], e.status, *s.statuses[at + 1 :]]})
