from datetime import UTC, datetime, timedelta, timezone

from drafting.queries.compilation import compilation
from tests.casting import Cast, delete, replace


def labels(cast: Cast, handle: str) -> list[str]:
    return [amendment.label for amendment in cast.snapshot(handle).amendments]


def compiled(cast: Cast, handle: str) -> list[str]:
    who = cast.reader(handle)
    return cast.house.database.read(lambda tx: compilation(tx, who, None)).amendments


def kinds(cast: Cast, handle: str) -> list[str]:
    return [event.kind for event in cast.events(handle)]


def test_a_round_opens_on_the_newest_version_and_is_everyones_to_see(room: Cast) -> None:
    (shown,) = room.snapshot("watch").rounds
    assert (shown.number, shown.name, shown.state, shown.mode) == (1, "First round", "open", "floor")
    assert (shown.base, shown.deadline) == (room.version, room.clock.at + timedelta(days=5))


def test_a_second_round_waits_until_the_first_is_consolidated(room: Cast) -> None:
    said = {"base": room.version, "name": "Second", "deadline": room.clock.at + timedelta(days=1)}
    refusal = room.refused("sec", "open_round", **said)
    assert refusal.code == "round_open"
    assert "First round" in refusal.detail
    room.close()
    assert room.code("sec", "open_round", **said) == "round_open", "closed is not consolidated"
    old = room.version
    room.issue()
    refusal = room.refused("sec", "open_round", **{**said, "base": old})
    assert (refusal.code, refusal.facts) == ("stale", {"newest": room.version})
    room.open(name="Second")
    assert [shown.number for shown in room.snapshot("arv").rounds] == [1, 2]


def test_a_deadline_that_has_passed_is_refused_and_any_offset_means_the_same_moment(cast: Cast) -> None:
    cast.take_in()
    for deadline in (cast.clock.at, cast.clock.at - timedelta(seconds=1)):
        assert cast.code("sec", "open_round", base=cast.version, name="R", deadline=deadline) == "malformed"
    cast.open(deadline=datetime(2026, 3, 5, 18, tzinfo=timezone(timedelta(hours=3))))
    assert cast.snapshot("arv").rounds[0].deadline == datetime(2026, 3, 5, 15, tzinfo=UTC)
    assert cast.events("arv")[-1].payload["round"]["deadline"] == "2026-03-05T15:00:00Z"


def test_a_round_is_closed_once(room: Cast) -> None:
    room.close()
    assert room.snapshot("arv").rounds[0].state == "closed"
    assert room.code("sec", "close_round", round=room.round) == "round_closed"


def test_held_proposals_are_invisible_to_others_until_circulated_and_then_all_there_at_once(held: Cast) -> None:
    held.table("cal", replace(held.sections[5], "Calia's wording."))
    held.table("arv", replace(held.sections[5], "Arvia's wording."))
    held.table("bor", delete(held.sections[6]))
    held.table("arv", delete(held.sections[9]))
    for handle, own in {"arv": ["ARV-1", "ARV-2"], "bor": ["BOR-1"], "clerk": ["ARV-1", "ARV-2"], "watch": []}.items():
        assert labels(held, handle) == own
        assert kinds(held, handle).count("amendment_tabled") == len(own)
        assert compiled(held, handle) == []
    assert labels(held, "chair") == []
    assert labels(held, "sec") == labels(held, "notes") == ["CAL-1", "ARV-1", "BOR-1", "ARV-2"]
    held.do("sec", "circulate_amendments", round=held.round)
    for handle in ("arv", "bor", "watch", "chair", "sec"):
        # By delegation: the order does not tell who was first.
        assert labels(held, handle) == compiled(held, handle) == ["ARV-1", "ARV-2", "BOR-1", "CAL-1"]
        assert kinds(held, handle)[-1] == "amendments_circulated"
        assert len(held.events(handle)[-1].payload["amendments"]) == 4


def test_a_circulation_releases_what_was_held_since_the_last_one(held: Cast) -> None:
    assert held.code("sec", "circulate_amendments", round=held.round) == "no_change"
    held.table("bor", delete(held.sections[6]))
    held.do("sec", "circulate_amendments", round=held.round)
    assert held.code("sec", "circulate_amendments", round=held.round) == "no_change"
    held.table("arv", delete(held.sections[5]))
    assert labels(held, "watch") == ["BOR-1"]
    held.do("sec", "circulate_amendments", round=held.round)
    assert labels(held, "watch") == ["BOR-1", "ARV-1"]
    assert len(held.events("watch")[-1].payload["amendments"]) == 1


