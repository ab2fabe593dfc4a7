"""What is done at the desk: rounds, decisions, versions, statuses."""

from drafting.protocol.commands import Receipt
from drafting.protocol.problems import Refusal
from tests.casting import add
from tests.core.seats.seat import Seat


class Desk(Seat):
    """Open and close rounds, decide, and issue texts."""

    def open_round(self) -> object:
        return self.cast.open(mode=self.pick(("floor", "held", "held")), days=self.pick((1, 6)))

    def close_round(self) -> object:
        return self.cast.do(self.pick(("sec", "chair")), "close_round", round=self.cast.round)

    def circulate_amendments(self) -> object:
        return self.cast.do("sec", "circulate_amendments", round=self.cast.round)

    def admit_amendment(self) -> object:
        late = [amendment for amendment in self.seen.amendments if amendment.late]
        if not late:
            self.cast.clock.move(days=7)
            return self.cast.table("cal", *self._edits()) and None
        return self.cast.do("sec", "admit_amendment", amendment=self.pick(late).id)

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
        proposed = [one for one in self.seen.versions if one.standing == "proposal" and not one.recalled]
        if not proposed:
            return self.propose_text()
        return self._new_basis(
            self.cast.do("chair", "take_up_text", version=self.pick(proposed).id, name=f"Taken up {self._names}")
        )

    def renumber_text(self) -> object:
        """Count anew, or, where every number is as it would be counted, have something inserted for the next time."""
        self._names += 1
        try:
            return self._new_basis(self.cast.do("sec", "renumber_text", name=f"Renumbered {self._names}"))
        except Refusal:
            said = {"version": self._basis().id, "reason": "It was left out.", "edits": [add(None, "Inserted.")]}
            return self._new_basis(self.cast.do("sec", "issue_corrigendum", **said)) and None

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

    def _new_basis(self, receipt: Receipt) -> Receipt:
        self.cast.version = receipt.made["version"]
        return receipt
