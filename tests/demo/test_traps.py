"""What makes a negotiation hard is all there, as the demonstration's files say."""

from collections import Counter

from drafting.protocol.edits import Term
from drafting.protocol.views import AmendmentView
from tests.demo.played import Played


def named(played: Played, label: str, handle: str = "secretariat") -> AmendmentView:
    return next(amendment for amendment in played.seen_by(handle).amendments if amendment.label == label)


def of(played: Played, code: str, op: str, symbol: str = "BP/CfA") -> list[AmendmentView]:
    """The delegation's amendments of the last round that do such a thing."""
    ours = played.in_the_last_round(symbol=symbol)
    return [one for one in ours if one.delegation == code and any(edit.op == op for edit in one.revision.edits)]


def test_eight_delegations_and_a_bloc_have_nine_wordings_of_one_sentence(played: Played) -> None:
    passages = [piece for piece in played.compiled("OP53").pieces if not isinstance(piece, str)]
    held = {wording.text: wording.delegations for passage in passages for wording in passage.wordings}
    assert {code for codes in held.values() for code in codes} >= {
        *("ARV", "BOR", "CAL", "GAV", "HES", "JAS", "KEL", "NC", "QUA")
    }
    assert held["15 days"] == ["BOR"]
    assert held["[20] days"] == ["QUA"]
    assert sorted(held["30 days"]) == ["CAL", "HES", "MER", "PEL"]


def test_a_bloc_speaks_and_a_member_of_it_says_otherwise(played: Played) -> None:
    (bloc,) = [one for one in played.in_the_last_round() if one.delegation == "NC"]
    assert bloc.sponsors == ["NC", "ELD", "LOR", "ROS"]
    theirs = [one for one in played.seen_by("observer").positions if one.amendment == bloc.id]
    assert [(one.delegation, one.stand) for one in theirs] == [("BOR", "support")]
    texts = {one.delegation: one.revision.edits[0] for one in played.in_the_last_round() if one.touches == bloc.touches}
    assert texts["BOR"] != texts["NC"]


def test_identical_proposals_know_each_other_at_the_desk(played: Played) -> None:
    labels = {one.id: one.label for one in played.seen_by("secretariat").amendments}
    section = next(row for row in played.desk().sections if row.section.label == "OP20")
    delegations = {labels[x.amendment][:3]: [labels[twin][:3] for twin in x.twins] for x in section.proposals}
    assert (delegations["TAV"], delegations["PHA"], delegations["KEL"]) == (["PHA"], ["TAV"], [])


def test_new_paragraphs_are_12_bis_and_12_ter_beside_two_alternatives_of_the_whole(played: Played) -> None:
    added = [row.section for row in played.compilation().sections if row.added_by]
    labels = {section.text.split(";")[0]: section.label for section in added}
    assert [label for text, label in labels.items() if text.startswith("*Agree* to name in each of our States")] == [
        "OP12bis"
    ]
    assert [label for text, label in labels.items() if text.startswith("*Agree also* to publish each year")] == [
        "OP12ter"
    ]
    assert "OP12 alt" in labels.values()
    twelve = played.section("OP12").id
    for code in ("MER", "SOR"):
        (alternative,) = of(played, code, "add")
        assert getattr(alternative.revision.edits[0], "alternative_to", None) == twelve


def test_three_whole_paragraphs_on_early_warning_stand_side_by_side(played: Played) -> None:
    assert played.section("OP34").text.startswith("[*Decide also* to examine")
    assert played.section("OP34 alt").text.startswith("[*Decide also* to set up, within [two] years,")
    assert played.compiled("OP34 alt 2").section.text.startswith("*Decide also* to try out")


def test_there_are_moves_a_merge_of_two_a_split_a_term_and_deletions(played: Played) -> None:
    (moved,), (other,) = of(played, "UMB", "move"), of(played, "VES", "move")
    assert [edit.op for edit in moved.revision.edits + other.revision.edits] == ["move", "move"]
    assert len(of(played, "WEX", "merge")) == len(of(played, "WEL", "merge")) == 1
    assert len(of(played, "HES", "split")) == 1
    (term,) = of(played, "XAN", "term")
    (edit,) = term.revision.edits
    assert isinstance(edit, Term)
    assert (edit.old, edit.new) == ("countries of transit", "countries along the routes")
    assert len(term.touches) == 2
    assert {one.delegation for code in ("BOR", "DUM", "NET", "ROS") for one in of(played, code, "delete")} == {
        *("BOR", "DUM", "NET", "ROS")
    }


def test_the_three_blocks_are_regrouped_into_six_goals_by_a_proposal_and_by_a_text_of_the_chairs(
    played: Played,
) -> None:
    headings = [row.section.text for row in played.compilation().sections if row.section.text.startswith("Goal ")]
    assert headings == [
        "Goal 2: Conditions in countries of origin",
        "Goal 4: Borders, and the fight against smuggling and trafficking",
        "Goal 6: Return and reintegration",
    ]
    (proposal,) = of(played, "ULV", "move")
    assert Counter(edit.op for edit in proposal.revision.edits) == {"replace": 3, "add": 3, "move": 17}
    assert proposal.sponsors == ["ULV", "TOL"]
    (text,) = [version for version in played.seen_by("bor").versions if version.standing == "proposal"]
    assert text.name == "Chair's text"
    for handle, told in (("ulv", True), ("chair", True), ("arv", False), ("observer", False)):
        assert any(version.name == "Chair's text" for version in played.seen_by(handle).versions) is told


