"""The measuring of live drafts, on receipts written down by hand and on real Yjs updates."""

import json
from typing import Any

import pytest
from pycrdt import Doc, Text

from bench import live
from bench.live_hands import Hand, Run, draft, hands, letters, runs, strokes
from bench.live_servers import BARE, HOCUSPOCUS, OURS
from bench.live_tally import Chunk, Sent, Tally
from bench.live_words import (
    Bare,
    Hocuspocus,
    Said,
    Stock,
    Struct,
    clocks,
    framed,
    heard,
    insertion,
    structs,
)

# Client 9 puts "ab" at its clock 5, between (7, 3) and (7, 4).
AB = bytes.fromhex("01 01 09 05 c4 07 03 07 04 02 6162 00")


def frame(update: bytes) -> bytes:
    """A server's frame with an update in the y-websocket protocol."""
    message = bytes([0, 2, len(update)]) + update
    return bytes([0x82, len(message)]) + message


def typed(client: int, clock: int, text: str) -> bytes:
    return frame(insertion(client, clock, (7, 3), (7, 4), text))


def test_what_is_typed_is_written_as_yjs_writes_it() -> None:
    assert insertion(9, 5, (7, 3), (7, 4), "ab") == AB


def test_a_struct_counts_a_clock_for_each_utf_16_unit() -> None:
    assert list(structs(AB)) == [Struct(9, 5, 2, (7, 3), (7, 4))]
    # "é" and a sign outside the first plane: two bytes and four, one unit and two.
    assert list(structs(bytes.fromhex("01 01 09 05 84 07 03 06 c3a9 f09d849e 00"))) == [Struct(9, 5, 3, (7, 3), None)]


def test_a_gap_of_clocks_is_no_receipt_of_them() -> None:
    gap_then_a = bytes.fromhex("01 02 09 05 0a 04 84 07 03 01 61 00")
    assert list(structs(gap_then_a)) == [Struct(9, 9, 1, (7, 3), None)]


def test_content_that_nobody_types_here_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="content of kind 7"):
        list(structs(draft(1)))


def test_an_update_that_ends_early_is_noticed() -> None:
    with pytest.raises(IndexError):
        list(structs(AB[:10]))


def test_a_client_writes_frames_of_each_length_with_a_mask_that_changes_nothing() -> None:
    assert framed(b"abc") == bytes.fromhex("82 83 00000000") + b"abc"
    assert framed(b"x" * 300)[:8] == bytes.fromhex("82 fe 012c 00000000")
    assert framed(b"x" * 70_000)[:14] == bytes.fromhex("82 ff 0000000000011170 00000000")


def test_frames_of_a_server_are_read_with_pings_a_close_and_the_part_that_is_left_over() -> None:
    stream = b"\x82\x02hi" + b"\x89\x01p" + b"\x88\x00" + b"\x82\x05hal"
    assert heard(stream) == ([b"hi"], [b"p"], True, b"\x82\x05hal")
    long = b"\x82\x7e\x01\x2c" + b"x" * 300
    assert heard(long) == ([b"x" * 300], [], False, b"")
    assert heard(long[:3]) == ([], [], False, long[:3])


def test_each_dialect_says_and_reads_the_same_in_its_own_way() -> None:
    assert Stock().update(b"uv") == b"\x00\x02\x02uv"
    assert Hocuspocus("room").update(b"uv") == b"\x04room\x00\x02\x02uv"
    assert Bare().update(b"uv") == b"uv"
    assert (
        Stock().read(b"\x00\x02\x02uv") == Hocuspocus("room").read(b"\x04room\x00\x02\x02uv") == Said("update", b"uv")
    )
    assert Stock().read(b"\x00\x01\x02uv") == Said("synced", b"uv")
    assert Stock().read(b"\x01\x01x") == Said("")
    # Ours acknowledges with the vector of what is durable; Hocuspocus with a word that promises nothing.
    assert Stock().read(b"\x64\x03\x01\x09\x07") == Said("ack", b"\x01\x09\x07")
    assert clocks(b"\x01\x09\x07") == {9: 7}
    assert Hocuspocus("room").read(b"\x04room\x08\x01") == Said("")


def test_every_receipt_is_timed_from_its_own_sending() -> None:
    tally = Tally(Stock(), 3, [9])
    tally.send([Sent(0, 5, 1.0), Sent(0, 6, 2.0)])
    tally.take([Chunk(1, 1.25, typed(9, 5, "a")), Chunk(2, 1.5, typed(9, 5, "a"))])
    assert tally.times == [0.25, 0.5]
    assert tally.lost == 2
    tally.take([Chunk(1, 2.25, typed(9, 6, "b")), Chunk(2, 2.75, typed(9, 6, "b"))])
    assert tally.times == [0.25, 0.5, 0.25, 0.75]
    assert tally.lost == 0
    assert tally.milliseconds(0.5) == 250
    assert tally.milliseconds(0.95) == 750


def test_a_merged_update_counts_for_each_letter_in_it() -> None:
    tally = Tally(Stock(), 2, [9])
    tally.send([Sent(0, 5, 1.0), Sent(0, 6, 1.5), Sent(0, 7, 2.0)])
    tally.take([Chunk(1, 3.0, typed(9, 5, "abc"))])
    assert tally.times == [2.0, 1.5, 1.0]
    assert tally.frames == 1


