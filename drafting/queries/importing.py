"""Marked-up files taken in: a batch at once, each file understood, rehearsed or carried out, and told of."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePosixPath
from typing import Protocol, TypeVar

from drafting.protocol.commands import Command, Envelope, Receipt, ResolveComment
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.views.imports import (
    ImportAccountView,
    ImportBatchView,
    ImportedCommentView,
    ImportedFileView,
    ImportReviewView,
    ItemState,
)
from drafting.queries.imports import Ground, ground, sender, side_of
from drafting.queries.people import Person
from drafting.queries.planning import Asked, Item, Plan, planned, ulid_of
from drafting.word import literal_file, paper
from drafting.word.understanding import Understood, declaration, understand
from storage.database import ReadTransaction

LEAST = 0.3
"""Below this certainty a file is taken for no copy of the document at all."""
MOST_FILES = 200
FOR_READING = {
    literal_file.FORM: "This is a compilation in black and white, for reading. Mark up a clean file, or a tracked one.",
    paper.FORM: "This is a paper for the meeting, for reading. Mark up a clean file of the text, or a tracked one.",
}
"""The forms of files in which what differs from the text is nobody's change, and why they are not read."""
_LONGEST_NAME = 200
_AT_A_TIME = 20
T = TypeVar("T")


class Means(Protocol):
    """What a batch is worked with; everything waits until it is done."""

    def read(self, work: Callable[[ReadTransaction], T]) -> T:
        """Read the database."""

    def apart(self, work: Callable[..., T], *arguments: object) -> T:
        """Do slow, pure work in another process."""

    def rehearse(self, envelopes: Sequence[Envelope]) -> list[Refusal | None]:
        """Tell what would become of commands."""

    def send(self, envelope: Envelope) -> Receipt:
        """Carry a command out."""


def batch(
    means: Means,
    person: Person,
    document: str,
    asked: Asked,
    files: Sequence[tuple[str, bytes]],
    delegations: Sequence[str] = (),
) -> ImportBatchView:
    """Take files in, each with its name, in their order. ``delegations``: for whom the house enters them, one for all
    or one for each; none: each author's for the delegation that its name is.

    A file that is refused is told of, leaves nothing behind and stops no other. Raises Refusal for what is wrong with
    the batch: MALFORMED (no files, or another number of delegations), TOO_LARGE (too many files), NOT_PERMITTED,
    UNKNOWN, CAPACITY_NOT_HELD.
    """
    if not files or (len(delegations) > 1 and len(delegations) != len(files)):
        raise Refusal(ProblemCode.MALFORMED, "Send files, and for each its delegation, or one for all.")
    if len(files) > MOST_FILES:
        raise Refusal(ProblemCode.TOO_LARGE, f"A batch has at most {MOST_FILES} files.")
    of_file = [*delegations] if len(delegations) == len(files) else [*delegations, *[""]][:1] * len(files)
    means.read(lambda tx: sender(tx, person, document, asked.capacity))
    sides = [side_of(asked.capacity, delegation or None) for delegation in of_file]
    told: list[ImportedFileView] = []
    for (name, content), side in zip(files, sides, strict=True):
        file = _File(
            means, person, document, asked, PurePosixPath(name.replace("\\", "/")).name[:_LONGEST_NAME], content
        )
        told.append(file.told(side, told))
    review = [line for file in told for line in file.review]
    return ImportBatchView(taken=asked.take, files=told, review=review + _not_there(asked, told))


def _not_there(asked: Asked, told: Iterable[ImportedFileView]) -> list[ImportReviewView]:
    """Tell of items that were named and are in none of the files."""
    known = {item.id for file in told for item in file.items}
    why = "No file of the batch has an item of this id: rehearse it again."
    return [
        ImportReviewView(file="", place="", author="", text=id_, why=why, changes=0)
        for id_ in sorted(asked.only - known)
    ]


