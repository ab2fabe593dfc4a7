"""How long to wait: for an answer, for a sign of life, before the next try, and before giving up."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from drafting_client.errors import Unreachable

_CHANCE = secrets.SystemRandom()


@dataclass(frozen=True, slots=True)
class Pace:
    """All in seconds.

    ``patience``: how long to go on trying before ``Unreachable`` (``math.inf``: for ever). ``silence``: after how much
    of it a line counts as broken; the server says something every 15 s. ``first`` and ``longest``: the pause after the
    first failure, which doubles with every further one, and where that ends.
    """

    patience: float = 60.0
    silence: float = 45.0
    first: float = 1.0
    longest: float = 15.0


class Patience:
    """Counts the failures in a row, and knows when they are too many."""

    def __init__(self, pace: Pace, now: Callable[[], float] = time.monotonic) -> None:
        self._pace = pace
        self._now = now
        self._failures = 0
        self._since = now()

    def restore(self) -> None:
        """Start afresh: all is well again."""
        self._failures = 0
        self._since = self._now()

    def pause(self, cause: Exception) -> float:
        """Say how long to wait before the next try; raise ``Unreachable`` when that would be past all patience.

        The pause is drawn between a tenth of its length and the whole of it, so that those whom a restarting server
        dropped together do not all come back together.
        """
        pace = self._pace
        # The exponent is held down: 2.0 ** 1100 is no float, and someone may have infinite patience.
        length = min(pace.longest, pace.first * 2.0 ** min(self._failures, 60))
        pause = length * _CHANCE.uniform(0.1, 1.0)
        self._failures += 1
        if self._now() + pause - self._since > pace.patience:
            raise Unreachable(f"Tried for {pace.patience:g} s without success: {str(cause) or type(cause).__name__}")
        return pause
