"""A base, proposals on it, and what a compilation says of them as a file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from drafting.domain.compilation import Proposal, compile  # noqa: A004 - the design's own word
from drafting.domain.text import Line
from drafting.protocol.edits import Add, Delete, Edit, Move, Replace
from drafting.protocol.words import SectionKind
from drafting.word.comments import Author, Thread
from drafting.word.compiled import Signatures, compiled
from tests.word.authors import W, comments, document, marked, printed

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Readers
    from drafting.word.masthead import Masthead

    Errors = Callable[[bytes], list[str]]

GOLDEN = Path(__file__).parent / "golden" / "compilation"
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
SHARED = "Secretariat (compilation)"
NAMES = {"ARV": "Arvania", "BOR": "Borduria", "CAL": "Calgaria", "DUM": "Dumaria", "ELD": "Eldoria"}
AUTHORS = {code: Author(name, code) for code, name in NAMES.items()}
CHAIR = Author("Chair", "CH")
THREE = "States may ask the Secretariat for assistance in all matters of training."
OP = SectionKind.OPERATIVE
BASE = (
    Line("title", SectionKind.TITLE, 0, "", "Call for Action"),
    Line("pp", SectionKind.PREAMBULAR, 1, "PP1", "*Recalling* the dignity of every migrant,"),
    Line("one", OP, 1, "OP1", "States shall take appropriate measures."),
    Line("two", OP, 1, "OP2", "States shall report every year."),
    Line("sub", SectionKind.SUBPARAGRAPH, 2, "OP2(a)", "to the public."),
    Line("three", OP, 1, "OP3", THREE),
    Line("gone", OP, 1, "OP4", "", deleted=True),
)
OTHER = "A wholly different paragraph about something else that nobody has ever seen before."


def rewords(section: str, text: str) -> Replace:
    return Replace.model_construct(section=section, text=text)


def adds(after: str | None, section: str, text: str) -> Add:
    return Add.model_construct(
        after=after, section=section, section_kind=OP, level=1, text=text, alternative_to=None, op="add"
    )


def deletes(section: str) -> Delete:
    return Delete.model_construct(section=section)


def moves(section: str, after: str | None) -> Move:
    return Move.model_construct(section=section, after=after)


def proposed(*asked: tuple[str, Edit]) -> tuple[Proposal, ...]:
    """One amendment each, in order: of which delegation, and what it asks."""
    return tuple(Proposal(f"am{at}", f"{code}-{at}", (code,), (edit,)) for at, (code, edit) in enumerate(asked, 1))


def written(
    masthead: Masthead, proposals: tuple[Proposal, ...], *threads: Thread, base: tuple[Line, ...] = BASE
) -> bytes:
    tabled = {one.amendment: AT + timedelta(hours=at) for at, one in enumerate(proposals, 1)}
    return compiled(compile(base, proposals), masthead, Signatures(AUTHORS, tabled), threads)


def changed(word: Readers, file: bytes) -> list[tuple[str, str, str]]:
    return [(one.kind, one.author, one.text) for one in word.tracked(file) if one.kind != "kept" and one.text]


def nested(file: bytes, words: str) -> list[tuple[str, str]]:
    """The changes that a run of these words stands in, outermost first."""
    run = next(run for run in document(file).iter(f"{W}r") if printed([run]) == words)
    around = [one for one in run.iterancestors() if one.get(f"{W}author")]
    return [(etree.QName(one).localname, one.get(f"{W}author", "")) for one in reversed(around)]


def marks(file: bytes) -> list[tuple[str, str, str]]:
    """The marks of paragraphs that come or go: what becomes of them, in whose name, and in which paragraph."""
    found = []
    for mark in document(file).iterfind(f".//{W}pPr/{W}rPr/*[@{W}author]"):
        paragraph = next(mark.iterancestors(f"{W}p"))
        found.append((etree.QName(mark).localname, mark.get(f"{W}author", ""), printed([paragraph])))
    return found


def margin(file: bytes) -> list[tuple[str, list[str], str]]:
    """Each comment: its author, its lines, and the words that it stands on."""
    root = document(file)
    return [
        (by, said, printed(run for run in marked(root, number) if run.tag == f"{W}r"))
        for number, (by, _, said) in comments(file).items()
    ]
