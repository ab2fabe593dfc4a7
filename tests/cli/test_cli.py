import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import docx
import pytest

from drafting.config import Settings
from drafting.house import House
from tests.cli.conftest import Run

DRAFT = """# Call for Action

*Recalling* the commitments made,

1. States shall take appropriate [measures.

2. States shall report every year.
"""
NEW = """# Call for Action

*Recalling* the commitments made,

1. States shall take all appropriate measures.

2. States shall report every year.

3. States shall meet again & decide <then>.
"""


@pytest.fixture
def settled(run: Run, tmp_path: Path) -> Run:
    """A process with its secretariat and one delegation, and a document with two versions."""
    (tmp_path / "draft.md").write_text(DRAFT)
    assert run("administrator", "secretariat", "--name", "The Secretariat").status == 0
    command = {"kind": "create_process", "capacity": "administrator", "name": "Process", "secretary": "secretariat"}
    process = run("do", json.dumps(command), "--as", "secretariat", "--json").told["made"]["process"]
    chair = {"kind": "accredit_participant", "handle": "chair", "name": "Chair", "capacities": ["chair"]}
    assert run("do", json.dumps({**chair, "capacity": "secretary", "process": process}), "--as", "secretariat").out
    made = run("import", "draft.md", "--symbol", "BP/CfA", "--json").told
    document, version = made["document"], made["version"]
    base = {"capacity": "secretary", "document": document}

    def act(**command: Any) -> dict[str, str]:
        done = run("do", "-", "--as", "secretariat", "--json", given=json.dumps({**base, **command}))
        receipt: dict[str, str] = done.told["made"]
        return receipt

    round_ = act(kind="open_round", base=version, name="First", deadline="2999-01-01T00:00:00Z")["round"]
    act(kind="close_round", round=round_)
    house = House(Settings())
    from drafting.queries.desk import desk_for  # noqa: PLC0415 - for this fixture alone
    from drafting.queries.verify import host  # noqa: PLC0415 - as above

    desk = house.database.read(lambda tx: desk_for(tx, host(document), round_))
    house.close()
    where = desk.sections[2]
    decide = {"round": round_, "section": where.section.id, "amendments": [], "outcome": "redraft"}
    act(kind="decide_section", **decide, text="States shall take all appropriate measures.", against=where.digest)
    act(kind="issue_version", round=round_, name="Rev.1")
    return run


def test_the_first_administrator_is_made_at_the_machine(run: Run) -> None:
    assert run("administrator", "adam").out == "adam is an administrator.\n"
    assert run("administrator", "adam", "--json").told["participant"].startswith("pa_")


def test_migrating_makes_the_tables_and_may_be_repeated(run: Run, tmp_path: Path) -> None:
    for _ in range(2):
        assert run("migrate", "--json").told == {"database": f"sqlite:///{tmp_path / 'home/drafting.sqlite3'}"}


def test_a_database_of_an_unreleased_version_is_refused_in_one_line_that_says_how_to_start_anew(
    run: Run, tmp_path: Path
) -> None:
    assert run("migrate").status == 0
    with sqlite3.connect(tmp_path / "home" / "drafting.sqlite3") as database:
        database.execute("ALTER TABLE amendment DROP COLUMN place")
    database.close()
    for verb in ("migrate", "verify", "serve"):
        done = run(verb)
        assert (done.status, done.out) == (1, ""), verb
        (line,) = done.err.splitlines()
        assert "Start anew: name another database, or move this one away." in line


@pytest.mark.parametrize("kind", ["token", "ticket"])
def test_a_secret_is_printed_alone_so_that_a_script_can_take_it(run: Run, kind: str) -> None:
    run("administrator", "adam")
    first, second = run(kind, "adam"), run(kind, "adam", "--json")
    assert (first.status, first.err) == (0, "")
    assert len(first.out.strip()) >= 40
    assert second.told[kind] != first.out.strip()


def test_a_sign_in_link_keeps_its_code_in_the_fragment(run: Run) -> None:
    run("administrator", "adam")
    link = run("sign-in", "adam", "--json").told["link"]
    assert link.startswith("http://127.0.0.1:8000/#sign-in=")


@pytest.mark.parametrize("command", ["token", "ticket", "sign-in"])
def test_somebody_unknown_is_refused_with_a_code(run: Run, command: str) -> None:
    done = run(command, "nobody")
    assert (done.status, done.out) == (1, "")
    assert done.err == "There is no participant “nobody”. (unknown)\n"
    assert json.loads(run(command, "nobody", "--json").err)["code"] == "unknown"


