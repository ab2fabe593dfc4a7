"""What an author of a marked-up file proposes is read from its runs, its paragraph marks and its moves."""

import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.domain.compare import compare
from drafting.domain.compilation import Proposal
from drafting.domain.compilation import compile as laid
from drafting.domain.edits import apply
from drafting.domain.text import Line, Manifest
from drafting.protocol.edits import Add, Delete, Edit, Merge, Move, Replace, Split
from drafting.protocol.words import SectionKind
from drafting.word.clean import clean
from drafting.word.comments import Author, Said, Thread
from drafting.word.compiled import Signatures, compiled
from drafting.word.markup import timestamp
from drafting.word.masthead import Masthead
from drafting.word.redline import Signed, redline
from drafting.word.understanding import Outcome, Stamps, Understood, understand
from tests.word.marking import comment, dele, file, ins, moved, on, p, r, thread

OPERATIVE = SectionKind.OPERATIVE


def se(number: int) -> str:
    return f"se_{number:026d}"


def line(number: int, kind: SectionKind, level: int, label: str, text: str) -> Line:
    return Line(se(number), kind, level, label, text)


TEXT: Manifest = (
    line(1, SectionKind.TITLE, 0, "", "Call for Action"),
    line(2, SectionKind.PREAMBULAR, 1, "PP1", "*Recalling* the dignity of every migrant,"),
    line(3, SectionKind.HEADING, 0, "", "Commitments"),
    line(4, OPERATIVE, 1, "OP1", "States shall take [appropriate] measures to protect migrants."),
    line(5, OPERATIVE, 1, "OP2", "States shall report every year on the measures taken."),
    line(6, SectionKind.SUBPARAGRAPH, 2, "OP2(a)", "to the Secretariat;"),
    line(7, SectionKind.SUBPARAGRAPH, 2, "OP2(b)", "to the public."),
    line(8, OPERATIVE, 1, "OP3", "States may ask for assistance."),
)
PRINTED = {
    1: "Call for Action",
    3: "Commitments",
    4: "OP1\tStates shall take [appropriate] measures to protect migrants.",
    5: "OP2\tStates shall report every year on the measures taken.",
    6: "(a)\tto the Secretariat;",
    7: "(b)\tto the public.",
    8: "OP3\tStates may ask for assistance.",
}
RECITAL = p(r("PP1\t") + r("Recalling", "i") + r(" the dignity of every migrant,"))


def body(**changed: str) -> str:
    """The text as a file prints it, some of its paragraphs (``p4=...``) otherwise."""
    usual = {f"p{number}": p(text) for number, text in PRINTED.items()} | {"p2": RECITAL}
    written = usual | changed
    return "".join(written[f"p{number}"] for number in range(1, 9))


def read(content: str, **parts: str) -> Understood:
    return understand(file(content, **parts), TEXT, Stamps())


def edits(found: Understood, author: str | None = "Jane") -> list[Edit]:
    return [edit for part in found.parts if part.author == author for edit in part.edits]


def counted(found: Understood) -> dict[str, int]:
    return {outcome.value: number for outcome, number in found.account.items() if number}


def bare(found: Iterable[Edit]) -> list[Edit]:
    """Without the ids of new sections."""
    return [edit.model_copy(update={"section": None}) if isinstance(edit, Add) else edit for edit in found]


# -- words ------------------------------------------------------------------------------------------------------------


def test_a_file_in_which_nothing_changed_proposes_nothing() -> None:
    found = read(body())
    assert (found.parts, found.review, found.sure, found.untracked) == ((), (), 1.0, False)


def test_a_replaced_word_is_a_rewording_of_its_section() -> None:
    found = read(
        body(
            p4=p(
                r("OP1\tStates ")
                + dele("shall")
                + ins("should")
                + r(" take [appropriate] measures to protect migrants.")
            )
        )
    )
    assert edits(found) == [
        Replace(section=se(4), text="States should take [appropriate] measures to protect migrants.")
    ]
    assert counted(found) == {"proposed": 2}


