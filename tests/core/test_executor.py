from concurrent.futures import Future
from threading import Barrier, Thread
from typing import Any

from sqlalchemy import text
from sqlmodel import func, select

from drafting.commands import FUNCTIONS
from drafting.crdt.replica import SetText
from drafting.policy import POLICY
from drafting.protocol.commands import COMMANDS, Envelope, Receipt
from drafting.protocol.events import KINDS
from drafting.protocol.problems import Refusal
from storage import tables as t
from tests.casting import Cast, add, delete, replace

EVENT_OF = {
    "create_process": "process_created",
    "admit_delegation": "delegation_admitted",
    "accredit_participant": "participant_accredited",
    "import_document": "document_imported",
    "open_round": "round_opened",
    "close_round": "round_closed",
    "circulate_amendments": "amendments_circulated",
    "admit_amendment": "amendment_admitted",
    "table_amendment": "amendment_tabled",
    "revise_amendment": "amendment_revised",
    "withdraw_amendment": "amendment_withdrawn",
    "sponsor_amendment": "amendment_sponsored",
    "leave_amendment": "amendment_left",
    "draft_amendment": "amendment_drafted",
    "revise_draft": "draft_revised",
    "discard_draft": "draft_discarded",
    "clear_amendment": "amendment_cleared",
    "purge_drafts": "drafts_purged",
    "enter_amendment": "amendment_entered",
    "confirm_entry": "entry_confirmed",
    "correct_entry": "entry_corrected",
    "post_comment": "comment_posted",
    "resolve_comment": "comment_resolved",
    "reopen_comment": "comment_reopened",
    "take_position": "position_taken",
    "clear_position": "position_cleared",
    "withdraw_position": "position_withdrawn",
    "found_group": "group_founded",
    "change_group": "group_changed",
    "dissolve_group": "group_dissolved",
    "report_back": "text_reported_back",
    "decide_section": "section_decided",
    "undo_decision": "decision_undone",
    "issue_version": "version_issued",
    "issue_in_session": "in_session_issued",
    "propose_text": "text_proposed",
    "take_up_text": "text_taken_up",
    "renumber_text": "text_renumbered",
    "recall_version": "version_recalled",
    "issue_corrigendum": "corrigendum_issued",
    "set_status": "status_set",
    "correct_delegation": "delegation_corrected",
    "withdraw_accreditation": "accreditation_withdrawn",
    "open_working_draft": "working_draft_opened",
    "lock_section": "section_locked",
    "unlock_section": "section_unlocked",
    "table_from_draft": "draft_tabled",
    "revise_from_draft": "amendment_redrafted",
    "carry_over_draft": "draft_carried_over",
    "reset_section": "section_reset",
}


def count(cast: Cast, table: type) -> int:
    return cast.house.database.read(lambda tx: tx.session.exec(select(func.count()).select_from(table)).one())


def send(cast: Cast, handle: str, envelope: Envelope) -> Receipt:
    return cast.house.executor.execute(cast.person(handle), envelope).result()


def code_of(future: Future[Receipt]) -> str:
    failure = future.exception()
    assert isinstance(failure, Refusal)
    return failure.code


def test_every_command_has_one_model_one_function_one_policy_row_and_one_event_kind() -> None:
    kinds = {model.model_fields["kind"].default for model in COMMANDS}
    assert kinds == EVENT_OF.keys()
    assert FUNCTIONS.keys() == EVENT_OF.keys()
    assert POLICY.keys() == EVENT_OF.keys()
    assert set(EVENT_OF.values()) == KINDS
    assert len(set(EVENT_OF.values())) == len(EVENT_OF)


def test_every_command_gives_the_event_of_its_name_and_says_so_in_its_receipt(room: Cast) -> None:
    said: dict[str, str] = {}

    def note(receipt: Receipt) -> Receipt:
        said[receipt.kind] = receipt.event
        return receipt

    take = room.do
    room.do = lambda *a, **k: note(take(*a, **k))  # type: ignore[method-assign]
    room.do("root", "create_process", name="Another", secretary="sec")
    room.do("sec", "admit_delegation", code="DOR", names={"en": {"short": "Dor", "formal": "Dor"}}, order=9)
    room.do("sec", "accredit_participant", handle="dor", name="Dor", capacities=["head:DOR"])
    _type(room)
    _propose(room)
    first = room.table("arv", replace(room.sections[5], "States shall act."))
    room.do("arv", "revise_amendment", amendment=first, revision=1, edits=[delete(room.sections[5])])
    _discuss(room)
    room.clock.move(days=9)
    late = room.table("bor", delete(room.sections[6]))
    room.do("chair", "admit_amendment", amendment=late)
    room.do("bor", "withdraw_amendment", amendment=late)
    draft = room.working("clerk")
    room.close()
    room.do("sec", "undo_decision", decision=room.decide(room.sections[5], [first], "incorporate"))
    room.decide(room.sections[5], [first], "incorporate")
    room.do("sec", "issue_in_session", round=room.round)
    room.issue()
    room.do("arv", "carry_over_draft", draft=draft)
    _issue_anew(room)
    room.do("sec", "correct_delegation", code="DOR", order=10)
    room.do("sec", "withdraw_accreditation", handle="dor", capacities=["head:DOR"])
    room.take_in()
    room.open(mode="held")
    room.table("arv", delete(room.sections[5]))
    room.do("sec", "circulate_amendments", round=room.round)
    assert said == EVENT_OF
    assert [event.kind for event in room.events("sec")] == [
        "document_imported",
        "round_opened",
        "amendment_tabled",
        "amendments_circulated",
    ]


