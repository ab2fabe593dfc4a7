"""Purging: a delegation erases what it wrote for itself alone."""

from typing import Any

from sqlmodel import col, delete, select

from drafting.commands.context import Context, Happened
from drafting.commands.proposing import new_sections
from drafting.protocol.commands import PurgeDrafts
from drafting.protocol.events import DraftsPurged
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.words import DraftKind
from drafting.queries.amendments import EDITS
from drafting.queries.working import draft_of
from storage import log, updates
from storage.tables import (
    Amendment,
    Comment,
    Credential,
    DraftHand,
    DraftLock,
    DraftState,
    DraftTie,
    DraftUpdate,
    Position,
    Revision,
    Section,
    WorkingDraft,
)


def purge_drafts(ctx: Context, command: PurgeDrafts) -> Happened:
    """Erase the delegation's drafts, its working draft with all that was typed into it, and its comments for its own
    side: the rows, and what the log said of them; and what it said of those that were tabled, from when they were
    drafts.

    That something was done, by whom and when, stays in the log.
    """
    side = f"delegation:{ctx.delegation}"
    drafted = select(Amendment.id).where(
        Amendment.document == command.document,
        Amendment.delegation == ctx.delegation,
        col(Amendment.draft).is_not(None),
    )
    drafts = drafted.where(col(Amendment.number).is_(None))
    on_drafts = col(Position.amendment).in_(drafts)
    own = (col(Comment.document) == command.document, col(Comment.stream) == side)
    working = draft_of(ctx.tx, command.document, DraftKind.DELEGATION, ctx.delegation)
    gone = DraftsPurged(
        amendments=sorted(ctx.session.exec(drafts)),
        comments=sorted(ctx.session.exec(select(Comment.id).where(*own))),
        positions=sorted(ctx.session.exec(select(Position.id).where(on_drafts))),
        working_drafts=[working.id] if working else [],
    )
    about = {*ctx.session.exec(drafted), *gone.comments, *gone.positions, *gone.working_drafts}
    _forget(ctx, command.document, side, about)
    if working:
        _erase(ctx, working)
    sections = _sections(ctx, select(Revision.edits).where(col(Revision.amendment).in_(drafts)))
    # What points to others goes before what it points to.
    ctx.session.exec(delete(Comment).where(*own))
    ctx.session.exec(delete(Position).where(on_drafts))
    ctx.session.exec(delete(Revision).where(col(Revision.amendment).in_(drafts)))
    ctx.session.exec(delete(Amendment).where(col(Amendment.id).in_(drafts)))
    for section in sections:
        ctx.session.exec(delete(Section).where(col(Section.id) == section))
    return Happened(gone, side)


def _erase(ctx: Context, working: WorkingDraft) -> None:
    """Erase a working draft wholly; the words that were tabled from it stay tabled."""
    draft = working.id
    updates.lock(ctx.session, draft)  # nobody else's update comes in between
    for table in (DraftUpdate, DraftState, DraftHand, DraftLock, DraftTie):
        ctx.session.exec(delete(table).where(col(table.draft) == draft))
    tokens = (col(Credential.kind) == "draft", col(Credential.label) == draft)
    ctx.session.exec(delete(Credential).where(*tokens))
    ctx.session.delete(working)
    ctx.session.flush()


def _forget(ctx: Context, document: str, side: str, gone: set[str]) -> None:
    """Erase what the side's log says of those that are gone; refuses where it says nothing."""
    said = log.of_stream(ctx.session, document, side)
    seqs = [row.seq for row in said if _about(log.parsed(row.payload)) & gone]
    if not seqs:
        raise Refusal(ProblemCode.NO_CHANGE, "There is nothing to erase.")
    ctx.tx.purge(document, side, seqs)


def _about(payload: dict[str, Any]) -> set[str]:
    """Name what an event is about: whose view, or id, it tells under these names."""
    told = (payload.get(name) for name in ("amendment", "comment", "position", "draft"))
    return {one["id"] if isinstance(one, dict) else one for one in told if one}


def _sections(ctx: Context, asked: Any) -> list[str]:
    """Name the sections that these revisions would add: their ids are those of no other amendment."""
    found = (new_sections(EDITS.validate_python(edits)) for edits in ctx.session.exec(asked))
    return list(dict.fromkeys(section for sections in found for section in sections))
