"""A player who gives any command there is, as chance (or Hypothesis) has it; and viewers who fold what they see."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from drafting.protocol.fold import fold
from drafting.protocol.problems import Refusal
from drafting.protocol.views import AmendmentView, Snapshot
from drafting.queries.documents import events_after
from tests.casting import Cast, add, delete, move, replace

Pick = Callable[[Sequence[Any]], Any]
NATIONS = ("arv", "arv2", "bor", "cal")
VIEWERS = ("arv", "bor", "watch", "sec", "chair", "notes")
KINDS = (
    *("table_amendment",) * 7,
    *("post_comment",) * 3,
    *("decide_section",) * 5,
    "revise_amendment",
    "revise_amendment",
    "withdraw_amendment",
    "undo_decision",
    "undo_decision",
    "close_round",
    "circulate_amendments",
    "circulate_amendments",
    "admit_amendment",
    "admit_amendment",
    "issue_version",
    "open_round",
    "time passes",
)


class Player:
    """Gives commands; ``pick`` chooses from what there is. ``taken`` counts what was not refused, by kind."""

    def __init__(self, cast: Cast, pick: Pick) -> None:
        self.cast, self.pick = cast, pick
        self.taken: Counter[str] = Counter()
        self._names = 0

    def step(self) -> None:
        done = self.seen.rounds[-1].state == "consolidated"
        kind = "open_round" if done else self.pick(KINDS)
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
        return self.cast.table(self.pick(NATIONS), *self._edits(), rationale=self.pick(("", "As agreed.")))

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

    def post_comment(self) -> object:
        about = self.pick(("section", "quote", "amendment", "reply"))
        said: dict[str, Any] = {"audience": self.pick(("all", "own", "secretariat")), "body": "A word on this."}
        seen, handle = self.seen, self.pick((*NATIONS, "clerk", "sec", "chair", "notes"))
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
        outcome = self.pick(("incorporate", "bracket", "not_retained", "redraft"))
        text = "The room redrafted this." if outcome == "redraft" else None
        some = shown.waiting[: self.pick((1, 1, 2, 9))]
        return self.cast.decide(shown.section.id, some, outcome, self.pick(("sec", "chair")), text=text)

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
                self.cast.decide(shown.section.id, shown.waiting, "not_retained")
        self._names += 1
        return self.cast.issue(f"Rev.{self._names}", renumber=self.pick((False, False, True)))

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
        """Fold what is new."""
        house, document = self.cast.house, self.cast.document
        for event in house.database.read(lambda tx: events_after(tx, document, self._place)):
            self._place = event.place
            for handle, who in self._readers.items():
                if who.sees(event.stream):
                    cursor = house.cursors.seal(who.person.id, document, event.place, who.capacities)
                    self.held[handle] = fold(self.held[handle], event.view, cursor)

    def check(self) -> None:
        """Each must hold what a reload would show, at the cursor where a reload would be."""
        for handle, held in self.held.items():
            assert held == self.cast.snapshot(handle), handle
