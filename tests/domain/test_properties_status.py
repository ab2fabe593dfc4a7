"""An agreed wording is its words, signs and brackets, each of them and nothing else."""

from hypothesis import event, given, settings
from hypothesis import strategies as st

from drafting.domain.status import AgreedWording, Touch, may_be_agreed, touched_agreements, wording
from drafting.domain.text import Line, Manifest
from drafting.protocol.words import SectionKind
from tests.domain.strategies import ARABIC, CYRILLIC, LATIN


def text(*paragraphs: str) -> Manifest:
    return tuple(Line(f"se_{n}", SectionKind.OPERATIVE, 0, f"OP{n}", words) for n, words in enumerate(paragraphs))


def touch(agreed: str, now: str) -> Touch | None:
    found = touched_agreements([AgreedWording("se_0", agreed)], text(now))
    return found[0].touch if found else None


def test_signs_and_brackets_are_part_of_the_wording() -> None:
    assert wording("Rise by 5 % [of §\u00a02], *now*.") == ("rise", "by", "5", "%", "[", "of", "§", "2", "]", "now")
    assert touch("a rise by 5 %", "a rise by 5") is Touch.REWORDED
    assert touch("take [all] care", "take all care") is Touch.REWORDED


def test_a_deleted_paragraph_cannot_be_agreed() -> None:
    deleted = Line("se_1", SectionKind.OPERATIVE, 0, "OP1", "", deleted=True)
    assert [may_be_agreed((*text("Free."), deleted), section) for section in ("se_0", "se_1", "se_2")] == [
        *(True, False, False)
    ]


@st.composite
def touched_texts(draw: st.DrawFn) -> tuple[str, str, Touch]:
    """An agreed text, the same after one planted change, and what that change is."""
    words = [word for word in draw(st.sampled_from((LATIN, CYRILLIC, ARABIC))) if "[" not in word and "]" not in word]
    parts = draw(st.lists(st.sampled_from(words), min_size=3, max_size=15))
    at = draw(st.integers(0, len(parts) - 1))
    way = draw(
        st.sampled_from(("strike", "insert", "sign", "number", "swap", "bracket", "around", "space", "emphasis"))
    )
    now = list(parts)
    match way:
        case "strike":
            del now[at]
        case "insert":
            now.insert(at, "никогда")
        case "sign":
            now.insert(at, "%")
        case "number":
            now.insert(at, "17")
        case "swap":
            now[at] = "никогда"
        case "bracket":
            now[at] = f"[{now[at]}]"
        case "around":
            now = ["[", *now, "]"]
        case "space":
            now[at] = f"\u00a0 {now[at]}"
        case _:
            now[at] = f"**{now[at]}**"
    event(way)
    touched = {
        "bracket": Touch.BRACKETED,
        "around": Touch.BRACKETED,
        "space": Touch.EDITORIAL,
        "emphasis": Touch.EDITORIAL,
    }
    return " ".join(parts), " ".join(now), touched.get(way, Touch.REWORDED)


@given(touched_texts())
@settings(max_examples=250)
def test_a_planted_change_drops_the_status_or_does_not_as_it_should(case: tuple[str, str, Touch]) -> None:
    agreed, now, expected = case
    (found,) = touched_agreements([AgreedWording("se_0", agreed)], text(now))
    assert (found.touch, found.dropped) == (expected, expected is not Touch.EDITORIAL)
    if expected is Touch.REWORDED:
        assert any(wording(words.old) != wording(words.new) for words in found.words)
