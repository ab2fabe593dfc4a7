"""What is proposed in the demonstration reads as a text under negotiation does, whoever or whatever put it together."""

from collections import Counter
from collections.abc import Iterator

import pytest

from drafting.demo.content import content
from drafting.demo.stock import put_together, scheduled
from drafting.domain.text import Line
from drafting.protocol.edits import Add, Merge, Replace, Split
from drafting.protocol.views import AmendmentView, SectionView
from tests.demo.played import Played

WRITTEN = [*content("third_round.toml")["amendment"], *content("third_round_more.toml")["amendment"]]
STOCK = content("stock.toml")["change"]
CODES = [row["code"] for row in content("delegations.toml")["delegation"]]


def balanced(text: str) -> bool:
    depth = 0
    for sign in text:
        depth += (sign == "[") - (sign == "]")
        if depth < 0:
            return False
    return depth == 0


def wordings(amendments: list[AmendmentView], base: dict[str, SectionView]) -> Iterator[tuple[SectionView | None, str]]:
    """Each text that is proposed, with the section that it is proposed for (or none, where it is a new one)."""
    for edit in (edit for one in amendments for edit in one.revision.edits):
        match edit:
            case Replace():
                yield base.get(edit.section), edit.text
            case Merge():
                yield base[edit.sections[0]], edit.text
            case Split():
                yield from ((None, text) for text in edit.texts)
            case Add():
                yield None, edit.text


@pytest.mark.parametrize("symbol", ["BP/CfA", "BP/MoU", "BP/CfA/IP"])
def test_every_wording_balances_its_brackets_and_ends_as_its_paragraph_does(played: Played, symbol: str) -> None:
    base = {section.id: section for section in played.seen_by("observer", symbol).sections}
    found = list(wordings(played.in_the_last_round("secretariat", symbol), base))
    assert len(found) >= 5
    for section, text in found:
        assert balanced(text), text
        assert text == " ".join(text.split())
        assert not any(doubled in text for doubled in (" ,", " ;", ",,", ";;", "..")), text
        if section is not None and section.kind != "heading":
            assert text != section.text
            assert text.rstrip("]")[-1] == section.text.rstrip("]")[-1], text


def test_more_than_sixty_amendments_of_the_third_round_were_written_one_by_one() -> None:
    assert len(WRITTEN) == 109
    assert len({item["rationale"] for item in WRITTEN}) == 109
    assert content("third_round.toml")["put_together"] == 32


LINES = {
    label: Line(label, "operative", 1, label, text)  # type: ignore[arg-type]  # a kind's name will do
    for label, text in (
        ("OP1", "*Agree* to count the ships;"),
        ("OP2", "*Agree* to count the ships that come by night;"),
    )
}
CHANGES = [
    {"old": "*Agree*", "new": "*Undertake*", "on": ["OP1", "OP2"], "reason": "A promise counts."},
    {"old": "the ships", "new": "all ships", "on": ["OP1"], "reason": "Small ones too."},
    {"tail": ", and to publish the figures", "on": ["OP1", "OP2"], "reason": "Figures are for all."},
]


def test_amendments_are_put_together_from_one_change_and_each_third_from_two() -> None:
    made = put_together(3, CHANGES, ["ARV", "BOR", "CAL"], LINES, [])
    assert [len(item["edit"][0]["substitute"]) for item in made] == [1, 1, 2]
    assert [item["delegation"] for item in made] == ["ARV", "BOR", "CAL"]
    assert len({str(item["edit"]) for item in made}) == 3
    both = made[2]
    reasons = {change["old"]: change["reason"] for change in CHANGES if "old" in change}
    assert all(reasons[old] in both["rationale"] for old, _ in both["edit"][0]["substitute"] if old in reasons)


def test_a_tail_goes_before_the_last_mark() -> None:
    made = put_together(2, [CHANGES[2]], ["ARV", "BOR"], LINES, [])
    assert sorted(item["edit"][0]["substitute"][0] for item in made) == [
        ["night;", "night, and to publish the figures;"],
        ["ships;", "ships, and to publish the figures;"],
    ]


def test_two_changes_of_the_same_words_are_never_made_together() -> None:
    meeting = [
        CHANGES[1],
        {**CHANGES[2], "on": ["OP1"]},
        {"old": "night", "new": "day", "on": ["OP2"], "reason": "No."},
    ]
    with pytest.raises(ValueError, match="empty"):
        put_together(3, meeting, ["ARV", "BOR", "CAL"], LINES, [])  # the only pair is of “the ships” and “ships;”


def test_no_delegation_has_two_proposals_on_one_paragraph_put_together_for_it() -> None:
    written = [{"delegation": "ARV", "edit": [{"op": "delete", "section": label}]} for label in ("OP1", "OP2")]
    made = put_together(3, CHANGES, ["ARV", "BOR", "CAL", "DUM"], LINES, written)
    assert "ARV" not in [item["delegation"] for item in made]
    assert max(Counter((item["delegation"], item["edit"][0]["section"]) for item in made).values()) == 1


def test_all_come_half_an_hour_apart_in_an_order_that_is_drawn_and_always_the_same() -> None:
    ones, others = [{"name": n} for n in range(5)], [{"name": n} for n in range(5, 9)]
    first = scheduled(ones, others)
    assert [item["at_minutes"] for item in first] == [30, 60, 90, 120, 150, 180, 210, 240, 270]
    assert sorted(item["name"] for item in first) == list(range(9))
    assert [item["name"] for item in first] != list(range(9))
    assert scheduled(ones, others) == first


def test_the_stock_names_words_that_stand_once_where_it_says(played: Played) -> None:
    texts = {section.label: section.text for section in played.seen_by("observer").sections}
    for change in STOCK:
        for label in change["on"]:
            assert texts[label].count(change.get("old", texts[label][-1])) >= 1, (label, change)
            assert "old" not in change or texts[label].count(change["old"]) == 1
            assert "tail" not in change or texts[label].endswith(";"), label


def test_every_code_in_the_files_is_that_of_a_delegation() -> None:
    assert {item["delegation"] for item in WRITTEN} <= {*CODES, "NC"}
