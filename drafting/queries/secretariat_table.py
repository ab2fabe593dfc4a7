"""The secretariat's table as a CSV file: read line by line, and compared with what is entered already.

A line with a ``code`` is a delegation's, one with a ``handle`` a person's. A cell is text, whatever it begins with, and
an empty one says nothing: it changes nothing that is entered.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlmodel import select

from drafting.policy import Acting, judge
from drafting.protocol.answers import TableLine, TableReport
from drafting.protocol.commands import AccreditParticipant, AdmitDelegation, Command, CorrectDelegation
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views import DelegationView
from drafting.protocol.words import Code, Handle
from drafting.queries.people import Person, delegation_view, refuse_strangers
from storage.database import ReadTransaction
from storage.tables import Delegation, HeldCapacity, Participant, Process

MOST_LINES = 5_000
OF_DELEGATIONS, OF_PEOPLE = ("code", "kind", "order", "members"), ("handle", "name", "capacities")
IN_A_LANGUAGE = re.compile(r"(name|formal|designation)_([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)")
_BETWEEN = re.compile(r"[\s,;|]+")
_CODE: TypeAdapter[str] = TypeAdapter(Code)
_HANDLE: TypeAdapter[str] = TypeAdapter(Handle)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file: its number there, and its cells by column, without the empty ones."""

    line: int
    cells: dict[str, str]

    @property
    def subject(self) -> str:
        """The code or handle that it is about, as it is written."""
        return self.cells.get("code") or self.cells.get("handle") or ""

    def listed(self, column: str) -> list[str]:
        """Give the words of a cell that holds several."""
        return [word for word in _BETWEEN.split(self.cells.get(column, "")) if word]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a line asks for: a command; nothing, since all of it is entered; or nothing, since it cannot be read."""

    row: Row
    command: Command | None = None
    refusal: Refusal | None = None

    def told(self, refusal: Refusal | None, *, checked: bool) -> TableLine:
        """Say what became of the line, whose command was refused or not."""
        refusal = self.refusal or refusal
        outcome = "ready" if checked else "taken"
        if self.command is None:
            outcome = "unchanged"
        return TableLine(
            line=self.row.line,
            subject=self.row.subject,
            outcome="refused" if refusal else outcome,
            command=self.command.kind if self.command else None,
            code=refusal.code if refusal else None,
            detail=refusal.detail if refusal else None,
        )


def report(lines: list[TableLine], *, checked: bool) -> TableReport:
    """Say what became of the file."""
    return TableReport(checked=checked, lines=sorted(lines, key=lambda line: line.line))


# -- the file ---------------------------------------------------------------------------------------------------------


def read_rows(content: bytes) -> list[Row]:
    """Read the file: UTF-8, its first line the names of the columns, between them commas, semicolons or tabs."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal(ProblemCode.TEXT_ILLEGAL, "The file is not UTF-8. Save it as “CSV UTF-8”.") from None
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    try:
        return list(_rows(reader, _columns(next(reader, []))))
    except csv.Error as failure:
        raise Refusal(ProblemCode.MALFORMED, f"Line {reader.line_num} is no CSV: {failure}.") from None


def _columns(names: list[str]) -> list[str]:
    columns = [name.strip() for name in names]
    known = {*OF_DELEGATIONS, *OF_PEOPLE}
    strange = [name for name in columns if name not in known and not IN_A_LANGUAGE.fullmatch(name)]
    if strange or len(set(columns)) < len(columns) or not {"code", "handle"} & set(columns):
        said = f"“{strange[0][:40]}” is none" if strange else "each may be there once, and code or handle must be"
        raise Refusal(
            ProblemCode.MALFORMED,
            f"The first line names the columns: {', '.join((*OF_DELEGATIONS, *OF_PEOPLE))}, name_en, formal_en, "
            f"designation_en (and in other languages); {said}.",
        )
    return columns


def _rows(reader: Any, columns: list[str]) -> Iterator[Row]:
    begun = reader.line_num + 1
    for number, cells in enumerate(reader):
        if number == MOST_LINES:
            raise Refusal(ProblemCode.TOO_LARGE, f"The file has more than {MOST_LINES} lines.")
        if any(cell.strip() for cell in cells):
            extra = {"": "The line has more cells than there are columns."} if len(cells) > len(columns) else {}
            filled = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if cell.strip()}
            yield Row(begun, filled | extra)
        begun = reader.line_num + 1


