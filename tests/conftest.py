"""What all tests share: a house on a fresh SQLite file, with a clock that stands still and seeded ids; and its cast."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from drafting.house import House
from tests.casting import Cast, Clock, opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> Iterator[House]:
    house = opened(tmp_path, clock)
    yield house
    house.close()


@pytest.fixture
def cast(house: House, clock: Clock) -> Cast:
    """Everybody, and no document yet."""
    cast = Cast(house, clock)
    cast.found()
    return cast


@pytest.fixture
def room(cast: Cast) -> Cast:
    """Everybody, the document, and an open round."""
    cast.take_in()
    cast.open()
    return cast


@pytest.fixture
def held(cast: Cast) -> Cast:
    """Everybody, the document, and an open round whose proposals are held."""
    cast.take_in()
    cast.open(mode="held")
    return cast
