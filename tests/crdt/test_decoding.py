"""Updates written out byte by byte, one for each kind of struct, and what they say."""

import math

import pytest

from drafting.crdt.decoding import (
    ANY,
    BINARY,
    DELETED,
    DOC,
    EMBED,
    FORMAT,
    GC,
    JSON,
    SKIP,
    STRING,
    TYPE,
    Struct,
    Update,
    decode,
)
from drafting.crdt.lib0 import MOST, UNDEFINED, Malformed, Reader, Writer
from drafting.crdt.vectors import contains, read_vector, write_vector

ROOT = b"\x01\x01a"  # the parent is the root "a"
HEAD = b"\x01\x01\x07\x02"  # one client, one struct, of client 7, from clock 2


@pytest.mark.parametrize(
    ("struct", "said"),
    [
        (b"\x00\x03", Struct(7, 2, 3, GC)),
        (b"\x0a\x05", Struct(7, 2, 5, SKIP)),
        (b"\x01" + ROOT + b"\x04", Struct(7, 2, 4, DELETED, parent="a")),
        (b"\x02" + ROOT + b"\x02\x011\x09undefined", Struct(7, 2, 2, JSON, parent="a", content=["1", "undefined"])),
        (b"\x03" + ROOT + b"\x02\xff\x00", Struct(7, 2, 1, BINARY, parent="a")),
        (b"\x04" + ROOT + b"\x02hi", Struct(7, 2, 2, STRING, parent="a", content="hi")),
        (b"\x04" + ROOT + b"\x05a\xf0\x9f\x98\x80", Struct(7, 2, 3, STRING, parent="a", content="a😀")),
        (b"\x05" + ROOT + b"\x02{}", Struct(7, 2, 1, EMBED, parent="a")),
        (b"\x06" + ROOT + b"\x04bold\x04true", Struct(7, 2, 1, FORMAT, parent="a")),
        (b"\x07" + ROOT + b"\x02", Struct(7, 2, 1, TYPE, parent="a", content=2)),
        (b"\x07" + ROOT + b"\x03\x01p", Struct(7, 2, 1, TYPE, parent="a", content=3)),
        (b"\x08" + ROOT + b"\x02\x78\x7d\x41", Struct(7, 2, 2, ANY, parent="a", content=[True, -1])),
        (b"\x09" + ROOT + b"\x01g\x76\x01\x01k\x7e", Struct(7, 2, 1, DOC, parent="a")),
        # what it hangs on
        (b"\x84\x05\x09\x01x", Struct(7, 2, 1, STRING, origin=(5, 9), content="x")),
        (b"\x44\x05\x09\x01x", Struct(7, 2, 1, STRING, right_origin=(5, 9), content="x")),
        (b"\xc4\x05\x09\x80\x01\x00\x01x", Struct(7, 2, 1, STRING, (5, 9), (128, 0), content="x")),
        (b"\x24\x00\x05\x09\x01k\x01x", Struct(7, 2, 1, STRING, parent=(5, 9), key="k", content="x")),
        # with an origin, the key is not written though the flag is set
        (b"\xa8\x05\x09\x01\x79", Struct(7, 2, 1, ANY, origin=(5, 9), content=[False])),
    ],
)
def test_every_kind_of_struct_is_read(struct: bytes, said: Struct) -> None:
    assert decode(HEAD + struct + b"\x00") == Update([said], {})


def test_runs_of_several_clients_and_deletions_are_read() -> None:
    update = b"\x02\x02\x07\x00\x04\x01\x01a\x02hi\x0a\x03\x01\x05\x09\x00\x01\x02\x05\x02\x00\x01\x03\x02\x07\x00"
    assert decode(update) == Update(
        [Struct(7, 0, 2, STRING, parent="a", content="hi"), Struct(7, 2, 3, SKIP), Struct(5, 9, 1, GC)],
        {5: [(0, 1), (3, 2)], 7: []},
    )


