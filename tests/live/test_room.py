"""A room: what is typed is judged, written, shown and acknowledged, in this order."""

import asyncio
from concurrent.futures import Future
from contextlib import ExitStack
from typing import Any

import pytest
from pycrdt import create_update_message

from drafting.live import ledger, room
from drafting.live.rooms import Rooms
from storage.database import DiskFull
from tests.casting import Cast
from tests.live.typists import Typist, busy_writer, enter, on_disk, open_rooms, opened_draft, read, rows, until

START = "States shall take appropriate measures to protect migrants in transit."


@pytest.fixture
def drafted(cast: Cast) -> Cast:
    cast.take_in()
    cast.open()
    return cast


def let(cast: Cast, by: str, kind: str, /, **said: Any) -> Future[Any]:
    """Give a command and do not wait for it."""
    return cast.house.executor.execute(cast.person(by), cast.envelope(by, kind, **said))


def test_what_one_hand_types_the_others_see_and_it_is_acknowledged(drafted: Cast) -> None:
    draft, op1 = opened_draft(drafted), drafted.sections[5]

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as rooms:
            arv, arv2 = [await enter(rooms, drafted, handle, draft) for handle in ("arv", "arv2")]
            assert arv.text(op1) == START
            arv.type(op1, "All ")
            await until(lambda: len(arv.acks()) > 1)
            assert arv2.text(op1) == "All " + START
            assert arv.acks()[-1] == bytes((100, len(arv.doc.get_state()))) + arv.doc.get_state()
            assert str(on_disk(drafted.house, draft)["sections"][op1]) == "All " + START

    asyncio.run(all_of_it())


def test_nothing_is_shown_nor_acknowledged_before_it_is_on_disk(drafted: Cast) -> None:
    draft, op1 = opened_draft(drafted), drafted.sections[5]

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as rooms:
            arv, arv2 = [await enter(rooms, drafted, handle, draft) for handle in ("arv", "arv2")]
            with busy_writer(drafted.house):
                said = len(arv.acks())
                arv.type(op1, "All ")
                await asyncio.sleep(0.15)
                assert (arv2.text(op1), len(arv.acks())) == (START, said)
                late = await enter(rooms, drafted, "clerk", draft)
                assert late.text(op1) == START
            await until(lambda: len(arv.acks()) > said)
            assert (arv2.text(op1), late.text(op1)) == ("All " + START, "All " + START)

    asyncio.run(all_of_it())


