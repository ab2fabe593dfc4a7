"""A compilation with tracked changes: who would have what, in whose name, and what stands in the margin."""
# ruff: noqa: RUF001 - dashes, and texts that are Arabic on purpose

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from drafting.domain.compilation import Proposal, compile  # noqa: A004 - the design's own word
from drafting.domain.text import Line
from drafting.protocol.edits import Add, Delete, Edit, Move, Replace
from drafting.protocol.words import SectionKind
from drafting.word.comments import Author, Said, Thread
from drafting.word.compiled import Signatures, compiled
from drafting.word.lint import lint
from tests.word.authors import W, comments, document, lines, marked, of_author, part, printed

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


def test_alternatives_of_a_passage_stand_in_a_row_behind_what_all_of_them_would_have_gone(
    word: Readers, masthead: Masthead
) -> None:
    asked = proposed(
        ("BOR", rewords("one", "States shall take all necessary measures.")),
        ("ARV", rewords("one", "States shall take legal measures.")),
    )
    file = written(masthead, asked)
    assert changed(word, file) == [
        ("del", "Borduria", "appropriate"),
        ("ins", "Arvania", "legal"),
        ("ins", "Borduria", "all necessary"),
    ]
    assert nested(file, "appropriate") == [("del", "Arvania"), ("del", "Borduria")]
    assert margin(file) == [(SHARED, ["Deleted by: Arvania, Borduria"], "appropriatelegalall necessary")]
    assert lines(of_author(file, "Arvania"))[2] == "OP1\tStates shall take legal measures."
    assert lines(of_author(file, "Borduria"))[2] == "OP1\tStates shall take all necessary measures."
    assert lines(of_author(file, "Calgaria"))[2] == "OP1\tStates shall take appropriate measures."


def test_a_wording_that_several_hold_stands_once_and_a_comment_names_them(word: Readers, masthead: Masthead) -> None:
    text = "States shall take all appropriate measures."
    asked = proposed(("BOR", rewords("one", text)), ("CAL", rewords("one", text)), ("ARV", rewords("one", text)))
    file = written(masthead, asked)
    assert changed(word, file) == [("ins", "Arvania", "all ")]
    assert margin(file) == [(SHARED, ["Proposed by: Arvania, Borduria, Calgaria – “all ”"], "all ")]


def test_changes_that_have_nothing_to_do_with_each_other_are_marked_apart_and_minimal(
    word: Readers, masthead: Masthead
) -> None:
    asked = proposed(
        ("ARV", rewords("one", "Parties shall take appropriate measures.")),
        ("BOR", rewords("one", "States shall take appropriate and legal measures.")),
    )
    file = written(masthead, asked)
    assert changed(word, file) == [
        ("del", "Arvania", "States"),
        ("ins", "Arvania", "Parties"),
        ("ins", "Borduria", " and legal"),
    ]
    assert comments(file) == {}
    assert part(file, "word/comments.xml") is None


def test_an_added_section_is_an_inserted_paragraph_with_its_mark_and_the_label_it_would_get(
    word: Readers, masthead: Masthead
) -> None:
    asked = proposed(("ARV", adds("one", "x", "New.")), ("BOR", adds("one", "y", "Other.")))
    file = written(masthead, asked)
    assert changed(word, file) == [
        ("ins", "Arvania", "OP1bis\t"),
        ("ins", "Arvania", "New."),
        ("ins", "Borduria", "OP1ter\t"),
        ("ins", "Borduria", "Other."),
    ]
    assert marks(file) == [("ins", "Arvania", "OP1bis\tNew."), ("ins", "Borduria", "OP1ter\tOther.")]


def test_equal_added_sections_stand_once(masthead: Masthead) -> None:
    asked = proposed(
        ("ARV", adds("one", "x", "New.")), ("BOR", adds("one", "y", "New.")), ("BOR", adds("one", "z", "More."))
    )
    file = written(masthead, asked)
    assert marks(file) == [("ins", "Arvania", "OP1bis\tNew."), ("ins", "Borduria", "OP1quater\tMore.")]
    assert margin(file) == [(SHARED, ["Proposed by: Arvania, Borduria"], "OP1bis\tNew.")]
    assert [line for line in lines(of_author(file, "Borduria")) if "bis" in line] == ["OP1bis\tNew."]


