"""A round of the demonstration: its amendments, revisions, withdrawals and comments, in the order of their times."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from drafting.house import House
from drafting.protocol.commands import (
    PostComment,
    QuoteTarget,
    ReviseAmendment,
    TableAmendment,
    WithdrawAmendment,
)
from drafting.protocol.edits import Edit
from drafting.protocol.words import CommentAudience
from drafting.queries.people import person_by_handle
from drafting.queries.versions import manifest

EDITS: TypeAdapter[list[Edit]] = TypeAdapter(list[Edit])
Item = dict[str, Any]


@dataclass(slots=True)
class Clock:
    """The demonstration's time: it stands still until it is moved, and never goes back."""

    start: datetime
    at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.at = self.start

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.at

    def move(self, by: timedelta) -> None:
        """Let time pass."""
        self.to(self.at + by)

    def to(self, at: datetime) -> None:
        """Let it become this time."""
        self.at = max(self.at, at)


class Round:
    """A round that is open, with its base text by label."""

    def __init__(self, house: House, clock: Clock, document: str, version: str, round_id: str) -> None:
        self.house = house
        self.clock = clock
        self.document = document
        self.version = version
        self.round = round_id
        self.lines = {line.label: line for line in house.database.read(lambda tx: manifest(tx, version))}

    def play(self, amendments: Sequence[Item], comments: Sequence[Item]) -> list[str]:
        """Play everything in the order of its time; gives the ids of the amendments, in the order of the file."""
        tabled: list[str] = [""] * len(amendments)
        posted: list[str] = [""] * len(comments)
        acts: list[tuple[int, Callable[[], None]]] = []
        for n, item in enumerate(amendments):
            acts.append((item["at_minutes"], lambda n=n, item=item: self._table(item, tabled, n)))  # type: ignore[misc]  # each act keeps its own item
            if minutes := item.get("revised_at_minutes"):
                acts.append((minutes, lambda n=n, item=item: self._revise(item, tabled[n])))  # type: ignore[misc]  # as above
            if minutes := item.get("withdrawn_at_minutes"):
                acts.append((minutes, lambda n=n, item=item: self._withdraw(item, tabled[n])))  # type: ignore[misc]  # as above
        for n, item in enumerate(comments):
            acts.append((item["at_minutes"], lambda n=n, item=item: self._comment(item, tabled, posted, n)))  # type: ignore[misc]  # as above
        opened = self.clock.at
        for minutes, act in sorted(acts, key=lambda entry: entry[0]):
            self.clock.to(opened + timedelta(minutes=minutes))
            act()
        return tabled

    def edits(self, items: Iterable[Item]) -> list[Edit]:
        """Turn edits that name sections by label into edits of the API."""
        return EDITS.validate_python([self._edit(item) for item in items])

    def _edit(self, item: Item) -> Item:
        edit = {key: self._id(item[key]) for key in ("section", "after") if key in item} | {"op": item["op"]}
        match item["op"]:
            case "replace":
                edit["text"] = item.get("text") or self._substituted(item)
            case "add":
                anchor = self.lines[item["after"]]
                edit |= {"section_kind": anchor.kind, "level": anchor.level, "text": item["text"]}
            case "merge":
                edit |= {"sections": [self._id(label) for label in item["sections"]], "text": item["text"]}
            case "split":
                edit["texts"] = item["texts"]
        return edit

    def _substituted(self, item: Item) -> str:
        text = self.lines[item["section"]].text
        for old, new in item["substitute"]:
            text = text.replace(old, new)
        return text

    def _id(self, label: str) -> str:
        return self.lines[label].section

    def _take(self, handle: str, command: Any) -> dict[str, str]:
        person = self.house.database.read(lambda tx: person_by_handle(tx, handle))
        return self.house.take(person, command).made

    def _table(self, item: Item, tabled: list[str], n: int) -> None:
        command = TableAmendment(
            capacity=f"head:{item['delegation']}",
            document=self.document,
            round=self.round,
            base=self.version,
            edits=self.edits(item["edit"]),
            rationale=item["rationale"],
            placement_note=item["placement_note"],
        )
        tabled[n] = self._take(item["delegation"].lower(), command)["amendment"]

    def _revise(self, item: Item, amendment: str) -> None:
        command = ReviseAmendment(
            capacity=f"head:{item['delegation']}",
            document=self.document,
            amendment=amendment,
            revision=1,
            edits=self.edits(item["revised"]),
            rationale=item["rationale"],
            placement_note=item["placement_note"],
        )
        self._take(item["delegation"].lower(), command)

    def _withdraw(self, item: Item, amendment: str) -> None:
        command = WithdrawAmendment(capacity=f"head:{item['delegation']}", document=self.document, amendment=amendment)
        self._take(item["delegation"].lower(), command)

    def _comment(self, item: Item, tabled: list[str], posted: list[str], n: int) -> None:
        line = self.lines[item["on"]] if "on" in item else None
        target = None
        if line is not None and "quote" in item:
            start = line.text.index(item["quote"])
            target = QuoteTarget(quote=item["quote"], start=start, end=start + len(item["quote"]))
        command = PostComment(
            capacity=self._capacity(item),
            document=self.document,
            section=line.section if line else None,
            target=target,
            amendment=tabled[item["amendment"] - 1] if "amendment" in item else None,
            reply_to=posted[item["reply_to"] - 1] if "reply_to" in item else None,
            audience=CommentAudience(item["audience"]),
            body=item["text"],
        )
        posted[n] = self._take(item["participant"], command)["comment"]

    @staticmethod
    def _capacity(item: Item) -> str:
        if "delegation" not in item:
            return {"chair": "chair", "notes": "note_taker"}.get(item["participant"], "secretary")
        role = "head" if item["participant"] == item["delegation"].lower() else "delegate"
        return f"{role}:{item['delegation']}"
