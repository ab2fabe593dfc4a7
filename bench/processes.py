"""Programs of ours and of peers, run in processes of their own: started, asked whether they are ready, weighed."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

DRAFTING = Path(sys.executable).with_name("drafting")
_PATIENCE = 60.0
_LOOK_EVERY = 0.005
_OK = 200
_TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """Find a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def settings(home: Path, port: int = 8000) -> dict[str, str]:
    """Give the environment of a ``drafting`` with this home."""
    return {"DRAFTING_HOME": str(home), "DRAFTING_PORT": str(port), "DRAFTING_DATABASE": ""}


@contextmanager
def running(
    arguments: Sequence[str], environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program, and end it in the end."""
    process = subprocess.Popen(arguments, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def wait_ready(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    """Return as soon as the address answers 200, looked at every 5 ms."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
        with suppress(ConnectionRefusedError):
            connection.request("GET", path)
            if connection.getresponse().status == _OK:
                connection.close()
                return
        time.sleep(_LOOK_EVERY)
    raise RuntimeError(f"{process.args!r} is not ready")


def cpu_seconds(pid: int) -> float:
    """Give the CPU time that a process has used so far, in all its threads, in itself and in the kernel."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory(pid: int | str, which: str = "VmRSS") -> float:
    """Give a process's resident memory now, or at its peak (``VmHWM``), in MB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith(f"{which}:")).split()[1]) / 1000