def test_a_command_called_wrongly_ends_with_two(run: Run, tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text(DRAFT)
    run("administrator", "adam")
    wrong = (
        ("nonsense",),
        ("token",),
        ("import", "missing.md", "--symbol", "X"),
        ("import", "draft.md"),
        ("export", "X", "-o", "f.docx", "--form", "pdf"),
        ("compare", "draft.md", "missing.md"),
        ("compare", "draft.md", "Rev.1"),
        ("compare", "draft.md", "draft.md", "--format", "docx"),
        ("compare", "draft.md", "draft.md", "--format", "pdf"),
        ("do", "{", "--as", "adam"),
        ("do", '{"kind":"abolish"}', "--as", "adam"),
    )
    for arguments in wrong:
        done = run(*arguments)
        assert (done.status, done.out) == (2, ""), arguments
        assert done.err
        assert "Traceback" not in done.err


def test_settings_that_cannot_be_are_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAFTING_PORT", "eighty")
    done = run("migrate")
    assert done.status == 2
    assert done.err.startswith("port: ")


def test_any_command_can_be_carried_out_at_the_machine(settled: Run) -> None:
    wrong = {"kind": "admit_delegation", "capacity": "secretary", "process": "pr_00000000000000000000000000"}
    names = {"en": {"short": "Arvenia", "formal": "Republic of Arvenia"}}
    done = settled("do", json.dumps({**wrong, "code": "ARV", "names": names, "order": 1}), "--as", "secretariat")
    assert done.status == 1
    assert done.err.endswith("(unknown)\n")


def test_an_import_lists_lone_brackets_and_what_was_left_out(settled: Run, tmp_path: Path) -> None:
    target = docx.Document()
    target.add_heading("Memorandum [draft", 0)
    target.add_paragraph("States shall act.")
    target.save(str(tmp_path / "memo.docx"))
    said = settled("import", "memo.docx", "--symbol", "BP/MoU", "--title", "The Memorandum")
    assert said.status == 0
    assert ": 2 sections, 1 bracket(s) without a partner." in said.out
    told = settled("import", "memo.docx", "--symbol", "BP/MoU2", "--process", "Process", "--json").told
    assert told["sections"] == 2
    assert [lint["position"] for lint in told["lint"]] == [11]
    assert told["version"].startswith("ve_")


def test_an_import_that_cannot_be_is_refused(settled: Run, tmp_path: Path) -> None:
    (tmp_path / "picture.docx").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    done = settled("import", "picture.docx", "--symbol", "X", "--json")
    assert done.status == 1
    assert json.loads(done.err)["code"] == "not_word"
    assert settled("import", "draft.md", "--symbol", "X", "--process", "Other").err.endswith("(unknown)\n")
    assert settled("import", "draft.md", "--symbol", "X", "--title", "t" * 300).status == 2


def test_a_version_is_exported_by_its_name(settled: Run, tmp_path: Path) -> None:
    told = settled("export", "BP/CfA", "-o", "clean.docx", "--version", "Rev.1", "--json").told
    content = (tmp_path / "clean.docx").read_bytes()
    assert told == {"file": "clean.docx", "bytes": len(content)}
    texts = [paragraph.text for paragraph in docx.Document(str(tmp_path / "clean.docx")).paragraphs]
    assert any("States shall take all appropriate measures." in text for text in texts)
    done = settled("export", "BP/CfA", "-o", "old.docx", "--version", "Zero draft")
    assert done.out.startswith("old.docx: ")


def test_a_redline_is_against_the_parent_if_nothing_else_is_asked(settled: Run, tmp_path: Path) -> None:
    settled("export", "BP/CfA", "-o", "a.docx", "--form", "redline")
    settled("export", "", "-o", "b.docx", "--form", "redline", "--version", "Rev.1", "--against", "Zero draft")
    first, second = (docx.Document(str(tmp_path / name)).element.xml for name in ("a.docx", "b.docx"))
    assert first == second
    assert "w:ins " in first
    assert "w:del " in first


def test_a_compilation_is_exported_tracked_or_literal(settled: Run, tmp_path: Path) -> None:
    assert settled("export", "BP/CfA", "-o", "a.docx", "--form", "compilation", "--no-line-numbers").status == 0
    literal = ("--form", "compilation", "--style", "literal", "--version", "Zero draft")
    assert settled("export", "BP/CfA", "-o", "b.docx", *literal).status == 0
    first, second = ([p.text for p in docx.Document(str(tmp_path / name)).paragraphs] for name in ("a.docx", "b.docx"))
    assert "OP1\tStates shall take all appropriate measures." in first
    assert "OP1\tStates shall take appropriate [measures." in second
    assert settled("export", "BP/CfA", "-o", "c.docx", "--form", "compilation", "--style", "loud").status == 2


@pytest.mark.parametrize(
    "arguments",
    [("Unknown", "-o", "f.docx"), ("BP/CfA", "-o", "f.docx", "--version", "Rev.9"), ("BP/CfA", "-o", "no/such/f.docx")],
)
def test_an_export_that_cannot_be_is_one_line(settled: Run, arguments: tuple[str, ...]) -> None:
    done = settled("export", *arguments)
    assert (done.status, done.out) == (1, "")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("kind", ["md", "docx"])
def test_two_files_are_compared_in_four_formats(run: Run, tmp_path: Path, kind: str) -> None:
    for name, text in (("old", DRAFT), ("new", NEW)):
        if kind == "md":
            (tmp_path / f"{name}.md").write_text(text)
        else:
            _save(tmp_path / f"{name}.docx", text)
    files = (f"old.{kind}", f"new.{kind}")
    text = run("compare", *files).out
    assert "States shall take {+all +}appropriate [-[-]measures." in text.replace("{+all+} ", "{+all +}")
    assert "(added): {+States shall meet again & decide <then>.+}" in text
    assert "report" not in text
    changes = run("compare", *files, "--json").told["changes"]
    assert [change["kinds"] for change in changes] == [["edited"], ["added"]]
    html = run("compare", *files, "--format", "html").out
    assert "<ins>States shall meet again &amp; decide &lt;then&gt;.</ins>" in html
    assert run("compare", *files, "--format", "docx", "-o", "compared.docx").status == 0
    written = docx.Document(str(tmp_path / "compared.docx")).element.xml
    assert set(re.findall(r'w:author="([^"]*)"', written)) == {"Comparison"}
    assert "w:ins " in written
    assert not (tmp_path / "home").exists()  # files need no database


def _save(path: Path, text: str) -> None:
    target = docx.Document()
    title, *paragraphs = [paragraph for paragraph in text.split("\n\n") if paragraph]
    target.add_heading(title.removeprefix("# "), 0)
    for paragraph in paragraphs:
        target.add_paragraph(paragraph.replace("*", "").strip())
    target.save(str(path))


def test_equal_files_have_no_change(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(DRAFT)
    (tmp_path / "b.md").write_text(DRAFT)
    assert run("compare", "a.md", "b.md").out == "No change.\n"
    assert "<p>No change.</p>" in run("compare", "a.md", "b.md", "--format", "html").out
    assert run("compare", "a.md", "b.md", "--format", "json").told == {"changes": []}


def test_two_versions_are_compared_by_name(settled: Run, tmp_path: Path) -> None:
    changes = settled("compare", "Zero draft", "Rev.1", "--document", "BP/CfA", "--json").told["changes"]
    assert [(change["new"]["label"], change["kinds"]) for change in changes] == [("OP1", ["edited"])]
    assert settled("compare", "Zero draft", "Rev.1", "--format", "html", "-o", "c.html").out == ""
    assert "<ins>" in (tmp_path / "c.html").read_text()
    assert settled("compare", "Zero draft", "Rev.9").err.endswith("(unknown)\n")


def test_verifying_finds_nothing_in_what_nobody_touched(settled: Run) -> None:
    assert settled("verify").out.endswith("2 versions: all is well.\n")
    assert settled("verify", "--json").told["findings"] == []


@pytest.mark.parametrize(
    ("alter", "named"),
    [
        ("UPDATE event SET capacity='chair' WHERE kind='round_opened'", "one of its columns was altered"),
        (
            "UPDATE event SET payload=replace(payload,'First','Last') WHERE kind='round_opened'",
            "its payload was altered",
        ),
        ("DELETE FROM event WHERE kind='version_issued'", "head"),
        ("UPDATE document SET title='Another'", "document"),
    ],
)
def test_verifying_names_what_was_altered_and_ends_with_one(
    settled: Run, tmp_path: Path, alter: str, named: str
) -> None:
    with sqlite3.connect(tmp_path / "home/drafting.sqlite3") as database:
        assert database.execute(alter).rowcount == 1
    database.close()
    done = settled("verify")
    assert done.status == 1
    assert named in done.out
    told = settled("verify", "--json")
    assert told.status == 1
    assert json.loads(told.out)["findings"]
