"""The commands that read a text closely, and the comparison's filters, patches and remarks."""

import json
from pathlib import Path

import pytest

from drafting.domain.compare import compare
from drafting.domain.interchange import from_patch, patched
from drafting.domain.text import Line
from drafting.protocol.words import SectionKind
from drafting.queries.comparing import unseen
from tests.casting import Cast, Clock, add, delete, opened, replace
from tests.cli.conftest import Run

BASE = "States shall take appropriate measures to protect migrants in transit."
NEW = "se_" + "6" * 26


@pytest.fixture
def played(run: Run, tmp_path: Path) -> Run:
    """Rev.1 with changes of ARV (a word, a bracket, a reference) and BOR (a deletion, a comma); on it, CAL proposes."""
    clock = Clock()
    house = opened(tmp_path / "home", clock)
    room = Cast(house, clock)
    room.found()
    room.take_in()
    room.open()
    one, two, gone, last = (room.sections[number] for number in (5, 6, 9, 10))
    first = room.table("arv", replace(one, BASE.replace("appropriate", "all [necessary]")), add(one, "A new one.", NEW))
    second = room.table("bor", delete(gone), replace(two, "States shall report every year, on the measures taken."))
    third = room.table("arv", replace(last, "The Secretariat keeps a register of good practice under OP3."))
    room.close()
    for section, amendment in ((one, first), (NEW, first), (gone, second), (two, second), (last, third)):
        room.decide(section, [amendment], "incorporate")
    room.issue()
    room.open()
    room.table("cal", replace(one, BASE.replace("appropriate", "all [feasible]")))
    house.close()
    return run


def test_the_compilation_is_printed_named_unnamed_and_as_json(played: Run) -> None:
    lines = played("compilation", "BP/CfA").out.splitlines()
    assert lines[5] == (
        "OP1 States shall take all [[necessary] [CAL: feasible]] measures to protect migrants in transit."
    )
    unnamed = played("compilation", "BP/CfA", "--unnamed").out.splitlines()
    assert unnamed[5] == "OP1 States shall take all [[necessary] [feasible]] measures to protect migrants in transit."
    assert "[ARV: all [necessary]]" in played("compilation", "", "--version", "Zero draft").out
    told = played("compilation", "BP/CfA", "--json").told
    assert (told["version"]["name"], told["named"], told["paragraphs"][5]["label"]) == ("Rev.1", True, "OP1")


def test_brackets_are_listed_with_whose_they_are(played: Run) -> None:
    assert played("brackets", "BP/CfA").out.splitlines() == [
        "OP1: [necessary]: since Rev.1 by ARV",
        "1 bracket(s) in 1 section(s).",
    ]
    assert played("brackets", "BP/CfA", "--version", "Zero draft").out == "0 bracket(s) in 0 section(s).\n"
    assert played("brackets", "BP/CfA", "--lifted", "--json").told["brackets"][0]["text"] == "necessary"


def test_references_are_listed_that_lead_nowhere(played: Run) -> None:
    assert played("references", "BP/CfA").out.splitlines() == [
        "OP4: “OP3” leads nowhere (deleted).",
        "1 reference(s), 1 to look at.",
    ]
    told = played("references", "BP/CfA", "--against", "Zero draft", "--json").told
    assert (told["against"]["name"], told["outdated"]) == ("Zero draft", [])


@pytest.mark.parametrize("verb", ["compilation", "brackets", "references"])
def test_what_is_not_there_is_refused(played: Run, verb: str) -> None:
    for arguments in (("Unknown",), ("BP/CfA", "--version", "Rev.9")):
        done = played(verb, *arguments)
        assert (done.status, done.out) == (1, "")
        assert done.err.endswith("(unknown)\n")


def compared(run: Run, *filters: str) -> list[str]:
    changes = run("compare", "Zero draft", "Rev.1", "--json", *filters).told["changes"]
    return [(change["new"] or change["old"])["label"] for change in changes]


