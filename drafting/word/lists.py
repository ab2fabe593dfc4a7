"""The numbers that Word computes: styles and ``numbering.xml`` worked out into the literal number of each paragraph."""

import re
from dataclasses import dataclass, field

from lxml import etree

from drafting.domain.labels import Style, written

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9
_LONGEST_CHAIN = 20  # styles based on styles; Word itself stops at ten
_PLACE = re.compile(r"%([1-9])")
_STYLES = {
    "lowerLetter": (Style.LETTER, "a"),
    "upperLetter": (Style.LETTER, "A"),
    "lowerRoman": (Style.ROMAN, "a"),
    "upperRoman": (Style.ROMAN, "A"),
}


def child_value(element: etree._Element | None, path: str) -> str | None:
    """Read the ``w:val`` of the descendant at ``rPr/b``: "" when it has none, None when there is no descendant."""
    found = element.find("/".join(f"{W}{step}" for step in path.split("/"))) if element is not None else None
    return None if found is None else found.get(f"{W}val", "")


def is_on(value: str | None) -> bool | None:
    """Read a switch such as ``w:b``; None when it is not there."""
    return None if value is None else value not in {"0", "false", "off", "none"}


class Styles:
    """The styles of a document, each with what it inherits."""

    def __init__(self, root: etree._Element | None) -> None:
        found = root.iter(f"{W}style") if root is not None else ()
        self._styles = {style.get(f"{W}styleId", ""): style for style in found}
        self._default = next(
            (
                name
                for name, style in self._styles.items()
                if style.get(f"{W}type") == "paragraph" and is_on(style.get(f"{W}default"))
            ),
            "",
        )

    def value(self, style: str | None, path: str) -> str | None:
        """Find the nearest value along the chain of styles, beginning with ``style`` (None: the default one)."""
        name: str | None = style if style is not None else self._default
        for _ in range(_LONGEST_CHAIN):
            element = self._styles.get(name or "")
            if element is None:
                return None
            if (value := child_value(element, path)) is not None:
                return value
            name = child_value(element, "basedOn")
        return None

    def name(self, style: str | None) -> str:
        """Tell the built-in name of a style, which is English in every language of Word, in small letters."""
        return (child_value(self._styles.get(style or ""), "name") or "").casefold()


@dataclass(slots=True)
class _Level:
    format: str = "decimal"
    text: str = ""
    start: int = 1
    restart: int | None = None  # the number of the level that restarts this one, 0: none does
    legal: bool = False
    style: str | None = None


@dataclass(slots=True)
class _Num:
    abstract: str
    starts: dict[int, int] = field(default_factory=dict)
    levels: dict[int, _Level] = field(default_factory=dict)


class Numbers:
    """Counts through a document; ask for every numbered paragraph once, in order."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._nums: dict[str, _Num] = {}
        self._counters: dict[str, list[int | None]] = {}
        self._started: set[tuple[str, int]] = set()
        self._styles = styles
        links: dict[str, str] = {}
        for element in root.iter(f"{W}abstractNum") if root is not None else ():
            name = element.get(f"{W}abstractNumId", "")
            self._abstract[name] = {_index(level): _level(level) for level in element.iterfind(f"{W}lvl")}
            if link := child_value(element, "numStyleLink"):
                links[name] = link
        for element in root.iterfind(f"{W}num") if root is not None else ():
            self._nums[element.get(f"{W}numId", "")] = _num(element)
        for name, link in links.items():
            target = self._nums.get(styles.value(link, "pPr/numPr/numId") or "")
            if target is not None:
                self._abstract[name] = self._abstract.get(target.abstract, {})

    def number(self, paragraph: etree._Element, style: str | None) -> tuple[str, int]:
        """Count a paragraph: its literal number (``-`` for a bullet, "" for none), and its level in the list from 0."""
        own = child_value(paragraph, "pPr/numPr/numId")
        num_id = own if own is not None else self._styles.value(style, "pPr/numPr/numId")
        num = self._nums.get(num_id or "")
        if num is None or num_id is None or num_id == "0":
            return "", 0
        levels = self._abstract.get(num.abstract, {}) | num.levels
        index = self._level_of(paragraph, style, levels)
        level = levels.get(index)
        if level is None:
            return "", index
        self._count(num_id, num, index, levels)
        if level.format == "bullet":
            return "-", index
        counters = self._counters[num.abstract]
        text = _PLACE.sub(lambda place: _counted(counters, levels, int(place[1]) - 1, legal=level.legal), level.text)
        return ("" if level.format == "none" and not level.text else text.strip()), index

    def _level_of(self, paragraph: etree._Element, style: str | None, levels: dict[int, _Level]) -> int:
        own = child_value(paragraph, "pPr/numPr/ilvl")
        if own is None and child_value(paragraph, "pPr/numPr/numId") is None:
            linked = next(
                (index for index, level in levels.items() if style is not None and level.style == style), None
            )
            if linked is not None:
                return linked
            own = self._styles.value(style, "pPr/numPr/ilvl")
        return min(int(own), _LEVELS - 1) if own and own.isdecimal() else 0

    def _count(self, num_id: str, num: _Num, index: int, levels: dict[int, _Level]) -> None:
        counters = self._counters.setdefault(num.abstract, [None] * _LEVELS)
        if index in num.starts and (num_id, index) not in self._started:
            counters[index] = num.starts[index]
            self._started.add((num_id, index))
        else:
            latest = counters[index]
            counters[index] = levels[index].start if latest is None else latest + 1
        for deeper in range(index + 1, _LEVELS):
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or (restart and index < restart):
                counters[deeper] = None


def _index(level: etree._Element) -> int:
    return _whole(level.get(f"{W}ilvl"), 0)


def _whole(value: str | None, otherwise: int) -> int:
    return int(value) if value and value.isdecimal() and len(value) < _LEVELS else otherwise


def _level(element: etree._Element) -> _Level:
    restart = child_value(element, "lvlRestart")
    return _Level(
        format=child_value(element, "numFmt") or "decimal",
        text=child_value(element, "lvlText") or "",
        start=_whole(child_value(element, "start"), 0),
        restart=None if restart is None else _whole(restart, 0),
        legal=is_on(child_value(element, "isLgl")) or False,
        style=child_value(element, "pStyle"),
    )


def _num(element: etree._Element) -> _Num:
    num = _Num(child_value(element, "abstractNumId") or "")
    for override in element.iterfind(f"{W}lvlOverride"):
        start = child_value(override, "startOverride")
        if start is not None:
            num.starts[_index(override)] = _whole(start, 0)
        level = override.find(f"{W}lvl")
        if level is not None:
            num.levels[_index(override)] = _level(level)
    return num


def _counted(counters: list[int | None], levels: dict[int, _Level], index: int, *, legal: bool) -> str:
    level = levels.get(index, _Level())
    latest = counters[index]
    value = level.start if latest is None else latest
    style, like = _STYLES.get("decimal" if legal else level.format, (Style.DECIMAL, "a"))
    text = written(value, style, like=like)
    return text.zfill(2) if level.format == "decimalZero" and not legal else text
