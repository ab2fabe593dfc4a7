"""What an update would do is told before it is applied, and what may not be is refused."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.crdt.decoding import ANY, DELETED, EMBED, FORMAT, GC, SKIP, STRING, TYPE, Struct
from drafting.crdt.index import Index
from drafting.crdt.lib0 import UNDEFINED
from drafting.crdt.replica import Replica, merge
from drafting.protocol.problems import ProblemCode, Refusal
from tests.crdt.acting import SEED, Hand, deletions_of, encode, sid, things

SERVER = 1_000  # the client that wrote SEED: entry 0, fields 1-4, text 5, its 23 letters from 6; entry 29, text 34, ...


def index(*updates: bytes) -> Index:
    return Index.of(merge([SEED, *updates]))


def read(update: bytes, *known: bytes) -> tuple[object, ...]:
    """What is read: nothing new, missing, whose words, which sections, which are new."""
    return index(*known).read(update)[:5]


def refused(update: bytes, *known: bytes) -> str:
    with pytest.raises(Refusal) as told:
        index(*known).read(update)
    assert told.value.code is ProblemCode.MALFORMED
    return told.value.detail.removeprefix("The update is malformed: ")


def numbers(*sections: int) -> frozenset[str]:
    return frozenset(map(sid, sections))


def test_a_keystroke_names_its_hand_and_its_section() -> None:
    hand = Hand(7, SEED)
    hand.insert(1, 8, "x")
    update = hand.send()
    assert read(update) == (False, False, {7}, numbers(1), frozenset())
    assert read(update, update) == (True, False, frozenset(), frozenset(), frozenset())


def test_a_deletion_has_no_hand() -> None:
    hand = Hand(7, SEED)
    hand.delete(2, 0, 4)
    update = hand.send()
    assert read(update) == (False, False, frozenset(), numbers(2), frozenset())
    assert read(update, update) == (True, False, frozenset(), frozenset(), frozenset())


def test_what_is_sent_again_with_more_counts_for_what_is_new() -> None:
    hand = Hand(7, SEED)
    hand.insert(1, 0, "ab")
    first = hand.send()
    hand.insert(1, 2, "cd")
    hand.insert(2, 0, "ef")
    hand.said.clear()
    again = hand.doc.get_update(Hand(9, SEED).doc.get_state())
    assert read(again, first) == (False, False, {7}, numbers(1, 2), frozenset())
    taken = index(first)
    taken.take(taken.read(again))
    assert (taken.length(sid(1)), taken.length(sid(2))) == (27, 32)


def test_an_update_whose_forerunner_was_not_sent_lacks_something() -> None:
    hand = Hand(7, SEED)
    hand.insert(1, 0, "a")
    first = hand.send()
    hand.insert(1, 1, "b")
    second = hand.send()
    lacking: tuple[object, ...] = (False, True, frozenset(), frozenset(), frozenset())
    assert read(second) == lacking
    assert read(merge([second, SEED])) == lacking
    hand.delete(1, 0, 1)
    assert read(hand.send()) == lacking
    assert read(merge([first, second])) == (False, False, {7}, numbers(1), frozenset())


def test_an_update_that_hangs_on_words_not_yet_here_lacks_something() -> None:
    one = Hand(7, SEED)
    one.insert(1, 3, "one")
    first = one.send()
    two = Hand(9, SEED, first)
    two.insert(1, 4, "two")
    second = two.send()
    assert read(second)[1]
    assert read(second, first) == (False, False, {9}, numbers(1), frozenset())
    # In one update the order of clients does not matter.
    assert read(merge([first, second])) == (False, False, {7, 9}, numbers(1), frozenset())


@pytest.mark.parametrize("turn", [1, -1])
def test_clients_whose_words_hang_on_each_others_are_read_in_any_order(turn: int) -> None:
    one = [
        Struct(7, 0, 1, STRING, origin=(SERVER, 7), content="a"),
        Struct(7, 1, 1, STRING, origin=(9, 0), content="c"),
    ]
    two = [Struct(9, 0, 1, STRING, origin=(7, 0), content="b"), Struct(9, 1, 1, STRING, origin=(7, 1), content="d")]
    assert read(encode([*(one, two)[::turn][0], *(one, two)[::turn][1]])) == (
        False,
        False,
        {7, 9},
        numbers(1),
        frozenset(),
    )
    # Each waits for the other: nobody can apply it.
    circle = [one[0]._replace(origin=(9, 0)), two[0]]
    assert read(encode(circle[::turn]))[1]


def test_new_sections_come_with_their_text_or_get_it_later() -> None:
    hand = Hand(7, SEED)
    with hand.doc.transaction():
        hand.add(4, "Words 😀")
        hand.add(5)
        hand.insert(1, 0, "x")
    update = hand.send()
    assert read(update) == (False, False, {7}, numbers(1, 4, 5), numbers(4, 5))
    hand.insert(5, 0, "later")
    assert read(hand.send(), update) == (False, False, {7}, numbers(5), frozenset())


def test_two_who_mint_the_same_section_are_refused() -> None:
    one, two = Hand(7, SEED), Hand(9, SEED)
    for hand in (one, two):
        hand.add(4)
    first, second = one.send(), two.send()
    assert "is replaced" in refused(second, first)
    assert "is replaced" in refused(merge([first, second]))


def test_moving_a_section_touches_it() -> None:
    one = Hand(7, SEED)
    one.set(2, "rank", "B")
    first = one.send()
    assert read(first) == (False, False, {7}, numbers(2), frozenset())
    # Another moved it at the same moment: one of the two is deleted, though no update says so.
    known = [first]
    for client in (5, 9):
        two = Hand(client, SEED)
        two.set(2, "rank", "C")
        second = two.send()
        assert read(second, *known) == (False, False, {client}, numbers(2), frozenset())
        one.hear(second)
        known.append(second)
        assert read(one.state(), *known) == (True, False, frozenset(), frozenset(), frozenset())


@given(st.lists(st.tuples(st.sampled_from((5, 7, 9)), st.integers(0, 30)), min_size=1, max_size=8))
def test_the_setting_that_counts_is_the_one_that_the_crdt_keeps(settings: list[tuple[int, int]]) -> None:
    """Whatever each setting hangs on, honest or not: of all the values just the one that counts is not deleted."""
    replica, judging = Replica.of(SEED), index()
    written = [(SERVER, 1)]
    for client, number in settings:
        clock = sum(writer == client for writer, _ in written)
        origin = written[number % len(written)]
        update = encode([Struct(client, clock, 1, ANY, origin=origin, content=["A"])])
        judging.take(judging.read(update))
        replica.apply(update)
        written.append((client, clock))
        deleted = deletions_of(replica.state())
        (kept,) = (unit for unit in written if unit not in deleted)
        for unit in written:
            deletion = encode([], {unit[0]: [(unit[1], 1)]})
            if unit == kept:
                with pytest.raises(Refusal, match="rank is deleted"):
                    judging.read(deletion)
            else:
                assert judging.read(deletion).nothing_new


def test_undoing_a_move_is_a_move() -> None:
    hand = Hand(7, SEED)
    for rank in ("B", "C", "B"):
        hand.set(1, "rank", rank)
    assert read(merge(hand.said)) == (False, False, {7}, numbers(1), frozenset())


WORD = Struct(7, 0, 1, STRING, origin=(SERVER, 7), content="a")
RANK = Struct(7, 0, 1, ANY, origin=(SERVER, 1), content=["A"])


@pytest.mark.parametrize(
    ("structs", "deleted", "told"),
    [
        ([WORD._replace(ref=FORMAT)], {}, "nothing but texts"),
        ([WORD._replace(ref=EMBED)], {}, "nothing but texts"),
        ([WORD._replace(ref=GC, origin=None)], {}, "nothing but texts"),
        ([WORD._replace(ref=ANY, content=["a"])], {}, "no text"),
        ([WORD._replace(ref=TYPE, content=2)], {}, "no text"),
        ([WORD._replace(right_origin=(SERVER, 36))], {}, "between two texts"),
        ([WORD._replace(origin=(SERVER, 53))], {}, "splits a character"),
        ([WORD._replace(origin=None, right_origin=(SERVER, 54))], {}, "splits a character"),
        ([WORD._replace(origin=(7, 0))], {}, "hangs on a later one"),
        ([WORD._replace(origin=None, parent="elsewhere")], {}, "no such root"),
        ([WORD._replace(origin=None, parent="sections")], {}, "out of shape"),
        ([WORD._replace(origin=None, parent=(SERVER, 0), key="colour")], {}, "no such thing"),
        ([WORD._replace(origin=None, parent=(SERVER, 5), key="rank")], {}, "no such thing"),
        ([WORD._replace(origin=None, parent=(SERVER, 8))], {}, "no such thing"),
        ([WORD._replace(origin=(SERVER, 5))], {}, "is replaced"),
        ([WORD._replace(origin=None, ref=TYPE, content=2, parent="sections", key=sid(1))], {}, "is replaced"),
        ([WORD._replace(origin=None, ref=TYPE, content=2, parent="sections", key="here")], {}, "out of shape"),
        ([WORD._replace(origin=None, ref=TYPE, content=1, parent="sections", key=sid(9))], {}, "something else"),
        ([WORD._replace(origin=None, ref=TYPE, content=2, parent="sections", key=sid(9))], {}, "without its"),
        ([WORD._replace(origin=None, ref=TYPE, content=1, parent="outline", key=sid(9))], {}, "without its"),
        ([RANK._replace(content=["not a rank"])], {}, "rank is out of shape"),
        ([RANK._replace(content=["A0"])], {}, "rank is out of shape"),
        ([RANK._replace(content=["A", "B"], length=2)], {}, "rank is out of shape"),
        ([RANK._replace(origin=(SERVER, 2), content=[10])], {}, "level is out of shape"),
        ([RANK._replace(origin=(SERVER, 2), content=[True])], {}, "level is out of shape"),
        ([RANK._replace(origin=(SERVER, 2), content=[1.5])], {}, "level is out of shape"),
        ([RANK._replace(origin=(SERVER, 3), content=["chapter"])], {}, "kind is out of shape"),
        ([RANK._replace(origin=(SERVER, 4), content=[UNDEFINED])], {}, "removed is out of shape"),
        ([RANK._replace(origin=(SERVER, 4), content=[0])], {}, "removed is out of shape"),
        ([RANK._replace(ref=STRING, content="A")], {}, "no plain value"),
        ([RANK._replace(right_origin=(SERVER, 1))], {}, "before another"),
        ([RANK._replace(ref=DELETED)], {}, "rank is deleted"),
        ([RANK], {7: [(0, 1)]}, "rank is deleted"),
        ([], {SERVER: [(2, 1)]}, "level is deleted"),
        ([], {SERVER: [(5, 1)]}, "is deleted"),
        ([], {SERVER: [(0, 1)]}, "is deleted"),
        ([], {SERVER: [(54, 1)]}, "splits a character"),
        ([], {SERVER: [(50, 4)]}, "splits a character"),
    ],
)
def test_what_would_break_the_shape_of_a_draft_is_refused(
    structs: list[Struct], deleted: dict[int, list[tuple[int, int]]], told: str
) -> None:
    assert told in refused(encode(structs, deleted))


def test_the_places_of_the_examples_above_are_what_they_say() -> None:
    assert not read(encode([WORD]))[1]
    assert not read(encode([RANK]))[1]
    assert Replica.of(SEED, [encode([], {SERVER: [(53, 2)]})]).text(sid(2)) == "Requests a report  from all."
    assert read(encode([], {SERVER: [(53, 2)]})) == (False, False, frozenset(), numbers(2), frozenset())


def test_bytes_that_are_no_update_are_refused() -> None:
    assert refused(b"\x01") == "more is promised than the bytes hold."


def test_what_was_something_else_before_is_refused() -> None:
    hand = Hand(7, SEED)
    hand.insert(1, 3, "ab")
    known = hand.send()
    forged = Struct(7, 0, 4, STRING, origin=(SERVER, 36), content="abcd")
    assert "something else before" in refused(encode([forged]), known)
    split = Struct(7, 0, 4, STRING, origin=(SERVER, 8), content="a😀d")
    assert "splits a character" in refused(encode([split]), known)
    # Of what is known wholly nothing is read: it changes nothing.
    assert read(encode([forged._replace(length=2, content="zz")]), known)[0]


def test_what_is_sent_again_though_it_was_deleted_stays_deleted() -> None:
    hand = Hand(7, SEED)
    hand.insert(3, 0, "a😀")
    known = hand.send()
    other = Hand(9, SEED, known)
    other.delete(3, 0, 2)
    deleted = other.send()
    hand.insert(3, 2, "b😀")
    again = index(known, deleted)
    again.take(again.read(hand.state()))
    assert again.length(sid(3)) == 3
    assert things(again) == things(index(known, deleted, hand.state()))


def test_a_gap_is_missed_only_where_it_hides_something() -> None:
    hand = Hand(7, SEED)
    hand.insert(1, 0, "abc")
    known = hand.send()
    over = [Struct(7, 0, 2, SKIP), Struct(7, 2, 2, STRING, origin=(7, 1), content="cd")]
    assert read(encode(over), known) == (False, False, {7}, numbers(1), frozenset())
    assert read(encode(over))[1]


def test_deletions_of_what_nobody_wrote_are_missed() -> None:
    assert read(encode([], {SERVER: [(60, 100)]}))[1]
    assert read(encode([], {12: [(0, 1)]}))[1]


def test_a_draft_has_bounds() -> None:
    def code(make: Callable[[Hand], None], **bounds: int) -> ProblemCode:
        hand = Hand(7, SEED)
        make(hand)
        with pytest.raises(Refusal) as told:
            Index.of(SEED, **bounds).read(hand.send())
        return told.value.code

    assert code(lambda hand: hand.insert(1, 0, "xx"), longest=24) is ProblemCode.DRAFT_FULL
    assert code(lambda hand: hand.insert(1, 0, "😀"), longest=24) is ProblemCode.DRAFT_FULL
    assert code(lambda hand: hand.insert(1, 0, "x" * 120), largest=100) is ProblemCode.TOO_LARGE
    hand = Hand(7, SEED)
    hand.insert(1, 0, "x")
    assert Index.of(SEED, longest=24, largest=100).read(hand.send()).hands == {7}
    # A text that is too long already may still be shortened.
    with hand.doc.transaction():
        hand.delete(1, 0, 5)
        hand.insert(1, 0, "xyz")
    longer = Hand(7, SEED)
    longer.insert(1, 0, "x")
    shorter = Index.of(longer.state(), longest=10)
    shorter.take(shorter.read(hand.send()))
    assert shorter.length(sid(1)) == 22


def test_a_draft_has_at_most_so_many_sections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drafting.crdt.index.MOST_SECTIONS", 4)
    hand = Hand(7, SEED)
    hand.add(4)
    fourth = hand.send()
    hand.add(5)
    with pytest.raises(Refusal) as told:
        index(fourth).read(hand.send())
    assert told.value.code is ProblemCode.DRAFT_FULL
    assert read(fourth)[4] == numbers(4)


def test_only_the_latest_reading_is_taken() -> None:
    hand = Hand(7, SEED)
    hand.insert(1, 0, "x")
    update = hand.send()
    one = index()
    first, second = one.read(update), one.read(update)
    one.take(first)
    with pytest.raises(ValueError, match="another moment"):
        one.take(second)
    with pytest.raises(ValueError, match="misses something"):
        one.take(one.read(encode([WORD._replace(client=8, origin=(9, 9))])))


def test_a_state_that_is_not_whole_has_no_index() -> None:
    hand = Hand(7, SEED)
    hand.insert(1, 0, "x")
    with pytest.raises(Refusal):
        Index.of(hand.send())
    assert Index.of(b"").read(SEED).minted == numbers(1, 2, 3)
