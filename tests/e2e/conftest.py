"""What the end-to-end tests share: servers that end with the test, and the readers of Word files."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.server import Server, served
from tests.word.conftest import sdk_errors

__all__ = ["sdk_errors"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start a server with these settings, in a home of its own."""
    with ExitStack() as stack:

        def start(**settings: str) -> Server:
            return stack.enter_context(served(tmp_path / "home", settings))

        yield start
