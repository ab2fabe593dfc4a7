"""A player who gives any command there is, as chance (or Hypothesis) has it; and viewers who fold what they see."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from drafting.protocol.commands import Receipt
from drafting.protocol.fold import fold
from drafting.protocol.problems import Refusal
from drafting.protocol.views import AmendmentView, Snapshot, VersionView
from drafting.queries import unnamed
from drafting.queries.documents import events_after
from tests.casting import Cast, add, delete, move, replace

Pick = Callable[[Sequence[Any]], Any]
NATIONS = ("arv", "arv2", "bor", "cal")
VIEWERS = ("arv", "bor", "watch", "sec", "chair", "notes")
KINDS = (
    *("table_amendment",) * 7,
    *("draft_amendment",) * 3,
    "revise_draft",
    "discard_draft",
    "clear_amendment",
    "purge_drafts",
    "enter_amendment",
    "confirm_entry",
    "correct_entry",
    "sponsor_amendment",
    "leave_amendment",
    *("post_comment",) * 3,
    "resolve_comment",
    "reopen_comment",
    *("take_position",) * 3,
    "clear_position",
    "withdraw_position",
    "found_group",
    "change_group",
    "dissolve_group",
    *("report_back",) * 2,
    *("decide_section",) * 5,
    "revise_amendment",
    "revise_amendment",
    "withdraw_amendment",
    "undo_decision",
    "undo_decision",
    "close_round",
    "circulate_amendments",
    "circulate_amendments",
    *("admit_amendment",) * 4,
    "issue_version",
    "issue_in_session",
    "propose_text",
    "recall_version",
    "set_status",
    "set_status",
    "open_round",
    "time passes",
)


BETWEEN = (
    *("open_round",) * 4,
    *("take_up_text",) * 2,
    "renumber_text",
    "recall_version",
    "issue_corrigendum",
)


class Player:
    """Gives commands; ``pick`` chooses from what there is. ``taken`` counts what was not refused, by kind; several
    players may share it, since each prefers what nobody has done.
    """

    def __init__(self, cast: Cast, pick: Pick, taken: Counter[str] | None = None) -> None:
        self.cast, self.pick = cast, pick
        self.taken = Counter[str]() if taken is None else taken
        self._names = 0

    def step(self) -> None:
        done = self.seen.rounds[-1].state == "consolidated"
        kinds = BETWEEN if done else KINDS
        untaken = [kind for kind in dict.fromkeys(kinds) if not self.taken[kind]]
        kind = self.pick(untaken if untaken and self.pick((True, False)) else kinds)
        if kind == "time passes":
            self.cast.clock.move(days=self.pick((1, 4)))
            return
        try:
            receipt = getattr(self, kind)()
        except Refusal:
            return
        if receipt:
            self.taken[kind] += 1

    @property
    def seen(self) -> Snapshot:
        return self.cast.snapshot("sec")

    def table_amendment(self) -> object:
        handle = self.pick(NATIONS)
        own = [one.id for one in self.seen.amendments if one.delegation == handle[:3].upper()]
        superseded = [self.pick(own)] if own and self.pick((True, False, False)) else []
        said = {"rationale": self.pick(("", "As agreed.")), "supersedes": superseded}
        return self.cast.table(handle, *self._edits(), **said)

    def revise_amendment(self) -> object:
        amendment = self._amendment()
        return amendment and self.cast.do(
            amendment.delegation.lower(),
            "revise_amendment",
            amendment=amendment.id,
            revision=len(amendment.revisions),
            edits=self._edits(),
        )

    def withdraw_amendment(self) -> object:
        amendment = self._amendment()
        return amendment and self.cast.do(
            amendment.delegation.lower(), "withdraw_amendment", amendment=amendment.id, reason="Overtaken."
        )

    def draft_amendment(self) -> object:
        handle = self.pick(("clerk", "clerk", "arv", "bor"))
        groups = (None, *self.cast.reader(handle).groups)
        return self.cast.draft(handle, *self._edits(), group=self.pick(groups))

    def revise_draft(self) -> object:
        draft = self._draft()
        said = {"revision": len(draft.revisions), "edits": self._edits()} if draft else {}
        return draft and self.cast.do("clerk", "revise_draft", amendment=draft.id, **said)

    def discard_draft(self) -> object:
        draft = self._draft()
        return draft and self.cast.do("clerk", "discard_draft", amendment=draft.id)

    def clear_amendment(self) -> object:
        draft = self._draft()
        if draft is None or draft.group:
            return self.cast.draft("clerk", *self._edits()) and None
        return self.cast.do("arv2", "clear_amendment", amendment=draft.id)

    def purge_drafts(self) -> object:
        return self.cast.do("arv", "purge_drafts")

    def _draft(self) -> AmendmentView | None:
        drafts = [one for one in self.cast.snapshot("arv").amendments if one.state == "internal"]
        return self.pick(drafts) if drafts else None

    def enter_amendment(self) -> object:
        others = self.pick(([], ["BOR"], ["CAL", "BOR"]))
        said = {"source": self.pick(("floor", "email", "word")), "delegation": "ARV", "sponsors": others}
        said |= self.cast.proposed(*self._edits())
        return self.cast.do(self.pick(("notes", "sec")), "enter_amendment", **said)

    def confirm_entry(self) -> object:
        entered = self._entered()
        return entered and self.cast.do(entered.delegation.lower(), "confirm_entry", amendment=entered.id)

    def correct_entry(self) -> object:
        entered = self._entered()
        if entered is None:
            return self.enter_amendment() and None
        said = {"revision": len(entered.revisions), "edits": self._edits()}
        return self.cast.do("notes", "correct_entry", amendment=entered.id, **said)

    def _entered(self) -> AmendmentView | None:
        entered = [one for one in self.seen.amendments if one.entry and not one.entry.confirmed]
        waiting = [one for one in entered if (one.state, one.round) == ("tabled", self.cast.round)]
        return self.pick(waiting or entered) if entered else None

    def sponsor_amendment(self) -> object:
        amendment = self._amendment()
        return amendment and self.cast.do(self.pick(NATIONS), "sponsor_amendment", amendment=amendment.id)

    def leave_amendment(self) -> object:
        joint = [one for one in self.seen.amendments if len(one.sponsors) > 1]
        one = self.pick(joint) if joint else None
        return one and self.cast.do(self.pick(one.sponsors).lower(), "leave_amendment", amendment=one.id)

    def post_comment(self) -> object:
        about = self.pick(("section", "quote", "amendment", "reply"))
        said: dict[str, Any] = {"audience": self.pick(("all", "own", "secretariat")), "body": "A word on this."}
        seen, handle = self.seen, self.pick((*NATIONS, "clerk", "sec", "chair", "notes"))
        if self.pick((True, False, False)) and (groups := self.cast.reader(handle).groups):
            said |= {"audience": "group", "group": self.pick(groups)}
        section = self.pick(seen.sections)
        if about == "section":
            said["section"] = section.id
        elif about == "quote" and len(section.text) > 3:
            said |= {"section": section.id, "target": {"quote": section.text[1:4], "start": 1, "end": 4}}
        elif about == "amendment" and seen.amendments:
            said["amendment"] = self.pick(seen.amendments).id
        elif seen.comments:
            said["reply_to"] = self.pick(seen.comments).id
        return self.cast.do(handle, "post_comment", **said)

    def resolve_comment(self) -> object:
        return self._settle("resolve_comment", resolved=True)

    def reopen_comment(self) -> object:
        return self._settle("reopen_comment", resolved=False)

    def _settle(self, kind: str, *, resolved: bool) -> object:
        threads = [one for one in self.seen.comments if one.reply_to is None and one.resolved is not resolved]
        if not threads:
            return (self.post_comment() if resolved else self.resolve_comment()) and None
        return self.cast.do(self.pick(("sec", "notes", "arv")), kind, comment=self.pick(threads).id)

    def take_position(self) -> object:
        seen, handle = self.seen, self.pick((*NATIONS, "clerk", "notes"))
        about = {"section": self.pick(seen.sections).id}
        if seen.amendments and self.pick((True, False)):
            about = {"amendment": self.pick(seen.amendments).id}
        stand = self.pick(("support", "cannot_accept", "reserve", "flexible", "retain"))
        said = {"reservation": "general"} if stand == "reserve" else {}
        if handle == "notes":
            said["delegation"] = "CAL"
        audience = self.pick(("all", "all", "chair", "secretariat", "own")) if handle != "clerk" else "own"
        return self.cast.do(handle, "take_position", **about, stand=stand, audience=audience, **said)

    def clear_position(self) -> object:
        internal = [one for one in self.cast.snapshot("arv").positions if one.audience == "own" and one.stands]
        audience = self.pick(("all", "chair", "secretariat"))
        if not internal:
            about = {"section": self.pick(self.seen.sections).id, "stand": "support", "audience": "own"}
            return self.cast.do("clerk", "take_position", **about) and None
        return self.cast.do("arv", "clear_position", position=self.pick(internal).id, audience=audience)

    def withdraw_position(self) -> object:
        taken = [one for one in self.cast.snapshot("arv").positions if one.delegation == "ARV"]
        return taken and self.cast.do("arv2", "withdraw_position", position=self.pick(taken).id)

    def found_group(self) -> object:
        """Found another group, with the observer as its facilitator."""
        code = f"CG{len(self.seen.groups)}"
        made = self.cast.do(self.pick(("sec", "chair")), "found_group", code=code, name="Friends", members=["ARV"])
        self.cast.do("root", "accredit_participant", handle="watch", name="Watch", capacities=[f"facilitator:{code}"])
        return made

    def change_group(self) -> object:
        members = self.pick((["BOR"], ["ARV", "BOR"], ["CAL", "ARV"]))
        return self._with_group("change_group", members=members, name=self.pick((None, "Friends of the text")))

    def dissolve_group(self) -> object:
        return len(self.seen.groups) > 1 and self._with_group("dissolve_group")

    def report_back(self) -> object:
        """Have a member write a text for the group, or the facilitator report one back."""
        groups = [one for one in self.seen.groups if "ARV" in one.members and not one.dissolved]
        if not groups:
            return self.found_group() and None
        group = self.pick(groups).code
        texts = [one for one in self.cast.snapshot("watch").amendments if (one.group, one.state) == (group, "internal")]
        if not texts:
            base = self.seen.rounds[-1].base
            text = {"round": self.cast.round, "base": base, "edits": self._edits(), "group": group}
            return self.cast.do("arv", "draft_amendment", **text) and None
        said = {"group": group, "amendment": self.pick(texts).id, "sponsors": ["ARV"]}
        return self.cast.do("watch", "report_back", capacity=f"facilitator:{group}", **said)

    def _with_group(self, kind: str, **said: object) -> object:
        groups = self.seen.groups
        return groups and self.cast.do("sec", kind, code=self.pick(groups).code, **said)

    def close_round(self) -> object:
        return self.cast.do(self.pick(("sec", "chair")), "close_round", round=self.cast.round)

    def circulate_amendments(self) -> object:
        return self.cast.do("sec", "circulate_amendments", round=self.cast.round)

    def admit_amendment(self) -> object:
        late = [amendment for amendment in self.seen.amendments if amendment.late]
        return late and self.cast.do("sec", "admit_amendment", amendment=self.pick(late).id)

    def decide_section(self) -> object:
        waiting = [shown for shown in self.cast.desk().sections if shown.waiting]
        if not waiting:
            return None
        shown = self.pick(waiting)
        outcome = self.pick(("incorporate", "in_part", "bracket", "alternative", "park", "not_retained", "redraft"))
        text = "The room redrafted this." if outcome == "redraft" else None
        some = shown.waiting[: self.pick((1, 1, 2, 9)) if outcome != "in_part" else 1]
        hunks = [self.pick((1, 1, 2))] if outcome == "in_part" else []
        return self.cast.decide(shown.section.id, some, outcome, self.pick(("sec", "chair")), text=text, hunks=hunks)

    def undo_decision(self) -> object:
        decisions = self.seen.decisions
        return decisions and self.cast.do("chair", "undo_decision", decision=self.pick(decisions).id)

    def issue_version(self) -> object:
        """Bring the round to its end, as an impatient chair would."""
        for kind, said in (("close_round", {}), ("circulate_amendments", {})):
            try:
                self.cast.do("sec", kind, round=self.cast.round, **said)
            except Refusal:
                continue
        for shown in self.cast.desk().sections:
            if shown.waiting:
                self.cast.decide(shown.section.id, shown.waiting, self.pick(("not_retained", "park")))
        self._names += 1
        return self.cast.issue(f"Rev.{self._names}", renumber=self.pick((False, False, True)))

    def issue_in_session(self) -> object:
        self._names += 1
        name = self.pick((None, f"In-session {self._names}"))
        return self.cast.do(self.pick(("sec", "chair", "notes")), "issue_in_session", round=self.cast.round, name=name)

    def propose_text(self) -> object:
        self._names += 1
        audience = self.pick((None, [], ["ARV"], ["BOR", "CAL"]))
        said = {"base": self._basis().id, "name": f"Chair's text {self._names}", "audience": audience}
        return self.cast.do("chair", "propose_text", edits=self._edits(), **said)

    def take_up_text(self) -> object:
        self._names += 1
        proposed = [version for version in self.seen.versions if version.standing == "proposal"]
        if not proposed:
            return self.propose_text()
        return self._new_basis(
            self.cast.do("chair", "take_up_text", version=self.pick(proposed).id, name=f"Taken up {self._names}")
        )

    def renumber_text(self) -> object:
        self._names += 1
        return self._new_basis(self.cast.do("sec", "renumber_text", name=f"Renumbered {self._names}"))

    def recall_version(self) -> object:
        version = self.pick(self.seen.versions)
        self.cast.do("chair", "recall_version", version=version.id, reason="It was the wrong file.")
        self.cast.version = self._basis().id
        return version

    def issue_corrigendum(self) -> object:
        said = {"version": self._basis().id, "reason": "A slip of the pen.", "edits": self._edits()}
        return self._new_basis(self.cast.do("sec", "issue_corrigendum", **said))

    def set_status(self) -> object:
        said = {"section": self.pick(self.seen.sections).id, "version": self.pick(self.seen.versions).id}
        status = self.pick(("open", "agreed_in_informals", "agreed_ad_referendum", "agreed", "adopted"))
        awaiting = ["ARV"] if status == "agreed_ad_referendum" else []
        return self.cast.do(self.pick(("sec", "chair")), "set_status", status=status, awaiting=awaiting, **said)

    def _basis(self) -> VersionView:
        return [version for version in self.seen.versions if version.standing == "basis" and not version.recalled][-1]

    def _new_basis(self, receipt: Receipt) -> Receipt:
        self.cast.version = receipt.made["version"]
        return receipt

    def open_round(self) -> object:
        return self.cast.open(mode=self.pick(("floor", "held", "held")), days=self.pick((1, 6)))

    def _amendment(self) -> AmendmentView | None:
        amendments = self.seen.amendments
        return self.pick(amendments) if amendments else None

    def _edits(self) -> list[dict[str, Any]]:
        sections = self.seen.sections
        one, other = self.pick(sections), self.pick(sections)
        words = self.pick(("all necessary measures", "some measures", "the feasible", "no measure"))
        forms: tuple[list[dict[str, Any]], ...] = (
            [replace(one.id, f"{one.text} {words}".strip())],
            [replace(one.id, f"{words} {one.text}".strip())],
            [add(one.id, f"New: {words}.")],
            [add(None, f"First: {words}."), delete(other.id)],
            [delete(one.id)],
            [move(one.id, other.id)],
            [{"op": "merge", "sections": [one.id, other.id], "text": f"{one.text} {other.text}".strip()}],
            [{"op": "split", "section": one.id, "texts": ["One half.", f"The other: {words}."]}],
        )
        return list(self.pick(forms))


class Viewers:
    """Each holds a first snapshot and folds every event that the feed would send them."""

    def __init__(self, cast: Cast, handles: Sequence[str] = VIEWERS) -> None:
        self.cast = cast
        self.held = {handle: cast.snapshot(handle) for handle in handles}
        self._readers = {handle: cast.reader(handle) for handle in handles}
        self._place = cast.house.database.read(lambda tx: events_after(tx, cast.document, 0))[-1].place

    def catch_up(self) -> None:
        """Fold what is new; whose rights have changed looks anew."""
        house, document = self.cast.house, self.cast.document
        fresh = [handle for handle, who in self._readers.items() if self.cast.reader(handle).rights != who.rights]
        for event in house.database.read(lambda tx: events_after(tx, document, self._place)):
            self._place = event.place
            for handle, who in self._readers.items():
                if handle not in fresh and who.sees(event.stream):
                    cursor = house.cursors.seal(who.person.id, document, event.place, who.rights)
                    self.held[handle] = fold(self.held[handle], unnamed.shown(event.view, who), cursor)
        for handle in fresh:  # the feed resets them
            self.held[handle], self._readers[handle] = self.cast.snapshot(handle), self.cast.reader(handle)

    def check(self) -> None:
        """Each must hold what a reload would show, at the cursor where a reload would be."""
        for handle, held in self.held.items():
            assert held == self.cast.snapshot(handle), handle
