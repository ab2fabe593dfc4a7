"""A marked-up Word file: its runs in document order, each with the tracked changes that it stands under, its comments,
and what its properties say of the text that it was made from.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from drafting.domain.plaintext import folded
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.word.guard import Package
from drafting.word.lists import Numbers, Styles, W, child_value
from drafting.word.marked_comments import MarkedComment, Spot, comments_of
from drafting.word.reading import furniture, notes_of
from drafting.word.runs import (
    COME,
    GONE,
    PICTURES,
    SIGNS,
    Change,
    Inside,
    Ledger,
    NoteSign,
    Piece,
    Runs,
    Sign,
    picture,
    plain,
    story,
)

_PROPERTY = "{http://schemas.openxmlformats.org/officeDocument/2006/custom-properties}property"
_DECLARED = "Drafting Room: "
_OTHER = ("rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblPrExChange", "tblGridChange", "trPrChange")
LOOKS = frozenset({*_OTHER, "tcPrChange", "numberingChange", "cellMerge"})
"""The kinds of changes that say how something looks or is laid out, and touch no word."""
_CHANGES = frozenset(f"{W}{tag}" for tag in ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", *LOOKS))
_IN_TABLES = {
    f"{W}tr": (f"{W}trPr/{W}ins", f"{W}trPr/{W}del"),
    f"{W}tc": (f"{W}tcPr/{W}cellIns", f"{W}tcPr/{W}cellDel"),
}
_AROUND = {"header": "the page's header", "footer": "the page's footer", "comments": "a comment"}
_MOST_PARAGRAPHS = 20_000
_MOST_CHANGES = 100_000


class Declared(NamedTuple):
    """What a file that came from here says of itself: ids of the document and the version, the version's hash, and
    the form, where it is one that is only for reading (``literal``).
    """

    document: str
    version: str
    hash: str
    form: str = ""


class MarkedParagraph(NamedTuple):
    """A paragraph as the file has it. ``brought`` and ``taken`` are the changes of its mark; without its mark it runs
    on into the next. ``moved_from`` and ``moved_to`` name the move that it is one end of. ``style`` is the style's
    built-in name, ``marker`` the number that Word computes; ``aside`` says why it is no part of the text, if so.
    """

    pieces: tuple[Piece, ...]
    brought: tuple[Change, ...]
    taken: tuple[Change, ...]
    place: str
    style: str = ""
    marker: str = ""
    aside: str = ""
    note: bool = False
    moved_from: str = ""
    moved_to: str = ""


class Unread(NamedTuple):
    """A tracked change on what is no text of the document: where it is, and what it says."""

    change: Change
    where: str
    text: str


@dataclass(frozen=True, slots=True)
class MarkedFile:
    """A marked-up file as read. ``changes`` are all tracked changes, by number; ``unread`` those of them that stand on
    no paragraph. ``remarks`` say what was left out.
    """

    declared: Declared
    changes: tuple[Change, ...]
    paragraphs: tuple[MarkedParagraph, ...]
    comments: tuple[MarkedComment, ...]
    unread: tuple[Unread, ...]
    remarks: tuple[str, ...]


def read_marked(package: Package) -> MarkedFile:
    """Read a marked-up file whole. Raises Refusal: ``too_large`` beyond 20,000 paragraphs or 100,000 tracked changes;
    and as ``Package.xml``.
    """
    reader = _Reader(package)
    paragraphs = tuple(reader.paragraphs())
    unread = tuple(reader.unread(paragraphs))
    return MarkedFile(
        declared=declared(package),
        changes=tuple(reader.ledger.changes),
        paragraphs=paragraphs,
        comments=tuple(reader.placed(comment, paragraphs) for comment in comments_of(package)),
        unread=unread,
        remarks=tuple(dict.fromkeys(reader.remarks)),
    )


def declared(package: Package) -> Declared:
    """Give what a file says of the text that it was exported from; empty strings where it says nothing."""
    said: dict[str, str] = {}
    for relation in package.relations(""):
        if relation.kind == "custom-properties":
            for element in package.xml(relation.part).iter(_PROPERTY):
                said[element.get("name", "").removeprefix(_DECLARED)] = "".join(element.itertext()).strip()
    return Declared(
        said.get("Document", ""), said.get("Version", ""), said.get("Version hash", ""), said.get("Form", "")
    )


@dataclass(slots=True)
class _Moves:
    """The ranges of moves that are open, by id, and how many paragraphs each has had."""

    open: dict[str, str] = field(default_factory=dict)
    had: dict[str, int] = field(default_factory=dict)

    def sign(self, sign: Sign) -> None:
        """Open or close a range."""
        if sign.kind.endswith("RangeStart"):
            self.open[sign.id] = sign.name
        else:
            self.open.pop(sign.id, None)

    def paragraph(self) -> str:
        """Name the next paragraph of the range that was opened last."""
        name = next(reversed(self.open.values()), "")
        if not name:
            return ""
        self.had[name] = self.had.get(name, 0) + 1
        return f"{name}#{self.had[name]}"


class _Reader:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._root = package.xml(package.main)
        self._styles = Styles(package.related("styles"))
        self._numbers = Numbers(package.related("numbering"), self._styles)
        self._note_parts = {kind: package.related(kind) for kind in ("footnotes", "endnotes")}
        self._notes = {kind: notes_of(part) for kind, part in self._note_parts.items()}
        self.ledger = Ledger()
        self._number_changes()
        self._runs = Runs(self._styles, self.ledger)
        self._moves = {"moveFrom": _Moves(), "moveTo": _Moves()}
        self._starts: dict[str, Spot] = {}
        self._ends: dict[str, Spot] = {}
        self._count = 0
        self._next = 0
        self.remarks: list[str] = []

    def _number_changes(self) -> None:
        for part in (self._root, *self._note_parts.values()):
            for element in part.iter(*_CHANGES) if part is not None else ():
                if not _is_old(element):
                    self.ledger.enter(element)
                if len(self.ledger.changes) > _MOST_CHANGES:
                    raise Refusal(ProblemCode.TOO_LARGE, f"The file has more than {_MOST_CHANGES:,} tracked changes.")

    # -- paragraphs ---------------------------------------------------------------------------------------------------

    def paragraphs(self) -> Iterator[MarkedParagraph]:
        """Give the paragraphs in reading order; the notes that one refers to follow it."""
        if self._package.links_outside():
            self.remarks.append("The file refers to something outside itself, which was not fetched")
        body = self._root.find(f"{W}body")
        for element in story(body) if body is not None else ():
            if element.tag == f"{W}p":
                for paragraph in self._paragraph(element):
                    self._next += 1
                    yield paragraph
            elif element.tag in SIGNS:
                id_, name = (element.get(f"{W}{attribute}", "") for attribute in ("id", "name"))
                self._take_sign(Sign(etree.QName(element).localname, id_, name, 0))
            elif element.tag == f"{W}altChunk":
                self.remarks.append("A foreign document inside this one was left out")
            elif element.tag in PICTURES:
                self.remarks.append(picture(element)[0])
            if self._next > _MOST_PARAGRAPHS:
                raise Refusal(ProblemCode.TOO_LARGE, f"The file has more than {_MOST_PARAGRAPHS:,} paragraphs.")

    def _paragraph(self, element: etree._Element) -> Iterator[MarkedParagraph]:
        self._count += 1
        style = child_value(element, "pPr/pStyle")
        brought, taken = self._around(element)
        self._runs.under(brought, taken)
        inside = Inside()
        self._runs.read(element, inside, style)
        self._runs.end_paragraph()
        ends = {"moveFrom": "", "moveTo": ""}
        for sign in inside.signs:
            self._take_sign(sign, before_end=True)
        for mark in element.iterfind(f"{W}pPr/{W}rPr/*"):
            if mark.tag in GONE:
                taken = (*taken, self.ledger.enter(mark))
            elif mark.tag in COME:
                brought = (*brought, self.ledger.enter(mark))
            kind = etree.QName(mark).localname
            if kind in ends:
                ends[kind] = self._moves[kind].paragraph()
        for sign in inside.signs:
            if sign.kind.startswith("move") and sign.kind.endswith("End"):
                self._take_sign(sign)
        self.remarks += (note for note, _ in inside.asides)
        name = self._styles.name(style)
        yield MarkedParagraph(
            pieces=tuple(inside.pieces),
            brought=brought,
            taken=taken,
            place=f"paragraph {self._count}",
            style=name,
            marker=self._numbers.number(element, style)[0],
            aside=furniture(element, name),
            moved_from=ends["moveFrom"],
            moved_to=ends["moveTo"],
        )
        for note in inside.notes:
            yield from self._note(note)

    def _note(self, sign: NoteSign) -> Iterator[MarkedParagraph]:
        note = self._notes[sign.kind].pop(sign.id, None)  # once, however often it is referred to
        if note is None:
            return
        self._runs.under(sign.brought, sign.taken)
        inside = Inside()
        for paragraph in note.iter(f"{W}p"):
            self._runs.read(paragraph, inside, child_value(paragraph, "pPr/pStyle"))
            self._runs.end_paragraph()
            inside.pieces.append(Piece(" ", bold=False, italic=False, brought=sign.brought, taken=sign.taken))
        if plain(inside.pieces):
            place = f"a note at paragraph {self._count}"
            yield MarkedParagraph(tuple(inside.pieces), sign.brought, sign.taken, place, style="note", note=True)

    def _around(self, element: etree._Element) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
        """Give the changes that a paragraph stands under as a whole: of its table row or cell, or wrapped around it."""
        brought: list[Change] = []
        taken: list[Change] = []
        for outer in element.iterancestors():
            if outer.tag in COME or outer.tag in GONE:
                (brought if outer.tag in COME else taken).append(self.ledger.enter(outer))
            for path in _IN_TABLES.get(str(outer.tag), ()):
                if (mark := outer.find(path)) is not None:
                    (brought if path.casefold().endswith("ins") else taken).append(self.ledger.enter(mark))
        return tuple(reversed(brought)), tuple(reversed(taken))

    # -- signs --------------------------------------------------------------------------------------------------------

    def _take_sign(self, sign: Sign, *, before_end: bool = False) -> None:
        spot = Spot(self._next, sign.at)
        if sign.kind == "commentRangeStart":
            self._starts.setdefault(sign.id, spot)
        elif sign.kind == "commentRangeEnd":
            self._ends[sign.id] = spot
        elif sign.kind == "commentReference":
            self._ends.setdefault(sign.id, spot)
        elif not (before_end and sign.kind.endswith("End")):
            self._moves[sign.kind.partition("Range")[0]].sign(sign)

    def placed(self, comment: MarkedComment, paragraphs: tuple[MarkedParagraph, ...]) -> MarkedComment:
        """Give a comment its place; one without words of its own stands where its sign is."""
        end = self._ends.get(comment.id)
        start = self._starts.get(comment.id, end)
        if start is None or not paragraphs:
            return comment
        last = len(paragraphs) - 1
        start, end = (
            spot if spot.paragraph <= last else Spot(last, len(paragraphs[last].pieces))
            for spot in (start, end or start)
        )
        return comment._replace(start=start, end=max(start, end))

    # -- what stands on no paragraph -------------------------------------------------------------------------------

    def unread(self, paragraphs: tuple[MarkedParagraph, ...]) -> Iterator[Unread]:
        """Give the changes that no piece and no mark of a paragraph stands under, other than those of looks."""
        read = {change.number for paragraph in paragraphs for change in touching(paragraph)}
        for part in (self._root, *self._note_parts.values()):
            for element in part.iter(*_CHANGES) if part is not None else ():
                if _is_old(element):
                    continue
                change = self.ledger.enter(element)
                if change.number not in read and change.kind not in LOOKS and _holds_something(element):
                    yield Unread(change, "a field, a picture, a text box or hidden text", _words(element))
        for relation in dict.fromkeys(self._package.relations(self._package.main)):
            if relation.kind in _AROUND:
                for element in self._package.xml(relation.part).iter(*_CHANGES):
                    change = self.ledger.enter(element)
                    if change.kind not in LOOKS and _holds_something(element):
                        yield Unread(change, _AROUND[relation.kind], _words(element))


def touching(paragraph: MarkedParagraph) -> Iterator[Change]:
    """Give the changes that a paragraph's pieces and its mark stand under."""
    yield from paragraph.brought
    yield from paragraph.taken
    for piece in paragraph.pieces:
        yield from piece.brought
        yield from piece.taken


def _is_old(element: etree._Element) -> bool:
    """Whether a mark is part of what a change of looks says was before."""
    return any(str(outer.tag).endswith("PrChange") for outer in element.iterancestors())


_SOMETHING = (f"{W}t", f"{W}delText", f"{W}instrText", f"{W}delInstrText", f"{W}fldChar", f"{W}footnoteReference")


def _holds_something(element: etree._Element) -> bool:
    return next(element.iter(*_SOMETHING, f"{W}endnoteReference", *PICTURES), None) is not None


def _words(element: etree._Element) -> str:
    return folded(" ".join(found.text or "" for found in element.iter(f"{W}t", f"{W}delText")))
