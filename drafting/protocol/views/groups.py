"""Views of closed groups."""

from drafting.protocol.base import Wire


class GroupView(Wire):
    """A closed group of delegations. That there is one, and who is in it, everyone knows; what it writes and says, only
    its ``members`` and its facilitators, who hold the capacity ``facilitator:CODE``.
    """

    code: str
    name: str
    members: list[str]
    dissolved: bool

    @property
    def id(self) -> str:
        """What names it within its document."""
        return self.code
