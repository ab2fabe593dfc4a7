"""A working draft that is open: many hands on one text, nothing shown before it is on disk.

What is typed is judged at the gate and waits. One task writes what waits, in one commit; after the commit it is shown
to everyone as one update, and only then acknowledged. If a commit fails nobody has seen anything of it: the room ends,
and whoever comes again finds what is on disk.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

from drafting.config import Limits
from drafting.crdt.replica import Replica
from drafting.live import ledger, wire
from drafting.live.audience import Audience
from drafting.live.gate import Gate, MissingError
from drafting.live.ledger import News, OvertakenError, Part, RefusedPartsError, Row, Seat, Written
from drafting.live.lines import AGAIN, RESTART, UNKNOWN, Line
from drafting.protocol.problems import ProblemCode, Refusal
from storage.database import ConnectionLostError, Database, DiskFull

HEARTBEAT_SECONDS = 12.0
ANSWER_SECONDS = 10.0
"""How long a client may take to send what its update hung on."""
PACE_SECONDS = 40e-6
"""How long after a batch the next one begins at the soonest, for each line: the more are told, the more is told at
once. It is some four times what telling them takes.
"""
MOST_AT_ONCE = 1_000
MANY_ROWS, VERY_MANY_ROWS = 500, 5_000
"""After how many rows the log is put together: once they are half as long as the state, and in any case."""

_log = logging.getLogger(__name__)


class Typed(NamedTuple):
    """A part that waits to be written, and at which line it was typed."""

    line: Line
    part: Part


class Kept(NamedTuple):
    """A draft as it was loaded: up to which row of its log, and how many of those were not put together yet."""

    gate: Gate
    audience: Audience
    number: int
    rows: int


class Room:
    """``number`` is up to where the draft's log was read. ``run`` must be running."""

    def __init__(self, draft: str, kept: Kept, database: Database, limits: Limits) -> None:
        self.draft = draft
        self.audience = kept.audience
        self.number = kept.number
        self.resting = False
        self._gate = kept.gate
        self._rows, self._bytes, self._state_bytes = kept.rows, 0, 0
        self._database = database
        self._limits = limits
        self._pending: list[Typed] = []
        self._stirred = asyncio.Event()
        self._batch: list[Typed] = []
        self._empty_since = asyncio.get_running_loop().time()
        self._beat_at = self._next_at = 0.0

    @staticmethod
    def loaded(database: Database, draft: str, limits: Limits) -> Kept:
        """Load a draft; slow, for a thread of its own. Refuses as unknown one that is not there."""
        stored, bound = ledger.load(database, draft)
        shown = Replica.of(stored.state, stored.updates)
        state = shown.state()
        gate = Gate(state, bound, limits, full=len(state) > limits.draft_bytes)
        return Kept(gate, Audience(shown), stored.last, len(stored.updates))

    async def run(self, ended: Callable[[], None]) -> None:
        """Write what waits until the room rests, or a write fails; calls ``ended``, then lets all lines end."""
        ending = RESTART, "restart"
        try:
            while self._pending or not self.resting:
                await self._stirred.wait()
                self._stirred.clear()
                while self._pending:
                    await asyncio.sleep(self._next_at - asyncio.get_running_loop().time())
                    await self._write()
                await self._compact_if_long()
        except Refusal as refusal:
            ending = UNKNOWN, refusal.code
        except Exception as failure:  # noqa: BLE001 - whatever it is, nobody was shown what is not on disk
            _log.exception("The working draft %s could not be written; its room ends", self.draft)
            ending = AGAIN, _reason(failure)
        ended()
        self.close(*ending)

    def close(self, code: int, reason: str) -> None:
        """End all lines, and rest."""
        self.rest()
        for line in self.audience.lines:
            line.end(code, reason)

    def rest(self) -> None:
        """Take nothing more; ``run`` ends when everything is written."""
        self.resting = True
        self._stirred.set()

    @property
    def long_empty(self) -> float:
        """For how many seconds nobody has been here, and nothing waits; 0 where that is not so."""
        if self.audience.lines or self._pending:
            return 0.0
        return asyncio.get_running_loop().time() - self._empty_since

    @property
    def scopes(self) -> set[str]:
        """What rings for this room: its draft, and the logs in which the rights of those who are here may change."""
        one = next(iter(self.audience.lines), None)
        return {self.draft, one.hand.document, one.hand.process} if one else {self.draft}

    def has(self, number: int) -> bool:
        """Tell whether a row of the log was read, or will be with what is being written."""
        return number <= self.number + bool(self._batch)

    def enter(self, line: Line) -> None:
        """Let a line in."""
        self.audience.enter(line)

    def leave(self, line: Line) -> None:
        """Let a line go. What it typed is written all the same."""
        self.audience.leave(line)
        self._empty_since = asyncio.get_running_loop().time()

    def seats(self) -> dict[str, Seat]:
        """Give everybody who is here; somebody who came before others of theirs was looked at longest ago."""
        return {line.hand.person.id: line.seat for line in reversed(self.audience.lines)}

    def said(self, line: Line, message: wire.Message) -> int:
        """Act on a message, and give how many bytes it took to answer; refuses what may not be."""
        match message:
            case wire.Update(content):
                self._typed(line, content, answered=False)
            case wire.Step2(content):
                self._typed(line, content, answered=True)
            case wire.Step1(vector):
                return self.audience.sync(line, vector)
            case wire.Awareness(states):
                self.audience.hear(line, states)
            case wire.QueryAwareness():
                return self.audience.call_roll(line)
        return 0

    def look(self, news: News) -> None:
        """Take up what other writers wrote, and what has become of those who are here."""
        self._absorb(news.rows)
        for line in list(self.audience.lines):
            person = line.hand.person.id
            if person in news.seats:
                if seat := news.seats[person]:
                    self._seat(line, seat)
                else:
                    line.refuse(Refusal(ProblemCode.NOT_PERMITTED, "You may not read this working draft any more."))

    def tick(self) -> None:
        """Let every line hear something in time, and end those that take nothing."""
        now = asyncio.get_running_loop().time()
        for line in self.audience.lines:
            line.look(now)
            if line.asked is not None and now > line.asked + ANSWER_SECONDS:
                self.refuse(line, _missing())
        if now >= self._beat_at:
            self._beat_at = now + HEARTBEAT_SECONDS
            self.audience.beat()

    def refuse(self, line: Line, refusal: Refusal) -> None:
        """Refuse a line something, and take nothing more of it. It is told, and ends, when what it typed before is
        written: its client replays what it was not shown, and that would then be there twice.
        """
        line.denied = refusal
        self._dismiss(line)

    def _dismiss(self, *lines: Line) -> None:
        waiting = {typed.line for typed in (*self._batch, *self._pending)}
        for line in lines:
            if line.denied is not None and line not in waiting:
                line.refuse(line.denied)

    def _seat(self, line: Line, seat: Seat) -> None:
        """Note what somebody may now; who typed and may not any more comes again as one who reads."""
        wrote = line.hand.writes
        line.sit(seat)
        if wrote and (why := seat.hand.why_not) and why[0] is ProblemCode.NOT_PERMITTED:
            self.refuse(line, Refusal(*why))

    def _typed(self, line: Line, content: bytes, *, answered: bool) -> None:
        if self.resting:
            return  # it comes again with its client
        try:
            self._admit(line, content)
        except MissingError:
            self._ask(line, content, answered=answered)
            return
        if answered and (hanging := line.hanging):
            line.asked = line.hanging = None
            try:
                self._admit(line, hanging)
            except MissingError:
                raise _missing() from None

    def _admit(self, line: Line, content: bytes) -> None:
        try:
            part = self._gate.admit(line.hand, content)
        except (MissingError, Refusal):
            raise
        except Exception as failure:
            _log.exception("An update was judged well and could not be applied")
            self._rebuild(self._pending)
            raise Refusal(ProblemCode.MALFORMED, "This update cannot be applied.") from failure
        if part is None:
            self.audience.acknowledge([line])
        else:
            self._pending.append(Typed(line, part))
            self._stirred.set()

    def _ask(self, line: Line, content: bytes, *, answered: bool) -> None:
        """Ask once for what an update hangs on. Its answer brings everything; what comes before it is passed over."""
        if line.hanging is None:
            line.asked, line.hanging = asyncio.get_running_loop().time(), content
            self.audience.ask(line)
        elif answered:
            raise _missing()

    async def _write(self) -> None:
        batch, self._pending = self._pending[:MOST_AT_ONCE], self._pending[MOST_AT_ONCE:]
        try:
            written = await self._on_disk(batch)
        except RefusedPartsError as refused:
            for place, refusal in refused.refusals.items():
                batch[place].line.refuse(refusal)
            out = {batch[place].line for place in refused.refusals}
            self._rebuild(typed for typed in [*batch, *self._pending] if typed.line not in out)
        except OvertakenError as overtaken:
            self._pending = [*batch, *self._pending]
            self._absorb(overtaken.rows)
            self._rebuild(self._pending)
        else:
            self._wrote(batch, written)
        finally:
            self._next_at = asyncio.get_running_loop().time() + PACE_SECONDS * len(self.audience.lines)
        self._dismiss(*dict.fromkeys(typed.line for typed in batch))

    async def _on_disk(self, batch: list[Typed]) -> Written:
        work = partial(ledger.write, draft=self.draft, parts=[typed.part for typed in batch], known=self.number)
        self._batch = batch
        try:
            return await asyncio.wrap_future(self._database.write(work))
        finally:
            self._batch = []

    def _wrote(self, batch: Sequence[Typed], written: Written) -> None:
        self._gate.written(typed.part for typed in batch)
        self._absorb(written.others, written.ours)
        self.audience.acknowledge(dict.fromkeys(typed.line for typed in batch))

    def _absorb(self, rows: Sequence[Row], *ours: Row) -> None:
        """Show what is in the log and was not shown, others' before ours, and let the gate know of others'."""
        others = [row for row in rows if row.number > self.number]
        new = [row for row in (*rows, *ours) if row.number > self.number]
        if not new:
            return
        self.number = new[-1].number
        self._rows += len(new)
        self._bytes += sum(len(row.content) for row in new)
        self.audience.show([row.content for row in new])
        if not all(self._gate.take(row.content) for row in others):
            self._rebuild(self._pending)

    def _rebuild(self, waiting: Iterable[Typed]) -> None:
        """Build the gate anew from what is shown and what is being written; judge again what waits, in its order."""
        waiting, self._pending = list(waiting), []
        self._gate = self._gate.anew(self.audience.state(), [typed.part.content for typed in self._batch])
        for line, part in waiting:
            if not line.ended.done() and line.denied is None:
                try:
                    self._typed(line, part.content, answered=False)
                except Refusal as refusal:
                    self.refuse(line, refusal)
        self._dismiss(*dict.fromkeys(typed.line for typed in waiting))

    async def _compact_if_long(self) -> None:
        enough = self._rows >= MANY_ROWS and self._bytes * 2 >= self._state_bytes
        if enough or self._rows >= VERY_MANY_ROWS:
            await self.compact()

    async def compact(self) -> None:
        """Put the draft's log together, if there is anything new in it."""
        if not self._rows:
            return
        state = self.audience.state()
        self._rows, self._bytes, self._state_bytes = 0, 0, len(state)
        self._gate.full = len(state) > self._limits.draft_bytes
        work = partial(ledger.compact, draft=self.draft, number=self.number, state=state)
        try:
            await asyncio.wrap_future(self._database.write(work))
        except Exception:  # noqa: BLE001 - whatever it is, see below
            # Nothing is lost by it: the updates are still there, and are put together another time.
            _log.exception("The log of the working draft %s could not be put together", self.draft)


def _missing() -> Refusal:
    return Refusal(ProblemCode.UPDATE_MISSING, "Your update hangs on others that have never come.")


def _reason(failure: Exception) -> str:
    match failure:
        case DiskFull():
            return ProblemCode.STORAGE_FULL
        case ConnectionLostError():
            return ProblemCode.BUSY
    return ProblemCode.INTERNAL
