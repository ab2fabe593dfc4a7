"""Marked-up files at the machine: read, told of, and taken; and a draft that is looked at before it is taken."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.word.marking import dele, file, ins, p, r

DRAFT = "# Call for Action\n\nThe States assembled,\n\n1. States shall act.\n\n2. States shall report.\n"


@pytest.fixture
def opened(run: Run, tmp_path: Path) -> Run:
    """A room with a round on a text, and a marked-up file of it."""
    (tmp_path / "draft.md").write_text(DRAFT)
    run("administrator", "secretariat")
    made = {"kind": "create_process", "capacity": "administrator", "name": "Process", "secretary": "secretariat"}
    process = run("do", json.dumps(made), "--as", "secretariat", "--json").told["made"]["process"]
    names = {"en": {"short": "Arvenia", "formal": "Arvenia"}}
    admitted = {
        "kind": "admit_delegation",
        "capacity": "secretary",
        "process": process,
        "code": "ARV",
        "names": names,
        "order": 1,
    }
    assert run("do", json.dumps(admitted), "--as", "secretariat").status == 0
    told = run("import", "draft.md", "--symbol", "BP/CfA", "--json").told
    round_ = {"kind": "open_round", "capacity": "secretary", "document": told["document"], "base": told["version"]}
    said = {**round_, "name": "First", "deadline": "2999-01-01T00:00:00Z"}
    assert run("do", json.dumps(said), "--as", "secretariat").status == 0
    words = p("1.\tStates shall act.") + p(r("2.\tStates ") + dele("shall") + ins("may") + r(" report."))
    (tmp_path / "marked.docx").write_bytes(file(p("Call for Action") + p("The States assembled,") + words))
    return run


def test_a_marked_up_file_is_told_of_and_then_taken(opened: Run) -> None:
    call = ["propose", "marked.docx", "--document", "BP/CfA", "--for", "ARV", "--as", "secretariat"]
    said = opened(*call)
    assert said.status == 0
    assert said.out.splitlines()[0] == "marked.docx: 1 item(s), 0 to look at, sure 1.00"
    assert said.out.splitlines()[1].endswith("ready: Jane, 2: replace")
    assert opened(*call, "--take", "--json").told["files"][0]["items"][0]["standing"] == "ARV-1"
    assert opened(*call, "--take").out.splitlines()[1].endswith("standing (ARV-1): Jane, 2: replace")


def test_a_file_that_is_refused_is_said_in_a_line_and_by_the_exit_code(opened: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.docx").write_bytes(b"Dear all,")
    said = opened("propose", "bad.docx", "--document", "BP/CfA", "--for", "ARV", "--as", "secretariat")
    assert (said.status, said.out) == (1, "bad.docx: This is not a Word file, or it is cut short. (not_word)\n")


def test_a_draft_is_looked_at_corrected_and_taken(opened: Run, tmp_path: Path) -> None:
    shown = opened("import", "draft.md", "--symbol", "BP/X", "--check").out
    assert "line 5: operative 1 (level 2, by its number): States shall act." in shown
    told = opened("import", "draft.md", "--symbol", "BP/X", "--check", "--json").told
    told["sections"][2]["label"] = "OP1"
    (tmp_path / "corrected.json").write_text(json.dumps(told["sections"]))
    made = opened("import", "draft.md", "--symbol", "BP/X", "--sections", "corrected.json", "--json").told
    assert made["sections"] == 4
