"""Amendments: tabling, revising, withdrawing."""

from collections.abc import Sequence

from sqlmodel import func, select

from drafting.commands.context import Context, Happened
from drafting.domain.edits import check, primitive, touched
from drafting.protocol.commands import ReviseAmendment, TableAmendment, WithdrawAmendment
from drafting.protocol.edits import Add, Edit, Merge, Replace, Split, Term
from drafting.protocol.events import AmendmentRevised, AmendmentTabled, AmendmentWithdrawn
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import AmendmentView
from drafting.protocol.words import SubmissionMode
from drafting.queries.amendments import amendments, label, round_decisions, stream_of
from drafting.queries.desk import round_row
from drafting.queries.versions import manifest
from storage.tables import Amendment, Revision, Section


def table_amendment(ctx: Context, command: TableAmendment) -> Happened:
    """Give the proposal its number and put it on the table; past the deadline it is marked late."""
    row = round_row(ctx.tx, command.document, command.round)
    if command.base != row.base:
        raise Refusal(
            ProblemCode.STALE, "The round negotiates another version than the one you started from.", base=row.base
        )
    edits, touches = _prepared(ctx, row.base, command.edits)
    _found_sections(ctx, command.document, edits, ())
    amendment = Amendment(
        id=ctx.mint("am"),
        document=command.document,
        round=row.id,
        delegation=ctx.delegation,
        number=_next_number(ctx, command.document),
        base=row.base,
        late=ctx.at > row.deadline,
        circulated=row.mode == SubmissionMode.FLOOR,
        place=ctx.place,
    )
    ctx.session.add(amendment)
    ctx.session.flush()
    _write_revision(ctx, amendment, 1, (edits, touches), command)
    payload = AmendmentTabled(amendment=_view(ctx, amendment))
    return Happened(payload, stream_of(amendment), {"amendment": amendment.id, "label": label(amendment)})


def revise_amendment(ctx: Context, command: ReviseAmendment) -> Happened:
    """Put a new revision in the place of the last one, if that is the one the sender has seen."""
    amendment = _live(ctx, command.amendment)
    revisions = _view(ctx, amendment).revisions
    number = revisions[-1].number
    if command.revision != number:
        raise Refusal(
            ProblemCode.STALE,
            f"Revision {number} of {label(amendment)} is there already; look at it first.",
            revision=number,
        )
    edits, touches = _prepared(ctx, amendment.base, command.edits)
    _found_sections(ctx, amendment.document, edits, [edit for revision in revisions for edit in revision.edits])
    _write_revision(ctx, amendment, number + 1, (edits, touches), command)
    payload = AmendmentRevised(amendment=_view(ctx, amendment))
    return Happened(payload, stream_of(amendment), {"amendment": amendment.id, "revision": str(number + 1)})


def withdraw_amendment(ctx: Context, command: WithdrawAmendment) -> Happened:
    """Withdraw; the number stays used."""
    amendment = _live(ctx, command.amendment)
    amendment.withdrawn = True
    ctx.session.add(amendment)
    payload = AmendmentWithdrawn(amendment=amendment.id, reason=command.reason)
    return Happened(payload, stream_of(amendment), {"amendment": amendment.id})


def _live(ctx: Context, amendment: str) -> Amendment:
    """Give an amendment that its delegation can still change."""
    row = ctx.session.get_one(Amendment, amendment)
    if row.withdrawn:
        raise Refusal(ProblemCode.AMENDMENT_CLOSED, f"{label(row)} was withdrawn; table a new one.")
    decided = any(not d.undone and row.id in d.amendments for d in round_decisions(ctx.tx, row.round))
    if decided:
        raise Refusal(
            ProblemCode.AMENDMENT_CLOSED, f"The desk has decided on {label(row)}; ask the secretariat to undo it."
        )
    return row


def _prepared(ctx: Context, base: str, edits: Sequence[Edit]) -> tuple[list[Edit], list[str]]:
    """Give the edits with texts as they are stored and ids for new sections, and the sections that they touch.

    Refuses what the base does not allow.
    """
    prepared = [_cleaned(ctx, edit) for edit in edits]
    text = manifest(ctx.tx, base)
    check(text, prepared)
    if any(isinstance(edit, Term) for edit in prepared):
        for part in primitive(text, prepared):
            if isinstance(part, Replace | Add):
                ctx.text(part.text)  # a longer term may make a section too long
    return prepared, list(touched(text, prepared))


def _cleaned(ctx: Context, edit: Edit) -> Edit:
    match edit:
        case Replace() | Merge():
            return edit.model_copy(update={"text": ctx.text(edit.text)})
        case Add():
            return edit.model_copy(update={"text": ctx.text(edit.text), "section": edit.section or ctx.mint("se")})
        case Split():
            sections = edit.sections or [ctx.mint("se") for _ in edit.texts[1:]]
            if len(sections) != len(edit.texts) - 1:
                raise Refusal(ProblemCode.MALFORMED, "A split names one new section fewer than it has texts.")
            return edit.model_copy(update={"texts": [ctx.text(text) for text in edit.texts], "sections": sections})
        case Term():
            return edit.model_copy(update={"old": ctx.text(edit.old), "new": ctx.text(edit.new)})
        case _:
            return edit


def _found_sections(ctx: Context, document: str, edits: Sequence[Edit], earlier: Sequence[Edit]) -> None:
    """Give new sections the id that they keep for life; one that anybody but this amendment has used is refused."""
    for section in dict.fromkeys(new_sections(edits)).keys() - set(new_sections(earlier)):
        if ctx.session.get(Section, section) is not None:
            raise Refusal(
                ProblemCode.EDITS_CONFLICT, f"The id {section} is in use; a new section needs its own.", section=section
            )
        ctx.session.add(Section(id=section, document=document))


def new_sections(edits: Sequence[Edit]) -> list[str]:
    """List the ids of the sections that the edits would add."""
    found: list[str] = []
    for edit in edits:
        match edit:
            case Add(section=str(section)):
                found.append(section)
            case Split(sections=list(sections)):
                found += sections
    return found


def _next_number(ctx: Context, document: str) -> int:
    used = select(func.max(Amendment.number)).where(
        Amendment.document == document, Amendment.delegation == ctx.delegation
    )
    return (ctx.session.exec(used).one() or 0) + 1


def _write_revision(
    ctx: Context,
    amendment: Amendment,
    number: int,
    proposed: tuple[list[Edit], list[str]],
    said: TableAmendment | ReviseAmendment,
) -> None:
    edits, touches = proposed
    ctx.session.add(
        Revision(
            amendment=amendment.id,
            number=number,
            edits=[edit.model_dump(mode="json") for edit in edits],
            touches=touches,
            rationale=said.rationale,
            placement_note=said.placement_note,
            at=ctx.at,
            by=ctx.person.handle,
        )
    )
    ctx.session.flush()


def _view(ctx: Context, amendment: Amendment) -> AmendmentView:
    return amendments(ctx.tx, [amendment], [])[0]
