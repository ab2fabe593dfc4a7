"""Who is at a room, who may be, and what it costs when they take nothing or never go."""

import asyncio
from typing import Any

import pytest

from drafting.live import lines, room, rooms
from drafting.live.lines import Bucket
from drafting.protocol.problems import ProblemCode
from storage.database import WriteTransaction
from storage.tables import DraftHand, DraftLock, DraftState, DraftUpdate, WorkingDraft
from tests.casting import Cast
from tests.live.typists import Typist, enter, on_disk, open_rooms, opened_draft, read, rows, spoken, until

pytestmark = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
START = "States shall take appropriate measures to protect migrants in transit."


@pytest.fixture
def drafted(cast: Cast) -> Cast:
    cast.take_in()
    cast.open()
    return cast


def updates_heard(typist: Typist) -> int:
    return sum(message[:2] in (bytes((0, 1)), bytes((0, 2))) for message in typist.heard)


def test_a_slow_reader_gets_everything_it_missed_as_one_update(drafted: Cast) -> None:
    draft, op1 = opened_draft(drafted), drafted.sections[5]

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as its:
            arv, slow = [await enter(its, drafted, handle, draft) for handle in ("arv", "arv2")]
            slow.full = True
            for number in range(10):
                said = len(arv.acks())
                arv.type(op1, f"{number}")
                await until(lambda: len(arv.acks()) > said)  # noqa: B023 - waited for at once
            before = updates_heard(slow)
            assert slow.text(op1) == START
            slow.drain()
            assert updates_heard(slow) == before + 1
            assert read(slow.doc) == read(arv.doc)
            arv.type(op1, "All ")
            await until(lambda: slow.text(op1) == arv.text(op1))

    asyncio.run(all_of_it())


def test_what_a_slow_reader_asks_is_answered_when_it_listens_again(drafted: Cast) -> None:
    draft, op1 = opened_draft(drafted), drafted.sections[5]

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as its:
            arv, slow = [await enter(its, drafted, handle, draft) for handle in ("arv", "arv2")]
            slow.full = True
            slow.sync()
            slow.type(op1, "All ")
            await until(lambda: arv.text(op1) == "All " + START)
            slow.heard.clear()
            slow.drain()
            assert [message[:2] for message in slow.heard if message[0] == 0] == [bytes((0, 1))]
            assert slow.acks() == [bytes((100, len(arv.doc.get_state()))) + arv.doc.get_state()]

    asyncio.run(all_of_it())


