"""A round of the demonstration: what is proposed, said and held in it, in the order of the times in its file."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from drafting.demo.stage import Stage
from drafting.demo.wording import Item, Wording
from drafting.protocol.commands import (
    AdmitAmendment,
    ClearAmendment,
    Command,
    ConfirmEntry,
    DraftAmendment,
    EnterAmendment,
    LeaveAmendment,
    PostComment,
    ProposeText,
    QuoteTarget,
    ReportBack,
    ResolveComment,
    ReviseAmendment,
    SetStatus,
    SponsorAmendment,
    TableAmendment,
    TakePosition,
    WithdrawAmendment,
)
from drafting.queries.versions import manifest

Act = tuple[int, Callable[[], None]]
Answer = Callable[[str], str]
NewAmendment = TableAmendment | EnterAmendment | DraftAmendment
_HOUSE = {"chair": "chair", "notes": "note_taker", "secretariat": "secretary"}
_ROLES = {"": "head", "2": "delegate", "3": "clerk"}
"""A delegation's people by what follows its code in their handles."""


def capacity(handle: str, item: Item) -> str:
    """Give the capacity somebody acts in: for the house, a closed group that they lead, or a delegation."""
    if "facilitator" in item:
        return f"facilitator:{item['facilitator']}"
    if handle in _HOUSE:
        return _HOUSE[handle]
    code = item["delegation"]
    return f"{_ROLES[handle[len(code) :]]}:{code}"


def who(item: Item) -> str:
    """Give the handle of who acts: the one named, or the head of the delegation."""
    return str(item.get("participant") or item["delegation"].lower())


