"""Where the text stands: the status of every section's exact wording, and what has dropped it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from sqlmodel import col, select

from drafting.domain.bracket_tree import counts, not_agreed
from drafting.domain.status import AgreedWording, TouchedAgreement, touched_agreements
from drafting.domain.text import Manifest
from drafting.protocol.views import CauseView, ReopeningView, SectionStatusView, StatusView, WhereItStandsView
from drafting.protocol.words import SectionStatus, Standing
from drafting.queries.compare import Causes, causes_between
from drafting.queries.people import Reader
from drafting.queries.unnamed import shown
from drafting.queries.versions import manifest, places_of, version_row
from storage.database import ReadTransaction
from storage.tables import Agreement, Version


def status_view(row: Agreement) -> StatusView:
    """Show a status as it was given."""
    return StatusView(
        id=row.id,
        section=row.section,
        version=row.version,
        text=row.text,
        status=SectionStatus(row.status),
        awaiting=row.awaiting,
        placement_pending=row.placement_pending,
        note=row.note,
        by=row.by,
        capacity=row.capacity,
        at=row.at,
    )


def statuses(tx: ReadTransaction, document: str) -> list[StatusView]:
    """Give the last status that each section got, in the order of the first that it got."""
    rows = tx.session.exec(select(Agreement).where(Agreement.document == document).order_by(col(Agreement.place)))
    last: dict[str, StatusView] = {}
    for row in rows:
        last[row.section] = status_view(row)
    return list(last.values())


def where_it_stands(tx: ReadTransaction, who: Reader) -> WhereItStandsView:
    """Tell where every section of the newest text stands. Deleted ones that nobody agreed on are left out."""
    newest = version_row(tx, who, None)
    text = manifest(tx, newest.id)
    given = {status.section: status for status in shown(statuses(tx, who.document), who)}
    reopened = dict(_reopened(tx, who, newest, given.values()))
    opens, bracketed = counts(text), not_agreed(text)
    sections = []
    for line in text:
        status, reopening = given.get(line.section), reopened.get(line.section)
        if line.deleted and status is None:
            continue
        stands = status.status if status and reopening is None else SectionStatus.OPEN
        sections.append(
            SectionStatusView(
                section=line.section,
                label=line.label,
                status=stands,
                given=status,
                reopened=reopening,
                brackets=opens[line.section],
                bracketed=line.section in bracketed,
            )
        )
    return WhereItStandsView(
        document=who.document,
        version=newest.id,
        sections=sections,
        counts=dict(Counter(section.status for section in sections)),
        brackets=sum(opens.values()),
    )


def agreed_on(tx: ReadTransaction, document: str, text: Manifest) -> dict[str, StatusView]:
    """Give, by section, the statuses that hold on a text: what was agreed stands in it word for word, in no bracket."""
    agreed = _agreed(statuses(tx, document))
    dropped = {touch.agreed.section for touch in _dropped(agreed, text)}
    return {status.section: status for status in agreed if status.section not in dropped}


def _agreed(given: Iterable[StatusView]) -> list[StatusView]:
    return [status for status in given if status.status is not SectionStatus.OPEN]


def _reopened(
    tx: ReadTransaction, who: Reader, newest: Version, given: Iterable[StatusView]
) -> Iterator[tuple[str, ReopeningView]]:
    """Give what dropped each status that does not hold on the newest text, and the version that did it first."""
    agreed = {status.section: status for status in _agreed(given)}
    dropped = _dropped(agreed.values(), manifest(tx, newest.id))
    if not dropped:
        return
    basis = list(_line_of_basis(tx, who))
    gone = {row.id: {one.agreed.section for one in _dropped(agreed.values(), manifest(tx, row.id))} for row in basis}
    places = places_of(tx, who.document)
    causes: dict[str, Causes] = {}
    for touch in dropped:
        status = agreed[touch.agreed.section]
        later = (row for row in basis if row.place > places[status.version])
        by = next((row for row in later if status.section in gone[row.id]), newest)
        if by.id not in causes:
            before = max((row for row in basis if row.place < by.place), key=lambda row: row.place, default=by)
            causes[by.id] = causes_between(tx, who, before, by)
        yield status.section, _reopening(touch, by, causes[by.id].get(status.section, ()))


def _dropped(given: Iterable[StatusView], text: Manifest) -> list[TouchedAgreement]:
    touched = touched_agreements([AgreedWording(status.section, status.text) for status in given], text)
    return [touch for touch in touched if touch.dropped]


def _reopening(touch: TouchedAgreement, by: Version, causes: Sequence[CauseView]) -> ReopeningView:
    return ReopeningView(
        version=by.id,
        name=by.name,
        touch=touch.touch.value,
        words=[(words.old, words.new) for words in touch.words],
        delegations=sorted({code for cause in causes for code in cause.delegations}),
        amendments=sorted({label for cause in causes for label in cause.amendments}),
    )


def _line_of_basis(tx: ReadTransaction, who: Reader) -> Iterator[Version]:
    """Give the versions that were the basis one after the other and stand, oldest first."""
    asked = select(Version).where(
        Version.document == who.document, Version.standing == Standing.BASIS, col(Version.recalled).is_(None)
    )
    yield from tx.session.exec(asked.order_by(col(Version.place)))
