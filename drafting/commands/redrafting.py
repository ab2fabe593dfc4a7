"""What is made of working drafts: amendments tabled and revised from them, and the drafts themselves carried over."""

from collections.abc import Sequence
from dataclasses import replace

from drafting.commands.amendments import revised_on_table
from drafting.commands.context import Context, Happened
from drafting.commands.groups import sponsoring
from drafting.commands.tabling import Whose, begun, tabled, view
from drafting.commands.working import write_in
from drafting.domain.carry_over import DraftChange, carry_over, reset
from drafting.domain.edits import apply, touched
from drafting.domain.text import Manifest
from drafting.protocol.commands import (
    CarryOverDraft,
    NewProposal,
    NewRevision,
    ResetSection,
    ReviseFromDraft,
    TableFromDraft,
)
from drafting.protocol.edits import Edit, Move
from drafting.protocol.events import AmendmentRedrafted, DraftCarriedOver, DraftTabled, SectionReset
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.words import DraftKind, Role
from drafting.queries.amendments import label, stream_of, waits_in
from drafting.queries.desk import round_row
from drafting.queries.redrafting import Reading, Tie, carried_views, open_views, reading, tied_to, ties, version_for
from drafting.queries.versions import manifest
from drafting.queries.working import draft_stream, locks, refuse_hand
from storage import updates
from storage.tables import Amendment, DraftTie, Round, Section, WorkingDraft

_MOST_EDITS = 200


def table_from_draft(ctx: Context, command: TableFromDraft) -> Happened:
    """Table what the draft says of the sections, each under the next number of those whose draft it is."""
    read = _locked(ctx, command.draft)
    whose = _whose(ctx, read.row, command.sponsors)
    _refuse_other_base(read, round_row(ctx.tx, command.document, command.round).base)
    sections = _asked(read, command.sections)
    known = ties(ctx.tx, ctx.acting_reader(command.document), command.draft)
    for section in sections:
        _refuse_untablable(read, section, known.get(section))
    rows: dict[str, Amendment] = {}
    for group in [sections] if command.together else [[section] for section in sections]:
        row = _begun(ctx, command, read, whose, group, known)
        for section in group:
            ctx.session.merge(DraftTie(draft=command.draft, section=section, amendment=row.id))
            rows[section] = row
    ctx.session.flush()
    new = list({row.id: row for row in rows.values()}.values())
    made = {section: row.id for section, row in rows.items()}
    if len(new) == 1:
        made |= {"amendment": new[0].id, "label": label(new[0])}
    return Happened(DraftTabled(amendments=[view(ctx, row) for row in new]), stream_of(new[0]), made)


def _begun(
    ctx: Context, command: TableFromDraft, read: Reading, whose: Whose, sections: Sequence[str], known: dict[str, Tie]
) -> Amendment:
    """Table one amendment of these sections."""
    said = NewProposal(
        capacity=command.capacity,
        document=command.document,
        round=command.round,
        base=read.row.base,
        edits=_edits(read, sections),
        rationale=command.rationale,
        placement_note=command.placement_note,
    )
    # A new section that was tabled in vain keeps its id when it is tabled again.
    earlier = [edit for section in sections if section in known for edit in _all_edits(known[section])]
    row = begun(ctx, said, whose, earlier)
    tabled(ctx, row)
    return row


def _all_edits(tie: Tie) -> list[Edit]:
    return [edit for revision in tie.view.revisions for edit in revision.edits]


