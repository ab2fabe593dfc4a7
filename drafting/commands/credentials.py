"""What lets people in: tokens, sessions, socket tickets, sign-in links. Secrets are given once and kept as digests.

None of this is negotiation: it goes to no log.
"""

import secrets
from datetime import datetime, timedelta

from sqlmodel import select

from drafting.protocol.commands import HOUSE
from drafting.queries.people import Person, person_by_credential
from storage import log
from storage.database import WriteTransaction
from storage.ids import Mint
from storage.tables import Credential, Participant, Scope

LIFETIMES = {
    "token": timedelta(days=365),
    "session": timedelta(days=14),
    "ticket": timedelta(seconds=30),
    "sign_in": timedelta(days=7),
}
"""How long each kind lets its person in. Tickets and sign-in codes work once."""
_SECRET_BYTES = 32


def appoint_administrator(tx: WriteTransaction, handle: str, name: str, at: datetime, mint: Mint) -> str:
    """Make the person an administrator (a new one if the handle is new); gives the participant's id.

    This is the host's to do, at the machine itself: it is how the first one comes to be.
    """
    if tx.session.get(Scope, HOUSE) is None:
        log.found(tx.session, HOUSE, HOUSE)
    row = tx.session.exec(select(Participant).where(Participant.handle == handle)).first()
    row = row or Participant(id=mint("pa", at), handle=handle, name=name)
    row.administrator = True
    tx.session.add(row)
    return row.id


def grant(tx: WriteTransaction, kind: str, person: Person, at: datetime) -> tuple[str, datetime]:
    """Give a new secret of this kind and when it expires. It cannot be read again."""
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    expires = at + LIFETIMES[kind]
    tx.session.add(
        Credential(digest=log.digest(secret), kind=kind, participant=person.id, created_at=at, expires_at=expires)
    )
    return secret, expires


def redeem(tx: WriteTransaction, kind: str, secret: str, at: datetime) -> Person | None:
    """Give the person of a one-time secret and use it up; ``None`` if it is not valid (any more)."""
    person = person_by_credential(tx, kind, secret, at)
    if person is not None:
        revoke(tx, secret)
    return person


def revoke(tx: WriteTransaction, secret: str) -> None:
    """Make the secret worthless."""
    row = tx.session.get(Credential, log.digest(secret))
    if row is not None:
        tx.session.delete(row)
