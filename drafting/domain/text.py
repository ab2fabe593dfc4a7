"""The shapes that every function of the text engine takes and gives: lines of a manifest, spans, section changes."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from drafting.protocol.words import SectionKind


@dataclass(frozen=True, slots=True)
class Line:
    """One section as it stands in a version: its id for life, and what is printed.

    ``text`` is NFC and one string without line breaks; it is empty when the section is ``deleted`` (its label stays
    and prints "[deleted]"). ``level`` counts from 0; a line belongs to the nearest earlier line of a lower level.
    """

    section: str
    kind: SectionKind
    level: int
    label: str
    text: str
    deleted: bool = False


Manifest = tuple[Line, ...]
"""A whole text in reading order. Section ids are unique in it."""


class Op(StrEnum):
    """What becomes of a span of text between an old and a new wording."""

    KEEP = "keep"
    DELETE = "delete"
    INSERT = "insert"


class Span(NamedTuple):
    """A run of text and what became of it."""

    op: Op
    text: str


Spans = tuple[Span, ...]
"""A difference: kept and deleted spans joined are the old text, kept and inserted ones the new. No span is empty, no
two neighbours share an op, and a deletion stands before the insertion that replaces it."""


@dataclass(frozen=True, slots=True)
class SectionChange:
    """One section between an old and a new version; one of ``old`` and ``new`` may be missing, never both.

    ``spans`` is the difference of the two texts (a section that is only in one, or is deleted in one, counts as
    empty there). ``moved``: the section stands elsewhere among those that both versions have. ``renumbered``: only
    its label differs, which is no change. A section with none of added, removed, moved or edited is unchanged.
    """

    section: str
    old: Line | None
    new: Line | None
    spans: Spans
    moved: bool

    @property
    def added(self) -> bool:
        """Only the new version has it (or it was deleted and has come back)."""
        return self._absent(self.old) and not self._absent(self.new)

    @property
    def removed(self) -> bool:
        """Only the old version has it, or the new one prints "[deleted]"."""
        return self._absent(self.new) and not self._absent(self.old)

    @property
    def edited(self) -> bool:
        """Both have it, and the words differ."""
        return (
            not self._absent(self.old) and not self._absent(self.new) and any(s.op is not Op.KEEP for s in self.spans)
        )

    @property
    def renumbered(self) -> bool:
        """Both have it, under different labels."""
        return self.old is not None and self.new is not None and self.old.label != self.new.label

    @staticmethod
    def _absent(line: Line | None) -> bool:
        return line is None or line.deleted
