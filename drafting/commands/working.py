"""Working drafts: the live text of each side, seeded by the service, and which of its sections are locked."""

from drafting.commands.context import Context, Happened
from drafting.commands.drafts import own_group
from drafting.crdt.replica import hands, seed
from drafting.policy import HANDS
from drafting.protocol.commands import LockSection, OpenWorkingDraft, UnlockSection
from drafting.protocol.events import SectionLocked, SectionUnlocked, WorkingDraftOpened
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.words import DraftKind, Role
from drafting.queries.redrafting import reading
from drafting.queries.versions import manifest, version_row
from drafting.queries.working import draft_of, draft_stream, refuse_hand, working_draft_view
from storage import updates
from storage.tables import DraftHand, DraftLock, WorkingDraft


def open_working_draft(ctx: Context, command: OpenWorkingDraft) -> Happened:
    """Open the side's draft on the basis as it stands; whoever may type into it may open it, and one of a side is all.

    It is seeded in the same commit, so that nobody finds it empty and nobody seeds it a second time.
    """
    kind, side = _side(ctx, command)
    if known := draft_of(ctx.tx, command.document, kind, side):
        raise Refusal(ProblemCode.ALREADY_EXISTS, "This working draft was opened already.", draft=known.id)
    basis = version_row(ctx.tx, ctx.acting_reader(command.document), None)
    row = WorkingDraft(
        id=ctx.mint("dr"), document=command.document, kind=kind, side=side, base=basis.id, opened_at=ctx.at
    )
    refuse_hand(ctx.tx, row, ctx.capacity)
    ctx.session.add(row)
    ctx.session.flush()
    write_in(ctx, row.id, seed(manifest(ctx.tx, basis.id)))
    return Happened(WorkingDraftOpened(draft=working_draft_view(ctx.tx, row)), draft_stream(row), {"draft": row.id})


def write_in(ctx: Context, draft: str, update: bytes) -> None:
    """Write what the service itself types into a draft, under client ids that nobody else ever types under."""
    for client in sorted(hands(update)):
        ctx.session.add(DraftHand(draft=draft, client=client, participant="", side=""))
    ctx.session.flush()
    ctx.tx.type_in(draft, update)


def lock_section(ctx: Context, command: LockSection) -> Happened:
    """Lock the section: what is committed into the draft after this touches it no more."""
    row = _locked_by(ctx, command)
    if ctx.session.get(DraftLock, (row.id, command.section)):
        raise Refusal(ProblemCode.NO_CHANGE, "The section is locked already.")
    if not reading(ctx.tx, row).has(command.section):
        raise Refusal(ProblemCode.UNKNOWN_SECTION, f"The working draft has no section {command.section}.")
    ctx.session.add(DraftLock(draft=row.id, section=command.section))
    return Happened(SectionLocked(draft=row.id, section=command.section), draft_stream(row), {"draft": row.id})


def unlock_section(ctx: Context, command: UnlockSection) -> Happened:
    """Unlock the section."""
    row = _locked_by(ctx, command)
    lock = ctx.session.get(DraftLock, (row.id, command.section))
    if lock is None:
        raise Refusal(ProblemCode.NO_CHANGE, "The section is not locked.")
    ctx.session.delete(lock)
    return Happened(SectionUnlocked(draft=row.id, section=command.section), draft_stream(row), {"draft": row.id})


def _side(ctx: Context, command: OpenWorkingDraft) -> tuple[DraftKind, str]:
    """Tell whose draft it becomes: that of the closed group that is named or facilitated, the delegation's, or the
    chair's.
    """
    facilitated = ctx.acting.side if ctx.acting.role is Role.FACILITATOR else None
    if group := command.group or facilitated:
        return DraftKind.GROUP, own_group(ctx, command.document, group)
    if ctx.acting.delegation is not None:
        return DraftKind.DELEGATION, ctx.acting.delegation
    return DraftKind.CHAIR, ""


def _locked_by(ctx: Context, command: LockSection | UnlockSection) -> WorkingDraft:
    """Give the draft, to somebody who locks its sections; nobody types into it until this is committed."""
    row = ctx.session.get_one(WorkingDraft, command.draft)
    lock = HANDS[DraftKind(row.kind)].lock
    if ctx.acting.role not in lock:
        allowed = " or ".join(sorted(lock))
        raise Refusal(ProblemCode.NOT_PERMITTED, f"The sections of this working draft are for {allowed} to lock.")
    updates.lock(ctx.session, row.id)
    return row
