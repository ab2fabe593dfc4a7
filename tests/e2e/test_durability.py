"""What was acknowledged is on disk: under ``kill -9``, and by the system calls of the server."""

import asyncio
import contextlib
import json
import random
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from drafting.config import Settings
from drafting.house import House
from drafting_client import mint
from tests.e2e.server import Server
from tests.http.hosting import Room

WRITERS = ("arv", "bor", "cal")
KILLS = 3
IN_FLIGHT = 4


@dataclass
class Load:
    """What was sent, in whose name, and what was answered."""

    server: Server
    document: str
    section: str
    proposal: dict[str, Any]
    tokens: dict[str, str]
    sent: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def new(self, handle: str) -> dict[str, Any]:
        """Make a command under a new id and remember it: every third one tables an amendment."""
        id_ = mint()
        capacity = {"arv": "head:ARV", "bor": "head:BOR", "cal": "delegate:CAL"}[handle]
        command = {"capacity": capacity, "document": self.document}
        if len(self.sent) % 3 == 0:
            command |= {"kind": "table_amendment", **self.proposal}
        else:
            command |= {"kind": "post_comment", "section": self.section, "body": id_}
        self.sent[id_] = handle, command
        return {"id": id_, "command": command}

    def headers(self, handle: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[handle]}"}

    async def by_socket(self, handle: str) -> None:
        """Keep some commands in flight over one socket until it breaks."""
        address = f"ws://127.0.0.1:{self.server.port}/ws"
        with contextlib.suppress(ConnectionClosed, OSError):
            async with connect(address, additional_headers=self.headers(handle)) as line:
                for _ in range(IN_FLIGHT):
                    await line.send(json.dumps({"type": "command", **self.new(handle)}))
                async for text in line:
                    answer = json.loads(text)
                    assert answer.pop("type") == "receipt", answer
                    self.receipts[answer["id"]] = answer
                    await line.send(json.dumps({"type": "command", **self.new(handle)}))

    async def by_http(self, handle: str) -> None:
        """Send one command after the other until the server is gone."""
        async with httpx.AsyncClient(base_url=self.server.address, headers=self.headers(handle)) as client:
            with contextlib.suppress(httpx.TransportError):
                while True:
                    answer = await client.post("/api/v1/commands", json=self.new(handle))
                    assert answer.status_code == 200, answer.text
                    self.receipts[answer.json()["id"]] = answer.json()

    async def until_killed(self, seconds: float) -> None:
        async with asyncio.TaskGroup() as writers:
            for handle in WRITERS:
                writers.create_task(self.by_socket(handle))
                writers.create_task(self.by_http(handle))
            await asyncio.sleep(seconds)
            self.server.kill()

    async def resend(self, ids: list[str]) -> dict[str, dict[str, Any]]:
        """Send these commands again, under the ids that they had."""
        answers = {}
        async with httpx.AsyncClient(base_url=self.server.address, timeout=30) as client:
            for id_ in ids:
                handle, command = self.sent[id_]
                content = {"id": id_, "command": command}
                answer = await client.post("/api/v1/commands", json=content, headers=self.headers(handle))
                assert answer.status_code == 200, answer.text
                answers[id_] = answer.json()
        return answers


def written(database: Path) -> list[str]:
    """The command of every event that the writers' commands may have led to, as often as it is there."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT command FROM event WHERE kind IN ('comment_posted', 'amendment_tabled')")
        return [row[0] for row in rows]


def told(server: Server, handle: str, tokens: dict[str, str], what: str, document: str) -> Iterator[dict[str, Any]]:
    """Every item of a list of the document, over all its pages."""
    after: str | None = None
    with server.client(tokens[handle]) as client:
        while True:
            query = {"limit": "500"} | ({"after": after} if after else {})
            page = client.get(f"/api/v1/documents/{document}/{what}", params=query).raise_for_status().json()
            yield from page["items"]
            after = page["next"]
            if after is None:
                return


def settled(server: Server) -> Load:
    """Found everything in the server's home; nobody but the server has the database open afterwards."""
    house = House(Settings(home=server.home, port=server.port))
    room = Room(house)
    room.settle()
    tokens = {handle: room.granted("token", handle) for handle in WRITERS}
    load = Load(server, room.document, room.sections[2], room.proposal("States shall act."), tokens)
    house.close()
    return load