def test_a_line_that_takes_nothing_for_too_long_is_closed_and_one_that_takes_a_little_is_not(
    drafted: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = opened_draft(drafted)
    monkeypatch.setattr(lines, "SEND_SECONDS", 0.2)
    monkeypatch.setattr(rooms, "LOOK_SECONDS", 0.02)

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as its:
            stalled, slow = [await enter(its, drafted, handle, draft) for handle in ("arv", "arv2")]
            stalled.waiting, slow.waiting = 1_000, 1_000
            assert stalled.line is not None
            while not stalled.line.ended.done():
                slow.waiting -= 1
                await asyncio.sleep(0.02)
            assert stalled.ending() == (4503, "too_slow")
            assert slow.line is not None
            assert not slow.line.ended.done()

    asyncio.run(all_of_it())


def test_a_silent_line_hears_something_before_a_stock_client_hangs_up(
    drafted: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = opened_draft(drafted)
    assert room.HEARTBEAT_SECONDS <= 15
    monkeypatch.setattr(room, "HEARTBEAT_SECONDS", 0.1)
    monkeypatch.setattr(rooms, "LOOK_SECONDS", 0.02)

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as its:
            arv = await enter(its, drafted, "arv", draft)
            arv.heard.clear()
            await until(lambda: arv.heard.count(bytes((1, 1, 0))) >= 3)

    asyncio.run(all_of_it())


def test_who_is_here_is_told_to_the_others_and_to_late_comers_until_they_leave(drafted: Cast) -> None:
    draft = opened_draft(drafted)

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as its:
            arv, arv2 = [await enter(its, drafted, handle, draft) for handle in ("arv", "arv2")]
            arv.say(spoken((7, 1, {"section": "se_1", "typing": True, "user": {"name": "The Chair"}})))
            await until(lambda: 7 in arv2.states)
            user = {"handle": "arv", "name": "Arv", "delegations": ["ARV"], "capacities": ["head:ARV"]}
            assert arv2.states[7] == {"section": "se_1", "typing": True, "user": user}
            late = await enter(its, drafted, "clerk", draft)
            assert late.states[7] == arv2.states[7]
            assert arv.line is not None
            its.leave(arv.line)
            await until(lambda: arv2.states[7] is None)
            later = await enter(its, drafted, "clerk", draft)
            assert 7 not in later.states

    asyncio.run(all_of_it())


def test_unnamed_delegations_are_not_told_who_is_at_the_chairs_draft_and_the_desk_is(cast: Cast) -> None:
    cast.take_in(unnamed=True)
    cast.open()
    draft = opened_draft(cast, "chair")

    async def all_of_it() -> None:
        async with open_rooms(cast.house) as its:
            arv, bor, notes = [await enter(its, cast, handle, draft) for handle in ("arv", "bor", "notes")]
            arv.say(spoken((7, 1, {"section": "se_1", "reading": "se_1", "user": {"name": "Arv"}})))
            notes.say(spoken((8, 1, {"reading": "se_2"})))
            await until(lambda: {7, 8} <= bor.states.keys() & notes.states.keys())
            assert (bor.states[7], bor.states[8]) == ({"section": "se_1"}, {"reading": "se_2"})
            assert notes.states[7]["user"]["handle"] == "arv"
            assert "reading" not in notes.states[7]
            late = await enter(its, cast, "cal", draft)
            assert late.states[7] == {"section": "se_1"}

    asyncio.run(all_of_it())


def test_who_may_no_longer_read_or_no_longer_write_is_closed(drafted: Cast) -> None:
    draft, op1 = opened_draft(drafted, "chair"), drafted.sections[5]

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as its:
            arv, notes, chair = [await enter(its, drafted, handle, draft) for handle in ("arv", "notes", "chair")]
            gone = {"handle": "arv", "capacities": ["head:ARV"]}
            fewer = {"handle": "notes", "name": "Notes", "capacities": ["observer"]}
            for kind, said in (("withdraw_accreditation", gone), ("accredit_participant", fewer)):
                await asyncio.to_thread(drafted.do, "root", kind, **said)
            last = {"handle": "notes", "capacities": ["note_taker"]}
            await asyncio.to_thread(drafted.do, "root", "withdraw_accreditation", **last)
            await until(lambda: arv.line is not None and arv.line.ended.done(), within=2)
            assert arv.ending() == (4403, "not_permitted")
            chair.type(op1, "All ")
            await until(lambda: notes.line is not None and notes.line.ended.done(), within=2)
            assert notes.ending() == (4403, "not_permitted")
            assert notes.denied()["code"] == "not_permitted"
            again = await enter(its, drafted, "notes", draft)
            await until(lambda: again.text(op1) == "All " + START)

    asyncio.run(all_of_it())


def test_a_hand_writes_while_it_is_time_and_need_not_come_again(drafted: Cast) -> None:
    draft, op1 = opened_draft(drafted, "chair"), drafted.sections[5]

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as its:
            chair = await enter(its, drafted, "chair", draft)
            assert chair.line is not None
            hand = chair.line
            await asyncio.to_thread(drafted.do, "chair", "lock_section", draft=draft, section=op1)
            await until(lambda: hand.hand.locked == {op1}, within=2)
            await asyncio.to_thread(drafted.do, "chair", "unlock_section", draft=draft, section=op1)
            await until(lambda: hand.hand.locked == set(), within=2)
            await asyncio.to_thread(drafted.close)
            issued = await asyncio.to_thread(drafted.do, "sec", "issue_version", round=drafted.round, name="Rev.1")
            await until(lambda: not hand.hand.writes, within=2)
            drafted.version = issued.made["version"]
            await asyncio.to_thread(drafted.open, name="Second round")
            await until(lambda: hand.hand.writes, within=2)
            chair.type(op1, "All ")
            await until(lambda: len(chair.acks()) > 1)

    asyncio.run(all_of_it())


def purge(tx: WriteTransaction, draft: str) -> None:
    for table in (DraftHand, DraftLock, DraftState, DraftUpdate, WorkingDraft):
        column: Any = table.__table__.c["id" if table is WorkingDraft else "draft"]  # type: ignore[attr-defined]
        tx.session.execute(table.__table__.delete().where(column == draft))  # type: ignore[attr-defined]


def test_a_draft_that_is_gone_closes_its_room(drafted: Cast) -> None:
    draft, op1 = opened_draft(drafted), drafted.sections[5]

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as its:
            arv, arv2 = [await enter(its, drafted, handle, draft) for handle in ("arv", "arv2")]
            drafted.house.database.write(lambda tx: purge(tx, draft)).result()
            arv.type(op1, "All ")
            await until(lambda: arv2.line is not None and arv2.line.ended.done(), within=2)
            assert (arv.ending(), arv2.ending()) == ((4404, "unknown"), (4404, "unknown"))
            assert its.many == 0

    asyncio.run(all_of_it())


def test_a_room_whose_draft_has_gone_holds_up_nobody_who_stops_the_server(drafted: Cast) -> None:
    draft = opened_draft(drafted)

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as its:
            arv = await enter(its, drafted, "arv", draft)
            drafted.house.database.write(lambda tx: purge(tx, draft)).result()
            await until(lambda: arv.line is not None and arv.line.ended.done(), within=3)
            async with asyncio.timeout(1):
                await its.rest()

    asyncio.run(all_of_it())


@pytest.mark.parametrize("poll", [1.0, 300.0], ids=["unrung", "rung"])
def test_what_others_write_into_the_draft_is_shown_too(
    drafted: Cast, monkeypatch: pytest.MonkeyPatch, poll: float
) -> None:
    draft, op1 = opened_draft(drafted), drafted.sections[5]
    monkeypatch.setattr(rooms, "LOOK_SECONDS", poll)

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as its:
            arv = await enter(its, drafted, "arv", draft)
            service = Typist()
            service.doc.apply_update(arv.doc.get_update())
            before = service.doc.get_state()
            service.sections[op1].insert(0, "Carried over: ")
            with monkeypatch.context() as silent:
                if poll == 1.0:
                    silent.setattr(drafted.house.bus, "ring", lambda _ring: None)
                drafted.house.database.write(lambda tx: tx.type_in(draft, service.doc.get_update(before))).result()
                await until(lambda: arv.text(op1) == "Carried over: " + START, within=2)
            arv.type(op1, "All ")
            await until(lambda: len(arv.acks()) > 1)
            assert read(on_disk(drafted.house, draft)) == read(arv.doc)

    asyncio.run(all_of_it())


def test_an_empty_room_is_put_together_and_closed_and_opens_as_it_was(
    drafted: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, op1 = opened_draft(drafted), drafted.sections[5]
    monkeypatch.setattr(rooms, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(rooms, "LINGER_SECONDS", 0.1)

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as its:
            arv = await enter(its, drafted, "arv", draft)
            arv.type(op1, "All ")
            await until(lambda: len(arv.acks()) > 1)
            assert len(rows(drafted.house, draft)) == 2
            assert arv.line is not None
            its.leave(arv.line)
            await until(lambda: its.many == 0)
            assert rows(drafted.house, draft) == []
            again = await enter(its, drafted, "arv2", draft)
            assert read(again.doc) == read(arv.doc) == read(on_disk(drafted.house, draft))
            again.type(op1, "Not ")
            await until(lambda: len(again.acks()) > 1)
            assert len(rows(drafted.house, draft)) == 1

    asyncio.run(all_of_it())


def test_a_long_log_is_put_together_while_people_type(drafted: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    draft, op1 = opened_draft(drafted), drafted.sections[5]
    monkeypatch.setattr(room, "VERY_MANY_ROWS", 8)

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as its:
            arv, arv2 = [await enter(its, drafted, handle, draft) for handle in ("arv", "arv2")]
            for number in range(20):
                said = len(arv.acks())
                arv.type(op1, f"{number} ")
                await until(lambda: len(arv.acks()) > said)  # noqa: B023 - waited for at once
            assert len(rows(drafted.house, draft)) < 8
            assert read(on_disk(drafted.house, draft)) == read(arv.doc) == read(arv2.doc)

    asyncio.run(all_of_it())


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drafts of three thousand bytes at most."""
    monkeypatch.setenv("DRAFTING_MOST_DRAFT_BYTES", "3000")


@pytest.mark.usefixtures("small")
def test_a_draft_that_has_grown_too_large_takes_nothing_more(drafted: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    draft, op1 = opened_draft(drafted), drafted.sections[5]
    monkeypatch.setattr(room, "VERY_MANY_ROWS", 2)

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as its:
            arv = await enter(its, drafted, "arv", draft)
            assert arv.line is not None
            ended = arv.line.ended
            while not ended.done():
                said = len(arv.acks())
                arv.type(op1, "x" * 900)
                await until(lambda: len(arv.acks()) > said or ended.done())  # noqa: B023 - waited for at once
            assert arv.ending() == (4403, "draft_full")
            assert 3_000 < len(on_disk(drafted.house, draft).get_update()) < 6_000

    asyncio.run(all_of_it())


def test_one_person_opens_a_draft_so_often_and_not_more(drafted: Cast) -> None:
    draft = opened_draft(drafted)

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as its:
            for _ in range(20):
                await enter(its, drafted, "arv", draft)
            person = drafted.person("arv")
            refused = await its.enter(await its.seat(person, draft), Typist(), acks=False)
            assert refused.ended.result() == (4429, ProblemCode.BUSY)
            await enter(its, drafted, "arv2", draft)

    asyncio.run(all_of_it())


def test_a_bucket_allows_a_burst_and_then_a_rate() -> None:
    bucket = Bucket(rate=10, burst=2)
    assert [bucket.wait(1, 100.0) for _ in range(20)] == [0.0] * 20
    assert bucket.wait(1, 100.0) == pytest.approx(0.1)
    assert bucket.wait(1, 100.0) == pytest.approx(0.2)
    assert bucket.wait(1, 101.0) == 0.0
    assert bucket.wait(30, 200.0) == pytest.approx(1.0)
