"""A redline, all accepted, is the new text; all rejected, the old; and marks nothing that did not change."""
# ruff: noqa: RUF001 - texts are Russian, Arabic and mathematical on purpose

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from drafting.domain.compare import compare
from drafting.domain.text import Line, Op, SectionChange, Span
from drafting.protocol.words import SectionKind
from drafting.word.clean import clean
from drafting.word.lint import lint
from drafting.word.redline import Signed, redline

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Readers
    from drafting.word.masthead import Masthead

    Errors = Callable[[bytes], list[str]]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
AT = datetime(2026, 11, 28, 14, 55, tzinfo=UTC)
RENUMBERING = "Secretariat (renumbering)"


def author_of(change: SectionChange) -> Signed:
    return Signed(f"author of {change.section}", AT)


def line(section: str, label: str, text: str, kind: SectionKind = SectionKind.OPERATIVE, level: int = 0) -> Line:
    return Line(section, kind, level, label, text)


def deleted(section: str, label: str) -> Line:
    return Line(section, SectionKind.OPERATIVE, 0, label, "", deleted=True)


OLD = (
    line("first", "PP1", "*Noting* the first concern,", SectionKind.PREAMBULAR),
    line("title", "", "Draft Call [for Action]", SectionKind.TITLE),
    line("same", "OP1", "Nothing changes [here [or here]] & <nowhere>;"),
    line("nested", "(a)", "a nested paragraph [in brackets];", SectionKind.SUBPARAGRAPH, 1),
    line("goes", "OP2", "This paragraph will be deleted;"),
    line("moves", "OP3", "This paragraph moves up;"),
    line("walks", "OP4", "This paragraph moves and will be edited lightly;"),
    line("arabic", "OP5", "تُؤَكِّد الدول من جديد التزامها؛"),
    line("cyrillic", "OP6", "Государства подтверждают свои обязательства;"),
    line("emphasis", "OP7", "**Decides to convene** a meeting of *senior officials* soon;"),
    deleted("stays-deleted", "OP8"),
    deleted("returns", "OP9"),
    line("rewritten", "OP10", "Alpha beta gamma."),
    line("last", "OP11", "The last of the old text."),
)
NEW = (
    line("opening", "PP1", "*Mindful* of a new beginning,", SectionKind.PREAMBULAR),
    line("title", "", "Draft Call [[urgent] for Action]", SectionKind.TITLE),
    line("moves", "OP1", "This paragraph moves up;"),
    line("same", "OP2", "Nothing changes [here [or here]] & <nowhere>;"),
    line("nested", "(a)", "a nested paragraph;", SectionKind.SUBPARAGRAPH, 1),
    deleted("goes", "OP3"),
    line("arabic", "OP5", "تُؤَكِّد جميع الدول من جديد التزامها؛"),
    line("cyrillic", "OP6", "Все государства подтверждают обязательства;"),
    line("emphasis", "OP7", "**Decides** to convene a meeting of *very senior* experts soon;"),
    deleted("stays-deleted", "OP8"),
    line("returns", "OP9", "This one has come back."),
    line("rewritten", "OP10", "Δ ε ζ 𝔘."),
    line("walks", "OP10bis", "This paragraph moves and will be edited heavily indeed;"),
    line("closing", "", "For the new parties", SectionKind.SIGNATURE),
)
NEW_PRINTED = [
    "PP1\tMindful of a new beginning,",
    "Draft Call [[urgent] for Action]",
    "OP1\tThis paragraph moves up;",
    "OP2\tNothing changes [here [or here]] & <nowhere>;",
    "(a)\ta nested paragraph;",
    "OP3\t[deleted]",
    "OP5\tتُؤَكِّد جميع الدول من جديد التزامها؛",
    "OP6\tВсе государства подтверждают обязательства;",
    "OP7\tDecides to convene a meeting of very senior experts soon;",
    "OP8\t[deleted]",
    "OP9\tThis one has come back.",
    "OP10\tΔ ε ζ 𝔘.",
    "OP10bis\tThis paragraph moves and will be edited heavily indeed;",
    "For the new parties",
]
OLD_PRINTED = [
    "PP1\tNoting the first concern,",
    "Draft Call [for Action]",
    "OP1\tNothing changes [here [or here]] & <nowhere>;",
    "(a)\ta nested paragraph [in brackets];",
    "OP2\tThis paragraph will be deleted;",
    "OP3\tThis paragraph moves up;",
    "OP4\tThis paragraph moves and will be edited lightly;",
    "OP5\tتُؤَكِّد الدول من جديد التزامها؛",
    "OP6\tГосударства подтверждают свои обязательства;",
    "OP7\tDecides to convene a meeting of senior officials soon;",
    "OP8\t[deleted]",
    "OP9\t[deleted]",
    "OP10\tAlpha beta gamma.",
    "OP11\tThe last of the old text.",
]


