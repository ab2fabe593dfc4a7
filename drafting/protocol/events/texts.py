"""What happens to a text: it is taken in, and issued anew."""

from typing import Literal

from drafting.protocol.base import Wire
from drafting.protocol.views import AccountLine, AmendmentView, DecisionView, DocumentView, SectionView, VersionView
from drafting.protocol.words import RoundId


class DocumentImported(Wire):
    """A text was taken in; it is the first version."""

    kind: Literal["document_imported"] = "document_imported"
    document: DocumentView
    version: VersionView
    sections: list[SectionView]


class VersionIssued(Wire):
    """A version was issued and the round is consolidated; decisions and outcomes are now everyone's to see."""

    kind: Literal["version_issued"] = "version_issued"
    round: RoundId
    version: VersionView
    sections: list[SectionView]
    account: list[AccountLine]
    renumbering: list[tuple[str, str, str]]
    amendments: list[AmendmentView]
    decisions: list[DecisionView]


class InSessionIssued(Wire):
    """The text as it stood at one moment of the round; the basis is what it was."""

    kind: Literal["in_session_issued"] = "in_session_issued"
    version: VersionView
    sections: list[SectionView]


class TextProposed(Wire):
    """A text was put beside the basis, without prejudice, for those who read this stream."""

    kind: Literal["text_proposed"] = "text_proposed"
    version: VersionView
    sections: list[SectionView]
    note: str


class TextTakenUp(Wire):
    """A proposed text is the basis from now on."""

    kind: Literal["text_taken_up"] = "text_taken_up"
    version: VersionView
    sections: list[SectionView]


class TextRenumbered(Wire):
    """The paragraphs were counted anew: section id, old label, new label."""

    kind: Literal["text_renumbered"] = "text_renumbered"
    version: VersionView
    sections: list[SectionView]
    renumbering: list[tuple[str, str, str]]


class VersionRecalled(Wire):
    """A version was recalled; ``version`` says why. ``sections`` is the text that is the basis now."""

    kind: Literal["version_recalled"] = "version_recalled"
    version: VersionView
    basis: str
    sections: list[SectionView]


class CorrigendumIssued(Wire):
    """The basis was corrected in a version that takes its place."""

    kind: Literal["corrigendum_issued"] = "corrigendum_issued"
    version: VersionView
    sections: list[SectionView]
    reason: str
