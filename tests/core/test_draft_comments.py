"""Comments on words of a working draft, which move with the words."""

from typing import Any

import pytest

from drafting.crdt.replica import DraftedLine, SetOutline, SetText
from drafting.protocol.views import PlacedQuoteView, WorkingTextView
from drafting.protocol.words import SectionKind
from drafting.queries.working_text import working_text
from tests.casting import Cast

NEW = "se_" + "9" * 26


def text(room: Cast, handle: str, draft: str) -> WorkingTextView:
    who = room.reader(handle)
    return room.house.database.read(lambda tx: working_text(tx, who, draft))


def quoting(room: Cast, draft: str, quote: str, **more: Any) -> dict[str, Any]:
    """Give what a comment on these words of OP1 says."""
    section = more.get("section", room.sections[5])
    start = next(line.text for line in text(room, "arv", draft).lines if line.section == section).index(quote)
    target = {"quote": quote, "start": start, "end": start + len(quote)}
    said = {"draft": draft, "section": section, "target": target, "audience": "own", "body": "Are we sure?"}
    return {**said, **more}


def placed(room: Cast, draft: str, handle: str = "arv") -> PlacedQuoteView:
    (one,) = text(room, handle, draft).comments
    return one


@pytest.fixture
def draft(room: Cast) -> str:
    return room.working("clerk")


def test_a_comment_moves_with_its_words(room: Cast, draft: str) -> None:
    made = room.do("clerk", "post_comment", **quoting(room, draft, "appropriate measures")).made["comment"]
    one = placed(room, draft)
    assert (one.comment, one.section, one.quote, one.start, one.orphaned) == (
        made,
        room.sections[5],
        "appropriate measures",
        18,
        False,
    )
    long = "Élan 👍: all States shall take appropriate new measures to protect migrants in transit."
    room.type_in(draft, SetText(room.sections[5], long))
    one = placed(room, draft)
    assert (one.was, one.quote) == ("appropriate measures", "appropriate new measures")
    assert long[one.start : one.end] == "appropriate new measures"


def test_when_its_words_are_gone_it_is_an_orphan_that_quotes_them(room: Cast, draft: str) -> None:
    room.do("clerk", "post_comment", **quoting(room, draft, "appropriate measures"))
    room.type_in(draft, SetText(room.sections[5], "States shall protect migrants in transit."))
    one = placed(room, draft)
    assert (one.orphaned, one.was, one.quote, one.start, one.end) == (True, "appropriate measures", None, None, None)


def test_a_comment_is_shown_with_what_a_browser_finds_its_words_by(room: Cast, draft: str) -> None:
    room.do("clerk", "post_comment", **quoting(room, draft, "measures"))
    (comment,) = room.snapshot("arv").comments
    assert comment.target is None
    assert comment.drafted is not None
    assert (comment.drafted.draft, comment.drafted.quote, comment.drafted.start) == (draft, "measures", 30)
    assert comment.drafted.anchor == placed(room, draft).anchor
    assert len(set(comment.drafted.anchor)) == 2


def test_a_new_section_is_commented_on_too_and_a_thread_that_is_resolved_is_not_shown(room: Cast, draft: str) -> None:
    room.type_in(draft, DraftedLine(NEW, SectionKind.OPERATIVE, 1, "zz", "What we add."))
    made = room.do("clerk", "post_comment", **quoting(room, draft, "add", section=NEW)).made["comment"]
    assert (placed(room, draft).section, placed(room, draft).quote) == (NEW, "add")
    room.do("arv", "resolve_comment", comment=made)
    assert text(room, "arv", draft).comments == []


def test_words_that_do_not_stand_there_are_not_quoted(room: Cast, draft: str) -> None:
    said = quoting(room, draft, "measures")
    room.type_in(draft, SetText(room.sections[5], "States shall act."))
    assert room.code("clerk", "post_comment", **said) == "stale"
    assert room.code("clerk", "post_comment", **{**said, "section": "se_" + "7" * 26}) == "unknown_section"
    wrong = {"quote": "States", "start": 0, "end": 5}
    assert room.code("clerk", "post_comment", **{**said, "target": wrong}) == "stale"


def test_nobody_is_told_of_a_private_draft_by_a_comment(room: Cast, draft: str) -> None:
    for audience in ("all", "secretariat"):
        said = quoting(room, draft, "measures", audience=audience)
        assert room.code("clerk", "post_comment", **said) == "not_permitted"
    assert room.code("bor", "post_comment", **quoting(room, draft, "measures")) == "unknown"
    room.do("clerk", "post_comment", **quoting(room, draft, "measures"))
    assert [len(room.snapshot(who).comments) for who in ("arv", "sec", "bor")] == [1, 0, 0]


def test_on_the_screen_everybody_comments_for_whom_they_like(room: Cast) -> None:
    screen = room.working("notes")
    room.do("bor", "post_comment", **quoting(room, screen, "measures", audience="all"))
    assert placed(room, screen, "cal").quote == "measures"
    room.do("bor", "post_comment", **quoting(room, screen, "migrants"))
    assert len(text(room, "bor", screen).comments) == 2
    assert placed(room, screen, "cal").quote == "measures"


def test_in_a_closed_group_one_comments_for_the_group_or_for_ones_own_side(room: Cast) -> None:
    room.do("chair", "found_group", code="CG1", name="Friends of OP1", members=["ARV", "BOR"])
    draft = room.working("bor", group="CG1")
    room.do("clerk", "post_comment", **quoting(room, draft, "measures", audience="group", group="CG1"))
    room.do("clerk", "post_comment", **quoting(room, draft, "migrants"))
    assert [len(text(room, who, draft).comments) for who in ("arv", "bor")] == [2, 1]
    assert room.code("clerk", "post_comment", **quoting(room, draft, "transit", audience="all")) == "not_permitted"


@pytest.mark.parametrize("without", ["section", "target"])
def test_a_comment_on_a_draft_quotes_words_of_a_section(room: Cast, draft: str, without: str) -> None:
    said = quoting(room, draft, "measures")
    del said[without]
    with pytest.raises(ValueError, match="quotes words of one of its sections"):
        room.envelope("clerk", "post_comment", **said)


def test_words_of_a_draft_are_not_carried_to_versions(room: Cast, draft: str) -> None:
    room.do("clerk", "post_comment", **quoting(room, draft, "measures"))
    room.type_in(draft, SetOutline(room.sections[5], removed=True))
    assert placed(room, draft).quote == "measures"
    assert room.verify().findings == []
