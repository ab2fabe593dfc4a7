"""Two rewordings of one paragraph whose edits are planted, so that it is known how they go together.

Edits are of whole words, split at spaces. What is planted is said nowhere in ``bench.texts``, and no two clauses share
a word: an engine cannot take an edit for another one.
"""

import random
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from bench.texts import text

WORDS = ("all", "adequate", "timely", "transparent", "[necessary]", "robust", "meaningful", "urgent")
CLAUSES = (
    "wherever practicable",
    "upon request",
    "promptly following consultation",
    "through voluntary contributions",
    "under independent supervision",
    "whenever funds permit",
    "along established channels",
    "if so decided unanimously",
)
_SEED = 17
_SLOT = 10
"""An edit lies in a slot of so many words, of which the last four stay as they are."""


_FEWEST = 35
"""Words of a paragraph, at least, so that it has three slots."""


class Kind(StrEnum):
    """How the two sides' edits lie to each other."""

    INDEPENDENT = "independent"
    """At least four words that nobody edits lie between."""
    TOUCHING = "touching"
    """Neighbouring words, each reworded or struck by one side: both edits can be made."""
    IDENTICAL = "identical"
    """The same edit by both: it is to be made once."""
    OVERLAPPING = "overlapping"
    """Both reword the same words, or put different ones in at the same place: only a person can say."""


class Edited(NamedTuple):
    """``base[start:end]``, in words, is to read ``words``."""

    start: int
    end: int
    words: tuple[str, ...]


class Pair(NamedTuple):
    """A base and two rewordings. ``truth``: the text with both sides' edits; none where only a person can say."""

    kind: Kind
    base: str
    current: str
    proposed: str
    truth: str | None


def pairs(kind: Kind, many: int, seed: int = _SEED) -> list[Pair]:
    """Plant so many pairs; the same seed plants the same ones."""
    chance = random.Random(f"{seed} {kind}")  # noqa: S311 - the same each time, and no secret
    paragraphs = [line.text for line in text(200, seed) if line.text.count(" ") > _FEWEST]
    return [_pair(kind, chance.choice(paragraphs), chance) for _ in range(many)]


def rewritten(base: Sequence[str], edits: Iterable[Edited]) -> str:
    """Read the base with the edits, which do not overlap; equal ones count once."""
    words = list(base)
    for edit in sorted(set(edits), reverse=True):
        words[edit.start : edit.end] = edit.words
    return " ".join(words)


def _pair(kind: Kind, base: str, chance: random.Random) -> Pair:
    words = base.split(" ")
    slots = list(range(1, len(words) - _SLOT, _SLOT))
    chance.shuffle(slots)
    sides = ([_alone(slots.pop(), chance)], [_alone(slots.pop(), chance)])
    if kind is not Kind.INDEPENDENT:
        together = _TOGETHER[kind](slots.pop() + 1, chance)
        for side, edit in zip(sides, together if chance.random() < 1 / 2 else together[::-1], strict=True):
            # Now and then a side has nothing else to say.
            side[: chance.randint(0, 1)] = [edit]
    current, proposed = (rewritten(words, side) for side in sides)
    truth = None if kind is Kind.OVERLAPPING else rewritten(words, (edit for side in sides for edit in side))
    return Pair(kind, base, current, proposed, truth)


def _alone(slot: int, chance: random.Random) -> Edited:
    at = slot + chance.randint(0, 2)
    word, clause = chance.choice(WORDS), tuple(chance.choice(CLAUSES).split(" "))
    return chance.choice(
        [
            Edited(at, at, (word,)),
            Edited(at, at + 1, ()),
            Edited(at, at + 1, (word,)),
            Edited(at, at, clause),
            Edited(at, at + chance.randint(2, 4), clause),
        ]
    )


def _touching(at: int, chance: random.Random) -> tuple[Edited, Edited]:
    one, other = chance.sample(WORDS, 2)
    first = chance.choice([Edited(at, at + 1, (one,)), Edited(at, at + 1, ()), Edited(at - 1, at + 1, (one,))])
    second = chance.choice([Edited(at + 1, at + 2, (other,)), Edited(at + 1, at + 2, ())])
    return first, second


def _identical(at: int, chance: random.Random) -> tuple[Edited, Edited]:
    edit = _alone(at, chance)
    return edit, edit


def _overlapping(at: int, chance: random.Random) -> tuple[Edited, Edited]:
    one, other = ((word,) for word in chance.sample(WORDS, 2))
    clause, another = (tuple(words.split(" ")) for words in chance.sample(CLAUSES, 2))
    return chance.choice(
        [
            (Edited(at, at + 1, one), Edited(at, at + 1, other)),
            (Edited(at, at + 1, ()), Edited(at, at + 1, other)),
            (Edited(at, at, one), Edited(at, at, other)),
            (Edited(at, at + 3, clause), Edited(at + 1, at + 2, other)),
            (Edited(at, at + 3, ()), Edited(at + 1, at + 1, other)),
            (Edited(at, at + 3, clause), Edited(at + 2, at + 5, another)),
        ]
    )


_TOGETHER = {Kind.TOUCHING: _touching, Kind.IDENTICAL: _identical, Kind.OVERLAPPING: _overlapping}
