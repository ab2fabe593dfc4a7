"""The servers that :mod:`bench.live` measures: how each is started, reached and set, and what it stores when."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.live_cases import calm
from bench.live_load import Door
from bench.processes import DRAFTING, free_port, running, settings, wait_ready
from bench.result import Peer, versions

_PEERS = Path(__file__).parent / "peers"
_MODULES = _PEERS / "node_modules"


@dataclass(frozen=True, slots=True, eq=False)
class Server:
    """A server: its command for a home and a port, its dialect, and in words what it has stored when."""

    name: str
    stores: str
    packages: Mapping[str, str]
    command: Callable[[Path, int], list[str]]
    environment: Callable[[Path, int], Mapping[str, str]] = lambda _home, _port: {}
    ready: str = "/"
    dialect: str = "stock"

    @property
    def peer(self) -> Peer:
        """Give it as whom we are measured against."""
        return Peer(f"{self.name}: {self.stores}", self.packages)


@dataclass(frozen=True, slots=True)
class Running:
    """A server that runs: its process, its port; and the paths of drafts that are not simply made up."""

    server: Server
    port: int
    pid: int
    paths: Mapping[str, str] = field(default_factory=dict)

    def door(self, room: str) -> Door:
        """Give where a draft is spoken about."""
        return Door(self.port, self.paths.get(room, f"/{room}"), self.server.dialect, room)


def stored(home: Path) -> int:
    """Give the bytes of all files in a folder."""
    return sum(file.stat().st_size for file in home.rglob("*") if file.is_file())


@contextmanager
def started(server: Server, home: Path, paths: Mapping[str, str] | None = None) -> Iterator[Running]:
    """Run a server in its folder, on the first core, and wait until it has settled."""
    home.mkdir(parents=True, exist_ok=True)
    port = free_port()
    with ExitStack() as stack:
        with on_core(0):
            process = stack.enter_context(running(server.command(home, port), server.environment(home, port)))
        wait_ready(process, port, server.ready)
        calm(process.pid)
        yield Running(server, port, process.pid, paths or {})


@contextmanager
def on_core(number: int) -> Iterator[None]:
    """Keep this process, and what it starts meanwhile, on one core; where there is but one, on that."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(cores)[number % len(cores)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def _hocuspocus(name: str, stores: str, debounce: str) -> Server:
    def command(home: Path, port: int) -> list[str]:
        return ["node", str(_PEERS / "hocuspocus.js"), str(port), str(home / "drafts.sqlite"), debounce]

    packages = _npm("@hocuspocus/server", "@hocuspocus/extension-sqlite", "yjs", "ws")
    return Server(name, stores, packages, command, dialect="hocuspocus")


def _npm(*names: str) -> dict[str, str]:
    """Give the versions of packages as the lock has them."""
    lock = json.loads((_PEERS / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return {name: lock[f"node_modules/{name}"]["version"] for name in names}


OURS = Server(
    "drafting",
    "every update in one commit with synchronous=FULL before it is shown",
    versions("pycrdt", "uvicorn", "websockets"),
    lambda _home, _port: [str(DRAFTING), "serve"],
    # One person is everybody here, and some write as fast as they can: the load is not to end at what people may.
    lambda home, port: {
        **settings(home, port),
        **{
            f"DRAFTING_MOST_{limit}": "1000000000"
            for limit in ("SECTION_TEXT", "DRAFT_BYTES", "LIVE_FRAMES", "LIVE_BYTES", "LIVE_LINES")
        },
    },
    "/readyz",
)
HOCUSPOCUS = _hocuspocus(
    "Hocuspocus", "acknowledged and shown at once; the whole state in SQLite 2 to 10 s later", "stock"
)
EAGER_HOCUSPOCUS = _hocuspocus(
    "Hocuspocus, debounce 0", "acknowledged and shown at once; the whole state queued for SQLite at every update", "0"
)
Y_WEBSOCKET = Server(
    "y-websocket",
    "shown at once, never acknowledged; each update queued for LevelDB, which does not wait for the disk",
    _npm("y-websocket", "y-leveldb", "yjs"),
    lambda _home, _port: ["node", str(_MODULES / "y-websocket" / "bin" / "server.cjs")],
    lambda home, port: {"HOST": "127.0.0.1", "PORT": str(port), "YPERSISTENCE": str(home / "level")},
)
PYCRDT = Server(
    "pycrdt-websocket",
    "shown at once, never acknowledged; each update queued for a commit of its own in SQLite, synchronous=FULL",
    versions("pycrdt-websocket", "pycrdt-store", "pycrdt", "uvicorn", "websockets"),
    lambda home, port: [sys.executable, "-m", "bench.live_pycrdt", str(port), str(home / "drafts.sqlite")],
    ready="/healthz",
)
BARE = Server(
    "bare websockets broadcast",
    "nothing",
    versions("websockets"),
    lambda _home, port: [sys.executable, "-m", "bench.broadcaster", str(port)],
    ready="/healthz",
    dialect="bare",
)
EVERYBODY = (OURS, HOCUSPOCUS, EAGER_HOCUSPOCUS, Y_WEBSOCKET, PYCRDT, BARE)
