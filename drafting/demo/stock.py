"""Puts amendments together from the stock: on one paragraph, one change or two that go together, with their reasons."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise

from drafting.demo.wording import Item
from drafting.domain.text import Line

_SEED = 41
_EACH = 30
"""Minutes from one amendment to the next."""
_IN_PAIRS = 3
"""Every third amendment makes two changes."""


def scheduled(written: Sequence[Item], made: Sequence[Item]) -> list[Item]:
    """Give the amendments of both kinds in an order that is drawn, half an hour apart."""
    drawn = [*written, *made]
    random.Random(_SEED).shuffle(drawn)  # noqa: S311 - the same each time
    return [{**item, "at_minutes": n * _EACH} for n, item in enumerate(drawn, 1)]


def put_together(
    count: int,
    stock: Sequence[Item],
    delegations: Sequence[str],
    lines: Mapping[str, Line],
    written: Sequence[Item],
) -> list[Item]:
    """Give amendments of the delegations that have the fewest, on the paragraphs that have the fewest, each another.

    No delegation gets a second proposal on one paragraph. The same arguments give the same amendments.
    """
    draw = random.Random(_SEED)  # noqa: S311 - as above
    said = [(item.get("delegation"), edit.get("section")) for item in written for edit in item["edit"]]
    busy = Counter(code for code in (item.get("delegation") for item in written) if code)
    crowded = Counter(section for _, section in said)
    single, paired = (_ways(draw, stock, lines, many) for many in (1, 2))
    found = []
    for n in range(1, count + 1):
        ways = single if n % _IN_PAIRS else paired
        section, changes = ways.pop(min(range(len(ways)), key=lambda way: crowded[ways[way][0]]))
        code = min((code for code in delegations if (code, section) not in said), key=lambda code: busy[code])
        busy[code] += 1
        crowded[section] += 1
        said.append((code, section))
        substitute = [_substitution(lines[section], change) for change in changes]
        reason = " ".join(change["reason"] for change in changes)
        edit = {"op": "replace", "section": section, "substitute": substitute}
        found.append({"delegation": code, "rationale": reason, "edit": [edit]})
    return found


def _ways(
    draw: random.Random, stock: Sequence[Item], lines: Mapping[str, Line], many: int
) -> list[tuple[str, tuple[Item, ...]]]:
    """Give the ways to change a paragraph by so ``many`` changes, in an order that is drawn."""
    sections = sorted({section for change in stock for section in change["on"]})
    found = [
        (section, changes)
        for section in sections
        for changes in combinations((change for change in stock if section in change["on"]), many)
        if _apart(lines[section].text, [_substitution(lines[section], change) for change in changes])
    ]
    draw.shuffle(found)
    return found


def _substitution(line: Line, change: Item) -> list[str]:
    """Give the words to be replaced, and those in their place; a tail goes before the paragraph's last mark."""
    if "tail" not in change:
        return [change["old"], change["new"]]
    last = line.text.rsplit(maxsplit=1)[-1]
    return [last, f"{last[:-1]}{change['tail']}{last[-1]}"]


def _apart(text: str, substitutions: Sequence[Sequence[str]]) -> bool:
    """Tell whether no two changes are of the same words."""
    spans = sorted((text.index(old), text.index(old) + len(old)) for old, _ in substitutions)
    return all(end <= start for (_, end), (start, _) in pairwise(spans))
