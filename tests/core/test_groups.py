"""Closed groups: who is in one, what stays in it, and what it reports back."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from drafting.http.problems import answer
from drafting.protocol.problems import Refusal
from drafting.protocol.views import AmendmentView, CompilationView, GroupView
from drafting.queries import compilation
from drafting.queries.amendments import amendments_for, decisions_for
from drafting.queries.brackets import bracketing
from drafting.queries.carried import carried
from drafting.queries.desk import desk_for
from drafting.queries.discussion import comments_for, positions_for, tallies_for
from drafting.queries.literal import printing
from drafting.queries.people import Reader
from drafting.queries.provenance import tracing
from drafting.queries.searching import search
from drafting.queries.status import where_it_stands
from storage.database import ReadTransaction
from tests.casting import CAPACITIES, Cast, add, replace

INSIDE = {"arv", "arv2", "clerk", "bor", "fac"}
EVERYONE = {*CAPACITIES, "fac"}
FACILITATOR = "facilitator:CG1"


def gather(cast: Cast, *members: str, code: str = "CG1") -> None:
    """Found a closed group, with a facilitator."""
    cast.do("chair", "found_group", code=code, name="Friends of OP1", members=list(members))
    said = {"handle": "fac", "name": "Fac", "capacities": [f"facilitator:{code}"]}
    cast.do("sec", "accredit_participant", process=cast.process, **said)


@pytest.fixture
def group(room: Cast) -> Cast:
    """A room on the floor, with a closed group of Arvonia and Boria."""
    gather(room, "ARV", "BOR")
    return room


@pytest.fixture
def apart(held: Cast) -> Cast:
    """The same in a round whose proposals are held."""
    gather(held, "ARV", "BOR")
    return held


def wrote(cast: Cast, handle: str = "arv", text: str = "States shall act.", **said: Any) -> str:
    """Have a member draft for the group; gives the amendment's id."""
    return cast.draft(handle, replace(cast.sections[5], text), group="CG1", **said)


def said(cast: Cast, handle: str, **about: Any) -> str:
    about = {"section": cast.sections[5], "audience": "group", "group": "CG1", "body": "Among us.", **about}
    return cast.do(handle, "post_comment", **about).made["comment"]


def report(cast: Cast, amendment: str, *sponsors: str, **other: Any) -> AmendmentView:
    about = {"group": "CG1", "amendment": amendment, "sponsors": list(sponsors), "capacity": FACILITATOR, **other}
    cast.do("fac", "report_back", **about)
    return found(cast, "arv", amendment)


def found(cast: Cast, handle: str, amendment: str) -> AmendmentView:
    return next(a for a in cast.snapshot(handle).amendments if a.id == amendment)


def knowing(cast: Cast, what: str) -> set[str]:
    """Say who finds it, in their snapshot and on their feed alike."""
    seen = {handle for handle in EVERYONE if what in cast.snapshot(handle).model_dump_json()}
    fed = {handle for handle in EVERYONE if what in "".join(e.model_dump_json() for e in cast.events(handle))}
    assert seen == fed
    return seen


def test_everyone_knows_that_there_is_a_group_and_who_is_in_it(group: Cast) -> None:
    told = GroupView(code="CG1", name="Friends of OP1", members=["ARV", "BOR"], dissolved=False)
    assert all(group.snapshot(handle).groups == [told] for handle in EVERYONE)


def test_what_a_group_says_stays_in_it(group: Cast) -> None:
    question = said(group, "arv")
    answers = [said(group, handle, reply_to=question, audience="all", group=None) for handle in ("clerk", "bor")]
    by_facilitator = said(group, "fac", capacity=FACILITATOR, reply_to=answers[1])
    for comment in (question, *answers, by_facilitator):
        assert knowing(group, comment) == INSIDE
    shown = group.snapshot("bor").comments
    assert {(c.audience, c.group) for c in shown} == {("group", "CG1")}
    assert (shown[-1].capacity, shown[-1].delegation) == (FACILITATOR, None)


@pytest.mark.parametrize("handle", ["cal", "sec", "chair", "notes"])
def test_nobody_else_speaks_in_a_group(group: Cast, handle: str) -> None:
    about = {"section": group.sections[5], "body": "Hm.", "audience": "group"}
    for code in ("CG1", "CG9"):
        assert group.code(handle, "post_comment", group=code, **about) == "not_permitted"
    assert group.code(handle, "post_comment", reply_to=said(group, "arv"), body="Hm.") == "unknown"


