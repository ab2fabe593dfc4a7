"""The verb for marked-up files: what delegations send back from Word."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from drafting.cli.base import As, AsJson, app, opened, say, working
from drafting.house import House
from drafting.policy import NATIONAL, SECRETARIAT, Acting
from drafting.protocol.commands import Envelope, Receipt
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views.imports import ImportBatchView, ImportedAmendmentView, ImportedFileView, ImportItemView
from drafting.queries.importing import batch
from drafting.queries.people import Person, person_by_handle, reader
from drafting.queries.planning import Asked
from drafting.queries.resolve import document_called
from storage.database import ReadTransaction

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _AtTheMachine:
    """The house as what a batch is worked with, where nobody else waits for this process."""

    house: House
    person: Person

    def read(self, work: Callable[[ReadTransaction], T]) -> T:
        return self.house.database.read(work)

    def apart(self, work: Callable[..., T], *arguments: object) -> T:
        return work(*arguments)

    def rehearse(self, envelopes: Sequence[Envelope]) -> list[Refusal | None]:
        return self.house.executor.rehearse(self.person, envelopes)

    def send(self, envelope: Envelope) -> Receipt:
        return self.house.executor.execute(self.person, envelope).result()


@app.command()
def propose(  # noqa: PLR0913, PLR0917 - each is an option
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Marked-up .docx files.")],
    document: Annotated[str, typer.Option(help="The document, by id or symbol.")],
    handle: As,
    delegation: Annotated[
        list[str] | None, typer.Option("--for", help="The delegation that the files are of; one for all, or one each.")
    ] = None,
    author: Annotated[list[str] | None, typer.Option(help="Whose changes in the files count; may be repeated.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Only this item, by its id; may be repeated.")] = None,
    together: Annotated[
        bool, typer.Option("--together", help="One amendment for all that one author changes.")
    ] = False,
    take: Annotated[
        bool, typer.Option("--take", help="Carry it out; without it, only say how it is understood.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read marked-up Word files, and make amendments and comments of them."""
    with opened() as house:
        person = house.database.read(lambda tx: person_by_handle(tx, handle))
        found = house.database.read(lambda tx: document_called(tx, document))
        asked = Asked(
            capacity=house.database.read(lambda tx: _capacity(tx, person, found)),
            authors=frozenset(author) if author else None,
            only=frozenset(only or ()),
            together=together,
            take=take,
        )
        contents = [(file.name, file.read_bytes()) for file in files]
        told = working(
            f"Reading {len(files)} file(s)",
            lambda: batch(_AtTheMachine(house, person), person, found, asked, contents, delegation or ()),
        )
    say(told, _said(told), as_json=as_json)
    if any(file.code for file in told.files) or told.review:
        raise typer.Exit(1)


def _capacity(tx: ReadTransaction, person: Person, document: str) -> str:
    """Give the capacity in which somebody proposes."""
    held = reader(tx, person, document).capacities
    fitting = [capacity for capacity in held if Acting.parse(capacity).role in NATIONAL | SECRETARIAT]
    if not fitting:
        raise Refusal(ProblemCode.NOT_PERMITTED, f"As {', '.join(held)} you propose nothing.")
    return fitting[0]


def _said(told: ImportBatchView) -> str:
    return "\n".join(line for file in told.files for line in _lines(file))


def _lines(file: ImportedFileView) -> list[str]:
    if file.code:
        return [f"{file.file}: {file.detail} ({file.code})"]
    lines = [f"{file.file}: {len(file.items)} item(s), {len(file.review)} to look at, sure {file.sure:.2f}"]
    lines += [f"  {item.id} {_item(item)}" for item in file.items]
    lines += [f"  ! {line.place} {line.author}: {line.text} - {line.why}" for line in file.review]
    return lines


def _item(item: ImportItemView) -> str:
    became = f"{item.state}{f' ({item.standing})' if item.standing else ''}"
    if isinstance(item, ImportedAmendmentView):
        ops = ", ".join(edit.op for edit in item.edits)
        return f"{became}: {item.author or 'untracked'}, {', '.join(item.labels) or 'at the start'}: {ops}"
    return f"{became}: {item.author} on {item.label or 'what is new'}: {item.body[:60]}"
