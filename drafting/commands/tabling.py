"""How proposals come into the tables: begun without a number, revised, and put on the table of a round."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, func, select

from drafting.commands.context import Context
from drafting.commands.proposing import found_sections, new_sections, prepared
from drafting.protocol.commands import NewProposal, NewRevision, Proposal
from drafting.protocol.edits import Edit
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import AmendmentView
from drafting.protocol.words import RoundState, SubmissionMode
from drafting.queries.amendments import EDITS, amendments, label, round_decisions, waits_in
from drafting.queries.desk import round_row
from storage.tables import Amendment, Document, Revision, Round, Section


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose a proposal is: by whom it is named, who holds it, and the closed group or the entry that it comes from."""

    named: str
    sponsors: Sequence[str]
    group: str | None = None
    entry: dict[str, Any] | None = None


def begun(ctx: Context, said: NewProposal, whose: Whose, earlier: Sequence[Edit] = ()) -> Amendment:
    """Write down a new proposal, which has no number yet and is before nobody else; refuses another base than the
    round's. The ids of new sections are its own, or those of ``earlier`` edits that came to nothing.
    """
    now = round_row(ctx.tx, said.document, said.round)
    _refuse_base(said.base, now)
    edits, touches = prepared(ctx, now.base, said.edits)
    found_sections(ctx, said.document, edits, earlier)
    row = Amendment(
        id=ctx.mint("am"),
        document=said.document,
        round=now.id,
        delegation=whose.named,
        sponsors=list(whose.sponsors),
        group=whose.group,
        entry=whose.entry,
        base=now.base,
        late=False,
        circulated=False,
        place=ctx.place,
    )
    ctx.session.add(row)
    ctx.session.flush()
    _write_revision(ctx, row, 1, (edits, touches), said)
    return row


def revised(ctx: Context, row: Amendment, said: NewRevision) -> dict[str, str]:
    """Put a new revision in the place of the last one, if that is the one the sender has seen; gives what was made."""
    revisions = view(ctx, row).revisions
    number = revisions[-1].number
    if said.revision != number:
        raise Refusal(
            ProblemCode.STALE, f"Revision {number} of {label(row)} is there already; look at it first.", revision=number
        )
    # What a round has parked, or nobody has tabled in it, is revised on the text that is negotiated now.
    now = waits_in(ctx.tx, row)
    row.round, row.base = now.id, now.base
    edits, touches = prepared(ctx, now.base, said.edits)
    found_sections(ctx, row.document, edits, [edit for revision in revisions for edit in revision.edits])
    _write_revision(ctx, row, number + 1, (edits, touches), said)
    return {"amendment": row.id, "revision": str(number + 1)}


def tabled(ctx: Context, row: Amendment) -> dict[str, str]:
    """Put what has no number yet on the table of the round that is negotiated now; gives what was made.

    It gets the next number of those whose it is, and stands after all others. Past the deadline, or when the round is
    closed, it is late; in held mode it waits to be circulated.
    """
    if row.number is not None or row.withdrawn:
        raise Refusal(ProblemCode.AMENDMENT_CLOSED, f"{label(row)} was discarded, or tabled already.")
    now = waits_in(ctx.tx, row)
    _refuse_base(row.base, now)
    begin_anew(ctx, row)
    used = select(func.max(Amendment.number)).where(
        Amendment.document == row.document, Amendment.delegation == row.delegation
    )
    row.number = (ctx.session.exec(used).one() or 0) + 1
    row.round, row.place = now.id, ctx.place
    row.late = is_late(ctx, now) or now.state == RoundState.CLOSED
    ctx.session.add(row)
    ctx.session.flush()
    if now.mode == SubmissionMode.FLOOR:
        circulate(ctx, row)
    return {"amendment": row.id, "label": label(row)}


def circulate(ctx: Context, row: Amendment) -> None:
    """Put an amendment before everyone; where none is named, under the next neutral number, which it keeps."""
    row.circulated, row.place = True, ctx.place
    if ctx.session.get_one(Document, row.document).unnamed:
        used = select(func.max(Amendment.neutral)).where(Amendment.document == row.document)
        row.neutral = (ctx.session.exec(used).one() or 0) + 1
    ctx.session.add(row)
    ctx.session.flush()


def begin_anew(ctx: Context, row: Amendment) -> None:
    """Let the last revision be the first: those before whom the amendment comes now never learn what it said before.

    The log tells that still to those who have seen it.
    """
    rows = ctx.session.exec(select(Revision).where(Revision.amendment == row.id).order_by(col(Revision.number)))
    *earlier, last = rows
    said = [EDITS.validate_python(revision.edits) for revision in (*earlier, last)]
    for section in {section for edits in said[:-1] for section in new_sections(edits)} - set(new_sections(said[-1])):
        ctx.session.delete(ctx.session.get_one(Section, section))
    for revision in earlier:
        ctx.session.delete(revision)
    ctx.session.flush()
    last.number = 1
    ctx.session.add(last)
    ctx.session.flush()


def is_late(ctx: Context, now: Round) -> bool:
    """Tell whether what is said now comes after the round's deadline."""
    return ctx.at > now.deadline


def changeable(ctx: Context, amendment: str) -> Amendment:
    """Give an amendment that those who hold it can still change."""
    row = ctx.session.get_one(Amendment, amendment)
    if row.number is None:
        raise Refusal(ProblemCode.AMENDMENT_CLOSED, f"{label(row)} is internal; it is revised or discarded as a draft.")
    if row.withdrawn or row.superseded_by:
        what = "withdrawn" if row.withdrawn else "superseded by another"
        raise Refusal(ProblemCode.AMENDMENT_CLOSED, f"{label(row)} was {what}; table a new one.")
    now = waits_in(ctx.tx, row)
    if now.state == RoundState.CONSOLIDATED:
        raise Refusal(ProblemCode.AMENDMENT_CLOSED, f"{label(row)} is of a round whose version was issued.")
    decisions = round_decisions(ctx.tx, now.id)
    if any(not decision.undone and row.id in decision.amendments for decision in decisions):
        raise Refusal(
            ProblemCode.AMENDMENT_CLOSED, f"The desk has decided on {label(row)}; ask the secretariat to undo it."
        )
    return row


def view(ctx: Context, row: Amendment) -> AmendmentView:
    """Show an amendment on which nothing is decided."""
    return amendments(ctx.tx, [row], [])[0]


def _refuse_base(base: str, now: Round) -> None:
    if base != now.base:
        raise Refusal(
            ProblemCode.STALE, "The round negotiates another version than the one this was made on.", base=now.base
        )


def _write_revision(
    ctx: Context, row: Amendment, number: int, proposed: tuple[list[Edit], list[str]], said: Proposal
) -> None:
    edits, touches = proposed
    ctx.session.add(
        Revision(
            amendment=row.id,
            number=number,
            base=row.base,
            edits=[edit.model_dump(mode="json") for edit in edits],
            touches=touches,
            rationale=said.rationale,
            placement_note=said.placement_note,
            at=ctx.at,
            by=ctx.person.handle,
        )
    )
    ctx.session.flush()
