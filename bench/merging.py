"""A draft carried to a new wording of its base, against diff-match-patch's patches and merge3.

Each paragraph of ``bench.planted`` has two rewordings, of which one is the new base and the other the draft. Ours is
``carry_text``, with every cache of the text engine emptied before each round of pairs. diff-match-patch makes a patch
of the draft and applies it to the new base (pure Python, default settings); what it does not apply is a conflict.
merge3 merges the three as lists of words, split at spaces, and once more as lists of our tokens.

Counted: *unreported overlaps*, pairs in which both sides changed the same words and no conflict is told; *conflicts*
told in all; *needless conflicts*, told where both sides' edits can be made; *wrong texts*, given without a conflict,
that are not what both sides' edits make. Conflicts are counted once more on pairs of two delegations' rewordings as
``bench.texts`` makes them, of which nobody knows the truth.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from diff_match_patch import diff_match_patch  # type: ignore[import-untyped]  # it has no types
from merge3 import Merge3

from bench.planted import Kind, Pair, pairs
from bench.result import Peer, Result, against, versions
from bench.texts import text, wordings
from bench.timing import cold, milliseconds
from drafting.domain.merging import clashes
from drafting.domain.rebase import carry_text
from drafting.domain.tokens import tokenize


@dataclass(frozen=True, slots=True)
class Size:
    """Planted pairs of each kind, and of rewordings; repeats."""

    pairs: int = 250
    repeats: int = 5


FULL = Size()
QUICK = Size(pairs=50, repeats=3)


class Outcome(NamedTuple):
    """What an engine says of a pair: how many conflicts, and the text if there are none."""

    conflicts: int
    text: str | None


class Tally(NamedTuple):
    """What came of many pairs, counted as the module says."""

    unreported: int
    conflicts: int
    needless: int
    wrong: int


Carrier = Callable[[str, str, str], Outcome]
"""Carries a draft: of a base, its new wording and the draft."""


def ours(base: str, current: str, proposed: str) -> Outcome:
    """Carry by our own engine."""
    carried = carry_text(base, current, proposed)
    return Outcome(len(clashes(carried.pieces)), carried.text)


def patched(base: str, current: str, proposed: str) -> Outcome:
    """Carry by diff-match-patch; what it does not apply is a conflict."""
    engine = diff_match_patch()
    words, applied = engine.patch_apply(engine.patch_make(base, proposed), current)
    conflicts = applied.count(False)
    return Outcome(conflicts, None if conflicts else words)


def merged(split: Callable[[str], Sequence[str]], between: str, base: str, current: str, proposed: str) -> Outcome:
    """Carry by merge3, of texts split like this."""
    groups = list(Merge3(split(base), split(current), split(proposed)).merge_groups())
    conflicts = sum(group[0] == "conflict" for group in groups)
    return Outcome(conflicts, None if conflicts else between.join(word for group in groups for word in group[1]))


PEERS: Mapping[str, tuple[Peer, Carrier]] = {
    "dmp": (
        Peer(
            "diff-match-patch, pure Python, patch_make and patch_apply, default settings", versions("diff-match-patch")
        ),
        patched,
    ),
    "merge3, words": (
        Peer("merge3, lists of words", versions("merge3")),
        partial(merged, lambda text: text.split(" "), " "),
    ),
    "merge3, tokens": (Peer("merge3, lists of our tokens", versions("merge3")), partial(merged, tokenize, "")),
}


def tally(carry: Carrier, planted: Iterable[Pair]) -> Tally:
    """Count what comes of pairs."""
    unreported = conflicts = needless = wrong = 0
    for pair in planted:
        outcome = carry(pair.base, pair.current, pair.proposed)
        conflicts += outcome.conflicts
        if pair.truth is None:
            unreported += not outcome.conflicts
        else:
            needless += outcome.conflicts
            wrong += not outcome.conflicts and outcome.text != pair.truth
    return Tally(unreported, conflicts, needless, wrong)


def run(size: Size) -> Iterator[Result]:
    """Measure all cases."""
    planted = {kind: pairs(kind, size.pairs) for kind in Kind}
    every = [pair for some in planted.values() for pair in some]
    case = f"rebase, {len(every)} planted pairs"
    for peer, carry in PEERS.values():
        yield _time(f"{case}, each", every, carry, peer, size.repeats)
    mine = tally(ours, every)
    for peer, carry in PEERS.values():
        theirs = tally(carry, every)
        yield _count(f"{case}, unreported overlaps", "pairs", (mine.unreported, theirs.unreported), peer)
        yield _count(f"{case}, conflicts", "conflicts", (mine.conflicts, theirs.conflicts), peer)
        yield _count(f"{case}, needless conflicts", "conflicts", (mine.needless, theirs.needless), peer)
        yield _count(f"{case}, wrong texts", "texts", (mine.wrong, theirs.wrong), peer)
    for kind, some in planted.items():
        for peer, carry in PEERS.values():
            conflicts = tally(ours, some).conflicts, tally(carry, some).conflicts
            yield _count(f"rebase, {len(some)} {kind} pairs, conflicts", "conflicts", conflicts, peer)
    met = list(rewordings(size.pairs))
    for peer, carry in PEERS.values():
        conflicts = _told(ours, met), _told(carry, met)
        yield _count(f"rebase, {len(met)} pairs of rewordings, conflicts", "conflicts", conflicts, peer)


def rewordings(many: int) -> Iterator[tuple[str, str, str]]:
    """Give paragraphs with two delegations' rewordings, of which one is the new base."""
    paragraphs = [line.text for line in text(many + many // 20 + 2) if line.label][:many]
    for number, paragraph in enumerate(paragraphs):
        current, proposed = wordings(paragraph, 2, seed=number)
        yield paragraph, current, proposed


def _told(carry: Carrier, met: Iterable[tuple[str, str, str]]) -> int:
    return sum(carry(*texts).conflicts for texts in met)


def _time(case: str, planted: Sequence[Pair], carry: Carrier, peer: Peer, repeats: int) -> Result:
    took = []
    for _ in range(repeats):
        mine, theirs = cold(partial(tally, ours, planted)), milliseconds(partial(tally, carry, planted))
        took.append((1000 * mine / len(planted), 1000 * theirs / len(planted)))
    return against("merging", case, "µs", took, peer)


def _count(case: str, unit: str, pair: tuple[int, int], peer: Peer) -> Result:
    return against("merging", case, unit, [pair], peer)
