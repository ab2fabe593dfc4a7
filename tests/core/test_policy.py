import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drafting.crdt.replica import SetText
from drafting.policy import HANDS, POLICY, Acting, judge, judge_hand, reads, within
from drafting.protocol.problems import Refusal
from drafting.protocol.words import DraftKind, Role, RoundState
from tests.casting import CAPACITIES, Cast, delete, replace

TABLE = list(csv.DictReader((Path(__file__).parent / "policy.csv").read_text(encoding="utf-8").splitlines()))
FOR_A_SIDE = ("head", "delegate", "clerk", "facilitator")


def cells() -> Iterator[tuple[str, str, RoundState | None, str, str]]:
    """Every cell: command, role, phase, whose amendment, and what is to come out. Of what is a closed group's, the
    policy knows who is in the group, and the commands who speaks for it: those cells are the executor's (below).
    """
    for row in TABLE:
        if row["whose"] == "group":
            continue
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
        acting = Acting.parse(f"{role}:ARV" if role in FOR_A_SIDE else role)
        try:
            judge(command, acting, phase, {"own": {"ARV"}, "other": {"BOR"}}[whose])
            answer = "yes"
        except Refusal as refusal:
            answer = refusal.code
        assert answer == expected, (command, role, phase, whose)


HANDS_TABLE = list(csv.DictReader((Path(__file__).parent / "hands.csv").read_text(encoding="utf-8").splitlines()))
OWNERS = {"chair": set(), "delegation": {"ARV"}, "group": {"CG1", "ARV"}}
OTHERS = {"chair": set(), "delegation": {"BOR"}, "group": {"CG2", "BOR", "CAL"}}


def test_the_policy_says_of_every_role_whether_it_types_into_which_draft() -> None:
    assert [row["kind"] for row in HANDS_TABLE] == ["chair"] * 4 + ["delegation"] * 2 + ["group"] * 2
    for row in HANDS_TABLE:
        phases = {"any": [None, *RoundState], "none": [None]}.get(row["phase"]) or [RoundState(row["phase"])]
        for phase in phases:
            for role in Role:
                side = "CG1" if role is Role.FACILITATOR else "ARV"
                acting = Acting.parse(f"{role}:{side}" if role in FOR_A_SIDE else role)
                owners = (OTHERS if row["whose"] == "other" else OWNERS)[row["kind"]]
                try:
                    judge_hand(DraftKind(row["kind"]), acting, phase, owners)
                    answer = "yes"
                except Refusal as refusal:
                    answer = refusal.code
                assert answer == row[role], (row["kind"], row["phase"], row["whose"], role)


def test_sections_are_locked_by_the_desk_in_the_chairs_draft_and_else_by_who_leads_the_side() -> None:
    assert {kind: hands.lock for kind, hands in HANDS.items()} == {
        "chair": {"secretary", "note_taker", "chair"},
        "delegation": {"head"},
        "group": {"facilitator"},
    }


def test_a_command_without_a_row_is_refused_to_everyone() -> None:
    for role in Role:
        acting = Acting.parse(f"{role}:ARV" if role in FOR_A_SIDE else role)
        with pytest.raises(Refusal) as refusal:
            judge("burn_the_archive", acting, RoundState.OPEN, {"ARV"})
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
    "group:CG1": set(),
    "chair": {"chair"},
    "chair+ARV": {"chair", "arv", "arv2", "clerk"},
    "secretariat+CG1+ARV": {"sec", "notes", "arv", "arv2", "clerk"},
    "desk+ARV+BOR": {"sec", "notes", "chair", "arv", "arv2", "clerk", "bor"},
    "delegation:": set(),
    "watch+ARV": set(),
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
    assert [stream for stream in READERS if reads(held, stream)] == [
        "all",
        "delegation:ARV",
        "secretariat+ARV",
        "desk",
        "chair",
        "chair+ARV",
        "secretariat+CG1+ARV",
        "desk+ARV+BOR",
    ]
    assert reads(["observer"], "group:CG1", ["CG1"])
    assert reads(["observer"], "secretariat+CG1+ARV", ["CG1"])
    assert not reads(["secretary", "chair", "head:ARV"], "group:CG1", ["CG2"])
    assert not reads(["observer"], "secretariat+CG1+ARV", ["CG2"])
    assert not reads(["observer"], "delegation:CG1", ["CG1"])


