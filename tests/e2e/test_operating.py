"""A real server as an operator sees it: what it logs, how it stops, how it is backed up, and how it stands a flood."""

import asyncio
import contextlib
import json
import re
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect

from drafting_client import mint
from tests.e2e.server import Server
from tests.e2e.test_durability import Load, settled

CANARY = "canary"
PASSWORD = f"{CANARY} password of nobody else"
FRAMES, A_SOCKET = 10_000, 100


def frames(load: Load, handle: str, *said: Any) -> None:
    """Say something over a socket, whatever it is, and hear as many answers."""

    async def talk() -> None:
        address = f"ws://127.0.0.1:{load.server.port}/ws"
        async with connect(address, additional_headers=load.headers(handle)) as line:
            for frame in said:
                await line.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))
                await asyncio.wait_for(line.recv(), 10)

    asyncio.run(talk())


def acknowledged(load: Load, number: int) -> None:
    """Wait until so many commands were."""
    while len(load.receipts) < number:
        time.sleep(0.05)


def drive(load: Load) -> None:
    """Say canaries through every door there is, in good commands and in bad ones."""
    comment = {"kind": "post_comment", "capacity": "head:ARV", "document": load.document, "section": load.section}
    good = {"id": mint(), "command": {**comment, "body": f"{CANARY} comment"}}
    bad = {"id": mint(), "command": {**comment, "body": f"{CANARY} comment", f"{CANARY}_field": f"{CANARY} value"}}
    with load.server.client(load.tokens["arv"]) as client:
        for said in (good, bad, {"id": f"{CANARY}", "command": {"kind": CANARY}}):
            client.post("/api/v1/commands", json=said)
        client.post("/api/v1/commands", content=f'{{"{CANARY}": "broken')
        draft = {"kind": "draft_amendment", "capacity": "head:ARV", "document": load.document, **load.proposal}
        draft["edits"] = [{**load.proposal["edits"][0], "text": f"{CANARY} draft"}]
        assert client.post("/api/v1/commands", json={"id": mint(), "command": draft}).status_code == 200
        client.get(f"/api/v1/documents/{load.document}/search", params={"q": CANARY})
        client.get(f"/api/v1/documents/{CANARY}/snapshot", params={"after": CANARY})
        client.get(f"/{CANARY}/{CANARY}.html?{CANARY}={CANARY}")
        client.request(CANARY.upper(), "/api/v1/me")
        client.post(
            "/api/v1/imports", files={"file": (f"{CANARY}.docx", f"{CANARY} file".encode())}, data={"id": CANARY}
        )
        client.put("/api/v1/me/password", json={"old": f"{CANARY} wrong", "new": PASSWORD})
        client.delete(f"/api/v1/me/credentials/{CANARY}")
        client.get("/api/v1/me", headers={"Authorization": f"Bearer {CANARY}", "Cookie": f"drafting_session={CANARY}"})
        client.post("/api/v1/sessions", json={"code": CANARY})
        assert client.post("/api/v1/sessions", json={"handle": "arv", "password": PASSWORD}).status_code == 200
        client.post("/api/v1/sessions", json={"handle": CANARY, "password": f"{CANARY} wrong"})
        client.post(f"/api/v1/processes/{CANARY}/people", content=f"handle,name\n{CANARY},{CANARY}\n")
        with contextlib.suppress(httpx.TransportError):
            client.post("/api/v1/commands", content=b"", headers={"Content-Length": CANARY})
    frames(
        load, "arv", CANARY, {"type": CANARY}, {"type": "command", **good}, {"type": "command", **bad}, CANARY.encode()
    )
    ticket = load.server.ticket(load.tokens["arv"])

    async def by_ticket(secret: str) -> None:
        with contextlib.suppress(Exception):
            async with connect(f"ws://127.0.0.1:{load.server.port}/ws?ticket={secret}") as line:
                await line.send('{"type":"ping"}')
                await line.recv()

    for secret in (ticket, CANARY):
        asyncio.run(by_ticket(secret))


