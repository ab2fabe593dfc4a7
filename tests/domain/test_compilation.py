# ruff: noqa: RUF001 - Cyrillic letters are meant
from itertools import pairwise
from random import Random
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.changes import rewritten
from drafting.domain.compilation import (
    Compilation,
    CompiledSection,
    Moved,
    Passage,
    Proposal,
    Wording,
    changes_of,
    compile,  # noqa: A004 - the design's own word
    is_another_text,
    pieces,
    project,
    projections,
)
from drafting.domain.edits import apply
from drafting.domain.text import Line, Manifest
from drafting.protocol.edits import Add, Delete, Edit, Merge, Move, Replace, Split, Term
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.words import SectionKind
from tests.domain.strategies import edit_lists, manifests, rewordings, section

TEXT = "States shall take appropriate measures on a regular basis."
OPERATIVE = SectionKind.OPERATIVE
BASE: Manifest = (
    Line(section(1), OPERATIVE, 0, "OP1", TEXT),
    Line(section(2), OPERATIVE, 0, "OP2", "Two:"),
    Line(section(3), SectionKind.SUBPARAGRAPH, 1, "(a)", "first."),
    Line(section(4), OPERATIVE, 0, "OP3", "", deleted=True),
)


def proposal(label: str, *edits: Edit) -> Proposal:
    return Proposal(f"am-{label}", label, (label.partition("-")[0],), edits)


def reworded(label: str, text: str) -> Proposal:
    return proposal(label, Replace(section=section(1), text=text))


def first(*proposals: Proposal) -> CompiledSection:
    return compile(BASE, proposals).sections[0]


def test_independent_changes_are_passages_of_their_own() -> None:
    compiled = first(
        reworded("ARV-1", "States shall take necessary measures on a regular basis."),
        reworded("BOR-1", "States shall take appropriate measures."),
        reworded("CAL-1", "Parties shall take appropriate measures on a regular basis."),
    )
    assert compiled.line == BASE[0]
    assert compiled.passages == (
        Passage(0, 6, "States", (Wording("Parties", ("am-CAL-1",)),)),
        Passage(18, 29, "appropriate", (Wording("necessary", ("am-ARV-1",)),)),
        Passage(38, 57, " on a regular basis", (Wording("", ("am-BOR-1",)),)),
    )


def test_nested_and_overlapping_changes_are_one_passage_with_each_complete_wording() -> None:
    compiled = first(
        reworded("ARV-1", "States shall take appropriate measures on a yearly basis."),
        reworded("BOR-1", "States shall take appropriate measures."),
    )
    assert compiled.passages == (
        Passage(
            38,
            57,
            " on a regular basis",
            (Wording(" on a yearly basis", ("am-ARV-1",)), Wording("", ("am-BOR-1",))),
        ),
    )


def test_touching_changes_are_one_passage() -> None:
    compiled = first(
        reworded("ARV-1", "States shall take all appropriate measures on a regular basis."),
        reworded("BOR-1", "States shall take necessary measures on a regular basis."),
    )
    assert compiled.passages == (
        Passage(
            18,
            29,
            "appropriate",
            (Wording("all appropriate", ("am-ARV-1",)), Wording("necessary", ("am-BOR-1",))),
        ),
    )


def test_a_word_struck_and_the_next_one_replaced_are_one_passage() -> None:
    (passage,) = first(
        reworded("ARV-1", "States shall take measures on a regular basis."),
        reworded("BOR-1", "States shall take appropriate steps on a regular basis."),
    ).passages
    assert passage == Passage(
        18,
        38,
        "appropriate measures",
        (Wording("measures", ("am-ARV-1",)), Wording("appropriate steps", ("am-BOR-1",))),
    )


def test_insertions_at_one_place_are_one_passage() -> None:
    (passage,) = first(reworded("ARV-1", f"{TEXT} And more."), reworded("BOR-1", f"{TEXT} And less.")).passages
    assert passage == Passage(58, 58, "", (Wording(" And more.", ("am-ARV-1",)), Wording(" And less.", ("am-BOR-1",))))
    (at_start,) = first(reworded("ARV-1", f"All {TEXT}"), reworded("BOR-1", f"The {TEXT}")).passages
    assert at_start == Passage(0, 0, "", (Wording("All ", ("am-ARV-1",)), Wording("The ", ("am-BOR-1",))))


