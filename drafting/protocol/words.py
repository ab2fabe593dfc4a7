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
    """In what function a participant acts. Heads, delegates and clerks act for a delegation, a facilitator for a closed
    group, the others for the house.
    """

    HEAD = "head"
    DELEGATE = "delegate"
    CLERK = "clerk"
    OBSERVER = "observer"
    FACILITATOR = "facilitator"
    TRANSLATOR = "translator"
    NOTE_TAKER = "note_taker"
    SECRETARY = "secretary"
    CHAIR = "chair"
    ADMINISTRATOR = "administrator"


class SubmissionMode(StrEnum):
    """When the others see a proposal: at once (floor), or when a circulation releases it (held)."""

    FLOOR = "floor"
    HELD = "held"


class Procedure(StrEnum):
    """How a round is held: in a room, or in writing, without a meeting."""

    MEETING = "meeting"
    WRITTEN = "written"


class RoundState(StrEnum):
    """The life of a round."""

    OPEN = "open"
    CLOSED = "closed"
    CONSOLIDATED = "consolidated"


class AmendmentState(StrEnum):
    """What has become of an amendment."""

    INTERNAL = "internal"
    TABLED = "tabled"
    INCORPORATED = "incorporated"
    IN_PART = "in_part"
    BRACKETED = "bracketed"
    ALTERNATIVE = "alternative"
    PARKED = "parked"
    NOT_RETAINED = "not_retained"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class Outcome(StrEnum):
    """What the consolidation decides on a section."""

    INCORPORATE = "incorporate"
    IN_PART = "in_part"
    """Some of an amendment's changes are taken; the others wait on."""
    BRACKET = "bracket"
    ALTERNATIVE = "alternative"
    """The whole wording stands beside the paragraph's own, in brackets, for the room to choose."""
    PARK = "park"
    """Not now: it is referred to informals and waits for a later round, carried to that round's text."""
    NOT_RETAINED = "not_retained"
    REDRAFT = "redraft"


class CommentAudience(StrEnum):
    """Who may read a comment: everyone, the author's own side, a closed group, or that side and the secretariat."""

    ALL = "all"
    OWN = "own"
    GROUP = "group"
    SECRETARIAT = "secretariat"


class Stand(StrEnum):
    """Where a delegation stands on an amendment or a section."""

    SUPPORT = "support"
    CANNOT_ACCEPT = "cannot_accept"
    RESERVE = "reserve"
    FLEXIBLE = "flexible"
    RETAIN = "retain"
    """It wants the words kept that others would change."""


class Reservation(StrEnum):
    """What a reservation is for."""

    GENERAL = "general"
    SCRUTINY = "scrutiny"
    PLACEMENT = "placement"


class PositionAudience(StrEnum):
    """Who learns of a position, besides the delegation: everyone, the chair alone, the secretariat, or nobody yet."""

    ALL = "all"
    CHAIR = "chair"
    SECRETARIAT = "secretariat"
    OWN = "own"


class EntrySource(StrEnum):
    """From where a proposal that was entered on behalf of a delegation came."""

    FLOOR = "floor"
    EMAIL = "email"
    WORD = "word"


class DelegationKind(StrEnum):
    """What a delegation is."""

    STATE = "state"
    ORGANISATION = "organisation"
    BLOC = "bloc"


class SectionStatus(StrEnum):
    """How far the room has agreed on a section's exact wording."""

    OPEN = "open"
    AGREED_IN_INFORMALS = "agreed_in_informals"
    AD_REFERENDUM = "agreed_ad_referendum"
    AGREED = "agreed"
    ADOPTED = "adopted"


class DraftKind(StrEnum):
    """Whose a working draft is: the chair's, on screen for everyone; a delegation's own; a closed group's."""

    CHAIR = "chair"
    DELEGATION = "delegation"
    GROUP = "group"


class DraftedChange(StrEnum):
    """What a working draft makes of a section of its base."""

    NONE = "none"
    EDITED = "edited"
    """Reworded; it may have moved as well."""
    ADDED = "added"
    """The base does not have it, or has it deleted."""
    REMOVED = "removed"
    MOVED = "moved"
    """It stands outside the longest order that draft and base share, and reads as before."""


class CarriedOutcome(StrEnum):
    """What became of a section of a working draft that was carried over to a new version."""

    TAKEN = "taken"
    """The draft had left it alone: it is as the new version has it, struck or moved as there."""
    ADDED = "added"
    """The new version has it newly, and now the draft has it too."""
    KEPT = "kept"
    """The draft's change stands; the new version did not change the section."""
    MERGED = "merged"
    """Both changed it, apart: it says both, or its change went with its words to another section."""
    DONE = "done"
    """The new version says what the draft said."""
    CONFLICT = "conflict"
    """Both changed the same words: the draft's own text stands, or its deletion; a person decides. What both moved
    stands where the new version has it."""
    ORPHAN = "orphan"
    """The new version lost it and the draft had changed it: the draft's text stands."""


class Standing(StrEnum):
    """Whether a version is what the room negotiates on, a text as it stood within a round, or one beside the basis."""

    BASIS = "basis"
    IN_SESSION = "in_session"
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
PositionId = Annotated[str, _id("po")]
DraftId = Annotated[str, _id("dr")]
ParticipantId = Annotated[str, _id("pa")]
CommandId = Annotated[str, StringConstraints(pattern=r"^[0-9A-HJKMNP-TV-Z]{26}$")]
"""A ULID that the sender mints; sending it again answers the first receipt."""

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{1,7}$")]
"""A delegation's code, which never changes: ``ARV``, ``EU``."""
Handle = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9._-]{0,39}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Capacity = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(:[A-Z][A-Z0-9]{1,7})?$")]
"""``chair``, ``secretary``, ``delegate:ARV``: the function a command is given in, and for whom."""
