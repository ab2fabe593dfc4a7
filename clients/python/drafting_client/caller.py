"""The one transport: makes the calls over httpx, and makes them again."""

import asyncio
from typing import Any, TypeVar

import httpx

from drafting.protocol.answers import Ticket
from drafting_client.calls import Call, answer
from drafting_client.errors import Broken
from drafting_client.pace import Pace, Patience

T = TypeVar("T")


class Caller:
    """Makes calls to one room in one participant's name."""

    def __init__(self, base_url: str, token: str, pace: Pace) -> None:
        room = httpx.URL(base_url)
        if room.scheme not in {"http", "https"} or not room.host:
            raise ValueError(f"{base_url!r} is no address of a room; one looks like https://room.example.org")
        self.pace = pace
        self._room = room
        self._http = httpx.AsyncClient(
            base_url=room.join(room.path.rstrip("/") + "/api/v1/"),
            headers={"Authorization": f"Bearer {token}"},
            timeout=pace.silence,
        )

    async def ask(self, call: Call[T]) -> T:
        """Make the call until it is answered. Raises ``Refused``; ``Unreachable`` when patience ends."""
        patience = Patience(self.pace)
        while True:
            try:
                return await self.attempt(call)
            except Broken as broken:
                await asyncio.sleep(patience.pause(broken))

    async def attempt(self, call: Call[T]) -> T:
        """Make the call once; raise ``Broken`` where another try may do better."""
        options: dict[str, Any] = {"params": call.query, "json": call.json}
        if call.files:
            options |= {"data": call.form, "files": [("file", file) for file in call.files]}
        try:
            response = await self._http.request(call.method, call.path, **options)
        except httpx.RequestError as failed:
            raise Broken(str(failed) or type(failed).__name__) from failed
        return answer(call, response.status_code, response.headers.get("content-type", ""), response.content)

    def socket_address(self, ticket: Ticket) -> str:
        """Give the address of the socket that the ticket opens."""
        scheme = {"http": "ws", "https": "wss"}[self._room.scheme]
        path = self._room.path.rstrip("/") + "/ws"
        return str(self._room.copy_with(scheme=scheme, path=path, query=None, params={"ticket": ticket.ticket}))

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()
