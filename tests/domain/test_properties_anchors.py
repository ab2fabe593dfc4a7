"""Quotes are followed by what they say: three words in a row are known again elsewhere, one or two are not."""

import pytest

from drafting.domain.anchors import Anchor, Hold, carry_anchors
from drafting.domain.text import Line, Manifest
from drafting.protocol.words import SectionKind
from tests.domain.strategies import section


def text_of(*texts: str) -> Manifest:
    return tuple(Line(section(n), SectionKind.OPERATIVE, 0, f"OP{n}", text) for n, text in enumerate(texts, 1))


@pytest.mark.parametrize(
    ("quote", "hold"), [("care", Hold.ORPHANED), ("due care", Hold.ORPHANED), ("all due care", Hold.EXACT)]
)
def test_less_than_three_words_that_came_in_elsewhere_are_not_the_ones_quoted(quote: str, hold: Hold) -> None:
    old = text_of(f"States take {quote}.", "Parties report.")
    new = text_of("States take.", f"Parties report with {quote}.")
    (carried,) = carry_anchors(old, new, [Anchor(section(1), 12, 12 + len(quote), quote)])
    assert carried.hold is hold
    if carried.now:
        assert (carried.now.section, carried.now.quote) == (section(2), quote)
