"""The page's own way of working in a draft, against a real server: what is refused comes back, all else goes on."""

import time
from collections.abc import Iterator

import pytest

from drafting_client import mint
from tests.e2e.hands import Hand, Hands, Stage, hands, staged
from tests.e2e.server import served
from tests.http.hosting import TEXT

BASE = [text for *_, text in TEXT]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with served(tmp_path_factory.mktemp("page") / "home") as server:
        yield staged(server)


@pytest.fixture(scope="module")
def pages() -> Iterator[Hands]:
    with hands("page.mjs") as process:
        yield process


@pytest.fixture(scope="module")
def stock() -> Iterator[Hands]:
    with hands() as process:
        yield process


@pytest.fixture
def room(stage: Stage) -> Stage:
    """Give a document and a draft for one test."""
    return stage.anew()


def opened(pages: Hands, room: Stage, handle: str) -> Hand:
    """Open the chair's draft as the page does."""
    page = pages(mint())
    page.do("open", **room.door(handle))
    return page


def test_the_page_types_undoes_and_knows_what_is_saved(room: Stage, pages: Hands, stock: Hands) -> None:
    page, watcher = opened(pages, room, "notes"), room.sit(stock(mint()), "arv")
    page.do("insert", section=room.sections[2], text="All ")
    page.do("delete", section=room.sections[3], at=0, length=7)
    page.do("wait", connection="live", saved=True)
    page.do("here", section=room.sections[1])
    watcher.do("hears", fields={"section": room.sections[1]})
    page.do("undo")
    page.do("wait", saved=True)
    watcher.do("wait", section=room.sections[2], text=BASE[2])
    watcher.do("wait", hash=page.state())


def test_of_what_was_typed_offline_a_locked_section_refuses_its_own_part_only(
    room: Stage, pages: Hands, stock: Hands
) -> None:
    title, preamble, act, report = room.sections
    page, chair = opened(pages, room, "notes"), room.sit(stock(mint()), "chair")
    page.do("rest")
    page.do("wait", connection="offline")
    for number, letter in enumerate("All "):
        page.do("insert", section=act, at=number, text=letter)
    page.do("insert", section=preamble, at=len(BASE[1]), text=" and since,")
    page.do("delete", section=report, at=len("States "), length=len("[should] "))
    added = page.do("add", after=title, kind="preambular", level=1, text="*Noting* this,")
    page.do("move", section=report, after=preamble)
    room.lock(preamble)
    chair.types(act, "Now, ")
    chair.do("type", section=report, at=len(BASE[3]), text=" Really.")
    page.do("again")
    page.do("wait", connection="live", saved=True, kept=1)
    (kept,) = page.do("standing")["kept"]
    assert (kept["section"], kept["text"]) == (preamble, f"{BASE[1]} and since,")
    assert (kept["why"]["code"], kept["why"]["sections"]) == ("section_locked", [preamble])
    chair.do("sees", section=added, part="Noting")
    texts = {line["section"]: line["text"] for line in chair.do("read")}
    assert texts[act] in (f"Now, All {BASE[2]}", f"All Now, {BASE[2]}")
    assert texts[report] == "States report on progress every year. Really."
    assert texts[preamble] == BASE[1]
    assert [line["section"] for line in chair.do("read")] == [title, added, preamble, report, act]
    assert page.state() == chair.state() == room.sit(stock(mint()), "observer").state()
    page.do("insert", section=act, text="And: ")
    chair.do("sees", section=act, part="And: ")


def test_words_before_and_after_a_refusal_are_there_once(room: Stage, pages: Hands, stock: Hands) -> None:
    _title, preamble, act, _report = room.sections
    page, watcher = opened(pages, room, "notes"), room.sit(stock(mint()), "arv")
    room.lock(preamble)
    for number in range(20):
        page.do("insert", section=act, text=f"<{number}>")
        if number % 5 == 0:
            page.do("insert", section=preamble, text=f"<{number}>")
    page.do("wait", connection="live", saved=True, kept=1)
    watcher.do("wait", section=act, text="".join(f"<{number}>" for number in range(19, -1, -1)) + BASE[2])
    handed_back = "".join(kept["text"] for kept in page.do("standing")["kept"])
    assert all(handed_back.count(f"<{number}>") == 1 for number in range(0, 20, 5))
    watcher.do("wait", hash=page.state())
    assert watcher.text(preamble) == BASE[1]


def test_one_who_may_not_type_gets_the_words_back_and_reads_on(room: Stage, pages: Hands, stock: Hands) -> None:
    page, chair = opened(pages, room, "arv"), room.sit(stock(mint()), "chair")
    before = chair.state()
    page.do("insert", section=room.sections[2], text="No: ")
    page.do("wait", connection="live", kept=1)
    standing = page.do("standing")
    assert [(kept["section"], kept["text"]) for kept in standing["kept"]] == [(room.sections[2], f"No: {BASE[2]}")]
    assert standing["refused"]["code"] == "not_permitted"
    assert page.state() == chair.state() == before
    chair.types(room.sections[2], "All ")
    page.do("wait", section=room.sections[2], text=f"All {BASE[2]}")


def test_one_who_may_not_read_it_any_more_keeps_what_was_typed(room: Stage, pages: Hands) -> None:
    handle = f"nt-{mint()[-6:].lower()}"
    accredited = {"handle": handle, "name": "Nan", "capacities": ["note_taker"]}
    room.take("sec", "accredit_participant", "secretary", process=room.process, **accredited)
    page = opened(pages, room, handle)
    page.do("rest")
    page.do("wait", connection="offline")
    page.do("insert", section=room.sections[2], text="All ")
    gone = {"process": room.process, "handle": handle, "capacities": ["note_taker"]}
    room.take("sec", "withdraw_accreditation", "secretary", **gone)
    page.do("again")
    page.do("wait", connection="ended")
    assert page.do("text", section=room.sections[2]) == f"All {BASE[2]}"
    assert page.do("standing")["unsaved"] == 1


def test_after_the_server_was_killed_the_page_goes_on_by_itself(room: Stage, pages: Hands, stock: Hands) -> None:
    page = opened(pages, room, "notes")
    page.do("insert", section=room.sections[2], text="All ")
    page.do("wait", saved=True)
    room.server.kill()
    page.do("wait", connection="offline")
    page.do("insert", section=room.sections[2], text="Now, ")
    page.do("delete", section=room.sections[3], at=0, length=7)
    assert page.do("standing")["unsaved"] == 2
    time.sleep(0.2)
    room.server.start()
    page.do("wait", connection="live", saved=True)
    watcher = room.sit(stock(mint()), "arv")
    assert watcher.text(room.sections[2]) == f"Now, All {BASE[2]}"
    assert watcher.state() == page.state()
