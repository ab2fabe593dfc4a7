"""A draft that somebody sends, in Word, Markdown or plain text, read as sections with a report of what was left out."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from drafting.domain.outline import Drafted, outline
from drafting.domain.plaintext import Block, Shape
from drafting.domain.plaintext import blocks as text_blocks
from drafting.protocol.commands import DraftedSection
from drafting.protocol.problems import ProblemCode, Refusal
from drafting.protocol.words import SectionKind
from drafting.word.guard import OLE_MAGIC, ZIP_MAGIC, open_package
from drafting.word.reading import blocks as word_blocks

_MARKDOWN_NAMES = frozenset({".md", ".markdown"})
_WORD_NAMES = frozenset({".docx", ".docm", ".doc", ".dotx", ".dotm"})
_ATX = re.compile(r"^#{1,6}[ \t]+\S", re.MULTILINE)
_ILLEGAL = re.compile("[^\t\n\f\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the sender should know: where (``line 12``, ``paragraph 3``, or "") and a sentence."""

    place: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ImportedDraft:
    """A draft as read. ``title`` is never empty; ``language`` is ``en``, ``ru`` or ``ar``, guessed by its script."""

    title: str
    language: str
    lines: tuple[Drafted, ...]
    remarks: tuple[Remark, ...]

    @property
    def sections(self) -> list[DraftedSection]:
        """The sections as ``ImportDocument`` takes them."""
        return [DraftedSection(kind=x.kind, level=x.level, label=x.label, text=x.text) for x in self.lines]


def read_draft(filename: str, content: bytes, *, most_bytes: int = 50_000_000) -> ImportedDraft:
    """Read a ``.docx``, ``.md`` or ``.txt``; its content decides what it is, its name only between the last two.

    Refuses with ``file_empty``, ``too_large``, ``not_word`` (anything binary that is no Word file), ``text_illegal``
    (text that is not UTF-8), and as ``open_package`` does.
    """
    if len(content) > most_bytes:
        raise Refusal(ProblemCode.TOO_LARGE, f"The file is larger than {most_bytes:,} bytes.")
    if not content.strip():
        raise Refusal(ProblemCode.FILE_EMPTY, "The file is empty.")
    suffix = PurePosixPath(filename.replace("\\", "/")).suffix.casefold()
    remarks: list[Remark] = []
    if content.startswith((ZIP_MAGIC, OLE_MAGIC)) or suffix in _WORD_NAMES:
        blocks = word_blocks(open_package(content))
    else:
        text = _decoded(content, remarks)
        blocks = text_blocks(text, markdown=suffix in _MARKDOWN_NAMES or _looks_like_markdown(text))
    lines = outline(blocks)
    if not lines:
        raise Refusal(ProblemCode.FILE_EMPTY, "The file holds no text.")
    remarks.extend(_remarks(blocks))
    title = next((line.text for line in lines if line.kind is SectionKind.TITLE), "")
    if not title:
        title = PurePosixPath(filename.replace("\\", "/")).stem.strip() or "Untitled"
        remarks.append(Remark("", f"No title was found in the file; it is called “{title}”."))
    elif not any(block.shape is Shape.TITLE for block in blocks):
        remarks.append(Remark(lines[0].place, f"The title was guessed: “{title}”."))
    return ImportedDraft(title, _language(lines), lines, tuple(remarks))


def _decoded(content: bytes, remarks: list[Remark]) -> str:
    if b"\0" in content or content.startswith(b"%PDF-"):
        raise Refusal(ProblemCode.NOT_WORD, "This is neither a Word file (.docx) nor text in UTF-8.")
    try:
        text = content.decode("utf-8").removeprefix(_BOM)
    except UnicodeDecodeError as problem:
        raise Refusal(
            ProblemCode.TEXT_ILLEGAL,
            f"The text is not UTF-8 (byte {problem.start + 1}). Save it as UTF-8 and send it again.",
        ) from problem
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    legal, illegal = _ILLEGAL.subn("", text)
    if illegal:
        remarks.append(Remark("", f"Control characters, which no file may hold, were left out ({illegal})."))
    return legal


def _looks_like_markdown(text: str) -> bool:
    return text.lstrip().startswith("---\n") or _ATX.search(text) is not None


def _remarks(blocks: Sequence[Block]) -> list[Remark]:
    """One remark for each kind of thing left out: where it was first, how often, and all that it said."""
    kinds: dict[str, list[Block]] = {}
    for block in blocks:
        if block.shape is Shape.ASIDE:
            kinds.setdefault(block.note, []).append(block)
    remarks = []
    for note, asides in kinds.items():
        said = "; ".join(dict.fromkeys(aside.text for aside in asides if aside.text))
        times = f" ({len(asides)} times)" if len(asides) > 1 else ""
        remarks.append(Remark(asides[0].place, f"{note}{times}{f': {said}' if said else ''}."))
    return remarks


def _language(lines: Sequence[Drafted]) -> str:
    """Guess the language from the script of most letters."""
    letters = {"LATIN": 0, "CYRILLIC": 0, "ARABIC": 0}
    for sign in "".join(line.text for line in lines):
        if sign.isalpha():
            script = "LATIN" if sign.isascii() else unicodedata.name(sign, "").partition(" ")[0]
            if script in letters:
                letters[script] += 1
    return {"LATIN": "en", "CYRILLIC": "ru", "ARABIC": "ar"}[max(letters, key=lambda script: letters[script])]