def test_emphasis_that_stays_stays_and_new_emphasis_is_kept() -> None:
    found = read(
        body(
            p2=p(
                r("PP1\t")
                + r("Recalling", "i")
                + r(" the dignity ")
                + ins(" and rights", looks="b")
                + r(" of every migrant,")
            )
        )
    )
    assert edits(found) == [Replace(section=se(2), text="*Recalling* the dignity **and rights** of every migrant,")]


def test_only_what_was_changed_changes_where_the_file_prints_the_section_otherwise() -> None:
    text = (line(4, OPERATIVE, 1, "OP1", "Article\u00a04 of the **Convention** shall apply."),)
    content = p(r("OP1\tArticle 4 of the Convention ") + dele("shall") + ins("may") + r(" apply."))
    found = understand(file(content), text, Stamps())
    assert edits(found) == [Replace(section=se(4), text="Article\u00a04 of the **Convention** may apply.")]


def test_a_change_of_looks_alone_is_counted_and_proposes_nothing() -> None:
    found = read(body(p8=p(r("OP3\tStates ") + r("may", "b", was="") + r(" ask for assistance."))))
    assert (found.parts, counted(found)) == ((), {"looks": 1})


def test_a_changed_number_is_counted_and_proposes_nothing() -> None:
    found = read(body(p8=p(dele("OP3") + ins("OP4") + r("\tStates may ask for assistance."))))
    assert (found.parts, found.review, counted(found)) == ((), (), {"numbers": 2})


def test_words_struck_and_put_back_come_to_nothing() -> None:
    found = read(body(p8=p(r("OP3\tStates ") + dele("may") + ins("may") + r(" ask for assistance."))))
    assert (found.parts, found.review, counted(found)) == ((), (), {"nothing": 2})


def test_two_authors_are_read_each_as_if_the_other_had_not_written() -> None:
    here = p(
        r("OP1\tStates ")
        + dele("shall", "Ann")
        + ins("must", "Ann")
        + r(" take ")
        + dele("[appropriate] ", "Bo")
        + r("measures to protect migrants.")
    )
    found = read(body(p4=here))
    assert edits(found, "Ann") == [
        Replace(section=se(4), text="States must take [appropriate] measures to protect migrants.")
    ]
    assert edits(found, "Bo") == [Replace(section=se(4), text="States shall take measures to protect migrants.")]


def test_words_that_two_would_strike_are_struck_by_each() -> None:
    here = p(r("OP3\tStates ") + dele(dele("may ", "Ann"), "Bo") + r("ask for assistance."))
    found = read(body(p8=here))
    wanted = [Replace(section=se(8), text="States ask for assistance.")]
    assert (edits(found, "Ann"), edits(found, "Bo")) == (wanted, wanted)


def test_a_deletion_inside_the_insertion_of_another_is_on_the_review_list() -> None:
    here = p(r("OP3\tStates may ") + ins(r("always ") + dele("and ever ", "Bo"), "Ann") + r("ask for assistance."))
    found = read(body(p8=here))
    assert edits(found, "Ann") == [Replace(section=se(8), text="States may always and ever ask for assistance.")]
    assert edits(found, "Bo") == []
    (review,) = found.review
    assert (review.author, review.text, review.place) == ("Bo", "and ever", "paragraph 8")
    assert "Ann" in review.why
    assert counted(found) == {"proposed": 1, "review": 1}


def test_what_replaces_words_of_anothers_insertion_is_on_the_review_list_too() -> None:
    theirs = ins(r("always ") + dele("and ever ", "Bo"), "Ann") + ins("and soon ", "Bo") + ins("indeed ", "Ann")
    found = read(body(p8=p(r("OP3\tStates may ") + theirs + r("ask for assistance."))))
    assert edits(found, "Bo") == []
    assert [review.text for review in found.review] == ["and ever", "and soon"]
    assert edits(found, "Ann") == [Replace(section=se(8), text="States may always and ever indeed ask for assistance.")]


