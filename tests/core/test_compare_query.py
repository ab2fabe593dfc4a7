import pytest

from drafting.protocol.problems import Refusal
from drafting.protocol.reading import ChangeKind, Nature, PatchedComparisonView
from drafting.protocol.views import ChangeView, ComparisonView
from drafting.queries.compare import Wanted, comparison, gathered
from drafting.queries.exports import clean_file, redline_file
from tests.casting import Cast, add, delete, move, replace

BASE = "States shall take appropriate measures to protect migrants in transit."
NEW = "se_" + "6" * 26


def compared(cast: Cast, old: str, new: str, handle: str = "watch") -> ComparisonView:
    who = cast.reader(handle)
    return cast.house.database.read(lambda tx: comparison(tx, who, old, new))


def of(view: ComparisonView, section: str) -> ChangeView:
    return next(change for change in view.changes if change.section == section)


def causes(change: ChangeView) -> list[tuple[str, str, list[str], list[str], str]]:
    return [(c.version, c.outcome, c.amendments, c.delegations, c.reason) for c in change.causes]


def two_rounds(room: Cast) -> tuple[str, str, str]:
    """Play two rounds; gives the three versions."""
    one, gone, moved = room.sections[5], room.sections[9], room.sections[2]
    zero = room.version
    first = room.table("arv", replace(one, BASE.replace("appropriate", "all")), delete(gone))
    second = room.table("bor", replace(one, BASE.replace("transit", "need")), add(one, "A new one.", NEW))
    third = room.table("cal", move(moved, room.sections[3]))
    room.close()
    room.decide(one, [first, second], "incorporate", reason="Both fit.")
    room.decide(gone, [first], "incorporate")
    room.decide(NEW, [second], "incorporate")
    room.decide(moved, [third], "incorporate")
    rev1 = room.issue()
    room.open()
    fourth = room.table("cal", replace(one, "States shall take measures."), replace(NEW, "A newer one."))
    room.close()
    room.decide(one, [fourth], "bracket")
    room.decide(NEW, [fourth], "not_retained")
    room.decide(room.sections[10], [], "redraft", text="The Secretariat keeps a register.")
    return zero, rev1, room.issue("Rev.2")


def test_a_comparison_says_what_changed_and_which_amendments_caused_it(room: Cast) -> None:
    zero, rev1, _ = two_rounds(room)
    view = compared(room, zero, rev1)
    edited = of(view, room.sections[5])
    assert edited.kinds == ["edited"]
    assert [span for span in edited.spans if span[0] != "keep"] == [
        ("delete", "appropriate"),
        ("insert", "all"),
        ("delete", "transit"),
        ("insert", "need"),
    ]
    assert causes(edited) == [("Rev.1", "incorporate", ["ARV-1", "BOR-1"], ["ARV", "BOR"], "Both fit.")]
    assert (of(view, NEW).kinds, [c.amendments for c in of(view, NEW).causes]) == (["added"], [["BOR-1"]])
    removed = of(view, room.sections[9])
    assert (removed.kinds, [c.amendments for c in removed.causes]) == (["removed"], [["ARV-1"]])
    assert [change.section for change in view.changes if "moved" in change.kinds] in (
        [room.sections[2]],
        [room.sections[3]],
    )
    assert [c.amendments for c in of(view, room.sections[2]).causes] == [["CAL-1"]]
    assert of(view, room.sections[6]).causes == []
    assert (view.words_added, view.words_deleted) == (1 + 1 + 3, 1 + 1 + 5)


def test_two_versions_apart_the_causes_of_both_are_collected_whichever_way_one_looks(room: Cast) -> None:
    zero, rev1, rev2 = two_rounds(room)
    for old, new in ((zero, rev2), (rev2, zero)):
        said = causes(of(compared(room, old, new), room.sections[5]))
        assert sorted(said) == [
            ("Rev.1", "incorporate", ["ARV-1", "BOR-1"], ["ARV", "BOR"], "Both fit."),
            ("Rev.2", "bracket", ["CAL-2"], ["CAL"], ""),
        ]
    view = compared(room, rev1, rev2)
    assert [c.amendments for c in of(view, room.sections[5]).causes] == [["CAL-2"]]
    assert of(view, NEW).kinds == []
    assert of(view, NEW).causes == [], "what was not retained caused nothing"


def test_a_version_compared_with_itself_has_no_change(room: Cast) -> None:
    zero, _, _ = two_rounds(room)
    view = compared(room, zero, zero)
    assert all(change.kinds == [] and change.causes == [] for change in view.changes)
    assert (view.words_added, view.words_deleted) == (0, 0)


