"""What an amendment of the demonstration is to do to the text: sections by their labels, turned into edits."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import TypeAdapter

from drafting.domain.text import Line
from drafting.protocol.edits import ProposedEdit
from storage.ids import Mint

Item = dict[str, Any]
EDITS: TypeAdapter[list[ProposedEdit]] = TypeAdapter(list[ProposedEdit])
_SECTIONS = ("section", "after", "alternative_to")
_AS_IT_IS = ("text", "texts", "old", "new")


class Wording:
    """A text by label, with the clock and the mint that new sections have their ids from."""

    def __init__(self, lines: Mapping[str, Line], mint: Mint, clock: Any) -> None:
        self.lines = lines
        self._mint = mint
        self._clock = clock

    def edits(self, items: Iterable[Item]) -> list[ProposedEdit]:
        """Turn the items of one amendment into its edits; ``named`` is what it calls a section that it adds."""
        mine: dict[str, str] = {}
        return EDITS.validate_python([self._edit(item, mine) for item in items])

    def section(self, label: str) -> str:
        """Give the id of the section that has the label."""
        return self.lines[label].section

    def _edit(self, item: Item, mine: dict[str, str]) -> Item:
        edit = {"op": item["op"]} | {key: item[key] for key in _AS_IT_IS if key in item}
        edit |= {key: mine.get(item[key]) or self.section(item[key]) for key in _SECTIONS if key in item}
        match item["op"]:
            case "replace":
                edit["text"] = item.get("text") or substituted(self.lines[item["section"]].text, item)
            case "add":
                like = self.lines[item.get("like") or item["after"]]
                edit |= {"section_kind": like.kind, "level": like.level}
                if "named" in item:
                    edit["section"] = mine[item["named"]] = self._mint("se", self._clock())
            case "merge":
                edit["sections"] = [self.section(label) for label in item["sections"]]
        return edit


def substituted(text: str, item: Item) -> str:
    """Give a section's text with the item's substitutions made, each of words that stand in it once."""
    for old, new in item["substitute"]:
        if text.count(old) != 1:
            raise ValueError(f"“{old}” does not stand once in {item['section']}")
        text = text.replace(old, new)
    return text
