"""Versions: issuing the consolidated text, texts within a round and beside it, and what is done to an issued one."""

from collections.abc import Sequence

from sqlmodel import col, func, select

from drafting.commands.context import Context, Happened
from drafting.commands.proposing import found_sections, prepared
from drafting.commands.redrafting import on_screen
from drafting.commands.texts import Issue, write_version
from drafting.domain.edits import apply
from drafting.domain.numbering import number, renumber
from drafting.domain.text import Manifest
from drafting.protocol.commands import (
    IssueCorrigendum,
    IssueInSession,
    IssueVersion,
    ProposeText,
    RecallVersion,
    RenumberText,
    TakeUpText,
)
from drafting.protocol.edits import ProposedEdit
from drafting.protocol.events import (
    CorrigendumIssued,
    InSessionIssued,
    TextProposed,
    TextRenumbered,
    TextTakenUp,
    VersionIssued,
    VersionRecalled,
)
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import AccountLine, AmendmentView
from drafting.protocol.words import AmendmentState, RoundState, Standing
from drafting.queries.desk import Desk, desk, on_table, round_row
from drafting.queries.versions import manifest, section_views, version_row, version_view
from storage.tables import Round, Version

_NAMED = 10
"""How many amendments a refusal names in its sentence; all are in its facts."""


def issue_version(ctx: Context, command: IssueVersion) -> Happened:
    """Issue the round's text as it stands at the desk, with the account of every amendment."""
    row = round_row(ctx.tx, command.document, command.round)
    at = desk(ctx.tx, row)
    amendments = [one.amendment for one in on_table(ctx.tx, row)]
    _refuse_unaccounted(ctx, row, amendments)
    lines = number(at.text)
    table: tuple[tuple[str, str, str], ...] = ()
    if command.renumber:
        lines, table = renumber(lines)
    issue = Issue(
        name=command.name,
        parent=version_row(ctx.tx, ctx.reader(command.document), row.base),
        round=row.id,
        account=_account(at, amendments),
        renumbering=table,
    )
    version = write_version(ctx, command.document, lines, issue, causes=_causes(at))
    row.state = RoundState.CONSOLIDATED
    ctx.session.add(row)
    payload = VersionIssued(
        round=row.id,
        version=version_view(version),
        sections=section_views(lines),
        account=list(issue.account),
        renumbering=list(table),
        amendments=[a for a in amendments if a.circulated],
        decisions=list(at.decisions),
    )
    return Happened(payload, made=_made(version))


def _refuse_unaccounted(ctx: Context, row: Round, amendments: Sequence[AmendmentView]) -> None:
    """Refuse while amendments wait; those that are held are named to nobody who may not see them."""
    waiting = [a for a in amendments if a.state is AmendmentState.TABLED and not (a.late and a.circulated)]
    who = ctx.acting_reader(row.document)
    seen = [a.label for a in waiting if who.sees(a.audience)]
    if seen:
        some = ", ".join(seen[:_NAMED]) + (" …" if len(seen) > _NAMED else "")
        detail = f"{len(seen)} amendments are not decided on yet: {some}"
        raise Refusal(ProblemCode.AMENDMENTS_UNACCOUNTED, detail, amendments=seen)
    if waiting:
        detail = "Some amendments are held; the secretariat circulates them, or their delegations withdraw them."
        raise Refusal(ProblemCode.AMENDMENTS_UNACCOUNTED, detail, amendments=[])


def _account(at: Desk, amendments: Sequence[AmendmentView]) -> list[AccountLine]:
    decisions: dict[str, list[str]] = {}
    for decision in at.decisions:
        for amendment in decision.amendments:
            decisions.setdefault(amendment, []).append(decision.id)
    return [
        AccountLine(
            amendment=a.id,
            label=a.label,
            outcome="not_admitted" if a.late and a.state is AmendmentState.TABLED else a.state,
            decisions=decisions.get(a.id, []),
        )
        for a in amendments
        if a.circulated  # what was withdrawn while it was held stays between its delegation and the secretariat
    ]


def _causes(at: Desk) -> dict[str, str]:
    """Name the decision behind the words of each section that one decided on; the last one's, where several did."""
    return {edit.section: d.id for d in at.decisions for edit in d.edits if edit.op != "move" and edit.section}


def issue_in_session(ctx: Context, command: IssueInSession) -> Happened:
    """Issue the text as it stands now, at the desk or on screen; the round and its base stay what they are."""
    row = round_row(ctx.tx, command.document, command.round)
    text, causes = (on_screen(ctx, row, command.draft), {}) if command.draft else _at_the_desk(ctx, row)
    name = command.name or f"In-session {ctx.at:%d %b %H:%M}".replace(":", ".")
    lines = number(text)
    base = version_row(ctx.tx, ctx.reader(command.document), row.base)
    issue = Issue(name, base, row.id, Standing.IN_SESSION)
    version = write_version(ctx, command.document, lines, issue, causes=causes)
    payload = InSessionIssued(version=version_view(version), sections=section_views(lines))
    return Happened(payload, made=_made(version))


def _at_the_desk(ctx: Context, row: Round) -> tuple[Manifest, dict[str, str]]:
    at = desk(ctx.tx, row)
    return at.text, _causes(at)