def test_equal_sections_added_in_several_places_stand_once_in_each(masthead: Masthead) -> None:
    asked = proposed(
        ("ARV", adds("one", "a", "First.")),
        ("ARV", adds("three", "b", "Second.")),
        ("BOR", adds("one", "c", "First.")),
        ("BOR", adds("three", "d", "Second.")),
    )
    assert [by for _, by, _ in marks(written(masthead, asked))] == ["Arvania", "Arvania"]


def test_equal_additions_in_another_order_stay_apart(masthead: Masthead) -> None:
    asked = proposed(
        ("ARV", adds("one", "a", "First.")),
        ("ARV", adds("one", "b", "Second.")),
        ("BOR", adds("one", "c", "Second.")),
        ("BOR", adds("one", "d", "First.")),
    )
    file = written(masthead, asked)
    assert [line.partition("\t")[2] for line in lines(of_author(file, "Arvania"))[3:5]] == ["First.", "Second."]
    assert [line.partition("\t")[2] for line in lines(of_author(file, "Borduria"))[3:5]] == ["Second.", "First."]


def test_a_section_to_be_deleted_goes_with_its_label_and_its_mark(word: Readers, masthead: Masthead) -> None:
    file = written(masthead, proposed(("ARV", deletes("three")), ("BOR", deletes("three"))))
    assert marks(file) == [("del", "Arvania", f"OP3\t{THREE}")]
    assert nested(file, "OP3\t") == nested(file, THREE)
    assert nested(file, "OP3\t") == [("del", "Arvania"), ("del", "Borduria")]
    assert margin(file) == [(SHARED, ["Deleted by: Arvania, Borduria"], f"OP3\t{THREE}")]
    assert all("OP3" not in line for line in lines(of_author(file, "Borduria")))
    assert word.pandoc(file) == word.pandoc(written(masthead, proposed(("ARV", deletes("three")))))


def test_the_mark_of_a_deleted_section_stays_where_others_insert_something(masthead: Masthead) -> None:
    asked = proposed(("ARV", deletes("three")), ("BOR", rewords("three", THREE.replace("training", "more training"))))
    file = written(masthead, asked)
    assert marks(file) == []
    assert nested(file, "more ") == [("ins", "Borduria")]
    assert lines(of_author(file, "Borduria"))[5] == f"OP3\t{THREE}".replace("training", "more training")
    assert all("OP3" not in line for line in lines(of_author(file, "Arvania")))


def test_another_text_stands_beside_the_paragraph_that_it_would_replace(masthead: Masthead) -> None:
    file = written(masthead, proposed(("ARV", rewords("three", OTHER)), ("BOR", rewords("three", OTHER))))
    assert marks(file) == [
        ("del", "Arvania", f"OP3\t{THREE}"),
        ("ins", "Arvania", f"OP3 alt\t{OTHER}"),
    ]
    assert [said for by, said, _ in margin(file)] == [
        ["Deleted by: Arvania, Borduria"],
        ["Proposed by: Arvania, Borduria"],
    ]
    for author in ("Arvania", "Borduria"):
        assert lines(of_author(file, author))[4:] == ["(a)\tto the public.", f"OP3 alt\t{OTHER}", "OP4\t[deleted]"]


