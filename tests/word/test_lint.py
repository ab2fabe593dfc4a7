"""The lint proves itself on mutants: a good file is broken in one way, and exactly that is found."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from drafting.domain.compare import compare
from drafting.domain.compilation import Proposal, compile  # noqa: A004 - the design's own word
from drafting.domain.text import Line
from drafting.protocol.edits import Replace
from drafting.protocol.words import SectionKind
from drafting.word.comments import Author, Said, Thread
from drafting.word.compiled import Signatures, compiled
from drafting.word.lint import Finding, lint
from drafting.word.redline import Signed, redline

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
    return redline(old, compare(old, new), masthead, lambda _: Signed("Arvania", datetime(2026, 11, 28, tzinfo=UTC)))


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


@pytest.fixture(scope="module")
def commented(masthead: Masthead) -> bytes:
    """Two delegations delete one word, and two comments have two replies."""
    base = (line("a", "1", "One red word."),)
    asked = [(code, Replace.model_construct(section="a", text=f"One {code} word.")) for code in ("ARV", "BOR")]
    laid = [Proposal(code, code, (code,), (edit,)) for code, edit in asked]
    at = datetime(2026, 11, 28, tzinfo=UTC)
    said = Said(Author("Chair", "CH"), at, "First line.\nLast line.")
    threads = [Thread((said, said, said), "a", (0, 3)), Thread((said, said), "a", (4, 7))]
    signed = Signatures({code: Author(code, code) for code, _ in asked}, {code: at for code, _ in asked})
    return compiled(compile(base, laid), masthead, signed, threads)


COMMENTS, THREADS = "word/comments.xml", "word/commentsExtended.xml"


def test_a_good_file_with_comments_has_no_finding(commented: bytes) -> None:
    assert lint(commented) == ()


@pytest.mark.parametrize("edge", ["Start", "End"])
def test_a_comment_range_without_its_end_or_start_is_found(commented: bytes, edge: str) -> None:
    found = rules(broken(commented, without(f'<w:commentRange{edge} w:id="3"/>')))
    assert "unpaired comment range" in found


def test_a_comment_range_that_ends_before_it_starts_is_found(commented: bytes) -> None:
    def turned(text: str) -> str:
        text = text.replace('<w:commentRangeStart w:id="5"/>', "<here/>")
        text = text.replace('<w:commentRangeEnd w:id="5"/>', '<w:commentRangeStart w:id="5"/>')
        return text.replace("<here/>", '<w:commentRangeEnd w:id="5"/>')

    assert rules(broken(commented, turned)) == {"unpaired comment range"}


def test_a_comment_that_nothing_refers_to_and_one_that_is_not_there_are_found(commented: bytes) -> None:
    sign = '<w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr><w:commentReference w:id="5"/></w:r>'
    assert rules(broken(commented, instead(sign, ""))) == {"comment without its reference"}
    assert rules(broken(commented, instead(sign, 2 * sign))) == {"comment without its reference"}
    assert "stray comment id" in rules(broken(commented, lambda text: text.replace('w:id="5"', 'w:id="55"')))
    assert "duplicate comment" in rules(broken(commented, instead('w:id="5"', 'w:id="4"'), COMMENTS))


def test_a_thread_that_is_not_known_by_a_comments_last_paragraph_is_found(commented: bytes) -> None:
    first_paragraph = instead('w15:paraId="00000002"', 'w15:paraId="00000001"')
    assert "stray thread entry" in rules(broken(commented, first_paragraph, THREADS))
    parent = instead('w15:paraIdParent="00000002"', 'w15:paraIdParent="00000001"')
    assert rules(broken(commented, parent, THREADS)) == {"stray thread entry"}
    assert "duplicate thread entry" in rules(
        broken(commented, instead('w15:paraId="00000004"', 'w15:paraId="00000002"'), THREADS)
    )


def test_a_reply_to_a_reply_is_found(commented: bytes) -> None:
    changed = instead('"00000006" w15:paraIdParent="00000002"', '"00000006" w15:paraIdParent="00000004"')
    assert rules(broken(commented, changed, THREADS)) == {"reply to a reply"}


def test_a_reply_on_another_range_is_found(commented: bytes) -> None:
    changed = instead('"0000000A" w15:paraIdParent="00000008"', '"0000000A" w15:paraIdParent="00000002"')
    assert rules(broken(commented, changed, THREADS)) == {"reply on another range"}


def test_a_change_inside_a_deletion_is_found_unless_it_is_anothers_deletion(commented: bytes) -> None:
    mark = 'w:author="BOR" w:date="2026-11-28T00:00:00Z"'
    inner = f'<w:del w:id="1" {mark}>'
    twice = instead(inner, inner.replace("BOR", "ARV"))
    assert rules(broken(commented, twice)) == {"deleted twice by one author"}
    text = instead(f'<w:ins w:id="4" {mark}>', f'<w:ins w:id="4" {mark}><w:ins w:id="99" {mark}/>')
    assert rules(broken(commented, text)) == {"change nested the wrong way"}


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
