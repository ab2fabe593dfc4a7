"""Marked-up files become amendments and comments of whoever sends them, once, and nothing in them is lost."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from drafting.protocol.commands import Envelope, Receipt
from drafting.protocol.edits import Add, Replace
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views.imports import (
    Claim,
    ImportBatchView,
    ImportedAmendmentView,
    ImportedCommentView,
    ImportedFileView,
    ItemState,
)
from drafting.protocol.words import CommentAudience
from drafting.queries.exporting import ExportForm, Wanted, exported
from drafting.queries.importing import batch
from drafting.queries.people import Person
from drafting.queries.planning import Asked
from storage.database import ReadTransaction
from tests.casting import CAPACITIES, TEXT, Cast, replace
from tests.word.marking import comment, declared, dele, file, ins, on, p, r, thread

T = TypeVar("T")
LABELS = {5: "OP1", 6: "OP2", 7: "(a)", 8: "(b)", 9: "OP3", 10: "OP4"}


@dataclass
class Directly:
    """Does all the work in this process."""

    cast: Cast
    person: Person

    def read(self, work: Callable[[ReadTransaction], T]) -> T:
        return self.cast.house.database.read(work)

    def apart(self, work: Callable[..., T], *arguments: object) -> T:
        return work(*arguments)

    def rehearse(self, envelopes: Sequence[Envelope]) -> list[Refusal | None]:
        return self.cast.house.executor.rehearse(self.person, envelopes)

    def send(self, envelope: Envelope) -> Receipt:
        return self.cast.house.executor.execute(self.person, envelope).result()


def send(cast: Cast, handle: str, *contents: bytes, delegations: Sequence[str] = (), **asked: Any) -> ImportBatchView:
    files = [(f"file {number}.docx", content) for number, content in enumerate(contents, 1)]
    means = Directly(cast, cast.person(handle))
    wanted = Asked(capacity=CAPACITIES[handle], **asked)
    return batch(means, means.person, cast.document, wanted, files, delegations)


def one(cast: Cast, handle: str, content: bytes, delegation: str = "", **asked: Any) -> ImportedFileView:
    return send(cast, handle, content, delegations=[delegation] if delegation else [], **asked).files[0]


def marked(room: Cast, tracked: dict[int, str], *, more: str = "", said: bool = True, **parts: str) -> bytes:
    """The round's text as a file, some paragraphs (by place) otherwise; ``said``: it says what it was made from."""
    paragraphs = [
        tracked.get(at, p(f"{LABELS[at]}\t{text}" if at in LABELS else text.replace("*", "")))
        for at, (_, _, _, text) in enumerate(TEXT)
    ]
    version = next(view for view in room.snapshot("sec").versions if view.id == room.version)
    custom = declared(room.document, version.id, version.hash) if said else ""
    return file("".join(paragraphs) + more, custom, **parts)


def op3(by: str = "Jane") -> str:
    return p(r("OP3\tStates ") + dele("may", by) + ins("should", by) + r(" ask for assistance."))


def op4(by: str = "Jane") -> str:
    return p(r("OP4\tThe Secretariat keeps a ") + ins("public ", by) + r("register of good practice."))


def amendments(view: ImportedFileView) -> list[ImportedAmendmentView]:
    return [item for item in view.items if isinstance(item, ImportedAmendmentView)]


def comments(view: ImportedFileView) -> list[ImportedCommentView]:
    return [item for item in view.items if isinstance(item, ImportedCommentView)]


def states(view: ImportedFileView) -> list[str]:
    return [item.state for item in view.items]


def labels(room: Cast, handle: str = "sec") -> list[str]:
    return [amendment.label for amendment in room.snapshot(handle).amendments]


# -- from a file to proposals -----------------------------------------------------------------------------------------