def test_killed_under_load_it_loses_nothing_that_was_acknowledged_and_doubles_nothing(
    start: Callable[..., Server],
) -> None:
    server = start()
    load = settled(server)
    chance = random.Random()  # noqa: S311 - when to kill, no secret
    for _ in range(KILLS):
        before = len(load.receipts)
        asyncio.run(load.until_killed(chance.uniform(0.4, 1.2)))
        assert len(load.receipts) > before + 10
        found = written(server.database)
        assert len(found) == len(set(found))
        assert load.receipts.keys() <= set(found) <= load.sent.keys()
        server.start()
        lost = [id_ for id_ in load.sent if id_ not in load.receipts]
        assert lost
        some = chance.sample(sorted(load.receipts), 10)
        assert asyncio.run(load.resend(some)) == {id_: load.receipts[id_] for id_ in some}
        load.receipts |= asyncio.run(load.resend(lost))
        assert sorted(written(server.database)) == sorted(load.sent)
    comments = list(told(server, "arv", load.tokens, "comments", load.document))
    bodies = sorted(id_ for id_, (_, command) in load.sent.items() if command["kind"] == "post_comment")
    assert sorted(comment["body"] for comment in comments) == bodies
    labels = [amendment["label"] for amendment in told(server, "arv", load.tokens, "amendments", load.document)]
    assert len(labels) == len(set(labels)) == len(load.sent) - len(bodies)
    for code in ("ARV", "BOR", "CAL"):  # numbers without a gap
        own = [label for label in labels if label.startswith(code)]
        assert own == [f"{code}-{number}" for number in range(1, len(own) + 1)]
    assert server.told("verify")["findings"] == []


ANSWER = re.compile(r"^\d+ +send(?:to|msg)\(\d+(?P<socket><[^>]*>), .*comment_posted")
SYNCED = re.compile(r"^\d+ +f(?:data)?sync\(\d+<[^>]*drafting\.sqlite3-wal>\) += 0$")
BEGUN = re.compile(r"^(?P<thread>\d+) +f(?:data)?sync\(\d+<[^>]*drafting\.sqlite3-wal> <unfinished")
RESUMED = re.compile(r"^(?P<thread>\d+) +<\.\.\. f(?:data)?sync resumed>\) += 0$")


def syncs_before_answers(trace: str) -> dict[str, int]:
    """Count, for each command that was answered (by its id), the log's syncs that were done after it had come."""
    lines = trace.splitlines()
    counts = {}
    for number, line in enumerate(lines):
        if answer := ANSWER.match(line):
            id_ = re.search(r"[0-9A-HJKMNP-TV-Z]{26}", line)
            came = max(n for n in range(number) if "recvfrom(" in lines[n] and answer["socket"] in lines[n])
            assert id_, line
            counts[id_.group()] = syncs(lines[came:number])
    return counts


def syncs(lines: list[str]) -> int:
    begun: set[str] = set()
    done = 0
    for line in lines:
        if SYNCED.match(line):
            done += 1
        elif found := BEGUN.match(line):
            begun.add(found["thread"])
        elif (found := RESUMED.match(line)) and found["thread"] in begun:
            done += 1
    return done


@pytest.fixture
def strace() -> str:
    found = shutil.which("strace")
    assert found, "This test needs strace: apt-get install strace (make test does so where it may)."
    return found


def test_an_fsync_of_the_log_lies_between_a_commands_arrival_and_its_receipt(
    start: Callable[..., Server], strace: str, tmp_path: Path
) -> None:
    server = start()
    load = settled(server)
    server.stop()
    trace = tmp_path / "trace"
    calls = "trace=fdatasync,fsync,recvfrom,sendto,sendmsg"
    # -D: the server is our child, not the tracer, and hears our signals.
    server.start((strace, "-D", "-f", "-qq", "-y", "-s", "4000", "-e", calls, "-o", str(trace)))
    ids = [mint() for _ in range(5)]
    for id_ in ids:
        load.sent[id_] = (
            "arv",
            {
                "kind": "post_comment",
                "capacity": "head:ARV",
                "document": load.document,
                "section": load.section,
                "body": "Traced.",
            },
        )
    asyncio.run(load.resend(ids[:3]))
    asyncio.run(_by_socket(load, ids[3:]))
    server.stop()
    counts = syncs_before_answers(trace.read_text(errors="replace"))
    assert set(counts) == set(ids)
    assert all(counts.values()), counts


async def _by_socket(load: Load, ids: list[str]) -> None:
    address = f"ws://127.0.0.1:{load.server.port}/ws"
    async with connect(address, additional_headers=load.headers("arv"), compression=None) as line:
        for id_ in ids:
            await line.send(json.dumps({"type": "command", "id": id_, "command": load.sent[id_][1]}))
            assert json.loads(await line.recv())["type"] == "receipt"
