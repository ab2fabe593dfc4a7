"""What was found out about long texts: remembered up to so many characters in all, not up to so many texts."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Final, TypeVar

LONG: Final = 20_000
"""Characters from which texts are long. Shorter ones are remembered by number, by ``lru_cache``, which is faster."""

_MOST: Final = 4_000_000
"""Characters of all texts remembered here: some 30 MB with what was found. Sixty wordings of 30,000 characters fit."""

_T = TypeVar("_T")


class Memory:
    """The answers of several functions about texts, those asked for last."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._answers: OrderedDict[tuple[object, ...], object] = OrderedDict()
        self._lock = Lock()

    def answer(self, work: Callable[..., _T], *texts: str) -> _T:
        """Give ``work(*texts)``, which must depend on nothing else."""
        asked = (work, *texts)
        with self._lock:
            if asked in self._answers:
                self._answers.move_to_end(asked)
                return self._answers[asked]  # type: ignore[return-value]  # this work's own answer
        found = work(*texts)
        with self._lock:
            if asked not in self._answers:
                self._answers[asked] = found
                self._size += _size(asked)
            while self._size > self._most:
                self._size -= _size(self._answers.popitem(last=False)[0])
        return found

    def cache_clear(self) -> None:
        """Forget everything, as that of ``lru_cache`` does."""
        with self._lock:
            self._answers.clear()
            self._size = 0


def _size(asked: tuple[object, ...]) -> int:
    return sum(len(text) for text in asked if isinstance(text, str))


MEMORY: Final = Memory(_MOST)
"""The one memory for long texts, so that they are bounded together."""
