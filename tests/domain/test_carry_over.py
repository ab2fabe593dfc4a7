"""A working draft carried over to a new version: nothing written is lost, and nothing is changed unsaid."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.carried import Remark
from drafting.domain.carry_over import CarriedOver, DraftChange, SetOutline, SetText, carry_over, ranked, reset
from drafting.domain.drafted import Draft, DraftedLine
from drafting.domain.merging import ClashingPassage
from drafting.domain.ranks import ranks
from drafting.domain.text import Line, Manifest
from drafting.protocol.words import CarriedOutcome as Outcome
from drafting.protocol.words import SectionKind
from tests.domain.strategies import manifests, rewordings, section

OPERATIVE = SectionKind.OPERATIVE
SHALL = "States shall take all appropriate measures to protect migrants and their families."
AIM = "The aim of this call is cooperation along the migration routes."
FUND = "A fund of voluntary contributions supports seasonal work permits."


def text(**texts: str) -> Manifest:
    return tuple(Line(section(int(name[1:])), OPERATIVE, 0, name, said, not said) for name, said in texts.items())


def draft(*lines: tuple[int, str]) -> list[DraftedLine]:
    seeded = zip(lines, ranks(len(lines)), strict=True)
    return [DraftedLine(section(n), OPERATIVE, 0, rank, said) for (n, said), rank in seeded]


def typed(lines: Draft, changes: Sequence[DraftChange]) -> list[DraftedLine]:
    """The draft with the changes typed in, in the order of its ranks."""
    found = {line.section: line for line in lines}
    for change in changes:
        if isinstance(change, SetText):
            found[change.section] = found[change.section]._replace(text=change.text)
        elif isinstance(change, SetOutline):
            said = {name: value for name, value in change._asdict().items() if value is not None}
            found[change.section] = DraftedLine(**{**found[change.section]._asdict(), **said})
        else:
            assert change.section not in found
            found[change.section] = change
    return sorted(found.values(), key=lambda line: (line.rank, line.section))


def read(lines: Draft) -> list[tuple[int, str]]:
    return [(int(line.section[3:]), line.text) for line in lines if line.text and not line.removed]


def outcomes(carried: CarriedOver) -> dict[int, Outcome]:
    return {int(one.section[3:]): one.outcome for one in carried.report}


def test_what_the_draft_left_alone_is_as_the_new_version_has_it() -> None:
    old, new = text(a0=SHALL, a1=AIM, a2=FUND), text(a0=SHALL, a1="A new aim.", a3="Brought in.")
    lines = draft((0, SHALL), (1, AIM), (2, FUND))
    carried = carry_over(old, lines, new)
    assert outcomes(carried) == {1: Outcome.TAKEN, 3: Outcome.ADDED, 2: Outcome.TAKEN}
    assert read(typed(lines, carried.changes)) == [(0, SHALL), (1, "A new aim."), (3, "Brought in.")]
    assert (carried.report[0].old, carried.report[0].new, carried.report[0].text) == (AIM, "A new aim.", "A new aim.")


def test_what_only_the_draft_changed_is_kept_without_a_keystroke() -> None:
    old, new = text(a0=SHALL, a1=AIM), text(a0=SHALL, a1="A new aim.")
    lines = draft((1, AIM), (0, "States may act."), (8, "Ours."))
    carried = carry_over(old, lines, new)
    assert carried.changes == (SetText(section(1), "A new aim."),)
    assert outcomes(carried) == {1: Outcome.MERGED, 0: Outcome.KEPT, 8: Outcome.KEPT}


def test_changes_of_other_words_are_both_there() -> None:
    ours = SHALL.replace("all appropriate", "all necessary")
    new = text(a0=SHALL.replace("their families", "members of their families"))
    carried = carry_over(text(a0=SHALL), draft((0, ours)), new)
    both = "States shall take all necessary measures to protect migrants and members of their families."
    assert carried.changes == (SetText(section(0), both),)
    assert outcomes(carried) == {0: Outcome.MERGED}


def test_of_the_same_words_the_drafts_stand_and_both_are_listed() -> None:
    ours, theirs = SHALL.replace("shall", "may"), SHALL.replace("shall", "will")
    carried = carry_over(text(a0=SHALL), draft((0, ours)), text(a0=theirs))
    assert carried.changes == ()
    (one,) = carried.report
    assert (one.outcome, one.old, one.new, one.drafted, one.text) == (Outcome.CONFLICT, SHALL, theirs, ours, ours)
    assert ClashingPassage(7, 12, "will", "may") in one.passages


def test_a_deletion_of_what_the_new_version_rewords_is_to_be_decided_on() -> None:
    lines = [draft((0, SHALL))[0]._replace(removed=True)]
    carried = carry_over(text(a0=SHALL), lines, text(a0=SHALL.replace("all ", "")))
    assert carried.changes == ()
    assert outcomes(carried) == {0: Outcome.CONFLICT}


def test_what_the_new_version_struck_stands_if_the_draft_had_reworded_it() -> None:
    old, lines = text(a0=AIM, a1=SHALL, a2=FUND), draft((0, AIM), (1, "States may act."), (2, FUND))
    for new in (text(a0=AIM, a1="", a2=FUND), text(a0=AIM, a2=FUND)):
        carried = carry_over(old, lines, new)
        assert carried.changes == ()
        assert [(one.outcome, one.text) for one in carried.report] == [(Outcome.ORPHAN, "States may act.")]


def test_what_was_only_moved_goes_with_the_new_version() -> None:
    lines = draft((1, AIM), (2, FUND), (0, SHALL))
    carried = carry_over(text(a0=SHALL, a1=AIM, a2=FUND), lines, text(a1=AIM, a2=FUND))
    assert carried.changes == (SetOutline(section(0), removed=True),)
    assert outcomes(carried) == {0: Outcome.TAKEN}


def test_what_the_new_version_says_as_the_draft_did_is_done() -> None:
    old, new = text(a0=SHALL, a1=AIM), text(a0="States may act.", a8="Ours.")
    lines = draft((0, "States may act."), (8, "Ours."))
    lines.append(DraftedLine(section(1), OPERATIVE, 0, "z", AIM, removed=True))
    carried = carry_over(old, lines, new)
    assert carried.changes == ()
    assert outcomes(carried) == {0: Outcome.DONE, 8: Outcome.DONE, 1: Outcome.DONE}


def test_the_same_words_added_by_another_at_the_same_place_are_there_once() -> None:
    lines = draft((0, SHALL), (8, "The same."))
    carried = carry_over(text(a0=SHALL), lines, text(a0=SHALL, a5="The same."))
    assert read(typed(lines, carried.changes)) == [(0, SHALL), (5, "The same.")]
    assert {one.section: one.remark for one in carried.report}[section(8)] is Remark.TAKEN_ELSEWHERE


def test_a_change_goes_with_its_words_to_the_section_that_they_went_to() -> None:
    old, new = text(a0=AIM, a1=SHALL), text(a0=f"{AIM} {SHALL}", a1="")
    lines = draft((0, AIM), (1, SHALL.replace("appropriate", "necessary")))
    carried = carry_over(old, lines, new)
    assert read(typed(lines, carried.changes)) == [(0, f"{AIM} {SHALL.replace('appropriate', 'necessary')}")]
    assert outcomes(carried) == {0: Outcome.TAKEN, 1: Outcome.MERGED}


def test_a_change_stays_where_it_was_written_if_the_section_it_would_go_to_is_to_be_decided_on() -> None:
    old, new = text(a0=AIM, a1=SHALL), text(a0=f"{AIM.replace('aim', 'goal')} {SHALL}", a1="")
    ours = AIM.replace("aim", "purpose"), SHALL.replace("appropriate", "necessary")
    carried = carry_over(old, draft((0, ours[0]), (1, ours[1])), new)
    assert carried.changes == ()
    assert outcomes(carried) == {0: Outcome.CONFLICT, 1: Outcome.CONFLICT}


def test_what_the_new_version_moved_moves_and_what_the_draft_moved_stays() -> None:
    old = text(a0=SHALL, a1=AIM, a2=FUND, a3="Three.", a4="Four.")
    new = text(a1=AIM, a2=FUND, a0=SHALL, a3="Three.", a4="Four.")
    lines = draft((4, "Four."), (0, SHALL), (1, AIM), (2, FUND), (3, "Three."))
    carried = carry_over(old, lines, new)
    assert [int(one) for one, _ in read(typed(lines, carried.changes))] == [4, 1, 2, 0, 3]
    assert outcomes(carried) == {4: Outcome.KEPT, 0: Outcome.TAKEN}


def test_what_both_moved_stands_where_the_new_version_has_it() -> None:
    old = text(a0=SHALL, a1=AIM, a2=FUND, a3="Three.")
    new = text(a1=AIM, a2=FUND, a3="Three.", a0=SHALL)
    alike = draft((1, AIM), (2, FUND), (3, "Three."), (0, SHALL))
    assert outcomes(carry_over(old, alike, new)) == {0: Outcome.DONE}
    elsewhere = draft((1, AIM), (2, FUND), (0, SHALL), (3, "Three."))
    carried = carry_over(old, elsewhere, new)
    assert [number for number, _ in read(typed(elsewhere, carried.changes))] == [1, 2, 3, 0]
    assert [(one.outcome, one.remark) for one in carried.report] == [(Outcome.CONFLICT, Remark.MOVED_ELSEWHERE)]


def test_kind_and_level_are_the_new_versions_unless_the_draft_changed_them() -> None:
    old = text(a0=SHALL, a1=AIM)
    new = tuple(Line(line.section, SectionKind.SUBPARAGRAPH, 1, line.label, line.text) for line in old)
    ours = draft((0, SHALL), (1, AIM))
    ours[1] = ours[1]._replace(level=2, kind=SectionKind.CHAPEAU)
    assert carry_over(old, ours, new).changes == (SetOutline(section(0), SectionKind.SUBPARAGRAPH, 1),)


def test_a_paragraph_begun_and_not_written_yet_stays() -> None:
    lines = draft((0, SHALL), (8, ""))
    assert carry_over(text(a0=SHALL), lines, text(a0="Other.")).changes == (SetText(section(0), "Other."),)


def test_what_the_draft_had_added_stands_where_the_new_version_has_taken_it_in() -> None:
    lines = draft((0, SHALL), (8, "Ours."), (1, AIM))
    carried = carry_over(text(a0=SHALL, a1=AIM), lines, text(a0=SHALL, a1=AIM, a8="Ours."))
    assert [number for number, _ in read(typed(lines, carried.changes))] == [0, 1, 8]
    assert outcomes(carried) == {8: Outcome.DONE}


def test_nothing_is_put_behind_a_section_that_the_new_version_has_deleted() -> None:
    old = text(a0=SHALL, a1=AIM, a2=FUND, a3="Three.")
    lines = draft((0, SHALL), (1, AIM), (2, FUND), (3, "Three."))
    carried = carry_over(old, lines, text(a0=SHALL, a2="", a3="Three.", a1=AIM))
    assert [number for number, _ in read(typed(lines, carried.changes))] == [0, 3, 1]


def test_a_section_that_came_and_went_between_the_versions_is_there_to_be_brought_back() -> None:
    lines = draft((0, SHALL))
    (line,) = carry_over(text(a0=SHALL), lines, text(a0=SHALL, a5="")).changes
    assert isinstance(line, DraftedLine)
    assert (line.section, line.text, line.removed) == (section(5), "", True)


def test_a_section_that_the_new_version_brings_back_comes_back() -> None:
    lines = [draft((1, ""))[0]._replace(removed=True)]
    carried = carry_over(text(a1=""), lines, text(a1=AIM))
    assert carried.changes == (SetText(section(1), AIM), SetOutline(section(1), removed=False))
    assert outcomes(carried) == {1: Outcome.ADDED}


def test_what_was_added_behind_something_that_is_gone_is_kept_without_a_remark() -> None:
    carried = carry_over(text(a0=SHALL, a1=AIM), draft((0, SHALL), (1, AIM), (8, "Ours.")), text(a0=SHALL))
    assert [(one.section, one.outcome, one.remark) for one in carried.report] == [
        (section(1), Outcome.TAKEN, None),
        (section(8), Outcome.KEPT, None),
    ]


def test_a_section_is_reset_to_the_words_and_the_place_of_the_base() -> None:
    base = text(a0=SHALL, a1=AIM, a2=FUND)
    lines = draft((1, AIM), (2, FUND), (0, "Ours."))
    lines[2] = lines[2]._replace(level=2, kind=SectionKind.CHAPEAU)
    now = typed(lines, reset(base, lines, section(0)))
    assert read(now) == [(0, SHALL), (1, AIM), (2, FUND)]
    assert (now[0].level, now[0].kind) == (0, OPERATIVE)


def test_a_removed_section_that_is_reset_is_there_again_behind_its_neighbour() -> None:
    base = text(a0=SHALL, a1=AIM, a2=FUND)
    lines = draft((2, FUND), (0, SHALL), (8, "Ours."), (1, AIM))
    lines[3] = lines[3]._replace(removed=True, rank="1")
    assert read(typed(lines, reset(base, lines, section(1)))) == [(2, FUND), (0, SHALL), (1, AIM), (8, "Ours.")]


def test_a_reset_section_does_not_follow_one_that_has_moved_away() -> None:
    base = text(a0=SHALL, a1=AIM, a2=FUND, a3="Three.", a4="Four.")
    lines = draft((0, SHALL), (3, "Three."), (2, FUND), (4, "Four."), (1, AIM))
    lines[2] = lines[2]._replace(removed=True)
    numbers = [number for number, _ in read(typed(lines, reset(base, lines, section(2))))]
    assert numbers == [0, 2, 3, 4, 1]


def test_what_only_the_draft_has_is_removed_when_it_is_reset_and_nothing_happens_twice() -> None:
    base = text(a0=SHALL, a1="")
    lines = [*draft((0, SHALL), (8, "Ours."), (1, "Brought back."), (9, "")), draft((7, "No more."))[0]]
    lines[4] = lines[4]._replace(removed=True)
    assert [reset(base, lines, section(n)) for n in (0, 8, 1, 9, 7)] == [
        (),
        (SetOutline(section(8), removed=True),),
        (SetOutline(section(1), removed=True),),
        (SetOutline(section(9), removed=True),),
        (),
    ]


def test_as_few_as_can_be_are_ranked_anew() -> None:
    found = ranked(["b", "d", "a", "e", "c"], {"a": "3", "b": "1", "c": "5", "d": "4"})
    assert found.keys() == {"d", "e"}
    assert "1" < found["d"] < "3" < found["e"] < "5"


@st.composite
def carryings(draw: st.DrawFn) -> tuple[Manifest, Draft, Manifest]:
    old = tuple(line for line in draw(manifests(most=5)) if not line.deleted)
    ours = [*old]
    theirs = [*old]
    for side, number in ((ours, 100), (theirs, 200)):
        for step in range(draw(st.integers(0, 3))):
            at = draw(st.integers(0, len(side)))
            match draw(st.sampled_from(("reword", "reword", "add", "strike", "move"))):
                case "reword" if at < len(side):
                    line = side[at]
                    mark = f"mark{number + step}"
                    side[at] = Line(line.section, line.kind, line.level, "", f"{draw(rewordings(line.text))} {mark}")
                case "add":
                    side.insert(at, Line(section(number + step), OPERATIVE, 0, "", f"New mark{number + step}"))
                case "strike" if at < len(side):
                    del side[at]
                case "move" if at < len(side):
                    side.insert(draw(st.integers(0, len(side) - 1)), side.pop(at))
                case _:
                    pass
    lines = [*ours, *(line for line in old if line.section not in {one.section for one in ours})]
    seeded = zip(lines, ranks(len(lines)), strict=True)
    kept = {line.section for line in ours}
    drafted = [DraftedLine(x.section, x.kind, x.level, rank, x.text, x.section not in kept) for x, rank in seeded]
    return old, drafted, tuple(theirs)


def marks(lines: Draft) -> set[str]:
    return {word for line in lines if not line.removed for word in line.text.split() if word.startswith("mark")}


@settings(deadline=None)
@given(carryings())
def test_no_word_written_in_a_draft_is_lost(given_: tuple[Manifest, Draft, Manifest]) -> None:
    old, lines, new = given_
    carried = typed(lines, carry_over(old, lines, new).changes)
    assert marks(lines) <= marks(carried) | marks([DraftedLine(x.section, x.kind, 0, "", x.text) for x in new])


@settings(deadline=None)
@given(carryings())
def test_a_draft_without_changes_becomes_the_new_version(given_: tuple[Manifest, Draft, Manifest]) -> None:
    old, _, new = given_
    seeded = zip(old, ranks(len(old)), strict=True)
    lines = [DraftedLine(line.section, line.kind, line.level, rank, line.text) for line, rank in seeded]
    carried = typed(lines, carry_over(old, lines, new).changes)
    assert [(x.section, x.kind, x.level, x.text) for x in carried if not x.removed] == [
        (line.section, line.kind, line.level, line.text) for line in new
    ]


@settings(deadline=None)
@given(carryings())
def test_a_draft_of_which_everything_is_reset_reads_as_its_base(given_: tuple[Manifest, Draft, Manifest]) -> None:
    base, lines, _ = given_
    now = [*lines]
    for line in lines:
        now = typed(now, reset(base, now, line.section))
    assert [(x.section, x.text) for x in now if not x.removed] == [(line.section, line.text) for line in base]


@settings(deadline=None)
@given(carryings())
def test_where_nothing_changed_nothing_is_typed(given_: tuple[Manifest, Draft, Manifest]) -> None:
    old, lines, new = given_
    relabelled = tuple(Line(x.section, x.kind, x.level, f"{x.label} bis", x.text) for x in old)
    assert carry_over(old, lines, old).changes == carry_over(old, lines, relabelled).changes == ()
    carried = typed(lines, carry_over(old, lines, new).changes)
    assert carry_over(new, carried, new) == CarriedOver((), ())


@settings(deadline=None)
@given(carryings())
def test_carried_over_from_the_old_version_once_more_only_words_that_both_changed_are_looked_at_again(
    given_: tuple[Manifest, Draft, Manifest],
) -> None:
    old, lines, new = given_
    first = carry_over(old, lines, new)
    merged = {one.section for one in first.report if one.outcome is Outcome.MERGED}
    again = carry_over(old, typed(lines, first.changes), new).changes
    assert {change.section for change in again} <= merged
    assert all(isinstance(change, SetText) for change in again)


@settings(deadline=None)
@given(st.lists(st.sampled_from("abcdefghij"), unique=True), st.data())
def test_new_ranks_make_the_order(order: list[str], data: st.DataObject) -> None:
    known = data.draw(st.dictionaries(st.sampled_from("abcdefghij"), st.sampled_from(["1", "3", "5", "7", "V", "z"])))
    given_ = {section: rank for section, rank in known.items() if section in order}
    now = {**given_, **ranked(order, given_)}
    assert sorted(order, key=lambda section: (now[section], section)) == order
