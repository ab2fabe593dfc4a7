"""Where the text stands: the status of every section's exact wording, and what has dropped it."""

from collections import Counter
from collections.abc import Iterator

from sqlmodel import col, select

from drafting.domain.bracket_tree import counts, not_agreed
from drafting.domain.status import AgreedWording, TouchedAgreement, touched_agreements
from drafting.domain.text import Manifest
from drafting.protocol.views import ReopeningView, SectionStatusView, StatusView, WhereItStandsView
from drafting.protocol.words import SectionStatus, Standing
from drafting.queries.compare import causes_between
from drafting.queries.people import Reader
from drafting.queries.unnamed import shown
from drafting.queries.versions import manifest, version_row
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
    reopened = dict(_reopened(tx, who, newest, list(given.values())))
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


def _reopened(
    tx: ReadTransaction, who: Reader, newest: Version, given: list[StatusView]
) -> Iterator[tuple[str, ReopeningView]]:
    """Give what dropped each status that does not hold on the newest text, and the version that did it first."""
    agreed = {status.section: status for status in given if status.status is not SectionStatus.OPEN}
    wordings = [AgreedWording(section, status.text) for section, status in agreed.items()]
    dropped = [touch for touch in touched_agreements(wordings, manifest(tx, newest.id)) if touch.dropped]
    if not dropped:
        return
    rows = list(_line_of_basis(tx, who))
    texts: dict[str, Manifest] = {row.id: manifest(tx, row.id) for row in rows}
    ordinals = {row.id: row.ordinal for row in rows} | _ordinals(tx, who)
    for touch in dropped:
        section = touch.agreed.section
        later = [row for row in rows if row.ordinal > ordinals[agreed[section].version]]
        by = next((row for row in later if _drops(touch.agreed, texts[row.id])), newest)
        before = max((row for row in rows if row.ordinal < by.ordinal), key=lambda row: row.ordinal, default=by)
        yield section, _reopening(tx, who, touch, (before, by))


def _drops(agreed: AgreedWording, text: Manifest) -> bool:
    return any(touch.dropped for touch in touched_agreements([agreed], text))


def _reopening(
    tx: ReadTransaction, who: Reader, touch: TouchedAgreement, between: tuple[Version, Version]
) -> ReopeningView:
    causes = causes_between(tx, who, *between).get(touch.agreed.section, [])
    return ReopeningView(
        version=between[1].id,
        name=between[1].name,
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
    yield from tx.session.exec(asked.order_by(col(Version.ordinal)))


def _ordinals(tx: ReadTransaction, who: Reader) -> dict[str, int]:
    return dict(tx.session.exec(select(Version.id, Version.ordinal).where(Version.document == who.document)).all())
