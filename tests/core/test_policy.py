import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drafting.policy import POLICY, Acting, judge, reads
from drafting.protocol.problems import Refusal
from drafting.protocol.words import Role, RoundState
from tests.casting import CAPACITIES, Cast, delete, replace

TABLE = list(csv.DictReader((Path(__file__).parent / "policy.csv").read_text(encoding="utf-8").splitlines()))
NATIONAL = ("head", "delegate", "clerk")


def cells() -> Iterator[tuple[str, str, RoundState | None, str, str]]:
    """Every cell: command, role, phase, whose amendment, and what is to come out."""
    for row in TABLE:
        phases = [None, *RoundState] if row["phase"] == "any" else [RoundState(row["phase"])]
        for role in Role:
            for phase in phases:
                for whose in ("own", "other") if row["whose"] == "any" else (row["whose"],):
                    yield row["command"], role, phase, whose, row[role]


def test_the_table_speaks_of_every_command_and_of_every_role() -> None:
    assert {row["command"] for row in TABLE} == POLICY.keys()
    assert set(TABLE[0]) - {"command", "phase", "whose"} == set(Role)
    keyed = [(row["command"], row["phase"], row["whose"]) for row in TABLE]
    assert len(set(keyed)) == len(keyed)


def test_the_policy_answers_every_cell_as_the_table_has_it() -> None:
    for command, role, phase, whose, expected in cells():
        acting = Acting.parse(f"{role}:ARV" if role in NATIONAL else role)
        try:
            judge(command, acting, phase, {"own": "ARV", "other": "BOR"}[whose])
            answer = "yes"
        except Refusal as refusal:
            answer = refusal.code
        assert answer == expected, (command, role, phase, whose)


def test_a_command_without_a_row_is_refused_to_everyone() -> None:
    for role in Role:
        with pytest.raises(Refusal) as refusal:
            judge("burn_the_archive", Acting.parse(f"{role}:ARV" if role in NATIONAL else role), RoundState.OPEN, "ARV")
        assert refusal.value.code == "not_permitted"


@pytest.mark.parametrize("capacity", ["head", "head:", "chair:ARV", "secretary:ARV", "king", "king:ARV", "", ":ARV"])
def test_a_capacity_that_is_none_is_malformed(capacity: str) -> None:
    with pytest.raises(Refusal) as refusal:
        Acting.parse(capacity)
    assert refusal.value.code == "malformed"


READERS = {
    "all": {"sec", "notes", "chair", "watch", "arv", "arv2", "clerk", "bor", "cal"},
    "delegation:ARV": {"arv", "arv2", "clerk"},
    "secretariat": {"sec", "notes"},
    "secretariat+ARV": {"sec", "notes", "arv", "arv2", "clerk"},
    "desk": {"sec", "notes", "chair"},
    "group:ARV": set(),
    "chair+ARV": set(),
    "delegation:": set(),
    "": set(),
}


@pytest.mark.parametrize("stream", READERS)
def test_a_stream_is_read_by_whom_it_is_for(stream: str) -> None:
    assert {handle for handle, capacity in CAPACITIES.items() if reads([capacity], stream)} == READERS[stream]


def test_who_holds_nothing_reads_nothing_and_an_administrator_reads_nothing_private() -> None:
    assert not any(reads([], stream) for stream in READERS)
    assert [stream for stream in READERS if reads(["administrator"], stream)] == ["all"]


def test_who_holds_several_capacities_reads_what_each_of_them_reads() -> None:
    held = ["chair", "head:ARV"]
    assert [stream for stream in READERS if reads(held, stream)] == ["all", "delegation:ARV", "secretariat+ARV", "desk"]


class Phases:
    """A room whose round can be brought to each phase, with ARV's and BOR's amendment in it, and a decision."""

    def __init__(self, room: Cast) -> None:
        self.room = room
        self.own = room.table("arv", replace(room.sections[5], "States shall act."))
        self.other = room.table("bor", delete(room.sections[9]))
        decided = room.table("cal", delete(room.sections[10]))
        self.decision = room.decide(room.sections[10], [decided], "not_retained")

    def bring_to(self, phase: str) -> None:
        if phase != "open":
            self.room.close()
        if phase == "consolidated":
            for amendment, section in ((self.own, 5), (self.other, 9)):
                self.room.decide(self.room.sections[section], [amendment], "not_retained")
            self.room.issue()

    def said(self, command: str, whose: str) -> dict[str, Any]:
        room, amendment = self.room, self.other if whose == "other" else self.own
        bodies: dict[str, dict[str, Any]] = {
            "close_round": {"round": room.round},
            "circulate_amendments": {"round": room.round},
            "admit_amendment": {"amendment": amendment},
            "table_amendment": {
                "round": room.round,
                "base": room.snapshot("sec").rounds[0].base,
                "edits": [delete(room.sections[6])],
            },
            "revise_amendment": {"amendment": amendment, "revision": 1, "edits": [delete(room.sections[6])]},
            "withdraw_amendment": {"amendment": amendment},
            "post_comment": {"section": room.sections[5], "body": "Yes."},
            "decide_section": {
                "round": room.round,
                "section": room.sections[5],
                "amendments": [],
                "outcome": "redraft",
                "text": "Redrafted.",
                "against": next(s.digest for s in room.desk().sections if s.section.id == room.sections[5]),
            },
            "undo_decision": {"decision": self.decision},
            "issue_version": {"round": room.round, "name": "Rev.7"},
        }
        return bodies[command]


BY_ROLE = {
    CAPACITIES[handle].partition(":")[0]: handle
    for handle in ("sec", "chair", "notes", "arv", "arv2", "clerk", "watch")
}
# What is allowed but finds nothing to do, or cannot be done yet, is answered by the command itself.
THEN = {
    "circulate_amendments": "no_change",
    "admit_amendment": "no_change",
    "issue_version": "amendments_unaccounted",
}


ELSEWHERE = {"create_process", "admit_delegation", "accredit_participant", "import_document", "open_round"}


def expected(row: dict[str, str], role: str, phase: str) -> str:
    """Give what the executor is to answer."""
    if (
        row["command"] == "undo_decision"
        and role not in {"secretary", "chair", "note_taker"}
        and phase != "consolidated"
    ):
        return "unknown"  # decisions are not theirs to see before the version is issued
    return THEN.get(row["command"], "yes") if row[role] == "yes" else row[role]


@pytest.mark.parametrize("phase", ["open", "closed", "consolidated"])
def test_the_executor_judges_by_the_table(room: Cast, phase: str) -> None:
    at = Phases(room)
    at.bring_to(phase)
    refused = 0
    for row in TABLE:
        if row["command"] in ELSEWHERE or row["phase"] not in {phase, "any"}:
            continue
        for role, handle in BY_ROLE.items():
            answer = expected(row, role, phase)
            if answer != "yes":  # what is allowed is given in the tests of the commands
                assert room.code(handle, row["command"], **at.said(row["command"], row["whose"])) == answer, (row, role)
                refused += 1
    assert refused > 50
