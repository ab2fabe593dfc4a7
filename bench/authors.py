"""Who wrote which word, after ten versions by ten authors, against mwpersistence.

``bench.history`` plants who brought in every word. Ours is ``trace`` of the manifests, without any decision or
amendment, every cache of the text engine emptied before. mwpersistence (``DiffState`` with ``deltas.SegmentMatcher``
and a revert radius of 15, as for Wikipedia's articles) gets each version as one text with an empty line between
paragraphs; and once more each section as a text of its own by its id, which ours is told too, so that it cannot follow
words from one to the other. A word (split at spaces) is attributed rightly if the token with its first letter or digit
is. Shares are of all words; of those that the first version did not have; and of those that were moved from section to
section or struck and brought back.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import mwpersistence  # type: ignore[import-untyped]  # it has no types
from deltas import SegmentMatcher  # type: ignore[import-untyped]  # it has no types

from bench.history import Planted, Word, planted
from bench.result import Peer, Result, against, versions
from bench.timing import cold, milliseconds
from drafting.domain.provenance import Issued, trace
from drafting.domain.text import Manifest

_RADIUS = 15
_BETWEEN = "\n\n"
_NOBODY = -1
_PATIENCE = 2000


@dataclass(frozen=True, slots=True)
class Size:
    """Sections of the first version; versions; repeats."""

    sections: tuple[int, ...] = (30, 300)
    versions: int = 10
    repeats: int = 5


FULL = Size()
QUICK = Size(sections=(30,), repeats=3)

Attributed = Sequence[tuple[str, int]]
"""The last version's text in pieces, each with its author: the number of a version."""


def run(size: Size) -> Iterator[Result]:
    """Measure all cases."""
    for sections in size.sections:
        history = planted(sections, size.versions)
        case = f"authors, {sections} sections, {size.versions} versions"
        mine = ours(history.versions)
        for peer, attribute in PEERS:
            took: list[tuple[float, float]] = []
            while len(took) < size.repeats and not (took and took[-1][1] > _PATIENCE):
                pair = cold(partial(ours, history.versions)), milliseconds(partial(attribute, history.versions))
                took.append(pair)
            yield against("authors", case, "ms", took, peer)
            answer = attribute(history.versions)
            for name, chosen in CHOSEN.items():
                shares = 100 * share(history, mine, chosen), 100 * share(history, answer, chosen)
                yield against("authors", f"{case}, {name} attributed rightly", "%", [shares], peer)


CHOSEN: dict[str, Callable[[Word], bool]] = {
    "words": lambda _: True,
    "later words": lambda word: word.author > 0,
    "moved and returned words": lambda word: word.travelled,
}
"""The words whose attribution is looked at."""


def ours(texts: Sequence[Manifest]) -> Attributed:
    """Attribute by our engine."""
    runs = trace([Issued(str(number), text) for number, text in enumerate(texts)])
    found: list[tuple[str, int]] = []
    for line in texts[-1]:
        found += [(run.text, int(run.origin.version)) for run in runs[line.section]]
        found.append((_BETWEEN, _NOBODY))
    return found


def whole(texts: Sequence[Manifest]) -> Attributed:
    """Attribute by mwpersistence, each version one text."""
    state = _state()
    tokens = []
    for number, text in enumerate(texts):
        tokens, _, _ = state.update(_BETWEEN.join(line.text for line in text), revision=number)
    return _first_versions(tokens)


def by_section(texts: Sequence[Manifest]) -> Attributed:
    """Attribute by mwpersistence, each section a text of its own; where it is struck it waits to return."""
    states: dict[str, Any] = {}
    tokens: dict[str, Any] = {}
    for number, text in enumerate(texts):
        for line in text:
            state = states.setdefault(line.section, _state())
            tokens[line.section], _, _ = state.update(line.text, revision=number)
    return [piece for line in texts[-1] for piece in _first_versions(tokens[line.section])]


def _state() -> Any:
    return mwpersistence.DiffState(SegmentMatcher(), revert_radius=_RADIUS)


def _first_versions(tokens: Sequence[Any]) -> Attributed:
    return [(str(token), token.revisions[0]) for token in tokens]


_VERSIONS = versions("rapidfuzz", "mwpersistence", "deltas")
PEERS: Sequence[tuple[Peer, Callable[[Sequence[Manifest]], Attributed]]] = (
    (Peer(f"mwpersistence, DiffState(SegmentMatcher(), revert_radius={_RADIUS}), the whole text", _VERSIONS), whole),
    (Peer("mwpersistence, with the same settings, each section a text of its own", _VERSIONS), by_section),
)


def share(history: Planted, answer: Attributed, chosen: Callable[[Word], bool]) -> float:
    """Give the share (0 to 1) of the chosen words of the last version whose author is right."""
    authors = [author for piece, author in answer for letter in piece if not letter.isspace()]
    words = [word for line in history.versions[-1] for word in history.last[line.section]]
    if len(authors) != sum(len(word.text) for word in words):
        raise ValueError("This is no attribution of that text.")
    right = many = at = 0
    for word in words:
        if chosen(word):
            many += 1
            right += authors[at + _first_letter(word.text)] == word.author
        at += len(word.text)
    return right / many if many else 1.0


def _first_letter(word: str) -> int:
    return next((place for place, letter in enumerate(word) if letter.isalnum()), 0)
