"""The service's own writing in a draft: its first content, and changes made as ordinary edits."""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any, Final

from pycrdt import Doc, Map, Text

from drafting.crdt.shape import FIELDS, KIND, LEVEL, OUTLINE, RANK, REMOVED, SECTIONS, fits, is_section
from drafting.crdt.texts import bytes_before, read
from drafting.crdt.vectors import read_vector
from drafting.domain.carry_over import DraftChange, SetOutline
from drafting.domain.diff import leftmost
from drafting.domain.drafted import DraftedLine
from drafting.domain.ranks import ranks
from drafting.domain.text import Line

NOTHING: Final = b"\x00\x00"
"""The update that says nothing."""


def seed(lines: Iterable[Line]) -> bytes:
    """Give the first update of a draft, which reads as a manifest does; a line deleted there is removed here."""
    manifest = [*lines]
    added = [
        DraftedLine(line.section, line.kind, line.level, rank, line.text, line.deleted)
        for line, rank in zip(manifest, ranks(len(manifest)), strict=True)
    ]
    return written(b"", b"\x00", added)


def written(state: bytes, vector: bytes, changes: Sequence[DraftChange]) -> bytes:
    """Give the update that makes the changes in the draft of that state (empty: none yet): see ``Replica.write``."""
    doc = draft(_fresh(vector))
    if state:
        doc.apply_update(state)
    made: list[bytes] = []
    doc.observe(lambda event: made.append(event.update))
    with doc.transaction():
        for change in changes:
            _make(doc, change)
    return made[0] if made else NOTHING


def draft(client: int | None = None) -> "Doc[Any]":
    """Make an empty draft, to write in under a client id."""
    doc: Doc[Any] = Doc(client_id=client)
    for root in (OUTLINE, SECTIONS):
        doc[root] = Map()
    return doc


def text_of(doc: "Doc[Any]", section: str) -> Text:
    """Give a section's text in a draft; ``KeyError`` where there is none of that id."""
    text = doc[SECTIONS][section]
    if not isinstance(text, Text):
        raise KeyError(section)
    return text


def _fresh(vector: bytes) -> int:
    """Give a client id that nobody has written under. Browsers' ids have 32 bits, and so has this."""
    known = read_vector(vector)
    while (client := secrets.randbits(32)) in known:
        pass
    return client


def _make(doc: "Doc[Any]", change: DraftChange) -> None:
    if isinstance(change, DraftedLine):
        _add(doc, change)
    elif isinstance(change, SetOutline):
        _set(doc, change)
    else:
        _reword(text_of(doc, change.section), change.text)


def _add(doc: "Doc[Any]", new: DraftedLine) -> None:
    if not is_section(new.section) or new.section in doc[SECTIONS]:
        raise ValueError(new.section)
    values = {RANK: new.rank, LEVEL: new.level, KIND: str(new.kind), REMOVED: new.removed}
    _fitting(values)
    doc[OUTLINE][new.section] = Map(values)
    doc[SECTIONS][new.section] = Text(new.text)


def _set(doc: "Doc[Any]", change: SetOutline) -> None:
    entry: Map[Any] = doc[OUTLINE][change.section]
    asked = (change.rank, change.level, change.kind and str(change.kind), change.removed)
    values = {field: value for field, value in zip(FIELDS, asked, strict=True) if value is not None}
    _fitting(values)
    for field, value in values.items():
        if entry.get(field) != value:
            entry[field] = value


def _fitting(values: dict[str, Any]) -> None:
    for field, value in values.items():
        if not fits(field, value):
            raise ValueError((field, value))


def _reword(text: Text, wanted: str) -> None:
    raw = str(text)
    if read(raw) == read(wanted):
        return
    for start, end, new in reversed(leftmost(raw, wanted)):
        first, last = bytes_before(raw, start), bytes_before(raw, end)
        if first < last:
            del text[first:last]
        if new:
            text.insert(first, new)