def propose_text(ctx: Context, command: ProposeText) -> Happened:
    """Put a text beside the basis, without prejudice, for a chosen audience; it has no status until it is taken up."""
    base = version_row(ctx.tx, ctx.reader(command.document), command.base)
    lines = number(_edited(ctx, base, command.edits))
    audience = _audience(ctx, command)
    version = write_version(ctx, command.document, lines, Issue(command.name, base, None, Standing.PROPOSAL, audience))
    payload = TextProposed(version=version_view(version), sections=section_views(lines), note=command.note)
    return Happened(payload, audience, _made(version))


def _audience(ctx: Context, command: ProposeText) -> str:
    """Give the stream of those whom a text is for: everyone, or the desk and some delegations."""
    if command.audience is None:
        return "all"
    return "+".join(["desk", *sorted(ctx.codes(command.document, command.audience))])


def take_up_text(ctx: Context, command: TakeUpText) -> Happened:
    """Make a proposed text the basis of negotiation: a new version that reads the same, for everyone."""
    basis = _between_rounds(ctx, command.document)
    proposal = version_row(ctx.tx, ctx.reader(command.document), command.version)
    if proposal.standing != Standing.PROPOSAL or proposal.recalled is not None:
        raise Refusal(ProblemCode.CONFLICT, f"“{proposal.name}” is no text that is proposed.")
    version, lines = _successor(ctx, basis, command.name, manifest(ctx.tx, proposal.id))
    payload = TextTakenUp(version=version_view(version), sections=section_views(lines))
    return Happened(payload, made=_made(version))


def renumber_text(ctx: Context, command: RenumberText) -> Happened:
    """Count every list anew, as a version of its own; nothing else changes."""
    basis = _between_rounds(ctx, command.document)
    lines, table = renumber(manifest(ctx.tx, basis.id))
    if not table:
        raise Refusal(ProblemCode.NO_CHANGE, "Every number is as it would be counted.")
    version, _ = _successor(ctx, basis, command.name, lines, table)
    payload = TextRenumbered(version=version_view(version), sections=section_views(lines), renumbering=list(table))
    return Happened(payload, made=_made(version))


def recall_version(ctx: Context, command: RecallVersion) -> Happened:
    """Recall a version: it stays readable as it was issued, marked; the basis is what it was before it."""
    row = version_row(ctx.tx, ctx.reader(command.document), command.version)
    if row.recalled is not None:
        raise Refusal(ProblemCode.NO_CHANGE, f"{row.name} was recalled already.")
    later = select(Version.name).where(Version.parent == row.id, col(Version.recalled).is_(None))
    rounds = select(Round.name).where(Round.base == row.id)
    if stands := ctx.session.exec(later).first() or ctx.session.exec(rounds).first():
        raise Refusal(ProblemCode.CONFLICT, f"“{stands}” stands on {row.name}: issue a corrigendum instead.")
    if row.parent is None:
        raise Refusal(ProblemCode.CONFLICT, "The first text cannot be recalled: nothing was before it.")
    row.recalled = command.reason
    ctx.session.add(row)
    ctx.session.flush()
    basis = version_row(ctx.tx, ctx.reader(command.document), None)
    payload = VersionRecalled(
        version=version_view(row), basis=basis.id, sections=section_views(manifest(ctx.tx, basis.id))
    )
    return Happened(payload, row.audience, {"version": row.id})


def issue_corrigendum(ctx: Context, command: IssueCorrigendum) -> Happened:
    """Correct an issued text in a new version that takes its place; what was issued stays as it was."""
    basis = _between_rounds(ctx, command.document)
    if basis.id != command.version:
        raise Refusal(ProblemCode.STALE, f"{basis.name} is the basis; only that can be corrected.", newest=basis.id)
    version, lines = _successor(ctx, basis, _corrected(ctx, basis), _edited(ctx, basis, command.edits))
    payload = CorrigendumIssued(version=version_view(version), sections=section_views(lines), reason=command.reason)
    return Happened(payload, made=_made(version))


def _corrected(ctx: Context, basis: Version) -> str:
    """Give the next name of a corrigendum: after Rev.1 Rev.1 Corr.1, after that Rev.1 Corr.2, recalled ones counted."""
    name = basis.name.partition(" Corr.")[0]
    before = select(func.count()).where(
        Version.document == basis.document, col(Version.name).startswith(f"{name} Corr.", autoescape=True)
    )
    return f"{name} Corr.{ctx.session.exec(before).one() + 1}"


def _edited(ctx: Context, base: Version, proposed: Sequence[ProposedEdit]) -> Manifest:
    """Give a version's text with the edits carried out; new sections get the id that they keep for life."""
    edits, _ = prepared(ctx, base.id, proposed)
    found_sections(ctx, base.document, edits, ())
    return apply(manifest(ctx.tx, base.id), edits)


def _between_rounds(ctx: Context, document: str) -> Version:
    """Give the basis, if no round negotiates it."""
    unfinished = select(Round.name).where(Round.document == document, Round.state != RoundState.CONSOLIDATED)
    if name := ctx.session.exec(unfinished).first():
        raise Refusal(ProblemCode.ROUND_OPEN, f"“{name}” is not consolidated yet: the basis stays until it is.")
    return version_row(ctx.tx, ctx.reader(document), None)


def _successor(
    ctx: Context, basis: Version, name: str, lines: Manifest, table: Sequence[tuple[str, str, str]] = ()
) -> tuple[Version, Manifest]:
    """Write the version that is the basis from now on."""
    numbered = number(lines)
    return write_version(ctx, basis.document, numbered, Issue(name, basis, renumbering=table)), numbered


def _made(version: Version) -> dict[str, str]:
    return {"version": version.id, "symbol": version.symbol}
