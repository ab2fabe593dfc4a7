import random
from pathlib import Path

import pytest
from sqlmodel import SQLModel, col, func, select
from sqlmodel import delete as delete_from

from drafting.commands.credentials import grant
from drafting.crdt.replica import Replica, SetText
from drafting.protocol.fold import fold
from drafting.protocol.views import Snapshot
from storage import tables as t
from storage import updates
from storage.bus import MemoryBus
from storage.database import Database, WriteTransaction
from tests.casting import Cast, add, delete, replace

WORDS = "Quinquireme of Nineveh"


def count(cast: Cast, table: type[SQLModel]) -> int:
    return cast.house.database.read(lambda tx: tx.session.exec(select(func.count()).select_from(table)).one())


def found_in(folder: Path, words: str) -> int:
    """Count how often the words are in the files of a house's home."""
    return sum(file.read_bytes().count(words.encode()) for file in folder.rglob("*") if file.is_file())


def write_in_private(room: Cast) -> dict[str, str]:
    """Write a draft, revise it, discard another, and comment and take a position on it, all for the own side."""
    one, new = room.sections[5], "se_" + "4" * 26
    kept = room.draft("clerk", replace(one, f"{WORDS}, one."), rationale=f"{WORDS}, why.")
    again = {"edits": [replace(one, f"{WORDS}, two."), add(one, f"{WORDS}, new.", new)], "placement_note": WORDS}
    room.do("arv", "revise_draft", amendment=kept, revision=1, **again)
    discarded = room.draft("arv", replace(one, f"{WORDS}, three."))
    room.do("arv", "discard_draft", amendment=discarded)
    said = {"audience": "own", "body": f"{WORDS}?"}
    comment = room.do("arv", "post_comment", section=one, **said).made["comment"]
    room.do("clerk", "post_comment", reply_to=comment, amendment=None, **said)
    room.do("arv", "post_comment", amendment=kept, **said)
    room.do("arv", "resolve_comment", comment=comment)
    room.do("clerk", "take_position", amendment=kept, stand="flexible", audience="own", note=WORDS)
    return {"kept": kept, "discarded": discarded, "comment": comment, "new": new}


def test_the_head_erases_drafts_and_own_comments_and_nothing_is_left_of_them(room: Cast) -> None:
    write_in_private(room)
    tabled = room.table("arv", delete(room.sections[6]))
    room.do("arv", "post_comment", amendment=tabled, body="We insist.")
    others = room.draft("bor", delete(room.sections[5]))
    room.do("bor", "post_comment", section=room.sections[5], audience="own", body="Ours.")
    before = {handle: room.snapshot(handle) for handle in ("cal", "bor", "sec")}
    room.do("arv", "purge_drafts")
    assert [a.id for a in room.snapshot("arv").amendments] == [tabled]
    assert [c.body for c in room.snapshot("arv").comments] == ["We insist."]
    assert room.snapshot("arv").positions == []
    assert [a.id for a in room.snapshot("bor").amendments] == [tabled, others]
    assert {handle: room.snapshot(handle) for handle in before} == before
    assert (count(room, t.Amendment), count(room, t.Revision), count(room, t.Comment)) == (2, 2, 2)
    assert room.verify().findings == []


def type_in_private(room: Cast, handle: str = "clerk") -> str:
    """Open a working draft, type into it before and after its log is put together, tie it to what was tabled from it,
    lock a section and have a token for it; gives its id.
    """
    head = {"clerk": "arv"}.get(handle, handle)
    draft, tabled = room.working(handle), room.table(head, delete(room.sections[7]))

    def work(tx: WriteTransaction) -> None:
        replica = Replica.of(b"", [content for _, content in updates.after(tx.session, draft, 0)])
        for words in ("typed first", "typed last"):
            update = replica.write([SetText(room.sections[5], f"{WORDS}, {words}.")])
            replica.apply(update)
            number = tx.type_in(draft, update)
            if words == "typed first":
                updates.compact(tx.session, draft, number, replica.state())
        tx.session.add(t.DraftHand(draft=draft, client=7, participant=room.person(handle).id, side="ARV"))
        tx.session.add(t.DraftTie(draft=draft, section=room.sections[7], amendment=tabled))
        grant(tx, "draft", room.person(handle), room.clock.at, label=draft)

    room.house.database.write(work).result()
    room.do(head, "lock_section", draft=draft, section=room.sections[6])
    return draft


OF_DRAFTS = (t.WorkingDraft, t.DraftUpdate, t.DraftState, t.DraftHand, t.DraftLock, t.DraftTie)


