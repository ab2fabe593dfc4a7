"""Papers for the meeting: what stands in the lists, for whom, and that spreadsheet and Word file are sound."""

import io
import zipfile

import pytest
from lxml import etree

from drafting.protocol.problems import Refusal
from drafting.queries.exporting import ExportForm, Wanted, exported
from drafting.queries.papers import FileKind, PaperFile
from drafting.word.lint import lint
from drafting.word.paper import Column, Paper
from drafting.word.understanding import declaration
from drafting.word.xlsx import workbook
from tests.casting import Cast, add, delete, move, replace
from tests.word.conftest import sdk_errors  # noqa: F401 - a fixture

ONE = "States shall take all appropriate measures to protect migrants in transit."
OLD = "States shall take appropriate measures to protect migrants in transit."
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def proposed(room: Cast) -> Cast:
    """Two amendments, a position for all and one for the chair, and a thread for all and a remark of one side."""
    arv = room.table("arv", replace(room.sections[5], ONE))
    room.table("bor", delete(room.sections[9]), add(room.sections[9], "=1+1"), move(room.sections[3], room.sections[1]))
    room.do("bor", "sponsor_amendment", amendment=arv)
    room.do("cal", "take_position", amendment=arv, stand="cannot_accept", note="Too much.")
    room.do("bor", "take_position", amendment=arv, stand="flexible", audience="chair", note="To you alone.")
    said = {"section": room.sections[5], "audience": "all"}
    thread = room.do("chair", "post_comment", **said, body="Which ones?").made["comment"]
    room.do("arv", "post_comment", section=room.sections[5], audience="all", body="All.", reply_to=thread)
    room.do("arv", "post_comment", section=room.sections[5], audience="own", body="Our red line.")
    return room


def paper(room: Cast, handle: str, form: str, version: str | None = None, kind: str = "xlsx") -> PaperFile:
    who, wanted = room.reader(handle), Wanted(ExportForm(form), version, file=FileKind(kind))
    found = room.house.database.read(lambda tx: exported(tx, who, wanted))
    assert isinstance(found, PaperFile)
    return found


def rows(room: Cast, handle: str, form: str, version: str | None = None) -> list[tuple[str, ...]]:
    return list(paper(room, handle, form, version).paper.rows)


def cells(file: bytes) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        sheet = etree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
        assert not list(sheet.iter(f"{S}f"))
    return [["".join(cell.itertext()) for cell in row] for row in sheet.iter(f"{S}row")]


def test_amendments_are_listed_by_paragraph_with_both_wordings_and_what_everyone_knows(proposed: Cast) -> None:
    first, *others = rows(proposed, "chair", "amendments")
    assert first == ("PP2", "BOR-1", "Bor", "Move after “The States assembled,”", *[
        "Noting the progress made since the last meeting,", "", "", "Not decided",
    ])  # fmt: skip
    assert others == [
        ("OP1", "ARV-1", "Arv, Bor", "Reword", OLD, ONE, "Cal: Cannot accept: Too much.", "Not decided"),
        ("OP3", "BOR-1", "Bor", "Delete", "States may ask for assistance.", "", "", "Not decided"),
        ("OP3bis", "BOR-1", "Bor", "Add", "", "=1+1", "", "Not decided"),
    ]


def test_comments_are_for_everyone_with_replies(proposed: Cast) -> None:
    at = "2026-03-02 09:00"
    row = ("OP1", "", "Chair", at, "Which ones?", f"Arv, {at}: All.", "Open")
    assert rows(proposed, "arv", "comments") == [row]


def test_decisions_are_those_that_the_reader_may_see(proposed: Cast) -> None:
    zero = proposed.version
    proposed.close()
    view = next(one for one in proposed.snapshot("sec").amendments if one.label == "ARV-1")
    proposed.decide(proposed.sections[5], [view.id], "incorporate", reason="No agreement.")
    row = ("OP1", "Bracketed", "ARV-1", "No agreement.", "Cal", "Secretariat", "2026-03-02 09:00")
    assert rows(proposed, "sec", "decisions", zero) == [row]
    assert rows(proposed, "arv", "decisions", zero) == []
    assert [line[-1] for line in rows(proposed, "sec", "amendments", zero) if line[1] == "ARV-1"] == ["Bracketed"]


