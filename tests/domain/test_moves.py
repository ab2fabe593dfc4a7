from itertools import pairwise
from time import perf_counter

from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.compare import compare
from drafting.domain.diff import accept, reject
from drafting.domain.edits import apply
from drafting.domain.fates import Regrouping, regroupings
from drafting.domain.text import Line, Manifest, MovedText, Op, SectionChange, Spans
from drafting.protocol.words import SectionKind
from tests.domain.strategies import ARABIC, CYRILLIC, edit_lists, legal_sentences, manifests, redrafts

PLAN = "Each Party shall publish its national plan within two years of the entry into force of this Agreement."
FUND = "Developed countries shall pay into the Fund by March of every year, as set out in Annex II."
BODY = "The Scientific Body meets twice a year and makes its reports known to the public without delay."


def line(section: str, text: str, level: int = 1, kind: SectionKind = SectionKind.OPERATIVE) -> Line:
    return Line(section, kind, level, f"label of {section}", text)


def heading(section: str, level: int = 0) -> Line:
    return line(section, f"Part {section}", level, SectionKind.HEADING)


def by_section(old: Manifest, new: Manifest) -> dict[str, SectionChange]:
    return {change.section: change for change in compare(old, new)}


def marked(spans: Spans) -> str:
    shapes = {Op.KEEP: "%s", Op.DELETE: "[-%s-]", Op.INSERT: "{+%s+}"}
    return "".join(shapes[span.op] % span.text for span in spans)


def told(change: SectionChange) -> dict[str, object]:
    """What became of a section, without what is as it was."""
    names = ("origin", "destination", "merged_from", "merged_into", "split_from", "split_into")
    return {name: getattr(change, name) for name in names if getattr(change, name)}


def test_a_section_retyped_elsewhere_is_known_with_its_origin_and_the_difference() -> None:
    redrafted = PLAN.replace("two years", "three years")
    changes = by_section((line("a", PLAN), line("b", FUND)), (line("b", FUND), line("x", redrafted)))
    assert told(changes["x"]) == {"origin": "a"}
    assert told(changes["a"]) == {"destination": "x"}
    (passage,) = changes["x"].arrivals
    assert (passage,) == changes["a"].departures
    assert passage.redrafted
    assert marked(passage.spans) == PLAN.replace("two years", "[-two-]{+three+} years")
    assert (passage.origin_start, passage.origin_end) == (0, len(PLAN))


def test_a_short_section_retyped_is_known_too() -> None:
    changes = by_section((line("a", "Definitions"), line("b", FUND)), (line("b", FUND), line("x", "Definitions")))
    assert told(changes["x"]) == {"origin": "a"}
    assert not changes["x"].arrivals[0].redrafted


def test_a_sentence_cut_from_one_paragraph_and_put_in_another_is_shown_as_moved() -> None:
    old = (line("a", f"{BODY} {PLAN}"), line("b", FUND))
    new = (line("a", BODY), line("b", f"{FUND} {PLAN.replace('publish', 'submit')}"))
    changes = by_section(old, new)
    (passage,) = changes["b"].arrivals
    assert changes["a"].departures == (passage,)
    assert (passage.origin, passage.section) == ("a", "b")
    assert old[0].text[passage.origin_start : passage.origin_end] == PLAN
    assert marked(passage.spans) == PLAN.replace("publish", "[-publish-]{+submit+}")
    assert told(changes["a"]) == told(changes["b"]) == {}


def test_a_passage_is_found_at_its_place_behind_other_changes() -> None:
    moved = "The fund shall give priority to the least developed countries"
    old = (line("a", f"Each Party shall in due time report. {moved}. It ends."), line("b", "Costs are shared."))
    new = (line("a", "Each Party shall report every second year. It ends."), line("b", f"Costs are shared. {moved}!"))
    (passage,) = by_section(old, new)["b"].arrivals
    assert old[0].text[passage.origin_start : passage.origin_end] == moved
    assert new[1].text[passage.start : passage.end] == moved


def test_a_sentence_that_moves_inside_its_paragraph_is_shown_as_moved() -> None:
    (change,) = compare((line("a", f"{PLAN} {FUND} {BODY}"),), (line("a", f"{FUND} {BODY} {PLAN}"),))
    (passage,) = change.arrivals
    assert (passage.origin, passage.section, passage.redrafted) == ("a", "a", False)


def test_words_that_many_paragraphs_share_are_no_move() -> None:
    old = (line("a", f"{PLAN} Parties shall take all measures."), line("b", FUND))
    new = (line("a", PLAN), line("b", f"{FUND} Parties shall take all measures."))
    assert by_section(old, new)["b"].arrivals == ()


def test_words_shared_here_and_there_are_no_move() -> None:
    others = "nor will it ever have been otherwise in any such case"
    shared = ("the sea bed authority", "the grain price board", "the river basin commission")
    old = (line("a", f"{PLAN} {' '.join(shared)}"), line("b", FUND))
    new = (line("a", PLAN), line("b", f"{FUND} {shared[0]} {others} {shared[1]} {others} {shared[2]}"))
    assert by_section(old, new)["b"].arrivals == ()


