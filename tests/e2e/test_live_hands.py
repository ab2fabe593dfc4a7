"""Stock Yjs clients at a working draft: what one types all see at once, nothing is doubled and nothing lost."""

import time
from collections.abc import Iterator

import pytest

from drafting_client import mint
from tests.e2e.hands import Hand, Hands, Stage, hands, staged
from tests.e2e.server import served
from tests.http.hosting import TEXT

AT_ONCE_MS = 1_000
SILENCE_SECONDS = 31.5
"""A little more than the silence after which y-websocket hangs up."""
READER = {"capacities": ["observer"]}
BASE = [text for *_, text in TEXT]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with served(tmp_path_factory.mktemp("hands") / "home") as server:
        yield staged(server)


@pytest.fixture(scope="module")
def stock() -> Iterator[Hands]:
    with hands() as process:
        yield process


@pytest.fixture(scope="module", autouse=True)
def silent(stage: Stage, stock: Hands) -> tuple[Hand, Stage, float]:
    """Give somebody who has been at a draft of their own since the beginning, and said nothing."""
    alone = stage.anew()
    hand = alone.sit(stock("silent"), "observer")
    hand.do("say", state=None)
    return hand, alone, time.monotonic()


@pytest.fixture
def room(stage: Stage) -> Stage:
    """Give a document and a draft for one test."""
    return stage.anew()


def test_a_stock_client_synchronises_types_and_sees_who_is_here(room: Stage, stock: Hands) -> None:
    section = room.sections[2]
    chair = room.sit(stock(mint()), "chair")
    bearer = {"Authorization": f"Bearer {room.bearer('arv')}"}
    arv = stock(mint())
    arv.do("connect", address=room.live, draft=room.draft, headers=bearer)
    assert [line["text"] for line in arv.do("read")] == BASE
    chair.do("say", state={"section": section, "typing": True, "reading": section})
    arv.do("hears", fields={"section": section, "typing": True, "reading": section})
    (told,) = arv.do("others")
    assert told["state"]["user"] == {
        "handle": "chair",
        "name": "Chair",
        "delegations": [],
        "capacities": ["chair"],
    }
    chair.types(section, "All ")
    arv.do("wait", section=section, text="All States shall take appropriate measures.")
    chair.do("delete", section=section, at=0, length=4)
    chair.do("set", section=section, fields={"level": 2})
    arv.do("wait", section=section, text="States shall take appropriate measures.")
    arv.do("wait", hash=chair.state())
    assert arv.do("read")[2]["level"] == 2
    chair.do("leave")
    assert arv.do("standing")["closed"] is None


def test_everybody_sees_typing_on_the_chairs_draft_well_within_a_second(room: Stage, stock: Hands) -> None:
    people = ["notes", "sec", "arv", "bor", "cal", "observer"]
    watchers = [room.sit(stock(mint()), handle) for handle in people for _ in range(3)]
    chair = room.sit(stock(mint()), "chair")
    took = []
    for number in range(5):
        asked = [hand.begin("sees", section=room.sections[2], part=f"<{number}>") for hand in watchers]
        chair.types(room.sections[2], f"<{number}>")
        took += [stock.end(question) for question in asked]
    assert max(took) < AT_ONCE_MS, took


def test_a_delegations_own_draft_is_typed_in_by_its_team_and_known_to_nobody_else(room: Stage, stock: Hands) -> None:
    handle = f"arv-{mint()[-6:].lower()}"
    accredited = {"handle": handle, "name": "Ada", "capacities": ["delegate:ARV"]}
    room.take("sec", "accredit_participant", "secretary", process=room.process, **accredited)
    draft = room.open("arv", "head:ARV")
    head, ada = room.sit(stock(mint()), "arv", draft), room.sit(stock(mint()), handle, draft)
    section = room.sections[3]
    head.types(section, "All ")
    ada.types(section, " and soon", at=len(BASE[3]))
    for hand in (head, ada):
        hand.do("wait", section=section, text=f"All {BASE[3]} and soon")
    for other in ("bor", "chair", "sec"):
        intruder = stock(mint())
        bearer = {"Authorization": f"Bearer {room.bearer(other)}"}
        intruder.do("connect", address=room.live, draft=draft, headers=bearer, wait=False)
        intruder.do("wait", **{"for": "closed"})
        assert intruder.do("standing")["closed"] == {"code": 4404, "reason": "unknown"}
        assert intruder.do("read") == []
        assert intruder.do("others") == []


def test_fifty_who_come_first_at_the_same_moment_find_the_text_once(room: Stage, stock: Hands) -> None:
    people = ["chair", "notes", "sec", "arv", "bor"] * 10
    crowd = [stock(mint()) for _ in people]
    doors = {handle: room.door(handle) for handle in set(people)}
    asked = [hand.begin("connect", **doors[handle]) for hand, handle in zip(crowd, people, strict=True)]
    for question in asked:
        stock.end(question)
    assert [line["text"] for line in crowd[0].do("read")] == BASE
    assert len({hand.state() for hand in crowd}) == 1


