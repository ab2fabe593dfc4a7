from drafting.queries.literal import Printing, printing
from tests.casting import Cast, add, delete, replace

BASE = "States shall take appropriate measures to protect migrants in transit."
NEW = "se_" + "6" * 26


def printed(cast: Cast, handle: str = "watch", version: str | None = None, *, named: bool = True) -> Printing:
    who = cast.reader(handle)
    return cast.house.database.read(lambda tx: printing(tx, who, version, named=named))


def paragraphs(found: Printing) -> dict[str | None, tuple[str, str]]:
    return {p.section: (p.label, p.text) for p in found.view().paragraphs}


def everything(room: Cast) -> None:
    one = room.sections[5]
    room.table("arv", replace(one, BASE.replace("appropriate", "all necessary")))
    room.table("cal", replace(one, BASE.replace("appropriate", "all necessary")))
    room.table("bor", replace(one, BASE.replace("appropriate ", "")), delete(room.sections[9]))
    room.table("bor", add(one, "A new one.", NEW))


def test_proposals_stand_in_brackets_with_the_names_of_those_who_hold_them(room: Cast) -> None:
    everything(room)
    shown = paragraphs(printed(room))
    alternatives = "[appropriate] [ARV, CAL: all necessary] [BOR: delete]"
    assert shown[room.sections[5]] == (
        "OP1",
        f"States shall take {alternatives} measures to protect migrants in transit.",
    )
    assert shown[room.sections[9]] == ("OP3", "[States may ask for assistance.] [BOR: no text]")
    assert shown[NEW] == ("", "[OP1bis A new one. – BOR]")  # noqa: RUF001 - a dash is meant
    assert shown[room.sections[6]] == ("OP2", "States shall report every year on the measures taken.")


def test_unnamed_nobody_is_named(room: Cast) -> None:
    everything(room)
    found = printed(room, named=False)
    assert paragraphs(found)[room.sections[9]] == ("OP3", "[States may ask for assistance.] [no text]")
    assert not {"ARV", "BOR", "CAL"} & set(found.text().replace(":", " ").replace(",", " ").split())
    assert found.view().named is False


def test_as_plain_text_each_paragraph_is_a_line_with_its_label(room: Cast) -> None:
    everything(room)
    lines = printed(room).text().splitlines()
    assert len(lines) == 13
    assert lines[0] == "Call for Action"
    assert lines[8] == "(a) to the Secretariat;"
    assert lines[10] == "OP3 [States may ask for assistance.] [BOR: no text]"


def test_an_older_version_prints_with_what_was_proposed_on_it(room: Cast) -> None:
    zero, one = room.version, room.sections[5]
    amendment = room.table("arv", replace(one, "States shall act."))
    room.close()
    room.decide(one, [amendment], "incorporate")
    room.issue()
    assert paragraphs(printed(room))[one] == ("OP1", "States shall act.")
    assert "[ARV: " in paragraphs(printed(room, version=zero))[one][1]


def test_a_wording_held_back_is_printed_for_nobody_else(held: Cast) -> None:
    held.table("arv", replace(held.sections[5], BASE.replace("appropriate", "all unspeakable")))
    for handle in ("bor", "watch", "chair"):
        assert "unspeakable" not in printed(held, handle).text()
        assert "ARV" not in printed(held, handle).view().model_dump_json()
    held.close()
    held.do("sec", "circulate_amendments", round=held.round)
    assert "[ARV: all unspeakable]" in printed(held, "bor").text()
