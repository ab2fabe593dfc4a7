"""What an author of a marked-up file proposes is read from its runs, its paragraph marks and its moves."""

from drafting.protocol.edits import Add, Delete, Merge, Move, Replace, Split
from drafting.protocol.words import SectionKind
from drafting.word.understanding import Stamps, understand
from tests.word.marking import dele, file, ins, moved, p, r
from tests.word.returned import OPERATIVE, PRINTED, bare, body, counted, edits, line, read, se

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
