"""What is made of working drafts: text typed into them, tabled, revised, reset and carried over."""

import contextlib

from drafting.crdt.replica import DraftedLine, SetText
from drafting.protocol.problems import Refusal
from drafting.protocol.views import WorkingDraftView, WorkingTextView
from drafting.protocol.words import SectionKind
from drafting.queries.working_text import working_text
from tests.core.seats.seat import Seat

_SPEAKERS = {"chair": "notes", "delegation": "arv", "group": "watch"}


class Typists(Seat):
    """Type into the drafts that ARV reads, and table what is typed."""

    def table_from_draft(self) -> object:
        draft = self._typed_in("delegation", "group")
        if draft is None:
            self.cast.do("clerk", "open_working_draft")
            return None
        sections = {self._typed(draft) for _ in range(self.pick((1, 2, 3)))}
        said = {"round": self.cast.round, "sections": sorted(sections), "together": self.pick((True, False))}
        return self._speak(draft, "table_from_draft", **said, sponsors=["ARV"] if draft.kind == "group" else [])

    def revise_from_draft(self) -> object:
        draft = self._typed_in("delegation", "group")
        ties = [line.tie for line in self._text(draft).lines if line.tie] if draft else []
        if draft is None or not ties:
            self.table_from_draft()
            return None
        tie = self.pick(ties)
        section = next(line.section for line in self._text(draft).lines if line.tie == tie)
        self.cast.type_in(draft.id, SetText(section, f"Revised {self._count()}."))
        return self._speak(draft, "revise_from_draft", amendment=tie.amendment, revision=tie.revision)

    def carry_over_draft(self) -> object:
        draft = self._typed_in("chair", "delegation", "group")
        return draft and self._speak(draft, "carry_over_draft", version=self.pick((None, None, draft.base)))

    def reset_section(self) -> object:
        draft = self._typed_in("chair", "delegation", "group")
        return draft and self._speak(draft, "reset_section", section=self._typed(draft))

    def _typed_in(self, *kinds: str) -> WorkingDraftView | None:
        drafts = [one for one in self.cast.snapshot("arv").working_drafts if one.kind in kinds]
        return self.pick(drafts) if drafts else None

    def _text(self, draft: WorkingDraftView) -> WorkingTextView:
        who = self.cast.reader("arv")
        return self.cast.house.database.read(lambda tx: working_text(tx, who, draft.id))

    def _typed(self, draft: WorkingDraftView) -> str:
        """Type something; gives the section. A draft on an older text is carried over first."""
        with contextlib.suppress(Refusal):
            self._speak(draft, "carry_over_draft")
        lines = self._text(draft).lines
        if self.pick((True, False, False)):
            new = f"se_{self._count():026d}"
            self.cast.type_in(draft.id, DraftedLine(new, SectionKind.OPERATIVE, 1, "zz", "What we add."))
            return new
        section: str = self.pick(lines).section
        self.cast.type_in(draft.id, SetText(section, self.pick(("What we say.", "What we would say.", ""))))
        return section

    def _count(self) -> int:
        self._names += 1
        return self._names

    def _speak(self, draft: WorkingDraftView, kind: str, **said: object) -> object:
        leads = {"chair": "note_taker", "delegation": "head:ARV", "group": f"facilitator:{draft.side}"}
        return self.cast.do(_SPEAKERS[draft.kind], kind, capacity=leads[draft.kind], draft=draft.id, **said)
