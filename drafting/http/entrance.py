"""Coming in by password, and changing it. All hashing is done on threads, a few at a time."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from drafting.commands import passwords
from drafting.commands.credentials import BY_LINK, BY_PASSWORD, end_sessions, grant
from drafting.house import House
from drafting.http.attempts import Attempts
from drafting.protocol.answers import NewPassword, SignInByPassword
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.queries.people import Admitted, Person
from storage.database import WriteTransaction

MOST_HASHED_AT_ONCE = 2
"""Each takes a processor and 19 MB for a twentieth of a second."""
T = TypeVar("T")


class Entrance:
    """Where passwords are asked for."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._attempts = Attempts()
        self._hashing = asyncio.Semaphore(MOST_HASHED_AT_ONCE)

    async def sign_in(self, said: SignInByPassword, address: str) -> tuple[Person, str]:
        """Give who they are, and the secret of a new session. Whether the handle or the password is wrong is not told:
        neither by what is said nor by how long it takes.
        """
        person, kept = await self._proven(said.handle, said.password.get_secret_value(), address)
        if person is None:
            raise Refusal(ProblemCode.NOT_SIGNED_IN, "The handle or the password is wrong.")
        if passwords.outdated(kept):
            renewed = await self._hash(passwords.hashed, said.password.get_secret_value())
            await self._write(lambda tx, _: passwords.keep(tx, person, renewed, instead_of=kept))
        return person, await self._write(lambda tx, at: grant(tx, "session", person, at, label=BY_PASSWORD)[0])

    async def change(self, shown: Admitted, said: NewPassword, address: str) -> None:
        """Set the person's password. What else is open, began with the old one: all other sessions end."""
        person = shown.person
        if said.old is not None:
            proven, _ = await self._proven(person.handle, said.old.get_secret_value(), address)
            if proven is None:
                raise Refusal(ProblemCode.NOT_PERMITTED, "The old password is wrong.")
        elif (shown.kind, shown.label) != ("session", BY_LINK):
            raise Refusal(
                ProblemCode.NOT_PERMITTED, "Say the old password too, or sign in with a link and set a new one."
            )
        kept = await self._hash(passwords.hashed, said.new.get_secret_value())

        def change(tx: WriteTransaction, _at: datetime) -> None:
            passwords.keep(tx, person, kept)
            end_sessions(tx, person, but=shown.credential)

        await self._write(change)

    async def _proven(self, handle: str, password: str, address: str) -> tuple[Person | None, str]:
        """Give the person if the password is theirs, and the hash that it was compared with."""
        self._attempts.begin(handle, address)
        person, kept = await asyncio.to_thread(self._house.database.read, lambda tx: passwords.kept_of(tx, handle))
        if not await self._hash(passwords.verified, kept, password):
            return None, kept
        self._attempts.succeeded(handle, address)
        return person, kept

    async def _hash(self, work: Callable[..., T], *arguments: str) -> T:
        async with self._hashing:
            return await asyncio.to_thread(work, *arguments)

    async def _write(self, work: Callable[[WriteTransaction, datetime], T]) -> T:
        at = self._house.now()
        return await asyncio.wrap_future(self._house.database.write(lambda tx: work(tx, at)))