def test_what_waits_while_another_part_of_its_amendment_is_decided_is_not_decided(proposed: Cast) -> None:
    zero = proposed.version
    proposed.close()
    view = next(one for one in proposed.snapshot("sec").amendments if one.label == "BOR-1")
    proposed.decide(proposed.sections[9], [view.id], "not_retained", reason="It is needed.")
    outcomes = {line[0]: line[-1] for line in rows(proposed, "sec", "amendments", zero) if line[1] == "BOR-1"}
    assert (outcomes["OP3"], outcomes["OP3bis"]) == ("Not retained", "Not decided")


def test_a_renumbering_says_old_and_new_numbers(cast: Cast) -> None:
    cast.take_in()
    cast.open()
    amendment = cast.table("arv", delete(cast.sections[5]))
    cast.close()
    cast.decide(cast.sections[5], [amendment], "incorporate")
    cast.issue()
    cast.do("sec", "renumber_text", name="Rev.1 renumbered")
    assert rows(cast, "arv", "renumbering")[:2] == [
        ("OP1", "", "[deleted]"),
        ("OP2", "OP1", "States shall report every year on the measures taken."),
    ]


@pytest.mark.parametrize("form", ["amendments", "comments", "decisions", "renumbering"])
def test_both_kinds_of_file_are_sound_and_the_same_each_time(
    proposed: Cast, form: str, request: pytest.FixtureRequest
) -> None:
    sheet, text = paper(proposed, "arv", form), paper(proposed, "arv", form, kind="docx")
    assert [sheet.name, text.name] == [f"BP-CfA-Zero-draft-{form}.{kind}" for kind in ("xlsx", "docx")]
    assert len(cells(sheet.write())) == len(sheet.paper.rows) + 1
    assert sheet.write() == sheet.write()
    file = text.write()
    assert lint(file) == ()
    assert declaration(file).form == "paper"
    if form == "amendments":
        assert request.getfixturevalue("sdk_errors")(file) == []


def test_a_spreadsheet_computes_nothing(proposed: Cast) -> None:
    assert cells(paper(proposed, "arv", "amendments").write())[-1][5] == "'=1+1"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_a_spreadsheet_begins_as_a_formula_does(proposed: Cast, sign: str) -> None:
    masthead = paper(proposed, "arv", "amendments").masthead
    list_of_one = Paper("A list", (Column("Words", 20),), ((f"{sign}1+1",),))
    assert cells(workbook(list_of_one, masthead))[-1][0].startswith("'")


def test_only_a_paper_is_a_spreadsheet(room: Cast) -> None:
    who = room.reader("arv")
    wanted = Wanted(ExportForm.CLEAN, file=FileKind.XLSX)
    with pytest.raises(Refusal, match="Only papers"):
        room.house.database.read(lambda tx: exported(tx, who, wanted))


def test_where_names_are_not_told_nobody_is_named(cast: Cast) -> None:
    cast.take_in(unnamed=True)
    cast.open()
    amendment = cast.table("arv", replace(cast.sections[5], ONE))
    cast.do("bor", "take_position", amendment=amendment, stand="support")
    cast.do("bor", "post_comment", section=cast.sections[5], audience="all", body="Good.")
    for handle in ("sec", "arv", "bor"):
        listed = rows(cast, handle, "amendments") + rows(cast, handle, "comments")
        assert [row[1] for row in listed] == ["P1", ""]
        said = " ".join(text for row in listed for text in row)
        assert not any(name.lower() in said.lower().split() for name in ("ARV", "BOR", "Arv:", "Bor:"))
        assert "A delegation: Support" in said
