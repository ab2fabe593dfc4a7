"""The cast: everybody in a process, and one way to have each of them act and look."""

import random
import shutil
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Executable, NullPool, create_engine, text

from drafting.commands.credentials import appoint_administrator
from drafting.config import Settings
from drafting.crdt.replica import DraftChange, Replica
from drafting.house import House
from drafting.protocol.commands import COMMAND, Envelope, Receipt
from drafting.protocol.events import EventView
from drafting.protocol.problems import Refusal
from drafting.protocol.views import DeskView, IssuedView, Snapshot, VerifyView
from drafting.queries.desk import desk_for
from drafting.queries.documents import events_after, snapshot
from drafting.queries.people import Person, Reader, person_by_handle, reader
from drafting.queries.unnamed import shown
from drafting.queries.verify import verify
from drafting.queries.versions import issued
from storage import updates
from storage.database import Database, WriteTransaction
from storage.ids import Mint

CAPACITIES = {
    "sec": "secretary",
    "chair": "chair",
    "notes": "note_taker",
    "watch": "observer",
    "arv": "head:ARV",
    "arv2": "delegate:ARV",
    "clerk": "clerk:ARV",
    "bor": "head:BOR",
    "cal": "head:CAL",
}
"""Who plays, by handle, and as what; ``root`` is the administrator."""

OF_THE_PROCESS = {"admit_delegation", "correct_delegation", "accredit_participant", "withdraw_accreditation"}
OF_THE_PROCESS |= {"import_document"}
"""Commands that name a process, and no document."""

TEXT = [
    ("title", 0, "", "Call for Action"),
    ("chapeau", 0, "", "The States assembled,"),
    ("preambular", 1, "PP1", "*Recalling* the dignity of every migrant,"),
    ("preambular", 1, "PP2", "*Noting* the progress made since the last meeting,"),
    ("heading", 0, "", "Commitments"),
    ("operative", 1, "OP1", "States shall take appropriate measures to protect migrants in transit."),
    ("operative", 1, "OP2", "States shall report every year on the measures taken."),
    ("subparagraph", 2, "OP2(a)", "to the Secretariat;"),
    ("subparagraph", 2, "OP2(b)", "to the public."),
    ("operative", 1, "OP3", "States may ask for assistance."),
    ("operative", 1, "OP4", "The Secretariat keeps a register of good practice."),
    ("annex", 0, "Annex I", "Forms"),
]
"""A dozen sections: kind, level, label, text."""


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    at: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class Cast:
    """The people of a process, its document, and one way to have each of them act and look."""

    house: House
    clock: Clock
    process: str = ""
    document: str = ""
    version: str = ""
    round: str = ""
    sections: list[str] = field(default_factory=list)

    def person(self, handle: str) -> Person:
        return self.house.database.read(lambda tx: person_by_handle(tx, handle))

    def envelope(self, handle: str, kind: str, /, **said: Any) -> Envelope:
        """Give the command in a new envelope; capacity, process and document are filled in where it takes them."""
        said.setdefault("capacity", CAPACITIES.get(handle, "administrator"))
        body = {"kind": kind, **said}
        if kind in OF_THE_PROCESS:
            body.setdefault("process", self.process)
        elif kind != "create_process":
            body.setdefault("document", self.document)
        return Envelope(id=self.house.mint.command(self.clock.at), command=COMMAND.validate_python(body))

    def do(self, handle: str, kind: str, /, **said: Any) -> Receipt:
        """Have somebody give a command under a new id."""
        return self.house.executor.execute(self.person(handle), self.envelope(handle, kind, **said)).result()

    def refused(self, handle: str, kind: str, /, **said: Any) -> Refusal:
        """Have somebody give a command that must be refused."""
        with pytest.raises(Refusal) as refusal:
            self.do(handle, kind, **said)
        return refusal.value

    def code(self, handle: str, kind: str, /, **said: Any) -> str:
        return self.refused(handle, kind, **said).code

    def reader(self, handle: str) -> Reader:
        person = self.person(handle)
        return self.house.database.read(lambda tx: reader(tx, person, self.document))

    def snapshot(self, handle: str) -> Snapshot:
        who = self.reader(handle)
        return self.house.database.read(lambda tx: snapshot(tx, who, self.house.cursors))

    def events(self, handle: str, after: int = 0) -> list[EventView]:
        """Give the document's events that somebody may see."""
        who = self.reader(handle)
        logged = self.house.database.read(lambda tx: events_after(tx, self.document, after))
        return [shown(event.view, who) for event in logged if who.sees(event.stream)]

    def desk(self, handle: str = "sec") -> DeskView:
        who = self.reader(handle)
        return self.house.database.read(lambda tx: desk_for(tx, who, self.round))

    def issued(self, handle: str, version: str) -> IssuedView:
        """Give a version as somebody reads it."""
        who = self.reader(handle)
        return self.house.database.read(lambda tx: issued(tx, who, version))

    def issued_code(self, handle: str, version: str) -> str:
        """Have somebody ask for a version that they may not read."""
        with pytest.raises(Refusal) as refusal:
            self.issued(handle, version)
        return refusal.value.code

    def verify(self) -> VerifyView:
        return self.house.database.read(lambda tx: verify(tx, self.house.cursors))

    def found(self) -> None:
        """Found the process with its three delegations and everybody."""
        self.house.database.write(
            lambda tx: appoint_administrator(tx, "root", "Root", self.clock.at, self.house.mint)
        ).result()
        # The first secretary must be somebody already.
        self.process = self.do("root", "create_process", name="Budapest Process", secretary="root").made["process"]
        for order, code in enumerate(("ARV", "BOR", "CAL")):
            names = {"en": {"short": code.title(), "formal": f"The Republic of {code.title()}"}}
            self.do("root", "admit_delegation", code=code, names=names, order=order)
        for handle, capacity in CAPACITIES.items():
            self.do("root", "accredit_participant", handle=handle, name=handle.title(), capacities=[capacity])

    def take_in(self, text: list[tuple[str, int, str, str]] = TEXT, *, unnamed: bool = False) -> None:
        """Import the text."""
        drafted = [{"kind": kind, "level": level, "label": label, "text": words} for kind, level, label, words in text]
        said = {"title": "Call for Action", "symbol": "BP/CfA", "unnamed": unnamed}
        made = self.do("sec", "import_document", sections=drafted, **said).made
        self.document, self.version = made["document"], made["version"]
        self.sections = [section.id for section in self.snapshot("sec").sections]

    def open(self, *, days: int = 5, **said: Any) -> str:
        """Open a round on the newest version."""
        said = {"name": "First round", "deadline": self.clock.at + timedelta(days=days), "base": self.version, **said}
        self.round = self.do("sec", "open_round", **said).made["round"]
        return self.round

    def proposed(self, *edits: dict[str, Any]) -> dict[str, Any]:
        """Give what a proposal made for the round says."""
        return {"round": self.round, "base": self.version, "edits": list(edits)}

    def table(self, handle: str, *edits: dict[str, Any], **said: Any) -> str:
        """Table an amendment; gives its id."""
        return self.do(handle, "table_amendment", **{**self.proposed(*edits), **said}).made["amendment"]

    def draft(self, handle: str, *edits: dict[str, Any], **said: Any) -> str:
        """Draft an amendment for the own side; gives its id."""
        return self.do(handle, "draft_amendment", **{**self.proposed(*edits), **said}).made["amendment"]

    def working(self, handle: str, **said: Any) -> str:
        """Open the working draft of the own side; gives its id."""
        return self.do(handle, "open_working_draft", **said).made["draft"]

    def type_in(self, draft: str, *changes: DraftChange) -> None:
        """Have it typed into a working draft, as if through its room."""

        def work(tx: WriteTransaction) -> None:
            stored = updates.load(tx.session, draft)
            assert stored is not None
            tx.type_in(draft, Replica.of(stored.state, stored.updates).write(changes))

        self.house.database.write(work).result()

    def enter(self, handle: str, delegation: str, *edits: dict[str, Any], **said: Any) -> str:
        """Enter an amendment on behalf of a delegation; gives its id."""
        said = {**self.proposed(*edits), "delegation": delegation, "source": "floor", **said}
        return self.do(handle, "enter_amendment", **said).made["amendment"]

    def close(self) -> None:
        self.do("chair", "close_round", round=self.round)

    def decide(self, section: str, amendments: list[str], outcome: str, handle: str = "sec", **said: Any) -> str:
        """Decide on a section as it stands; gives the decision's id."""
        return self.do(handle, "decide_section", **self.decision(section, amendments, outcome, **said)).made["decision"]

    def decision(self, section: str, amendments: list[str], outcome: str, **said: Any) -> dict[str, Any]:
        """Give what a decision on a section as it stands says."""
        digest = next(shown.digest for shown in self.desk().sections if shown.section.id == section)
        about = {"round": self.round, "section": section, "amendments": amendments, "outcome": outcome}
        return {**about, "against": digest, **said}

    def issue(self, name: str = "Rev.1", **said: Any) -> str:
        """Issue the version; gives its id."""
        self.version = self.do("sec", "issue_version", round=self.round, name=name, **said).made["version"]
        return self.version


