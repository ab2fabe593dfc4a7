from drafting.protocol.views import CompilationView, CompiledSectionView, PassageView
from drafting.queries.compilation import compilation
from tests.casting import Cast, add, delete, move, replace

BASE = "States shall take appropriate measures to protect migrants in transit."


def compiled(cast: Cast, handle: str = "watch", version: str | None = None) -> CompilationView:
    who = cast.reader(handle)
    return cast.house.database.read(lambda tx: compilation(tx, who, version))


def section(view: CompilationView, section_id: str) -> CompiledSectionView:
    return next(shown for shown in view.sections if shown.section.id == section_id)


def test_every_wording_is_attributed_to_the_amendments_and_delegations_that_hold_it(room: Cast) -> None:
    one = room.sections[5]
    for handle, words in (
        ("arv", "all necessary"),
        ("bor", "feasible"),
        ("cal", "all necessary"),
        ("arv2", "feasible"),
    ):
        room.table(handle, replace(one, BASE.replace("appropriate", words)))
    view = compiled(room)
    assert view.amendments == ["ARV-1", "BOR-1", "CAL-1", "ARV-2"]
    before, passage, after = section(view, one).pieces
    assert (before, after) == ("States shall take ", " measures to protect migrants in transit.")
    assert isinstance(passage, PassageView)
    assert (passage.start, passage.end, passage.base) == (18, 29, "appropriate")
    assert {w.text: (w.amendments, w.delegations) for w in passage.wordings} == {
        "all necessary": (["ARV-1", "CAL-1"], ["ARV", "CAL"]),
        "feasible": (["ARV-2", "BOR-1"], ["ARV", "BOR"]),
    }


def test_additions_deletions_and_moves_name_who_proposes_them(room: Cast) -> None:
    new = "se_" + "6" * 26
    room.table("arv", add(room.sections[9], "A new one.", new))
    room.table("bor", delete(room.sections[10]))
    room.table("cal", move(room.sections[10], room.sections[5]))
    view = compiled(room)
    added, other = section(view, new), section(view, room.sections[10])
    assert [(h.amendment, h.delegation) for h in added.added_by] == [("ARV-1", "ARV")]
    assert added.pieces == ["A new one."]
    assert [h.amendment for h in other.deleted_by] == ["BOR-1"]
    assert [(h.amendment, h.after) for h in other.moved_by] == [("CAL-1", room.sections[5])]
    assert [s.section.id for s in view.sections] == [*room.sections[:10], new, *room.sections[10:]]


def test_withdrawn_and_late_amendments_and_earlier_revisions_are_not_laid_over(room: Cast) -> None:
    one = room.sections[5]
    gone = room.table("arv", replace(one, "Withdrawn."))
    room.do("arv", "withdraw_amendment", amendment=gone)
    revised = room.table("bor", replace(one, "First."))
    room.do("bor", "revise_amendment", amendment=revised, revision=1, edits=[delete(room.sections[6])])
    room.clock.move(days=9)
    late = room.table("cal", replace(one, "Late."))
    view = compiled(room)
    assert view.amendments == ["BOR-1"]
    assert section(view, one).pieces == [BASE]
    assert [h.amendment for h in section(view, room.sections[6]).deleted_by] == ["BOR-1"]
    room.do("chair", "admit_amendment", amendment=late)
    assert compiled(room).amendments == ["BOR-1", "CAL-1"]


def test_each_version_is_compiled_with_its_own_amendments(room: Cast) -> None:
    zero, one = room.version, room.sections[5]
    first = room.table("arv", replace(one, "States shall act."))
    room.close()
    room.decide(one, [first], "incorporate")
    room.issue()
    room.open()
    room.table("bor", replace(one, "States will act."))
    assert compiled(room).amendments == ["BOR-1"]
    assert section(compiled(room), one).section.text == "States shall act."
    assert compiled(room, version=zero).amendments == ["ARV-1"]
    assert section(compiled(room, version=zero), one).section.text == BASE


def test_a_wording_that_shares_too_little_with_the_base_is_shown_whole_beside_it(room: Cast) -> None:
    one = room.sections[5]
    other = "Each Government keeps a public register of officials whom travellers can call by telephone at night."
    room.table("arv", replace(one, other))
    room.table("bor", replace(one, "States shall take all necessary measures to protect migrants in transit."))
    shown = section(compiled(room), one)
    assert [(a.label, a.text, a.amendments) for a in shown.alternatives] == [("OP1 alt", other, ["ARV-1"])]
    assert [p.wordings[0].amendments for p in shown.pieces if isinstance(p, PassageView)] == [["BOR-1"]]
