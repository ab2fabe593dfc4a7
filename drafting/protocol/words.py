"""The negotiators' words as types: the enums and the constrained strings that commands, events and views share."""

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints


class SectionKind(StrEnum):
    """What a section is on paper."""

    TITLE = "title"
    HEADING = "heading"
    CHAPEAU = "chapeau"
    PREAMBULAR = "preambular"
    OPERATIVE = "operative"
    SUBPARAGRAPH = "subparagraph"
    ARTICLE = "article"
    ANNEX = "annex"
    FOOTNOTE = "footnote"
    SIGNATURE = "signature"


class Role(StrEnum):
    """In what function a participant acts. Delegates of either rank act for a delegation, the others for the house."""

    HEAD = "head"
    DELEGATE = "delegate"
    CLERK = "clerk"
    OBSERVER = "observer"
    NOTE_TAKER = "note_taker"
    SECRETARY = "secretary"
    CHAIR = "chair"
    ADMINISTRATOR = "administrator"


class SubmissionMode(StrEnum):
    """When the others see a proposal: at once (floor), or when a circulation releases it (held)."""

    FLOOR = "floor"
    HELD = "held"


class RoundState(StrEnum):
    """The life of a round."""

    OPEN = "open"
    CLOSED = "closed"
    CONSOLIDATED = "consolidated"


class AmendmentState(StrEnum):
    """What has become of an amendment."""

    TABLED = "tabled"
    INCORPORATED = "incorporated"
    IN_PART = "in_part"
    BRACKETED = "bracketed"
    NOT_RETAINED = "not_retained"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What the consolidation decides on a section."""

    INCORPORATE = "incorporate"
    BRACKET = "bracket"
    NOT_RETAINED = "not_retained"
    REDRAFT = "redraft"


class CommentAudience(StrEnum):
    """Who may read a comment: everyone, the author's own side, or the author's side and the secretariat."""

    ALL = "all"
    OWN = "own"
    SECRETARIAT = "secretariat"


class Standing(StrEnum):
    """Whether a version is what the room negotiates on, or a text beside it."""

    BASIS = "basis"
    PROPOSAL = "proposal"


def _id(prefix: str) -> StringConstraints:
    return StringConstraints(pattern=rf"^{prefix}_[0-9A-HJKMNP-TV-Z]{{26}}$")


ProcessId = Annotated[str, _id("pr")]
DocumentId = Annotated[str, _id("do")]
SectionId = Annotated[str, _id("se")]
VersionId = Annotated[str, _id("ve")]
RoundId = Annotated[str, _id("ro")]
AmendmentId = Annotated[str, _id("am")]
CommentId = Annotated[str, _id("co")]
DecisionId = Annotated[str, _id("de")]
ParticipantId = Annotated[str, _id("pa")]
CommandId = Annotated[str, StringConstraints(pattern=r"^[0-9A-HJKMNP-TV-Z]{26}$")]
"""A ULID that the sender mints; sending it again answers the first receipt."""

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{1,7}$")]
"""A delegation's code, which never changes: ``ARV``, ``EU``."""
Handle = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9._-]{0,39}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Capacity = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(:[A-Z][A-Z0-9]{1,7})?$")]
"""``chair``, ``secretary``, ``delegate:ARV``: the function a command is given in, and for whom."""
