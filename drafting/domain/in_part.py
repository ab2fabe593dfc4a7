"""Incorporation in part: some of an amendment is taken, the rest stays pending."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from drafting.domain.carried import Carried
from drafting.domain.changes import rewritten
from drafting.domain.diff import changes
from drafting.domain.edits import apply
from drafting.domain.merging import Clash, merge
from drafting.domain.rebase import carry
from drafting.domain.terms import throughout
from drafting.domain.text import Line, Manifest
from drafting.protocol.edits import Add, Edit, Merge, Move, Replace, Split, Term
from drafting.protocol.problems import ProblemCode, Refusal


class Hunk(NamedTuple):
    """One change that a rewording makes: ``base[start:end]`` (code points), which is ``old``, is to read ``new``.

    ``number`` counts from 1 and is the same whenever the same base and rewording are compared.
    """

    number: int
    start: int
    end: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Taken:
    """``text``: the section with the chosen hunks. ``rest``: how it would read with the others as well.

    ``rest`` equals ``text`` if nothing is left, and is a Clash (on the base with the chosen hunks) where the others
    clash with what the section reads by now.
    """

    text: str
    rest: str | Clash


@dataclass(frozen=True, slots=True)
class TakenPart:
    """``taken``: the chosen part of an amendment as edits of the text as it stood, and ``text`` with these made.

    ``rest``: what stays pending, as edits of ``text``. Where something of the chosen part is in conflict or orphaned
    (``taken.open``) nothing is taken: ``text`` is as it stood and ``rest`` the whole amendment.
    """

    taken: Carried
    text: Manifest
    rest: Carried


Choice = Mapping[int, Collection[int] | None]
"""By an edit's place in its amendment (from 0), the hunks chosen of it; None for the whole edit."""


def hunks(base: str, proposed: str) -> tuple[Hunk, ...]:
    """List the changes that ``proposed`` makes to ``base``, in order, as a person would mark them."""
    return tuple(
        Hunk(number, start, end, base[start:end], text)
        for number, (start, end, text) in enumerate(changes(base, proposed), 1)
    )


def take(base: str, current: str, proposed: str, chosen: Collection[int]) -> Taken | Clash:
    """Take the chosen hunks of ``proposed``, a rewording of ``base``, into the section, which reads ``current``.

    To take all is to merge; to take none changes nothing; hunks that were taken before may be named again. The same
    numbers can be used after others have been taken. A Clash (on ``base``) where the chosen hunks change the same
    words as ``current`` does. Raises Refusal: MALFORMED for a number that no hunk has.
    """
    part = _with_hunks(base, proposed, chosen)
    merged = merge(base, current, part)
    if isinstance(merged, Clash):
        return merged
    rest = merge(part, merged.text, proposed)
    return Taken(merged.text, rest if isinstance(rest, Clash) else rest.text)


def take_part(base: Manifest, text: Manifest, edits: Sequence[Edit], choice: Choice) -> TakenPart:
    """Take the chosen edits, and the chosen hunks of rewordings, of an amendment on ``base`` into ``text``.

    A new section whose anchor is a new section that is not taken stands after that one's own anchor.
    Raises Refusal: MALFORMED for an edit or a hunk that there is not, or hunks of what is no rewording;
    UNKNOWN_SECTION for edits of what ``base`` does not have.
    """
    if unknown := choice.keys() - set(range(len(edits))):
        raise Refusal(ProblemCode.MALFORMED, f"The amendment has no part {min(unknown)}.")
    lines = {line.section: line for line in base}
    picked: list[Edit] = []
    left: list[Edit] = []
    for number, edit in enumerate(edits):
        part = _chosen(lines, edit, choice[number]) if number in choice else None
        picked += [part] if part else []
        left += [edit] if part != edit else []
    picked = list(_grounded(picked, edits))
    taken = carry(base, text, picked)
    if taken.open:
        return TakenPart(taken, text, carry(base, text, edits))
    now = apply(text, taken.edits)
    for term in (edit for edit in picked if isinstance(edit, Term)):
        left = [_said_otherwise(edit, term) for edit in left]
    return TakenPart(taken, now, carry(apply(base, picked), now, left))


def _with_hunks(base: str, proposed: str, chosen: Collection[int]) -> str:
    some = changes(base, proposed)
    if unknown := set(chosen) - set(range(1, len(some) + 1)):
        raise Refusal(ProblemCode.MALFORMED, f"The rewording has {len(some)} changes; there is no {min(unknown)}.")
    return rewritten(base, [some[number - 1] for number in sorted(set(chosen))], 0, len(base))


def _chosen(lines: Mapping[str, Line], edit: Edit, numbers: Collection[int] | None) -> Edit | None:
    """Give the part of the edit that was chosen: all of it, a lesser rewording, or nothing."""
    if numbers is None:
        return edit
    if not isinstance(edit, Replace) or edit.section not in lines:
        raise Refusal(ProblemCode.MALFORMED, "Only a rewording can be taken change by change.")
    part = _with_hunks(lines[edit.section].text, edit.text, numbers)
    return edit.model_copy(update={"text": part}) if numbers else None


def _grounded(picked: Iterable[Edit], edits: Iterable[Edit]) -> Iterable[Edit]:
    """Give the picked edits, none of them anchored to a new section that is not picked."""
    anchors = _new_sections(edits)
    coming = _new_sections(picked := list(picked)).keys()
    for edit in picked:
        if not isinstance(edit, Add | Move):
            yield edit
            continue
        after = edit.after
        while after in anchors and after not in coming:
            after = anchors[after]
        yield edit if after == edit.after else edit.model_copy(update={"after": after})


def _said_otherwise(edit: Edit, term: Term) -> Edit:
    """Give an edit that is left in the words of a term that is taken."""
    match edit:
        case Add() | Replace() | Merge():
            return edit.model_copy(update={"text": throughout(edit.text, term.old, term.new)})
        case Split():
            return edit.model_copy(update={"texts": [throughout(text, term.old, term.new) for text in edit.texts]})
        case _:
            return edit


def _new_sections(edits: Iterable[Edit]) -> dict[str | None, str | None]:
    """Give for each section that the edits add what it is to stand after."""
    found: dict[str | None, str | None] = {}
    for edit in edits:
        match edit:
            case Add():
                found[edit.section] = edit.after
            case Split():
                found |= dict.fromkeys(edit.sections or (), edit.section)
            case _:
                pass
    return found
