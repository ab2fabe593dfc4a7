"""What goes into a Word file: gathered in a read transaction, written by ``drafting.word`` elsewhere."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from drafting.domain.compare import compare
from drafting.domain.text import Manifest, SectionChange
from drafting.protocol.views import CauseView
from drafting.queries.compare import causes_between
from drafting.queries.people import Reader
from drafting.queries.versions import manifest, version_row
from drafting.word.clean import clean
from drafting.word.masthead import Masthead
from drafting.word.redline import redline
from storage.database import ReadTransaction
from storage.tables import Document, Version

EDITORIAL = "Secretariat (editorial)"
DISTRIBUTION = "General"


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A version to be written clean."""

    name: str
    text: Manifest
    masthead: Masthead

    def write(self) -> bytes:
        """Give the Word file."""
        return clean(self.text, self.masthead)


@dataclass(frozen=True, slots=True)
class RedlineFile:
    """A version to be written as tracked changes against an older one; ``authors`` by section."""

    name: str
    old: Manifest
    new: Manifest
    masthead: Masthead
    authors: Mapping[str, str]
    at: datetime

    def write(self) -> bytes:
        """Give the Word file."""

        def author_of(change: SectionChange) -> str:
            return self.authors.get(change.section, EDITORIAL)

        return redline(self.old, compare(self.old, self.new, exact=True), self.masthead, author_of, self.at)


def clean_file(tx: ReadTransaction, who: Reader, version: str | None) -> CleanFile:
    """Gather a version (``None``: the newest) for a clean file."""
    row = version_row(tx, who, version)
    masthead = _masthead(tx, row)
    return CleanFile(_file_name(row.symbol, row.name), manifest(tx, row.id), masthead)


def redline_file(tx: ReadTransaction, who: Reader, version: str | None, against: str | None) -> RedlineFile:
    """Gather a version and the one it is marked up against (``None``: its parent)."""
    new = version_row(tx, who, version)
    old = version_row(tx, who, against or new.parent or new.id)
    causes = causes_between(tx, who, old, new)
    return RedlineFile(
        name=_file_name(new.symbol, f"{new.name} against {old.name}"),
        old=manifest(tx, old.id),
        new=manifest(tx, new.id),
        masthead=_masthead(tx, new),
        authors={section: author(said, named=not who.unnamed) for section, said in causes.items()},
        at=new.issued_at,
    )


def author(causes: Sequence[CauseView], *, named: bool = True) -> str:
    """Name the delegations whose amendments changed a section, or else the amendments; where none did, the secretariat.

    A file is passed on: under unnamed circulation it names nobody, whoever asks for it.
    """
    authors = dict.fromkeys(one for cause in causes for one in (cause.delegations if named else cause.amendments))
    return ", ".join(authors) or EDITORIAL


def _masthead(tx: ReadTransaction, row: Version) -> Masthead:
    document = tx.session.get_one(Document, row.document)
    return Masthead(
        title=document.title,
        symbol=row.symbol,
        version_name=row.name,
        distribution=DISTRIBUTION,
        date=row.issued_at,
        original_language=document.language,
        language=document.language,
        document_id=document.id,
        version_id=row.id,
        version_hash=row.hash,
        log_head=row.log_head,
    )


def _file_name(symbol: str, name: str) -> str:
    """Make a file name that every system takes and no header is broken by."""
    said = f"{symbol} {name}" if not symbol.endswith(name) else symbol
    return re.sub(r"[^A-Za-z0-9._-]+", "-", said).strip("-.") + ".docx"
