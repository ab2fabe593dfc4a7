"""A difference of two texts as any engine gives it, and what a reader has to look at in it."""

from itertools import accumulate, groupby, pairwise
from typing import NamedTuple

from drafting.domain.tokens import tokenize

Marked = list[tuple[str, str]]
"""A difference as runs of text, each with its sign: " " kept, "-" deleted, "+" inserted."""


class Counted(NamedTuple):
    """Edits are words (tokens of ours that are no space) deleted or inserted.

    Hunks are places where something changed without a kept word between; split words are places where a change
    begins or ends inside a word.
    """

    edits: int
    hunks: int
    split_words: int


def counted(marked: Marked, texts: tuple[str, str] | None = None) -> Counted:
    """Count a difference, whichever engine it is of. A kept line break ends each line.

    ``texts`` are the old and the new text, where the difference itself has lost some of their spaces, as git's does.
    """
    runs = [(sign, words) for sign, words in marked if words]
    edits = sum(sum(not token.isspace() for token in tokenize(words)) for sign, words in runs if sign != " ")
    # A space alone parts no two hunks; the end of a line does.
    kept = [sign == " " for sign, words in runs if sign != " " or words.strip(" ")]
    hunks = sum(not unchanged for unchanged, _ in groupby(kept))
    sides = [[run for run in runs if run[0] in {" ", sign}] for sign in "-+"]
    whole = texts or ["".join(words for _, words in side) for side in sides]
    return Counted(edits, hunks, sum(map(_splits, sides, whole)))


def _splits(side: Marked, whole: str) -> int:
    """Count the edges of the changed runs in one text that lie inside one of its words, wherever its spaces are."""
    ends = set(accumulate(map(_ink, tokenize(whole))))
    lengths = accumulate(_ink(words) for _, words in side)
    edges = {at for at, (run, following) in zip(lengths, pairwise(side), strict=False) if run[0] != following[0]}
    if _ink(whole) != sum(_ink(words) for _, words in side):
        raise ValueError("This is no difference of that text.")
    return len(edges - ends)


def _ink(words: str) -> int:
    """Count the characters that are no space."""
    return sum(not character.isspace() for character in words)
