"""The snapshot: a document as one reader may see it."""

from drafting.protocol.base import Wire
from drafting.protocol.views.amendments import AmendmentView, RoundView
from drafting.protocol.views.desk import DecisionView
from drafting.protocol.views.discussion import CommentView, PositionView
from drafting.protocol.views.groups import GroupView
from drafting.protocol.views.status import StatusView
from drafting.protocol.views.texts import DocumentView, SectionView, VersionView
from drafting.protocol.views.working import WorkingDraftView


class Snapshot(Wire):
    """A document as one reader may see it, and the cursor from which the feed goes on.

    ``sections`` is the current basis of negotiation: the newest version's text. Decisions that are not yet issued
    are there for the desk alone, and amendments stand for everyone else as if they had not been taken.
    """

    cursor: str
    document: DocumentView
    versions: list[VersionView]
    sections: list[SectionView]
    rounds: list[RoundView]
    amendments: list[AmendmentView]
    comments: list[CommentView]
    positions: list[PositionView]
    groups: list[GroupView]
    statuses: list[StatusView]
    decisions: list[DecisionView]
    working_drafts: list[WorkingDraftView]