def test_what_is_written_between_words_of_anothers_insertion_is_on_the_review_list() -> None:
    theirs = ins("always ", "Ann") + ins("nearly ", "Bo") + ins("everywhere ", "Ann")
    found = read(body(p8=p(r("OP3\tStates may ") + theirs + r("ask for assistance."))))
    assert edits(found, "Bo") == []
    assert [review.text for review in found.review] == ["nearly"]


def test_an_alternative_beside_anothers_is_a_proposal_of_its_own() -> None:
    here = dele(dele("may", "Ann"), "Bo") + ins("should", "Ann") + ins("must", "Bo")
    found = read(body(p8=p(r("OP3\tStates ") + here + r(" ask for assistance."))))
    assert edits(found, "Bo") == [Replace(section=se(8), text="States must ask for assistance.")]
    assert edits(found, "Ann") == [Replace(section=se(8), text="States should ask for assistance.")]


# -- paragraphs -------------------------------------------------------------------------------------------------------


def test_a_paragraph_struck_with_its_mark_is_deleted() -> None:
    found = read(body(p8=p(dele(PRINTED[8]), mark="del")))
    assert edits(found) == [Delete(section=se(8))]
    assert counted(found) == {"proposed": 2}


def test_a_paragraph_struck_but_for_its_number_is_deleted() -> None:
    found = read(body(p8=p(r("OP3\t") + dele("States may ask for assistance."))))
    assert edits(found) == [Delete(section=se(8))]


def test_a_paragraph_struck_and_written_anew_in_its_place_is_reworded() -> None:
    found = read(body(p8=p(r("OP3\t") + dele("States may ask for assistance.") + ins("Nobody may ask for anything."))))
    assert edits(found) == [Replace(section=se(8), text="Nobody may ask for anything.")]


def test_a_paragraph_typed_behind_another_is_added_after_it() -> None:
    # The return was hit at the end of OP1: its mark is the new one, and the new paragraph has the old mark.
    new = p(r(PRINTED[4]), mark="ins") + p(ins("OP1bis\tStates shall also listen."))
    found = read(body(p4=new))
    assert bare(edits(found)) == [Add(after=se(4), section_kind=OPERATIVE, level=1, text="States shall also listen.")]
    assert [part.number for part in found.parts] == ["OP1bis"]
    assert counted(found) == {"proposed": 2}


def test_a_paragraph_typed_before_the_first_is_added_at_the_start() -> None:
    found = read(p(ins("Before everything"), mark="ins") + body())
    (added,) = edits(found)
    assert isinstance(added, Add)
    assert (added.after, added.text) == (None, "Before everything")


def test_a_new_paragraph_and_its_items_are_one_proposal() -> None:
    style = (
        '<w:style w:type="paragraph" w:styleId="Sub"><w:name w:val="Subparagraph"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Op"><w:name w:val="Operative"/></w:style>'
    )
    new = p(ins("States shall:"), "Op", "ins") + p(ins("listen;"), "Sub", "ins") + p(ins("speak."), "Sub", "ins")
    found = read(body() + new, styles=style)
    (part,) = found.parts
    assert bare(part.edits) == [
        Add(after=se(8), section_kind=OPERATIVE, level=1, text="States shall:"),
        Add(after=se(8), section_kind=SectionKind.SUBPARAGRAPH, level=2, text="listen;"),
        Add(after=se(8), section_kind=SectionKind.SUBPARAGRAPH, level=2, text="speak."),
    ]


def test_two_new_paragraphs_of_one_depth_are_two_proposals() -> None:
    found = read(body() + p(ins("States shall sing."), mark="ins") + p(ins("States shall dance."), mark="ins"))
    assert [[edit.text for edit in part.edits if isinstance(edit, Add)] for part in found.parts] == [
        ["States shall sing."],
        ["States shall dance."],
    ]


