"""Shows out whoever stays, on a socket or in a long poll, after what let them in was revoked or has expired."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from drafting.house import House
from drafting.queries.people import still_valid

LOOK_SECONDS = 1.0
"""How often it looks; a revocation may come from another node, or from the command line."""

_log = logging.getLogger(__name__)


class Doorkeeper:
    """Watches the credentials, named by their digests, of those who stay. ``run`` must be running."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._staying: dict[str, list[Callable[[], None]]] = {}

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self._look()
            except Exception:  # noqa: BLE001 - whatever it is, see below
                # One bad moment of the disk must not leave the door without anybody: it looks again.
                _log.exception("The credentials of those who are here could not be read")

    @contextmanager
    def watching(self, credential: str, show_out: Callable[[], None]) -> Iterator[None]:
        """Show out, once, whoever stays by this credential should it become worthless within the block."""
        staying = self._staying.setdefault(credential, [])
        staying.append(show_out)
        try:
            yield
        finally:
            staying.remove(show_out)
            if not staying:
                self._staying.pop(credential, None)

    async def _look(self) -> None:
        watched = [credential for credential in self._staying if credential]
        if watched:
            at = self._house.now()
            valid = await asyncio.to_thread(self._house.database.read, lambda tx: still_valid(tx, watched, at))
            for credential in set(watched) - valid:
                for show_out in self._staying.get(credential, []):
                    show_out()