@pytest.mark.parametrize(
    ("stream", "other", "answer"),
    [
        ("delegation:ARV", "all", True),
        ("all", "delegation:ARV", False),
        ("all", "desk", False),
        ("delegation:ARV", "delegation:ARV", True),
        ("delegation:ARV", "delegation:BOR", False),
        ("delegation:ARV", "secretariat+ARV", True),
        ("delegation:BOR", "secretariat+ARV", False),
        ("secretariat", "secretariat+ARV", True),
        ("secretariat+ARV", "secretariat", False),
        ("secretariat+BOR", "secretariat+ARV", False),
        ("secretariat+BOR", "secretariat+ARV+BOR", True),
        ("chair+ARV", "secretariat+ARV", False),
        ("chair+ARV", "desk+ARV", True),
        ("desk", "secretariat", False),
        ("group:CG1", "secretariat+CG1+ARV", True),
        ("group:CG1", "group:CG2", False),
        ("delegation:ARV", "group:CG1", False),
        ("watch+ARV", "watch+ARV+BOR", False),
    ],
)
def test_a_stream_is_within_another_if_all_its_readers_read_that_too(stream: str, other: str, answer: bool) -> None:
    assert within(stream, other) is answer


class Phases:
    """A room whose round can be brought to each phase, with amendments, drafts, positions and threads in it that are
    ARV's own, another's, or of a closed group that ARV is in: BOR wrote what is the group's; and a decision.
    """

    def __init__(self, room: Cast) -> None:
        self.room = room
        room.do("chair", "found_group", code="CG1", name="Friends of OP1", members=["ARV", "BOR"])
        for handle, capacity in (("fac", "facilitator:CG1"), ("tra", "translator")):
            room.do("sec", "accredit_participant", handle=handle, name=handle.title(), capacities=[capacity])
        reported = room.draft("bor", delete(room.sections[3]), group="CG1")
        self.amendments = {
            "own": room.enter("notes", "ARV", replace(room.sections[5], "States shall act.")),
            "other": room.enter("notes", "BOR", delete(room.sections[9])),
            "group": reported,
        }
        back = {"capacity": "facilitator:CG1", "group": "CG1", "amendment": reported, "sponsors": ["BOR"]}
        room.do("fac", "report_back", **back)
        self.drafts = {
            "own": room.draft("clerk", delete(room.sections[2])),
            "other": room.draft("bor", delete(room.sections[3])),
            "group": room.draft("bor", delete(room.sections[2]), group="CG1"),
        }
        self.working = {"own": room.working("clerk"), "other": room.working("bor")}
        self.working["group"] = room.working("bor", group="CG1")
        for whose, handle in (("own", "arv"), ("other", "bor"), ("group", "fac")):
            locked = {"draft": self.working[whose], "section": room.sections[8]}
            room.do(handle, "lock_section", **locked, **({"capacity": "facilitator:CG1"} if handle == "fac" else {}))
        self.tied = {whose: self._tabled(whose) for whose in self.working}
        self.positions, self.threads = {}, {}
        thread = {"section": room.sections[5], "body": "Why?"}
        for whose, handle, code in (("own", "arv", "ARV"), ("other", "bor", "BOR")):
            stand = {"amendment": self.amendments[whose], "stand": "support", "delegation": code}
            self.positions[whose] = room.do("notes", "take_position", **stand).made["position"]
            self.threads[whose] = room.do(handle, "post_comment", **thread).made["comment"]
        among = {"audience": "group", "group": "CG1"}
        self.threads["group"] = room.do("bor", "post_comment", **thread, **among).made["comment"]
        decided = room.table("cal", delete(room.sections[10]))
        self.decision = room.decide(room.sections[10], [decided], "not_retained")
        self.base = room.version

    def _tabled(self, whose: str) -> str:
        """Table the annex of a working draft, and type on in it."""
        handle, capacity, sponsors = {
            "own": ("arv", "head:ARV", []),
            "other": ("bor", "head:BOR", []),
            "group": ("fac", "facilitator:CG1", ["ARV"]),
        }[whose]
        draft, annex = self.working[whose], self.room.sections[11]
        self.room.type_in(draft, SetText(annex, "No forms"))
        said = {"draft": draft, "round": self.room.round, "sections": [annex], "sponsors": sponsors}
        made = self.room.do(handle, "table_from_draft", capacity=capacity, **said).made
        self.room.type_in(draft, SetText(annex, "Some forms"), SetText(self.room.sections[6], "States report."))
        return made["amendment"]

    def bring_to(self, phase: str) -> None:
        if phase != "open":
            self.room.close()
        if phase == "consolidated":
            for whose, section in (("own", 5), ("other", 9), ("group", 3)):
                self.room.decide(self.room.sections[section], [self.amendments[whose]], "not_retained")
            self.room.decide(self.room.sections[11], [*self.tied.values()], "not_retained")
            self.room.issue()

    def answer(self, handle: str, capacity: str, command: str, whose: str) -> str:
        """Give what the executor would answer; nothing of it is kept."""
        said = {**self.said(command, "own" if whose == "any" else whose), **self.in_role(capacity, command)}
        envelope = self.room.envelope(handle, command, capacity=capacity, **said)
        (refusal,) = self.room.house.executor.rehearse(self.room.person(handle), [envelope])
        return refusal.code if refusal else "yes"

    def in_role(self, capacity: str, command: str) -> dict[str, Any]:
        """Give what some have to say besides."""
        in_the_group = {"draft_amendment": {"group": "CG1"}, "post_comment": {"audience": "group", "group": "CG1"}}
        besides = {"facilitator:CG1": in_the_group, "note_taker": {"take_position": {"delegation": "ARV"}}}
        besides["clerk:ARV"] = {"take_position": {"audience": "own"}}
        return besides.get(capacity, {}).get(command, {})

    def said(self, command: str, whose: str) -> dict[str, Any]:
        room, amendment = self.room, self.amendments[whose]
        new = {"round": room.round, "base": self.base, "edits": [delete(room.sections[6])]}
        draft = {"amendment": self.drafts[whose]}
        position = {"position": self.positions.get(whose)}
        revision = {"revision": 1, "edits": [delete(room.sections[6])]}
        working, sponsors = {"draft": self.working[whose]}, ["ARV"] if whose == "group" else []
        bodies: dict[str, dict[str, Any]] = {
            "close_round": {"round": room.round},
            "circulate_amendments": {"round": room.round},
            "admit_amendment": {"amendment": amendment},
            "table_amendment": new,
            "draft_amendment": new,
            "enter_amendment": {**new, "delegation": "ARV", "source": "floor"},
            "revise_draft": {**draft, **revision},
            "discard_draft": draft,
            "clear_amendment": draft,
            "purge_drafts": {},
            "confirm_entry": {"amendment": amendment},
            "correct_entry": {"amendment": amendment, **revision},
            "sponsor_amendment": {"amendment": amendment},
            "leave_amendment": {"amendment": amendment},
            "revise_amendment": {"amendment": amendment, **revision},
            "withdraw_amendment": {"amendment": amendment},
            "post_comment": {"section": room.sections[5], "body": "Yes."},
            "resolve_comment": {"comment": self.threads[whose]},
            "reopen_comment": {"comment": self.threads[whose]},
            "take_position": {"amendment": amendment, "stand": "support"},
            "clear_position": {**position, "audience": "chair"},
            "withdraw_position": position,
            "found_group": {"code": "CG2", "name": "Friends of OP2", "members": ["ARV"]},
            "change_group": {"code": "CG1", "members": ["ARV"]},
            "dissolve_group": {"code": "CG1"},
            "report_back": {"group": "CG1", **(draft if whose == "group" else {"amendment": amendment})},
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
            "issue_in_session": {"round": room.round},
            "propose_text": {"base": room.version, "name": "Chair's text", "edits": [delete(room.sections[6])]},
            "take_up_text": {"version": room.version, "name": "Rev.8"},
            "open_working_draft": {},
            "lock_section": {"draft": self.working[whose], "section": room.sections[7]},
            "unlock_section": {"draft": self.working[whose], "section": room.sections[8]},
            "table_from_draft": {**working, "round": room.round, "sections": [room.sections[6]], "sponsors": sponsors},
            "revise_from_draft": {**working, "amendment": self.tied[whose], "revision": 1},
            "carry_over_draft": working,
            "reset_section": {**working, "section": room.sections[6]},
            "set_status": {"section": room.sections[6], "version": room.version, "status": "agreed"},
            "renumber_text": {"name": "Rev.9"},
            "recall_version": {"version": room.version, "reason": "A wrong file."},
            "issue_corrigendum": {"version": room.version, "reason": "A slip.", "edits": [delete(room.sections[6])]},
        }
        bodies["report_back"]["sponsors"] = ["ARV"]
        return bodies[command]


