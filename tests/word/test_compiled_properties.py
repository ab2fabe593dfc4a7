"""Any compilation: all rejected it is the base; with one author's changes accepted it is that delegation's text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.compilation import Proposal, compile, project  # noqa: A004 - the design's own word
from drafting.domain.labels import printed_number
from drafting.protocol.edits import Add, Move, Split, Term
from drafting.word.clean import clean
from drafting.word.comments import Author, Said, Thread
from drafting.word.compiled import Signatures, compiled
from drafting.word.emphasis import printed
from drafting.word.lint import lint
from tests.domain.strategies import edit_lists, manifests
from tests.word.authors import lines, of_author, with_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Readers
    from drafting.domain.text import Line, Manifest
    from drafting.protocol.edits import Edit
    from drafting.word.masthead import Masthead

    Given = tuple[Manifest, tuple[Proposal, ...]]

NAMES = {"ARV": "Arvania", "BOR": "Borduria", "CAL": "Calgaria", "DUM": "Dumaria"}
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def signatures(proposals: tuple[Proposal, ...]) -> Signatures:
    authors = {code: Author(name, code) for code, name in NAMES.items()}
    return Signatures(authors, {one.amendment: AT + timedelta(hours=at) for at, one in enumerate(proposals)})


@st.composite
def compilations(draw: st.DrawFn) -> Given:
    base = draw(manifests(most=5))
    found = []
    for number, code in enumerate(draw(st.permutations(list(NAMES)))[: draw(st.integers(1, 4))]):
        edits = draw(edit_lists(base, owner=number))
        if found and draw(st.booleans()):
            edits = tuple(map(reminted(number), draw(st.sampled_from(found)).edits))
        terms = draw(st.lists(st.sampled_from(("measures", "and", "все", "فِي")), max_size=1))
        edits = (*edits, *(Term(old=old, new="*new* term") for old in terms))
        found.append(Proposal(f"am-{number}", f"{code}-{number + 1}", (code,), tuple(edits)))
    return base, tuple(found)


def reminted(number: int) -> Callable[[Edit], Edit]:
    """The same edit as another delegation's, whose new sections are its own."""

    def own(edit: Edit) -> Edit:
        match edit:
            case Add(section=str(new)) if edit.alternative_to is None:
                return edit.model_copy(update={"section": other(new), "after": edit.after and other(edit.after)})
            case Split(sections=list(new)):
                return edit.model_copy(update={"sections": [other(one) for one in new]})
            case Move(after=str(after)):
                return edit.model_copy(update={"after": other(after)})
        return edit

    def other(section: str) -> str:
        return section if int(section[3:]) < 1000 else f"se_{int(section[3:]) + 100_000 * (number + 1):026d}"

    return own


def shown(line: Line) -> str:
    """A section of somebody's text as it prints, without its number: that is the file's to give."""
    return "".join(words for words, _ in printed(line.text)).strip()


def said(line: str) -> str:
    return line.rpartition("\t")[2].strip()


def threads(proposals: tuple[Proposal, ...], base: Manifest) -> list[Thread]:
    found = [Thread((Said(Author("Chair", "CH"), AT, one.label),), amendment=one.amendment) for one in proposals]
    return found + [Thread((Said(Author("Chair", "CH"), AT, "?"),) * 2, line.section, (2, 9)) for line in base]


@settings(max_examples=150, deadline=None)
@given(compilations())
def test_accepting_one_authors_changes_gives_its_text_and_rejecting_all_the_base(
    masthead: Masthead, given_: Given
) -> None:
    base, proposals = given_
    compilation = compile(base, proposals)
    file = compiled(compilation, masthead, signatures(proposals), threads(proposals, base))
    assert lint(file) == ()
    rejected = [f"{printed_number(line)}\t{shown(line)}" if line.label else shown(line) for line in base]
    assert [line for line in lines(of_author(file, None)) if "[deleted]" not in line] == [
        line for line, its in zip(rejected, base, strict=True) if not its.deleted and line.strip()
    ]
    for one in proposals:
        text = project(compilation, one.amendment)
        expected = [shown(line) for line in text if not line.deleted and shown(line)]
        found = [said(line) for line in lines(of_author(file, NAMES[one.delegations[0]]))]
        found = [line for line in found if line and line != "[deleted]"]
        if any(isinstance(edit, Move) for edit in one.edits):
            expected, found = sorted(expected), sorted(found)
        assert found == expected


@settings(max_examples=6, deadline=None)
@given(compilations())
def test_pandoc_reads_the_same_texts(masthead: Masthead, word: Readers, given_: Given) -> None:
    base, proposals = given_
    file = compiled(compile(base, proposals), masthead, signatures(proposals), threads(proposals, base))
    assert flat(word.pandoc(file, "reject")) == flat(word.pandoc(clean(base, masthead)))
    for one in proposals:
        root = of_author(file, NAMES[one.delegations[0]])
        read = flat(word.pandoc(with_document(file, root)))
        assert flat("\n".join(lines(root))) in read


def flat(plain: str) -> str:
    return " ".join(plain.split())
