"""Marked-up files that the cast sends in, and what becomes of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from drafting.protocol.commands import Envelope, Receipt
from drafting.protocol.problems import Refusal
from drafting.protocol.views.imports import (
    ImportBatchView,
    ImportedAmendmentView,
    ImportedCommentView,
    ImportedFileView,
)
from drafting.queries.importing import batch
from drafting.queries.people import Person
from drafting.queries.planning import Asked
from storage.database import ReadTransaction
from tests.casting import CAPACITIES, TEXT, Cast
from tests.word.marking import declared, dele, file, ins, p, r

T = TypeVar("T")
LABELS = {5: "OP1", 6: "OP2", 7: "(a)", 8: "(b)", 9: "OP3", 10: "OP4"}


@dataclass
class Directly:
    """Does all the work in this process."""

    cast: Cast
    person: Person

    def read(self, work: Callable[[ReadTransaction], T]) -> T:
        return self.cast.house.database.read(work)

    def apart(self, work: Callable[..., T], *arguments: object) -> T:
        return work(*arguments)

    def rehearse(self, envelopes: Sequence[Envelope]) -> list[Refusal | None]:
        return self.cast.house.executor.rehearse(self.person, envelopes)

    def send(self, envelope: Envelope) -> Receipt:
        return self.cast.house.executor.execute(self.person, envelope).result()


def send(cast: Cast, handle: str, *contents: bytes, delegations: Sequence[str] = (), **asked: Any) -> ImportBatchView:
    files = [(f"file {number}.docx", content) for number, content in enumerate(contents, 1)]
    means = Directly(cast, cast.person(handle))
    wanted = Asked(capacity=CAPACITIES[handle], **asked)
    return batch(means, means.person, cast.document, wanted, files, delegations)


def one(cast: Cast, handle: str, content: bytes, delegation: str = "", **asked: Any) -> ImportedFileView:
    return send(cast, handle, content, delegations=[delegation] if delegation else [], **asked).files[0]


def marked(room: Cast, tracked: dict[int, str], *, more: str = "", said: bool = True, **parts: str) -> bytes:
    """The round's text as a file, some paragraphs (by place) otherwise; ``said``: it says what it was made from."""
    paragraphs = [
        tracked.get(at, p(f"{LABELS[at]}\t{text}" if at in LABELS else text.replace("*", "")))
        for at, (_, _, _, text) in enumerate(TEXT)
    ]
    version = next(view for view in room.snapshot("sec").versions if view.id == room.version)
    custom = declared(room.document, version.id, version.hash) if said else ""
    return file("".join(paragraphs) + more, custom, **parts)


def op3(by: str = "Jane") -> str:
    return p(r("OP3\tStates ") + dele("may", by) + ins("should", by) + r(" ask for assistance."))


def op4(by: str = "Jane") -> str:
    return p(r("OP4\tThe Secretariat keeps a ") + ins("public ", by) + r("register of good practice."))


def amendments(view: ImportedFileView) -> list[ImportedAmendmentView]:
    return [item for item in view.items if isinstance(item, ImportedAmendmentView)]


def comments(view: ImportedFileView) -> list[ImportedCommentView]:
    return [item for item in view.items if isinstance(item, ImportedCommentView)]


def states(view: ImportedFileView) -> list[str]:
    return [item.state for item in view.items]


def labels(room: Cast, handle: str = "sec") -> list[str]:
    return [amendment.label for amendment in room.snapshot(handle).amendments]
