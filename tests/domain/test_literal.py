"""The compilation in black and white: who holds what can be read off the page, or nobody."""

# ruff: noqa: RUF001 - dashes are meant
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.brackets import lint
from drafting.domain.compilation import Proposal, compile  # noqa: A004 - the design's own word
from drafting.domain.literal import LiteralParagraph, escaped, literal, printed_literal
from drafting.domain.text import Line, Manifest
from drafting.domain.tokens import tokenize
from drafting.protocol.edits import Add, Delete, Edit, Move, Replace, Term
from drafting.protocol.words import SectionKind
from tests.domain.strategies import edit_lists, manifests, section

OPERATIVE = SectionKind.OPERATIVE
TEXT = "States shall take appropriate measures and offer advice."
ANOTHER = "Each participating government will, within two years, adopt a national strategy for labour mobility."
BASE: Manifest = (
    Line(section(1), OPERATIVE, 0, "OP1", TEXT),
    Line(section(2), OPERATIVE, 0, "OP2", "Two."),
    Line(section(3), SectionKind.HEADING, 0, "", "Follow-up and review of this Call for Action"),
)


def proposal(label: str, *edits: Edit | str) -> Proposal:
    parts = tuple(Replace(section=section(1), text=edit) if isinstance(edit, str) else edit for edit in edits)
    return Proposal(label, label, (label.partition("-")[0],), parts)


def said(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new)


def added(number: int, text: str = "New words.") -> Add:
    return Add(after=section(1), section=section(number), section_kind=OPERATIVE, level=0, text=text)


def page(*proposals: Proposal, named: bool = True) -> list[str]:
    return printed_literal(compile(BASE, proposals), named=named).splitlines()


HEADING = "Follow-up and review of this Call for Action"


@pytest.mark.parametrize(
    ("proposals", "named", "unnamed"),
    [
        ([], TEXT, TEXT),
        (
            [
                proposal("DUM-1", said("appropriate", "all necessary")),
                proposal("ARV-1", said("appropriate", "all necessary")),
                proposal("BOR-1", said("appropriate ", "")),
            ],
            "States shall take [appropriate] [ARV, DUM: all necessary] [BOR: delete] measures and offer advice.",
            "States shall take [appropriate] [all necessary] [delete] measures and offer advice.",
        ),
        (
            [proposal("ARV-1", said("advice", "advice free of charge"))],
            "States shall take appropriate measures and offer advice [ARV: free of charge].",
            "States shall take appropriate measures and offer advice [free of charge].",
        ),
        (
            [proposal("ARV-1", f"All {TEXT}"), proposal("BOR-1", f"{TEXT} Now.")],
            "[ARV: All] States shall take appropriate measures and offer advice. [BOR: Now.]",
            "[All] States shall take appropriate measures and offer advice. [Now.]",
        ),
        (
            [proposal("ARV-1", said("shall", "should")), proposal("ARV-2", said("shall", "may"))],
            "States [shall] [ARV: should] [ARV alt: may] take appropriate measures and offer advice.",
            "States [shall] [should] [may] take appropriate measures and offer advice.",
        ),
        (
            [proposal("BOR-1", Delete(section=section(1))), proposal("ARV-1", said("shall", "may"))],
            "[States [shall] [ARV: may] take appropriate measures and offer advice.] [BOR: no text]",
            "[States [shall] [may] take appropriate measures and offer advice.] [no text]",
        ),
        (
            [proposal("ARV-1", Move(section=section(1), after=section(2)))],
            "States shall take appropriate measures and offer advice. [ARV: move after OP2]",
            "States shall take appropriate measures and offer advice. [move after OP2]",
        ),
        (
            [proposal("ARV-1", Move(section=section(1), after=section(3)))],
            f"{TEXT} [ARV: move after “Follow-up and review of this …”]",
            f"{TEXT} [move after “Follow-up and review of this …”]",
        ),
    ],
)
def test_a_paragraph_prints_every_wording_with_its_holders(proposals: list[Proposal], named: str, unnamed: str) -> None:
    assert page(*proposals)[0] == f"OP1 {named}"
    assert page(*proposals, named=False)[0] == f"OP1 {unnamed}"


