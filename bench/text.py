"""The comparison of two versions against git, diff-match-patch (pure and fast) and redlines.

A made-up legal text (``bench.texts``) of 30, 300 and 3,000 sections and a newer version with planted edits; and one
section of 50, 500 and 5,000 words, with one to three edits to each fifty. Ours is ``compare`` of the two manifests,
matched by section id: cold (every cache of the text engine emptied) and warm (the same texts a second time). The
others get the whole texts (``bench.engines``). All results are counted alike (``bench.marked``): edits, hunks, split
words. A moved section is no edit for ours. Memory is that of a process of its own (``bench.weight``).

All take turns, in repeats; an engine that took longer than two seconds is not asked a second time. One that would take
more than a minute at a size is measured at the largest that it has been seen to do: the case says at which.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.engines import ENGINES, OURS, Shape, Texts, written
from bench.marked import counted
from bench.result import Peer, Result, against
from bench.timing import cold, milliseconds, timed
from bench.weight import weighed

_PATIENCE = 2000
PEERS = [name for name in ENGINES if name != OURS]
"""By their names in ``ENGINES``."""


@dataclass(frozen=True, slots=True)
class Size:
    """Sections of the texts compared; words of the one section; repeats."""

    sections: tuple[int, ...] = (30, 300, 3000)
    words: tuple[int, ...] = (50, 500, 5000)
    repeats: int = 5


FULL = Size()
QUICK = Size(sections=(30, 300), words=(50, 500), repeats=3)


def run(size: Size) -> Iterator[Result]:
    """Measure all cases."""
    for shape in (*(Shape(sections) for sections in size.sections), *(Shape(1, words) for words in size.words)):
        largest: dict[Shape, list[str]] = {}
        for name in PEERS:
            possible = Shape(min(shape.sections, ENGINES[name].most_sections), shape.words)
            largest.setdefault(possible, []).append(name)
        for possible, peers in largest.items():
            wanted = "" if possible == shape else f" (in place of {shape})"
            yield from _comparison(possible, peers, size.repeats, f"compare, {possible}{wanted}")


@dataclass(slots=True)
class _Measured:
    """Ours and one peer's milliseconds, repeat by repeat, and what the peer answered."""

    cold: list[tuple[float, float]] = field(default_factory=list)
    warm: list[tuple[float, float]] = field(default_factory=list)
    answer: object = None


def _comparison(shape: Shape, peers: Sequence[str], repeats: int, case: str) -> Iterator[Result]:
    with tempfile.TemporaryDirectory() as folder:
        texts = written(shape, Path(folder))
        measured = _measured(texts, peers, repeats)
        # Ours keeps every space, and gives a moved section where it stands now: the old text is in another order.
        ours = counted(ENGINES[OURS].read(texts, ENGINES[OURS].prepared(texts)()))
        our_weight = weighed(OURS, shape)
        for name, took in measured.items():
            engine = ENGINES[name]
            peer = Peer(engine.peer.name, {**ENGINES[OURS].peer.versions, **engine.peer.versions})
            theirs = counted(engine.read(texts, took.answer), texts.sides)
            yield against("text", f"{case}, cold", "ms", took.cold, peer)
            yield against("text", f"{case}, warm", "ms", took.warm, peer)
            yield against("text", f"{case}, edits", "words", [(ours.edits, theirs.edits)], peer)
            yield against("text", f"{case}, hunks", "hunks", [(ours.hunks, theirs.hunks)], peer)
            yield against("text", f"{case}, split words", "places", [(ours.split_words, theirs.split_words)], peer)
            yield against("text", f"{case}, memory", "MB", [(our_weight, weighed(name, shape))], peer)


def _measured(texts: Texts, peers: Sequence[str], repeats: int) -> dict[str, _Measured]:
    ours = ENGINES[OURS].prepared(texts)
    works = {name: ENGINES[name].prepared(texts) for name in peers}
    measured = {name: _Measured() for name in peers}
    for _ in range(repeats):
        cold_ms, warm_ms = cold(ours), milliseconds(ours)
        for name, work in list(works.items()):
            took, measured[name].answer = timed(work)
            measured[name].cold.append((cold_ms, took))
            measured[name].warm.append((warm_ms, took))
            if took > _PATIENCE:
                del works[name]
    return measured
