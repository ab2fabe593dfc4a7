"""From starting the program to its first answer; and what it weighs when nobody asks anything.

``drafting serve`` in a new process until ``/readyz`` answers 200, on an empty home (migrations and all) and on the
demonstration's database; then its resident memory after a second of idleness. The peer is bare uvicorn with a
FastAPI app of one route, same Python, started the same way. ``drafting demo`` plays the demonstration into an empty
home; its peer is ``drafting migrate`` on an empty home. The programs take turns; Python's bytecode is cached.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.processes import DRAFTING, free_port, memory, running, settings, wait_ready
from bench.result import Peer, Result, against, versions


@dataclass(frozen=True, slots=True)
class Size:
    """How often each is started, and how many seconds a server idles before it is weighed."""

    repeats: int = 5
    idle: float = 1.0


FULL = Size()
QUICK = Size(repeats=2)


def run(size: Size) -> Iterator[Result]:
    """Measure all cases."""
    hello, empty, full, demos = [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(size.repeats):
            home = Path(folder) / f"demo{number}"
            migrated = _command("migrate", Path(folder) / f"migrated{number}")
            demos.append((_command("demo", home), migrated))
            hello.append(_hello(size.idle))
            empty.append(_serve(Path(folder) / f"empty{number}", size.idle))
            full.append(_serve(home, size.idle))
    peer = Peer("uvicorn, a FastAPI app of one route", versions("uvicorn", "fastapi", "pydantic"))
    for case, ours in (("drafting serve, empty home", empty), ("drafting serve, the demonstration", full)):
        both = list(zip(ours, hello, strict=True))
        yield against("start", f"{case}, ready", "s", [(x[0], y[0]) for x, y in both], peer)
        yield against("start", f"{case}, idle memory", "MB", [(x[1], y[1]) for x, y in both], peer)
    itself = Peer("drafting migrate, empty home", versions("sqlalchemy", "alembic"))
    yield against("start", "drafting demo, empty home", "s", demos, itself)


def _serve(home: Path, idle: float) -> tuple[float, float]:
    port = free_port()
    return _started([str(DRAFTING), "serve"], settings(home, port), port, "/readyz", idle)


def _hello(idle: float) -> tuple[float, float]:
    port = free_port()
    asked = ["--port", str(port), "--log-level", "warning", "--no-access-log"]
    return _started([sys.executable, "-m", "uvicorn", "bench.hello:app", *asked], {}, port, "/", idle)


def _started(
    arguments: Sequence[str], environment: dict[str, str], port: int, path: str, idle: float
) -> tuple[float, float]:
    """Give the seconds until it is ready, and the MB it then takes."""
    start = time.perf_counter()
    with running(arguments, environment) as process:
        wait_ready(process, port, path)
        took = time.perf_counter() - start
        time.sleep(idle)
        return took, memory(process.pid)


def _command(name: str, home: Path) -> float:
    start = time.perf_counter()
    with running([str(DRAFTING), name], settings(home)) as process:
        code = process.wait()
    if code:
        raise subprocess.CalledProcessError(code, name)
    return time.perf_counter() - start