# -- what it asks for -------------------------------------------------------------------------------------------------


def admit(tx: ReadTransaction, person: Person, process: str, capacity: str) -> None:
    """Refuse whoever may not keep the table of the process in this capacity; to others there is no such process."""
    acting = Acting.parse(capacity)
    known = tx.session.get(Process, process) is not None
    refuse_strangers(tx, person, (process, process), capacity, known=known)
    judge("admit_delegation", acting, None, ())


def entries(tx: ReadTransaction, rows: list[Row], process: str, capacity: str) -> list[Entry]:
    """Say what each line asks for, delegations first: people are accredited for them."""
    found = [_entry(tx, row, {"process": process, "capacity": capacity}) for row in rows]
    codes = [entry.row.cells.get("code") for entry in found]
    for place, code in enumerate(codes):
        if code and code in codes[:place]:
            twice = Refusal(ProblemCode.MALFORMED, f"{code} has a line already: {found[codes.index(code)].row.line}.")
            found[place] = Entry(found[place].row, refusal=twice)
    return sorted(found, key=lambda entry: isinstance(entry.command, AccreditParticipant))


def _entry(tx: ReadTransaction, row: Row, base: dict[str, str]) -> Entry:
    if "" in row.cells or ("code" in row.cells) == ("handle" in row.cells):
        said = row.cells.get("", "A line is a delegation's, with a code, or a person's, with a handle.")
        return Entry(row, refusal=Refusal(ProblemCode.MALFORMED, said))
    try:
        return Entry(row, _delegation(tx, row, base) if "code" in row.cells else _person(tx, row, base))
    except ValidationError as failure:
        said = "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'line'}: {fault['msg']}" for fault in failure.errors())
        return Entry(row, refusal=Refusal(ProblemCode.MALFORMED, f"{said}."))


def _delegation(tx: ReadTransaction, row: Row, base: dict[str, str]) -> Command | None:
    code = _CODE.validate_python(row.cells["code"])
    entered = tx.session.get(Delegation, (base["process"], code))
    before = delegation_view(entered) if entered else None
    said = _said(row, before)
    if before is None:
        return AdmitDelegation.model_validate({**base, "code": code, "names": {}, **said})
    now = before.model_dump()
    changed = {field: content for field, content in said.items() if content != now[_FIELDS.get(field, field)]}
    return CorrectDelegation.model_validate({**base, "code": code, **changed}) if changed else None


_FIELDS = {"delegation_kind": "kind"}


def _said(row: Row, before: DelegationView | None) -> dict[str, Any]:
    """Give the fields of a delegation that the line says something of; languages that it does not name stay."""
    names = {language: dict(name) for language, name in before.names.items()} if before else {}
    designations = dict(before.designations) if before else {}
    for column, cell in row.cells.items():
        if (found := IN_A_LANGUAGE.fullmatch(column)) is None:
            continue
        part, language = found.groups()
        if part == "designation":
            designations[language] = cell
        else:
            names.setdefault(language, {})[{"name": "short", "formal": "formal"}[part]] = cell
    said: dict[str, Any] = {"names": names, "designations": designations}
    if "members" in row.cells:
        said["members"] = row.listed("members")
    if "kind" in row.cells:
        said["delegation_kind"] = row.cells["kind"]
    if "order" in row.cells:
        order = row.cells["order"]
        said["order"] = int(order) if order.isascii() and order.isdecimal() and len(order) < 6 else order  # noqa: PLR2004 - one more than the largest order has
    return {field: content for field, content in said.items() if content not in ({}, None)}


def _person(tx: ReadTransaction, row: Row, base: dict[str, str]) -> Command | None:
    handle = _HANDLE.validate_python(row.cells["handle"])
    known = tx.session.exec(select(Participant).where(Participant.handle == handle)).first()
    held: set[str] = set()
    if known:
        asked = select(HeldCapacity.capacity).where(HeldCapacity.participant == known.id)
        held = set(tx.session.exec(asked.where(HeldCapacity.process == base["process"])))
    wanted = row.listed("capacities")
    missing = [capacity for capacity in wanted if capacity not in held]
    if wanted and not missing:
        return None
    name = row.cells.get("name") or (known.name if known else "")
    return AccreditParticipant.model_validate({**base, "handle": handle, "name": name, "capacities": missing})
