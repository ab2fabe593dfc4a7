import pytest

from drafting.protocol.views import CommentView
from drafting.queries.carried import carried
from tests.casting import CAPACITIES, Cast, add, delete

WORDS = "States shall take appropriate measures to protect migrants in transit."


def readers(cast: Cast, comment: str) -> set[str]:
    """Say who sees the comment: in their snapshot, and on their feed."""
    shown = {handle for handle in CAPACITIES if comment in {c.id for c in cast.snapshot(handle).comments}}
    fed = {handle for handle in CAPACITIES if comment in "".join(e.model_dump_json() for e in cast.events(handle))}
    assert shown == fed
    return shown


def post(cast: Cast, handle: str, **said: object) -> str:
    return cast.do(handle, "post_comment", **{"body": "A word.", **said}).made["comment"]


def shown(cast: Cast, handle: str, comment: str) -> CommentView:
    return next(c for c in cast.snapshot(handle).comments if c.id == comment)


ARVIA = {"arv", "arv2", "clerk"}


@pytest.mark.parametrize(
    ("handle", "audience", "expected"),
    [
        ("arv", "all", set(CAPACITIES)),
        ("clerk", "own", ARVIA),
        ("arv", "secretariat", ARVIA | {"sec", "notes"}),
        ("sec", "all", set(CAPACITIES)),
        ("sec", "own", {"sec", "notes"}),
        ("notes", "secretariat", {"sec", "notes"}),
        ("chair", "own", {"chair", "sec", "notes"}),
        ("chair", "secretariat", {"chair", "sec", "notes"}),
    ],
)
def test_a_comment_is_read_by_its_audience_and_by_nobody_else(
    room: Cast, handle: str, audience: str, expected: set[str]
) -> None:
    assert readers(room, post(room, handle, section=room.sections[5], audience=audience)) == expected


def test_a_comment_says_what_was_said_by_whom_and_for_whom(room: Cast) -> None:
    comment = shown(room, "bor", post(room, "arv", section=room.sections[5], body="  Thank   you all. "))
    assert (comment.body, comment.by, comment.capacity, comment.delegation) == (
        "Thank you all.",
        "arv",
        "head:ARV",
        "ARV",
    )
    assert (comment.section, comment.audience, comment.at) == (room.sections[5], "all", room.clock.at)
    assert shown(room, "bor", post(room, "chair", section=room.sections[5])).delegation is None


@pytest.mark.parametrize("first", ["own", "secretariat"])
@pytest.mark.parametrize("then", ["all", "own", "secretariat"])
def test_a_reply_stays_inside_the_audience_of_what_it_replies_to(room: Cast, first: str, then: str) -> None:
    question = post(room, "arv", section=room.sections[5], audience=first)
    reply = post(room, "clerk", reply_to=question, audience=then)
    assert readers(room, reply) == readers(room, question)
    assert shown(room, "arv", reply).audience == first
    again = post(room, "arv2", reply_to=reply, audience="all")
    assert readers(room, again) == readers(room, question)


def test_a_reply_to_what_all_may_read_may_be_private(room: Cast) -> None:
    question = post(room, "bor", section=room.sections[5])
    reply = post(room, "arv", reply_to=question, audience="own")
    assert readers(room, reply) == ARVIA
    assert shown(room, "arv", reply).section == room.sections[5]


def test_the_secretariat_answers_a_delegation_where_it_was_asked(room: Cast) -> None:
    question = post(room, "arv", section=room.sections[5], audience="secretariat")
    assert readers(room, post(room, "sec", reply_to=question, audience="own")) == ARVIA | {"sec", "notes"}


def test_a_comment_that_one_may_not_read_is_unknown_like_one_that_is_not_there(room: Cast) -> None:
    private = post(room, "arv", section=room.sections[5], audience="own")
    answers = [room.refused("bor", "post_comment", reply_to=c, body="?") for c in (private, "co_" + "0" * 26)]
    assert [a.code for a in answers] == ["unknown", "unknown"]
    assert answers[0].detail.replace(private, "C") == answers[1].detail.replace("co_" + "0" * 26, "C")


def test_a_comment_on_a_held_amendment_is_not_for_all(held: Cast) -> None:
    amendment = held.table("arv", delete(held.sections[5]))
    for handle in ("arv", "sec"):
        assert held.code(handle, "post_comment", amendment=amendment, body="Look.") == "not_permitted"
    assert readers(held, post(held, "arv", amendment=amendment, audience="own")) == ARVIA
    question = post(held, "arv", amendment=amendment, audience="secretariat")
    assert readers(held, question) == ARVIA | {"sec", "notes"}
    assert readers(held, post(held, "sec", reply_to=question)) == ARVIA | {"sec", "notes"}
    held.do("sec", "circulate_amendments", round=held.round)
    assert readers(held, post(held, "bor", amendment=amendment)) == set(CAPACITIES)