def test_minutes_of_typing_offline_arrive_once_among_what_the_others_wrote(room: Stage, stock: Hands) -> None:
    section = room.sections[2]
    notes, chair, arv = (room.sit(stock(mint()), handle) for handle in ("notes", "chair", "arv"))
    notes.do("disconnect")
    minutes = "".join(f"[{number}]" for number in range(400))
    for number in range(400):
        notes.types(section, f"[{number}]", at=minutes.index(f"[{number}]"))
    notes.do("delete", section=room.sections[1], at=0, length=12)
    chair.types(section, "Member ", at=0)
    chair.types(room.sections[1], " years and", at=len(BASE[1]))
    arv.do("sees", section=section, part="Member ")
    notes.do("reconnect")
    arv.do("sees", section=section, part="[399]")
    arv.do("wait", section=room.sections[1], text="the commitments made in earlier meetings, years and")
    read = arv.text(section)
    assert read in (f"{minutes}Member {BASE[2]}", f"Member {minutes}{BASE[2]}")
    for hand in (notes, chair):
        hand.do("wait", hash=arv.state())


def test_undoing_takes_back_ones_own_words_and_nobody_elses(room: Stage, stock: Hands) -> None:
    section = room.sections[2]
    chair, notes = room.sit(stock(mint()), "chair"), room.sit(stock(mint()), "notes")
    chair.types(section, "All ")
    notes.do("sees", section=section, part="All ")
    notes.types(section, "Now, ")
    chair.do("sees", section=section, part="Now, ")
    chair.do("undo")
    notes.do("wait", section=section, text=f"Now, {BASE[2]}")
    chair.do("redo")
    notes.do("wait", section=section, text=f"Now, All {BASE[2]}")
    notes.do("undo")
    chair.do("wait", section=section, text=f"All {BASE[2]}")


def test_sections_put_moved_and_removed_at_the_same_time_are_where_everybody_wanted_them(
    room: Stage, stock: Hands
) -> None:
    chair, notes = room.sit(stock(mint()), "chair"), room.sit(stock(mint()), "notes")
    for hand in (chair, notes):
        hand.do("disconnect")
    new = f"se_{mint()}"
    chair.do("add", section=new, rank="c", text="A new one.")
    chair.do("set", section=room.sections[3], fields={"rank": "D"})
    notes.do("set", section=room.sections[3], fields={"removed": True})
    notes.types(room.sections[3], "All ")
    for hand in (chair, notes):
        hand.do("reconnect")
    arv = room.sit(stock(mint()), "arv")
    arv.do("sees", section=new, part="new")
    arv.do("sees", section=room.sections[3], part="All ")
    first, second, third = room.sections[:3]
    lines = [(line["section"], line["removed"]) for line in arv.do("read")]
    expected = [(first, False), (room.sections[3], True), (second, False), (third, False), (new, False)]
    assert lines == expected
    for hand in (chair, notes):
        hand.do("wait", hash=arv.state())


def test_who_is_demoted_or_whose_token_is_revoked_is_out_within_two_seconds(room: Stage, stock: Hands) -> None:
    handle = f"nt-{mint()[-6:].lower()}"
    accredited = {"handle": handle, "name": "Nan", "capacities": ["note_taker"]}
    room.take("sec", "accredit_participant", "secretary", process=room.process, **accredited)
    nan, chair = room.sit(stock(mint()), handle), room.sit(stock(mint()), "chair")
    nan.types(room.sections[2], "All ")
    chair.do("sees", section=room.sections[2], part="All ")
    room.take("sec", "accredit_participant", "secretary", process=room.process, **accredited | READER)
    gone = {"process": room.process, "handle": handle, "capacities": ["note_taker"]}
    room.take("sec", "withdraw_accreditation", "secretary", **gone)
    nan.types(room.sections[2], "No ")
    nan.do("wait", **{"for": "closed", "patience": 2_000})
    assert nan.do("standing")["denied"]["code"] == "not_permitted"
    assert chair.text(room.sections[2]) == f"All {BASE[2]}"
    with room.server.client(room.bearer("chair")) as client:
        listed = client.get("/api/v1/me/credentials").raise_for_status().json()["items"]
        opened = next(one for one in listed if one["kind"] == "draft" and one["label"] == room.draft)
        client.delete(f"/api/v1/me/credentials/{opened['id']}").raise_for_status()
    chair.do("wait", **{"for": "closed", "patience": 2_000})
    assert chair.do("standing")["closed"]["code"] == 4401
    reader = room.sit(stock(mint()), handle)
    room.take("sec", "withdraw_accreditation", "secretary", **gone | READER)
    reader.do("wait", **{"for": "closed", "patience": 2_000})
    assert reader.do("standing")["closed"]["code"] == 4403


def test_who_says_nothing_for_half_a_minute_is_still_there(silent: tuple[Hand, Stage, float], stock: Hands) -> None:
    hand, alone, since = silent
    time.sleep(max(0.0, since + SILENCE_SECONDS - time.monotonic()))
    assert hand.do("standing")["drops"] == 0
    chair = alone.sit(stock(mint()), "chair")
    chair.types(alone.sections[2], "All ")
    hand.do("sees", section=alone.sections[2], part="All ")
