"""Brackets: text that is not agreed. They are literal ``[`` and ``]``, nested, and not always balanced."""

from enum import StrEnum
from typing import NamedTuple

from drafting.domain.changes import Change, Changes, rewritten
from drafting.domain.diff import changes

_REACH = 8
"""How many further changes are looked at for the partner of a bracket."""


class BracketFault(StrEnum):
    """What a bracket lacks."""

    UNOPENED = "unopened"
    UNCLOSED = "unclosed"


class BracketLint(NamedTuple):
    """A bracket without its partner; ``position`` in code points."""

    position: int
    what: BracketFault


def lint(text: str) -> tuple[BracketLint, ...]:
    """List the brackets that have no partner, in order."""
    open_at: list[int] = []
    faults: list[BracketLint] = []
    for position, character in enumerate(text):
        if character == "[":
            open_at.append(position)
        elif character == "]" and open_at:
            open_at.pop()
        elif character == "]":
            faults.append(BracketLint(position, BracketFault.UNOPENED))
    faults += (BracketLint(position, BracketFault.UNCLOSED) for position in open_at)
    return tuple(sorted(faults))


def count(text: str) -> int:
    """Count the brackets that are both opened and closed."""
    unopened = sum(fault.what is BracketFault.UNOPENED for fault in lint(text))
    return text.count("]") - unopened


def live(text: str) -> bool:
    """Say whether anything in the text is bracketed; a bracket without a partner counts: it is nobody's consent."""
    return "[" in text or "]" in text


def bracketed(current: str, proposed: str) -> str:
    """Write ``current`` with every difference to ``proposed`` in literal brackets.

    What would go and what would come stand in brackets of their own, the current wording first: ``take [appropriate]
    [all necessary] measures``. Where only brackets differ, those of either side stand; where only spaces differ, the
    current ones. Balanced texts give balanced text: where differences and brackets cross too much for that, the two
    texts stand side by side.
    """
    text = _marked(current, proposed)
    if lint(text) and not lint(current) and not lint(proposed):
        return _alternatives(current, proposed)
    return text


def _marked(current: str, proposed: str) -> str:
    parts: list[str] = []
    at = 0
    for start, end, text in _balanced(current, changes(current, proposed)):
        parts += current[at:start], _alternatives(current[start:end], text)
        at = end
    return "".join([*parts, current[at:]])


def _alternatives(old: str, new: str) -> str:
    if _bare(old) == _bare(new):
        return max(old, new, key=_brackets)
    outer = old if old.strip() else new
    lead, trail = _lead(outer), _lead(outer[::-1])[::-1]
    return lead + " ".join(f"[{wording.strip()}]" for wording in (old, new) if wording.strip()) + trail


def _lead(text: str) -> str:
    return text[: len(text) - len(text.lstrip())]


def _bare(text: str) -> str:
    return "".join(character for character in text if character not in "[]" and not character.isspace())


def _brackets(text: str) -> int:
    return text.count("[") + text.count("]")


def _balanced(base: str, some: Changes) -> Changes:
    """Give the changes, each widened over the next ones until the brackets it takes away and brings in are whole.

    One whose partner is not near stays as it is: the text itself is unbalanced there.
    """
    found: list[Change] = []
    number = 0
    while number < len(some):
        widened = next(
            (
                (change, size)
                for size in range(1, min(_REACH, len(some) - number) + 1)
                if _whole(base, change := _joined(base, some[number : number + size]))
            ),
            (some[number], 1),
        )
        found.append(widened[0])
        number += widened[1]
    return tuple(found)


def _joined(base: str, some: Changes) -> Change:
    start, end = some[0].start, some[-1].end
    return Change(start, end, rewritten(base, some, start, end))


def _whole(base: str, change: Change) -> bool:
    return not lint(base[change.start : change.end]) and not lint(change.text)
