"""What is asked over HTTP, and how the answer is read. No I/O: each function gives a ``Call`` for a transport to make.

Every call may be made again after a failure, and means the same: the writing ones carry an id.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, ValidationError

from drafting.protocol.answers import DraftToken, Happenings, Imported, Ticket
from drafting.protocol.commands import Command, DecideSection, Envelope, Receipt
from drafting.protocol.reading import (
    BracketsView,
    ChangeKind,
    LiteralView,
    Nature,
    PatchedComparisonView,
    ProvenanceView,
    ReferencesView,
)
from drafting.protocol.searching import HitView, NewsView
from drafting.protocol.views import (
    AmendmentView,
    CarriedDraftView,
    CarriedView,
    CommentView,
    CompilationView,
    DeskView,
    DocumentView,
    IssuedView,
    LintView,
    Page,
    PersonView,
    PositionView,
    PreviewView,
    ProcessView,
    Snapshot,
    TalliesView,
    VersionView,
    WhereItStandsView,
    WorkingDraftView,
    WorkingTextView,
)
from drafting.protocol.words import AmendmentState
from drafting_client.errors import Broken, Refused, Unreachable
from drafting_client.ids import mint

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)

_AWAY = frozenset({502, 503, 504})
_OF_EVERY_PROBLEM = frozenset({"type", "title", "status", "code", "detail", "instance"})


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One request under ``/api/v1/``, and ``read``, which makes of the answer's body what was asked for."""

    method: Literal["GET", "POST"]
    path: str
    read: Callable[[bytes], T]
    query: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    json: Any = None
    form: Mapping[str, str | Sequence[str]] | None = None
    files: Sequence[tuple[str, bytes]] = ()

    def after(self, cursor: str) -> "Call[T]":
        """Give the call for the page after this one."""
        return replace(self, query={**self.query, "after": cursor})


def answer(call: Call[T], status: int, media: str, body: bytes) -> T:
    """Read what came back.

    Raises ``Refused`` with the room's code, ``Broken`` where the server is away for the moment, and ``Unreachable``
    where whatever answers does not do so as a room does.
    """
    if status in _AWAY:
        raise Broken(f"The server is away for the moment ({status}).")
    if status >= 400:  # noqa: PLR2004 - where refusals begin in HTTP
        raise _refusal(status, body)
    if status >= 300 or media.startswith("text/html"):  # noqa: PLR2004 - a redirection, or a page where JSON belongs
        raise Unreachable(f"What answers there ({status}, {media or 'no media type'}) is not a Drafting Room.")
    try:
        return call.read(body)
    except ValidationError as unread:
        raise Unreachable(f"The answer to {call.method} {call.path} cannot be read by this client.") from unread


def _refusal(status: int, body: bytes) -> Refused | Unreachable:
    try:
        problem = json.loads(body)
        facts = {name: fact for name, fact in problem.items() if name not in _OF_EVERY_PROBLEM}
        return Refused(str(problem["code"]), str(problem.get("detail") or problem.get("title") or status), facts)
    except (ValueError, KeyError, AttributeError):
        return Unreachable(f"What answers there refuses ({status}), but not as a Drafting Room does.")


def _reader(model: type[M]) -> Callable[[bytes], M]:
    return lambda body: model.model_validate_json(body, extra="ignore")


def _get(model: type[M], *path: str, **query: str | Sequence[str] | None) -> Call[M]:
    return Call("GET", _path(*path), _reader(model), query=_asked(query))


def _asked(query: Mapping[str, str | Sequence[str] | None]) -> dict[str, str | Sequence[str]]:
    """Leave out what is not asked for: nothing, or no names at all."""
    return {name: value for name, value in query.items() if value is not None and (value or isinstance(value, str))}


def _path(*parts: str) -> str:
    return "/".join(quote(part, safe="") for part in parts)


# -- reading --------------------------------------------------------------------------------------------------------


def me() -> Call[PersonView]:
    """Who is signed in, and what they may act as, by process."""
    return _get(PersonView, "me")


def processes() -> Call[Page[ProcessView]]:
    """Give the forums that the reader takes part in."""
    return _get(Page[ProcessView], "processes")


def documents() -> Call[Page[DocumentView]]:
    """Give the documents that the reader may see."""
    return _get(Page[DocumentView], "documents")


def document(document: str) -> Call[DocumentView]:
    """Give one document's title, symbol and language."""
    return _get(DocumentView, "documents", document)


def snapshot(document: str) -> Call[Snapshot]:
    """Give the document as the reader may see it now, with the cursor from which its feed goes on."""
    return _get(Snapshot, "documents", document, "snapshot")


