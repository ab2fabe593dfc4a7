"""Who you are, how you get in, and in which processes you act."""

import asyncio

from fastapi import APIRouter, Request, Response

from drafting.commands.credentials import LIFETIMES, grant, redeem, revoke
from drafting.http.auth import COOKIE, Me, TheHouse, refuse_foreign
from drafting.protocol.answers import SignIn, Ticket
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import Page, PersonView, ProcessView
from drafting.queries import people
from drafting.queries.people import Person
from storage.database import WriteTransaction

router = APIRouter(tags=["people"])


@router.get("/me")
def me(house: TheHouse, person: Me) -> PersonView:
    """Who am I, and what may I act as."""
    return house.database.read(lambda tx: people.me(tx, person))


@router.get("/processes")
def processes(house: TheHouse, person: Me) -> Page[ProcessView]:
    """The processes in which I hold a capacity."""
    return house.database.read(lambda tx: people.processes(tx, person))


@router.post("/tickets")
async def ticket(house: TheHouse, person: Me) -> Ticket:
    """A ticket for the socket."""
    at = house.now()
    secret, expires = await asyncio.wrap_future(house.database.write(lambda tx: grant(tx, "ticket", person, at)))
    return Ticket(ticket=secret, expires_at=expires)


@router.post("/sessions")
async def sign_in(house: TheHouse, body: SignIn, request: Request, response: Response) -> PersonView:
    """Sign in with the code of a link; it works once."""
    refuse_foreign(request, house)
    at = house.now()

    def exchange(tx: WriteTransaction) -> tuple[Person, str]:
        person = redeem(tx, "sign_in", body.code, at)
        if person is None:
            raise Refusal(ProblemCode.NOT_SIGNED_IN, "This sign-in link was used already, or is too old.")
        return person, grant(tx, "session", person, at)[0]

    person, secret = await asyncio.wrap_future(house.database.write(exchange))
    secure = house.settings.address.startswith("https:")
    age = int(LIFETIMES["session"].total_seconds())
    response.set_cookie(COOKIE, secret, max_age=age, httponly=True, samesite="strict", secure=secure)
    return await asyncio.to_thread(house.database.read, lambda tx: people.me(tx, person))


@router.delete("/sessions", status_code=204)
async def sign_out(house: TheHouse, person: Me, request: Request, response: Response) -> None:
    """Sign out of this browser."""
    del person
    secret = request.cookies.get(COOKIE, "")
    await asyncio.wrap_future(house.database.write(lambda tx: revoke(tx, secret)))
    response.delete_cookie(COOKIE)
