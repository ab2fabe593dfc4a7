"""Real Yjs clients at a real server: the scripts of ``tests/tools/yjs``, spoken to over lines of JSON."""

import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from drafting.config import Settings
from drafting.house import House
from drafting_client import mint
from tests.e2e.server import Server
from tests.http.hosting import PEOPLE, TEXT, Room

SCRIPTS = Path(__file__).parents[1] / "tools" / "yjs"


class Hands:
    """One process of Node, with as many hands as are named. ``script`` is whose code they run: ``hand.mjs`` is stock
    y-websocket, ``page.mjs`` the page's own.
    """

    def __init__(self, script: str = "hand.mjs") -> None:
        node = shutil.which("node")
        assert node, "These tests need Node 20 or newer; `make test` brings it."
        assert (SCRIPTS / "node_modules").is_dir(), "These tests need `make tools` (npm ci in tests/tools/yjs)."
        self._process = subprocess.Popen(
            [node, script], cwd=SCRIPTS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._numbers = count(1)
        self._answers: dict[int, dict[str, Any]] = {}
        self.end(0)

    def __call__(self, name: str) -> "Hand":
        return Hand(self, name)

    def begin(self, hand: str, do: str, given: dict[str, Any]) -> int:
        """Ask, and give the number under which ``end`` gives the answer."""
        assert self._process.stdin
        number = next(self._numbers)
        self._process.stdin.write(json.dumps({"n": number, "hand": hand, "do": do, **given}) + "\n")
        self._process.stdin.flush()
        return number

    def end(self, number: int) -> Any:
        """Give the answer; each question's waiting is bounded over there."""
        assert self._process.stdout
        while number not in self._answers:
            line = self._process.stdout.readline()
            assert line, "the process of the hands has ended"
            answer = json.loads(line)
            self._answers[answer["n"]] = answer
        answer = self._answers.pop(number)
        assert "failed" not in answer, answer["failed"]
        return answer["said"]

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe
            pipe.close()


@dataclass(frozen=True)
class Hand:
    """One client. What it can do is what the classes of the scripts can."""

    hands: Hands
    name: str

    def do(self, what: str, **given: Any) -> Any:
        return self.hands.end(self.hands.begin(self.name, what, given))

    def begin(self, what: str, **given: Any) -> int:
        """Ask without waiting for the answer, which ``hands.end`` gives."""
        return self.hands.begin(self.name, what, given)

    def text(self, section: str) -> str | None:
        text: str | None = self.do("text", section=section)
        return text

    def state(self) -> str:
        """Give the hash of everything that it has."""
        state: str = self.do("state")["hash"]
        return state

    def types(self, section: str, text: str, at: int = 0) -> None:
        self.do("type", section=section, at=at, text=text)


@contextlib.contextmanager
def hands(script: str = "hand.mjs") -> Iterator[Hands]:
    """Give a process of hands, and end it whatever happens."""
    process = Hands(script)
    try:
        yield process
    finally:
        process.close()


@dataclass
class Stage:
    """A server with a document, a round, and the chair's draft of it, which everybody reads."""

    server: Server
    process: str
    tokens: dict[str, str]
    document: str = ""
    sections: list[str] = field(default_factory=list)
    draft: str = ""

    @property
    def live(self) -> str:
        """The address of the live drafts."""
        return f"ws://127.0.0.1:{self.server.port}/live"

    def anew(self) -> "Stage":
        """Give the same with a new document, its round, and the chair's draft of it."""
        stage = Stage(self.server, self.process, self.tokens)
        texts = [dict(zip(("kind", "level", "label", "text"), section, strict=True)) for section in TEXT]
        fields = {"process": self.process, "title": "Call for Action", "symbol": mint(), "sections": texts}
        made = stage.take("sec", "import_document", "secretary", **fields)
        stage.document = made["document"]
        deadline = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        stage.take("sec", "open_round", "secretary", base=made["version"], name="First", deadline=deadline)
        with self.server.client(self.bearer("sec")) as client:
            snapshot = client.get(f"/api/v1/documents/{stage.document}/snapshot").raise_for_status().json()
        stage.sections = [section["id"] for section in snapshot["sections"]]
        stage.draft = stage.open("chair", "chair")
        return stage

    def bearer(self, handle: str) -> str:
        """Give the bearer token of a person."""
        return self.tokens.get(handle) or self.server.token(handle)

    def take(self, handle: str, kind: str, capacity: str, /, **fields: Any) -> dict[str, Any]:
        """Carry a command out over HTTP; gives what it made."""
        scope = {} if "process" in fields else {"document": self.document}
        command = {"kind": kind, "capacity": capacity, **scope, **fields}
        with self.server.client(self.bearer(handle)) as client:
            answer = client.post("/api/v1/commands", json={"id": mint(), "command": command})
        assert answer.status_code == 200, answer.text
        made: dict[str, Any] = answer.json()["made"]
        return made

    def open(self, handle: str, capacity: str, **fields: Any) -> str:
        """Open the working draft of a side; gives its id."""
        draft: str = self.take(handle, "open_working_draft", capacity, **fields)["draft"]
        return draft

    def lock(self, section: str) -> None:
        self.take("chair", "lock_section", "chair", draft=self.draft, section=section)

    def token(self, handle: str, draft: str = "") -> str:
        """Give a new draft token."""
        with self.server.client(self.bearer(handle)) as client:
            path = f"/api/v1/documents/{self.document}/drafts/{draft or self.draft}/tokens"
            token: str = client.post(path).raise_for_status().json()["token"]
        return token

    def door(self, handle: str, draft: str = "") -> dict[str, Any]:
        """Give what a hand connects with."""
        draft = draft or self.draft
        return {"address": self.live, "draft": draft, "params": {"token": self.token(handle, draft)}}

    def sit(self, hand: Hand, handle: str, draft: str = "", **more: Any) -> Hand:
        """Connect a stock hand as this person."""
        hand.do("connect", **self.door(handle, draft), **more)
        return hand


def staged(server: Server) -> Stage:
    """Found everything in the server's home; ``anew`` gives documents."""
    house = House(Settings(home=server.home, port=server.port))
    room = Room(house)
    room.settle()
    tokens = {handle: room.granted("token", handle) for handle in ("sec", *PEOPLE)}
    house.close()
    return Stage(server, room.process, tokens)