def test_a_reply_names_no_other_amendment_than_what_it_replies_to(held: Cast) -> None:
    secret = held.table("arv", delete(held.sections[5]))
    question = post(held, "bor", section=held.sections[5], audience="secretariat")
    said = {"reply_to": question, "amendment": secret, "audience": "own", "body": "See this."}
    assert held.code("sec", "post_comment", **said) == "malformed"
    about = post(held, "arv", amendment=secret, audience="secretariat")
    reply = post(held, "sec", reply_to=about, amendment=secret, audience="own")
    assert shown(held, "arv", reply).amendment == secret


def test_a_comment_may_be_on_a_section_that_an_amendment_would_add(room: Cast) -> None:
    new = "se_" + "5" * 26
    amendment = room.table("arv", add(room.sections[5], "New.", new))
    assert shown(room, "bor", post(room, "bor", amendment=amendment, section=new)).section == new
    assert room.code("bor", "post_comment", section=new, body="Hm.") == "unknown_section"


def test_a_comment_is_about_something(room: Cast) -> None:
    assert room.code("arv", "post_comment", body="Into the blue.") == "malformed"
    assert room.code("arv", "post_comment", section="se_" + "0" * 26, body="Hm.") == "unknown_section"


@pytest.mark.parametrize(
    ("body", "code"),
    [("", "text_empty"), (" \n", "text_empty"), ("x" * 20_001, "text_too_long"), ("\x00", "text_illegal")],
)
def test_a_body_that_cannot_be_kept_is_refused(room: Cast, body: str, code: str) -> None:
    assert room.code("arv", "post_comment", section=room.sections[5], body=body) == code


def test_a_quote_keeps_its_words_its_place_and_its_version(room: Cast) -> None:
    target = {"quote": "appropriate", "start": 18, "end": 29}
    quoted = shown(room, "bor", post(room, "arv", section=room.sections[5], target=target)).target
    assert quoted is not None
    assert (quoted.quote, quoted.start, quoted.end, quoted.version) == ("appropriate", 18, 29, room.version)


@pytest.mark.parametrize(
    ("quote", "start", "end"),
    [
        ("Appropriate", 18, 29),
        ("appropriate", 17, 28),
        ("appropriate", 18, 30),
        ("transit.", 63, 99),
        ("transit.", 63, 64),
        ("nowhere", 900, 907),
        ("transit.", 64, 63),
    ],
)
def test_quoted_words_that_do_not_stand_exactly_there_are_stale(room: Cast, quote: str, start: int, end: int) -> None:
    assert WORDS[18:29] == "appropriate"
    target = {"quote": quote, "start": start, "end": end}
    refusal = room.refused("arv", "post_comment", section=room.sections[5], target=target, body="Hm.")
    assert (refusal.code, refusal.facts) == ("stale", {"version": room.version})


def test_a_quote_is_read_in_the_newest_version(room: Cast) -> None:
    amendment = room.table("arv", delete(room.sections[6]))
    room.close()
    room.decide(room.sections[6], [amendment], "incorporate")
    room.decide(room.sections[5], [], "redraft", text="States take appropriate measures.")
    room.issue()
    old, new = {"quote": "appropriate", "start": 18, "end": 29}, {"quote": "appropriate", "start": 12, "end": 23}
    assert room.code("arv", "post_comment", section=room.sections[5], target=old, body="Hm.") == "stale"
    quoted = shown(room, "bor", post(room, "arv", section=room.sections[5], target=new)).target
    assert quoted is not None
    assert quoted.version == room.version


def test_a_comment_keeps_its_lines_and_loses_only_idle_space(room: Cast) -> None:
    said = "  First  point.\r\n\r\n\r\n- second\tpoint\n"
    comment = shown(room, "bor", post(room, "arv", section=room.sections[2], body=said))
    assert comment.body == "First point.\n\n- second point"


def resolved(cast: Cast) -> list[str]:
    """Name the resolved threads, as their readers have them, each of whom must have the same."""
    return [comment.id for comment in cast.snapshot("arv").comments if comment.resolved]


@pytest.mark.parametrize("handle", ["arv", "arv2", "clerk", "sec", "notes", "chair"])
def test_a_thread_is_resolved_and_reopened_by_its_side_and_by_the_desk(room: Cast, handle: str) -> None:
    thread = post(room, "arv", section=room.sections[5])
    room.do(handle, "resolve_comment", comment=thread)
    assert resolved(room) == [thread]
    assert room.code(handle, "resolve_comment", comment=thread) == "no_change"
    room.do(handle, "reopen_comment", comment=thread)
    assert resolved(room) == []
    assert room.code(handle, "reopen_comment", comment=thread) == "no_change"


