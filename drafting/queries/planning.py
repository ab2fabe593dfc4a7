"""A marked-up file as items: what would be proposed and said for whom, and what of it stands already."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from drafting.domain.anchors import Anchor, carry_anchors
from drafting.domain.edits import primitive
from drafting.domain.rebase import carry
from drafting.domain.text import Manifest
from drafting.policy import NATIONAL, Acting
from drafting.protocol.commands import Command, DraftAmendment, EnterAmendment, PostComment, QuoteTarget, TableAmendment
from drafting.protocol.edits import Add, Delete, Edit, Move, Replace, Split
from drafting.protocol.problems import ProblemCode
from drafting.protocol.views.imports import (
    Claim,
    ImportAuthorView,
    ImportedAmendmentView,
    ImportedCommentView,
    ImportItemView,
    ImportQuoteView,
    ItemState,
)
from drafting.protocol.words import CommentAudience, EntrySource, Role
from drafting.queries.imports import Ground
from drafting.word.marked_edits import Part, together
from drafting.word.marked_margin import MarginNote
from drafting.word.markup import timestamp
from drafting.word.understanding import MarkedAuthor, Understood
from storage import log
from storage.ids import ALPHABET

DOUBTFUL = 0.75
"""Below this certainty of where it belongs, an item is taken only if somebody names it."""
_MOST_EDITS = 200
_ULID = 26
_ID = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """What whoever sends files asks for. ``authors``: whose changes are chosen; empty: whose it is safe to choose.
    ``only``: the items, by id; empty: all that nothing is doubtful of. ``take``: carry it out, do not only rehearse.
    """

    capacity: str
    round: str | None = None
    authors: frozenset[str] | None = None
    only: frozenset[str] = frozenset()
    take: bool = False
    together: bool = False
    audience: CommentAudience = CommentAudience.SECRETARIAT


@dataclass(slots=True)
class Item:
    """An item as it is shown; ``command`` makes the command that takes it, given what was made of other items, or
    ``None`` where what it needs is not there. ``covers``: the paragraphs of the file that it stands in.
    """

    view: ImportItemView
    command: Callable[[Mapping[str, str]], Command | None]

    def becomes(self, state: ItemState, **more: object) -> None:
        """Note what became of it."""
        self.view = self.view.model_copy(update={"state": state, **more})


@dataclass(slots=True)
class Plan:
    """A file's items, amendments before comments, and its authors."""

    authors: list[ImportAuthorView]
    items: list[Item] = field(default_factory=list)


def planned(asked: Asked, ground: Ground, found: Understood, digest: str) -> Plan:
    """Say what would be proposed and said of a file whose content has this digest."""
    return _Planner(asked, ground, found, digest).plan()


def ulid_of(*said: str) -> str:
    """Give an id that the same words always get, in the shape of a ULID."""
    number = int.from_bytes(hashlib.sha256(log.canonical(list(said)).encode()).digest(), "big")
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(0, _ULID * 5, 5))


