"""The desk's arithmetic: what a decision amounts to in edits, and the text after all decisions."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

from drafting.domain.bracket_tree import tree
from drafting.domain.brackets import bracketed
from drafting.domain.edits import apply, primitive
from drafting.domain.in_part import take
from drafting.domain.merging import Clash, merge
from drafting.domain.text import Line, Manifest
from drafting.protocol.edits import Add, Delete, Edit, Move, PrimitiveEdit, Replace
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.words import Outcome


@dataclass(frozen=True, slots=True)
class Said:
    """What goes with an outcome: the text of a redraft, the numbers of the changes taken in part (``in_part.hunks``)
    now and before, whether these are to stand in brackets, and where new sections have their ids from.
    """

    redraft: str | None = None
    hunks: Collection[int] = ()
    taken: Collection[int] = ()
    mint: Callable[[], str] = str
    bracketed: bool = False


def consolidated(base: Manifest, decided: Iterable[Sequence[PrimitiveEdit]]) -> Manifest:
    """Give the base with the edits of each decision carried out, in their order."""
    return reduce(apply, decided, base)


def with_waiting(text: Manifest, waiting: Iterable[Sequence[Edit]]) -> Manifest:
    """Give the text with an empty line for each section that is proposed but not in it yet, where it would stand."""
    for edits in waiting:
        parts = [part for part in primitive(text, edits) if isinstance(part, Add)]
        for part in parts:
            if _line(text, part.section) is None:
                empty = part.model_copy(update={"text": "", "after": _anchor(part.after, text, parts)})
                text = apply(text, [empty])
    return text


def decide(
    outcome: Outcome,
    section: str,
    standing: tuple[Manifest, Manifest],
    proposals: Sequence[Sequence[Edit]],
    said: Said = Said(),
) -> tuple[PrimitiveEdit, ...]:
    """Give the edits that carry an outcome out on one section.

    ``standing`` is the base and the text as consolidated so far; ``proposals`` the edits of the amendments decided
    on. Raises Refusal: CONFLICT where what was decided before leaves no place for it (``facts`` name the passages);
    MALFORMED for what does not go with the outcome, for hunks that there are not, or that are all there are;
    NO_CHANGE for hunks taken before.
    """
    if (said.redraft is not None) != (outcome is Outcome.REDRAFT):
        raise Refusal(ProblemCode.MALFORMED, "A redraft needs its text; no other outcome takes one.")
    if bool(said.hunks) != (outcome is Outcome.IN_PART):
        raise Refusal(ProblemCode.MALFORMED, "To incorporate in part, name the changes; no other outcome takes them.")
    base, text = standing
    parts = [part for edits in proposals for part in primitive(base, edits)]
    here = [part for part in parts if part.section == section]
    additions = [part for part in parts if isinstance(part, Add)]
    if outcome in {Outcome.NOT_RETAINED, Outcome.PARK}:
        return ()
    if outcome is Outcome.REDRAFT:
        return _redrafted(section, text, additions, said.redraft or "")
    if not here:
        raise Refusal(ProblemCode.MALFORMED, "Name the amendments that this decision is about.")
    if outcome is Outcome.IN_PART:
        if len(proposals) != 1:
            raise Refusal(ProblemCode.MALFORMED, "Only one amendment at a time can be incorporated in part.")
        return (_in_part(_line(base, section), _line(text, section), here, said),)
    if outcome is Outcome.ALTERNATIVE:
        return tuple(_alternatives(_line(text, section), here, said.mint))
    carried = _incorporated if outcome is Outcome.INCORPORATE else _bracketed
    edits = carried(_line(base, section), _line(text, section), here)
    placed = [_placed(edit, text, additions) for edit in edits]
    # The same paragraph, added by two delegations at the same place, is added once; both are incorporated.
    return tuple(edit for edit in placed if not (isinstance(edit, Add) and _stands_already(base, text, edit)))


def _redrafted(section: str, text: Manifest, additions: Sequence[Add], redraft: str) -> tuple[PrimitiveEdit, ...]:
    if _line(text, section) is not None:
        return (Replace(section=section, text=redraft),)
    new = next((part for part in additions if part.section == section), None)
    if new is None:
        raise Refusal(ProblemCode.UNKNOWN_SECTION, f"The text has no section {section}, and no amendment adds it.")
    return (_placed(new.model_copy(update={"text": redraft}), text, additions),)


def _alternatives(
    line: Line | None, parts: Sequence[PrimitiveEdit], mint: Callable[[], str]
) -> Iterator[PrimitiveEdit]:
    """Put the paragraph in brackets, and after it in brackets of its own each whole wording proposed for it."""
    wordings = list(dict.fromkeys(part.text for part in parts if isinstance(part, Replace)))
    if line is None or line.deleted or not wordings:
        raise Refusal(ProblemCode.MALFORMED, "Only another wording of a paragraph that stands can be its alternative.")
    if not _is_one_bracket(line.text):
        yield Replace(section=line.section, text=f"[{line.text}]")
    after = line.section
    for wording in wordings:
        section = mint()
        text = wording if _is_one_bracket(wording) else f"[{wording}]"
        yield Add(
            after=after,
            section=section,
            section_kind=line.kind,
            level=line.level,
            text=text,
            alternative_to=line.section,
        )
        after = section


def _is_one_bracket(text: str) -> bool:
    outermost = tree(text)
    return len(outermost) == 1 and (outermost[0].start, outermost[0].end) == (0, len(text))


def _in_part(base: Line | None, line: Line | None, parts: Sequence[PrimitiveEdit], said: Said) -> PrimitiveEdit:
    rewordings = [part for part in parts if isinstance(part, Replace)]
    if len(rewordings) != 1 or base is None or line is None or line.deleted != base.deleted:
        raise Refusal(ProblemCode.MALFORMED, "Only the rewording of a paragraph that stands can be taken in part.")
    taken = take(base.text, line.text, rewordings[0].text, said.hunks, taken=said.taken)
    if isinstance(taken, Clash):
        raise _conflict(base.text, taken)
    if taken.rest == taken.text:
        raise Refusal(ProblemCode.MALFORMED, "These are all the changes that are left: incorporate the amendment.")
    if taken.text == line.text:
        raise Refusal(ProblemCode.NO_CHANGE, "These changes were taken before.")
    text = bracketed(line.text, taken.text) if said.bracketed else taken.text
    return rewordings[0].model_copy(update={"text": text})


def _incorporated(base: Line | None, line: Line | None, parts: Sequence[PrimitiveEdit]) -> list[PrimitiveEdit]:
    edits: dict[str, PrimitiveEdit] = {}
    reads, gone = (line.text, line.deleted) if line else (None, True)
    for part in parts:
        match part:
            case Add() if reads in {None, part.text}:
                edits["text"] = part
                reads, gone = part.text, False
            case Delete() if edits.get("text") is None:
                edits["text"] = part
                reads, gone = "", True
            case Move():
                edits["place"] = part
            case Replace() if base is not None and reads is not None and gone == base.deleted:
                reads, gone = _merged(base.text, reads, part.text), False
                edits["text"] = part.model_copy(update={"text": reads})
            case _:
                raise Refusal(
                    ProblemCode.CONFLICT, "What was decided here before leaves no place for this; redraft it."
                )
    return list(edits.values())


def _bracketed(base: Line | None, line: Line | None, parts: Sequence[PrimitiveEdit]) -> list[PrimitiveEdit]:
    if line is None:
        return [part.model_copy(update={"text": f"[{part.text}]"}) for part in parts if isinstance(part, Add)]
    rewordings = [part.text for part in parts if isinstance(part, Replace)]
    deletions = any(isinstance(part, Delete) for part in parts)
    if base is None or not (rewordings or deletions):
        raise Refusal(
            ProblemCode.CONFLICT, "A place cannot stand in brackets: incorporate it, redraft, or do not retain it."
        )
    reads = bracketed(line.text, *(_merged(base.text, line.text, wording) for wording in rewordings))
    return [Replace(section=line.section, text=f"[{reads}]" if deletions else reads)]


def _merged(base: str, reads: str, proposed: str) -> str:
    merged = merge(base, reads, proposed)
    if isinstance(merged, Clash):
        raise _conflict(base, merged)
    return merged.text


def _conflict(base: str, clash: Clash) -> Refusal:
    passages = [{"base": base[p.start : p.end], "current": p.current, "proposed": p.proposed} for p in clash.passages]
    return Refusal(
        ProblemCode.CONFLICT,
        "These words were changed by an earlier decision; redraft the section, or undo that decision first.",
        passages=passages,
    )


def _stands_already(base: Manifest, text: Manifest, new: Add) -> bool:
    """Tell whether what is to be added was added by another decision, word for word and at the same place."""
    known = {line.section for line in base}
    said = new.section_kind, new.level, new.text
    twins = [x.section for x in text if x.section not in known and (x.kind, x.level, x.text) == said]
    if not twins or new.section in twins:
        return False
    before: dict[str, str | None] = {}
    last: str | None = None
    for line in apply(text, [new]):
        before[line.section] = last
        last = line.section if line.section in known else last
    return any(before[twin] == before[new.section or ""] for twin in twins)


def _placed(edit: PrimitiveEdit, text: Manifest, additions: Sequence[Add]) -> PrimitiveEdit:
    if isinstance(edit, Add | Move):
        return edit.model_copy(update={"after": _anchor(edit.after, text, additions)})
    return edit


def _anchor(after: str | None, text: Manifest, additions: Sequence[Add]) -> str | None:
    """Give where to stand when the section to stand after is itself new and not (yet) taken: after its own anchor."""
    while after is not None and _line(text, after) is None:
        after = next(part.after for part in additions if part.section == after)
    return after


def _line(text: Manifest, section: str | None) -> Line | None:
    return next((line for line in text if line.section == section), None)
