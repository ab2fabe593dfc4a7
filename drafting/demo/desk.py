"""The desk of the demonstration: what the file says becomes of each amendment, section by section."""

from datetime import timedelta
from typing import Any

from drafting.demo.round import Round
from drafting.protocol.commands import DecideSection, IssueVersion
from drafting.protocol.views import AmendmentView
from drafting.protocol.words import AmendmentState, Outcome
from drafting.queries.desk import desk, round_amendments, round_row
from drafting.queries.people import person_by_handle

PACE = timedelta(minutes=2)


def consolidate(at: Round, fates: list[tuple[str, dict[str, Any]]]) -> str:
    """Decide on every amendment in the order of the file, and issue Rev.1; gives the version's id."""
    secretary = at.house.database.read(lambda tx: person_by_handle(tx, "secretariat"))
    amendments = {a.id: a for a in at.house.database.read(lambda tx: round_amendments(tx, at.round, []))}
    for id_, fate in fates:
        amendment = amendments[id_]
        if amendment.state is AmendmentState.WITHDRAWN:
            continue
        for section in amendment.touches:
            at.clock.move(PACE)
            at.house.take(secretary, _decision(at, amendment, section, fate))
    at.clock.move(timedelta(hours=1))
    issued = IssueVersion(capacity="secretary", document=at.document, round=at.round, name="Rev.1")
    return at.house.take(secretary, issued).made["version"]


def _decision(at: Round, amendment: AmendmentView, section: str, fate: dict[str, Any]) -> DecideSection:
    digest = at.house.database.read(lambda tx: desk(tx, round_row(tx, at.document, at.round)).digest(section))
    return DecideSection(
        capacity="secretary",
        document=at.document,
        round=at.round,
        section=section,
        amendments=[amendment.id],
        outcome=Outcome(fate["fate"]),
        text=fate.get("redraft_text"),
        reason=fate["reason"],
        against=digest,
    )
