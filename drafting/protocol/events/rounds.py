"""What happens to a round."""

from typing import Literal

from drafting.protocol.base import Wire
from drafting.protocol.views import AmendmentView, RoundView
from drafting.protocol.words import AmendmentId, RoundId


class RoundOpened(Wire):
    """The negotiation of a version began."""

    kind: Literal["round_opened"] = "round_opened"
    round: RoundView


class RoundClosed(Wire):
    """Nothing more is tabled in the round."""

    kind: Literal["round_closed"] = "round_closed"
    round: RoundId


class AmendmentsCirculated(Wire):
    """Held amendments were released; they come whole, since most readers see them for the first time.

    They stand after all others from now on, in this order: by delegation, so that it does not tell who was first.
    """

    kind: Literal["amendments_circulated"] = "amendments_circulated"
    round: RoundId
    amendments: list[AmendmentView]


class AmendmentAdmitted(Wire):
    """A late amendment is active from now on."""

    kind: Literal["amendment_admitted"] = "amendment_admitted"
    amendment: AmendmentId