def test_a_comparison_of_versions_is_filtered(played: Run) -> None:
    assert compared(played) == ["OP1", "OP1bis", "OP2", "OP3", "OP4"]
    assert compared(played, "--delegation", "BOR") == ["OP2", "OP3"]
    assert compared(played, "--delegation", "BOR", "--delegation", "ARV") == ["OP1", "OP1bis", "OP2", "OP3", "OP4"]
    assert compared(played, "--kind", "added", "--kind", "removed") == ["OP1bis", "OP3"]
    assert compared(played, "--nature", "editorial") == ["OP2"]
    assert compared(played, "--nature", "brackets") == ["OP1"]
    assert compared(played, "--section", "OP2", "--section", NEW) == ["OP1bis", "OP2"]
    assert compared(played, "--section", "OP2", "--delegation", "ARV") == []
    assert played("compare", "Zero draft", "Rev.1", "--section", "OP99").err.endswith("(unknown_section)\n")
    for wrong in (("--nature", "soft"), ("--kind", "new"), ("--format", "docx", "-o", "c.docx", "--kind", "added")):
        assert played("compare", "Zero draft", "Rev.1", *wrong).status == 2


def test_a_comparison_is_written_as_patches_that_make_the_new_text_of_the_old(played: Run) -> None:
    lines = played("compare", "Zero draft", "Rev.1", "--format", "patch", "--nature", "substance").out.splitlines()
    patches = {item["label"]: item["patch"] for item in map(json.loads, lines)}
    assert list(patches) == ["OP1", "OP1bis", "OP3", "OP4"]
    assert patched(BASE, from_patch(patches["OP1"])).text == BASE.replace("appropriate", "all [necessary]")
    assert patches["OP1bis"] == "@@ -0,0 +1,10 @@\n+A new one.\n"


OLD = """1. States shall take appropriate measures to protect migrants in transit.

2. States may ask other States for assistance with their reports.
"""
NEW_FILE = """1. States shall take appropriate me\N{CYRILLIC SMALL LETTER A}sures to protect migrants in transit.

2. States may turn to the Secretariat for assistance with registers of practice.

3. The p\N{CYRILLIC SMALL LETTER A}rties meet.
"""


@pytest.fixture
def files(run: Run, tmp_path: Path) -> Run:
    (tmp_path / "old.md").write_text(OLD)
    (tmp_path / "new.md").write_text(NEW_FILE)
    return run


def test_files_say_how_sure_a_pairing_is_and_what_cannot_be_seen(files: Run) -> None:
    first, second, third = files("compare", "old.md", "new.md", "--json").told["changes"]
    assert first["sure"] > 0.8
    assert 0.2 < second["sure"] < 0.5
    assert (third["kinds"], third["sure"]) == (["added"], None)
    assert (first["invisible"], second["invisible"], third["invisible"]) == (True, False, False)
    assert first["unseen"] == third["unseen"] == ["CYRILLIC SMALL LETTER A for “a”"]
    assert second["unseen"] == []


def test_remarks_stand_under_the_changes_in_text_and_html(files: Run) -> None:
    text = files("compare", "old.md", "new.md").out
    guess = text.partition("    That these two are one paragraph is a guess (0.")[2]
    assert guess[2:].startswith(").\n")
    assert text.count("a guess") == text.count("Both look the same.") == 1
    assert text.count("    Not what it looks like: CYRILLIC SMALL LETTER A for “a”.\n") == 2
    html = files("compare", "old.md", "new.md", "--format", "html").out
    assert html.count("<small>") == 4
    assert "<p><small>Both look the same.</small></p>" in html


def test_files_are_filtered_too_but_name_no_delegation(files: Run) -> None:
    told = files("compare", "old.md", "new.md", "--json", "--kind", "added").told["changes"]
    assert [change["new"]["label"] for change in told] == ["3"]
    assert len(files("compare", "old.md", "new.md", "--json", "--section", "2").told["changes"]) == 1
    done = files("compare", "old.md", "new.md", "--delegation", "ARV")
    assert (done.status, done.out) == (2, "")
    patches = files("compare", "old.md", "new.md", "--format", "patch").out.splitlines()
    assert [json.loads(line)["section"] for line in patches] == ["old 0", "old 1", "new 2"]


def unseen_in(old: str, new: str) -> list[str]:
    before, after = ((Line("se", SectionKind.OPERATIVE, 1, "", text),) if text else () for text in (old, new))
    return unseen(compare(before, after)[0])


def test_named_is_what_makes_a_change_look_like_none_and_what_deceives_in_new_words() -> None:
    assert unseen_in("States may\N{NO-BREAK SPACE}ask.", "States may ask.") == ["NO-BREAK SPACE"]
    assert unseen_in("", "No.\N{NO-BREAK SPACE}5, p\N{CYRILLIC SMALL LETTER A}id") == [
        "CYRILLIC SMALL LETTER A for “a”"
    ]
    assert unseen_in("The p\N{CYRILLIC SMALL LETTER A}rties meet.", "The p\N{CYRILLIC SMALL LETTER A}rties met.") == []
