"""What a ring says, and what every bus can do."""

from collections.abc import Callable
from typing import NamedTuple, Protocol


class Ring(NamedTuple):
    """A stream of a scope has an event up to this number."""

    scope: str
    stream: str
    seq: int


class Bus(Protocol):
    """Carries rings to whoever listens, from any thread, in no promised order."""

    def ring(self, ring: Ring) -> None:
        """Tell all listeners. Never blocks, never raises."""

    def listen(self, heard: Callable[[Ring], None]) -> Callable[[], None]:
        """Call ``heard`` at each ring, on a thread of the bus or the ringer's; gives the function that stops it."""

    def close(self) -> None:
        """Ring no more."""
