"""What a compilation's Word file tells, in whose name, and to whom."""

import io
import re
import zipfile

import pytest

from drafting.queries.compiled import compiled_file, literal_compilation
from drafting.queries.exporting import CompilationStyle, ExportForm, Show, Wanted, exported
from drafting.queries.exports import CleanFile
from drafting.queries.verify import host
from tests.casting import Cast, add, delete, move, replace
from tests.word.authors import comments, document, lines, of_author

ONE = "States shall take all appropriate measures to protect migrants in transit."


@pytest.fixture
def proposed(room: Cast) -> Cast:
    """Three amendments, positions on them and on a section, and what was said: for all, and not."""
    arv = room.table("arv", replace(room.sections[5], ONE), rationale="More is better.", placement_note="Or in OP2.")
    room.clock.move(hours=1)
    room.table("bor", delete(room.sections[9]), add(room.sections[9], "New."), move(room.sections[3], room.sections[1]))
    room.table("cal", replace(room.sections[5], ONE))
    room.do("bor", "sponsor_amendment", amendment=arv)
    room.do("cal", "take_position", amendment=arv, stand="cannot_accept", note="Too much.")
    room.do("cal", "take_position", section=room.sections[6], stand="reserve", reservation="scrutiny")
    room.do("bor", "take_position", amendment=arv, stand="flexible", audience="chair", note="To you alone.")
    quote = {"quote": "appropriate measures", "start": 18, "end": 38}
    said = {"section": room.sections[5], "audience": "all"}
    thread = room.do("chair", "post_comment", **said, body="Which ones?", target=quote).made["comment"]
    room.do("arv", "post_comment", section=room.sections[5], audience="all", body="All.", reply_to=thread)
    room.do("sec", "post_comment", amendment=arv, audience="all", body="Noted.")
    room.do("arv", "post_comment", section=room.sections[5], audience="own", body="Our red line.")
    return room


def gathered(room: Cast, handle: str, *, private: bool = False) -> bytes:
    who = room.reader(handle)
    return room.house.database.read(lambda tx: compiled_file(tx, who, None, private=private)).write()


def said(file: bytes) -> list[tuple[str, str]]:
    return [(author, "\n".join(lines)) for author, _, lines in comments(file).values()]


def test_amendments_stand_under_the_names_of_the_table_with_what_was_said_of_them(proposed: Cast) -> None:
    assert said(gathered(proposed, "watch")) == [
        ("Bor", "BOR-1\nMoves: PP2 after “The States assembled,”"),
        ("Arv", "ARV-1\nSponsors: Arv, Bor\nRationale: More is better.\nPlacement: Or in OP2."),
        ("Cal", "Cannot accept: Too much."),
        ("Cal", "CAL-1"),
        ("Secretariat", "Noted."),
        ("Secretariat (compilation)", "Proposed by: Arv, Cal – “all ”"),  # noqa: RUF001 - a dash is meant
        ("Chair", "Which ones?"),
        ("Arv", "All."),
        ("Cal", "Reserve (scrutiny)"),
    ]


def test_what_not_everybody_may_read_is_there_on_demand_and_says_so(proposed: Cast) -> None:
    own = [("Arv", "[For its own side only]\nOur red line.")]
    alone = [("Bor", "[For the chair only]\nFlexible: To you alone.")]

    def more(handle: str) -> list[tuple[str, str]]:
        everyone = said(gathered(proposed, handle))
        assert sorted(everyone) == sorted(said(gathered(proposed, "watch")))
        return [one for one in said(gathered(proposed, handle, private=True)) if one not in everyone]

    assert [more("arv"), more("chair"), more("bor"), more("watch")] == [own, alone, alone, []]


def test_each_delegation_reads_its_own_text_in_it(proposed: Cast) -> None:
    file = gathered(proposed, "watch")
    assert f"OP1\t{ONE}" in lines(of_author(file, "Arv"))
    assert f"OP1\t{ONE}" in lines(of_author(file, "Cal"))
    assert f"OP1\t{ONE}" not in lines(of_author(file, "Bor"))
    assert [line for line in lines(of_author(file, "Bor")) if "New" in line] == ["OP3bis\tNew."]
    assert {one.get(date) for one in document(file).iter() if one.get(by) == "Bor"} == {"2026-03-02T10:00:00Z"}


by, date = (f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}" for name in ("author", "date"))


def test_a_reader_gets_what_they_may_read_and_no_draft(proposed: Cast) -> None:
    proposed.draft("arv", replace(proposed.sections[6], "A draft."))
    assert "A draft." not in "".join(parts(gathered(proposed, "arv", private=True)).values())


def test_a_quotation_of_an_older_text_stands_where_its_words_are_now(proposed: Cast) -> None:
    proposed.close()
    waiting = {one.section.id: one.waiting for one in proposed.desk().sections}
    for section, amendments in waiting.items():
        for amendment in amendments:
            proposed.decide(section, [amendment], "not_retained")
    proposed.issue("Rev.1")
    file = gathered(proposed, "watch")
    assert said(file)[0] == ("Chair", "Which ones?")


