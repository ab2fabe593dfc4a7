"""The one door for changes."""

from fastapi import APIRouter

from drafting.http.auth import Me, TheHouse
from drafting.http.taking import take
from drafting.protocol.commands import Envelope, Receipt

router = APIRouter(tags=["commands"])


@router.post("/commands")
async def command(house: TheHouse, person: Me, envelope: Envelope) -> Receipt:
    """Carry a command out; sent again with the same id, it answers the first receipt."""
    return await take(house, person, envelope)
