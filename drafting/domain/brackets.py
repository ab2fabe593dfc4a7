"""Brackets: text that is not agreed. They are literal ``[`` and ``]``, nested, and not always balanced."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import chain
from typing import NamedTuple

from drafting.domain.changes import Changes, rewritten, stretches
from drafting.domain.diff import changes

_REACH = 8
"""How many changed stretches are looked at for the partner of a bracket."""


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
    if not live(text):
        return ()
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


def bracketed(current: str, *proposed: str) -> str:
    """Write ``current`` with every difference to the ``proposed`` wordings in literal brackets.

    What would go and what would come stand in brackets of their own, the current wording first: ``take [appropriate]
    [all necessary] measures``. Where only brackets differ, the wording with the most of them stands; where only spaces
    differ, the first. Balanced texts give balanced text: where differences and brackets cross too much for that, the
    whole texts stand side by side.
    """
    readings = {text: changes(current, text) for text in dict.fromkeys(proposed)}
    parts: list[str] = []
    at = 0
    for start, end in whole_stretches(current, tuple(readings.values())):
        wordings = [rewritten(current, some, start, end) for some in readings.values()]
        parts += current[at:start], _side_by_side([current[start:end], *wordings])
        at = end
    return "".join([*parts, current[at:]])


def whole_stretches(base: str, readings: Sequence[Changes]) -> tuple[tuple[int, int], ...]:
    """Find the parts of ``base``, in code points, that the readings reword, each with all its brackets whole.

    Each part is the smallest in which ``base`` and every balanced reading have balanced brackets; where no such part is
    near, it is the whole of a balanced ``base``. Where ``base`` itself is unbalanced, a part stays as it is. Between
    any two stands text that all readings share.
    """
    balanced = [some for some in readings if not lint(rewritten(base, some, 0, len(base)))]
    found: list[tuple[int, int]] = []
    apart = stretches(base, chain.from_iterable(readings), touching=True)
    number = 0
    while number < len(apart):
        start = apart[number].start
        reach = range(number, min(number + _REACH, len(apart)))
        last = next((n for n in reach if _whole(base, balanced, start, apart[n].end)), None)
        if last is None and not lint(base):
            return ((0, len(base)),)
        last = number if last is None else last
        found.append((start, apart[last].end))
        number = last + 1
    return tuple(found)


def _whole(base: str, readings: Sequence[Changes], start: int, end: int) -> bool:
    if lint(base[start:end]):
        return False
    return not any(map(lint, {rewritten(base, some, start, end) for some in readings}))


def _side_by_side(wordings: Sequence[str]) -> str:
    distinct: dict[str, str] = {}
    for wording in wordings:
        bare = _bare(wording)
        distinct[bare] = max(distinct.get(bare, wording), wording, key=_brackets)
    if len(distinct) == 1:
        return next(iter(distinct.values()))
    lead, trail = edges(*wordings)
    return lead + " ".join(f"[{wording.strip()}]" for wording in distinct.values() if wording.strip()) + trail


def edges(*wordings: str) -> tuple[str, str]:
    """Give the space before and after the first of the wordings that says anything."""
    outer = next((wording for wording in wordings if wording.strip()), "")
    return outer[: len(outer) - len(outer.lstrip())], outer[len(outer.rstrip()) :]


def _bare(text: str) -> str:
    return "".join(character for character in text if character not in "[]" and not character.isspace())


def _brackets(text: str) -> int:
    return text.count("[") + text.count("]")