def events(document: str, after: str, wait: float) -> Call[Happenings]:
    """Give what happened after the cursor; if nothing did, wait so many seconds for something to."""
    return _get(Happenings, "documents", document, "events", after=after, wait=f"{wait:g}")


def versions(document: str) -> Call[Page[VersionView]]:
    """Give the issued texts, without their sections."""
    return _get(Page[VersionView], "documents", document, "versions")


def issued(document: str, version: str) -> Call[IssuedView]:
    """Give one issued text whole, with the account of every amendment of its round."""
    return _get(IssuedView, "documents", document, "versions", version)


def lint(document: str, version: str) -> Call[Page[LintView]]:
    """Give what looks wrong in an issued text."""
    return _get(Page[LintView], "documents", document, "versions", version, "lint")


def amendments(
    document: str,
    *,
    states: Sequence[AmendmentState] = (),
    delegations: Sequence[str] = (),
    rounds: Sequence[str] = (),
) -> Call[Page[AmendmentView]]:
    """Give the amendments that the reader may see: in one of the states, held by one of the delegations, of one of the
    rounds; what is left out does not matter.
    """
    path = ("documents", document, "amendments")
    return _get(Page[AmendmentView], *path, state=states, delegation=delegations, round=rounds)


def comments(document: str) -> Call[Page[CommentView]]:
    """Give the comments that the reader may see."""
    return _get(Page[CommentView], "documents", document, "comments")


def positions(document: str) -> Call[Page[PositionView]]:
    """Give the positions that the reader may see, replaced and withdrawn ones too."""
    return _get(Page[PositionView], "documents", document, "positions")


def tallies(document: str, round_id: str) -> Call[TalliesView]:
    """Give where delegations stand in a round, counted; for the chair and the secretariat."""
    return _get(TalliesView, "documents", document, "tallies", round=round_id)


def drafts(document: str) -> Call[Page[WorkingDraftView]]:
    """Give the working drafts that the reader may read."""
    return _get(Page[WorkingDraftView], "documents", document, "drafts")


def draft(document: str, draft: str) -> Call[WorkingTextView]:
    """Give a working draft as it reads now, section by section, held against its base."""
    return _get(WorkingTextView, "documents", document, "drafts", draft)


def draft_carried(document: str, draft: str, version: str | None = None) -> Call[CarriedDraftView]:
    """Give how a working draft would be carried over to a version (the basis), section by section."""
    return _get(CarriedDraftView, "documents", document, "drafts", draft, "carried", version=version)


def draft_token(document: str, draft: str) -> Call[DraftToken]:
    """Give a new token that opens this working draft alone, until it expires or is revoked."""
    return Call("POST", _path("documents", document, "drafts", draft, "tokens"), _reader(DraftToken))


def carried(document: str, version: str | None = None) -> Call[CarriedView]:
    """Give what was said on older texts and waits still, as it stands on the version (the newest): amendments, and
    words that comments quote.
    """
    return _get(CarriedView, "documents", document, "carried", version=version)


def standing(document: str) -> Call[WhereItStandsView]:
    """Give where the newest text stands: each section's status, what dropped it, and the open brackets."""
    return _get(WhereItStandsView, "documents", document, "standing")


def news(document: str, since: str, delegation: str | None = None) -> Call[NewsView]:
    """Give what changed since a version, and what of it touches the delegation that the reader acts for."""
    return _get(NewsView, "documents", document, "news", since=since, delegation=delegation)


def search(document: str, words: str) -> Call[Page[HitView]]:
    """Give where all the words stand, in whatever the reader may see."""
    return _get(Page[HitView], "documents", document, "search", q=words)


def compilation(document: str, version: str | None = None, group: str | None = None) -> Call[CompilationView]:
    """Give the version (the newest, if none is named) with every amendment overlaid, attributed; or with the texts of
    a closed group alone, for those who are in it.
    """
    return _get(CompilationView, "documents", document, "compilation", version=version, group=group)


def literal(document: str, version: str | None = None, *, named: bool = True) -> Call[LiteralView]:
    """Give the compilation as literal text, paragraph by paragraph; ``named=False`` leaves the delegations out."""
    return _get(LiteralView, "documents", document, "literal", version=version, named=_unless(named))


def literal_text(document: str, version: str | None = None, *, named: bool = True) -> Call[str]:
    """Give the compilation as literal text, one paragraph a line."""
    query = _asked({"version": version, "named": _unless(named)})
    return Call("GET", _path("documents", document, "literal.txt"), bytes.decode, query=query)