@pytest.mark.parametrize("how", ["json", "text"])
def test_the_log_says_what_was_asked_and_nothing_that_was_said(start: Callable[..., Server], how: str) -> None:
    server = start(DRAFTING_LOG=how)
    load = settled(server)
    assert server.run("password", "arv", "--stdin", given=f"{PASSWORD}\n").returncode == 0
    drive(load)
    assert server.stop() == 0
    logged = server.log.read_text()
    said = [*server.secrets, *load.tokens.values(), load.document, load.section, CANARY, CANARY.upper(), "arv"]
    assert [word for word in said if word in logged] == []
    assert "ticket" not in logged.replace("/api/v1/tickets", "")
    lines = logged.splitlines()
    assert len(lines) > 20
    if how == "json":
        told = [json.loads(line) for line in lines]
        asked = [line for line in told if line["logger"] == "drafting.http.requests"]
        assert {"at", "level", "logger", "said", "method", "route", "status", "ms"} == set(asked[0])
        routes = {(line["method"], line["route"], line["status"]) for line in asked}
        assert ("POST", "/api/v1/commands", 200) in routes
        assert ("POST", "/api/v1/commands", 422) in routes
        assert ("GET", "/api/v1/documents/{document}/snapshot", 404) in routes
        assert ("GET", "/api/v1/documents/{document}/search", 200) in routes
        assert ("GET", "/api/v1/me", 401) in routes
        assert ("OTHER", "/api/v1/me", 405) in routes
        assert ("GET", "page", 404) in routes
        assert any(line["method"] == "SOCKET" and line["route"] == "/ws" for line in asked)
    else:
        assert re.search(
            r"^\S+ INFO drafting\.http\.requests: POST /api/v1/commands 200 [\d.]+ ms$", logged, re.MULTILINE
        )


def test_a_failure_is_logged_without_what_it_says(start: Callable[..., Server]) -> None:
    server = start(DRAFTING_LOG="json")
    load = settled(server)
    # What somebody wrote into the database is no audience: reading it fails, in words that quote it.
    with contextlib.closing(sqlite3.connect(server.database)) as database:
        database.execute("UPDATE round SET state = ?", (CANARY,))
        database.commit()
    with server.client(load.tokens["arv"]) as client:
        assert client.get(f"/api/v1/documents/{load.document}/snapshot").status_code == 500
    assert server.stop() == 0
    told = [json.loads(line) for line in server.log.read_text().splitlines()]
    (failed,) = (line for line in told if line["level"] == "error")
    assert re.search(r"^\w*Error at \w+\.py:\d+ \w+, ", failed["failures"][0])
    assert CANARY not in server.log.read_text()


