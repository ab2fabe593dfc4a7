"""What stands in the margin of a compilation: each amendment's own words, positions on it, and what was said."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from drafting.domain.anchors import Anchor, carry_anchors
from drafting.domain.labels import printed_number
from drafting.domain.text import Manifest
from drafting.protocol.edits import Add, Merge, Move, Replace
from drafting.protocol.views import AmendmentView, CommentView, PositionView
from drafting.protocol.views.carried import CarriedAmendmentView
from drafting.protocol.words import CommentAudience, PositionAudience
from drafting.queries.names import listed, signature
from drafting.word.comments import Author, Said, Thread
from drafting.word.phrases import Phrases

_UNPLACED = frozenset({"conflict", "orphaned"})


def stand_said(one: PositionView, words: Phrases) -> str:
    """Say where a delegation stands, what its reservation is for, and its note."""
    stand = words.stands[one.stand]
    if one.reservation:
        stand = f"{stand} ({words.reservations[one.reservation]})"
    return f"{stand}: {one.note}" if one.note else stand


def threads_of(comments: Iterable[CommentView]) -> list[list[CommentView]]:
    """Give each first comment with all replies under it, in their order; replies come after what they reply to."""
    known: dict[str, list[CommentView]] = {}
    for comment in comments:
        # Who may not see what is replied to sees a thread begin.
        known[comment.id] = known.get(comment.reply_to or "", [])
        known[comment.id].append(comment)
    return [thread for first, thread in known.items() if thread[0].id == first]


@dataclass(frozen=True, slots=True)
class Margins:
    """Writes the threads of a text in the names of who said what.

    ``sections``: those of the base, and what is added to it. ``author``: in whose name an amendment stands.
    ``private``: also what is not for everyone to read, saying so.
    """

    base: Manifest
    version: str
    sections: frozenset[str]
    names: Mapping[str, Author]
    author: Callable[[AmendmentView], Author]
    words: Phrases
    private: bool

    def threads(
        self,
        amendments: Sequence[AmendmentView],
        carried: Sequence[CarriedAmendmentView],
        positions: Iterable[PositionView],
        comments: Sequence[CommentView],
        texts: Callable[[str], Manifest],
    ) -> tuple[Thread, ...]:
        """Give all threads: amendments with the positions on them, positions on sections, and what was said.

        ``texts`` reads another version, on which a comment quoted words.
        """
        standing = [one for one in positions if one.stands and self._told(one.audience, PositionAudience.ALL)]
        on = defaultdict[str | None, list[PositionView]](list)
        for one in standing:
            on[one.amendment or one.section].append(one)
        unplaced = {view.amendment: view for view in carried if any(part.fate in _UNPLACED for part in view.parts)}
        found = [self._amendment(view, on[view.id], unplaced.get(view.id)) for view in amendments]
        for line in self.base:
            found += [Thread((self._position(one),), section=line.section) for one in on[line.section]]
        laid = {amendment.id for amendment in amendments}
        return (*found, *self._discussions(comments, laid, texts))

    def _told(self, audience: str, everyone: str) -> bool:
        return self.private or audience == everyone

    def _for_some(self, audience: str) -> list[str]:
        return [f"[{self.words.for_some[audience]}]"] if audience in self.words.for_some else []

    # -- amendments --------------------------------------------------------------------------------------------------

    def _amendment(
        self, view: AmendmentView, positions: Iterable[PositionView], unplaced: CarriedAmendmentView | None
    ) -> Thread:
        words, revision = self.words, view.revision
        lines = [view.label]
        if len(view.sponsors) > 1:
            lines.append(f"{words.sponsors}: {listed(self.names, view.sponsors)}")
        lines += [self._move(edit) for edit in revision.edits if isinstance(edit, Move)]
        if unplaced:
            lines += self._unplaced(unplaced)
        lines += [f"{words.rationale}: {revision.rationale}"] if revision.rationale else []
        lines += [f"{words.placement}: {revision.placement_note}"] if revision.placement_note else []
        said = Said(self.author(view), revision.at, "\n".join(lines))
        where = next((part.place.section for part in unplaced.parts if part.place), None) if unplaced else None
        return Thread((said, *map(self._position, positions)), where, amendment=view.id)

    def _unplaced(self, view: CarriedAmendmentView) -> list[str]:
        """Say what an amendment asked of an older text and a person has to look at first."""
        parts = [part for part in view.parts if part.fate in _UNPLACED]
        places = dict.fromkeys(part.place.label or part.place.text for part in parts if part.place)
        wordings = [f"“{part.edit.text}”" for part in parts if isinstance(part.edit, Replace | Add | Merge)]
        return [": ".join(filter(None, [self.words.unplaced, ", ".join(places)])), *wordings]

    def _move(self, move: Move) -> str:
        place = self.words.first if move.after is None else f"{self.words.behind} {self._called(move.after)}"
        return f"{self.words.moves}: {self._called(move.section)} {place}"

    def _called(self, section: str) -> str:
        line = next((line for line in self.base if line.section == section), None)
        return (printed_number(line) or f"“{line.text[:40]}”") if line else "…"

    def _position(self, one: PositionView) -> Said:
        lines = [*self._for_some(one.audience), stand_said(one, self.words)]
        return Said(signature(self.names, one.delegation, one.capacity), one.at, "\n".join(lines))

    # -- comments ----------------------------------------------------------------------------------------------------

    def _discussions(
        self, comments: Iterable[CommentView], laid: set[str], texts: Callable[[str], Manifest]
    ) -> Iterator[Thread]:
        """Give the threads; Word has one level of replies, so that a reply to a reply is one to the first comment."""
        told = threads_of(one for one in comments if self._told(one.audience, CommentAudience.ALL))
        places = self._places([thread[0] for thread in told], texts)
        for root, *replies in told:
            amendment = root.amendment if root.amendment in laid else None
            section, place = places.get(root.id, (root.section, None))
            if amendment or section in self.sections:
                lost = root.target is not None and place is None
                said = (self._comment(root, quote=lost), *(self._comment(reply) for reply in replies))
                yield Thread(said, section, place, amendment, root.resolved)

    def _comment(self, comment: CommentView, *, quote: bool = False) -> Said:
        quoted = [f"“{comment.target.quote}”:"] if quote and comment.target else []
        text = "\n".join([*self._for_some(comment.audience), *quoted, comment.body])
        return Said(signature(self.names, comment.delegation, comment.capacity), comment.at, text)

    def _places(
        self, roots: Iterable[CommentView], texts: Callable[[str], Manifest]
    ) -> dict[str, tuple[str, tuple[int, int]]]:
        """Find where quoted words stand in this text, if they still do."""
        quoting = defaultdict[str, list[tuple[str, Anchor]]](list)
        for comment in roots:
            if comment.target and comment.section:
                quote = comment.target
                anchor = Anchor(comment.section, quote.start, quote.end, quote.quote)
                quoting[quote.version].append((comment.id, anchor))
        found: dict[str, tuple[str, tuple[int, int]]] = {}
        for version, quotes in quoting.items():
            anchors = [anchor for _, anchor in quotes]
            if version == self.version:
                now: list[Anchor | None] = list(anchors)
            else:
                now = [one.now for one in carry_anchors(texts(version), self.base, anchors)]
            for (comment_id, _), there in zip(quotes, now, strict=True):
                if there:
                    found[comment_id] = there.section, (there.start, there.end)
        return found
