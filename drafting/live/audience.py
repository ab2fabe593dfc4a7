"""All who are at a draft, and what they are shown: nothing that is not on disk.

What is new is written as one frame for everyone, and offered to each line in a plain loop. Whoever cannot take it now
is told the difference later.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence

from drafting.crdt.lib0 import Malformed
from drafting.crdt.replica import Replica, merge
from drafting.live import wire
from drafting.live.awareness import Roll
from drafting.live.lines import Line
from drafting.protocol.problems import ProblemCode, Refusal

ROLL_SECONDS = 0.1
"""What clients say of themselves is told at most so often, together."""
_MOST_ANSWERS = 16
_HEARTBEAT = wire.awareness(())


class Audience:
    """The lines of a room, and the replica that they are shown. ``vector`` is its state vector."""

    def __init__(self, shown: Replica) -> None:
        self._shown = shown
        self.vector = shown.vector()
        self.lines: dict[Line, None] = {}
        self._current: dict[Line, Callable[[wire.Frame], bool]] = {}
        self._answers: dict[tuple[bytes, bool], wire.Frame] = {}
        self._roll = Roll()
        self._telling = False

    def state(self) -> bytes:
        """Give all that is shown as one update."""
        return self._shown.state()

    def enter(self, line: Line) -> None:
        """Let a line in: it is asked for what it has, and told what there is as soon as it asks."""
        self.lines[line] = None
        line.pipe.on_drained(lambda: self._drained(line))
        self.ask(line)

    def leave(self, line: Line) -> None:
        """Let a line go."""
        self.lines.pop(line, None)
        self._current.pop(line, None)
        self._roll.leave(line.number)
        self._tell_soon()

    def ask(self, line: Line) -> None:
        """Ask a line for what is not shown."""
        line.pipe.offer(wire.step1(self.vector))

    def show(self, contents: Sequence[bytes]) -> None:
        """Show what has just been written, in its order, to everyone."""
        if not contents:
            return
        before = self.vector
        for content in contents:
            self._shown.apply(content)
        self.vector = self._shown.vector()
        self._answers.clear()
        frame = wire.update(merge(contents))
        for line in [line for line, offer in self._current.items() if not offer(frame)]:
            del self._current[line]
            line.since = before

    def acknowledge(self, lines: Iterable[Line]) -> None:
        """Tell those of the lines that ask for it up to where everything is on disk."""
        frame = wire.durable(self.vector)
        for line in lines:
            if line.acks:
                line.owes_ack = not line.pipe.offer(frame)

    def sync(self, line: Line, vector: bytes) -> int:
        """Answer whoever stands at the vector, now or when they take something again; gives how many bytes it takes."""
        self._current.pop(line, None)
        line.since, line.answers = vector, True
        try:
            return self._catch_up(line)
        except Malformed as failure:
            line.since = None
            raise Refusal(ProblemCode.MALFORMED, f"This is no state vector: {failure}.") from None

    def hear(self, line: Line, states: Iterable[wire.State]) -> None:
        """Take in what clients say of themselves, and tell the others soon."""
        if told := self._roll.hear(line.speaker, states):
            line.pipe.offer(wire.awareness(told))
        self._tell_soon()

    def call_roll(self, line: Line) -> int:
        """Tell a line who is here; gives how many bytes that takes."""
        frame = wire.awareness(self._roll.told(named=line.named))
        line.owes_roll = not line.pipe.offer(frame)
        return len(frame.message)

    def beat(self) -> None:
        """Let every line hear something: stock clients hang up after half a minute's silence."""
        for line in self.lines:
            line.pipe.offer(_HEARTBEAT)

    def _drained(self, line: Line) -> None:
        line.stuck = None
        if line.since is not None:
            self._catch_up(line)
        elif line.owes_roll and line.synced:
            self.call_roll(line)
        if line.owes_ack:
            self.acknowledge([line])

    def _catch_up(self, line: Line) -> int:
        """Tell a line the difference between what it has and what is shown, if it takes it."""
        frame = self._answer(line.since or b"", answers=line.answers)
        if line in self.lines and line.pipe.offer(frame):
            line.since, line.answers, line.synced = None, False, True
            self._current[line] = line.pipe.offer
            if line.owes_roll:
                self.call_roll(line)
        return len(frame.message)

    def _answer(self, since: bytes, *, answers: bool) -> wire.Frame:
        # Many come at the same moment with the same: with nothing, or with what all were shown before.
        if (since, answers) not in self._answers:
            if len(self._answers) >= _MOST_ANSWERS:
                self._answers.clear()
            content = self._shown.since(since)
            self._answers[since, answers] = (wire.step2 if answers else wire.update)(content)
        return self._answers[since, answers]

    def _tell_soon(self) -> None:
        if not self._telling:
            self._telling = True
            asyncio.get_running_loop().call_later(ROLL_SECONDS, self._tell_roll)

    def _tell_roll(self) -> None:
        self._telling = False
        if clients := self._roll.news():
            frames = {named: wire.awareness(self._roll.told(clients, named=named)) for named in (True, False)}
            for line, offer in self._current.items():
                line.owes_roll = line.owes_roll or not offer(frames[line.named])
