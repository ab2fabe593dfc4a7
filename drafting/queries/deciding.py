"""What a decision of the desk would amount to: asked by the command that takes it, and by whoever previews it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count

from drafting.domain.consolidation import Said, decide
from drafting.domain.edits import apply
from drafting.domain.numbering import number
from drafting.domain.shorthand import worded
from drafting.domain.tokens import clean_text
from drafting.policy import OVER_OBJECTIONS, Acting
from drafting.protocol.commands import DecideSection
from drafting.protocol.edits import PrimitiveEdit
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import AmendmentView, PreviewView
from drafting.protocol.words import Outcome, Role
from drafting.queries.desk import Desk, OnTable, desk, on_table, round_row
from drafting.queries.discussion import objections
from drafting.queries.people import Reader, in_capacity
from drafting.queries.status import agreed_on
from drafting.queries.versions import section_view
from storage.database import ReadTransaction

_TAKEN = frozenset({Outcome.INCORPORATE, Outcome.IN_PART})
"""Outcomes that put an amendment's words into the text as they are."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision that can be taken: its outcome, whom it is about, and the edits that it amounts to."""

    at: Desk
    outcome: Outcome
    amendments: list[str]
    objections: list[str]
    edits: tuple[PrimitiveEdit, ...]


def judged_on(
    tx: ReadTransaction, who: Reader, command: DecideSection, clean: Callable[[str], str], mint: Callable[[], str]
) -> Judged:
    """Judge a decision, if the section stands as the sender saw it. Refuses what cannot be decided so.

    It is judged by what one sees in the capacity that one decides in, and in no other that one may hold too.
    """
    who = in_capacity(tx, who, command.capacity)
    table = round_row(tx, command.document, command.round)
    at = desk(tx, table)
    _refuse_stale(at, command)
    seen = [one for one in on_table(tx, table, command.amendments) if who.sees(one.amendment.audience)]
    named = _on_the_table(seen, command)
    _refuse_clash(named, command)
    ids = [one.amendment.id for one in named]
    against = objections(tx, who, ids, command.section) if command.outcome in _TAKEN else []
    outcome, bracketed = _despite(command, against)
    edits = decide(
        outcome,
        command.section,
        (at.base, at.text),
        [one.asks.edits for one in named],
        Said(_redraft(at, command, clean), command.hunks, _taken(at, command), mint, bracketed=bracketed),
    )
    # The record is read by everyone in the end: it names only those whose objection everyone may know.
    everyone = replace(who, capacities=(Role.OBSERVER.value,), groups=())
    known = objections(tx, everyone, ids, command.section) if against else []
    return Judged(at, outcome, ids, known, edits)


def _taken(at: Desk, command: DecideSection) -> set[int]:
    """Give the numbers of the amendment's changes that were taken before."""
    about = (one for one in at.decisions if one.section == command.section)
    return {number for one in about if set(one.amendments) & set(command.amendments) for number in one.hunks}


def _despite(command: DecideSection, objections: Sequence[str]) -> tuple[Outcome, bool]:
    """Give the outcome in the face of objections: a bracket, unless the chair decides otherwise and says why; and
    whether what is taken in part is to stand in brackets.
    """
    if command.over_objections:
        if Acting.parse(command.capacity).role not in OVER_OBJECTIONS:
            raise Refusal(ProblemCode.NOT_PERMITTED, "Only the chair decides over objections.")
        if not objections:
            raise Refusal(ProblemCode.MALFORMED, "Nobody objects to this.")
        if not command.reason.strip():
            raise Refusal(ProblemCode.MALFORMED, "Deciding over objections needs a reason, for the record.")
        return command.outcome, False
    if not objections:
        return command.outcome, False
    return (Outcome.BRACKET, False) if command.outcome is Outcome.INCORPORATE else (command.outcome, True)


def preview(tx: ReadTransaction, who: Reader, command: DecideSection, longest: int) -> PreviewView:
    """Show how the text would read after a decision, which is not taken. New sections have no id for life yet."""
    if not (who.sees("desk") and in_capacity(tx, who, command.capacity).sees("desk")):
        raise Refusal(ProblemCode.NOT_PERMITTED, "Decisions are for those at the desk.")
    if command.capacity not in who.capacities:
        held = ", ".join(who.capacities)
        raise Refusal(ProblemCode.CAPACITY_NOT_HELD, f"You do not act as {command.capacity} here; you are {held}.")
    new = count(1)
    judged = judged_on(tx, who, command, lambda text: clean_text(text, longest=longest), lambda: f"se_{next(new):026d}")
    touched = {edit.section for edit in judged.edits}
    after = number(apply(judged.at.text, judged.edits))
    agreed, left = (agreed_on(tx, who.document, text) for text in (judged.at.text, after))
    return PreviewView(
        outcome=judged.outcome,
        objections=judged.objections,
        sections=[section_view(line) for line in after if line.section in touched],
        reopens=[status for section, status in agreed.items() if section not in left],
    )


def _refuse_stale(at: Desk, command: DecideSection) -> None:
    digest = at.digest(command.section)
    if command.against != digest:
        line = at.line(command.section)
        raise Refusal(
            ProblemCode.STALE,
            "Somebody decided on this section in the meantime; look at how it stands now.",
            digest=digest,
            section=section_view(line).model_dump(mode="json") if line else None,
        )


def _on_the_table(known: Sequence[OnTable], command: DecideSection) -> list[OnTable]:
    """Give the amendments named, if each waits for a decision on this section."""
    by_id = {one.amendment.id: one for one in known}
    named = []
    for id_ in dict.fromkeys(command.amendments):
        one = by_id.get(id_)
        if one is None:
            raise Refusal(ProblemCode.UNKNOWN, f"There is no amendment {id_} in this round.")
        amendment = one.amendment
        if command.section not in one.asks.touches:
            raise Refusal(ProblemCode.UNKNOWN_SECTION, f"{amendment.label} proposes nothing on this section.")
        if not amendment.active:
            raise Refusal(ProblemCode.AMENDMENT_CLOSED, f"{amendment.label} is {_inactive(amendment)}.")
        if command.section not in one.waiting:
            raise Refusal(ProblemCode.AMENDMENT_CLOSED, f"{amendment.label} was decided on here; undo that first.")
        named.append(one)
    return named


def _refuse_clash(named: Sequence[OnTable], command: DecideSection) -> None:
    """Refuse to take words that were proposed on an older text, and that the text has changed since."""
    if command.outcome in _TAKEN:
        clashing = [one.amendment.label for one in named if command.section in one.asks.clashing]
        if clashing:
            detail = f"The text has changed the same words since {clashing[0]} was made; redraft it, or bracket both."
            raise Refusal(ProblemCode.CONFLICT, detail, amendments=clashing)


def _redraft(at: Desk, command: DecideSection, clean: Callable[[str], str]) -> str | None:
    """Give the text of a redraft, spelled out from shorthand where it came so."""
    if command.wording is None:
        return None if command.text is None else clean(command.text)
    line = at.line(command.section)
    if command.text is not None or command.wording.section != command.section or line is None:
        raise Refusal(ProblemCode.MALFORMED, "Say either a text, or what is to be done to the text of this section.")
    return clean(worded(line.text, command.wording))


def _inactive(amendment: AmendmentView) -> str:
    if not amendment.circulated:
        return "held; circulate it first"
    return "late; admit it first" if amendment.late else amendment.state.value