@pytest.mark.parametrize("audience", ["all", "own", "secretariat"])
def test_a_facilitator_speaks_in_the_group_alone(group: Cast, audience: str) -> None:
    about = {"section": group.sections[5], "body": "Hm.", "audience": audience}
    assert group.code("fac", "post_comment", capacity=FACILITATOR, **about) == "not_permitted"
    public = group.do("arv", "post_comment", section=group.sections[5], body="Why?").made["comment"]
    assert group.code("fac", "post_comment", capacity=FACILITATOR, reply_to=public, body="Hm.") == "not_permitted"


def test_a_facilitator_of_one_group_is_nobody_in_another(group: Cast) -> None:
    group.do("chair", "found_group", code="CG2", name="Others", members=["CAL"])
    about = {"section": group.sections[5], "body": "Hm.", "audience": "group", "group": "CG2"}
    assert group.code("fac", "post_comment", capacity=FACILITATOR, **about) == "not_permitted"
    assert group.reader("fac").groups == ("CG1",)


def test_a_groups_thread_is_settled_by_its_side_and_by_the_facilitator(group: Cast) -> None:
    thread = said(group, "arv")
    group.do("fac", "resolve_comment", capacity=FACILITATOR, comment=thread)
    assert group.code("bor", "reopen_comment", comment=thread) == "not_permitted"
    assert {group.code(h, "reopen_comment", comment=thread) for h in ("sec", "chair", "cal")} == {"unknown"}
    said(group, "bor", reply_to=thread)
    assert not group.snapshot("arv").comments[0].resolved
    public = group.do("arv", "post_comment", section=group.sections[5], body="Why?").made["comment"]
    assert group.code("fac", "resolve_comment", capacity=FACILITATOR, comment=public) == "not_permitted"


def test_comments_on_a_groups_text_stay_in_the_group_or_with_the_own_side(group: Cast) -> None:
    amendment = wrote(group)
    for audience in ("all", "secretariat"):
        about = {"amendment": amendment, "audience": audience, "body": "Hm."}
        assert group.code("arv", "post_comment", **about) == "not_permitted"
    own = group.do("arv", "post_comment", amendment=amendment, audience="own", body="Hm.").made["comment"]
    assert knowing(group, own) == {"arv", "arv2", "clerk"}
    assert knowing(group, said(group, "bor", amendment=amendment, section=None)) == INSIDE
    assert group.code("cal", "post_comment", amendment=amendment, body="Hm.") == "unknown"


def test_positions_on_a_groups_text_are_internal(group: Cast) -> None:
    amendment = wrote(group)
    for audience in ("all", "chair", "secretariat"):
        about = {"amendment": amendment, "stand": "support", "audience": audience}
        assert group.code("bor", "take_position", **about) == "not_permitted"
    own = {"amendment": amendment, "stand": "support", "audience": "own"}
    assert knowing(group, group.do("bor", "take_position", **own).made["position"]) == {"bor"}


def compiled(cast: Cast, handle: str, group: str | None) -> CompilationView:
    who = cast.reader(handle)
    return cast.house.database.read(lambda tx: compilation.gathered(tx, who, None, group)).view()


def test_a_group_has_its_own_compilation_of_its_own_texts(group: Cast) -> None:
    public = group.table("cal", replace(group.sections[6], "States shall never report."))
    mine = group.draft("arv", replace(group.sections[6], "Arvonia alone."))
    first, second = wrote(group), wrote(group, "bor", "States may act.")
    gone = wrote(group, text="States will act.")
    group.do("arv", "discard_draft", amendment=gone)
    names = [found(group, "fac", a).label for a in (first, second)]
    assert names == ["CG1 draft 1", "CG1 draft 2"]
    for handle in ("arv", "bor", "fac"):
        assert compiled(group, handle, "CG1").amendments == names
    assert compiled(group, "arv", None).amendments == [found(group, "arv", public).label]
    assert mine not in str(compiled(group, "arv", "CG1"))
    reported = report(group, first, "ARV")
    assert sorted(compiled(group, "arv", "CG1").amendments) == ["CG1 draft 2", "CG1-1"]
    assert reported.label in compiled(group, "cal", None).amendments