def test_a_passage_begins_with_its_own_words_and_not_with_one_met_by_chance() -> None:
    old = (line("a", f"{BODY} Funds are there for whoever may be in want of some. {PLAN}"), line("b", FUND))
    new = (line("a", BODY), line("b", f"{FUND} Funds run dry when nobody will give any at all. {PLAN}"))
    (passage,) = by_section(old, new)["b"].arrivals
    assert old[0].text[passage.origin_start : passage.origin_end] == PLAN


def test_marks_around_a_passage_that_stay_are_not_part_of_it() -> None:
    plan = PLAN.removesuffix(".")
    old = (line("a", f"Plans ({plan}) matter"), line("b", "Duties () matter"))
    new = (line("a", "Plans () matter"), line("b", f"Duties ({plan}) matter"))
    (passage,) = by_section(old, new)["b"].arrivals
    assert old[0].text[passage.origin_start : passage.origin_end] == plan


def test_a_short_section_that_is_a_small_part_of_an_added_one_is_not_its_origin() -> None:
    old, new = (line("a", PLAN),), (line("x", f"{FUND} {BODY} {PLAN} {FUND.upper()} {BODY.upper()} {FUND.title()}"),)
    changes = by_section(old, new)
    assert told(changes["x"]) == told(changes["a"]) == {}
    assert [passage.origin for passage in changes["x"].arrivals] == ["a"]


def test_one_section_that_two_added_ones_repeat_goes_to_one_of_them() -> None:
    changes = by_section((line("a", PLAN),), (line("x", PLAN), line("y", PLAN)))
    assert told(changes["x"]) == {"origin": "a"}
    assert told(changes["y"]) == {}


def test_paragraphs_of_the_level_of_their_heading_stand_under_it() -> None:
    old = (heading("h"), line("a", PLAN, 0), heading("i"), line("b", FUND, 0))
    new = (heading("h"), heading("i"), line("a", PLAN, 0), line("b", FUND, 0))
    assert [change.section for change in compare(old, new) if change.regrouped] == ["a"]


def test_two_sections_in_one_are_merged() -> None:
    changes = by_section((line("a", PLAN), line("b", FUND)), (line("a", f"{PLAN} {FUND}"),))
    assert told(changes["a"]) == {"merged_from": ("b",)}
    assert told(changes["b"]) == {"merged_into": "a"}


def test_two_removed_sections_in_an_added_one_are_merged() -> None:
    changes = by_section((line("a", PLAN), line("b", FUND)), (line("x", f"{FUND} {PLAN}"),))
    assert told(changes["x"]) in ({"merged_from": ("a", "b")}, {"merged_from": ("b", "a")})
    assert told(changes["a"]) == told(changes["b"]) == {"merged_into": "x"}


def test_a_section_that_stays_in_part_is_split() -> None:
    changes = by_section((line("a", f"{PLAN} {FUND}"),), (line("a", PLAN), line("x", FUND)))
    assert told(changes["a"]) == {"split_into": ("x",)}
    assert told(changes["x"]) == {"split_from": "a"}


def test_a_removed_section_whose_words_stand_in_two_added_ones_is_split() -> None:
    changes = by_section((line("a", f"{PLAN} {FUND}"),), (line("x", PLAN), line("y", FUND)))
    assert told(changes["a"]) == {"split_into": ("x", "y")}
    assert told(changes["x"]) == told(changes["y"]) == {"split_from": "a"}


def test_a_run_of_sections_under_another_heading_is_regrouped() -> None:
    old = (heading("h"), line("a", PLAN), line("b", FUND), heading("i"), line("c", BODY))
    new = (heading("h"), heading("i"), line("a", PLAN), line("a1", "new", 2), line("b", FUND), line("c", BODY))
    changes = compare(old, new)
    assert [c.section for c in changes if c.regrouped] == ["a", "b"]
    assert regroupings(old, new, changes) == (Regrouping(("a", "b"), "h", "i"),)


def test_a_new_heading_regroups_what_stands_under_it() -> None:
    old = (heading("h"), line("a", PLAN), line("b", FUND))
    new = (heading("h"), line("a", PLAN), heading("i"), line("b", FUND))
    changes = compare(old, new)
    assert regroupings(old, new, changes) == (Regrouping(("b",), "h", "i"),)
    assert not any(c.moved or c.edited for c in changes)


def test_a_heading_retyped_regroups_nothing() -> None:
    old = (line("h", "General provisions on finance", 0), line("a", PLAN), line("b", FUND))
    new = (line("x", "General provisions on finance", 0), line("a", PLAN), line("b", FUND))
    changes = compare(old, new)
    assert not any(change.regrouped for change in changes)
    assert regroupings(old, new, changes) == ()


