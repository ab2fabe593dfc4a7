import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.anchors import Anchor, CarriedAnchor, Hold, carry_anchors
from drafting.domain.carried import Place
from drafting.domain.edits import apply
from drafting.domain.text import Line, Manifest
from drafting.domain.tokens import tokenize
from drafting.protocol.edits import Delete, Move, Replace
from drafting.protocol.words import SectionKind
from tests.domain.strategies import distinct_words, paragraphs, rewordings, section, vocabularies

BASE = "States shall take appropriate measures on a regular basis, and shall take appropriate measures at home."


def text_of(*texts: str) -> Manifest:
    return tuple(Line(section(n), SectionKind.OPERATIVE, 0, f"OP{n}", text) for n, text in enumerate(texts, 1))


def quoting(text: str, quote: str, nth: int = 1, number: int = 1) -> Anchor:
    start = -1
    for _ in range(nth):
        start = text.index(quote, start + 1)
    return Anchor(section(number), start, start + len(quote), quote)


def carried(new: str, anchor: Anchor) -> tuple[Hold, str | None, int | None]:
    (found,) = carry_anchors(text_of(BASE), text_of(new), [anchor])
    assert found.was == anchor
    if found.now is None:
        return found.hold, None, None
    assert new[found.now.start : found.now.end] == found.now.quote
    return found.hold, found.now.quote, found.now.start


def test_an_anchor_on_untouched_words_stays_on_them() -> None:
    assert carried(f"All {BASE}", quoting(BASE, "regular basis")) == (Hold.EXACT, "regular basis", 48)
    assert carried(BASE, quoting(BASE, "regular basis")) == (Hold.EXACT, "regular basis", 44)


def test_what_is_brought_in_at_either_end_of_a_quote_stays_out_of_it() -> None:
    new = BASE.replace("a regular basis", "a most regular basis only", 1)
    assert carried(new, quoting(BASE, "regular basis")) == (Hold.EXACT, "regular basis", 49)


def test_a_quote_that_begins_and_ends_inside_words_stays_there() -> None:
    assert carried(f"All {BASE}", quoting(BASE, "ates sha")) == (Hold.EXACT, "ates sha", 6)


@pytest.mark.parametrize(
    ("quote", "now"),
    [
        ("take appropriate measures on", "take all necessary measures on"),
        ("appropriate measures", "all necessary measures"),
        ("take appropriate", "take all necessary"),
        ("appropriate", "all necessary"),
    ],
)
def test_a_quote_some_of_whose_words_were_changed_covers_the_new_ones(quote: str, now: str) -> None:
    new = BASE.replace("appropriate", "all necessary", 1)
    assert carried(new, quoting(BASE, quote)) == (Hold.EDITED, now, new.index(now))


def test_a_quote_of_a_word_in_a_passage_replaced_by_another_is_an_orphan() -> None:
    new = BASE.replace("appropriate measures on a regular basis", "steps", 1)
    assert carried(new, quoting(BASE, "regular")) == (Hold.ORPHANED, None, None)


def test_words_brought_in_among_the_quoted_are_covered_and_struck_ones_are_not() -> None:
    assert carried(BASE.replace("a regular", "a more regular"), quoting(BASE, "on a regular basis")) == (
        Hold.EDITED,
        "on a more regular basis",
        39,
    )
    assert carried(BASE.replace("regular ", ""), quoting(BASE, "a regular basis")) == (Hold.EDITED, "a basis", 42)
    assert carried(BASE.replace("States shall", "Shall"), quoting(BASE, "States shall")) == (Hold.EDITED, "Shall", 0)


def test_a_struck_quote_is_an_orphan_that_says_where_it_was() -> None:
    old = text_of("One.", BASE, "Three.")
    anchor = quoting(BASE, "on a regular basis", number=2)
    for new in (
        apply(old, [Delete(section=section(2))]),
        (old[0], old[2]),
        apply(old, [Replace(section=section(2), text=BASE.replace(" on a regular basis", ""))]),
    ):
        assert carry_anchors(old, new, [anchor]) == (
            CarriedAnchor(anchor, Hold.ORPHANED, place=Place(old[1], 1, old[0], old[2])),
        )


def test_a_quote_that_occurs_twice_is_told_apart_by_what_stands_around_it() -> None:
    first, second = quoting(BASE, "take appropriate measures"), quoting(BASE, "take appropriate measures", 2)
    swapped = "At home, they shall take appropriate measures at home. "
    swapped += "States shall take appropriate measures on a regular basis."
    for new in (f"Decides: {BASE}", BASE.replace("on a regular basis, ", "")):
        assert carried(new, first)[2] == new.index("take appropriate")
        assert carried(new, second)[2] == new.rindex("take appropriate")
    assert (
        carried(BASE.replace("States shall take appropriate measures on a regular basis, and", "They"), second)[2] == 11
    )
    hold, _, start = carried(swapped, first)
    assert (hold, start) == (Hold.EXACT, swapped.rindex("take appropriate"))