@pytest.fixture(scope="module")
def nasty(masthead: Masthead) -> bytes:
    return redline(OLD, compare(OLD, NEW), masthead, author_of)


def of_two(
    old: Line | None, new: Line | None, masthead: Masthead, name: Callable[[SectionChange], Signed] = author_of
) -> bytes:
    before, after = tuple(filter(None, [old])), tuple(filter(None, [new]))
    return redline(before, compare(before, after), masthead, name)


def test_accepting_all_gives_the_new_text_and_rejecting_all_the_old(word: Readers, nasty: bytes) -> None:
    assert word.texts(nasty, "accept") == NEW_PRINTED
    assert word.texts(nasty, "reject") == OLD_PRINTED


def test_pandoc_reads_the_same_two_texts_as_in_the_clean_files(word: Readers, nasty: bytes, masthead: Masthead) -> None:
    assert word.pandoc(nasty, "accept") == word.pandoc(clean(NEW, masthead))
    assert word.pandoc(nasty, "reject") == word.pandoc(clean(OLD, masthead))


def test_looks_too_are_those_of_the_clean_files(word: Readers, nasty: bytes, masthead: Masthead) -> None:
    assert word.looks(nasty, "accept") == word.looks(clean(NEW, masthead))
    assert word.looks(nasty, "reject") == word.looks(clean(OLD, masthead))


def test_a_redline_is_valid_in_every_language(masthead: Masthead, nasty: bytes, sdk_errors: Errors) -> None:
    assert sdk_errors(nasty) == []
    assert lint(nasty) == ()
    arabic = redline(OLD, compare(OLD, NEW), replace(masthead, language="ar"), author_of)
    assert sdk_errors(arabic) == []
    assert lint(arabic) == ()


def test_in_a_text_from_right_to_left_every_run_says_so_that_does_in_the_clean_file(
    word: Readers, masthead: Masthead
) -> None:
    def from_left_to_right(file: bytes) -> list[str]:
        runs = word.part(file).iter(f"{W}r")
        lacking = ["".join(run.itertext()) for run in runs if run.find(f"{W}rPr/{W}rtl") is None]
        return [text for text in lacking if text.strip()]

    arabic = replace(masthead, language="ar")
    ids = from_left_to_right(clean(NEW, arabic))
    assert len(ids) == 4, "the document's and the version's ids and hashes"
    assert from_left_to_right(redline(OLD, compare(OLD, NEW), arabic, author_of)) == ids


def test_a_whole_text_replaced_accepts_and_rejects(word: Readers, masthead: Masthead, sdk_errors: Errors) -> None:
    old = (line("a", "1", "One."), line("b", "2", "Two."))
    new = (line("c", "1", "Three."), line("d", "2", "Four."))
    file = redline(old, compare(old, new), masthead, author_of)
    assert word.texts(file) == ["1.\tThree.", "2.\tFour."]
    assert word.texts(file, "reject") == ["1.\tOne.", "2.\tTwo."]
    assert word.pandoc(file, "reject") == word.pandoc(clean(old, masthead))
    assert sdk_errors(file) == []


