"""What is said, and where delegations stand."""

from typing import Literal

from drafting.protocol.base import Wire
from drafting.protocol.views import CommentView, PositionView


class CommentPosted(Wire):
    """Somebody said something. ``reopened``: the resolved thread that it takes up again."""

    kind: Literal["comment_posted"] = "comment_posted"
    comment: CommentView
    reopened: str | None


class CommentResolved(Wire):
    """A thread, named by the comment that begins it, needs no more attention."""

    kind: Literal["comment_resolved"] = "comment_resolved"
    comment: str


class CommentReopened(Wire):
    """A resolved thread was taken up again."""

    kind: Literal["comment_reopened"] = "comment_reopened"
    comment: str


class PositionTaken(Wire):
    """A delegation said where it stands. ``replaced``: the position in whose place this one is."""

    kind: Literal["position_taken"] = "position_taken"
    position: PositionView
    replaced: str | None


class PositionCleared(Wire):
    """A delegation gave an internal position to the audience that it is meant for; it stands there as the newest."""

    kind: Literal["position_cleared"] = "position_cleared"
    position: PositionView
    replaced: str | None


class PositionWithdrawn(Wire):
    """A delegation took a position back."""

    kind: Literal["position_withdrawn"] = "position_withdrawn"
    position: str
