"""Passwords: kept as argon2id hashes. Hashing and verifying take a while, on purpose: never do it on the event loop.

Like other credentials they are in no log.
"""

import secrets
import unicodedata
from base64 import b64encode

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlmodel import select

from drafting.queries.people import Person, person_by_handle
from storage.database import ReadTransaction, WriteTransaction
from storage.tables import Participant

# What OWASP recommends: 19 MiB and two passes. A sign-in at another cost is hashed anew at this one.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hashed(password: str) -> str:
    """Give the hash to keep. However its letters were typed, the same password is the same."""
    return HASHER.hash(_as_typed(password))


def verified(kept: str, password: str) -> bool:
    """Tell whether it is the password that this hash was kept of. An empty hash takes as long, and never is."""
    try:
        HASHER.verify(kept or _hash_of_nobody(), _as_typed(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept)


def outdated(kept: str) -> bool:
    """Tell whether the hash was made at another cost than today's."""
    return HASHER.check_needs_rehash(kept)


def kept_of(tx: ReadTransaction, handle: str) -> tuple[Person | None, str]:
    """Give the person of the handle, if there is one, and the hash that is kept of their password, if there is one."""
    row = tx.session.exec(select(Participant).where(Participant.handle == handle)).first()
    return (person_by_handle(tx, handle), row.password) if row else (None, "")


def keep(tx: WriteTransaction, person: Person, kept: str, *, instead_of: str | None = None) -> None:
    """Keep this hash (empty: none, so that no password lets the person in); where ``instead_of`` is given, only if
    that is what is kept now.
    """
    row = tx.session.get_one(Participant, person.id)
    if instead_of in {None, row.password}:
        row.password = kept
        tx.session.add(row)


def _as_typed(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _hash_of_nobody() -> str:
    """Make up a hash at today's cost, of a password that nobody can find."""
    salt, digest = (
        b64encode(secrets.token_bytes(size)).rstrip(b"=").decode() for size in (HASHER.salt_len, HASHER.hash_len)
    )
    return f"$argon2id$v=19$m={HASHER.memory_cost},t={HASHER.time_cost},p={HASHER.parallelism}${salt}${digest}"
