"""Several competing amendments bracketed at once: every wording once, every bracket whole."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.brackets import lint
from drafting.domain.consolidation import consolidated, decide
from drafting.domain.text import Line, Manifest
from drafting.protocol.edits import Delete, Edit, Replace, Term
from drafting.protocol.words import Outcome, SectionKind
from tests.domain.strategies import paragraphs, rewordings, section


def text(words: str) -> Manifest:
    return (Line(section(1), SectionKind.OPERATIVE, 0, "OP1", words),)


def bracketed(base: str, *proposed: Edit | str) -> str:
    edits = [[Replace(section=section(1), text=one) if isinstance(one, str) else one] for one in proposed]
    decided = decide(Outcome.BRACKET, section(1), (text(base), text(base)), edits)
    return consolidated(text(base), [decided])[0].text


@pytest.mark.parametrize(
    ("base", "proposed", "expected"),
    [
        ("take due care", ("take all care", "take care"), "take [due] [all] care"),
        ("take due care", ("take all care", Delete(section=section(1))), "[take [due] [all] care]"),
        ("take due care", (Delete(section=section(1)),), "[take due care]"),
        ("take due care", (Term(old="due", new="all"),), "take [due] [all] care"),
        ("act [now] at once", ("act [at once]", "act later"), "act [[now] at once] [[at once]] [later]"),
        ("one two three", ("zero two three", "one two four"), "[one] [zero] two [three] [four]"),
    ],
)
def test_competing_amendments_stand_side_by_side(base: str, proposed: tuple[Edit | str, ...], expected: str) -> None:
    assert bracketed(base, *proposed) == expected


@given(paragraphs(), st.data())
@settings(max_examples=100)
def test_bracketing_balanced_wordings_gives_a_balanced_text(base: str, data: st.DataObject) -> None:
    proposed = data.draw(st.lists(rewordings(base), min_size=2, max_size=4))
    if not any(map(lint, (base, *proposed))):
        assert not lint(bracketed(base, *proposed))