def test_the_delegations_working_draft_goes_with_all_that_was_typed_into_it_and_nobody_elses(room: Cast) -> None:
    others = type_in_private(room, "bor")
    room.do("chair", "found_group", code="CG1", name="Friends of OP1", members=["ARV", "BOR"])
    chairs, groups = room.working("notes"), room.working("arv", group="CG1")
    kept = [count(room, table) for table in (*OF_DRAFTS, t.Credential)]
    before = {handle: room.snapshot(handle).working_drafts for handle in ("bor", "cal", "sec")}
    draft = type_in_private(room)
    assert all(count(room, table) > number for table, number in zip(OF_DRAFTS, kept, strict=False))
    room.do("arv", "purge_drafts")
    assert [count(room, table) for table in (*OF_DRAFTS, t.Credential)] == kept
    assert {handle: room.snapshot(handle).working_drafts for handle in before} == before
    assert [one.id for one in room.snapshot("arv").working_drafts] == sorted([chairs, groups])
    assert [one.id for one in room.snapshot("bor").working_drafts] == sorted([others, chairs, groups])
    *private, purged = [event for event in room.events("arv") if event.stream == "delegation:ARV"]
    assert [(event.kind, event.payload) for event in private] == [("working_draft_opened", {}), ("section_locked", {})]
    assert purged.payload["working_drafts"] == [draft]
    assert [a.label for a in room.snapshot("cal").amendments] == ["BOR-1", "ARV-1"], "what was tabled stays"
    assert room.verify().findings == []
    assert room.working("clerk") != draft, "a new one may be opened"


def test_what_a_room_would_still_commit_into_a_purged_draft_finds_no_place(room: Cast) -> None:
    draft = type_in_private(room)
    room.do("arv", "purge_drafts")
    with pytest.raises(LookupError):
        room.house.database.write(lambda tx: tx.type_in(draft, b"\0\0")).result()
    assert count(room, t.DraftUpdate) == 0


def test_the_log_keeps_that_something_was_done_and_not_what(room: Cast) -> None:
    made = write_in_private(room)
    room.do("arv", "purge_drafts")
    *private, purged = [event for event in room.events("arv") if event.stream == "delegation:ARV"]
    assert [(event.kind, event.payload) for event in private] == [
        ("amendment_drafted", {}),
        ("draft_revised", {}),
        ("amendment_drafted", {}),
        ("draft_discarded", {}),
        ("comment_posted", {}),
        ("comment_posted", {}),
        ("comment_posted", {}),
        ("comment_resolved", {}),
        ("position_taken", {}),
    ]
    assert (purged.kind, purged.seq) == ("drafts_purged", 10)
    assert sorted(purged.payload["amendments"]) == sorted([made["kept"], made["discarded"]])
    assert (len(purged.payload["comments"]), len(purged.payload["positions"])) == (3, 1)


def test_a_client_that_held_the_drafts_and_one_that_comes_later_end_where_a_reload_does(room: Cast) -> None:
    first, start = room.snapshot("arv"), len(room.events("arv"))
    made, working = write_in_private(room), type_in_private(room)
    cleared = room.draft("clerk", delete(room.sections[9]))
    room.do("arv", "clear_amendment", amendment=cleared)
    followed = folded(room, first, start)
    assert {made["kept"], made["discarded"]} < {a.id for a in followed.amendments}
    assert [(one.id, one.locked) for one in followed.working_drafts] == [(working, [room.sections[6]])]
    seen = len(room.events("arv"))
    room.do("arv", "purge_drafts")
    reload = room.snapshot("arv").model_copy(update={"cursor": ""})
    assert folded(room, followed, seen) == reload
    assert folded(room, first, start) == reload
    assert ([a.label for a in reload.amendments], reload.working_drafts) == (["ARV-1", "ARV-2"], [])


def folded(cast: Cast, snapshot: Snapshot, start: int) -> Snapshot:
    for event in cast.events("arv")[start:]:
        snapshot = fold(snapshot, event, "")
    return snapshot


def test_only_the_head_purges_and_only_where_there_is_something(room: Cast) -> None:
    assert room.code("arv", "purge_drafts") == "no_change"
    room.table("arv", delete(room.sections[5]))
    room.do("arv", "post_comment", section=room.sections[5], body="For all.")
    assert room.code("arv", "purge_drafts") == "no_change"
    room.draft("clerk", delete(room.sections[6]))
    for handle in ("arv2", "clerk", "sec", "chair", "watch"):
        assert room.code(handle, "purge_drafts") == "not_permitted"
    assert room.code("bor", "purge_drafts") == "no_change"
    room.do("arv", "purge_drafts")
    assert room.code("arv", "purge_drafts") == "no_change"


def test_own_comments_alone_are_purged_too_when_the_round_is_over(room: Cast) -> None:
    room.do("arv", "post_comment", section=room.sections[5], audience="own", body="Between us.")
    room.do("arv", "post_comment", section=room.sections[5], audience="secretariat", body="To you.")
    room.close()
    room.issue()
    room.do("arv", "purge_drafts")
    assert [c.body for c in room.snapshot("arv").comments] == ["To you."]
    assert room.verify().findings == []


