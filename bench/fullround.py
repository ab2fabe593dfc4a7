"""A round in which everybody has spoken: amendments, comments and positions of 60 delegations, for all audiences.

All of it goes through the executor, all commands of a kind in flight at once.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bench.stage import DELEGATIONS, Stage, Table, codes
from bench.texts import lengthy
from drafting.protocol.commands import COMMAND, Command
from drafting.protocol.views import DeskSectionView
from drafting.protocol.words import Outcome
from drafting.queries.desk import desk_for

RARE = "corridor"
"""A word that one comment in a hundred says, and nothing else."""
_AUDIENCES = ("all", "all", "all", "own", "all", "all", "own", "secretariat")
_STANDS: tuple[dict[str, str], ...] = (
    {"stand": "support"},
    {"stand": "flexible"},
    {"stand": "cannot_accept"},
    {"stand": "support"},
    {"stand": "retain"},
    {"stand": "reserve", "reservation": "scrutiny"},
)
_TOLD = ("all", "chair", "secretariat", "own")
_OUTCOMES = (Outcome.NOT_RETAINED, Outcome.REDRAFT, Outcome.PARK, Outcome.BRACKET, Outcome.INCORPORATE)
_ONE_AT_A_TIME = frozenset({Outcome.BRACKET, Outcome.INCORPORATE})
_WORDS = 40
_OPEN_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Filling:
    """What one kind of commands took: how many there were, the bytes of their JSON, seconds, bytes of the database."""

    commands: int
    json: int
    seconds: float
    stored: int


class FullRound:
    """A document's round and all that is said in it; ``amendments`` are the ids of those tabled."""

    def __init__(self, stage: Stage, table: Table) -> None:
        self.stage, self.table = stage, table
        self.amendments: list[str] = []
        self.round = table.round

    def tabled(self, many: int) -> Filling:
        """Let the delegations table so many amendments."""
        return self._filled([self.stage.amendment(self.table, number) for number in range(many)], self.amendments)

    def discussed(self, many: int) -> Filling:
        """Let them post so many comments, on sections and on amendments."""
        return self._filled([self.comment(number) for number in range(many)])

    def positioned(self, many: int) -> Filling:
        """Let them take so many positions on the amendments."""
        return self._filled([self._position(number) for number in range(many)])

    def comment(self, number: int) -> Command:
        """Give a command that posts a comment of some 40 words: five in eight for all, two internal."""
        on_section = {"section": self.table.text[number % len(self.table.text)].section}
        body = lengthy(1, _WORDS, number)[0].text + (f" The {RARE} is open." if number % 100 == 0 else "")
        said = {"audience": _AUDIENCES[number % len(_AUDIENCES)], "body": body}
        return self._say(number, "post_comment", **said, **(on_section if number % 2 else self._on_amendment(number)))

    def waiting(self) -> list[DeskSectionView]:
        """Give the sections that wait at the desk, as they stand."""
        who = self.stage.reader(self.table, self.stage.secretary)
        desk = self.stage.house.database.read(lambda tx: desk_for(tx, who, self.round))
        return [section for section in desk.sections if section.waiting]

    def decision(self, number: int, section: DeskSectionView) -> Command:
        """Give a command that decides on a section: outcomes in turn, every fifth time all of it is parked."""
        outcome = _OUTCOMES[number % len(_OUTCOMES)]
        named = section.waiting[:1] if outcome in _ONE_AT_A_TIME else section.waiting
        text = f"{section.section.text} As redrafted.".strip() if outcome is Outcome.REDRAFT else None
        about = {"section": section.section.id, "against": section.digest, "amendments": named}
        return self._secretary("decide_section", **about, outcome=outcome, text=text, round=self.round)

    def issued(self) -> None:
        """Retain nothing of what is left, issue the text, and open the next round on it."""
        for section in self.waiting():
            about = {"section": section.section.id, "against": section.digest, "amendments": section.waiting}
            self._take(self._secretary("decide_section", **about, outcome=Outcome.NOT_RETAINED, round=self.round))
        document = self.table.document
        self.stage.do("close_round", document=document, round=self.round)
        version = self.stage.do("issue_version", document=document, round=self.round, name="Rev.1")["version"]
        deadline = self.stage.house.now() + _OPEN_FOR
        about = {"document": document, "base": version, "name": "Second round", "deadline": deadline}
        self.round = self.stage.do("open_round", **about)["round"]

    def _take(self, command: Command) -> None:
        self.stage.house.take(self.stage.secretary, command)

    def _secretary(self, kind: str, **said: Any) -> Command:
        about = {"kind": kind, "capacity": "secretary", "document": self.table.document}
        return COMMAND.validate_python({**about, **said})

    def _position(self, number: int) -> Command:
        told = {"audience": _TOLD[number // DELEGATIONS % len(_TOLD)], **_STANDS[number % len(_STANDS)]}
        return self._say(number, "take_position", **told, **self._on_amendment(7 * number))

    def _on_amendment(self, number: int) -> dict[str, str]:
        return {"amendment": self.amendments[number % len(self.amendments)]}

    def _say(self, number: int, kind: str, **said: Any) -> Command:
        about = {"kind": kind, "capacity": f"head:{codes()[number % DELEGATIONS]}", "document": self.table.document}
        return COMMAND.validate_python({**about, **said})

    def _filled(self, commands: Sequence[Command], made: list[str] | None = None) -> Filling:
        database = self.stage.house.database
        before, start = database.size(), time.perf_counter()
        receipts = self.stage.play(commands)
        seconds = time.perf_counter() - start
        if made is not None:
            made += [receipt.made["amendment"] for receipt in receipts]
        size = sum(len(command.model_dump_json(exclude_defaults=True).encode()) for command in commands)
        return Filling(len(commands), size, seconds, database.size() - before)


Filler = Callable[[FullRound, int], Filling]
FILLERS: dict[str, Filler] = {
    "amendment": FullRound.tabled,
    "comment": FullRound.discussed,
    "position": FullRound.positioned,
}
"""How a round is filled, one after the other, by what it is filled with."""