def test_a_section_that_one_alone_moves_is_a_native_move_with_all_that_is_under_it(masthead: Masthead) -> None:
    file = written(masthead, proposed(("ARV", moves("two", "three"))))
    assert marks(file) == [
        ("moveFrom", "Arvania", "OP2\tStates shall report every year."),
        ("moveFrom", "Arvania", "(a)\tto the public."),
        ("moveTo", "Arvania", "OP2\tStates shall report every year."),
        ("moveTo", "Arvania", "(a)\tto the public."),
    ]
    assert [line.partition("\t")[0] for line in lines(of_author(file, "Arvania"))[2:]] == [
        "OP1",
        "OP3",
        "OP2",
        "(a)",
        "OP4",
    ]
    assert [line.partition("\t")[0] for line in lines(of_author(file, None))[2:]] == ["OP1", "OP2", "(a)", "OP3", "OP4"]
    assert lint(file) == ()


@pytest.mark.parametrize(
    "edits", [(moves("one", "three"), moves("two", "one")), (moves("two", "three"), moves("one", "two"))]
)
def test_of_what_one_moves_to_the_same_place_the_first_is_tracked(masthead: Masthead, edits: tuple[Move, ...]) -> None:
    file = written(masthead, (Proposal("am1", "ARV-1", ("ARV",), edits),))
    assert [(kind, text.partition("\t")[0]) for kind, _, text in marks(file)] == [
        ("moveFrom", "OP1"),
        ("moveTo", "OP1"),
    ]
    assert [line.partition("\t")[0] for line in lines(of_author(file, "Arvania"))[2:]] == [
        *("OP2", "(a)", "OP3", "OP1", "OP4")
    ]


@pytest.mark.parametrize(
    "other",
    [
        ("BOR", moves("two", "pp")),
        ("BOR", rewords("sub", "to all the public.")),
        ("BOR", deletes("two")),
        ("ARV", adds("three", "x", "New.")),
    ],
)
def test_a_section_that_others_too_would_change_is_not_tracked_as_moved(
    masthead: Masthead, other: tuple[str, Edit]
) -> None:
    file = written(masthead, proposed(("ARV", moves("two", "three")), other))
    assert not any(mark.startswith("move") for mark, _, _ in marks(file))


def test_a_section_that_is_moved_behind_an_added_one_is_not_tracked_as_moved(masthead: Masthead) -> None:
    edits = (adds("three", "x", "New."), moves("two", "x"))
    file = written(masthead, (Proposal("am1", "ARV-1", ("ARV",), edits),))
    assert marks(file) == [("ins", "Arvania", "OP3bis\tNew.")]


def test_changes_are_dated_when_they_were_tabled_and_numbered_once(masthead: Masthead) -> None:
    asked = proposed(("ARV", rewords("one", "Parties shall take measures.")), ("BOR", deletes("three")))
    found = [one for one in document(written(masthead, asked)).iter() if one.get(f"{W}author")]
    dates = {(one.get(f"{W}author"), one.get(f"{W}date")) for one in found}
    assert dates == {("Arvania", "2026-11-20T10:00:00Z"), ("Borduria", "2026-11-20T11:00:00Z")}
    assert len({one.get(f"{W}id") for one in found}) == len(found)


def test_a_delegations_own_amendments_are_read_together(masthead: Masthead) -> None:
    asked = proposed(
        ("ARV", rewords("one", "Parties shall take appropriate measures.")),
        ("ARV", rewords("one", "States shall take appropriate steps.")),
        ("BOR", rewords("one", "Governments take wise measures.")),
    )
    file = written(masthead, asked)
    assert lines(of_author(file, "Arvania"))[2] == "OP1\tParties shall take appropriate steps."
    assert lines(of_author(file, "Borduria"))[2] == "OP1\tGovernments take wise measures."


def test_what_is_composed_of_several_amendments_has_the_date_of_the_last(masthead: Masthead) -> None:
    asked = proposed(
        ("ARV", rewords("one", "Parties shall take appropriate measures.")),
        ("ARV", rewords("one", "States shall take appropriate steps.")),
    )
    dates = {one.get(f"{W}date") for one in document(written(masthead, asked)).iter() if one.get(f"{W}author")}
    assert dates == {"2026-11-20T11:00:00Z"}


