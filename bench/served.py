"""A PostgreSQL server for benches: the one that the tests start, but waiting for the disk as a real one does."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

_TESTS = Path(__file__).parents[1] / "tests" / "postgres.py"


@contextmanager
def postgresql() -> Iterator[str]:
    """Give the address of a database with the newest tables and nothing in them, for a while."""
    with closing(_module().Postgres(quick=False)) as server, server.fresh() as url:
        yield url


def _module() -> Any:
    # By its place: a wheel among our peers brings a package of its own that is called ``tests``.
    spec = spec_from_file_location("tests_postgres", _TESTS)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(_TESTS)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
