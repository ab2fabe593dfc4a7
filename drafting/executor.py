"""The one road from a command to the log.

A command's scope is locked; an earlier receipt is answered again; policy judges; the command's function changes the
tables; the event is appended; the receipt is kept: all in one transaction. After its commit the bell rings.
"""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime

from drafting.commands import FUNCTIONS
from drafting.commands.context import Context, Happened
from drafting.config import Limits
from drafting.policy import Acting, judge
from drafting.protocol.commands import HOUSE, Command, Envelope, Receipt, scope_of
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.words import Role, RoundState
from drafting.queries.amendments import decisions_for, stream_of
from drafting.queries.cursors import Cursors
from drafting.queries.people import Person, capacities, reader
from storage import log
from storage import tables as t
from storage.database import Database, WriteTransaction


class Executor:
    """Takes commands. Safe to call from any thread; the work is done on the database's writer."""

    def __init__(
        self,
        database: Database,
        cursors: Cursors,
        limits: Limits,
        now: Callable[[], datetime],
        mint: Callable[[str, datetime], str],
    ) -> None:
        self._database = database
        self._cursors = cursors
        self._limits = limits
        self._now = now
        self._mint = mint

    def execute(self, person: Person, envelope: Envelope) -> Future[Receipt]:
        """Carry the command out; the future gives its receipt once it is on disk, or raises the Refusal."""
        # Everything slow that needs no lock is done before the transaction.
        body = log.digest(envelope.command.model_dump_json())
        acting = Acting.parse(envelope.command.capacity)
        at = self._now()

        def work(tx: WriteTransaction) -> Receipt:
            return self._take(tx, person, acting, envelope, body, at)

        return self._database.write(work)

    def _take(
        self, tx: WriteTransaction, person: Person, acting: Acting, envelope: Envelope, body: str, at: datetime
    ) -> Receipt:
        command = envelope.command
        last = log.lock(tx.session, scope_of(command))
        if earlier := tx.session.get(t.Receipt, (person.id, envelope.id)):
            return self._again(tx, person, earlier, body)
        _admit(tx, person, command, known=last is not None)
        phase, owner = _subject(tx, person, command)
        judge(command.kind, acting, phase, owner)
        ctx = Context(tx, person, acting, at, (last or 0) + 1, self._limits, self._mint)
        happened = FUNCTIONS[command.kind](ctx, command)
        scope, place = (happened.scope, 1) if happened.scope else (scope_of(command), ctx.place)
        answer = {
            "id": envelope.id,
            "kind": command.kind,
            "event": happened.payload.kind,
            "at": at.isoformat(),
            "made": happened.made,
        }
        row = t.Receipt(
            participant=person.id, command=envelope.id, digest=body, scope=scope, place=place, answer=answer
        )
        tx.session.add(row)
        tx.session.flush()
        tx.append(scope, _event(ctx, envelope, happened, log.receipt_digest(row)))
        return self._receipt(tx, person, row)

    def _receipt(self, tx: WriteTransaction, person: Person, row: t.Receipt) -> Receipt:
        document = tx.session.get(t.Document, row.scope)
        held = capacities(tx, person, document.process) if document else ()
        cursor = self._cursors.seal(person.id, row.scope, row.place, held)
        return Receipt.model_validate({**row.answer, "cursor": cursor})

    def _again(self, tx: WriteTransaction, person: Person, earlier: t.Receipt, body: str) -> Receipt:
        if earlier.digest != body:
            raise Refusal(ProblemCode.COMMAND_ID_REUSED, "This command id was used before, for another command.")
        return self._receipt(tx, person, earlier)


def _event(ctx: Context, envelope: Envelope, happened: Happened, receipt: str) -> log.NewEvent:
    return log.NewEvent(
        stream=happened.stream,
        kind=happened.payload.kind,
        participant=ctx.person.handle,
        capacity=ctx.capacity,
        command=envelope.id,
        receipt=receipt,
        at=ctx.at,
        payload=happened.payload.model_dump(mode="json"),
    )


def _admit(tx: WriteTransaction, person: Person, command: Command, *, known: bool) -> None:
    """Let the person act in the scope. Who holds nothing in a process is told that there is none."""
    scope = scope_of(command)
    if command.capacity == Role.ADMINISTRATOR:
        if not person.administrator:
            raise Refusal(ProblemCode.CAPACITY_NOT_HELD, "You are not an administrator.")
        if not known and scope != HOUSE:
            raise Refusal(ProblemCode.UNKNOWN, f"There is no {scope} that you may act in.")
        return
    document = tx.session.get(t.Document, scope)
    held = capacities(tx, person, document.process if document else scope) if known else ()
    if not held:
        raise Refusal(ProblemCode.UNKNOWN, f"There is no {scope} that you may act in.")
    if command.capacity not in held:
        raise Refusal(
            ProblemCode.CAPACITY_NOT_HELD, f"You do not act as {command.capacity} here; you are {', '.join(held)}."
        )


def _subject(tx: WriteTransaction, person: Person, command: Command) -> tuple[RoundState | None, str | None]:
    """Give the phase of the round that the command is about, and the delegation whose amendment it is about.

    What is not there and what the person may not see are refused alike.
    """
    document, owner = getattr(command, "document", None), None
    round_id = getattr(command, "round", None)
    decision = getattr(command, "decision", None)
    amendment = getattr(command, "amendment", None)
    if amendment is not None:
        row = tx.session.get(t.Amendment, amendment)
        if row is None or row.document != document or not reader(tx, person, row.document).sees(stream_of(row)):
            raise Refusal(ProblemCode.UNKNOWN, f"There is no amendment {amendment} that you may see.")
        round_id, owner = row.round, row.delegation
    if decision is not None:
        seen = decisions_for(tx, reader(tx, person, scope_of(command)))
        taken = next((known for known in seen if known.id == decision), None)
        if taken is None:
            raise Refusal(ProblemCode.UNKNOWN, f"There is no decision {decision} that you may see.")
        round_id = taken.round
    if round_id is None:
        return None, owner
    about = tx.session.get(t.Round, round_id)
    if about is None or about.document != document:
        raise Refusal(ProblemCode.UNKNOWN, f"There is no round {round_id} of this document that you may see.")
    return RoundState(about.state), owner
