"""What happens to an amendment, and to those who hold it."""

from typing import Literal

from drafting.protocol.base import Wire
from drafting.protocol.views import AmendmentView
from drafting.protocol.words import AmendmentId


class AmendmentTabled(Wire):
    """A delegation made a proposal. ``supersedes``: its own ones, in whose place it stands."""

    kind: Literal["amendment_tabled"] = "amendment_tabled"
    amendment: AmendmentView
    supersedes: list[AmendmentId]


class AmendmentRevised(Wire):
    """A delegation changed its proposal; ``amendment`` is how it stands now."""

    kind: Literal["amendment_revised"] = "amendment_revised"
    amendment: AmendmentView


class AmendmentWithdrawn(Wire):
    """A delegation no longer proposes this."""

    kind: Literal["amendment_withdrawn"] = "amendment_withdrawn"
    amendment: AmendmentId
    reason: str


class AmendmentSponsored(Wire):
    """A delegation joined those who hold an amendment: ``sponsors``, of whom ``delegation`` speaks for it."""

    kind: Literal["amendment_sponsored"] = "amendment_sponsored"
    amendment: AmendmentId
    sponsors: list[str]
    delegation: str


class AmendmentLeft(Wire):
    """A delegation left those who hold an amendment; ``sponsors`` are those who maintain it, ``delegation`` speaks for
    it now.
    """

    kind: Literal["amendment_left"] = "amendment_left"
    amendment: AmendmentId
    sponsors: list[str]
    delegation: str
