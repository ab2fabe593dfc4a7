"""What a new paragraph of a file is: a recital, an item, a heading; and how deep it stands."""

import re
from collections.abc import Collection
from itertools import takewhile

from drafting.domain.text import Line, Manifest
from drafting.protocol.words import SectionKind

_KINDS = {
    "title": SectionKind.TITLE,
    "chapeau": SectionKind.CHAPEAU,
    "preambular": SectionKind.PREAMBULAR,
    "operative": SectionKind.OPERATIVE,
    "subparagraph": SectionKind.SUBPARAGRAPH,
    "note": SectionKind.FOOTNOTE,
    "footnote text": SectionKind.FOOTNOTE,
    "signature": SectionKind.SIGNATURE,
}
"""What a new paragraph is by the built-in name of its style."""


def kind_of_new(text: Manifest, after: str | None, style: str, gone: Collection[str] = ()) -> tuple[SectionKind, int]:
    """Say what a new paragraph is, and how deep: by its style; else as the one that it follows, or under a heading as
    what follows there. It is never less deep than what it cuts off from above; what is ``gone`` from there is not.
    """
    kind, level = like_of_new(text, after, style, gone)
    before, cut = next((line for line in text if line.section == after), None), cut_off(text, after, level, gone)
    if cut is not None and before is not None and not _heads(before):
        return cut.kind, cut.level
    return kind, level


def like_of_new(text: Manifest, after: str | None, style: str, gone: Collection[str]) -> tuple[SectionKind, int]:
    """Say the same of a paragraph that cuts nothing off, as far as its style and what it follows tell."""
    at = _place(text, after)
    before, follows = text[at] if at >= 0 else None, _behind(text, after, gone)
    like = follows if follows and (before is None or _heads(before)) and not _heads(follows) else before
    kind, level = (like.kind, like.level) if like else (SectionKind.OPERATIVE, 0)
    named = SectionKind.HEADING if re.fullmatch(r"heading \d", style) else _KINDS.get(style)
    if named is not None and named is not kind:
        nearest = next((line for line in (*reversed(text[: at + 1]), *text[at + 1 :]) if line.kind is named), None)
        return named, nearest.level if nearest else level
    return kind, level


def cut_off(text: Manifest, after: str | None, level: int, gone: Collection[str] = ()) -> Line | None:
    """Find what a paragraph of this level would cut off from above right behind a section; it stands behind that then.

    What is ``gone`` keeps its place, and is not cut off.
    """
    under = takewhile(lambda line: line.level > level, text[_place(text, after) + 1 :])
    return next((line for line in under if line.section not in gone), None)


def _behind(text: Manifest, after: str | None, gone: Collection[str]) -> Line | None:
    """Find what follows a section, of what is not gone; behind nothing the first."""
    return next((line for line in text[_place(text, after) + 1 :] if line.section not in gone), None)


def _place(text: Manifest, section: str | None) -> int:
    return next((number for number, line in enumerate(text) if line.section == section), -1)


def _heads(line: Line) -> bool:
    return line.kind in {SectionKind.TITLE, SectionKind.HEADING, SectionKind.ARTICLE, SectionKind.ANNEX}
