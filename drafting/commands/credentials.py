"""What lets people in: tokens, sessions, socket tickets, sign-in links. Secrets are given once and kept as digests.

None of this is negotiation: it goes to no log.
"""

import secrets
from datetime import datetime, timedelta

from sqlmodel import col, delete, select

from drafting.protocol.answers import CredentialView
from drafting.protocol.commands import HOUSE
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.queries.people import Admitted, Person, admitted_by
from storage import log
from storage.database import ReadTransaction, WriteTransaction
from storage.ids import Mint
from storage.tables import Credential, Participant, Scope

LIFETIMES = {
    "token": timedelta(days=365),
    "session": timedelta(days=14),
    "ticket": timedelta(seconds=30),
    "sign_in": timedelta(days=7),
    "draft": timedelta(days=90),
}
"""How long each kind lets its person in. Tickets and sign-in codes work once; a draft token opens one working draft,
whose id is its label, and nothing else.
"""
BY_LINK, BY_PASSWORD = "sign-in link", "password"
"""The labels of sessions: how their person signed in."""
_LISTED = ("session", "sign_in", "token", "draft")
"""The kinds that a person is shown; a ticket is gone before anybody could look."""
_SECRET_BYTES = 32
_NAME_LENGTH = 24


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


def grant(
    tx: WriteTransaction, kind: str, person: Person, at: datetime, *, label: str = "", lasting: timedelta | None = None
) -> tuple[str, datetime]:
    """Give a new secret of this kind and when it expires. It cannot be read again.

    The ``label`` of a ticket is the digest of the credential that it was got with: what it opens, closes with that.
    """
    expired = (col(Credential.participant) == person.id) & (col(Credential.expires_at) <= at)
    tx.session.exec(delete(Credential).where(expired))
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    row = Credential(
        digest=log.digest(secret),
        kind=kind,
        participant=person.id,
        label=label,
        created_at=at,
        expires_at=at + (lasting or LIFETIMES[kind]),
    )
    tx.session.add(row)
    return secret, at + (lasting or LIFETIMES[kind])


def redeem(tx: WriteTransaction, kind: str, secret: str, at: datetime) -> Admitted | None:
    """Give whom a one-time secret lets in and use it up; ``None`` if it is not valid (any more)."""
    admitted = admitted_by(tx, kind, secret, at)
    # Of two nodes that redeem it at the same moment, the one that deletes it lets its person in.
    return admitted if admitted is not None and revoke(tx, secret) else None


def revoke(tx: WriteTransaction, secret: str) -> bool:
    """Make the secret worthless; tell whether it was there."""
    return tx.session.exec(delete(Credential).where(col(Credential.digest) == log.digest(secret))).rowcount > 0


def revoke_all(tx: WriteTransaction, person: Person, *, label: str | None = None) -> int:
    """Make everything worthless that lets the person in, or what has this label; tells how much that was."""
    theirs = col(Credential.participant) == person.id
    return tx.session.exec(
        delete(Credential).where(theirs if label is None else theirs & (col(Credential.label) == label))
    ).rowcount


def end_sessions(tx: WriteTransaction, person: Person, *, but: str = "") -> None:
    """End all sessions of the person (but the one named by its digest), and what would begin another."""
    theirs = (col(Credential.participant) == person.id) & col(Credential.kind).in_(("session", "sign_in"))
    tx.session.exec(delete(Credential).where(theirs & (col(Credential.digest) != but)))


def credentials(tx: ReadTransaction, admitted: Admitted, at: datetime) -> list[CredentialView]:
    """Show what lets the person in, oldest first; no secret can be told from it."""
    asked = select(Credential).where(
        Credential.participant == admitted.person.id,
        col(Credential.kind).in_(_LISTED),
        (col(Credential.expires_at).is_(None)) | (col(Credential.expires_at) > at),
    )
    return [
        CredentialView(
            id=_name(row.digest),
            kind=row.kind,
            label=row.label,
            created_at=row.created_at,
            expires_at=row.expires_at,
            current=row.digest == admitted.credential,
        )
        for row in tx.session.exec(asked.order_by(col(Credential.created_at), col(Credential.digest)))
    ]


def revoke_named(tx: WriteTransaction, person: Person, name: str) -> None:
    """Make worthless what the person's list calls by this name."""
    for digest in tx.session.exec(select(Credential.digest).where(Credential.participant == person.id)):
        if _name(digest) == name:
            tx.session.exec(delete(Credential).where(col(Credential.digest) == digest))
            return
    raise Refusal(ProblemCode.UNKNOWN, f"Nothing that lets you in is called {name}.")


def _name(digest: str) -> str:
    """Name a credential for its person. Digests stay in the house: they are what a secret is known by."""
    return f"cr_{log.digest(digest)[:_NAME_LENGTH]}"
