"""Search over everything that one may see."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from drafting.domain.edits import primitive
from drafting.domain.text import Line, Manifest
from drafting.protocol.edits import Add, Replace
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.searching import HitView
from drafting.protocol.views import AmendmentView
from drafting.queries.amendments import amendments_for, decisions_for
from drafting.queries.discussion import comments_for, positions_for
from drafting.queries.people import Reader
from drafting.queries.versions import manifest, version_row, version_views
from storage.database import ReadTransaction

Where = Literal["text", "older_text", "amendment", "comment", "position"]
_AROUND = 60
"""Code points shown on either side of what was found."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A text that may be searched, and where it belongs."""

    where: Where
    id: str
    text: str
    section: str | None
    label: str
    version: str | None = None


def search(tx: ReadTransaction, who: Reader, words: str) -> list[HitView]:
    """Find where all the words stand: in the newest text, proposals, comments, positions, older texts, in that order.

    Capitals, accents and vowel signs do not count; a word is found inside a longer one.
    """
    wanted = tuple(dict.fromkeys(_plain(words).split()))
    if not wanted:
        raise Refusal(ProblemCode.MALFORMED, "Say what to search for.")
    return [hit for said in _everything(tx, who) if (hit := _hit(wanted, said)) is not None]


def _everything(tx: ReadTransaction, who: Reader) -> Iterator[_Said]:
    newest = version_row(tx, who, None)
    text = manifest(tx, newest.id)
    yield from (_of(line, "text", newest.id) for line in text)
    amendments = amendments_for(tx, who, decisions_for(tx, who))
    called = {line.section: line.label for line in text} | {amendment.id: amendment.label for amendment in amendments}
    bases = {base: manifest(tx, base) for base in {amendment.base for amendment in amendments}}
    for amendment in amendments:
        yield from _proposed(amendment, bases[amendment.base])
    for comment in comments_for(tx, who):
        yield _Said(
            "comment",
            comment.id,
            comment.body,
            comment.section,
            called.get(comment.section or comment.amendment or "", ""),
        )
    for position in positions_for(tx, who):
        yield _Said(
            "position",
            position.id,
            position.note,
            position.section,
            called.get(position.section or position.amendment or "", ""),
        )
    seen = {(line.section, line.text) for line in text}
    for version in reversed(version_views(tx, who)):
        for line in manifest(tx, version.id):
            if (line.section, line.text) not in seen:
                seen.add((line.section, line.text))
                yield _of(line, "older_text", version.id)


def _of(line: Line, where: Where, version: str) -> _Said:
    return _Said(where, line.section, line.text, line.section, line.label, version)


def _proposed(amendment: AmendmentView, base: Manifest) -> Iterator[_Said]:
    for part in primitive(base, amendment.revision.edits):
        if isinstance(part, Add | Replace):
            yield _Said("amendment", amendment.id, part.text, part.section, amendment.label, amendment.base)
    for note in (amendment.revision.rationale, amendment.revision.placement_note):
        yield _Said("amendment", amendment.id, note, None, amendment.label, amendment.base)


def _hit(words: tuple[str, ...], said: _Said) -> HitView | None:
    plain = _plain(said.text)
    starts = [plain.find(word) for word in words]
    if min(starts) < 0:
        return None
    first = min(range(len(words)), key=starts.__getitem__)
    places = _places(said.text)
    start = places[starts[first]]
    end = places[starts[first] + len(words[first]) - 1] + 1
    shown = max(0, start - _AROUND)
    return HitView(
        where=said.where,
        id=said.id,
        section=said.section,
        label=said.label,
        version=said.version,
        excerpt=said.text[shown : end + _AROUND],
        start=start - shown,
        end=end - shown,
    )


def _plain(text: str) -> str:
    """Give the text without capitals and marks."""
    if text.isascii():
        return text.casefold()
    return "".join(part for character in text for part in _kept(character))


def _places(text: str) -> list[int]:
    """Give for each character of the plain text the place that it comes from."""
    return [place for place, character in enumerate(text) for _ in _kept(character)]


@lru_cache(maxsize=10_000)
def _kept(character: str) -> str:
    apart = unicodedata.normalize("NFKD", character).casefold()
    return "".join(part for part in apart if not unicodedata.combining(part))