def revise_from_draft(ctx: Context, command: ReviseFromDraft) -> Happened:
    """Put what the draft says of the sections that the amendment was tabled from in the place of its last revision."""
    read = _locked(ctx, command.draft)
    known = ties(ctx.tx, ctx.acting_reader(command.document), command.draft)
    sections = tied_to(known, command.amendment)
    row = ctx.session.get_one(Amendment, command.amendment)
    if not sections:
        raise Refusal(ProblemCode.NOT_PERMITTED, f"{label(row)} was not tabled from this working draft.")
    _refuse_other_base(read, waits_in(ctx.tx, row).base)
    before = known[sections[0]].view.revision
    drafted = read.drafted.edits(sections)
    others = _others(ctx, read, known[sections[0]], sections)
    if not drafted and not others:
        detail = f"The working draft proposes nothing of {label(row)} any more: withdraw it instead."
        raise Refusal(ProblemCode.NO_CHANGE, detail)
    edits = _bounded([*drafted, *others])
    if edits == before.edits and before.base == read.row.base:
        raise Refusal(ProblemCode.NO_CHANGE, f"{label(row)} says already what the working draft says.")
    said = NewRevision(
        capacity=command.capacity,
        document=command.document,
        amendment=row.id,
        revision=command.revision,
        edits=edits,
        rationale=command.rationale,
        placement_note=command.placement_note,
    )
    made = revised_on_table(ctx, row, said)
    return Happened(AmendmentRedrafted(amendment=view(ctx, row)), stream_of(row), made)


def _others(ctx: Context, read: Reading, tie: Tie, sections: Sequence[str]) -> list[Edit]:
    """Give what the amendment says besides of other sections than were tabled from the draft."""
    revision = tie.view.revision
    base = manifest(ctx.tx, revision.base)
    ours = {*sections, *touched(read.base, read.drafted.edits(sections))}
    others = [edit for edit in revision.edits if ours.isdisjoint(touched(base, [edit])) and not _followed(base, edit)]
    if others and revision.base != read.row.base:
        detail = f"{tie.view.label} says more than the working draft, on an older text: revise it as an amendment."
        raise Refusal(ProblemCode.CONFLICT, detail)
    return others


def _followed(base: Manifest, edit: Edit) -> bool:
    """Tell whether a section was moved only to keep its place behind one that the draft put somewhere."""
    if not isinstance(edit, Move):
        return False
    there = {line.section for line in base}
    return edit.after not in {None, *there} or apply(base, [edit]) == base


def carry_over_draft(ctx: Context, command: CarryOverDraft) -> Happened:
    """Write into the draft what makes it one of the version; its owner is told of conflicts and orphans."""
    read = _typed_in(ctx, command.draft)
    row = read.row
    onto = version_for(ctx.tx, ctx.acting_reader(command.document), row, command.version)
    if onto.id == row.base:
        raise Refusal(ProblemCode.NO_CHANGE, f"The working draft stands on {onto.name} already.")
    new = manifest(ctx.tx, onto.id)
    carried = carry_over(read.base, read.lines, new)
    _write(ctx, read, carried.changes)
    views = carried_views(read.base, new, carried)
    row.base = onto.id
    ctx.session.add(row)
    ctx.session.flush()
    payload = DraftCarriedOver(draft=row.id, base=onto.id, open=open_views(views))
    return Happened(payload, draft_stream(row), {"draft": row.id})


def reset_section(ctx: Context, command: ResetSection) -> Happened:
    """Write the base's text into the section and put it where it stands there; what is only the draft's is removed."""
    read = _typed_in(ctx, command.draft)
    if not read.has(command.section):
        raise Refusal(ProblemCode.UNKNOWN_SECTION, f"The working draft has no section {command.section}.")
    changes = reset(read.base, read.lines, command.section)
    if not changes:
        raise Refusal(ProblemCode.NO_CHANGE, "The section is as in the base already.")
    _write(ctx, read, changes)
    payload = SectionReset(draft=command.draft, section=command.section)
    return Happened(payload, draft_stream(read.row), {"draft": command.draft})