def test_a_groups_draft_is_not_a_members_to_purge(room: Cast) -> None:
    room.do("chair", "found_group", code="CG1", name="Friends of OP1", members=["ARV", "BOR"])
    room.draft("arv", delete(room.sections[5]), group="CG1")
    assert room.code("arv", "purge_drafts") == "no_change"


def test_what_a_tabled_amendment_said_as_a_draft_is_erased_and_what_was_tabled_stays(room: Cast) -> None:
    cleared = room.draft("clerk", replace(room.sections[5], f"{WORDS}, once."))
    edits = [replace(room.sections[5], "States shall act.")]
    room.do("arv", "revise_draft", amendment=cleared, revision=1, edits=edits)
    room.do("arv", "clear_amendment", amendment=cleared)
    room.do("arv", "take_position", amendment=cleared, stand="support", audience="own")
    assert any(WORDS in event.model_dump_json() for event in room.events("arv"))
    before = room.snapshot("arv")
    room.do("arv", "purge_drafts")
    assert not any(WORDS in event.model_dump_json() for event in room.events("arv"))
    assert room.snapshot("arv").model_copy(update={"cursor": before.cursor}) == before
    assert room.code("arv", "purge_drafts") == "no_change"
    assert room.verify().findings == []


def test_draft_numbers_are_not_used_again_and_the_ids_of_purged_sections_are_free(room: Cast) -> None:
    made = write_in_private(room)
    room.do("arv", "purge_drafts")
    again = room.do("clerk", "draft_amendment", **room.proposed(add(room.sections[5], "Anew.", made["new"])))
    assert again.made["label"] == "ARV draft 3"


def test_a_command_that_was_purged_is_not_taken_a_second_time(room: Cast) -> None:
    envelope = room.envelope("clerk", "draft_amendment", **room.proposed(replace(room.sections[5], WORDS)))
    person = room.person("clerk")
    first = room.house.executor.execute(person, envelope).result()
    room.do("arv", "purge_drafts")
    assert room.house.executor.execute(person, envelope).result() == first
    assert room.snapshot("arv").amendments == []


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_the_words_are_in_no_file_of_the_database_any_more(room: Cast, tmp_path: Path) -> None:
    write_in_private(room)
    type_in_private(room)
    assert found_in(tmp_path, f"{WORDS}, typed first") > 0
    room.do("bor", "post_comment", section=room.sections[5], body="Spoken aloud.")
    assert found_in(tmp_path, WORDS) > 10
    tabled = room.draft("clerk", replace(room.sections[6], f"{WORDS}, at first."))
    again = {"amendment": tabled, "revision": 1, "edits": [replace(room.sections[6], "States shall act.")]}
    room.do("arv", "revise_draft", **again)
    room.do("arv", "clear_amendment", amendment=tabled)
    room.do("arv", "purge_drafts")
    assert found_in(tmp_path, WORDS) == 0
    assert found_in(tmp_path, "Spoken aloud") > 0


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_not_even_what_the_database_has_moved_from_page_to_page_is_left(database_url: str, tmp_path: Path) -> None:
    database, chance = Database(database_url, MemoryBus()), random.Random(0)  # noqa: S311 - chance that can be repeated

    def write(tx: WriteTransaction) -> None:
        for n in range(600):
            words = f"{chance.choice(('Spoken aloud', WORDS))} {n} "
            person = t.Participant(id=str(chance.random()), handle=words, name=words * chance.choice((1, 3, 20, 200)))
            tx.session.add(person)
            tx.session.flush()

    def purge(tx: WriteTransaction) -> None:
        tx.session.exec(delete_from(t.Participant).where(col(t.Participant.handle).startswith(WORDS)))
        tx.purge("do_1", "delegation:ARV", [])

    database.write(write).result()
    database.write(purge).result()
    assert (found_in(tmp_path, WORDS), found_in(tmp_path, "Spoken aloud") > 1_000) == (0, True)
    database.close()


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_reading_that_lasts_does_not_keep_the_purge_from_being_answered(room: Cast, tmp_path: Path) -> None:
    room.draft("clerk", replace(room.sections[5], WORDS))
    with room.house.database.reading() as tx:
        before = tx.session.exec(select(func.count()).select_from(t.Revision)).one()
        room.do("arv", "purge_drafts")
        assert found_in(tmp_path, WORDS) > 0
        assert tx.session.exec(select(func.count()).select_from(t.Revision)).one() == before
    assert room.snapshot("arv").amendments == []
    room.house.close()
    assert found_in(tmp_path, WORDS) == 0