class Round:
    """A round that is open, with its base text by label.

    Amendments and comments are named in the files by their ``name``, or by their number, counted from 1.
    """

    def __init__(self, stage: Stage, document: str, version: str, round_id: str) -> None:
        self.stage = stage
        self.document = document
        self.version = version
        self.round = round_id
        lines = stage.house.database.read(lambda tx: manifest(tx, version))
        self.text = Wording({line.label: line for line in lines}, stage.mint, stage.clock)
        self.opened = stage.clock.at
        self.amendments: dict[Any, Answer] = {}
        self.comments: dict[Any, Answer] = {}

    def play(self, content: Mapping[str, Any]) -> None:
        """Play everything in the order of its time, and what has one time in the order of the file."""
        acts = [act for n, item in enumerate(content["amendment"], 1) for act in self._life(n, item)]
        for kind, act in (
            ("sponsor", self._sponsor),
            ("position", self._position),
            ("admit", self._admit),
            ("status", self._status),
        ):
            acts += [(item["at_minutes"], _later(act, item)) for item in content.get(kind, ())]
        if "chair_text" in content:
            words = content["chair_text"]
            like = next(item for item in content["amendment"] if item.get("name") == words["of"])
            acts.append((words["at_minutes"], _later(self._chair_text, words, like)))
        for n, item in enumerate(content.get("comment", ()), 1):
            acts.append((item["at_minutes"], _later(self._comment, item, n)))
            if "resolved_at_minutes" in item:
                acts.append((item["resolved_at_minutes"], _later(self._resolve, item, n)))
        for minutes, act_now in sorted(acts, key=lambda entry: entry[0]):
            self.stage.clock.to(self.opened + timedelta(minutes=minutes))
            act_now()
        self.stage.settle()

    def amendment(self, name: Any) -> str:
        """Give the id of the amendment that the file calls so, or counts so."""
        return self.amendments[name]("amendment")

    def _life(self, n: int, item: Item) -> list[Act]:
        """Give what happens to an amendment: it is written, and what its file says it goes through."""
        acts: list[Act] = [(item["at_minutes"], _later(self._propose, item, n))]
        for moment, act in (
            ("revised_at_minutes", self._revise),
            ("cleared_at_minutes", self._clear),
            ("reported_at_minutes", self._report),
            ("confirmed_at_minutes", self._confirm),
            ("withdrawn_at_minutes", self._withdraw),
        ):
            if moment in item:
                acts.append((item[moment], _later(act, item, n)))
        return acts

    def _propose(self, item: Item, n: int) -> None:
        said = {
            "document": self.document,
            "round": self.round,
            "base": self.version,
            "edits": self.text.edits(item["edit"]),
            "rationale": item["rationale"],
            "placement_note": item.get("placement_note", ""),
        }
        answer = self.stage.send(*self._proposal(item, said))
        self.amendments[n] = answer
        self.amendments[item.get("name", n)] = answer

    def _proposal(self, item: Item, said: dict[str, Any]) -> tuple[str, NewAmendment]:
        """Tell who gives which command: tabled, entered for a delegation, or written for the own side or group."""
        if "source" in item:
            also = {key: item[key] for key in ("delegation", "source", "sponsors") if key in item}
            return "notes", EnterAmendment(capacity="note_taker", **also, **said)
        said["capacity"] = capacity(who(item), item)
        if "facilitator" in item:
            return who(item), DraftAmendment(group=item["facilitator"], **said)
        if item.get("internal"):
            return who(item), DraftAmendment(**said)
        supersedes = [self.amendment(name) for name in item.get("supersedes", ())]
        return who(item), TableAmendment(supersedes=supersedes, **said)

    def _of(self, kind: type[Command], item: Item, n: Any, **also: Any) -> None:
        """Have who acts for the amendment's side give a command on it."""
        handle = also.pop("handle", who(item))
        said = {"capacity": capacity(handle, item), "document": self.document, "amendment": self.amendment(n)}
        self.stage.send(handle, kind(**said, **also))

    def _revise(self, item: Item, n: int) -> None:
        also = {"rationale": item["rationale"], "placement_note": item.get("placement_note", "")}
        self._of(ReviseAmendment, item, n, revision=1, edits=self.text.edits(item["revised"]), **also)

    def _clear(self, item: Item, n: int) -> None:
        self._of(ClearAmendment, item, n, handle=item["delegation"].lower())

    def _report(self, item: Item, n: int) -> None:
        self._of(ReportBack, item, n, group=item["facilitator"], sponsors=item["sponsors"])

    def _confirm(self, item: Item, n: int) -> None:
        self._of(ConfirmEntry, item, n)

    def _withdraw(self, item: Item, n: int) -> None:
        self._of(WithdrawAmendment, item, n, reason=item.get("withdrawn_because", ""))

    def _sponsor(self, item: Item) -> None:
        self._of(LeaveAmendment if item.get("leaves") else SponsorAmendment, item, item["amendment"])

    def _admit(self, item: Item) -> None:
        self._of(AdmitAmendment, item, item["amendment"], handle="chair")

    def _status(self, item: Item) -> None:
        also = {key: item[key] for key in ("status", "awaiting", "placement_pending", "note") if key in item}
        about = {"document": self.document, "section": self.text.section(item["on"]), "version": self.version}
        self.stage.send("chair", SetStatus(capacity="chair", **about, **also))

    def _chair_text(self, item: Item, like: Item) -> None:
        """Propose the chair's text: what an amendment does, and more, beside the base."""
        also = {key: item[key] for key in ("name", "audience", "note")}
        edits = self.text.edits([*like["edit"], *item["edit"]])
        command = ProposeText(capacity="chair", document=self.document, base=self.version, edits=edits, **also)
        self.stage.send("chair", command)

    def _position(self, item: Item) -> None:
        about = {"amendment": self.amendment(item["amendment"])} if "amendment" in item else {}
        about |= {"section": self.text.section(item["on"])} if "on" in item else {}
        also = {key: item[key] for key in ("stand", "reservation", "audience", "note") if key in item}
        handle = "notes" if item.get("heard") else who(item)
        command = TakePosition(
            capacity=capacity(handle, item), document=self.document, delegation=item["delegation"], **about, **also
        )
        self.stage.send(handle, command)

    def _comment(self, item: Item, n: int) -> None:
        line = self.text.lines[item["on"]] if "on" in item else None
        target = None
        if line is not None and "quote" in item:
            start = line.text.index(item["quote"])
            target = QuoteTarget(quote=item["quote"], start=start, end=start + len(item["quote"]))
        command = PostComment(
            capacity=capacity(who(item), item),
            document=self.document,
            section=line.section if line else None,
            target=target,
            amendment=self.amendment(item["amendment"]) if "amendment" in item else None,
            reply_to=self.comments[item["reply_to"]]("comment") if "reply_to" in item else None,
            audience=item["audience"],
            group=item.get("group"),
            body=item["text"],
        )
        self.comments[n] = self.stage.send(who(item), command)

    def _resolve(self, item: Item, n: int) -> None:
        comment = self.comments[n]("comment")
        said = {"capacity": capacity(who(item), item), "document": self.document}
        self.stage.send(who(item), ResolveComment(comment=comment, **said))


def _later(act: Callable[..., None], *items: Any) -> Callable[[], None]:
    """Keep an act with what it is about."""
    return lambda: act(*items)
