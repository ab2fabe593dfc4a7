"""Following a document over real sockets and polls, on lines that break."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from drafting.protocol.commands import PostComment
from drafting_client import AsyncClient, AsyncRoom, Client, Pace, Refused, Unreachable, mint

DOCUMENT = "do_01JD0000000000000000000000"
TOKEN = "the-token"  # noqa: S105 - opens nothing but the small room
QUICK = Pace(patience=8, silence=5, first=0.02, longest=0.1)
CUTS = (0, 150, 300, 450, 600, 620, 700, 750, 800, 900, 1000, 1100, 1500, 2000, 2500, 3000, 4000)
TRANSPORTS = pytest.mark.parametrize("transport", ["socket", "poll"])
Act = Callable[[AsyncClient], Awaitable[None]]


def comment(body: str) -> PostComment:
    return PostComment(capacity="head:ARV", document=DOCUMENT, body=body)


def in_the_room(url: str, act: Act, pace: Pace = QUICK) -> None:
    async def visit() -> None:
        async with AsyncClient(url, TOKEN, pace) as client, asyncio.timeout(20):
            await act(client)

    asyncio.run(visit())


async def bodies(room: AsyncRoom, number: int) -> list[str]:
    return [event.payload["comment"]["body"] for _, event in [await anext(room) for _ in range(number)]]


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 - it looks into another thread
        await asyncio.sleep(0.005)


@TRANSPORTS
def test_on_a_line_torn_again_and_again_every_command_is_taken_once_and_every_event_comes_once(
    served: Any, transport: Any
) -> None:
    spoken = [f"Слово {n} نُذَكِّرُ 🕊" for n in range(24)]

    async def act(client: AsyncClient) -> None:
        async with client.room(DOCUMENT, transport=transport) as room:
            receipts = await asyncio.gather(*(room.command(comment(body)) for body in spoken))
            heard = await bodies(room, 24)
            assert sorted(heard) == sorted(spoken)
            assert [event["payload"]["comment"]["body"] for event in served.room.log] == heard
            assert len({receipt.made["comment"] for receipt in receipts}) == 24
            assert [said.body for said in room.snapshot.comments] == heard
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await anext(room)

    with served.torn_after(*CUTS) as wire:
        in_the_room(wire.url, act)
        assert wire.torn >= 6


def test_one_after_the_other_commands_stay_in_the_order_they_were_given(served: Any) -> None:
    async def act(client: AsyncClient) -> None:
        async with client.room(DOCUMENT) as room:
            for n in range(12):
                await room.command(comment(str(n)))
            assert await bodies(room, 12) == [str(n) for n in range(12)]

    with served.torn_after(*CUTS) as wire:
        in_the_room(wire.url, act)


def test_a_dismissed_reader_comes_back_with_a_ticket_of_its_own_and_misses_nothing(served: Any) -> None:
    async def act(client: AsyncClient) -> None:
        async with client.room(DOCUMENT) as room:
            for n in range(3):
                await until(lambda n=n: len(served.room.used) > n and len(served.room.sockets) == 1)
                await asyncio.to_thread(served.aside.run, served.room.dismiss())
                await client.command(comment(f"while away {n}"))
            assert await bodies(room, 3) == ["while away 0", "while away 1", "while away 2"]
        assert len(set(served.room.used)) == len(served.room.used) >= 3

    in_the_room(served.url, act)


def test_a_silent_line_counts_as_broken(served: Any) -> None:
    async def act(client: AsyncClient) -> None:
        async with client.room(DOCUMENT) as room:
            await until(lambda: len(served.room.used) >= 1)
            served.room.mute = True
            await client.command(comment("unheard"))
            await until(lambda: len(served.room.used) >= 2)
            served.room.mute = False
            assert await bodies(room, 1) == ["unheard"]

    in_the_room(served.url, act, Pace(patience=8, silence=0.3, first=0.02))


@TRANSPORTS
def test_a_refused_command_raises_with_code_detail_and_facts(served: Any, transport: Any) -> None:
    async def act(client: AsyncClient) -> None:
        async with client.room(DOCUMENT, transport=transport) as room:
            with pytest.raises(Refused, match="Closed") as raised:
                await room.command(comment("no"))
            assert (raised.value.code, raised.value.detail, raised.value.facts) == (
                "round_closed",
                "Closed.",
                {"round": "ro"},
            )
            assert (await room.command(comment("yes"))).made == {"comment": "co1"}

    in_the_room(served.url, act)


@TRANSPORTS
def test_after_a_reset_the_room_goes_on_from_a_fresh_snapshot(served: Any, transport: Any) -> None:
    async def act(client: AsyncClient) -> None:
        start = (await client.snapshot(DOCUMENT)).cursor
        await client.command(comment("one"))
        await client.command(comment("two"))
        served.room.known_from = 2
        async with client.room(DOCUMENT, after=start, transport=transport) as room:
            with pytest.raises(LookupError):
                room.snapshot  # noqa: B018 - to read it is the test
            following = asyncio.create_task(bodies(room, 1))
            await until(lambda: served.room.seen[-1].url.path.endswith(("events", "tickets")) and room.resets == 1)
            await client.command(comment("three"))
            assert await following == ["three"]
            assert [said.body for said in room.snapshot.comments] == ["one", "two", "three"]

    in_the_room(served.url, act)


@TRANSPORTS
def test_a_reader_goes_on_from_a_kept_snapshot_or_cursor(served: Any, transport: Any) -> None:
    async def act(client: AsyncClient) -> None:
        async with client.room(DOCUMENT, transport=transport) as room:
            await client.command(comment("one"))
            assert await bodies(room, 1) == ["one"]
            kept, cursor = room.snapshot, room.cursor
        assert kept.cursor == cursor
        await client.command(comment("two"))
        async with client.room(DOCUMENT, after=cursor, transport=transport) as room:
            assert await bodies(room, 1) == ["two"]
        async with client.room(DOCUMENT, after=kept, transport=transport) as room:
            assert await bodies(room, 1) == ["two"]
            assert [said.body for said in room.snapshot.comments] == ["one", "two"]

    in_the_room(served.url, act)


def test_a_command_that_was_given_up_is_taken_once_when_it_is_given_again_with_its_id(served: Any) -> None:
    async def act(client: AsyncClient) -> None:
        command_id = mint()
        async with client.room(DOCUMENT) as room:
            served.room.deaf = True
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await room.command(comment("twice"), command_id)
            served.room.deaf = False
            first = await room.command(comment("twice"), command_id)
        assert await client.command(comment("twice"), command_id) == first
        assert len(served.room.log) == 1

    in_the_room(served.url, act)


def test_an_id_that_waits_for_its_answer_cannot_be_given_again_meanwhile(served: Any) -> None:
    async def act(client: AsyncClient) -> None:
        served.room.deaf = True
        command_id = mint()
        async with client.room(DOCUMENT) as room:
            waiting = asyncio.create_task(room.command(comment("one"), command_id))
            await asyncio.sleep(0)
            with pytest.raises(ValueError, match="waiting for its answer"):
                await room.command(comment("one"), command_id)
        with pytest.raises(Unreachable, match="left"):
            await waiting

    in_the_room(served.url, act)


def test_when_the_server_is_gone_for_good_listeners_and_askers_hear_of_it(served: Any) -> None:
    async def act(client: AsyncClient) -> None:
        async with client.room(DOCUMENT) as room:
            await until(lambda: len(served.room.used) >= 1)
            served.room.away = 10**9
            await asyncio.to_thread(served.aside.run, served.room.dismiss())
            asking = asyncio.create_task(room.command(comment("lost?")))
            for _ in range(2):
                with pytest.raises(Unreachable):
                    await anext(room)
            with pytest.raises(Unreachable):
                await asking
            with pytest.raises(Unreachable):
                await room.command(comment("too late"))

    in_the_room(served.url, act, Pace(patience=0.5, silence=5, first=0.02))


@TRANSPORTS
def test_who_is_not_signed_in_cannot_follow(served: Any, transport: Any) -> None:
    async def visit() -> None:
        async with AsyncClient(served.url, "another", QUICK) as client:
            with pytest.raises(Refused) as raised:
                async with client.room(DOCUMENT, transport=transport):
                    pass
            assert raised.value.code == "not_signed_in"
            async with client.room(DOCUMENT, after="0~", transport=transport) as room:
                with pytest.raises(Refused):
                    await anext(room)

    asyncio.run(visit())


def test_a_room_that_is_left_gives_what_had_come_and_then_ends(served: Any) -> None:
    async def act(client: AsyncClient) -> None:
        async with client.room(DOCUMENT) as room:
            await room.command(comment("last"))
            await until(lambda: not room._inbox.empty())  # noqa: SLF001 - it has come, and nobody took it
        assert [event.kind async for _, event in room] == ["comment_posted"]
        assert [event async for event in room] == []

    in_the_room(served.url, act)


@TRANSPORTS
def test_the_plain_client_follows_as_the_other_one_does(served: Any, transport: Any) -> None:
    with served.torn_after(*CUTS) as wire, Client(wire.url, TOKEN, QUICK) as client:
        with client.room(DOCUMENT, transport=transport) as room:
            speakers = [threading.Thread(target=room.command, args=(comment(f"{n}"),)) for n in range(8)]
            for speaker in speakers:
                speaker.start()
            heard = [event.payload["comment"]["body"] for _, (_cursor, event) in zip(range(8), room, strict=False)]
            for speaker in speakers:
                speaker.join(10)
            assert sorted(heard) == [str(n) for n in range(8)]
            assert [said.body for said in room.snapshot.comments] == heard
            assert (room.resets, room.cursor) == (0, room.snapshot.cursor)
            with pytest.raises(Refused):
                room.command(comment("no"))
        assert list(room) == []


def test_an_event_that_comes_after_the_time_is_up_is_given_by_the_next_call(served: Any) -> None:
    with Client(served.url, TOKEN, QUICK) as client, client.room(DOCUMENT) as room:
        with pytest.raises(TimeoutError):
            room.next(timeout=0.05)
        room.command(comment("late"))
        _, event = room.next(timeout=5)
        assert event.payload["comment"]["body"] == "late"


@TRANSPORTS
def test_patience_is_for_a_server_that_stays_away_and_not_for_a_line_that_breaks_often(
    served: Any, transport: Any
) -> None:
    async def act(client: AsyncClient) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with client.room(DOCUMENT, transport=transport) as room:
            spoken = 0
            while loop.time() < began + 1.6:
                served.room.away = 1
                await asyncio.to_thread(served.aside.run, served.room.dismiss())
                await client.command(comment(f"{spoken}"))
                spoken += 1
                assert await bodies(room, 1) == [f"{spoken - 1}"]

    in_the_room(served.url, act, Pace(patience=1.0, silence=5, first=0.02, longest=0.05))
