"""The comparison of two versions against git, and the compilation against diff-match-patch.

Comparison: a made-up legal text (``bench.texts``) of 30, 300 and 3,000 sections and a newer version with planted
edits. Ours is ``compare`` of the two manifests, matched by section id, cold (every cache of the text engine emptied)
and warm (the same texts a second time). The peer is ``git diff --no-index --histogram --word-diff=porcelain`` on two
files with a section a line, its process start included. Both results are counted alike, with our tokens: *edits* are
words (tokens that are no space) deleted or inserted; *hunks* are places where something changed without a kept word
between; *split words* are places where a change begins or ends inside a word. A moved section is no edit for ours.

Compilation: 60 delegations' wordings of one section, cold and warm, per text, against pure-Python diff-match-patch
(``diff_main`` with ``Diff_Timeout`` 0, and ``diff_cleanupSemantic``) on each pair of base and wording.
"""

import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise
from pathlib import Path
from typing import NamedTuple

from diff_match_patch import diff_match_patch  # type: ignore[import-untyped]  # it has no types

from bench.result import Peer, Result, against, git_version, versions
from bench.texts import edited, text, wordings
from drafting.domain import diff, tokens
from drafting.domain.compare import compare
from drafting.domain.compilation import Proposal, compile  # noqa: A004 - the design's word
from drafting.domain.text import Manifest, Op
from drafting.domain.tokens import tokenize
from drafting.protocol.edits import Replace


@dataclass(frozen=True, slots=True)
class Size:
    """Sections of the texts compared; delegations that reword one section; repeats."""

    sections: tuple[int, ...] = (30, 300, 3000)
    delegations: int = 60
    repeats: int = 5


FULL = Size()
QUICK = Size(sections=(30, 300), repeats=3)

Marked = list[tuple[str, str]]
"""A difference as runs of text, each with its sign: " " kept, "-" deleted, "+" inserted."""


class Counted(NamedTuple):
    """What a reader has to look at."""

    edits: int
    hunks: int
    split_words: int


def run(size: Size) -> Iterator[Result]:
    """Measure all cases."""
    for sections in size.sections:
        yield from _comparison(sections, size.repeats)
    yield from _compilation(size)


def forget() -> None:
    """Empty the caches of the text engine."""
    for kept in (*vars(tokens).values(), *vars(diff).values()):
        if hasattr(kept, "cache_clear"):
            kept.cache_clear()


def _comparison(sections: int, repeats: int) -> Iterator[Result]:
    old = text(sections)
    new = edited(old)
    name = "git diff --no-index --histogram --word-diff=porcelain, sections as lines"
    peer = Peer(name, versions("rapidfuzz", "regex") | {"git": git_version()})
    with tempfile.TemporaryDirectory() as folder:
        files = _written(Path(folder) / "old", old), _written(Path(folder) / "new", new)
        cold, warm = [], []
        for _ in range(repeats):
            forget()
            git = _milliseconds(lambda: _git(*files))
            cold.append((_milliseconds(lambda: compare(old, new)), git))
            warm.append((_milliseconds(lambda: compare(old, new)), git))
        texts = files[0].read_text(encoding="utf-8"), files[1].read_text(encoding="utf-8")
        theirs = counted(_porcelain(_git(*files, "--unified=1000000")), texts)
    ours = counted(_spans(old, new))
    case = f"compare, {sections} sections"
    yield against("text", f"{case}, cold", "ms", cold, peer)
    yield against("text", f"{case}, warm", "ms", warm, peer)
    yield against("text", f"{case}, edits", "words", [(ours.edits, theirs.edits)], peer)
    yield against("text", f"{case}, hunks", "hunks", [(ours.hunks, theirs.hunks)], peer)
    yield against("text", f"{case}, split words", "places", [(ours.split_words, theirs.split_words)], peer)


def _compilation(size: Size) -> Iterator[Result]:
    base = next(line for line in text(10) if line.label)
    texts = wordings(base.text, size.delegations)
    proposals = [
        Proposal(f"am_{n}", f"D{n}-1", (f"D{n}",), (Replace(section=base.section, text=words),))
        for n, words in enumerate(texts)
    ]
    cold, warm = [], []
    for _ in range(size.repeats):
        forget()
        theirs = _milliseconds(lambda: [_dmp(base.text, words) for words in texts])
        cold.append((_milliseconds(lambda: compile((base,), proposals)), theirs))
        warm.append((_milliseconds(lambda: compile((base,), proposals)), theirs))
    peer = Peer("diff-match-patch, pure Python, no time limit, on each pair", versions("diff-match-patch", "rapidfuzz"))
    case = f"compilation, {size.delegations} delegations on one section"
    yield against("text", f"{case}, cold", "ms", cold, peer)
    yield against("text", f"{case}, warm", "ms", warm, peer)


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


def _spans(old: Manifest, new: Manifest) -> Marked:
    signs = {Op.KEEP: " ", Op.DELETE: "-", Op.INSERT: "+"}
    marked: Marked = []
    for change in compare(old, new):
        marked += [(signs[span.op], span.text) for span in change.spans]
        marked.append((" ", "\n"))
    return marked


def _porcelain(output: str) -> Marked:
    """Read git's word difference: a run a line with its sign, "~" where a line ends."""
    lines = output.splitlines()
    start = next((n for n, line in enumerate(lines) if line.startswith("@@")), len(lines))
    marked: Marked = []
    for line in lines[start:]:
        if line.startswith("~"):
            marked.append((" ", "\n"))
        elif not line.startswith(("@@", "\\")):
            marked.append((line[0], line[1:]))
    return marked


def _git(old: Path, new: Path, *options: str) -> str:
    asked = [
        "git",
        "diff",
        "--no-index",
        "--histogram",
        "--word-diff=porcelain",
        "--no-color",
        *options,
        str(old),
        str(new),
    ]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, encoding="utf-8")
    if done.returncode > 1:
        raise subprocess.CalledProcessError(done.returncode, asked, done.stdout, done.stderr)
    return done.stdout


def _dmp(old: str, new: str) -> object:
    engine = diff_match_patch()
    engine.Diff_Timeout = 0
    found = engine.diff_main(old, new)
    engine.diff_cleanupSemantic(found)
    return found


def _written(file: Path, manifest: Manifest) -> Path:
    file.write_text("".join(f"{line.text}\n" for line in manifest), encoding="utf-8")
    return file


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)