def test_insertions_on_either_side_of_a_space_are_one_passage() -> None:
    base = (Line(section(1), OPERATIVE, 0, "OP1", "a b"),)
    (compiled,) = compile(base, [reworded("ARV-1", "a, x b"), reworded("BOR-1", "a y b")]).sections
    assert compiled.passages == (Passage(1, 2, " ", (Wording(", x ", ("am-ARV-1",)), Wording(" y ", ("am-BOR-1",)))),)


def test_equal_wordings_are_one_with_all_holders_in_natural_order() -> None:
    necessary = "States shall take necessary measures on a regular basis."
    (passage,) = first(
        reworded("ARV-17", necessary), reworded("BOR-3", necessary), reworded("ARV-2", necessary)
    ).passages
    assert passage.wordings == (Wording("necessary", ("am-ARV-2", "am-ARV-17", "am-BOR-3")),)


def test_proposals_to_delete_and_to_move_are_named() -> None:
    compiled = compile(
        BASE,
        [
            proposal("BOR-1", Delete(section=section(2))),
            proposal("ARV-1", Delete(section=section(2)), Move(section=section(1), after=section(3))),
        ],
    )
    assert compiled.sections[1].deleted_by == ("am-ARV-1", "am-BOR-1")
    assert compiled.sections[0].moved_by == (Moved("am-ARV-1", section(3)),)
    assert [s.line for s in compiled.sections] == list(BASE)


def test_a_merge_and_a_split_show_as_what_they_do() -> None:
    merge = proposal("ARV-1", Merge(sections=[section(2), section(3)], text="Two: first."))
    split = proposal("BOR-1", Split(section=section(3), texts=["first;", "second."], sections=[section(9)]))
    compiled = compile(BASE, [merge, split]).sections
    assert [s.line.section for s in compiled] == [section(n) for n in (1, 2, 3, 9, 4)]
    assert compiled[1].passages == (Passage(4, 4, "", (Wording(" first.", ("am-ARV-1",)),)),)
    assert compiled[2].deleted_by == ("am-ARV-1",)
    assert compiled[3].added_by == "am-BOR-1"


def added(number: int, after: int | None, level: int = 0) -> Add:
    anchor = None if after is None else section(after)
    return Add(after=anchor, section=section(number), section_kind=OPERATIVE, level=level, text="New.")


def test_added_sections_stand_where_they_would_in_the_order_of_their_amendments() -> None:
    compiled = compile(
        BASE,
        [
            proposal("BOR-10", added(10, 2), added(11, None)),
            proposal("BOR-9", added(9, 2)),
            proposal("ARV-1", added(8, 2, level=1)),
        ],
    )
    assert [s.line.section for s in compiled.sections] == [section(n) for n in (11, 1, 2, 8, 3, 9, 10, 4)]
    assert [s.added_by for s in compiled.sections][3] == "am-ARV-1"


def test_a_wording_of_a_deleted_section_would_bring_it_back() -> None:
    compiled = compile(BASE, [proposal("ARV-1", Replace(section=section(4), text="Back."))])
    assert compiled.sections[3].passages == (Passage(0, 0, "", (Wording("Back.", ("am-ARV-1",)),)),)
    assert project(compiled, "am-ARV-1")[3] == Line(section(4), OPERATIVE, 0, "OP3", "Back.")
    assert project(compiled) == BASE


def test_the_pieces_of_a_section_alternate() -> None:
    compiled = first(
        reworded("ARV-1", "Parties shall take appropriate measures on a regular basis."),
        reworded("BOR-1", "States shall take appropriate steps on a regular basis."),
    )
    assert pieces(compiled) == (
        compiled.passages[0],
        " shall take appropriate ",
        compiled.passages[1],
        " on a regular basis.",
    )
    assert pieces(CompiledSection(BASE[0])) == (TEXT,)
    assert pieces(CompiledSection(BASE[3])) == ()