@pytest.mark.parametrize("handle", ["cal", "sec", "chair", "notes", "watch"])
def test_nobody_else_is_given_a_groups_compilation(group: Cast, handle: str) -> None:
    for code in ("CG1", "CG9"):
        with pytest.raises(Refusal) as refusal:
            compiled(group, handle, code)
        assert refusal.value.code == "not_permitted"


def test_a_text_that_is_reported_back_is_an_amendment_of_the_members_that_sponsor_it(group: Cast) -> None:
    draft, other = wrote(group), wrote(group)
    amendment = report(group, draft, "BOR", "ARV", "BOR")
    assert (amendment.label, amendment.state, amendment.circulated) == ("CG1-1", "tabled", True)
    assert (amendment.delegation, amendment.group, amendment.sponsors) == ("CG1", "CG1", ["BOR", "ARV"])
    assert knowing(group, draft) == EVERYONE
    assert knowing(group, other) == INSIDE
    assert report(group, other, "ARV").label == "CG1-2"


def test_what_a_group_wrote_before_it_reported_back_stays_in_it(group: Cast) -> None:
    draft = wrote(group, "bor", "Our last position.")
    edits = [replace(group.sections[5], "States shall act.")]
    group.do("arv", "revise_draft", amendment=draft, revision=1, edits=edits)
    (only,) = report(group, draft, "ARV", "BOR").revisions
    assert (only.number, only.edits[0].text) == (1, "States shall act.")
    for handle in EVERYONE:
        told = "".join(event.model_dump_json() for event in group.events(handle))
        assert "Our last position." not in group.snapshot(handle).model_dump_json()
        assert ("Our last position." in told) == (handle in INSIDE), handle


def test_in_held_mode_a_text_that_is_reported_back_waits_for_the_circulation(apart: Cast) -> None:
    draft = wrote(apart)
    amendment = report(apart, draft, "BOR")
    assert (amendment.label, amendment.circulated, amendment.audience) == ("CG1-1", False, "secretariat+CG1+BOR")
    # Those of the group still have what they had; the chair and CAL know nothing yet.
    assert {h for h in EVERYONE if draft in apart.snapshot(h).model_dump_json()} == INSIDE | {"sec", "notes"}
    about = {"amendment": draft, "body": "Hm."}
    thread = apart.do("fac", "post_comment", capacity=FACILITATOR, audience="group", group="CG1", **about)
    assert knowing(apart, thread.made["comment"]) == INSIDE
    apart.do("sec", "circulate_amendments", round=apart.round)
    assert {h for h in EVERYONE if draft in apart.snapshot(h).model_dump_json()} == EVERYONE


def test_a_sponsor_that_left_the_group_still_has_what_it_sponsors(apart: Cast) -> None:
    draft = wrote(apart)
    report(apart, draft, "BOR")
    apart.do("sec", "change_group", code="CG1", members=["ARV"])
    assert draft in apart.snapshot("bor").model_dump_json()


@pytest.mark.parametrize(
    ("about", "code"),
    [
        ({"sponsors": ["CAL"]}, "not_permitted"),
        ({"sponsors": ["ARV", "NOR"]}, "not_permitted"),
        ({"group": "CG9"}, "unknown"),
        ({"group": "CG2"}, "not_permitted"),
        ({"amendment": "am_" + "0" * 26}, "unknown"),
    ],
)
def test_only_what_the_group_wrote_is_reported_back_and_only_by_its_members(
    group: Cast, about: dict[str, Any], code: str
) -> None:
    group.do("chair", "found_group", code="CG2", name="Others", members=["ARV"])
    draft = wrote(group)
    about = {"group": "CG1", "amendment": draft, "sponsors": ["ARV"], "capacity": FACILITATOR, **about}
    assert group.code("fac", "report_back", **about) == code
    assert knowing(group, draft) == INSIDE


