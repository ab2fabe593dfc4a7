"""A version as a clean Word file: the text as issued, nothing tracked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from drafting.domain.brackets import live
from drafting.domain.labels import printed_number
from drafting.domain.text import Line, Manifest
from drafting.word.emphasis import PLAIN, printed
from drafting.word.layout import DELETED, depths, paragraph
from drafting.word.markup import SHADED, run
from drafting.word.masthead import Masthead
from drafting.word.package import package
from drafting.word.signatures import is_block, side_by_side


@dataclass(frozen=True, slots=True)
class Shown:
    """How a file shows its text: with a line under each section of ``statuses``, its ``brackets`` shaded, and where it
    is signed ``side_by_side``.
    """

    statuses: Mapping[str, str] = field(default_factory=dict)
    brackets: bool = False
    side_by_side: bool = False


NOTHING = Shown()


def clean(manifest: Manifest, masthead: Masthead, shown: Shown = NOTHING) -> bytes:
    """Write a ``.docx`` that prints ``manifest``; the same arguments always give the same bytes."""
    depth_of, rtl = depths(manifest), masthead.rtl

    def written(line: Line) -> str:
        runs = shaded_runs(line, rtl=rtl) if shown.brackets and live(line.text) else printed_runs(line, rtl=rtl)
        status = shown.statuses.get(line.section)
        said = status_paragraph(status, rtl=rtl) if status else ""
        return paragraph(line, depth_of[line.section], runs, rtl=rtl) + said

    body = []
    for signed, lines in groupby(manifest, key=lambda line: shown.side_by_side and is_block(line)):
        paragraphs = [written(line) for line in lines]
        body += [side_by_side(paragraphs, rtl=rtl)] if signed else paragraphs
    return package("".join(body), masthead)


def printed_runs(line: Line, *, rtl: bool) -> str:
    """Write the runs of a section in which nothing is tracked: label, tab and text, or "[deleted]"."""
    label = run(printed_number(line) + "\t", PLAIN, rtl=rtl) if line.label else ""
    if line.deleted:
        return label + run(DELETED, PLAIN, rtl=rtl)
    return label + "".join(run(text, look, rtl=rtl) for text, look in printed(line.text))


def shaded_runs(line: Line, *, rtl: bool) -> str:
    """Write the runs of a section with what is not agreed shaded: all between brackets, and a bracket that is alone."""
    label = run(printed_number(line) + "\t", PLAIN, rtl=rtl) if line.label else ""
    pieces = list(printed(line.text))
    inside = _inside_brackets("".join(words for words, _ in pieces))
    looks = (look for words, look in pieces for _ in words)
    characters = (character for words, _ in pieces for character in words)
    styled = zip(characters, (look | SHADED * here for look, here in zip(looks, inside, strict=True)), strict=True)
    grouped = groupby(styled, key=itemgetter(1))
    return label + "".join(run("".join(c for c, _ in group), look, rtl=rtl) for look, group in grouped)


def _inside_brackets(text: str) -> list[bool]:
    """Tell of each character whether it stands in brackets, or is one."""
    inside = [False] * len(text)
    open_at: list[int] = []
    for at, character in enumerate(text):
        if character == "[":
            open_at.append(at)
        elif character == "]":
            start = open_at.pop() if open_at else at
            inside[start : at + 1] = [True] * (at + 1 - start)
    for at in open_at:
        inside[at] = True
    return inside


def status_paragraph(status: str, *, rtl: bool) -> str:
    """Write how far the room has agreed on the section above; no part of the text."""
    direction = "<w:bidi/>" if rtl else ""
    return f'<w:p><w:pPr><w:pStyle w:val="StatusLine"/>{direction}</w:pPr>{run(status, PLAIN, rtl=rtl)}</w:p>'
