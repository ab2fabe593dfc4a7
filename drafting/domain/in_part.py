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


def take(
    base: str, current: str, proposed: str, chosen: Collection[int], *, taken: Collection[int] | None = None
) -> Taken | Clash:
    """Take the chosen hunks of ``proposed``, a rewording of ``base``, into the section, which reads ``current``.

    To take all is to merge; to take none changes nothing; hunks that were taken before may be named again, and the
    same numbers are used after others have been taken. ``taken`` says which these are; unsaid, it is read off the
    text where that is the base with some hunks made and nothing else.
    A Clash where the chosen hunks change the same words as ``current`` does; on ``base`` with the hunks taken before.
    Raises Refusal: MALFORMED for a number that no hunk has.
    """
    made = _made(base, current, proposed) if taken is None else taken
    before, part = _with_hunks(base, proposed, made), _with_hunks(base, proposed, {*made, *chosen})
    merged = merge(before, current, part)
    if isinstance(merged, Clash):
        return merged
    rest = merge(part, merged.text, proposed)
    return Taken(merged.text, rest if isinstance(rest, Clash) else rest.text)


def take_part(
    base: Manifest, text: Manifest, edits: Sequence[Edit], choice: Choice, *, taken: Choice | None = None
) -> TakenPart:
    """Take the chosen edits, and the chosen hunks of rewordings, of an amendment on ``base`` into ``text``.

    A new section whose anchor is a new section that is not taken stands after that one's own anchor. ``taken`` says
    what was taken before, as in ``take``; of that, nothing is pending.
    Raises Refusal: MALFORMED for an edit or a hunk that there is not, or hunks of what is no rewording;
    UNKNOWN_SECTION for edits of what ``base`` does not have.
    """
    before = _before(base, text, edits, choice, taken or {})
    if unknown := (choice.keys() | before.keys()) - set(range(len(edits))):
        raise Refusal(ProblemCode.MALFORMED, f"The amendment has no part {min(unknown)}.")
    lines = {line.section: line for line in base}
    done = _parts(lines, edits, before)
    standing = apply(base, [*_grounded(done.values(), edits, ())])
    with_these = _parts(lines, edits, {number: _all_of(some, before.get(number)) for number, some in choice.items()})
    pending = {number: _worded(edit, done.values()) for number, edit in enumerate(edits) if done.get(number) != edit}
    parts = {
        number: _worded(part, done.values())
        for number, part in with_these.items()
        if number in pending and part != done.get(number)
    }
    picked = [*_grounded(parts.values(), edits, done.values())]
    carried = carry(standing, text, picked)
    if carried.open:
        return TakenPart(carried, text, carry(standing, text, [*pending.values()]))
    now = apply(text, carried.edits)
    left = [_worded(edit, picked) for number, edit in pending.items() if parts.get(number) != edit]
    return TakenPart(carried, now, carry(apply(standing, picked), now, left))


def _before(base: Manifest, text: Manifest, edits: Sequence[Edit], choice: Choice, taken: Choice) -> Choice:
    """Give what was taken before; of a rewording of which that is not said, what the text shows."""
    was, now = ({line.section: line.text for line in some} for some in (base, text))
    found: dict[int, Collection[int] | None] = dict(taken)
    for number, numbers in choice.items():
        edit = edits[number] if 0 <= number < len(edits) else None
        if numbers and number not in taken and isinstance(edit, Replace) and {edit.section} <= was.keys() & now.keys():
            made = _made(was[edit.section], now[edit.section], edit.text)
            found |= {number: made} if made else {}
    return found


def _all_of(one: Collection[int] | None, other: Collection[int] | None) -> Collection[int] | None:
    return None if one is None else {*one, *(other or ())}


def _made(base: str, current: str, proposed: str) -> Collection[int]:
    """Read off a text which hunks it has; none if it is not the base with just some of them made."""
    ways: dict[int, tuple[int, ...]] = {0: ()}
    at = 0
    for number, (start, end, text) in enumerate(changes(base, proposed), 1):
        kept, onwards = base[at:start], dict[int, tuple[int, ...]]()
        for place, made in ways.items():
            if not current.startswith(kept, place):
                continue
            for read, more in ((base[start:end], made), (text, (*made, number))):
                to = place + len(kept) + len(read)
                if current.startswith(read, place + len(kept)):
                    onwards.setdefault(to, more)
        ways, at = onwards, end
    return next((made for place, made in ways.items() if current[place:] == base[at:]), ())


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


def _parts(lines: Mapping[str, Line], edits: Sequence[Edit], choice: Choice) -> dict[int, Edit]:
    """Give what is chosen of the edits, by their numbers, in their order."""
    found = {number: _chosen(lines, edits[number], choice[number]) for number in sorted(choice)}
    return {number: part for number, part in found.items() if part}


def _grounded(picked: Collection[Edit], edits: Iterable[Edit], done: Iterable[Edit]) -> Iterable[Edit]:
    """Give the picked edits, none of them anchored to a new section that is neither picked nor done."""
    anchors = _new_sections(edits)
    coming = _new_sections([*done, *picked]).keys()
    for edit in picked:
        if not isinstance(edit, Add | Move):
            yield edit
            continue
        after = edit.after
        while after in anchors and after not in coming:
            after = anchors[after]
        yield edit if after == edit.after else edit.model_copy(update={"after": after})


def _worded(edit: Edit, others: Iterable[Edit]) -> Edit:
    """Give an edit in the words of the terms that are among others, which are taken."""
    for term in (other for other in others if isinstance(other, Term)):
        edit = _said_otherwise(edit, term)
    return edit


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
