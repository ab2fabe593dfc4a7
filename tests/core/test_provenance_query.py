import pytest

from drafting.protocol.problems import Refusal
from drafting.protocol.reading import ProvenanceView
from drafting.queries.provenance import tracing
from tests.casting import Cast, add, replace

BASE = "States shall take appropriate measures to protect migrants in transit."
NEW = "se_" + "6" * 26
Origin = tuple[str, list[str], list[str]]


def traced(cast: Cast, handle: str = "watch", version: str | None = None, section: str | None = None) -> ProvenanceView:
    who = cast.reader(handle)
    return cast.house.database.read(lambda tx: tracing(tx, who, version, section)).view()


def runs(view: ProvenanceView, section: str) -> list[tuple[str, Origin]]:
    shown = next(shown for shown in view.sections if shown.section == section)
    return [(run.text, (run.origin.name, run.origin.amendments, run.origin.delegations)) for run in shown.runs]


ZERO: Origin = ("Zero draft", [], [])


def two_rounds(room: Cast) -> tuple[str, str]:
    """ARV and BOR reword a paragraph; then CAL does, the desk another one; gives both versions."""
    one = room.sections[5]
    first = room.table("arv", replace(one, BASE.replace("appropriate", "all necessary")))
    second = room.table("bor", replace(one, BASE.replace("in transit", "on their way")), add(one, "A new one.", NEW))
    room.close()
    room.decide(one, [first, second], "incorporate")
    room.decide(NEW, [second], "incorporate")
    rev1 = room.issue()
    room.open()
    third = room.table("cal", replace(one, "States shall take all effective measures to protect migrants."))
    room.close()
    room.decide(one, [third], "incorporate")
    room.decide(room.sections[10], [], "redraft", text="The Secretariat keeps a public register of good practice.")
    return rev1, room.issue("Rev.2")


def test_every_word_names_the_version_amendments_and_delegations_that_brought_it_in(room: Cast) -> None:
    one = room.sections[5]
    rev1, rev2 = two_rounds(room)
    assert runs(traced(room, version=rev1), one) == [
        ("States shall take ", ZERO),
        ("all necessary", ("Rev.1", ["ARV-1"], ["ARV"])),
        (" measures to protect migrants ", ZERO),
        ("on their way", ("Rev.1", ["BOR-1"], ["BOR"])),
        (".", ZERO),
    ]
    newest = traced(room)
    assert newest.version.id == rev2
    assert [shown.section for shown in newest.sections] == [*room.sections[:6], NEW, *room.sections[6:]]
    assert runs(newest, NEW) == [("A new one.", ("Rev.1", ["BOR-1"], ["BOR"]))]
    assert runs(newest, one) == [
        ("States shall take ", ZERO),
        ("all ", ("Rev.1", ["ARV-1"], ["ARV"])),
        ("effective", ("Rev.2", ["CAL-1"], ["CAL"])),
        (" measures to protect migrants.", ZERO),
    ]


def test_what_the_desk_itself_wrote_names_nobody(room: Cast) -> None:
    two_rounds(room)
    assert [(text.strip(), origin) for text, origin in runs(traced(room), room.sections[10])] == [
        ("The Secretariat keeps a", ZERO),
        ("public", ("Rev.2", [], [])),
        ("register of good practice.", ZERO),
    ]


def test_one_section_can_be_asked_for_alone_and_must_be_there(room: Cast) -> None:
    zero, one = room.version, room.sections[5]
    two_rounds(room)
    view = traced(room, section=one)
    assert [(shown.section, shown.label) for shown in view.sections] == [(one, "OP1")]
    with pytest.raises(Refusal) as refusal:
        traced(room, version=zero, section=NEW)
    assert refusal.value.code == "unknown_section"


def test_what_waits_at_the_desk_is_not_yet_anybodys(room: Cast) -> None:
    one = room.sections[5]
    amendment = room.table("arv", replace(one, BASE.replace("appropriate", "all")))
    room.close()
    room.decide(one, [amendment], "incorporate")
    for handle in ("arv", "sec"):
        assert runs(traced(room, handle), one) == [(BASE, ZERO)]


def test_a_decision_that_was_taken_back_brought_in_nothing(room: Cast) -> None:
    one = room.sections[5]
    first = room.table("arv", replace(one, BASE.replace("appropriate", "all necessary")))
    second = room.table("bor", replace(one, BASE.replace("appropriate", "all necessary")))
    room.close()
    room.do("sec", "undo_decision", decision=room.decide(one, [first], "incorporate"))
    room.decide(one, [first], "not_retained")
    room.decide(one, [second], "incorporate")
    room.issue()
    for handle in ("sec", "watch"):
        assert runs(traced(room, handle), one)[1] == ("all necessary", ("Rev.1", ["BOR-1"], ["BOR"]))


def test_a_decision_keeps_the_wording_that_it_was_about_when_the_amendment_is_revised_later(room: Cast) -> None:
    one, two = room.sections[5], room.sections[9]
    said = replace(one, BASE.replace("appropriate", "all necessary")), replace(two, "States may ask for help.")
    amendment = room.table("arv", *said)
    room.clock.move(hours=1)
    room.decide(one, [amendment], "incorporate")
    room.decide(two, [amendment], "park", reason="Referred to informals.")
    room.close()
    rev1 = room.issue()
    room.clock.move(days=1)
    room.open(name="Second round")
    again = replace(two, "States may ask for help at any time.")
    room.do("arv", "revise_amendment", amendment=amendment, revision=1, edits=[again], rationale="Clearer.")
    room.clock.move(hours=1)
    room.decide(two, [amendment], "incorporate")
    room.close()
    rev2 = room.issue("Rev.2")
    arv = ["ARV-1"], ["ARV"]
    assert runs(traced(room, version=rev1), one)[1] == ("all necessary", ("Rev.1", *arv))
    assert runs(traced(room, version=rev2), one)[1] == ("all necessary", ("Rev.1", *arv))
    assert runs(traced(room, version=rev2), two) == [
        ("States may ask for ", ZERO),
        ("help at any time", ("Rev.2", *arv)),
        (".", ZERO),
    ]


def test_a_text_for_others_is_no_origin_that_one_reads_of(room: Cast) -> None:
    one = room.sections[5]
    words = BASE.replace("appropriate", "all necessary")
    between = {"edits": [replace(one, words)], "name": "For ARV", "audience": ["ARV"], "base": room.version}
    first = room.do("chair", "propose_text", **between).made["version"]
    edits = [replace(one, words.replace("in transit", "on their way"))]
    second = room.do("chair", "propose_text", base=first, name="For all", edits=edits).made["version"]
    named = {
        handle: [(text, name) for text, (name, _, _) in runs(traced(room, handle, second), one)]
        for handle in ("arv", "bor")
    }
    assert [name for text, name in named["arv"] if "necessary" in text] == ["For ARV"]
    assert [name for text, name in named["bor"] if "necessary" in text] == ["For all"]
    assert "For ARV" not in traced(room, "bor", second).model_dump_json()
    with pytest.raises(Refusal) as refusal:
        traced(room, "bor", first)
    assert refusal.value.code == "unknown"


def test_a_wording_held_back_is_nowhere_in_what_another_delegation_reads(held: Cast) -> None:
    held.table("arv", replace(held.sections[5], BASE.replace("appropriate", "all unspeakable")))
    for handle in ("bor", "watch", "chair"):
        said = traced(held, handle).model_dump_json()
        assert "ARV" not in said
        assert "unspeakable" not in said
