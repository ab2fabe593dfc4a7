"""How a command is taken, whichever way it came."""

import asyncio

from pydantic_core import PydanticSerializationError

from drafting.house import House
from drafting.http.metrics import counted
from drafting.protocol.commands import Envelope, Receipt
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.queries.people import Person


async def take(house: House, person: Person, envelope: Envelope) -> Receipt:
    """Carry the command out and wait for its receipt; it is counted by its kind."""
    with counted(envelope.command.kind):
        try:
            taken = house.executor.execute(person, envelope)
        except PydanticSerializationError:
            # Python reads half a surrogate pair from JSON that nothing can store or send.
            raise Refusal(ProblemCode.TEXT_ILLEGAL, "A text holds half a character (a lone surrogate).") from None
        return await asyncio.wrap_future(taken)
