"""What of a marked-up file is no text, its comments, and a file in which somebody accepted all."""

from drafting.protocol.edits import Add, Delete, Replace
from drafting.protocol.words import SectionKind
from tests.word.marking import comment, dele, ins, on, p, r, thread
from tests.word.returned import PRINTED, TEXT, bare, body, counted, edits, read, se

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