LONG = "States shall, in accordance with national law, facilitate the return of their nationals and issue documents."
OTHER = "Each Party will within two years adopt a strategy on labour mobility, and report on it to the Secretariat."


@pytest.mark.parametrize(
    ("base", "proposed", "another"),
    [
        (LONG, OTHER, True),
        (LONG, LONG, False),
        # a few shared words, each alone, are shared by accident
        (
            LONG,
            "Parties to this text will facilitate regular migration, and of course issue visas and work permits.",
            True,
        ),
        (
            "States protect migrants with families through cooperation among partners.",
            "Governments protect children and families despite cooperation lacking partners.",
            True,
        ),
        (LONG, LONG.replace("facilitate the return of", "document"), False),
        # most of it struck, or much added: what stands is common
        (LONG, "States shall facilitate the return of their nationals.", False),
        (LONG, f"{OTHER} {LONG} {OTHER}", False),
        # too short to be a paragraph of its own
        ("Two words.", OTHER, False),
        ("", OTHER, False),
        (
            "Государства содействуют возвращению своих граждан и выдают им документы в срок.",
            "Каждая сторона через два года примет стратегию трудовой мобильности и сообщит о ней.",
            True,
        ),
    ],
)
def test_a_wording_that_shares_too_little_is_another_text(base: str, proposed: str, another: bool) -> None:
    assert is_another_text(base, proposed) is another
    assert is_another_text(proposed, base) is another


def test_another_text_stands_beside_the_paragraph_and_equal_ones_once() -> None:
    base = (Line(section(1), OPERATIVE, 0, "OP1", LONG),)
    proposals = [reworded("ARV-1", OTHER), reworded("BOR-1", LONG.replace("shall", "should")), reworded("CAL-1", OTHER)]
    compiled = compile(base, proposals)
    assert compiled.sections[0].alternatives == (Wording(OTHER, ("am-ARV-1", "am-CAL-1")),)
    assert [p.wordings for p in compiled.sections[0].passages] == [(Wording("should", ("am-BOR-1",)),)]
    assert changes_of(compiled.sections[0]).keys() == {"am-BOR-1"}
    assert project(compiled, "am-CAL-1")[0].text == OTHER


def test_a_term_throughout_shows_as_the_rewordings_it_makes() -> None:
    compiled = compile(
        BASE, [proposal("ARV-1", Term(old="measures", new="steps"), Replace(section=section(2), text="Two measures:"))]
    )
    assert [s.passages for s in compiled.sections[:2]] == [
        (Passage(30, 38, "measures", (Wording("steps", ("am-ARV-1",)),)),),
        (Passage(3, 3, "", (Wording(" steps", ("am-ARV-1",)),)),),
    ]


def test_an_amendment_that_is_not_compiled_projects_to_the_base() -> None:
    compiled = compile(BASE, [reworded("ARV-1", "x")])
    assert project(compiled, "am-BOR-9") == BASE


def test_a_proposal_on_an_unknown_section_is_refused_by_name() -> None:
    with pytest.raises(Refusal, match=section(7)) as refusal:
        compile(BASE, [proposal("ARV-1", Delete(section=section(7)))])
    assert refusal.value.code is ProblemCode.UNKNOWN_SECTION


@st.composite
def compilations(draw: st.DrawFn) -> tuple[Manifest, list[Proposal]]:
    base = draw(manifests(most=5))
    number = draw(st.integers(0, 4))
    lists = [draw(edit_lists(base, owner=n)) for n in range(number)]
    terms = draw(st.lists(st.sampled_from(("measures", "and", "все", "فِي", "Restored")), max_size=number))
    with_terms = [(*edits, Term(old=old, new="new term")) for edits, old in zip(lists, terms, strict=False)]
    return base, [proposal(f"ARV-{n * 7}", *edits) for n, edits in enumerate((*with_terms, *lists[len(with_terms) :]))]


