"""Which file is asked for, and what goes into it."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from drafting.protocol.problems import ProblemCode, Refusal
from drafting.queries.compiled import CompiledFile, LiteralFile, compiled_file, literal_compilation
from drafting.queries.exports import CleanFile, RedlineFile, clean_file, redline_file
from drafting.queries.papers import FileKind, PaperFile, PaperForm, gathered_paper
from drafting.queries.people import Reader
from storage.database import ReadTransaction


class ExportForm(StrEnum):
    """The forms of a file: of the text, or a paper for the meeting."""

    CLEAN = "clean"
    REDLINE = "redline"
    COMPILATION = "compilation"
    AMENDMENTS = PaperForm.AMENDMENTS.value
    COMMENTS = PaperForm.COMMENTS.value
    DECISIONS = PaperForm.DECISIONS.value
    RENUMBERING = PaperForm.RENUMBERING.value

    @property
    def paper(self) -> PaperForm | None:
        """Which paper for the meeting it is, if it is one."""
        return next((paper for paper in PaperForm if paper.value == self.value), None)


class CompilationStyle(StrEnum):
    """How a compilation shows who would change what: as tracked changes, or in black and white."""

    TRACKED = "tracked"
    LITERAL = "literal"


class Show(StrEnum):
    """What a clean file shows besides its text."""

    STATUS = "status"
    """How far the room has agreed on each section."""
    BRACKETS = "brackets"
    """What stands in brackets, shaded."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A version (``None``: the newest) in a form. ``against`` is for a redline, ``style`` for a compilation, and
    ``private`` for a tracked one: also the comments and positions that the reader may see and not everyone. ``show`` is
    for a clean file, ``line_numbers`` for all. ``file``: a paper for the meeting may also be a spreadsheet.
    """

    form: ExportForm
    version: str | None = None
    against: str | None = None
    style: CompilationStyle = CompilationStyle.TRACKED
    private: bool = False
    show: frozenset[Show] = frozenset()
    line_numbers: bool = True
    file: FileKind = FileKind.DOCX


class Gathered(Protocol):
    """What goes into a file, gathered; it is written without the database."""

    @property
    def name(self) -> str:
        """What the file is called."""

    def write(self) -> bytes:
        """Give the file's content."""


def exported(tx: ReadTransaction, who: Reader, wanted: Wanted) -> Gathered:
    """Gather what goes into the file that is wanted. Refuses (MALFORMED) a spreadsheet of what is no list."""
    if wanted.form.paper is None and wanted.file is not FileKind.DOCX:
        raise Refusal(
            ProblemCode.MALFORMED, f"Only papers for the meeting are spreadsheets; “{wanted.form}” is for Word."
        )
    file = _gathered(tx, who, wanted)
    return replace(file, masthead=replace(file.masthead, line_numbers=wanted.line_numbers))


def _gathered(
    tx: ReadTransaction, who: Reader, wanted: Wanted
) -> CleanFile | RedlineFile | CompiledFile | LiteralFile | PaperFile:
    if (paper := wanted.form.paper) is not None:
        return gathered_paper(tx, who, paper, wanted.version, wanted.file)
    match wanted.form, wanted.style:
        case ExportForm.CLEAN, _:
            status, brackets = (one in wanted.show for one in (Show.STATUS, Show.BRACKETS))
            return clean_file(tx, who, wanted.version, status=status, brackets=brackets)
        case ExportForm.REDLINE, _:
            return redline_file(tx, who, wanted.version, wanted.against)
        case _, CompilationStyle.LITERAL:
            return literal_compilation(tx, who, wanted.version)
    return compiled_file(tx, who, wanted.version, private=wanted.private)
