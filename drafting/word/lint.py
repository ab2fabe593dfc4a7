"""What is wrong with a Word file that the validators pass over: a word processor would repair it, or complain.

Of our own files and of those that come in. Every rule answers findings; an empty tuple is a clean file.
"""

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_CHANGES = frozenset(
    f"{_W}{name}"
    for name in (
        *("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge", "numberingChange"),
        *("rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblPrExChange", "trPrChange", "tcPrChange"),
        *("tblGridChange", "moveFromRangeStart", "moveToRangeStart"),
    )
)
_COUNTED = _CHANGES | {f"{_W}bookmarkStart"}
_MOVES = ("moveFrom", "moveTo")
_STYLE_REFERENCES = frozenset(f"{_W}{name}" for name in ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link"))
_TRACKED = frozenset(f"{_W}{name}" for name in ("ins", "del", "moveFrom", "moveTo"))
_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_PARAGRAPH_IDS_END = 0x80000000
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


class Finding(NamedTuple):
    """One thing wrong: the part it is in, the rule it breaks, and what exactly stands there."""

    part: str
    rule: str
    detail: str


_Element = etree._Element  # noqa: SLF001 - lxml gives the type of its elements no other name
_Parts = dict[str, _Element]
_COMMENTS = "word/comments.xml"
_Rule = Callable[[_Parts], Iterator[Finding]]


def lint(file: bytes) -> tuple[Finding, ...]:
    """Every finding in a ``.docx``, rule by rule. The bytes must be a zip of well-formed XML parts."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        names = [info.filename for info in archive.infolist() if info.filename.endswith((".xml", ".rels"))]
        parts = {name: etree.fromstring(archive.read(name), _PARSER) for name in names}
    return tuple(finding for rule in _RULES for finding in rule(parts))


def _unpaired_moves(parts: _Parts) -> Iterator[Finding]:
    """Hold that a range that starts must end, by its id, and a name that is moved from must be moved to, once each."""
    for part, root in parts.items():
        names = {}
        for move in _MOVES:
            starts, ends = (list(root.iter(f"{_W}{move}Range{edge}")) for edge in ("Start", "End"))
            for number in _unequal([_value(start, "id") for start in starts], [_value(end, "id") for end in ends]):
                yield Finding(part, "unpaired move range", f"{move}Range of id {number}")
            names[move] = [_value(start, "name") for start in starts]
        for name in _unequal(names["moveFrom"], names["moveTo"]):
            yield Finding(part, "unpaired move", f"named {name}")


def _unequal(left: list[str], right: list[str]) -> list[str]:
    """Find what is not exactly once in both."""
    first, second = Counter(left), Counter(right)
    return [key for key in first | second if not first[key] == second[key] == 1]


def _moves_outside_ranges(parts: _Parts) -> Iterator[Finding]:
    for part, root in parts.items():
        for move in _MOVES:
            open_ranges = 0
            for element in root.iter(f"{_W}{move}", f"{_W}{move}RangeStart", f"{_W}{move}RangeEnd"):
                name = etree.QName(element).localname
                if name != move:
                    open_ranges += 1 if name.endswith("Start") else -1
                # A paragraph's mark is written before its content, hence before the range that opens in it.
                elif not open_ranges and not _on_mark(element):
                    yield Finding(part, "move outside its range", f"{move} of id {_value(element, 'id')}")


def _on_mark(change: _Element) -> bool:
    parent = change.getparent()
    return parent is not None and parent.tag == f"{_W}rPr"


def _text_in_wrong_place(parts: _Parts) -> Iterator[Finding]:
    """Hold that deleted text is ``w:delText`` and stands in ``w:del``; other text never does."""
    for part, root in parts.items():
        for text in root.iter(f"{_W}t", f"{_W}delText", f"{_W}instrText", f"{_W}delInstrText"):
            name = etree.QName(text).localname
            is_deleted = next(text.iterancestors(f"{_W}del"), None) is not None
            if is_deleted != name.startswith("del"):
                where = "inside" if is_deleted else "outside"
                yield Finding(part, f"{name} {where} a deletion", text.text or "")


def _ids(parts: _Parts) -> Iterator[Finding]:
    """One counter for changes, ranges and bookmarks; paragraph ids unique over all parts, positive and 31 bits long."""
    paragraphs: Counter[str] = Counter()
    for part, root in parts.items():
        counted = Counter(_value(element, "id") for element in root.iter(*_COUNTED))
        for number, times in counted.items():
            if times > 1 or not number:
                yield Finding(part, "duplicate id" if number else "missing id", f"{number} on {times} elements")
        for element in root.iter(f"{_W}p", f"{_W}tr"):
            identifier = element.get(f"{_W14}paraId")
            if identifier is None:
                continue
            paragraphs[identifier] += 1
            if paragraphs[identifier] > 1:
                yield Finding(part, "duplicate paragraph id", identifier)
            if not _is_paragraph_id(identifier):
                yield Finding(part, "paragraph id out of range", identifier)


def _is_paragraph_id(identifier: str) -> bool:
    return re.fullmatch("[0-9A-Fa-f]{8}", identifier) is not None and 0 < int(identifier, 16) < _PARAGRAPH_IDS_END


def _nested_changes(parts: _Parts) -> Iterator[Finding]:
    """Hold that inside of a change nothing stands but what others would have gone: each of them once."""
    for part, root in parts.items():
        for change in root.iter(*_TRACKED):
            around = list(change.iterancestors(*_TRACKED))
            if not around or _on_mark(change):
                continue
            name, outer = (etree.QName(one).localname for one in (change, around[0]))
            if name != "del":
                yield Finding(part, "change nested the wrong way", f"{name} in {outer}")
            elif any(one.tag == change.tag and _value(one, "author") == _value(change, "author") for one in around):
                yield Finding(part, "deleted twice by one author", _value(change, "author"))


def _comments(parts: _Parts) -> Iterator[Finding]:
    """Hold that each comment has one range, which starts before it ends, and one reference, and that these have it."""
    said = Counter(_value(one, "id") for part, root in parts.items() if _is_comments(part) for one in root)
    yield from (Finding(_COMMENTS, "duplicate comment", number) for number, times in said.items() if times > 1)
    referred: Counter[str] = Counter()
    for part, root in parts.items():
        open_ranges: set[str] = set()
        starts: Counter[str] = Counter()
        for mark in root.iter(f"{_W}commentRangeStart", f"{_W}commentRangeEnd", f"{_W}commentReference"):
            name, number = etree.QName(mark).localname, _value(mark, "id")
            if name == "commentReference":
                referred[number] += 1
            elif name == "commentRangeStart":
                open_ranges.add(number)
                starts[number] += 1
            elif number in open_ranges:
                open_ranges.remove(number)
            else:
                yield Finding(part, "unpaired comment range", number)
            if number not in said:
                yield Finding(part, "stray comment id", number)
        for number in (*open_ranges, *(number for number, times in starts.items() if times > 1)):
            yield Finding(part, "unpaired comment range", number)
    for number in said:
        if referred[number] != 1:
            yield Finding(_COMMENTS, "comment without its reference", f"{number} has {referred[number]}")


def _threads(parts: _Parts) -> Iterator[Finding]:
    """Hold that a thread's entries are known by their comments' last paragraphs, and that replies reply to no reply."""
    last = {
        paragraphs[-1].get(f"{_W14}paraId"): _value(one, "id")
        for part, root in parts.items()
        if _is_comments(part)
        for one in root
        if (paragraphs := list(one.iter(f"{_W}p")))
    }
    edges = _edges(parts)
    for part, root in parts.items():
        if root.tag != f"{_W15}commentsEx":
            continue
        entries = {one.get(f"{_W15}paraId"): one.get(f"{_W15}paraIdParent") for one in root}
        if len(entries) < len(root):
            yield Finding(part, "duplicate thread entry", "commentEx")
        for key, parent in entries.items():
            yield from (Finding(part, "stray thread entry", one) for one in (key, parent) if one and one not in last)
            if parent and entries.get(parent):
                yield Finding(part, "reply to a reply", str(key))
            if parent in last and key in last and not _on_one_range(edges, last[parent], last[key]):
                yield Finding(part, "reply on another range", last[key])


def _edges(parts: _Parts) -> dict[tuple[str, str], _Element]:
    """Find where comments start and end, by the edge and the comment."""
    tags = f"{_W}commentRangeStart", f"{_W}commentRangeEnd"
    return {(str(mark.tag), _value(mark, "id")): mark for root in parts.values() for mark in root.iter(*tags)}


def _on_one_range(edges: dict[tuple[str, str], _Element], root: str, reply: str) -> bool:
    """Whether nothing but edges of comments stands between where the two start, and between where they end."""
    return all(_beside(edges, f"{_W}commentRange{edge}", root, reply) for edge in ("Start", "End"))


def _beside(edges: dict[tuple[str, str], _Element], tag: str, root: str, reply: str) -> bool:
    mark = edges.get((tag, root))
    while mark is not None and _value(mark, "id") != reply:
        mark = mark.getnext()
        if mark is not None and mark.tag != tag:
            return False
    return mark is not None


def _is_comments(part: str) -> bool:
    return posixpath.basename(part) == "comments.xml"


def _undefined_styles(parts: _Parts) -> Iterator[Finding]:
    defined = {
        style.get(f"{_W}styleId")
        for name, root in parts.items()
        if _is_styles(name)
        for style in root.iter(f"{_W}style")
    }
    for part, root in parts.items():
        used = dict.fromkeys(_value(reference, "val") for reference in root.iter(*_STYLE_REFERENCES))
        for style in used:
            if style not in defined:
                yield Finding(part, "undefined style", style)


def _is_styles(part: str) -> bool:
    return posixpath.basename(part) == "styles.xml"


def _unbalanced_fields(parts: _Parts) -> Iterator[Finding]:
    """Each field begins, separates at most once, and ends, and fields nest."""
    for part, root in parts.items():
        separated: list[bool] = []
        for mark in root.iter(f"{_W}fldChar"):
            kind = _value(mark, "fldCharType")
            if kind == "begin":
                separated.append(False)
            elif not separated or (kind == "separate" and separated[-1]):
                yield Finding(part, "unbalanced field", f"{kind} without its begin")
            elif kind == "separate":
                separated[-1] = True
            else:
                separated.pop()
        if separated:
            yield Finding(part, "unbalanced field", f"{len(separated)} without an end")


def _numbering_in_redlines(parts: _Parts) -> Iterator[Finding]:
    """Automatic numbers change when a reader accepts or rejects: where changes are tracked, labels are literal."""
    for part, root in parts.items():
        if next(root.iter(*_CHANGES), None) is not None and next(root.iter(f"{_W}numPr"), None) is not None:
            yield Finding(part, "automatic numbers in a redline", "numPr")


def _stray_relationships(parts: _Parts) -> Iterator[Finding]:
    """Every ``r:`` reference is declared among the part's relationships."""
    for part, root in parts.items():
        folder, name = posixpath.split(part)
        declared = parts.get(posixpath.join(folder, "_rels", f"{name}.rels"))
        known = {link.get("Id") for link in declared.iter(_RELATIONSHIP)} if declared is not None else set()
        for element in root.iter(etree.Element):
            for attribute, value in element.attrib.items():
                if attribute.startswith(_R) and value not in known:
                    yield Finding(part, "stray relationship id", value)


def _value(element: _Element, attribute: str) -> str:
    return element.get(f"{_W}{attribute}", "")


_RULES: tuple[_Rule, ...] = (
    _unpaired_moves,
    _moves_outside_ranges,
    _text_in_wrong_place,
    _ids,
    _nested_changes,
    _comments,
    _threads,
    _undefined_styles,
    _unbalanced_fields,
    _numbering_in_redlines,
    _stray_relationships,
)
