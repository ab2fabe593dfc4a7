"""How long something takes, and how the text engine is brought back to where nothing is remembered."""

import sys
import time
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")
_DOMAIN = "drafting.domain"


def timed(work: Callable[[], _T]) -> tuple[float, _T]:
    """Do it once, and give the milliseconds it took and what came of it."""
    start = time.perf_counter()
    found = work()
    return 1000 * (time.perf_counter() - start), found


def milliseconds(work: Callable[[], object]) -> float:
    """Do it once, and give the milliseconds it took."""
    return timed(work)[0]


def forget() -> None:
    """Empty every cache of the text engine."""
    for name, module in list(sys.modules.items()):
        if name.startswith(_DOMAIN):
            for kept in vars(module).values():
                if hasattr(kept, "cache_clear") and not isinstance(kept, type):
                    kept.cache_clear()


def cold(work: Callable[[], object]) -> float:
    """Do it once with the caches of the text engine empty, and give the milliseconds it took."""
    forget()
    return milliseconds(work)


def cold_cpu(work: Callable[[], object]) -> float:
    """Do it once as ``cold`` does, and give the milliseconds of CPU time that this process took for it."""
    forget()
    start = time.process_time()
    work()
    return 1000 * (time.process_time() - start)
