"""What is said about a text and where delegations stand on it, each as one reader may see it."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select

from drafting.policy import Acting
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import (
    CommentView,
    DraftQuoteView,
    PositionView,
    QuoteView,
    StandView,
    TalliesView,
    TallyView,
)
from drafting.protocol.words import PositionAudience, Reservation, Stand
from drafting.queries.desk import on_table, round_row
from drafting.queries.people import Reader, delegations
from drafting.queries.unnamed import shown
from drafting.queries.versions import manifest
from storage.database import ReadTransaction
from storage.tables import Comment, Document, Position

OBJECTING = frozenset({Stand.CANNOT_ACCEPT, Stand.RESERVE})


def comment_view(row: Comment) -> CommentView:
    """Show a comment."""
    audience, _, code = row.stream.partition(":")
    drafted = row.target is not None and "draft" in row.target
    return CommentView(
        id=row.id,
        section=row.section,
        target=QuoteView.model_validate(row.target) if row.target and not drafted else None,
        drafted=DraftQuoteView.model_validate(row.target) if drafted else None,
        amendment=row.amendment,
        reply_to=row.reply_to,
        audience=row.audience,
        group=code if audience == "group" else None,
        delegation=row.delegation,
        by=row.by,
        capacity=row.capacity,
        body=row.body,
        resolved=row.resolved,
        at=row.at,
    )


def comments_for(tx: ReadTransaction, who: Reader) -> list[CommentView]:
    """Give the comments that the reader may see, in the order they were made."""
    rows = tx.session.exec(select(Comment).where(Comment.document == who.document).order_by(col(Comment.place)))
    return shown([comment_view(row) for row in rows if who.sees(row.stream)], who)


def in_open_threads(comments: Iterable[CommentView]) -> list[CommentView]:
    """Leave out what stands in threads that are resolved. Replies come after what they reply to."""
    resolved: set[str] = set()
    kept = []
    for comment in comments:
        if comment.resolved or comment.reply_to in resolved:
            resolved.add(comment.id)
        else:
            kept.append(comment)
    return kept


def position_stream(row: Position) -> str:
    """Give the audience of a position: everyone, its delegation alone, or that and the chair or the secretariat."""
    match PositionAudience(row.audience):
        case PositionAudience.ALL:
            return "all"
        case PositionAudience.OWN:
            return f"delegation:{row.delegation}"
        case house:
            return f"{house}+{row.delegation}"


def position_view(row: Position) -> PositionView:
    """Show a position."""
    return PositionView(
        id=row.id,
        amendment=row.amendment,
        section=row.section,
        delegation=row.delegation,
        stand=Stand(row.stand),
        reservation=Reservation(row.reservation) if row.reservation else None,
        audience=PositionAudience(row.audience),
        note=row.note,
        by=row.by,
        capacity=row.capacity,
        at=row.at,
        withdrawn=row.withdrawn,
        replaced_by=row.replaced_by,
    )


def positions_for(tx: ReadTransaction, who: Reader) -> list[PositionView]:
    """Give the positions that the reader may see, in the order they were given to their audiences."""
    return shown(_positions(tx, who), who)


def _positions(tx: ReadTransaction, who: Reader, *about: ColumnElement[bool]) -> list[PositionView]:
    asked = select(Position).where(Position.document == who.document, *about).order_by(col(Position.place))
    return [position_view(row) for row in tx.session.exec(asked) if who.sees(position_stream(row))]


def stands(tx: ReadTransaction, who: Reader, *about: ColumnElement[bool]) -> list[PositionView]:
    """Give where each delegation stands on each amendment and section (``about``: on these alone), as far as the reader
    knows it for the house.

    Of several positions to different audiences the newest counts. What a reader knows as a delegation's is not used.
    """
    sides = (capacity for capacity in who.capacities if Acting.parse(capacity).side is None)
    # Counting tells delegations apart, whoever is told of them in the end.
    house = replace(who, capacities=tuple(sides), groups=(), unnamed=False)
    standing = [position for position in _positions(tx, house, *about) if position.stands]
    newest = {(one.amendment, one.section, one.delegation): one for one in standing}
    return list(newest.values())


def objections(tx: ReadTransaction, who: Reader, amendments: Collection[str], section: str) -> list[str]:
    """Name the delegations that cannot accept, or reserve on, any of the amendments or the section, by code.

    Counted is what ``who`` may know for the house (see ``stands``); for what everyone may know, ask as an observer.
    """
    on = or_(col(Position.amendment).in_(amendments), col(Position.section) == section)
    return sorted({one.delegation for one in stands(tx, who, on) if one.stand in OBJECTING})


def tallies_for(tx: ReadTransaction, who: Reader, round_id: str) -> TalliesView:
    """Count where delegations stand, for those at the desk: each counts what they may see."""
    if not who.sees("desk"):
        raise Refusal(ProblemCode.NOT_PERMITTED, "Tallies are for the chair and the secretariat; nobody is voted down.")
    row = round_row(tx, who.document, round_id)
    order = [delegation.code for delegation in delegations(tx, tx.session.get_one(Document, who.document).process)]
    known: dict[str | None, list[PositionView]] = {}
    for one in stands(tx, who):
        known.setdefault(one.amendment or one.section, []).append(one)
    amendments = [one.amendment.id for one in on_table(tx, row)]
    sections = [line.section for line in manifest(tx, row.base)]
    return TalliesView(
        round=row.id,
        amendments=[
            TallyView(amendment=id_, section=None, stands=_counted(known[id_], order))
            for id_ in amendments
            if id_ in known
        ],
        sections=[
            TallyView(amendment=None, section=id_, stands=_counted(known[id_], order))
            for id_ in sections
            if id_ in known
        ],
    )


def _counted(positions: Collection[PositionView], order: list[str]) -> list[StandView]:
    found = []
    for stand in Stand:
        codes = sorted((one.delegation for one in positions if one.stand is stand), key=order.index)
        if codes:
            found.append(StandView(stand=stand, count=len(codes), delegations=codes))
    return found
