"""Unnamed circulation: who proposes, comments and stands where is known to the desk, and to each delegation of its own.

The one place where names are taken out. Whatever a reader is shown of a document comes through ``shown``: the lists and
the snapshot, from which all else is worked out, and each event. A name is known by the field that it stands in; what
people write in texts is not searched. An empty name is one that is not told; in a list it is left out.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlmodel import select

from drafting.policy import NATIONAL
from drafting.protocol.events import EventView
from drafting.protocol.problems import Refusal
from drafting.protocol.words import DraftKind
from drafting.queries.people import Reader
from storage.database import ReadTransaction
from storage.tables import Delegation, Document

V = TypeVar("V")
Told = Mapping[str, Any]
"""The fields that stand beside one another in a view, or in a payload."""

HELD = "held"
"""What a proposal is called before it is circulated, for who sponsors it with others."""
SOME_DELEGATION = "delegation"
"""The capacity of somebody who acts for a delegation that is not told."""


def shown(view: V, who: Reader) -> V:
    """Give a view, or a list of views, as the reader may see it."""
    return view if who.named else Unnamed(who.own).of(view)


def event_shown(event: EventView, who: Reader, alias: Callable[[str], str]) -> EventView:
    """Give an event as the reader may see it. Where its stream names others, ``alias`` tells it from the like."""
    told = shown(event, who)
    if told.stream == event.stream:
        return told
    return told.model_copy(update={"stream": f"{told.stream}+~{alias(event.stream)}"})


def refusal_shown(tx: ReadTransaction, refusal: Refusal, who: Reader) -> Refusal:
    """Give a refusal as the reader may see it; what others' proposals and delegations are called is taken out."""
    if who.named:
        return refusal
    process = tx.session.get_one(Document, who.document).process
    others = set(tx.session.exec(select(Delegation.code).where(Delegation.process == process))) - who.own
    detail = _spoken(refusal.detail, others) if others else refusal.detail
    return Refusal(refusal.code, detail, **Unnamed(who.own).of(refusal.facts))


def _spoken(sentence: str, others: Collection[str]) -> str:
    """Say a sentence without these codes, and without the labels that are made of them."""
    code = rf"\b(?:{'|'.join(sorted(others))})\b"
    neutral = re.sub(rf"{code}(?:-\d+| draft \d+)", "the amendment", sentence)
    said = re.sub(rf"{code}(?:, {code})+", "other delegations", neutral)
    return re.sub(code, "another delegation", said)


@dataclass(frozen=True, slots=True)
class Unnamed:
    """Views for one who acts for the delegations ``own`` and is told no other's name."""

    own: frozenset[str]

    def of(self, value: V) -> V:
        """Give a view, a payload or a list of them without others' names; the same object if there are none in it."""
        told: Any = value
        match value:
            case BaseModel() | dict():
                told = self._fields(value)
            case list():
                items = [self.of(item) for item in value]
                told = value if all(new is old for new, old in zip(items, value, strict=True)) else items
        result: V = told
        return result

    def _fields(self, value: Any) -> Any:
        told = dict(value)
        if self._is_own_side(told):
            return value
        changed = {}
        for name, said in told.items():
            if said is None:
                continue
            new = NAMING[name](self, said, told) if name in NAMING else self.of(said)
            if new is not said and new != said:
                changed[name] = new
        if not changed:
            return value
        return value.model_copy(update=changed) if isinstance(value, BaseModel) else {**told, **changed}

    def _is_own_side(self, told: Told) -> bool:
        """Tell whether nobody but the own delegation is shown this at all."""
        side, _, code = str(told.get("audience") or told.get("stream")).partition(":")
        return side == "delegation" and code in self.own

    def delegation(self, code: str, told: Told) -> str:
        """Give the code if it is an own one's, or that of the closed group whose text it is."""
        return code if code in self.own or code == told.get("group") else ""

    def delegations(self, codes: Iterable[str], _told: Told) -> list[str]:
        """Leave the own ones."""
        return [code for code in codes if code in self.own]

    def capacity(self, capacity: str, _told: Told) -> str:
        """Give the capacity without the delegation that it is held for."""
        role, _, code = capacity.partition(":")
        return SOME_DELEGATION if role in NATIONAL and code not in self.own else capacity

    def capacities(self, held: Iterable[str], told: Told) -> list[str]:
        """Give capacities without the delegations, each once."""
        return list(dict.fromkeys(self.capacity(one, told) for one in held))

    def person(self, handle: str, told: Told) -> str:
        """Give the handle if an own capacity stands beside it."""
        beside = told.get("capacities") or [told.get("capacity") or ""]
        return handle if any(self._is_own(one) for one in beside) else ""

    def _is_own(self, capacity: str) -> bool:
        role, _, code = capacity.partition(":")
        return role in NATIONAL and code in self.own

    def side(self, code: str, told: Told) -> str:
        """Give whose a working draft is, unless it is another delegation's."""
        return code if told.get("kind") != DraftKind.DELEGATION or code in self.own else ""

    def stream(self, name: str, _told: Told) -> str:
        """Give the audience without the other delegations in it."""
        first, *codes = name.split("+")
        side, _, code = first.partition(":")
        kept = side if side == "delegation" and code not in self.own else first
        return "+".join([kept, *(one for one in codes if one in self.own)])

    def label(self, label: str, told: Told) -> str:
        """Give the label of a proposal if it is neutral, or an own one's."""
        if told.get("circulated", True):
            return label
        code = re.split(r"[- ]", label, maxsplit=1)[0]
        return label if self.delegation(code, told) else HELD


NAMING: Mapping[str, Callable[[Unnamed, Any, Told], Any]] = {
    "delegation": Unnamed.delegation,
    "sponsors": Unnamed.delegations,
    "delegations": Unnamed.delegations,
    "objections": Unnamed.delegations,
    "awaiting": Unnamed.delegations,
    "members": Unnamed.delegations,
    "by": Unnamed.person,
    "issued_by": Unnamed.person,
    "handle": Unnamed.person,
    "capacity": Unnamed.capacity,
    "capacities": Unnamed.capacities,
    "audience": Unnamed.stream,
    "stream": Unnamed.stream,
    "side": Unnamed.side,
    "label": Unnamed.label,
}
"""The fields in which names stand."""
