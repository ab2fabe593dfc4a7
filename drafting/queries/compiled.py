"""A compilation for a Word file: tracked, in the name of each delegation, or literal, in black and white.

A file is passed on. Under unnamed circulation it names nobody, whoever asks for it; and what not everybody may read is
in it only on demand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from drafting.domain.compilation import Proposal, compile  # noqa: A004 - the design's word
from drafting.domain.edits import touched
from drafting.domain.text import Manifest
from drafting.protocol.views import AmendmentView
from drafting.queries.amendments import amendments_for, decisions_for
from drafting.queries.compilation import Compiling, gathered, proposals
from drafting.queries.discussion import comments_for, positions_for
from drafting.queries.exports import file_name, masthead_of
from drafting.queries.margins import Margins
from drafting.queries.names import names_of
from drafting.queries.people import Reader
from drafting.queries.unnamed import Unnamed
from drafting.queries.versions import manifest, version_row
from drafting.word.comments import Author, Thread
from drafting.word.compiled import Signatures, compiled
from drafting.word.literal_file import literal_file
from drafting.word.masthead import Masthead
from drafting.word.phrases import Phrases, phrases
from storage.database import ReadTransaction
from storage.tables import Document

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class CompiledFile:
    """A compilation to be written with tracked changes."""

    name: str
    base: Manifest
    proposals: tuple[Proposal, ...]
    masthead: Masthead
    signatures: Signatures
    threads: tuple[Thread, ...]

    def write(self) -> bytes:
        """Give the Word file."""
        return compiled(compile(self.base, self.proposals), self.masthead, self.signatures, self.threads)


@dataclass(frozen=True, slots=True)
class LiteralFile:
    """A compilation to be written as literal text; ``names``: what the codes in it mean."""

    name: str
    base: Manifest
    proposals: tuple[Proposal, ...]
    masthead: Masthead
    names: Mapping[str, str]

    def write(self) -> bytes:
        """Give the Word file."""
        return literal_file(compile(self.base, self.proposals), self.masthead, self.names)


def compiled_file(tx: ReadTransaction, who: Reader, version: str | None, *, private: bool = False) -> CompiledFile:
    """Gather a version (``None``: the newest basis) and what is proposed on it and said of it, for a tracked file.

    ``private``: also the comments and positions that the reader may see and not everyone.
    """
    document = tx.session.get_one(Document, who.document)
    found = gathered(tx, who, version)
    amendments = _passed_on(list(found.amendments), document)
    unlaid = _passed_on(_unlaid(tx, who, found), document)
    names = names_of(tx, document)
    words = phrases(document.language)
    authors = {_lead(a, document): _author(a, names, document, words) for a in (*amendments, *unlaid)}
    added = (one for a in amendments for one in touched(found.base, a.revision.edits))
    sections = frozenset([*(line.section for line in found.base), *added])
    margins = Margins(
        found.base, found.version.id, sections, names, lambda a: authors[_lead(a, document)], words, private
    )
    threads = margins.threads(
        [*amendments, *unlaid],
        _passed_on(list(found.carried), document),
        _passed_on(positions_for(tx, who), document),
        _passed_on(comments_for(tx, who), document),
        lambda other: manifest(tx, other),
    )
    laid = tuple(Proposal(a.id, a.label, (_lead(a, document),), tuple(a.revision.edits)) for a in amendments)
    signatures = Signatures(authors, {a.id: a.revision.at for a in amendments})
    name, masthead = _around(tx, who, found, words)
    return CompiledFile(name, found.base, laid, masthead, signatures, threads)


def _unlaid(tx: ReadTransaction, who: Reader, found: Compiling) -> list[AmendmentView]:
    """Give the amendments that wait still and of which nothing can be laid over this text until a person has looked."""
    laid = {amendment.id for amendment in found.amendments}
    waiting = {view.amendment for view in found.carried} - laid
    if not waiting:
        return []
    views = amendments_for(tx, who, decisions_for(tx, who))
    return [view for view in views if view.id in waiting and view.active]


def literal_compilation(tx: ReadTransaction, who: Reader, version: str | None) -> LiteralFile:
    """Gather a version (``None``: the newest basis) and what is proposed on it, for a file in black and white."""
    document = tx.session.get_one(Document, who.document)
    found = gathered(tx, who, version)
    amendments = _passed_on(list(found.amendments), document)
    laid = proposals(amendments, named=not document.unnamed)
    holders = {code for proposal in laid for code in proposal.delegations}
    names = {code: author.name for code, author in names_of(tx, document).items() if code in holders}
    name, masthead = _around(tx, who, found, phrases(document.language))
    return LiteralFile(name, found.base, laid, masthead, names)


def _around(tx: ReadTransaction, who: Reader, found: Compiling, words: Phrases) -> tuple[str, Masthead]:
    masthead = masthead_of(tx, version_row(tx, who, found.version.id))
    name = file_name(masthead.symbol, f"{masthead.version_name} compilation")
    return name, replace(masthead, version_name=f"{masthead.version_name} – {words.compilation}")  # noqa: RUF001 - a dash is meant


def _passed_on(views: list[V], document: Document) -> list[V]:
    return Unnamed(frozenset()).of(views) if document.unnamed else views


def _lead(amendment: AmendmentView, document: Document) -> str:
    """Say by what an amendment's author is known: the delegation; or unnamed the label, so that none has two."""
    return amendment.label if document.unnamed else amendment.delegation


def _author(amendment: AmendmentView, names: Mapping[str, Author], document: Document, words: Phrases) -> Author:
    if document.unnamed:
        return Author(f"{words.proposal} {amendment.label.removeprefix('P')}", amendment.label)
    return names.get(amendment.delegation, Author(amendment.delegation, amendment.delegation))
