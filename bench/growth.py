"""How the time of the text engine grows with sections, words of a section, delegations and versions.

Each size is done with every cache of the text engine emptied, as often as the repeats; its time is the shortest, in CPU
time, so that other work on the machine weighs little. The exponent is the slope of the straight line closest to the
times, both on logarithmic scales (least squares): 1 is linear, 2 quadratic. There is no peer.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import log
from statistics import linear_regression

from bench.engines import Shape
from bench.history import planted
from bench.result import Result, versions
from bench.texts import lengthy, redrafted
from bench.timing import cold_cpu
from drafting.domain.compare import compare
from drafting.domain.compilation import Proposal, compile  # noqa: A004 - the design's word
from drafting.domain.provenance import Issued, trace
from drafting.domain.rebase import Crossing
from drafting.domain.text import Manifest
from drafting.protocol.edits import Edit, Replace

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Size:
    """Three sizes or more of each kind; repeats."""

    sections: tuple[int, ...] = (100, 300, 1000, 3000)
    words: tuple[int, ...] = (50, 200, 1000, 5000)
    delegations: tuple[int, ...] = (15, 60, 120, 200)
    versions: tuple[int, ...] = (5, 10, 20, 40)
    traced_sections: tuple[int, ...] = (30, 100, 300)
    repeats: int = 3


FULL = Size()
QUICK = Size(
    sections=(30, 100, 300),
    words=(50, 200, 800),
    delegations=(5, 15, 60),
    versions=(3, 5, 10),
    traced_sections=(10, 30, 100),
)


def run(size: Size) -> Iterator[Result]:
    """Measure all cases."""
    cases: Mapping[str, tuple[Sequence[int], Callable[[int], Work]]] = {
        "compare by sections": (size.sections, lambda many: partial(compare, *Shape(many).texts())),
        "compare by words of a section": (size.words, lambda words: partial(compare, *Shape(1, words).texts())),
        "compilation by sections": (size.sections, lambda many: _compiled(lengthy(many, 50), 3)),
        "compilation by words of a section": (size.words, lambda words: _compiled(lengthy(1, words), 10)),
        "compilation by delegations": (size.delegations, lambda many: _compiled(lengthy(1, 50), many)),
        "rebase by sections": (size.sections, lambda many: _carried(lengthy(many, 50), 1)),
        "rebase by words of a section": (size.words, lambda words: _carried(lengthy(1, words), 1)),
        "rebase by delegations": (size.delegations, lambda many: _carried(lengthy(1, 50), many)),
        "provenance by sections": (size.traced_sections, lambda many: _traced(many, 5)),
        "provenance by words of a section": (size.words, lambda words: _traced(1, 5, words)),
        "provenance by versions": (size.versions, partial(_traced, 30)),
    }
    for case, (sizes, work) in cases.items():
        times = [_shortest(work(many), size.repeats) for many in sizes]
        notes = {"sizes": list(sizes), "ms": [round(time, 3) for time in times], "repeats": size.repeats}
        packages = versions("rapidfuzz", "regex")
        yield Result("growth", f"growth, {case}", exponent(sizes, times), "exponent", versions=packages, notes=notes)


def exponent(sizes: Sequence[int], times: Sequence[float]) -> float:
    """Fit times that grow with a power of the sizes, and give the power."""
    return linear_regression([log(many) for many in sizes], [log(time) for time in times]).slope


def _shortest(work: Work, repeats: int) -> float:
    return min(cold_cpu(work) for _ in range(repeats))


def _redraft(base: Manifest, seed: int) -> tuple[Edit, ...]:
    """Reword every section, one to three edits to each fifty words."""
    pairs = zip(base, redrafted(base, seed), strict=True)
    return tuple(Replace(section=was.section, text=now.text) for was, now in pairs if was.text != now.text)


def _compiled(base: Manifest, delegations: int) -> Work:
    proposals = [
        Proposal(f"am_{seed}", f"D{seed}-1", (f"D{seed}",), _redraft(base, seed)) for seed in range(delegations)
    ]
    return partial(compile, base, proposals)


def _carried(base: Manifest, amendments: int) -> Work:
    """Carry amendments to a base that reads differently everywhere, as ``queries`` do: one way for all of them."""
    new = redrafted(base, _OTHER_SEED)
    pending = [_redraft(base, seed) for seed in range(amendments)]

    def work() -> None:
        crossing = Crossing(base, new)
        for edits in pending:
            crossing.carry(edits)

    return work


_OTHER_SEED = 1000


def _traced(sections: int, many: int, words: int = 50) -> Work:
    texts = planted(sections, many, words).versions
    return partial(trace, [Issued(str(number), text) for number, text in enumerate(texts)])
