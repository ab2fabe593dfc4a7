"""Commands on a round: opening, closing, circulating, admitting."""

from typing import Literal

from pydantic import AwareDatetime

from drafting.protocol.commands.base import Name, OnDocument
from drafting.protocol.words import AmendmentId, Procedure, RoundId, SubmissionMode, VersionId


class OpenRound(OnDocument):
    """Open the negotiation of a version, in a room or as a written procedure without a meeting."""

    kind: Literal["open_round"] = "open_round"
    base: VersionId
    name: Name
    deadline: AwareDatetime
    mode: SubmissionMode = SubmissionMode.FLOOR
    procedure: Procedure = Procedure.MEETING


class CloseRound(OnDocument):
    """Close the round: from here on nothing is tabled or revised, and the desk decides; one may still withdraw."""

    kind: Literal["close_round"] = "close_round"
    round: RoundId


class CirculateAmendments(OnDocument):
    """Release the held amendments of a round to everyone, all at once."""

    kind: Literal["circulate_amendments"] = "circulate_amendments"
    round: RoundId


class AdmitAmendment(OnDocument):
    """Make an amendment active that came in past the deadline."""

    kind: Literal["admit_amendment"] = "admit_amendment"
    amendment: AmendmentId
