"""The lint proves itself on mutants: a good file is broken in one way, and exactly that is found."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from drafting.domain.compare import compare
from drafting.domain.text import Line
from drafting.protocol.words import SectionKind
from drafting.word.lint import Finding, lint
from drafting.word.redline import redline

if TYPE_CHECKING:
    from collections.abc import Callable

    from drafting.word.masthead import Masthead

DOCUMENT = "word/document.xml"


def line(section: str, label: str, text: str) -> Line:
    return Line(section, SectionKind.OPERATIVE, 0, label, text)


@pytest.fixture(scope="module")
def good(masthead: Masthead) -> bytes:
    old = (line("a", "1", "One moves."), line("b", "2", "Two goes."), line("c", "3", "Three is old."))
    old += (line("d", "4", "Four."), line("e", "5", "Five moves."))
    new = (old[4], line("c", "3", "Three is new."), old[3], line("n", "6", "Six comes."), old[0])
    return redline(old, compare(old, new), masthead, lambda _: "Arvania", datetime(2026, 11, 28, tzinfo=UTC))


def broken(good: bytes, change: Callable[[str], str], part: str = DOCUMENT) -> bytes:
    """The file with one part changed; the change must change something."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(stream, "w") as target:
        for info in source.infolist():
            text = source.read(info).decode()
            if info.filename == part:
                changed = change(text)
                assert changed != text
                text = changed
            target.writestr(info, text)
    return stream.getvalue()


def without(start: str) -> Callable[[str], str]:
    """Take the first empty element out that starts like this."""

    def cut(text: str) -> str:
        at = text.index(start)
        return text[:at] + text[text.index("/>", at) + 2 :]

    return cut


def instead(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


def run(content: str) -> Callable[[str], str]:
    """Put a run of this content before the first paragraph's end."""
    return instead("</w:p>", f"<w:r>{content}</w:r></w:p>")


def rules(file: bytes) -> set[str]:
    return {finding.rule for finding in lint(file)}


def test_a_good_file_has_no_finding(good: bytes) -> None:
    assert lint(good) == ()


@pytest.mark.parametrize("move", ["moveFrom", "moveTo"])
def test_a_move_range_without_its_end_or_start_is_found(good: bytes, move: str) -> None:
    assert "unpaired move range" in rules(broken(good, without(f"<w:{move}RangeEnd ")))
    assert "unpaired move range" in rules(broken(good, without(f"<w:{move}RangeStart ")))


def test_a_move_with_one_place_is_found(good: bytes) -> None:
    assert rules(broken(good, instead('w:name="move1"', 'w:name="move9"'))) == {"unpaired move"}


def test_two_moves_of_one_name_are_found(good: bytes) -> None:
    assert rules(broken(good, lambda text: text.replace('w:name="move2"', 'w:name="move1"'))) == {"unpaired move"}


def test_moved_words_outside_a_range_are_found(good: bytes) -> None:
    moved = '<w:moveTo w:id="900" w:author="A" w:date="2026-11-28T00:00:00Z"><w:r><w:t>x</w:t></w:r></w:moveTo></w:p>'
    assert lint(broken(good, instead("</w:p>", moved))) == (
        Finding(DOCUMENT, "move outside its range", "moveTo of id 900"),
    )


def test_printed_text_inside_a_deletion_is_found(good: bytes) -> None:
    def undelete(text: str) -> str:
        return text.replace("<w:delText ", "<w:t ", 1).replace("</w:delText>", "</w:t>", 1)

    assert rules(broken(good, undelete)) == {"t inside a deletion"}


def test_deleted_text_outside_a_deletion_is_found(good: bytes) -> None:
    assert lint(broken(good, run("<w:delText>lost</w:delText>"))) == (
        Finding(DOCUMENT, "delText outside a deletion", "lost"),
    )


def test_two_changes_of_one_id_are_found(good: bytes) -> None:
    assert rules(broken(good, instead('<w:ins w:id="', '<w:ins w:id="1" w:was="'))) == {"duplicate id"}


def test_a_bookmark_shares_the_counter_of_the_changes(good: bytes) -> None:
    mark = '<w:bookmarkStart w:id="1" w:name="b"/><w:bookmarkEnd w:id="1"/></w:p>'
    assert rules(broken(good, instead("</w:p>", mark))) == {"duplicate id"}


def test_a_change_without_an_id_is_found(good: bytes) -> None:
    assert rules(broken(good, instead("<w:ins w:id=", "<w:ins w:was="))) == {"missing id"}


@pytest.mark.parametrize(
    ("identifiers", "found"),
    [
        (["00000001", "7FFFFFFF"], set()),
        (["00000001", "00000001"], {"duplicate paragraph id"}),
        (["00000000"], {"paragraph id out of range"}),
        (["80000000"], {"paragraph id out of range"}),
        (["12"], {"paragraph id out of range"}),
    ],
)
def test_paragraph_ids_are_positive_short_and_unique(good: bytes, identifiers: list[str], found: set[str]) -> None:
    def identify(text: str) -> str:
        text = text.replace(
            "<w:document ", '<w:document xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
        )
        for identifier in identifiers:
            text = text.replace("<w:p>", f'<w:p w14:paraId="{identifier}">', 1)
        return text

    assert rules(broken(good, identify)) == found


def test_a_style_that_nobody_defined_is_found(good: bytes) -> None:
    assert lint(broken(good, instead('w:val="Operative"', 'w:val="Oprative"'))) == (
        Finding(DOCUMENT, "undefined style", "Oprative"),
    )
    in_styles = broken(good, instead('<w:basedOn w:val="Normal"/>', '<w:basedOn w:val="Norml"/>'), "word/styles.xml")
    assert lint(in_styles) == (Finding("word/styles.xml", "undefined style", "Norml"),)


BEGIN, SEPARATE, END = (f'<w:fldChar w:fldCharType="{kind}"/>' for kind in ("begin", "separate", "end"))


@pytest.mark.parametrize(
    "field", [BEGIN, END, BEGIN + SEPARATE, SEPARATE, BEGIN + BEGIN + END, BEGIN + 2 * SEPARATE + END]
)
def test_an_unbalanced_field_is_found_and_in_every_part(good: bytes, field: str) -> None:
    assert rules(broken(good, run(field))) == {"unbalanced field"}
    assert {found.part for found in lint(broken(good, run(field), "word/footer.xml"))} == {"word/footer.xml"}


@pytest.mark.parametrize(
    "field", [BEGIN + END, BEGIN + SEPARATE + END, BEGIN + BEGIN + SEPARATE + END + SEPARATE + END]
)
def test_a_balanced_field_is_none(good: bytes, field: str) -> None:
    assert lint(broken(good, run(field))) == ()


def test_automatic_numbers_in_a_redline_are_found(good: bytes) -> None:
    numbered = '<w:pStyle w:val="Operative"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    assert rules(broken(good, instead('<w:pStyle w:val="Operative"/>', numbered))) == {"automatic numbers in a redline"}


def test_a_relationship_that_nobody_declared_is_found(good: bytes) -> None:
    assert lint(broken(good, instead('r:id="rId4"', 'r:id="rId44"'))) == (
        Finding(DOCUMENT, "stray relationship id", "rId44"),
    )
