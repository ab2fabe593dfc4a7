"""Marked-up files: their comments, the text they are read against, our own files, and many at once."""

import io
import re
import zipfile
from typing import Any

import pytest

from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.words import CommentAudience
from drafting.queries.exporting import ExportForm, Wanted, exported
from tests.casting import TEXT, Cast, replace
from tests.core.sending import amendments, labels, marked, one, op3, op4, send, states
from tests.word.marking import comment, declared, dele, file, ins, on, p, r, thread

# -- comments ---------------------------------------------------------------------------------------------------------


def with_thread(room: Cast, by: str = "Jane") -> bytes:
    said = comment(0, "Why may?", by) + comment(1, "Since they can.", by)
    here = p(r("OP3\tStates ") + on(0, on(1, "may")) + r(" ask for assistance."))
    return marked(room, {9: here}, comments=said, commentsExtended=thread(0, done=True) + thread(1, 0))


def test_comments_become_threads_on_the_quoted_words_for_the_side_and_the_secretariat(room: Cast) -> None:
    view = one(room, "arv", with_thread(room), take=True)
    assert states(view) == ["taken", "taken"]
    first, reply = room.snapshot("arv").comments
    assert first.target is not None
    assert (first.body, first.section, first.target.quote, first.resolved) == (
        "Why may?",
        room.sections[9],
        "may",
        True,
    )
    assert (reply.reply_to, reply.body) == (first.id, "Since they can.")
    assert room.snapshot("bor").comments == []
    assert len(room.snapshot("notes").comments) == 2


def test_comments_may_be_for_everyone(room: Cast) -> None:
    one(room, "arv", with_thread(room), take=True, audience=CommentAudience.ALL)
    assert len(room.snapshot("bor").comments) == 2


def test_a_note_taker_says_in_whose_name_a_comment_is(room: Cast) -> None:
    content = with_thread(room)
    one(room, "notes", content, "BOR", take=True)
    assert [said.body for said in room.snapshot("sec").comments] == ["BOR: Why may?", "BOR: Since they can."]
    assert states(one(room, "notes", content, "BOR")) == ["standing", "standing"]


def test_a_comment_on_a_new_paragraph_is_on_the_amendment_that_adds_it(room: Cast) -> None:
    new = p(r("OP3\tStates may ask for assistance."), mark="ins") + p(on(0, ins("States shall give it.")))
    view = one(room, "arv", marked(room, {9: new}, comments=comment(0, "Gladly.")), take=True)
    assert states(view) == ["taken", "taken"]
    (said,) = room.snapshot("arv").comments
    assert said.amendment == room.snapshot("arv").amendments[0].id


# -- against which text -----------------------------------------------------------------------------------------------


def test_a_file_that_does_not_say_where_it_is_from_is_placed_by_its_words(room: Cast) -> None:
    view = one(room, "arv", marked(room, {9: op3()}, said=False))
    assert (view.declared, view.version, view.sure, states(view)) == (False, room.version, 1.0, ["ready"])


def test_a_file_that_names_a_version_but_another_hash_is_placed_by_its_words(room: Cast) -> None:
    custom = declared(room.document, room.version, "0" * 64)
    view = one(room, "arv", file("".join(p(text.replace("*", "")) for _, _, _, text in TEXT), custom))
    assert (view.declared, view.version, view.code) == (False, room.version, None)


def test_a_file_of_another_document_and_a_strange_file_are_refused(room: Cast) -> None:
    custom = declared("do_" + "0" * 26, room.version, "x")
    assert one(room, "arv", file(p("Call for Action"), custom)).code == "file_unrelated"
    assert one(room, "arv", file(p("A recipe for soup"))).code == "file_unrelated"


def test_a_compilation_that_is_for_reading_is_refused(room: Cast) -> None:
    custom = declared(room.document, room.version, "0" * 64, form="literal")
    assert one(room, "arv", file(p("Call for Action"), custom)).code == "file_unsupported"


