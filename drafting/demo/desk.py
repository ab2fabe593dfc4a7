"""The desk of the demonstration: what the file says becomes of each amendment, section by section."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from drafting.demo.round import Round
from drafting.demo.wording import Item
from drafting.protocol.commands import DecideSection, IssueInSession, IssueVersion
from drafting.protocol.words import Outcome
from drafting.queries.desk import Desk, desk, on_table, round_row

PACE = timedelta(minutes=2)


class Fate(NamedTuple):
    """One decision to be taken: on which section, on which amendments, and what the file says of it."""

    section: str
    amendments: list[str]
    item: Item


def consolidate(at: Round, items: Sequence[Item], name: str) -> str:
    """Decide on every amendment in the order of the file, and issue the version; gives its id."""
    decide(at, numbered(items))
    at.stage.clock.move(timedelta(hours=1))
    issued = IssueVersion(capacity="secretary", document=at.document, round=at.round, name=name)
    return at.stage.send("secretariat", issued)("version")


def decide(at: Round, items: Sequence[Item]) -> None:
    """Take the decisions that the file names, one after the other."""
    stands, decided = _stands(at), set[str]()
    for fate in _fates(at, items):
        if fate.section in decided:
            at.stage.settle()
            stands, decided = _stands(at), set()
        decided.add(fate.section)
        at.stage.clock.move(PACE)
        handle = "chair" if fate.item.get("by_chair") else "secretariat"
        at.stage.send(handle, _decision(at, fate, stands.digest(fate.section)))
        if "then_in_session" in fate.item:
            _issue_in_session(at, fate.item["then_in_session"])
    at.stage.settle()


def _issue_in_session(at: Round, name: str) -> None:
    at.stage.clock.move(PACE)
    said = {"capacity": "secretary", "document": at.document, "round": at.round}
    at.stage.send("secretariat", IssueInSession(name=name, **said))


def numbered(items: Sequence[Item]) -> list[Item]:
    """Give amendments that say which they are: by their name, or their number, counted from 1."""
    return [{"is": item.get("name", n), **item} for n, item in enumerate(items, 1)]


def _stands(at: Round) -> Desk:
    return at.stage.house.database.read(lambda tx: desk(tx, round_row(tx, at.document, at.round)))


def _fates(at: Round, items: Sequence[Item]) -> Iterator[Fate]:
    """Give the decisions in the order of the file: each amendment on each section it touches; what is not taken of one
    that is incorporated in part has a fate of its own (``rest``).
    """
    on = at.stage.house.database.read(lambda tx: on_table(tx, round_row(tx, at.document, at.round)))
    touches = {one.amendment.id: one.asks.touches for one in on}
    for item in items:
        if "fate" not in item:
            continue
        amendments = [at.amendment(name) for name in (item["is"], *item.get("together", ()))]
        for section in touches[amendments[0]]:
            yield Fate(section, amendments, item)
            if "rest" in item:
                yield Fate(section, amendments, {**item["rest"], "is": item["is"]})


def _decision(at: Round, fate: Fate, digest: str) -> DecideSection:
    item = fate.item
    return DecideSection(
        capacity="chair" if item.get("by_chair") else "secretary",
        document=at.document,
        round=at.round,
        section=fate.section,
        amendments=fate.amendments,
        outcome=Outcome(item["fate"]),
        text=item.get("redraft_text"),
        hunks=item.get("hunks", []),
        over_objections=item.get("over_objections", False),
        reason=item["reason"],
        against=digest,
    )
