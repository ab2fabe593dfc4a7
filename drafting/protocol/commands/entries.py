"""What the secretariat enters on behalf of a delegation."""

from typing import Literal

from pydantic import Field

from drafting.protocol.commands.amendments import NewProposal, NewRevision
from drafting.protocol.commands.base import OnDocument
from drafting.protocol.words import AmendmentId, Code, EntrySource


class EnterAmendment(NewProposal):
    """Record a proposal that a delegation made from the floor, by e-mail or in a Word file; it prints in its name.

    ``sponsors``: others in whose name it was made too.
    """

    kind: Literal["enter_amendment"] = "enter_amendment"
    delegation: Code
    source: EntrySource
    sponsors: list[Code] = Field(default=[], max_length=200)


class ConfirmEntry(OnDocument):
    """Say, for the delegation, that what was entered is what it proposes."""

    kind: Literal["confirm_entry"] = "confirm_entry"
    amendment: AmendmentId


class CorrectEntry(NewRevision):
    """Correct what was entered, as long as its delegation has neither confirmed nor revised it."""

    kind: Literal["correct_entry"] = "correct_entry"