def _type(room: Cast) -> None:
    """Open a working draft, lock a section of it and unlock it."""
    about = {"draft": room.working("clerk"), "section": room.sections[5]}
    room.do("arv", "lock_section", **about)
    room.do("arv", "unlock_section", **about)
    room.type_in(about["draft"], SetText(room.sections[5], "Typed."))
    tabled = room.do("arv", "table_from_draft", draft=about["draft"], round=room.round, sections=[room.sections[5]])
    room.type_in(about["draft"], SetText(room.sections[5], "Typed again."))
    again = {"draft": about["draft"], "amendment": tabled.made["amendment"]}
    room.do("arv", "revise_from_draft", revision=1, **again)
    room.do("arv", "reset_section", **about)
    room.do("arv", "withdraw_amendment", amendment=tabled.made["amendment"])


def _propose(room: Cast) -> None:
    """Enter on behalf, sponsor, leave, withdraw; draft inside, discard, clear, purge."""
    entry = room.enter("notes", "ARV", delete(room.sections[2]))
    room.do("notes", "correct_entry", amendment=entry, revision=1, edits=[delete(room.sections[3])])
    room.do("arv", "confirm_entry", amendment=entry)
    room.do("bor", "sponsor_amendment", amendment=entry)
    room.do("arv", "leave_amendment", amendment=entry)
    room.do("bor", "withdraw_amendment", amendment=entry)
    draft = room.draft("clerk", delete(room.sections[2]))
    room.do("clerk", "revise_draft", amendment=draft, revision=1, edits=[delete(room.sections[3])])
    room.do("clerk", "discard_draft", amendment=draft)
    cleared = room.draft("clerk", delete(room.sections[2]))
    room.do("arv", "clear_amendment", amendment=cleared)
    room.do("arv", "withdraw_amendment", amendment=cleared)
    room.do("arv", "purge_drafts")


def _issue_anew(room: Cast) -> None:
    """Between rounds: take a chair's text up, count anew, correct, recall, and agree on a paragraph."""
    text = {"base": room.version, "name": "Chair's text", "edits": [add(room.sections[6], "A bridge.")]}
    proposal = room.do("chair", "propose_text", **text).made["version"]
    room.do("chair", "take_up_text", version=proposal, name="Rev.2")
    basis = room.do("sec", "renumber_text", name="Rev.3").made["version"]
    slip = {"edits": [replace(room.sections[6], "States report.")], "reason": "A slip."}
    corrected = room.do("sec", "issue_corrigendum", version=basis, **slip).made["version"]
    room.do("sec", "recall_version", version=corrected, reason="The wrong file.")
    room.do("chair", "set_status", section=room.sections[6], version=basis, status="agreed")


def _discuss(room: Cast) -> None:
    """Comment, take positions, and have a closed group report back."""
    thread = room.do("arv", "post_comment", section=room.sections[5], body="Thanks.").made["comment"]
    room.do("arv", "resolve_comment", comment=thread)
    room.do("sec", "reopen_comment", comment=thread)
    internal = {"section": room.sections[5], "stand": "support", "audience": "own"}
    position = room.do("clerk", "take_position", **internal).made["position"]
    room.do("arv", "clear_position", position=position, audience="all")
    room.do("arv", "withdraw_position", position=position)
    room.do("chair", "found_group", code="CG1", name="Friends", members=["ARV"])
    room.do("sec", "accredit_participant", handle="watch", name="Watch", capacities=["facilitator:CG1"])
    text = room.draft("arv", delete(room.sections[9]), group="CG1")
    reported = {"group": "CG1", "amendment": text, "sponsors": ["ARV"], "capacity": "facilitator:CG1"}
    room.do("watch", "report_back", **reported)
    room.do("watch", "withdraw_amendment", amendment=text, capacity="facilitator:CG1")
    room.do("chair", "change_group", code="CG1", members=["BOR"])
    room.do("chair", "dissolve_group", code="CG1")


