"""The desk's arithmetic: what a decision amounts to in edits, and the text after all decisions."""

from collections.abc import Iterable, Sequence
from functools import reduce

from drafting.domain.brackets import bracketed
from drafting.domain.edits import apply, primitive
from drafting.domain.merging import Clash, merge
from drafting.domain.text import Line, Manifest
from drafting.protocol.edits import Add, Delete, Edit, Move, PrimitiveEdit, Replace
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.words import Outcome


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
    redraft: str | None,
) -> tuple[PrimitiveEdit, ...]:
    """Give the edits that carry an outcome out on one section.

    ``standing`` is the base and the text as consolidated so far; ``proposals`` the edits of the amendments decided
    on; ``redraft`` goes with that outcome. Raises Refusal: CONFLICT where what was decided before leaves no place
    for it (``facts`` name the passages); MALFORMED for a redraft without a text, or a text without a redraft.
    """
    if (redraft is not None) != (outcome is Outcome.REDRAFT):
        raise Refusal(ProblemCode.MALFORMED, "A redraft needs its text; no other outcome takes one.")
    base, text = standing
    parts = [part for edits in proposals for part in primitive(base, edits)]
    here = [part for part in parts if part.section == section]
    additions = [part for part in parts if isinstance(part, Add)]
    if outcome is Outcome.NOT_RETAINED:
        return ()
    if outcome is Outcome.REDRAFT:
        return _redrafted(section, text, additions, redraft or "")
    if not here:
        raise Refusal(ProblemCode.MALFORMED, "Name the amendments that this decision is about.")
    carried = _incorporated if outcome is Outcome.INCORPORATE else _bracketed
    edits = carried(_line(base, section), _line(text, section), here)
    return tuple(_placed(edit, text, additions) for edit in edits)


def _redrafted(section: str, text: Manifest, additions: Sequence[Add], redraft: str) -> tuple[PrimitiveEdit, ...]:
    if _line(text, section) is not None:
        return (Replace(section=section, text=redraft),)
    new = next((part for part in additions if part.section == section), None)
    if new is None:
        raise Refusal(ProblemCode.UNKNOWN_SECTION, f"The text has no section {section}, and no amendment adds it.")
    return (_placed(new.model_copy(update={"text": redraft}), text, additions),)


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
        passages = [
            {"base": base[p.start : p.end], "current": p.current, "proposed": p.proposed} for p in merged.passages
        ]
        raise Refusal(
            ProblemCode.CONFLICT,
            "These words were changed by an earlier decision; redraft the section, or undo that decision first.",
            passages=passages,
        )
    return merged.text


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
