"""Writers of :mod:`bench.live`, and the draft that they type in.

A writer stays in one section: a word of six letters, one Yjs update a letter, then it goes to another place of the
section's first text. So six updates in a row make one item, as they do when a person types.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, NamedTuple

from pycrdt import Doc, Map, Text

from bench.live_load import Stroke
from bench.live_words import Dialect, framed, insertion, structs
from bench.texts import text

_LETTERS = "etaoinshrdlu"
_WORD = 6
_PROBE = 0xBEAC4


class Run(NamedTuple):
    """A run of text that nobody has typed in yet: the client that put it, its first clock, and how many there are."""

    client: int
    clock: int
    length: int


@dataclass(slots=True)
class Hand:
    """A writer: a Yjs client that types in one place."""

    client: int
    place: Run
    clock: int = 0
    _left: int = 0
    _between: tuple[tuple[int, int], tuple[int, int]] = ((0, 0), (0, 0))

    def type(self, letters: int = 1) -> bytes:
        """Give the update that puts the next letters."""
        if not self._left:
            at = self.place.clock + _scattered(self.client, self.clock) % (self.place.length - 1)
            self._between = ((self.place.client, at), (self.place.client, at + 1))
            self._left = _WORD
        said = (_LETTERS * (letters // len(_LETTERS) + 1))[:letters] if letters > 1 else _LETTERS[self.clock % 12]
        update = insertion(self.client, self.clock, *self._between, said)
        self.clock += letters
        self._left -= 1
        self._between = ((self.client, self.clock - 1), self._between[1])
        return update


def hands(places: Sequence[Run], many: int, number: int) -> list[Hand]:
    """Give so many writers, in places in turn. Those of different numbers are different clients."""
    return [Hand(_scattered(number, turn), places[turn % len(places)]) for turn in range(many)]


def strokes(writers: Sequence[Hand], speech: Dialect, rate: float, seconds: float, letters: int = 1) -> list[Stroke]:
    """Let writers type in turn, so many updates a second in all."""
    return list(_strokes(writers, speech, rate, int(rate * seconds), letters))


def _strokes(writers: Sequence[Hand], speech: Dialect, rate: float, many: int, letters: int) -> Iterator[Stroke]:
    for number in range(many):
        writer = number % len(writers)
        clock = writers[writer].clock
        yield Stroke(number / rate, writer, framed(speech.update(writers[writer].type(letters))), clock)


def draft(sections: int) -> bytes:
    """Make a draft of the shape that a working draft has; gives its one update."""
    document: Doc[Any] = Doc()
    outline = document.get("outline", type=Map)
    texts = document.get("sections", type=Map)
    with document.transaction():
        for number, line in enumerate(text(sections)):
            name = f"se_{number:026d}"
            outline[name] = Map({"rank": f"{number:04d}1", "level": line.level, "kind": line.kind, "removed": False})
            texts[name] = Text(line.text)
    return document.get_update()


def runs(state: bytes, many: int) -> list[Run]:
    """Give the texts of up to so many sections of a draft in which nobody has typed."""
    document: Doc[Any] = Doc(client_id=_PROBE)
    document.apply_update(state)
    texts = document.get("sections", type=Map)
    long = [name for name in sorted(texts) if len(str(texts[name])) > _WORD]
    return [_run(document, texts[name]) for name in long[:many]]


def letters(parts: Sequence[bytes]) -> int:
    """Give how many letters a draft has that came in these parts, in all sections."""
    document: Doc[Any] = Doc()
    for part in parts:
        document.apply_update(part)
    return sum(len(str(section)) for section in document.get("sections", type=Map).values())


def _run(document: Doc[Any], section: Text) -> Run:
    """Find the ids of a text by typing after its first letter: what it hangs on says it."""
    length = len(str(section).encode("utf-16-le")) // 2
    before = document.get_state()
    section.insert(1, "x")
    (put,) = structs(document.get_update(before))
    if put.origin is None:
        raise ValueError("nothing is before the second letter")
    return Run(*put.origin, length)


def _scattered(*numbers: int) -> int:
    """Give 32 bits that look like chance, and are the same each time."""
    return int.from_bytes(blake2b(repr(numbers).encode(), digest_size=4).digest())
