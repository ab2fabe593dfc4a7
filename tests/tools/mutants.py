"""Break the text engine on purpose, one mutant at a time, and see whether its tests notice.

By hand, from the top of the repository: ``python tests/tools/mutants.py [module ...]``. The mutants are in
``mutants.toml``. The tree itself is never touched: each mutant is made in a copy. A mutant is *killed* when a test
fails, *survived* when all pass, *stale* when what it replaces does not stand exactly once in the module, and *void*
when the tests say nothing (they fail without it, or the mutant is no Python). The exit code is 1 unless every mutant
was killed.
"""

import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
_COPIED = ("drafting/__init__.py", "drafting/protocol", "drafting/domain", "tests/domain", "pyproject.toml")
_SECONDS = 60
"""After so long a test counts as failed: a mutant may never end."""
_PASSED, _FAILED = 0, 1


class Verdict(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVED = "SURVIVED"
    STALE = "STALE"
    VOID = "VOID"


class Mutant(NamedTuple):
    """``old`` in a module of ``drafting/domain`` reads ``new``; ``why`` says what a user would lose by it."""

    module: str
    old: str
    new: str
    why: str
    tests: tuple[str, ...]


def read() -> tuple[Mutant, ...]:
    """Read the mutants: a table for each module, with the tests that must notice all of its mutants."""
    tables = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())
    return tuple(
        Mutant(module, one["old"], one["new"], one["why"], tuple(f"tests/domain/{name}" for name in table["tests"]))
        for module, table in tables.items()
        for one in table["mutants"]
    )


def judge(mutant: Mutant, tree: Path) -> Verdict:
    """Make the mutant in the copied tree, run its tests, and put the module back."""
    file = tree / "drafting" / "domain" / f"{mutant.module}.py"
    sound = file.read_text()
    if sound.count(mutant.old) != 1:
        return Verdict.STALE
    file.write_text(sound.replace(mutant.old, mutant.new))
    code = _run(mutant.tests, tree)
    file.write_text(sound)
    return {_PASSED: Verdict.SURVIVED, _FAILED: Verdict.KILLED}.get(code, Verdict.VOID)


def _run(tests: Sequence[str], tree: Path) -> int:
    # No bytecode: a mutant of the same size, made in the same second, would be read from the one before it.
    command = [sys.executable, "-B", "-m", "pytest", *tests, "-x", "-q", "-p", "no:cacheprovider"]
    return subprocess.run([*command, f"--timeout={_SECONDS}"], cwd=tree, capture_output=True, check=False).returncode


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(modules: Sequence[str]) -> int:
    """Judge the mutants of the modules named, or of all."""
    mutants = [mutant for mutant in read() if not modules or mutant.module in modules]
    if unknown := set(modules) - {mutant.module for mutant in mutants}:
        _say(f"No mutants of {', '.join(sorted(unknown))}.")
        return 1
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for name in _COPIED:
            source, copy = ROOT / name, Path(folder) / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, copy)
            else:
                shutil.copy(source, copy)
        suites = dict.fromkeys(mutant.tests for mutant in mutants)
        red = {suite for suite in suites if _run(suite, Path(folder)) != _PASSED}
        for suite in red:
            _say(f"Without any mutant these fail already: {' '.join(suite)}")
        for mutant in mutants:
            started = perf_counter()
            found.append(Verdict.VOID if mutant.tests in red else judge(mutant, Path(folder)))
            took = perf_counter() - started
            _say(f"{found[-1]:9}{took:4.0f} s  {mutant.module}: {mutant.why}")
    _say(f"{found.count(Verdict.KILLED)} of {len(found)} mutants killed.")
    return int(any(verdict is not Verdict.KILLED for verdict in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
