"""What the desk decides."""

from typing import Literal

from drafting.protocol.base import Wire
from drafting.protocol.views import AmendmentView, DecisionView
from drafting.protocol.words import DecisionId


class SectionDecided(Wire):
    """The desk decided on a section. ``amendments`` is how the amendments named stand now."""

    kind: Literal["section_decided"] = "section_decided"
    decision: DecisionView
    amendments: list[AmendmentView]


class DecisionUndone(Wire):
    """A decision was taken back."""

    kind: Literal["decision_undone"] = "decision_undone"
    decision: DecisionId
    amendments: list[AmendmentView]
