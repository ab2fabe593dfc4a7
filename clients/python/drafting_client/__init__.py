"""The Drafting Room from Python: read, table, follow, in scripts and in services.

Follow a document and propose a change to it (a bearer token comes from ``drafting token arv``)::

    from drafting.protocol.commands import TableAmendment
    from drafting.protocol.edits import Replace
    from drafting_client import Client

    with Client("http://127.0.0.1:8000", token) as client:
        document = next(client.documents())
        with client.room(document.id) as room:
            now, first = room.snapshot, room.snapshot.sections[0]
            edit = Replace(section=first.id, text=first.text + " (as amended)")
            receipt = room.command(TableAmendment(capacity="head:ARV", document=document.id, round=now.rounds[-1].id,
                                                  base=now.versions[-1].id, edits=[edit]))
            for cursor, event in room:  # for as long as the meeting lasts
                print(event.kind, event.by, len(room.snapshot.amendments))

``AsyncClient`` has the same verbs, to be awaited: ``await client.me()``, ``async for document in client.documents()``,
``async with client.room(…) as room``, ``async for cursor, event in room``.

What is promised. A command is taken once, however often the line breaks while it is given. A room gives every event
exactly once and in order, over as many connections as it takes, and goes on from a cursor or a snapshot that was kept.
``Refused`` is the room's no, with a stable ``code``; ``Unreachable`` ends the patience that ``Pace`` sets. Fields and
kinds that a newer server adds are ignored. ``transport="poll"`` follows where sockets are blocked.
"""

from drafting_client.client import AsyncClient
from drafting_client.errors import Refused, Unreachable
from drafting_client.ids import mint
from drafting_client.pace import Pace
from drafting_client.plain import Client, Room
from drafting_client.room import AsyncRoom

__all__ = ["AsyncClient", "AsyncRoom", "Client", "Pace", "Refused", "Room", "Unreachable", "mint"]
