"""Labels are read, counted on and printed as negotiators do; inserting never touches what is there."""

from dataclasses import replace
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.labels import Style, alternative, insertions, parse, printed, read_marker, style_of, value, written
from drafting.domain.numbering import number, renumber
from drafting.domain.text import Line, Manifest
from drafting.protocol.words import SectionKind

OP, SUB, ART, HEAD, PP = (
    SectionKind.OPERATIVE,
    SectionKind.SUBPARAGRAPH,
    SectionKind.ARTICLE,
    SectionKind.HEADING,
    SectionKind.PREAMBULAR,
)


def text(*rows: tuple[SectionKind, int, str]) -> Manifest:
    return tuple(Line(f"se_{at}", kind, level, label, "Words.") for at, (kind, level, label) in enumerate(rows))


def labels(manifest: Manifest) -> list[str]:
    return [line.label for line in manifest]


@pytest.mark.parametrize(
    ("source", "label", "rest"),
    [
        ("1. Each Party", "1", "Each Party"),
        ("[1.  Each Party]", "1", "[Each Party]"),
        ("OP6 bis Decides", "OP6bis", "Decides"),
        ("[OP 1 bis For clarity", "OP1bis", "[For clarity"),
        ("OP1 alt 2 Each", "OP1 alt 2", "Each"),
        ("7 alt bis. The", "7 alt bis", "The"),
        ("8 Alt.  Each", "8 alt", "Each"),
        ("4ter. The", "4ter", "The"),
        ("a alt. Evidence", "(a) alt", "Evidence"),
        ("[e bis   Transport,]", "(e)bis", "[Transport,]"),
        ("(ii) from the sea", "(ii)", "from the sea"),
        ("ARTICLE 1bis", "Article 1bis", ""),
        ("Article 7. Scope", "Article 7", "Scope"),
        ("Статья 7 Цель", "Статья 7", "Цель"),
        ("المادة 7", "المادة 7", ""),
        ("Annex I", "Annex I", ""),
        ("**1.** Decides", "1", "Decides"),
        ("- to act", "-", "to act"),
    ],
)
def test_a_literal_number_is_read_as_its_label(source: str, label: str, rest: str) -> None:
    assert read_marker(source) == (label, rest)


@pytest.mark.parametrize(
    "source",
    [
        "[3][2]. Each Party",
        "Article 7 of the Convention applies",
        "no. 5",
        "1.5 per cent",
        "*Recalling* that",
        "3 alternatives",
    ],
)
def test_words_that_only_look_like_a_number_stay_text(source: str) -> None:
    assert read_marker(source) is None


@pytest.mark.parametrize(
    ("mark", "style", "counts"),
    [("12", Style.DECIMAL, 12), ("aa", Style.LETTER, 27), ("xiv", Style.ROMAN, 14), ("IV", Style.ROMAN, 4)],
)
def test_a_mark_counts_in_its_style(mark: str, style: Style, counts: int) -> None:
    assert value(mark, style) == counts
    assert written(counts, style, like=mark) == mark


def test_what_is_no_number_of_a_style_counts_nothing() -> None:
    assert value("iiii", Style.ROMAN) is None
    assert value("ab", Style.LETTER) is None
    assert value("7", Style.LETTER) is None


def test_a_list_that_begins_with_i_is_roman_and_one_with_a_is_lettered() -> None:
    assert style_of(["i", "ii"]) is Style.ROMAN
    assert style_of(["a", "b"]) is Style.LETTER
    assert style_of(["h", "i"]) is Style.LETTER


def names(before: str, after: str | None, number: int = 3) -> list[str]:
    first = parse(before)
    assert first is not None
    return [str(label) for label in islice(insertions(first, parse(after) if after else None), number)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("OP12", "OP13", ["OP12bis", "OP12ter", "OP12quater"]),
        ("OP12bis", "OP13", ["OP12ter", "OP12quater", "OP12quinquies"]),
        ("OP12bis", "OP12ter", ["OP12bis1", "OP12bis2", "OP12bis3"]),
        ("OP12bis1", "OP12bis2", ["OP12bis1bis", "OP12bis1ter", "OP12bis1quater"]),
        ("OP12bis", "OP12bis1", ["OP12bisbis", "OP12bister", "OP12bisquater"]),
        ("OP12bis2", "OP12ter", ["OP12bis3", "OP12bis4", "OP12bis5"]),
        ("4(a)bis", "4(a)ter", ["4(a)bis1", "4(a)bis2", "4(a)bis3"]),
        ("OP12 alt", "OP13", ["OP12bis", "OP12ter", "OP12quater"]),
        ("OP12bis alt 2", "OP12ter", ["OP12bis1", "OP12bis2", "OP12bis3"]),
        ("OP12quaterdecies", None, ["OP12quindecies", "OP12quaterdecies1", "OP12quaterdecies2"]),
        # nothing is left between these two
        ("OP12", "OP12bis", ["OP12bis", "OP12ter", "OP12quater"]),
    ],
)
def test_insertions_between_insertions_are_named_in_the_order_of_the_text(
    before: str, after: str | None, expected: list[str]
) -> None:
    assert names(before, after) == expected