def test_everything_deleted_and_everything_added_leave_nothing_behind(word: Readers, masthead: Masthead) -> None:
    gone = redline(OLD, compare(OLD, ()), masthead, author_of)
    assert (word.texts(gone), word.texts(gone, "reject")) == ([], OLD_PRINTED)
    come = redline((), compare((), NEW), masthead, author_of)
    assert (word.texts(come), word.texts(come, "reject")) == (NEW_PRINTED, [])
    assert word.pandoc(gone) == word.pandoc(come, "reject") == word.pandoc(clean((), masthead))


def test_two_equal_versions_have_no_change_at_all(word: Readers, masthead: Masthead) -> None:
    def nobody(change: SectionChange) -> Signed:
        raise AssertionError(f"nobody changed {change.section}")

    file = redline(OLD, compare(OLD, OLD), masthead, nobody)
    assert {found.kind for found in word.tracked(file)} == {"kept"}
    assert word.texts(file) == OLD_PRINTED
    assert lint(file) == ()


def test_an_edit_marks_its_words_alone_in_the_authors_name(word: Readers, masthead: Masthead) -> None:
    file = of_two(line("se_1", "1", "Call for action now"), line("se_1", "1", "Call for urgent action"), masthead)
    assert [(found.kind, found.author, found.text) for found in word.tracked(file)] == [
        ("kept", "", "1.\t"),
        ("kept", "", "Call for "),
        ("ins", "author of se_1", "urgent "),
        ("kept", "", "action"),
        ("del", "author of se_1", " now"),
    ]


def test_a_renumbered_section_is_the_secretariats_change_and_its_label_alone(word: Readers, masthead: Masthead) -> None:
    file = of_two(line("se_1", "OP3", "Same words."), line("se_1", "OP2", "Same words."), masthead)
    assert [(found.kind, found.author, found.text) for found in word.tracked(file)] == [
        ("del", RENUMBERING, "OP3"),
        ("ins", RENUMBERING, "OP2"),
        ("kept", "", "\t"),
        ("kept", "", "Same words."),
    ]


def test_a_label_that_is_new_or_gone_takes_its_tab_along(word: Readers, masthead: Masthead) -> None:
    bare, labelled = line("se_1", "", "Words."), line("se_1", "1", "Words.")
    file = of_two(bare, labelled, masthead)
    assert (word.texts(file), word.texts(file, "reject")) == (["1.\tWords."], ["Words."])
    file = of_two(labelled, bare, masthead)
    assert (word.texts(file), word.texts(file, "reject")) == (["Words."], ["1.\tWords."])


def test_a_deleted_paragraph_keeps_its_label_and_prints_deleted(word: Readers, masthead: Masthead) -> None:
    file = of_two(line("se_1", "OP3", "Words."), deleted("se_1", "OP3"), masthead)
    assert [(found.kind, found.text) for found in word.tracked(file)] == [
        ("kept", "OP3\t"),
        ("del", "Words."),
        ("ins", "[deleted]"),
    ]


def test_an_added_section_has_its_label_and_its_mark_in_the_authors_name(word: Readers, masthead: Masthead) -> None:
    file = of_two(None, line("se_1", "OP3", "Words."), masthead)
    marks = [mark.attrib for mark in word.part(file).iterfind(f".//{W}pPr/{W}rPr/{W}ins")]
    assert [mark[f"{W}author"] for mark in marks] == ["author of se_1"]
    assert {(found.kind, found.author) for found in word.tracked(file)} == {("ins", "author of se_1")}