def test_a_rehearsal_says_what_would_be_proposed_and_writes_nothing(room: Cast) -> None:
    view = one(room, "arv", marked(room, {9: op3(), 10: op4()}))
    first, second = amendments(view)
    assert first.edits == [Replace(section=room.sections[9], text="States should ask for assistance.")]
    assert (first.labels, first.state, first.changes, first.delegation) == (["OP3"], ItemState.READY, 2, "ARV")
    assert second.edits == [
        Replace(section=room.sections[10], text="The Secretariat keeps a public register of good practice.")
    ]
    assert (view.declared, view.version, view.sure, view.code) == (True, room.version, 1.0, None)
    assert view.account is not None
    assert (view.account.changes, view.account.proposed) == (3, 3)
    assert labels(room) == []


def test_what_is_taken_is_one_amendment_a_section_in_the_order_of_the_file(room: Cast) -> None:
    view = one(room, "arv", marked(room, {9: op3(), 10: op4()}), take=True)
    assert [(item.state, item.standing) for item in amendments(view)] == [("taken", "ARV-1"), ("taken", "ARV-2")]
    assert [(a.label, a.touches, a.sponsors) for a in room.snapshot("sec").amendments] == [
        ("ARV-1", [room.sections[9]], ["ARV"]),
        ("ARV-2", [room.sections[10]], ["ARV"]),
    ]


def test_all_of_it_may_be_one_amendment(room: Cast) -> None:
    view = one(room, "arv", marked(room, {9: op3(), 10: op4()}), take=True, together=True)
    assert [item.standing for item in amendments(view)] == ["ARV-1"]
    assert room.snapshot("sec").amendments[0].touches == [room.sections[9], room.sections[10]]


def test_the_same_file_sent_again_proposes_nothing_twice(room: Cast) -> None:
    content = marked(room, {9: op3()}, comments=comment(0, "Why?"), more=p(on(0, "x")))
    content = marked(
        room,
        {9: p(on(0, r("OP3\tStates ") + dele("may") + ins("should") + r(" ask for assistance.")))},
        comments=comment(0, "Why?"),
    )
    assert states(one(room, "arv", content, take=True)) == ["taken", "taken"]
    again = one(room, "arv", content, take=True)
    assert [(item.state, item.standing) for item in amendments(again)] == [("standing", "ARV-1")]
    assert [item.state for item in comments(again)] == ["standing"]
    assert labels(room) == ["ARV-1"]
    assert len(room.snapshot("arv").comments) == 1


def test_the_same_proposal_in_another_file_stands_already(room: Cast) -> None:
    room.table("arv", replace(room.sections[9], "States should ask for assistance."))
    view = one(room, "arv", marked(room, {9: op3("Somebody else")}), take=True)
    assert [(item.state, item.standing) for item in amendments(view)] == [("standing", "ARV-1")]


def test_a_file_of_a_withdrawn_amendment_does_not_bring_it_back(room: Cast) -> None:
    content = marked(room, {9: op3()})
    one(room, "arv", content, take=True)
    room.do("arv", "withdraw_amendment", amendment=room.snapshot("arv").amendments[0].id)
    assert states(one(room, "arv", content)) == ["standing"]
    one(room, "arv", content, take=True)
    assert labels(room) == ["ARV-1"]


def test_a_clerks_file_stays_internal(room: Cast) -> None:
    one(room, "clerk", marked(room, {9: op3()}), take=True)
    assert [(a.state, a.circulated) for a in room.snapshot("arv").amendments] == [("internal", False)]
    assert labels(room, "bor") == []


def test_a_note_taker_enters_a_file_for_a_delegation(room: Cast) -> None:
    view = one(room, "notes", marked(room, {9: op3()}), "BOR", take=True)
    (amendment,) = room.snapshot("sec").amendments
    assert amendment.entry is not None
    assert (amendment.label, amendment.entry.source, amendment.entry.by) == ("BOR-1", "word", "notes")
    assert view.authors[0].bound == "BOR"


def test_a_new_paragraph_says_how_the_file_numbers_it(room: Cast) -> None:
    new = p(r("OP3\tStates may ask for assistance."), mark="ins") + p(ins("OP3bis\tStates shall give it."))
    one(room, "arv", marked(room, {9: new}), take=True)
    (amendment,) = room.snapshot("arv").amendments
    (edit,) = amendment.revision.edits
    assert isinstance(edit, Add)
    assert (edit.after, edit.text, edit.level) == (room.sections[9], "States shall give it.", 1)
    assert amendment.revision.placement_note == "In the file it is numbered OP3bis."


