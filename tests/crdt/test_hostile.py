"""Ten thousand damaged updates: each is refused or read, and what is read does to the CRDT what was said."""

from collections.abc import Callable
from random import Random

import pytest
from pycrdt import merge_updates

from drafting.crdt.decoding import DELETED, STRING, Id, Struct, decode, units
from drafting.crdt.index import Index
from drafting.crdt.lib0 import Malformed
from drafting.protocol.problems import Refusal
from tests.crdt.acting import SEED, Hand, encode, sid, things

DAMAGED = 10_000


def session() -> tuple[bytes, list[bytes]]:
    """A draft that two clients have typed in, and the updates they are about to send."""
    one, two = Hand(7, SEED), Hand(300, SEED)
    one.insert(1, 8, "firmly 😀 ")
    two.delete(2, 3, 12)
    one.set(2, "rank", "B")
    state = merge_updates(SEED, *one.said, *two.said)
    for hand in (one, two):
        hand.said.clear()
        hand.hear(state)
    one.insert(1, 3, "x")
    one.insert(1, 4, "y😀z")
    one.delete(1, 2, 9)
    one.set(1, "level", 3)
    one.set(1, "removed", True)
    one.add(4, "A new one")
    two.insert(3, 0, "é")
    two.insert(2, 5, "words ")
    two.set(1, "level", 2)
    with two.doc.transaction():
        two.delete(1, 0, 5)
        two.insert(1, 0, "Reaffirms")
    return state, [*one.said, *two.said, merge_updates(*one.said), merge_updates(*one.said, *two.said), two.state()]


def damage(update: bytes, others: list[bytes], random: Random) -> bytes:
    """An update with bits flipped, bytes lost, put in, or taken from another."""
    data = bytearray(update)
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        at = random.randrange(len(data) + 1)
        act = random.randrange(6)
        if act == 0:
            data[at : at + 1] = bytes(byte ^ 1 << random.randrange(8) for byte in data[at : at + 1])
        elif act == 1:
            data[at : at + 1] = bytes((random.choice((0, 1, 2, 3, 4, 5, 7, 8, 127, 128, 255)),))
        elif act == 2:
            del data[at : at + random.choice((1, 1, 2, 5, 50))]
        elif act == 3:
            data[at:at] = random.randbytes(random.choice((1, 1, 2, 5)))
        elif act == 4:
            del data[at:]
        else:
            other = random.choice(others)
            start = random.randrange(len(other))
            data[at : at + random.randrange(9)] = other[start : start + random.randrange(30)]
    return bytes(data)


class Forger:
    """Writes updates that are well made but lie: in what they hang on, where they start, what they hold or delete."""

    def __init__(self, state: bytes) -> None:
        self.known = decode(state).structs
        self.lies = (self.behind, self.before, self.child, self.disguised, self.deleted, self.reworded)

    def __call__(self, update: bytes, random: Random) -> bytes:
        structs, deleted = decode(update)
        for _ in range(random.choice((1, 1, 2, 3))):
            act = random.randrange(9)
            if not structs or act == 0:
                client, clock = self.unit(random)
                deleted.setdefault(client, []).append((clock, random.choice((1, 1, 2, 9))))
                continue
            number = random.randrange(len(structs))
            struct = structs[number]
            if act in {1, 2}:
                client = struct.client if act == 1 else random.choice(self.known).client
                back = random.choice((1, 1, 2, 3)) if act == 1 else 0
                structs = [
                    other._replace(client=client, clock=max(0, other.clock - back))
                    if other.client == struct.client
                    else other
                    for other in structs
                ]
            else:
                structs[number] = random.choice(self.lies)(struct, random)
        return encode(structs, deleted)

    def unit(self, random: Random) -> Id:
        struct = random.choice(self.known)
        return struct.client, struct.clock + random.randrange(struct.length)

    def behind(self, struct: Struct, random: Random) -> Struct:
        return struct._replace(origin=self.unit(random), parent=None)

    def before(self, struct: Struct, random: Random) -> Struct:
        right = random.choice((None, self.unit(random)))
        return struct._replace(right_origin=right, parent=struct.parent or self.unit(random))

    def child(self, struct: Struct, random: Random) -> Struct:
        key = random.choice((None, "rank", "level"))
        return struct._replace(origin=None, right_origin=None, parent=self.unit(random), key=key)

    def disguised(self, struct: Struct, random: Random) -> Struct:
        same = [other for other in (*self.known, struct) if other.ref == struct.ref]
        return random.choice(same)._replace(client=struct.client, clock=struct.clock)

    def deleted(self, struct: Struct, random: Random) -> Struct:
        return struct._replace(ref=DELETED, length=random.choice((1, 2, 40)), content=None)

    def reworded(self, struct: Struct, random: Random) -> Struct:
        text = random.choice(("q", "😀", "a😀b", "long text"))
        return struct._replace(ref=STRING, length=units(text), content=text)


def outcome(index: Index, state: bytes, update: bytes) -> str:
    try:
        reading = index.read(update)
    except Refusal:
        return "refused"
    if reading.missing:
        return "missing"
    hand = Hand(9, state)
    before = hand.state()
    hand.hear(update)
    if reading.nothing_new:
        assert hand.state() == before
        return "nothing new"
    after = Index.of(state)
    after.take(after.read(update))
    assert things(after) == things(Index.of(hand.state()))
    for number in (1, 2, 3):
        assert units(hand.read(number)) == after.length(sid(number))
    return "taken"


def tried(make: Callable[[bytes, Random], bytes], random: Random) -> dict[str, int]:
    state, sound = session()
    index = Index.of(state)
    outcomes = {"refused": 0, "missing": 0, "nothing new": 0, "taken": 0}
    for number in range(DAMAGED):
        outcomes[outcome(index, state, make(sound[number % len(sound)], random))] += 1
    return outcomes


def test_a_damaged_update_is_refused_or_does_what_was_read() -> None:
    _, sound = session()
    outcomes = tried(lambda update, random: damage(update, sound, random), Random(5))  # noqa: S311 - the same each time
    assert all(outcomes.values())


def test_a_forged_update_is_refused_or_does_what_was_read() -> None:
    outcomes = tried(Forger(session()[0]), Random(7))  # noqa: S311 - the same each time
    assert all(number > 100 for number in outcomes.values())


def test_any_bytes_are_an_update_or_malformed() -> None:
    random = Random(6)  # noqa: S311 - the same each time
    for _ in range(DAMAGED):
        data = bytes(
            random.choice((0, 1, 2, 4, 5, 7, 128, 255, random.randrange(256))) for _ in range(random.randrange(30))
        )
        try:
            decode(data)
        except Malformed:
            continue


def test_an_update_that_promises_more_than_it_holds_is_refused_at_once() -> None:
    many = b"\xff\xff\xff\xff\xff\xff\xff\x0f"
    for data in (many, b"\x01" + many, b"\x00" + many, b"\x00\x01\x05" + many):
        with pytest.raises(Malformed):
            decode(data)