def test_who_would_have_the_same_gone_is_named_in_the_order_of_the_proposals(masthead: Masthead) -> None:
    same = "States shall take all measures."
    asked = proposed(
        ("ARV", rewords("one", same)),
        ("BOR", rewords("one", "States take legal measures.")),
        ("CAL", rewords("one", same)),
    )
    file = written(masthead, asked)
    assert ["Deleted by: Arvania, Borduria, Calgaria", "Proposed by: Arvania, Calgaria – “all”"] in [
        said for _, said, _ in margin(file)
    ]


def test_a_delegations_own_alternatives_both_stand(word: Readers, masthead: Masthead) -> None:
    asked = proposed(
        ("ARV", rewords("one", "States shall take legal measures.")),
        ("ARV", rewords("one", "States shall take all measures.")),
    )
    assert changed(word, written(masthead, asked)) == [
        ("del", "Arvania", "appropriate"),
        ("ins", "Arvania", "legal"),
        ("ins", "Arvania", "all"),
    ]


def test_a_deleted_section_that_somebody_would_have_back(word: Readers, masthead: Masthead) -> None:
    file = written(masthead, proposed(("ARV", rewords("gone", "[States] shall meet."))))
    assert changed(word, file) == [("del", "Arvania", "[deleted]"), ("ins", "Arvania", "[States] shall meet.")]


def test_emphasis_prints_and_a_look_that_somebody_would_change_is_a_change_of_looks(
    word: Readers, masthead: Masthead
) -> None:
    file = written(masthead, proposed(("ARV", rewords("pp", "**Recalling** the *equal* dignity of every migrant,"))))
    assert changed(word, file) == [("ins", "Arvania", "equal"), ("ins", "Arvania", " ")]
    assert word.read(file)[1].runs[1:4] == [("Recalling", "b"), (" the ", ""), ("equal", "i")]
    assert word.read(file, "reject")[1].runs[1] == ("Recalling", "i")
    assert document(file).find(f".//{W}rPrChange").get(f"{W}author") == "Arvania"


def test_a_wording_looks_as_it_does_in_its_own_text(word: Readers, masthead: Masthead) -> None:
    file = written(masthead, proposed(("ARV", rewords("pp", "*Recalling* the very equal dignity of *each* migrant,"))))
    assert ("each", "i") in word.read(file)[1].runs


def test_of_two_who_would_change_a_look_the_first_one_does(masthead: Masthead) -> None:
    asked = proposed(
        ("ARV", rewords("pp", "Recalling the dignity of every migrant,")),
        ("BOR", rewords("pp", "**Recalling** the dignity of every migrant,")),
    )
    changes = list(document(written(masthead, asked)).iter(f"{W}rPrChange"))
    assert [one.get(f"{W}author") for one in changes] == ["Arvania"]


def test_threads_stand_on_what_they_are_about_with_replies_and_what_is_resolved(masthead: Masthead) -> None:
    asked = proposed(("ARV", rewords("one", "States shall take legal measures.")), ("BOR", deletes("sub")))
    first = Said(AUTHORS["ARV"], AT, "ARV-1\nRationale: clarity & <law>.")
    threads = [
        Thread((first, Said(AUTHORS["BOR"], AT, "Cannot accept.")), amendment="am1"),
        Thread((Said(AUTHORS["BOR"], AT, "BOR-2"),), amendment="am2"),
        Thread(
            (Said(CHAIR, AT, "Every?"), Said(CHAIR, AT, "Yes."), Said(CHAIR, AT, "So.")), "pp", (16, 23), resolved=True
        ),
        Thread((Said(CHAIR, AT, "Of the whole."),), "two"),
        Thread((Said(CHAIR, AT, "Of nothing."),), "elsewhere"),
    ]
    file = written(masthead, asked, *threads)
    assert margin(file) == [
        ("Chair", ["Of nothing."], "Call for Action"),
        ("Chair", ["Every?"], "dignity"),
        ("Chair", ["Yes."], "dignity"),
        ("Chair", ["So."], "dignity"),
        ("Arvania", ["ARV-1", "Rationale: clarity & <law>."], "appropriatelegal"),
        ("Borduria", ["Cannot accept."], "appropriatelegal"),
        ("Chair", ["Of the whole."], "OP2\tStates shall report every year."),
        ("Borduria", ["BOR-2"], "(a)\tto the public."),
    ]
    assert extended(file) == [
        ("Of nothing.", None, "0"),
        ("Every?", None, "1"),
        ("Yes.", "Every?", "1"),
        ("So.", "Every?", "1"),
        ("Rationale: clarity & <law>.", None, "0"),
        ("Cannot accept.", "Rationale: clarity & <law>.", "0"),
        ("Of the whole.", None, "0"),
        ("BOR-2", None, "0"),
    ]
    assert {initials for _, initials, _ in comments(file).values()} == {"CH", "ARV", "BOR"}
    assert lint(file) == ()


