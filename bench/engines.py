"""The engines that compare two texts: ours, and its peers, each as its own makers set it unless it is said otherwise.

A manifest is given to ours as it is, matched by section id; to git as two files, to the others as two strings, with a
section a line.
"""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import fast_diff_match_patch  # type: ignore[import-not-found]  # compiled, and without types
from diff_match_patch import diff_match_patch  # type: ignore[import-untyped]  # it has no types
from redlines.processor import DiffOperation, WholeDocumentProcessor

from bench.marked import Marked
from bench.result import Peer, git_version, versions
from bench.texts import edited, lengthy, redrafted, text
from drafting.domain.compare import compare
from drafting.domain.text import Manifest, Op

_PILCROW = "\N{PILCROW SIGN}"
"""What redlines puts in for the end of a paragraph."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How large the texts are: sections of about 50 words with headings among them, or paragraphs of ``words``."""

    sections: int
    words: int = 0

    def __str__(self) -> str:
        many = f"{self.sections} section{'s' * (self.sections > 1)}"
        return f"{many} of {self.words} words" if self.words else many

    def texts(self) -> tuple[Manifest, Manifest]:
        """Make up the old and the new text, the same each time."""
        old = lengthy(self.sections, self.words) if self.words else text(self.sections)
        return old, redrafted(old) if self.words else edited(old)


@dataclass(frozen=True, slots=True)
class Texts:
    """Two versions, also as two files in a folder."""

    old: Manifest
    new: Manifest
    folder: Path

    @property
    def sides(self) -> tuple[str, str]:
        """The two texts, each section ended by a line break."""
        old, new = ("".join(f"{line.text}\n" for line in side) for side in (self.old, self.new))
        return old, new

    @property
    def files(self) -> tuple[Path, Path]:
        """The two files."""
        return self.folder / "old", self.folder / "new"


def written(shape: Shape, folder: Path) -> Texts:
    """Make up the texts and write the files."""
    texts = Texts(*shape.texts(), folder)
    for file, side in zip(texts.files, texts.sides, strict=True):
        file.write_text(side, encoding="utf-8")
    return texts


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine. ``prepared`` gives what is timed, ``read`` its answer as a difference.

    ``most_sections``: of larger texts it would take more than a minute (or has nothing to answer).
    """

    peer: Peer
    prepared: Callable[[Texts], Callable[[], object]]
    read: Callable[[Texts, Any], Marked]
    most_sections: int = 1_000_000


def _ours(texts: Texts) -> Callable[[], object]:
    return partial(compare, texts.old, texts.new)


def _our_marks(_: Texts, found: Sequence[Any]) -> Marked:
    signs = {Op.KEEP: " ", Op.DELETE: "-", Op.INSERT: "+"}
    marked: Marked = []
    for change in found:
        marked += [(signs[span.op], span.text) for span in change.spans]
        marked.append((" ", "\n"))
    return marked


def git_command(texts: Texts, *options: str) -> list[str]:
    """Give the command line of git's comparison."""
    fixed = ["git", "diff", "--no-index", "--histogram", "--word-diff=porcelain", "--no-color"]
    return [*fixed, *options, *map(str, texts.files)]


def _run_git(texts: Texts, *options: str) -> str:
    asked = git_command(texts, *options)
    done = subprocess.run(asked, capture_output=True, text=True, check=False, encoding="utf-8")
    if done.returncode > 1:
        raise subprocess.CalledProcessError(done.returncode, asked, done.stdout, done.stderr)
    return done.stdout


def _git_marks(texts: Texts, _: str) -> Marked:
    """Read git's word difference, of all lines: a run a line with its sign, "~" where a line ends."""
    lines = _run_git(texts, "--unified=1000000").splitlines()
    start = next((n for n, line in enumerate(lines) if line.startswith("@@")), len(lines))
    marked: Marked = []
    for line in lines[start:]:
        if line.startswith("~"):
            marked.append((" ", "\n"))
        elif not line.startswith(("@@", "\\")):
            marked.append((line[0], line[1:]))
    return marked


def dmp(old: str, new: str, seconds: float = 0) -> list[tuple[int, str]]:
    """Compare by diff-match-patch in pure Python, cleaned up for reading; 0: without a limit of time."""
    engine = diff_match_patch()
    engine.Diff_Timeout = seconds
    found: list[tuple[int, str]] = engine.diff_main(old, new)
    engine.diff_cleanupSemantic(found)
    return found


def _dmp_marks(_: Texts, found: list[tuple[int, str]]) -> Marked:
    return [({0: " ", -1: "-", 1: "+"}[op], words) for op, words in found]


def _fast(old: str, new: str) -> object:
    return fast_diff_match_patch.diff(old, new, timelimit=0, checklines=True, cleanup="Semantic", counts_only=True)


def _fast_marks(texts: Texts, found: list[tuple[str, int]]) -> Marked:
    old, new = texts.sides
    at = new_at = 0
    marked: Marked = []
    for op, length in found:
        words = new[new_at : new_at + length] if op == "+" else old[at : at + length]
        at += length * (op != "+")
        new_at += length * (op != "-")
        marked.append((" " if op == "=" else op, words))
    return marked


def _redlines(old: str, new: str) -> list[DiffOperation]:
    return WholeDocumentProcessor().process(old, new)


def _redlines_marks(_: Texts, found: list[DiffOperation]) -> Marked:
    marked: Marked = []
    for operation in found:
        kind, start, end, new_start, new_end = operation.opcodes
        before = "".join(operation.source_chunk.text[start:end]).replace(_PILCROW, "\n")
        after = "".join(operation.test_chunk.text[new_start:new_end]).replace(_PILCROW, "\n")
        marked += [(" ", before)] if kind == "equal" else [("-", before), ("+", after)]
    return marked


def _of_sides(work: Callable[[str, str], object]) -> Callable[[Texts], Callable[[], object]]:
    return lambda texts: partial(work, *texts.sides)


def _git_peer() -> Peer:
    return Peer(
        "git diff --no-index --histogram --word-diff=porcelain, sections as lines, its start included",
        {"git": git_version()},
    )


OURS = "ours"
GIT = "git"

ENGINES: Mapping[str, Engine] = {
    OURS: Engine(Peer("ours, by section id", versions("rapidfuzz", "regex")), _ours, _our_marks),
    GIT: Engine(_git_peer(), lambda texts: partial(_run_git, texts), _git_marks),
    "dmp": Engine(
        Peer("diff-match-patch, pure Python, no time limit, cleanupSemantic", versions("diff-match-patch")),
        _of_sides(dmp),
        _dmp_marks,
        most_sections=600,
    ),
    "dmp, 1 s": Engine(
        Peer(
            "diff-match-patch, pure Python, time limit 1 s (its default), cleanupSemantic", versions("diff-match-patch")
        ),
        _of_sides(partial(dmp, seconds=1)),
        _dmp_marks,
    ),
    "fast dmp": Engine(
        Peer("fast-diff-match-patch, no time limit, checklines, cleanup Semantic", versions("fast-diff-match-patch")),
        _of_sides(_fast),
        _fast_marks,
    ),
    "redlines": Engine(
        Peer("redlines, WholeDocumentProcessor, autojunk off (its default)", versions("redlines")),
        _of_sides(_redlines),
        _redlines_marks,
        most_sections=1000,
    ),
}
"""By a short name, ours first."""
