"""What a marked-up file is read against: the text that it was made from, what stands on it already, whose names are
whose, and by what our own print is known again.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from drafting.domain.text import Manifest
from drafting.policy import NATIONAL, SECRETARIAT, Acting
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import AmendmentView, CommentView
from drafting.protocol.views.imports import Claim
from drafting.protocol.words import AmendmentState
from drafting.queries.amendments import amendments_for, decisions_for, round_rows
from drafting.queries.carrying import standing
from drafting.queries.desk import round_row
from drafting.queries.discussion import comments_for, positions_for
from drafting.queries.exports import EDITORIAL
from drafting.queries.names import HOUSE, SOMEBODY, names_of
from drafting.queries.people import Person, Reader, delegations, in_capacity, reader, refuse_strangers
from drafting.queries.versions import manifest, version_row
from drafting.word.compiled import COMPILING
from drafting.word.marked import Declared
from drafting.word.markup import timestamp
from drafting.word.phrases import phrases
from drafting.word.redline import RENUMBERING
from drafting.word.understanding import Stamps
from storage.database import ReadTransaction
from storage.tables import Document, HeldCapacity, Participant, Round, Version

_GONE = frozenset({AmendmentState.WITHDRAWN, AmendmentState.SUPERSEDED})
_GENERIC = frozenset({"", "author", "unknown", "unknown author", "user", "windows user", "microsoft office user"})
"""What programs call somebody whose name they do not know; so do those that take names out of a file."""


@dataclass(frozen=True, slots=True)
class Names:
    """Whose a name is: the delegations of the secretariat's table by name (without case), and the people of each."""

    of: Mapping[str, str]
    people: Mapping[str, frozenset[str]]

    def delegation(self, name: str) -> str | None:
        """Tell which delegation a name is: by its name or code, or a code that stands in it: ``Ivanova (ARV)``."""
        known = self.of.get(name.casefold())
        codes = [self.of[word.casefold()] for word in re.findall(r"\b[A-Z][A-Z0-9]{1,7}\b", name) if self._code(word)]
        return known or (codes[0] if len(set(codes)) == 1 else None)

    def _code(self, word: str) -> bool:
        return self.of.get(word.casefold()) == word

    def claim(self, name: str, side: str | None) -> Claim:
        """Say whose a name claims to be, for a file that came in for a delegation (or for none that was named)."""
        if name.casefold() in _GENERIC:
            return Claim.UNNAMED
        delegation = self.delegation(name)
        if side is not None and (delegation == side or name.casefold() in self.people.get(side, ())):
            return Claim.OWN
        return Claim.UNKNOWN if delegation is None else Claim.OTHER


@dataclass(frozen=True, slots=True)
class Ground:
    """What a file is read against. ``text`` is that of ``version``, ``base`` that of the version which the round
    negotiates, ``newest`` that on which comments quote. ``declared``: the file says that it was made from ``version``.
    ``amendments`` are what stands, with edits of ``base``, those of ``side`` first.
    """

    document: str
    round: str
    side: str | None
    version: str
    declared: bool
    text: Manifest
    base_version: str
    base: Manifest
    newest: Manifest
    names: Names
    stamps: Stamps
    amendments: tuple[AmendmentView, ...]
    comments: tuple[CommentView, ...]


def sender(tx: ReadTransaction, person: Person, document: str, capacity: str) -> Reader:
    """Give whoever sends files, as one who holds this capacity alone; refuses strangers, and other capacities."""
    who = reader(tx, person, document)
    row = tx.session.get_one(Document, document)
    refuse_strangers(tx, person, (document, row.process), capacity, known=True)
    return in_capacity(tx, who, capacity)


def side_of(capacity: str, delegation: str | None) -> str | None:
    """Say for which delegation files come in: that of a national capacity; or the one that the house names, if any.

    Refuses (MALFORMED) a national capacity that names another, (NOT_PERMITTED) one that proposes nothing.
    """
    acting = Acting.parse(capacity)
    if acting.role not in NATIONAL | SECRETARIAT:
        raise Refusal(ProblemCode.NOT_PERMITTED, f"As {capacity} you propose nothing; a file is for a delegation.")
    if acting.delegation and delegation not in {None, acting.delegation}:
        raise Refusal(ProblemCode.MALFORMED, f"As {capacity} you send files for {acting.delegation} alone.")
    return acting.delegation or delegation