def test_renumbering_is_no_change(room: Cast) -> None:
    _, _, rev2 = two_rounds(room)
    room.open()
    room.close()
    rev3 = room.issue("Rev.3", renumber=True)
    view = compared(room, rev2, rev3)
    assert [change.section for change in view.changes if change.kinds] == []
    assert of(view, NEW).renumbered
    assert [s.new.label for s in view.changes if s.section == NEW and s.new] == ["OP2"]


def test_a_redline_is_marked_up_in_the_name_of_the_delegations_whose_wording_it_is(room: Cast) -> None:
    zero, rev1, rev2 = two_rounds(room)
    who = room.reader("watch")
    file = room.house.database.read(lambda tx: redline_file(tx, who, rev2, zero))
    assert file.signed[room.sections[5]].author in {"ARV, BOR, CAL", "CAL, ARV, BOR"}
    assert file.signed[NEW].author == "BOR"
    assert file.signed[room.sections[10]].author == "Secretariat (editorial)"
    assert room.sections[6] not in file.signed
    assert file.name == "BP-CfA-Rev.2-Rev.2-against-Zero-draft.docx"
    parent = room.house.database.read(lambda tx: redline_file(tx, who, rev2, None))
    assert parent.old == room.house.database.read(lambda tx: clean_file(tx, who, rev1)).text
    assert parent.write().startswith(b"PK")


def test_a_change_has_the_date_of_its_decision_and_the_chairs_own_wording_her_name(room: Cast) -> None:
    first, second = room.sections[5], room.sections[10]
    asked = room.table("arv", replace(first, BASE.replace("appropriate", "all")))
    room.close()
    room.clock.move(hours=1)
    room.decide(first, [asked], "incorporate")
    room.clock.move(hours=1)
    room.decide(second, [], "redraft", "chair", text="The Secretariat keeps a register.")
    room.clock.move(hours=1)
    room.issue()
    who = room.reader("watch")
    file = room.house.database.read(lambda tx: redline_file(tx, who, None, None))
    assert {section: (one.author, one.at.hour) for section, one in file.signed.items()} == {
        first: ("ARV", 10),
        second: ("Chair", 11),
    }
    assert (file.house.author, file.house.at.hour) == ("Secretariat (editorial)", 12)


def test_a_clean_file_carries_the_versions_symbol_hash_and_log_head(room: Cast) -> None:
    _, _, rev2 = two_rounds(room)
    who = room.reader("watch")
    file = room.house.database.read(lambda tx: clean_file(tx, who, None))
    version = next(v for v in room.snapshot("watch").versions if v.id == rev2)
    printed = file.masthead
    assert (printed.symbol, printed.version_hash, printed.log_head) == ("BP/CfA/Rev.2", version.hash, version.log_head)
    assert file.name == "BP-CfA-Rev.2.docx"
    assert file.write().startswith(b"PK")


def test_a_change_says_whether_it_is_of_substance_of_form_or_of_brackets(room: Cast) -> None:
    one, two, three = room.sections[5], room.sections[6], room.sections[10]
    texts = {
        one: BASE.replace("appropriate", "all"),
        two: "States shall report every year, on the measures taken.",
        three: "The Secretariat keeps [a register] of good practice.",
    }
    amendment = room.table("arv", *(replace(section, text) for section, text in texts.items()))
    room.close()
    for section in texts:
        room.decide(section, [amendment], "incorporate")
    shown = compared(room, room.version, room.issue())
    assert [of(shown, section).nature for section in texts] == [["substance"], ["editorial"], ["bracket_opened"]]
    assert of(shown, room.sections[9]).nature == []


def test_a_paragraph_that_was_deleted_and_stands_elsewhere_again_says_where_from(room: Cast) -> None:
    gone = room.sections[10]
    again = "The Secretariat keeps a public register of good practice."
    amendment = room.table("arv", delete(gone), add(room.sections[3], again, NEW))
    room.close()
    for section in (gone, NEW):
        room.decide(section, [amendment], "incorporate")
    assert of(compared(room, room.version, room.issue()), NEW).origin == gone


def asked(cast: Cast, old: str, new: str, *, patches: bool = False, **filters: list[str]) -> PatchedComparisonView:
    who = cast.reader(filters.pop("handle", ["watch"])[0])
    wanted = Wanted(
        frozenset(filters.get("delegations", [])),
        frozenset(filters.get("sections", [])),
        frozenset(map(Nature, filters.get("natures", []))),
        frozenset(map(ChangeKind, filters.get("kinds", []))),
    )
    return cast.house.database.read(lambda tx: gathered(tx, who, old, new, wanted, patches=patches)).view()


