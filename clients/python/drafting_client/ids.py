"""Ids of commands: ULIDs, minted by the sender so that a resend is known for what it is."""

import secrets
import time

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 26


def mint() -> str:
    """Give a new ULID: 48 bits of milliseconds, then 80 random bits, in 26 Crockford letters."""
    number = time.time_ns() // 1_000_000 << 80 | secrets.randbits(80)
    return "".join(_LETTERS[number >> 5 * place & 31] for place in reversed(range(_LENGTH)))
