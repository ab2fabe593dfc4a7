"""Views of a comparison of two versions."""

from typing import Literal

from drafting.protocol.base import Wire
from drafting.protocol.views.texts import SectionView, VersionView
from drafting.protocol.words import Outcome


class CauseView(Wire):
    """Why a section changed: the decision, and the amendments with their delegations."""

    decision: str
    outcome: Outcome
    amendments: list[str]
    delegations: list[str]
    reason: str
    version: str


class ArrivalView(Wire):
    """A passage ``[start:end]`` of the new text that stood in the section ``origin`` before; maybe redrafted."""

    origin: str
    start: int
    end: int
    redrafted: bool


class ChangeView(Wire):
    """One section in a comparison. ``spans`` are (keep | delete | insert, text); empty kinds mean unchanged.

    ``nature`` says what the changes of words are: substance, editorial, brackets. ``invisible``: the texts differ and
    look the same. ``regrouped``: it stands under another heading. ``origin``: a new section that says what that
    removed one said. ``arrivals``: passages that stood elsewhere.
    """

    section: str
    nature: list[str]
    invisible: bool
    regrouped: bool
    origin: str | None
    merged_from: list[str]
    split_from: str | None
    arrivals: list[ArrivalView]
    kinds: list[Literal["added", "removed", "moved", "edited"]]
    renumbered: bool
    old: SectionView | None
    new: SectionView | None
    spans: list[tuple[Literal["keep", "delete", "insert"], str]]
    causes: list[CauseView]


class ComparisonView(Wire):
    """Two versions of one document, section by section, in the new one's order."""

    document: str
    old: VersionView
    new: VersionView
    changes: list[ChangeView]
    words_added: int
    words_deleted: int
