"""What the desk decides, decision after decision: nothing decided before is lost, and nothing is decided unsaid."""

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from drafting.domain.consolidation import consolidated, decide, with_waiting
from drafting.domain.edits import apply, touched
from drafting.domain.text import Line, Manifest
from drafting.protocol.edits import Add, Delete, Edit, Move, Replace
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.words import Outcome, SectionKind
from tests.domain.strategies import amendments, distinct_words, manifests, section

OPERATIVE = SectionKind.OPERATIVE
BASE: Manifest = (
    Line(section(1), OPERATIVE, 0, "OP1", "States shall take due care."),
    Line(section(2), OPERATIVE, 0, "OP2", "Two."),
)


def reading(text: str, number: int = 1) -> Replace:
    return Replace(section=section(number), text=text)


def added(number: int, after: int, text: str = "New.") -> Add:
    return Add(after=section(after), section=section(number), section_kind=OPERATIVE, level=0, text=text)


def after(outcome: Outcome, number: int, *edits: Edit, text: Manifest = BASE) -> Manifest:
    return consolidated(text, [decide(outcome, section(number), (BASE, text), [edits])])


def refused(outcome: Outcome, number: int, *edits: Edit, text: Manifest = BASE) -> ProblemCode:
    with pytest.raises(Refusal) as caught:
        after(outcome, number, *edits, text=text)
    return caught.value.code


def test_a_second_wording_is_taken_into_what_the_first_has_made() -> None:
    once = after(Outcome.INCORPORATE, 1, reading("States should take due care."))
    twice = after(Outcome.INCORPORATE, 1, reading("States shall take all due care."), text=once)
    assert twice[0].text == "States should take all due care."
    assert refused(Outcome.INCORPORATE, 1, reading("States may take due care."), text=once) is ProblemCode.CONFLICT


def test_what_is_not_retained_changes_nothing() -> None:
    assert after(Outcome.NOT_RETAINED, 1, reading("States may take due care.")) == BASE


def test_a_new_paragraph_in_brackets_stands_in_brackets_and_two_texts_of_it_clash() -> None:
    once = after(Outcome.BRACKET, 11, added(11, 1))
    assert [line.text for line in once] == ["States shall take due care.", "[New.]", "Two."]
    taken = after(Outcome.INCORPORATE, 11, added(11, 1))
    assert refused(Outcome.INCORPORATE, 11, added(11, 1, "Other."), text=taken) is ProblemCode.CONFLICT


def test_a_paragraph_is_not_both_reworded_and_deleted() -> None:
    with pytest.raises(Refusal) as caught:
        decide(
            Outcome.INCORPORATE,
            section(1),
            (BASE, BASE),
            [[reading("States may take due care.")], [Delete(section=section(1))]],
        )
    assert caught.value.code is ProblemCode.CONFLICT
    assert refused(Outcome.BRACKET, 1, Move(section=section(1), after=section(2))) is ProblemCode.CONFLICT


def test_a_new_paragraph_whose_new_anchor_was_not_taken_stands_after_that_ones_anchor() -> None:
    edits = added(11, 1, "Eleven."), added(12, 11, "Twelve."), added(13, 12, "Thirteen.")
    assert [line.text for line in after(Outcome.INCORPORATE, 13, *edits)][1:] == ["Thirteen.", "Two."]
    with_twelve = after(Outcome.INCORPORATE, 12, *edits)
    assert [line.text for line in after(Outcome.INCORPORATE, 13, *edits, text=with_twelve)][1:] == [
        *("Twelve.", "Thirteen.", "Two.")
    ]


def test_what_waits_has_an_empty_line_where_it_would_stand() -> None:
    edits = added(11, 1, "Eleven."), added(12, 11, "Twelve.")
    waiting = with_waiting(BASE, [edits, [added(13, 2)]])
    assert [line.section for line in waiting] == [section(n) for n in (1, 11, 12, 2, 13)]
    assert [line.text for line in waiting] == ["States shall take due care.", "", "", "Two.", ""]
    taken = after(Outcome.INCORPORATE, 11, edits[0])
    assert [line.text for line in with_waiting(taken, [edits])][1:] == ["Eleven.", "", "Two."]


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_an_amendment_incorporated_section_by_section_is_the_amendment(data: st.DataObject) -> None:
    base = data.draw(manifests(most=4))
    edits = data.draw(amendments(base))
    # The same paragraph added twice at one place is added once.
    additions = [edit.text for edit in edits if isinstance(edit, Add)]
    assume(len({*additions}) == len(additions))
    text = base
    for one in touched(base, edits):
        text = apply(text, decide(Outcome.INCORPORATE, one, (base, text), [edits]))
    wanted = {line.section: line for line in apply(base, edits)}
    event(f"new sections: {len(wanted) > len(base)}")
    assert {line.section: line for line in text} == wanted


@st.composite
def few_edits(draw: st.DrawFn, words: list[str], mark: str) -> list[str]:
    """Words, of which one to three are replaced, struck or followed by a new one that carries ``mark``."""
    reads = {at: [word] for at, word in enumerate(words)}
    for at in draw(st.sets(st.integers(0, len(words) - 1), min_size=1, max_size=3)):
        new = f"{mark}{at}"
        reads[at] = draw(st.sampled_from(([new], [], [words[at], new])))
    return [word for at in sorted(reads) for word in reads[at]]


def test_a_word_that_the_second_wording_strikes_beside_one_that_the_first_replaced_does_not_stay_unsaid() -> None:
    base = (Line(section(1), OPERATIVE, 0, "OP1", "a b c d e f g h"),)
    once = apply(base, decide(Outcome.INCORPORATE, section(1), (base, base), [[reading("a b x y e f g h")]]))
    with pytest.raises(Refusal):
        decide(Outcome.INCORPORATE, section(1), (base, once), [[reading("a b c f g h")]])


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_decision_takes_all_of_two_wordings_or_is_refused(data: st.DataObject) -> None:
    words = distinct_words(15)
    base = (Line(section(1), OPERATIVE, 0, "OP1", " ".join(words)),)
    first, second = (data.draw(few_edits(words, mark)) for mark in ("x", "y"))
    once = apply(base, decide(Outcome.INCORPORATE, section(1), (base, base), [[reading(" ".join(first))]]))
    refusal = None
    try:
        made = decide(Outcome.INCORPORATE, section(1), (base, once), [[reading(" ".join(second))]])
    except Refusal as raised:
        refusal = raised
    event("taken" if refusal is None else "refused")
    if refusal is not None:
        assert refusal.code is ProblemCode.CONFLICT
        assert refusal.facts["passages"]
        return
    (line,) = apply(once, made)
    kept = line.text.split(" ")
    for text in (first, second):
        brought = [word for word in text if word not in words]
        assert [word for word in kept if word in brought] == brought
        assert not set(words) - set(text) & set(kept)