def test_a_file_of_an_older_text_is_carried_to_the_one_that_is_negotiated(room: Cast) -> None:
    content = marked(
        room,
        {
            5: p(
                r("OP1\tStates ")
                + dele("shall")
                + ins("will")
                + r(" take appropriate measures to protect migrants in transit.")
            ),
            9: op3(),
        },
    )
    taken = room.table(
        "bor", replace(room.sections[5], "States must take appropriate measures to protect migrants in transit.")
    )
    room.close()
    room.decide(room.sections[5], [taken], "incorporate")
    room.issue()
    room.open(name="Second round")
    view = one(room, "arv", content, take=True)
    first, second = amendments(view)
    assert (first.state, first.code, second.state) == ("refused", "stale", "taken")
    assert [line.place for line in view.review] == ["OP1"]
    assert room.snapshot("arv").amendments[-1].base == room.version


def test_what_was_accepted_untracked_is_offered_and_taken_only_when_named(room: Cast) -> None:
    content = marked(room, {9: p("OP3\tStates should ask for assistance.")})
    view = one(room, "arv", content, take=True)
    assert (view.untracked, states(view), labels(room)) == (True, ["doubtful"], [])
    view = one(room, "arv", content, take=True, only=frozenset({view.items[0].id}))
    assert (states(view), labels(room)) == (["taken"], ["ARV-1"])


# -- what we wrote ourselves ------------------------------------------------------------------------------------------


def export(room: Cast, handle: str, **wanted: Any) -> bytes:
    who = room.reader(handle)
    return room.house.database.read(lambda tx: exported(tx, who, Wanted(**wanted))).write()


def test_our_own_files_come_back_with_nothing(room: Cast) -> None:
    room.table("arv", replace(room.sections[9], "States should ask for assistance."), rationale="Because.")
    room.do("bor", "take_position", amendment=room.snapshot("bor").amendments[0].id, stand="support", note="Yes.")
    room.do("arv", "post_comment", section=room.sections[5], body="Too weak.")
    for form in (ExportForm.CLEAN, ExportForm.REDLINE, ExportForm.COMPILATION):
        view = one(room, "arv", export(room, "arv", form=form), take=True)
        assert (view.items, view.review, view.code, view.sure) == ([], [], None, 1.0), form
    assert labels(room) == ["ARV-1"]


