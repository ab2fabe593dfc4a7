"""The index against real CRDTs: it says before an update is applied what applying it does."""

from collections.abc import Callable
from random import Random

from hypothesis import event, given, settings
from hypothesis import strategies as st
from pycrdt import merge_updates

from drafting.crdt.decoding import units
from drafting.crdt.index import Index
from drafting.crdt.replica import Replica
from drafting.crdt.vectors import read_vector
from tests.crdt.acting import SEED, Hand, deletions_of, reading_of, sid, things, vector

WORDS = ("a", "the text ", "é", "😀", "\u0627", "\n", "e\u0301", "a😀b")


class Room:
    """A server that judges what it is sent before it applies it, and checks each judgement against the CRDT."""

    def __init__(self) -> None:
        self.server = Hand(0xFFFF_FFF0, SEED)
        self.index = Index.of(SEED)
        self.numbers = [1, 2, 3]
        self.refused = 0
        self.others: dict[int, Hand] = {}

    def receive(self, update: bytes) -> None:
        before = self.server.state()
        reading = self.index.read(update)
        copy = Hand(1, before)
        copy.hear(update)
        known = read_vector(copy.doc.get_state())
        after = copy.state()
        lacks = any(known.get(client, 0) < end for client, end in vector(update).items())
        lacks_deletion = not deletions_of(update) <= deletions_of(after)
        assert reading.missing == (lacks or lacks_deletion)
        if reading.missing:
            self.refused += 1
            return
        old, new = reading_of(before), reading_of(after)
        changed = {section for section in new if old.get(section) != new[section]}
        assert changed <= reading.sections
        assert reading.sections == changed or reading.hands
        assert reading.minted == new.keys() - old.keys()
        had = read_vector(self.server.doc.get_state())
        assert reading.hands == {client for client, end in vector(update).items() if end > had.get(client, 0)}
        same = (had, deletions_of(before), old) == (known, deletions_of(after), new)
        assert reading.nothing_new == same
        assert not reading.nothing_new or not reading.sections
        self.index.take(reading)
        self.server.hear(update)

    def check(self) -> None:
        state = self.server.state()
        for number in self.numbers:
            if sid(number) in self.server.doc["sections"]:
                assert self.index.length(sid(number)) == units(self.server.read(number))
        assert things(self.index) == things(Index.of(state))
        assert things(self.index) == things(Index.of(Replica.of(b"", [state]).state()))


def type_in(hand: Hand, room: Room, random: Random) -> None:
    number = pick(hand, room, random)
    hand.insert(number, random.randrange(len(hand.read(number)) + 1), random.choice(WORDS))


def strike(hand: Hand, room: Room, random: Random) -> None:
    number = pick(hand, room, random)
    length = len(hand.read(number))
    start = random.randrange(length + 1)
    hand.delete(number, start, random.randrange(start, length + 1))


def move(hand: Hand, room: Room, random: Random) -> None:
    number = pick(hand, room, random)
    values = (
        ("rank", random.choice(("B", "V", "zz"))),
        ("level", random.randrange(4)),
        ("removed", random.random() < 0.5),
    )
    with hand.doc.transaction():
        for field, value in random.sample(values, random.randrange(1, 4)):
            hand.set(number, field, value)


def add(hand: Hand, room: Room, random: Random) -> None:
    room.numbers.append(len(room.numbers) + 1)
    hand.add(room.numbers[-1], random.choice(("", "New 😀")), rank=random.choice(("A", "V")))


def replace(hand: Hand, room: Room, random: Random) -> None:
    with hand.doc.transaction():
        for _ in range(random.randrange(1, 4)):
            random.choice((strike, type_in, move, add))(hand, room, random)


def say(hand: Hand, room: Room, _random: Random) -> None:
    for update in hand.said:
        room.receive(update)
    hand.said.clear()


def say_at_once(hand: Hand, room: Room, _random: Random) -> None:
    if hand.said:
        room.receive(merge_updates(*hand.said))
        hand.said.clear()


def say_again(hand: Hand, room: Room, random: Random) -> None:
    """Send what a client sends on reconnecting: all that the server lacks, or simply everything."""
    room.receive(hand.doc.get_update(random.choice((b"\x00", room.server.doc.get_state()))))
    hand.said.clear()


def skip_one(hand: Hand, room: Room, _random: Random) -> None:
    """Send the newest first, or all but one in the middle: what the server must not take."""
    if len(hand.said) > 1:
        room.receive(hand.said[-1])
        room.receive(merge_updates(hand.said[0], hand.said[-1]))


def hear(hand: Hand, room: Room, _random: Random) -> None:
    hand.hear(room.server.doc.get_update(hand.doc.get_state()))


def converse(hand: Hand, room: Room, random: Random) -> None:
    """Two type behind each other's words, turn by turn, so that each one's hang on the other's."""
    number = pick(hand, room, random)
    for who in (hand, room.others[hand.client]) * 3:
        hear(who, room, random)
        who.insert(number, random.choice((0, len(who.read(number)))), random.choice(WORDS))
        say(who, room, random)


def pick(hand: Hand, room: Room, random: Random) -> int:
    return random.choice([number for number in room.numbers if sid(number) in hand.doc["sections"]])


ACTS: tuple[Callable[[Hand, Room, Random], None], ...] = (
    *(type_in, strike, move, add, replace, converse),
    *(say, say_at_once, say_again, skip_one, hear, say),
)


@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 2)), max_size=40), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_the_index_says_what_applying_does(acts: list[tuple[Callable[..., None], int]], random: Random) -> None:
    room = Room()
    hands = [Hand(client, SEED) for client in random.sample((7, 300, 70_000, 2**32 - 1, 2**50), 3)]
    room.others = {hand.client: hands[number - 1] for number, hand in enumerate(hands)}
    for act, number in acts:
        act(hands[number], room, random)
    for hand in hands:
        say_again(hand, room, random)
        hear(hand, room, random)
    for hand in hands:
        hear(hand, room, random)
        assert reading_of(hand.state()) == reading_of(room.server.state())
    event(f"updates that lacked something: {min(room.refused, 3)}")
    room.check()