@given(compilations())
@settings(max_examples=150)
def test_projected_to_one_amendment_it_is_that_amendments_text_and_to_none_the_base(
    given_: tuple[Manifest, list[Proposal]],
) -> None:
    base, proposals = given_
    compiled = compile(base, proposals)
    assert project(compiled) == base
    assert projections(compiled) == {one.amendment: apply(base, one.edits) for one in proposals}
    for one in proposals:
        assert project(compiled, one.amendment) == apply(base, one.edits)


@given(compilations(), st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_the_order_of_the_proposals_changes_nothing(given_: tuple[Manifest, list[Proposal]], random: Random) -> None:
    base, proposals = given_
    shuffled = proposals[:]
    random.shuffle(shuffled)
    assert compile(base, shuffled) == compile(base, proposals)


@given(compilations())
@settings(max_examples=150)
def test_passages_stand_apart_with_wordings_that_differ_from_the_base_and_each_other(
    given_: tuple[Manifest, list[Proposal]],
) -> None:
    base, proposals = given_
    for compiled in compile(base, proposals).sections:
        text = compiled.line.text
        assert "".join(p.base if isinstance(p, Passage) else p for p in pieces(compiled)) == text
        for passage in compiled.passages:
            texts = [passage.base, *(wording.text for wording in passage.wordings)]
            holders = [holder for wording in passage.wordings for holder in wording.holders]
            assert passage.base == text[passage.start : passage.end]
            assert len(set(texts)) == len(texts) > 1
            assert len(set(holders)) == len(holders) > 0
        for before, after in pairwise(compiled.passages):
            assert before.end < after.start


def test_two_hundred_delegations_on_one_sentence_are_compiled_at_once() -> None:
    proposals = [
        reworded(f"D{number}-1", TEXT.replace("appropriate", f"w{number}").replace("regular", f"r{number % 5}"))
        for number in range(200)
    ]
    started = perf_counter()
    compiled: Compilation = compile(BASE, proposals)
    assert perf_counter() - started < 1
    assert [len(passage.wordings) for passage in compiled.sections[0].passages] == [200, 5]


@given(manifests(most=5), st.data())
@settings(max_examples=100)
def test_amendments_of_different_sections_commute(base: Manifest, data: st.DataObject) -> None:
    standing = [line for line in base if not line.deleted]
    wordings = {line.section: data.draw(rewordings(line.text)) for line in standing}
    cut = data.draw(st.integers(0, len(standing)))
    replaced = [Replace(section=line.section, text=wordings[line.section]) for line in standing]
    one, other = replaced[:cut], replaced[cut:]
    assert apply(apply(base, one), other) == apply(apply(base, other), one)


def compiled_words(compiled: Compilation, *amendments: str) -> str:
    """The first section with the wordings of several amendments taken."""
    taken = [c for amendment, some in changes_of(compiled.sections[0]).items() if amendment in amendments for c in some]
    text = compiled.sections[0].line.text
    return rewritten(text, sorted(taken), 0, len(text))


def test_amendments_of_different_passages_commute() -> None:
    one, other = TEXT.replace("appropriate", "necessary"), TEXT.replace("regular", "yearly")
    both = compiled_words(compile(BASE, [reworded("ARV-1", one), reworded("BOR-1", other)]), "am-ARV-1", "am-BOR-1")
    assert both == "States shall take necessary measures on a yearly basis."
    assert both == compiled_words(
        compile(BASE, [reworded("BOR-1", other), reworded("ARV-1", one)]), "am-BOR-1", "am-ARV-1"
    )


@pytest.mark.parametrize("base", ["w" * 60_000, "a " * 20_000, "[a] " * 4_000, "[" * 4_000 + "a" + "]" * 4_000])
def test_texts_that_no_one_writes_are_compiled_in_bounded_time(base: str) -> None:
    manifest = (Line(section(1), OPERATIVE, 0, "OP1", base),)
    wordings = [f"b {base}", f"{base} c", base.replace("a", "d", 50)]
    started = perf_counter()
    compiled = compile(manifest, [reworded(f"ARV-{n}", wording) for n, wording in enumerate(wordings)])
    assert projections(compiled)["am-ARV-1"][0].text == wordings[1]
    assert perf_counter() - started < 8