def test_after_the_last_latin_suffix_numbers_follow() -> None:
    assert names("OP1", None, 17)[9:] == [
        *("OP1undecies", "OP1duodecies", "OP1terdecies", "OP1quaterdecies", "OP1quindecies"),
        # and then, out of order, all that is left
        *("OP1bis", "OP1ter", "OP1quater"),
    ]
    assert names("OP1quindecies", None, 2) == ["OP1quindecies1", "OP1quindecies2"]


@pytest.mark.parametrize("label", ["OP12bis1", "OP12bisbis", "OP12bis1bis", "OP12bis alt", "(a)bis1", "12quindecies1"])
def test_a_suffix_that_we_print_is_read_again(label: str) -> None:
    head = f"{label} The" if label[0] == "(" or label[0] == "O" else f"{label}. The"
    assert read_marker(head) == (label, "The")


def test_an_alternative_is_named_after_its_paragraph_and_never_like_another_section() -> None:
    assert alternative("OP12", set()) == "OP12 alt"
    assert alternative("OP12bis", {"OP12 alt"}) == "OP12bis alt"
    assert alternative("OP12", {"OP12 alt", "OP12 alt 2"}) == "OP12 alt 3"
    assert alternative("OP12 alt", {"OP12 alt"}) == "OP12 alt 2"


def test_a_paragraph_before_one_that_was_inserted_before_the_first_is_op0() -> None:
    assert labels(number(text((OP, 0, ""), (OP, 0, "OP0bis"), (OP, 0, "OP1")))) == ["OP0", "OP0bis", "OP1"]


@pytest.mark.parametrize(
    "label", ["OP12bis", "4(a)(ii)", "OP1 alt bis", "Article 7bis", "4(a)bis", "7(2)ter", "OP3bis1"]
)
def test_a_label_taken_apart_is_put_together_again(label: str) -> None:
    assert str(parse(label)) == label


def test_paragraphs_inserted_after_one_take_bis_and_ter() -> None:
    manifest = text((OP, 0, "OP12"), (OP, 0, ""), (OP, 0, ""), (OP, 0, "OP13"))
    assert labels(number(manifest)) == ["OP12", "OP12bis", "OP12ter", "OP13"]


def test_a_paragraph_before_the_first_is_op0bis() -> None:
    assert labels(number(text((OP, 0, ""), (OP, 0, "OP1")))) == ["OP0bis", "OP1"]


def test_a_subparagraph_between_two_takes_bis() -> None:
    manifest = text((OP, 0, "4"), (SUB, 1, "4(a)"), (SUB, 1, ""), (SUB, 1, "4(b)"))
    assert labels(number(manifest)) == ["4", "4(a)", "4(a)bis", "4(b)"]


def test_the_end_of_a_list_takes_the_next_plain_number() -> None:
    manifest = text((OP, 0, "OP14"), (SUB, 1, "OP14(a)"), (SUB, 1, ""), (OP, 0, ""), (SUB, 1, ""), (SUB, 2, ""))
    assert labels(number(manifest)) == ["OP14", "OP14(a)", "OP14(b)", "OP15", "OP15(a)", "OP15(a)(i)"]


def test_the_number_of_a_deleted_paragraph_stays_taken() -> None:
    first, deleted, new = text((OP, 0, "OP14"), (OP, 0, "OP15"), (OP, 0, ""))
    deleted = replace(deleted, text="", deleted=True)
    assert labels(number((first, deleted, new))) == ["OP14", "OP15", "OP16"]
    assert labels(number((first, new, deleted))) == ["OP14", "OP14bis", "OP15"]


def test_a_number_that_another_section_has_is_not_given_twice() -> None:
    manifest = text((HEAD, 0, ""), (OP, 1, "1"), (OP, 1, "2"), (HEAD, 0, ""), (OP, 1, "1"), (OP, 1, ""))
    assert labels(number(manifest))[-1] == "3"
    manifest = text((ART, 0, "Article 1"), (OP, 1, "1"), (OP, 1, ""), (ART, 0, "Article 2"), (OP, 1, "2"))
    assert labels(number(manifest))[2] == "1bis"


