"""A working draft carried to a new base, against edits planted word by word."""

from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.merging import ClashingPassage
from drafting.domain.rebase import carry_text
from tests.domain.strategies import distinct_words


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_changes_of_different_words_are_carried_and_of_the_same_word_are_said_to_clash(data: st.DataObject) -> None:
    """Words three apart, each replaced by the new base, by the draft, by both alike, or by both differently."""
    words = distinct_words(21)
    new, draft, both = words[:], words[:], words[:]
    clashing: list[tuple[str, str]] = []
    for at in range(1, 21, 3):
        match data.draw(st.sampled_from(("new", "draft", "alike", "clash", "none"))):
            case "new":
                new[at] = both[at] = f"N{at}"
            case "draft":
                draft[at] = both[at] = f"Z{at}"
            case "alike":
                new[at] = draft[at] = both[at] = f"A{at}"
            case "clash":
                new[at], draft[at] = f"N{at}", f"Z{at}"
                clashing.append((new[at], draft[at]))
    carried = carry_text(" ".join(words), " ".join(new), " ".join(draft))
    assert [(p.current, p.proposed) for p in carried.pieces if isinstance(p, ClashingPassage)] == clashing
    if not clashing:
        assert carried.text == " ".join(both)
