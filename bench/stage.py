"""A house with a process, delegations and documents in an open round, as large as a bench wants it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.texts import text, wordings
from drafting.commands.credentials import appoint_administrator
from drafting.config import Settings
from drafting.domain.text import Line, Manifest
from drafting.house import House
from drafting.protocol.commands import COMMAND, Command, Envelope, Receipt
from drafting.queries.people import Person, Reader, person_by_handle, reader
from drafting.queries.versions import manifest

DELEGATIONS = 60
_OPEN_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Table:
    """A document in an open round: what one needs to speak in it."""

    document: str
    version: str
    round: str
    text: Manifest


class Stage:
    """Everybody of a process, and documents on demand. All commands go through the executor."""

    def __init__(self, house: House) -> None:
        self.house = house
        now = house.now()
        house.database.write(
            lambda tx: appoint_administrator(tx, "secretariat", "Secretariat", now, house.mint)
        ).result()
        self.secretary = self._person("secretariat")
        founding = {"kind": "create_process", "capacity": "administrator", "name": "Bench", "secretary": "secretariat"}
        self.process = house.take(self.secretary, COMMAND.validate_python(founding)).made["process"]
        for number, code in enumerate(codes()):
            named = {"en": {"short": code, "formal": f"The Republic of {code}"}}
            self.do("admit_delegation", process=self.process, code=code, names=named, order=number)
        self.heads = [self.accredit(code.lower(), f"head:{code}") for code in codes()]

    def table(self, sections: int, amendments: int = 0, comments: int = 0) -> Table:
        """Take in a new document, open a round on it, and let the delegations speak so often."""
        lines = [{"kind": x.kind, "level": x.level, "label": x.label, "text": x.text} for x in text(sections)]
        said = {"process": self.process, "title": "A text to measure", "symbol": "BENCH", "sections": lines}
        made = self.do("import_document", **said)
        deadline = self.house.now() + _OPEN_FOR
        about = {"document": made["document"], "base": made["version"], "name": "Round", "deadline": deadline}
        opened = self.do("open_round", **about)["round"]
        stored = self.house.database.read(lambda tx: manifest(tx, made["version"]))
        table = Table(made["document"], made["version"], opened, stored)
        self.play(
            [*(self.amendment(table, n) for n in range(amendments)), *(comment(table, n) for n in range(comments))]
        )
        return table

    def amendment(self, table: Table, number: int) -> Command:
        """Give a command that tables one, by a delegation in turn: a rewording, now and then a section more."""
        line = _line(table, number)
        change: dict[str, Any] = {"op": "replace", "section": line.section, "text": wordings(line.text, 1, number)[0]}
        if number % 10 == 0 or change["text"] == line.text:
            change = {"op": "add", "after": line.section, "section_kind": "operative", "level": 1, "text": line.text}
        return COMMAND.validate_python(
            {
                "kind": "table_amendment",
                "capacity": f"head:{codes()[number % DELEGATIONS]}",
                "document": table.document,
                "round": table.round,
                "base": table.version,
                "edits": [change],
                "rationale": "As the delegation explained in its statement.",
            }
        )

    def head(self, number: int) -> Person:
        """Give the person whose turn it is."""
        return self.heads[number % DELEGATIONS]

    def reader(self, table: Table, person: Person) -> Reader:
        """Let the person read the document."""
        return self.house.database.read(lambda tx: reader(tx, person, table.document))

    def envelope(self, command: Command) -> Envelope:
        """Give the command under a new id."""
        return Envelope(id=self.house.mint.command(self.house.now()), command=command)

    def play(self, commands: Sequence[Command]) -> list[Receipt]:
        """Have the delegations give commands, all in flight at once; gives their receipts."""
        taken = [
            self.house.executor.execute(self.head(number), self.envelope(command))
            for number, command in ((_turn(command), command) for command in commands)
        ]
        return [receipt.result() for receipt in taken]

    def do(self, kind: str, **said: Any) -> dict[str, str]:
        """Have the secretary give a command; gives what was made."""
        command = COMMAND.validate_python({"kind": kind, "capacity": "secretary", **said})
        return self.house.take(self.secretary, command).made

    def accredit(self, handle: str, capacity: str) -> Person:
        """Let somebody in under this handle, who acts in this capacity."""
        self.do("accredit_participant", process=self.process, handle=handle, name=handle, capacities=[capacity])
        return self._person(handle)

    def _person(self, handle: str) -> Person:
        return self.house.database.read(lambda tx: person_by_handle(tx, handle))


def codes() -> list[str]:
    """Give the codes of the delegations."""
    return [f"D{number:02d}" for number in range(DELEGATIONS)]


def comment(table: Table, number: int) -> Command:
    """Give a command that posts one, by a delegation in turn, on a section in turn."""
    return COMMAND.validate_python(
        {
            "kind": "post_comment",
            "capacity": f"head:{codes()[number % DELEGATIONS]}",
            "document": table.document,
            "section": _line(table, number).section,
            "body": "We thank the delegations and would prefer to come back to this paragraph after consultations.",
        }
    )


@contextmanager
def staged(home: Path, database: str = "") -> Iterator[Stage]:
    """Open a house in this folder, with everybody in it; its database is a file there, if no other is named."""
    house = House(Settings(home=home, database=database, secret=""))
    try:
        yield Stage(house)
    finally:
        house.close()


def _turn(command: Command) -> int:
    return codes().index(command.capacity.partition(":")[2])


def _line(table: Table, number: int) -> Line:
    """Give a section in turn."""
    return table.text[number % len(table.text)]
