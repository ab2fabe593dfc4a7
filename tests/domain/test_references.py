"""Where a text speaks of its own paragraphs, and what a renumbering asks of those places."""

# ruff: noqa: RUF001 - Cyrillic letters are meant
from dataclasses import replace
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.numbering import renumber
from drafting.domain.references import ReferenceFault, after_renumbering, dead, references
from drafting.domain.text import Line, Manifest
from drafting.protocol.words import SectionKind

OP, SUB, ART, ANNEX = SectionKind.OPERATIVE, SectionKind.SUBPARAGRAPH, SectionKind.ARTICLE, SectionKind.ANNEX


def line(section: str, label: str, text: str = "Words.", kind: SectionKind = OP, level: int = 0) -> Line:
    return Line(section, kind, level, label, text)


CALL: Manifest = (
    line("one", "OP1"),
    line("two", "OP2"),
    line("two bis", "OP2bis"),
    replace(line("three", "OP3", ""), deleted=True),
    line("four", "OP4"),
    line("four a", "OP4(a)", kind=SUB, level=1),
    line("annex", "Annex II", kind=ANNEX),
)
TREATY: Manifest = (
    line("article 7", "Article 7", kind=ART),
    line("7 para 1", "7(1)", level=1),
    line("7 para 2", "7(2)", level=1),
    line("7 para 2 a", "7(2)(a)", kind=SUB, level=2),
    line("article 8", "Article 8", kind=ART),
    line("8 para 1", "8(1)", level=1),
)


def found(base: Manifest, text: str, *, inside: str | None = None) -> list[tuple[str, str | None]]:
    """What a sentence says, with the section each means; it stands at the end, or in the place of a section's text."""
    if inside is None:
        base = (*base, line("here", "", text, SectionKind.CHAPEAU))
    else:
        base = tuple(replace(one, text=text) if one.section == inside else one for one in base)
    return [(one.said, one.target) for one in references(base)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("as set out in paragraph 2,", [("2", "two")]),
        ("Paragraphs 1, 2 bis and 4 apply", [("1", "one"), ("2 bis", "two bis"), ("4", "four")]),
        ("paras. 1–2", [("1", "one"), ("2", "two")]),
        ("paragraphs 1 to 4", [("1", "one"), ("4", "four")]),
        ("paragraph 4 (a) above", [("4 (a)", "four a")]),
        ("OP2 bis, OP2bis and OP 1", [("OP2 bis", "two bis"), ("OP2bis", "two bis"), ("OP 1", "one")]),
        ("OP4(a)", [("OP4(a)", "four a")]),
        ("Annex II", [("II", "annex")]),
        ("au paragraphe 2 et à l'annexe II", [("2", "two"), ("II", "annex")]),
        ("los párrafos 1 y 2", [("1", "one"), ("2", "two")]),
        ("в пункте 2 и в пунктах 1 и 4", [("2", "two"), ("1", "one"), ("4", "four")]),
        ("وفقا للفقرة ٢ من هذا النص", [("٢", "two")]),
        ("الفقرتان 1 و2", [("1", "one"), ("2", "two")]),
        ("2 paragraphs, 3 years and 1.5 per cent", []),
        ("paragraph 1.5", []),
        ("paragraph 2030", []),
        ("paragraph two; participants 2", []),
    ],
)
def test_references_are_found_in_many_languages(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert found(CALL, text) == expected


@pytest.mark.parametrize(
    ("text", "inside", "expected"),
    [
        ("Article 7 (2)", None, [("7 (2)", "7 para 2")]),
        ("Articles 7 and 8", None, [("7", "article 7"), ("8", "article 8")]),
        ("paragraph 2 of Article 7", None, [("2", "7 para 2"), ("7", "article 7")]),
        ("paragraph 2", "7 para 1", [("2", "7 para 2")]),
        ("paragraph 1", "8 para 1", [("1", "8 para 1")]),
        ("subparagraph (a)", "7 para 2", [("(a)", "7 para 2 a")]),
        ("статья 8", None, [("8", "article 8")]),
        ("пункт 2 статьи 7", None, [("2", "7 para 2"), ("7", "article 7")]),
        ("المادة 7 (2)", None, [("7 (2)", "7 para 2")]),
        ("الفقرة 2 من المادة 7", None, [("2", "7 para 2"), ("7", "article 7")]),
    ],
)
def test_references_to_articles_and_inside_of_them(
    text: str, inside: str | None, expected: list[tuple[str, str | None]]
) -> None:
    assert found(TREATY, text, inside=inside) == expected


def test_the_place_of_a_reference_is_that_of_its_number() -> None:
    base = (line("one", "OP1", "\U0001d49c see paragraph 1."),)
    (one,) = references(base)
    assert (one.start, one.end, one.label) == (16, 17, "OP1")
    assert base[0].text[one.start : one.end] == one.said


def test_references_to_what_is_deleted_or_was_never_there_are_dead() -> None:
    base = (*CALL, line("here", "OP9", "See paragraphs 1, 3 and 6, Annex III and OP4 bis."))
    assert [(one.said, one.fault) for one in dead(base)] == [
        ("3", ReferenceFault.DELETED),
        ("6", ReferenceFault.UNKNOWN),
        ("III", ReferenceFault.UNKNOWN),
        ("OP4 bis", ReferenceFault.UNKNOWN),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Article 31 of the Convention",
        "paragraph 45 of resolution 70/1",
        "Article 12 of its Statute",
        "статья 31 Конвенции",
        "المادة 31 من الاتفاقية",
    ],
)
def test_a_number_of_another_instrument_is_not_dead(text: str) -> None:
    base = (line("one", "OP1", text),)
    assert [one.elsewhere for one in references(base)] == [True]
    assert dead(base) == ()


