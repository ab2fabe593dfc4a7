"""Who is at a working draft, where, and whether they type: what clients say of themselves, without I/O. Never stored.

Each client id belongs to the person at whose line it was first heard, for as long as the room is open: stock clients
repeat what they heard of others, and somebody might pose as another. Who somebody is, the service itself says.
"""

import json
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from drafting.live.wire import State
from drafting.protocol.problems import ProblemCode, Refusal

MOST_BYTES = 2_000
"""What a client says of itself, at most; more is not passed on."""
MOST_CLIENTS = 4
"""How many clients may speak at one line; a browser's window is one."""
MOST_REMEMBERED = 2_000
"""Of how many clients that have gone it is remembered whose they were."""
_GONE = "null"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks at a line. ``user`` is what the others are told of them. Who ``points`` shows the room where it is."""

    line: int
    person: str
    user: dict[str, Any]
    points: bool


@dataclass(frozen=True, slots=True)
class _Said:
    """``heard`` is the client's own clock, ``clock`` the one that the others are told: after we have said for it that
    it went, it is ahead.
    """

    line: int
    person: str
    heard: int
    clock: int
    named: str
    unnamed: str


class Roll:
    """What every client at a draft says of itself, as the others may see it: with names, or without."""

    def __init__(self) -> None:
        self._said: dict[int, _Said] = {}
        self._gone: OrderedDict[int, _Said] = OrderedDict()
        self._at: dict[int, set[int]] = {}
        self._news: set[int] = set()

    def hear(self, speaker: Speaker, states: Iterable[State]) -> tuple[State, ...]:
        """Take in what was said at a line; of others' clients, or older than what is known, it is passed over.

        Gives what that line is to be told, so that its clients' clocks follow ours. Refuses as ``malformed`` what is no
        JSON object.
        """
        told = []
        for state in states:
            known = self._said.get(state.client) or self._gone.get(state.client)
            if known is None or (known.person == speaker.person and self._is_news(speaker, state, known)):
                if state.json == _GONE:
                    self._go(state.client, state.clock)
                else:
                    self._take(speaker, state, known)
                    now = self._said.get(state.client)
                    if now and now.clock > state.clock:
                        # A client that is said to have gone, and has not, counts on from there.
                        told.append(State(state.client, now.clock - 1, _GONE))
        return tuple(told)

    def leave(self, line: int) -> None:
        """Say for all clients of a line that they have gone."""
        for client in sorted(self._at.get(line, ())):
            self._go(client, self._said[client].heard)

    def news(self) -> set[int]:
        """Give the clients of whom something is new since this was last asked."""
        news, self._news = self._news, set()
        return news

    def told(self, clients: Iterable[int] | None = None, *, named: bool) -> tuple[State, ...]:
        """Give what these clients (``None``: all that are here) say of themselves, and who they are if it is told."""
        asked = self._said if clients is None else clients
        known = ((client, self._said.get(client) or self._gone.get(client)) for client in asked)
        return tuple(State(client, one.clock, one.named if named else one.unnamed) for client, one in known if one)

    def _is_news(self, speaker: Speaker, state: State, known: _Said) -> bool:
        # Who has just come says first who they are, and may not know that we took them for gone. After that, what is
        # not newer is an echo: from another window of the same browser, say.
        came = speaker.line not in self._at
        went = state.json == _GONE and known.line == speaker.line and state.clock == known.heard
        return state.clock > known.heard or came or went

    def _take(self, speaker: Speaker, state: State, known: _Said | None) -> None:
        here = self._at.get(speaker.line, ())
        if len(state.json) > MOST_BYTES or (state.client not in here and len(here) >= MOST_CLIENTS):
            return
        fields = _fields(state.json)
        fields.pop("user", None)
        if not speaker.points:
            fields.pop("reading", None)
        unnamed, named = _json(fields), _json(fields | {"user": speaker.user})
        clock = max(state.clock, known.clock + 1) if known else state.clock
        self._forget(state.client)
        self._at.setdefault(speaker.line, set()).add(state.client)
        self._said[state.client] = _Said(speaker.line, speaker.person, state.clock, clock, named, unnamed)
        self._news.add(state.client)

    def _go(self, client: int, heard: int) -> None:
        if (said := self._said.get(client)) is not None:
            self._forget(client)
            self._gone[client] = replace(said, heard=heard, clock=said.clock + 1, named=_GONE, unnamed=_GONE)
            self._news.add(client)
            if len(self._gone) > MOST_REMEMBERED:
                self._gone.popitem(last=False)

    def _forget(self, client: int) -> None:
        self._gone.pop(client, None)
        if (said := self._said.pop(client, None)) is not None:
            here = self._at.get(said.line, set())
            here.discard(client)
            if not here:
                self._at.pop(said.line, None)


def _json(fields: dict[str, Any]) -> str:
    return json.dumps(fields, separators=(",", ":"))


def _fields(said: str) -> dict[str, Any]:
    try:
        fields = json.loads(said, parse_constant=_no_number)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise Refusal(ProblemCode.MALFORMED, "What a client says of itself is a JSON object, or null when it goes.")
    return fields


def _no_number(written: str) -> None:
    raise ValueError(f"{written} is no number in JSON")
