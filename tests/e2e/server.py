"""A real ``drafting serve`` in a process and a home of its own, for the end-to-end tests."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from drafting.config import Settings
from drafting.house import House
from tests.http.hosting import Room, free_port

DRAFTING = Path(sys.executable).with_name("drafting")
PATIENCE = 30.0


class Server:
    """``start``, ``kill`` and ``stop`` it as often as you like: the home, the port and the log stay the same."""

    def __init__(self, home: Path, settings: Mapping[str, str] | None = None) -> None:
        self.home = home
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = home.with_suffix(".log")
        ours = {"DRAFTING_HOME": str(home), "DRAFTING_PORT": str(self.port), "PYTHONWARNINGS": "default"}
        self.environment = {**os.environ, **ours, **(settings or {})}
        self.secrets: list[str] = []
        self._tokens: dict[str, str] = {}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def database(self) -> Path:
        return self.home / "drafting.sqlite3"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self, before: Sequence[str] = ()) -> "Server":
        """Start it (behind another program, ``before``) and wait until it is ready."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*before, str(DRAFTING), "serve"], env=self.environment, stdout=log, stderr=log
            )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            assert self._process.poll() is None, self.log.read_text()
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{self.address}/readyz", timeout=5).status_code == 200:
                    return self
            time.sleep(0.05)
        raise AssertionError(f"not ready within {PATIENCE} s: {self.log.read_text()}")

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """End it as an operator would; gives its exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        if self._process is None:
            return 0
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(how)
        code = self._process.wait(PATIENCE)
        self._process = None
        return code

    def run(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run ``drafting`` with these arguments in the same home."""
        return subprocess.run(
            [str(DRAFTING), *arguments],
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def told(self, *arguments: str, given: str = "") -> dict[str, Any]:
        """Run ``drafting … --json``, which must go well, and read its answer."""
        done = self.run(*arguments, "--json", given=given)
        assert done.returncode == 0, done.stderr + done.stdout
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def token(self, handle: str) -> str:
        """Give the participant's token, the same each time."""
        if handle not in self._tokens:
            house = House(Settings(home=self.home))  # a second process at the same database, as the command line is
            self._tokens[handle] = Room(house).granted("token", handle)
            house.close()
            self.secrets.append(self._tokens[handle])
        return self._tokens[handle]

    def client(self, token: str) -> httpx.Client:
        return httpx.Client(base_url=self.address, headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE)

    def ticket(self, token: str) -> str:
        with self.client(token) as client:
            ticket: str = client.post("/api/v1/tickets").raise_for_status().json()["ticket"]
        self.secrets.append(ticket)
        return ticket

    def socket_address(self, token: str) -> str:
        return f"ws://127.0.0.1:{self.port}/ws?ticket={self.ticket(token)}"


@contextlib.contextmanager
def served(home: Path, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Give a server that runs, and end it whatever happens."""
    server = Server(home, settings)
    try:
        yield server.start()
    finally:
        server.kill()
