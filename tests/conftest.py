"""What all tests share: a house with a clock that stands still and seeded ids, and its cast; on a SQLite file, and in
the folders named below on PostgreSQL too.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from drafting.house import House
from storage.migrate import migrate
from tests.casting import Cast, Clock, opened
from tests.postgres import Postgres

ON_BOTH = {"core", "live", "storage"}
ON_BOTH_TOO = {"test_documents.py", "test_health.py", "test_socket.py"}
ON_ONE = ("_query.py", "test_verify.py", "test_policy.py", "test_contract.py", "test_fold_fixtures.py")
"""Of those folders, what only reads, and is read alike on either: views, the many traces of an intruder, the table of
who may do what.
"""
FreshDatabase = Callable[[], AbstractContextManager[str]]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try on both databases whatever stands on one, unless it says itself on which."""
    here = metafunc.definition.path
    said = {mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")}
    both = here.parent.name in ON_BOTH or (here.parent.name == "http" and here.name in ON_BOTH_TOO)
    both = both and not here.name.endswith(ON_ONE)
    if both and "kind" in metafunc.fixturenames and "kind" not in said:
        metafunc.parametrize("kind", ["sqlite", "postgresql"], indirect=True, scope="module")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server for the whole session."""
    server = Postgres()
    yield server
    server.close()


@pytest.fixture(scope="module")
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of database: sqlite or postgresql."""
    return getattr(request, "param", "sqlite")


@pytest.fixture(scope="module")
def fresh_database(kind: str, request: pytest.FixtureRequest) -> FreshDatabase:
    """Gives a new database with its tables, for a while, as the setting that names it: empty is a file in the home."""
    if kind == "sqlite":
        return lambda: nullcontext("")
    server: Postgres = request.getfixturevalue("postgres")
    return server.fresh


@pytest.fixture
def database_url(fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[str]:
    """The address of a new database with its tables, for tests that need no house."""
    with fresh_database() as setting:
        if not setting:
            migrate(f"sqlite:///{tmp_path / 'room.sqlite3'}")
        yield setting or f"sqlite:///{tmp_path / 'room.sqlite3'}"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(tmp_path: Path, clock: Clock, fresh_database: FreshDatabase) -> Iterator[House]:
    with fresh_database() as url:
        house = opened(tmp_path, clock, url)
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
