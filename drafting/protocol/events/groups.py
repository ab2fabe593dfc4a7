"""What becomes of closed groups, and of what they write."""

from typing import Literal

from drafting.protocol.base import Wire
from drafting.protocol.views import AmendmentView, GroupView


class GroupFounded(Wire):
    """There is a new closed group."""

    kind: Literal["group_founded"] = "group_founded"
    group: GroupView


class GroupChanged(Wire):
    """A closed group has other members, or another name."""

    kind: Literal["group_changed"] = "group_changed"
    group: GroupView


class GroupDissolved(Wire):
    """A closed group has done its work."""

    kind: Literal["group_dissolved"] = "group_dissolved"
    group: GroupView


class TextReportedBack(Wire):
    """A closed group's text has come before plenary as an amendment."""

    kind: Literal["text_reported_back"] = "text_reported_back"
    amendment: AmendmentView
