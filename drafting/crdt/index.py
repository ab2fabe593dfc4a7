"""Whose words an update brings and which sections it touches, told before it is applied."""

from typing import Final, NamedTuple

from drafting.crdt.decoding import decode
from drafting.crdt.judging import Missing, judge
from drafting.crdt.known import Known
from drafting.crdt.lib0 import Malformed
from drafting.crdt.shape import MOST_SECTIONS
from drafting.protocol.problems import ProblemCode, Refusal

_NONE: Final[frozenset[str]] = frozenset()
_NOBODY: Final[frozenset[int]] = frozenset()


class Judged(NamedTuple):
    """What ``Index.take`` notes of an update that was read when so many had been taken."""

    new: Known
    taken: int


class Reading(NamedTuple):
    """What an update would do to a draft.

    ``nothing_new``: it changes neither what is known nor what is deleted. ``missing``: it hangs on what is not there,
    or leaves out something its clients wrote before; the rest is then empty. ``hands``: the client ids whose new
    content it brings (none: it only deletes). ``sections``: all whose text or place in the outline it touches.
    ``minted``: those of them that are new.
    """

    nothing_new: bool
    missing: bool
    hands: frozenset[int]
    sections: frozenset[str]
    minted: frozenset[str]
    judged: Judged | None


_LACKS: Final = Reading(False, True, _NOBODY, _NONE, _NONE, None)


class Index:
    """What of a draft must be known to judge an update: who wrote which units, where they belong, what is deleted."""

    __slots__ = ("_known", "_largest", "_longest", "_taken")

    def __init__(self, *, longest: int = 100_000, largest: int = 2_000_000) -> None:
        self._known = Known()
        self._longest = longest
        self._largest = largest
        self._taken = 0

    @classmethod
    def of(cls, state: bytes, *, longest: int = 100_000, largest: int = 2_000_000) -> "Index":
        """Make the index of a draft's state (empty: nothing yet). ``longest`` bounds a section's text, in UTF-16
        units; ``largest`` bounds an update, in bytes. Neither bounds the state itself. Refuses: ``malformed``.
        """
        index = cls(longest=longest, largest=largest)
        if state:
            reading = index._read(state)
            if reading.missing:
                raise Refusal(ProblemCode.MALFORMED, "The state of the draft is not whole.")
            index.take(reading)
        return index

    def read(self, update: bytes) -> Reading:
        """Judge an update; nothing is noted. Refuses: ``too_large``, ``malformed`` (what Yjs never writes, or what
        would break the draft's shape), ``draft_full`` (too many sections, or a text that grows too long).
        """
        if len(update) > self._largest:
            raise Refusal(ProblemCode.TOO_LARGE, f"The update is larger than {self._largest:,} bytes.")
        reading = self._read(update)
        if reading.judged is not None and reading.hands:
            self._measure(reading.judged.new, len(reading.minted))
        return reading

    def take(self, reading: Reading) -> None:
        """Note an update as applied. It must have been read after the last one was taken, and miss nothing:
        ``ValueError``.
        """
        judged = reading.judged
        if judged is None or judged.taken != self._taken:
            raise ValueError("the reading is of another moment, or of an update that misses something")
        self._known.take(judged.new)
        self._taken += 1

    def length(self, section: str) -> int:
        """Give the length of a section's text, in UTF-16 units; 0 where there is none of that id."""
        return self._known.lengths.get(section, 0)

    def _read(self, update: bytes) -> Reading:
        try:
            judged = judge(self._known, decode(update))
            new = judged.new
            minted = judged.minted() if new.settings or new.units else _NONE
        except Malformed as error:
            raise Refusal(ProblemCode.MALFORMED, f"The update is malformed: {error}.") from error
        except Missing:
            return _LACKS
        nothing = not new.runs and not judged.sections
        return Reading(
            nothing, False, frozenset(new.runs), frozenset(judged.sections), minted, Judged(new, self._taken)
        )

    def _measure(self, new: Known, minted: int) -> None:
        if minted and len(self._known.units) // 2 + minted > MOST_SECTIONS:
            raise Refusal(ProblemCode.DRAFT_FULL, f"A draft has at most {MOST_SECTIONS:,} sections.")
        for section, more in new.lengths.items():
            if more > 0 and self.length(section) + more > self._longest:
                raise Refusal(ProblemCode.DRAFT_FULL, f"The text of a section is at most {self._longest:,} long.")
