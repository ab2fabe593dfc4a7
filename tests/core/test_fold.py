import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drafting.protocol.events import EventView
from drafting.protocol.fold import fold
from tests.casting import Cast, Clock, opened, replace
from tests.conftest import FreshDatabase
from tests.core.playing import BETWEEN, KINDS, Player, Viewers


@contextmanager
def playing(fresh_database: FreshDatabase, mode: str, *, unnamed: bool) -> Iterator[Cast]:
    clock = Clock()
    with tempfile.TemporaryDirectory() as home, fresh_database() as url:
        house = opened(Path(home), clock, url)
        cast = Cast(house, clock)
        cast.found()
        cast.take_in(unnamed=unnamed)
        cast.open(mode=mode)
        try:
            yield cast
        finally:
            house.close()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data(), st.sampled_from(["floor", "held"]), st.booleans(), st.integers(5, 25))
def test_a_client_on_the_feed_holds_what_a_reload_would_show(
    fresh_database: FreshDatabase, data: st.DataObject, mode: str, unnamed: bool, steps: int
) -> None:
    with playing(fresh_database, mode, unnamed=unnamed) as cast:
        viewers = Viewers(cast)
        player = Player(cast, lambda choices: choices[data.draw(st.integers(0, len(choices) - 1))])
        for _ in range(steps):
            player.step()
            viewers.catch_up()
        viewers.check()
        assert cast.verify().findings == []


def test_long_negotiations_with_every_command_fold_to_what_a_reload_shows(fresh_database: FreshDatabase) -> None:
    taken, everything = Counter[str](), (set(KINDS) | set(BETWEEN)) - {"time passes"}
    for seed, (mode, unnamed) in enumerate((("floor", True), ("held", True), ("held", False))):
        source = random.Random(seed)  # noqa: S311 - chance that can be repeated
        with playing(fresh_database, mode, unnamed=unnamed) as cast:
            viewers, player = Viewers(cast), Player(cast, source.choice, taken)
            # The last negotiation goes on until every command was taken by somebody.
            for step in range(300):
                if step >= 65 and (seed < 2 or set(taken) == everything):
                    break
                player.step()
                viewers.catch_up()
                if step % 8 == 7:
                    viewers.check()
            assert cast.verify().findings == []
    assert set(taken) == everything


def test_an_unknown_kind_moves_the_cursor_and_nothing_else(room: Cast) -> None:
    before = room.snapshot("arv")
    news = EventView.model_validate(
        {
            "stream": "all",
            "seq": 9,
            "kind": "anthem_played",
            "by": "sec",
            "capacity": "secretary",
            "at": room.clock.at,
            "payload": {"kind": "anthem_played", "anthem": "of the future"},
            "volume": "a field of the future",
        }
    )
    assert fold(before, news, "c") == before.model_copy(update={"cursor": "c"})


def test_fields_that_a_newer_server_says_are_ignored_wherever_they_stand(room: Cast) -> None:
    before = room.snapshot("bor")
    room.table("arv", replace(room.sections[5], "States shall act."))
    event = room.events("bor")[-1]
    payload = event.payload | {"mood": "good"}
    payload["amendment"] = payload["amendment"] | {"colour": "blue"}
    payload["amendment"]["revisions"] = [payload["amendment"]["revisions"][0] | {"font": "bold"}]
    told = fold(before, event.model_copy(update={"payload": payload}), "c")
    assert told.amendments == room.snapshot("bor").amendments


def test_an_event_that_was_purged_changes_nothing_but_the_cursor(room: Cast) -> None:
    before = room.snapshot("arv")
    room.do("arv", "post_comment", section=room.sections[5], body="Between us.", audience="own")
    purged = room.events("arv")[-1].model_copy(update={"payload": {}})
    assert fold(before, purged, "c") == before.model_copy(update={"cursor": "c"})