@pytest.mark.parametrize("handle", ["bor", "cal", "watch"])
def test_other_delegations_do_not_settle_a_thread(room: Cast, handle: str) -> None:
    thread = post(room, "arv", section=room.sections[5])
    assert room.code(handle, "resolve_comment", comment=thread) == "not_permitted"
    room.do("arv", "resolve_comment", comment=thread)
    assert room.code(handle, "reopen_comment", comment=thread) == "not_permitted"


def test_a_thread_that_one_may_not_read_is_unknown_like_one_that_is_not_there(room: Cast) -> None:
    private = post(room, "arv", section=room.sections[5], audience="own")
    for handle in ("bor", "sec", "chair"):
        answers = [room.refused(handle, "resolve_comment", comment=c) for c in (private, "co_" + "0" * 26)]
        assert [a.code for a in answers] == ["unknown", "unknown"]
        assert answers[0].detail.replace(private, "C") == answers[1].detail.replace("co_" + "0" * 26, "C")


def test_a_thread_is_named_by_the_comment_that_begins_it(room: Cast) -> None:
    thread = post(room, "arv", section=room.sections[5])
    reply = post(room, "arv", reply_to=post(room, "bor", reply_to=thread))
    refusal = room.refused("arv", "resolve_comment", comment=reply)
    assert (refusal.code, refusal.facts) == ("malformed", {"begins": thread})


def test_a_reply_for_all_who_see_a_resolved_thread_reopens_it(room: Cast) -> None:
    thread = post(room, "arv", section=room.sections[5])
    reply = post(room, "bor", reply_to=thread)
    room.do("arv", "resolve_comment", comment=thread)
    post(room, "cal", reply_to=reply)
    assert resolved(room) == []
    assert room.events("bor")[-1].payload["reopened"] == thread
    post(room, "cal", reply_to=reply)
    assert room.events("bor")[-1].payload["reopened"] is None


def test_a_private_reply_to_a_resolved_thread_leaves_it_resolved(room: Cast) -> None:
    thread = post(room, "arv", section=room.sections[5])
    room.do("arv", "resolve_comment", comment=thread)
    aside = post(room, "bor", reply_to=thread, audience="own")
    post(room, "bor", reply_to=aside)
    assert resolved(room) == [thread]
    private = post(room, "arv", section=room.sections[5], audience="secretariat")
    room.do("arv", "resolve_comment", comment=private)
    post(room, "sec", reply_to=private)
    assert resolved(room) == [thread]


def test_a_chair_who_is_also_a_delegate_does_not_speak_as_chair_where_the_delegation_speaks(room: Cast) -> None:
    room.do("root", "accredit_participant", handle="chair", name="Chair", capacities=["head:ARV"])
    thread = post(room, "arv", section=room.sections[5], audience="own")
    assert room.code("chair", "post_comment", reply_to=thread, body="Hm.") == "unknown"
    assert room.code("chair", "resolve_comment", comment=thread) == "unknown"
    room.do("chair", "resolve_comment", comment=thread, capacity="head:ARV")


@pytest.mark.parametrize("said", [{"audience": "group"}, {"group": "CG1"}, {"audience": "own", "group": "CG1"}])
def test_a_closed_group_is_named_for_the_audience_group_and_for_no_other(room: Cast, said: dict[str, str]) -> None:
    assert room.code("arv", "post_comment", section=room.sections[5], body="Hm.", **said) == "malformed"


def test_translators_and_observers_do_not_comment(room: Cast) -> None:
    room.do("root", "accredit_participant", handle="cal", name="Cal", capacities=["translator"])
    said = {"section": room.sections[5], "body": "Hm."}
    assert room.code("cal", "post_comment", capacity="translator", **said) == "not_permitted"
    assert room.code("watch", "post_comment", **said) == "not_permitted"


def test_the_orphans_of_resolved_threads_are_not_listed(room: Cast) -> None:
    target = {"quote": "appropriate", "start": 18, "end": 29}
    open_one, settled = (post(room, "arv", section=room.sections[5], target=target) for _ in range(2))
    reply = post(room, "arv", section=room.sections[5], target=target, reply_to=settled)
    room.do("arv", "resolve_comment", comment=settled)
    room.close()
    room.decide(room.sections[5], [], "redraft", text="Migrants are protected.")
    room.issue()

    def listed() -> set[str]:
        who = room.reader("bor")
        return {c.comment for c in room.house.database.read(lambda tx: carried(tx, who, None)).comments}

    assert listed() == {open_one}
    room.do("arv", "reopen_comment", comment=settled)
    assert listed() == {open_one, settled, reply}