def test_a_change_of_level_or_kind_is_a_flag_of_its_own() -> None:
    (change,) = compare((line("a", PLAN),), (line("a", PLAN, 2, SectionKind.SUBPARAGRAPH),))
    assert change.kind_changed
    assert change.level_changed
    assert not any((change.added, change.removed, change.edited, change.moved, change.regrouped))


# -- planted -----------------------------------------------------------------------------------------------------------


@st.composite
def texts(draw: st.DrawFn) -> Manifest:
    script = draw(st.sampled_from(((), (), CYRILLIC, ARABIC)))
    count = draw(st.integers(4, 8))
    return tuple(line(f"s{n}", draw(legal_sentences(number=n, script=script))) for n in range(count))


def put(text: Manifest, section: str, words: str) -> Manifest:
    return tuple(line(one.section, words) if one.section == section else one for one in text)


def without(text: Manifest, section: str) -> Manifest:
    return tuple(one for one in text if one.section != section)


@given(st.data())
@settings(max_examples=120)
def test_a_planted_merge_is_recognised(data: st.DataObject) -> None:
    old = data.draw(texts())
    keeper, gone = data.draw(st.permutations(old))[:2]
    new = put(without(old, gone.section), keeper.section, f"{keeper.text} {data.draw(redrafts(gone.text))}")
    changes = by_section(old, new)
    assert told(changes[keeper.section]) == {"merged_from": (gone.section,)}
    assert told(changes[gone.section]) == {"merged_into": keeper.section}
    assert sum(bool(told(change)) for change in changes.values()) == 2


@given(st.data())
@settings(max_examples=120)
def test_a_planted_split_is_recognised(data: st.DataObject) -> None:
    old = data.draw(texts())
    one = data.draw(st.sampled_from(old))
    second = data.draw(legal_sentences(number=99))
    old = put(old, one.section, f"{one.text} {second}")
    new = (*put(old, one.section, one.text), line("x", data.draw(redrafts(second))))
    changes = by_section(old, new)
    assert told(changes[one.section]) == {"split_into": ("x",)}
    assert told(changes["x"]) == {"split_from": one.section}


@given(st.data())
@settings(max_examples=120)
def test_a_planted_retyped_section_is_recognised_wherever_it_stands(data: st.DataObject) -> None:
    old = data.draw(texts())
    gone = data.draw(st.sampled_from(old))
    new = list(without(old, gone.section))
    new.insert(data.draw(st.integers(0, len(new))), line("x", data.draw(redrafts(gone.text))))
    changes = by_section(old, tuple(new))
    assert told(changes["x"]) == {"origin": gone.section}
    assert changes["x"].arrivals[0].spans == changes[gone.section].departures[0].spans
    assert accept(changes["x"].arrivals[0].spans) == changes["x"].new.text  # type: ignore[union-attr]


@given(st.data())
@settings(max_examples=120)
def test_moving_regrouping_and_renumbering_yield_no_word_changes(data: st.DataObject) -> None:
    old = (heading("h"), *data.draw(texts()), heading("i"))
    shuffled = data.draw(st.permutations(old))
    new = tuple(Line(one.section, one.kind, one.level, f"OP{n}", one.text) for n, one in enumerate(shuffled))
    for change in compare(old, new):
        assert all(span.op is Op.KEEP for span in change.spans)
        assert not any((change.added, change.removed, change.edited))
        assert change.arrivals == change.departures == ()
        assert told(change) == {}


def overlap(reaches: list[tuple[int, int]]) -> bool:
    return any(end > start for (_, end), (start, _) in pairwise(sorted(reaches)))


@given(st.data())
@settings(max_examples=200)
def test_passages_stand_where_they_say_and_no_word_is_of_two(data: st.DataObject) -> None:
    old = data.draw(manifests())
    new = apply(old, data.draw(edit_lists(old)))
    changes = compare(old, new)
    was, now = {one.section: one.text for one in old}, {one.section: one.text for one in new}
    arrived: list[MovedText] = [passage for change in changes for passage in change.arrivals]
    assert sorted(arrived) == sorted(passage for change in changes for passage in change.departures)
    for passage in arrived:
        assert reject(passage.spans) == was[passage.origin][passage.origin_start : passage.origin_end]
        assert accept(passage.spans) == now[passage.section][passage.start : passage.end]
    for section in was:
        assert not overlap([(p.origin_start, p.origin_end) for p in arrived if p.origin == section])
    for section in now:
        assert not overlap([(p.start, p.end) for p in arrived if p.section == section])


def test_hostile_repeats_are_compared_in_bounded_time() -> None:
    old = [line(f"o{n}", "a b " * 20) for n in range(1000)]
    new = [line(f"n{n}", "b a " * 20) for n in range(1000)]
    long = "x y z w " * 6000
    started = perf_counter()
    compare(tuple(old), tuple(new))
    compare((line("a", long), line("b", "c")), (line("a", "c"), line("b", long + "d")))
    assert perf_counter() - started < 8
