"""State vectors: how far each client's writing is known, as Yjs encodes it."""

from collections.abc import Mapping

from drafting.crdt.lib0 import Malformed, Reader, Writer


def read_vector(data: bytes) -> dict[int, int]:
    """Read a state vector: client id -> its clock. ``Malformed`` where the bytes are no such thing."""
    reader = Reader(data)
    vector = {reader.uint(): reader.uint() for _ in range(reader.count(2))}
    if reader.left:
        raise Malformed("something follows a state vector")
    return vector


def write_vector(vector: Mapping[int, int]) -> bytes:
    """Write a state vector."""
    writer = Writer().uint(len(vector))
    for client, clock in vector.items():
        writer.uint(client).uint(clock)
    return writer.done()


def contains(vector: bytes, other: bytes) -> bool:
    """Whether all that ``other`` knows of is known by ``vector``; both encoded."""
    known = read_vector(vector)
    return all(known.get(client, 0) >= clock for client, clock in read_vector(other).items())