def test_a_text_is_reported_back_once_by_the_facilitator_while_the_round_is_open(group: Cast) -> None:
    draft, other = wrote(group), wrote(group)
    about = {"group": "CG1", "sponsors": ["ARV"]}
    for handle in ("arv", "sec"):
        assert group.code(handle, "report_back", amendment=draft, **about) in {"not_permitted", "unknown"}
    report(group, draft, "ARV")
    assert group.code("fac", "report_back", capacity=FACILITATOR, amendment=draft, **about) == "amendment_closed"
    public = group.table("arv", replace(group.sections[6], "No."))
    assert group.code("fac", "report_back", capacity=FACILITATOR, amendment=public, **about) == "not_permitted"
    group.close()
    assert group.code("fac", "report_back", capacity=FACILITATOR, amendment=other, **about) == "round_closed"


def test_a_new_member_sees_what_the_group_wrote_before_and_a_former_one_nothing(group: Cast) -> None:
    draft, thread = wrote(group), said(group, "arv")
    before = group.reader("bor").rights
    group.do("sec", "change_group", code="CG1", members=["ARV", "CAL"], name="Friends of the text")
    assert knowing(group, draft) == knowing(group, thread) == {"arv", "arv2", "clerk", "cal", "fac"}
    assert group.reader("bor").rights != before
    assert (group.snapshot("bor").groups[0].name, group.snapshot("bor").groups[0].members) == (
        "Friends of the text",
        ["ARV", "CAL"],
    )
    about = {"section": group.sections[5], "audience": "group", "group": "CG1", "body": "Hm."}
    assert group.code("bor", "post_comment", **about) == "not_permitted"
    group.do("sec", "change_group", code="CG1", members=["ARV"])
    assert group.snapshot("bor").groups[0].name == "Friends of the text"


def test_a_dissolved_group_reads_on_and_writes_nothing_more(group: Cast) -> None:
    draft, thread = wrote(group), said(group, "arv")
    tabled = report(group, wrote(group), "BOR").id
    group.do("chair", "dissolve_group", code="CG1")
    assert knowing(group, draft) == knowing(group, thread) == INSIDE
    assert group.snapshot("watch").groups[0].dissolved
    about = {"section": group.sections[5], "audience": "group", "group": "CG1", "body": "Hm."}
    assert group.code("arv", "post_comment", **about) == "no_change"
    assert group.code("arv", "post_comment", reply_to=thread, body="Hm.") == "no_change"
    assert group.code("arv", "resolve_comment", comment=thread) == "no_change"
    text = group.proposed(replace(group.sections[5], "No."))
    assert group.code("arv", "draft_amendment", group="CG1", **text) == "no_change"
    reported = {"group": "CG1", "amendment": draft, "sponsors": ["ARV"], "capacity": FACILITATOR}
    assert group.code("fac", "report_back", **reported) == "no_change"
    again = {"amendment": tabled, "revision": 1, "edits": text["edits"], "capacity": FACILITATOR}
    assert group.code("fac", "revise_amendment", **again) == "no_change"
    group.do("fac", "withdraw_amendment", amendment=tabled, capacity=FACILITATOR)
    for kind, more in (("change_group", {"members": ["CAL"]}), ("dissolve_group", {})):
        assert group.code("chair", kind, code="CG1", **more) == "no_change"


def test_a_group_is_of_delegations_that_there_are(room: Cast) -> None:
    about = {"name": "Friends", "members": ["ARV", "NOR"]}
    assert room.code("chair", "found_group", code="CG1", **about) == "unknown"
    gather(room, "ARV")
    assert room.code("chair", "change_group", code="CG1", members=["NOR"]) == "unknown"
    assert room.code("chair", "change_group", code="CG9", members=["ARV"]) == "unknown"
    assert room.snapshot("sec").groups[0].members == ["ARV"]


def test_a_code_names_one_delegation_or_one_group_in_a_process(group: Cast) -> None:
    about = {"name": "Friends", "members": ["ARV"]}
    for code in ("CG1", "BOR"):
        assert group.code("chair", "found_group", code=code, **about) == "already_exists"
    names = {"en": {"short": "X", "formal": "X"}}
    assert group.code("root", "admit_delegation", code="CG1", names=names, order=9) == "already_exists"
    group.do("chair", "dissolve_group", code="CG1")
    group.take_in()  # another document of the process
    assert group.code("chair", "found_group", code="CG1", **about) == "already_exists"
    assert group.reader("fac").groups == ()


