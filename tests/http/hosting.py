"""A real server in a thread of this process, over a house of its own, with a small negotiation in it."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from drafting.commands.credentials import appoint_administrator, grant
from drafting.config import Limits, Settings
from drafting.house import House
from drafting.main import server
from drafting.protocol.commands import COMMAND, Receipt
from drafting.queries.people import Person, person_by_handle

PATIENCE = 20.0
DELEGATIONS = {"ARV": "Arvenia", "BOR": "Borland", "CAL": "Caldera"}
PEOPLE = {
    "chair": ["chair"],
    "notes": ["note_taker"],
    "arv": ["head:ARV"],
    "bor": ["head:BOR"],
    "cal": ["delegate:CAL"],
    "observer": ["observer"],
}
TEXT = [
    ("title", 0, "", "Call for Action"),
    ("preambular", 1, "", "*Recalling* the commitments made in earlier meetings,"),
    ("operative", 1, "", "States shall take appropriate measures."),
    ("operative", 1, "", "States [should] report on progress every year."),
]


class Room:
    """The house and its server; ``document``, ``base``, ``round`` and ``sections`` name what is negotiated."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.address = house.settings.address
        self.process = self.document = self.base = self.round = ""
        self.sections: list[str] = []

    def person(self, handle: str) -> Person:
        return self.house.database.read(lambda tx: person_by_handle(tx, handle))

    def granted(self, kind: str, handle: str) -> str:
        who, at = self.person(handle), self.house.now()
        return self.house.database.write(lambda tx: grant(tx, kind, who, at)).result()[0]

    def headers(self, handle: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.granted('token', handle)}"}

    def client(self, handle: str | None) -> httpx.Client:
        headers = self.headers(handle) if handle else {}
        return httpx.Client(base_url=self.address, headers=headers, timeout=PATIENCE)

    def socket_address(self, handle: str) -> str:
        return f"{self.address.replace('http', 'ws')}/ws?ticket={self.granted('ticket', handle)}"

    def do(self, handle: str, kind: str, capacity: str, /, **fields: Any) -> Receipt:
        """Carry a command out at the machine itself."""
        scope = {"document": self.document} if "process" not in fields and self.document else {}
        command = COMMAND.validate_python({"kind": kind, "capacity": capacity, **scope, **fields})
        return self.house.take(self.person(handle), command)

    def table(self, handle: str, text: str, section: int = 2) -> Receipt:
        capacity = PEOPLE[handle][0]
        return self.do(handle, "table_amendment", capacity, **self.proposal(text, section))

    def proposal(self, text: str, section: int = 2) -> dict[str, Any]:
        edits = [{"op": "replace", "section": self.sections[section], "text": text}]
        return {"round": self.round, "base": self.base, "edits": edits}

    def comment(self, handle: str, body: str, audience: str = "all") -> Receipt:
        capacity = PEOPLE.get(handle, ["secretary"])[0]
        fields = {"section": self.sections[2], "body": body, "audience": audience}
        return self.do(handle, "post_comment", capacity, **fields)

    def settle(self) -> None:
        """Found the process, let everybody in, import the text and open a round."""
        at = self.house.now()
        mint = self.house.mint
        self.house.database.write(lambda tx: appoint_administrator(tx, "sec", "Secretary", at, mint)).result()
        self.process = self.do("sec", "create_process", "administrator", name="Process", secretary="sec").made[
            "process"
        ]
        for order, (code, name) in enumerate(DELEGATIONS.items()):
            names = {"en": {"short": name, "formal": f"Republic of {name}"}}
            fields = {"code": code, "names": names, "order": order}
            self.do("sec", "admit_delegation", "secretary", process=self.process, **fields)
        for handle, capacities in PEOPLE.items():
            self.accredit(handle, *capacities)
        self.import_text()

    def accredit(self, handle: str, *capacities: str) -> None:
        fields = {"handle": handle, "name": handle.title(), "capacities": list(capacities)}
        self.do("sec", "accredit_participant", "secretary", process=self.process, **fields)

    def import_text(self) -> None:
        sections = [dict(zip(("kind", "level", "label", "text"), section, strict=True)) for section in TEXT]
        fields = {"process": self.process, "title": "Call for Action", "symbol": "T/1", "sections": sections}
        made = self.do("sec", "import_document", "secretary", **fields).made
        self.document, self.base = made["document"], made["version"]
        deadline = self.house.now() + timedelta(days=1)
        opened = self.do("sec", "open_round", "secretary", base=self.base, name="First", deadline=deadline)
        self.round = opened.made["round"]
        with self.client("sec") as client:
            snapshot = client.get(f"/api/v1/documents/{self.document}/snapshot").raise_for_status().json()
        self.sections = [section["id"] for section in snapshot["sections"]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def hosted(home: Path, **limits: int) -> Iterator[Room]:
    """Open a house in the folder and serve it until the block ends."""
    house = House(Settings(home=home, port=free_port(), limits=Limits(**limits)))
    service = server(house)
    thread = threading.Thread(target=service.run, name="server")
    thread.start()
    try:
        until = time.monotonic() + PATIENCE
        while not service.started:
            assert thread.is_alive()
            assert time.monotonic() < until
            time.sleep(0.01)
        room = Room(house)
        room.settle()
        yield room
    finally:
        service.should_exit = True
        thread.join(PATIENCE)
        house.close()
        assert not thread.is_alive()
