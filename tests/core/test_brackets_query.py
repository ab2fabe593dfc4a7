from drafting.domain.bracket_tree import Pair, Place
from drafting.domain.text import Line
from drafting.protocol.reading import BracketsView, BracketView
from drafting.protocol.words import SectionKind
from drafting.queries.brackets import Bracketing, as_text, bracketing, depths_of
from tests.casting import Cast, replace

BASE = "States shall take appropriate measures to protect migrants in transit."
BRACKETED = "States shall take [appropriate] [all necessary] measures to protect migrants in transit."


def shown(cast: Cast, handle: str = "watch", version: str | None = None, *, lifted: bool = False) -> BracketsView:
    who = cast.reader(handle)
    return cast.house.database.read(lambda tx: bracketing(tx, who, version, lifted=lifted)).view()


def steps(bracket: BracketView) -> list[tuple[str, list[str]]]:
    reworded = [(step.name, step.delegations) for step in bracket.reworded]
    lifted = [(step.name, step.delegations) for step in [bracket.lifted] if step]
    return [(bracket.opened.name, bracket.opened.delegations), *reworded, *lifted]


def three_versions(room: Cast) -> list[str]:
    """ARV's wording is bracketed; CAL rewords one of the two, BOR puts a bracket elsewhere; then the desk lifts two."""
    one, other, versions = room.sections[5], room.sections[10], [room.version]
    amendment = room.table("arv", replace(one, BASE.replace("appropriate", "all necessary")))
    room.close()
    room.decide(one, [amendment], "bracket")
    versions.append(room.issue())
    room.open()
    amendment = room.table("cal", replace(one, BRACKETED.replace("all necessary", "all")))
    second = room.table("bor", replace(other, "The Secretariat keeps [a [public] register] of good practice."))
    room.close()
    room.decide(one, [amendment], "incorporate")
    room.decide(other, [second], "incorporate")
    versions.append(room.issue("Rev.2"))
    room.open()
    room.close()
    room.decide(one, [], "redraft", text="States shall take all measures to protect migrants in transit.")
    versions.append(room.issue("Rev.3"))
    return versions


def test_each_bracket_says_where_it_stands_since_when_and_whose_it_is(room: Cast) -> None:
    one, other = room.sections[5], room.sections[10]
    view = shown(room, version=three_versions(room)[2])
    found = [
        (b.opened_at.section, b.opened_at.label, b.opened_at.position, b.closed_at.position, b.depth, b.text, b.age)
        for b in view.brackets
        if b.opened_at and b.closed_at
    ]
    assert found == [
        (one, "OP1", 18, 30, 1, "appropriate", 2),
        (one, "OP1", 32, 36, 1, "all", 2),
        (other, "OP4", 22, 42, 1, "a [public] register", 1),
        (other, "OP4", 25, 32, 2, "public", 1),
    ]
    assert [steps(bracket) for bracket in view.brackets] == [
        [("Rev.1", ["ARV"])],
        [("Rev.1", ["ARV"]), ("Rev.2", ["CAL"])],
        [("Rev.2", ["BOR"])],
        [("Rev.2", ["BOR"])],
    ]
    assert view.counts == {one: 2, other: 2}
    assert view.not_agreed == [one, other]
    assert [(c.section, c.start, c.end, c.options) for c in view.choices] == [(one, 18, 37, ["appropriate", "all"])]
    assert {bracket.fault for bracket in view.brackets} == {None}


def test_lifted_brackets_are_shown_on_demand_with_whether_their_words_stayed(room: Cast) -> None:
    three_versions(room)
    assert [bracket.text for bracket in shown(room).brackets] == ["a [public] register", "public"]
    gone = shown(room, lifted=True).brackets[2:]
    assert [(bracket.text, bracket.kept, bracket.depth, bracket.age) for bracket in gone] == [
        ("appropriate", False, None, 2),
        ("all", True, None, 2),
    ]
    assert [steps(bracket) for bracket in gone] == [
        [("Rev.1", ["ARV"]), ("Rev.3", [])],
        [("Rev.1", ["ARV"]), ("Rev.2", ["CAL"]), ("Rev.3", [])],
    ]
    assert shown(room, lifted=True).counts == {room.sections[10]: 2}
    assert as_text(shown(room, lifted=True)).splitlines() == [
        "OP4: [a [public] register]: since Rev.2 by BOR",
        "  OP4: [public]: since Rev.2 by BOR",
        "OP1: [appropriate]: since Rev.1 by ARV, lifted Rev.3, its words gone",
        "OP1: [all]: since Rev.1 by ARV, reworded Rev.2 by CAL, lifted Rev.3, its words kept",
        "2 bracket(s) in 1 section(s).",
    ]


