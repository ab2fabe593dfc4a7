"""A text, and a file of it that somebody marked up, for the tests of what comes back."""

from collections.abc import Iterable

from drafting.domain.text import Line, Manifest
from drafting.protocol.edits import Add, Edit
from drafting.protocol.words import SectionKind
from drafting.word.understanding import Stamps, Understood, understand
from tests.word.marking import file, p, r

OPERATIVE = SectionKind.OPERATIVE


def se(number: int) -> str:
    return f"se_{number:026d}"


def line(number: int, kind: SectionKind, level: int, label: str, text: str) -> Line:
    return Line(se(number), kind, level, label, text)


TEXT: Manifest = (
    line(1, SectionKind.TITLE, 0, "", "Call for Action"),
    line(2, SectionKind.PREAMBULAR, 1, "PP1", "*Recalling* the dignity of every migrant,"),
    line(3, SectionKind.HEADING, 0, "", "Commitments"),
    line(4, OPERATIVE, 1, "OP1", "States shall take [appropriate] measures to protect migrants."),
    line(5, OPERATIVE, 1, "OP2", "States shall report every year on the measures taken."),
    line(6, SectionKind.SUBPARAGRAPH, 2, "OP2(a)", "to the Secretariat;"),
    line(7, SectionKind.SUBPARAGRAPH, 2, "OP2(b)", "to the public."),
    line(8, OPERATIVE, 1, "OP3", "States may ask for assistance."),
)
PRINTED = {
    1: "Call for Action",
    3: "Commitments",
    4: "OP1\tStates shall take [appropriate] measures to protect migrants.",
    5: "OP2\tStates shall report every year on the measures taken.",
    6: "(a)\tto the Secretariat;",
    7: "(b)\tto the public.",
    8: "OP3\tStates may ask for assistance.",
}
RECITAL = p(r("PP1\t") + r("Recalling", "i") + r(" the dignity of every migrant,"))


def body(**changed: str) -> str:
    """The text as a file prints it, some of its paragraphs (``p4=...``) otherwise."""
    usual = {f"p{number}": p(text) for number, text in PRINTED.items()} | {"p2": RECITAL}
    written = usual | changed
    return "".join(written[f"p{number}"] for number in range(1, 9))


def read(content: str, **parts: str) -> Understood:
    return understand(file(content, **parts), TEXT, Stamps())


def edits(found: Understood, author: str | None = "Jane") -> list[Edit]:
    return [edit for part in found.parts if part.author == author for edit in part.edits]


def counted(found: Understood) -> dict[str, int]:
    return {outcome.value: number for outcome, number in found.account.items() if number}


def bare(found: Iterable[Edit]) -> list[Edit]:
    """Without the ids of new sections."""
    return [edit.model_copy(update={"section": None}) if isinstance(edit, Add) else edit for edit in found]
