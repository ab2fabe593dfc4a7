"""The gate: every update is judged here before anything is applied; what is let through waits to be written.

The gate's replica is ahead of what is shown by exactly what waits. Nothing is taken back from a replica: after a part
was refused the gate is built anew, from what is shown.
"""

from collections.abc import Iterable

from drafting.config import Limits
from drafting.crdt.index import Index, Reading
from drafting.crdt.replica import Replica
from drafting.live.ledger import Part, hand_taken, refused
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.queries.working import Hand


class MissingError(Exception):
    """An update hangs on what is not here: before it something was lost, or has not come yet."""


class Gate:
    """A replica with everything that was let through. ``full``: the draft has grown too large to take anything.

    ``bound`` tells whose the client ids are of which content is written; those of what waits are only claimed.
    """

    def __init__(self, state: bytes, bound: dict[int, str], limits: Limits, *, full: bool = False) -> None:
        self.full = full
        self._bound = bound
        self._limits = limits
        self._claimed: dict[int, str] = {}
        self._replica = Replica.of(state)
        self._index = Index.of(state, longest=limits.section_text, largest=limits.frame_bytes)

    def anew(self, state: bytes, written: Iterable[bytes] = ()) -> "Gate":
        """Give a gate of the draft in this state, with what is being written and with nothing that waits."""
        gate = Gate(state, self._bound, self._limits, full=self.full)
        for content in written:
            gate.take(content)
        return gate

    def admit(self, hand: Hand, content: bytes) -> Part | None:
        """Judge an update; let it through and give it, or ``None`` for one that says nothing new.

        Refuses what may not be; raises ``MissingError`` for what cannot be judged yet. Then nothing has changed;
        whatever else is raised, the gate is to be built anew.
        """
        reading = self._index.read(content)
        if reading.nothing_new:
            return None
        if refusal := refused(hand, reading.sections) or self._forged(hand, reading):
            raise refusal
        if reading.missing:
            raise MissingError
        if self.full:
            raise Refusal(ProblemCode.DRAFT_FULL, "This working draft has grown too large to be edited.")
        self._apply(content, reading)
        new = reading.hands - self._bound.keys()
        self._claimed.update(dict.fromkeys(new, hand.person.id))
        return Part(hand, content, reading.hands, new, reading.sections)

    def take(self, content: bytes) -> bool:
        """Take up what stands in the log, whoever wrote it; tells whether it could be: if not, build the gate anew."""
        try:
            reading = self._index.read(content)
            if not reading.nothing_new:
                self._apply(content, reading)
        except Refusal:
            # Two nodes may each have let through what together is too much.
            return False
        return not reading.missing

    def written(self, parts: Iterable[Part]) -> None:
        """Note that these parts stand in the log: their client ids are bound for good."""
        for part in parts:
            for client in part.clients & self._claimed.keys():
                self._bound[client] = self._claimed.pop(client)

    def _forged(self, hand: Hand, reading: Reading) -> Refusal | None:
        for client in reading.hands:
            owner = self._bound.get(client, self._claimed.get(client, hand.person.id))
            if owner != hand.person.id:
                return hand_taken(client)
        return None

    def _apply(self, content: bytes, reading: Reading) -> None:
        self._replica.apply(content)
        self._index.take(reading)
