"""What goes into a Word file: gathered in a read transaction, written by ``drafting.word`` elsewhere."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from drafting.domain.compare import compare
from drafting.domain.text import Manifest
from drafting.protocol.views import CauseView
from drafting.protocol.words import Role, Standing
from drafting.queries.amendments import decisions_for
from drafting.queries.compare import Causes, causes_between
from drafting.queries.names import listed, names_of
from drafting.queries.people import Reader
from drafting.queries.status import agreed_on
from drafting.queries.versions import manifest, version_row
from drafting.word.clean import Shown, clean
from drafting.word.masthead import Masthead
from drafting.word.phrases import phrases
from drafting.word.redline import Signed, redline
from storage.database import ReadTransaction
from storage.tables import Document, Version

EDITORIAL = "Secretariat (editorial)"
CHAIR = "Chair"
"""In whose name wordings stand that are no delegation's: the secretariat's, or the chair's own."""
DISTRIBUTION = "General"


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A version to be written clean."""

    name: str
    text: Manifest
    masthead: Masthead
    shown: Shown

    def write(self) -> bytes:
        """Give the Word file."""
        return clean(self.text, self.masthead, self.shown)


@dataclass(frozen=True, slots=True)
class RedlineFile:
    """A version to be written as tracked changes against an older one.

    ``signed``: by section, in whose name it changed and when; what nobody caused is the ``house``'s.
    """

    name: str
    old: Manifest
    new: Manifest
    masthead: Masthead
    signed: Mapping[str, Signed]
    house: Signed

    def write(self) -> bytes:
        """Give the Word file."""
        changes = compare(self.old, self.new, exact=True)
        return redline(self.old, changes, self.masthead, lambda change: self.signed.get(change.section, self.house))


def clean_file(
    tx: ReadTransaction, who: Reader, version: str | None, *, status: bool = False, brackets: bool = False
) -> CleanFile:
    """Gather a version (``None``: the newest) for a clean file; ``status``: how far the room has agreed."""
    row = version_row(tx, who, version)
    text = manifest(tx, row.id)
    shown = Shown(statuses_said(tx, who, text) if status else {}, brackets, side_by_side=True)
    return CleanFile(file_name(row.symbol, row.name), text, masthead_of(tx, row), shown)


def statuses_said(tx: ReadTransaction, who: Reader, text: Manifest) -> dict[str, str]:
    """Say, by section, how far the room has agreed on the words that it has in this text; of open ones nothing."""
    document = tx.session.get_one(Document, who.document)
    words, names = phrases(document.language), names_of(tx, document)
    found = {}
    for section, given in agreed_on(tx, document.id, text).items():
        # A file is passed on: under unnamed circulation it names nobody.
        awaiting = "" if document.unnamed else listed(names, given.awaiting)
        said = [words.statuses[given.status], f"{words.awaiting}: {awaiting}" if awaiting else ""]
        said.append(words.placement_pending if given.placement_pending else "")
        found[section] = "; ".join(filter(None, said))
    return found


def redline_file(tx: ReadTransaction, who: Reader, version: str | None, against: str | None) -> RedlineFile:
    """Gather a version and the one it is marked up against (``None``: its parent)."""
    new = version_row(tx, who, version)
    old = version_row(tx, who, against or new.parent or new.id)
    causes = causes_between(tx, who, old, new)
    return RedlineFile(
        name=file_name(new.symbol, f"{new.name} against {old.name}"),
        old=manifest(tx, old.id),
        new=manifest(tx, new.id),
        masthead=masthead_of(tx, new),
        signed=signatures(tx, who, causes),
        house=Signed(CHAIR if new.standing == Standing.PROPOSAL else EDITORIAL, new.issued_at),
    )


def signatures(tx: ReadTransaction, who: Reader, causes: Causes) -> dict[str, Signed]:
    """Say, by section, in whose name the decisions that changed it stand, and when the last of them was taken."""
    decisions = {decision.id: decision for decision in decisions_for(tx, who)}
    found = {}
    for section, said in causes.items():
        taken = [decisions[cause.decision] for cause in said]
        house = CHAIR if any(one.capacity == Role.CHAIR for one in taken) else EDITORIAL
        found[section] = Signed(author(said, house, named=not who.unnamed), max(one.at for one in taken))
    return found


def author(causes: Sequence[CauseView], house: str, *, named: bool = True) -> str:
    """Name the delegations whose amendments changed a section, or else the amendments; where none did, the ``house``.

    A file is passed on: under unnamed circulation it names nobody, whoever asks for it.
    """
    authors = dict.fromkeys(one for cause in causes for one in (cause.delegations if named else cause.amendments))
    return ", ".join(authors) or house


def masthead_of(tx: ReadTransaction, row: Version) -> Masthead:
    """Say what a version's file says about itself."""
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


def file_name(symbol: str, name: str, ending: str = "docx") -> str:
    """Make a file name that every system takes and no header is broken by."""
    said = f"{symbol} {name}" if not symbol.endswith(name) else symbol
    return re.sub(r"[^A-Za-z0-9._-]+", "-", said).strip("-.") + f".{ending}"