BY_ROLE = {CAPACITIES[handle]: handle for handle in ("sec", "chair", "notes", "arv", "arv2", "clerk", "watch")}
BY_ROLE |= {"facilitator:CG1": "fac", "translator": "tra"}
# What is allowed but finds nothing to do, or cannot be done yet, is answered by the command itself.
THEN = {
    "circulate_amendments": "no_change",
    "admit_amendment": "no_change",
    "reopen_comment": "no_change",
    "sponsor_amendment": "no_change",
    "leave_amendment": "conflict",
    "clear_position": "no_change",
    "issue_version": "amendments_unaccounted",
}
IN_A_ROUND = {"take_up_text": "round_open", "renumber_text": "round_open", "issue_corrigendum": "round_open"}
IN_A_ROUND |= {"recall_version": "conflict", "carry_over_draft": "no_change"}
BETWEEN_ROUNDS = {"take_up_text": "conflict", "renumber_text": "no_change"}
BETWEEN_ROUNDS |= {"open_working_draft": "round_consolidated"}

OF_DRAFTS = {"revise_draft", "discard_draft", "clear_amendment", "lock_section", "unlock_section"}
OF_DRAFTS |= {"table_from_draft", "revise_from_draft", "carry_over_draft", "reset_section"}
AT_THE_DESK = {"secretary", "chair", "note_taker"}
SETTLING = {"resolve_comment", "reopen_comment"}
ELSEWHERE = {"create_process", "admit_delegation", "correct_delegation", "accredit_participant"}
ELSEWHERE |= {"withdraw_accreditation", "import_document", "open_round"}
IN_THE_GROUP = {"facilitator", "head", "delegate", "clerk"}


