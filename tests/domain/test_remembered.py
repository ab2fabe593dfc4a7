from collections.abc import Callable

from drafting.domain import remembered
from drafting.domain.compilation import is_another_text
from drafting.domain.diff import changes, leftmost
from drafting.domain.sides import early, late
from drafting.domain.tokens import tokenize, word_starts, words_of

LONG = "Each Party shall report on the measures taken. " * 500
OTHER = LONG.replace("the measures", "all measures", 3)


def asked() -> tuple[list[tuple[str, ...]], Callable[..., str]]:
    calls: list[tuple[str, ...]] = []

    def work(*texts: str) -> str:
        calls.append(texts)
        return "+".join(texts)

    return calls, work


def test_an_answer_is_found_once_and_each_works_own() -> None:
    memory = remembered.Memory(100)
    (first, one), (second, other) = asked(), asked()
    assert [memory.answer(one, "a", "b"), memory.answer(one, "a", "b"), memory.answer(one, "b", "a")] == [
        "a+b",
        "a+b",
        "b+a",
    ]
    assert memory.answer(other, "a", "b") == "a+b"
    assert first == [("a", "b"), ("b", "a")]
    assert second == [("a", "b")]


def test_what_was_asked_for_longest_ago_is_forgotten_when_the_texts_grow_too_long() -> None:
    memory = remembered.Memory(10)
    calls, work = asked()
    for text in ("aaaa", "bbbb", "aaaa", "cc", "dd"):
        memory.answer(work, text)
    assert calls == [("aaaa",), ("bbbb",), ("cc",), ("dd",)]
    memory.answer(work, "aaaa")
    memory.answer(work, "bbbb")
    assert calls[4:] == [("bbbb",)]


def test_a_text_longer_than_all_that_is_remembered_is_answered_each_time() -> None:
    memory = remembered.Memory(10)
    calls, work = asked()
    assert [memory.answer(work, "a" * 11), memory.answer(work, "a" * 11)] == ["a" * 11] * 2
    assert len(calls) == 2
    assert memory.answer(work, "b" * 10) == memory.answer(work, "b" * 10)
    assert len(calls) == 3


def test_long_texts_are_read_and_compared_once() -> None:
    assert len(LONG) > remembered.LONG
    for question in (tokenize, words_of, word_starts):
        assert question(LONG) is question(LONG)
    for compare in (changes, leftmost, early, late):
        found = compare(LONG, OTHER)
        assert len(found) == 3
        assert compare(LONG, OTHER) is found
    assert not is_another_text(LONG, OTHER)
    assert changes(LONG, OTHER) is not early(LONG, OTHER)
