"""The compilation as literal text, black and white, the way it is printed."""

from dataclasses import dataclass

from drafting.domain.compilation import Proposal, compile  # noqa: A004 - the design's word
from drafting.domain.literal import LiteralParagraph, literal
from drafting.domain.text import Manifest
from drafting.protocol.reading import LiteralParagraphView, LiteralView
from drafting.protocol.views import VersionView
from drafting.queries.apart import length_of
from drafting.queries.compilation import gathered, proposals, proposed
from drafting.queries.people import Reader
from storage.database import ReadTransaction


@dataclass(frozen=True, slots=True)
class Printing:
    """A version and what is proposed on it, to be printed; ``named`` or without the delegations."""

    document: str
    version: VersionView
    base: Manifest
    proposals: tuple[Proposal, ...]
    named: bool

    @property
    def length(self) -> int:
        """Count the code points to be read."""
        return length_of([self.base]) + proposed(self.proposals)

    def view(self) -> LiteralView:
        """Show the paragraphs."""
        return LiteralView(
            document=self.document,
            version=self.version,
            named=self.named,
            paragraphs=[LiteralParagraphView(**paragraph._asdict()) for paragraph in self._paragraphs()],
        )

    def text(self) -> str:
        """Print one paragraph a line, its label before it."""
        return "".join(f"{paragraph.label} {paragraph.text}".strip() + "\n" for paragraph in self._paragraphs())

    def _paragraphs(self) -> tuple[LiteralParagraph, ...]:
        return literal(compile(self.base, self.proposals), named=self.named)


def printing(tx: ReadTransaction, who: Reader, version: str | None, *, named: bool = True) -> Printing:
    """Gather the version (``None``: the newest basis) and the active amendments on it that the reader may see.

    Where those circulate without names, their labels print in the delegations' place.
    """
    found = gathered(tx, who, version)
    return Printing(who.document, found.version, found.base, proposals(found.amendments, named=who.named), named)
