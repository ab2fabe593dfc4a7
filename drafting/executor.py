"""The one road from a command to the log.

A command's scope is locked; an earlier receipt is answered again; policy judges; the command's function changes the
tables; the event is appended; the receipt is kept: all in one transaction. After its commit the bell rings.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime

from drafting.commands import FUNCTIONS
from drafting.commands.context import Context, Happened
from drafting.config import Limits
from drafting.policy import Acting, judge
from drafting.protocol.commands import (
    ClearPosition,
    Command,
    Envelope,
    Receipt,
    ReopenComment,
    ResolveComment,
    TakePosition,
    WithdrawPosition,
    scope_of,
)
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.words import RoundState
from drafting.queries.amendments import decisions_for, lead, round_rows, stream_of, waits_in
from drafting.queries.cursors import Cursors
from drafting.queries.discussion import comment_view, position_stream
from drafting.queries.people import Person, Reader, capacities, in_capacity, reader, refuse_strangers
from drafting.queries.unnamed import refusal_shown
from drafting.queries.working import owners_of, working_draft
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
            try:
                return self._take(tx, person, acting, envelope, body, at)
            except Refusal as refusal:
                raise _spoken_to(tx, person, envelope.command, refusal) from None

        return self._database.write(work)

    def rehearse(self, person: Person, envelopes: Sequence[Envelope]) -> list[Refusal | None]:
        """Tell what would become of these commands, one after the other: each one's refusal, or ``None`` if it would be
        taken. Nothing of them is kept. Waits for the database.
        """
        at = self._now()

        def work(tx: WriteTransaction) -> None:
            answers: list[Refusal | None] = []
            for envelope in envelopes:
                try:
                    with tx.session.begin_nested():
                        acting = Acting.parse(envelope.command.capacity)
                        self._take(tx, person, acting, envelope, "", at)
                except Refusal as refusal:
                    answers.append(refusal)
                else:
                    answers.append(None)
            raise _Rehearsed(answers)  # so that the database takes all of it back

        failure = self._database.write(work).exception()
        if not isinstance(failure, _Rehearsed):
            raise failure or RuntimeError("a rehearsal was kept")
        return failure.answers

    def _take(
        self, tx: WriteTransaction, person: Person, acting: Acting, envelope: Envelope, body: str, at: datetime
    ) -> Receipt:
        command = envelope.command
        last = log.lock(tx.session, scope_of(command))
        if earlier := tx.session.get(t.Receipt, (person.id, envelope.id)):
            return self._again(tx, person, earlier, body)
        _admit(tx, person, command, known=last is not None)
        phase, owners = _subject(tx, person, command)
        judge(command.kind, acting, phase, owners)
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
        rights = reader(tx, person, document.id).rights if document else ()
        cursor = self._cursors.seal(person.id, row.scope, row.place, rights)
        return Receipt.model_validate({**row.answer, "cursor": cursor})

    def _again(self, tx: WriteTransaction, person: Person, earlier: t.Receipt, body: str) -> Receipt:
        if earlier.digest != body:
            raise Refusal(ProblemCode.COMMAND_ID_REUSED, "This command id was used before, for another command.")
        return self._receipt(tx, person, earlier)


def _spoken_to(tx: WriteTransaction, person: Person, command: Command, refusal: Refusal) -> Refusal:
    """Give a refusal as its reader may see it; it never names others where a document's proposals are unnamed."""
    with tx.session.no_autoflush:  # what was being written is not to be looked at
        document = tx.session.get(t.Document, scope_of(command))
        if document is None or not capacities(tx, person, document.process):
            return refusal
        return refusal_shown(tx, refusal, reader(tx, person, document.id))


class _Rehearsed(Exception):  # noqa: N818 - it is how a rehearsal ends well
    def __init__(self, answers: list[Refusal | None]) -> None:
        super().__init__("it was a rehearsal")
        self.answers = answers


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
    """Let the person act in the scope."""
    scope = scope_of(command)
    document = tx.session.get(t.Document, scope)
    refuse_strangers(tx, person, (scope, document.process if document else scope), command.capacity, known=known)