@pytest.mark.parametrize(
    ("old", "new", "start"),
    [
        ("alpha one two three omega", "Rest. one two three beta. alpha one two three omega.", 32),
        ("x x x x one two three", "one two three . one two three", 16),
        ("one two three x", "one two three . one two three", 0),
    ],
)
def test_words_brought_in_twice_are_the_ones_in_the_likest_place(old: str, new: str, start: int) -> None:
    anchor = quoting(old, "one two three")
    (found,) = carry_anchors(text_of(old, "Rest."), text_of("Gone.", new), [anchor])
    assert (found.hold, found.now) == (Hold.EXACT, Anchor(section(2), start, start + 13, "one two three"))


def test_of_a_passage_replaced_that_is_hardly_quoted_nothing_is_covered() -> None:
    new = BASE.replace("shall take appropriate measures", "act", 1)
    assert carried(new, quoting(BASE, "measures on a regular")) == (Hold.EDITED, "on a regular", 11)
    assert carried(new, quoting(BASE, "States shall")) == (Hold.EDITED, "States", 0)
    new = BASE.replace("regular basis", "yearly basis only")
    assert carried(new, quoting(BASE, "a regular basis")) == (Hold.EDITED, "a yearly basis", 42)


def test_an_anchor_goes_with_its_paragraph_and_with_its_words() -> None:
    old = text_of("One.", f"{BASE} They meet in Vienna.", "Parties meet in Vienna yearly. So.")
    quote = quoting(old[1].text, "They meet in Vienna", number=2)
    moved = apply(old, [Move(section=section(2), after=section(3)), Replace(section=section(1), text="Uno.")])
    assert carry_anchors(old, moved, [quote]) == (CarriedAnchor(quote, Hold.EXACT, quote),)
    new = apply(
        old,
        [
            Replace(section=section(2), text=BASE),
            Replace(section=section(3), text="Parties meet in Vienna yearly. They meet in Vienna. So."),
        ],
    )
    (found,) = carry_anchors(old, new, [quote])
    assert (found.hold, found.now) == (Hold.EXACT, Anchor(section(3), 31, 50, "They meet in Vienna"))
    gone = (*apply(old, [Replace(section=section(1), text="One. They meet in Vienna.")])[:1], old[2])
    (found,) = carry_anchors(old, gone, [quote])
    assert found.now == Anchor(section(1), 5, 24, "They meet in Vienna")


def test_the_same_words_that_stood_elsewhere_all_along_are_not_the_ones_quoted() -> None:
    old = text_of(f"{BASE} They meet in Vienna.", "They meet in Vienna.")
    quote = quoting(old[0].text, "They meet in Vienna")
    new = apply(
        old, [Replace(section=section(1), text=BASE), Replace(section=section(2), text="They meet in Vienna. So.")]
    )
    assert carry_anchors(old, new, [quote])[0].hold is Hold.ORPHANED


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_anchors_marked_exact_cover_the_same_tokens(data: st.DataObject) -> None:
    words = data.draw(vocabularies())
    texts = data.draw(st.lists(paragraphs(words), min_size=2, max_size=3))
    new = [data.draw(st.one_of(st.just(text), rewordings(text, words))) for text in texts]
    if data.draw(st.booleans()):
        new[0], new[1] = new[1], f"{new[1]} {texts[0]}"
    anchors = []
    for number, text in enumerate(texts, 1):
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        anchors.append(Anchor(section(number), start, end, text[start:end]))
    for found in carry_anchors(text_of(*texts), text_of(*new), anchors):
        assert (found.now is None) == (found.hold is Hold.ORPHANED)
        if found.now is not None:
            text = new[int(found.now.section[3:]) - 1]
            assert text[found.now.start : found.now.end] == found.now.quote
            assert 0 <= found.now.start < found.now.end <= len(text)
            if found.hold is Hold.EXACT:
                assert tokenize(found.now.quote) == tokenize(found.was.quote)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_an_anchor_on_words_that_stay_together_is_exact_and_on_them(data: st.DataObject) -> None:
    """Words that all differ: two blocks change places, others are replaced, the quoted ones are kept."""
    words = distinct_words(24)
    cut = data.draw(st.integers(6, 18))
    start = data.draw(st.integers(0, cut - 5))
    quoted = words[start : data.draw(st.integers(start + 3, cut - 1))]
    new = [word if word in quoted or data.draw(st.booleans()) else f"N{number}" for number, word in enumerate(words)]
    new = data.draw(st.sampled_from((new, [*new[cut:], *new[:cut]])))
    old = " ".join(words)
    anchor = quoting(old, " ".join(quoted))
    (found,) = carry_anchors(text_of(old), text_of(" ".join(new)), [anchor])
    assert found.hold is Hold.EXACT
    assert found.now == quoting(" ".join(new), " ".join(quoted))
