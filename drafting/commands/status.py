"""Status: how far the room has agreed on a section's exact wording."""

from drafting.commands.context import Context, Happened
from drafting.domain.status import may_be_agreed
from drafting.protocol.commands import SetStatus
from drafting.protocol.events import StatusSet
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.words import SectionStatus, Standing
from drafting.queries.status import status_view
from drafting.queries.versions import manifest, version_row
from storage.tables import Agreement


def set_status(ctx: Context, command: SetStatus) -> Happened:
    """Give the status to the section's words as the version has them; a live bracket leaves it open."""
    version = version_row(ctx.tx, ctx.reader(command.document), command.version)
    if version.standing == Standing.PROPOSAL or version.recalled is not None:
        raise Refusal(ProblemCode.CONFLICT, f"{version.name} has no standing; nothing in it can be agreed.")
    text = manifest(ctx.tx, version.id)
    line = next((line for line in text if line.section == command.section), None)
    if line is None:
        raise Refusal(ProblemCode.UNKNOWN_SECTION, f"{version.name} has no section {command.section}.")
    if command.status is not SectionStatus.OPEN and not may_be_agreed(text, command.section):
        detail = "It cannot be agreed: it is deleted, or a bracket is open in it or around it."
        raise Refusal(ProblemCode.CONFLICT, detail)
    _refuse_unsaid(command)
    row = Agreement(
        id=ctx.mint("ag"),
        document=command.document,
        section=command.section,
        version=version.id,
        text=line.text,
        status=command.status,
        awaiting=ctx.codes(command.document, command.awaiting),
        placement_pending=command.placement_pending,
        note=command.note,
        **ctx.signature,
    )
    ctx.session.add(row)
    ctx.session.flush()
    return Happened(StatusSet(status=status_view(row)), made={"status": row.id})


def _refuse_unsaid(command: SetStatus) -> None:
    if command.awaiting and command.status is not SectionStatus.AD_REFERENDUM:
        raise Refusal(ProblemCode.MALFORMED, "Only what is agreed ad referendum awaits a capital.")
    if command.placement_pending and command.status is SectionStatus.OPEN:
        raise Refusal(ProblemCode.MALFORMED, "Only of what is agreed the placement is pending.")
