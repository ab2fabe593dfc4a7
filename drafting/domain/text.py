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


class MovedText(NamedTuple):
    """A passage that left one section and stands in another: "Moved from 9(2), redrafted".

    It stood at ``[origin_start:origin_end]`` of the old text of ``origin`` and stands at ``[start:end]`` of the new
    text of ``section`` (code points). ``spans`` is the difference between the two wordings.
    """

    origin: str
    origin_start: int
    origin_end: int
    section: str
    start: int
    end: int
    spans: Spans

    @property
    def redrafted(self) -> bool:
        """Whether the passage reads differently in its new place."""
        return any(span.op is not Op.KEEP for span in self.spans)


@dataclass(frozen=True, slots=True)
class SectionChange:
    """One section between an old and a new version; one of ``old`` and ``new`` may be missing, never both.

    ``spans`` is the difference of the two texts (a section that is only in one, or is deleted in one, counts as
    empty there). ``moved``: the section stands elsewhere among those that both versions have. ``renumbered``: only
    its label differs, which is no change. A section with none of added, removed, moved or edited is unchanged.

    Where words went from section to section: ``arrivals`` are the passages that came to stand here, ``departures``
    those that left. ``origin``: the section is new, but says what that removed one said (which has this one as its
    ``destination``). ``merged_from``: removed sections whose words are here now (which have this one as
    ``merged_into``). ``split_into``: added sections that say what stood here (which have this one as ``split_from``).
    ``regrouped``: it stands under another heading than it did, counting a heading and its ``destination`` as one.
    """

    section: str
    old: Line | None
    new: Line | None
    spans: Spans
    moved: bool
    regrouped: bool = False
    origin: str | None = None
    destination: str | None = None
    merged_from: tuple[str, ...] = ()
    merged_into: str | None = None
    split_from: str | None = None
    split_into: tuple[str, ...] = ()
    arrivals: tuple[MovedText, ...] = ()
    departures: tuple[MovedText, ...] = ()

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
        both = not self._absent(self.old) and not self._absent(self.new)
        # No two neighbours share an op: of two spans one is no kept one.
        return both and (len(self.spans) > 1 or any(span.op is not Op.KEEP for span in self.spans))

    @property
    def renumbered(self) -> bool:
        """Both have it, under different labels."""
        return self.old is not None and self.new is not None and self.old.label != self.new.label

    @property
    def kind_changed(self) -> bool:
        """Both have it, and it is something else on paper: a heading, a recital."""
        return self.old is not None and self.new is not None and self.old.kind is not self.new.kind

    @property
    def level_changed(self) -> bool:
        """Both have it, higher or lower in the outline."""
        return self.old is not None and self.new is not None and self.old.level != self.new.level

    @staticmethod
    def _absent(line: Line | None) -> bool:
        return line is None or line.deleted