def compare(  # noqa: PLR0913 - the filters are independent of each other
    document: str,
    old: str,
    new: str,
    *,
    delegations: Sequence[str] = (),
    sections: Sequence[str] = (),
    natures: Sequence[Nature] = (),
    kinds: Sequence[ChangeKind] = (),
    patches: bool = False,
) -> Call[PatchedComparisonView]:
    """Give what changed between two versions, section by section, and which amendments caused it.

    The filters leave what is one of each: caused by one of the delegations, in one of the sections (by id or label,
    with those under it), of one of the natures, of one of the kinds. ``patches`` adds diff-match-patch's patch texts.
    """
    return _get(
        PatchedComparisonView,
        "documents",
        document,
        "compare",
        **{"from": old, "to": new},
        delegation=delegations,
        section=sections,
        nature=natures,
        kind=kinds,
        patches=_if(patches),
    )


def provenance(document: str, version: str | None = None, section: str | None = None) -> Call[ProvenanceView]:
    """Give, for every word of the version (the newest) or of one section, who brought it in and when."""
    return _get(ProvenanceView, "documents", document, "provenance", version=version, section=section)


def brackets(document: str, version: str | None = None, *, lifted: bool = False) -> Call[BracketsView]:
    """Give what is not agreed in the version (the newest): every bracket, since when and whose; lifted ones too if
    asked.
    """
    return _get(BracketsView, "documents", document, "brackets", version=version, lifted=_if(lifted))


def references(document: str, version: str | None = None, against: str | None = None) -> Call[ReferencesView]:
    """Give where the version (the newest) speaks of its own sections, and which of those are gone; ``against`` an older
    one also what a renumbering made wrong.
    """
    return _get(ReferencesView, "documents", document, "references", version=version, against=against)


def _if(flag: bool) -> str | None:
    return "true" if flag else None


def _unless(flag: bool) -> str | None:
    return None if flag else "false"


def desk(document: str, round: str) -> Call[DeskView]:  # noqa: A002 - the negotiators' word
    """Give the round's consolidated text so far; for the secretary, the chair and the note-taker."""
    return _get(DeskView, "documents", document, "desk", round=round)


def preview(decision: DecideSection) -> Call[PreviewView]:
    """Give what a decision of the desk would amount to; it is not taken."""
    path = _path("documents", decision.document, "desk", "preview")
    return Call("POST", path, _reader(PreviewView), json=decision.model_dump(mode="json"))


def export(  # noqa: PLR0913 - what may be asked for is independent of each other
    document: str,
    form: Literal["clean", "redline", "compilation", "amendments", "comments", "decisions", "renumbering"],
    version: str | None = None,
    against: str | None = None,
    style: Literal["tracked", "literal"] | None = None,
    *,
    private: bool = False,
    show: Sequence[Literal["status", "brackets"]] = (),
    line_numbers: bool = True,
    file: Literal["docx", "xlsx"] | None = None,
) -> Call[bytes]:
    """Give a Word file: a version clean, as tracked changes against another, or with all that is proposed on it,
    tracked or literal. The room chooses what is not named; ``private`` adds what not everyone may read, ``show`` what
    a clean one shows besides its text. A paper for the meeting (amendments and so on) may be a spreadsheet.
    """
    asked = {"form": form, "version": version, "against": against, "style": style, "show": show, "file": file}
    flags = {"private": "true" if private else None, "line_numbers": _unless(line_numbers)}
    query = _asked({**asked, **flags})
    return Call("GET", _path("documents", document, "export"), bytes, query=query)


# -- writing --------------------------------------------------------------------------------------------------------


def command(command: Command, command_id: str | None = None) -> Call[Receipt]:
    """Give the command to the room and have the receipt.

    It is taken once, however often the line breaks on the way. Whoever must be able to ask again later, in another
    process even, mints the id (``mint()``) and keeps it.
    """
    envelope = Envelope(id=command_id or mint(), command=command)
    return Call("POST", "commands", _reader(Receipt), json=envelope.model_dump(mode="json"))


def import_document(
    source: Path | str | bytes,
    filename: str | None,
    process: str,
    symbol: str,
    capacity: str,
    title: str | None = None,
    language: str | None = None,
) -> Call[Imported]:
    """Take a file in as a new document; it is taken in once.

    ``source`` is the file's path or its content; without ``filename`` the path's own name is given. Its ending tells
    the room what it is.
    """
    if filename is None:
        if isinstance(source, bytes):
            raise TypeError("A content without a file name does not say what it is.")
        filename = Path(source).name
    content = source if isinstance(source, bytes) else Path(source).read_bytes()
    asked = {"process": process, "symbol": symbol, "capacity": capacity, "title": title, "language": language}
    form = {"id": mint()} | {name: value for name, value in asked.items() if value is not None}
    return Call("POST", "imports", _reader(Imported), form=form, files=[(filename, content)])


def ticket() -> Call[Ticket]:
    """Give what opens one socket, once."""
    return Call("POST", "tickets", _reader(Ticket))