def ground(tx: ReadTransaction, who: Reader, declared: Declared, round_id: str | None, side: str | None) -> Ground:
    """Gather what a file is read against. Raises Refusal: FILE_UNRELATED for a copy of another document; UNKNOWN for a
    delegation or a round that is not there; ROUND_CLOSED where none was opened.
    """
    document = tx.session.get_one(Document, who.document)
    row = _round(tx, who, round_id)
    named = _version(tx, who, declared)
    version = named or tx.session.get_one(Version, row.base)
    visible = amendments_for(tx, who, decisions_for(tx, who))
    here = [_carried(tx, view, row.base) for view in visible if view.state not in _GONE]
    return Ground(
        document=who.document,
        round=row.id,
        side=side,
        version=version.id,
        declared=named is not None,
        text=manifest(tx, version.id),
        base_version=row.base,
        base=manifest(tx, row.base),
        newest=manifest(tx, version_row(tx, who, None).id),
        names=_names(tx, document, side),
        stamps=_stamps(tx, who, visible, version),
        amendments=tuple(sorted(here, key=lambda view: view.delegation != side)),
        comments=tuple(comments_for(tx, who)),
    )


def _round(tx: ReadTransaction, who: Reader, round_id: str | None) -> Round:
    if round_id is not None:
        return round_row(tx, who.document, round_id)
    rounds = round_rows(tx, who.document)
    if not rounds:
        raise Refusal(ProblemCode.ROUND_CLOSED, "No round was opened yet; proposals are made in one.")
    return rounds[-1]


def _version(tx: ReadTransaction, who: Reader, declared: Declared) -> Version | None:
    """Find the version that a file says it was made from; one that it names, but whose hash is another, is none."""
    if declared.document and declared.document != who.document:
        raise Refusal(ProblemCode.FILE_UNRELATED, "The file says that it was made from another document.")
    row = tx.session.get(Version, declared.version) if declared.version else None
    if row is None or row.document != who.document or row.hash != declared.hash or not who.sees(row.audience):
        return None
    return row


def _carried(tx: ReadTransaction, view: AmendmentView, base: str) -> AmendmentView:
    """Give an amendment with its edits as they stand on the version that is negotiated."""
    if view.base == base:
        return view
    edits = standing(tx, view.revision.edits, view.base, base).edits
    last = view.revision.model_copy(update={"edits": list(edits)})
    return view.model_copy(update={"revisions": [*view.revisions[:-1], last]})


def _names(tx: ReadTransaction, document: Document, side: str | None) -> Names:
    table = delegations(tx, document.process)
    of = {
        " ".join(name.split()).casefold(): one.code
        for one in table
        for names in one.names.values()
        for name in names.values()
    }
    of |= {author.name.casefold(): code for code, author in names_of(tx, document).items()}
    of |= {one.code.casefold(): one.code for one in table}
    if side is not None and side not in of.values():
        raise Refusal(ProblemCode.UNKNOWN, f"There is no delegation {side} in this process.")
    asked = select(HeldCapacity.capacity, Participant.name).join(
        Participant, col(HeldCapacity.participant) == col(Participant.id)
    )
    people: dict[str, set[str]] = {}
    for capacity, name in tx.session.exec(asked.where(HeldCapacity.process == document.process)):
        if code := Acting.parse(capacity).delegation:
            people.setdefault(code, set()).add(name.casefold())
    return Names(of, {code: frozenset(names) for code, names in people.items()})


def _stamps(tx: ReadTransaction, who: Reader, amendments: Sequence[AmendmentView], version: Version) -> Stamps:
    """Say by which names and dates our own print is known: all that this reader may see can have been printed."""
    document = tx.session.get_one(Document, who.document)
    proposal = phrases(document.language).proposal
    named = {author.name for author in (*names_of(tx, document).values(), *HOUSE.values(), SOMEBODY, COMPILING)}
    named |= {one.code for one in delegations(tx, document.process)} | {EDITORIAL, RENUMBERING}
    named |= {f"{proposal} {one.label.removeprefix('P')}" for one in amendments} | {one.label for one in amendments}
    dates = [revision.at for one in amendments for revision in one.revisions]
    dates += [comment.at for comment in comments_for(tx, who)]
    dates += [position.at for position in positions_for(tx, who)]
    dates += [decision.at for decision in decisions_for(tx, who)]
    return Stamps(
        frozenset(name.casefold() for name in named),
        frozenset(map(timestamp, (*dates, version.issued_at))),
    )
