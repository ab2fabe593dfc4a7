"""Commands of the desk."""

from typing import Annotated, Literal

from pydantic import Field

from drafting.protocol.commands.base import Note, OnDocument
from drafting.protocol.edits import Shorthand
from drafting.protocol.words import AmendmentId, DecisionId, Outcome, RoundId, SectionId


class DecideSection(OnDocument):
    """Decide on one section: what becomes of these amendments there, and how it reads from now on.

    ``against`` is the digest of the section as the desk saw it; if somebody decided in between, the command is
    refused as stale and says how it stands. A redraft says how the section is to read: by its ``text``, or by what is
    to be done to the text that stands (``wording``). To incorporate in part names one amendment, and which of the
    changes (``hunks``, as the desk numbers them) of its rewording are taken. Words that a delegation cannot accept, or
    reserves on, come in brackets, unless the chair decides ``over_objections`` and says the reason.
    """

    kind: Literal["decide_section"] = "decide_section"
    round: RoundId
    section: SectionId
    amendments: list[AmendmentId] = Field(max_length=400)
    outcome: Outcome
    text: str | None = None
    wording: Shorthand | None = None
    hunks: list[Annotated[int, Field(ge=1)]] = Field(default=[], max_length=2_000)
    over_objections: bool = False
    reason: Note = ""
    against: Annotated[str, Field(min_length=16, max_length=64)]


class UndoDecision(OnDocument):
    """Take a decision back, until the version is issued; only the last one on its section can go."""

    kind: Literal["undo_decision"] = "undo_decision"
    decision: DecisionId
