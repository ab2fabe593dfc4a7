"""The memory that a comparison takes, in a process of its own: ``python -m bench.weight ENGINE SECTIONS WORDS``.

Of an engine that runs in Python: the peak of the process's resident memory (``VmHWM``) above what it had with the
engine loaded and the texts read. Of git: the peak of its whole process, which has nothing else in it; with next to
nothing to compare that is 4.6 MB. In MB, of which half a one is chance.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.engines import ENGINES, GIT, Shape, Texts, git_command, written
from bench.processes import memory

_PAGER = "cat >/dev/null; grep VmHWM /proc/$PPID/status >&2"
"""git waits for its pager before it ends: by then its peak is known, and it can still be asked for it."""


def weighed(engine: str, shape: Shape) -> float:
    """Give the MB that one comparison takes."""
    asked = [sys.executable, "-m", "bench.weight", engine, str(shape.sections), str(shape.words)]
    return float(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)


def _git(texts: Texts) -> float:
    program, *arguments = git_command(texts)
    asked = [program, "-c", f"core.pager={_PAGER}", "--paginate", *arguments]
    ours, gits = os.openpty()  # it asks no pager where nobody could read
    try:
        done = subprocess.run(asked, stdout=gits, stderr=subprocess.PIPE, text=True, check=False)
    finally:
        os.close(ours)
        os.close(gits)
    return int(done.stderr.split()[1]) / 1000


def _main(engine: str, shape: Shape) -> None:
    with tempfile.TemporaryDirectory() as folder:
        texts = written(shape, Path(folder))
        if engine == GIT:
            print(_git(texts))
            return
        work = ENGINES[engine].prepared(texts)
        before = memory("self")
        found = work()
        print(memory("self", "VmHWM") - before)
        del found


if __name__ == "__main__":
    _main(sys.argv[1], Shape(*map(int, sys.argv[2:])))
