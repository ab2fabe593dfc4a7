"""Working drafts of the demonstration: opened by their sides, and typed into as by hands in a room."""

from collections.abc import Iterable
from datetime import timedelta

from drafting.crdt.replica import Replica, SetText, hands
from drafting.demo.round import Round, capacity
from drafting.demo.wording import Item, substituted
from drafting.live import ledger
from drafting.live.ledger import Part
from drafting.protocol.commands import LockSection, OpenWorkingDraft
from storage import updates
from storage.database import WriteTransaction


def open_drafts(at: Round, drafts: Iterable[Item]) -> None:
    """Have the sides open their working drafts, and type into them what the file says."""
    for item in drafts:
        at.stage.clock.to(at.opened + timedelta(minutes=item["at_minutes"]))
        handle = item["participant"]
        said = {"capacity": capacity(handle, item), "document": at.document}
        draft = at.stage.send(handle, OpenWorkingDraft(**said))("draft")
        for typed in item["typed"]:
            _type(at, draft, typed)
        for label in item.get("locked", ()):
            at.stage.send(handle, LockSection(draft=draft, section=at.text.section(label), **said))
    at.stage.settle()


def _type(at: Round, draft: str, typed: Item) -> None:
    """Write what a room writes when the person types this, judged as a room judges it."""
    person = at.stage.person(typed["participant"])
    section = at.text.section(typed["section"])

    def work(tx: WriteTransaction) -> None:
        stored = updates.load(tx.session, draft)
        if stored is None:
            raise LookupError(draft)
        replica = Replica.of(stored.state, stored.updates)
        content = replica.write([SetText(section, substituted(replica.text(section), typed))])
        clients = hands(content)
        part = Part(ledger.seat(tx, person, draft).hand, content, clients, clients, frozenset({section}))
        ledger.write(tx, draft, [part], stored.last)

    at.stage.house.database.write(work).result()