class _File:
    def __init__(self, means: Means, person: Person, document: str, asked: Asked, name: str, content: bytes) -> None:
        self._means, self._person, self._document, self._asked = means, person, document, asked
        self._name, self._content = name, content
        self._digest = hashlib.sha256(content).hexdigest()

    def told(self, side: str | None, earlier: Iterable[ImportedFileView]) -> ImportedFileView:
        """Take the file in and tell what became of it."""
        try:
            return self._taken(side, earlier)
        except Refusal as refusal:
            return ImportedFileView(file=self._name, digest=self._digest, code=refusal.code, detail=refusal.detail)

    def _taken(self, side: str | None, earlier: Iterable[ImportedFileView]) -> ImportedFileView:
        if any(file.digest == self._digest for file in earlier):
            raise Refusal(ProblemCode.ALREADY_EXISTS, "The same file is in the batch twice.")
        if not self._content.strip():
            raise Refusal(ProblemCode.FILE_EMPTY, "The file is empty.")
        declared = self._means.apart(declaration, self._content)
        if declared.form in FOR_READING:
            raise Refusal(ProblemCode.FILE_UNSUPPORTED, FOR_READING[declared.form])

        def gather(tx: ReadTransaction) -> Ground:
            who = sender(tx, self._person, self._document, self._asked.capacity)
            return ground(tx, who, declared, self._asked.round, side)

        on = self._means.read(gather)
        found = self._means.apart(understand, self._content, on.text, on.stamps)
        if found.sure < LEAST:
            raise Refusal(ProblemCode.FILE_UNRELATED, "Too little of the text stands in the file: it is no copy of it.")
        plan = planned(self._asked, on, found, self._digest)
        if self._asked.take:
            self._carry_out(plan)
        else:
            self._rehearse(plan)
        return self._view(on, found, plan)

    # -- doing --------------------------------------------------------------------------------------------------------

    def _wanted(self, item: Item) -> bool:
        """Whether an item is to be taken: what is named; if nothing is, whatever is not doubtful."""
        if self._asked.only:
            return item.view.id in self._asked.only and item.view.state in {ItemState.READY, ItemState.DOUBTFUL}
        return item.view.state is ItemState.READY

    def _envelope(self, command: Command) -> Envelope:
        """Put a command under the id that the same file always gives it, so that a resend does nothing twice."""
        return Envelope(id=ulid_of(self._digest, command.model_dump_json()), command=command)

    def _rehearse(self, plan: Plan) -> None:
        ready = [item for item in plan.items if item.view.state in {ItemState.READY, ItemState.DOUBTFUL}]
        made = {item.view.id: item.view.made for item in plan.items if item.view.made}
        asked = [(item, command) for item in ready if (command := item.command(made)) is not None]
        envelopes = [self._envelope(command) for _, command in asked]
        # By few at a time: others write too.
        starts = range(0, len(envelopes), _AT_A_TIME)
        answers = [one for start in starts for one in self._means.rehearse(envelopes[start : start + _AT_A_TIME])]
        for (item, _), refusal in zip(asked, answers, strict=True):
            if refusal is not None and refusal.code is ProblemCode.COMMAND_ID_REUSED:
                item.becomes(ItemState.STANDING, detail="It was taken from this file before.")
            elif refusal is not None:
                item.becomes(ItemState.REFUSED, code=refusal.code, detail=refusal.detail)

    def _carry_out(self, plan: Plan) -> None:
        made = {item.view.id: item.view.made for item in plan.items if item.view.made}
        done: list[str] = []
        for item in plan.items:
            if not self._wanted(item):
                continue
            command = item.command(made)
            if command is None:
                detail = "What it is about, or replies to, was not taken."
                item.becomes(ItemState.REFUSED, code=ProblemCode.UNKNOWN, detail=detail)
                continue
            try:
                receipt = self._means.send(self._envelope(command))
            except Refusal as refusal:
                item.becomes(ItemState.REFUSED, code=refusal.code, detail=refusal.detail)
                continue
            made[item.view.id] = receipt.made.get("amendment") or receipt.made["comment"]
            standing = receipt.made.get("label")
            item.becomes(ItemState.TAKEN, made=made[item.view.id], standing=standing)
            view = item.view
            if isinstance(view, ImportedCommentView) and view.resolved and view.reply_to is None:
                done.append(made[view.id])
        for comment in done:  # when all replies are there, for a reply takes a thread up again
            self._resolve(comment)

    def _resolve(self, comment: str) -> None:
        command = ResolveComment(capacity=self._asked.capacity, document=self._document, comment=comment)
        try:
            self._means.send(self._envelope(command))
        except Refusal as refusal:
            if refusal.code is not ProblemCode.NO_CHANGE:
                raise

    # -- telling ------------------------------------------------------------------------------------------------------

    def _view(self, on: Ground, found: Understood, plan: Plan) -> ImportedFileView:
        review = [
            ImportReviewView(
                file=self._name,
                place=one.place,
                author=one.author,
                text=one.text,
                why=one.why,
                changes=len(one.changes),
            )
            for one in found.review
        ]
        review += [self._refused(item) for item in plan.items if item.view.state is ItemState.REFUSED]
        counted = {outcome.value: number for outcome, number in found.account.items()}
        return ImportedFileView(
            file=self._name,
            digest=self._digest,
            version=on.version,
            declared=on.declared,
            sure=found.sure,
            untracked=found.untracked,
            authors=plan.authors,
            items=[item.view for item in plan.items],
            review=review,
            account=ImportAccountView(changes=sum(counted.values()), **counted),
            comments_printed=len(found.printed),
            remarks=list(found.remarks),
        )

    def _refused(self, item: Item) -> ImportReviewView:
        view = item.view
        if isinstance(view, ImportedCommentView):
            place, text, changes = view.label, view.body, 0
        else:
            place, changes = ", ".join(view.labels), view.changes
            text = " / ".join(getattr(edit, "text", "") or edit.op for edit in view.edits)
        return ImportReviewView(
            file=self._name,
            place=place,
            author=view.author or "",
            text=text[:400],
            why=view.detail or "",
            changes=changes,
        )
