"""Whose rights change is told so, and hears nothing that is not theirs."""

import asyncio
from typing import Any

from tests.http.hosting import Room
from tests.live.readers import cursor_of, reader, said


def test_whose_rights_change_is_reset_and_the_others_are_not(unpolled: Room) -> None:
    async def all_of_it() -> None:
        async with reader(unpolled, "bor") as bor, reader(unpolled, "arv") as arv:
            await asyncio.to_thread(unpolled.accredit, "bor", "note_taker")
            assert await bor.body(within=2) == "reset"
            await said(unpolled, "arv", "After the reset")
            assert await arv.body() == "After the reset"
            assert await bor.silent(0.3)
            await bor.follow(unpolled)
            await said(unpolled, "sec", "For the secretariat", "own")
            assert await bor.body() == "For the secretariat"
            assert await arv.silent(0.3)

    asyncio.run(all_of_it())


def test_a_change_in_a_closed_group_resets_those_who_come_and_go_and_nobody_else(unpolled: Room) -> None:
    about = {"section": unpolled.sections[2], "audience": "group", "group": "CG1"}

    async def do(handle: str, kind: str, capacity: str, **fields: Any) -> None:
        await asyncio.to_thread(unpolled.do, handle, kind, capacity, **fields)

    def known(handle: str) -> set[str]:
        with unpolled.client(handle) as client:
            comments = client.get(f"/api/v1/documents/{unpolled.document}/snapshot").json()["comments"]
        return {comment["body"] for comment in comments}

    async def all_of_it() -> None:
        await do("chair", "found_group", "chair", code="CG1", name="Friends", members=["ARV", "BOR"])
        async with reader(unpolled, "arv") as arv, reader(unpolled, "bor") as bor, reader(unpolled, "cal") as cal:
            await do("arv", "post_comment", "head:ARV", body="Before", **about)
            assert [await arv.body(), await bor.body()] == ["Before", "Before"]
            await do("chair", "change_group", "chair", code="CG1", members=["ARV", "CAL"])
            # Of the same moment: what the group says once BOR is out must not slip through before the reset.
            await do("arv", "post_comment", "head:ARV", body="After", **about)
            assert (await arv.hear("event", "reset"))["event"]["kind"] == "group_changed"
            assert await arv.body() == "After"
            assert [await bor.body(within=2), await cal.body(within=2)] == ["reset", "reset"]
            assert await bor.silent(0.3)
            assert await asyncio.to_thread(known, "cal") == {"Before", "After"}
            assert await asyncio.to_thread(known, "bor") == set()
            await bor.follow(unpolled)
            await cal.follow(unpolled)
            await do("arv", "post_comment", "head:ARV", body="Later", **about)
            assert await cal.body() == "Later"
            assert await bor.silent(0.3)

    asyncio.run(all_of_it())


def test_a_poll_that_waits_ends_as_a_lost_cursor_when_rights_change(fresh: Room) -> None:
    cursor = cursor_of(fresh, "bor")

    def poll() -> tuple[int, str]:
        with fresh.client("bor") as client:
            path = f"/api/v1/documents/{fresh.document}/events"
            answer = client.get(path, params={"after": cursor, "wait": 10})
        return answer.status_code, answer.json().get("code")

    async def all_of_it() -> None:
        polling = asyncio.create_task(asyncio.to_thread(poll))
        await asyncio.sleep(0.5)
        await asyncio.to_thread(fresh.accredit, "bor", "note_taker")
        assert await asyncio.wait_for(polling, 3) == (410, "cursor_invalid")

    asyncio.run(all_of_it())