def extended(file: bytes) -> list[tuple[str, str | None, str]]:
    """What replies to what, by the last paragraphs of the comments, and what is resolved."""
    w14, w15 = (
        "{http://schemas.microsoft.com/office/word/2010/wordml}",
        "{http://schemas.microsoft.com/office/word/2012/wordml}",
    )
    said, more = part(file, "word/comments.xml"), part(file, "word/commentsExtended.xml")
    assert said is not None
    assert more is not None
    last = {list(one.iter(f"{W}p"))[-1].get(f"{w14}paraId", ""): printed([list(one)[-1]]) for one in said}
    return [
        (last[one.get(f"{w15}paraId", "")], last.get(one.get(f"{w15}paraIdParent", "")), one.get(f"{w15}done", ""))
        for one in more
    ]


def test_a_comment_on_what_comes_or_goes_comes_or_goes_with_it(masthead: Masthead) -> None:
    asked = proposed(("ARV", adds("one", "x", "New.")), ("BOR", deletes("three")), ("CAL", moves("two", None)))
    threads = [Thread((Said(CHAIR, AT, one.label),), amendment=one.amendment) for one in asked]
    file = written(masthead, asked, *threads)
    signs = list(document(file).iter(f"{W}commentReference"))
    assert [etree.QName(sign.getparent().getparent()).localname for sign in signs] == ["ins", "moveFrom", "del"]


def everything(masthead: Masthead) -> bytes:
    asked = proposed(
        ("ARV", rewords("one", "States shall take all necessary measures.")),
        ("BOR", rewords("one", "States shall take legal measures.")),
        ("CAL", rewords("pp", "**Recalling** the *equal* dignity of each migrant,")),
        ("DUM", deletes("three")),
        ("ELD", deletes("three")),
        ("ARV", adds("one", "x", "*New* paragraph.")),
        ("BOR", adds("one", "y", "*New* paragraph.")),
        ("ELD", moves("two", "pp")),
        ("CAL", rewords("gone", "States shall meet.")),
        ("ARV", rewords("three", OTHER)),
    )
    threads = [
        Thread((Said(AUTHORS[one.delegations[0]], AT, one.label), Said(CHAIR, AT, "Noted.")), amendment=one.amendment)
        for one in asked
    ]
    return written(masthead, asked, *threads, Thread((Said(CHAIR, AT, "هنا"),), "pp", (16, 23), resolved=True))


def test_a_compilation_is_valid_from_left_to_right_and_from_right_to_left(
    masthead: Masthead, sdk_errors: Errors
) -> None:
    for language in ("en", "ar"):
        file = everything(replace(masthead, language=language))
        assert sdk_errors(file) == []
        assert lint(file) == ()


def test_the_parts_are_those_that_were_looked_at_and_the_same_each_time(masthead: Masthead) -> None:
    file = everything(masthead)
    assert everything(masthead) == file
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        for golden in sorted(GOLDEN.iterdir()):
            assert archive.read(f"word/{golden.name}").decode() == golden.read_text("utf-8")
    assert len(list(GOLDEN.iterdir())) == 3
