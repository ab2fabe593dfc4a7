from pathlib import Path

import pytest

from bench.engines import ENGINES, Shape, Texts, written
from bench.marked import Counted, counted
from bench.weight import weighed
from drafting.domain.text import Line, Manifest
from drafting.protocol.words import SectionKind


def manifest(*texts: str) -> Manifest:
    return tuple(Line(f"se_{n}", SectionKind.OPERATIVE, 1, f"OP{n}", words) for n, words in enumerate(texts))


def marked_by(name: str, old: Manifest, new: Manifest, folder: Path) -> Counted:
    texts = Texts(old, new, folder)
    for file, side in zip(texts.files, texts.sides, strict=True):
        file.write_text(side, encoding="utf-8")
    engine = ENGINES[name]
    return counted(engine.read(texts, engine.prepared(texts)()), texts.sides)


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


@pytest.mark.parametrize("name", ENGINES)
def test_every_engine_marks_a_replaced_word_and_a_struck_end(name: str, tmp_path: Path) -> None:
    old = manifest("Recalling its mandate and its records", "States shall take some steps now.")
    new = manifest("Recalling its mandate", "States shall take all steps now.")
    assert marked_by(name, old, new, tmp_path) == (5, 2, 0)


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("ours", (2, 1, 0)),
        ("git", (2, 1, 0)),
        ("redlines", (2, 1, 0)),
        ("dmp", (1, 1, 1)),
        ("dmp, 1 s", (1, 1, 1)),
        ("fast dmp", (1, 1, 1)),
    ],
)
def test_engines_that_see_letters_split_a_word(name: str, counts: tuple[int, int, int], tmp_path: Path) -> None:
    assert marked_by(name, manifest("The measure taken"), manifest("The measures taken"), tmp_path) == counts


def test_texts_are_written_with_a_section_a_line(tmp_path: Path) -> None:
    texts = written(Shape(3), tmp_path)
    old, new = texts.sides
    assert old == "".join(f"{line.text}\n" for line in texts.old)
    assert [file.read_text(encoding="utf-8") for file in texts.files] == [old, new]
    assert old != new


def test_a_text_by_words_has_no_fewer_and_no_section_stays_as_it_was() -> None:
    old, new = Shape(2, 500).texts()
    assert all(500 <= len(line.text.split(" ")) < 550 for line in old)
    assert all(was.text != now.text for was, now in zip(old, new, strict=True))


def test_shapes_are_told_in_words() -> None:
    assert [str(Shape(30)), str(Shape(1, 500))] == ["30 sections", "1 section of 500 words"]


def test_git_is_weighed_as_a_whole_process_and_ours_by_what_it_adds() -> None:
    assert 1 < weighed("git", Shape(2)) < 100
    assert 0 <= weighed("ours", Shape(2)) < 20
