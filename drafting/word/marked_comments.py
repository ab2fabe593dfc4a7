"""The comments of a Word file: what each says, in whose name, to which it replies, and whether its thread is done."""

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from drafting.domain.plaintext import folded
from drafting.word.guard import Package
from drafting.word.lists import Styles, W, child_value, is_on
from drafting.word.runs import Inside, Runs, plain

_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"


class Spot(NamedTuple):
    """A place between two pieces of a marked-up text: in which paragraph, and before which of its pieces."""

    paragraph: int
    piece: int


class MarkedComment(NamedTuple):
    """A comment as a file has it. ``reply_to`` is the id of the one that it replies to; programs before Word 2013 write
    none. ``start`` and ``end`` are where its words are; ``None`` where the text does not name it.
    """

    id: str
    author: str
    initials: str
    date: str
    body: str
    reply_to: str | None
    resolved: bool
    start: Spot | None = None
    end: Spot | None = None


def comments_of(package: Package) -> tuple[MarkedComment, ...]:
    """Read the comments of a file in their order, without their places. Raises as ``Package.xml``."""
    root = package.related("comments")
    if root is None:
        return ()
    found = list(root.iter(f"{W}comment"))
    by_paragraph = {
        paragraph.get(f"{_W14}paraId", "").upper(): comment.get(f"{W}id", "")
        for comment in found
        for paragraph in comment.iter(f"{W}p")
    }
    parents, done = _threads(package.related("commentsExtended"), by_paragraph)
    runs = Runs(Styles(None))
    return tuple(
        MarkedComment(
            id=(id_ := comment.get(f"{W}id", "")),
            author=folded(comment.get(f"{W}author", "")),
            initials=folded(comment.get(f"{W}initials", "")),
            date=comment.get(f"{W}date", ""),
            body="\n".join(_said(comment, runs)),
            reply_to=parents.get(id_),
            resolved=id_ in done,
        )
        for comment in found
    )


def _threads(root: etree._Element | None, by_paragraph: dict[str, str]) -> tuple[dict[str, str], set[str]]:
    """Tell which comment replies to which, and which are done; a reply in a circle is none."""
    parents: dict[str, str] = {}
    done: set[str] = set()
    for element in root.iter(f"{_W15}commentEx") if root is not None else ():
        own, parent = (
            by_paragraph.get(element.get(f"{_W15}{name}", "").upper()) for name in ("paraId", "paraIdParent")
        )
        if own is None:
            continue
        if parent is not None and own not in _line(parent, parents):
            parents[own] = parent
        if is_on(element.get(f"{_W15}done")):
            done.add(own)
    return parents, done


def _line(comment: str, parents: dict[str, str]) -> Iterator[str]:
    """Give a comment, what it replies to, what that replies to, and so on."""
    at: str | None = comment
    while at is not None:
        yield at
        at = parents.get(at)


def _said(comment: etree._Element, runs: Runs) -> Iterator[str]:
    for paragraph in comment.iter(f"{W}p"):
        inside = Inside()
        runs.read(paragraph, inside, child_value(paragraph, "pPr/pStyle"))
        runs.end_paragraph()
        if said := plain(inside.pieces):
            yield said