def test_new_paragraphs_stand_in_brackets_signed_and_equal_ones_once() -> None:
    lines = page(proposal("ELD-1", added(11)), proposal("ARV-1", added(12)), proposal("BOR-1", added(13, "Others.")))
    assert lines[1:] == ["[OP1bis New words. – ARV, ELD]", "[OP1ter Others. – BOR]", "OP2 Two.", HEADING]
    assert page(proposal("ELD-1", added(11)), named=False)[1] == "[OP1bis New words.]"


def test_a_paragraph_that_says_something_else_stands_as_an_alternative_with_a_label_of_its_own() -> None:
    lines = page(proposal("ARV-1", ANOTHER), proposal("BOR-1", said("shall", "may")), proposal("CAL-1", ANOTHER[::-1]))
    assert lines[:3] == [
        "OP1 States [shall] [BOR: may] take appropriate measures and offer advice.",
        f"[OP1 alt {ANOTHER} – ARV]",
        f"[OP1 alt 2 {ANOTHER[::-1]} – CAL]",
    ]


def test_a_term_throughout_is_noted_at_the_top_and_shown_where_it_stands() -> None:
    lines = page(proposal("ARV-1", Term(old="States", new="Parties")))
    assert lines[:2] == [
        "[ARV: “States” to read “Parties” throughout]",
        "OP1 [States] [ARV: Parties] shall take appropriate measures and offer advice.",
    ]


def test_each_paragraph_says_which_section_it_shows() -> None:
    compiled = compile(BASE, [proposal("ARV-1", ANOTHER, added(11), Term(old="Two", new="Three"))])
    assert [(p.section, p.label) for p in literal(compiled)] == [
        (None, ""),
        (section(1), "OP1"),
        (section(1), ""),
        (section(11), ""),
        (section(2), "OP2"),
        (section(3), ""),
    ]
    assert literal(compiled)[4] == LiteralParagraph(section(2), "OP2", "[Two] [ARV: Three].")


@pytest.mark.parametrize(
    ("own", "printed"),
    [
        ("all [due] care", "all [due] care"),
        ("all] [BOR: none", "all\\] \\[BOR: none"),
        ("a \\ b]", "a \\\\ b\\]"),
        ("[[a]", "\\[[a]"),
    ],
)
def test_a_delegations_own_brackets_cannot_end_its_attribution(own: str, printed: str) -> None:
    assert escaped(own) == printed
    assert page(proposal("ARV-1", said("advice", f"advice {own}")))[0].endswith(f" advice [ARV: {printed}].")


@st.composite
def tables(draw: st.DrawFn) -> tuple[Manifest, list[Proposal]]:
    base = draw(manifests(most=4))
    number = draw(st.integers(0, 4))
    return base, [
        Proposal(f"am-{n}", f"Q{n % 3}X-{n}", (f"Q{n % 3}X",), draw(edit_lists(base, owner=n))) for n in range(number)
    ]


def without_escapes(text: str) -> str:
    return text.replace("\\\\", "").replace("\\[", "").replace("\\]", "")


@given(tables())
@settings(max_examples=60)
def test_what_is_added_is_balanced_and_unnamed_differs_in_names_alone(given_: tuple[Manifest, list[Proposal]]) -> None:
    base, proposals = given_
    compiled = compile(base, proposals)
    named, unnamed = literal(compiled), literal(compiled, named=False)
    assert [p.section for p in named] == [p.section for p in unnamed]
    faulty = {line.section for line in base if lint(line.text)}
    for with_names, without in zip(named, unnamed, strict=True):
        assert not any(f"Q{n}X" in without.text for n in range(3))
        if with_names.section not in faulty:
            assert not lint(without_escapes(with_names.text))


@given(tables())
@settings(max_examples=60)
def test_every_word_of_every_proposal_is_on_the_page(given_: tuple[Manifest, list[Proposal]]) -> None:
    base, proposals = given_
    shown = printed_literal(compile(base, proposals))
    for one in proposals:
        for edit in one.edits:
            for text in [edit.text] if isinstance(edit, Replace | Add) else []:
                assert all(word in shown for word in tokenize(text))
