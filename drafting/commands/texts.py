"""Texts: taking one in, and issuing a version. What both share is how a version is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import insert
from sqlmodel import SQLModel, col, func, select

from drafting.commands.context import Context, Happened
from drafting.domain.numbering import number, renumber
from drafting.domain.text import Line, Manifest
from drafting.protocol.commands import ImportDocument, IssueVersion
from drafting.protocol.events import DocumentImported, VersionIssued
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import AccountLine, AmendmentView, DocumentView
from drafting.protocol.words import AmendmentState, RoundState, Standing
from drafting.queries.desk import Desk, desk, round_amendments, round_row
from drafting.queries.versions import section_views, text_hash, version_hash, version_row, version_view
from storage import log
from storage.tables import Document, ManifestLine, Section, SectionVersion, Version

_NAMED = 10
"""How many amendments a refusal names in its sentence; all are in its facts."""


@dataclass(frozen=True, slots=True)
class Issue:
    """What a version says besides its text."""

    name: str
    symbol: str
    parent: Version | None = None
    round: str | None = None
    account: Sequence[AccountLine] = ()
    renumbering: Sequence[tuple[str, str, str]] = ()


def import_document(ctx: Context, command: ImportDocument) -> Happened:
    """Make the document, an id for life for each section, and the first version."""
    document = Document(
        id=ctx.mint("do"),
        process=command.process,
        title=command.title,
        symbol=command.symbol,
        language=command.language,
        created_at=ctx.at,
    )
    drafted = [
        Line(ctx.mint("se"), section.kind, section.level, section.label, ctx.text(section.text))
        for section in command.sections
    ]
    lines = number(tuple(drafted))
    log.found(ctx.session, document.id, "document")
    ctx.session.add(document)
    ctx.session.flush()
    version = write_version(ctx, document, lines, Issue(command.version_name, command.symbol), causes={})
    view = DocumentView(
        id=document.id,
        process=document.process,
        title=document.title,
        symbol=document.symbol,
        language=document.language,
    )
    payload = DocumentImported(document=view, version=version_view(version), sections=section_views(lines))
    return Happened(payload, scope=document.id, made={"document": document.id, "version": version.id})


def issue_version(ctx: Context, command: IssueVersion) -> Happened:
    """Issue the round's text as it stands at the desk, with the account of every amendment."""
    row = round_row(ctx.tx, command.document, command.round)
    at = desk(ctx.tx, row)
    amendments = round_amendments(ctx.tx, row.id, at.decisions)
    _refuse_unaccounted(amendments)
    document = ctx.session.get_one(Document, command.document)
    taken = select(func.count()).where(Version.document == document.id, Version.name == command.name)
    if ctx.session.exec(taken).one():
        raise Refusal(ProblemCode.ALREADY_EXISTS, f"There is already a version “{command.name}” of this document.")
    lines = number(at.text)
    table: tuple[tuple[str, str, str], ...] = ()
    if command.renumber:
        lines, table = renumber(lines)
    issue = Issue(
        name=command.name,
        symbol=f"{document.symbol}/{command.name}",
        parent=version_row(ctx.tx, document.id, row.base),
        round=row.id,
        account=_account(at, amendments),
        renumbering=table,
    )
    causes = {d.section: d.id for d in at.decisions if any(edit.op != "move" for edit in d.edits)}
    version = write_version(ctx, document, lines, issue, causes=causes)
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
    return Happened(payload, made={"version": version.id, "symbol": version.symbol})


def _refuse_unaccounted(amendments: Sequence[AmendmentView]) -> None:
    waiting = [a.label for a in amendments if a.state is AmendmentState.TABLED and not (a.late and a.circulated)]
    if waiting:
        some = ", ".join(waiting[:_NAMED]) + (" …" if len(waiting) > _NAMED else "")
        detail = f"{len(waiting)} amendments are not decided on yet: {some}"
        raise Refusal(ProblemCode.AMENDMENTS_UNACCOUNTED, detail, amendments=waiting)


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


def write_version(
    ctx: Context, document: Document, lines: Manifest, issue: Issue, *, causes: Mapping[str, str]
) -> Version:
    """Write an immutable version. ``causes`` names the decision behind each section whose words one decided on.

    A section whose words did not change keeps its section version; new sections get their rows.
    """
    before = _section_versions(ctx, issue.parent)
    texts = [_text(ctx, document, line, before.get(line.section), causes) for line in lines]
    heads = log.heads(ctx.session, document.id)
    ordinals = select(func.max(Version.ordinal)).where(Version.document == document.id)
    version = Version(
        id=ctx.mint("ve"),
        document=document.id,
        name=issue.name,
        symbol=issue.symbol,
        ordinal=(ctx.session.exec(ordinals).one() or 0) + 1,
        parent=issue.parent.id if issue.parent else None,
        round=issue.round,
        standing=Standing.BASIS,
        hash="",
        heads=heads,
        log_head=log.digest(log.canonical(heads)),
        issued_at=ctx.at,
        issued_by=ctx.person.handle,
        account=[line.model_dump(mode="json") for line in issue.account],
        renumbering=[list(row) for row in issue.renumbering],
    )
    hashes = [text.hash for text in texts]
    version.hash = version_hash(version, lines, hashes, issue.parent.hash if issue.parent else "")
    ctx.session.add(version)
    ctx.session.flush()
    _write_sections(ctx, document, lines)
    kept = {text.id for text in before.values()}
    _write(ctx, SectionVersion, [text.model_dump() for text in texts if text.id not in kept])
    _write(ctx, ManifestLine, [_manifest_line(version, *row) for row in enumerate(zip(lines, texts, strict=True))])
    return version


def _text(
    ctx: Context, document: Document, line: Line, kept: SectionVersion | None, causes: Mapping[str, str]
) -> SectionVersion:
    """Give the section version that the section has, or a new one where its words are new."""
    if kept is not None and kept.text == line.text:
        return kept
    text = SectionVersion(
        id=ctx.mint("sv"),
        section=line.section,
        language=document.language,
        text=line.text,
        hash="",
        parent=kept.id if kept else None,
        cause=causes.get(line.section, "import"),
    )
    text.hash = text_hash(text)
    return text


def _write_sections(ctx: Context, document: Document, lines: Manifest) -> None:
    known = set(ctx.session.exec(select(Section.id).where(Section.document == document.id)))
    new = [line.section for line in lines if line.section not in known]
    _write(ctx, Section, [{"id": section, "document": document.id} for section in new])


def _manifest_line(version: Version, position: int, standing: tuple[Line, SectionVersion]) -> dict[str, object]:
    line, text = standing
    return {
        "version": version.id,
        "position": position,
        "section": line.section,
        "section_version": text.id,
        "kind": line.kind,
        "level": line.level,
        "label": line.label,
        "deleted": line.deleted,
    }


def _write(ctx: Context, table: type[SQLModel], rows: Sequence[Mapping[str, object]]) -> None:
    """Write many rows at once."""
    if rows:
        ctx.session.execute(insert(table), rows)


def _section_versions(ctx: Context, version: Version | None) -> dict[str, SectionVersion]:
    if version is None:
        return {}
    rows = ctx.session.exec(
        select(SectionVersion)
        .join(ManifestLine, col(ManifestLine.section_version) == col(SectionVersion.id))
        .where(ManifestLine.version == version.id)
    )
    return {row.section: row for row in rows}
