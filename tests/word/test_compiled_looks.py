"""A compilation as a Word file: own alternatives, looks, threads, and the parts as they were looked at."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

from lxml import etree

from drafting.word.comments import Said, Thread
from drafting.word.lint import lint
from tests.word.authors import W, comments, document, part, printed
from tests.word.compiling import (
    AT,
    AUTHORS,
    CHAIR,
    GOLDEN,
    OTHER,
    adds,
    changed,
    deletes,
    margin,
    moves,
    proposed,
    rewords,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Readers
    from drafting.word.masthead import Masthead

    Errors = Callable[[bytes], list[str]]


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