def test_ten_thousand_malformed_frames_cost_little_log_and_hold_nobody_up(start: Callable[..., Server]) -> None:
    server = start(DRAFTING_LOG="json")
    load = settled(server)
    nonsense = [
        '{"type":"abolish"}',
        "{",
        "[" * 500,
        '{"type":"command","id":7}',
        "\x00",
        '{"a":' * 300 + "1" + "}" * 300,
    ]
    before = server.log.stat().st_size
    took: list[float] = []
    over = threading.Event()

    def watch() -> None:
        with httpx.Client(base_url=server.address) as client:
            while not over.is_set():
                begun = time.perf_counter()
                assert client.get("/healthz").status_code == 200
                took.append(time.perf_counter() - begun)
                time.sleep(0.002)

    async def flood(number: int) -> None:
        address = f"ws://127.0.0.1:{server.port}/ws"
        for _ in range(FRAMES // A_SOCKET // 2):
            async with connect(address, additional_headers=load.headers("arv"), compression=None) as line:
                for n in range(A_SOCKET):
                    await line.send(nonsense[(n + number) % len(nonsense)])
                answers = 0
                with contextlib.suppress(Exception):
                    async for answer in line:
                        answers += '"refusal"' in str(answer)
                assert (answers, line.close_code) == (A_SOCKET, 1008)

    async def floods() -> None:
        await asyncio.gather(*(flood(number) for number in range(2)))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        asyncio.run(floods())
    finally:
        over.set()
        watching.join()
    logged = [line for line in server.log.read_text()[before:].splitlines() if "/healthz" not in line]
    assert sum(map(len, logged)) / FRAMES < 50
    assert len(took) > 100
    assert sorted(took)[int(len(took) * 0.99)] < 0.2, sorted(took)[-5:]
    assert server.stop() == 0


def test_what_has_begun_is_answered_before_the_server_stops(start: Callable[..., Server]) -> None:
    server = start()
    load = settled(server)
    text = "\n\n".join(f"{number}. States shall report on measure {number}." for number in range(1, 400))
    secretary = server.token("sec")
    fields = {"id": mint(), "process": "", "symbol": "T/9", "capacity": "secretary"}
    with server.client(secretary) as client:
        fields["process"] = client.get("/api/v1/processes").json()["items"][0]["id"]

    def take_in(**more: str) -> int:
        with server.client(secretary) as client:
            file = {"file": ("draft.md", f"# A draft\n\n{text}\n".encode())}
            return client.post("/api/v1/imports", files=file, data={**fields, **more}).status_code

    assert take_in(id=mint(), symbol="T/8") == 200  # the process that reads files has started

    def wait_for_events() -> int:
        with server.client(load.tokens["bor"]) as client:
            return client.get(f"/api/v1/documents/{load.document}/events", params={"wait": 30}).status_code

    taken: list[str] = []

    def command(handle: str) -> None:
        with contextlib.suppress(httpx.TransportError), server.client(load.tokens[handle]) as client:
            while True:
                said = load.new(handle)
                if client.post("/api/v1/commands", json=said).status_code == 200:
                    taken.append(said["id"])

    with ThreadPoolExecutor(8) as pool:
        busy = [pool.submit(command, handle) for handle in load.tokens]
        while len(taken) < 5:
            time.sleep(0.05)
        begun = [pool.submit(take_in), pool.submit(wait_for_events)]
        time.sleep(0.3)
        started = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - started < 10
        assert [one.result() for one in begun] == [200, 200]
        assert [one.result() for one in busy] == [None] * len(busy)
    server.start()
    assert server.told("verify")["findings"] == []
    with contextlib.closing(sqlite3.connect(server.database)) as database:
        kept = {row[0] for row in database.execute("SELECT command FROM event")}
    assert {*taken, fields["id"]} <= kept


def test_a_backup_of_a_running_server_is_put_back_in_another_home(start: Callable[..., Server], tmp_path: Path) -> None:
    server = start()
    load = settled(server)

    async def back_up() -> set[str]:
        async with asyncio.TaskGroup() as writers:
            tasks = [writers.create_task(load.by_http(handle)) for handle in load.tokens]
            await asyncio.to_thread(acknowledged, load, 20)
            before = set(load.receipts)
            done = await asyncio.to_thread(server.run, "backup", str(tmp_path / "copy"))
            assert done.returncode == 0, done.stderr
            await asyncio.sleep(0.3)
            for task in tasks:
                task.cancel()
        return before

    before = asyncio.run(back_up())
    assert len(before) >= 20
    server.stop()
    other = Server(tmp_path / "other")
    done = other.run("restore", str(tmp_path / "copy"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("all is well.\n")
    try:
        with other.start().client(other.token("arv")) as client:
            comments = client.get(f"/api/v1/documents/{load.document}/comments", params={"limit": 500}).json()["items"]
        written = {id_ for id_ in before if load.sent[id_][1]["kind"] == "post_comment"}
        assert written <= {comment["body"] for comment in comments}
    finally:
        other.kill()