def test_a_paragraph_behind_a_heading_is_like_those_below_it() -> None:
    found = read(body(p3=p(r("Commitments"), mark="ins") + p(ins("States shall first think."))))
    assert bare(edits(found)) == [Add(after=se(3), section_kind=OPERATIVE, level=1, text="States shall first think.")]


def test_a_paragraph_between_another_and_its_items_is_one_of_the_items() -> None:
    found = read(body(p5=p(r(PRINTED[5]), mark="ins") + p(ins("to Parliaments;"))))
    assert bare(edits(found)) == [
        Add(after=se(5), section_kind=SectionKind.SUBPARAGRAPH, level=2, text="to Parliaments;")
    ]


def test_a_paragraph_in_the_place_of_a_struck_one_stands_before_its_items() -> None:
    found = read(body(p5=p(dele(PRINTED[5]), mark="del") + p(ins("States shall tell:"), mark="ins")))
    assert bare(edits(found)) == [
        Delete(section=se(5)),
        Add(after=se(4), section_kind=OPERATIVE, level=1, text="States shall tell:"),
    ]


def test_a_paragraph_cut_in_two_is_split() -> None:
    first = p(r("OP2\tStates shall report every year"), mark="ins")
    found = read(body(p5=first + p(r(" on the measures ") + dele("taken") + ins("they took") + r("."))))
    assert edits(found) == [
        Split(section=se(5), texts=["States shall report every year", "on the measures they took."])
    ]
    assert counted(found) == {"proposed": 3}


def test_two_paragraphs_joined_are_merged() -> None:
    one = p(r(PRINTED[6]), mark="del")
    found = read(body(p6=one, p7=p(dele("(b)\t") + ins(" and ") + r("to the public."))))
    assert edits(found) == [Merge(sections=[se(6), se(7)], text="to the Secretariat; and to the public.")]


def test_a_deleted_mark_of_another_author_joins_nothing_of_mine() -> None:
    found = read(body(p6=p(r(PRINTED[6]), mark="del", by="Bo"), p7=p(r("(b)\tto the ") + ins("whole ") + r("public."))))
    assert edits(found, "Jane") == [Replace(section=se(7), text="to the whole public.")]


def test_a_moved_paragraph_is_moved_by_the_name_of_its_move() -> None:
    found = read(body(p4=moved("From", PRINTED[4], "move1"), p8=p(PRINTED[8]) + moved("To", PRINTED[4], "move1")))
    assert edits(found) == [Move(section=se(4), after=se(8))]
    assert counted(found) == {"proposed": 4}


def test_a_paragraph_cut_and_pasted_word_for_word_is_moved() -> None:
    found = read(body(p4=p(dele(PRINTED[4]), mark="del"), p8=p(PRINTED[8]) + p(ins(PRINTED[4]), mark="ins")))
    assert edits(found) == [Move(section=se(4), after=se(8))]


def test_a_paragraph_moved_and_reworded_is_both() -> None:
    there = moved("To", PRINTED[8], "m").replace("assistance.", "help.")
    found = read(body(p4=there + p(PRINTED[4]), p8=moved("From", PRINTED[8], "m")))
    assert edits(found) == [Replace(section=se(8), text="States may ask for help."), Move(section=se(8), after=se(3))]


def test_what_stands_under_a_moved_paragraph_goes_along() -> None:
    here = "".join(moved("From", PRINTED[number], f"m{number}") for number in (5, 6, 7))
    there = "".join(moved("To", PRINTED[number], f"m{number}") for number in (5, 6, 7))
    found = read(body(p5=here, p6="", p7="", p8=p(PRINTED[8]) + there))
    assert edits(found) == [Move(section=se(5), after=se(8))]
    assert counted(found) == {"proposed": 12}