def _subject(tx: WriteTransaction, person: Person, command: Command) -> tuple[RoundState | None, frozenset[str]]:
    """Give the phase of the round that the command is about, and whose amendment it is about.

    What is not there and what the person may not see are refused alike.
    """
    document, owners = getattr(command, "document", None), frozenset[str]()
    round_id = getattr(command, "round", None)
    if (found := _discussed(tx, person, command)) is not None:
        return found
    decision = getattr(command, "decision", None)
    amendment = getattr(command, "amendment", None)
    draft = getattr(command, "draft", None)
    if draft is not None:
        owners = owners_of(tx, working_draft(tx, _acting(tx, person, command), draft))
    if amendment is not None:
        row = tx.session.get(t.Amendment, amendment)
        if row is None or row.document != document or not _acting(tx, person, command).sees(stream_of(row)):
            raise Refusal(ProblemCode.UNKNOWN, f"There is no amendment {amendment} that you may see.")
        round_id, owners = waits_in(tx, row).id, _owners(tx, row)
    if decision is not None:
        seen = decisions_for(tx, _acting(tx, person, command))
        taken = next((known for known in seen if known.id == decision), None)
        if taken is None:
            raise Refusal(ProblemCode.UNKNOWN, f"There is no decision {decision} that you may see.")
        round_id = taken.round
    if round_id is None:
        return None, owners
    about = tx.session.get(t.Round, round_id)
    if about is None or about.document != document:
        raise Refusal(ProblemCode.UNKNOWN, f"There is no round {round_id} of this document that you may see.")
    return RoundState(about.state), owners


def _acting(tx: WriteTransaction, person: Person, command: Command) -> Reader:
    """Give the person as a reader of the command's document in the capacity acted in: what a chair acts on is never
    what only her state may see.
    """
    return in_capacity(tx, reader(tx, person, scope_of(command)), command.capacity)


def _discussed(
    tx: WriteTransaction, person: Person, command: Command
) -> tuple[RoundState | None, frozenset[str]] | None:
    """Give the same for what is about a thread, a position, or where one stands on a section; else ``None``."""
    match command:
        case ResolveComment() | ReopenComment():
            who = _acting(tx, person, command)
            thread = tx.session.get(t.Comment, command.comment)
            if thread is None or thread.document != who.document or not who.sees(thread.stream):
                raise Refusal(ProblemCode.UNKNOWN, f"There is no comment {command.comment} that you may read.")
            group = comment_view(thread).group
            return None, frozenset(filter(None, (thread.delegation, group)))
        case ClearPosition() | WithdrawPosition():
            who = _acting(tx, person, command)
            taken = tx.session.get(t.Position, command.position)
            if taken is None or taken.document != who.document or not who.sees(position_stream(taken)):
                raise Refusal(ProblemCode.UNKNOWN, f"There is no position {command.position} that you may see.")
            return _phase_of(tx, who.document, taken.amendment), frozenset({taken.delegation})
        case TakePosition(amendment=None):
            return _phase_of(tx, command.document, None), frozenset()
    return None


def _phase_of(tx: WriteTransaction, document: str, amendment: str | None) -> RoundState:
    """Give the phase of the amendment's round, or of the newest."""
    if amendment is not None:
        return RoundState(waits_in(tx, tx.session.get_one(t.Amendment, amendment)).state)
    rounds = round_rows(tx, document)
    if not rounds:
        raise Refusal(ProblemCode.ROUND_CLOSED, "No round was opened yet; positions are taken in one.")
    return RoundState(rounds[-1].state)


def _owners(tx: WriteTransaction, row: t.Amendment) -> frozenset[str]:
    """Name whose an amendment is: whose who speaks for it, and a closed group's members'."""
    group = tx.session.get(t.Group, (row.document, row.group)) if row.group else None
    return frozenset((lead(row), *(group.members if group else ())))
