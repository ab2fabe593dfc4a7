import pytest

from drafting.protocol.problems import Refusal
from drafting.queries.documents import documents, page
from drafting.queries.people import reader
from tests.casting import CAPACITIES, Cast, add, delete, replace


def test_a_snapshot_holds_the_whole_document_as_the_reader_may_see_it(room: Cast) -> None:
    amendment = room.table("arv", replace(room.sections[5], "States shall act."))
    room.do("arv", "post_comment", amendment=amendment, body="Aloud.")
    room.do("arv", "post_comment", amendment=amendment, body="Between us.", audience="own")
    room.decide(room.sections[5], [amendment], "incorporate")
    for handle, comments, decisions in (("watch", 1, 0), ("arv", 2, 0), ("sec", 1, 1), ("chair", 1, 1)):
        snapshot = room.snapshot(handle)
        assert len(snapshot.comments) == comments
        assert len(snapshot.decisions) == decisions
        assert (len(snapshot.sections), len(snapshot.versions), len(snapshot.rounds)) == (12, 1, 1)
        assert snapshot.sections[5].text.startswith("States shall take"), "the basis stands until a version is issued"
        assert [a.id for a in snapshot.amendments] == [amendment]


def test_private_streams_have_numbers_of_their_own_without_gaps(room: Cast) -> None:
    room.do("arv", "post_comment", section=room.sections[5], body="Between us.", audience="own")
    room.do("bor", "post_comment", section=room.sections[5], body="Aloud.")
    room.do("arv", "post_comment", section=room.sections[5], body="Between us.", audience="own")
    room.do("sec", "post_comment", section=room.sections[5], body="Internally.", audience="own")
    room.do("bor", "post_comment", section=room.sections[5], body="Aloud.")
    seen = {handle: [(e.stream, e.seq) for e in room.events(handle)] for handle in CAPACITIES}
    public = [("all", 1), ("all", 2), ("all", 3), ("all", 4)]
    assert seen["bor"] == seen["watch"] == public
    assert seen["arv"] == [*public[:2], ("delegation:ARV", 1), public[2], ("delegation:ARV", 2), public[3]]
    assert seen["notes"] == [*public[:3], ("secretariat", 1), public[3]]


def test_only_who_holds_a_capacity_in_its_process_knows_of_a_document(room: Cast) -> None:
    room.do("root", "create_process", name="Another", secretary="root")
    database = room.house.database
    for handle in CAPACITIES:
        person = room.person(handle)
        assert [d.id for d in database.read(lambda tx, p=person: documents(tx, p))] == [room.document]
    room.process = room.do("root", "create_process", name="Third", secretary="root").made["process"]
    room.do("root", "accredit_participant", handle="eve", name="Eve", capacities=["observer"])
    eve = room.person("eve")
    assert database.read(lambda tx: documents(tx, eve)) == []
    for asked in (room.document, "do_" + "0" * 26):
        with pytest.raises(Refusal, match="There is no document") as refusal:
            database.read(lambda tx, a=asked: reader(tx, eve, a))
        assert refusal.value.code == "unknown"


def test_what_is_issued_is_the_basis_for_everyone(room: Cast) -> None:
    new = "se_" + "8" * 26
    amendment = room.table("arv", add(room.sections[9], "A new one.", new), delete(room.sections[10]))
    room.close()
    room.decide(new, [amendment], "incorporate")
    room.decide(room.sections[10], [amendment], "incorporate")
    room.issue()
    sections = room.snapshot("watch").sections
    assert [(s.label, s.deleted) for s in sections[9:12]] == [("OP3", False), ("OP3bis", False), ("OP4", True)]
    assert [v.name for v in room.snapshot("watch").versions] == ["Zero draft", "Rev.1"]


def test_a_list_is_paged_without_losing_or_doubling_an_item() -> None:
    items, seen, after = list("abcdefg"), [], None
    while True:
        part = page(items, after, 3, str)
        seen += part.items
        after = part.next
        if after is None:
            break
    assert seen == items
    assert page(items, None, 7, str).next is None
    assert page(items, "nobody", 3, str).items == []
    assert page([], None, 3, str).items == []