def on_screen(ctx: Context, now: Round, draft: str) -> Manifest:
    """Give the text of the chair's working draft as it is committed; what is only the draft's has no labels yet."""
    read = _locked(ctx, draft)
    if read.row.kind != DraftKind.CHAIR:
        raise Refusal(ProblemCode.NOT_PERMITTED, "What is issued is the chair's working draft; others table theirs.")
    _refuse_other_base(read, now.base)
    shapes = {line.section: (line.kind, line.level) for line in read.lines}
    lines = []
    for line in apply(read.base, read.drafted.edits()):
        section = ctx.session.get(Section, line.section)
        if section is not None and section.document != now.document:
            detail = f"The id {line.section} is in use; a new section needs its own."
            raise Refusal(ProblemCode.EDITS_CONFLICT, detail, section=line.section)
        kind, level = shapes.get(line.section, (line.kind, line.level))
        lines.append(replace(line, kind=kind, level=level, text="" if line.deleted else ctx.text(line.text)))
    return tuple(lines)


def _locked(ctx: Context, draft: str) -> Reading:
    """Read the draft as it stays until this is committed."""
    updates.lock(ctx.session, draft)
    return reading(ctx.tx, ctx.session.get_one(WorkingDraft, draft))


def _typed_in(ctx: Context, draft: str) -> Reading:
    """Read the draft for one who may type into it."""
    read = _locked(ctx, draft)
    refuse_hand(ctx.tx, read.row, ctx.capacity)
    return read


def _write(ctx: Context, read: Reading, changes: Sequence[DraftChange]) -> None:
    """Write into the draft as everyone does, but for sections that are locked: those refuse it all."""
    locked = sorted({change.section for change in changes}.intersection(locks(ctx.tx, read.row.id)))
    if locked:
        raise Refusal(ProblemCode.SECTION_LOCKED, "A section that would change is locked.", sections=locked)
    if changes:
        write_in(ctx, read.row.id, read.replica.write(changes))


def _whose(ctx: Context, row: WorkingDraft, sponsors: Sequence[str]) -> Whose:
    """Tell whose the amendments are: the delegation's, or the closed group's members' who sponsor them."""
    if row.kind == DraftKind.GROUP:
        if ctx.acting.role is not Role.FACILITATOR:
            raise Refusal(ProblemCode.NOT_PERMITTED, f"This is {row.side}'s; its facilitator speaks for it.")
        return Whose(row.side, sponsoring(ctx, row.document, row.side, sponsors), group=row.side)
    if row.kind != DraftKind.DELEGATION:
        raise Refusal(ProblemCode.NOT_PERMITTED, "The chair's working draft is issued, not tabled.")
    if any(code != row.side for code in sponsors):
        raise Refusal(ProblemCode.NOT_PERMITTED, "Nobody is joined to an amendment by others: they sponsor it.")
    return Whose(row.side, [row.side])


def _refuse_other_base(read: Reading, base: str) -> None:
    if read.row.base != base:
        detail = "The working draft stands on another version than the round negotiates: carry it over first."
        raise Refusal(ProblemCode.STALE, detail, base=base)


def _asked(read: Reading, sections: Sequence[str]) -> list[str]:
    """Give the sections that are named, each once, in the order of the draft."""
    if unknown := [section for section in sections if not read.has(section)]:
        raise Refusal(ProblemCode.UNKNOWN_SECTION, f"The working draft has no section {unknown[0]}.")
    return [section for section in read.drafted.changes if section in set(sections)]


def _refuse_untablable(read: Reading, section: str, tie: Tie | None) -> None:
    if tie is not None and tie.alive:
        detail = f"{tie.view.label} was tabled from this section: revise it from the draft."
        raise Refusal(ProblemCode.ALREADY_EXISTS, detail, amendment=tie.view.id, section=section)
    if not read.drafted.edits([section]):
        raise Refusal(ProblemCode.NO_CHANGE, "The section is as in the base.", section=section)


def _edits(read: Reading, sections: Sequence[str]) -> list[Edit]:
    return _bounded([*read.drafted.edits(sections)])


def _bounded(edits: list[Edit]) -> list[Edit]:
    if len(edits) > _MOST_EDITS:
        detail = f"One amendment has at most {_MOST_EDITS} edits; table fewer sections together."
        raise Refusal(ProblemCode.TOO_LARGE, detail)
    return edits