def test_an_amendment_of_an_older_text_that_is_in_conflict_with_this_one_is_told_of(room: Cast) -> None:
    section = room.sections[5]
    parked = room.table("arv", replace(section, "States shall take adequate measures to protect migrants in transit."))
    taken = room.table("bor", replace(section, "States shall take legal measures to protect migrants in transit."))
    room.close()
    room.decide(section, [parked], "park")
    room.decide(section, [taken], "incorporate")
    room.issue()
    file = gathered(room, "watch")
    told = "ARV-1\nMade on an older text and not shown here: OP1\n“States shall take adequate measures"
    assert said(file) == [("Arv", f"{told} to protect migrants in transit.”")]
    assert not [one for one in document(file).iter() if one.get(by)]


def test_names_that_could_be_confused_carry_their_codes(proposed: Cast) -> None:
    names = {"en": {"short": "  ARV ", "formal": "The Republic of Bor"}}
    proposed.do("sec", "correct_delegation", code="BOR", names=names)
    authors = {author for author, _ in said(gathered(proposed, "watch"))}
    assert {"Arv (ARV)", "ARV (BOR)", "Cal"} <= authors


def test_an_author_is_named_in_one_canonical_form(proposed: Cast) -> None:
    names = {"en": {"short": "Co\u0302te", "formal": "The Republic of Bor"}}
    proposed.do("sec", "correct_delegation", code="BOR", names=names)
    assert "C\u00f4te" in {author for author, _ in said(gathered(proposed, "watch"))}


def parts(file: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.parametrize("handle", ["sec", "arv", "watch", ""])
@pytest.mark.parametrize("style", list(CompilationStyle))
def test_unnamed_no_part_of_the_file_has_a_code_or_a_name(cast: Cast, handle: str, style: CompilationStyle) -> None:
    cast.found()
    cast.take_in(unnamed=True)
    cast.open()
    first = cast.table("arv", replace(cast.sections[5], ONE), rationale="More is better.")
    cast.table("bor", replace(cast.sections[5], ONE))
    cast.table("cal", replace(cast.sections[5], "States shall take legal measures."), delete(cast.sections[9]))
    cast.do("cal", "take_position", amendment=first, stand="support")
    for author in ("arv", "chair"):
        cast.do(author, "post_comment", section=cast.sections[5], audience="all", body="Well.")
    who = cast.reader(handle) if handle else host(cast.document)
    wanted = Wanted(ExportForm.COMPILATION, style=style, private=True)
    found = cast.house.database.read(lambda tx: exported(tx, who, wanted))
    content = parts(found.write())
    names = re.compile(r"\b(ARV|BOR|CAL|Arv|Bor|Cal)(?!\w)")
    assert [name for name, text in content.items() if names.search(text)] == []
    assert names.search(found.name) is None
    if style is CompilationStyle.TRACKED:
        assert set(re.findall(r'w:author="([^"]*)"', content["word/document.xml"])) == {
            "Proposal 1",
            "Proposal 2",
            "Proposal 3",
        }
        authors = set(re.findall(r'w:author="([^"]*)"', content["word/comments.xml"]))
        assert authors >= {"A delegation", "Chair", "Secretariat (compilation)"}
        assert "Deleted by: Proposal" not in content["word/comments.xml"] or "ARV" not in content["word/comments.xml"]


def test_the_literal_file_has_every_wording_and_every_holder_and_nothing_tracked(proposed: Cast) -> None:
    who = proposed.reader("watch")
    file = proposed.house.database.read(lambda tx: literal_compilation(tx, who, None))
    content = parts(file.write())
    printed = lines(document(file.write()))
    assert file.name == "BP-CfA-Zero-draft-compilation.docx"
    assert "OP1\tStates shall take [ARV, BOR, CAL: all] appropriate measures to protect migrants in transit." in printed
    assert "OP3\t[States may ask for assistance.] [BOR: no text]" in printed
    assert "[OP3bis New. – BOR]" in printed  # noqa: RUF001 - a dash is meant
    assert printed[-3:] == ["ARV\tArv", "BOR\tBor", "CAL\tCal"]
    assert not re.search(
        r"<w:(ins|del|moveFrom|moveTo|comment\w*|trackRevisions|color|highlight) ", content["word/document.xml"]
    )
    assert "word/comments.xml" not in content


def test_a_clean_file_shows_on_demand_what_is_agreed_and_who_awaits_capital(room: Cast) -> None:
    two = room.sections[6]
    given = {"section": two, "version": room.version, "status": "agreed_ad_referendum", "awaiting": ["BOR", "CAL"]}
    room.do("sec", "set_status", **given, placement_pending=True)
    who = room.reader("watch")

    def statuses(show: frozenset[Show]) -> dict[str, str]:
        file = room.house.database.read(lambda tx: exported(tx, who, Wanted(ExportForm.CLEAN, show=show)))
        assert isinstance(file, CleanFile)
        return dict(file.shown.statuses)

    assert statuses(frozenset()) == {}
    said = {two: "Agreed ad referendum; awaiting: Bor, Cal; placement pending"}
    assert statuses(frozenset({Show.STATUS})) == said
