"""Ranges pinned in a text move with it, in every script and through every edit."""

from base64 import b64decode, b64encode
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.crdt.replica import Replica, SetText
from tests.crdt.acting import SEED, Hand, sid

LETTERS = "abc é😀\u0627\U00010384\n"


def room(*hands: Hand) -> Replica:
    return Replica.of(b"", [hand.state() for hand in hands])


def test_anchors_are_what_a_browser_makes_and_reads() -> None:
    """The bytes of encodeRelativePosition in Yjs: a unit of client 1000 (e8 07); 41 is -1, sticking to its left."""
    replica = Replica.of(SEED)
    emoji = (b"\x00\xe8\x07\x35\x00", b"\x00\xe8\x07\x36\x41")
    end_of_text = (b"\x02\xe8\x07\x22\x00", b"\x02\xe8\x07\x22\x00")
    assert tuple(map(b64decode, replica.anchor(sid(2), 18, 19))) == emoji
    assert tuple(map(b64decode, replica.anchor(sid(2), 29, 29))) == end_of_text
    # Where a browser's selection reaches to the start of a text, it sticks to the text itself.
    start_of_text = b64encode(b"\x02\xe8\x07\x22\x41").decode()
    assert replica.place((start_of_text, replica.anchor(sid(2), 0, 8)[1])) == (sid(2), 0, 8)


def test_a_place_is_found_in_the_draft_as_it_is_now() -> None:
    replica = Replica.of(SEED)
    anchor = replica.anchor(sid(1), 8, 10)
    replica.apply(replica.write([SetText(sid(1), "Again decides to act at once.")]))
    assert replica.place(anchor) == (sid(1), 14, 16)


def test_what_is_no_anchor_of_a_text_has_no_place() -> None:
    replica = Replica.of(SEED)
    good, other = replica.anchor(sid(1), 0, 7)[0], replica.anchor(sid(2), 0, 8)[1]
    entry, nobody = (b64encode(data).decode() for data in (b"\x00\xe8\x07\x00\x00", b"\x00\x05\x00\x00"))
    root, short = (b64encode(data).decode() for data in (b"\x01\x08sections\x00", b"\x00\xe8"))
    for bad in (other, entry, nobody, root, short, "", "é", "####"):
        assert replica.place((good, bad)) is None
    for start, end in ((-1, 2), (3, 2), (0, 24)):
        with pytest.raises(ValueError, match=str(end)):
            replica.anchor(sid(1), start, end)
    with pytest.raises(KeyError):
        replica.anchor(sid(9), 0, 0)


def test_offsets_are_those_of_the_text_as_it_is_read() -> None:
    hand = Hand(7, SEED)
    hand.insert(3, 0, "Cafe\u0301 au\r\nlait")
    replica = room(hand)
    assert replica.text(sid(3)) == "Café au lait"
    for start in range(13):
        for end in range(start, 13):
            assert replica.place(replica.anchor(sid(3), start, end)) == (sid(3), start, end)


def test_a_pinned_range_lies_where_it_was_put() -> None:
    hand = Hand(7, SEED)
    hand.insert(2, 3, "è😀")
    replica = room(hand)
    assert replica.text(sid(2)) == "Reqè😀uests a report 😀 from all."
    for start in range(32):
        for end in range(start, 32):
            assert replica.place(replica.anchor(sid(2), start, end)) == (sid(2), start, end)


@given(st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_a_pinned_range_moves_with_its_words(random: Random) -> None:
    """Against a plain list of characters, each with a name, in which the same edits are made."""
    hand = Hand(7, SEED)
    text = [(number, letter) for number, letter in enumerate(hand.read(2))]
    for number in range(100, 106):
        edit(hand, text, number, random)
    start = random.randrange(len(text))
    end = random.randrange(start + 1, len(text) + 1)
    first, last = text[start], text[end - 1]
    before, until = [*text[:start]], [*text[: end - 1]]
    anchor = room(hand).anchor(sid(2), start, end)
    for number in range(200, 206):
        edit(hand, text, number, random)
        replica = room(hand)
        left = text.index(first) if first in text else None
        right = text.index(last) + 1 if last in text else None
        place = replica.place(anchor)
        assert place is not None
        assert left is None or place[1] == left
        assert right is None or place[2] == right
        # Where its letter is gone, it lies no further left than what stood before it.
        assert place[1] >= max((text.index(letter) + 1 for letter in before if letter in text), default=0)
        assert place[2] >= max((text.index(letter) + 1 for letter in until if letter in text), default=0)
        assert replica.text(sid(2)) == "".join(letter for _, letter in text).replace("\n", " ")


def edit(hand: Hand, text: list[tuple[int, str]], number: int, random: Random) -> None:
    start = random.randrange(len(text) + 1)
    if random.random() < 0.5 and start + 2 < len(text) and len(text) > 4:
        end = min(len(text), start + random.randrange(1, 4))
        hand.delete(2, start, end)
        del text[start:end]
        return
    new = random.choice(LETTERS)
    hand.insert(2, start, new)
    text.insert(start, (number, new))