def replace(section: str, text: str) -> dict[str, Any]:
    return {"op": "replace", "section": section, "text": text}


def add(after: str | None, text: str, section: str | None = None) -> dict[str, Any]:
    return {"op": "add", "after": after, "section": section, "section_kind": "operative", "level": 1, "text": text}


def delete(section: str) -> dict[str, Any]:
    return {"op": "delete", "section": section}


def move(section: str, after: str | None) -> dict[str, Any]:
    return {"op": "move", "section": section, "after": after}


def opened(home: Path, clock: Clock, database: str = "", seed: int = 7) -> House:
    """Open a house whose ids are the same each time, on a SQLite file in its home if no database is named. A house in
    which others have acted before needs another seed, or ids would be given twice.
    """
    source = random.Random(seed)  # noqa: S311 - ids of a test must be the same each time
    return House(Settings(home=home, database=database, secret=""), clock, Mint(lambda: source.getrandbits(80)))


def copied(scene: Cast, home: Path) -> Cast:
    """Give a scene that was played once, in a SQLite file, and whose house is closed; in a home of its own."""
    shutil.copytree(scene.house.settings.folder, home, dirs_exist_ok=True)
    clock = Clock(scene.clock.at)
    return replaced(scene, house=opened(home, clock, seed=8), clock=clock, sections=[*scene.sections])


def tamper(database: Database, statement: str | Executable, **values: Any) -> None:
    """Change rows as an intruder with the file would: no foreign key stops them. It must change something."""
    engine = create_engine(database.url, poolclass=NullPool)
    with engine.begin() as raw:
        if engine.dialect.name == "postgresql":
            raw.execute(text("SET LOCAL session_replication_role = replica"))
        done = raw.execute(text(statement) if isinstance(statement, str) else statement, values)
        assert done.rowcount != 0, statement
