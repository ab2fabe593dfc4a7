"""The list of what older texts have left: parked amendments and quoted words, carried to a newer text."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from drafting.domain.anchors import Anchor, CarriedAnchor, carry_anchors
from drafting.domain.carried import CarriedEdit, Place
from drafting.domain.merging import ClashingPassage
from drafting.protocol.views import AmendmentView, CommentView, DecisionView, QuoteView
from drafting.protocol.views.carried import (
    CarriedAmendmentView,
    CarriedCommentView,
    CarriedPartView,
    CarriedView,
    ClashView,
    PlaceView,
)
from drafting.protocol.words import AmendmentState, RoundState
from drafting.queries.amendments import amendments_for, decisions_for, legs_from, outcomes_of, round_rows
from drafting.queries.carrying import ByRound, Leg, Standing, journey
from drafting.queries.discussion import comments_for, in_open_threads
from drafting.queries.people import Reader
from drafting.queries.versions import manifest, places_of, version_row
from storage.database import ReadTransaction
from storage.tables import Version


def carried(tx: ReadTransaction, who: Reader, version: str | None) -> CarriedView:
    """Show what was said on older texts than the version (``None``: the newest), and where it stands there."""
    row = version_row(tx, who, version)
    decisions = decisions_for(tx, who)
    left = carried_amendments(tx, row, amendments_for(tx, who, decisions), decisions)
    return CarriedView(
        document=who.document,
        version=row.id,
        amendments=[amendment_view(view, asks) for view, asks in left],
        comments=list(_comments(tx, row, in_open_threads(comments_for(tx, who)))),
    )


def carried_amendments(
    tx: ReadTransaction, version: Version, amendments: Iterable[AmendmentView], decisions: Iterable[DecisionView]
) -> Iterator[tuple[AmendmentView, Standing]]:
    """Give those of the amendments that are circulated, were made on older texts and wait still, as they stand on the
    version in the light of the decisions.
    """
    rounds = round_rows(tx, version.document)
    over = {row.id for row in rounds if row.state == RoundState.CONSOLIDATED}
    waiting = [a for a in amendments if a.round in over and _waits(a)]
    if not waiting:
        return
    decided = outcomes_of(decisions)
    places = places_of(tx, version.document)
    for view in waiting:
        if places[view.base] < version.place:
            before = [leg for leg in legs_from(rounds, view.round) if places[leg.base] < version.place]
            yield view, _last(tx, view, [*before, Leg("", version.id)], decided.get(view.id, {}))


def _waits(amendment: AmendmentView) -> bool:
    """Tell whether an amendment outlives its round: it was parked, or came too late for it."""
    late = amendment.late and amendment.state is AmendmentState.TABLED
    return amendment.circulated and (late or amendment.state is AmendmentState.PARKED)


def _last(tx: ReadTransaction, view: AmendmentView, legs: list[Leg], decided: ByRound) -> Standing:
    *_, (_, asks) = journey(tx, view.revision.edits, legs, decided)
    return asks


def amendment_view(view: AmendmentView, asks: Standing) -> CarriedAmendmentView:
    """Show an amendment as it was carried."""
    way = asks.carried
    return CarriedAmendmentView(
        amendment=view.id,
        label=view.label,
        delegation=view.delegation,
        state=view.state,
        base=view.base,
        fate=way.fate.value if way else "exact",
        parts=[_part(part) for part in way.parts] if way else [],
    )


def _part(part: CarriedEdit) -> CarriedPartView:
    return CarriedPartView(
        edit=part.edit,
        fate=part.fate.value,
        now=part.now,
        remark=part.remark and part.remark.value,
        pieces=[piece if isinstance(piece, str) else _clash(part, piece) for piece in part.pieces],
        place=part.place and _place(part.place),
    )


def _clash(part: CarriedEdit, passage: ClashingPassage) -> ClashView:
    was = part.place.line.text if part.place else ""
    return ClashView(base=was[passage.start : passage.end], current=passage.current, proposed=passage.proposed)


def _place(place: Place) -> PlaceView:
    return PlaceView(
        section=place.line.section,
        label=place.line.label,
        text=place.line.text,
        before=place.before.label if place.before else "",
        after=place.after.label if place.after else "",
    )


def _comments(tx: ReadTransaction, version: Version, comments: Iterable[CommentView]) -> Iterator[CarriedCommentView]:
    """Carry the quotations of comments made on any other text; replies go with what they reply to."""
    quoting: dict[str, list[tuple[CommentView, QuoteView]]] = defaultdict(list)
    for comment in comments:
        if comment.target is not None and comment.section is not None and comment.target.version != version.id:
            quoting[comment.target.version].append((comment, comment.target))
    new = manifest(tx, version.id)
    for base, quotes in quoting.items():
        anchors = [Anchor(c.section or "", quote.start, quote.end, quote.quote) for c, quote in quotes]
        for (comment, quote), one in zip(quotes, carry_anchors(manifest(tx, base), new, anchors), strict=True):
            yield _comment(comment, quote, one, version.id)


def _comment(comment: CommentView, was: QuoteView, one: CarriedAnchor, version: str) -> CarriedCommentView:
    now = one.now
    return CarriedCommentView(
        comment=comment.id,
        hold=one.hold.value,
        was=was,
        section=now.section if now else None,
        now=QuoteView(quote=now.quote, start=now.start, end=now.end, version=version) if now else None,
        place=_place(one.place) if one.place else None,
    )
