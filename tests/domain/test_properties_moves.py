"""Where words went: each from one place to one place, and nowhere if half the text says them."""

from drafting.domain.carried import Fate
from drafting.domain.compare import compare
from drafting.domain.rebase import carry
from drafting.domain.text import Line, Manifest, SectionChange
from drafting.protocol.edits import Add
from drafting.protocol.words import SectionKind
from tests.domain.strategies import section

SENTENCE = "The Secretariat shall inform all members of such permits without delay."


def text_of(texts: dict[int, str]) -> Manifest:
    return tuple(Line(section(n), SectionKind.OPERATIVE, 0, f"OP{n}", text) for n, text in texts.items())


def changes(old: dict[int, str], new: dict[int, str]) -> dict[str, SectionChange]:
    return {change.section: change for change in compare(text_of(old), text_of(new))}


def test_a_sentence_struck_in_two_paragraphs_and_written_in_a_third_came_from_one() -> None:
    own = {n: f"Clause {n} is about subject number {n} alone." for n in range(1, 4)}
    found = changes({**own, 1: f"{own[1]} {SENTENCE}", 2: f"{own[2]} {SENTENCE}"}, {**own, 3: f"{own[3]} {SENTENCE}"})
    assert len(found[section(3)].arrivals) == 1
    assert sum(len(found[section(n)].departures) for n in (1, 2)) == 1


def test_a_sentence_struck_in_a_dozen_paragraphs_and_written_in_one_came_from_none() -> None:
    own = {n: f"Clause {n} is about subject number {n} alone." for n in range(1, 14)}
    old = {n: f"{text} {SENTENCE}" if n < 13 else text for n, text in own.items()}
    assert changes(old, {**own, 13: f"{own[13]} {SENTENCE}"})[section(13)].arrivals == ()


def test_a_passage_with_a_few_words_put_in_the_middle_is_one_passage() -> None:
    old = {1: f"Clause one stands alone. {SENTENCE}", 2: "Clause two stands alone."}
    redrafted = SENTENCE.replace("of such", "and, where needed, all observers of such")
    (passage,) = changes(old, {1: "Clause one stands alone.", 2: f"Clause two stands alone. {redrafted}"})[
        section(2)
    ].arrivals
    assert passage.redrafted
    assert passage.origin == section(1)


def test_a_short_paragraph_retyped_with_a_word_replaced_in_its_middle_is_known() -> None:
    found = changes({1: "One.", 2: "Parties report seasonal permits."}, {1: "One.", 3: "Parties report all permits."})
    assert found[section(3)].origin == section(2)


def test_an_equal_paragraph_of_another_level_is_not_the_one_that_an_amendment_adds() -> None:
    base = text_of({1: "One.", 2: "Two."})
    new = (base[0], Line(section(9), SectionKind.SUBPARAGRAPH, 1, "OP1(a)", "New."), base[1])
    edit = Add(after=section(1), section=section(5), section_kind=SectionKind.OPERATIVE, level=0, text="New.")
    assert carry(base, new, [edit]).parts[0].fate is Fate.EXACT
    assert (
        carry(base, (base[0], Line(section(9), edit.section_kind, 0, "OP1bis", "New."), base[1]), [edit]).fate
        is Fate.DONE
    )
