"""A player who gives any command there is, as chance (or Hypothesis) has it; and viewers who fold what they see."""

from collections.abc import Sequence

from drafting.protocol.fold import fold
from drafting.protocol.problems import Refusal
from drafting.queries import unnamed
from drafting.queries.documents import events_after
from tests.casting import Cast
from tests.core.seats.delegates import Delegates
from tests.core.seats.desk import Desk
from tests.core.seats.drafters import Drafters
from tests.core.seats.typists import Typists

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
    *("open_working_draft",) * 2,
    *("lock_section",) * 2,
    "unlock_section",
    *("table_from_draft",) * 2,
    "revise_from_draft",
    "carry_over_draft",
    "reset_section",
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
    "carry_over_draft",
    *("take_up_text",) * 2,
    "renumber_text",
    "recall_version",
    "issue_corrigendum",
)


class Player(Delegates, Drafters, Typists, Desk):
    """Gives commands of every kind, as ``pick`` has it."""

    def step(self) -> None:
        done = self.seen.rounds[-1].state == "consolidated"
        kinds = BETWEEN if done else KINDS
        untaken = [kind for kind in dict.fromkeys(kinds) if not self.taken[kind] and kind != "time passes"]
        if not untaken and not all(self.taken[kind] for kind in BETWEEN):
            untaken = ["issue_version"]  # what is left is done between rounds
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
