"""What a working draft proposes: its sections held against the base, and the edits that they amount to."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.drafted import Draft, Drafted, DraftedLine
from drafting.domain.edits import apply, check
from drafting.domain.text import Line, Manifest
from drafting.protocol.edits import Add, Delete, Edit, Move, Replace
from drafting.protocol.problems import Refusal
from drafting.protocol.words import DraftedChange, SectionKind
from tests.domain.strategies import manifests, section

OPERATIVE, SUBPARAGRAPH = SectionKind.OPERATIVE, SectionKind.SUBPARAGRAPH


def text(*levels: int) -> Manifest:
    """A base with a line for each level: section 0 reads "Text 0"."""
    return tuple(Line(section(n), OPERATIVE, level, f"OP{n}", f"Text {n}") for n, level in enumerate(levels))


def drafted(base: Manifest, *order: int, level: int = 0, **texts: str) -> Drafted:
    """The base with its lines, and new ones, in another order; what is left out was removed."""
    was = {line.section: line for line in base}
    lines = []
    for n in order:
        line = was.get(section(n), Line(section(n), OPERATIVE, level, "", f"Text {n}"))
        lines.append(DraftedLine(line.section, line.kind, line.level, "", texts.get(f"s{n}", line.text)))
    return Drafted(base, lines)


def read(lines: Manifest) -> list[tuple[int, str]]:
    return [(int(line.section[3:]), line.text) for line in lines if not line.deleted]


def order(base: Manifest, edits: Sequence[Edit]) -> list[int]:
    return [number for number, _ in read(apply(base, edits))]


def test_a_draft_as_it_was_opened_proposes_nothing() -> None:
    assert drafted(text(0, 1, 0), 0, 1, 2).edits() == ()


def test_reworded_sections_are_offered_one_by_one() -> None:
    draft = drafted(text(0, 0, 0), 0, 1, 2, s0="Other.", s2="Another.")
    assert draft.changes == {section(0): "edited", section(1): "none", section(2): "edited"}
    assert draft.edits([section(2)]) == (Replace(section=section(2), text="Another."),)
    assert draft.edits() == (Replace(section=section(0), text="Other."), Replace(section=section(2), text="Another."))


@pytest.mark.parametrize(("left", "removed"), [("Text 0", True), ("", False)])
def test_a_removed_section_and_an_emptied_one_are_deletions(left: str, removed: bool) -> None:
    base = text(0, 0)
    lines = [DraftedLine(line.section, line.kind, line.level, "", line.text) for line in base]
    draft = Drafted(base, [lines[0]._replace(text=left, removed=removed), lines[1]])
    assert draft.changes[section(0)] is DraftedChange.REMOVED
    assert draft.edits() == (Delete(section=section(0)),)


def test_a_new_section_without_a_text_is_offered_to_nobody() -> None:
    draft = drafted(text(0), 0, 9, s9="")
    assert draft.changes[section(9)] is DraftedChange.NONE
    assert draft.edits() == draft.edits([section(9)]) == ()


def test_a_section_that_the_base_has_deleted_comes_back_as_a_wording_of_it() -> None:
    base = (*text(0), Line(section(1), OPERATIVE, 0, "OP1", "", deleted=True))
    draft = drafted(base, 0, 1, s1="Back.")
    assert draft.changes[section(1)] is DraftedChange.ADDED
    assert draft.edits() == (Replace(section=section(1), text="Back."),)


def test_one_that_moved_far_is_the_only_one_that_moved() -> None:
    draft = drafted(text(0, 0, 0, 0, 0), 1, 2, 3, 4, 0)
    assert [number for number in range(5) if draft.changes[section(number)] is DraftedChange.MOVED] == [0]
    assert draft.edits() == (Move(section=section(0), after=section(4)),)
    assert drafted(text(0, 0, 0, 0, 0), 4, 0, 1, 2, 3).edits() == (Move(section=section(4), after=None),)


def test_what_is_reworded_and_moved_is_edited_and_both_are_proposed() -> None:
    draft = drafted(text(0, 0, 0), 1, 2, 0, s0="Other.")
    assert draft.changes[section(0)] is DraftedChange.EDITED
    assert draft.edits() == (Move(section=section(0), after=section(2)), Replace(section=section(0), text="Other."))


def test_new_neighbours_stand_one_behind_the_other_or_each_behind_what_the_base_has() -> None:
    draft = drafted(text(0, 0), 0, 8, 9, 1)
    first, second = (
        Add(after=section(after), section=section(n), section_kind=OPERATIVE, level=0, text=f"Text {n}")
        for n, after in ((8, 0), (9, 8))
    )
    assert draft.edits() == (first, second)
    assert draft.edits([section(9)]) == (second.model_copy(update={"after": section(0)}),)
    assert order(text(0, 0), (*draft.edits([section(8)]), *draft.edits([section(9)]))) == [0, 8, 9, 1]


def test_a_section_moves_with_what_is_below_it() -> None:
    base = text(0, 1, 1, 0, 0, 0, 0)
    draft = drafted(base, 3, 4, 5, 6, 0, 1, 2)
    assert draft.edits() == draft.edits([section(0)]) == (Move(section=section(0), after=section(6)),)


def test_what_stays_behind_when_its_section_moves_is_put_back() -> None:
    base = text(0, 0, 1, 0)
    draft = drafted(base, 0, 2, 3, 1)
    assert order(base, draft.edits([section(1)])) == [0, 2, 3, 1]
    assert order(base, draft.edits()) == [0, 2, 3, 1]


def test_a_new_section_amid_what_is_below_another_takes_the_rest_below_it() -> None:
    base = text(0, 1, 1, 0)
    draft = drafted(base, 0, 1, 9, 2, 3)
    assert order(base, draft.edits([section(9)])) == [0, 1, 9, 2, 3]


def test_a_new_section_is_not_put_before_a_removed_one_that_is_below_another() -> None:
    base = text(0, 1, 1, 0)
    draft = drafted(base, 0, 1, 9, 3)
    (add,) = draft.edits([section(9)])
    assert isinstance(add, Add)
    assert order(base, [add]) == [0, 1, 2, 9, 3]
    assert order(base, draft.edits()) == [0, 1, 9, 3]


def test_a_new_section_stands_right_behind_its_neighbour_whatever_else_was_removed_there() -> None:
    (add,) = drafted(text(0, 0, 0), 0, 9, 2).edits([section(9)])
    assert isinstance(add, Add)
    assert add.after == section(0)


def test_what_is_removed_is_not_moved_as_well() -> None:
    base = text(0, 1, 0, 0, 0, 1)
    edits = drafted(base, 0, 1, 4, 3, 5).edits()
    assert [edit.op for edit in edits if isinstance(edit, Delete | Move) and edit.section == section(2)] == ["delete"]
    assert order(base, edits) == [0, 1, 4, 3, 5]


def test_a_removed_section_goes_along_with_what_it_is_below() -> None:
    base = text(0, 1, 0, 0, 0)
    draft = drafted(base, 2, 3, 4, 0)
    assert draft.edits([section(0)]) == (Move(section=section(0), after=section(4)),)
    assert order(base, draft.edits([section(0)])) == [2, 3, 4, 0, 1]


def test_what_the_draft_does_not_have_is_refused() -> None:
    with pytest.raises(Refusal, match="no section"):
        drafted(text(0), 0).edits([section(5)])


@st.composite
def drafts(draw: st.DrawFn, *, flat: bool = False) -> tuple[Manifest, Draft]:
    """A base and what a team made of it: reworded, added, removed, emptied, brought back, moved alone or in blocks."""
    base = draw(manifests(most=6))
    if flat:
        base = tuple(Line(line.section, OPERATIVE, 0, line.label, line.text, line.deleted) for line in base)
    lines = [DraftedLine(line.section, line.kind, line.level, "", line.text, line.deleted) for line in base]
    for number in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(lines) - 1))
        line, to = lines[at], draw(st.integers(0, len(lines)))
        match draw(st.sampled_from(("reword", "add", "remove", "empty", "move", "block"))):
            case "reword":
                lines[at] = line._replace(text=f"{line.text} {number}", removed=False)
            case "add":
                level = 0 if flat else draw(st.integers(0, 2))
                lines.insert(to, DraftedLine(section(100 + number), SUBPARAGRAPH, level, "", f"New {number}"))
            case "remove":
                lines[at] = line._replace(removed=True)
            case "empty":
                lines[at] = line._replace(text="")
            case "move":
                lines.insert(to, lines.pop(at))
            case _:
                end = next((n for n in range(at + 1, len(lines)) if lines[n].level <= line.level), len(lines))
                block, lines[at:end] = lines[at:end], []
                lines[to:to] = block
    return base, lines


@settings(deadline=None)
@given(drafts())
def test_all_edits_together_make_the_text_of_the_draft_in_its_order(given_: tuple[Manifest, Draft]) -> None:
    base, lines = given_
    edits = Drafted(base, lines).edits()
    there = [(line.section, line.text) for line in apply(base, edits) if not line.deleted]
    assert there == [(line.section, line.text) for line in lines if line.text and not line.removed]
    if edits:
        check(base, edits)


@settings(deadline=None)
@given(drafts())
def test_the_edits_of_one_section_change_no_other(given_: tuple[Manifest, Draft]) -> None:
    base, lines = given_
    draft = Drafted(base, lines)
    wanted = {line.section: line.text for line in lines if line.text and not line.removed}
    for one, change in draft.changes.items():
        edits = draft.edits([one])
        assert bool(edits) == (change is not DraftedChange.NONE)
        texts = [{line.section: line.text for line in text if not line.deleted} for text in (base, apply(base, edits))]
        assert texts[1].pop(one, None) == wanted.get(one)
        texts[0].pop(one, None)
        assert texts[0] == texts[1]
        if edits:
            check(base, edits)


@settings(deadline=None)
@given(drafts(flat=True))
def test_tabled_one_by_one_in_the_order_of_the_draft_they_make_its_text(given_: tuple[Manifest, Draft]) -> None:
    base, lines = given_
    draft = Drafted(base, lines)
    edits = [edit for line in lines for edit in draft.edits([line.section])]
    there = [(line.section, line.text) for line in apply(base, edits) if not line.deleted]
    assert there == [(line.section, line.text) for line in lines if line.text and not line.removed]
