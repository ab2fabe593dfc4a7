"""The fold: how a snapshot changes with an event. ``fold`` over a feed ends where a fresh snapshot would.

Unknown kinds, and events whose payload was purged, change nothing but the cursor. The web client does the same; both
are tried on the same fixtures.
"""

from collections.abc import Iterable, Sequence
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


def _one(s: Snapshot, amendment: str, **update: object) -> Snapshot:
    return _amendments(s, [a.model_copy(update=update) for a in s.amendments if a.id == amendment])


@_after.register
def _(e: events.DocumentImported, s: Snapshot) -> Snapshot:
    return s.model_copy(update={"document": e.document, "versions": [e.version], "sections": e.sections})


@_after.register
def _(e: events.RoundOpened, s: Snapshot) -> Snapshot:
    return s.model_copy(update={"rounds": put(s.rounds, [e.round])})


@_after.register
def _(e: events.RoundClosed, s: Snapshot) -> Snapshot:
    return _round_state(s, e.round, RoundState.CLOSED)


@_after.register(events.AmendmentTabled)
@_after.register(events.AmendmentRevised)
def _(e: events.AmendmentTabled | events.AmendmentRevised, s: Snapshot) -> Snapshot:
    return _amendments(s, [e.amendment])


@_after.register
def _(e: events.AmendmentsCirculated, s: Snapshot) -> Snapshot:
    # Readers of what was held see it move: for all, it stands where it was released.
    released = {amendment.id for amendment in e.amendments}
    others = [amendment for amendment in s.amendments if amendment.id not in released]
    return s.model_copy(update={"amendments": [*others, *e.amendments]})


@_after.register
def _(e: events.AmendmentAdmitted, s: Snapshot) -> Snapshot:
    return _one(s, e.amendment, late=False)


@_after.register
def _(e: events.AmendmentWithdrawn, s: Snapshot) -> Snapshot:
    return _one(s, e.amendment, state=AmendmentState.WITHDRAWN)


@_after.register
def _(e: events.CommentPosted, s: Snapshot) -> Snapshot:
    return s.model_copy(update={"comments": put(s.comments, [e.comment])})


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