def test_a_repeated_command_answers_the_first_receipt_and_writes_once(room: Cast) -> None:
    edits = [replace(room.sections[5], "States shall act.")]
    said = {"round": room.round, "base": room.version, "edits": edits}
    envelope = room.envelope("arv", "table_amendment", **said)
    first = send(room, "arv", envelope)
    room.clock.move(days=20)
    room.close()
    events = count(room, t.Event)
    assert send(room, "arv", envelope) == first, "though the round is closed by now"
    assert send(room, "arv", envelope).model_dump_json() == first.model_dump_json()
    assert count(room, t.Event) == events
    assert [a.label for a in room.snapshot("bor").amendments] == ["ARV-1"]
    assert first.made["label"] == "ARV-1"


def test_eight_threads_that_send_one_command_at_once_get_one_receipt_and_write_once(room: Cast) -> None:
    said = {"round": room.round, "base": room.version, "edits": [delete(room.sections[5])]}
    envelope, person = room.envelope("arv", "table_amendment", **said), room.person("arv")
    barrier, receipts = Barrier(8), []

    def one() -> None:
        barrier.wait()
        receipts.append(room.house.executor.execute(person, envelope).result())

    threads = [Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receipts) == 8
    assert all(receipt == receipts[0] for receipt in receipts)
    assert count(room, t.Amendment) == count(room, t.Revision) == 1


def test_one_id_for_another_body_is_refused_whoever_else_uses_that_id(room: Cast) -> None:
    envelope = room.envelope("arv", "post_comment", section=room.sections[5], body="One.")
    send(room, "arv", envelope)
    other = room.envelope("arv", "post_comment", section=room.sections[5], body="Two.").model_copy(
        update={"id": envelope.id}
    )
    assert code_of(room.house.executor.execute(room.person("arv"), other)) == "command_id_reused"
    theirs = room.envelope("bor", "post_comment", section=room.sections[5], body="Mine.").model_copy(
        update={"id": envelope.id}
    )
    assert send(room, "bor", theirs).id == envelope.id
    assert [comment.body for comment in room.snapshot("bor").comments] == ["One.", "Mine."]


def test_a_refusal_is_not_stored_and_a_resend_is_judged_anew(room: Cast) -> None:
    envelope = room.envelope("watch", "post_comment", capacity="delegate:CAL", section=room.sections[5], body="Yes.")
    person, receipts = room.person("watch"), count(room, t.Receipt)
    assert code_of(room.house.executor.execute(person, envelope)) == "capacity_not_held"
    assert count(room, t.Receipt) == receipts
    room.do("sec", "accredit_participant", handle="watch", name="Watch", capacities=["delegate:CAL"])
    assert send(room, "watch", envelope).kind == "post_comment"


def test_a_refused_command_leaves_nothing_behind(room: Cast) -> None:
    tables = (t.Event, t.Amendment, t.Revision, t.Section, t.Receipt, t.Comment)
    before = [count(room, table) for table in tables]
    edits = [{"op": "add", "after": room.sections[5], "section_kind": "operative", "level": 1, "text": "New."}]
    assert room.code(
        "arv", "table_amendment", round=room.round, base=room.version, edits=[*edits, delete("se_" + "0" * 26)]
    )
    assert room.code("arv", "post_comment", section=room.sections[5], body=" ") == "text_empty"
    assert [count(room, table) for table in tables] == before


def test_a_scope_that_is_not_there_and_one_that_may_not_be_entered_answer_alike(room: Cast) -> None:
    room.do("root", "create_process", name="Another", secretary="cal")
    nowhere, document = "do_" + "0" * 26, room.document
    room.do("sec", "accredit_participant", handle="eve", name="Eve", capacities=["observer"])
    room.house.database.write(
        lambda tx: tx.session.execute(
            text("DELETE FROM heldcapacity WHERE participant = :p"), {"p": room.person("eve").id}
        )
    ).result()

    def answer(scope: str) -> tuple[str, str]:
        refusal = room.refused(
            "eve", "post_comment", capacity="observer", document=scope, section=room.sections[5], body="Hello?"
        )
        return refusal.code, refusal.detail.replace(scope, "SCOPE")

    assert answer(document) == answer(nowhere) == ("unknown", "There is no SCOPE that you may act in.")


