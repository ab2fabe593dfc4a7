"""The demonstration, played once for all tests of it."""

import time
from collections.abc import Iterator

import pytest

from drafting.config import Settings
from drafting.demo.play import play
from drafting.house import House
from tests.demo.played import DAY, Played


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    settings = Settings(home=tmp_path_factory.mktemp("demo"))
    before = time.process_time()
    assert play(settings, DAY)
    seconds = time.process_time() - before
    house = House(settings)
    yield Played(house, seconds)
    house.close()