def answering(content: bytes, numbers: list[int]) -> bytes:
    """A file in which Jane has answered comments, in Word."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as was, zipfile.ZipFile(held, "w") as now:
        parts = {name: was.read(name).decode() for name in was.namelist()}
        ids = re.findall(r'w14:paraId="([0-9A-F]{8})"(?:(?!w14:paraId).)*?</w:comment>', parts["word/comments.xml"])
        for number in numbers:
            said = f'w:id="{900 + number}" w:author="Jane" w:date="2026-05-05T00:00:00Z"'
            more = f'<w:comment {said}><w:p w14:paraId="7000000{number}">{r(f"Answer {number}.")}</w:p></w:comment>'
            thread = f'<w15:commentEx w15:paraId="7000000{number}" w15:paraIdParent="{ids[number]}" w15:done="0"/>'
            parts["word/comments.xml"] = parts["word/comments.xml"].replace("</w:comments>", f"{more}</w:comments>")
            extended = parts["word/commentsExtended.xml"]
            parts["word/commentsExtended.xml"] = extended.replace("</w15:commentsEx>", f"{thread}</w15:commentsEx>")
        for name, written in parts.items():
            now.writestr(name, written)
    return held.getvalue()


def test_an_answer_to_a_comment_that_we_printed_goes_to_its_thread(room: Cast) -> None:
    amendment = room.table("bor", replace(room.sections[9], "States should ask."), rationale="Because.")
    said = room.do("bor", "post_comment", section=room.sections[10], body="Too weak.").made["comment"]
    content = answering(export(room, "arv", form=ExportForm.COMPILATION), [0, 1])
    view = one(room, "arv", content, take=True)
    assert states(view) == ["taken", "taken"]
    known = {comment.body: (comment.reply_to, comment.amendment) for comment in room.snapshot("arv").comments}
    assert sorted((known["Answer 0."], known["Answer 1."]), key=str) == sorted(
        [(None, amendment), (said, None)], key=str
    )


def test_a_redline_comes_back_with_nothing(room: Cast) -> None:
    taken = room.table("bor", replace(room.sections[9], "States should ask for assistance."))
    room.close()
    room.decide(room.sections[9], [taken], "incorporate")
    room.issue()
    room.open(name="Second round")
    view = one(room, "arv", export(room, "arv", form=ExportForm.REDLINE), take=True)
    assert (view.items, view.review, view.declared, view.version) == ([], [], True, room.version)
    assert view.account is not None
    assert (view.account.changes, view.account.printed) == (2, 2)


def test_our_own_files_come_back_with_nothing_where_none_is_named(cast: Cast) -> None:
    cast.take_in(unnamed=True)
    cast.open()
    taken = cast.table("arv", replace(cast.sections[9], "States should ask for assistance."), rationale="Because.")
    cast.table("bor", replace(cast.sections[10], "The Secretariat keeps a register."))
    cast.do("bor", "post_comment", section=cast.sections[5], body="Too weak.")
    view = one(cast, "arv", export(cast, "arv", form=ExportForm.COMPILATION), take=True)
    assert (view.items, view.review, view.code) == ([], [], None)
    cast.close()
    cast.decide(cast.sections[9], [taken], "incorporate")
    cast.decide(cast.sections[10], [cast.snapshot("sec").amendments[1].id], "not_retained")
    cast.issue()
    cast.open(name="Second round")
    view = one(cast, "arv", export(cast, "arv", form=ExportForm.REDLINE), take=True)
    assert (view.items, view.review, view.code) == ([], [], None)


# -- a batch ----------------------------------------------------------------------------------------------------------


def test_a_file_that_is_refused_stops_no_other(room: Cast) -> None:
    good, other = marked(room, {9: op3("Arv")}), marked(room, {10: op4("Bor")})
    done = send(room, "sec", good, b"no file at all", b"", other, good, take=True)
    assert [view.code for view in done.files] == [None, "not_word", "file_empty", None, "already_exists"]
    assert labels(room) == ["ARV-1", "BOR-1"]


def test_forty_files_are_one_batch_with_one_list_of_what_to_look_at(room: Cast) -> None:
    strange = p(r("Kindly circulate this to the ") + ins("whole ") + r("embassy by Friday, as discussed."))
    contents = [
        marked(room, {9: p(r("OP3\tStates may ask for assistance") + ins(f" {number} times") + r("."))}, more=strange)
        for number in range(40)
    ]
    sides = [("ARV", "BOR", "CAL")[number % 3] for number in range(40)]
    done = send(room, "notes", *contents, delegations=sides, take=True)
    assert sum(states(view).count("taken") for view in done.files) == 40
    assert [line.file for line in done.review] == [f"file {number}.docx" for number in range(1, 41)]
    assert len(labels(room)) == 40


def test_a_batch_names_one_delegation_or_one_for_each_file(room: Cast) -> None:
    with pytest.raises(Refusal) as refusal:
        send(room, "notes", marked(room, {}), marked(room, {9: op3()}), marked(room, {}), delegations=["ARV", "BOR"])
    assert refusal.value.code == ProblemCode.MALFORMED


def test_what_is_refused_when_taken_is_on_the_review_list(room: Cast) -> None:
    room.close()
    view = one(room, "arv", marked(room, {9: op3()}), take=True)
    assert [(item.state, item.code) for item in amendments(view)] == [("refused", "round_closed")]
    assert [(line.place, line.text, line.changes) for line in view.review] == [
        ("OP3", "States should ask for assistance.", 2),
    ]
