"""Texts: taking one in, and how a version is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import insert
from sqlmodel import SQLModel, col, func, select

from drafting.commands.context import Context, Happened
from drafting.domain.numbering import number
from drafting.domain.text import Line, Manifest
from drafting.protocol.commands import ImportDocument
from drafting.protocol.events import DocumentImported
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import AccountLine
from drafting.protocol.words import Standing
from drafting.queries.documents import document_view
from drafting.queries.versions import section_views, text_hash, version_hash, version_view
from storage import log
from storage.tables import Document, ManifestLine, Section, SectionVersion, Version

NOTHING_DECIDED: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Issue:
    """What a version says besides its text. The first one has no parent, and the document's own symbol."""

    name: str
    parent: Version | None = None
    round: str | None = None
    standing: Standing = Standing.BASIS
    audience: str = "all"
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
        unnamed=command.unnamed,
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
    version = write_version(ctx, document.id, lines, Issue(command.version_name))
    payload = DocumentImported(
        document=document_view(document), version=version_view(version), sections=section_views(lines)
    )
    return Happened(payload, scope=document.id, made={"document": document.id, "version": version.id})


def write_version(
    ctx: Context, about: str, lines: Manifest, issue: Issue, *, causes: Mapping[str, str] = NOTHING_DECIDED
) -> Version:
    """Write an immutable version of the document ``about``, under a name that no other has. ``causes`` names the
    decision behind each section whose words one decided on.

    A section whose words did not change keeps its section version; new sections get their rows.
    """
    document = ctx.session.get_one(Document, about)
    _refuse_taken(ctx, about, issue.name)
    before = _section_versions(ctx, issue.parent)
    texts = [_text(ctx, document, line, before.get(line.section), causes) for line in lines]
    version = _issued(ctx, document, issue)
    hashes = [text.hash for text in texts]
    version.hash = version_hash(version, lines, hashes, issue.parent.hash if issue.parent else "")
    ctx.session.add(version)
    ctx.session.flush()
    _write_sections(ctx, document, lines)
    kept = {text.id for text in before.values()}
    _write(ctx, SectionVersion, [text.model_dump() for text in texts if text.id not in kept])
    _write(ctx, ManifestLine, [_manifest_line(version, *row) for row in enumerate(zip(lines, texts, strict=True))])
    return version


def _issued(ctx: Context, document: Document, issue: Issue) -> Version:
    """Give the version's row, which has no hash yet."""
    heads = log.heads(ctx.session, document.id)
    ordinals = select(func.max(Version.ordinal)).where(Version.document == document.id)
    last = ctx.session.exec(ordinals).one() or 0
    return Version(
        id=ctx.mint("ve"),
        document=document.id,
        name=issue.name,
        symbol=f"{document.symbol}/{issue.name}" if issue.parent else document.symbol,
        # A text for some shows in nobody else's numbers.
        ordinal=last + (issue.audience == "all"),
        place=ctx.place if issue.parent else 1,  # the first text begins its document's log
        parent=issue.parent.id if issue.parent else None,
        round=issue.round,
        standing=issue.standing,
        audience=issue.audience,
        hash="",
        heads=heads,
        log_head=log.digest(log.canonical(heads)),
        issued_at=ctx.at,
        issued_by=ctx.person.handle,
        account=[line.model_dump(mode="json") for line in issue.account],
        renumbering=[list(row) for row in issue.renumbering],
    )


def _refuse_taken(ctx: Context, document: str, name: str) -> None:
    taken = select(func.count()).where(Version.document == document, Version.name == name)
    if ctx.session.exec(taken).one():
        raise Refusal(ProblemCode.ALREADY_EXISTS, f"There is already a version “{name}” of this document.")


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
