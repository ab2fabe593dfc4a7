from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.compare import compare
from drafting.domain.diff import accept, reject
from drafting.domain.edits import apply
from drafting.domain.text import Line, Manifest, Op, SectionChange
from drafting.protocol.words import SectionKind
from tests.domain.strategies import edit_lists, manifests


def text(*lines: str) -> Manifest:
    """Lines written ``id`` or ``id: words``; ``id: -`` is deleted."""
    return tuple(line_of(line) for line in lines)


def line_of(written: str) -> Line:
    section, _, words = written.partition(": ")
    deleted = words == "-"
    return Line(section, SectionKind.OPERATIVE, 0, f"OP-{section}", "" if deleted else words or section, deleted)


def moved(changes: tuple[SectionChange, ...]) -> list[str]:
    return [change.section for change in changes if change.moved]


def order(changes: tuple[SectionChange, ...]) -> str:
    return " ".join(change.section for change in changes)


def test_equal_versions_show_every_section_unchanged() -> None:
    changes = compare(text("a", "b"), text("a", "b"))
    assert order(changes) == "a b"
    assert not any(c.added or c.removed or c.edited or c.moved or c.renumbered for c in changes)


def test_moving_one_section_marks_that_one_alone() -> None:
    assert moved(compare(text("a", "b", "c", "d", "e"), text("b", "c", "d", "a", "e"))) == ["a"]
    assert moved(compare(text("a", "b", "c", "d", "e"), text("a", "e", "b", "c", "d"))) == ["e"]


def test_an_addition_and_a_removal_move_nothing() -> None:
    changes = compare(text("a", "b", "c"), text("x", "a", "c", "y"))
    assert moved(changes) == []
    assert [c.section for c in changes if c.added] == ["x", "y"]
    assert [c.section for c in changes if c.removed] == ["b"]


def test_a_removed_section_stands_where_it_stood_before_what_was_added_there() -> None:
    assert order(compare(text("a", "b", "c", "d"), text("a", "x", "d"))) == "a b c x d"
    assert order(compare(text("a", "b"), text("b"))) == "a b"


def test_a_removed_section_does_not_follow_a_neighbour_that_moved_away() -> None:
    assert order(compare(text("a", "b", "c", "d", "e"), text("a", "d", "e", "b"))) == "a c d e b"


def test_words_changed_inside_a_section_are_shown() -> None:
    (change,) = compare(text("a: take measures"), text("a: take all measures"))
    assert change.edited
    assert change.spans == ((Op.KEEP, "take "), (Op.INSERT, "all "), (Op.KEEP, "measures"))


def test_a_deleted_section_counts_as_removed_and_its_line_stays() -> None:
    (change,) = compare(text("a: words"), text("a: -"))
    assert change.removed
    assert not change.edited
    assert change.spans == ((Op.DELETE, "words"),)
    (back,) = compare(text("a: -"), text("a: words"))
    assert back.added
    assert back.spans == ((Op.INSERT, "words"),)


def test_renumbering_is_no_change() -> None:
    old = (Line("a", SectionKind.OPERATIVE, 0, "OP1", "words"),)
    new = (Line("a", SectionKind.OPERATIVE, 0, "OP2", "words"),)
    (change,) = compare(old, new)
    assert change.renumbered
    assert not any((change.added, change.removed, change.edited, change.moved))


@given(st.permutations(list("abcdefgh")))
def test_what_is_not_moved_keeps_its_order_and_as_little_as_can_be_is_moved(new: list[str]) -> None:
    changes = compare(text(*"abcdefgh"), text(*new))
    still = [c.section for c in changes if not c.moved]
    assert still == sorted(still)
    longest: dict[str, int] = {}
    for section in new:
        longest[section] = 1 + max((length for other, length in longest.items() if other < section), default=0)
    assert len(still) == max(longest.values())


@given(st.data())
@settings(max_examples=150)
def test_every_section_of_either_version_is_there_once_with_its_words(data: st.DataObject) -> None:
    old = data.draw(manifests())
    new = list(apply(old, data.draw(edit_lists(old))))
    for gone in data.draw(st.lists(st.sampled_from(old), max_size=2, unique=True)):
        new = [line for line in new if line.section != gone.section]
    changes = compare(old, tuple(new))
    before, after = {line.section: line for line in old}, {line.section: line for line in new}
    assert sorted(c.section for c in changes) == sorted(before.keys() | after.keys())
    assert [c.section for c in changes if c.section in after] == list(after)
    for change in changes:
        assert change.old == before.get(change.section)
        assert change.new == after.get(change.section)
        assert reject(change.spans) == (change.old.text if change.old else "")
        assert accept(change.spans) == (change.new.text if change.new else "")


def test_three_thousand_sections_in_reverse_are_compared() -> None:
    lines = text(*(f"{number:04}" for number in range(3000)))
    assert len(moved(compare(lines, lines[::-1]))) == 2999
