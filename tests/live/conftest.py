"""One hosted room for all tests of a module; a test that changes what others count makes its own."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from drafting.live import feed
from tests.conftest import FreshDatabase
from tests.http.hosting import Room, hosted


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, fresh_database: FreshDatabase) -> Iterator[Room]:
    with ExitStack() as stack:
        url = stack.enter_context(fresh_database())
        with pytest.MonkeyPatch.context() as setting:
            setting.setenv("DRAFTING_DATABASE", url)
            open_room = stack.enter_context(hosted(tmp_path_factory.mktemp("home")))
        yield open_room


@pytest.fixture(autouse=True)
def _own_database(fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test hosts for itself, and the programs that it starts, stand on a database of the same kind."""
    with fresh_database() as url:
        monkeypatch.setenv("DRAFTING_DATABASE", url)
        yield


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with hosted(tmp_path_factory.mktemp("fresh")) as room:
        yield room


@pytest.fixture
def unpolled(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """A room whose feed has nothing but the bell."""
    monkeypatch.setattr(feed, "POLL_SECONDS", 300.0)
    with hosted(tmp_path_factory.mktemp("unpolled")) as room:
        yield room