def test_a_moved_section_is_a_native_move_of_one_name(word: Readers, masthead: Masthead) -> None:
    old = (line("a", "1", "One."), line("b", "2", "Two."), line("c", "3", "Three."))
    new = (old[1], old[2], old[0])
    file = redline(old, compare(old, new), masthead, author_of)
    assert [(found.kind, found.text) for found in word.tracked(file)] == [
        ("moveFrom", "1.\t"),
        ("moveFrom", "One."),
        ("kept", "2.\t"),
        ("kept", "Two."),
        ("kept", "3.\t"),
        ("kept", "Three."),
        ("moveTo", "1.\t"),
        ("moveTo", "One."),
    ]
    body = word.part(file)
    names = [body.find(f".//{W}{kind}RangeStart").get(f"{W}name") for kind in ("moveFrom", "moveTo")]
    assert names[0] == names[1]
    assert body.find(f".//{W}pPr/{W}rPr/{W}moveFrom") is not None
    assert body.find(f".//{W}pPr/{W}rPr/{W}moveTo") is not None


def test_in_a_moved_and_edited_section_the_same_words_move_and_the_others_are_deleted_and_inserted(
    word: Readers, masthead: Masthead
) -> None:
    old = (line("a", "1", "One red word."), line("b", "2", "Two."), line("c", "3", "Three."))
    new = (old[1], old[2], line("a", "4", "One blue word."))
    file = redline(old, compare(old, new), masthead, author_of)
    found = [(found.kind, found.text) for found in word.tracked(file) if found.kind != "kept"]
    assert found == [
        ("del", "1."),
        ("moveFrom", "\t"),
        ("moveFrom", "One "),
        ("del", "red"),
        ("moveFrom", " word."),
        ("ins", "4."),
        ("moveTo", "\t"),
        ("moveTo", "One "),
        ("ins", "blue"),
        ("moveTo", " word."),
    ]
    assert word.pandoc(file, "reject") == word.pandoc(clean(old, masthead))
    assert word.pandoc(file, "accept") == word.pandoc(clean(new, masthead))


def test_a_section_that_moves_and_is_emphasised_looks_old_at_the_old_place_and_new_at_the_new(
    word: Readers, masthead: Masthead
) -> None:
    old = (line("a", "1", "*One*."), line("b", "2", "Two."), line("c", "3", "Three."))
    new = (old[1], old[2], line("a", "1", "**One**."))
    file = redline(old, compare(old, new), masthead, author_of)
    assert word.read(file)[2].runs == [("1.\t", ""), ("One", "b"), (".", "")]
    assert word.read(file, "reject")[0].runs == [("1.\t", ""), ("One", "i"), (".", "")]


def test_a_section_that_moves_and_is_deleted_leaves_its_label_at_the_new_place(
    word: Readers, masthead: Masthead
) -> None:
    old = (line("a", "1", "One."), line("b", "2", "Two."), line("c", "3", "Three."))
    new = (old[1], old[2], deleted("a", "1"))
    file = redline(old, compare(old, new), masthead, author_of)
    assert word.texts(file) == ["2.\tTwo.", "3.\tThree.", "1.\t[deleted]"]
    assert word.texts(file, "reject") == ["1.\tOne.", "2.\tTwo.", "3.\tThree."]
    assert lint(file) == ()


def test_what_left_stands_right_behind_what_it_followed(word: Readers, masthead: Masthead) -> None:
    old = (line("a", "1", "One."), line("b", "2", "Two."), line("c", "3", "Three."))
    new = (old[0], line("n", "2", "New."), old[2])
    file = redline(old, compare(old, new), masthead, author_of)
    assert [found.text for found in word.tracked(file) if found.text[0].isalpha()] == ["One.", "Two.", "New.", "Three."]


def test_an_unmarked_move_is_a_mistake_and_not_a_wrong_file(masthead: Masthead) -> None:
    a, b = line("a", "1", "One."), line("b", "2", "Two.")
    kept = [SectionChange(found.section, found, found, (Span(Op.KEEP, found.text),), moved=False) for found in (b, a)]
    with pytest.raises(ValueError, match="not marked as moved"):
        redline((a, b), kept, masthead, author_of)