def test_positions_support_refuse_and_reserve_and_each_has_its_audience(played: Played) -> None:
    everyone = [one for one in played.seen_by("observer").positions if one.stands]
    assert {one.stand for one in everyone} == {"support", "cannot_accept", "reserve", "flexible", "retain"}
    assert {one.reservation for one in everyone} == {None, "general", "scrutiny", "placement"}
    assert sorted(one.delegation for one in everyone if one.reservation == "placement") == ["FEN", "HES"]
    assert [one.capacity for one in everyone if one.delegation == "VAR"] == ["note_taker"]
    private = {
        "chair": "For the Chair alone: Gavelor can live with this if paragraph 50 is kept as it is.",
        "secretariat": "Not to be announced before Quarvane's own figure is dealt with.",
        "arv": "The Ministry of Justice has not answered yet; not to be spoken of.",
    }
    for handle in (*private, "observer", "bor"):
        notes = {one.note for one in played.seen_by(handle).positions}
        assert (private["arv"] in notes) is (handle == "arv")
        assert (private["chair"] in notes) is (handle == "chair")
        assert (private["secretariat"] in notes) is (handle == "secretariat")


def test_what_a_clerk_has_drafted_is_tabled_by_the_head_or_stays_internal(played: Played) -> None:
    internal = [one.label for one in played.seen_by("arv").amendments if one.state == "internal"]
    assert internal == ["ARV draft 2", "CG1 draft 2"]
    cleared = next(one for one in played.in_the_last_round() if one.revision.by == "arv3")
    assert (cleared.delegation, cleared.state) == ("ARV", "tabled")
    for handle in ("secretariat", "chair", "observer", "cal"):
        assert not any(one.state == "internal" for one in played.seen_by(handle).amendments)


def test_the_drafting_group_keeps_its_sketch_and_its_talk_and_reports_one_text_back(played: Played) -> None:
    (reported,) = [one for one in played.in_the_last_round("observer") if one.group == "CG1"]
    assert (reported.label, reported.sponsors) == ("CG1-1", ["ARV", "FEN", "ILM", "LOR"])
    for handle, inside in (("gav", True), ("lor2", True), ("secretariat", False), ("chair", False), ("cal", False)):
        seen = played.seen_by(handle)
        assert any(one.label == "CG1 draft 2" for one in seen.amendments) is inside
        assert sum(one.group == "CG1" for one in seen.comments) == (3 if inside else 0)


def test_paragraphs_are_agreed_ad_referendum_in_informals_and_but_for_their_place(played: Played) -> None:
    labels = {section.id: section.label for section in played.seen_by("observer").sections}
    given = {labels[one.section]: one for one in played.seen_by("observer").statuses}
    assert {label: (one.status, one.awaiting, one.placement_pending) for label, one in given.items()} == {
        "OP10": ("agreed", [], False),
        "OP46": ("agreed_ad_referendum", ["QUA", "ZOR"], False),
        "OP29(a)": ("agreed_in_informals", [], False),
        "OP57": ("agreed", [], True),
    }


def test_objections_have_made_a_bracket_and_the_chair_has_decided_over_another_on_the_record(played: Played) -> None:
    decisions = [one for one in played.seen_by("observer").decisions if one.objections]
    assert [(one.outcome, one.objections, one.capacity) for one in decisions] == [
        ("incorporate", ["BOR"], "chair"),
        ("bracket", ["QUA"], "secretary"),
    ]
    assert all(one.reason for one in decisions)
    assert "[that the person detained can ask for at any time]" in played.section("OP39").text


def test_parked_amendments_and_what_was_not_taken_of_one_are_carried_to_the_third_round(played: Played) -> None:
    carried = {one.label: one for one in played.compilation().carried}
    assert set(carried) >= {"ARV-5", "BOR-5", "CAL-5", "MER-1"}
    assert "freedom of expression and to the protection of personal data;" in played.section("OP44").text
    held = [w for piece in played.compiled("OP44").pieces if not isinstance(piece, str) for w in piece.wordings]
    assert [wording.delegations for wording in held if "of financial services" in wording.text] == [["MER"]]


def test_proposals_that_came_late_were_admitted_or_stayed_outside(played: Played) -> None:
    assert (named(played, "PEL-1").late, named(played, "RAV-1").late) == (True, False)
    assert "the early provision of care" in played.section("OP58").text


def test_the_note_taker_has_entered_proposals_from_the_floor_by_mail_and_from_word(played: Played) -> None:
    entered = [one for one in played.seen_by("secretariat").amendments if one.entry]
    assert {one.delegation: (one.entry.source, one.entry.confirmed) for one in entered if one.entry} == {
        "XAN": ("floor", True),
        "PEL": ("floor", False),
        "ORL": ("floor", False),
        "YSA": ("email", False),
        "ZOR": ("word", True),
    }
    assert next(one.sponsors for one in entered if one.delegation == "PEL") == ["PEL", "SYL"]


