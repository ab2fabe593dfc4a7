import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bench import authors, commands, compilation, fanout, growth, merging, reading, start, text, word
from bench.engines import ENGINES
from bench.result import Peer, Result, against, percentile

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


def test_comparisons_are_timed_counted_and_weighed_against_every_peer() -> None:
    read = lines(text.run(text.Size(sections=(5,), words=(), repeats=1)))
    assert [line["unit"] for line in read] == ["ms", "ms", "words", "hunks", "places", "MB"] * (len(ENGINES) - 1)
    assert len({line["peer"] for line in read}) == len(ENGINES) - 1


def test_a_slow_peer_is_measured_at_the_size_that_it_can_do_and_the_case_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few = {name: ENGINES[name] for name in ("ours", "git")} | {"dmp": replace(ENGINES["dmp"], most_sections=2)}
    monkeypatch.setattr(text, "ENGINES", few)
    monkeypatch.setattr(text, "PEERS", ["git", "dmp"])
    monkeypatch.setattr(text, "weighed", lambda *_: 1.0)
    read = lines(text.run(text.Size(sections=(4,), words=(50,), repeats=1)))
    slow = {line["case"] for line in read if "diff-match-patch" in str(line["peer"]) and line["unit"] == "MB"}
    assert slow == {
        "compare, 2 sections (in place of 4 sections), memory",
        "compare, 1 section of 50 words, memory",
    }
    assert {line["case"] for line in read if "git" in str(line["peer"]) and line["unit"] == "MB"} == {
        "compare, 4 sections, memory",
        "compare, 1 section of 50 words, memory",
    }


def test_compilations_are_measured_against_pairs_and_against_a_collation() -> None:
    read = lines(compilation.run(compilation.Size(delegations=(3,), repeats=1)))
    assert [line["unit"] for line in read] == ["ms"] * 4 + ["passages", "words"]


def test_carried_drafts_are_measured_on_planted_pairs() -> None:
    read = lines(merging.run(merging.Size(pairs=2, repeats=1)))
    assert [line["unit"] for line in read[:7]] == ["µs"] * 3 + ["pairs", "conflicts", "conflicts", "texts"]


def test_authors_are_measured_on_a_planted_history() -> None:
    read = lines(authors.run(authors.Size(sections=(3,), versions=3, repeats=1)))
    assert [line["unit"] for line in read] == ["ms", "%", "%", "%"] * 2


def test_growth_is_told_as_an_exponent_with_the_sizes_and_times_it_comes_from() -> None:
    size = growth.Size((2, 4, 8), (50, 60, 70), (2, 3, 4), (2, 3, 4), (2, 3, 4), repeats=1)
    for result in growth.run(size):
        line = json.loads(result.line())
        assert line["unit"] == "exponent"
        assert line["peer"] is None
        assert len(line["sizes"]) == len(line["ms"]) == 3


def test_word_files_are_timed_and_weighed() -> None:
    read = lines(word.run(word.Size(pages=(1,), repeats=1)))
    assert [line["unit"] for line in read] == ["s", "MB", "s", "MB", "s", "s"]


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
