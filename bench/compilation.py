"""Many delegations' wordings of one section laid over it, against diff-match-patch and collatex.

Ours is ``compile`` of the section and 10 or 60 amendments, cold (every cache of the text engine emptied) and warm.
diff-match-patch, in pure Python, compares each pair of base and wording (``diff_main`` without a time limit, and
``diff_cleanupSemantic``), and lays nothing together. collatex collates the base and the wordings as witnesses into one
alignment table, with its own tokens and its default settings (segments joined, no near matches).

What ours and collatex make is counted alike: *passages* are places where wordings differ, neighbouring columns of the
table being one; *words in passages* are the base's words (tokens that are no space) which stand in one. Of equal
times, more and smaller passages are better: a person decides passage by passage. For ours a wording that shares too
little with the base stands beside it, in no passage; how many do is noted.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple

from collatex import Collation, collate  # type: ignore[import-untyped]  # it has no types

from bench.engines import dmp
from bench.result import Peer, Result, against, versions
from bench.texts import text, wordings
from bench.timing import cold, milliseconds
from drafting.domain.compilation import Compilation, Proposal, compile  # noqa: A004 - the design's word
from drafting.domain.text import Line
from drafting.domain.tokens import tokenize
from drafting.protocol.edits import Replace

_PATIENCE = 2000
_BASE = "base"


@dataclass(frozen=True, slots=True)
class Size:
    """Delegations that reword one section; repeats."""

    delegations: tuple[int, ...] = (10, 60)
    repeats: int = 5


FULL = Size()
QUICK = Size(delegations=(10,), repeats=3)


class Passages(NamedTuple):
    """Places where wordings differ, and the words of the base that stand in them."""

    many: int
    words: int


def run(size: Size) -> Iterator[Result]:
    """Measure all cases."""
    line = next(line for line in text(10) if line.label)
    for delegations in size.delegations:
        texts = wordings(line.text, delegations)
        ours = partial(compile, (line,), proposed(line, texts))
        case = f"compilation, {delegations} delegations on one section"
        yield from _times(case, ours, partial(_pairs, line.text, texts), _DMP, size.repeats)
        yield from _times(case, ours, partial(collated, line.text, texts), _COLLATEX, size.repeats)
        here, there = our_passages(ours()), their_passages(collated(line.text, texts))
        beside = {"wordings beside the base": sum(len(section.alternatives) for section in ours().sections)}
        for name, unit, pair in (
            ("passages", "passages", (here.many, there.many)),
            ("words in passages", "words", (here.words, there.words)),
        ):
            result = against("compilation", f"{case}, {name}", unit, [pair], _COLLATEX)
            yield replace(result, notes={**result.notes, **beside})


def proposed(line: Line, texts: Sequence[str]) -> list[Proposal]:
    """Give each wording as the amendment of a delegation of its own."""
    return [
        Proposal(f"am_{n}", f"D{n}-1", (f"D{n}",), (Replace(section=line.section, text=words),))
        for n, words in enumerate(texts)
    ]


def collated(base: str, texts: Sequence[str]) -> Any:
    """Collate the base and the wordings by collatex; gives its table."""
    collation = Collation()
    collation.add_plain_witness(_BASE, base)
    for n, words in enumerate(texts):
        collation.add_plain_witness(f"D{n}", words)
    return collate(collation)


def our_passages(compilation: Compilation) -> Passages:
    """Count the passages of a compilation."""
    passages = [passage for section in compilation.sections for passage in section.passages]
    return Passages(len(passages), sum(_words(passage.base) for passage in passages))


def their_passages(table: Any) -> Passages:
    """Count the rows of columns in which the witnesses of a collation differ."""
    many = sum(varies for varies, _ in groupby(column.variant for column in table.columns))
    read = [column.tokens_per_witness.get(_BASE, ()) for column in table.columns if column.variant]
    return Passages(many, sum(_words("".join(token.token_data["t"] for token in tokens)) for tokens in read))


_DMP = Peer("diff-match-patch, pure Python, no time limit, on each pair", versions("diff-match-patch", "rapidfuzz"))
_COLLATEX = Peer("collatex, base and wordings as witnesses, default settings", versions("collatex", "rapidfuzz"))


def _pairs(base: str, texts: Sequence[str]) -> object:
    return [dmp(base, words) for words in texts]


def _times(
    case: str, ours: Callable[[], object], theirs: Callable[[], object], peer: Peer, repeats: int
) -> Iterator[Result]:
    took: list[tuple[float, float, float]] = []
    while len(took) < repeats and not (took and took[-1][2] > _PATIENCE):
        took.append((cold(ours), milliseconds(ours), milliseconds(theirs)))
    yield against("compilation", f"{case}, cold", "ms", [(first, other) for first, _, other in took], peer)
    yield against("compilation", f"{case}, warm", "ms", [(second, other) for _, second, other in took], peer)


def _words(words: str) -> int:
    return sum(not token.isspace() for token in tokenize(words))
