"""Who is asking: a bearer token, or the session cookie of the page."""

import asyncio
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends
from starlette.requests import HTTPConnection

from drafting.house import House
from drafting.http.doorkeeper import Doorkeeper
from drafting.http.entrance import Entrance
from drafting.live.feed import Feed
from drafting.live.rooms import Rooms
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.queries.people import Admitted, Person, admitted_by

COOKIE = "drafting_session"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def house_of(connection: HTTPConnection) -> House:
    """Give the house that the app serves."""
    house: House = connection.app.state.house
    return house


def feed_of(connection: HTTPConnection) -> Feed:
    """Give the feed that the app runs."""
    feed: Feed = connection.app.state.feed
    return feed


def rooms_of(connection: HTTPConnection) -> Rooms:
    """Give the rooms that are open in the app."""
    rooms: Rooms = connection.app.state.rooms
    return rooms


def doorkeeper_of(connection: HTTPConnection) -> Doorkeeper:
    """Give the doorkeeper of the app."""
    doorkeeper: Doorkeeper = connection.app.state.doorkeeper
    return doorkeeper


def entrance_of(connection: HTTPConnection) -> Entrance:
    """Give the entrance of the app."""
    entrance: Entrance = connection.app.state.entrance
    return entrance


def address_of(connection: HTTPConnection) -> str:
    """Give the address that the connection comes from; the one that a proxy names, if the operator trusts that."""
    return connection.client.host if connection.client else ""


TheHouse = Annotated[House, Depends(house_of)]
TheFeed = Annotated[Feed, Depends(feed_of)]
TheEntrance = Annotated[Entrance, Depends(entrance_of)]
TheDoorkeeper = Annotated[Doorkeeper, Depends(doorkeeper_of)]


async def admitted(connection: HTTPConnection, house: TheHouse) -> Admitted:
    """Give who is asking, and what they showed; refuses those whom we do not know, and pages of other sites."""
    kind, secret = _shown(connection)
    found = await asyncio.to_thread(_find, house, kind, secret) if secret else None
    if found is None:
        raise Refusal(ProblemCode.NOT_SIGNED_IN, "Sign in with your link or password, or send a bearer token.")
    if kind == "session" and connection.scope.get("method", "GET") not in _SAFE:
        refuse_foreign(connection, house)
    return found


Shown = Annotated[Admitted, Depends(admitted)]


async def signed_in(shown: Shown) -> Person:
    """Give the person who is asking."""
    return shown.person


Me = Annotated[Person, Depends(signed_in)]


def refuse_foreign(connection: HTTPConnection, house: House) -> None:
    """Refuse a browser that acts for a page of another site. Programs send no Origin."""
    origin = connection.headers.get("origin")
    if origin is None:
        return
    ours = {connection.headers.get("host"), urlsplit(house.settings.address).netloc}
    if _site(origin) not in ours:
        raise Refusal(ProblemCode.NOT_PERMITTED, "This page may not act here.")


def _site(origin: str) -> str:
    """Give the host and port of an Origin; of one that is none (``null``), something that no host is."""
    try:
        return urlsplit(origin).netloc or "null"
    except ValueError:
        return "null"


def _shown(connection: HTTPConnection) -> tuple[str, str]:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return "token", token.strip()
    return "session", connection.cookies.get(COOKIE, "")


def _find(house: House, kind: str, secret: str) -> Admitted | None:
    with house.database.reading() as tx:
        return admitted_by(tx, kind, secret, house.now())
