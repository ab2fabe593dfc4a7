"""Several nodes on one PostgreSQL database: each hears what the others did, by the bell or by looking."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager, closing
from pathlib import Path

import pytest

from drafting.config import Settings
from drafting.house import House
from drafting.live import feed
from drafting.live.feed import Feed, Following
from tests.casting import Cast, Clock, opened, replace

pytestmark = pytest.mark.parametrize("kind", ["postgresql"], indirect=True)


class Nodes:
    """Two houses on one database, and the cast, which acts at the first one."""

    def __init__(self, one: House, other: House, cast: Cast) -> None:
        self.one, self.other, self.cast = one, other, cast

    def comment(self, house: House, body: str) -> None:
        envelope = self.cast.envelope("arv", "post_comment", section=self.cast.sections[5], body=body)
        house.executor.execute(self.cast.person("arv"), envelope).result()


@pytest.fixture
def bus() -> str:
    """The setting of the bus."""
    return ""


@pytest.fixture
def nodes(tmp_path: Path, clock: Clock, bus: str) -> Iterator[Nodes]:
    url = os.environ["DRAFTING_DATABASE"]
    with ExitStack() as stack:
        one = stack.enter_context(closing(opened(tmp_path, clock, url)))
        other = stack.enter_context(closing(House(Settings(home=tmp_path, database=url, bus=bus), clock)))  # type: ignore[arg-type] # a test's own word
        cast = Cast(one, clock)
        cast.found()
        cast.take_in()
        cast.open()
        yield Nodes(one, other, cast)


@asynccontextmanager
async def following(house: House, cast: Cast, handle: str) -> AsyncIterator[Following]:
    """Follow the document at that house, whose feed runs meanwhile."""
    its = Feed(house)
    running = asyncio.create_task(its.run())
    follower = await its.follow(cast.person(handle), cast.document, None)
    try:
        yield follower
    finally:
        follower.close()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def next_body(follower: Following, within: float = 10) -> str:
    async with asyncio.timeout(within):
        while not (new := await follower.look()):
            await follower.stirred()
    (frame,) = new
    body: str = json.loads(frame[1].json)["payload"]["comment"]["body"]
    return body


def test_each_of_two_nodes_rings_for_the_readers_of_the_other(nodes: Nodes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "POLL_SECONDS", 300.0)

    async def all_of_it() -> None:
        async with following(nodes.one, nodes.cast, "bor") as here, following(nodes.other, nodes.cast, "cal") as there:
            for number in range(5):
                for house in (nodes.one, nodes.other):
                    body = f"Number {number}"
                    await asyncio.to_thread(nodes.comment, house, body)
                    assert [await next_body(one) for one in (here, there)] == [body, body]

    asyncio.run(all_of_it())


@pytest.mark.parametrize("bus", ["memory"])
def test_a_node_that_hears_no_bell_looks_by_itself(nodes: Nodes) -> None:
    async def all_of_it() -> None:
        async with following(nodes.other, nodes.cast, "cal") as there:
            await asyncio.to_thread(nodes.comment, nodes.one, "Unheard")
            assert await next_body(there, within=4) == "Unheard"

    asyncio.run(all_of_it())


def test_two_hundred_concurrent_commands_of_two_nodes_all_succeed_and_verify(nodes: Nodes) -> None:
    cast, first = nodes.cast, nodes.cast.sections[5]
    said = {"round": cast.round, "base": cast.version, "edits": [replace(first, "States shall act.")]}
    commands = [
        cast.envelope("arv", "post_comment", section=first, body=f"Number {n}")
        if n % 3
        else cast.envelope("arv", "table_amendment", **said)
        for n in range(200)
    ]
    arv = cast.person("arv")
    before = cast.events("sec")[-1].seq

    def one(n: int) -> str:
        house = (nodes.one, nodes.other)[n // 2 % 2]
        return house.executor.execute(arv, commands[n]).result().kind

    with ThreadPoolExecutor(32) as threads:
        kinds = list(threads.map(one, range(200)))
    assert len(kinds) == 200
    numbers = [event.seq for event in cast.events("sec") if event.stream == "all"]
    assert numbers[-1] == before + 200
    assert numbers == list(range(1, before + 201))
    assert {a.label for a in cast.snapshot("sec").amendments} == {f"ARV-{n}" for n in range(1, 68)}
    assert cast.verify().findings == []


def test_a_command_resent_to_another_node_is_answered_by_the_first_receipt(nodes: Nodes) -> None:
    envelope = nodes.cast.envelope("arv", "post_comment", section=nodes.cast.sections[5], body="Once")
    arv = nodes.cast.person("arv")
    both = [house.executor.execute(arv, envelope) for house in (nodes.one, nodes.other)]
    first, second = (future.result() for future in both)
    assert first.made == second.made
    assert [event.kind for event in nodes.cast.events("sec")].count("comment_posted") == 1