class _Planner:
    def __init__(self, asked: Asked, ground: Ground, found: Understood, digest: str) -> None:
        self._asked, self._ground, self._found, self._digest = asked, ground, found, digest
        self._lines = {line.section: line for line in (*ground.text, *ground.base)}
        self._authors = {author.name: author for author in self._shown_authors(found.authors)}
        self._standing = [(view, _says(ground.base, view.revision.edits)) for view in ground.amendments]

    def plan(self) -> Plan:
        """Give the items."""
        parts = (
            self._grouped()
            if self._asked.together
            else [(part, (number,)) for number, part in enumerate(self._found.parts)]
        )
        plan = Plan(list(self._authors.values()))
        of_part: dict[int, str] = {}
        for part, numbers in parts:
            item = self._amendment(part)
            plan.items.append(item)
            of_part |= dict.fromkeys(numbers, item.view.id)
        ids = {note.comment.id: self._id("comment", note.comment.id, note.comment.body) for note in self._found.notes}
        for note in sorted(self._found.notes, key=lambda note: note.comment.reply_to is not None):
            plan.items += self._comment(note, ids, of_part)
        return plan

    # -- whose it is --------------------------------------------------------------------------------------------------

    def _shown_authors(self, authors: Sequence[MarkedAuthor]) -> Iterator[ImportAuthorView]:
        side, names = self._ground.side, self._ground.names
        claims = {author.name: names.claim(author.name, side) for author in authors}
        strangers = [name for name, claim in claims.items() if claim is Claim.UNKNOWN]
        nameless = [name for name, claim in claims.items() if claim is Claim.UNNAMED]
        # One stranger is whoever wrote the file, also what bears no name. Of several, somebody says whose words count.
        wrote = {*strangers, *nameless} if len(strangers) < 2 else set[str]()  # noqa: PLR2004 - more than one
        safe = {name for name, claim in claims.items() if claim is Claim.OWN} or wrote
        for author in authors:
            delegation = names.delegation(author.name)
            bound = side or delegation
            chosen = author.name in (safe if self._asked.authors is None else self._asked.authors)
            if side is None and self._asked.authors is None:
                chosen = delegation is not None
            yield ImportAuthorView(
                name=author.name,
                initials=author.initials,
                changes=author.changes,
                comments=author.comments,
                claim=claims[author.name],
                delegation=delegation,
                bound=bound,
                chosen=chosen and bound is not None,
            )

    def _whose(self, author: str | None) -> tuple[str | None, bool]:
        """Say for whom what an author says is taken, and whether it was chosen; what nobody tracked is the sender's."""
        if author is None:
            return self._ground.side, self._ground.side is not None
        known = self._authors[author]
        return known.bound, known.chosen

    # -- amendments ---------------------------------------------------------------------------------------------------

    def _grouped(self) -> list[tuple[Part, tuple[int, ...]]]:
        """Put what one author proposes into one amendment, or as few as hold it."""
        groups: list[list[int]] = []
        parts = self._found.parts
        for number, part in enumerate(parts):
            fitting = (group for group in groups if parts[group[0]].author == part.author)
            group = next((g for g in fitting if sum(len(parts[n].edits) for n in (*g, number)) <= _MOST_EDITS), None)
            if group is None:
                groups.append([number])
            else:
                group.append(number)
        return [(together([parts[number] for number in group]), tuple(group)) for group in groups]

    def _amendment(self, part: Part) -> Item:
        side, chosen = self._whose(part.author)
        edits, clash = self._on_base(part, side)
        known = next((view for view, says in self._standing if edits and _says(self._ground.base, edits) <= says), None)
        id_ = self._id("amendment", part.author or "", *(edit.model_dump_json() for edit in part.edits))
        view = ImportedAmendmentView(
            id=id_,
            author=part.author,
            delegation=side,
            sections=list(part.sections),
            labels=[self._called(section) for section in part.sections],
            edits=list(edits or part.edits),
            number=part.number,
            changes=len(part.changes),
            sure=part.sure,
            state=ItemState.READY,
        )
        item = Item(view, lambda _: self._proposal(edits, part, side) if side else None)
        if known is not None:
            item.becomes(ItemState.STANDING, standing=known.label, made=known.id)
        elif not edits and not clash:
            item.becomes(ItemState.STANDING, standing="the text")
        elif side is None or not (chosen or id_ in self._asked.only):
            item.becomes(ItemState.NOT_CHOSEN)
        elif clash:
            detail = f"The text that is negotiated now reads otherwise at {clash}; propose it there."
            item.becomes(ItemState.REFUSED, code=ProblemCode.STALE, detail=detail)
        elif part.author is None or part.sure < DOUBTFUL:
            item.becomes(ItemState.DOUBTFUL)
        return item

    def _on_base(self, part: Part, side: str | None) -> tuple[tuple[Edit, ...], str]:
        """Give the edits on the version that is negotiated, and where they clash with it, if they do."""
        seed = (self._digest, side or "", part.author or "", *(edit.model_dump_json() for edit in part.edits))
        edits = tuple(_minted(edit, number, seed) for number, edit in enumerate(part.edits))
        if self._ground.text == self._ground.base:
            return edits, ""
        carried = carry(self._ground.text, self._ground.base, edits)
        if carried.open:
            return (), ", ".join(dict.fromkeys(map(self._called, part.sections))) or "its place"
        return carried.edits, ""

    def _proposal(self, edits: tuple[Edit, ...], part: Part, side: str) -> Command:
        said = {
            "capacity": self._asked.capacity,
            "document": self._ground.document,
            "round": self._ground.round,
            "base": self._ground.base_version,
            "edits": [edit.model_dump() for edit in edits],
            "placement_note": f"In the file it is numbered {part.number}." if part.number else "",
        }
        role = Acting.parse(self._asked.capacity).role
        if role is Role.CLERK:
            return DraftAmendment.model_validate(said)
        if role in NATIONAL:
            return TableAmendment.model_validate(said)
        return EnterAmendment.model_validate({**said, "delegation": side, "source": EntrySource.WORD})

    # -- comments -----------------------------------------------------------------------------------------------------

    def _comment(self, note: MarginNote, ids: Mapping[str, str], of_part: Mapping[int, str]) -> Iterable[Item]:
        comment = note.comment
        side, chosen = self._whose(comment.author)
        amendment = of_part.get(note.part) if note.part is not None else None
        reply_to, answered = self._answered(comment.reply_to, ids)
        amendment = amendment or answered
        section, quote = self._on_newest(note)
        if section is None and amendment is None and reply_to is None:
            return
        view = ImportedCommentView(
            id=ids[comment.id],
            author=comment.author,
            delegation=side,
            section=section,
            label=self._called(section) if section else "",
            target=quote,
            amendment=amendment,
            reply_to=reply_to,
            body=comment.body,
            resolved=comment.resolved,
            state=ItemState.READY,
        )
        item = Item(view, lambda made: self._said(view, made))
        known = self._said_before(view)
        if known is not None:
            item.becomes(ItemState.STANDING, standing=known, made=known)
        elif side is None or not (chosen or view.id in self._asked.only):
            item.becomes(ItemState.NOT_CHOSEN)
        elif not comment.body:
            item.becomes(ItemState.REFUSED, code=ProblemCode.TEXT_EMPTY, detail="The comment says nothing.")
        yield item

    def _answered(self, replies_to: str | None, ids: Mapping[str, str]) -> tuple[str | None, str | None]:
        """Name what a comment replies to: an item; a comment in the room, or an amendment, that we printed there."""
        if replies_to is None or replies_to in ids:
            return ids.get(replies_to or ""), None
        printed = next((note.comment for note in self._found.printed if note.comment.id == replies_to), None)
        if printed is None:
            return None, None
        said = _words(printed.body)
        for known in self._ground.comments:
            if timestamp(known.at) == printed.date and said.endswith(_words(known.body)):
                return known.id, None
        label = printed.body.partition("\n")[0]
        return None, next((view.id for view in self._ground.amendments if view.label == label), None)

    def _said(self, view: ImportedCommentView, made: Mapping[str, str]) -> Command | None:
        standing = [known.id for known in self._ground.comments] + [known.id for known in self._ground.amendments]
        made = {**dict(zip(standing, standing, strict=True)), **made}
        needed = view.reply_to or view.amendment
        if needed is not None and needed not in made:
            return None
        about = {"section": view.section, "target": view.target and QuoteTarget(**view.target.model_dump())}
        if view.reply_to is not None:
            about = {"reply_to": made[view.reply_to]}
        elif view.amendment is not None:
            about = {"amendment": made[view.amendment]}
        return PostComment.model_validate(
            {
                "capacity": self._asked.capacity,
                "document": self._ground.document,
                "audience": self._asked.audience,
                "body": self._body(view),
                **about,
            }
        )

    def _body(self, view: ImportedCommentView) -> str:
        """Give what is said; the house says in whose name."""
        national = Acting.parse(self._asked.capacity).delegation is not None
        return view.body if national else f"{view.delegation}: {view.body}"

    def _said_before(self, view: ImportedCommentView) -> str | None:
        """Name the comment that says the same for the same side on the same section."""
        whose = {view.delegation, self._ground.names.delegation(view.author)}
        bodies = {(side, _words(view.body)) for side in whose if side} | {(None, _words(self._body(view)))}
        for known in self._ground.comments:
            same = known.section == view.section or view.section is None or known.section is None
            if same and (known.delegation, _words(known.body)) in bodies:
                return known.id
        return None

    def _on_newest(self, note: MarginNote) -> tuple[str | None, ImportQuoteView | None]:
        """Say which section of the newest text a comment is on, and which words of it."""
        if note.section is None:
            return None, None
        there = {line.section for line in self._ground.newest}
        section = note.section if note.section in there else None
        if note.quote is None:
            return section, None
        at: Anchor | None = Anchor(note.section, note.quote.start, note.quote.end, note.quote.text)
        if at is not None and self._ground.newest != self._ground.text:
            at = carry_anchors(self._ground.text, self._ground.newest, [at])[0].now
        return (at.section, ImportQuoteView(quote=at.quote, start=at.start, end=at.end)) if at else (section, None)

    # -- names --------------------------------------------------------------------------------------------------------

    def _id(self, *said: str) -> str:
        return ulid_of(self._digest, *said)[:_ID].lower()

    def _called(self, section: str) -> str:
        line = self._lines.get(section)
        return (line.label or f"“{line.text[:40]}”") if line else section


def _minted(edit: Edit, number: int, seed: Sequence[str]) -> Edit:
    """Give the new sections of an edit ids that the same file always gives them."""

    def mint(step: int) -> str:
        return f"se_{ulid_of(*seed, str(number), str(step))}"

    match edit:
        case Add():
            return edit.model_copy(update={"section": mint(0)})
        case Split():
            return edit.model_copy(update={"sections": [mint(step) for step in range(1, len(edit.texts))]})
        case _:
            return edit


def _says(text: Manifest, edits: Sequence[Edit]) -> frozenset[tuple[str | None, ...]]:
    """Say what edits ask for, without the ids of new sections, which every sender makes anew."""
    found: set[tuple[str | None, ...]] = set()
    for part in primitive(text, edits):
        match part:
            case Replace():
                found.add(("replace", part.section, part.text))
            case Delete():
                found.add(("delete", part.section))
            case Add():
                found.add(("add", part.after, part.text))
            case Move():
                found.add(("move", part.section, part.after))
    return frozenset(found)


def _words(text: str) -> str:
    return " ".join(text.split())
