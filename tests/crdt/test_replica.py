"""What the service reads in a draft and writes in it."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.crdt.decoding import decode
from drafting.crdt.index import Index
from drafting.crdt.lib0 import Malformed
from drafting.crdt.replica import DraftChange, DraftedLine, Replica, SetOutline, SetText, hands, merge, seed
from drafting.domain.text import Line
from drafting.protocol.words import SectionKind
from tests.crdt.acting import SEED, Hand, sid

MANIFEST = (
    Line(sid(1), SectionKind.TITLE, 0, "", "Déclaration 😀"),
    Line(sid(3), SectionKind.PREAMBULAR, 0, "PP1", "Recalling much,"),
    Line(sid(2), SectionKind.OPERATIVE, 1, "OP1", "", deleted=True),
)


def test_a_seed_reads_as_its_manifest() -> None:
    assert Replica.of(seed(MANIFEST)).lines() == (
        DraftedLine(sid(1), SectionKind.TITLE, 0, "F", "Déclaration 😀", removed=False),
        DraftedLine(sid(3), SectionKind.PREAMBULAR, 0, "V", "Recalling much,", removed=False),
        DraftedLine(sid(2), SectionKind.OPERATIVE, 1, "k", "", removed=True),
    )
    assert Index.of(seed(MANIFEST)).length(sid(1)) == 14
    assert Replica.of(seed([])).lines() == ()


def test_every_writing_has_a_hand_of_its_own() -> None:
    (one,) = hands(seed(MANIFEST))
    (two,) = hands(seed(MANIFEST))
    replica = Replica.of(SEED)
    (three,) = hands(replica.write([SetText(sid(1), "Resolves.")]))
    assert len({one, two, three, 1_000}) == 4
    assert max(one, two, three) < 2**32


def test_a_text_is_read_on_one_line_and_composed() -> None:
    hand = Hand(7, SEED)
    hand.insert(3, 0, "cafe\u0301\r\nau\nlait\u2028")
    assert Replica.of(hand.state()).text(sid(3)) == "café au lait "
    with pytest.raises(KeyError):
        Replica.of(hand.state()).text(sid(9))


def test_lines_of_one_rank_stand_by_their_ids() -> None:
    hand = Hand(7, SEED)
    hand.add(5, "later", rank="F")
    hand.add(4, "earlier", rank="F")
    assert [line.section for line in Replica.of(hand.state()).lines()] == [sid(n) for n in (1, 4, 5, 2, 3)]


def test_the_service_rewords_moves_and_adds() -> None:
    replica = Replica.of(SEED)
    update = replica.write(
        [
            SetText(sid(2), "Requests reports 😀 from all States."),
            SetOutline(sid(1), rank="zz", level=2, kind=SectionKind.PREAMBULAR),
            SetOutline(sid(3), removed=True),
            DraftedLine(sid(4), SectionKind.OPERATIVE, 1, "A", "New."),
        ]
    )
    assert replica.text(sid(2)) == "Requests a report 😀 from all."
    assert Index.of(SEED).read(update)[:5] == (
        False,
        False,
        hands(update),
        frozenset(map(sid, (1, 2, 3, 4))),
        frozenset({sid(4)}),
    )
    replica.apply(update)
    assert replica.lines() == (
        DraftedLine(sid(4), SectionKind.OPERATIVE, 1, "A", "New.", removed=False),
        DraftedLine(sid(2), SectionKind.OPERATIVE, 1, "V", "Requests reports 😀 from all States.", removed=False),
        DraftedLine(sid(3), SectionKind.OPERATIVE, 1, "k", "", removed=True),
        DraftedLine(sid(1), SectionKind.PREAMBULAR, 2, "zz", "Decides to act at once.", removed=False),
    )


def test_what_reads_so_already_is_not_written() -> None:
    hand = Hand(7, SEED)
    hand.insert(3, 0, "cafe\u0301\nau lait")
    replica = Replica.of(hand.state())
    changes: list[DraftChange] = [SetText(sid(3), "café au lait"), SetOutline(sid(1), rank="F", level=1, removed=False)]
    assert replica.write(changes) == b"\x00\x00"
    assert hands(replica.write(changes)) == frozenset()


def test_what_cannot_be_is_not_written() -> None:
    replica = Replica.of(SEED)
    absent: tuple[DraftChange, ...] = (SetText(sid(9), "x"), SetOutline(sid(9), level=1))
    for change in absent:
        with pytest.raises(KeyError):
            replica.write([change])
    out_of_shape: tuple[DraftChange, ...] = (
        DraftedLine(sid(1), SectionKind.OPERATIVE, 1, "A", "x"),
        DraftedLine("here", SectionKind.OPERATIVE, 1, "A", "x"),
        DraftedLine(sid(4), SectionKind.OPERATIVE, 10, "A", "x"),
        SetOutline(sid(1), rank="A0"),
    )
    for change in out_of_shape:
        with pytest.raises(ValueError, match=r"."):
            replica.write([change])


WORDS = ("Requests", "a", "report", "😀", "from", "all", "States", "and", "été,", "urgently")


@given(st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_what_others_type_elsewhere_survives_what_the_service_writes(random: Random) -> None:
    hand = Hand(7, SEED)
    old = [f"{random.choice(WORDS)}{number}" for number in range(random.randrange(6, 14))]
    hand.insert(3, 0, " ".join(old))
    replica = Replica.of(hand.state())
    # The service rewrites some words; somebody types inside one that is kept, between two that are not rewritten.
    at = random.randrange(1, len(old) - 1)
    old_at = len(" ".join(old[:at])) + 1 + random.randrange(len(old[at]) + 1)
    marked = [
        word if abs(number - at) <= 1 or random.random() < 0.5 else f"new{number}" for number, word in enumerate(old)
    ]
    update = replica.write([SetText(sid(3), " ".join(marked))])
    hand.insert(3, old_at, "<typed>")
    hand.hear(update)
    replica.apply(hand.said[-1])
    replica.apply(update)
    assert hand.read(3) == replica.text(sid(3))
    assert hand.read(3).replace("<typed>", "") == " ".join(marked)
    before, after = hand.read(3).split("<typed>")
    assert before.endswith(" ".join(old)[:old_at].rsplit(" ", 1)[-1])
    assert after.startswith(" ".join(old)[old_at:].split(" ", 1)[0])


def test_a_small_change_to_a_long_text_is_a_small_update() -> None:
    hand = Hand(7, SEED)
    hand.insert(3, 0, "many words here, " * 500)
    replica = Replica.of(hand.state())
    update = replica.write([SetText(sid(3), replica.text(sid(3)).replace("many", "few", 1))])
    assert [struct.content for struct in decode(update).structs] == ["few"]
    assert len(update) < 60


def test_those_who_lack_something_are_given_that() -> None:
    hand = Hand(7, SEED)
    replica = Replica.of(SEED)
    assert replica.vector() == hand.doc.get_state()
    update = replica.write([SetText(sid(3), "New.")])
    replica.apply(update)
    assert decode(replica.since(hand.doc.get_state())).structs == decode(update).structs
    hand.hear(replica.since(hand.doc.get_state()))
    assert hand.state() == replica.state()
    for broken in (b"", b"\x01", b"\x05\x00"):
        with pytest.raises(Malformed):
            replica.since(broken)


def test_updates_are_merged() -> None:
    hand = Hand(7, SEED)
    for letter in "abc":
        hand.insert(3, 0, letter)
    assert merge([]) == b"\x00\x00"
    assert merge(hand.said[:1]) == hand.said[0]
    assert Replica.of(SEED, [merge(hand.said)]).text(sid(3)) == "cba"
    assert Replica.of(b"", [SEED, *hand.said]).state() == hand.state()