def test_a_commit_that_fails_was_never_seen_and_its_words_come_again(
    drafted: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, op1 = opened_draft(drafted), drafted.sections[5]

    def full(tx: Any, **said: Any) -> None:
        tx.type_in(draft, said["parts"][0].content)
        raise DiskFull("no room")

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as rooms:
            arv, arv2 = [await enter(rooms, drafted, handle, draft) for handle in ("arv", "arv2")]
            said = len(arv.acks())
            with monkeypatch.context() as failing:
                failing.setattr(ledger, "write", full)
                arv.type(op1, "All ")
                await until(lambda: arv2.line is not None and arv2.line.ended.done())
            assert (arv.ending(), arv2.ending()) == ((4503, "storage_full"), (4503, "storage_full"))
            assert (arv2.text(op1), len(arv.acks())) == (START, said)
            await enter(rooms, drafted, "arv", draft, arv)
            await enter(rooms, drafted, "arv2", draft, arv2)
            await until(lambda: arv2.text(op1) == "All " + START)

    asyncio.run(all_of_it())


def test_what_is_typed_while_the_disk_is_busy_is_one_row_and_one_message(drafted: Cast) -> None:
    draft, op1 = opened_draft(drafted), drafted.sections[5]

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as rooms:
            arv, arv2, clerk = [await enter(rooms, drafted, handle, draft) for handle in ("arv", "arv2", "clerk")]
            before = len(rows(drafted.house, draft))
            with busy_writer(drafted.house):
                arv.type(op1, "1")
                await asyncio.sleep(0.05)
                clerk.heard.clear()
                for number in range(20):
                    (arv, arv2)[number % 2].type(op1, "x", number)
                await asyncio.sleep(0.05)
            await until(lambda: len(clerk.text(op1)) == len(START) + 21)
            assert len(rows(drafted.house, draft)) == before + 2
            assert [message[:2] for message in clerk.heard if message[0] == 0] == [bytes((0, 2))] * 2
            assert arv.text(op1) == arv2.text(op1) == clerk.text(op1)

    asyncio.run(all_of_it())


def test_whoever_only_reads_is_refused_by_name_and_nothing_changes(drafted: Cast) -> None:
    draft, op1 = opened_draft(drafted, "chair"), drafted.sections[5]

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as rooms:
            watch, chair = [await enter(rooms, drafted, handle, draft) for handle in ("watch", "chair")]
            before = read(on_disk(drafted.house, draft))
            watch.type(op1, "Nobody's ")
            assert watch.ending() == (4403, "not_permitted")
            assert watch.denied()["code"] == "not_permitted"
            chair.type(op1, "All ")
            await until(lambda: len(chair.acks()) > 1)
            assert chair.text(op1) == "All " + START
            assert read(on_disk(drafted.house, draft)) == read(chair.doc) != before

    asyncio.run(all_of_it())


def test_a_role_that_is_lost_between_the_gate_and_the_commit_refuses_its_own_part_only(drafted: Cast) -> None:
    draft, op1, op2 = opened_draft(drafted, "chair"), drafted.sections[5], drafted.sections[6]

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as rooms:
            notes, chair = [await enter(rooms, drafted, handle, draft) for handle in ("notes", "chair")]
            with busy_writer(drafted.house):
                lost = let(drafted, "root", "withdraw_accreditation", handle="notes", capacities=["note_taker"])
                notes.type(op1, "Lost ")
                chair.type(op2, "All ")
                notes.type(op2, "Lost too ")
                await asyncio.sleep(0.05)
            lost.result()
            await until(lambda: notes.line is not None and notes.line.ended.done())
            assert notes.ending()[0] == 4403
            await until(lambda: len(chair.acks()) > 1)
            assert (chair.text(op1), chair.text(op2)) == (
                START,
                "All States shall report every year on the measures taken.",
            )
            assert read(on_disk(drafted.house, draft)) == read(chair.doc)

    asyncio.run(all_of_it())


@pytest.mark.parametrize("known", [True, False], ids=["at the gate", "in the commit"])
def test_a_locked_section_refuses_and_says_which(drafted: Cast, *, known: bool) -> None:
    draft, op1, op2 = opened_draft(drafted), drafted.sections[5], drafted.sections[6]

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as rooms:
            arv, arv2 = [await enter(rooms, drafted, handle, draft) for handle in ("arv", "arv2")]
            with ExitStack() as stack:
                if not known:
                    stack.enter_context(busy_writer(drafted.house))
                locked = let(drafted, "arv", "lock_section", draft=draft, section=op1)
                if known:
                    await asyncio.wrap_future(locked)
                    await until(lambda: arv.line is not None and op1 in arv.line.hand.locked)
                arv.type(op1, "All ")
                arv2.type(op2, "All ")
                await asyncio.sleep(0.05)
            await until(lambda: arv.line is not None and arv.line.ended.done())
            assert arv.denied()["code"] == arv.ending()[1] == "section_locked"
            assert arv.denied()["facts"] == {"sections": [op1]}
            await until(lambda: len(arv2.acks()) > 1)
            assert arv2.text(op1) == START
            assert arv2.text(op2).startswith("All ")
            # Nothing of it is left anywhere: coming again with the same document, it is refused again.
            await enter(rooms, drafted, "arv", draft, arv)
            await until(lambda: arv.line is not None and arv.line.ended.done())
            assert arv.ending() == (4403, "section_locked")
            assert read(on_disk(drafted.house, draft)) == read(arv2.doc)

    asyncio.run(all_of_it())


def test_who_is_refused_something_is_told_when_what_they_typed_before_is_shown(drafted: Cast) -> None:
    """Else their client would replay what it was not shown, and it would land twice."""
    draft, op1, op2 = opened_draft(drafted), drafted.sections[5], drafted.sections[6]

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as rooms:
            arv, arv2 = [await enter(rooms, drafted, handle, draft) for handle in ("arv", "arv2")]
            await asyncio.to_thread(drafted.do, "arv", "lock_section", draft=draft, section=op1)
            await until(lambda: arv.line is not None and op1 in arv.line.hand.locked)
            with busy_writer(drafted.house):
                arv.type(op2, "All ")
                arv.type(op1, "No ")
                arv.type(op2, "Never ")
                await asyncio.sleep(0.05)
                assert arv.line is not None
                assert not arv.line.ended.done()
                assert not any(message[0] == 2 for message in arv.heard)
            await until(lambda: arv.line is not None and arv.line.ended.done())
            shown = next(place for place, message in enumerate(arv.heard) if message[:2] == bytes((0, 2)))
            told = next(place for place, message in enumerate(arv.heard) if message[0] == 2)
            assert shown < told
            assert arv.denied()["code"] == "section_locked"
            assert arv2.text(op2) == "All States shall report every year on the measures taken."
            assert arv2.text(op1) == START

    asyncio.run(all_of_it())


def test_a_gap_whose_ground_is_not_in_the_answer_is_refused(drafted: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    draft, op1 = opened_draft(drafted), drafted.sections[5]
    monkeypatch.setattr(room, "ANSWER_SECONDS", 0.2)

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as rooms:
            arv, arv2 = [await enter(rooms, drafted, handle, draft) for handle in ("arv", "arv2")]
            stranger = Typist()
            stranger.doc.apply_update(arv.doc.get_update())
            stranger.sections[op1].insert(0, "Lost")
            known = stranger.doc.get_state()
            stranger.sections[op1].insert(4, "x")
            hanging = create_update_message(stranger.doc.get_update(known))
            # One answers, but with nothing of it; the other does not answer at all.
            arv.say(hanging)
            arv2.full = True
            arv2.say(hanging)
            for one in (arv, arv2):
                await until(lambda line=one.line: line is not None and line.ended.done(), within=3)  # type: ignore[misc]
                assert one.ending() == (4403, "update_missing")

    asyncio.run(all_of_it())


def test_a_client_id_is_one_persons_for_good(drafted: Cast) -> None:
    draft, op1 = opened_draft(drafted), drafted.sections[5]

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as rooms:
            arv = await enter(rooms, drafted, "arv", draft, Typist(77))
            arv.type(op1, "All ")
            await until(lambda: len(arv.acks()) > 1)
            for _ in range(2):  # known to the room, and after that from the disk alone
                forger = Typist(77)
                forger.doc.apply_update(arv.doc.get_update())
                await enter(rooms, drafted, "arv2", draft, forger)
                forger.type(op1, "Forged ")
                assert forger.ending() == (4403, "hand_taken")
                assert forger.line is not None
                rooms.leave(forger.line)
            again = Typist(77)
            again.doc.apply_update(arv.doc.get_update())
            await enter(rooms, drafted, "arv", draft, again)
            again.type(op1, "Once more ")
            await until(lambda: arv.text(op1) == "Once more All " + START)

    asyncio.run(all_of_it())


def test_a_gap_is_asked_for_once_and_what_was_missing_comes_with_the_answer(drafted: Cast) -> None:
    draft, op1 = opened_draft(drafted), drafted.sections[5]

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as rooms:
            arv, arv2 = [await enter(rooms, drafted, handle, draft) for handle in ("arv", "arv2")]
            arv.muted = True
            arv.type(op1, "All ")
            arv.muted = False
            arv.type(op1, "the ", 4)
            arv.type(op1, "mighty ", 8)
            await until(lambda: arv2.text(op1) == "All the mighty " + START)
            arv.type(op1, "and good ", 8)
            await until(lambda: arv2.text(op1) == "All the and good mighty " + START)

    asyncio.run(all_of_it())


def test_an_update_whose_ground_never_comes_is_refused(drafted: Cast) -> None:
    draft, op1 = opened_draft(drafted), drafted.sections[5]

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as rooms:
            arv, arv2 = [await enter(rooms, drafted, handle, draft) for handle in ("arv", "arv2")]
            stranger = Typist()
            stranger.doc.apply_update(arv.doc.get_update())
            stranger.sections[op1].insert(0, "Lost")
            known = stranger.doc.get_state()
            stranger.sections[op1].insert(4, "x")
            hanging = create_update_message(stranger.doc.get_update(known))
            arv.say(hanging)
            arv.say(hanging)
            assert arv.line is not None
            assert not arv.line.ended.done()
            arv.say(bytes((0, 1)) + hanging[2:])
            assert arv.ending() == (4403, "update_missing")
            assert arv2.text(op1) == START

    asyncio.run(all_of_it())


def test_the_same_client_id_at_two_nodes_does_not_part_the_replicas(drafted: Cast) -> None:
    draft, op1 = opened_draft(drafted), drafted.sections[5]

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as rooms:
            arv, arv2 = (
                await enter(rooms, drafted, "arv", draft, Typist(77)),
                await enter(rooms, drafted, "arv2", draft),
            )
            other = Typist(77)
            other.doc.apply_update(arv.doc.get_update())
            before = other.doc.get_state()
            other.sections[op1].insert(0, "Elsewhere ")
            with busy_writer(drafted.house):
                written = drafted.house.database.write(lambda tx: tx.type_in(draft, other.doc.get_update(before)))
                arv.type(op1, "Here ")
                arv2.type(op1, "And ")
                await asyncio.sleep(0.05)
            written.result()
            await until(lambda: len(arv2.acks()) > 1)
            assert "And " in arv2.text(op1)
            assert "Elsewhere " in arv2.text(op1)
            late = await enter(rooms, drafted, "clerk", draft)
            assert read(arv2.doc) == read(late.doc) == read(on_disk(drafted.house, draft))

    asyncio.run(all_of_it())


def test_many_who_come_first_at_the_same_moment_find_one_room(drafted: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    draft, op1 = opened_draft(drafted), drafted.sections[5]
    loaded, load = [], ledger.load

    def counting(*said: Any) -> Any:
        loaded.append(said)
        return load(*said)

    monkeypatch.setattr(ledger, "load", counting)

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as rooms:
            handles = ["arv", "arv2", "clerk"] * 5
            typists = await asyncio.gather(*(enter(rooms, drafted, handle, draft) for handle in handles))
            assert len(loaded) == rooms.many == 1
            for number, typist in enumerate(typists):
                typist.type(op1, f"{number} ")
            await until(lambda: all(len(typist.text(op1)) == len(START) + 35 for typist in typists))
            assert len({read(typist.doc) for typist in typists}) == 1

    asyncio.run(all_of_it())


def test_what_was_typed_before_the_server_rests_is_written(drafted: Cast) -> None:
    draft, op1 = opened_draft(drafted), drafted.sections[5]

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as rooms:
            arv = await enter(rooms, drafted, "arv", draft)
            said = len(arv.acks())
            arv.type(op1, "All ")
            await rooms.rest()
            assert arv.ending() == (1012, "restart")
            assert len(arv.acks()) == said + 1
        assert str(on_disk(drafted.house, draft)["sections"][op1]) == "All " + START

    asyncio.run(all_of_it())


def test_a_draft_that_is_not_there_and_one_of_others_are_unknown_alike(drafted: Cast) -> None:
    draft = opened_draft(drafted)

    async def told(rooms: Rooms, handle: str, name: str) -> str:
        with pytest.raises(Exception) as refused:  # noqa: PT011 - read below
            await rooms.seat(drafted.person(handle), name)
        return str(refused.value).replace(name, "…")

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as rooms:
            nowhere = await told(rooms, "bor", "dr_01ARZ3NDEKTSV4RRFFQ69G5FAV")
            assert await told(rooms, "bor", draft) == await told(rooms, "sec", draft) == nowhere

    asyncio.run(all_of_it())
