"""The README's walk, as a reader pastes it: block after block in one shell, against a server that runs."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
README = (HERE / "README.md").read_text(encoding="utf-8")
WALK = README[README.index("## A ten-minute walk") : README.index("## Where to go on")]
BLOCK = re.compile(r"^```(bash|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = "-- the block is done --"
PATIENCE = 30.0


@pytest.fixture
def room(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Do what ``make run`` does after its set-up, in a folder that looks like a clone; gives the environment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / ".venv").symlink_to(BIN.parent)
    ours = {"DRAFTING_HOME": str(tmp_path / ".home"), "DRAFTING_PORT": str(port)}
    environment = {name: said for name, said in os.environ.items() if not name.startswith("DRAFTING_")} | ours
    for verb in ("migrate", "demo"):
        subprocess.run([BIN / "drafting", verb], env=environment, check=True, timeout=120)
    with (
        (tmp_path / "serve.log").open("wb") as told,
        subprocess.Popen([BIN / "drafting", "serve"], env=environment, stdout=told, stderr=told) as server,
    ):
        try:
            _wait(f"http://127.0.0.1:{port}/readyz")
            yield environment
        finally:
            server.terminate()


def _wait(address: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our own server
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing answers at {address}")


def blocks() -> list[tuple[str, str]]:
    """Give each block of commands with the output shown after it (empty where none is shown)."""
    found: list[tuple[str, str]] = []
    for language, text in BLOCK.findall(WALK):
        if language == "bash":
            found.append((text, ""))
        else:
            found[-1] = (found[-1][0], text)
    return found


def pattern(line: str) -> str:
    return ".*".join(re.escape(part) for part in line.split("…"))


def missing(shown: str, printed: str) -> list[str]:
    """Name the lines that are shown and were not printed, in their order; ``…`` stands for anything."""
    printed_lines = iter(printed.splitlines())
    return [line for line in shown.splitlines() if not any(re.fullmatch(pattern(line), told) for told in printed_lines)]


@pytest.mark.timeout(300)
def test_the_walk_works_as_written_and_prints_what_it_shows(room: dict[str, str], tmp_path: Path) -> None:
    script = "set -euo pipefail\n" + "".join(f"{commands}echo '{MARK}'\n" for commands, _ in blocks())
    walked = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=room, capture_output=True, text=True, check=False, timeout=240
    )
    assert walked.returncode == 0, walked.stdout + walked.stderr
    printed = walked.stdout.split(f"{MARK}\n")
    assert len(printed) == len(blocks()) + 1
    for (_, shown), told in zip(blocks(), printed, strict=False):
        assert missing(shown, told) == [], told
    for file in ("rev1.docx", "rev1-redline.docx"):
        with zipfile.ZipFile(tmp_path / ".home" / "walk" / file) as word:
            assert "word/document.xml" in word.namelist()


def test_the_walk_goes_through_all_nine_points() -> None:
    assert [int(n) for n in re.findall(r"^### (\d)\. ", WALK, re.MULTILINE)] == list(range(1, 10))
    assert len(blocks()) >= 10


def test_what_is_shown_and_not_printed_is_noticed() -> None:
    assert missing("a\nb …\n", "x\na\nb 12\n") == []
    assert missing("b\na\n", "a\nb\n") == ["a"]
    assert missing("b …\n", "bee\n") == ["b …"]
