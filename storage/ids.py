"""Ids: prefixed ULIDs, 26 characters of Crockford's base 32 that sort by the time they were minted."""

import secrets
from collections.abc import Callable
from datetime import datetime

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM_BITS = 80


def ulid(at: datetime, bits: int) -> str:
    """Give the ULID of an aware time (to the millisecond) and 80 random bits."""
    number = (int(at.timestamp() * 1000) << _RANDOM_BITS) | bits
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


class Mint:
    """Mints ids; ``bits`` gives 80 of them at a time, at random unless a demonstration wants the same ids each time."""

    def __init__(self, bits: Callable[[], int] = lambda: secrets.randbits(_RANDOM_BITS)) -> None:
        self._bits = bits

    def __call__(self, prefix: str, at: datetime) -> str:
        """Give a new id: ``am_01J…``."""
        return f"{prefix}_{self.command(at)}"

    def command(self, at: datetime) -> str:
        """Give a new id for a command, which has no prefix."""
        return ulid(at, self._bits())
