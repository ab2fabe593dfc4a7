"""A room whose gate is built anew: what waits or is being written is neither lost nor left without an answer."""

import asyncio

import pytest

from drafting.crdt.replica import Replica
from drafting.live import room
from tests.casting import Cast
from tests.live.test_room import START, let
from tests.live.typists import busy_writer, enter, on_disk, open_rooms, opened_draft, read, until

pytestmark = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)


@pytest.fixture
def drafted(cast: Cast) -> Cast:
    cast.take_in()
    cast.open()
    return cast


def test_who_is_refused_something_is_told_too_where_what_they_typed_before_had_to_be_judged_again(
    drafted: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, op1, op2 = opened_draft(drafted), drafted.sections[5], drafted.sections[6]
    monkeypatch.setattr(room, "MOST_AT_ONCE", 1)

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as rooms:
            arv, arv2, clerk = [await enter(rooms, drafted, handle, draft) for handle in ("arv", "arv2", "clerk")]
            await asyncio.to_thread(drafted.do, "arv", "lock_section", draft=draft, section=op1)
            await until(lambda: arv.line is not None and op1 in arv.line.hand.locked)
            with busy_writer(drafted.house):
                lost = let(drafted, "root", "withdraw_accreditation", handle="clerk", capacities=["clerk:ARV"])
                clerk.type(op2, "Lost ")
                await asyncio.sleep(0.05)
                arv.type(op2, "All ")
                arv.type(op1, "No ")
                await asyncio.sleep(0.05)
            lost.result()
            await until(lambda: clerk.line is not None and clerk.line.ended.done())
            await until(lambda: arv.line is not None and arv.line.ended.done(), within=3)
            assert arv.denied()["code"] == "section_locked"
            arv2.type(op2, "We ")
            await until(lambda: len(arv2.acks()) > 1)
            assert read(on_disk(drafted.house, draft)) == read(arv2.doc)

    asyncio.run(all_of_it())


def test_an_update_that_cannot_be_applied_takes_nothing_away_from_what_is_being_written(
    drafted: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, op1, op2 = opened_draft(drafted), drafted.sections[5], drafted.sections[6]

    apply = Replica.apply
    failures = iter([RuntimeError("no such thing")])

    def fail_once(replica: Replica, update: bytes) -> None:
        for failure in failures:
            raise failure
        apply(replica, update)

    async def all_of_it() -> None:
        async with open_rooms(drafted.house) as rooms:
            arv, arv2 = [await enter(rooms, drafted, handle, draft) for handle in ("arv", "arv2")]
            with busy_writer(drafted.house):
                arv.type(op1, "All ")
                await asyncio.sleep(0.05)
                with monkeypatch.context() as broken:
                    broken.setattr(Replica, "apply", fail_once)
                    arv2.type(op2, "No ")
                assert arv2.denied()["code"] == "malformed"
            await until(lambda: len(arv.acks()) > 1)
            said = len(arv.acks())
            arv.type(op1, "and ", at=4)
            await until(lambda: len(arv.acks()) > said, within=3)
            assert arv.text(op1) == "All and " + START
            assert read(on_disk(drafted.house, draft)) == read(arv.doc)

    asyncio.run(all_of_it())
