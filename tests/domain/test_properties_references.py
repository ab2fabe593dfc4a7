"""References that a list of examples does not reach: to the deleted, out of an article, with a label twice."""

from dataclasses import replace

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from drafting.domain.diff import diff
from drafting.domain.interchange import to_patch
from drafting.domain.references import after_renumbering, dead, references
from drafting.domain.text import Line, Manifest
from drafting.protocol.words import SectionKind

OP, SUB, ART, CHAPEAU = SectionKind.OPERATIVE, SectionKind.SUBPARAGRAPH, SectionKind.ARTICLE, SectionKind.CHAPEAU


def line(section: str, label: str, text: str = "Words.", kind: SectionKind = OP, level: int = 0) -> Line:
    return Line(section, kind, level, label, text)


def targets(base: Manifest, section: str) -> list[str | None]:
    return [one.target for one in references(base) if one.section == section]


def test_a_reference_to_what_the_new_text_has_deleted_says_so() -> None:
    old = line("one", "OP1"), line("two", "OP2", "See paragraph 1.")
    new = replace(old[0], text="", deleted=True), old[1]
    assert [(one.reference.said, one.suggested) for one in after_renumbering(old, new)] == [("1", None)]
    assert after_renumbering(old, old) == ()


def test_paragraphs_after_an_article_are_not_its_own() -> None:
    base = (
        line("art", "Article 7", kind=ART, level=1),
        line("own 1", "7(1)", "See paragraph 2.", level=2),
        line("own 2", "7(2)", level=2),
        line("after", "1", "See paragraph 2.", level=1),
        line("two", "2", level=1),
    )
    assert targets(base, "own 1") == ["own 2"]
    assert targets(base, "after") == ["two"]


def test_of_two_sections_with_one_label_the_first_is_meant() -> None:
    base = line("first", "OP1"), line("second", "OP1"), line("here", "", "See paragraph 1.", CHAPEAU)
    assert targets(base, "here") == ["first"]


@pytest.mark.parametrize(
    ("own", "said", "target"),
    [
        ("4(a)(ii)", "(i)", "4(a)(i)"),
        ("4(a)(ii)", "(b)", "4(b)"),
        ("4(a)(ii)", "(b)(i)", "4(b)(i)"),
        ("4(a)", "(b)", "4(b)"),
        ("4", "(b)", "4(b)"),
        ("4(a)", "(ii)", "4(a)(ii)"),
    ],
)
def test_a_letter_is_looked_for_in_the_paragraph_it_stands_in_the_nearest_step_first(
    own: str, said: str, target: str
) -> None:
    labels = ("4", "4(a)", "4(a)(i)", "4(a)(ii)", "4(b)", "4(b)(i)", "5", "5(b)", "5(i)")
    base = tuple(line(label, label, f"See subparagraph {said}." if label == own else "Words.") for label in labels)
    assert targets(base, own) == [target]


@given(st.data())
@settings(max_examples=100)
def test_every_planted_reference_is_found_where_it_stands_and_dead_if_its_target_is(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 8))
    gone = data.draw(st.sets(st.integers(1, count), max_size=3))
    ways = ("paragraph {}", "Paragraph {}", "OP{}", "OP {}", "пункт {}", "párrafo {}", "الفقرة {}", "para. {}")
    said = data.draw(st.lists(st.tuples(st.sampled_from(ways), st.integers(1, count + 3)), min_size=1, max_size=5))
    parts, places = "", []
    for way, number in said:
        before, _, _ = way.partition("{}")
        start = len(parts) + len("as in ") + (0 if way.startswith("OP") else len(before))
        parts += f"as in {way.format(number)} and "
        places.append((start, start + len(str(number)) + (len(before) if way.startswith("OP") else 0)))
    base = tuple(
        replace(line(f"se_{n}", f"OP{n}"), deleted=n in gone, text="" if n in gone else "Words.")
        for n in range(1, count + 1)
    )
    text = (*base, line("here", "", f"{parts}no more", CHAPEAU))
    found = [one for one in references(text) if one.section == "here"]
    assert [(one.start, one.end) for one in found] == places
    assert [one.target for one in found] == [f"se_{number}" if number <= count else None for _, number in said]
    lost = [number for _, number in said if number > count or number in gone]
    assert len(dead(text)) == len(lost)
    event(f"dead: {bool(lost)}, several: {len(said) > 1}")


def test_a_patch_counts_from_one_also_where_a_hunk_is_one_letter_long() -> None:
    assert to_patch(diff("a", "b")) == "@@ -1 +1 @@\n-a\n+b\n"
