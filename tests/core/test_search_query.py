"""Search over everything that one may see, and no more."""

import pytest

from drafting.protocol.problems import Refusal
from drafting.protocol.searching import HitView
from drafting.queries.searching import search
from tests.casting import Cast, replace


def found(cast: Cast, handle: str, words: str) -> list[HitView]:
    who = cast.reader(handle)
    return cast.house.database.read(lambda tx: search(tx, who, words))


def marked(hit: HitView) -> str:
    return hit.excerpt[hit.start : hit.end]


def test_all_the_words_must_stand_in_one_place_whatever_their_order_and_capitals(room: Cast) -> None:
    (hit,) = found(room, "watch", "MIGRANTS transit")
    assert (hit.where, hit.label, hit.version, marked(hit)) == ("text", "OP1", room.version, "migrants")
    assert found(room, "watch", "migrants register") == []


def test_accents_and_vowel_signs_do_not_count_and_the_place_is_right(cast: Cast) -> None:
    text = [("title", 0, "", "Appel"), ("operative", 1, "OP1", "Les États de\u0301cident, نُؤكِّدُ, решают.")]
    cast.take_in(text)
    for words, mark in (("etats", "États"), ("decident", "de\u0301cident"), ("نؤكد", "نُؤكِّدُ"), ("РЕШАЮТ", "решают")):
        (hit,) = found(cast, "watch", words)
        assert marked(hit) in {mark, mark[:-1], "décident"}


def test_the_excerpt_shows_what_stands_around(room: Cast) -> None:
    (hit,) = found(room, "bor", "appropriate")
    assert hit.excerpt == "States shall take appropriate measures to protect migrants in transit."


def test_proposals_comments_positions_and_older_texts_are_searched_after_the_text(room: Cast) -> None:
    one = room.sections[5]
    amendment = room.table("arv", replace(one, "States shall take zebra measures."), rationale="Zebra crossings help.")
    comment = room.do("bor", "post_comment", section=one, body="What is a zebra?").made["comment"]
    position = room.do(
        "cal", "take_position", amendment=amendment, stand="cannot_accept", audience="all", note="No zebra."
    ).made["position"]
    hits = found(room, "watch", "zebra")
    assert [(hit.where, hit.id) for hit in hits] == [
        ("amendment", amendment),
        ("amendment", amendment),
        ("comment", comment),
        ("position", position),
    ]
    assert [hit.label for hit in hits] == ["ARV-1", "ARV-1", "OP1", "ARV-1"]
    room.decide(one, [], "redraft", text="States shall act.")
    room.decide(one, [amendment], "not_retained")
    room.close()
    room.issue()
    (older,) = [hit for hit in found(room, "watch", "appropriate measures") if hit.where == "older_text"]
    assert older.section == one


def test_nobody_finds_what_is_not_theirs_to_see(held: Cast) -> None:
    one = held.sections[5]
    amendment = held.table("arv", replace(one, "States shall take zebra measures."))
    held.do("arv", "post_comment", section=one, body="Between us: zebra.", audience="own")
    held.do("arv", "post_comment", amendment=amendment, body="For the house: zebra.", audience="secretariat")
    assert {
        handle: len(found(held, handle, "zebra")) for handle in ("arv", "clerk", "sec", "chair", "bor", "watch")
    } == {
        "arv": 3,
        "clerk": 3,
        "sec": 2,
        "chair": 0,
        "bor": 0,
        "watch": 0,
    }


def test_nothing_to_search_for_is_refused(room: Cast) -> None:
    with pytest.raises(Refusal, match="Say what"):
        found(room, "bor", " \u0301 ")
