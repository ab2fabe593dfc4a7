"""Closed groups: who drafts apart, and what they report back."""

from collections.abc import Sequence

from drafting.commands.context import Context, Happened
from drafting.commands.tabling import tabled, view
from drafting.protocol.commands import ChangeGroup, DissolveGroup, FoundGroup, ReportBack
from drafting.protocol.events import GroupChanged, GroupDissolved, GroupFounded, TextReportedBack
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.queries.amendments import stream_of
from drafting.queries.groups import group_in, group_view, working_group
from storage import log
from storage.tables import Amendment, Delegation, Document, Group


def found_group(ctx: Context, command: FoundGroup) -> Happened:
    """Found the group; its code is that of no delegation, and of no other group of the process."""
    process = ctx.session.get_one(Document, command.document).process
    log.lock(ctx.session, process)  # a delegation may be admitted, or a group founded elsewhere, at this moment
    refuse_taken_code(ctx, process, command.code)
    row = Group(
        document=command.document,
        code=command.code,
        name=command.name,
        members=ctx.codes(command.document, command.members),
    )
    ctx.session.add(row)
    _regroup(ctx, command.document)
    return Happened(GroupFounded(group=group_view(row)), made={"group": row.code})


def refuse_taken_code(ctx: Context, process: str, code: str) -> None:
    """Refuse a code that names a delegation or a closed group of the process: it names one thing for ever."""
    if ctx.session.get(Delegation, (process, code)) or group_in(ctx.tx, process, code):
        raise Refusal(ProblemCode.ALREADY_EXISTS, f"The process already has a delegation or a closed group {code}.")


def change_group(ctx: Context, command: ChangeGroup) -> Happened:
    """Put other members, and if one is given another name, in the place of what they were."""
    row = working_group(ctx.tx, command.document, command.code)
    row.members = ctx.codes(command.document, command.members)
    row.name = command.name or row.name
    ctx.session.add(row)
    _regroup(ctx, command.document)
    return Happened(GroupChanged(group=group_view(row)), made={"group": row.code})


def dissolve_group(ctx: Context, command: DissolveGroup) -> Happened:
    """Let the group do nothing more; what it wrote stays with those who were in it at the end."""
    row = working_group(ctx.tx, command.document, command.code)
    row.dissolved = True
    ctx.session.add(row)
    return Happened(GroupDissolved(group=group_view(row)), made={"group": row.code})


def _regroup(ctx: Context, document: str) -> None:
    """Have those who follow the document look at their rights again."""
    row = ctx.session.get_one(Document, document)
    row.regroupings += 1
    ctx.session.add(row)


def report_back(ctx: Context, command: ReportBack) -> Happened:
    """Table the group's text as its members': it gets the group's next number, as in ``CG1-1``."""
    group = working_group(ctx.tx, command.document, command.group)
    row = ctx.session.get_one(Amendment, command.amendment)
    if row.group != group.code:
        raise Refusal(ProblemCode.NOT_PERMITTED, f"This is no text of {group.code}.")
    row.sponsors = sponsoring(ctx, command.document, group.code, command.sponsors)
    made = tabled(ctx, row)
    return Happened(TextReportedBack(amendment=view(ctx, row)), stream_of(row), made)


def sponsoring(ctx: Context, document: str, code: str, named: Sequence[str]) -> list[str]:
    """Give those who sponsor a text of a closed group that still works, each once; all have to be in it."""
    group = working_group(ctx.tx, document, code)
    sponsors = list(dict.fromkeys(named))
    if not sponsors:
        raise Refusal(ProblemCode.MALFORMED, f"A text of {code} is its members' who sponsor it: name them.")
    if others := [one for one in sponsors if one not in group.members]:
        raise Refusal(ProblemCode.NOT_PERMITTED, f"{', '.join(others)} is not in {code}; members sponsor its text.")
    return sponsors
