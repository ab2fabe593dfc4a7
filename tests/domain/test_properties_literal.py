"""The printed compilation read back: from the page alone, everyone finds the text that each delegation wants."""

# ruff: noqa: RUF001 - dashes are meant
from hypothesis import event, given, settings
from hypothesis import strategies as st

from drafting.domain.compilation import Proposal, compile, is_another_text  # noqa: A004 - the design's own word
from drafting.domain.literal import printed_literal
from drafting.domain.text import Line, Manifest
from drafting.protocol.edits import Add, Delete, Move, Replace
from drafting.protocol.words import SectionKind
from tests.domain.strategies import ARABIC, CYRILLIC, LATIN, paragraphs, rewordings, section

OPERATIVE = SectionKind.OPERATIVE
NAMES = ("ARV", "BOR", "CAL", "DUM")


def base_of(*texts: str) -> Manifest:
    return tuple(Line(section(n), OPERATIVE, 0, f"OP{n}", text) for n, text in enumerate(texts, 1))


def page(base: Manifest, *proposals: Proposal, named: bool = True) -> list[str]:
    return printed_literal(compile(base, proposals), named=named).splitlines()


def rewording(label: str, text: str, *delegations: str) -> Proposal:
    return Proposal(label, label, delegations or (label[:3],), (Replace(section=section(1), text=text),))


def test_an_insertion_beside_a_replaced_word_is_not_taken_for_one_more_alternative_to_it() -> None:
    base = base_of("States take appropriate measures.")
    proposals = (
        rewording("ARV-1", "States take all measures."),
        rewording("BOR-1", "States take appropriate legal measures."),
        rewording("CAL-1", "States take appropriate steps."),
    )
    assert page(base, *proposals[:2]) == ["OP1 States take [appropriate] [ARV: all] [BOR: appropriate legal] measures."]
    assert page(base, proposals[0], proposals[2], named=False) == [
        "OP1 States take [appropriate measures] [all measures] [appropriate steps]."
    ]


def test_the_third_wording_of_a_delegation_is_its_second_alternative() -> None:
    proposals = [rewording(f"ARV-{n}", f"States {verb} act.") for n, verb in enumerate(("should", "may", "will"))]
    assert page(base_of("States shall act."), *proposals) == [
        "OP1 States [shall] [ARV: should] [ARV alt: may] [ARV alt 2: will] act."
    ]


def test_joint_sponsors_of_a_new_paragraph_sign_it_once_each_in_the_order_of_codes() -> None:
    def adding(label: str, number: int, *delegations: str) -> Proposal:
        edit = Add(after=section(1), section=section(number), section_kind=OPERATIVE, level=0, text="New words.")
        return Proposal(label, label, delegations, (edit,))

    first, second = adding("CAL-1", 11, "CAL", "ARV"), adding("CAL-2", 12, "CAL", "BOR")
    assert page(base_of("One."), first, second)[1] == "[OP2 New words. – ARV, BOR, CAL]"
    moves = [Proposal("BOR-1", "BOR-1", ("BOR", "ARV"), (Move(section=section(1), after=section(2)),))]
    assert page(base_of("One.", "Two."), *moves)[0] == "OP1 One. [ARV, BOR: move after OP2]"
    gone = Proposal("BOR-1", "BOR-1", ("BOR", "ARV"), (Delete(section=section(1)),))
    assert page(base_of("One."), gone) == ["OP1 [One.] [ARV, BOR: no text]"]


def groups(text: str) -> list[tuple[bool, str]]:
    """Cut a printed paragraph into what stands outside of brackets (False) and in each outermost one (True)."""
    found: list[tuple[bool, str]] = []
    here, depth, escape = "", 0, False
    for character in text:
        bracket = character in "[]" and not escape
        if bracket and character == "[" and depth == 0:
            found.append((False, here))
            here = ""
        elif bracket and character == "]" and depth == 1:
            found.append((True, here))
            here = ""
        elif escape or character != "\\":
            here += character
        depth += bracket * (1 if character == "[" else -1)
        escape = character == "\\" and not escape
    return [*found, (False, here)]


def read_as(printed: str, delegation: str) -> str:
    """Read a paragraph as one delegation: its own alternative of each row of brackets, or else the first, unnamed."""
    parts: list[str] = []
    row: dict[str, str] = {}
    for inside, text in groups(printed):
        if inside:
            names, colon, wording = text.partition(": ")
            named = colon and all(name in NAMES for name in names.split(", "))
            row |= dict.fromkeys(names.split(", "), wording) if named else {"": text}
        elif text.strip() or not row:
            parts += row.get(delegation, row.get("", "")), text
            row = {}
    parts.append(row.get(delegation, row.get("", "")))
    return "".join("" if part == "delete" else part for part in parts).replace(" ", "")


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_every_delegation_finds_its_text_on_the_page(data: st.DataObject) -> None:
    words = data.draw(st.sampled_from((LATIN, CYRILLIC, ARABIC)))
    text = data.draw(paragraphs(words)).replace("[", "").replace("]", "")
    wanted = {name: data.draw(rewordings(text, words)).strip() for name in NAMES}
    wanted = {name: wording for name, wording in wanted.items() if not is_another_text(text, wording)}
    (printed,) = page(base_of(text), *(rewording(f"{name}-1", wording) for name, wording in wanted.items()))
    event(f"brackets in a row: {min(4, printed.count('] ['))}")
    for name, wording in wanted.items():
        assert read_as(printed.removeprefix("OP1 "), name) == wording.replace(" ", "")
    assert read_as(printed.removeprefix("OP1 "), "nobody") == text.replace(" ", "")
