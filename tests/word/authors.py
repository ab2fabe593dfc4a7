"""A reader of tracked compilations that does not know our writer: what is left when one author's changes are taken."""
# ruff: noqa: RUF001 - dashes are meant

import io
import re
import zipfile
from collections.abc import Iterable
from copy import deepcopy

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BRINGS, TAKES = {f"{W}ins", f"{W}moveTo"}, {f"{W}del", f"{W}moveFrom"}
SHARED = re.compile("(Deleted|Proposed) by: ([^–]+?)(?: – “(.*)”)?", re.DOTALL)
Element = etree._Element  # noqa: SLF001 - lxml gives the type of its elements no other name


def part(file: bytes, name: str) -> Element | None:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return etree.fromstring(archive.read(name)) if name in archive.namelist() else None


def document(file: bytes) -> Element:
    found = part(file, "word/document.xml")
    assert found is not None
    return found


def comments(file: bytes) -> dict[str, tuple[str, str, list[str]]]:
    """The comments of a file: id, author, initials, lines."""
    root = part(file, "word/comments.xml")
    return {
        one.get(f"{W}id", ""): (
            one.get(f"{W}author", ""),
            one.get(f"{W}initials", ""),
            ["".join(text.text or "" for text in paragraph.iter(f"{W}t")) for paragraph in one.iter(f"{W}p")],
        )
        for one in (root if root is not None else ())
    }


def marked(element: Element, number: str) -> list[Element]:
    """What stands between the start and the end of a comment's range, in the order of the file."""
    found: list[Element] = []
    inside = False
    for one in element.iter(etree.Element):
        if one.get(f"{W}id") == number and one.tag == f"{W}commentRangeStart":
            inside = True
        elif one.get(f"{W}id") == number and one.tag == f"{W}commentRangeEnd":
            return found
        elif inside:
            found.append(one)
    raise AssertionError(f"the range of comment {number} does not end")


def of_author(file: bytes, author: str | None) -> Element:
    """The document with the changes of ``author`` accepted and all others rejected (``None``: all rejected).

    Wordings are also those of whom the compiling comments name with their author.
    """
    root = deepcopy(document(file))
    if author is not None:
        _share(root, comments(file), author)
    for change in reversed(list(root.iter(*BRINGS, *TAKES))):
        parent = change.getparent()
        assert parent is not None
        if parent.tag == f"{W}rPr":
            continue
        stays = (change.get(f"{W}author") == author) == (change.tag in BRINGS)
        if stays:
            for child in list(change):
                change.addprevious(child)
        parent.remove(change)
    for change in list(root.iter(f"{W}rPrChange")):
        properties = change.getparent()
        assert properties is not None
        properties.remove(change)
        if change.get(f"{W}author") != author:
            properties[:] = list(change[0])
    for text in root.iter(f"{W}delText"):
        text.tag = f"{W}t"
    _join(root, author)
    return root


def _share(root: Element, said: dict[str, tuple[str, str, list[str]]], author: str) -> None:
    for number, (by, _, lines) in said.items():
        if by != "Secretariat (compilation)":
            continue
        for found in filter(None, map(SHARED.fullmatch, lines)):
            names, wording = found[2].split(", "), found[3]
            if author not in names or found[1] == "Deleted":
                continue  # base text that several would have gone stands in a deletion of each
            within = marked(root, number)
            for change in within:
                if change.tag == f"{W}ins" and wording in {None, printed([change])}:
                    change.set(f"{W}author", author)
            paragraph = next(one for one in within[0].iterancestors(f"{W}p"))
            for mark in paragraph.iterfind(f"{W}pPr/{W}rPr/{W}ins"):
                assert wording is None
                mark.set(f"{W}author", author)


def _join(root: Element, author: str | None) -> None:
    """A paragraph whose mark is gone runs on into the next."""
    waiting: list[Element] = []
    for paragraph in list(root.iter(f"{W}p")):
        properties = paragraph.find(f"{W}pPr")
        for run in reversed(waiting):
            paragraph.insert(0 if properties is None else 1, run)
        waiting = []
        marks = [] if properties is None else list(properties.iterfind(f"{W}rPr/*"))
        stays = [
            (mark.get(f"{W}author") == author) == (mark.tag in BRINGS) for mark in marks if mark.tag in BRINGS | TAKES
        ]
        if not all(stays):
            waiting = [one for one in paragraph if one is not properties]
            parent = paragraph.getparent()
            assert parent is not None
            parent.remove(paragraph)
    assert not "".join(printed([one]) for one in waiting)


def printed(elements: Iterable[Element]) -> str:
    found = (one for element in elements for one in element.iter(f"{W}t", f"{W}delText", f"{W}tab"))
    return "".join("\t" if one.tag == f"{W}tab" else one.text or "" for one in found if one.getparent().tag == f"{W}r")


def lines(root: Element) -> list[str]:
    """The paragraphs of the text proper, as they print; what is empty is none."""
    around = {"Masthead", "MastheadLine", "EndMatter"}
    found = []
    for paragraph in root.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is None or style.get(f"{W}val") not in around:
            found.append(printed([paragraph]))
    return [line for line in found if line.strip()]


def with_document(file: bytes, root: Element) -> bytes:
    """The file with another document in it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            target.writestr(name, etree.tostring(root) if name == "word/document.xml" else source.read(name))
    return stream.getvalue()