def test_who_facilitates_is_accredited_for_a_group_that_there_is(room: Cast) -> None:
    about = {"handle": "fac", "name": "Fac", "capacities": [FACILITATOR]}
    assert room.code("sec", "accredit_participant", **about) == "unknown"
    room.do("chair", "found_group", code="CG1", name="Friends", members=["ARV"])
    room.do("sec", "accredit_participant", **about)
    assert room.reader("fac").groups == ("CG1",)


QUERIES = (
    lambda tx, who, _: amendments_for(tx, who, decisions_for(tx, who)),
    lambda tx, who, _: comments_for(tx, who),
    lambda tx, who, _: positions_for(tx, who),
    lambda tx, who, _: compilation.compilation(tx, who, None),
    lambda tx, who, _: printing(tx, who, None, named=True).view(),
    lambda tx, who, _: tracing(tx, who, None, None).view(),
    lambda tx, who, _: bracketing(tx, who, None, lifted=True).view(),
    lambda tx, who, _: carried(tx, who, None),
    lambda tx, who, _: search(tx, who, "Qwertzu"),
    lambda tx, who, _: where_it_stands(tx, who),
    tallies_for,
    desk_for,
)


def crawled(cast: Cast, handle: str) -> Iterator[str]:
    """Give everything that somebody is answered: snapshot, events, lists, views, the desk, or the refusal's words."""
    who, house = cast.reader(handle), cast.house
    yield cast.snapshot(handle).model_dump_json()
    yield from (event.model_dump_json() for event in cast.events(handle))
    for query in QUERIES:
        yield house.database.read(lambda tx, query=query: _answer(tx, who, cast.round, query))


def _answer(tx: ReadTransaction, who: Reader, round_id: str, query: Any) -> str:
    try:
        found = query(tx, who, round_id)
    except Refusal as refusal:
        return bytes(answer(refusal).body).decode()
    many = found if isinstance(found, list) else [found]
    return json.dumps([one.model_dump(mode="json") for one in many])


CANARIES = ("Qwertzu", "Yxcvbnm", "Asdfghj", "Plokiju", "Mnbvcxy")


def negotiated(cast: Cast) -> Iterator[str]:
    """Play a round around what the group does; stop at each point where somebody might see something."""
    draft = wrote(cast, text="States shall Qwertzu.", rationale="Since Yxcvbnm.", placement_note="Where Plokiju is.")
    wrote(cast, "fac", "States may Qwertzu.", capacity=FACILITATOR)
    cast.draft("bor", add(cast.sections[6], "A new Mnbvcxy."), group="CG1")
    thread = said(cast, "arv", body="Asdfghj?", amendment=draft, section=None)
    said(cast, "bor", body="Asdfghj.", reply_to=thread)
    cast.do("arv", "take_position", amendment=draft, stand="support", audience="own", note="Asdfghj.")
    cast.do("fac", "resolve_comment", capacity=FACILITATOR, comment=thread)
    yield "while the group works"
    public = cast.table("cal", replace(cast.sections[6], "States shall not report."))
    if not found(cast, "cal", public).circulated:
        cast.do("sec", "circulate_amendments", round=cast.round)
    yield "after a circulation"
    cast.close()
    cast.decide(cast.sections[6], [public], "incorporate")
    yield "at the desk"
    cast.issue()
    yield "in the new version"
    cast.open(name="Second round")
    cast.do("chair", "change_group", code="CG1", members=["ARV"])
    cast.do("chair", "dissolve_group", code="CG1")
    yield "after the group"


@pytest.mark.parametrize("mode", ["floor", "held"])
def test_nobody_outside_a_group_finds_a_word_of_it_anywhere(cast: Cast, mode: str) -> None:
    cast.take_in()
    cast.open(mode=mode)
    gather(cast, "ARV", "BOR")
    for moment in negotiated(cast):
        inside = INSIDE if cast.snapshot("sec").groups[0].members == ["ARV", "BOR"] else INSIDE - {"bor"}
        for handle in EVERYONE - inside:
            told = "".join(crawled(cast, handle))
            assert [word for word in CANARIES if word in told] == [], (moment, handle)
        for handle in inside - {"fac", "bor"}:
            told = "".join(crawled(cast, handle))
            assert [word for word in CANARIES if word not in told] == [], (moment, handle)