def test_two_lists_that_grow_at_once_do_not_give_one_number_twice() -> None:
    manifest = text((ART, 0, "Article 1"), (OP, 1, "1"), (OP, 1, ""), (ART, 0, "Article 2"), (OP, 1, "1"), (OP, 1, ""))
    assert labels(number(manifest)) == ["Article 1", "1", "2", "Article 2", "1", "1bis"]


def test_a_paragraph_before_a_list_that_begins_again_stays_with_its_heading() -> None:
    manifest = text((HEAD, 0, ""), (OP, 1, "1"), (HEAD, 0, ""), (OP, 1, ""), (OP, 1, "1"))
    assert labels(number(manifest)) == ["", "1", "", "0bis", "1"]


def test_a_new_article_takes_bis_and_its_paragraphs_follow_it() -> None:
    manifest = text(
        (ART, 0, "Article 7"), (OP, 1, "7(1)"), (ART, 0, ""), (OP, 1, ""), (SUB, 2, ""), (ART, 0, "Article 8")
    )
    assert labels(number(manifest)) == ["Article 7", "7(1)", "Article 7bis", "7bis(1)", "7bis(1)(a)", "Article 8"]


def test_an_unnumbered_text_counts_from_one() -> None:
    manifest = text((HEAD, 0, ""), (PP, 1, ""), (PP, 1, ""), (OP, 1, ""), (SUB, 2, ""), (SectionKind.ANNEX, 0, ""))
    assert labels(number(manifest)) == ["", "PP1", "PP2", "OP1", "OP1(a)", "Annex I"]


def test_a_heading_is_numbered_only_among_numbered_headings() -> None:
    assert labels(number(text((HEAD, 0, "1"), (HEAD, 0, ""), (HEAD, 0, "2")))) == ["1", "1bis", "2"]
    assert labels(number(text((HEAD, 0, ""), (HEAD, 0, "")))) == ["", ""]
    assert labels(number(text((HEAD, 0, ""), (HEAD, 0, "1"), (HEAD, 0, "")))) == ["", "1", ""]
    assert (
        labels(
            number(text((SectionKind.CHAPEAU, 0, "1"), (SectionKind.CHAPEAU, 0, "2"), (SectionKind.CHAPEAU, 0, "")))
        )[2]
        == ""
    )


def test_a_heading_that_says_its_own_number_gets_no_other() -> None:
    one, part, two = text((HEAD, 0, "1"), (HEAD, 0, ""), (HEAD, 0, "2"))
    assert labels(number((one, replace(part, text="Part II"), two))) == ["1", "", "2"]


def test_eleven_insertions_go_on_in_latin() -> None:
    manifest = text((OP, 0, "OP1"), *[(OP, 0, "")] * 11, (OP, 0, "OP2"))
    assert labels(number(manifest))[9:12] == ["OP1decies", "OP1undecies", "OP1duodecies"]


def test_renumbering_closes_gaps_and_tells_old_and_new() -> None:
    manifest = text(
        (OP, 0, "OP1"),
        (OP, 0, "OP2"),
        (OP, 0, "OP2bis"),
        (SUB, 1, "OP2bis(a)"),
        (OP, 0, "OP3"),
        (OP, 0, "OP3 alt"),
        (OP, 0, ""),
    )
    manifest = (manifest[0], replace(manifest[1], text="", deleted=True), *manifest[2:])
    new, table = renumber(manifest)
    assert labels(new) == ["OP1", "OP2", "OP2(a)", "OP3", "OP3 alt", "OP4"]
    assert table == (("se_1", "OP2", ""), ("se_2", "OP2bis", "OP2"), ("se_3", "OP2bis(a)", "OP2(a)"))


def test_renumbering_articles_carries_their_paragraphs() -> None:
    manifest = text((ART, 0, "Article 1"), (ART, 0, "Article 1bis"), (OP, 1, "1bis(1)"), (SUB, 2, "1bis(1)(b)"))
    new, table = renumber(manifest)
    assert labels(new) == ["Article 1", "Article 2", "2(1)", "2(1)(a)"]
    assert table[0] == ("se_1", "Article 1bis", "Article 2")


def test_renumbering_keeps_lists_that_begin_again() -> None:
    manifest = text((HEAD, 0, ""), (OP, 1, "1"), (OP, 1, "1bis"), (HEAD, 0, ""), (OP, 1, "1"), (OP, 1, "2"))
    assert labels(renumber(manifest)[0]) == ["", "1", "2", "", "1", "2"]