def expected(row: dict[str, str], role: str, phase: str) -> str:
    """Give what the executor is to answer."""
    command, whose = row["command"], row["whose"]
    if command in OF_DRAFTS | SETTLING | {"report_back"} and whose == "group" and role not in IN_THE_GROUP:
        return "unknown"  # what a closed group writes and says is nobody else's to see
    if command in OF_DRAFTS and whose != "group" and (whose == "other" or role not in IN_THE_GROUP - {"facilitator"}):
        return "unknown"  # another's draft is nobody's to see
    if command == "undo_decision" and role not in {"secretary", "chair", "note_taker"} and phase != "consolidated":
        return "unknown"  # decisions are not theirs to see before the version is issued
    if (command, role) == ("withdraw_position", "clerk") and row[role] == "yes":
        return "not_permitted"  # others know of this one
    if role == "facilitator" and whose == "own" and row[role] != "not_permitted":
        return "not_permitted"  # here that is ARV's own; the facilitator's is the group's
    then = THEN | (BETWEEN_ROUNDS if phase == "consolidated" else IN_A_ROUND)
    if role not in AT_THE_DESK:
        then = then | {"open_working_draft": "already_exists"}  # ARV's and the group's were opened, the chair's was not
    return then.get(command, "yes") if row[role] == "yes" else row[role]


@pytest.mark.parametrize("phase", ["open", "closed", "consolidated"])
def test_the_executor_judges_by_the_table(room: Cast, phase: str) -> None:
    at = Phases(room)
    at.bring_to(phase)
    answers: dict[str, int] = {}
    for row in TABLE:
        if row["command"] in ELSEWHERE or row["phase"] not in {phase, "any"}:
            continue
        for capacity, handle in BY_ROLE.items():
            role = capacity.partition(":")[0]
            answer = at.answer(handle, capacity, row["command"], row["whose"])
            assert answer == expected(row, role, phase), (row, role)
            answers[answer] = answers.get(answer, 0) + 1
    assert answers["not_permitted"] > 50
    assert answers["yes"] > 20
