"""What the end-to-end tests share: servers, and the text that is negotiated."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.e2e.server import Server


def _beside(name: str) -> Any:
    """Load the module beside this file: test folders are no packages."""
    spec = importlib.util.spec_from_file_location(f"e2e_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start a server with these settings; it ends with the test."""
    module = _beside("server")
    with ExitStack() as stack:

        def start(**settings: str) -> Server:
            server: Server = stack.enter_context(module.served(tmp_path / f"home{len(settings)}", settings))
            return server

        yield start
