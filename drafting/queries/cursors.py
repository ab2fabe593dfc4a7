"""Cursors: a place in a document's log, encrypted for its reader, so that nobody counts what others do in private."""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from drafting.protocol.problems import ProblemCode, Refusal

_PLACE_BYTES = 8
_ALIAS_LENGTH = 16


class Cursors:
    """Seals and opens cursors with one key. The same place gives the same reader the same cursor.

    A reader's capacities are sealed in: once they have changed, the way on leads over a new snapshot, since older
    events may now be readable that were not when they passed.
    """

    def __init__(self, key: bytes) -> None:
        self._cipher = AESSIV(hashlib.sha512(key).digest())

    def seal(self, participant: str, scope: str, place: int, capacities: Iterable[str] = ()) -> str:
        """Give the cursor of a place for this reader."""
        sealed = self._cipher.encrypt(place.to_bytes(_PLACE_BYTES, "big"), _bound(participant, scope, capacities))
        return urlsafe_b64encode(sealed).decode().rstrip("=")

    def open(self, participant: str, scope: str, cursor: str, capacities: Iterable[str] = ()) -> int:
        """Give the place back; refuses one of somebody else, of other rights, of another document, or made up."""
        try:
            sealed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            place = self._cipher.decrypt(sealed, _bound(participant, scope, capacities))
        except (ValueError, InvalidTag):
            raise Refusal(
                ProblemCode.CURSOR_INVALID,
                "This cursor cannot be followed; take a new snapshot and go on from its cursor.",
            ) from None
        return int.from_bytes(place, "big")

    def alias(self, scope: str, stream: str) -> str:
        """Give what tells a stream from others of the scope without naming its audience."""
        return self._cipher.encrypt(stream.encode(), [b"alias", scope.encode()]).hex()[:_ALIAS_LENGTH]


def _bound(participant: str, scope: str, capacities: Iterable[str]) -> list[bytes]:
    return [participant.encode(), scope.encode(), ",".join(sorted(capacities)).encode()]
