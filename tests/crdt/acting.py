"""Clients of a working draft as browsers are: a real CRDT each, which types, deletes, moves and adds."""

from typing import Any

from pycrdt import Doc, Map, Text

from drafting.crdt.decoding import ANY, EMBED, FORMAT, STRING, TYPE, Ranges, Struct, decode
from drafting.crdt.index import Index
from drafting.crdt.lib0 import Writer
from drafting.crdt.replica import Replica


def sid(number: int) -> str:
    return f"se_{number:026d}"


class Hand:
    """One client. ``said`` are its updates that were not yet sent."""

    def __init__(self, client: int, *updates: bytes) -> None:
        self.client = client
        self.doc: Doc[Any] = Doc(client_id=client)
        for root in ("outline", "sections"):
            self.doc[root] = Map()
        self.said: list[bytes] = []
        self._hearing = False
        self.hear(*updates)
        self.doc.observe(lambda event: None if self._hearing else self.said.append(event.update))

    def hear(self, *updates: bytes) -> None:
        self._hearing = True
        for update in updates:
            self.doc.apply_update(update)
        self._hearing = False

    def send(self) -> bytes:
        """Give the last update; there must be exactly one."""
        (update,) = self.said
        self.said.clear()
        return update

    def text(self, number: int) -> Text:
        text = self.doc["sections"][sid(number)]
        assert isinstance(text, Text)
        return text

    def read(self, number: int) -> str:
        return str(self.text(number))

    def insert(self, number: int, at: int, new: str) -> None:
        self.text(number).insert(len(self.read(number)[:at].encode()), new)

    def delete(self, number: int, start: int, end: int) -> None:
        raw = self.read(number)
        first, last = (len(raw[:at].encode()) for at in (start, end))
        if first < last:
            del self.text(number)[first:last]

    def set(self, number: int, field: str, value: Any) -> None:
        self.doc["outline"][sid(number)][field] = value

    def add(self, number: int, text: str = "", **fields: Any) -> None:
        entry = {"rank": "V", "level": 1, "kind": "operative", "removed": False, **fields}
        with self.doc.transaction():
            self.doc["outline"][sid(number)] = Map(entry)
            self.doc["sections"][sid(number)] = Text(text)

    def state(self) -> bytes:
        return self.doc.get_update()


def vector(update: bytes) -> dict[int, int]:
    """How far an update's clients go."""
    ends: dict[int, int] = {}
    for struct in decode(update).structs:
        ends[struct.client] = struct.clock + struct.length
    return ends


def reading_of(state: bytes) -> dict[str, tuple[object, ...]]:
    """What every section of a state reads and where it stands."""
    lines = Replica.of(state).lines()
    return {line.section: (line.kind, line.level, line.rank, line.text, line.removed) for line in lines}


def deletions_of(state: bytes) -> set[tuple[int, int]]:
    """Every deleted unit."""
    deleted = decode(state).deleted
    return {
        (client, clock + n) for client, ranges in deleted.items() for clock, length in ranges for n in range(length)
    }


def things(index: Index) -> dict[str, object]:
    """All that an index knows."""
    known = index._known  # noqa: SLF001 - two indexes are compared in all they know
    return {
        "runs": {client: (runs.end, runs.starts, runs.places) for client, runs in known.runs.items()},
        "gone": {client: (gone.starts, gone.ends) for client, gone in known.gone.items()},
        "halves": {client: halves for client, halves in known.halves.items() if halves},
        "lengths": {section: length for section, length in known.lengths.items() if length},
        "settings": known.settings,
        "units": known.units,
    }


def encode(structs: list[Struct], deleted: dict[int, Ranges] | None = None) -> bytes:
    """Write an update, whatever it says: structs by client in the order given, then deletions."""
    writer = Writer().uint(len({struct.client for struct in structs}))
    for client in dict.fromkeys(struct.client for struct in structs):
        run = [struct for struct in structs if struct.client == client]
        writer.uint(len(run)).uint(client).uint(run[0].clock)
        for struct in run:
            _write(writer, struct)
    writer.uint(len(deleted or {}))
    for client, ranges in (deleted or {}).items():
        writer.uint(client).uint(len(ranges))
        for clock, length in ranges:
            writer.uint(clock).uint(length)
    return writer.done()


def _write(writer: Writer, struct: Struct) -> None:
    origin, right, parent, key = struct.origin, struct.right_origin, struct.parent, struct.key
    writer.byte(struct.ref | (0x80 if origin else 0) | (0x40 if right else 0) | (0x20 if key is not None else 0))
    for hook in (origin, right):
        if hook:
            writer.uint(hook[0]).uint(hook[1])
    if isinstance(parent, str):
        writer.uint(1).text(parent)
    elif parent is not None:
        writer.uint(0).uint(parent[0]).uint(parent[1])
    if key is not None and not origin and not right:
        writer.text(key)
    _write_content(writer, struct)


def _write_content(writer: Writer, struct: Struct) -> None:
    content = struct.content
    if struct.ref == STRING:
        writer.text(str(content))
    elif struct.ref == ANY and isinstance(content, list):
        writer.uint(len(content))
        for value in content:
            writer.any(value)
    elif struct.ref == TYPE and isinstance(content, int):
        writer.uint(content)
    elif struct.ref == EMBED:
        writer.text("{}")
    elif struct.ref == FORMAT:
        writer.text("bold").text("true")
    else:
        writer.uint(struct.length)


def _seed() -> bytes:
    hand = Hand(1_000)
    with hand.doc.transaction():
        hand.add(1, "Decides to act at once.", rank="F")
        hand.add(2, "Requests a report 😀 from all.", rank="V")
        hand.add(3, rank="k")
    return hand.send()


SEED = _seed()
"""A draft of three sections, always the same bytes."""