def test_several_paragraphs_in_one_range_move_in_their_order() -> None:
    def ends(kind: str) -> str:
        said = 'w:id="7" w:author="Jane"'
        marked = f"<w:pPr><w:rPr><w:move{kind} {said}/></w:rPr></w:pPr>"
        one, other = (f"<w:move{kind} {said}>{r(PRINTED[number])}</w:move{kind}>" for number in (5, 8))
        start = f'<w:move{kind}RangeStart {said} w:name="m"/>'
        return f'<w:p>{marked}{start}{one}</w:p><w:p>{marked}{other}</w:p><w:move{kind}RangeEnd w:id="7"/>'

    found = read(body(p4=ends("To") + p(PRINTED[4]), p5=ends("From"), p8=""))
    assert edits(found) == [Move(section=se(5), after=se(3)), Move(section=se(8), after=se(3))]


# -- what is no text --------------------------------------------------------------------------------------------------


def test_a_change_in_what_our_files_print_around_the_text_is_on_the_review_list() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="Masthead"><w:name w:val="Masthead"/></w:style>'
    found = read(p(r("Call for ") + ins("Less "), "Masthead") + body(), styles=styles)
    assert (found.parts, [review.text for review in found.review]) == ((), ["Less"])


def test_a_change_in_a_page_header_is_on_the_review_list() -> None:
    found = read(body(), header=p(ins("Confidential")))
    assert [(review.text, review.why) for review in found.review] == [
        ("Confidential", "It stands in the page's header, which is no part of the text."),
    ]


def test_a_change_in_a_paragraph_that_is_no_section_is_on_the_review_list() -> None:
    strange = p(r("Kindly circulate this by Friday to the ") + ins("whole ") + r("embassy, as discussed."))
    found = read(strange + body())
    assert [(review.place, review.author) for review in found.review] == [("paragraph 1", "Jane")]
    assert counted(found) == {"review": 1}


def test_a_change_of_a_table_row_is_a_change_of_its_paragraphs() -> None:
    row = '<w:trPr><w:del w:id="5" w:author="Jane" w:date="2026-03-03T10:00:00Z"/></w:trPr>'
    table = f"<w:tbl><w:tr>{row}<w:tc>{p(PRINTED[8])}</w:tc></w:tr></w:tbl>"
    assert edits(read(body(p8=table))) == [Delete(section=se(8))]


def test_word_2010_files_full_of_noise_are_read_alike() -> None:
    noisy = (
        '<w:p w:rsidR="00A1" w:rsidRDefault="00A2"><w:bookmarkStart w:id="3" w:name="_GoBack"/>'
        '<w:proofErr w:type="spellStart"/>'
        f'{r("OP")}{r("1")}<w:r><w:tab/></w:r>{r("Sta")}<w:proofErr w:type="spellEnd"/>{r("tes ")}'
        f'{dele("sh")}{dele("all")}<w:bookmarkEnd w:id="3"/>{ins("sho")}{ins("uld")}'
        '<w:smartTag w:uri="urn:x" w:element="y"><w:smartTagPr/>' + r(" take") + "</w:smartTag>"
        "<w:sdt><w:sdtContent>" + r(" [appropriate]") + "</w:sdtContent></w:sdt>"
        f"<w:r><w:lastRenderedPageBreak/></w:r>{r(' measures to ')}<w:r><w:softHyphen/></w:r>"
        f"{r('protect migrants.')}</w:p>"
    )
    found = read(body(p4=noisy))
    assert edits(found) == [
        Replace(section=se(4), text="States should take [appropriate] measures to protect migrants.")
    ]
    assert counted(found) == {"proposed": 4}


# -- comments ---------------------------------------------------------------------------------------------------------


def test_a_comment_is_on_the_words_that_it_quotes() -> None:
    content = body(p2=p(r("PP1\t") + r("Recalling", "i") + r(" the ") + on(0, "dignity of") + r(" every migrant,")))
    (note,) = read(content, comments=comment(0, "Whose?")).notes
    assert (note.section, note.quote) == (se(2), ("dignity of", 16, 26))
    assert TEXT[1].text[16:26] == "dignity of"
    assert (note.comment.author, note.comment.initials, note.comment.body) == ("Jane", "J", "Whose?")


