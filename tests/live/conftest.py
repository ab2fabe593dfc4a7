"""One hosted room for all tests of a module; a test that changes what others count makes its own."""

from collections.abc import Iterator

import pytest

from tests.http.hosting import Room, hosted


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with hosted(tmp_path_factory.mktemp("home")) as open_room:
        yield open_room
