"""What is known of a draft's CRDT: to which part of the draft each unit ever written belongs, and what is deleted."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Final, NamedTuple

from drafting.crdt.decoding import Id

WORDS: Final = "words"
ENTRY: Final = "entry"
TEXT: Final = "text"


class Place(NamedTuple):
    """A part of a draft that units belong to.

    ``part`` is ``WORDS`` (what is typed in the section's text), one of the four fields (the values it was set to), or
    ``ENTRY`` and ``TEXT``: the one unit that is the section's map in the outline, or its text.
    """

    section: str
    part: str


class Runs:
    """The places of one client's units, from clock ``first`` on: runs of units that belong to one place."""

    __slots__ = ("end", "first", "places", "starts")

    def __init__(self, first: int = 0) -> None:
        self.first = self.end = first
        self.starts: list[int] = []
        self.places: list[Place] = []

    def add(self, place: Place, end: int) -> None:
        """Note that the next units, up to ``end``, belong to a place."""
        if not self.places or self.places[-1] != place:
            self.starts.append(self.end)
            self.places.append(place)
        self.end = end

    def at(self, clock: int) -> Place:
        """Give the place of a unit that is here."""
        return self.places[bisect_right(self.starts, clock) - 1]

    def pieces(self, start: int, end: int) -> Iterator[tuple[Place, int, int]]:
        """Cut a range of units that are here by place."""
        number = bisect_right(self.starts, start) - 1
        while start < end:
            last = number + 1 == len(self.starts)
            until = end if last else min(end, self.starts[number + 1])
            yield self.places[number], start, until
            start = until
            number += 1


class Intervals:
    """A set of clocks, as ranges that neither overlap nor touch."""

    __slots__ = ("ends", "starts")

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []

    def add(self, start: int, end: int) -> None:
        """Add the clocks from ``start`` to before ``end``."""
        first = bisect_left(self.ends, start)
        last = bisect_right(self.starts, end)
        if first < last:
            start = min(start, self.starts[first])
            end = max(end, self.ends[last - 1])
        self.starts[first:last] = [start]
        self.ends[first:last] = [end]

    def lacking(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Give the parts of a range that are not in the set."""
        number = bisect_right(self.ends, start)
        while start < end:
            if number == len(self.starts) or self.starts[number] >= end:
                yield start, end
                return
            if start < self.starts[number]:
                yield start, self.starts[number]
            start = self.ends[number]
            number += 1

    def __contains__(self, clock: int) -> bool:
        number = bisect_right(self.starts, clock) - 1
        return number >= 0 and clock < self.ends[number]


class Settings(NamedTuple):
    """What a field was set to, as far as it decides what it is set to now.

    Setting a field hangs the new value on the one it replaces. Of several hung on the same one the highest client's
    stands last, and the last value of all counts; every other one is deleted as soon as both are known, whoever says
    so or not. ``path`` leads there: runs of units (client, first, end), each unit hung on the one before it.
    ``holds``: what counts is a value, not one that was deleted.
    """

    path: tuple[tuple[int, int, int], ...] = ()
    holds: bool = False

    def counts(self, client: int, start: int, end: int) -> bool:
        """Whether the unit that counts is in a range."""
        return bool(self.path) and self.path[-1][0] == client and start < self.path[-1][2] <= end

    def with_(self, client: int, start: int, end: int, origin: Id | None, *, holds: bool) -> "Settings":
        """Give the settings after a client has set the field, ``end - start`` times in a row, from ``origin`` on."""
        path = self.path
        number = -1
        if origin is not None:
            writer, clock = origin
            number = len(path) - 1
            while number >= 0 and not (path[number][0] == writer and path[number][1] <= clock < path[number][2]):
                number -= 1
            if number < 0:
                return self
            run = path[number]
            if clock + 1 < run[2]:
                if client <= writer:
                    return self
                return Settings((*path[:number], (writer, run[1], clock + 1), (client, start, end)), holds)
        if number + 1 < len(path) and client <= path[number + 1][0]:
            return self
        last = path[number] if number >= 0 else None
        if last and last[0] == client and last[2] == start:
            return Settings((*path[:number], (client, last[1], end)), holds)
        return Settings((*path[: number + 1], (client, start, end)), holds)


class Known:
    """All that is known of one draft, or all that one update adds to it."""

    __slots__ = ("gone", "halves", "lengths", "runs", "settings", "units")

    def __init__(self) -> None:
        self.runs: dict[int, Runs] = {}
        self.gone: dict[int, Intervals] = {}
        """What was deleted of the words. Containers are never deleted; of a field's values all but one are."""
        self.halves: dict[int, set[int]] = {}
        """The second units of characters that take two, where they are not deleted."""
        self.lengths: dict[str, int] = {}
        """The UTF-16 units that each section's text has; of an update: by how many it changes."""
        self.settings: dict[Place, Settings] = {}
        self.units: set[Place] = set()
        """The entries and texts there are."""

    def end(self, client: int) -> int:
        """How many units a client has written."""
        runs = self.runs.get(client)
        return runs.end if runs else 0

    def at(self, unit: Id) -> Place | None:
        """Give the place of a unit; none where it was never written."""
        runs = self.runs.get(unit[0])
        return runs.at(unit[1]) if runs and unit[1] < runs.end else None

    def take(self, new: "Known") -> None:
        """Add what an update adds."""
        for client, runs in new.runs.items():
            mine = self.runs.get(client)
            if mine is None:
                self.runs[client] = runs
                continue
            for number, place in enumerate(runs.places):
                mine.add(place, runs.starts[number + 1] if number + 1 < len(runs.starts) else runs.end)
        for client, halves in new.halves.items():
            self.halves.setdefault(client, set()).update(halves)
        for client, gone in new.gone.items():
            self._forget(client, gone)
        for section, more in new.lengths.items():
            self.lengths[section] = self.lengths.get(section, 0) + more
        self.settings.update(new.settings)
        self.units |= new.units

    def _forget(self, client: int, gone: Intervals) -> None:
        mine = self.gone.setdefault(client, Intervals())
        halves = self.halves.get(client)
        for start, end in zip(gone.starts, gone.ends, strict=True):
            mine.add(start, end)
            if halves:
                # Whichever is fewer: a range may be as long as it likes.
                few = end - start < len(halves)
                halves.difference_update(range(start, end) if few else [half for half in halves if start <= half < end])
