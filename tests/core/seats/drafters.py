"""What is written apart: internal drafts, closed groups, working drafts."""

from drafting.protocol.views import AmendmentView, WorkingDraftView
from tests.core.seats.seat import Seat


class Drafters(Seat):
    """Draft, found groups and report back."""

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

    def open_working_draft(self) -> object:
        handle = self.pick(("notes", "clerk", "bor"))
        return self.cast.do(handle, "open_working_draft", group=self.pick((None, *self.cast.reader(handle).groups)))

    def lock_section(self) -> object:
        draft = self._working_draft()
        return draft and self._lock("lock_section", draft, self.pick(self.seen.sections).id)

    def unlock_section(self) -> object:
        draft = self._working_draft()
        if draft is None or not draft.locked:
            return self.lock_section() and None
        return self._lock("unlock_section", draft, self.pick(draft.locked))

    def _working_draft(self) -> WorkingDraftView | None:
        drafts = self.cast.snapshot("arv").working_drafts
        return self.pick(drafts) if drafts else None

    def _lock(self, kind: str, draft: WorkingDraftView, section: str) -> object:
        leads = {"chair": "chair", "delegation": f"head:{draft.side}", "group": f"facilitator:{draft.side}"}
        handle = {"chair": "chair", "delegation": "arv", "group": "watch"}[draft.kind]
        return self.cast.do(handle, kind, capacity=leads[draft.kind], draft=draft.id, section=section)
