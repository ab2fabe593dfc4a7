"""A compilation on paper: black and white, every wording and its holder readable, nothing tracked."""
# ruff: noqa: RUF001 - dashes are meant

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from drafting.domain.compilation import Compilation, Proposal, compile  # noqa: A004 - the design's own word
from drafting.domain.text import Line
from drafting.protocol.edits import Add, Delete, Edit, Move, Replace, Term
from drafting.protocol.words import SectionKind
from drafting.word.lint import lint
from drafting.word.literal_file import literal_file
from drafting.word.understanding import declaration
from tests.domain.strategies import section
from tests.word.authors import document, lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Readers
    from drafting.word.masthead import Masthead

OP = SectionKind.OPERATIVE
TITLE, PP, ONE, SUB, TWO, NEW = map(section, range(6))
BASE = (
    Line(TITLE, SectionKind.TITLE, 0, "", "Call for Action"),
    Line(PP, SectionKind.PREAMBULAR, 1, "PP1", "*Recalling* the dignity of every migrant,"),
    Line(ONE, OP, 1, "OP1", "States shall take appropriate measures to protect everybody [soon]."),
    Line(SUB, SectionKind.SUBPARAGRAPH, 2, "OP1(a)", "to the public."),
    Line(TWO, OP, 1, "OP2", "States may ask for assistance."),
)
OTHER = "Something else that nobody has ever read in this text before."
NAMES = {"ARV": "Arvania", "BOR": "Borduria"}


def laid(*asked: tuple[str, Edit]) -> Compilation:
    proposals = [Proposal(f"am{at}", f"{code}-{at}", (code,), (edit,)) for at, (code, edit) in enumerate(asked, 1)]
    return compile(BASE, proposals)


EVERYTHING = laid(
    ("ARV", Replace(section=PP, text="*Recalling* the dignity of each migrant,")),
    ("BOR", Replace(section=ONE, text=BASE[2].text.replace("appropriate", "legal"))),
    ("ARV", Replace(section=ONE, text=OTHER)),
    ("BOR", Delete(section=TWO)),
    ("BOR", Add(after=TWO, section=NEW, section_kind=OP, level=1, text="*New* one.")),
    ("ARV", Move(section=TWO, after=TITLE)),
    ("ARV", Term(old="assistance", new="help")),
)


def test_every_wording_deletion_alternative_and_holder_is_printed(masthead: Masthead) -> None:
    assert lines(document(literal_file(EVERYTHING, masthead, NAMES))) == [
        "[ARV: “assistance” to read “help” throughout]",
        "Call for Action",
        "PP1\tRecalling the dignity of [every] [ARV: each] migrant,",
        "OP1\tStates shall take [appropriate] [BOR: legal] measures to protect everybody [soon].",
        f"[OP1 alt {OTHER} – ARV]",
        "(a)\tto the public.",
        "OP2\t[States may ask for [assistance] [ARV: help].] [BOR: no text] [ARV: move after “Call for Action”]",
        "[OP3 New one. – BOR]",
        "ARV\tArvania",
        "BOR\tBorduria",
    ]


def test_nothing_is_tracked_coloured_or_commented(masthead: Masthead) -> None:
    file = literal_file(EVERYTHING, masthead, NAMES)
    tags = {etree.QName(one).localname for one in document(file).iter()}
    assert tags.isdisjoint({"ins", "del", "moveFrom", "moveTo", "rPrChange", "color", "highlight", "strike"})
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert not [name for name in archive.namelist() if "comment" in name]
        assert b"trackRevisions" not in archive.read("word/settings.xml")


def test_emphasis_prints_but_where_its_marks_are_what_would_change(word: Readers, masthead: Masthead) -> None:
    file = literal_file(EVERYTHING, masthead, {})
    assert word.read(file)[2].runs[1] == ("Recalling", "i")
    torn = laid(("ARV", Replace(section=PP, text="**Recalling** the dignity of every migrant,")))
    assert lines(document(literal_file(torn, masthead, {})))[1] == (
        "PP1\t[*] [ARV: **]Recalling[*] [ARV: **] the dignity of every migrant,"
    )


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_literal_file_is_valid(masthead: Masthead, sdk_errors: Callable[[bytes], list[str]], language: str) -> None:
    file = literal_file(EVERYTHING, replace(masthead, language=language), NAMES)
    assert sdk_errors(file) == []
    assert lint(file) == ()


def test_it_says_that_it_is_for_reading(masthead: Masthead) -> None:
    assert declaration(literal_file(EVERYTHING, masthead, NAMES)).form == "literal"
