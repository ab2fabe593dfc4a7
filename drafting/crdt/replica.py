"""A working draft as it reads after the updates that were applied to it."""

from collections.abc import Iterable, Sequence
from typing import Any

from pycrdt import merge_updates

from drafting.crdt.anchors import Anchors
from drafting.crdt.decoding import decode
from drafting.crdt.shape import FIELDS, OUTLINE, SECTIONS, fits
from drafting.crdt.texts import read
from drafting.crdt.vectors import read_vector
from drafting.crdt.writing import NOTHING, draft, seed, text_of, written
from drafting.domain.carry_over import DraftChange, SetOutline, SetText
from drafting.domain.drafted import DraftedLine
from drafting.protocol.words import SectionKind

__all__ = ["DraftChange", "DraftedLine", "Replica", "SetOutline", "SetText", "hands", "merge", "seed"]


class Replica:
    """A draft as some updates make it read. To be used by one thread at a time."""

    __slots__ = ("_anchors", "_doc")

    def __init__(self) -> None:
        self._doc = draft()
        self._anchors: Anchors | None = None

    @classmethod
    def of(cls, state: bytes, updates: Iterable[bytes] = ()) -> "Replica":
        """Make the replica that a state (empty: none yet) and the updates after it amount to."""
        replica = cls()
        with replica._doc.transaction():
            for update in (state, *updates) if state else updates:
                replica._doc.apply_update(update)
        return replica

    def apply(self, update: bytes) -> None:
        """Take up an update that ``Index.read`` has judged: what it refuses may do harm here."""
        self._doc.apply_update(update)
        self._anchors = None

    def state(self) -> bytes:
        """Give all of it as one update."""
        return self._doc.get_update()

    def vector(self) -> bytes:
        """Give the state vector, encoded."""
        return self._doc.get_state()

    def since(self, vector: bytes) -> bytes:
        """Give what one who knows ``vector`` lacks, as one update. ``Malformed`` where it is no state vector."""
        read_vector(vector)
        return self._doc.get_update(vector)

    def lines(self) -> tuple[DraftedLine, ...]:
        """Read the whole draft, in order: by rank, and those of one rank by id."""
        texts: dict[str, Any] = self._doc[SECTIONS].to_py() or {}
        entries: dict[str, Any] = self._doc[OUTLINE].to_py() or {}
        lines = [_line(section, entries[section], text) for section, text in texts.items() if section in entries]
        return tuple(sorted(filter(None, lines), key=lambda line: (line.rank, line.section)))

    def text(self, section: str) -> str:
        """Read one section; ``KeyError`` where there is none of that id."""
        return read(str(text_of(self._doc, section)))

    def write(self, changes: Sequence[DraftChange]) -> bytes:
        """Give the update that makes the changes, as ordinary edits under a client id that is new (see ``hands``).

        A text is changed word by word where it differs, so that what others type elsewhere in it stays. What reads so
        already is not touched. The replica itself is unchanged until the update is applied. ``KeyError`` where a
        section to change is not there, ``ValueError`` where one to add is, or a value is out of shape.
        """
        return written(self.state(), self.vector(), changes)

    def anchor(self, section: str, start: int, end: int) -> tuple[str, str]:
        """Pin ``text(section)[start:end]`` (code points): two of Yjs' relative positions, encoded, in base64.

        The first sticks to the character at ``start``, the second to the one before ``end`` (of an empty range, both to
        the one at ``start``). ``KeyError`` where there is no such section, ``ValueError`` where the range does not lie
        in its text.
        """
        return self._places().anchor(section, start, end)

    def place(self, anchor: tuple[str, str]) -> tuple[str, int, int] | None:
        """Find where a pinned range lies now: section, start and end in its text (code points), empty where all of it
        was deleted; ``None`` where the anchor is none, or belongs to no text of this draft.
        """
        return self._places().place(anchor)

    def _places(self) -> Anchors:
        """Give what finds places; it is kept until something is applied, since making it reads the whole draft."""
        if self._anchors is None:
            self._anchors = Anchors(self.state())
        return self._anchors


def merge(updates: Sequence[bytes]) -> bytes:
    """Give one update that says what all of them say."""
    if len(updates) == 1:
        return updates[0]
    return merge_updates(*updates) if updates else NOTHING


def hands(update: bytes) -> frozenset[int]:
    """Tell under which client ids an update brings content. ``Malformed`` where it is no update."""
    return frozenset(struct.client for struct in decode(update).structs)


def _line(section: str, entry: Any, text: Any) -> DraftedLine | None:
    """Give the line of a section; none where its entry or its text is not whole."""
    whole = isinstance(entry, dict) and isinstance(text, str) and all(fits(key, entry.get(key)) for key in FIELDS)
    if not whole:
        return None
    kind = SectionKind(entry["kind"])
    return DraftedLine(section, kind, int(entry["level"]), entry["rank"], read(text), entry["removed"])