def sections(view: PatchedComparisonView) -> list[str]:
    return [change.section for change in view.changes]


def test_a_filter_shows_what_a_delegation_caused_and_counts_its_words_alone(room: Cast) -> None:
    zero, rev1, rev2 = two_rounds(room)
    one, gone, moved = room.sections[5], room.sections[9], room.sections[2]
    view = asked(room, zero, rev1, delegations=["BOR"])
    assert sections(view) == [one, NEW]
    assert (view.words_added, view.words_deleted) == (1 + 1 + 3, 1 + 1)
    assert sections(asked(room, zero, rev1, delegations=["ARV"])) == [one, gone]
    assert sections(asked(room, zero, rev1, delegations=["CAL"])) == [moved]
    assert sections(asked(room, zero, rev1, delegations=["CAL", "ARV"])) == [moved, one, gone]
    assert sections(asked(room, rev1, rev2, delegations=["ARV", "BOR"])) == []


def test_a_filter_shows_sections_of_a_kind(room: Cast) -> None:
    zero, rev1, _ = two_rounds(room)
    assert sections(asked(room, zero, rev1, kinds=["added"])) == [NEW]
    assert sections(asked(room, zero, rev1, kinds=["removed"])) == [room.sections[9]]
    assert sections(asked(room, zero, rev1, kinds=["edited", "added"])) == [room.sections[5], NEW]
    assert sections(asked(room, zero, rev1, kinds=["edited"], delegations=["CAL"])) == []


def test_a_filter_shows_a_section_by_id_or_label_with_those_under_it(room: Cast) -> None:
    zero, rev1, _ = two_rounds(room)
    two = room.sections[6:9]
    assert sections(asked(room, zero, rev1, sections=["OP2"])) == two
    assert sections(asked(room, zero, rev1, sections=[room.sections[6]])) == two
    assert sections(asked(room, zero, rev1, sections=["OP1bis", "OP2(b)"])) == [NEW, room.sections[8]]
    room.open()
    room.close()
    renumbered = room.issue("Rev.3", renumber=True)
    for name in ("OP2", "OP1bis"):  # the newer number goes before the older
        assert NEW in sections(asked(room, rev1, renumbered, sections=[name])), name
    with pytest.raises(Refusal) as refusal:
        asked(room, zero, rev1, sections=["OP99"])
    assert refusal.value.code == "unknown_section"


def test_a_filter_parts_substance_from_form_and_brackets(room: Cast) -> None:
    one, two, three = room.sections[5], room.sections[6], room.sections[10]
    texts = {
        one: BASE.replace("appropriate", "all"),
        two: "States shall report every year, on the measures taken.",
        three: "The Secretariat keeps [a register] of good practice.",
    }
    amendment = room.table("arv", *(replace(section, text) for section, text in texts.items()))
    room.close()
    for section in texts:
        room.decide(section, [amendment], "incorporate")
    zero, rev1 = room.version, room.issue()
    for nature, section in zip(("substance", "editorial", "brackets"), texts, strict=True):
        assert sections(asked(room, zero, rev1, natures=[nature])) == [section]
    assert sections(asked(room, zero, rev1, natures=["substance", "brackets"])) == [one, three]


def test_patches_are_there_for_each_section_whose_words_changed_if_asked_for(room: Cast) -> None:
    zero, rev1, _ = two_rounds(room)
    assert asked(room, zero, rev1).patches == {}
    patches = asked(room, zero, rev1, patches=True, kinds=["edited", "added", "moved"]).patches
    assert list(patches) == [room.sections[5], NEW]
    assert patches[NEW] == "@@ -0,0 +1,10 @@\n+A new one.\n"
    assert "-appropriate\n+all\n" in patches[room.sections[5]]


def test_a_held_amendment_is_no_cause_and_no_filter_finds_it(held: Cast) -> None:
    one = held.sections[5]
    first = held.table("bor", replace(one, BASE.replace("appropriate", "all")))
    held.close()
    held.do("sec", "circulate_amendments", round=held.round)
    held.decide(one, [first], "incorporate")
    zero, rev1 = held.version, held.issue()
    held.open(mode="held")
    held.table("arv", replace(one, "States shall do unspeakable things."))
    for handle in ("bor", "watch", "chair"):
        view = asked(held, zero, rev1, patches=True, handle=[handle])
        assert "ARV" not in view.model_dump_json()
        assert "unspeakable" not in view.model_dump_json()
        assert sections(asked(held, zero, rev1, handle=[handle], delegations=["ARV"])) == []
        assert sections(asked(held, zero, rev1, handle=[handle], delegations=["BOR"])) == [one]