def test_what_was_withdrawn_while_it_was_held_is_never_shown_to_others(held: Cast) -> None:
    gone = held.table("arv", replace(held.sections[5], "A whisper."))
    held.do("arv", "withdraw_amendment", amendment=gone, reason="A whisper.")
    held.table("arv", delete(held.sections[6]))
    held.do("sec", "circulate_amendments", round=held.round)
    held.close()
    (stays,) = held.snapshot("bor").amendments
    held.decide(held.sections[6], [stays.id], "incorporate")
    held.issue()
    assert stays.label == "ARV-2"
    for handle in ("bor", "watch", "chair"):
        said = "".join(event.model_dump_json() for event in held.events(handle))
        assert gone not in said
        assert "ARV-1" not in said
        assert "whisper" not in said
        assert labels(held, handle) == ["ARV-2"]
    assert labels(held, "arv") == labels(held, "sec") == ["ARV-1", "ARV-2"]


def test_a_held_amendment_is_unknown_to_whom_it_is_hidden_from(held: Cast) -> None:
    amendment = held.table("arv", delete(held.sections[5]))
    nothing = "am_" + "0" * 26

    def answers(handle: str, kind: str, **said: object) -> list[tuple[str, str]]:
        refusals = [held.refused(handle, kind, amendment=asked, **said) for asked in (amendment, nothing)]
        return [(r.code, r.detail.replace(amendment, "A").replace(nothing, "A")) for r in refusals]

    for handle, kind, said in (
        ("bor", "withdraw_amendment", {}),
        ("bor", "post_comment", {"body": "Aha."}),
        ("chair", "admit_amendment", {}),
        ("chair", "post_comment", {"body": "Aha."}),
    ):
        first, second = answers(handle, kind, **said)
        assert first == second
        assert first[0] == "unknown"


def test_the_chair_cannot_decide_on_what_is_held_nor_learn_that_it_is(held: Cast) -> None:
    amendment = held.table("arv", delete(held.sections[5]))
    refusals = [
        held.refused("chair", "decide_section", **held.decision(held.sections[5], [asked], "not_retained"))
        for asked in (amendment, "am_" + "0" * 26)
    ]
    assert [refusal.code for refusal in refusals] == ["unknown", "unknown"]
    said = held.decision(held.sections[5], [amendment], "not_retained")
    refusal = held.refused("sec", "decide_section", **said)
    assert refusal.code == "amendment_closed"
    assert "circulate it first" in refusal.detail
    assert held.desk("sec").waiting == held.desk("chair").waiting == 0


def test_late_and_held_both_hold_an_amendment_back(held: Cast) -> None:
    held.clock.move(days=9)
    late = held.table("arv", delete(held.sections[5]))
    assert held.code("chair", "admit_amendment", amendment=late) == "unknown"
    held.do("sec", "admit_amendment", amendment=late)
    assert held.events("bor")[-1].kind == "round_opened", "admitting what is held is no news to others"
    held.do("sec", "circulate_amendments", round=held.round)
    assert compiled(held, "bor") == ["ARV-1"]


def test_what_was_revised_while_it_was_held_comes_before_others_as_it_stands(held: Cast) -> None:
    amendment = held.table("arv", replace(held.sections[5], "A whisper."))
    edits = [replace(held.sections[5], "States shall act.")]
    held.do("arv", "revise_amendment", amendment=amendment, revision=1, edits=edits)
    assert [one.number for one in held.snapshot("sec").amendments[0].revisions] == [1, 2]
    held.do("sec", "circulate_amendments", round=held.round)
    for handle in ("bor", "chair", "arv", "sec"):
        (shown,) = held.snapshot(handle).amendments
        assert [(one.number, one.edits[0].text) for one in shown.revisions] == [(1, "States shall act.")]
    assert "whisper" not in "".join(event.model_dump_json() for event in held.events("bor"))
    assert "whisper" in "".join(event.model_dump_json() for event in held.events("sec"))
    assert held.verify().findings == []


def test_the_chair_is_not_told_which_held_amendments_keep_a_version_from_being_issued(held: Cast) -> None:
    held.table("arv", delete(held.sections[5]))
    held.close()
    issue = {"round": held.round, "name": "Rev.1"}
    refusal = held.refused("chair", "issue_version", **issue)
    assert (refusal.code, refusal.facts) == ("amendments_unaccounted", {"amendments": []})
    assert "ARV" not in refusal.detail
    assert held.refused("sec", "issue_version", **issue).facts == {"amendments": ["ARV-1"]}
