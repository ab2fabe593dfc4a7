"""A crawler: asks every address there is for whatever it may hold, and keeps all that it is answered."""

import io
import itertools
import json
import re
import time
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect

from drafting.protocol.problems import Refusal
from drafting.queries.people import reader
from tests.http.hosting import Room

IDS = re.compile(r"\b[a-z]{2}_[0-9A-HJKMNP-TV-Z]{26}\b")
KINDS = {"do": "document", "ve": "version", "se": "section", "ro": "round", "dr": "draft"}
QUIET = 0.7
"""Seconds without a frame after which a socket has said everything."""
VARIED = 2
"""How many requests to an address are tried with each value of each parameter that may be left out."""


@dataclass
class Known:
    """Values to ask with, by the name of a parameter. Ids of documents, versions, sections and so on are harvested."""

    values: dict[str, list[str]]

    def harvest(self, said: str) -> None:
        """Keep every id that stands in what was said."""
        for id_ in dict.fromkeys(IDS.findall(said)):
            kind = KINDS.get(id_[:2], id_[:2])
            if id_ not in self.values.setdefault(kind, []):
                self.values[kind].append(id_)

    def of(self, name: str) -> list[str]:
        """Give what to put in the place of a parameter; a parameter nobody has thought of is an error of this test."""
        if name == "from":
            return self.values["version"][:1]
        if name == "section":
            return self.values["section"][-2:]
        name = {"to": "version", "since": "version", "against": "version"}.get(name, name)
        return self.values[name]


@dataclass
class Heard:
    """Everything that somebody was answered, with where."""

    said: list[tuple[str, str]] = field(default_factory=list)

    def where(self, words: str) -> list[str]:
        """Name the places where the words (a pattern) stand."""
        sought = re.compile(words)
        return [place for place, text in self.said if sought.search(text)]


def crawl(
    room: Room, handle: str | None, known: Known, probes: Iterable[dict[str, Any]] = (), *, only: str = ""
) -> Heard:
    """Ask everything as somebody: every GET address, the socket from the first event on, and commands of no avail.

    ``only``: the one document to ask about.
    """
    heard, documents, probes = Heard(), [only] if only else known.of("document"), list(probes)
    cursors = [from_the_start(room, handle, document) for document in documents] if handle else []
    known = Known({**known.values, "document": documents, "after": [cursor for cursor in cursors if cursor]})
    with room.client(handle) as client:
        for address, request in _requests(client, known, part=bool(only)):
            heard.said.append((address, text_of(client.get(address, params=request))))
        for probe in probes:
            body = {"id": room.house.mint.command(room.house.now()), "command": probe}
            heard.said.append((f"command {probe['kind']}", text_of(client.post("/api/v1/commands", json=body))))
    if handle:
        heard.said += [("socket", frame) for frame in _frames(room, handle, documents, probes)]
    return heard


def _requests(client: httpx.Client, known: Known, *, part: bool) -> Iterator[tuple[str, dict[str, str]]]:
    described = client.get("/openapi.json").json()["paths"]
    for path, operations in described.items():
        parameters = operations.get("get", {}).get("parameters", [])
        if "get" not in operations or (part and "{document}" not in path):
            continue
        needed = [one["name"] for one in parameters if one.get("required")]
        free = [one["name"] for one in parameters if not one.get("required")]
        asked = list(itertools.product(*map(known.of, needed)))
        for number, values in enumerate(asked):
            given = dict(zip(needed, values, strict=True))
            yield _filled(path, given)
            if number % max(1, len(asked) // VARIED) == 0:
                yield from (_filled(path, {**given, name: value}) for name in free for value in known.of(name))


def _filled(path: str, given: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    inside = {name: value for name, value in given.items() if f"{{{name}}}" in path}
    return path.format(**inside), {name: value for name, value in given.items() if name not in inside}


def text_of(response: httpx.Response) -> str:
    """Give all that an answer says: headers, and the body; of a Word file every part of it."""
    body = response.text
    if response.content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(response.content)) as package:
            body = "\n".join([*package.namelist(), *(package.read(name).decode() for name in package.namelist())])
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return f"{headers}\n{body}"


def from_the_start(room: Room, handle: str, document: str) -> str | None:
    """Give a cursor to somebody from which everything that they may see is told; none to whom nothing is."""
    person = room.person(handle)
    try:
        who = room.house.database.read(lambda tx: reader(tx, person, document))
    except Refusal:
        return None
    return room.house.cursors.seal(person.id, document, 0, who.rights)


def _frames(room: Room, handle: str, documents: Sequence[str], probes: Sequence[dict[str, Any]]) -> Iterator[str]:
    with connect(room.socket_address(handle), max_size=None) as socket:
        for document in documents:
            after = from_the_start(room, handle, document)
            socket.send(json.dumps({"type": "subscribe", "document": document, "after": after}))
        for probe in probes:
            id_ = room.house.mint.command(room.house.now())
            socket.send(json.dumps({"type": "command", "id": id_, "command": probe}))
        yield from _until_quiet(socket)


def _until_quiet(socket: ClientConnection) -> Iterable[str]:
    last = time.monotonic()
    while time.monotonic() - last < QUIET:
        try:
            frame = socket.recv(QUIET)
        except TimeoutError:
            return
        last = time.monotonic()
        yield str(frame)
