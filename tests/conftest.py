"""What all tests share: a house with a clock that stands still and seeded ids, and its cast; on a SQLite file, and in
the folders named below on PostgreSQL too.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from pathlib import Path

import pytest

from drafting.house import House
from storage.migrate import migrate
from tests.casting import Cast, Clock, copied, opened
from tests.postgres import Postgres

ON_BOTH = {"core", "live", "storage"}
ON_BOTH_TOO = {"test_documents.py", "test_health.py", "test_socket.py"}
ON_ONE = ("_query.py", "test_verify.py", "test_policy.py", "test_contract.py", "test_fold_fixtures.py")
"""Of those folders, what only reads, and is read alike on either: views, the many traces of an intruder, the table of
who may do what.
"""
FreshDatabase = Callable[[], AbstractContextManager[str]]
Prologue = Callable[[Cast], None]


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


@pytest.fixture(scope="session")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Prologue], Cast]:
    """Gives a scene in a closed house on SQLite, played once: a copy costs a fifteenth of playing it anew."""

    @cache
    def play(prologue: Prologue) -> Cast:
        clock = Clock()
        cast = Cast(opened(tmp_path_factory.mktemp("scene"), clock), clock)
        prologue(cast)
        cast.house.close()
        return cast

    return play


@contextmanager
def _begun(prologue: Prologue, kind: str, request: pytest.FixtureRequest) -> Iterator[Cast]:
    if kind == "sqlite":
        cast = copied(request.getfixturevalue("scenes")(prologue), request.getfixturevalue("tmp_path"))
        yield cast
        cast.house.close()
    else:
        cast = Cast(request.getfixturevalue("house"), request.getfixturevalue("clock"))
        prologue(cast)
        yield cast


def _in_session(cast: Cast) -> None:
    cast.found()
    cast.take_in()
    cast.open()


@pytest.fixture
def cast(request: pytest.FixtureRequest, kind: str) -> Iterator[Cast]:
    """Everybody, and no document yet."""
    with _begun(Cast.found, kind, request) as cast:
        yield cast


@pytest.fixture
def room(request: pytest.FixtureRequest, kind: str) -> Iterator[Cast]:
    """Everybody, the document, and an open round."""
    with _begun(_in_session, kind, request) as room:
        yield room


@pytest.fixture
def held(cast: Cast) -> Cast:
    """Everybody, the document, and an open round whose proposals are held."""
    cast.take_in()
    cast.open(mode="held")
    return cast