def test_a_capacity_that_is_not_held_is_refused_and_says_what_is_held(room: Cast) -> None:
    refusal = room.refused("bor", "post_comment", capacity="head:ARV", section=room.sections[5], body="As Arvia,")
    assert refusal.code == "capacity_not_held"
    assert "you are head:BOR" in refusal.detail
    assert room.code("sec", "create_process", capacity="administrator", name="Mine", secretary="sec") == (
        "capacity_not_held"
    )
    assert room.code("sec", "create_process", capacity="secretary", name="Mine", secretary="sec") == "unknown"


def test_what_belongs_to_another_document_is_unknown_in_this_one(room: Cast) -> None:
    theirs = room.table("arv", delete(room.sections[5]))
    decision = room.decide(room.sections[5], [theirs], "not_retained")
    round_id, section = room.round, room.sections[5]
    room.take_in()
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("sec", "admit_amendment", {"amendment": theirs}),
        ("arv", "withdraw_amendment", {"amendment": theirs}),
        ("arv", "post_comment", {"amendment": theirs, "body": "Hm."}),
        ("sec", "undo_decision", {"decision": decision}),
        ("sec", "close_round", {"round": round_id}),
        ("sec", "issue_version", {"round": round_id, "name": "Rev.1"}),
    ]
    for who, kind, said in asked:
        refusal = room.refused(who, kind, **said)
        assert refusal.code == "unknown"
        assert next(iter(said.values())) in refusal.detail, "it names what was asked for, and nothing else"
    assert room.code("arv", "post_comment", section=section, body="Hm.") == "unknown_section"
    said = {"round": round_id, "base": room.version, "edits": [delete(room.sections[5])]}
    assert room.code("arv", "table_amendment", **said) == "unknown"
    assert room.code("sec", "open_round", base=room.version[:-1] + "0", name="R", deadline=room.clock.at) == "unknown"


def test_a_decision_that_may_not_be_seen_is_as_unknown_as_one_that_is_not_there(room: Cast) -> None:
    decision = room.decide(room.sections[5], [room.table("arv", delete(room.sections[5]))], "not_retained")
    nothing = "de_" + "0" * 26
    answers = [room.refused("arv", "undo_decision", decision=asked) for asked in (decision, nothing)]
    assert [answer.code for answer in answers] == ["unknown", "unknown"]
    assert answers[0].detail.replace(decision, "D") == answers[1].detail.replace(nothing, "D")


def test_what_only_ones_state_may_see_is_unknown_to_whom_one_acts_as_chair(held: Cast) -> None:
    held.do("sec", "accredit_participant", handle="arv", name="Arv", capacities=["chair"])
    amendment = held.table("arv", delete(held.sections[5]))
    own = {"section": held.sections[5], "audience": "own"}
    position = held.do("arv", "take_position", stand="flexible", **own).made["position"]
    comment = held.do("arv", "post_comment", body="Between us.", **own).made["comment"]
    decision = held.decide(held.sections[6], [], "redraft", text="Redrafted.")
    asked = [
        ("chair", "admit_amendment", {"amendment": amendment}),
        ("chair", "withdraw_position", {"position": position}),
        ("chair", "resolve_comment", {"comment": comment}),
        ("head:ARV", "undo_decision", {"decision": decision}),
    ]
    for capacity, kind, said in asked:
        assert held.code("arv", kind, capacity=capacity, **said) == "unknown", kind
    held.do("arv", "withdraw_position", capacity="head:ARV", position=position)
    held.do("arv", "resolve_comment", capacity="head:ARV", comment=comment)
    held.do("arv", "withdraw_amendment", capacity="head:ARV", amendment=amendment)
    held.do("arv", "undo_decision", capacity="chair", decision=decision)


def test_what_a_command_writes_remembers_the_place_of_its_event(room: Cast) -> None:
    amendment = room.table("arv", delete(room.sections[5]))
    comment = room.do("arv", "post_comment", amendment=amendment, body="Why not?").made["comment"]
    decision = room.decide(room.sections[5], [amendment], "incorporate")
    rows = ((t.Amendment, amendment, 3), (t.Comment, comment, 4), (t.Decision, decision, 5))
    for table, id_, place in rows:
        assert room.house.database.read(lambda tx, k=(table, id_): tx.session.get_one(*k)).place == place


def test_the_event_says_who_in_which_capacity_when_and_by_which_command(room: Cast) -> None:
    room.clock.move(minutes=5)
    room.do("arv", "post_comment", section=room.sections[5], body="Thanks.")
    event = room.events("bor")[-1]
    assert (event.by, event.capacity, event.at) == ("arv", "head:ARV", room.clock.at)
    assert (event.stream, event.seq, event.kind) == ("all", 3, "comment_posted")
