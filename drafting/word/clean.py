"""A version as a clean Word file: the text as issued, nothing tracked."""

from drafting.domain.labels import printed_number
from drafting.domain.text import Line, Manifest
from drafting.word.emphasis import PLAIN, printed
from drafting.word.layout import DELETED, depths, paragraph
from drafting.word.markup import run
from drafting.word.masthead import Masthead
from drafting.word.package import package


def clean(manifest: Manifest, masthead: Masthead) -> bytes:
    """Write a ``.docx`` that prints ``manifest``; the same arguments always give the same bytes."""
    depth_of, rtl = depths(manifest), masthead.rtl
    body = (paragraph(line, depth_of[line.section], printed_runs(line, rtl=rtl), rtl=rtl) for line in manifest)
    return package("".join(body), masthead)


def printed_runs(line: Line, *, rtl: bool) -> str:
    """Write the runs of a section in which nothing is tracked: label, tab and text, or "[deleted]"."""
    label = run(printed_number(line) + "\t", PLAIN, rtl=rtl) if line.label else ""
    if line.deleted:
        return label + run(DELETED, PLAIN, rtl=rtl)
    return label + "".join(run(text, look, rtl=rtl) for text, look in printed(line.text))
