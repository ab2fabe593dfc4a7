"""How often somebody may try to sign in with a password. Nobody is ever locked out by what others do elsewhere.

Counted is by handle *and* address, so that a flood from elsewhere leaves the people of a delegation alone; and by
address, so that nobody tries one password on many handles. Links, sessions and tokens do not come by here at all.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import NamedTuple

from drafting.protocol.problems import ProblemCode, Refusal

FIRST_DELAY = 2.0
FORGOTTEN_AFTER = 3600.0
MOST_KEPT = 100_000
_NETWORK_BITS = 64


class Patience(NamedTuple):
    """How many tries are free; each one after them makes the next wait twice as long, up to ``longest`` seconds."""

    free: int
    longest: float


# Behind one address there may be a whole conference: it is slowed down, and never for long.
OF_ONE_HANDLE, OF_AN_ADDRESS = Patience(5, 900.0), Patience(100, 30.0)


@dataclass(slots=True)
class _Tried:
    times: int = 0
    last: float = 0.0
    until: float = 0.0


class Attempts:
    """What was tried lately. It is kept by this node alone, and gone when it stops."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tried: OrderedDict[tuple[str, str], _Tried] = OrderedDict()

    def begin(self, handle: str, address: str) -> None:
        """Count a try before it is judged, so that many at once are many; refused if it comes too soon."""
        now = self._clock()
        self._forget(now)
        keys = _keys(handle, address)
        wait = max(self._tried[key].until - now if key in self._tried else 0.0 for key, _ in keys)
        if wait > 0:
            seconds = math.ceil(wait)
            raise Refusal(
                ProblemCode.TOO_MANY_ATTEMPTS,
                f"There were too many attempts from here. Try again in {seconds} s, or sign in with a link.",
                retry_after=seconds,
            )
        for key, patience in keys:
            tried = self._tried.setdefault(key, _Tried())
            tried.times, tried.last = tried.times + 1, now
            tried.until = now + _delay(tried.times, patience)
            self._tried.move_to_end(key)

    def succeeded(self, handle: str, address: str) -> None:
        """Note that the last try was right: it counts against nobody."""
        (own, _), (everybodys, patience) = _keys(handle, address)
        self._tried.pop(own, None)
        if (tried := self._tried.get(everybodys)) is not None:
            tried.times -= 1
            tried.until = tried.last + _delay(tried.times, patience)

    def _forget(self, now: float) -> None:
        """Drop what is long past; and, in a flood from everywhere, what is longest past."""
        while self._tried:
            oldest = next(iter(self._tried.values()))
            if len(self._tried) <= MOST_KEPT and oldest.last + FORGOTTEN_AFTER > now:
                return
            self._tried.popitem(last=False)


def _keys(handle: str, address: str) -> tuple[tuple[tuple[str, str], Patience], tuple[tuple[str, str], Patience]]:
    network = _network(address)
    return ((handle, network), OF_ONE_HANDLE), (("", network), OF_AN_ADDRESS)


def _network(address: str) -> str:
    """Give what one household or office has: an IPv4 address, or the first half of an IPv6 one."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(found) if found.version == 4 else str(ip_network((found, _NETWORK_BITS), strict=False))  # noqa: PLR2004 - the old IP


def _delay(times: int, patience: Patience) -> float:
    late = times - patience.free
    return 0.0 if late < 0 else min(patience.longest, FIRST_DELAY * 2.0 ** min(late, 30))