def test_replies_and_done_threads_are_known_by_the_extended_part() -> None:
    content = body(p8=p(r("OP3\tStates ") + on(0, on(1, "may")) + r(" ask for assistance.")))
    said = comment(0, "Why may?") + comment(1, "Since they can.", "Bo", "B")
    first, reply = read(content, comments=said, commentsExtended=thread(0, done=True) + thread(1, 0)).notes
    assert (first.comment.resolved, first.comment.reply_to) == (True, None)
    assert (reply.comment.reply_to, reply.section, reply.comment.author) == ("0", se(8), "Bo")


def test_without_the_extended_part_there_are_comments_and_no_replies() -> None:
    content = body(p8=p(r("OP3\tStates ") + on(0, on(1, "may")) + r(" ask for assistance.")))
    notes = read(content, comments=comment(0, "Why may?") + comment(1, "Since they can.")).notes
    assert [(note.comment.reply_to, note.section, note.comment.resolved) for note in notes] == [
        (None, se(8), False),
        (None, se(8), False),
    ]


def test_replies_in_a_circle_are_no_replies() -> None:
    content = body(p8=p(r("OP3\t") + on(0, on(1, "States")) + r(" may ask for assistance.")))
    extended = thread(0, 1) + thread(1, 0)
    notes = read(content, comments=comment(0, "A") + comment(1, "B"), commentsExtended=extended).notes
    assert [note.comment.reply_to for note in notes] == ["1", None]


def test_a_comment_on_a_new_paragraph_is_about_what_proposes_it() -> None:
    found = read(body() + p(on(0, ins("States shall sing.")), mark="ins"), comments=comment(0, "Loudly."))
    (note,) = found.notes
    assert (note.section, note.part) == (None, 0)


def test_a_comment_on_new_words_is_on_their_section() -> None:
    content = body(p8=p(r("OP3\tStates may ") + on(0, ins("always ")) + r("ask for assistance.")))
    (note,) = read(content, comments=comment(0, "Always?")).notes
    assert (note.section, note.quote) == (se(8), None)


def test_a_comment_that_stands_nowhere_is_on_the_review_list() -> None:
    found = read(body(), comments=comment(0, "Where am I?"))
    assert [(review.text, review.author) for review in found.review] == [("Where am I?", "Jane")]


# -- somebody accepted all --------------------------------------------------------------------------------------------


def test_a_file_in_which_all_was_accepted_is_compared_with_the_text() -> None:
    said = p("OP1\tStates should take [appropriate] measures to protect migrants.")
    found = read(body(p4=said, p8="") + p("States shall sing of the measures that they took."))
    assert found.untracked
    assert bare(edits(found, None)) == [
        Replace(section=se(4), text="States should take [appropriate] measures to protect migrants."),
        Add(
            after=se(7),
            section_kind=SectionKind.SUBPARAGRAPH,
            level=2,
            text="States shall sing of the measures that they took.",
        ),
        Delete(section=se(8)),
    ]


def test_what_was_typed_with_tracking_off_is_told_apart_from_what_was_tracked() -> None:
    said = p(
        r("OP1\tStates shall take all [appropriate] measures to ") + dele("protect") + ins("help") + r(" migrants.")
    )
    found = read(body(p4=said))
    assert not found.untracked
    assert edits(found) == [Replace(section=se(4), text="States shall take [appropriate] measures to help migrants.")]
    assert edits(found, None) == [
        Replace(section=se(4), text="States shall take all [appropriate] measures to protect migrants.")
    ]


# -- our own files ----------------------------------------------------------------------------------------------------

AT = datetime(2026, 10, 1, 9, tzinfo=UTC)
ISSUED = datetime(2026, 11, 28, 14, 55, tzinfo=UTC)
AUTHORS = {"ARV": Author("Arvenia", "ARV"), "BOR": Author("Borland", "BOR")}
OURS = Stamps(
    frozenset({"arvenia", "borland", "arv", "secretariat (compilation)"}), frozenset(map(timestamp, (AT, ISSUED)))
)


