"""Who you are, how you get in, and in which processes you act."""

import asyncio

from fastapi import APIRouter, Request, Response

from drafting.commands.credentials import BY_LINK, LIFETIMES, credentials, grant, redeem, revoke, revoke_named
from drafting.http.auth import COOKIE, Me, Shown, TheEntrance, TheHouse, address_of, refuse_foreign
from drafting.http.problems import refusal_of
from drafting.http.taking import take
from drafting.protocol.answers import CredentialView, NewPassword, SignIn, SignInByPassword, TableReport, Ticket
from drafting.protocol.commands import Envelope
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import Page, PersonView, ProcessView
from drafting.queries import people
from drafting.queries import secretariat_table as table
from drafting.queries.people import Person
from storage.database import DiskFull, ReadTransaction, WriteTransaction

router = APIRouter(tags=["people"])
CSV = {"requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}}


@router.get("/me")
def me(house: TheHouse, person: Me) -> PersonView:
    """Who am I, and what may I act as."""
    return house.database.read(lambda tx: people.me(tx, person))


@router.put("/me/password", status_code=204)
async def change_password(entrance: TheEntrance, shown: Shown, body: NewPassword, request: Request) -> None:
    """Set my password; all my other sessions end."""
    await entrance.change(shown, body, address_of(request))


@router.get("/me/credentials")
def my_credentials(house: TheHouse, shown: Shown) -> Page[CredentialView]:
    """What lets me in: my sessions, my tokens, and sign-in links that I have not used."""
    at = house.now()
    return Page(items=house.database.read(lambda tx: credentials(tx, shown, at)))


@router.delete("/me/credentials/{credential}", status_code=204)
async def revoke_credential(house: TheHouse, person: Me, credential: str) -> None:
    """Revoke one of them; sockets that it opened close."""
    await asyncio.wrap_future(house.database.write(lambda tx: revoke_named(tx, person, credential)))


@router.get("/processes")
def processes(house: TheHouse, person: Me) -> Page[ProcessView]:
    """The processes in which I hold a capacity."""
    return house.database.read(lambda tx: people.processes(tx, person))


@router.post("/processes/{process}/people", openapi_extra=CSV)
async def take_table(
    house: TheHouse, person: Me, process: str, request: Request, capacity: str = "secretary", check: bool = False
) -> TableReport:
    """Take the secretariat's table in as CSV, each line a command of its own; or only check it."""
    rows = table.read_rows(await request.body())

    def compare(tx: ReadTransaction) -> list[table.Entry]:
        table.admit(tx, person, process, capacity)
        return table.entries(tx, rows, process, capacity)

    asked = [
        (entry, Envelope(id=house.mint.command(house.now()), command=entry.command) if entry.command else None)
        for entry in await asyncio.to_thread(house.database.read, compare)
    ]
    ready = [envelope for _, envelope in asked if envelope]
    if check:
        answers = iter(await asyncio.to_thread(house.executor.rehearse, person, ready))
    else:
        answers = iter([await _refusal(house, person, envelope) for envelope in ready])
    lines = [entry.told(next(answers) if envelope else None, checked=check) for entry, envelope in asked]
    return table.report(lines, checked=check)


async def _refusal(house: TheHouse, person: Person, envelope: Envelope) -> Refusal | None:
    try:
        await take(house, person, envelope)
    except (Refusal, DiskFull) as failure:
        return refusal_of(failure)  # what was taken before stays taken, and the report says so
    return None


@router.post("/tickets")
async def ticket(house: TheHouse, shown: Shown) -> Ticket:
    """A ticket for the socket."""
    at = house.now()
    secret, expires = await asyncio.wrap_future(
        house.database.write(lambda tx: grant(tx, "ticket", shown.person, at, label=shown.credential))
    )
    return Ticket(ticket=secret, expires_at=expires)


@router.post("/sessions")
async def sign_in(
    house: TheHouse, entrance: TheEntrance, body: SignIn | SignInByPassword, request: Request, response: Response
) -> PersonView:
    """Sign in with the code of a link, which works once, or with handle and password."""
    refuse_foreign(request, house)
    if isinstance(body, SignInByPassword):
        person, secret = await entrance.sign_in(body, address_of(request))
    else:
        person, secret = await _by_link(house, body.code)
    secure = house.settings.address.startswith("https:")
    age = int(LIFETIMES["session"].total_seconds())
    response.set_cookie(COOKIE, secret, max_age=age, httponly=True, samesite="strict", secure=secure)
    return await asyncio.to_thread(house.database.read, lambda tx: people.me(tx, person))


async def _by_link(house: TheHouse, code: str) -> tuple[Person, str]:
    at = house.now()

    def exchange(tx: WriteTransaction) -> tuple[Person, str]:
        admitted = redeem(tx, "sign_in", code, at)
        if admitted is None:
            raise Refusal(ProblemCode.NOT_SIGNED_IN, "This sign-in link was used already, or is too old.")
        return admitted.person, grant(tx, "session", admitted.person, at, label=BY_LINK)[0]

    return await asyncio.wrap_future(house.database.write(exchange))


@router.delete("/sessions", status_code=204)
async def sign_out(house: TheHouse, person: Me, request: Request, response: Response) -> None:
    """Sign out of this browser."""
    del person
    secret = request.cookies.get(COOKIE, "")
    await asyncio.wrap_future(house.database.write(lambda tx: revoke(tx, secret)))
    response.delete_cookie(COOKIE)