def test_what_is_told_again_counts_once_and_the_writers_own_echo_never() -> None:
    tally = Tally(Stock(), 2, [9])
    tally.send([Sent(0, 5, 1.0), Sent(0, 6, 1.0)])
    tally.take([Chunk(0, 1.5, typed(9, 5, "ab")), Chunk(1, 2.0, typed(9, 5, "a")), Chunk(1, 3.0, typed(9, 5, "ab"))])
    assert tally.times == [1.0, 2.0]
    assert tally.doubled == 1
    assert tally.lost == 0


def test_clocks_from_before_the_case_and_of_others_do_not_count() -> None:
    tally = Tally(Stock(), 2, [9])
    tally.send([Sent(0, 5, 1.0)])
    tally.take([Chunk(1, 2.0, typed(9, 2, "xyza")), Chunk(1, 2.0, typed(8, 5, "q"))])
    assert tally.times == [1.0]


def test_a_frame_in_two_parts_is_received_with_its_second() -> None:
    whole = typed(9, 5, "a")
    tally = Tally(Stock(), 2, [9])
    tally.send([Sent(0, 5, 1.0)])
    tally.take([Chunk(1, 2.0, whole[:7])])
    assert tally.lost == 1
    tally.take([Chunk(1, 4.0, whole[7:])])
    assert tally.times == [3.0]


def test_a_pasted_text_is_there_with_its_last_letter() -> None:
    tally = Tally(Stock(), 2, [9], letters=3)
    tally.send([Sent(0, 5, 1.0), Sent(0, 8, 2.0)])
    tally.take([Chunk(1, 3.0, typed(9, 5, "abcd"))])
    assert tally.times == [2.0]
    tally.take([Chunk(1, 5.0, typed(9, 9, "ef"))])
    assert tally.times == [2.0, 3.0]


def test_an_acknowledgement_counts_for_all_that_is_durable_and_once() -> None:
    tally = Tally(Stock(), 3, [9, 8])
    tally.send([Sent(0, 5, 1.0), Sent(0, 6, 1.5), Sent(1, 0, 1.0)])
    ack = b"\x82\x05\x64\x03\x01\x09\x07"
    tally.take([Chunk(0, 2.0, ack), Chunk(0, 3.0, ack), Chunk(1, 3.0, ack), Chunk(2, 3.0, ack)])
    assert tally.ack_times == [1.0, 0.5]
    assert tally.acknowledged() == (500, 1000)


def test_who_is_shown_out_and_what_is_to_be_answered_is_noted() -> None:
    tally = Tally(Stock(), 2, [9])
    tally.take([Chunk(1, 1.0, b"\x89\x01p"), Chunk(0, 1.0, b"\x88\x00")])
    assert tally.pings == [(1, b"p")]
    assert tally.closed == {0}


def test_what_hands_type_is_in_the_draft_that_a_yjs_library_reads() -> None:
    first = draft(12)
    before = letters([first])
    writers = hands(runs(first, 10), 10, 1)
    assert len({hand.client for hand in writers}) == 10
    assert letters([first, *(hand.type() for hand in writers for _ in range(20))]) == before + 200
    (paster,) = hands(runs(first, 10), 1, 2)
    assert letters([first, paster.type(1000), paster.type(1000)]) == before + 2000
    assert letters([first, writers[0].type(1000)]) == before  # hangs on its letters from before, which are not here


def test_a_run_is_where_its_text_lies() -> None:
    document: Doc[Any] = Doc(client_id=7)
    document["t"] = Text("0123456789")
    hand = Hand(9, Run(7, 0, 10))
    document.apply_update(hand.type())
    assert len(str(document.get("t", type=Text))) == 11
    assert str(document.get("t", type=Text))[0] == "0"
    assert str(document.get("t", type=Text))[-1] == "9"


def test_writers_take_turns_evenly_in_time() -> None:
    made = strokes([Hand(9, Run(7, 0, 10)), Hand(8, Run(7, 0, 10))], Bare(), 4.0, 1.0)
    assert [(stroke.at, stroke.writer, stroke.clock) for stroke in made] == [
        (0.0, 0, 0),
        (0.25, 1, 0),
        (0.5, 0, 1),
        (0.75, 1, 1),
    ]


def test_a_line_names_the_peer_with_what_it_stores_and_gives_ours_over_its() -> None:
    (result,) = live.compared("a case", "ms", {OURS: 2.0, HOCUSPOCUS: 4.0}, {OURS: {"lost": 0}})
    line = json.loads(result.line())
    assert (line["value"], line["peer_value"], line["ratio"]) == (2.0, 4.0, 0.5)
    assert line["ours"] == {"lost": 0}
    assert "SQLite 2 to 10 s later" in line["peer"]
    assert line["versions"]["@hocuspocus/server"] == "3.4.4"


def test_a_bare_broadcast_is_measured_from_end_to_end() -> None:
    size = live.Size(
        clients=(4,),
        writers=2,
        seconds=0.5,
        ramp_clients=4,
        ramp_seconds=0.2,
        ramp_from=100.0,
        bound=0.0,
        finer=1,
        loads=(),
    )
    lines = [json.loads(result.line()) for result in live.run(size, [BARE])]
    assert [line["unit"] for line in lines] == ["ms", "ms", "ms", "µs", "updates/s"]
    # 8 letters (two writers, eight a second, half a second) at three others.
    assert lines[0]["the peer's"]["deliveries"] == 24
    assert lines[0]["the peer's"]["lost"] == 0
    assert 0 < lines[0]["value"] < 1000
    # A bound of nothing is never held.
    assert lines[-1]["value"] == 0
