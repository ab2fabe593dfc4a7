"""Two nodes on one PostgreSQL database, each with a room of the same draft."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from drafting.config import Settings
from drafting.house import House
from drafting.live import rooms
from tests.casting import Cast, Clock, opened
from tests.live.typists import Typist, enter, on_disk, open_rooms, opened_draft, read, until

pytestmark = pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
START = "States shall take appropriate measures to protect migrants in transit."


@pytest.fixture
def nodes(tmp_path: Path, clock: Clock) -> Iterator[tuple[Cast, House]]:
    """A cast at one node, and the other."""
    url = os.environ["DRAFTING_DATABASE"]
    with ExitStack() as stack:
        one = stack.enter_context(closing(opened(tmp_path, clock, url)))
        other = stack.enter_context(closing(House(Settings(home=tmp_path, database=url), clock)))
        cast = Cast(one, clock)
        cast.found()
        cast.take_in()
        cast.open()
        yield cast, other


def test_what_is_typed_at_both_nodes_is_the_same_at_both(
    nodes: tuple[Cast, House], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "LOOK_SECONDS", 300.0)
    cast, other = nodes
    draft, op1 = opened_draft(cast), cast.sections[5]

    async def all_of_it() -> None:
        async with open_rooms(cast.house) as here, open_rooms(other) as there:
            typists = [await enter(its, cast, by, draft) for its in (here, there) for by in ("arv", "arv2")]
            for number in range(15):
                for typist in typists:
                    typist.type(op1, "x", number)
                await asyncio.sleep(0.01)
            await until(lambda: all(len(one.text(op1)) == len(START) + 60 for one in typists))
            await until(lambda: len({read(one.doc) for one in typists}) == 1)
            late = [await enter(its, cast, "clerk", draft) for its in (here, there)]
            assert {read(one.doc) for one in (*late, *typists)} == {read(on_disk(cast.house, draft))}

    asyncio.run(all_of_it())


def test_a_client_id_that_was_bound_at_one_node_is_taken_at_the_other(nodes: tuple[Cast, House]) -> None:
    cast, other = nodes
    draft, op1 = opened_draft(cast), cast.sections[5]

    async def all_of_it() -> None:
        async with open_rooms(cast.house) as here, open_rooms(other) as there:
            arv = await enter(here, cast, "arv", draft, Typist(77))
            forger = await enter(there, cast, "arv2", draft, Typist(77))
            arv.type(op1, "All ")
            await until(lambda: forger.text(op1) == "All " + START)
            forger.type(op1, "Forged ")
            await until(lambda: forger.line is not None and forger.line.ended.done())
            assert forger.ending() == (4403, "hand_taken")
            assert arv.text(op1) == "All " + START

    asyncio.run(all_of_it())


def test_a_log_that_one_node_puts_together_is_read_whole_by_the_other(
    nodes: tuple[Cast, House], monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, other = nodes
    draft, op1 = opened_draft(cast), cast.sections[5]

    async def all_of_it() -> None:
        async with open_rooms(cast.house) as here, open_rooms(other) as there:
            arv, arv2 = await enter(here, cast, "arv", draft), await enter(there, cast, "arv2", draft)
            with monkeypatch.context() as deaf:
                deaf.setattr(rooms, "LOOK_SECONDS", 300.0)
                deaf.setattr(there, "_ring", lambda *_: None)
                arv.type(op1, "All ")
                await until(lambda: len(arv.acks()) > 1)
                assert arv.line is not None
                await arv.line.host.compact()  # type: ignore[attr-defined] # a line knows less of its room
                arv2.type(op1, "And ")
                await until(lambda: len(arv2.acks()) > 1)
            assert "All " in arv2.text(op1)
            await until(lambda: arv.text(op1) == arv2.text(op1))

    asyncio.run(all_of_it())
