"""Judging one update against what is known of a draft, before anything is applied."""

from collections.abc import Iterator
from typing import Final

from drafting.crdt.decoding import ANY, DELETED, MAP_TYPE, SKIP, STRING, TEXT_TYPE, TYPE, Id, Ranges, Struct, Update
from drafting.crdt.known import ENTRY, TEXT, WORDS, Intervals, Known, Place, Runs, Settings
from drafting.crdt.lib0 import Malformed
from drafting.crdt.shape import FIELDS, OUTLINE, SECTIONS, fits, is_section

_ROOTS: Final = {OUTLINE: (ENTRY, MAP_TYPE), SECTIONS: (TEXT, TEXT_TYPE)}
_UNITS: Final = frozenset((ENTRY, TEXT))
_LEGAL: Final = frozenset((DELETED, STRING, TYPE, ANY, SKIP))
_NO_SETTINGS: Final = Settings()


class Missing(Exception):  # noqa: N818 - an answer, no error
    """The update hangs on what is not known."""


class Judge:
    """Reads one update: first its ``structs``, then its ``deletions``; both raise ``Malformed`` and ``Missing``.

    ``new`` is what the update adds; ``sections`` are those it touches.
    """

    __slots__ = ("_known", "new", "sections")

    def __init__(self, known: Known) -> None:
        self._known = known
        self.new = Known()
        self.sections: set[str] = set()

    def structs(self, structs: list[Struct]) -> None:
        """Read what is new of the structs, each after what it hangs on."""
        if len(structs) == 1:
            # A keystroke: what it hangs on is there, or nowhere.
            struct = structs[0]
            if self._is_new(struct):
                if struct.clock > self._end(struct.client) or self._needed(struct) is not None:
                    raise Missing
                self._add(struct)
            return
        queues: dict[int, list[Struct]] = {}
        for struct in reversed(structs):
            if self._is_new(struct):
                queues.setdefault(struct.client, []).append(struct)
        self._place_all(queues)

    def _is_new(self, struct: Struct) -> bool:
        if struct.ref not in _LEGAL:
            # Refused also where it is known already and would be passed over: others read it before they see that.
            raise Malformed("a draft holds nothing but texts and plain values")
        new = struct.clock + struct.length > self._known.end(struct.client)
        if new and struct.ref == SKIP:
            raise Missing
        return new

    def _place_all(self, queues: dict[int, list[Struct]]) -> None:
        for first, queue in queues.items():
            if queue and queue[-1].clock > self._end(first):
                raise Missing
        for first in queues:
            waiting = {first: None}
            while waiting:
                client = next(reversed(waiting))
                queue = queues[client]
                needed = self._needed(queue[-1]) if queue else None
                if needed is None:
                    if queue:
                        self._add(queue.pop())
                    # One at a time: what waits for it may be what the next one here hangs on.
                    if not queue or len(waiting) > 1:
                        waiting.popitem()
                elif needed in waiting or not queues.get(needed):
                    raise Missing
                else:
                    waiting[needed] = None

    def _needed(self, struct: Struct) -> int | None:
        """Give the client of whom more must be read first; none if all that a struct hangs on is there."""
        for hook in (struct.origin, struct.right_origin, struct.parent):
            if isinstance(hook, tuple):
                client, clock = hook
                if client == struct.client and clock >= struct.clock:
                    raise Malformed("an item hangs on a later one of its own client")
                if clock >= self._end(client):
                    return client
        return None

    def _end(self, client: int) -> int:
        runs = self.new.runs.get(client)
        return runs.end if runs else self._known.end(client)

    def _at(self, unit: Id) -> Place:
        client, clock = unit
        runs = self.new.runs.get(client)
        if runs is None or clock < runs.first:
            runs = self._known.runs[client]
        return runs.at(clock)

    def _add(self, struct: Struct) -> None:
        """Note the new part of a struct."""
        client = struct.client
        start = self._end(client)
        end = struct.clock + struct.length
        place = self._place(struct)
        origin = struct.origin
        if start > struct.clock:
            origin = (client, start - 1)
            if self._at(origin) != place:
                raise Malformed("what is sent again was something else before")
        if place.part == WORDS:
            self._type_in(place, struct, start, end)
        elif place.part in _UNITS:
            self._mint(place, struct)
        else:
            self._set(place, struct, start, end, origin)
        runs = self.new.runs.get(client)
        if runs is None:
            runs = self.new.runs[client] = Runs(start)
        runs.add(place, end)
        self.sections.add(place.section)

    def _place(self, struct: Struct) -> Place:
        """Find where a struct belongs."""
        origin, right = struct.origin, struct.right_origin
        if origin is None and right is None:
            return self._child(struct.parent, struct.key)
        if origin is not None:
            place = self._at(origin)
            if right is not None and self._at(right) != place:
                raise Malformed("an item lies between two texts")
            if self._is_half(origin[0], origin[1] + 1):
                raise Malformed("an item splits a character")
        elif right is not None:
            place = self._at(right)
        if right is not None and self._is_half(*right):
            raise Malformed("an item splits a character")
        if place.part != WORDS and right is not None:
            raise Malformed("a value stands before another")
        return place

    def _child(self, parent: str | Id | None, key: str | None) -> Place:
        if isinstance(parent, tuple):
            holder = self._at(parent)
            if holder.part == TEXT and key is None:
                return Place(holder.section, WORDS)
            if holder.part == ENTRY and key in FIELDS:
                return Place(holder.section, key)
            raise Malformed("an item lies in something that holds no such thing")
        root = _ROOTS.get(parent or "")
        if root is None:
            raise Malformed("a draft has no such root")
        if key is None or not is_section(key):
            raise Malformed("a section's id is out of shape")
        return Place(key, root[0])

    def _is_half(self, client: int, clock: int) -> bool:
        known, new = self._known.halves, self.new.halves
        return clock in known.get(client, ()) or clock in new.get(client, ())

    def _type_in(self, place: Place, struct: Struct, start: int, end: int) -> None:
        if struct.ref == DELETED:
            self.new.gone.setdefault(struct.client, Intervals()).add(start, end)
            return
        if struct.ref != STRING or not isinstance(struct.content, str):
            raise Malformed("a text holds something that is no text")
        if len(struct.content) != struct.length:
            halves = set(_halves(struct.content, struct.clock))
            if start in halves:
                raise Malformed("what is sent again splits a character")
            self.new.halves.setdefault(struct.client, set()).update(half for half in halves if half > start)
        self._longer(place.section, end - start)

    def _longer(self, section: str, by: int) -> None:
        self.new.lengths[section] = self.new.lengths.get(section, 0) + by

    def _mint(self, place: Place, struct: Struct) -> None:
        if self._is_there(place):
            raise Malformed("a section's text or its entry in the outline is replaced")
        if struct.ref != TYPE or struct.content != dict(_ROOTS.values())[place.part]:
            raise Malformed("a section is something else than a text, or its entry than a map")
        self.new.units.add(place)

    def _is_there(self, unit: Place) -> bool:
        return unit in self._known.units or unit in self.new.units

    def _set(self, place: Place, struct: Struct, start: int, end: int, origin: Id | None) -> None:
        holds = struct.ref == ANY
        if holds:
            values = struct.content
            if not isinstance(values, list) or len(values) != 1 or not fits(place.part, values[0]):
                raise Malformed(f"a section's {place.part} is out of shape")
        elif struct.ref != DELETED:
            raise Malformed(f"a section's {place.part} is no plain value")
        self.new.settings[place] = self.settings(place).with_(struct.client, start, end, origin, holds=holds)

    def settings(self, place: Place) -> Settings:
        """Give the settings of a field after the update."""
        return self.new.settings.get(place) or self._known.settings.get(place, _NO_SETTINGS)

    def deletions(self, deleted: dict[int, Ranges]) -> None:
        """Read what is newly deleted."""
        for client, ranges in deleted.items():
            for clock, length in ranges:
                if clock + length > self._end(client):
                    raise Missing
                for place, start, end in self._pieces(client, clock, clock + length):
                    self._delete(place, client, start, end)

    def _pieces(self, client: int, start: int, end: int) -> Iterator[tuple[Place, int, int]]:
        runs = self.new.runs.get(client)
        middle = min(end, runs.first) if runs else end
        if start < middle:
            yield from self._known.runs[client].pieces(start, middle)
        if runs and max(start, middle) < end:
            yield from runs.pieces(max(start, middle), end)

    def _delete(self, place: Place, client: int, start: int, end: int) -> None:
        if place.part in _UNITS:
            raise Malformed("a section's text or its entry in the outline is deleted")
        if place.part != WORDS:
            if self.settings(place).counts(client, start, end):
                raise Malformed(f"a section's {place.part} is deleted")
            return
        known = self._known.gone.get(client)
        for first, last in known.lacking(start, end) if known else ((start, end),):
            new = self.new.gone.setdefault(client, Intervals())
            for low, high in [*new.lacking(first, last)]:
                if self._is_half(client, low) or self._is_half(client, high):
                    raise Malformed("a deletion splits a character")
                new.add(low, high)
                self._longer(place.section, low - high)
                self.sections.add(place.section)

    def minted(self) -> frozenset[str]:
        """Give the new sections; ``Malformed`` where one did not come whole, or a field lost its value."""
        for place, settings in self.new.settings.items():
            if not settings.holds:
                raise Malformed(f"a section's {place.part} is deleted")
        minted = frozenset(place.section for place in self.new.units)
        for section in minted:
            if not all(self._is_there(Place(section, part)) for part in _UNITS):
                raise Malformed("a section comes without its text or its entry in the outline")
            if not all(self.settings(Place(section, field)).holds for field in FIELDS):
                raise Malformed("a section comes without its rank, level, kind or whether it is removed")
        return minted


def judge(known: Known, update: Update) -> Judge:
    """Read an update. Raises ``Malformed`` and ``Missing``."""
    judged = Judge(known)
    judged.structs(update.structs)
    judged.deletions(update.deleted)
    return judged


def _halves(text: str, clock: int) -> Iterator[int]:
    """Give the clocks of the second units of a text's characters, where its first unit has that clock."""
    for character in text:
        if character > "\uffff":
            yield clock + 1
            clock += 1
        clock += 1