@pytest.mark.parametrize(
    "update",
    [
        b"",
        b"\x00",
        b"\x00\x00\x00",  # something follows
        b"\x05\x00",  # more clients than bytes
        HEAD + b"\x04" + ROOT + b"\x05hi\x00",  # a string cut short
        HEAD + b"\x04" + ROOT + b"\x00\x00",  # an item of no length
        HEAD + b"\x04" + ROOT + b"\x02\xed\xa0\x00",  # no UTF-8
        HEAD + b"\x04\x02\x01a\x01x\x00",  # a parent neither root nor item
        HEAD + b"\x0b" + ROOT + b"\x01\x00",  # an unknown kind of struct
        HEAD + b"\x07" + ROOT + b"\x07\x00",  # an unknown shared type
        HEAD + b"\x80\x03\x00",  # a gap that hangs on something
        HEAD + b"\x01" + ROOT + b"\xfe\xff\xff\xff\x07\x00",  # a clock past 2^31 - 1
        HEAD + b"\x08" + ROOT + b"\xff\xff\xff\xff\x07\x00",  # more values than bytes
        HEAD + b"\x08" + ROOT + b"\x01\x73\x00",  # an unknown kind of value
        HEAD + b"\x08" + ROOT + b"\x01" + b"\x75\x01" * 30 + b"\x7e\x00",  # too deep
        b"\x02\x01\x07\x00\x00\x01\x01\x07\x01\x00\x01\x00",  # a client twice
        b"\x00\x01\x05\x01\x01\xff\xff\xff\xff\x07",  # a deletion past 2^31 - 1
        b"\x01\x01\xff\xff\xff\xff\xff\xff\xff\x1f\x00\x00\x01\x00",  # a client past 2^53 - 1
        b"\x01\x01" + b"\x80" * 9 + b"\x00\x00\x00\x01\x00",  # a number of ten bytes
    ],
)
def test_what_yjs_never_writes_is_malformed(update: bytes) -> None:
    with pytest.raises(Malformed):
        decode(update)


def test_the_longest_client_id_and_clock_are_read() -> None:
    update = b"\x01\x01\xff\xff\xff\xff\xff\xff\xff\x0f\x02\x01\x01\x01a\xfd\xff\xff\xff\x07\x00"
    assert decode(update) == Update([Struct(2**53 - 1, 2, 2**31 - 3, DELETED, parent="a")], {})


@pytest.mark.parametrize(
    ("number", "encoded"),
    [
        (0, b"\x00"),
        (63, b"\x3f"),
        (-1, b"\x41"),
        (64, b"\x80\x01"),
        (-64, b"\xc0\x01"),
        (1_000, b"\xa8\x0f"),
        (-MOST, b"\xff" * 7 + b"\x1f"),
    ],
)
def test_signed_numbers_are_read_and_written(number: int, encoded: bytes) -> None:
    assert Reader(encoded).signed() == number
    assert Writer().signed(number).done() == encoded


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        (None, b"\x7e"),
        (UNDEFINED, b"\x7f"),
        (True, b"\x78"),
        (False, b"\x79"),
        (-3, b"\x7d\x43"),
        (2**40, b"\x7a\x00\x00\x01\x00\x00\x00\x00\x00"),
        (0.5, b"\x7b\x3f\xe0\x00\x00\x00\x00\x00\x00"),
        ("é", b"\x77\x02\xc3\xa9"),
        (b"\x01", b"\x74\x01\x01"),
        ([None, 1], b"\x75\x02\x7e\x7d\x01"),
        ({"k": "v"}, b"\x76\x01\x01k\x77\x01v"),
    ],
)
def test_values_are_read_and_written(value: object, encoded: bytes) -> None:
    reader = Reader(encoded)
    assert reader.any() == value
    assert reader.left == 0
    assert Writer().any(value).done() == encoded


def test_a_short_fraction_is_read() -> None:
    assert Reader(b"\x7c\x40\x40\x00\x00").any() == 3.0
    assert math.isnan(float(str(Reader(b"\x7c\x7f\xc0\x00\x00").any())))


def test_numbers_that_javascript_cannot_count_are_not_written() -> None:
    for number in (-1, MOST + 1):
        with pytest.raises(ValueError, match=str(number)):
            Writer().uint(number)
    with pytest.raises(Malformed):
        Reader(b"\xff" * 8 + b"\x01").signed()


def test_vectors_are_read_written_and_compared() -> None:
    assert read_vector(b"\x02\x07\x80\x01\x05\x01") == {7: 128, 5: 1}
    assert write_vector({7: 128, 5: 1}) == b"\x02\x07\x80\x01\x05\x01"
    assert contains(write_vector({7: 3, 5: 1}), write_vector({7: 3}))
    assert not contains(write_vector({7: 3}), write_vector({7: 4}))
    assert not contains(write_vector({7: 3}), write_vector({5: 1}))
    assert contains(write_vector({}), write_vector({5: 0}))
    for broken in (b"", b"\x01\x07", b"\x00\x00", b"\x09\x01"):
        with pytest.raises(Malformed):
            read_vector(broken)
