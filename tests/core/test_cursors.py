import pytest

from drafting.protocol.problems import ProblemCode, Refusal
from drafting.queries.cursors import Cursors
from tests.casting import Cast, delete

KEY = b"a key that only this test knows"
ONE, OTHER = "pa_01", "pa_02"


def test_the_same_place_is_the_same_cursor_for_the_same_reader_and_opens_to_itself() -> None:
    cursors = Cursors(KEY)
    for place in (0, 1, 2, 65_536, 2**63):
        cursor = cursors.seal(ONE, "do_1", place)
        assert cursor == Cursors(KEY).seal(ONE, "do_1", place)
        assert cursors.open(ONE, "do_1", cursor) == place


def test_cursors_of_other_places_readers_documents_and_keys_differ_and_show_no_number() -> None:
    cursors = [
        Cursors(key).seal(who, scope, place)
        for key in (KEY, b"another")
        for who in (ONE, OTHER)
        for scope in ("do_1", "do_2")
        for place in (1, 2)
    ]
    assert len(set(cursors)) == 16
    assert {len(cursor) for cursor in cursors} == {32}


@pytest.mark.parametrize("cursor", ["", "x", "0", "AAAA", "A" * 32, "A" * 5000, "é", "…", "Ω" * 32, "../..", "\x00"])
def test_garbage_is_refused(cursor: str) -> None:
    with pytest.raises(Refusal) as refusal:
        Cursors(KEY).open(ONE, "do_1", cursor)
    assert refusal.value.code is ProblemCode.CURSOR_INVALID


def test_a_cursor_of_somebody_else_of_another_document_or_of_another_key_is_refused() -> None:
    cursor = Cursors(KEY).seal(ONE, "do_1", 7)
    for key, who, scope in (
        (KEY, OTHER, "do_1"),
        (KEY, ONE, "do_2"),
        (b"another", ONE, "do_1"),
        (KEY, ONE + "do", "_1"),
    ):
        with pytest.raises(Refusal):
            Cursors(key).open(who, scope, cursor)


def test_a_cursor_with_one_character_changed_is_refused() -> None:
    cursor = Cursors(KEY).seal(ONE, "do_1", 7)
    for at in range(len(cursor)):
        changed = cursor[:at] + ("A" if cursor[at] != "A" else "B") + cursor[at + 1 :]
        with pytest.raises(Refusal):
            Cursors(KEY).open(ONE, "do_1", changed)


def test_a_readers_cursor_stands_still_while_others_do_what_they_may_not_see(held: Cast) -> None:
    before = held.snapshot("bor").cursor
    amendment = held.table("arv", delete(held.sections[5]))
    held.do("arv", "post_comment", amendment=amendment, body="Between us.", audience="own")
    held.do("arv", "post_comment", section=held.sections[5], body="For the house.", audience="secretariat")
    held.do("sec", "post_comment", section=held.sections[5], body="Internally.", audience="own")
    held.do("chair", "post_comment", section=held.sections[5], body="At the desk.", audience="own")
    assert held.snapshot("bor").cursor == before
    assert held.snapshot("sec").cursor != held.snapshot("arv").cursor
    held.do("arv", "post_comment", section=held.sections[5], body="Aloud.")
    assert held.snapshot("bor").cursor != before


def test_a_receipts_cursor_is_where_the_senders_snapshot_stands(room: Cast) -> None:
    receipt = room.do("arv", "post_comment", section=room.sections[5], body="Aloud.")
    assert receipt.cursor == room.snapshot("arv").cursor
    assert receipt.cursor != room.snapshot("bor").cursor


def test_a_cursor_from_before_ones_rights_changed_cannot_be_followed() -> None:
    cursor = Cursors(KEY).seal(ONE, "do_1", 7, ["delegate:ARV"])
    assert Cursors(KEY).open(ONE, "do_1", cursor, ("delegate:ARV",)) == 7
    with pytest.raises(Refusal) as refusal:
        Cursors(KEY).open(ONE, "do_1", cursor, ("delegate:ARV", "secretary"))
    assert refusal.value.code == "cursor_invalid"
