"""What delegations do for everybody to see, and where they stand."""

from typing import Any

from drafting.protocol.views import AmendmentView
from tests.core.seats.seat import NATIONS, Seat


class Delegates(Seat):
    """Table, enter, sponsor, comment and take positions."""

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

    def sponsor_amendment(self) -> object:
        amendment = self._amendment()
        return amendment and self.cast.do(self.pick(NATIONS), "sponsor_amendment", amendment=amendment.id)

    def leave_amendment(self) -> object:
        joint = [one for one in self.seen.amendments if len(one.sponsors) > 1]
        one = self.pick(joint) if joint else None
        return one and self.cast.do(self.pick(one.sponsors).lower(), "leave_amendment", amendment=one.id)

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
