import random
from collections.abc import Callable, Sequence

import pytest

from bench.authors import Attributed, by_section, ours, share, whole
from bench.growth import exponent
from bench.history import Planted, Revised, Word, planted, sentences
from drafting.domain.text import Line, Manifest
from drafting.protocol.words import SectionKind


def version(*texts: str) -> Manifest:
    return tuple(Line(f"se_{n}", SectionKind.OPERATIVE, 1, "", words) for n, words in enumerate(texts))


def words(text: str, *authors: int) -> list[Word]:
    return [Word(word, author, n) for n, (word, author) in enumerate(zip(text.split(" "), authors, strict=True))]


HISTORY = Planted(
    [
        version("States shall take some steps.", "Parties report."),
        version("States shall take all steps.", "Parties report."),
        version("States shall now take all steps.", "Parties report."),
    ],
    {
        "se_0": words("States shall now take all steps.", 0, 0, 2, 0, 1, 0),
        "se_1": words("Parties report.", 0, 0),
    },
)


@pytest.mark.parametrize("attribute", [ours, whole, by_section])
def test_every_engine_attributes_a_replaced_and_an_inserted_word(
    attribute: Callable[[Sequence[Manifest]], Attributed],
) -> None:
    assert share(HISTORY, attribute(HISTORY.versions), lambda _: True) == 1


def test_the_share_is_of_the_words_chosen_by_their_first_letter() -> None:
    history = Planted([version("(a) b-c d.")], {"se_0": words("(a) b-c d.", 1, 0, 2)})
    assert share(history, [("(", 0), ("a", 1), (") b", 0), ("-c", 1), (" d.", 2)], lambda _: True) == 1
    assert share(history, [("(a) b-c d.", 0)], lambda _: True) == pytest.approx(1 / 3)
    assert share(history, [("(a) b-c d.", 0)], lambda word: word.author == 0) == 1
    with pytest.raises(ValueError, match="no attribution of that text"):
        share(history, [("(a) b-c", 0)], lambda _: True)


def test_sentences_end_with_a_full_stop() -> None:
    text = words("We act. We report. And so", 0, 0, 0, 0, 0, 0)
    assert [[word.text for word in sentence] for sentence in sentences(text)] == [
        ["We", "act."],
        ["We", "report."],
        ["And", "so"],
    ]


def test_the_planted_words_are_the_text_and_each_author_is_a_version() -> None:
    history = planted(12, versions=6)
    assert history == planted(12, versions=6)
    assert len(history.versions) == 6
    last = {line.section: line.text for line in history.versions[-1]}
    assert last == {section: " ".join(word.text for word in some) for section, some in history.last.items()}
    every = [word for some in history.last.values() for word in some]
    assert {word.author for word in every} <= set(range(6))
    assert len({word.author for word in every}) > 3
    assert any(word.travelled for word in every)


def revised(seed: int = 1) -> Revised:
    return Revised(3, 50, random.Random(seed))  # noqa: S311 - the same each time, and no secret


def numbers(text: Revised) -> list[int]:
    return sorted(word.number for some in text.sections.values() for word in some)


def test_a_moved_sentence_keeps_its_words_and_has_travelled() -> None:
    text = revised()
    before = numbers(text)
    for _ in range(20):
        text.move(next(iter(text.sections)))
    assert any(word.travelled for some in text.sections.values() for word in some)
    assert numbers(text) == before
    assert {word.author for some in text.sections.values() for word in some} == {0}


def test_a_section_put_elsewhere_keeps_all_its_words() -> None:
    text = revised()
    before = {section: list(some) for section, some in text.sections.items()}
    order = list(before)
    orders = set()
    for _ in range(9):
        text.put_elsewhere(order[0])
        orders.add(tuple(text.sections))
    assert orders == {tuple(order), (order[1], order[0], order[2]), (*order[1:], order[0])}
    assert text.sections == before


def test_what_is_struck_returns_with_the_words_it_had_and_has_travelled() -> None:
    text = revised()
    before = numbers(text)
    text.strike(next(iter(text.sections)))
    struck = set(before) - set(numbers(text))
    assert struck
    for version in range(1, 40):
        text.revise(version)
        if back := [word for some in text.sections.values() for word in some if word.number in struck]:
            assert all(word.travelled and word.author == 0 for word in back)
            return
    pytest.fail("What was struck never came back.")


def test_a_word_has_the_author_of_the_version_that_first_has_its_number() -> None:
    text = revised()
    first = dict.fromkeys(numbers(text), 0)
    for version in range(1, 30):
        text.revise(version)
        every = [word for some in text.sections.values() for word in some]
        first = dict.fromkeys((word.number for word in every), version) | first
        assert all(word.author == first[word.number] for word in every)


def test_a_power_is_found_in_times_that_grow_with_it() -> None:
    assert exponent([1, 10, 100], [2, 20, 200]) == pytest.approx(1)
    assert exponent([2, 4, 8], [4, 16, 64]) == pytest.approx(2)
    assert exponent([1, 10, 100], [5, 5, 5]) == pytest.approx(0)