def test_a_mark_without_a_partner_has_a_fault(cast: Cast) -> None:
    text = [("operative", 1, "OP1", "States] shall [act."), ("operative", 1, "OP1 alt", "States act.")]
    cast.take_in(text)
    view = shown(cast)
    assert [(b.fault, b.text, b.depth) for b in view.brackets] == [("unopened", "", 1), ("unclosed", "", 1)]
    assert view.counts == {}
    assert view.alternatives == {cast.sections[0]: [cast.sections[1]]}
    assert as_text(view).splitlines() == [
        "OP1: has no partner (unopened): since Zero draft",
        "OP1: has no partner (unclosed): since Zero draft",
        "0 bracket(s) in 0 section(s).",
    ]


def test_a_bracket_may_run_over_several_paragraphs_and_those_between_are_not_agreed(cast: Cast) -> None:
    said = ("[States shall act.", "They [may] wait.", "They report.]")
    cast.take_in([("operative", 1, f"OP{n}", text) for n, text in enumerate(said, 1)])
    view = shown(cast)
    assert [(b.opened_at and b.opened_at.label, b.closed_at and b.closed_at.label, b.depth) for b in view.brackets] == [
        ("OP1", "OP3", 1),
        ("OP2", "OP2", 2),
    ]
    assert view.not_agreed == cast.sections
    assert as_text(view).splitlines() == [
        "OP1 to OP3: [States shall act. They [may] wait. They report.]: since Zero draft",
        "  OP2: [may]: since Zero draft",
        "2 bracket(s) in 2 section(s).",
    ]


def versions(cast: Cast, *texts: tuple[str, str]) -> Bracketing:
    """Give versions of one paragraph, each with its label and its text."""
    cast.take_in()
    first = cast.snapshot("watch").versions[0]
    shown_as = [first.model_copy(update={"id": f"ve{n}", "name": f"Rev.{n}"}) for n in range(len(texts))]
    lines = [(Line("se", SectionKind.OPERATIVE, 1, label, text),) for label, text in texts]
    return Bracketing("do", tuple(shown_as), tuple(lines), ({},) * len(texts), lifted=True)


def test_a_bracket_that_stands_where_a_lifted_one_stood_is_not_taken_for_it(cast: Cast) -> None:
    words = "[other ways] States shall act."
    gone = "[every time] [other ways] States shall act."
    view = versions(cast, ("OP1", words), ("OP1", gone), ("OP3", words)).view()
    assert [(b.text, b.opened.name, b.lifted and b.lifted.name) for b in view.brackets] == [
        ("other ways", "Rev.0", None),
        ("every time", "Rev.1", "Rev.2"),
    ]
    assert [b.opened_at and b.opened_at.label for b in view.brackets] == ["OP3", "OP3"]


def test_depth_counts_whole_brackets_only() -> None:
    line = Line("se", SectionKind.OPERATIVE, 1, "", "[ a [b [c] d] e")
    depths = {pair.opened: depth for pair, depth in depths_of((line,)).items()}
    assert depths == {Place("se", 0): 1, Place("se", 4): 1, Place("se", 7): 2}
    assert depths_of(()) == {}
    assert depths_of((Line("se", SectionKind.OPERATIVE, 1, "", "a ]"),)) == {Pair(None, Place("se", 2)): 1}


def test_what_was_bracketed_in_a_text_for_others_was_never_lifted_for_one_who_may_not_read_it(room: Cast) -> None:
    one = room.sections[5]
    secret = {"edits": [replace(one, f"[In secret] {BASE}")], "name": "For ARV", "audience": ["ARV"]}
    first = room.do("chair", "propose_text", base=room.version, **secret).made["version"]
    second = room.do("chair", "propose_text", base=first, name="For all", edits=[replace(one, BASE)]).made["version"]
    assert [b.text for b in shown(room, "arv", second, lifted=True).brackets] == ["In secret"]
    assert shown(room, "bor", second, lifted=True).brackets == []


def test_a_bracket_of_a_held_wording_is_nowhere_in_what_another_delegation_reads(held: Cast) -> None:
    held.table("arv", replace(held.sections[5], BASE.replace("appropriate", "[all unspeakable]")))
    for handle in ("bor", "watch", "chair"):
        view = shown(held, handle, lifted=True)
        assert view.brackets == []
        assert "ARV" not in view.model_dump_json()