def test_proposals_were_revised_withdrawn_superseded_joined_and_left(played: Played) -> None:
    ours = played.in_the_last_round()
    assert [one.delegation for one in ours if len(one.revisions) == 2] == ["TOL"]
    assert sorted(one.delegation for one in ours if one.state == "withdrawn") == ["SYL", "WEL"]
    (old,) = [one for one in ours if one.state == "superseded"]
    assert next(one for one in ours if one.id == old.superseded_by).delegation == "FEN"
    assert sum(len(one.sponsors) > 1 for one in ours) == 7


def test_numbers_and_words_stand_in_brackets_within_brackets(played: Played) -> None:
    assert "[at least [40,000] [60,000]] [up to 20,000]" in played.section("OP13").text
    assert "[[15] [30] days] [a reasonable time]" in played.section("OP53").text
    held = [w for piece in played.compiled("OP17").pieces if not isinstance(piece, str) for w in piece.wordings]
    assert ["DUM"] in [wording.delegations for wording in held]


def test_threads_quote_words_and_some_are_settled(played: Played) -> None:
    comments = played.seen_by("observer").comments
    assert sum(one.target is not None for one in comments) >= 7
    assert sum(one.reply_to is not None for one in comments) >= 9
    assert sum(one.resolved for one in comments) == 2
    mine = "Last line of the capital: thirty days"
    for handle in ("arv", "bor", "secretariat", "chair", "observer"):
        told = any(one.body.startswith(mine) for one in played.seen_by(handle).comments)
        assert told is (handle == "arv")


def test_the_memorandum_has_sixteen_articles_and_a_signature_for_each_of_six_parties(played: Played) -> None:
    sections = played.seen_by("observer", "BP/MoU").sections
    assert [one.label for one in sections if one.kind == "article"] == [f"Article {n}" for n in range(1, 17)]
    signed = [one.text for one in sections if one.kind == "signature"]
    assert sum(text.startswith("For the Government of the ") for text in signed) == 6
    assert [(one.label, one.text[:9]) for one in sections if one.label.startswith("9(1)")] == [
        ("9(1)", "[No text."),
        ("9(1) alt", "[The Part"),
        ("9(1) alt 2", "[The Part"),
        ("9(1) alt 3", "[Each Par"),
    ]
    assert played.section("2(c)", "BP/MoU").text.endswith(
        "[, including personal data [of suspects] [of suspects and of witnesses]];"
    )


def test_the_memorandum_is_negotiated_in_writing_and_what_is_submitted_is_held(played: Played) -> None:
    (written,) = played.seen_by("observer", "BP/MoU").rounds
    assert (written.mode, written.procedure, written.state) == ("held", "written", "open")
    ours = played.in_the_last_round("secretariat", "BP/MoU")
    assert len(ours) == 14
    assert {one.delegation for one in ours} == {"ARV", "CAL", "GAV", "HES", "ILM", "PHA"}
    assert sorted(one.delegation for one in ours if one.late) == ["GAV", "PHA"]
    assert not any(one.circulated for one in ours)
    for handle, seen in (("arv", 2), ("gav", 3), ("bor", 0), ("chair", 0), ("observer", 0)):
        assert len(played.in_the_last_round(handle, "BP/MoU")) == seen


def test_experts_speak_without_names(played: Played) -> None:
    seen = played.seen_by("observer", "BP/CfA/IP")
    assert seen.document.unnamed
    assert [one.label for one in seen.amendments] == ["P1", "P2", "P3", "P4", "P5"]
    said = seen.model_dump_json()
    assert not any(f'"{name}"' in said for name in ("NOV", "OST", "BOR", "CAL", "TAV", "nov", "ost", "bor", "tav"))


def test_some_paragraphs_stand_in_russian_and_in_arabic(played: Played) -> None:
    for symbol, language, word in (("BP/CfA/RU", "ru", "*Обязуемся* "), ("BP/CfA/AR", "ar", "*نلتزم* ")):
        seen = played.seen_by("observer", symbol)
        assert seen.document.language == language
        labels = [one.label for one in seen.sections if one.label]
        assert labels == ["PP1", "PP2", "PP3", "OP1", "OP2", "OP4", "OP5", "OP6"]
        assert played.section("OP1", symbol).text.startswith(word)


def test_the_calendar_lists_the_meetings_that_the_rounds_are_named_after(played: Played) -> None:
    meetings = {one.text for one in played.seen_by("observer", "BP/CAL").sections if one.kind == "operative"}
    assert len(meetings) == 17
    assert meetings >= {
        "27 and 28 November 2017, Istanbul: first preparatory meeting, which had a day and a half for the draft text;",
        "March 2018, place to be announced: second preparatory meeting;",
        "June 2018, to be announced: third preparatory meeting;",
        "September 2018, to be announced: expert level consultation;",
        "6 and 7 March 2017, Tehran: next drafting round on the Memorandum of Understanding;",
    }