def test_words_that_only_gain_emphasis_stay_kept_and_know_their_former_look(word: Readers, masthead: Masthead) -> None:
    old, new = line("se_1", "1", "Recalling the past,"), line("se_1", "1", "*Recalling* the past,")
    file = of_two(old, new, masthead)
    assert {found.kind for found in word.tracked(file)} == {"kept"}
    assert word.read(file)[0].runs[1] == ("Recalling", "i")
    assert word.read(file, "reject")[0].runs[1] == ("Recalling", "")
    change = word.part(file).find(f".//{W}rPrChange")
    assert change.get(f"{W}author") == "author of se_1"


def test_an_edit_across_the_border_of_an_emphasis_prints_no_marks(word: Readers, masthead: Masthead) -> None:
    old = line("se_1", "", "The *quick brown* fox runs")
    new = line("se_1", "", "The *quick red fox* runs")
    file = of_two(old, new, masthead)
    assert [(found.kind, found.text) for found in word.tracked(file)] == [
        ("kept", "The "),
        ("kept", "quick "),
        ("del", "brown"),
        ("ins", "red"),
        ("kept", " fox"),
        ("kept", " runs"),
    ]
    assert word.read(file)[0].text == "The quick red fox runs"


def test_an_asterisk_that_becomes_a_mark_counts_as_deleted(word: Readers, masthead: Masthead) -> None:
    file = of_two(line("se_1", "", "a *word here"), line("se_1", "", "a *word* here"), masthead)
    assert (word.texts(file), word.texts(file, "reject")) == (["a word here"], ["a *word here"])
    assert [(found.kind, found.text) for found in word.tracked(file)][1] == ("del", "*")


def test_every_change_is_dated_and_numbered_once(word: Readers, masthead: Masthead) -> None:
    body = word.part(redline(OLD, compare(OLD, NEW), masthead, author_of))
    marked = [element for element in body.iter() if element.get(f"{W}author")]
    assert {element.get(f"{W}date") for element in marked} == {"2026-11-28T14:55:00Z"}
    assert set(Counter(element.get(f"{W}id") for element in marked).values()) == {1}


def test_each_change_has_its_own_date_and_a_renumbering_the_mastheads(word: Readers, masthead: Masthead) -> None:
    old = (line("a", "1", "One."), line("b", "2", "Two."), line("c", "3", "Three."))
    new = (line("a", "1", "Once."), line("b", "2", "Twice."), line("c", "4", "Three."))
    hours = {"a": 1, "b": 2}

    def signed(change: SectionChange) -> Signed:
        return Signed("Arvania", AT.replace(hour=hours[change.section], minute=0))

    body = word.part(redline(old, compare(old, new), masthead, signed, "Comparison"))
    found = {(one.get(f"{W}author"), one.get(f"{W}date")) for one in body.iter() if one.get(f"{W}author")}
    assert found == {
        ("Arvania", "2026-11-28T01:00:00Z"),
        ("Arvania", "2026-11-28T02:00:00Z"),
        ("Comparison", "2026-11-28T14:55:00Z"),
    }


def test_a_hostile_author_is_text(word: Readers, masthead: Masthead) -> None:
    file = of_two(line("se_1", "1", "a b"), line("se_1", "1", "a c"), masthead, lambda _: Signed('A"<&\x02>é', AT))
    assert {found.author for found in word.tracked(file)} == {"", 'A"<&>é'}


def test_the_same_changes_give_the_same_bytes(masthead: Masthead, nasty: bytes) -> None:
    assert redline(OLD, compare(OLD, NEW), masthead, author_of) == nasty


def test_moves_are_named_apart(word: Readers, masthead: Masthead) -> None:
    old = tuple(line(name, "", f"Paragraph {name}.") for name in "abcdef")
    new = tuple(old[at] for at in (5, 1, 2, 3, 4, 0))
    body = word.part(redline(old, compare(old, new), masthead, author_of))
    names = sorted(start.get(f"{W}name") for start in body.iter(f"{W}moveFromRangeStart", f"{W}moveToRangeStart"))
    assert [first == second for first, second in pairwise(names)] == [True, False, True]
