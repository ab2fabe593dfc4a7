import json
from collections.abc import Iterator

import pytest

from bench import commands, fanout, reading, start, text, word
from bench.result import Peer, Result, against, percentile
from bench.text import counted

NUMBER = (int, float)


def lines(results: Iterator[Result]) -> list[dict[str, object]]:
    """Read the lines back as whoever collects them would, and look at what each must have."""
    read = [json.loads(result.line()) for result in results]
    assert read
    for line in read:
        assert line["bench"]
        assert line["case"]
        assert line["unit"]
        assert line["peer"]
        assert isinstance(line["value"], NUMBER)
        assert isinstance(line["peer_value"], NUMBER)
        assert line["ratio"] is None or isinstance(line["ratio"], NUMBER)
        assert line["versions"]["python"]
        assert line["machine"]["cores"] >= 1
    return read


def test_commands_are_measured_for_both_kinds_at_1_and_at_16_writers() -> None:
    read = lines(commands.run(commands.Size(commands=16, repeats=1, sections=3, existing=(0,))))
    assert [line["unit"] for line in read] == ["commands/s", "ms", "ms"] * 4
    assert all(line["ratio"] for line in read)


def test_an_event_is_followed_to_its_last_subscriber() -> None:
    read = lines(fanout.run(fanout.Size(subscribers=3, blocks=1, rounds=2)))
    assert [line["unit"] for line in read] == ["ms"] * 4 + ["µs"]


def test_starts_are_timed_and_weighed() -> None:
    read = lines(start.run(start.Size(repeats=1, idle=0)))
    assert [line["unit"] for line in read] == ["s", "MB", "s", "MB", "s"]


def test_the_text_engine_is_measured_and_counted() -> None:
    read = lines(text.run(text.Size(sections=(20,), delegations=3, repeats=1)))
    assert [line["unit"] for line in read] == ["ms", "ms", "words", "hunks", "places", "ms", "ms"]


def test_word_files_are_timed_and_weighed() -> None:
    read = lines(word.run(word.Size(pages=(1,), repeats=1)))
    assert [line["unit"] for line in read] == ["s", "MB", "s", "MB", "s"]


def test_reading_is_measured_against_the_bare_rows() -> None:
    read = lines(reading.run(reading.Size(sections=3, amendments=2, comments=2, repeats=1)))
    assert {line["unit"] for line in read} == {"ms"}


def test_the_ratio_is_the_median_of_the_repeats_and_their_spread_is_told() -> None:
    result = against("b", "c", "ms", [(1, 2), (9, 3), (4, 4)], Peer("p", {}))
    assert (result.value, result.peer_value, result.ratio) == (4, 3, 1)
    assert result.notes["ratios"] == [0.5, 3]


def test_a_peer_that_counts_nothing_gives_no_ratio() -> None:
    assert against("b", "c", "places", [(0, 0)], Peer("p", {})).ratio is None


@pytest.mark.parametrize(("share", "value"), [(0.5, 5), (0.95, 10), (0.99, 10), (0.1, 1)])
def test_a_percentile_is_one_of_the_values(share: float, value: int) -> None:
    assert percentile([7, 1, 3, 2, 5, 4, 6, 10, 9, 8], share) == value


def test_a_difference_is_counted_by_words_hunks_and_split_words() -> None:
    marked = [(" ", "take "), ("-", "some"), ("+", "all the"), (" ", " "), ("-", "few"), (" ", " steps"), (" ", "\n")]
    assert counted(marked) == (4, 1, 0)
    assert counted([(" ", "measure"), ("+", "s"), (" ", " taken")]) == (1, 1, 1)
    assert counted([("-", "one"), (" ", "\n"), ("-", "two")]) == (2, 2, 0)


def test_spaces_that_a_difference_has_lost_split_no_word() -> None:
    marked = [(" ", "take"), ("-", "some"), ("+", "all"), (" ", " steps"), (" ", "\n")]
    assert counted(marked, ("take some steps\n", "take all steps\n")).split_words == 0
    with pytest.raises(ValueError, match="no difference of that text"):
        counted(marked, ("take some steps\n", "take other steps\n"))