def test_a_number_of_this_text_is_not_taken_for_anothers() -> None:
    assert [
        one.said for one in dead((line("one", "OP1", "paragraph 45 of the present text, Article 9 of this text"),))
    ] == [
        "45",
        "9",
    ]


def suggested(base: Manifest) -> list[tuple[str, str | None]]:
    return [(one.reference.said, one.suggested) for one in after_renumbering(base, renumber(base)[0])]


def test_after_renumbering_the_references_that_must_change_are_told_with_what_to_say() -> None:
    base = (*CALL[:6], line("here", "OP5", "See paragraph 1, 2 bis, 3, 4 (a) and OP 4, but not paragraph 77."))
    assert suggested(base) == [("2 bis", "3"), ("3", None)]
    shifted = (*CALL[:2], replace(CALL[2], label="OP3"), *CALL[4:6], base[-1])
    shifted = (replace(shifted[0], text="", deleted=True), *shifted[1:])
    assert [one.label for one in renumber(shifted)[0]] == ["OP1", "OP2", "OP3", "OP3(a)", "OP4"]
    assert suggested(shifted) == [("1", None), ("3", "2"), ("4 (a)", "3 (a)"), ("OP 4", "OP 3")]


def test_articles_and_their_paragraphs_are_said_anew_as_they_were_said() -> None:
    text = "Article 8 (1), paragraph 1 of Article 8, المادة ٨ (١), Article 8"
    assert suggested((*TREATY, line("here", "", text, SectionKind.CHAPEAU))) == [
        ("8 (1)", "2 (1)"),
        ("8", "2"),
        ("٨ (١)", "٢ (١)"),
        ("8", "2"),
    ]


def test_a_subparagraph_of_its_own_paragraph_is_said_anew_only_if_its_letter_changes() -> None:
    base = (
        line("four", "OP4", "See subparagraphs (a) and (c)."),
        line("a", "OP4(a)", kind=SUB, level=1),
        line("c", "OP4(c)", kind=SUB, level=1),
    )
    assert suggested(base) == [("(c)", "(b)")]


@given(st.permutations([*range(1, 8)]), st.sets(st.integers(0, 6), max_size=5))
@settings(max_examples=100)
def test_following_every_suggestion_names_the_same_sections_as_before(said: list[int], gone: set[int]) -> None:
    base = tuple(
        line(f"s{n}", f"OP{n + 1}", f"Recall paragraph {number}, as amended.") for n, number in enumerate(said)
    )
    base = tuple(replace(one, text="", deleted=True) if n in gone else one for n, one in enumerate(base))
    new, _ = renumber(base)
    mended = {one.section: one for one in new}
    for change in after_renumbering(base, new):
        ref, text = change.reference, mended[change.reference.section].text
        if change.suggested is not None:
            mended[ref.section] = replace(
                mended[ref.section], text=text[: ref.start] + change.suggested + text[ref.end :]
            )
    standing = {one.section for one in new}
    before = {one.section: one.target for one in references(base) if one.target in standing}
    now = {one.section: one.target for one in references(tuple(mended.values()))}
    assert {section: now[section] for section in before} == before


@pytest.mark.parametrize(
    "text", ["paragraph 1, " * 8_000, "(a)" * 20_000, "paragraph " + "1, " * 20_000, "1" * 100_000, "a " * 50_000]
)
def test_texts_that_no_one_writes_are_searched_in_bounded_time(text: str) -> None:
    started = perf_counter()
    references((line("one", "OP1", text),))
    assert perf_counter() - started < 1.5
