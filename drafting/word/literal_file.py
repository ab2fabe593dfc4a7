"""A compilation as a Word file in black and white: nothing tracked, every wording and its holder readable on paper."""

from collections.abc import Mapping

from drafting.domain.compilation import Compilation, CompiledSection
from drafting.domain.literal import LiteralParagraph, literal
from drafting.domain.text import Line
from drafting.protocol.words import SectionKind
from drafting.word.emphasis import BOLD, PLAIN, printed
from drafting.word.layout import depths, paragraph
from drafting.word.markup import run
from drafting.word.masthead import Masthead
from drafting.word.package import package

FORM = "literal"
"""What the file declares itself to be: its brackets are nobody's marks, and it is not read when it comes back."""


def literal_file(compilation: Compilation, masthead: Masthead, names: Mapping[str, str]) -> bytes:
    """Write a ``.docx`` of the literal text; ``names`` by code stand at its end, for who reads it on paper."""
    lines = {section.line.section: section.line for section in compilation.sections}
    torn = {section.line.section for section in compilation.sections if _tears_emphasis(section)}
    depth_of, rtl = depths(section.line for section in compilation.sections), masthead.rtl
    body = []
    for found in literal(compilation):
        line = lines.get(found.section or "", _NOTICE)
        depth = depth_of.get(line.section, 0)
        body.append(paragraph(_labelled(line, found), depth, _runs(found, torn=line.section in torn, rtl=rtl), rtl=rtl))
    body += (_key(code, name, rtl=rtl) for code, name in sorted(names.items()))
    return package("".join(body), masthead, form=FORM)


_NOTICE = Line("", SectionKind.CHAPEAU, 0, "", "")
_KEY = Line("", SectionKind.FOOTNOTE, 0, "*", "")


def _labelled(line: Line, found: LiteralParagraph) -> Line:
    """Give the line as it stands on the page: what has its label inside its bracket hangs no label in front."""
    return Line(line.section, line.kind, line.level, found.label, found.text)


def _tears_emphasis(section: CompiledSection) -> bool:
    """Whether marks of emphasis stand in a bracket without their partners: they are what would change, and print."""
    wordings = (text for one in section.passages for text in (one.base, *(wording.text for wording in one.wordings)))
    return any("*" in "".join(words for words, _ in printed(text)) for text in wordings)


def _runs(found: LiteralParagraph, *, torn: bool, rtl: bool) -> str:
    label = run(found.label + "\t", PLAIN, rtl=rtl) if found.label else ""
    runs = [(found.text, PLAIN)] if torn else printed(found.text)
    return label + "".join(run(text, look, rtl=rtl) for text, look in runs)


def _key(code: str, name: str, *, rtl: bool) -> str:
    return paragraph(_KEY, 0, run(code, BOLD, rtl=rtl) + run("\t" + name, PLAIN, rtl=rtl), rtl=rtl)