@pytest.fixture
def compilation(masthead: Masthead) -> bytes:
    proposals = [
        Proposal(
            "am_1",
            "ARV-1",
            ("ARV",),
            (Replace(section=se(4), text="States should take [appropriate] measures to protect all migrants."),),
        ),
        Proposal("am_2", "BOR-1", ("BOR",), (Delete(section=se(8)),)),
        Proposal(
            "am_3",
            "BOR-2",
            ("BOR",),
            (Add(after=se(5), section=se(20), section_kind=OPERATIVE, level=1, text="States shall sing."),),
        ),
        Proposal("am_4", "ARV-2", ("ARV",), (Move(section=se(2), after=se(3)),)),
    ]
    threads = [
        Thread(
            (Said(AUTHORS["ARV"], AT, "Why so late?"), Said(AUTHORS["BOR"], AT, "Because.")),
            section=se(5),
            place=(13, 19),
            resolved=True,
        )
    ]
    signatures = Signatures(AUTHORS, {proposal.amendment: AT for proposal in proposals})
    return compiled(laid(TEXT, proposals), masthead, signatures, threads)


def test_a_clean_file_of_ours_comes_back_with_nothing(masthead: Masthead) -> None:
    found = understand(clean(TEXT, masthead), TEXT, OURS)
    assert (found.parts, found.notes, found.review, found.sure) == ((), (), (), 1.0)


def test_a_redline_of_ours_is_in_the_text_already(masthead: Masthead) -> None:
    old = tuple(one for one in TEXT if one.section != se(6))
    changes = compare(old, TEXT, exact=True)
    content = redline(old, changes, masthead, lambda _: Signed("ARV, BOR", AT))
    stamps = Stamps(frozenset({"arv", "bor"}), OURS.dates)
    found = understand(content, TEXT, stamps)
    assert (found.parts, found.review, found.untracked, set(counted(found))) == ((), (), False, {"printed"})


def test_a_compilation_of_ours_is_known_by_its_names_and_dates(compilation: bytes) -> None:
    found = understand(compilation, TEXT, OURS)
    assert (found.parts, found.notes, found.review, found.untracked) == ((), (), (), False)
    assert (set(counted(found)), len(found.printed)) == ({"printed"}, 2)


def test_a_compilation_gives_the_same_amendments_and_threads_as_went_into_it(compilation: bytes) -> None:
    found = understand(compilation, TEXT, Stamps())
    assert edits(found, "Arvenia") == [
        Move(section=se(2), after=se(3)),
        Replace(section=se(4), text="States should take [appropriate] measures to protect all migrants."),
    ]
    assert bare(edits(found, "Borland")) == [
        Add(after=se(7), section_kind=OPERATIVE, level=1, text="States shall sing."),
        Delete(section=se(8)),
    ]
    assert [
        (note.comment.author, note.comment.body, note.section, note.quote, note.comment.resolved)
        for note in found.notes
    ] == [
        ("Arvenia", "Why so late?", se(5), ("report", 13, 19), True),
        ("Borland", "Because.", se(5), ("report", 13, 19), found.notes[1].comment.resolved),
    ]
    assert found.review == ()


def test_what_somebody_writes_into_a_compilation_of_ours_is_theirs_alone(compilation: bytes) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(compilation)) as was, zipfile.ZipFile(held, "w") as now:
        for name in was.namelist():
            content = was.read(name)
            if name == "word/document.xml":
                content = content.replace(
                    b"Commitments</w:t></w:r>", b"Commitments</w:t></w:r>" + ins(" made").encode()
                )
            now.writestr(name, content)
    found = understand(held.getvalue(), TEXT, OURS)
    assert [(part.author, part.edits) for part in found.parts] == [
        ("Jane", (Replace(section=se(3), text="Commitments made"),))
    ]


