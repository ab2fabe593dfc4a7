"""Commands on the text: taking it in, and issuing it."""

from typing import Annotated, Literal

from pydantic import Field

from drafting.protocol.base import Wire
from drafting.protocol.commands.base import ON_ONE_LINE, WRITTEN, Name, Note, OnDocument, OnProcess
from drafting.protocol.edits import ProposedEdit
from drafting.protocol.words import Code, DraftId, Language, RoundId, SectionKind, VersionId

VersionName = Annotated[
    str, Field(max_length=80, pattern=r"^[^{}/\\\s\x00-\x1f\x7f-\x9f]+( [^{}/\\\s\x00-\x1f\x7f-\x9f]+)*$")
]
"""What a version is called: Rev.2. It goes into symbols and file names."""


class DraftedSection(Wire):
    """A section of a text that is being taken in: as the importer understood it, or as someone corrected it."""

    kind: SectionKind
    level: int = Field(ge=0, le=9)
    label: Annotated[str, Field(max_length=80, pattern=ON_ONE_LINE)] = ""
    text: str


class ImportDocument(OnProcess):
    """Take a text in as a new document; it becomes the first version, the basis of negotiation.

    ``unnamed``: proposals on it circulate without the names of those who make them, from the first day to the last.
    """

    kind: Literal["import_document"] = "import_document"
    title: Name
    symbol: Annotated[str, Field(max_length=80, pattern=r"^[^{}\s\x00-\x1f\x7f-\x9f]+( [^{}\s\x00-\x1f\x7f-\x9f]+)*$")]
    """The symbol without its revision: ``BP/CfA``; Rev.1 prints ``BP/CfA/Rev.1``."""
    language: Language = "en"
    unnamed: bool = False
    version_name: Name = "Zero draft"
    sections: list[DraftedSection] = Field(min_length=1, max_length=20_000)


class IssueVersion(OnDocument):
    """Issue the consolidated text as the next version; every amendment of the round is accounted for in it."""

    kind: Literal["issue_version"] = "issue_version"
    round: RoundId
    name: VersionName
    renumber: bool = False


class IssueInSession(OnDocument):
    """Issue the text as it stands at the desk now, to be read in the room; the round goes on. Without a name it is
    called by its time, in UTC. With ``draft``, the chair's working draft, the text is what was typed there.
    """

    kind: Literal["issue_in_session"] = "issue_in_session"
    round: RoundId
    name: VersionName | None = None
    draft: DraftId | None = None


class ProposeText(OnDocument):
    """Put a text beside the basis, without prejudice and without status, for some delegations (``null``: for all)."""

    kind: Literal["propose_text"] = "propose_text"
    base: VersionId
    name: VersionName
    edits: list[ProposedEdit] = Field(min_length=1, max_length=2_000)
    audience: list[Code] | None = Field(default=None, max_length=200)
    note: Note = ""


class TakeUpText(OnDocument):
    """Make a proposed text the basis of negotiation, as a new version called ``name``; between rounds."""

    kind: Literal["take_up_text"] = "take_up_text"
    version: VersionId
    name: VersionName


class RenumberText(OnDocument):
    """Count all paragraphs anew, in a new version called ``name`` with a table of the numbers; between rounds."""

    kind: Literal["renumber_text"] = "renumber_text"
    name: VersionName


class RecallVersion(OnDocument):
    """Recall a version on which nothing stands yet: it stays as it was issued, and is marked."""

    kind: Literal["recall_version"] = "recall_version"
    version: VersionId
    reason: Annotated[str, Field(min_length=1, max_length=10_000, pattern=WRITTEN)]


class IssueCorrigendum(OnDocument):
    """Correct the basis in a new version that takes its place: ``Rev.2 Corr.1``; between rounds."""

    kind: Literal["issue_corrigendum"] = "issue_corrigendum"
    version: VersionId
    edits: list[ProposedEdit] = Field(min_length=1, max_length=200)
    reason: Annotated[str, Field(min_length=1, max_length=10_000, pattern=WRITTEN)]