@pytest.mark.parametrize(
    ("kind", "label", "deleted", "expected"),
    [
        (OP, "OP12bis", False, "OP12bis"),
        (OP, "4", False, "4."),
        (SUB, "4(a)(ii)", False, "(ii)"),
        (SUB, "4(a)bis", False, "(a)bis"),
        (OP, "7(2)", False, "2."),
        (ART, "Article 7bis", False, "Article 7bis"),
        (OP, "OP5", True, "OP5 [deleted]"),
        (HEAD, "", False, ""),
        (HEAD, "", True, "[deleted]"),
    ],
)
def test_a_label_prints_as_on_paper(kind: SectionKind, label: str, deleted: bool, expected: str) -> None:
    assert printed(Line("se_1", kind, 0, label, "" if deleted else "Words.", deleted)) == expected


KINDS = st.sampled_from([HEAD, PP, OP, OP, OP, SUB, SUB, ART, SectionKind.ANNEX, SectionKind.CHAPEAU])


@st.composite
def frozen_texts(draw: st.DrawFn) -> tuple[Manifest, list[int]]:
    """A numbered text, and where new lines (kind, level) go in."""
    shape = draw(st.lists(st.tuples(KINDS, st.integers(0, 3), st.booleans()), max_size=14))
    base = number(tuple(Line(f"se_{at}", kind, level, "", "Words.") for at, (kind, level, _) in enumerate(shape)))
    lines: list[Line] = []
    gone_from: int | None = None  # what belongs to a deleted section is deleted with it
    for line, (_, level, deleted) in zip(base, shape, strict=True):
        if gone_from is not None and level <= gone_from:
            gone_from = None
        if gone_from is None and deleted:
            gone_from = level
        lines.append(line if gone_from is None else replace(line, text="", deleted=True))
    base = tuple(lines)
    places = draw(st.lists(st.integers(0, len(base)), max_size=6))
    return base, places


@settings(max_examples=150, deadline=None)
@given(frozen_texts(), st.lists(st.tuples(KINDS, st.integers(0, 3)), min_size=6, max_size=6))
def test_numbering_gives_unique_labels_and_touches_no_other(
    frozen: tuple[Manifest, list[int]], new: list[tuple[SectionKind, int]]
) -> None:
    base, places = frozen
    manifest = list(base)
    for at, (place, (kind, level)) in enumerate(zip(places, new, strict=False)):
        manifest.insert(place, Line(f"se_new{at}", kind, level, "", "New words."))
    result = number(tuple(manifest))
    assert [replace(line, label="") for line in result] == [replace(line, label="") for line in manifest]
    assert all(after.label == before.label for before, after in zip(manifest, result, strict=True) if before.label)
    given_labels = [
        after.label for before, after in zip(manifest, result, strict=True) if not before.label and after.label
    ]
    all_labels = labels(result)
    assert all(all_labels.count(label) == 1 for label in given_labels)
    assert all(line.label for line in result if line.kind not in {HEAD, SectionKind.CHAPEAU})
    assert number(result) == result


@settings(max_examples=100, deadline=None)
@given(frozen_texts())
def test_a_renumbered_text_keeps_its_words_and_needs_no_second_renumbering(frozen: tuple[Manifest, list[int]]) -> None:
    base, _ = frozen
    new, table = renumber(base)
    assert [(line.section, line.text) for line in new] == [
        (line.section, line.text) for line in base if not line.deleted
    ]
    assert {section for section, _, _ in table} >= {line.section for line in base if line.deleted}
    assert renumber(new) == (new, ())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 3), st.booleans()), min_size=1, max_size=25))
def test_insertions_at_any_places_through_many_versions_never_share_a_label(
    rounds: list[tuple[int, int, bool]],
) -> None:
    """Each round inserts one to three paragraphs at a place and issues the text; some rounds delete one as well."""
    manifest = number(text(*[(OP, 0, "")] * 3))
    issued: dict[str, str] = {}
    for at, (place, size, deletes) in enumerate(rounds):
        place = place % (len(manifest) + 1)  # noqa: PLW2901 - folded into the text
        new = [Line(f"se_{at}_{n}", OP, 0, "", "New.") for n in range(size)]
        manifest = number((*manifest[:place], *new, *manifest[place:]))
        if deletes:
            gone = replace(manifest[place - 1], text="", deleted=True)
            manifest = tuple(gone if line.section == gone.section else line for line in manifest)
        assert len(set(labels(manifest))) == len(manifest)
        for line in manifest:
            assert issued.setdefault(line.label, line.section) == line.section
            assert read_marker(f"{line.label} The") == (line.label, "The")