@st.composite
def revisions(draw: st.DrawFn) -> Manifest:
    """The text as somebody would have it: words changed, paragraphs gone, new, and moved with what is under them."""
    lines = [one for one in TEXT if one.level == 0 or draw(st.booleans())]
    changed = [replace(one, text=draw(st.sampled_from(rewordings(one.text)))) for one in lines]
    for number in range(draw(st.integers(0, 2))):
        at = draw(st.sampled_from(free(changed)))
        changed.insert(at, line(30 + number, OPERATIVE, 1, "", f"States shall consider matter {number}."))
    if draw(st.booleans()) and (single := [one for one in changed if one.section in {se(4), se(8)}]):
        changed.remove(single[0])
        changed.insert(draw(st.sampled_from(free(changed))), single[0])
    return tuple(changed)


def free(lines: list[Line]) -> list[int]:
    """Where a paragraph may stand: not between another and what is under that."""
    return [at for at in range(1, len(lines) + 1) if at == len(lines) or lines[at].level <= 1]


def rewordings(text: str) -> list[str]:
    return [text, text, text.replace("shall", "should"), text.replace("States", "All *States*"), f"{text} Always."]


@settings(max_examples=60, deadline=None)
@given(revisions())
def test_what_is_read_from_a_redline_makes_the_new_text_of_the_old(masthead: Masthead, new: Manifest) -> None:
    content = redline(TEXT, compare(TEXT, new, exact=True), masthead, lambda _: Signed("Jane", AT))
    found = understand(content, TEXT, Stamps())
    minted = (
        edit.model_copy(update={"section": se(90 + number)}) if isinstance(edit, Add) else edit
        for number, edit in enumerate(edits(found))
    )
    assert found.review == ()
    made = [one.text for one in apply(TEXT, tuple(minted)) if not one.deleted]
    assert made == [one.text for one in new]


# -- everything is accounted for --------------------------------------------------------------------------------------

WORDS = ["shall", "may", "report", "(a) ", " ", "measures ", "to", "", "OP1\t", "States shall report every year "]
HANDS: list[Callable[[str, str], str]] = [
    lambda text, _: r(text),
    lambda text, by: ins(text or " ", by),
    lambda text, by: dele(text or " ", by),
    lambda text, by: ins(r(text) + dele(text, "Bo"), by),
    lambda text, by: dele(dele(text, by), "Cy"),
    lambda text, by: r(text, "b", was="i", by=by),
    lambda text, by: f"<w:moveFrom {{}} w:id='9' w:author='{by}'>{r(text)}</w:moveFrom>".replace(" {}", ""),
]
RUN = st.builds(
    lambda hand, text, by: hand(text, by),
    st.sampled_from(HANDS),
    st.sampled_from(WORDS),
    st.sampled_from(["Ann", "Bo", ""]),
)
PARAGRAPH = st.builds(
    lambda runs, mark, by: p("".join(runs), mark=mark, by=by),
    st.lists(RUN, max_size=5),
    st.sampled_from(["", "", "", "ins", "del", "moveFrom", "moveTo"]),
    st.sampled_from(["Ann", "Bo"]),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.one_of(PARAGRAPH, st.sampled_from([p(text) for text in PRINTED.values()])), max_size=8))
def test_every_tracked_change_is_accounted_for_once(paragraphs: list[str]) -> None:
    content = "".join(paragraphs)
    found = read(content)
    tracked = sum(content.count(f"<w:{tag} ") for tag in ("ins", "del", "moveFrom", "moveTo", "rPrChange"))
    assert len(found.outcomes) == sum(found.account.values()) == tracked
    proposed = [number for part in found.parts for number in part.changes]
    assert {number for number, outcome in found.outcomes.items() if outcome is Outcome.PROPOSED} == set(proposed)
    reviewed = {number for review in found.review for number in review.changes}
    assert reviewed == {number for number, outcome in found.outcomes.items() if outcome is Outcome.REVIEW}