def test_only_the_items_that_are_named_are_taken(room: Cast) -> None:
    content = marked(room, {9: op3(), 10: op4()})
    second = amendments(one(room, "arv", content))[1]
    view = one(room, "arv", content, take=True, only=frozenset({second.id}))
    assert states(view) == ["ready", "taken"]
    assert room.snapshot("sec").amendments[0].touches == [room.sections[10]]


# -- whose it is ------------------------------------------------------------------------------------------------------


def test_one_stranger_is_whoever_wrote_the_file_and_is_flagged(room: Cast) -> None:
    (author,) = one(room, "arv", marked(room, {9: op3("Jane Doe")})).authors
    assert (author.name, author.claim, author.bound, author.chosen) == ("Jane Doe", Claim.UNKNOWN, "ARV", True)


def test_a_name_that_a_program_gives_is_flagged_as_none(room: Cast) -> None:
    for name in ("", "Author"):
        (author,) = one(room, "arv", marked(room, {9: op3(name)})).authors
        assert (author.claim, author.chosen) == (Claim.UNNAMED, True)


@pytest.mark.parametrize("name", ["BOR", "Bor", "The Republic of Bor", "Jane Doe (BOR)"])
def test_the_name_of_another_delegation_is_not_taken_for_mine(room: Cast, name: str) -> None:
    view = one(room, "arv", marked(room, {9: op3(name)}), take=True)
    (author,) = view.authors
    assert (author.claim, author.delegation, author.chosen) == (Claim.OTHER, "BOR", False)
    assert (states(view), labels(room)) == (["not_chosen"], [])


def test_of_several_authors_the_own_ones_are_chosen(room: Cast) -> None:
    view = one(room, "arv", marked(room, {9: op3("Arv"), 10: op4("Jane Doe")}), take=True)
    assert [(author.claim, author.chosen) for author in view.authors] == [(Claim.OWN, True), (Claim.UNKNOWN, False)]
    assert states(view) == ["taken", "not_chosen"]


def test_of_several_strangers_somebody_says_whose_words_count(room: Cast) -> None:
    content = marked(room, {9: op3("Ann"), 10: op4("Jane Doe")})
    assert states(one(room, "arv", content)) == ["not_chosen", "not_chosen"]
    view = one(room, "arv", content, take=True, authors=frozenset({"Jane Doe"}))
    assert states(view) == ["not_chosen", "taken"]


def test_what_bears_no_name_is_of_the_one_who_has_one(room: Cast) -> None:
    view = one(room, "arv", marked(room, {9: op3("Jane Doe"), 10: op4("Unknown Author")}))
    assert [(author.claim, author.chosen) for author in view.authors] == [(Claim.UNKNOWN, True), (Claim.UNNAMED, True)]


def test_a_person_of_the_delegation_is_known_by_name(room: Cast) -> None:
    content = marked(room, {9: op3("clerk"), 10: op4("Jane Doe")})
    assert [author.claim for author in one(room, "arv", content).authors] == [Claim.OWN, Claim.UNKNOWN]


def test_the_house_enters_each_author_for_the_delegation_that_the_name_is(room: Cast) -> None:
    view = one(room, "sec", marked(room, {9: op3("Bor"), 10: op4("Jane Doe")}), take=True)
    assert (states(view), labels(room)) == (["taken", "not_chosen"], ["BOR-1"])


def test_a_delegation_sends_nothing_for_another_and_an_observer_nothing(room: Cast) -> None:
    with pytest.raises(Refusal) as refusal:
        one(room, "arv", marked(room, {}), "BOR")
    assert refusal.value.code == ProblemCode.MALFORMED
    with pytest.raises(Refusal) as refusal:
        one(room, "watch", marked(room, {}))
    assert refusal.value.code == ProblemCode.NOT_PERMITTED


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
