"""Issued versions: their manifests, as lines for the text engine and as views for readers."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select as columns
from sqlalchemy import true
from sqlmodel import col, select

from drafting.domain.text import Line, Manifest
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import AccountLine, IssuedView, SectionView, VersionView
from drafting.protocol.words import SectionKind, Standing
from drafting.queries.people import Reader
from drafting.queries.unnamed import shown
from storage import log
from storage.database import ReadTransaction
from storage.tables import ManifestLine, SectionVersion, Version


def version_row(tx: ReadTransaction, who: Reader, version: str | None) -> Version:
    """Give the version of the document (``None``: the newest basis that stands), or refuse as unknown.

    A text for a chosen audience is unknown to others.
    """
    asked = select(Version).where(Version.document == who.document)
    if version is None:
        standing = asked.where(Version.standing == Standing.BASIS, col(Version.recalled).is_(None))
        asked = standing.order_by(col(Version.place).desc())
    else:
        asked = asked.where(Version.id == version)
    row = tx.session.exec(asked).first()
    if row is None or not who.sees(row.audience):
        raise Refusal(ProblemCode.UNKNOWN, f"There is no version {version} of this document that you may read.")
    return row


def manifest(tx: ReadTransaction, version: str) -> Manifest:
    """Give the version's text, line by line. A version never changes: within a transaction it is read once."""
    known: dict[str, Manifest] = tx.session.info.setdefault("manifests", {})
    if version not in known and (text := lines(tx, version)):
        known[version] = text
    return known.get(version, ())


def lines(tx: ReadTransaction, version: str, section: str | None = None) -> Manifest:
    """Give the lines of a version (``section``: that one's alone, if the version has it), in reading order."""
    line = ManifestLine
    # Columns, not rows of the ORM: every command on a text reads it, and objects would cost five times as much.
    rows = tx.session.execute(
        columns(line.section, line.kind, line.level, line.label, SectionVersion.text, line.deleted)  # type: ignore[call-overload]  # SQLModel types columns as values
        .join(SectionVersion, col(line.section_version) == col(SectionVersion.id))
        .where(col(line.version) == version, true() if section is None else col(line.section) == section)
        .order_by(col(line.position))
    )
    return tuple(Line(section, SectionKind(kind), *rest) for section, kind, *rest in rows)


def text_hashes(tx: ReadTransaction, version: str) -> list[str]:
    """Give the hashes of the section versions that the version is made of, line by line."""
    return list(
        tx.session.exec(
            select(SectionVersion.hash)
            .join(ManifestLine, col(ManifestLine.section_version) == col(SectionVersion.id))
            .where(ManifestLine.version == version)
            .order_by(col(ManifestLine.position))
        )
    )


def section_views(lines: Iterable[Line]) -> list[SectionView]:
    """Show lines to readers."""
    return [section_view(line) for line in lines]


def section_view(line: Line) -> SectionView:
    """Show a line to readers."""
    return SectionView(
        id=line.section, kind=line.kind, level=line.level, label=line.label, text=line.text, deleted=line.deleted
    )


def version_view(row: Version) -> VersionView:
    """Show a version to readers."""
    return VersionView(
        id=row.id,
        document=row.document,
        name=row.name,
        symbol=row.symbol,
        ordinal=row.ordinal,
        parent=row.parent,
        round=row.round,
        standing=Standing(row.standing),
        hash=row.hash,
        log_head=row.log_head,
        issued_at=row.issued_at,
        issued_by=row.issued_by,
        audience=row.audience,
        recalled=row.recalled,
    )


def version_shown(row: Version, who: Reader) -> VersionView:
    """Show a version as the reader may see it."""
    return shown(version_view(row), who)


def version_views(tx: ReadTransaction, who: Reader) -> list[VersionView]:
    """Show all versions of a document that the reader may read, oldest first."""
    rows = tx.session.exec(select(Version).where(Version.document == who.document).order_by(col(Version.place)))
    return [version_shown(row, who) for row in rows if who.sees(row.audience)]


def places_of(tx: ReadTransaction, document: str) -> dict[str, int]:
    """Give each version's place in the order of issue."""
    return dict(tx.session.exec(select(Version.id, Version.place).where(Version.document == document)).all())


def issued(tx: ReadTransaction, who: Reader, version: str) -> IssuedView:
    """Show one version whole."""
    row = version_row(tx, who, version)
    return IssuedView(
        version=version_shown(row, who),
        sections=section_views(manifest(tx, row.id)),
        account=[AccountLine.model_validate(line) for line in row.account],
        renumbering=[(section, old, new) for section, old, new in row.renumbering],
    )


def text_hash(row: SectionVersion) -> str:
    """Give the hash of a section version: of its text, whose it is, what it comes from and what brought it."""
    return log.digest(log.canonical([row.section, row.language, row.text, row.parent, row.cause]))


def version_hash(version: Version, lines: Manifest, texts: Sequence[str], parent_hash: str) -> str:
    """Give the hash of a version: of its lines (``texts``: the hash of each one's section version), what is said of
    it, its parent and the log's heads.
    """
    text_of = dict(zip((line.section for line in lines), texts, strict=True))
    covered: dict[str, Any] = {
        "document": version.document,
        "name": version.name,
        "symbol": version.symbol,
        "ordinal": version.ordinal,
        "parent": parent_hash,
        "round": version.round,
        "standing": version.standing,
        "audience": version.audience,
        "log_head": version.log_head,
        "issued_by": version.issued_by,
        "account": version.account,
        "renumbering": version.renumbering,
        "lines": [[x.section, x.kind, x.level, x.label, text_of[x.section], x.deleted] for x in lines],
    }
    return log.digest(log.canonical(covered))
