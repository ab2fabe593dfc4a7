"""What is told to many: written once for all who get it in the same words, which under unnamed circulation are few."""

from collections.abc import Callable
from dataclasses import dataclass, field

from drafting.protocol.frames import Presence
from drafting.queries.documents import Logged
from drafting.queries.people import Reader
from drafting.queries.unnamed import event_shown, shown

_EVERYBODY = frozenset({"*"})


@dataclass(frozen=True, slots=True)
class Entry:
    """An event with its JSON."""

    logged: Logged
    json: str
    _variants: "dict[frozenset[str], Entry]" = field(default_factory=dict, compare=False, repr=False)

    @staticmethod
    def of(event: Logged) -> "Entry":
        """Write an event, with every name in it."""
        return Entry(event, event.view.model_dump_json())

    def told(self, who: Reader, alias: Callable[[str], str]) -> "Entry":
        """Give it as the reader may see it; ``alias`` is for the names of streams."""
        if who.named:
            return self
        # Most events speak of no own delegation: these are the same for all.
        own = frozenset(code for code in who.own if code in self.json)
        if own not in self._variants:
            view = event_shown(self.logged.view, who, alias)
            self._variants[own] = Entry.of(Logged(self.logged.stream, self.logged.place, view))
        return self._variants[own]


@dataclass(frozen=True, slots=True)
class Roll:
    """Who has a document open."""

    presence: Presence | None = None
    _variants: dict[frozenset[str], str] = field(default_factory=dict, compare=False, repr=False)

    def told(self, who: Reader) -> str:
        """Give the frame to send to a reader; nothing before there is one."""
        if self.presence is None:
            return ""
        own = _EVERYBODY if who.named else who.own
        if own not in self._variants:
            told = shown(self.presence, who)
            # Where they stand must not tell who they are.
            present = sorted(told.present, key=lambda one: (one.handle, one.section or "", one.capacities))
            self._variants[own] = told.model_copy(update={"present": present}).model_dump_json()
        return self._variants[own]
